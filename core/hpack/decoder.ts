import { latin1 } from '../bytes/latin1.ts';
import type { HpackCode } from '../errors/hpack-codes.ts';
import { DynamicTable } from './dynamic-table.ts';
import { entrySize, HeaderField, STATIC_TABLE } from './field-entry.ts';
import { decodeHuffman, maxDecodedBytes } from './huffman.ts';
import { type DecodedInteger, decodeInteger } from './integer.ts';

/** Why a block is refused: every such failure is a connection error, because the tables no longer agree (RFC7541#2.2). */
export interface HpackFailure {
  readonly code: HpackCode;
  /** Index in the octets of the one at which it shows. */
  readonly at: number;
}

/** What a field block decodes to. */
export interface DecodedBlock {
  readonly fields: readonly HeaderField[];
  /** Octets of the whole list as RFC9113#6.5.2 counts them, fields that were left out included. */
  readonly listBytes: number;
  /** The list is over its limit: fields were left out, while the table was kept in step. */
  readonly isOverLimit: boolean;
}

export interface HpackDecoderLimits {
  /** Octets of the dynamic table that the peer may use: what SETTINGS_HEADER_TABLE_SIZE said. */
  readonly tableBytes: number;
  /** Octets of a decoded list, 32 for each field counted (RFC9113#6.5.2). */
  readonly listBytes: number;
  /** Fields of a decoded list. */
  readonly fieldCount: number;
}

let scratch = new Uint8Array(4_096);

/**
 * Decoder of field blocks of one direction of a connection (RFC7541#3). A block must be complete. Its table stays in step
 * with the peer's even where a list is refused, so that the connection survives a rejected stream.
 */
export class HpackDecoder {
  readonly #table: DynamicTable;
  readonly #limits: HpackDecoderLimits;
  /** What SETTINGS allows now, and the least it has allowed since the last block. */
  #maxBytes: number;
  #leastBytes: number;
  /** Changes of the table, and of what it may hold, besides entries that were added. */
  #resizes = 0;
  readonly #integer: DecodedInteger = { value: 0, next: 0 };
  /** Where the block ends. */
  #end = 0;
  #text = '';

  constructor(limits: HpackDecoderLimits) {
    this.#limits = limits;
    this.#maxBytes = limits.tableBytes;
    this.#leastBytes = limits.tableBytes;
    this.#table = new DynamicTable(limits.tableBytes);
  }

  /** Octets in the dynamic table. */
  get tableSize(): number {
    return this.#table.size;
  }

  /** Changes whenever the same octets may have come to mean something else. */
  get tableVersion(): number {
    return this.#table.newest + this.#resizes;
  }

