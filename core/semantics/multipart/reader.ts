import { fromLatin1 } from '../../bytes/latin1.ts';
import { CR, HTAB, LF, SP } from '../../bytes/octets.ts';
import { SectionBuffer } from '../../bytes/section-buffer.ts';
import { CallerError } from '../../errors/caller-error.ts';
import { excerptOf } from '../../errors/escape.ts';
import type { FormCode } from '../../errors/form-codes.ts';
import { InvariantError } from '../../errors/invariant-error.ts';
import { ProtocolError, type ValueCode } from '../../errors/protocol-error.ts';
import { type FormLimits, formLimits } from '../../limits/form-limits.ts';
import { isBoundary } from './boundary.ts';
import type { ExtendedFilename } from './disposition.ts';
import { type PartHead, parsePartHead } from './part-head.ts';
import { type MultipartInput, type MultipartState, nextMultipartState } from './states.ts';

/** What a form tells. A part is `part`, any number of `content`, then `part-end`. Offsets are octets since the form's first. */
export type MultipartEvent =
  | { readonly kind: 'part'; readonly head: PartHead; readonly offset: number }
  /** Never empty. A view of what was given to `receive()`, which dies at the next call. */
  | { readonly kind: 'content'; readonly bytes: Uint8Array; readonly offset: number }
  | { readonly kind: 'part-end'; readonly offset: number }
  | { readonly kind: 'end'; readonly offset: number }
  /** The form is refused; nothing comes behind it. */
  | { readonly kind: 'error'; readonly error: ProtocolError };

export interface MultipartOptions {
  /** Limits that differ from the defaults. */
  readonly limits?: Partial<FormLimits>;
  /** Whether `filename*` is taken, which RFC7578#4.2 forbids. @defaultValue 'refuse' */
  readonly extendedFilename?: ExtendedFilename;
}

const DASH = 0x2d;

/**
 * Reads `multipart/form-data` (RFC7578) as it comes, in pieces of any size: however it is cut, the events are the same. It keeps
 * the head of one part at most; octets of a delimiter that is not complete are known, so they are not kept.
 */
export class MultipartReader {
  #state: MultipartState = 'preamble';
  readonly #limits: FormLimits;
  readonly #extended: ExtendedFilename;
  readonly #dashBoundary: string;
  /** CRLF, two dashes, the boundary. */
  readonly #delimiter: Uint8Array;
  /** Octets of the delimiter that were found so far. WHY 2: where a form or a content begins, a line does. */
  #matched = 2;
  /** Those of them that really came, and will be content if the delimiter does not go on. */
  #held = 0;
  /** Octets received in earlier calls. */
  #offset = 0;
  #parts = 0;
  #outsideBytes = 0;
  /** Octets of the present part. */
  #contentBytes = 0;
  #maxContentBytes = 0;
  #isFile = false;
  /** Where the content of a part ended whose delimiter is not complete yet. */
  #endOffset: number | undefined;
  readonly #head = new SectionBuffer();
  #headOffset = 0;
  /** What the head's last octets were. */
  #headPlace: 'line-start' | 'line' | 'line-cr' | 'empty-cr' = 'line-start';
  #events: MultipartEvent[] = [];

  /** @throws CallerError BOUNDARY for what is none; RangeError, TypeError for limits out of range or unknown */
  constructor(boundary: string, { limits = {}, extendedFilename = 'refuse' }: MultipartOptions = {}) {
    if (!isBoundary(boundary)) throw new CallerError('BOUNDARY', JSON.stringify(boundary));
    this.#dashBoundary = `--${boundary}`;
    this.#delimiter = fromLatin1(`\r\n${this.#dashBoundary}`);
    this.#limits = formLimits(limits);
    this.#extended = extendedFilename;
  }

  get state(): MultipartState {
    return this.#state;
  }

