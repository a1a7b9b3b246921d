/**
 * A second decoder of field blocks, written from RFC7541 in the plainest way and with none of the core's code: text for
 * octets, an array for the table, Huffman bit by bit. What the core makes of a block, this one must make of it too.
 */
import { STATIC_ENTRIES } from '../../core/sans-io.ts';
import type { Field } from '../grammar/hpack-vocabulary.ts';
import { huffmanText } from '../grammar/huffman-code.ts';

/** Octets after an integer's prefix that the core takes: its own bound, which RFC7541#5.1 asks for. */
const MAX_INTEGER_OCTETS = 4;
/** RFC7541#4.1. */
const ENTRY_OVERHEAD = 32;

/** Why a block is refused: the core's code for it. */
export class Refusal extends Error {
  readonly code: string;

  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

/** One direction of a connection. */
export class ReferenceDecoder {
  /** Newest first. */
  readonly entries: Field[] = [];
  #capacity: number;
  #allowed: number;
  /** The least that was allowed since the last block. */
  #least: number;
  #block = '';
  #at = 0;

  constructor(tableBytes: number) {
    this.#capacity = tableBytes;
    this.#allowed = tableBytes;
    this.#least = tableBytes;
  }

  /** Octets in the table. */
  get tableSize(): number {
    return this.entries.reduce((sum, field) => sum + sizeOf(field), 0);
  }

  /** SETTINGS_HEADER_TABLE_SIZE has become this. */
  allow(bytes: number): void {
    this.#allowed = bytes;
    this.#least = Math.min(this.#least, bytes);
  }

  /** The fields of a block. @throws Refusal */
  decode(block: string): Field[] {
    this.#block = block;
    this.#at = 0;
    let least = this.#capacity;
    while (this.#at < block.length && this.#octet >> 5 === 1) {
      const size = this.#integer(5);
      // RFC7541#6.3 MUST: no more than the limit that the protocol sets
      if (size > this.#allowed) throw new Refusal('HPACK_SIZE_UPDATE_VALUE');
      this.#capacity = size;
      this.#evict(0);
      least = Math.min(least, size);
    }
    // RFC9113#4.3.1 MUST: a lowered limit is acknowledged before the next field
    if (least > this.#least) throw new Refusal('HPACK_SIZE_UPDATE_MISSING');
    this.#least = this.#allowed;
    const fields: Field[] = [];
    while (this.#at < block.length) fields.push(this.#field());
    return fields;
  }

  #field(): Field {
    const first = this.#octet;
    if (first >= 0x80) return this.#entry(this.#integer(7));
    // RFC7541#4.2 MUST: a size update comes first in a block
    if (first < 0x40 && first >= 0x20) throw new Refusal('HPACK_SIZE_UPDATE_PLACE');
    const index = this.#integer(first >= 0x40 ? 6 : 4);
    const name = index === 0 ? this.#string() : this.#entry(index)[0];
    const field: Field = [name, this.#string()];
    if (first >= 0x40) this.#add(field);
    return field;
  }

  #entry(index: number): Field {
    if (index === 0) throw new Refusal('HPACK_INDEX_ZERO');
    const field =
      index <= STATIC_ENTRIES.length ? STATIC_ENTRIES[index - 1] : this.entries[index - STATIC_ENTRIES.length - 1];
    if (field === undefined) throw new Refusal('HPACK_INDEX_RANGE');
    return field;
  }

  /** RFC7541#4.4: first what has to go goes, then what has room comes. */
  #add(field: Field): void {
    const size = sizeOf(field);
    this.#evict(size);
    if (size <= this.#capacity) this.entries.unshift(field);
  }

  #evict(room: number): void {
    while (this.entries.length > 0 && this.tableSize + room > this.#capacity) this.entries.pop();
  }

  get #octet(): number {
    return this.#block.charCodeAt(this.#at);
  }

  #integer(prefixBits: number): number {
    if (this.#at >= this.#block.length) throw new Refusal('HPACK_CUT');
    const mask = 2 ** prefixBits - 1;
    let value = this.#octet & mask;
    this.#at++;
    if (value < mask) return value;
    for (let count = 0; ; count++) {
      if (count === MAX_INTEGER_OCTETS) throw new Refusal('HPACK_INTEGER_OVERFLOW');
      if (this.#at >= this.#block.length) throw new Refusal('HPACK_CUT');
      const octet = this.#octet;
      this.#at++;
      value += (octet & 0x7f) * 2 ** (7 * count);
      if (octet < 0x80) return value;
    }
  }

  #string(): string {
    const isHuffman = this.#octet >= 0x80;
    const length = this.#integer(7);
    if (this.#at + length > this.#block.length) throw new Refusal('HPACK_STRING_CUT');
    const data = this.#block.slice(this.#at, this.#at + length);
    this.#at += length;
    if (!isHuffman) return data;
    const decoded = huffmanText(data);
    if ('text' in decoded) return decoded.text;
    throw new Refusal(decoded.failure === 'eos' ? 'HPACK_HUFFMAN_EOS' : 'HPACK_HUFFMAN_PADDING');
  }
}

/** Size of an entry (RFC7541#4.1). */
export function sizeOf([name, value]: Field): number {
  return name.length + value.length + ENTRY_OVERHEAD;
}
