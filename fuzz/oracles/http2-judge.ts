/**
 * What RFC9113 says of each frame of a client's at its place among the others, from the client's side alone. Where that is not
 * enough to tell, because the server has ended a stream by itself, a window may have been widened or much is open, anything goes.
 */
import type { Http2Limits } from '../../core/sans-io.ts';
import type { Field } from '../grammar/hpack-vocabulary.ts';
import { FLAG, splitPayload, TYPE } from '../grammar/http2-frames.ts';
import { readUint } from '../grammar/octets.ts';
import { ReferenceDecoder, Refusal, sizeOf } from './hpack-reference.ts';
import { brokenRule, brokenSetting, incrementOf, settingsOf, streamOf } from './http2-frame-rules.ts';
import { contentLengthOf, judgeRequest, judgeTrailers } from './http2-message.ts';
import type { ClientFrame } from './http2-script.ts';

/**
 * Codes one of which must be raised; none of them, where the list is empty. `malformed`: any code of the stream's.
 * `message`: a new request, told or refused for what depends on more than its frames.
 */
export type Expected = readonly string[] | 'any' | 'message' | 'malformed' | 'sound';

const NONE: Expected = [];
const MAX_WINDOW = 0x7fff_ffff;
/** Above that, windows depend on what was sent of them meanwhile. */
const LARGE_WINDOW = 0x4000_0000;

interface StreamFacts {
  isEnded: boolean;
  isReset: boolean;
  /** Offset from which on what the server did counts too. */
  doneAt: number;
  /** Payload of DATA, and what of it is content. */
  sentBytes: number;
  contentBytes: number;
  contentLength: number | undefined;
  increments: number;
}

const NO_RFC7540_PRIORITIES = 9;

/** Follows a connection frame by frame. */
export class FrameJudge {
  /** Content that must have been told: by its frame's offset. */
  readonly contents = new Map<number, string>();
  readonly #limits: Http2Limits;
  readonly #endedAt: ReadonlyMap<number, number>;
  readonly #outputBytes: number;
  readonly #streams = new Map<number, StreamFacts>();
  readonly #decoder: ReferenceDecoder;
  readonly #settings = new Map<number, number>();
  readonly #early = new Set<number>();
  /** Streams that were passed over, and then reset by either side. */
  readonly #skipped = new Set<number>();
  #lastStream = 0;
  #frames = 0;
  #acknowledged = 0;
  #increments = 0;
  #dataBytes = 0;
  #block: { readonly stream: number; octets: string; readonly isEnd: boolean } | undefined;

  /** @param endedAt where the owner ended its answer to a stream @param outputBytes content that was ever sent */
  constructor(limits: Http2Limits, endedAt: ReadonlyMap<number, number>, outputBytes: number) {
    this.#limits = limits;
    this.#endedAt = endedAt;
    this.#outputBytes = outputBytes;
    this.#decoder = new ReferenceDecoder(Math.max(4_096, limits.headerTableBytes));
  }

  /** Whether a stream was never used. */
  isIdle(stream: number): boolean {
    return stream % 2 === 0 || stream > this.#lastStream;
  }

  /** The connection has failed a stream at that offset: from there on it may forgive more. */
  fail(stream: number, at: number): void {
    const facts = this.#streams.get(stream);
    if (facts === undefined) this.#skipped.add(stream);
    else facts.doneAt = Math.min(facts.doneAt, at);
  }