  /** Octets go in, events come out; behind an error none do. */
  receive(bytes: Uint8Array): MultipartEvent[] {
    const room = this.#limits.totalBytes - this.#offset;
    const end = Math.min(bytes.length, room);
    for (let at = 0; at < end && this.#state !== 'failed' && this.#state !== 'ended'; ) at = this.#step(bytes, at, end);
    if (end < bytes.length) this.#fail('FORM_BYTES', end, bytes);
    this.#offset += end;
    return this.#taken();
  }

  /** The form has ended. */
  end(): MultipartEvent[] {
    if (this.#state === 'failed' || this.#state === 'ended') return [];
    // RFC2046#5.1.1: the form ends behind its last delimiter
    if (nextMultipartState(this.#state, 'eof') === 'failed') this.#fail('FORM_CUT', 0, NOTHING);
    else {
      this.#advance('eof');
      this.#events.push({ kind: 'end', offset: this.#offset });
    }
    return this.#taken();
  }

  /** Reads some of `bytes[at, end)` and returns where it stopped. */
  #step(bytes: Uint8Array, at: number, end: number): number {
    switch (this.#state) {
      case 'preamble':
      case 'content':
        return this.#search(bytes, at, end);
      case 'head':
        return this.#readHead(bytes, at, end);
      case 'epilogue':
        return this.#tellContent(bytes, at, end);
      case 'boundary':
      case 'padding':
      case 'dash':
      case 'line-end':
      case 'close':
      case 'close-line-end':
        return this.#readTail(bytes, at);
      case 'failed':
      case 'ended':
        throw new InvariantError(`multipart: an octet in state ${this.#state}`);
      default:
        return this.#state satisfies never;
    }
  }

  /**
   * Looks for the delimiter; what is in front of it is content. A delimiter has one CR, its first octet, so where it does not
   * go on it does not begin anew within what was found, and no octet is looked at twice.
   */
  #search(bytes: Uint8Array, start: number, end: number): number {
    const delimiter = this.#delimiter;
    for (let at = start; ; ) {
      const first = at;
      while (at < end && this.#matched < delimiter.length && bytes[at] === delimiter[this.#matched]) {
        at++;
        this.#matched++;
      }
      if (this.#matched === delimiter.length || at === end) {
        this.#tellContent(bytes, start, first);
        if (this.#state === 'failed') return end;
        if (this.#matched === delimiter.length) return this.#foundDelimiter(at, at - first);
        this.#held += at - first;
        return end;
      }
      this.#releaseHeld(first, at - first);
      if (this.#state === 'failed') return end;
      const next = bytes.indexOf(CR, at);
      if (next === -1 || next >= end) return this.#tellContent(bytes, start, end);
      at = next;
    }
  }

  /** The delimiter did not go on: what was held of it is content. */
  #releaseHeld(first: number, matchedHere: number): void {
    const held = this.#held;
    const matched = this.#matched - matchedHere;
    this.#held = 0;
    this.#matched = 0;
    // WHY a copy: whoever gets an event may do with its octets what they like
    const octets = held === 0 ? NOTHING : this.#delimiter.slice(matched - held, matched);
    if (held > 0) this.#tellContent(octets, 0, held, this.#offset + first - held);
  }

  #foundDelimiter(at: number, matchedHere: number): number {
    if (this.#state === 'content') this.#endOffset = this.#offset + at - matchedHere - this.#held;
    this.#matched = 0;
    this.#held = 0;
    this.#advance('delimiter');
    return at;
  }

  /** Tells `bytes[from, to)`, or counts it where it belongs to no part. Returns `to`. */
  #tellContent(bytes: Uint8Array, from: number, to: number, offset = this.#offset + from): number {
    if (this.#state !== 'content') {
      this.#outsideBytes += to - from;
      const over = this.#outsideBytes - this.#limits.outsideBytes;
      if (over > 0) this.#failAt('FORM_OUTSIDE_BYTES', offset + (to - from) - over, bytes, to - over);
      return to;
    }
    const kept = Math.min(to, from + this.#maxContentBytes - this.#contentBytes);
    if (kept > from) this.#events.push({ kind: 'content', bytes: bytes.subarray(from, kept), offset });
    this.#contentBytes += kept - from;
    const code = this.#isFile ? 'FORM_FILE_BYTES' : 'FORM_VALUE_BYTES';
    if (kept < to) this.#failAt(code, offset + (kept - from), bytes, kept);
    return to;
  }

  /** One octet behind a boundary. */
  #readTail(bytes: Uint8Array, at: number): number {
    const input = tailInput(bytes[at] ?? 0);
    const next = input === undefined ? undefined : nextMultipartState(this.#state, input);
    if (input === undefined || next === undefined)
      return this.#fail(TAIL_CODES[this.#state] ?? 'FORM_DELIMITER_OCTET', at, bytes);
    this.#advance(input);
    if (input === 'space') {
      this.#outsideBytes++;
      if (this.#outsideBytes > this.#limits.outsideBytes) return this.#fail('FORM_OUTSIDE_BYTES', at, bytes);
    }
    if (next === 'head' || next === 'close') this.#endPart();
    if (next === 'head') {
      this.#headOffset = this.#offset + at + 1;
      this.#headPlace = 'line-start';
    }
    return at + 1;
  }

  /** A part ends where the line of its delimiter is known to be one: until then it might have gone on, or be refused. */
  #endPart(): void {
    if (this.#endOffset === undefined) return;
    this.#events.push({ kind: 'part-end', offset: this.#endOffset });
    this.#endOffset = undefined;
  }

  #readHead(bytes: Uint8Array, start: number, end: number): number {
    if (this.#head.length === 0 && this.#parts === this.#limits.parts) return this.#fail('FORM_PARTS', start, bytes);
    for (let at = start; at < end; at++) {
      if (this.#head.length + at - start === this.#limits.partHeadBytes)
        return this.#fail('FORM_HEAD_BYTES', at, bytes);
      const octet = bytes[at];
      const isAfterCr = this.#headPlace === 'line-cr' || this.#headPlace === 'empty-cr';
      // STRICTER RFC2046#4.1.1: a CR or LF by itself is no end of a line, and is refused
      if (isAfterCr !== (octet === LF)) return this.#fail('FORM_HEAD_LF', at, bytes);
      if (isAfterCr) {
        if (this.#headPlace === 'empty-cr') {
          this.#head.append(bytes, start, at + 1);
          this.#endHead();
          return at + 1;
        }
        this.#headPlace = 'line-start';
      } else if (octet === CR) this.#headPlace = this.#headPlace === 'line-start' ? 'empty-cr' : 'line-cr';
      else this.#headPlace = 'line';
    }
    this.#head.append(bytes, start, end);
    return end;
  }

  #endHead(): void {
    const octets = this.#head.bytes.subarray(0, this.#head.length);
    const head = parsePartHead(octets, this.#dashBoundary, this.#limits, this.#extended);
    if ('failure' in head) {
      this.#failAt(head.failure, this.#headOffset + head.at, octets, head.at, 0, octets.length);
      return;
    }
    this.#head.clear();
    this.#parts++;
    this.#isFile = head.filename !== undefined;
    this.#contentBytes = 0;
    this.#maxContentBytes = this.#isFile ? this.#limits.fileBytes : this.#limits.valueBytes;
    this.#matched = 2;
    this.#held = 0;
    this.#events.push({ kind: 'part', head, offset: this.#headOffset });
    this.#advance('head');
  }

  #advance(input: MultipartInput): void {
    const next = nextMultipartState(this.#state, input);
    if (next === undefined) throw new InvariantError(`multipart: ${input} in state ${this.#state}`);
    this.#state = next;
  }

  /** Fails at `bytes[at]`, and returns that nothing more is to be read. */
  #fail(code: FormCode, at: number, bytes: Uint8Array): number {
    this.#failAt(code, this.#offset + at, bytes, at);
    return bytes.length;
  }

  /** WHY an excerpt of one octet, but for heads: those around it may have come before. */
  #failAt(code: ValueCode, offset: number, bytes: Uint8Array, at: number, from = at, to = at + 1): void {
    if (this.#state === 'failed' || this.#state === 'ended') return;
    this.#advance('error');
    this.#head.clear();
    const octet = bytes[at];
    const place = octet === undefined ? { offset } : { offset, octet, excerpt: excerptOf(bytes, at, from, to) };
    this.#events.push({ kind: 'error', error: new ProtocolError(code, place) });
  }

  #taken(): MultipartEvent[] {
    const events = this.#events;
    this.#events = [];
    return events;
  }
}

const NOTHING = new Uint8Array(0);

/** What an octet behind a boundary means there, if anything. */
function tailInput(octet: number): MultipartInput | undefined {
  switch (octet) {
    case DASH:
      return 'dash';
    case SP:
    case HTAB:
      return 'space';
    case CR:
      return 'cr';
    case LF:
      return 'lf';
    default:
      return undefined;
  }
}

/** Codes of an octet that a state behind a boundary does not take. STRICTER RFC2046#5.1.1: what begins like a delimiter is one, or nothing. */
const TAIL_CODES: Partial<Record<MultipartState, FormCode>> = {
  'line-end': 'FORM_DELIMITER_LF',
  close: 'FORM_CLOSE_OCTET',
  'close-line-end': 'FORM_CLOSE_OCTET',
};
