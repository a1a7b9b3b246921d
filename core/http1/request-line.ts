import { CR, DIGIT, LF, SP, TARGET, TOKEN } from '../bytes/octets.ts';
import type { Http1Limits } from '../limits/http1-limits.ts';
import { type Failure, octetFailure } from './failure.ts';
import type { BareLf } from './line-policy.ts';

const METHOD = 0;
const TARGET_START = 1;
const IN_TARGET = 2;
const VERSION = 3;
const LINE_CR = 4;
const DONE = 5;

const VERSION_PREFIX = [0x48, 0x54, 0x54, 0x50, 0x2f] as const; // HTTP/
const VERSION_BYTES = 8;

/**
 * Scanner of `method SP request-target SP HTTP-version CRLF` (RFC9112#3). It stops and goes on at any octet and looks
 * at each octet once. Positions are relative to the first octet of the method.
 */
export class RequestLineScanner {
  methodEnd = 0;
  targetEnd = 0;
  /** Value of the version's two digits. */
  major = 0;
  minor = 0;
  failure: Failure | undefined;
  #state = METHOD;
  readonly #limits: Http1Limits;
  readonly #acceptsBareLf: boolean;

  constructor(limits: Http1Limits, bareLf: BareLf) {
    this.#limits = limits;
    this.#acceptsBareLf = bareLf === 'accept';
  }

  get isDone(): boolean {
    return this.#state === DONE;
  }

  get targetStart(): number {
    return this.methodEnd + 1;
  }

  reset(): void {
    this.#state = METHOD;
    this.failure = undefined;
  }

  /** Scans `bytes[at, end)`; the line begins at `base`. Returns the index after the last octet taken. */
  scan(bytes: Uint8Array, at: number, end: number, base: number): number {
    while (at < end && this.#state !== DONE && this.failure === undefined) {
      switch (this.#state) {
        case METHOD:
          at = this.#scanMethod(bytes, at, end, base);
          break;
        case TARGET_START:
          this.#state = IN_TARGET;
          // RFC9112#3 MUST: single spaces; white space in the line is never skipped
          if (bytes[at] === SP || bytes[at] === CR || bytes[at] === LF) this.#fail('H1_TARGET_EMPTY', at);
          break;
        case IN_TARGET:
          at = this.#scanTarget(bytes, at, end, base);
          break;
        case VERSION:
          at = this.#scanVersion(bytes, at, end, base);
          break;
        default:
          // RFC9112#2.2 MUST: a CR that no LF follows is no line's end
          if (bytes[at] !== LF) this.#fail('H1_REQUEST_LINE_CR', at);
          else at = this.#finish(at);
      }
    }
    return at;
  }

  #scanMethod(bytes: Uint8Array, at: number, end: number, base: number): number {
    const cap = base + this.#limits.methodBytes;
    const stop = Math.min(end, cap);
    while (at < stop && TOKEN[bytes[at] ?? 0] === 1) at++;
    if (at === end) return at;
    const octet = bytes[at] ?? 0;
    if (octet === SP) {
      if (at === base) return this.#fail('H1_METHOD_EMPTY', at);
      this.methodEnd = at - base;
      this.#state = TARGET_START;
      return at + 1;
    }
    // RFC9112#3 SHOULD: a method longer than any that is implemented gets 501
    return this.#fail(TOKEN[octet] === 1 ? 'H1_METHOD_BYTES' : 'H1_METHOD_OCTET', at);
  }

  #scanTarget(bytes: Uint8Array, at: number, end: number, base: number): number {
    const cap = base + this.targetStart + this.#limits.targetBytes;
    const stop = Math.min(end, cap);
    while (at < stop && TARGET[bytes[at] ?? 0] === 1) at++;
    if (at === end) return at;
    const octet = bytes[at] ?? 0;
    if (octet === SP) {
      this.targetEnd = at - base;
      this.#state = VERSION;
      return at + 1;
    }
    // RFC9112#3 MUST: a target longer than one is willing to parse gets 414
    if (TARGET[octet] === 1) return this.#fail('H1_TARGET_BYTES', at);
    return this.#fail(octet === CR || octet === LF ? 'H1_VERSION_MISSING' : 'H1_TARGET_OCTET', at);
  }

  #scanVersion(bytes: Uint8Array, at: number, end: number, base: number): number {
    const start = base + this.targetEnd + 1;
    for (; at < end && at < start + VERSION_BYTES; at++) {
      if (!this.#takeVersionOctet(at - start, bytes[at] ?? 0)) {
        const isMissing = at === start && (bytes[at] === CR || bytes[at] === LF);
        return this.#fail(isMissing ? 'H1_VERSION_MISSING' : 'H1_VERSION_OCTET', at);
      }
    }
    if (at === end) return at;
    // RFC9112#2.3: any 1.x is understood as the highest minor version served; other majors are not served
    if (this.major !== 1) return this.#fail('H1_VERSION_MAJOR', start + VERSION_PREFIX.length);
    if (bytes[at] === CR) this.#state = LINE_CR;
    else if (bytes[at] !== LF) return this.#fail('H1_VERSION_OCTET', at);
    // STRICTER RFC9112#2.2: bare LF refused unless the policy accepts it
    else if (!this.#acceptsBareLf) return this.#fail('H1_REQUEST_LINE_LF', at);
    else return this.#finish(at);
    return at + 1;
  }

  #takeVersionOctet(index: number, octet: number): boolean {
    if (index < VERSION_PREFIX.length) return octet === VERSION_PREFIX[index];
    if (index === 6) return octet === 0x2e;
    if (DIGIT[octet] !== 1) return false;
    if (index === 5) this.major = octet - 0x30;
    else this.minor = octet - 0x30;
    return true;
  }

  #finish(at: number): number {
    this.#state = DONE;
    return at + 1;
  }

  #fail(code: Failure['code'], at: number): number {
    this.failure = octetFailure(code, at);
    return at;
  }
}
