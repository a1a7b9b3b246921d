import type { Crl } from './crl.ts';

const EMPTY = 0;
/** Part of the table that is taken at most: half of it. */
const SLACK = 2;

/**
 * Serial numbers of a CRL, for lists of a million: their octets one behind the other, and a table of where each begins.
 * About 26 octets for each, against a hundred and more in a `Set` of strings.
 */
export class SerialSet {
  /** A length and that many octets, for each. The first octet is nobody's, so that no place is 0. */
  readonly #octets: Uint8Array;
  readonly #places: Uint32Array;
  readonly #mask: number;
  readonly #seed: number;
  #size = 0;

  /**
   * @param crl whose signature is right: whoever makes one can choose serials that are slow to look up
   * @param seed any number of 32 bits, unlike others, so that nobody can choose them beforehand
   */
  constructor(crl: Pick<Crl, 'count' | 'bytes' | 'forEachSerial'>, seed: number) {
    this.#seed = seed;
    let length = 1;
    crl.forEachSerial((from, to) => (length += 1 + to - from));
    this.#octets = new Uint8Array(length);
    let capacity = 4;
    while (capacity < crl.count * SLACK) capacity *= 2;
    this.#places = new Uint32Array(capacity);
    this.#mask = capacity - 1;
    let end = 1;
    crl.forEachSerial((from, to) => (end = this.#add(crl.bytes, from, to, end)));
  }

  /** How many there are; one that is listed twice counts once. */
  get size(): number {
    return this.#size;
  }

  /** Octets of memory that it takes. */
  get heldBytes(): number {
    return this.#octets.length + this.#places.byteLength;
  }

  /** @param serial in two's complement, as certificates write it */
  has(serial: Uint8Array): boolean {
    return this.#places[this.#find(serial, 0, serial.length)] !== EMPTY;
  }

  /** Adds one at `end`; returns the new end. */
  #add(bytes: Uint8Array, from: number, to: number, end: number): number {
    const at = this.#find(bytes, from, to);
    if (this.#places[at] !== EMPTY) return end;
    this.#places[at] = end;
    this.#octets[end] = to - from;
    for (let i = from; i < to; i++) this.#octets[end + 1 + i - from] = bytes[i] ?? 0;
    this.#size += 1;
    return end + 1 + to - from;
  }

  /** Index in the table: where it is, or where it would be. */
  #find(bytes: Uint8Array, from: number, to: number): number {
    let hash = this.#seed;
    for (let i = from; i < to; i++) hash = Math.imul(hash ^ (bytes[i] ?? 0), 0x01000193) ^ (hash >>> 15);
    // WHY: what differs in its last octets only has to differ in all bits
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    let index = (hash ^ (hash >>> 16)) & this.#mask;
    while (!this.#isFree(index) && !this.#isAt(index, bytes, from, to)) index = (index + 1) & this.#mask;
    return index;
  }

  #isFree(index: number): boolean {
    return this.#places[index] === EMPTY;
  }

  #isAt(index: number, bytes: Uint8Array, from: number, to: number): boolean {
    const place = this.#places[index] ?? EMPTY;
    if (this.#octets[place] !== to - from) return false;
    for (let i = from; i < to; i++) if (this.#octets[place + 1 + i - from] !== bytes[i]) return false;
    return true;
  }
}
