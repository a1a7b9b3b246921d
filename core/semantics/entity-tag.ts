/**
 * Entity tags (RFC9110#8.8.3) and the two ways to compare them (RFC9110#8.8.3.2). Text has one UTF-16 unit per octet.
 */

export interface EntityTag {
  /** What stands between the quotes; compared octet by octet. */
  readonly opaque: string;
  /** Marked with `W/`: equal tags then stand for equivalent content, not for equal octets. */
  readonly isWeak: boolean;
}

/** Sticky, so that a list is read from one end to the other and each unit is looked at once. */
const TAG = /(W\/)?"([\x21\x23-\x7e\x80-\xff]*)"/y;
const BETWEEN = /[ \t]*,[ \t,]*/y;
/** A list may begin with empty elements (RFC9110#5.6.1.2), and end with them. */
const LEADING = /[ \t,]*/y;
const TRAILING = /[ \t,]*$/y;

/** The tag that is all of `text`, or undefined. */
export function parseEntityTag(text: string): EntityTag | undefined {
  TAG.lastIndex = 0;
  const match = TAG.exec(text);
  return match === null || match[0].length < text.length ? undefined : tagOf(match);
}

/** Value of If-Match or If-None-Match: `*`, or a list of tags. Undefined where it is malformed. */
export function parseEntityTags(value: string): '*' | readonly EntityTag[] | undefined {
  if (value === '*') return '*';
  const tags: EntityTag[] = [];
  let at = skip(LEADING, value, 0) ?? 0;
  for (;;) {
    TAG.lastIndex = at;
    const match = TAG.exec(value);
    if (match === null) return undefined;
    tags.push(tagOf(match));
    at += match[0].length;
    if (skip(TRAILING, value, at) !== undefined) return tags;
    const next = skip(BETWEEN, value, at);
    if (next === undefined) return undefined;
    at = next;
  }
}

/** RFC9110#8.8.3.2: both are strong and their octets are the same. */
export function matchesStrongly(a: EntityTag, b: EntityTag): boolean {
  return !a.isWeak && !b.isWeak && a.opaque === b.opaque;
}

/** RFC9110#8.8.3.2: their octets are the same, whether weak or not. */
export function matchesWeakly(a: EntityTag, b: EntityTag): boolean {
  return a.opaque === b.opaque;
}

/** As it stands in a field. */
export function formatEntityTag({ opaque, isWeak }: EntityTag): string {
  return `${isWeak ? 'W/' : ''}"${opaque}"`;
}

function tagOf(match: RegExpExecArray): EntityTag {
  return { opaque: match[2] ?? '', isWeak: match[1] !== undefined };
}

/** Where `pattern`, found at `at`, ends. */
function skip(pattern: RegExp, text: string, at: number): number | undefined {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : undefined;
}
