const EMPTY = new Uint8Array(0);
const FIRST_BYTES = 512;

/**
 * Keeps the octets of a head or trailer section that came in pieces, so that it can be read as one. A section that
 * comes whole is never copied. Growth doubles, so that octets arriving one by one are copied a constant number of times.
 */
export class SectionBuffer {
  #bytes = EMPTY;
  #length = 0;
  /** Octets copied so far, for proofs of linear work. */
  copied = 0;

  /** Octets held. */
  get length(): number {
    return this.#length;
  }

  /** What is held; a view that dies at the next `append()` or `clear()`. */
  get bytes(): Uint8Array {
    return this.#bytes;
  }

  /** Appends `bytes[at, end)`. */
  append(bytes: Uint8Array, at: number, end: number): void {
    const length = this.#length + (end - at);
    if (length > this.#bytes.length) this.#grow(length);
    this.#bytes.set(bytes.subarray(at, end), this.#length);
    this.copied += end - at;
    this.#length = length;
  }

  /** Forgets everything and gives the memory back. */
  clear(): void {
    this.#bytes = EMPTY;
    this.#length = 0;
  }

  #grow(length: number): void {
    const grown = new Uint8Array(Math.max(FIRST_BYTES, 2 * this.#bytes.length, length));
    grown.set(this.#bytes.subarray(0, this.#length));
    this.copied += this.#length;
    this.#bytes = grown;
  }
}
