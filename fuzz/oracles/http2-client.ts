/**
 * The client's view of a connection: what it has sent and what it was sent, read with none of the core's code. Every frame of
 * the server's has to be one that RFC9113 lets it send now, and the windows that both sides keep have to be the same.
 */
import type { Http2Limits } from '../../core/sans-io.ts';
import { FLAG, HEAD_BYTES, splitPayload, TYPE, type WireFrame } from '../grammar/http2-frames.ts';
import { readUint } from '../grammar/octets.ts';
import { brokenRule, incrementOf, settingsOf, streamOf } from './http2-frame-rules.ts';
import type { Http2Owner, Onlooker } from './http2-owner.ts';
import { ResponseBlocks } from './http2-response-blocks.ts';
import type { ClientFrame, Script } from './http2-script.ts';
import { OracleError } from './oracle-error.ts';

const INITIAL_WINDOW = 65_535;
/** Codes of RFC9113#7. */
const LAST_ERROR = 0xd;

/** A stream as its client sees it. */
interface StreamView {
  /** What the server may still send. */
  sendWindow: number;
  /** What the client may still send. */
  receiveWindow: number;
  isEnded: boolean;
  /** The client has reset it: what was on its way still comes. */
  isCancelled: boolean;
  answer: 'none' | 'content' | 'ended' | 'reset';
  /** Of the final head. */
  status: number | undefined;
  contentLength: number | undefined;
  contentBytes: number;
}

/** Looks on while a script is carried out. */
export class ClientView implements Onlooker {
  readonly streams = new Map<number, StreamView>();
  /** What the server may still send on the connection. */
  sendWindow = INITIAL_WINDOW;
  /** What the client may still send on the connection. */
  receiveWindow = INITIAL_WINDOW;
  initialWindow = INITIAL_WINDOW;
  lastStream = 0;
  /** Content that was ever received. */
  contentBytes = 0;
  /** Code of the last GOAWAY, and what it says of its cause. */
  goaway: { readonly error: number; readonly debug: string } | undefined;
  #lastServed = 0x7fff_ffff;
  #maxFrame = 16_384;
  readonly #blocks = new ResponseBlocks();
  readonly #limits: Http2Limits;
  readonly #frames: readonly ClientFrame[];
  #next = 0;
  readonly #settings: WireFrame[] = [];
  readonly #pings: string[] = [];
  #rest = '';
  #block: { readonly stream: number; octets: string; readonly isEnd: boolean } | undefined;
  #isGreeted = false;
  #isBlockOpen = false;
  /** The stream that the client's open block ends. */
  #ending: number | undefined;

  constructor({ frames }: Script, limits: Http2Limits) {
    this.#frames = frames;
    this.#limits = limits;
  }

  /** Whether the client is between two messages' frames: none is cut, no block is open. */
  get isAtRest(): boolean {
    return this.#next === this.#frames.length && !this.#isBlockOpen && this.#isGreeted;
  }

  /** Size of the connection's window towards the client. */
  get connectionWindow(): number {
    return this.#limits.connectionWindowBytes;
  }

  sent(offset: number): void {
    for (
      let frame = this.#frames[this.#next];
      frame?.isWhole && frame.end <= offset;
      frame = this.#frames[this.#next]
    ) {
      this.#next++;
      this.noteSent(frame);
    }
  }

