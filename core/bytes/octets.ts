/**
 * The octets that HTTP's grammar names, and one 256-entry table per character class.
 * A table look-up is the only test a scanner makes per octet.
 */

export const HTAB = 0x09;
export const LF = 0x0a;
export const CR = 0x0d;
export const SP = 0x20;
export const DQUOTE = 0x22;
export const HASH = 0x23;
export const PERCENT = 0x25;
export const COMMA = 0x2c;
export const SLASH = 0x2f;
export const COLON = 0x3a;
export const SEMICOLON = 0x3b;
export const EQUALS = 0x3d;
export const BACKSLASH = 0x5c;

const table = (isMember: (octet: number) => boolean): Uint8Array =>
  Uint8Array.from({ length: 256 }, (_, octet) => (isMember(octet) ? 1 : 0));

const isDigit = (o: number): boolean => o >= 0x30 && o <= 0x39;
const isAlpha = (o: number): boolean => (o >= 0x41 && o <= 0x5a) || (o >= 0x61 && o <= 0x7a);
const isOneOf = (set: string) => (o: number) => o < 0x80 && set.includes(String.fromCharCode(o));
const isTokenMark = isOneOf("!#$%&'*+-.^_`|~");

/** DIGIT (RFC5234#B.1). */
export const DIGIT = table(isDigit);

/** tchar (RFC9110#5.6.2). */
export const TOKEN = table((o) => isDigit(o) || isAlpha(o) || isTokenMark(o));

/** tchar without the upper case: names of fields over HTTP/2 (RFC9113#8.2.1). */
export const LOWER_TOKEN = table((o) => TOKEN[o] === 1 && !(o >= 0x41 && o <= 0x5a));

/** Octets of a field value between its line's ends: field-vchar, SP and HTAB (RFC9110#5.5). */
export const FIELD_VALUE = table((o) => o === HTAB || (o >= SP && o !== 0x7f));

const isNeverInTarget = isOneOf('"#<>');

/**
 * Octets of a request target.
 * LENIENT RFC9112#3.2: besides the characters of a URI, those that browsers leave unescaped in a path or query are taken:
 * backslash, caret, backtick, braces and bar. A fragment, quotes, angle brackets, white space, controls and octets above 0x7f are not.
 */
export const TARGET = table((o) => o > SP && o < 0x7f && !isNeverInTarget(o));

/** qdtext (RFC9110#5.6.4). */
export const QUOTED_TEXT = table((o) => o === HTAB || (o >= SP && o !== DQUOTE && o !== BACKSLASH && o !== 0x7f));

/** What may follow the backslash of a quoted-pair (RFC9110#5.6.4). */
export const QUOTED_PAIR = FIELD_VALUE;

/** Value of a hex digit, 0xff for any other octet (RFC9112#7.1 chunk-size). */
export const HEX_VALUE = Uint8Array.from({ length: 256 }, (_, o) => {
  if (isDigit(o)) return o - 0x30;
  const lower = o | 0x20;
  return lower >= 0x61 && lower <= 0x66 && isAlpha(o) ? lower - 0x61 + 10 : 0xff;
});
