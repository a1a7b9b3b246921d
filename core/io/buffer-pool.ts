/** Buffers of one size, lent and taken back, up to a total: where none is left, the borrower makes do with less. */
export class BufferPool {
  readonly bufferBytes: number;
  readonly #max: number;
  readonly #idle: Uint8Array[] = [];
  #lent = 0;

  /** @param totalBytes octets that may be lent at once, over all borrowers */
  constructor(bufferBytes: number, totalBytes: number) {
    this.bufferBytes = bufferBytes;
    this.#max = Math.floor(totalBytes / bufferBytes);
  }

  /** Octets that are lent now. */
  get lentBytes(): number {
    return this.#lent * this.bufferBytes;
  }

  /** A buffer with any content, or undefined where all are lent. */
  borrow(): Uint8Array | undefined {
    if (this.#lent === this.#max) return undefined;
    this.#lent += 1;
    return this.#idle.pop() ?? new Uint8Array(this.bufferBytes);
  }

  /** Takes back what was borrowed here; it must not be used any more. */
  giveBack(buffer: Uint8Array): void {
    this.#lent -= 1;
    this.#idle.push(buffer);
  }

  /** In place of giving one back that somebody may still read. */
  forfeit(): void {
    this.#lent -= 1;
  }
}
