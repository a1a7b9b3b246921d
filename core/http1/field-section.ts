import { COLON, CR, FIELD_VALUE, HTAB, LF, SP, TOKEN } from '../bytes/octets.ts';
import type { Http1Code } from '../errors/http1-codes.ts';
import { type Failure, octetFailure } from './failure.ts';

/** The codes of one kind of field section: a head's and a trailer section's failures are told apart. */
export interface SectionCodes {
  readonly firstSpace: Http1Code;
  readonly fold: Http1Code;
  readonly nameEmpty: Http1Code;
  readonly nameSpace: Http1Code;
  readonly nameOctet: Http1Code;
  readonly noColon: Http1Code;
  readonly valueOctet: Http1Code;
  readonly cr: Http1Code;
  readonly lf: Http1Code;
  readonly count: Http1Code;
  readonly lineBytes: Http1Code;
  readonly bytes: Http1Code;
  readonly endCr: Http1Code;
}

export const HEAD_CODES = {
  firstSpace: 'H1_FIRST_FIELD_SPACE',
  fold: 'H1_OBS_FOLD',
  nameEmpty: 'H1_FIELD_NAME_EMPTY',
  nameSpace: 'H1_FIELD_NAME_SPACE',
  nameOctet: 'H1_FIELD_NAME_OCTET',
  noColon: 'H1_FIELD_NO_COLON',
  valueOctet: 'H1_FIELD_VALUE_OCTET',
  cr: 'H1_FIELD_CR',
  lf: 'H1_FIELD_LF',
  count: 'H1_FIELD_COUNT',
  lineBytes: 'H1_FIELD_BYTES',
  bytes: 'H1_HEAD_BYTES',
  endCr: 'H1_HEAD_END_CR',
} as const satisfies SectionCodes;

export const TRAILER_CODES = {
  firstSpace: 'H1_TRAILER_FOLD',
  fold: 'H1_TRAILER_FOLD',
  nameEmpty: 'H1_TRAILER_NAME_EMPTY',
  nameSpace: 'H1_TRAILER_NAME_SPACE',
  nameOctet: 'H1_TRAILER_NAME_OCTET',
  noColon: 'H1_TRAILER_NO_COLON',
  valueOctet: 'H1_TRAILER_VALUE_OCTET',
  cr: 'H1_TRAILER_CR',
  lf: 'H1_TRAILER_LF',
  count: 'H1_TRAILER_COUNT',
  lineBytes: 'H1_TRAILER_LINE_BYTES',
  bytes: 'H1_TRAILER_BYTES',
  endCr: 'H1_TRAILER_END_CR',
} as const satisfies SectionCodes;

/** How far one kind of field section may grow, in octets and lines. */
export interface SectionLimits {
  readonly lineCount: number;
  readonly lineBytes: number;
}

const LINE_START = 0;
const NAME = 1;
const VALUE_START = 2;
const VALUE = 3;
const LINE_CR = 4;
const END_CR = 5;
const DONE = 6;

/**
 * Scanner of `*( field-line CRLF ) CRLF` (RFC9112#5): a head's fields and a trailer section alike. It stops and goes
 * on at any octet and looks at each octet once, but for the white space at a value's end.
 */
export class FieldSectionScanner {
  /** Four positions a line, relative to `base`: name from, name to, value from, value to. Used again by the next section. */
  readonly #spans: number[] = [];
  #spanCount = 0;
  failure: Failure | undefined;
  #state = LINE_START;
  #lineStart = 0;
  readonly #codes: SectionCodes;
  readonly #limits: SectionLimits;
  readonly #acceptsBareLf: boolean;

  constructor(codes: SectionCodes, limits: SectionLimits, acceptsBareLf: boolean) {
    this.#codes = codes;
    this.#limits = limits;
    this.#acceptsBareLf = acceptsBareLf;
  }

  get isDone(): boolean {
    return this.#state === DONE;
  }

  /** Four positions a line that was scanned, relative to `base`: name from, name to, value from, value to. */
  get spans(): number[] {
    return this.#spans.slice(0, this.#spanCount);
  }

  reset(): void {
    this.#state = LINE_START;
    this.failure = undefined;
    this.#spanCount = 0;
  }

