/**
 * A loose reading of a field block: whatever its octets are, they become field representations (RFC7541#6) that serialise to
 * the same octets again. Nothing is judged; a mutator that changes one leaves how the others were written as it stands.
 */
import { huffmanCode } from './huffman-code.ts';

/** A string literal (RFC7541#5.2): its octets as they are on the wire, coded or not. */
export interface StringLiteral {
  readonly isHuffman: boolean;
  readonly data: string;
}

export interface Representation {
  /** `table`, `plain`, `never`: literals by what they ask of the table. `raw`: octets that are none. */
  readonly kind: 'indexed' | 'table' | 'plain' | 'never' | 'update' | 'raw';
  /** Of `indexed`, of a literal's name (0 where it spells it), or the size of `update`. */
  readonly index: number;
  readonly name: StringLiteral | undefined;
  readonly value: StringLiteral | undefined;
  /** As it stands in the block; undefined once it was changed. */
  readonly octets: string | undefined;
}

/** Bits of the prefix and the pattern above it, of each kind that has one (RFC7541#6). */
const PREFIX = {
  indexed: { bits: 7, first: 0x80 },
  table: { bits: 6, first: 0x40 },
  update: { bits: 5, first: 0x20 },
  never: { bits: 4, first: 0x10 },
  plain: { bits: 4, first: 0x00 },
} as const;

const MAX_REPRESENTATIONS = 1_024;

/** Reads a block; what cannot be read is the last one, `raw`. */
export function parseBlock(block: string): Representation[] {
  const representations: Representation[] = [];
  let at = 0;
  while (at < block.length && representations.length < MAX_REPRESENTATIONS) {
    const read = readRepresentation(block, at);
    if (read === undefined) break;
    representations.push(read.representation);
    at = read.next;
  }
  if (at < block.length) representations.push(rawOctets(block.slice(at)));
  return representations;
}

/** The octets of representations. */
export function serialiseBlock(representations: readonly Representation[]): string {
  let block = '';
  for (const representation of representations) block += representationOctets(representation);
  return block;
}

/** The octets of one. */
export function representationOctets({ kind, index, name, value, octets }: Representation): string {
  if (octets !== undefined) return octets;
  if (kind === 'raw') return '';
  const { bits, first } = PREFIX[kind];
  const head = integer(index, bits, first);
  if (kind === 'indexed' || kind === 'update') return head;
  return head + (index === 0 ? literalOctets(name) : '') + literalOctets(value);
}

/** A field as a literal, or by index, in its ordinary form. */
export function representation(
  kind: Representation['kind'],
  index: number,
  name?: StringLiteral,
  value?: StringLiteral,
): Representation {
  return { kind, index, name, value, octets: undefined };
}

/** A string of that text, coded or not. */
export function stringLiteral(text: string, isHuffman: boolean): StringLiteral {
  return { isHuffman, data: isHuffman ? huffmanCode(text) : text };
}

/** Octets that are meant to be no representation. */
export function rawOctets(octets: string): Representation {
  return { kind: 'raw', index: 0, name: undefined, value: undefined, octets };
}

/** An integer with a prefix (RFC7541#5.1); with `extra`, so many octets more than it needs. */
export function integer(value: number, prefixBits: number, first: number, extra = 0): string {
  const mask = (1 << prefixBits) - 1;
  if (value < mask && extra === 0) return String.fromCharCode(first | value);
  let text = String.fromCharCode(first | mask);
  let rest = Math.max(0, value - mask);
  while (rest >= 0x80) {
    text += String.fromCharCode((rest % 0x80) | 0x80);
    rest = Math.floor(rest / 0x80);
  }
  if (extra === 0) return text + String.fromCharCode(rest);
  return `${text}${String.fromCharCode(rest | 0x80)}${'\x80'.repeat(extra - 1)}\x00`;
}

/** Prefix of a string's length. */
export function literalOctets(literal: StringLiteral | undefined): string {
  const { isHuffman, data } = literal ?? { isHuffman: false, data: '' };
  return integer(data.length, 7, isHuffman ? 0x80 : 0) + data;
}

interface Read {
  readonly representation: Representation;
  readonly next: number;
}

function readRepresentation(block: string, at: number): Read | undefined {
  const kind = kindOf(block.charCodeAt(at));
  const index = readInteger(block, at, PREFIX[kind].bits);
  if (index === undefined) return undefined;
  let { next } = index;
  let name: StringLiteral | undefined;
  let value: StringLiteral | undefined;
  if (kind !== 'indexed' && kind !== 'update') {
    if (index.value === 0) {
      const read = readString(block, next);
      if (read === undefined) return undefined;
      name = read.literal;
      next = read.next;
    }
    const read = readString(block, next);
    if (read === undefined) return undefined;
    value = read.literal;
    next = read.next;
  }
  return { representation: { kind, index: index.value, name, value, octets: block.slice(at, next) }, next };
}

function kindOf(octet: number): keyof typeof PREFIX {
  if (octet >= 0x80) return 'indexed';
  if (octet >= 0x40) return 'table';
  if (octet >= 0x20) return 'update';
  return octet >= 0x10 ? 'never' : 'plain';
}

function readString(block: string, at: number): { literal: StringLiteral; next: number } | undefined {
  const length = readInteger(block, at, 7);
  if (length === undefined || length.next + length.value > block.length) return undefined;
  const next = length.next + length.value;
  return { literal: { isHuffman: block.charCodeAt(at) >= 0x80, data: block.slice(length.next, next) }, next };
}

/** Undefined where the octets end inside it, or it is longer than any that matters. */
export function readInteger(
  block: string,
  at: number,
  prefixBits: number,
): { readonly value: number; readonly next: number } | undefined {
  if (at >= block.length) return undefined;
  const mask = (1 << prefixBits) - 1;
  let value = block.charCodeAt(at) & mask;
  if (value < mask) return { value, next: at + 1 };
  for (let index = at + 1, weight = 1; index < block.length && index < at + 8; index++, weight *= 0x80) {
    const octet = block.charCodeAt(index);
    value += (octet & 0x7f) * weight;
    if (octet < 0x80) return { value, next: index + 1 };
  }
  return undefined;
}
