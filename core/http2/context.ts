import type { HpackCode } from '../errors/hpack-codes.ts';
import { H2_ERROR, HTTP2_CODES, type Http2Code } from '../errors/http2-codes.ts';
import { type ErrorPlace, ProtocolError } from '../errors/protocol-error.ts';
import type { Http2Limits } from '../limits/http2-limits.ts';
import type { ConnectionEvent, EventSink, TransportState } from '../semantics/exchange.ts';
import { type BudgetName, Budgets } from './budgets.ts';
import { Deadlines } from './deadlines.ts';
import { placeOfFrame } from './diagnose.ts';
import { ReceiveWindow } from './flow.ts';
import type { FrameFailure } from './frame/frame-failure.ts';
import { encodeGoaway } from './frame/goaway.ts';
import { FRAME, type Frame } from './frame/head.ts';
import { encodePing } from './frame/ping.ts';
import { encodeRstStream } from './frame/rst-stream.ts';
import { encodeWindowUpdate } from './frame/window-update.ts';
import { initialPeerSettings } from './peer-settings.ts';
import { FrameSender } from './sender.ts';
import type { Http2Stream } from './stream.ts';
import { type ClosedBy, StreamStore } from './streams.ts';

const INITIAL_WINDOW = 65_535;
const MAX_STREAM_ID = 0x7fffffff;
/** Octets that may still come of a request after its response, before the client is asked to stop. */
const DISCARDED_BYTES = 65_536;

/** Octets of the PING whose answer says that the peer has seen the first GOAWAY of a drain. */
export const DRAIN_PING = Uint8Array.of(0x64, 0x72, 0x61, 0x69, 0x6e, 0x69, 0x6e, 0x67);

/** What receiving and responding share: the streams, the windows, the budgets, and how things end. */
export class Http2Context {
  state: TransportState = 'open';
  /** Not draining; told that it will end; told which request was the last (RFC9113#6.8). */
  drain: 'no' | 'announced' | 'final' = 'no';
  sink: EventSink = [];
  readonly peer = initialPeerSettings();
  readonly streams = new StreamStore();
  readonly window: ReceiveWindow;
  readonly budgets: Budgets;
  readonly deadlines: Deadlines;
  readonly sender: FrameSender;
  /** Answers a stream's error with a status before its reset; set by whoever responds. */
  answer: (stream: Http2Stream, status: number) => void = () => {};
  readonly limits: Http2Limits;
  readonly offersConnect: boolean;
  /** Highest stream whose request was looked at: what a GOAWAY names, and may never raise (RFC9113#6.8). */
  lastServedId = 0;
  readonly #answersMalformed: boolean;

  constructor(limits: Http2Limits, offersConnect: boolean, answersMalformed: boolean) {
    this.limits = limits;
    this.offersConnect = offersConnect;
    this.#answersMalformed = answersMalformed;
    this.window = new ReceiveWindow(INITIAL_WINDOW, limits.connectionWindowBytes);
    this.budgets = new Budgets(limits);
    this.deadlines = new Deadlines(limits);
    this.sender = new FrameSender(this.peer, (stream) => this.endResponse(stream));
  }

  tell(event: ConnectionEvent): void {
    this.sink.push(event);
  }

  /** Charges a budget; false when it was spent, which ends the connection. */
  charge(name: BudgetName, frame: Frame): boolean {
    const code = this.budgets.charge(name);
    if (code !== undefined) this.failFrame(frame, code);
    return code === undefined;
  }

  /** Queues the answer to a control frame, unless too many wait unread already. */
  answerControl(answer: Uint8Array, frame: Frame): void {
    if (frame.type === FRAME.SETTINGS) this.sender.settingsAck(answer);
    else this.sender.control(answer);
    if (this.sender.controlBytes > this.limits.queuedControlBytes) this.failFrame(frame, 'H2_BUDGET_QUEUE');
  }

  /** Gives the peer the whole window of the connection. */
  openWindow(): void {
    const increment = this.window.open();
    if (increment > 0) this.sender.control(encodeWindowUpdate(0, increment));
  }

  /** Octets of DATA that were read, or thrown away: the peer may send as many again, on the connection. */
  giveConnection(bytes: number): void {
    const increment = this.window.give(bytes);
    if (increment > 0) this.sender.control(encodeWindowUpdate(0, increment));
  }

  /** The same on a stream and the connection. */
  giveBack(stream: Http2Stream, bytes: number): void {
    if (bytes === 0) return;
    this.giveConnection(bytes);
    const increment = stream.isArriving ? stream.receiveWindow.give(bytes) : 0;
    if (increment > 0) this.sender.control(encodeWindowUpdate(stream.id, increment));
  }

  /** The last frame of a response was written. */
  endResponse(stream: Http2Stream): void {
    stream.enter('send-end');
    if (stream.state === 'closed') return this.close(stream, 'end');
    this.discard(stream);
    const left = (stream.head.contentLength ?? 0) - stream.receivedBytes;
    // RFC9113#8.1 MAY: much that is left of a request is asked for no more once it was answered
    if (stream.awaitsContinue || left > DISCARDED_BYTES) this.reset(stream, H2_ERROR.NO_ERROR);
  }

  /** Throws away what came of an answered request; a client that goes on and on is asked to stop. */
  discard(stream: Http2Stream): void {
    stream.discardedBytes += stream.unreadBytes;
    this.giveBack(stream, stream.unreadBytes);
    stream.unreadBytes = 0;
    if (stream.discardedBytes > DISCARDED_BYTES) this.reset(stream, H2_ERROR.NO_ERROR);
  }

