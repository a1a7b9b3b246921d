/**
 * Writes any string as one line of harmless text: what a terminal, a parser or a reader's eye could take for an
 * instruction is spelled out (`\x1b`, `\n`, `\u{202e}`). Total: lone surrogates and non-characters are spelled out too.
 *
 * A text longer than `limit` UTF-16 units is cut at a character boundary, and the cut says how much is missing.
 * It is the first half of every renderer's escape; the second half knows the format. A backslash stays a backslash: the
 * line is for reading, nobody decodes it.
 */
export function visible(text: string, limit = 2_000): string {
  const kept = text.length <= limit ? text : cut(text, limit);
  const line = kept.replace(UNSAFE, spell);
  return kept.length === text.length ? line : `${line}… (${text.length - kept.length} more)`;
}

/**
 * C0, DEL and C1; marks that reorder or hide text (soft hyphen, bidi controls and isolates, zero-width and tag
 * characters, line and paragraph separators, byte order mark); lone surrogates; non-characters.
 */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}\p{Default_Ignorable_Code_Point}]/gu;

function spell(character: string): string {
  const short = SHORT.get(character);
  if (short !== undefined) return short;
  const code = character.codePointAt(0) ?? 0;
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`;
}

const SHORT: ReadonlyMap<string, string> = new Map([
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
]);

function cut(text: string, limit: number): string {
  const last = text.charCodeAt(limit - 1);
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? limit - 1 : limit);
}
