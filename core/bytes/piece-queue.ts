/** Pieces up to this size are joined with their neighbours. */
const JOINED_BYTES = 16_384;
/** Pieces up to this size are copied even where they could be kept. */
const COPY_BYTES = 4_096;

const NOTHING = new Uint8Array(0);

/** Octets that wait in pieces. Small ones are joined, so that none costs more than its octets, however many there are. */
export class PieceQueue {
  #pieces: Uint8Array[] = [];
  /** The last piece, with room to grow, and how much of it is filled. */
  #tail: Uint8Array = NOTHING;
  #tailBytes = 0;
  #length = 0;

  /** Octets that wait. */
  get length(): number {
    return this.#length;
  }

  /** Appends a copy. */
  push(bytes: Uint8Array): void {
    const length = this.#tailBytes + bytes.length;
    if (this.#tailBytes === 0 || length > JOINED_BYTES) {
      this.#closeTail();
      // WHY: the view of a socket's buffer has a `slice()` that copies nothing
      this.#tail = new Uint8Array(bytes);
    } else {
      if (length > this.#tail.length) {
        const grown = new Uint8Array(Math.min(JOINED_BYTES, 2 * length));
        grown.set(this.#tail.subarray(0, this.#tailBytes));
        this.#tail = grown;
      }
      this.#tail.set(bytes, this.#tailBytes);
    }
    this.#tailBytes += bytes.length;
    this.#length += bytes.length;
  }

  /** Appends octets that nobody will change: large ones are kept as they are. */
  keep(bytes: Uint8Array): void {
    if (bytes.length <= COPY_BYTES) return this.push(bytes);
    this.#closeTail();
    this.#pieces.push(bytes);
    this.#length += bytes.length;
  }

  /** Takes the first piece, or `maxBytes` octets of it; `undefined` where nothing waits. This side writes to it no more. */
  shift(maxBytes = Number.POSITIVE_INFINITY): Uint8Array | undefined {
    if (this.#pieces.length === 0) this.#closeTail();
    const [first] = this.#pieces;
    if (first === undefined) return undefined;
    if (first.length <= maxBytes) this.#pieces.shift();
    else this.#pieces[0] = first.subarray(maxBytes);
    const taken = first.length <= maxBytes ? first : first.subarray(0, maxBytes);
    this.#length -= taken.length;
    return taken;
  }

  /** Forgets what waits. */
  clear(): void {
    this.#pieces = [];
    this.#tail = NOTHING;
    this.#tailBytes = 0;
    this.#length = 0;
  }

  /** The last piece is grown no more, because it is full or its taker comes. */
  #closeTail(): void {
    if (this.#tailBytes > 0) this.#pieces.push(this.#tail.subarray(0, this.#tailBytes));
    this.#tail = NOTHING;
    this.#tailBytes = 0;
  }
}
