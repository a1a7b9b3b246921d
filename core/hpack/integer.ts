/** Most octets that an integer may take after its prefix: enough for 2^28, far above any length or index in use. */
const MAX_CONTINUATION = 4;

/** A prefixed integer and the index after it. */
export interface DecodedInteger {
  value: number;
  next: number;
}

/**
 * Reads an integer with a prefix of `prefixBits` (RFC7541#5.1) at `bytes[at]` into `out`.
 * Returns `ok`, `cut` where the octets end inside it, or `overflow` where it is larger or longer than is taken.
 */
export function decodeInteger(
  bytes: Uint8Array,
  at: number,
  end: number,
  prefixBits: number,
  out: DecodedInteger,
): 'ok' | 'cut' | 'overflow' {
  const mask = (1 << prefixBits) - 1;
  let value = (bytes[at] ?? 0) & mask;
  let next = at + 1;
  if (value === mask) {
    for (let shift = 0; ; shift += 7) {
      // RFC7541#5.1 MUST: integers beyond what is handled, in value or octets, are decoding errors
      if (shift >= MAX_CONTINUATION * 7) return 'overflow';
      if (next >= end) return 'cut';
      const octet = bytes[next++] ?? 0;
      value += (octet & 0x7f) << shift;
      if ((octet & 0x80) === 0) break;
    }
  }
  out.value = value;
  out.next = next;
  return 'ok';
}

/** Writes `value` with a prefix of `prefixBits` below the bits of `first`; returns the index after it. */
export function encodeInteger(value: number, prefixBits: number, first: number, out: Uint8Array, at: number): number {
  const mask = (1 << prefixBits) - 1;
  if (value < mask) {
    out[at] = first | value;
    return at + 1;
  }
  out[at++] = first | mask;
  let rest = value - mask;
  while (rest >= 0x80) {
    out[at++] = (rest & 0x7f) | 0x80;
    rest = Math.floor(rest / 0x80);
  }
  out[at++] = rest;
  return at;
}