  /** What must become of the next frame. */
  judge(frame: ClientFrame): Expected {
    const stream = streamOf(frame);
    const isAck = (frame.flags & FLAG.ACK) !== 0;
    if (this.#frames++ === 0 && (frame.type !== TYPE.SETTINGS || isAck)) return ['H2_FIRST_FRAME'];
    if (this.#block !== undefined && (frame.type !== TYPE.CONTINUATION || stream !== this.#block.stream))
      return ['H2_BLOCK_INTERRUPTED'];
    const code = brokenRule(frame);
    switch (frame.type) {
      case TYPE.WINDOW_UPDATE:
        if (stream !== 0 && this.isIdle(stream)) return ['H2_WINDOW_IDLE'];
        return code === undefined ? this.#onWindow(stream, incrementOf(frame)) : [code];
      case TYPE.CONTINUATION:
        if (this.#block === undefined) return ['H2_CONTINUATION_STRAY'];
        this.#block.octets += frame.payload;
        return (frame.flags & FLAG.END_HEADERS) === 0 ? NONE : this.#onBlock(frame);
      default:
    }
    // RFC9218#2.1: ignored where the client has renounced the old signals
    if (code === 'H2_PRIORITY_SELF' && this.#settings.get(NO_RFC7540_PRIORITIES) === 1) return NONE;
    if (code !== undefined) return [code];
    switch (frame.type) {
      case TYPE.DATA:
        return this.#onData(stream, frame);
      case TYPE.HEADERS:
        if (stream % 2 === 0) return ['H2_STREAM_PARITY'];
        this.#block = { stream, octets: splitPayload(frame).content, isEnd: (frame.flags & FLAG.END_STREAM) !== 0 };
        return (frame.flags & FLAG.END_HEADERS) === 0 ? NONE : this.#onBlock(frame);
      case TYPE.RST_STREAM: {
        if (this.isIdle(stream)) return ['H2_RST_IDLE'];
        const facts = this.#streams.get(stream);
        if (facts === undefined) this.#skipped.add(stream);
        else facts.isReset = true;
        return NONE;
      }
      case TYPE.SETTINGS:
        return isAck ? this.#onAcknowledged() : this.#onSettings(frame);
      case TYPE.PRIORITY_UPDATE: {
        const target = readUint(frame.payload, 0, 4) % 0x8000_0000;
        if (this.isIdle(target)) this.#early.add(target);
        return this.#early.size + this.#streams.size < this.#limits.concurrentStreams ? NONE : 'any';
      }
      default:
        return NONE;
    }
  }

  #onData(stream: number, frame: ClientFrame): Expected {
    if (this.isIdle(stream)) return ['H2_DATA_IDLE'];
    const { length } = frame.payload;
    const { content } = splitPayload(frame);
    const isEnd = (frame.flags & FLAG.END_STREAM) !== 0;
    this.#dataBytes += length;
    const facts = this.#streams.get(stream);
    if (facts === undefined) return 'any';
    const wasEnded = facts.isEnded;
    facts.sentBytes += length;
    facts.contentBytes += content.length;
    if (isEnd) facts.isEnded = true;
    if (this.#dataBytes > this.#limits.connectionWindowBytes || this.#isDone(stream, frame.at)) return 'any';
    if (facts.isReset) return ['H2_CLOSED_STREAM'];
    if (wasEnded) return ['H2_DATA_CLOSED'];
    if (facts.sentBytes > this.#limits.streamWindowBytes) return 'any';
    const { contentLength = facts.contentBytes } = facts;
    if (facts.contentBytes > contentLength) return ['H2_LENGTH_MISMATCH'];
    if (content !== '') this.contents.set(frame.end - content.length - paddingOf(frame), content);
    return isEnd && facts.contentBytes !== contentLength ? ['H2_LENGTH_MISMATCH'] : NONE;
  }

  #onBlock(frame: ClientFrame): Expected {
    const { stream = 0, octets = '', isEnd = false } = this.#block ?? {};
    this.#block = undefined;
    // RFC9218#7.1: what came early counts while its stream is idle
    for (const target of this.#early) if (target <= stream) this.#early.delete(target);
    let fields: Field[];
    try {
      fields = this.#decoder.decode(octets);
    } catch (thrown) {
      if (thrown instanceof Refusal) return [thrown.code];
      throw thrown;
    }
    const isLong =
      fields.reduce((sum, field) => sum + sizeOf(field), 0) > this.#limits.headerListBytes ||
      fields.length > this.#limits.fieldCount;
    const facts = this.#streams.get(stream);
    if (facts !== undefined) return this.#onTrailers(stream, facts, fields, isEnd, isLong, frame.at);
    // It is closed for one reason more: which one the next frame breaks is a matter of taste
    if (this.#skipped.has(stream)) return 'any';
    if (stream <= this.#lastStream) return ['H2_STREAM_ORDER'];
    this.#lastStream = stream;
    const contentLength = contentLengthOf(fields);
    this.#streams.set(stream, {
      isEnded: isEnd,
      isReset: false,
      doneAt: Number.POSITIVE_INFINITY,
      sentBytes: 0,
      contentBytes: 0,
      contentLength,
      increments: 0,
    });
    if (this.#streams.size > this.#limits.concurrentStreams) return 'message';
    if (isLong) return 'malformed';
    const verdict = judgeRequest(fields);
    return verdict === 'unsure' ? 'message' : verdict;
  }

  #onTrailers(
    stream: number,
    facts: StreamFacts,
    fields: readonly Field[],
    isEnd: boolean,
    isLong: boolean,
    at: number,
  ): Expected {
    if (this.#isDone(stream, at)) return 'any';
    if (facts.isReset) return ['H2_CLOSED_STREAM'];
    if (facts.isEnded) return ['H2_HEADERS_CLOSED'];
    if (isLong) return ['H2_LIST_BYTES'];
    if (!isEnd) return ['H2_TRAILERS_NO_END'];
    facts.isEnded = true;
    const verdict = judgeTrailers(fields);
    if (verdict !== 'sound') return verdict === 'malformed' ? 'malformed' : 'any';
    return (facts.contentLength ?? facts.contentBytes) === facts.contentBytes ? NONE : ['H2_LENGTH_MISMATCH'];
  }

  #onAcknowledged(): Expected {
    this.#acknowledged++;
    if (this.#acknowledged > 1) return ['H2_SETTINGS_ACK_STRAY'];
    this.#decoder.allow(this.#limits.headerTableBytes);
    return NONE;
  }

  #onSettings(frame: ClientFrame): Expected {
    const code = brokenSetting(frame, this.#settings);
    if (code !== undefined) return [code];
    const isLarge = [...this.#streams.values()].some(({ increments }) => increments > LARGE_WINDOW);
    const window = settingsOf(frame).filter(({ id }) => id === 4);
    return window.some(({ value }) => isLarge || value > LARGE_WINDOW) ? 'any' : NONE;
  }

  #onWindow(stream: number, increment: number): Expected {
    if (stream === 0) {
      this.#increments += increment;
      if (this.#increments + 65_535 <= MAX_WINDOW) return NONE;
      return this.#increments + 65_535 - this.#outputBytes > MAX_WINDOW ? ['H2_WINDOW_OVERFLOW'] : 'any';
    }
    const facts = this.#streams.get(stream);
    if (facts === undefined || facts.isReset) return NONE;
    // Counted first: a later SETTINGS may be too much for it, and be what ends the stream
    facts.increments += increment;
    if (this.#isDone(stream, Number.POSITIVE_INFINITY)) return 'any';
    const initial = this.#settings.get(4) ?? 65_535;
    if (Math.max(initial, 65_535) + facts.increments <= MAX_WINDOW) return NONE;
    return facts.increments - this.#outputBytes > MAX_WINDOW ? ['H2_WINDOW_OVERFLOW_STREAM'] : 'any';
  }

  /** Whether the server may have ended the stream before that offset. */
  #isDone(stream: number, at: number): boolean {
    const doneAt = Math.min(
      this.#streams.get(stream)?.doneAt ?? 0,
      this.#endedAt.get(stream) ?? Number.POSITIVE_INFINITY,
    );
    return at === Number.POSITIVE_INFINITY ? doneAt < at : doneAt <= at;
  }
}

function paddingOf(frame: ClientFrame): number {
  return splitPayload(frame).padding.length;
}
