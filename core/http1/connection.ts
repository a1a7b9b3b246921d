import { fromLatin1 } from '../bytes/latin1.ts';
import { OutputQueue } from '../bytes/output-queue.ts';
import type { Span } from '../bytes/span.ts';
import { CallerError } from '../errors/caller-error.ts';
import { InvariantError } from '../errors/invariant-error.ts';
import { ProtocolError } from '../errors/protocol-error.ts';
import { type Http1Limits, http1Limits } from '../limits/http1-limits.ts';
import type {
  ConnectionCommand,
  ConnectionEvent,
  EventSink,
  ExchangeId,
  ResponseHead,
  TransportReport,
} from '../semantics/exchange.ts';
import { REASONS } from '../semantics/status.ts';
import { type ConnectionInput, type ConnectionState, nextConnectionState } from './connection-states.ts';
import type { Http1Event, Http1EventSink } from './events.ts';
import { type Http1Exchange, heldBehindFirst, leavesTooMuch, openExchange, REFUSED } from './exchange.ts';
import type { Http1RequestHead } from './head.ts';
import { type Http1ParserOptions, Http1RequestParser } from './parser.ts';
import { beginsSafeRequest } from './pipelining.ts';
import type { Persistence } from './response-head.ts';
import { ConnectionTimers, TIMER_CODES, type TimerBreach } from './timers.ts';

const EMPTY = new Uint8Array(0);

export interface Http1ConnectionOptions extends Http1ParserOptions {
  /** Value of Date for a response that is written now; `undefined` for a server without a clock. @defaultValue none */
  readonly date?: () => string | undefined;
  /** Told of each event as soon as it is known; it may send commands from within. @defaultValue the caller gets them all, afterwards */
  readonly sink?: EventSink;
}

/**
 * The server's side of one HTTP/1.1 connection, without its socket: octets in, events out; commands in, octets out.
 *
 * Requests are answered in order (RFC9112#9.3.2). Requests with safe methods are given to the owner side by side, any
 * other waits until those before it are answered. Errors of the peer are answered here and end the connection.
 */
export class Http1Connection {
  #state: ConnectionState = 'open';
  #lastId = 0;
  #isSwitched = false;
  #isDraining = false;
  /** Octets that came while no further request could be read. */
  #backlog: Uint8Array = EMPTY;
  #copiedBytes = 0;
  #drained = 0;
  #lingerSince: number | undefined;
  /** Exchanges whose response is not finished, in the order of their requests. */
  readonly #exchanges: Http1Exchange[] = [];
  /** The exchange whose request is still arriving. */
  #arriving: Http1Exchange | undefined;
  readonly #limits: Http1Limits;
  readonly #parser: Http1RequestParser;
  readonly #timers: ConnectionTimers;
  readonly #output = new OutputQueue();
  readonly #date: () => string | undefined;
  readonly #owner: EventSink | undefined;
  /** Where the events of this call go. */
  #sink: EventSink = [];
  /** Where the parser's events go. */
  readonly #parsed: Http1EventSink = { push: (event) => this.#takeParsed(event) };

  constructor(options: Http1ConnectionOptions = {}) {
    const { limits = http1Limits(), date = () => undefined, sink } = options;
    this.#owner = sink;
    this.#limits = limits;
    this.#date = date;
    this.#parser = new Http1RequestParser({ ...options, limits });
    this.#timers = new ConnectionTimers(limits);
  }

  /** Octets of one content stand before everything behind it: unread ones stop all reading. */
  readonly isMultiplexed = false;

  get state(): ConnectionState {
    return this.#state;
  }

  /** Octets of the connection that were interpreted. */
  get offset(): number {
    return this.#parser.offset;
  }

  /** Octets examined or copied so far; see {@link Http1RequestParser.work}. */
  get work(): number {
    return this.#parser.work + this.#copiedBytes;
  }

  /** Exchanges whose response is not finished. */
  get openExchanges(): number {
    return this.#exchanges.length;
  }

