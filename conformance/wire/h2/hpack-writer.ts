import { huffmanEncode } from './huffman.ts';

/** How a literal is meant to be kept (RFC7541#6.2): first octet's pattern and the bits that are left for the index. */
const KINDS = {
  indexing: { pattern: 0x40, bits: 6 },
  plain: { pattern: 0x00, bits: 4 },
  never: { pattern: 0x10, bits: 4 },
} as const;

export type LiteralKind = keyof typeof KINDS;

/** An indexed field (RFC7541#6.1); index 0 is written as it is. */
export function indexed(index: number): Buffer {
  return integer(index, 7, 0x80);
}

/** A literal field with a new name, or with the name of an index (RFC7541#6.2). Text is latin1. */
export function literal(
  name: string | number,
  value: string,
  options: { readonly kind?: LiteralKind; readonly huffman?: boolean } = {},
): Buffer {
  const { pattern, bits } = KINDS[options.kind ?? 'plain'];
  const text = (octets: string) => string(octets, options.huffman === true);
  if (typeof name === 'number') return Buffer.concat([integer(name, bits, pattern), text(value)]);
  return Buffer.concat([integer(0, bits, pattern), text(name), text(value)]);
}

/** A dynamic table size update (RFC7541#6.3). */
export function sizeUpdate(bytes: number): Buffer {
  return integer(bytes, 5, 0x20);
}

/** An integer with a prefix of so many bits, the bits above it being `pattern` (RFC7541#5.1). */
export function integer(value: number | bigint, prefixBits: number, pattern = 0): Buffer {
  const limit = 2 ** prefixBits - 1;
  if (value < limit) return Buffer.from([pattern | Number(value)]);
  const octets = [pattern | limit];
  let rest = BigInt(value) - BigInt(limit);
  while (rest >= 128n) {
    octets.push(Number(rest % 128n) | 0x80);
    rest /= 128n;
  }
  return Buffer.from([...octets, Number(rest)]);
}

/** A string literal (RFC7541#5.2). */
export function string(text: string, huffman = false): Buffer {
  const octets = huffman ? huffmanEncode(text) : Buffer.from(text, 'latin1');
  return Buffer.concat([integer(octets.length, 7, huffman ? 0x80 : 0), octets]);
}
