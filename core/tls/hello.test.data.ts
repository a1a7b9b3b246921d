/** ClientHello messages made by hand, as text with one unit an octet. */

/** A number in so many octets. */
export function num(value: number, octets: number): string {
  return Array.from({ length: octets }, (_, i) =>
    String.fromCharCode(Math.floor(value / 256 ** (octets - 1 - i)) & 0xff),
  ).join('');
}

/** A vector with its length in so many octets. */
export const vec = (lengthOctets: number, ...parts: readonly string[]): string =>
  num(parts.join('').length, lengthOctets) + parts.join('');

export const pairs = (...values: readonly number[]): string => values.map((value) => num(value, 2)).join('');

export const ext = (type: number, ...parts: readonly string[]): string => num(type, 2) + vec(2, ...parts);

export const sni = (name: string): string => ext(0, vec(2, '\0', vec(2, name)));
export const alpn = (...names: readonly string[]): string => ext(16, vec(2, ...names.map((name) => vec(1, name))));
export const VERSIONS = ext(43, vec(1, pairs(0x0304, 0x0303)));

const RANDOM = 'r'.repeat(32);

/** Everything of a message before its extensions. */
export const fixed = (suites = pairs(0x1301), session = '', compression = '\0'): string =>
  `\x03\x03${RANDOM}${vec(1, session)}${vec(2, suites)}${vec(1, compression)}`;

/** A message with its head. */
export const message = (body: string): string => `\x01${vec(3, body)}`;

export const hello = (...extensions: readonly string[]): string => message(fixed() + vec(2, ...extensions));

/** Records of at most so many octets each. */
export function records(octets: string, size = 16_384): string {
  const parts = octets.match(new RegExp(`[\\s\\S]{1,${size}}`, 'g')) ?? [];
  return parts.map((part) => `\x16\x03\x01${vec(2, part)}`).join('');
}

/** Stands in an input right before the octet that an error points to; it is no octet and is taken out. */
export const MARK = '‸';
