import { writeLatin1 } from '../bytes/latin1.ts';
import { DynamicTable } from './dynamic-table.ts';
import { entrySize, STATIC_TABLE } from './field-entry.ts';
import { encodeHuffman, huffmanLength } from './huffman.ts';
import { encodeInteger } from './integer.ts';

/** Most octets of dynamic table that an encoder uses, whatever the peer offers: the table is this side's memory too. */
const MAX_TABLE_BYTES = 16_384;
/** A field larger than this is never put into the table: it would evict everything else. */
const MAX_INDEXED_BYTES = 1_024;

/** Fields whose values are secrets or guessable: they never enter a table (RFC7541#7.1.3). */
const NEVER_INDEXED: ReadonlySet<string> = new Set([
  'authorization',
  'cookie',
  'proxy-authorization',
  'set-cookie',
  'www-authenticate',
]);

/** Fields whose values hardly ever come again: they are sent as they are and leave the table to others. */
const NOT_INDEXED: ReadonlySet<string> = new Set([
  ':path',
  'age',
  'content-length',
  'content-range',
  'etag',
  'if-modified-since',
  'if-none-match',
  'last-modified',
  'location',
]);

/** Index of each static entry by name and value, and of the first entry of each name. */
const STATIC_FIELDS = new Map<string, number>();
const STATIC_NAMES = new Map<string, number>();
for (const [at, { name, value }] of STATIC_TABLE.entries()) {
  STATIC_FIELDS.set(keyOf(name, value), at + 1);
  if (!STATIC_NAMES.has(name)) STATIC_NAMES.set(name, at + 1);
}

/** Encoder of field blocks of one direction of a connection (RFC7541#6). */
export class HpackEncoder {
  readonly #table: DynamicTable;
  /** Serial numbers of dynamic entries, by name and value. */
  readonly #serials = new Map<string, number>();
  /** Sizes that the next block has to announce: the least one since the last block, then the present one. */
  #pendingSizes: number[] = [];
  #out = new Uint8Array(512);
  #at = 0;

  /** @param tableBytes what the peer allows before its SETTINGS say otherwise */
  constructor(tableBytes = 4_096) {
    this.#table = new DynamicTable(Math.min(tableBytes, MAX_TABLE_BYTES), (field, serial) => {
      const key = keyOf(field.name, field.value);
      if (this.#serials.get(key) === serial) this.#serials.delete(key);
    });
  }

  /** Octets in the dynamic table. */
  get tableSize(): number {
    return this.#table.size;
  }

  /** The peer's SETTINGS_HEADER_TABLE_SIZE (RFC9113#4.3.1): obeyed from the next block on, up to a cap of this side's own. */
  setMaxTableBytes(bytes: number): void {
    const capacity = Math.min(bytes, MAX_TABLE_BYTES);
    if (capacity === this.#table.capacity && this.#pendingSizes.length === 0) return;
    this.#table.resize(capacity);
    // RFC7541#4.2 MUST: the smallest size between two blocks is announced, then the final one
    const least = Math.min(capacity, ...this.#pendingSizes);
    this.#pendingSizes = least < capacity ? [least, capacity] : [capacity];
  }

  /** Starts a block. */
  begin(): void {
    this.#at = 0;
    for (const size of this.#pendingSizes) {
      this.#reserve(8);
      this.#at = encodeInteger(size, 5, 0x20, this.#out, this.#at);
    }
    this.#pendingSizes = [];
  }

  /** Adds a field. `name` is lower case; units of both are octets. */
  field(name: string, value: string): void {
    const key = keyOf(name, value);
    const known = STATIC_FIELDS.get(key) ?? this.#dynamicIndex(key);
    if (known !== undefined) {
      this.#reserve(8);
      this.#at = encodeInteger(known, 7, 0x80, this.#out, this.#at);
    } else if (NEVER_INDEXED.has(name)) {
      this.#literal(name, value, 4, 0x10);
    } else if (NOT_INDEXED.has(name) || entrySize(name, value) > MAX_INDEXED_BYTES) {
      this.#literal(name, value, 4, 0x00);
    } else {
      this.#literal(name, value, 6, 0x40);
      if (this.#table.add({ name, value })) this.#serials.set(key, this.#table.newest);
    }
  }

  /** Ends the block; the octets are a view that dies at the next `begin()`. */
  end(): Uint8Array {
    return this.#out.subarray(0, this.#at);
  }

  #dynamicIndex(key: string): number | undefined {
    const serial = this.#serials.get(key);
    return serial === undefined ? undefined : STATIC_TABLE.length + 1 + this.#table.newest - serial;
  }

  #literal(name: string, value: string, prefixBits: number, first: number): void {
    this.#reserve(name.length + value.length + 24);
    const index = STATIC_NAMES.get(name) ?? 0;
    this.#at = encodeInteger(index, prefixBits, first, this.#out, this.#at);
    if (index === 0) this.#string(name);
    this.#string(value);
  }

  /** RFC7541#5.2: Huffman where it is shorter. */
  #string(text: string): void {
    const huffman = huffmanLength(text);
    if (huffman < text.length) {
      this.#at = encodeInteger(huffman, 7, 0x80, this.#out, this.#at);
      this.#at = encodeHuffman(text, this.#out, this.#at);
    } else {
      this.#at = encodeInteger(text.length, 7, 0x00, this.#out, this.#at);
      this.#at += writeLatin1(this.#out, text, this.#at);
    }
  }

  #reserve(bytes: number): void {
    if (this.#at + bytes <= this.#out.length) return;
    const grown = new Uint8Array(Math.max(this.#out.length * 2, this.#at + bytes));
    grown.set(this.#out.subarray(0, this.#at));
    this.#out = grown;
  }
}

function keyOf(name: string, value: string): string {
  return `${name}\0${value}`;
}
