import { HpackDecoder } from '../hpack/decoder.ts';
import type { HeaderField } from '../hpack/field-entry.ts';
import { FieldLines } from '../semantics/field.ts';
import { FieldBlock } from './block.ts';
import { DRAIN_PING, type Http2Context } from './context.ts';
import { placeOfFailure, placeOfField } from './diagnose.ts';
import { parseData } from './frame/data.ts';
import type { FrameFailure } from './frame/frame-failure.ts';
import { parseGoaway } from './frame/goaway.ts';
import { encodeFrame, FLAG, FRAME, Frame } from './frame/head.ts';
import { parseHeaders } from './frame/headers.ts';
import { encodePing, parsePing } from './frame/ping.ts';
import { parsePriority as parsePriorityFrame } from './frame/priority.ts';
import { parsePriorityUpdate } from './frame/priority-update.ts';
import type { HeldFrame } from './frame/reader.ts';
import { parseRstStream } from './frame/rst-stream.ts';
import { encodeSettingsAck, parseSettings, SETTING, type SettingPair } from './frame/settings.ts';
import { parseWindowUpdate } from './frame/window-update.ts';
import { applySetting } from './peer-settings.ts';
import { DEFAULT_PRIORITY, EarlyPriorities, parsePriority } from './priority.ts';
import { RepeatedHeads } from './repeated-heads.ts';
import { type Http2RequestHead, type MalformedRequest, parseRequest, parseTrailers, type Upgraded } from './request.ts';
import { Http2Stream } from './stream.ts';

/** Stands for a request whose field list was refused, so that it can be answered. */
const REFUSED_REQUEST: Http2RequestHead = {
  method: 'GET',
  target: { form: 'origin', path: '/', query: undefined },
  rawTarget: '/',
  scheme: undefined,
  protocol: 'HTTP/2.0',
  fields: FieldLines.NONE,
  host: undefined,
  expectation: 'none',
  contentLength: undefined,
  priority: DEFAULT_PRIORITY,
  tunnelProtocol: undefined,
};

/** What a table holds until the peer has acknowledged SETTINGS (RFC9113#6.5.2). */
const INITIAL_TABLE_BYTES = 4_096;

/** Understands the peer's frames, one at a time (RFC9113#5, RFC9113#6, RFC9113#8). */
export class FrameReceiver {
  /** The peer's first SETTINGS has come. */
  hasSettings = false;
  /** A field block that has begun and not ended. */
  block: FieldBlock | undefined;
  readonly #early = new EarlyPriorities();
  readonly #heads = new RepeatedHeads();
  readonly #context: Http2Context;
  readonly #decoder: HpackDecoder;

  constructor(context: Http2Context) {
    this.#context = context;
    const { headerListBytes, fieldCount } = context.limits;
    this.#decoder = new HpackDecoder({ tableBytes: INITIAL_TABLE_BYTES, listBytes: headerListBytes, fieldCount });
  }

  /** Octets that an open field block and the table take. */
  get retainedBytes(): number {
    return (this.block?.bytes.length ?? 0) + this.#decoder.tableSize;
  }

  /** Octets of an unfinished frame have come: its head, once that is known. */
  touch(held: HeldFrame | undefined): void {
    const { deadlines, streams } = this.#context;
    if (held?.type === FRAME.HEADERS || held?.type === FRAME.CONTINUATION) deadlines.partialSince ??= deadlines.peerMs;
    const stream = held?.type === FRAME.DATA ? streams.get(held.streamId) : undefined;
    if (held === undefined || stream === undefined) return;
    deadlines.touch(stream);
    stream.partialBytes = held.payloadBytes;
  }

  /** Takes one frame. */
  receive(frame: Frame): void {
    this.#take(frame);
    this.#context.deadlines.partialSince = undefined;
  }