  /** One frame of the client's has been given. */
  noteSent(frame: WireFrame): void {
    const stream = streamOf(frame);
    const isEnd = (frame.flags & FLAG.END_STREAM) !== 0;
    const isEndHeaders = (frame.flags & FLAG.END_HEADERS) !== 0;
    if (frame.type === TYPE.HEADERS || frame.type === TYPE.CONTINUATION) this.#isBlockOpen = !isEndHeaders;
    if (brokenRule(frame) !== undefined) return;
    const view = this.streams.get(stream);
    switch (frame.type) {
      case TYPE.HEADERS:
        if (stream % 2 === 1 && stream > this.lastStream) this.#open(stream);
        this.#ending = isEnd ? stream : undefined;
        if (isEndHeaders) this.#endBlock();
        break;
      case TYPE.CONTINUATION:
        if (isEndHeaders) this.#endBlock();
        break;
      case TYPE.DATA:
        this.receiveWindow -= frame.payload.length;
        if (view !== undefined) view.receiveWindow -= frame.payload.length;
        if (isEnd) this.#end(stream);
        break;
      case TYPE.RST_STREAM:
        this.#end(stream);
        if (view !== undefined) view.isCancelled = true;
        break;
      case TYPE.SETTINGS:
        if ((frame.flags & FLAG.ACK) === 0) this.#settings.push(frame);
        break;
      case TYPE.PING:
        if ((frame.flags & FLAG.ACK) === 0) this.#pings.push(frame.payload);
        break;
      case TYPE.WINDOW_UPDATE:
        if (stream === 0) this.sendWindow += incrementOf(frame);
        else if (view !== undefined) view.sendWindow += incrementOf(frame);
        break;
      default:
    }
  }

  took(output: string, isAll: boolean, owner: Http2Owner): void {
    this.received(output);
    this.#assertAgreement(isAll, owner);
  }