  /** Whether octets wait here until a response is finished or taken: the owner then stops reading. */
  get hasBacklog(): boolean {
    return this.#backlog.length > 0;
  }

  /** Whether `resume()` would not go on with them yet. */
  get isBlocked(): boolean {
    return this.#backlog.length > 0 && !this.#mayRead(this.#backlog, 0);
  }

  /** Octets that may wait to be written; more, and producers wait and no further request is read. */
  get writeHighBytes(): number {
    return this.#limits.heldResponseBytes;
  }

  /** Octets written for `exchange`, or for the whole connection, that were not taken yet. */
  pendingBytes(exchange?: ExchangeId): number {
    const held = exchange === undefined ? undefined : this.#find(exchange)?.writer.output;
    return (held ?? this.#output).length;
  }

  /** Octets of all responses that wait here, in memory; the first one's are the connection's. */
  get heldBytes(): number {
    return this.#output.heldBytes + heldBehindFirst(this.#exchanges);
  }

  /** Octets of `exchange` that wait for the responses before it. */
  queuedBytes(exchange: ExchangeId): number {
    const output = this.#find(exchange)?.writer.output ?? this.#output;
    return output === this.#output ? 0 : output.length;
  }

  /** There is no window here but the transport's. */
  windowBytes(): number {
    return Number.POSITIVE_INFINITY;
  }

  /** Takes octets of the peer. @param bytes read only; content in the events is a view of it */
  receive(bytes: Uint8Array): ConnectionEvent[] {
    const events = this.#collect();
    if (!this.#isReading()) return events;
    const isOwn = this.#backlog.length > 0;
    this.#read(isOwn ? this.#withBacklog(bytes) : bytes, isOwn);
    if (this.#state === 'ending' && this.#backlog.length === 0) this.#endInput();
    this.#updateTimers();
    return events;
  }

  /** Goes on with octets that had to wait; call it after commands that may have finished a response. */
  resume(): ConnectionEvent[] {
    return this.#backlog.length > 0 ? this.receive(EMPTY) : [];
  }

  /** The peer has ended its side: what was read is still answered. */
  end(): ConnectionEvent[] {
    const events = this.#collect();
    if (this.#backlog.length > 0) this.#enter('cut');
    else this.#endInput();
    this.#updateTimers();
    return events;
  }

  /** The transport is gone: every open exchange is abandoned. */
  fail(): ConnectionEvent[] {
    const events = this.#collect();
    this.#enter('gone');
    this.#abandonAll(undefined);
    return events;
  }

  /** @throws CallerError when the command breaks the rules of a response; nothing is written then */
  send(command: ConnectionCommand): void {
    if (command.kind === 'drain') return this.#drain();
    // Content is held back by not reading; there is no window to give back
    if (command.kind === 'consumed') return;
    const exchange = this.#find(command.exchange);
    if (exchange === undefined) throw new CallerError('EXCHANGE_UNKNOWN', String(command.exchange));
    const { writer } = exchange;
    switch (command.kind) {
      case 'interim':
        return writer.interim(command.status, command.fields);
      case 'demand':
        return this.#demand(exchange);
      case 'head':
        exchange.isPersistent = writer.head(command.head, this.#persistenceOf(exchange), command.contentLength);
        return;
      case 'content':
        return writer.content(command.bytes);
      case 'span':
        return writer.span(command.span);
      case 'end':
        writer.end(command.trailers);
        return this.#finish();
      case 'respond':
        exchange.isPersistent = writer.whole(command.head, this.#persistenceOf(exchange, true), command.content);
        return this.#finish();
      case 'abort':
        return this.#enter('abort');
      default:
        return command satisfies never;
    }
  }

  /**
   * Leaves HTTP/1.1 (RFC9110#7.8): answers the one open request with 101 and reads no further. Called when its `end` is told.
   * @throws InvariantError where the request is not complete, not alone, or was answered
   */
  switchTo(protocol: string): void {
    const [exchange, other] = this.#exchanges;
    const isReady = exchange?.progress === 'complete' && exchange.writer.state === 'waiting' && other === undefined;
    if (!isReady || !this.#isReading()) throw new InvariantError('connection: it cannot be switched now');
    this.#output.text(`HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: ${protocol}\r\n\r\n`);
    this.#exchanges.length = 0;
    this.#isSwitched = true;
  }

  /** After `switchTo()`: the octets that came behind the request. They are the caller's. */
  handOver(): Uint8Array {
    const backlog = this.#backlog;
    this.#backlog = EMPTY;
    return backlog;
  }

  /**
   * Octets to write, in order, at most `maxBytes`, up to the next span. They are the transport's from now on and are not
   * changed any more.
   */
  take(maxBytes = Number.POSITIVE_INFINITY): Uint8Array[] {
    const parts = this.#output.take(maxBytes);
    for (const part of parts) this.#timers.addTaken(part.length);
    this.#noteTaken();
    return parts;
  }

  /** The span that stands behind all that was taken, if there is one: its octets are to be written now. */
  takeSpan(): Span | undefined {
    const span = this.#output.takeSpan();
    if (span === undefined) return undefined;
    this.#timers.addTaken(span.bytes);
    this.#noteTaken();
    return span;
  }

  /** Time is `nowMs`, on a clock that never goes back. */
  tick(nowMs: number, report: TransportReport = {}): ConnectionEvent[] {
    const events = this.#collect();
    const breach = this.#timers.tick(nowMs, report);
    if (this.#state === 'aborted') return events;
    if (breach !== undefined) this.#expire(breach);
    else if (this.#state === 'lingering') this.#linger(nowMs, report.unwrittenBytes ?? 0);
    this.#updateTimers();
    return events;
  }

  #noteTaken(): void {
    const isFlushed = this.#exchanges.length === 0 && this.#output.length === 0;
    if (isFlushed && (this.#state === 'closing' || this.#state === 'half-closed')) {
      this.#enter('flushed');
      this.#updateTimers();
    }
  }

  #collect(): ConnectionEvent[] {
    const events: ConnectionEvent[] = [];
    this.#sink = this.#owner ?? events;
    return events;
  }

  #expire(breach: TimerBreach): void {
    const error = new ProtocolError(TIMER_CODES[breach], { offset: this.offset });
    if (breach !== 'write') return this.#fail(error);
    // WHY: a peer that takes nothing would hold what is left to be written, and the transport with it, for ever
    this.#enter('abort');
    this.#sink.push({ kind: 'error', error });
    this.#abandonAll(error);
  }

  /** Waits for the peer's end from the time on when it has taken the last octet. */
  #linger(nowMs: number, unwrittenBytes: number): void {
    if (unwrittenBytes > 0) return;
    this.#lingerSince ??= nowMs;
    if (nowMs - this.#lingerSince >= this.#limits.lingerMs) this.#enter('late');
  }

  #read(bytes: Uint8Array, isOwn: boolean): void {
    let at = 0;
    while (at < bytes.length && this.#mayRead(bytes, at)) at = this.#parser.read(bytes, at, this.#parsed);
    const left = this.#isReading() || this.#isSwitched ? bytes.subarray(at) : EMPTY;
    // WHY: what is left dies with the caller's buffer, but a backlog is not copied anew for each request that it holds
    this.#backlog = isOwn ? left : this.#copied(left);
  }

  #copied(bytes: Uint8Array): Uint8Array {
    this.#copiedBytes += bytes.length;
    return bytes.length === 0 ? EMPTY : new Uint8Array(bytes);
  }

  #find(id: ExchangeId): Http1Exchange | undefined {
    for (const exchange of this.#exchanges) if (exchange.id === id) return exchange;
    return undefined;
  }

  #endInput(): void {
    const wasReading = this.#isReading();
    this.#enter('eof');
    if (!wasReading) return;
    for (const event of this.#parser.end()) if (event.kind === 'error') this.#fail(event.error);
  }

  #isReading(): boolean {
    return (this.#state === 'open' || this.#state === 'ending') && !this.#isSwitched;
  }

  /** Whether the octets from `bytes[at]` on may be interpreted now. */
  #mayRead(bytes: Uint8Array, at: number): boolean {
    if (!this.#isReading()) return false;
    const isBetween = this.#arriving === undefined && this.#parser.state === 'start';
    if (!isBetween) return true;
    // WHY: requests of a peer that takes no responses would be answered into memory
    if (this.#output.length >= this.#limits.heldResponseBytes) return false;
    const last = this.#exchanges.at(-1);
    if (last === undefined) return true;
    if (this.#exchanges.length >= this.#limits.pipelinedRequests) return false;
    // RFC9112#9.3.2 MAY: pipelined requests are worked on in parallel if they all have safe methods
    // RFC9112#9.6 MUST: nothing is read behind a request whose response says `close`
    return last.isSafe && last.isPersistent && beginsSafeRequest(bytes, at);
  }

  #takeParsed(event: Http1Event): void {
    // The answer to an earlier event of the same octets has ended the reading
    if (!this.#isReading()) return;
    switch (event.kind) {
      case 'request':
        this.#sink.push({ kind: 'request', exchange: this.#open(event.head), head: event.head, offset: event.offset });
        return;
      case 'content':
        return this.#takeContent(event);
      case 'end':
        return this.#endRequest(event);
      case 'error':
        return this.#fail(event.error);
      default:
        return event satisfies never;
    }
  }

  #open(head: Http1RequestHead): ExchangeId {
    this.#lastId += 1;
    const isLast = this.#lastId >= this.#limits.requestsPerConnection;
    const output = this.#exchanges.length === 0 ? this.#output : undefined;
    const exchange = openExchange(this.#lastId, head, isLast, this.#date, output);
    this.#exchanges.push(exchange);
    this.#arriving = exchange;
    this.#timers.restart();
    return exchange.id;
  }

  #takeContent(event: Extract<Http1Event, { kind: 'content' }>): void {
    const exchange = this.#expectArriving();
    const { bytes, offset } = event;
    this.#timers.addContent(bytes.length);
    if (exchange.contentLeft !== undefined) exchange.contentLeft -= bytes.length;
    if (exchange.progress === 'arriving') {
      this.#sink.push({ kind: 'content', exchange: exchange.id, bytes, offset });
      return;
    }
    this.#drained += bytes.length;
    if (this.#drained > this.#limits.drainBytes) this.#stopReading();
  }

  #endRequest(event: Extract<Http1Event, { kind: 'end' }>): void {
    const exchange = this.#expectArriving();
    const isWanted = exchange.progress === 'arriving';
    exchange.progress = 'complete';
    this.#arriving = undefined;
    this.#drained = 0;
    if (isWanted)
      this.#sink.push({ kind: 'end', exchange: exchange.id, trailers: event.trailers, offset: event.offset });
    else if (this.#isDraining && this.#exchanges.length === 0) this.#stopReading();
  }

  /** RFC9110#10.1.1: a client that waits for 100 (Continue) gets it once, when its content is wanted. */
  #demand(exchange: Http1Exchange): void {
    exchange.isDemanded = true;
    if (!exchange.awaitsContinue || exchange.writer.state !== 'waiting') return;
    exchange.awaitsContinue = false;
    exchange.writer.interim(100);
    this.#updateTimers();
  }

  /** Whether the connection outlives the response whose head, or which as a `isWhole` one, is written now. */
  #persistenceOf(exchange: Http1Exchange, isWhole = false): Persistence {
    const isEnding = this.#isDraining || !this.#isReading();
    if (!exchange.isPersistent || (isEnding && exchange === this.#exchanges.at(-1))) return 'close';
    const isUnread = exchange === this.#arriving && (isWhole || !exchange.isDemanded);
    // RFC9110#10.1.1 SHOULD: a final answer instead of 100 (Continue) says whether the content is still read
    return isUnread && leavesTooMuch(exchange, this.#limits.drainBytes) ? 'close' : 'keep';
  }

  /** Moves on from every response that is finished, in order. */
  #finish(): void {
    const arriving = this.#arriving;
    // What is left of a request that was answered is nobody's, even while the response is held back
    if (arriving?.writer.state === 'done') arriving.progress = 'discarded';
    for (;;) {
      const exchange = this.#exchanges[0];
      if (exchange?.writer.state !== 'done') break;
      this.#exchanges.shift();
      const next = this.#exchanges[0];
      if (next !== undefined) {
        this.#output.append(next.writer.output);
        next.writer.output = this.#output;
      }
      this.#settle(exchange);
    }
    this.#updateTimers();
  }

  /** Decides how the connection goes on after `exchange` was answered. */
  #settle(exchange: Http1Exchange): void {
    const isTooMuch = exchange === this.#arriving && leavesTooMuch(exchange, this.#limits.drainBytes);
    const isLast = !exchange.isPersistent || isTooMuch;
    if (isLast || (this.#isDraining && this.#exchanges.length === 0)) this.#stopReading();
  }

  #drain(): void {
    this.#isDraining = true;
    const isIdle = this.#exchanges.length === 0 && this.#arriving === undefined && this.#parser.state === 'start';
    if (isIdle) this.#stopReading();
  }

  #stopReading(): void {
    this.#arriving = undefined;
    this.#backlog = EMPTY;
    this.#enter('last');
  }

  /** Answers an error of the peer where that is still possible, and ends the connection. */
  #fail(error: ProtocolError): void {
    this.#sink.push({ kind: 'error', error });
    const { status } = error;
    const broken = this.#arriving;
    // The response was sent already, and only what is left of the request is wrong; or there was no request
    if (broken?.progress === 'discarded' || status === 'close') return this.#stopReading();
    if (broken !== undefined && broken.writer.state !== 'waiting') {
      this.#enter('abort');
      return this.#abandonAll(error);
    }
    this.#stopReading();
    if (broken !== undefined) {
      this.#sink.push({ kind: 'abandoned', exchange: broken.id, error });
      this.#answer(broken, status);
    } else {
      const output = this.#exchanges.length === 0 ? this.#output : undefined;
      const exchange = openExchange(this.#lastId + 1, REFUSED, true, this.#date, output);
      this.#exchanges.push(exchange);
      this.#answer(exchange, status);
    }
  }

  #answer(exchange: Http1Exchange, status: number): void {
    const head: ResponseHead = { status, fields: { 'Content-Type': 'text/plain; charset=utf-8' } };
    exchange.writer.whole(head, 'close', fromLatin1(`${status} ${REASONS[status] ?? ''}\n`));
    this.#finish();
  }

  #abandonAll(error: ProtocolError | undefined): void {
    this.#arriving = undefined;
    this.#backlog = EMPTY;
    for (const { id } of this.#exchanges.splice(0)) this.#sink.push({ kind: 'abandoned', exchange: id, error });
  }

  #withBacklog(bytes: Uint8Array): Uint8Array {
    const backlog = this.#backlog;
    this.#backlog = EMPTY;
    if (bytes.length === 0) return backlog;
    const both = new Uint8Array(backlog.length + bytes.length);
    both.set(backlog);
    both.set(bytes, backlog.length);
    this.#copiedBytes += both.length;
    return both;
  }

  #updateTimers(): void {
    const arriving = this.#arriving;
    if (this.#state !== 'open' && this.#state !== 'closing') this.#timers.wait('nothing');
    else if (arriving !== undefined) this.#timers.wait(arriving.awaitsContinue ? 'nothing' : 'content');
    else if (this.#state === 'closing' || this.#exchanges.length > 0) this.#timers.wait('nothing');
    else this.#timers.wait(this.#parser.state === 'head' ? 'head' : 'request');
  }

  #expectArriving(): Http1Exchange {
    if (this.#arriving === undefined) throw new InvariantError('connection: content without a request');
    return this.#arriving;
  }

  #enter(input: ConnectionInput): void {
    const next = nextConnectionState(this.#state, input);
    if (next === undefined) throw new InvariantError(`connection: no way on from ${this.#state} by ${input}`);
    this.#state = next;
  }
}
