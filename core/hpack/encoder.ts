import { writeLatin1 } from '../bytes/latin1.ts';
import { DynamicTable } from './dynamic-table.ts';
import { entrySize, HeaderField, STATIC_TABLE } from './field-entry.ts';
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

/** What the static table and this side's choices say of a name. */
interface KnownName {
  /** Index of its first static entry, 0 without one. */
  readonly index: number;
  /** Index of its static entry with each value but the empty one; `undefined` where there is none. */
  readonly values: Map<string, number> | undefined;
  /** Index of its static entry without a value, 0 without one. */
  readonly bare: number;
  readonly indexing: 'table' | 'not' | 'never';
}

const KNOWN_NAMES = knownNames();

/** Encoder of field blocks of one direction of a connection (RFC7541#6). */
export class HpackEncoder {
  readonly #table: DynamicTable;
  /** Serial numbers of dynamic entries, by name and then by value. */
  readonly #serials = new Map<string, Map<string, number>>();
  /** Sizes that the next block has to announce: the least one since the last block, then the present one. */
  #pendingSizes: number[] = [];
  #resizes = 0;
  #out = new Uint8Array(512);
  #at = 0;
  /** Where the block is: what is being written, or an earlier one. */
  #block: Uint8Array = this.#out;

  /** @param tableBytes what the peer allows before its SETTINGS say otherwise */
  constructor(tableBytes = 4_096) {
    this.#table = new DynamicTable(Math.min(tableBytes, MAX_TABLE_BYTES), (field, serial) => {
      const serials = this.#serials.get(field.name);
      if (serials?.get(field.value) === serial) serials.delete(field.value);
      if (serials?.size === 0) this.#serials.delete(field.name);
    });
  }

  /** Octets in the dynamic table. */
  get tableSize(): number {
    return this.#table.size;
  }

  /** Changes whenever an index may have come to mean another field, or a block has sizes to announce. */
  get tableVersion(): number {
    return this.#table.newest + this.#resizes;
  }

  /** The peer's SETTINGS_HEADER_TABLE_SIZE (RFC9113#4.3.1): obeyed from the next block on, up to a cap of this side's own. */
  setMaxTableBytes(bytes: number): void {
    const capacity = Math.min(bytes, MAX_TABLE_BYTES);
    if (capacity === this.#table.capacity && this.#pendingSizes.length === 0) return;
    this.#table.resize(capacity);
    this.#resizes += 1;
    // RFC7541#4.2 MUST: the smallest size between two blocks is announced, then the final one
    const least = Math.min(capacity, ...this.#pendingSizes);
    this.#pendingSizes = least < capacity ? [least, capacity] : [capacity];
  }

  /** Starts a block. */
  begin(): void {
    this.#at = 0;
    this.#block = this.#out;
    if (this.#pendingSizes.length === 0) return;
    this.#resizes += 1;
    for (const size of this.#pendingSizes) {
      this.#reserve(8);
      this.#at = encodeInteger(size, 5, 0x20, this.#out, this.#at);
    }
    this.#pendingSizes = [];
  }

  /** Adds a field. `name` is lower case; units of both are octets. */
  field(name: string, value: string): void {
    const known = KNOWN_NAMES.get(name);
    const fixed = value === '' ? known?.bare : known?.values?.get(value);
    if (fixed !== undefined && fixed > 0) return this.#indexed(fixed);
    const index = known?.index ?? 0;
    if (known?.indexing === 'never') return this.#literal(index, name, value, 4, 0x10);
    if (known?.indexing === 'not') return this.#literal(index, name, value, 4, 0x00);
    const serial = this.#serials.get(name)?.get(value);
    if (serial !== undefined) return this.#indexed(STATIC_TABLE.length + 1 + this.#table.newest - serial);
    if (entrySize(name, value) > MAX_INDEXED_BYTES) return this.#literal(index, name, value, 4, 0x00);
    this.#literal(index, name, value, 6, 0x40);
    if (this.#table.add(new HeaderField(name, value))) this.#remember(name, value);
    // WHY: a field that is larger than the table has emptied it (RFC7541#4.4)
    else this.#resizes += 1;
  }

  /** Makes the block one that was encoded earlier, at the same {@link tableVersion}; nothing may be added to it. */
  repeat(block: Uint8Array): void {
    this.#block = block;
    this.#at = block.length;
  }

  /** Adds the first `count` octets of such a block. */
  encoded(block: Uint8Array, count: number): void {
    this.#reserve(count);
    for (let i = 0; i < count; i++) this.#out[this.#at++] = block[i] ?? 0;
  }

  /** Octets of the block so far. */
  get length(): number {
    return this.#at;
  }

  /** Writes the block's octets [from, to) to `out[at]`; at the next `begin()` they are gone. */
  copyTo(out: Uint8Array, at: number, from = 0, to = this.#at): void {
    const block = this.#block;
    for (let i = from; i < to; i++) out[at + i - from] = block[i] ?? 0;
  }

  /** The block, as octets of its own. */
  end(): Uint8Array {
    return this.#block.slice(0, this.#at);
  }

  #remember(name: string, value: string): void {
    const serials = this.#serials.get(name) ?? new Map<string, number>();
    this.#serials.set(name, serials.set(value, this.#table.newest));
  }

  #indexed(index: number): void {
    this.#reserve(8);
    this.#at = encodeInteger(index, 7, 0x80, this.#out, this.#at);
  }

  #literal(index: number, name: string, value: string, prefixBits: number, first: number): void {
    this.#reserve(name.length + value.length + 24);
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
    this.#block = grown;
  }
}

function knownNames(): ReadonlyMap<string, KnownName> {
  const names = new Map<string, KnownName>();
  for (const { name } of STATIC_TABLE) {
    const entries = STATIC_TABLE.flatMap((entry, at) => (entry.name === name ? [[entry.value, at + 1] as const] : []));
    const values = new Map(entries.filter(([value]) => value !== ''));
    names.set(name, {
      index: entries[0]?.[1] ?? 0,
      values: values.size > 0 ? values : undefined,
      bare: entries.find(([value]) => value === '')?.[1] ?? 0,
      indexing: indexingOf(name),
    });
  }
  return names;
}

function indexingOf(name: string): KnownName['indexing'] {
  if (NEVER_INDEXED.has(name)) return 'never';
  return NOT_INDEXED.has(name) ? 'not' : 'table';
}
