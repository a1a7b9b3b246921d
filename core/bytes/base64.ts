/** Base64 with the alphabet of RFC4648#4. */

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const NONE = 0xff;
const VALUES = Uint8Array.from({ length: 128 }, (_, unit) => {
  const value = ALPHABET.indexOf(String.fromCharCode(unit));
  return value === -1 ? NONE : value;
});
const PAD = 0x3d;

/** Octets of `text[from, to)`, padded or not, or the index of the unit that fits nowhere: `to` for a length that there is not. */
export function decodeBase64(text: string, from: number, to: number): Uint8Array | number {
  let end = to;
  while (end > from && to - end < 2 && text.charCodeAt(end - 1) === PAD) end--;
  const left = (end - from) % 4;
  if (left === 1 || (end < to && (to - from) % 4 !== 0)) return firstStray(text, from, end) ?? to;
  const bytes = new Uint8Array(Math.floor(((end - from) * 3) / 4));
  let [bits, held, at] = [0, 0, 0];
  for (let i = from; i < end; i++) {
    const value = VALUES[text.charCodeAt(i)] ?? NONE;
    if (value === NONE) return i;
    bits = ((bits << 6) | value) & 0xffff;
    held += 6;
    if (held < 8) continue;
    held -= 8;
    bytes[at++] = bits >> held;
  }
  return bytes;
}

/** Padded base64. */
export function encodeBase64(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; i += 3) {
    const [a = 0, b = 0, c = 0] = [bytes[i], bytes[i + 1], bytes[i + 2]];
    const group = (a << 16) | (b << 8) | c;
    const digits = [18, 12, 6, 0].map((shift) => ALPHABET[(group >> shift) & 63] ?? '').join('');
    text += i + 3 <= bytes.length ? digits : digits.slice(0, bytes.length - i + 1).padEnd(4, '=');
  }
  return text;
}

function firstStray(text: string, from: number, to: number): number | undefined {
  for (let i = from; i < to; i++) if ((VALUES[text.charCodeAt(i)] ?? NONE) === NONE) return i;
  return undefined;
}