  /**
   * Scans `bytes[at, end)`. Positions are kept relative to `base`; `cap` is the index that the section must not reach.
   * Returns the index after the last octet taken.
   */
  scan(bytes: Uint8Array, at: number, end: number, base: number, cap: number): number {
    const stop = Math.min(end, cap);
    while (at < stop && this.#state !== DONE && this.failure === undefined) {
      switch (this.#state) {
        case LINE_START:
          at = this.#startLine(bytes, at, base);
          break;
        case NAME:
          at = this.#scanName(bytes, at, stop, base);
          break;
        case VALUE_START:
          at = this.#skipSpace(bytes, at, stop, base);
          break;
        case VALUE:
          at = this.#scanValue(bytes, at, stop, base);
          break;
        case LINE_CR:
          // RFC9112#2.2 MUST: a CR that no LF follows makes the element invalid
          at = bytes[at] === LF ? this.#enter(LINE_START, at) : this.#fail(this.#codes.cr, at);
          break;
        default:
          at = bytes[at] === LF ? this.#enter(DONE, at) : this.#fail(this.#codes.endCr, at);
      }
    }
    const isOver = at >= cap && at < end && this.#state !== DONE && this.failure === undefined;
    return isOver ? this.#fail(this.#codes.bytes, at) : at;
  }

  #startLine(bytes: Uint8Array, at: number, base: number): number {
    const octet = bytes[at] ?? 0;
    if (octet === CR) return this.#enter(END_CR, at);
    if (octet === LF) return this.#acceptsBareLf ? this.#enter(DONE, at) : this.#fail(this.#codes.lf, at);
    if (octet === SP || octet === HTAB) {
      // STRICTER RFC9112#2.2: white space before the first field is refused, not consumed
      // STRICTER RFC9112#5.2: obs-fold is refused, not replaced
      return this.#fail(this.#spanCount === 0 ? this.#codes.firstSpace : this.#codes.fold, at);
    }
    if (octet === COLON) return this.#fail(this.#codes.nameEmpty, at);
    if (this.#spanCount >> 2 >= this.#limits.lineCount) return this.#fail(this.#codes.count, at);
    this.#lineStart = at - base;
    this.#mark(at - base);
    this.#state = NAME;
    return at;
  }

  #scanName(bytes: Uint8Array, at: number, stop: number, base: number): number {
    const lineStop = Math.min(stop, base + this.#lineStart + this.#limits.lineBytes);
    while (at < lineStop && TOKEN[bytes[at] ?? 0] === 1) at++;
    if (at === stop) return at;
    const octet = bytes[at] ?? 0;
    if (octet === COLON && at < base + this.#lineStart + this.#limits.lineBytes) {
      this.#mark(at - base);
      return this.#enter(VALUE_START, at);
    }
    if (octet === CR || octet === LF) return this.#fail(this.#codes.noColon, at);
    // RFC9112#5.1 MUST: no white space between the name and the colon
    if (octet === SP || octet === HTAB) return this.#fail(this.#codes.nameSpace, at);
    return TOKEN[octet] === 1 || octet === COLON
      ? this.#fail(this.#codes.lineBytes, at)
      : this.#fail(this.#codes.nameOctet, at);
  }

  #skipSpace(bytes: Uint8Array, at: number, stop: number, base: number): number {
    const lineCap = base + this.#lineStart + this.#limits.lineBytes;
    const lineStop = Math.min(stop, lineCap);
    while (at < lineStop && (bytes[at] === SP || bytes[at] === HTAB)) at++;
    if (at === stop) return at;
    if (bytes[at] === SP || bytes[at] === HTAB) return this.#fail(this.#codes.lineBytes, at);
    this.#mark(at - base);
    this.#state = VALUE;
    return at;
  }

  #scanValue(bytes: Uint8Array, at: number, stop: number, base: number): number {
    const lineStop = Math.min(stop, base + this.#lineStart + this.#limits.lineBytes);
    while (at < lineStop && FIELD_VALUE[bytes[at] ?? 0] === 1) at++;
    if (at === stop) return at;
    const octet = bytes[at] ?? 0;
    if (octet === CR) {
      this.#endValue(bytes, at, base);
      return this.#enter(LINE_CR, at);
    }
    if (octet === LF) {
      if (!this.#acceptsBareLf) return this.#fail(this.#codes.lf, at);
      this.#endValue(bytes, at, base);
      return this.#enter(LINE_START, at);
    }
    // RFC9110#5.5 MUST: CR, LF and NUL are never passed on. STRICTER: nor is any other control but HTAB
    return FIELD_VALUE[octet] === 1 ? this.#fail(this.#codes.lineBytes, at) : this.#fail(this.#codes.valueOctet, at);
  }

  /** RFC9112#5.1 MUST: the white space around a value is no part of it. */
  #endValue(bytes: Uint8Array, at: number, base: number): void {
    const from = base + (this.#spans[this.#spanCount - 1] ?? 0);
    while (at > from && (bytes[at - 1] === SP || bytes[at - 1] === HTAB)) at--;
    this.#mark(at - base);
  }

  #mark(position: number): void {
    this.#spans[this.#spanCount] = position;
    this.#spanCount += 1;
  }

  #enter(state: number, at: number): number {
    this.#state = state;
    return at + 1;
  }

  #fail(code: Http1Code, at: number): number {
    this.failure = octetFailure(code, at);
    return at;
  }
}
