import {
  BACKSLASH,
  CR,
  DQUOTE,
  EQUALS,
  HEX_VALUE,
  HTAB,
  LF,
  QUOTED_PAIR,
  QUOTED_TEXT,
  SEMICOLON,
  SP,
  TOKEN,
} from '../bytes/octets.ts';
import type { Http1Code } from '../errors/http1-codes.ts';
import type { Http1Limits } from '../limits/http1-limits.ts';
import { type Failure, octetFailure, sectionFailure } from './failure.ts';

const SIZE = 0;
const SIZE_SPACE = 1;
const EXT_NAME_START = 2;
const EXT_NAME = 3;
const EXT_NAME_SPACE = 4;
const EXT_VALUE_START = 5;
const EXT_TOKEN = 6;
const EXT_QUOTED = 7;
const EXT_QUOTED_PAIR = 8;
const EXT_VALUE_END = 9;
const EXT_VALUE_SPACE = 10;
const LINE_LF = 11;
const DATA = 12;
const DATA_CR = 13;
const DATA_LF = 14;
const LAST = 15;

/**
 * Scanner of `chunk-size [ chunk-ext ] CRLF` and of the CRLF after each chunk's data (RFC9112#7.1). Its owner takes the
 * data and, after the last chunk, the trailer section. It looks at each octet once.
 */
export class ChunkScanner {
  /** Octets of the present chunk's data that have not come yet. */
  dataBytes = 0;
  /** Octets of data announced by all chunks so far. */
  contentBytes = 0;
  failure: Failure | undefined;
  #state = SIZE;
  #digits = 0;
  #size = 0;
  #extensionBytes = 0;
  readonly #limits: Http1Limits;

  constructor(limits: Http1Limits) {
    this.#limits = limits;
  }

  /** Chunk data comes next. */
  get isData(): boolean {
    return this.#state === DATA;
  }

  /** The last chunk's line has ended: the trailer section comes next. */
  get isLast(): boolean {
    return this.#state === LAST;
  }

  /** No chunk line, and no end of chunk data, has been begun and not ended. */
  get isBetween(): boolean {
    return this.#state === DATA || this.#state === LAST || (this.#state === SIZE && this.#digits === 0);
  }

  reset(): void {
    this.#state = SIZE;
    this.failure = undefined;
    this.#digits = 0;
    this.#size = 0;
    this.#extensionBytes = 0;
    this.contentBytes = 0;
  }

  /** Says that `count` octets of the present chunk's data were taken. */
  takeData(count: number): void {
    this.dataBytes -= count;
    if (this.dataBytes === 0) this.#state = DATA_CR;
  }

  /** Scans `bytes[at, end)` to the end of a chunk line, or of the CRLF after data, or a failure; returns the index it came to. */
  scan(bytes: Uint8Array, at: number, end: number): number {
    while (at < end) {
      const octet = bytes[at] ?? 0;
      if (this.#state > SIZE && this.#state < LINE_LF && !this.#countExtension(octet, at)) return at;
      this.#step(octet, at);
      if (this.failure !== undefined) return at;
      at++;
      if (this.isBetween) return at;
    }
    return at;
  }

  #step(octet: number, at: number): void {
    switch (this.#state) {
      case SIZE:
        return this.#takeDigit(octet, at);
      case SIZE_SPACE:
        // RFC9110#5.6.3 MUST: bad white space is parsed and removed, but only before the ";" that the grammar puts after it
        if (octet === SEMICOLON) this.#state = EXT_NAME_START;
        else if (octet !== SP && octet !== HTAB) this.#fail('H1_CHUNK_EXT_SPACE', at);
        return;
      case EXT_NAME_START:
        if (TOKEN[octet] === 1) this.#state = EXT_NAME;
        else if (octet !== SP && octet !== HTAB) this.#fail(this.#lineCode(octet, 'H1_CHUNK_EXT_NAME'), at);
        return;
      case EXT_NAME:
        if (octet === EQUALS) this.#state = EXT_VALUE_START;
        else if (octet === SP || octet === HTAB) this.#state = EXT_NAME_SPACE;
        else if (TOKEN[octet] !== 1) this.#endExtension(octet, at, 'H1_CHUNK_EXT_NAME');
        return;
      case EXT_NAME_SPACE:
        if (octet === EQUALS) this.#state = EXT_VALUE_START;
        else if (octet === SEMICOLON) this.#state = EXT_NAME_START;
        else if (octet !== SP && octet !== HTAB) this.#fail('H1_CHUNK_EXT_SPACE', at);
        return;
      case EXT_VALUE_START:
        if (octet === DQUOTE) this.#state = EXT_QUOTED;
        else if (TOKEN[octet] === 1) this.#state = EXT_TOKEN;
        else if (octet !== SP && octet !== HTAB) this.#fail(this.#lineCode(octet, 'H1_CHUNK_EXT_VALUE'), at);
        return;
      case EXT_TOKEN:
        if (octet === SP || octet === HTAB) this.#state = EXT_VALUE_SPACE;
        else if (TOKEN[octet] !== 1) this.#endExtension(octet, at, 'H1_CHUNK_EXT_VALUE');
        return;
      case EXT_QUOTED:
        if (octet === DQUOTE) this.#state = EXT_VALUE_END;
        else if (octet === BACKSLASH) this.#state = EXT_QUOTED_PAIR;
        else if (QUOTED_TEXT[octet] !== 1) this.#fail('H1_CHUNK_EXT_QUOTED', at);
        return;
      case EXT_QUOTED_PAIR:
        if (QUOTED_PAIR[octet] === 1) this.#state = EXT_QUOTED;
        else this.#fail('H1_CHUNK_EXT_QUOTED', at);
        return;
      case EXT_VALUE_END:
        if (octet === SP || octet === HTAB) this.#state = EXT_VALUE_SPACE;
        else this.#endExtension(octet, at, 'H1_CHUNK_EXT_VALUE');
        return;
      case EXT_VALUE_SPACE:
        if (octet === SEMICOLON) this.#state = EXT_NAME_START;
        else if (octet !== SP && octet !== HTAB) this.#fail('H1_CHUNK_EXT_SPACE', at);
        return;
      case LINE_LF:
        // RFC9112#2.2 MUST: a CR that no LF follows is no line's end
        if (octet === LF) this.#endLine(at);
        else this.#fail('H1_CHUNK_LINE_CR', at);
        return;
      case DATA_CR:
        // RFC9112#7.1 MUST: exactly chunk-size octets, then CRLF
        if (octet === CR) this.#state = DATA_LF;
        else this.#fail('H1_CHUNK_DATA_END', at);
        return;
      default:
        if (octet === LF) this.#state = SIZE;
        else this.#fail('H1_CHUNK_DATA_END', at);
    }
  }

