import { CallerError } from '../errors/caller-error.ts';
import { type Http2Limits, http2Limits } from '../limits/http2-limits.ts';
import type {
  ConnectionCommand,
  ConnectionEvent,
  EventSink,
  ExchangeId,
  TransportReport,
  TransportState,
} from '../semantics/exchange.ts';
import { Http2Context } from './context.ts';
import { FrameReader } from './frame/reader.ts';
import { encodeSettings, SETTING, type SettingPair } from './frame/settings.ts';
import { PREFACE, PREFACE_BYTES } from './preface.ts';
import { FrameReceiver } from './receiver.ts';
import type { Upgraded } from './request.ts';
import { Responder } from './responder.ts';

/** Octets of one response that may wait before its producer is told to. */
const WRITE_HIGH_BYTES = 262_144;

export interface Http2ConnectionOptions {
  /** @defaultValue `http2Limits()` */
  readonly limits?: Http2Limits;
  /** Value of Date for a response that is written now; `undefined` for a server without a clock. @defaultValue none */
  readonly date?: () => string | undefined;
  /** Told of each event as soon as it is known; it may send commands from within. @defaultValue the caller gets them all, afterwards */
  readonly sink?: EventSink;
  /**
   * What a malformed request gets (RFC9113#8.1.1): RST_STREAM, or first a 400, as RFC9113#8.2.1 prefers for bad fields.
   * @defaultValue 'reset'
   */
  readonly malformed?: 'reset' | 'answer';
  /** Whether extended CONNECT is offered (RFC8441#3). @defaultValue false */
  readonly extendedConnect?: boolean;
  /** Offset in the connection of the preface's first octet. @defaultValue 0 */
  readonly offset?: number;
}

/**
 * The server's side of one HTTP/2 connection, without its socket (RFC9113): octets in, events out; commands in, octets
 * out. Everything that the peer can grow has a budget; a breach ends the connection with ENHANCE_YOUR_CALM.
 */
export class Http2Connection {
  /** Octets never wait here for a response: what is unread is bounded by windows. */
  readonly hasBacklog = false;
  readonly isBlocked = false;
  readonly writeHighBytes = WRITE_HIGH_BYTES;
  /** Content of one request does not hold up the others. */
  readonly isMultiplexed = true;
  #prefaceBytes = 0;
  readonly #offset: number;
  readonly #sink: EventSink | undefined;
  readonly #context: Http2Context;
  readonly #reader: FrameReader;
  readonly #receiver: FrameReceiver;
  readonly #responder: Responder;

  constructor(options: Http2ConnectionOptions = {}) {
    const {
      limits = http2Limits(),
      date = () => undefined,
      sink,
      malformed,
      extendedConnect = false,
      offset = 0,
    } = options;
    this.#sink = sink;
    this.#offset = offset;
    this.#context = new Http2Context(limits, extendedConnect, malformed === 'answer');
    this.#reader = new FrameReader(limits.frameBytes, offset + PREFACE_BYTES);
    this.#receiver = new FrameReceiver(this.#context);
    this.#responder = new Responder(this.#context, date);
    this.#sendPreface(limits, extendedConnect);
  }

  get state(): TransportState {
    return this.#context.state;
  }

  /** Exchanges that are not finished. */
  get openExchanges(): number {
    return this.#context.streams.size;
  }

  /** Octets of `exchange`, or frames of the whole connection, that were not taken yet. */
  pendingBytes(exchange?: ExchangeId): number {
    return this.#context.sender.pendingBytes + (exchange === undefined ? 0 : this.queuedBytes(exchange));
  }

  /** Octets of `exchange` that wait to be framed: for window, or their turn. What was framed leaves before all that follows. */
  queuedBytes(exchange: ExchangeId): number {
    return this.#context.streams.get(exchange)?.queuedBytes ?? 0;
  }

