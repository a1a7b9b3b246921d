/** UTF-8 for texts of fields: short, and known octet by octet. */

const REPLACEMENT = '\ufffd';

/** Text of octets, or the index of the first that is not UTF-8: overlong forms and surrogates are not. */
export function decodeUtf8(bytes: Uint8Array): string | number {
  return decode(bytes, (at) => at);
}

/** Text of octets; each longest beginning of a character that does not go on becomes U+FFFD. */
export function decodeUtf8Lossy(bytes: Uint8Array): string {
  const text = decode(bytes, () => undefined);
  return typeof text === 'string' ? text : '';
}

/** Octets of text; undefined where it has half a surrogate pair. */
export function encodeUtf8(text: string): Uint8Array | undefined {
  const bytes: number[] = [];
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0;
    if (point >= 0xd800 && point <= 0xdfff) return undefined;
    if (point < 0x80) bytes.push(point);
    else if (point < 0x800) bytes.push(0xc0 | (point >> 6), tail(point));
    else if (point < 0x1_0000) bytes.push(0xe0 | (point >> 12), tail(point >> 6), tail(point));
    else bytes.push(0xf0 | (point >> 18), tail(point >> 12), tail(point >> 6), tail(point));
  }
  return Uint8Array.from(bytes);
}

/** `refuse` answers where reading stops at an octet that does not fit, or undefined to go on. */
function decode(bytes: Uint8Array, refuse: (at: number) => number | undefined): string | number {
  let text = '';
  for (let at = 0; at < bytes.length; ) {
    const first = bytes[at] ?? 0;
    const length = lengthOf(first);
    let point = length === 1 ? first : first & (0x7f >> length);
    let used = 1;
    while (used < length && isTail(first, used, bytes[at + used])) {
      point = (point << 6) | ((bytes[at + used] ?? 0) & 0x3f);
      used++;
    }
    if (length > 0 && used === length) {
      text += String.fromCodePoint(point);
    } else {
      const stop = refuse(at);
      if (stop !== undefined) return stop;
      text += REPLACEMENT;
    }
    at += used;
  }
  return text;
}

/** Octets of a character that begins so; 0 for what begins none. */
function lengthOf(first: number): number {
  if (first < 0x80) return 1;
  if (first < 0xc2 || first > 0xf4) return 0;
  return first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
}

/** Whether `octet` may stand at `index` behind `first`: the second octet keeps overlong forms, surrogates and too much out. */
function isTail(first: number, index: number, octet: number | undefined): boolean {
  if (octet === undefined) return false;
  const min = index > 1 ? 0x80 : first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
  const max = index > 1 ? 0xbf : first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
  return octet >= min && octet <= max;
}

function tail(bits: number): number {
  return 0x80 | (bits & 0x3f);
}