  #takeDigit(octet: number, at: number): void {
    const value = HEX_VALUE[octet] ?? 0xff;
    if (value === 0xff) return this.#endSize(octet, at);
    if (++this.#digits > this.#limits.chunkSizeDigits) return this.#fail('H1_CHUNK_SIZE_DIGITS', at);
    this.#size = this.#size * 16 + value;
    // RFC9112#7.1 MUST: large sizes must not lead to a loss of precision
    if (this.#size > Number.MAX_SAFE_INTEGER) this.#fail('H1_CHUNK_SIZE_OVERFLOW', at);
  }

  #endSize(octet: number, at: number): void {
    if (this.#digits === 0) return this.#fail('H1_CHUNK_SIZE_EMPTY', at);
    if (octet === SEMICOLON) this.#state = EXT_NAME_START;
    else if (octet === SP || octet === HTAB) this.#state = SIZE_SPACE;
    else if (octet === CR) this.#state = LINE_LF;
    else this.#fail(this.#lineCode(octet, 'H1_CHUNK_SIZE_OCTET'), at);
  }

  /** After an extension's name or value: the next extension, the line's end, or a refusal. */
  #endExtension(octet: number, at: number, code: Http1Code): void {
    if (octet === SEMICOLON) this.#state = EXT_NAME_START;
    else if (octet === CR) this.#state = LINE_LF;
    else this.#fail(this.#lineCode(octet, code), at);
  }

  #endLine(at: number): void {
    this.contentBytes += this.#size;
    if (this.contentBytes > this.#limits.contentBytes) {
      this.failure = sectionFailure('H1_CONTENT_BYTES', at);
      return;
    }
    this.dataBytes = this.#size;
    this.#state = this.#size === 0 ? LAST : DATA;
    this.#size = 0;
    this.#digits = 0;
  }

  /** Counts an octet after the size towards the extensions of the whole content; the line's end is not one of them. */
  #countExtension(octet: number, at: number): boolean {
    const isEnd = octet === CR && this.#state !== EXT_QUOTED && this.#state !== EXT_QUOTED_PAIR;
    if (isEnd || ++this.#extensionBytes <= this.#limits.chunkExtensionBytes) return true;
    this.#fail('H1_CHUNK_EXT_BYTES', at);
    return false;
  }

  // STRICTER RFC9112#2.2: a bare LF never ends a chunk line, whatever the policy for heads is
  #lineCode(octet: number, otherwise: Http1Code): Http1Code {
    return octet === LF ? 'H1_CHUNK_LINE_LF' : otherwise;
  }

  #fail(code: Http1Code, at: number): void {
    this.failure = octetFailure(code, at);
  }
}