  /** Fields in the dynamic table, newest first. */
  get tableFields(): readonly HeaderField[] {
    return Array.from({ length: this.#table.length }, (_, i) => this.#table.at(i) ?? new HeaderField('', ''));
  }

  /** The peer has acknowledged another SETTINGS_HEADER_TABLE_SIZE. */
  setMaxTableBytes(bytes: number): void {
    this.#resizes += 1;
    this.#maxBytes = bytes;
    this.#leastBytes = Math.min(this.#leastBytes, bytes);
  }

  /** Decodes the whole block `bytes[from, to)`. Nothing of it is kept. */
  decode(bytes: Uint8Array, from = 0, to = bytes.length): DecodedBlock | HpackFailure {
    this.#end = to;
    const start = this.#readSizeUpdates(bytes, from);
    if (typeof start !== 'number') return start;
    const fields: HeaderField[] = [];
    const { listBytes: maxListBytes, fieldCount } = this.#limits;
    let listBytes = 0;
    let at = start;
    while (at < to) {
      const field = this.#readField(bytes, at);
      if ('code' in field) return field;
      listBytes += entrySize(field.name, field.value);
      if (listBytes <= maxListBytes && fields.length < fieldCount) fields.push(field);
      else if (fields.length >= fieldCount) listBytes = Math.max(listBytes, maxListBytes + 1);
      at = this.#integer.next;
    }
    return { fields, listBytes, isOverLimit: listBytes > maxListBytes };
  }

  /** RFC7541#4.2 MUST: updates come at the beginning of a block, and none is above what SETTINGS allows. */
  #readSizeUpdates(bytes: Uint8Array, at: number): number | HpackFailure {
    let least = this.#table.capacity;
    while (at < this.#end && ((bytes[at] ?? 0) & 0xe0) === 0x20) {
      const result = decodeInteger(bytes, at, this.#end, 5, this.#integer);
      if (result !== 'ok') return { code: result === 'cut' ? 'HPACK_CUT' : 'HPACK_INTEGER_OVERFLOW', at };
      if (this.#integer.value > this.#maxBytes) return { code: 'HPACK_SIZE_UPDATE_VALUE', at };
      this.#table.resize(this.#integer.value);
      this.#resizes += 1;
      least = Math.min(least, this.#integer.value);
      at = this.#integer.next;
    }
    // RFC9113#4.3.1 MUST: a reduced table size must be followed by an update to it before the next block's fields
    if (least > this.#leastBytes) return { code: 'HPACK_SIZE_UPDATE_MISSING', at };
    this.#leastBytes = this.#maxBytes;
    return at;
  }

  /** Reads one field representation at `at`; `#integer.next` is then the index after it. */
  #readField(bytes: Uint8Array, at: number): HeaderField | HpackFailure {
    const octet = bytes[at] ?? 0;
    if ((octet & 0x80) !== 0) {
      const failure = this.#readInteger(bytes, at, 7);
      return failure ?? this.#fieldAt(this.#integer.value, at);
    }
    if ((octet & 0x40) !== 0) {
      const field = this.#readLiteral(bytes, at, 6);
      // WHY: a field that is larger than the table has emptied it (RFC7541#4.4)
      if (!('code' in field) && !this.#table.add(field)) this.#resizes += 1;
      return field;
    }
    // RFC7541#4.2 MUST: an update behind a field is an error
    if ((octet & 0x20) !== 0) return { code: 'HPACK_SIZE_UPDATE_PLACE', at };
    return this.#readLiteral(bytes, at, 4);
  }

  #readLiteral(bytes: Uint8Array, at: number, prefixBits: number): HeaderField | HpackFailure {
    const indexFailure = this.#readInteger(bytes, at, prefixBits);
    if (indexFailure !== undefined) return indexFailure;
    let name: string;
    if (this.#integer.value === 0) {
      const nameFailure = this.#readString(bytes, this.#integer.next);
      if (nameFailure !== undefined) return nameFailure;
      name = this.#text;
    } else {
      const named = this.#fieldAt(this.#integer.value, at);
      if ('code' in named) return named;
      name = named.name;
    }
    const valueFailure = this.#readString(bytes, this.#integer.next);
    if (valueFailure !== undefined) return valueFailure;
    return new HeaderField(name, this.#text);
  }

  /** RFC7541#2.3.3: static entries first, then dynamic ones; index 0 and any beyond both are errors. */
  #fieldAt(index: number, at: number): HeaderField | HpackFailure {
    if (index === 0) return { code: 'HPACK_INDEX_ZERO', at };
    const field =
      index <= STATIC_TABLE.length ? STATIC_TABLE[index - 1] : this.#table.at(index - STATIC_TABLE.length - 1);
    return field ?? { code: 'HPACK_INDEX_RANGE', at };
  }

  #readInteger(bytes: Uint8Array, at: number, prefixBits: number): HpackFailure | undefined {
    const result = decodeInteger(bytes, at, this.#end, prefixBits, this.#integer);
    if (result === 'ok') return undefined;
    return { code: result === 'cut' ? 'HPACK_CUT' : 'HPACK_INTEGER_OVERFLOW', at };
  }

  /** Reads a string literal (RFC7541#5.2) at `at` into `#text`; `#integer.next` is then the index after it. */
  #readString(bytes: Uint8Array, at: number): HpackFailure | undefined {
    if (at >= this.#end) return { code: 'HPACK_CUT', at };
    const isHuffman = ((bytes[at] ?? 0) & 0x80) !== 0;
    const failure = this.#readInteger(bytes, at, 7);
    if (failure !== undefined) return failure;
    const from = this.#integer.next;
    const to = from + this.#integer.value;
    if (to > this.#end) return { code: 'HPACK_STRING_CUT', at };
    this.#integer.next = to;
    if (!isHuffman) {
      this.#text = latin1(bytes, from, to);
      return undefined;
    }
    const room = maxDecodedBytes(to - from);
    if (scratch.length < room) scratch = new Uint8Array(room * 2);
    const length = decodeHuffman(bytes, from, to, scratch);
    if (typeof length !== 'number') {
      return { code: length.failure === 'eos' ? 'HPACK_HUFFMAN_EOS' : 'HPACK_HUFFMAN_PADDING', at: length.at };
    }
    this.#text = latin1(scratch, 0, length);
    return undefined;
  }
}
