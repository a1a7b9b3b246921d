/**
 * Reads DER, the one encoding that certificates, CRLs and OCSP have of their values (RFC5280#4.1).
 *
 * I1  Nothing is read beyond the element that holds it.
 * I2  The first failure of a document is kept; after it everything reads as nothing, so that it need be asked for at the end only.
 * I3  What is read is a view of the octets, which belong to the caller and must not change.
 */
import { latin1 } from '../bytes/latin1.ts';
import type { PkiCode } from '../errors/pki-codes.ts';

/** Why octets are not what they should be, and the index of the octet that shows it; the length where more was wanted. */
export interface DerFailure {
  readonly failure: PkiCode;
  readonly at: number;
}

export const TAG = {
  BOOLEAN: 0x01,
  INTEGER: 0x02,
  BIT_STRING: 0x03,
  OCTET_STRING: 0x04,
  OID: 0x06,
  ENUMERATED: 0x0a,
  UTC_TIME: 0x17,
  GENERALIZED_TIME: 0x18,
  SEQUENCE: 0x30,
} as const;

/** Tags of a context: `[n]`, of a primitive and of a constructed element. */
export const primitive = (n: number): number => 0x80 | n;
export const constructed = (n: number): number => 0xa0 | n;

const MAX_DEPTH = 16;
const MAX_OID = 64;
const NONE = new Uint8Array(0);

/** What the elements of a document share: its first failure. */
interface Document {
  failure: DerFailure | undefined;
}

/** A place in DER, and how far its element goes. */
export class Der {
  readonly bytes: Uint8Array;
  at: number;
  readonly to: number;
  readonly #document: Document;
  readonly #depth: number;

  private constructor(bytes: Uint8Array, at: number, to: number, document: Document, depth: number) {
    this.bytes = bytes;
    this.at = at;
    this.to = to;
    this.#document = document;
    this.#depth = depth;
  }

  /** @param maxBytes longer octets are refused unread (DER_BYTES) */
  static of(bytes: Uint8Array, maxBytes: number): Der {
    const der = new Der(bytes, 0, bytes.length, { failure: undefined }, 0);
    if (bytes.length > maxBytes) der.fail('DER_BYTES', maxBytes);
    return der;
  }

  /** The first of the document. */
  get failure(): DerFailure | undefined {
    return this.#document.failure;
  }

  /** Octets that are left; 0 after a failure. */
  get left(): number {
    return this.#document.failure === undefined ? this.to - this.at : 0;
  }

  fail(failure: PkiCode, at: number): void {
    this.#document.failure ??= { failure, at };
  }

  /** Whether the next element has this tag. */
  has(tag: number): boolean {
    return this.left > 0 && this.bytes[this.at] === tag;
  }

  /** What the next element holds, which must have this tag. */
  enter(tag: number): Der {
    if (!this.#demand(tag)) return this.#nothing();
    return this.#content();
  }

  /** The same, where it may be missing. */
  maybe(tag: number): Der | undefined {
    return this.has(tag) ? this.#content() : undefined;
  }

  /** The next element, whatever its tag, with its head; its content is not looked at. */
  whole(tag?: number): Uint8Array {
    const from = this.at;
    if (tag !== undefined && !this.#demand(tag)) return NONE;
    this.#content();
    return this.failure === undefined ? this.bytes.subarray(from, this.at) : NONE;
  }

  /** Demands that nothing is left. */
  end(): void {
    if (this.left > 0) this.fail('DER_TRAILING', this.at);
  }

  octets(tag: number = TAG.OCTET_STRING): Uint8Array {
    return this.enter(tag).#all();
  }

  boolean(): boolean {
    const content = this.enter(TAG.BOOLEAN);
    const value = content.bytes[content.at];
    if (this.failure === undefined && (content.left !== 1 || (value !== 0 && value !== 0xff)))
      this.fail('DER_BOOLEAN', content.at);
    return value === 0xff;
  }

  /** Its octets, in two's complement. */
  integer(tag: number = TAG.INTEGER): Uint8Array {
    const content = this.enter(tag);
    const { at, bytes } = content;
    const first = bytes[at] ?? 0;
    const sign = (bytes[at + 1] ?? 0) & 0x80;
    const isPadded = content.left > 1 && ((first === 0 && sign === 0) || (first === 0xff && sign !== 0));
    if (this.failure === undefined && (content.left === 0 || isPadded)) this.fail('DER_INTEGER', at);
    return content.#all();
  }

  /** One of 0 to 127. */
  small(tag: number = TAG.INTEGER): number {
    const { at } = this;
    const octets = this.integer(tag);
    const [value = 0] = octets;
    if (octets.length > 1 || value > 127) this.fail('DER_INTEGER_LARGE', at);
    return value;
  }

  /** In digits and dots. */
  oid(): string {
    const content = this.enter(TAG.OID);
    const text = textOfOid(content.bytes, content.at, content.at + content.left);
    if (this.failure === undefined && text === undefined) this.fail('DER_OID', content.at);
    return text ?? '';
  }

  /** A string of bits that is one of octets, as keys and signatures are: none of its bits is unused. */
  bits(): Uint8Array {
    const content = this.enter(TAG.BIT_STRING);
    const octets = content.#all();
    if (this.failure === undefined && octets[0] !== 0) this.fail('DER_BITS', content.at);
    return octets.subarray(1);
  }

  /** Milliseconds since 1970, of either kind of time. */
  time(): number {
    const isUtc = this.has(TAG.UTC_TIME);
    const content = this.enter(isUtc ? TAG.UTC_TIME : TAG.GENERALIZED_TIME);
    const time = parseTime(latin1(content.bytes, content.at, content.at + Math.min(content.left, 16)), isUtc);
    if (this.failure === undefined && time === undefined) this.fail('DER_TIME', content.at);
    return time ?? 0;
  }

  /** Milliseconds since 1970, with a year of four digits. */
  generalizedTime(): number {
    return this.#demand(TAG.GENERALIZED_TIME) ? this.time() : 0;
  }

  /** Printable ASCII, as in a URI. */
  ascii(tag: number): string {
    const content = this.enter(tag);
    for (let at = content.at; at < content.at + content.left; at++) {
      const octet = content.bytes[at] ?? 0;
      if (octet <= 0x20 || octet >= 0x7f) this.fail('DER_URI', at);
    }
    return latin1(content.bytes, content.at, content.at + content.left);
  }

  #all(): Uint8Array {
    return this.left === 0 ? NONE : this.bytes.subarray(this.at, this.to);
  }

  #nothing(): Der {
    return new Der(this.bytes, this.at, this.at, this.#document, this.#depth);
  }

  #demand(tag: number): boolean {
    if (this.has(tag)) return true;
    if (this.left > 0) this.fail('DER_TAG', this.at);
    else this.fail('DER_MISSING', this.to);
    return false;
  }

