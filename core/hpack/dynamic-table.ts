import { entrySize, type HeaderField } from './field-entry.ts';

/**
 * The dynamic table of one direction of a connection (RFC7541#2.3.2): a ring, newest entry first, bounded in octets.
 *
 * I1  `size` is the sum of the entries' sizes and never above `capacity` (RFC7541#4.1).
 * I2  Index 0 is the newest entry; the oldest leaves first (RFC7541#4.3, RFC7541#4.4).
 */
export class DynamicTable {
  #ring: (HeaderField | undefined)[] = new Array(16);
  /** Where the next entry goes. */
  #head = 0;
  #length = 0;
  #size = 0;
  #capacity: number;
  /** Entries ever added: with it an entry keeps a number of its own while indices shift. */
  #added = 0;
  readonly #onEvict: ((field: HeaderField, serial: number) => void) | undefined;

  constructor(capacity: number, onEvict?: (field: HeaderField, serial: number) => void) {
    this.#capacity = capacity;
    this.#onEvict = onEvict;
  }

  get length(): number {
    return this.#length;
  }

  /** Octets as RFC7541#4.1 counts them. */
  get size(): number {
    return this.#size;
  }

  get capacity(): number {
    return this.#capacity;
  }

  /** Serial number of the newest entry, from 1; 0 before the first. */
  get newest(): number {
    return this.#added;
  }

  /** Entry `index` from the newest, which is 0. */
  at(index: number): HeaderField | undefined {
    if (index < 0 || index >= this.#length) return undefined;
    return this.#ring[(this.#head - 1 - index) & (this.#ring.length - 1)];
  }

  /** Adds an entry, after evicting what it displaces; one larger than the table empties it (RFC7541#4.4). */
  add(field: HeaderField): boolean {
    const size = entrySize(field.name, field.value);
    this.#evictTo(this.#capacity - size);
    if (size > this.#capacity) return false;
    if (this.#length === this.#ring.length) this.#grow();
    this.#ring[this.#head] = field;
    this.#head = (this.#head + 1) & (this.#ring.length - 1);
    this.#length += 1;
    this.#size += size;
    this.#added += 1;
    return true;
  }

  /** Changes how many octets the table may take (RFC7541#4.3). */
  resize(capacity: number): void {
    this.#capacity = capacity;
    this.#evictTo(capacity);
  }

  #evictTo(size: number): void {
    while (this.#size > size && this.#length > 0) {
      const at = (this.#head - this.#length) & (this.#ring.length - 1);
      const field = this.#ring[at];
      this.#ring[at] = undefined;
      if (field !== undefined) {
        this.#size -= entrySize(field.name, field.value);
        this.#onEvict?.(field, this.#added - this.#length + 1);
      }
      this.#length -= 1;
    }
  }

  #grow(): void {
    const entries = Array.from({ length: this.#length }, (_, i) => this.at(this.#length - 1 - i));
    this.#ring = [...entries, ...new Array<undefined>(entries.length)];
    this.#head = entries.length;
  }
}
