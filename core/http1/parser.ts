import { latin1 } from '../bytes/latin1.ts';
import { CR, LF } from '../bytes/octets.ts';
import { SectionBuffer } from '../bytes/section-buffer.ts';
import { InvariantError } from '../errors/invariant-error.ts';
import { ProtocolError } from '../errors/protocol-error.ts';
import { type Http1Limits, http1Limits } from '../limits/http1-limits.ts';
import { FieldLines } from '../semantics/field.ts';
import { findForbiddenTrailer } from '../semantics/trailer.ts';
import { ChunkScanner } from './chunked.ts';
import { type Section, toProtocolError } from './diagnose.ts';
import type { Http1Event, Http1EventSink } from './events.ts';
import { type Failure, octetFailure, sectionFailure } from './failure.ts';
import { FieldSectionScanner, HEAD_CODES, TRAILER_CODES } from './field-section.ts';
import { type Http1RequestHead, parseHead } from './head.ts';
import type { BareLf } from './line-policy.ts';
import { RepeatedHeads } from './repeated-heads.ts';
import { RequestLineScanner } from './request-line.ts';
import { nextParserState, type ParserInput, type ParserState } from './states.ts';

export interface Http1ParserOptions {
  /** @defaultValue `http1Limits()` */
  readonly limits?: Http1Limits;
  /** @defaultValue 'refuse' */
  readonly bareLf?: BareLf;
}

/**
 * Incremental parser of the requests of one connection (RFC9112).
 *
 * It says the same for every split of the same octets, examines each octet once and holds at most one head, chunk line or
 * trailer section. The first refusal is its last event.
 */
export class Http1RequestParser {
  #state: ParserState = 'start';
  /** Offset in the connection of the next octet to be taken. */
  #offset = 0;
  /** Offset in the connection of the first octet of the head or trailer section being read. */
  #sectionOffset = 0;
  #emptyLines = 0;
  #isAfterCr = false;
  #isMessageOver = false;
  #contentLeft = 0;
  #examined = 0;
  readonly #limits: Http1Limits;
  readonly #bareLf: BareLf;
  readonly #section = new SectionBuffer();
  readonly #line: RequestLineScanner;
  readonly #fields: FieldSectionScanner;
  readonly #trailers: FieldSectionScanner;
  readonly #chunk: ChunkScanner;
  readonly #heads = new RepeatedHeads();

  constructor({ limits = http1Limits(), bareLf = 'refuse' }: Http1ParserOptions = {}) {
    this.#limits = limits;
    this.#bareLf = bareLf;
    this.#line = new RequestLineScanner(limits, bareLf);
    const head = { lineCount: limits.fieldCount, lineBytes: limits.fieldBytes };
    const trailer = { lineCount: limits.trailerCount, lineBytes: limits.fieldBytes };
    this.#fields = new FieldSectionScanner(HEAD_CODES, head, bareLf === 'accept');
    this.#trailers = new FieldSectionScanner(TRAILER_CODES, trailer, false);
    this.#chunk = new ChunkScanner(limits);
  }

  get state(): ParserState {
    return this.#state;
  }

  /** Octets of the connection that were interpreted. */
  get offset(): number {
    return this.#offset;
  }

  /** Octets examined or copied so far: the measure of work, linear in the octets however they are split. */
  get work(): number {
    return this.#examined + this.#heads.compared + this.#section.copied;
  }

  /** Takes all of `bytes`. Content in the events is a view of it. */
  receive(bytes: Uint8Array): Http1Event[] {
    const events: Http1Event[] = [];
    let at = 0;
    while (at < bytes.length) at = this.read(bytes, at, events);
    return events;
  }