  #take(frame: Frame): void {
    if (!this.hasSettings) {
      // RFC9113#3.4 MUST: the first frame is SETTINGS, and no acknowledgement
      const isFirst = frame.type === FRAME.SETTINGS && (frame.flags & FLAG.ACK) === 0;
      if (!isFirst) return this.#context.failFrame(frame, 'H2_FIRST_FRAME');
      this.hasSettings = true;
    }
    if (this.block !== undefined && (frame.type !== FRAME.CONTINUATION || frame.streamId !== this.block.streamId)) {
      return this.#context.failFrame(frame, 'H2_BLOCK_INTERRUPTED');
    }
    switch (frame.type) {
      case FRAME.DATA:
        return this.#onData(frame);
      case FRAME.HEADERS:
        return this.#onHeaders(frame);
      case FRAME.CONTINUATION:
        return this.#onContinuation(frame);
      case FRAME.RST_STREAM:
        return this.#onRstStream(frame);
      case FRAME.SETTINGS:
        return this.#onSettings(frame);
      case FRAME.PING:
        return this.#onPing(frame);
      case FRAME.GOAWAY:
        return this.#onGoaway(frame);
      case FRAME.WINDOW_UPDATE:
        return this.#onWindowUpdate(frame);
      case FRAME.PRIORITY:
        return this.#onPriority(frame);
      case FRAME.PRIORITY_UPDATE:
        return this.#onPriorityUpdate(frame);
      case FRAME.PUSH_PROMISE:
        // RFC9113#8.4 MUST: a client never pushes
        return this.#context.failFrame(frame, 'H2_PUSH_PROMISE');
      default:
        // RFC9113#4.1 MUST: unknown types are ignored
        this.#context.charge('unknown', frame);
    }
  }

  /** Opens stream 1 with a request that came over HTTP/1.1, half-closed as its client has said all of it. */
  upgrade({ head, settings, offset }: Upgraded): void {
    const octets = encodeFrame(FRAME.SETTINGS, 0, 0, settings);
    const frame = new Frame(octets, 0, octets.length, offset);
    const pairs = parseSettings(frame);
    if (pairs === 'ack' || 'code' in pairs) return;
    const failure = this.#settingsFailure(pairs);
    // WHY: the place is the request's, because no octet of the field's decoded value has one
    if (failure !== undefined) return this.#context.failFrame(frame, failure.code);
    const http2Head = { ...head, contentLength: undefined, priority: DEFAULT_PRIORITY, tunnelProtocol: undefined };
    const stream = this.#newStream(1, http2Head);
    this.#context.streams.lastId = 1;
    this.#context.lastServedId = 1;
    stream.enter('recv-headers-end');
    this.#context.streams.add(stream);
    this.#context.tell({ kind: 'request', exchange: 1, head: http2Head, offset });
    if (this.#context.streams.get(1) === stream) this.#complete(stream, frame, FieldLines.NONE);
  }

  #onData(frame: Frame): void {
    const span = parseData(frame);
    if ('code' in span) return this.#context.failFrame(frame, span.code, span);
    const contentBytes = span.to - span.from;
    if (this.#context.streams.isIdle(frame.streamId)) return this.#context.failFrame(frame, 'H2_DATA_IDLE');
    const { length } = frame;
    // RFC9113#6.9 MUST: every octet of the payload counts, for closed streams too
    if (!this.#context.window.take(length)) return this.#context.failFrame(frame, 'H2_FLOW_CONNECTION');
    const isEnd = (frame.flags & FLAG.END_STREAM) !== 0;
    if (contentBytes === 0 && !isEnd && !this.#context.charge('empty', frame)) return;
    const stream = this.#context.streams.get(frame.streamId);
    if (stream === undefined) {
      this.#context.giveConnection(length);
      return this.#onLateFrame(frame);
    }
    const isAllowed = stream.isArriving && stream.receiveWindow.take(length);
    if (!isAllowed) {
      this.#context.giveConnection(length);
      return this.#context.failFrame(frame, stream.isArriving ? 'H2_FLOW_STREAM' : 'H2_DATA_CLOSED');
    }
    this.#context.giveBack(stream, length - contentBytes);
    if (contentBytes > 0) this.#takeContent(stream, frame.bytes.subarray(span.from, span.to), frame, span.from);
    if (isEnd && this.#context.streams.get(stream.id) === stream) this.#endRequest(stream, FieldLines.NONE, frame);
  }

  #takeContent(stream: Http2Stream, content: Uint8Array, frame: Frame, at: number): void {
    stream.partialBytes = 0;
    stream.receivedBytes += content.length;
    stream.unreadBytes += content.length;
    this.#context.deadlines.touch(stream);
    const { contentLength } = stream.head;
    // RFC9113#8.1.1 MUST: content that does not match Content-Length is malformed
    if (contentLength !== undefined && stream.receivedBytes > contentLength) {
      return this.#context.failFrame(frame, 'H2_LENGTH_MISMATCH');
    }
    if (stream.receivedBytes > this.#context.limits.contentBytes)
      return this.#context.failFrame(frame, 'H2_CONTENT_BYTES');
    if (stream.state === 'half-closed-local') return this.#context.discard(stream);
    this.#context.tell({ kind: 'content', exchange: stream.id, bytes: content, offset: frame.offsetOf(at) });
  }

  #onHeaders(frame: Frame): void {
    const payload = parseHeaders(frame);
    if ('code' in payload) return this.#context.failFrame(frame, payload.code, payload);
    // RFC9113#5.1.1 MUST: clients use odd identifiers
    if (frame.streamId % 2 === 0) return this.#context.failFrame(frame, 'H2_STREAM_PARITY');
    const isEndHeaders = (frame.flags & FLAG.END_HEADERS) !== 0;
    if (payload.from === payload.to && !isEndHeaders && !this.#context.charge('empty', frame)) return;
    const { deadlines, limits } = this.#context;
    if (payload.to - payload.from > limits.blockBytes) return this.#context.failFrame(frame, 'H2_BUDGET_CONTINUATION');
    const block = new FieldBlock(frame, payload, deadlines.partialSince ?? deadlines.peerMs);
    if (isEndHeaders) return this.#onBlock(block, frame);
    block.keep();
    this.block = block;
  }

  #onContinuation(frame: Frame): void {
    const block = this.block;
    if (block === undefined) return this.#context.failFrame(frame, 'H2_CONTINUATION_STRAY');
    const isEndHeaders = (frame.flags & FLAG.END_HEADERS) !== 0;
    if (frame.length === 0 && !isEndHeaders && !this.#context.charge('empty', frame)) return;
    if (!block.append(frame, this.#context.limits)) return this.#context.failFrame(frame, 'H2_BUDGET_CONTINUATION');
    if (!isEndHeaders) return;
    this.block = undefined;
    this.#onBlock(block, frame);
  }

  /** RFC9113#4.3 MUST: a block is decoded whatever becomes of its stream, so that the tables stay in step. */
  #onBlock(block: FieldBlock, frame: Frame): void {
    const { tableVersion } = this.#decoder;
    const isNew = block.streamId > this.#context.streams.lastId;
    const known = isNew ? this.#heads.find(block, tableVersion) : undefined;
    if (known !== undefined) {
      if (this.#mayOpen(block.streamId, frame)) this.#openStream(known, block, frame);
      return;
    }
    const decoded = this.#decoder.decode(block.bytes, block.from, block.to);
    if ('code' in decoded) {
      return this.#context.fail(decoded.code, placeOfFailure(block, decoded));
    }
    const stream = this.#context.streams.get(block.streamId);
    if (stream !== undefined) return this.#onTrailers(stream, decoded.fields, decoded.isOverLimit, block, frame);
    if (!isNew) return this.#onLateHeaders(frame);
    if (!this.#mayOpen(block.streamId, frame)) return;
    const parsed = decoded.isOverLimit ? undefined : parseRequest(decoded.fields, this.#context.offersConnect);
    const isRepeatable = parsed !== undefined && !('code' in parsed) && this.#decoder.tableVersion === tableVersion;
    if (isRepeatable) this.#heads.keep(block, tableVersion, parsed);
    this.#openStream(parsed, block, frame);
  }

  /** Whether a request with an identifier above all others is looked at; if not, it was refused. */
  #mayOpen(streamId: number, frame: Frame): boolean {
    const { streams, limits, deadlines, drain } = this.#context;
    streams.lastId = streamId;
    // RFC9113#6.8: requests above the last stream of a GOAWAY are not worked on
    if (drain === 'final') this.#context.refuse(streamId, frame);
    else if (streams.size < limits.concurrentStreams) return true;
    // RFC9113#5.1.2: who has not acknowledged the limit is refused as well, but has broken nothing
    else if (!deadlines.isAcknowledged) this.#context.refuse(streamId, frame);
    else this.#context.failFrame(frame, 'H2_STREAM_LIMIT');
    return false;
  }

  /** Opens a stream with its request: what was parsed, or `undefined` where the list was over its limit. */
  #openStream(parsed: Http2RequestHead | MalformedRequest | undefined, block: FieldBlock, frame: Frame): void {
    const head = parsed !== undefined && !('code' in parsed) ? parsed : REFUSED_REQUEST;
    const { requestsPerConnection } = this.#context.limits;
    const stream = this.#newStream(block.streamId, head);
    stream.enter(block.isEndStream ? 'recv-headers-end' : 'recv-headers');
    this.#context.streams.add(stream);
    this.#context.lastServedId = stream.id;
    this.#early.apply(stream);
    if (block.dependsOnItself && this.#heedsSelf) return this.#context.failFrame(frame, 'H2_PRIORITY_SELF');
    if (parsed === undefined) return this.#context.failFrame(frame, 'H2_LIST_BYTES');
    if ('code' in parsed) return this.#failField(block, frame, parsed);
    if ((parsed.contentLength ?? 0) > this.#context.limits.contentBytes)
      return this.#context.failFrame(frame, 'H2_CONTENT_BYTES');
    // RFC9113#8.1.1 MUST: a request that ends with its head has no content
    const isShort = block.isEndStream && (parsed.contentLength ?? 0) > 0;
    if (isShort) return this.#context.failFrame(frame, 'H2_LENGTH_MISMATCH');
    if (this.#context.streams.count >= requestsPerConnection) this.#context.startDrain();
    this.#context.tell({ kind: 'request', exchange: stream.id, head: parsed, offset: block.offset });
    if (block.isEndStream && this.#context.streams.get(stream.id) === stream)
      this.#complete(stream, frame, FieldLines.NONE);
  }

  /** Fails a stream for one of its fields, or for want of one. */
  #failField(block: FieldBlock, frame: Frame, malformed: MalformedRequest): void {
    const place = placeOfField(block, malformed);
    if (place === undefined) this.#context.failFrame(frame, malformed.code);
    else this.#context.fail(malformed.code, place);
  }

  #newStream(id: number, head: Http2RequestHead): Http2Stream {
    const { limits, peer, deadlines } = this.#context;
    return new Http2Stream(id, head, limits.streamWindowBytes, peer.initialWindowBytes, deadlines.peerMs);
  }

  #onTrailers(
    stream: Http2Stream,
    fields: readonly HeaderField[],
    isOverLimit: boolean,
    block: FieldBlock,
    frame: Frame,
  ): void {
    // RFC9113#5.1 MUST: nothing but WINDOW_UPDATE, PRIORITY and RST_STREAM comes once the peer has ended the stream
    if (!stream.isArriving) return this.#context.failFrame(frame, 'H2_HEADERS_CLOSED');
    if (isOverLimit) return this.#context.failFrame(frame, 'H2_LIST_BYTES');
    // RFC9113#8.1 MUST: a trailer section ends the stream
    if (!block.isEndStream) return this.#context.failFrame(frame, 'H2_TRAILERS_NO_END');
    const trailers = parseTrailers(fields);
    if ('code' in trailers) return this.#failField(block, frame, trailers);
    this.#endRequest(stream, trailers, frame);
  }

  #endRequest(stream: Http2Stream, trailers: FieldLines, frame: Frame): void {
    const { contentLength } = stream.head;
    // RFC9113#8.1.1 MUST: the content is as long as Content-Length says
    if (contentLength !== undefined && contentLength !== stream.receivedBytes) {
      return this.#context.failFrame(frame, 'H2_LENGTH_MISMATCH');
    }
    stream.enter('recv-end');
    if (stream.state === 'closed') this.#context.close(stream, 'end');
    else this.#complete(stream, frame, trailers);
  }

  #complete(stream: Http2Stream, frame: Frame, trailers: FieldLines): void {
    this.#context.tell({ kind: 'end', exchange: stream.id, trailers, offset: frame.offsetOf(frame.to) });
  }

  #onRstStream(frame: Frame): void {
    const error = parseRstStream(frame);
    if (typeof error !== 'number') return this.#context.failFrame(frame, error.code, error);
    // RFC9113#6.4 MUST: a reset of an idle stream is a connection error
    if (this.#context.streams.isIdle(frame.streamId)) return this.#context.failFrame(frame, 'H2_RST_IDLE');
    const stream = this.#context.streams.get(frame.streamId);
    if (!this.#context.charge(stream === undefined ? 'late' : 'resets', frame)) return;
    // RFC9113#5.1: whoever has reset a stream sends nothing more on it, whether or not this side had closed it before
    if (stream === undefined) return this.#context.streams.close(frame.streamId, 'peer-reset');
    stream.enter('recv-rst');
    this.#context.tell({ kind: 'abandoned', exchange: stream.id, error: undefined });
    this.#context.close(stream, 'peer-reset');
  }

  #onSettings(frame: Frame): void {
    const pairs = parseSettings(frame);
    if (typeof pairs === 'object' && 'code' in pairs) return this.#context.failFrame(frame, pairs.code, pairs);
    if (!this.#context.charge('control', frame)) return;
    if (pairs === 'ack') {
      if (!this.#context.deadlines.acknowledge()) return this.#context.failFrame(frame, 'H2_SETTINGS_ACK_STRAY');
      // RFC9113#4.3.1: only now is the peer bound to the size of the table that this side has named
      this.#decoder.setMaxTableBytes(this.#context.limits.headerTableBytes);
      return;
    }
    const failure = this.#settingsFailure(pairs);
    if (failure !== undefined) return this.#context.failFrame(frame, failure.code, failure);
    this.#context.answerControl(encodeSettingsAck(), frame);
  }

  /** Makes the peer's settings hold, or says why they are refused. */
  #settingsFailure(pairs: readonly SettingPair[]): FrameFailure | undefined {
    if (pairs.length > this.#context.limits.settingsEntries) return { code: 'H2_BUDGET_SETTINGS' };
    const before = this.#context.peer.initialWindowBytes;
    // RFC9113#6.5.3 MUST: values are processed in their order, then acknowledged
    for (const [index, pair] of pairs.entries()) {
      const code = applySetting(this.#context.peer, pair);
      // each entry is an identifier of two octets and a value of four
      if (code !== undefined) return { code, at: 6 * index + 2 };
      if (pair[0] === SETTING.HEADER_TABLE_SIZE) this.#context.sender.encoder.setMaxTableBytes(pair[1]);
    }
    const change = this.#context.peer.initialWindowBytes - before;
    // RFC9113#6.9.2 MUST: the change applies to every stream, and may take a window below zero
    for (const stream of this.#context.streams.values()) {
      if (!stream.sendWindow.add(change)) return { code: 'H2_SETTINGS_WINDOW_OVERFLOW' };
    }
    return undefined;
  }

  #onPing(frame: Frame): void {
    const ping = parsePing(frame);
    if ('code' in ping) return this.#context.failFrame(frame, ping.code, ping);
    if (!this.#context.charge('control', frame)) return;
    if (!ping.isAck) this.#context.answerControl(encodePing(ping.data, true), frame);
    else if (this.#context.drain === 'announced' && ping.data.every((octet, i) => octet === DRAIN_PING[i]))
      this.#context.finishDrain();
  }

  #onGoaway(frame: Frame): void {
    const goaway = parseGoaway(frame);
    if ('code' in goaway) return this.#context.failFrame(frame, goaway.code, goaway);
    if (!this.#context.charge('control', frame)) return;
    // RFC9113#6.8 SHOULD: a client that leaves is told which of its requests was the last
    if (this.#context.drain !== 'final') this.#context.finishDrain();
  }

  #onWindowUpdate(frame: Frame): void {
    const increment = parseWindowUpdate(frame);
    const { streamId } = frame;
    const isIdle = streamId !== 0 && this.#context.streams.isIdle(streamId);
    if (typeof increment !== 'number')
      return this.#context.failFrame(frame, isIdle ? 'H2_WINDOW_IDLE' : increment.code, increment);
    if (isIdle) return this.#context.failFrame(frame, 'H2_WINDOW_IDLE');
    if (!this.#context.charge('control', frame)) return;
    if (streamId === 0) {
      if (!this.#context.sender.window.add(increment)) this.#context.failFrame(frame, 'H2_WINDOW_OVERFLOW');
      return;
    }
    const stream = this.#context.streams.get(streamId);
    if (stream === undefined) return;
    if (!stream.sendWindow.add(increment)) this.#context.failFrame(frame, 'H2_WINDOW_OVERFLOW_STREAM');
  }

  #onPriority(frame: Frame): void {
    const failure = parsePriorityFrame(frame);
    const isIgnored = failure?.code === 'H2_PRIORITY_SELF' && !this.#heedsSelf;
    if (failure === undefined || isIgnored) this.#context.charge('control', frame);
    else this.#context.failFrame(frame, failure.code, failure);
  }

  /** RFC9218#2.1 MUST: the old signals of a peer that has renounced them are ignored. */
  get #heedsSelf(): boolean {
    return this.#context.peer.noRfc7540Priorities !== 1;
  }

  #onPriorityUpdate(frame: Frame): void {
    const update = parsePriorityUpdate(frame);
    if ('code' in update) return this.#context.failFrame(frame, update.code, update);
    if (!this.#context.charge('control', frame)) return;
    const { streams, limits } = this.#context;
    const priority = parsePriority(update.value);
    const stream = streams.get(update.target);
    if (stream !== undefined) return stream.prioritize(priority);
    if (!streams.isIdle(update.target)) return;
    // RFC9218#7.1 MUST: idle streams that have a priority count as open ones do
    if (!this.#early.keep(update.target, priority, limits.concurrentStreams - streams.size))
      this.#context.failFrame(frame, 'H2_PRIORITY_UPDATE_LIMIT', { at: 0 });
  }

  /** DATA for a stream that is gone: forgiven where this side has reset it, for the peer may not know yet. */
  #onLateFrame(frame: Frame): void {
    if (this.#context.streams.closedBy(frame.streamId) !== 'own-reset') {
      return this.#context.failFrame(frame, 'H2_CLOSED_STREAM');
    }
    this.#context.charge('late', frame);
  }

  /** HEADERS for a stream that is gone, or for an identifier that was skipped. */
  #onLateHeaders(frame: Frame): void {
    if (!this.#context.streams.isRemembered(frame.streamId)) return this.#context.failFrame(frame, 'H2_STREAM_ORDER');
    this.#onLateFrame(frame);
  }
}
