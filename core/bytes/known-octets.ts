let viewed: Uint8Array | undefined;
let view: DataView = new DataView(new ArrayBuffer(0));

/**
 * Octets of its own that are looked for in others, four at a time. WHY: that took 25 ns for 70 octets, one at a time 100 ns.
 */
export class KnownOctets {
  readonly length: number;
  readonly #octets: Uint8Array;
  readonly #words: Uint32Array;

  /** @param bytes is copied */
  constructor(bytes: Uint8Array) {
    this.length = bytes.length;
    this.#octets = new Uint8Array(bytes);
    this.#words = new Uint32Array(bytes.length >> 2);
    const own = new DataView(this.#octets.buffer);
    for (let i = 0; i < this.#words.length; i++) this.#words[i] = own.getUint32(4 * i);
  }

  /** How many of `bytes`, from `at` on, are the same: all, or up to about the first that differs. It has as many. */
  sameIn(bytes: Uint8Array, at: number): number {
    if (bytes !== viewed) {
      view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
      viewed = bytes;
    }
    const words = this.#words;
    for (let i = 0; i < words.length; i++) if (view.getUint32(at + 4 * i) !== words[i]) return 4 * i;
    let same = 4 * words.length;
    while (same < this.length && this.#octets[same] === bytes[at + same]) same++;
    return same;
  }
}