  /** The peer has ended its side of the connection. */
  end(): Http1Event[] {
    const state = this.#state;
    if (state === 'failed' || state === 'ended') return [];
    this.#enter('eof');
    if (state === 'start') return [];
    // RFC9112#8: a request that the connection's end cuts short is incomplete
    const code = state === 'head' ? 'H1_HEAD_CUT' : 'H1_CONTENT_CUT';
    return [{ kind: 'error', error: new ProtocolError(code, { offset: this.#offset }) }];
  }

  /**
   * Takes `bytes` from `at` on, to the end of a message at most, and appends what it says to `events`.
   * Returns the index it came to.
   */
  read(bytes: Uint8Array, at: number, events: Http1EventSink): number {
    this.#isMessageOver = false;
    while (at < bytes.length && !this.#isMessageOver) {
      // What comes behind a refusal is thrown away, whether it came with it or later: it is not interpreted
      const isOver = this.#state === 'failed' || this.#state === 'ended';
      const to = this.#readSome(bytes, at, events);
      if (!isOver) this.#offset += to - at;
      at = to;
    }
    return at;
  }

  #readSome(bytes: Uint8Array, at: number, events: Http1EventSink): number {
    switch (this.#state) {
      case 'start':
        return this.#readStart(bytes, at, events);
      case 'head':
        return this.#readHead(bytes, at, events);
      case 'length':
        return this.#readLength(bytes, at, events);
      case 'chunked':
        return this.#readChunked(bytes, at, events);
      case 'trailers':
        return this.#readTrailers(bytes, at, events);
      case 'failed':
      case 'ended':
        return bytes.length;
      default:
        return this.#state satisfies never;
    }
  }

  // RFC9112#2.2 SHOULD: at least one empty line before a request line is ignored; the limit says how many
  #readStart(bytes: Uint8Array, at: number, events: Http1EventSink): number {
    const octet = bytes[at] ?? 0;
    this.#examined += 1;
    if (this.#isAfterCr || octet === CR || (octet === LF && this.#bareLf === 'accept')) {
      return this.#readEmptyLine(bytes, at, octet, events);
    }
    this.#emptyLines = 0;
    this.#sectionOffset = this.#offset;
    const known = this.#heads.findWhole(bytes, at, bytes.length);
    if (known !== undefined) return this.#openKnown(known, at, at + this.#heads.headBytes, events);
    this.#enter('octet');
    return at;
  }

  #readEmptyLine(bytes: Uint8Array, at: number, octet: number, events: Http1EventSink): number {
    const section = { bytes, base: at, offset: this.#offset };
    if (this.#isAfterCr) {
      if (octet !== LF) return this.#refuse(events, octetFailure('H1_EMPTY_LINE_CR', at), section, at);
      this.#isAfterCr = false;
      return at + 1;
    }
    this.#emptyLines += 1;
    const isTooMany = this.#emptyLines > this.#limits.emptyLines;
    if (isTooMany) return this.#refuse(events, octetFailure('H1_EMPTY_LINES', at), section, at);
    this.#isAfterCr = octet === CR;
    return at + 1;
  }

  #readHead(bytes: Uint8Array, at: number, events: Http1EventSink): number {
    const section = this.#gather(bytes, at, this.#limits.headBytes);
    const fieldsFrom = this.#scanLine(section);
    const known = this.#findLike(section, fieldsFrom);
    if (known !== undefined) return this.#openKnown(known, at, fieldsFrom + this.#heads.sectionBytes, events);
    const to = this.#scanFields(section, fieldsFrom);
    const taken = at + (to - section.from);
    const failure = this.#line.failure ?? this.#fields.failure;
    if (failure !== undefined) return this.#refuse(events, failure, section, taken);
    if (!this.#fields.isDone) return this.#hold(bytes, at, taken);
    const head = this.#parse(section, to);
    if ('code' in head) return this.#refuse(events, { ...head, at: section.base + head.at }, section, taken);
    if (isWhole(section)) this.#heads.keep(bytes, fieldsFrom, to, head);
    this.#openMessage(head, taken - at, events);
    return taken;
  }

  /** Returns the index that it came to. */
  #scanLine({ bytes, base, from, end }: ScanSection): number {
    if (this.#line.isDone) return from;
    const to = this.#line.scan(bytes, from, Math.min(end, base + this.#limits.headBytes), base);
    this.#examined += to - from;
    return to;
  }

  #openKnown(head: Http1RequestHead, at: number, to: number, events: Http1EventSink): number {
    this.#openMessage(head, to - at, events);
    return to;
  }

  /** A head whose fields are known and begin at `bytes[from]`. */
  #findLike(section: ScanSection, from: number): Http1RequestHead | undefined {
    if (!this.#line.isDone || this.#line.failure !== undefined || !isWhole(section)) return undefined;
    const { bytes, base, end } = section;
    return this.#heads.find(bytes, base, this.#line, from, Math.min(end, base + this.#limits.headBytes));
  }

  #scanFields({ bytes, base, end }: ScanSection, from: number): number {
    const cap = base + this.#limits.headBytes;
    // WHY: a head that reaches its limit inside the request line is refused by the same check as in a field line
    const isOn = this.#line.failure === undefined && (this.#line.isDone || from >= cap);
    const to = isOn ? this.#fields.scan(bytes, from, end, base, cap) : from;
    this.#examined += to - from;
    return to;
  }

