/** Reads numbers and vectors as TLS writes them (RFC8446#3). What lies beyond the end reads as nothing, and is remembered. */
export class Cursor {
  readonly bytes: Uint8Array;
  at: number;
  readonly to: number;
  /** Whether something was read that is not there. */
  isCut = false;

  constructor(bytes: Uint8Array, at: number, to: number) {
    this.bytes = bytes;
    this.at = at;
    this.to = to;
  }

  get left(): number {
    return this.to - this.at;
  }

  /** A number of so many octets; 0 where they are not there. */
  uint(octets: number): number {
    if (!this.#has(octets)) return 0;
    let value = 0;
    for (let i = 0; i < octets; i++) value = value * 256 + (this.bytes[this.at++] ?? 0);
    return value;
  }

  skip(octets: number): void {
    if (this.#has(octets)) this.at += octets;
  }

  /** What a vector holds, its length in so many octets before it; nothing where it ends beyond the end. */
  vector(lengthOctets: number): Cursor {
    const length = this.uint(lengthOctets);
    const from = this.at;
    this.skip(length);
    return new Cursor(this.bytes, from, this.at);
  }

  /** All numbers of two octets that are left; `undefined` where that is no whole number of them, or none. */
  pairs(): number[] | undefined {
    if (this.left === 0 || this.left % 2 !== 0) return undefined;
    return Array.from({ length: this.left / 2 }, () => this.uint(2));
  }

  #has(octets: number): boolean {
    if (octets <= this.left) return true;
    this.isCut = true;
    return false;
  }
}