  /** Octets of content of `exchange` that the windows let go now. */
  windowBytes(exchange: ExchangeId): number {
    const stream = this.#context.streams.get(exchange);
    if (stream === undefined) return 0;
    return Math.max(0, Math.min(stream.sendWindow.available, this.#context.sender.window.available));
  }

  /** Octets of all responses that wait here. */
  get heldBytes(): number {
    const { sender } = this.#context;
    return sender.pendingBytes + sender.queuedBytes;
  }

  /** Octets of the peer's that are kept: of an unfinished frame, of an open field block, in the table of its fields. */
  get retainedBytes(): number {
    return this.#reader.heldBytes + this.#receiver.retainedBytes;
  }

  /** Takes octets of the peer. @param bytes read only; content in the events is a view of it, or of one frame's octets */
  receive(bytes: Uint8Array): ConnectionEvent[] {
    const events = this.#collect();
    if (this.#context.state === 'open') this.#read(bytes);
    return events;
  }

  /** Takes over a connection from HTTP/1.1 before anything else comes: its last request is the one of stream 1. */
  upgrade(request: Upgraded): ConnectionEvent[] {
    const events = this.#collect();
    this.#receiver.upgrade(request);
    return events;
  }

  /** Nothing ever has to wait here. */
  resume(): ConnectionEvent[] {
    return [];
  }

  /** The peer has ended its side: what it has asked for is still answered, what it has begun to ask is not. */
  end(): ConnectionEvent[] {
    const events = this.#collect();
    const { streams } = this.#context;
    for (const stream of [...streams.values()]) if (stream.isArriving) this.#context.abandon(stream);
    if (this.state === 'lingering' || streams.size === 0) this.#context.state = 'closed';
    else if (this.state !== 'aborted') this.#context.state = 'half-closed';
    return events;
  }

  /** The transport is gone: every open exchange is abandoned. */
  fail(): ConnectionEvent[] {
    const events = this.#collect();
    if (this.#context.state !== 'aborted') this.#context.state = 'closed';
    this.#context.abandonAll(undefined);
    return events;
  }

  /** @throws CallerError when the command breaks the rules of a response; nothing is written then */
  send(command: ConnectionCommand): void {
    if (command.kind === 'drain') return this.#context.startDrain();
    const stream = this.#context.streams.get(command.exchange);
    if (command.kind === 'consumed') {
      if (stream === undefined) return;
      // WHY: what was thrown away behind a response has been given back already
      const bytes = Math.min(command.bytes, stream.unreadBytes);
      stream.unreadBytes -= bytes;
      return this.#context.giveBack(stream, bytes);
    }
    if (stream === undefined) throw new CallerError('EXCHANGE_UNKNOWN', String(command.exchange));
    this.#responder.send(stream, command);
  }

  /** Octets to write, in order, about `maxBytes` of them. They are the transport's from now on. */
  take(maxBytes = Number.POSITIVE_INFINITY): Uint8Array[] {
    const { sender, budgets, deadlines, streams } = this.#context;
    const parts = sender.take(maxBytes);
    // WHY: the peer answers what is sent with WINDOW_UPDATE, so sending earns it control frames
    budgets.credit('control', 2 * sender.takeDataFrames());
    for (const part of parts) deadlines.addTaken(part.length);
    if (sender.pendingBytes === 0 && streams.size === 0) {
      if (this.#context.state === 'closing') this.#context.state = 'lingering';
      if (this.#context.state === 'half-closed') this.#context.state = 'closed';
    }
    return parts;
  }

  /** Nothing is ever elsewhere: DATA frames hold their octets. */
  takeSpan(): undefined {
    return undefined;
  }

  /** Time is `nowMs`, on a clock that never goes back. */
  tick(nowMs: number, report: TransportReport = {}): ConnectionEvent[] {
    const events = this.#collect();
    const { budgets, deadlines, drain } = this.#context;
    budgets.tick(nowMs);
    if (drain === 'announced' && deadlines.isDrainOver(nowMs)) this.#context.finishDrain();
    while (this.#tickDeadlines(nowMs, report)) {
      // a stream that is late ends, and may not be the only one
    }
    return events;
  }

  #read(bytes: Uint8Array): void {
    let at = this.#takePreface(bytes);
    while (at < bytes.length && this.#context.state === 'open') {
      const frame = this.#reader.read(bytes, at);
      if (frame === 'more') return this.#receiver.touch(this.#reader.held);
      // RFC9113#4.2 MUST: a frame above SETTINGS_MAX_FRAME_SIZE is FRAME_SIZE_ERROR
      if (frame === 'too-long')
        return this.#context.fail('H2_FRAME_SIZE', { offset: this.#reader.offset, streamId: 0 });
      at = this.#reader.next;
      this.#receiver.receive(frame);
    }
  }

  /** Ends what ran out of time; true when that was one stream. */
  #tickDeadlines(nowMs: number, report: TransportReport): boolean {
    const { deadlines, streams, sender, window, state } = this.#context;
    const late = deadlines.tick(nowMs, report, {
      state,
      hasSettings: this.#receiver.hasSettings,
      block: this.#receiver.block,
      streams: streams.values(),
      openStreams: streams.size,
      requests: streams.count,
      waiting: sender.waitingStreams,
      sendWindowBytes: sender.window.available,
      receiveWindowBytes: window.available,
      sentBytes: sender.sentBytes,
    });
    if (late === 'linger') this.#context.state = 'closed';
    else if (late !== undefined) {
      const isPreface = this.#prefaceBytes < PREFACE_BYTES;
      const offset = isPreface ? this.#offset + this.#prefaceBytes : this.#reader.offset;
      this.#context.fail(late.code, { offset, streamId: late.stream?.id ?? 0 });
      return late.stream !== undefined;
    }
    return false;
  }

  /** Where the events of a call go that does not have them told to a sink. */
  #collect(): ConnectionEvent[] {
    const events: ConnectionEvent[] = [];
    this.#context.sink = this.#sink ?? events;
    return events;
  }

  /** RFC9113#3.4: the server's preface is SETTINGS; the window of the connection can only be widened by WINDOW_UPDATE. */
  #sendPreface(limits: Http2Limits, extendedConnect: boolean): void {
    const settings: SettingPair[] = [
      [SETTING.HEADER_TABLE_SIZE, limits.headerTableBytes],
      [SETTING.MAX_CONCURRENT_STREAMS, limits.concurrentStreams],
      [SETTING.INITIAL_WINDOW_SIZE, limits.streamWindowBytes],
      [SETTING.MAX_FRAME_SIZE, limits.frameBytes],
      [SETTING.MAX_HEADER_LIST_SIZE, limits.headerListBytes],
      [SETTING.NO_RFC7540_PRIORITIES, 1],
    ];
    if (extendedConnect) settings.push([SETTING.ENABLE_CONNECT_PROTOCOL, 1]);
    this.#context.sender.control(encodeSettings(settings));
    this.#context.openWindow();
  }

  /** RFC9113#3.4 MUST: the client's preface begins with 24 fixed octets. Returns the index after what of them is in `bytes`. */
  #takePreface(bytes: Uint8Array): number {
    let at = 0;
    while (this.#prefaceBytes < PREFACE_BYTES && at < bytes.length) {
      const octet = bytes[at] ?? 0;
      if (octet !== PREFACE[this.#prefaceBytes]) {
        this.#context.fail('H2_PREFACE', { offset: this.#offset + this.#prefaceBytes, octet, streamId: 0 });
        return bytes.length;
      }
      this.#prefaceBytes += 1;
      at += 1;
    }
    return at;
  }
}