  /** Takes a stream out of the open ones; content that nobody will read any more is given back. */
  close(stream: Http2Stream, by: ClosedBy): void {
    this.sender.drop(stream);
    this.streams.close(stream.id, by);
    this.giveConnection(stream.unreadBytes);
    stream.unreadBytes = 0;
    if (this.streams.size === 0 && this.drain === 'final' && this.state === 'open') this.state = 'closing';
  }

  /** Ends a stream from this side. */
  reset(stream: Http2Stream, error: number): void {
    stream.enter('send-rst');
    this.sender.inOrder(encodeRstStream(stream.id, error));
    this.close(stream, 'own-reset');
  }

  /** Ends a stream whose request can no longer come to its end. */
  abandon(stream: Http2Stream): void {
    this.tell({ kind: 'abandoned', exchange: stream.id, error: undefined });
    if (this.streams.get(stream.id) === stream) this.reset(stream, H2_ERROR.CANCEL);
  }

  /** A request that came too late, or too early to know better: the client may try it again (RFC9113#8.7). */
  refuse(streamId: number, frame: Frame): void {
    if (!this.charge('late', frame)) return;
    this.streams.close(streamId, 'own-reset');
    this.sender.inOrder(encodeRstStream(streamId, H2_ERROR.REFUSED_STREAM));
  }

  /** RFC9113#6.8: first a GOAWAY that names no last stream, so that requests under way are not lost; a PING tells when it was seen. */
  startDrain(): void {
    if (this.drain !== 'no' || this.state !== 'open') return;
    this.drain = 'announced';
    this.deadlines.startDrain();
    this.sender.control(encodeGoaway(MAX_STREAM_ID, H2_ERROR.NO_ERROR));
    this.sender.control(encodePing(DRAIN_PING, false));
  }

  finishDrain(): void {
    // WHY: the GOAWAY of an error is the last one
    if (this.state !== 'open' && this.state !== 'half-closed') return;
    this.drain = 'final';
    this.sender.control(encodeGoaway(this.lastServedId, H2_ERROR.NO_ERROR));
    if (this.streams.size === 0 && this.state === 'open') this.state = 'closing';
  }

  /** Fails what a frame is about: its stream, or the connection. */
  failFrame(frame: Frame, code: Http2Code, { at }: Partial<FrameFailure> = {}): void {
    this.fail(code, placeOfFrame(frame, at));
  }

  /** Fails the connection, or the stream of `place`. */
  fail(code: Http2Code | HpackCode, place: ErrorPlace): void {
    const error = new ProtocolError(code, place);
    const spec: { readonly scope?: string; readonly h2?: number } = isHttp2Code(code) ? HTTP2_CODES[code] : {};
    if (spec.scope === 'stream') this.#endStream(place, error, spec.h2 ?? H2_ERROR.PROTOCOL_ERROR);
    // RFC9113#4.3 MUST: a block that cannot be decoded is COMPRESSION_ERROR
    else this.#endConnection(error, spec.h2 ?? H2_ERROR.COMPRESSION_ERROR);
  }

  /** No exchange will go on. */
  abandonAll(error: ProtocolError | undefined): void {
    for (const stream of [...this.streams.values()]) {
      this.sender.drop(stream);
      this.streams.close(stream.id, 'own-reset');
      this.tell({ kind: 'abandoned', exchange: stream.id, error });
    }
  }

  /** RFC9113#5.4.1: GOAWAY, then the connection ends. */
  #endConnection(error: ProtocolError, h2: number): void {
    const isHopeless = error.code === 'H2_WRITE_TIMEOUT' && this.state !== 'aborted';
    if (this.state !== 'open' && this.state !== 'half-closed' && !isHopeless) return;
    this.tell({ kind: 'error', error });
    this.state = isHopeless ? 'aborted' : 'closing';
    this.abandonAll(error);
    this.sender.last(encodeGoaway(this.lastServedId, h2, error.code));
  }

  /** RFC9113#5.4.2: RST_STREAM; the peer pays for it, because it has made this side do it. */
  #endStream(place: ErrorPlace, error: ProtocolError, h2: number): void {
    const { streamId = 0 } = place;
    // RFC9113#6.4 MUST: no RST_STREAM for an idle stream, so its error is the connection's (RFC9113#5.4.2)
    if (this.streams.isIdle(streamId)) return this.#endConnection(error, h2);
    this.tell({ kind: 'error', error });
    const budget = this.budgets.charge('selfResets');
    if (budget !== undefined) return this.fail(budget, place);
    const stream = this.streams.get(streamId);
    if (stream === undefined) {
      // RFC9113#5.4.2 SHOULD NOT: a stream is reset once
      if (this.streams.isRemembered(streamId) && this.streams.closedBy(streamId) === 'own-reset') return;
      this.streams.close(streamId, 'own-reset');
      this.sender.inOrder(encodeRstStream(streamId, h2));
      return;
    }
    this.tell({ kind: 'abandoned', exchange: streamId, error });
    const { status } = error;
    const isAnswered =
      status !== 'close' && (status !== 400 || this.#answersMalformed) && stream.response === 'waiting';
    if (isAnswered && this.streams.get(streamId) === stream) this.answer(stream, status);
    if (this.streams.get(streamId) === stream) this.reset(stream, isAnswered ? H2_ERROR.NO_ERROR : h2);
  }
}

function isHttp2Code(code: Http2Code | HpackCode): code is Http2Code {
  return Object.hasOwn(HTTP2_CODES, code);
}
