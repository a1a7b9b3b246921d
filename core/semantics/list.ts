import { HTAB, SP } from '../bytes/octets.ts';

/** Members of a list in lower case, empty ones too (RFC9110#5.6.1). */
export function membersOf(list: string): string[] {
  return list.toLowerCase().split(',').map(trimSpace);
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