  #parse({ bytes, base }: ScanSection, to: number): Http1RequestHead | Failure {
    const { methodEnd, targetStart, targetEnd, minor } = this.#line;
    const text = latin1(bytes, base, to);
    const head = parseHead(text, { methodEnd, targetStart, targetEnd, minor, fields: this.#fields.spans });
    if ('code' in head) return head;
    // RFC9110#15.5.14: the length alone says that the content is larger than is served
    return contentBytesOf(head) > this.#limits.contentBytes ? sectionFailure('H1_CONTENT_BYTES', to - base) : head;
  }

  #openMessage(head: Http1RequestHead, taken: number, events: Http1EventSink): void {
    const length = contentBytesOf(head);
    this.#section.clear();
    this.#line.reset();
    this.#fields.reset();
    const isChunked = head.framing.kind === 'chunked';
    if (isChunked) this.#chunk.reset();
    this.#contentLeft = length;
    // WHY: whoever is told of an event may ask for the state
    this.#enter(isChunked ? 'chunked' : length > 0 ? 'length' : 'no-content');
    events.push({ kind: 'request', head, offset: this.#sectionOffset });
    if (!isChunked && length === 0) this.#endMessage(events, FieldLines.NONE, taken);
  }

  #readLength(bytes: Uint8Array, at: number, events: Http1EventSink): number {
    const to = Math.min(bytes.length, at + this.#contentLeft);
    this.#contentLeft -= to - at;
    events.push({ kind: 'content', bytes: bytes.subarray(at, to), offset: this.#offset });
    if (this.#contentLeft === 0) this.#complete(events, FieldLines.NONE, to - at);
    return to;
  }

  #readChunked(bytes: Uint8Array, at: number, events: Http1EventSink): number {
    if (this.#chunk.isData) {
      const to = Math.min(bytes.length, at + this.#chunk.dataBytes);
      this.#chunk.takeData(to - at);
      events.push({ kind: 'content', bytes: bytes.subarray(at, to), offset: this.#offset });
      return to;
    }
    const to = this.#chunk.scan(bytes, at, bytes.length);
    this.#examined += to - at;
    if (this.#chunk.failure !== undefined) return this.#refuseChunk(bytes, at, to, this.#chunk.failure, events);
    // WHY: the beginning of a line that came in pieces is kept, so that a diagnostic is the same for every split
    if (this.#chunk.isBetween) this.#section.clear();
    else this.#section.append(bytes, at, to);
    if (this.#chunk.isLast) {
      this.#sectionOffset = this.#offset + to - at;
      this.#enter('last');
    }
    return to;
  }

  #refuseChunk(bytes: Uint8Array, at: number, to: number, failure: Failure, events: Http1EventSink): number {
    const held = this.#section.length;
    if (held === 0) return this.#refuse(events, failure, { bytes, base: at, offset: this.#offset }, to);
    this.#section.append(bytes, at, to + 1);
    const section = { bytes: this.#section.bytes, base: 0, offset: this.#offset - held };
    return this.#refuse(events, { ...failure, at: held + to - at }, section, to);
  }

  #readTrailers(bytes: Uint8Array, at: number, events: Http1EventSink): number {
    const section = this.#gather(bytes, at, this.#limits.trailerBytes);
    const { base, from, end } = section;
    const to = this.#trailers.scan(section.bytes, from, end, base, base + this.#limits.trailerBytes);
    const taken = at + (to - from);
    this.#examined += to - from;
    if (this.#trailers.failure !== undefined) return this.#refuse(events, this.#trailers.failure, section, taken);
    if (!this.#trailers.isDone) return this.#hold(bytes, at, taken);
    const text = latin1(section.bytes, base, to);
    const { spans } = this.#trailers;
    const forbidden = findForbiddenTrailer(text, spans);
    if (forbidden !== -1) {
      // STRICTER RFC9110#6.5.1: a field that must not be a trailer is refused, not ignored
      return this.#refuse(events, octetFailure('H1_TRAILER_FORBIDDEN', base + forbidden), section, taken);
    }
    this.#section.clear();
    this.#trailers.reset();
    this.#complete(events, spans.length === 0 ? FieldLines.NONE : new FieldLines(text, spans), taken - at);
    return taken;
  }

  /** What a section is scanned in: `bytes` itself while nothing of it is held, else the held octets and `bytes` behind them. */
  #gather(bytes: Uint8Array, at: number, maxBytes: number): ScanSection {
    const held = this.#section.length;
    if (held === 0) return { bytes, base: at, from: at, end: bytes.length, offset: this.#sectionOffset };
    // WHY: one octet more than the limit, so that its breach is seen
    this.#section.append(bytes, at, Math.min(bytes.length, at + maxBytes + 1 - held));
    return { bytes: this.#section.bytes, base: 0, from: held, end: this.#section.length, offset: this.#sectionOffset };
  }

  /** Keeps the octets of an unfinished section, unless `gather()` has them already. */
  #hold(bytes: Uint8Array, at: number, to: number): number {
    if (this.#section.length === 0) this.#section.append(bytes, at, to);
    return to;
  }

  #complete(events: Http1EventSink, trailers: FieldLines, taken: number): void {
    this.#enter('complete');
    this.#endMessage(events, trailers, taken);
  }

  #endMessage(events: Http1EventSink, trailers: FieldLines, taken: number): void {
    this.#isMessageOver = true;
    events.push({ kind: 'end', trailers, offset: this.#offset + taken });
  }

  #refuse(events: Http1EventSink, failure: Failure, section: Section, taken: number): number {
    const error = toProtocolError(failure, section);
    this.#section.clear();
    this.#enter('error');
    events.push({ kind: 'error', error });
    return taken;
  }

  #enter(input: ParserInput): void {
    const next = nextParserState(this.#state, input);
    if (next === undefined) throw new InvariantError(`parser: no way on from ${this.#state} by ${input}`);
    this.#state = next;
  }
}

function contentBytesOf({ framing }: Http1RequestHead): number {
  return framing.kind === 'length' ? framing.length : 0;
}

/** Whether nothing of a section came before the octets in which it is scanned. */
function isWhole({ base, from }: ScanSection): boolean {
  return base === from;
}

/** A section to go on scanning: `bytes[from, end)` is new, the section began at `bytes[base]`. */
interface ScanSection extends Section {
  readonly from: number;
  readonly end: number;
}