  /** Octets of the server's have come. */
  received(output: string): void {
    this.#rest += output;
    while (this.#rest.length >= HEAD_BYTES) {
      const length = readUint(this.#rest, 0, 3);
      if (this.#rest.length < HEAD_BYTES + length) break;
      const stream = readUint(this.#rest, 5, 4);
      const payload = this.#rest.slice(HEAD_BYTES, HEAD_BYTES + length);
      const [type, flags] = [this.#rest.charCodeAt(3), this.#rest.charCodeAt(4)];
      this.#rest = this.#rest.slice(HEAD_BYTES + length);
      this.#noteReceived({ declared: undefined, type, flags, stream, payload });
    }
  }

  /** When all was taken, both sides know the same exchanges and windows. */
  #assertAgreement(isAll: boolean, owner: Http2Owner): void {
    if (!isAll || owner.connection.state !== 'open') return;
    if (this.#rest !== '' || this.#block !== undefined)
      broken('cut', 'all was taken, and a frame or block is not whole');
    const open = [...owner.told].filter((stream) => this.#isOpen(stream, owner)).length;
    if (open !== owner.connection.openExchanges) {
      broken('streams', `${owner.connection.openExchanges} exchanges are open, in the client's view ${open}`);
    }
    this.#assertWindows(owner);
  }

  /** Octets of the connection's window that the server keeps back, though they were read or thrown away. */
  withheld(owner: Http2Owner): number {
    const { told, unread } = owner;
    let left = this.#limits.connectionWindowBytes - this.receiveWindow;
    for (const stream of told)
      if (this.#isOpen(stream, owner) && !this.#isAnswered(stream, owner)) left -= unread.get(stream) ?? 0;
    return left;
  }

  /** RFC9113#6.9: what was read is given back, half a window at most late; what waits goes out as far as windows allow. */
  #assertWindows(owner: Http2Owner): void {
    const { connectionWindowBytes, streamWindowBytes } = this.#limits;
    assertWithheld(this.withheld(owner), connectionWindowBytes, 'connection');
    for (const stream of owner.told) {
      const view = this.streams.get(stream);
      if (view === undefined || !this.#isOpen(stream, owner)) continue;
      if (!view.isEnded && !this.#isAnswered(stream, owner)) {
        assertWithheld(
          streamWindowBytes - view.receiveWindow - (owner.unread.get(stream) ?? 0),
          streamWindowBytes,
          'stream',
        );
      }
      const isWaiting = owner.connection.pendingBytes(stream) > owner.connection.pendingBytes();
      if (isWaiting && this.sendWindow > 0 && view.sendWindow > 0) {
        broken(
          'stalled',
          `content waits, though ${this.sendWindow} octets of the connection and ${view.sendWindow} of the stream may go`,
        );
      }
    }
  }

  #isOpen(stream: number, owner: Http2Owner): boolean {
    const view = this.streams.get(stream);
    if (view === undefined || view.isCancelled || view.answer === 'reset') return false;
    return !(view.isEnded && this.#isAnswered(stream, owner));
  }

  /** A head may end the stream on the wire; the exchange goes on until its owner has ended it too. */
  #isAnswered(stream: number, { endedAt }: Http2Owner): boolean {
    return this.streams.get(stream)?.answer === 'ended' && endedAt.has(stream);
  }

  #noteReceived(frame: WireFrame): void {
    const stream = streamOf(frame);
    if (frame.stream !== stream) broken('reserved', 'the reserved bit is set');
    if (frame.payload.length > this.#maxFrame) broken('size', `a frame of ${frame.payload.length} octets`);
    const code = frame.type === TYPE.WINDOW_UPDATE && stream > 0 ? undefined : brokenRule(frame);
    if (code !== undefined) broken(code, `the server's own frame breaks a rule: ${code}`);
    if (!this.#isGreeted && (frame.type !== TYPE.SETTINGS || (frame.flags & FLAG.ACK) !== 0)) {
      broken('preface', "the server's first frame is not SETTINGS");
    }
    this.#isGreeted = true;
    if (this.#block !== undefined && frame.type !== TYPE.CONTINUATION) broken('block', 'a block is interrupted');
    if (this.goaway !== undefined && this.goaway.error !== 0)
      broken('goaway', 'a frame comes behind the GOAWAY of an error');
    switch (frame.type) {
      case TYPE.DATA:
        return this.#onData(stream, frame);
      case TYPE.HEADERS:
      case TYPE.CONTINUATION:
        return this.#onBlock(stream, frame);
      case TYPE.RST_STREAM:
        return this.#onReset(stream, readUint(frame.payload, 0, 4));
      case TYPE.SETTINGS:
        if ((frame.flags & FLAG.ACK) !== 0) this.#onAcknowledged();
        return;
      case TYPE.PING:
        if ((frame.flags & FLAG.ACK) !== 0 && this.#pings.shift() !== frame.payload)
          broken('ping', 'a PING is answered that was not sent');
        return;
      case TYPE.GOAWAY:
        return this.#onGoaway(frame.payload);
      case TYPE.WINDOW_UPDATE:
        return this.#onWindow(stream, incrementOf(frame));
      default:
        return broken('type', `a frame of type ${frame.type}`);
    }
  }

  #onData(stream: number, { flags, payload }: WireFrame): void {
    const view = this.#answering(stream);
    if (view.answer !== 'content') broken('order', 'content without a head');
    this.sendWindow -= payload.length;
    view.sendWindow -= payload.length;
    view.contentBytes += payload.length;
    this.contentBytes += payload.length;
    if (payload.length > 0 && this.sendWindow < 0) broken('flow', 'more than the window of the connection was sent');
    if (payload.length > 0 && view.sendWindow < 0) broken('flow', 'more than the window of the stream was sent');
    if ((flags & FLAG.END_STREAM) !== 0) this.#finish(view);
  }

  #onBlock(stream: number, frame: WireFrame): void {
    if (frame.type === TYPE.HEADERS) {
      this.#block = { stream, octets: splitPayload(frame).content, isEnd: (frame.flags & FLAG.END_STREAM) !== 0 };
    } else {
      if (this.#block?.stream !== stream) return broken('block', 'a block goes on that did not begin');
      this.#block = { ...this.#block, octets: this.#block.octets + frame.payload };
    }
    if ((frame.flags & FLAG.END_HEADERS) === 0) return;
    const { octets, isEnd } = this.#block;
    this.#block = undefined;
    const view = this.#answering(stream);
    const isTrailers = view.answer === 'content';
    const { status = 0, contentLength } = this.#blocks.read(octets, !isTrailers);
    if (isTrailers && !isEnd) broken('order', 'trailers that do not end the stream');
    if (!isTrailers && status < 200 && isEnd) broken('order', 'an interim response that ends the stream');
    if (!isTrailers && status >= 200) {
      view.answer = 'content';
      view.status = status;
      view.contentLength = contentLength;
    }
    if (isEnd) this.#finish(view);
  }

  #finish(view: StreamView): void {
    view.answer = 'ended';
    // A length that is all of an answer says what GET would get, or what was not changed
    if (view.contentBytes === 0) return;
    if (view.contentLength !== undefined && view.contentLength !== view.contentBytes) {
      broken('length', `content of ${view.contentBytes} octets was announced as ${view.contentLength}`);
    }
  }

  #onReset(stream: number, error: number): void {
    const view = this.streams.get(stream);
    if (view === undefined && stream > this.lastStream) broken('idle', 'a stream is reset that was never opened');
    if (error > LAST_ERROR) broken('error', `RST_STREAM with the error ${error}`);
    if (view !== undefined) view.answer = 'reset';
  }

  /** RFC9113#6.5.3: from here on the server obeys the settings that it acknowledges. */
  #onAcknowledged(): void {
    const frame = this.#settings.shift();
    if (frame === undefined) return broken('settings', 'settings are acknowledged that were not sent');
    for (const { id, value } of settingsOf(frame)) {
      if (id === 1) this.#blocks.allow(value);
      if (id === 5) this.#maxFrame = value;
      if (id !== 4) continue;
      for (const view of this.streams.values()) view.sendWindow += value - this.initialWindow;
      this.initialWindow = value;
    }
  }

  #onGoaway(payload: string): void {
    const last = readUint(payload, 0, 4);
    const error = readUint(payload, 4, 4);
    if (last > this.#lastServed) broken('goaway', 'a later GOAWAY names a higher stream');
    if (error > LAST_ERROR) broken('goaway', `GOAWAY with the error ${error}`);
    this.#lastServed = last;
    this.goaway = { error, debug: payload.slice(8) };
  }

  #onWindow(stream: number, increment: number): void {
    const view = this.streams.get(stream);
    if (increment === 0) broken('window', 'a window is widened by nothing');
    if (stream === 0) this.receiveWindow += increment;
    else if (view !== undefined) view.receiveWindow += increment;
    else if (stream > this.lastStream) broken('idle', 'the window of a stream that was never opened');
  }

  /** A stream whose answer may go on. */
  #answering(stream: number): StreamView {
    const view = this.streams.get(stream);
    if (view === undefined) return broken('idle', 'an answer to what was not asked');
    if (view.answer === 'ended' || view.answer === 'reset')
      return broken('order', `more of an answer that was ${view.answer}`);
    return view;
  }

  #open(stream: number): void {
    this.lastStream = stream;
    this.streams.set(stream, {
      sendWindow: this.initialWindow,
      receiveWindow: this.#limits.streamWindowBytes,
      isEnded: false,
      isCancelled: false,
      answer: 'none',
      status: undefined,
      contentLength: undefined,
      contentBytes: 0,
    });
  }

  #endBlock(): void {
    if (this.#ending !== undefined) this.#end(this.#ending);
    this.#ending = undefined;
  }

  #end(stream: number): void {
    const view = this.streams.get(stream);
    if (view !== undefined) view.isEnded = true;
  }
}

function assertWithheld(bytes: number, size: number, of: string): void {
  if (bytes < 0) broken('window', `the window of the ${of} is wider than it may be`);
  if (bytes * 2 >= size) broken('leak', `${bytes} octets of the window of the ${of} were read and not given back`);
}

function broken(state: string, message: string): never {
  throw new OracleError('client', message, { state });
}