  /** Goes past the next element, which is there, and returns what it holds. */
  #content(): Der {
    const { bytes, to } = this;
    const from = this.at;
    if (this.left === 0) {
      this.fail('DER_MISSING', to);
      return this.#nothing();
    }
    if (((bytes[from] ?? 0) & 0x1f) === 0x1f) this.fail('DER_TAG_LONG', from);
    if (this.#depth >= MAX_DEPTH) this.fail('DER_DEPTH', from);
    let at = from + 2;
    let length = bytes[from + 1] ?? 0;
    if (from + 1 >= to) this.fail('DER_CUT', from);
    else if (length === 0x80) this.fail('DER_INDEFINITE', from + 1);
    else if (length > 0x84) this.fail('DER_LENGTH_LONG', from + 1);
    else if (length > 0x80) {
      const octets = length - 0x80;
      if (at + octets > to) this.fail('DER_CUT', from);
      else {
        length = 0;
        for (let i = 0; i < octets; i++) length = length * 256 + (bytes[at + i] ?? 0);
        if (length < 0x80 || length < 256 ** (octets - 1)) this.fail('DER_LENGTH_PADDED', from + 1);
        at += octets;
      }
    }
    if (at + length > to) this.fail('DER_CUT', from);
    if (this.failure !== undefined) return this.#nothing();
    this.at = at + length;
    return new Der(bytes, at, at + length, this.#document, this.#depth + 1);
  }
}

/** Octets of an object identifier in digits and dots; `undefined` where they are none. */
function textOfOid(bytes: Uint8Array, from: number, to: number): string | undefined {
  // A last octet with its highest bit set is followed by another, which is not there
  if (to === from || to - from > MAX_OID || (bytes[to - 1] ?? 0) >= 0x80) return undefined;
  const arcs: bigint[] = [];
  let arc = 0n;
  let isFirst = true;
  for (let at = from; at < to; at++) {
    const octet = bytes[at] ?? 0;
    if (isFirst && octet === 0x80) return undefined;
    arc = (arc << 7n) | BigInt(octet & 0x7f);
    isFirst = octet < 0x80;
    if (!isFirst) continue;
    arcs.push(arc);
    arc = 0n;
  }
  const [head = 0n, ...rest] = arcs;
  const top = head < 80n ? head / 40n : 2n;
  return [top, head - 40n * top, ...rest].join('.');
}

const TIME = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/;

/** In UTC, to the second, without fractions: RFC5280#4.1.2.5.1 and RFC5280#4.1.2.5.2. */
function parseTime(text: string, isUtc: boolean): number | undefined {
  // RFC5280#4.1.2.5.1 MUST: years of two digits are 1950 to 2049
  const match = TIME.exec(isUtc ? `${text >= '5' ? '19' : '20'}${text}` : text);
  if (match === null) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1).map(Number);
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute, second);
  // What is out of range has gone over into the next month, day, hour or minute
  const isReal = date.getUTCMonth() === month - 1 && date.getUTCDate() === day && date.getUTCHours() === hour;
  return isReal && date.getUTCMinutes() === minute && date.getUTCSeconds() === second ? date.getTime() : undefined;
}
