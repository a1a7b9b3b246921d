import { type DecodedInteger, decodeInteger } from './integer.ts';

const integer: DecodedInteger = { value: 0, next: 0 };

/**
 * Index in `bytes` at which field `index` of the block `bytes[from, to)`, which was decoded without a failure, is
 * represented. No table is needed: what a representation refers to says nothing of where it ends (RFC7541#6).
 */
export function locateField(bytes: Uint8Array, from: number, to: number, index: number): number {
  let at = from;
  for (let left = index; at < to; ) {
    const octet = bytes[at] ?? 0;
    const isUpdate = (octet & 0xe0) === 0x20;
    if (left === 0 && !isUpdate) return at;
    if (!isUpdate) left -= 1;
    at = endOf(bytes, at, to, octet);
  }
  return at;
}

/** Index after the representation at `at`. */
function endOf(bytes: Uint8Array, at: number, to: number, octet: number): number {
  if ((octet & 0x80) !== 0) return afterInteger(bytes, at, to, 7);
  if ((octet & 0xe0) === 0x20) return afterInteger(bytes, at, to, 5);
  const afterName = afterInteger(bytes, at, to, (octet & 0x40) !== 0 ? 6 : 4);
  return afterString(bytes, integer.value === 0 ? afterString(bytes, afterName, to) : afterName, to);
}

function afterString(bytes: Uint8Array, at: number, to: number): number {
  const start = afterInteger(bytes, at, to, 7);
  return start + integer.value;
}

function afterInteger(bytes: Uint8Array, at: number, to: number, prefixBits: number): number {
  return decodeInteger(bytes, at, to, prefixBits, integer) === 'ok' ? integer.next : to;
}
