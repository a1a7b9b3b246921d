import { huffmanDecode } from './huffman.ts';
import { STATIC_TABLE } from './static-table.ts';

export type Field = readonly [name: string, value: string];

/** One decoded field block, with what is told about it beyond its fields. */
export interface DecodedBlock {
  readonly fields: readonly Field[];
  /** Sizes of the table size updates it began with. */
  readonly sizeUpdates: readonly number[];
  /** What is wrong with a block that can be read all the same, in words. */
  readonly problem?: string;
}

/** What is wrong with a field block, in words. */
export class BlockError extends Error {
  override readonly name = 'BlockError';
}

const ENTRY_OVERHEAD = 32;
const MAX_FIELDS = 2_000;

/** Decodes the field blocks of one connection, plainly and slowly (RFC7541#3). */
export class HpackReader {
  /** The largest table that the peer may use: the most that our SETTINGS let it. */
  #maxTableBytes: number;
  /** The smallest that it has been since the last block. */
  #leastTableBytes: number;
  /** The size that the peer's encoder uses at most, as it said itself. */
  #tableBytes: number;
  #entries: Field[] = [];
  #octets: Buffer = Buffer.alloc(0);
  #at = 0;

  constructor(maxTableBytes: number) {
    this.#maxTableBytes = maxTableBytes;
    this.#leastTableBytes = maxTableBytes;
    this.#tableBytes = maxTableBytes;
  }

  /** The peer may use a table of so many octets at the most. */
  allowTable(mostBytes: number): void {
    this.#maxTableBytes = mostBytes;
  }

  /** The peer has acknowledged this limit; `mostBytes` is what it may use if another is under way. */
  limitTable(bytes: number, mostBytes = bytes): void {
    this.allowTable(mostBytes);
    this.#leastTableBytes = Math.min(this.#leastTableBytes, bytes);
  }

  /** Octets of the entries that it holds (RFC7541#4.1). */
  get #usedBytes(): number {
    return this.#entries.reduce((sum, entry) => sum + sizeOf(entry), 0);
  }

  /** @throws BlockError for what RFC7541 does not allow */
  decode(block: Buffer): DecodedBlock {
    // RFC7541#4.1: the size of a table is that of its entries, so who has put nothing into it owes nothing
    const owed = this.#leastTableBytes < this.#usedBytes ? this.#leastTableBytes : undefined;
    this.#leastTableBytes = this.#maxTableBytes;
    const decoded = this.#decode(block);
    // RFC9113#4.3.1 MUST: a table that was reduced, though perhaps enlarged again since, has its reduction told first.
    if (owed !== undefined && !decoded.sizeUpdates.some((bytes) => bytes <= owed)) {
      return { ...decoded, problem: `no size update to ${owed} or less, which SETTINGS ask for (RFC9113#4.3.1)` };
    }
    if (this.#usedBytes <= this.#maxTableBytes) return decoded;
    return {
      ...decoded,
      problem: `more in its table than the ${this.#maxTableBytes} octets of SETTINGS (RFC9113#6.5.2)`,
    };
  }

  #decode(block: Buffer): DecodedBlock {
    this.#octets = block;
    this.#at = 0;
    const fields: Field[] = [];
    const sizeUpdates: number[] = [];
    while (this.#at < block.length) {
      const first = block.readUInt8(this.#at);
      if (first >= 0x80) fields.push(this.#entry(this.#integer(7)));
      else if (first >= 0x40) fields.push(this.#insert(this.#literal(6)));
      else if (first >= 0x20) {
        if (fields.length > 0) throw new BlockError('a table size update stands behind a field (RFC7541#4.2)');
        sizeUpdates.push(this.#resize(this.#integer(5)));
      } else fields.push(this.#literal(4));
      if (fields.length > MAX_FIELDS) throw new BlockError(`more than ${MAX_FIELDS} fields`);
    }
    return { fields, sizeUpdates };
  }

  #literal(prefixBits: number): Field {
    const index = this.#integer(prefixBits);
    const name = index === 0 ? this.#string() : this.#entry(index)[0];
    return [name, this.#string()];
  }

  #entry(index: number): Field {
    const entry = STATIC_TABLE[index - 1] ?? this.#entries[index - 1 - STATIC_TABLE.length];
    if (entry === undefined) throw new BlockError(`index ${index} names no entry (RFC7541#2.3.3)`);
    return entry;
  }

  #insert(field: Field): Field {
    this.#entries.unshift(field);
    this.#evict();
    return field;
  }

  #resize(bytes: number): number {
    if (bytes > this.#maxTableBytes) {
      throw new BlockError(`a table size of ${bytes}, above the limit of ${this.#maxTableBytes} (RFC7541#6.3)`);
    }
    this.#tableBytes = bytes;
    this.#evict();
    return bytes;
  }

  #evict(): void {
    let total = this.#usedBytes;
    while (total > this.#tableBytes) {
      const oldest = this.#entries.pop();
      if (oldest === undefined) return;
      total -= sizeOf(oldest);
    }
  }

  #integer(prefixBits: number): number {
    const limit = 2 ** prefixBits - 1;
    let value = this.#octet() & limit;
    if (value < limit) return value;
    for (let factor = 1; ; factor *= 128) {
      if (factor > 2 ** 35) throw new BlockError('an integer that overflows (RFC7541#5.1)');
      const octet = this.#octet();
      value += (octet & 0x7f) * factor;
      if (octet < 0x80) return value;
    }
  }

  #string(): string {
    const isHuffman = (this.#octets[this.#at] ?? 0) >= 0x80;
    const length = this.#integer(7);
    const octets = this.#octets.subarray(this.#at, this.#at + length);
    if (octets.length < length) throw new BlockError('a string that ends behind its block');
    this.#at += length;
    const text = isHuffman ? huffmanDecode(octets) : octets.toString('latin1');
    if (text === undefined) throw new BlockError('a Huffman code that is not valid (RFC7541#5.2)');
    return text;
  }

  #octet(): number {
    const octet = this.#octets[this.#at];
    if (octet === undefined) throw new BlockError('a field block that is cut short');
    this.#at++;
    return octet;
  }
}

function sizeOf([name, value]: Field): number {
  return name.length + value.length + ENTRY_OVERHEAD;
}
