import { BACKSLASH, COMMA, DQUOTE, HTAB, SP } from '../bytes/octets.ts';

/** Members of a list in lower case, empty ones too (RFC9110#5.6.1). */
export function membersOf(list: string): string[] {
  return list.toLowerCase().split(',').map(trimSpace);
}

/** The first `maxMembers` members of a list that are not empty, without their edge white space. A comma in quotes divides nothing. */
export function splitList(list: string, maxMembers: number): string[] {
  const members: string[] = [];
  let start = 0;
  let isQuoted = false;
  for (let at = 0; at <= list.length && members.length < maxMembers; at++) {
    const unit = list.charCodeAt(at);
    if (unit === DQUOTE) isQuoted = !isQuoted;
    else if (unit === BACKSLASH && isQuoted) at++;
    else if (at === list.length || (unit === COMMA && !isQuoted)) {
      const member = trimSpace(list.slice(start, at));
      // RFC9110#5.6.1.2 MUST: empty elements are let pass
      if (member !== '') members.push(member);
      start = at + 1;
    }
  }
  return members;
}

/**
 * `text` without SP and HTAB at its ends. WHY: `trim()` would take octets that stand for other things (0xa0), and a pattern that
 * looks for white space before an end looks for it behind each of them.
 */
export function trimSpace(text: string): string {
  let from = 0;
  let to = text.length;
  while (from < to && isSpace(text.charCodeAt(from))) from++;
  while (to > from && isSpace(text.charCodeAt(to - 1))) to--;
  return text.slice(from, to);
}

function isSpace(unit: number): boolean {
  return unit === SP || unit === HTAB;
}
