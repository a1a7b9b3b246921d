import { OutputQueue } from '../bytes/output-queue.ts';
import { HpackEncoder } from '../hpack/encoder.ts';
import type { FieldInput } from '../semantics/field.ts';
import { SendWindow } from './flow.ts';
import { FLAG, FRAME, HEAD_BYTES, writeHead } from './frame/head.ts';
import type { PeerSettings } from './peer-settings.ts';
import { encodeTrailers } from './response-encoder.ts';
import type { Http2Stream } from './stream.ts';

const frameHead = new Uint8Array(HEAD_BYTES);
/** Octets of a field block in one frame: what every peer takes (RFC9113#4.2). */
const BLOCK_BYTES = 16_384;
/** Most octets of content in one frame, whatever the peer would take: nothing can overtake what stands inside a frame. */
const CONTENT_BYTES = 65_536;
/** Content up to this size is written right behind its frame's head. */
const SHORT_BYTES = 256;

/**
 * Writes frames: control frames first, then field blocks in the order of their encoding, then content as windows and
 * priorities allow (RFC9113#6.9, RFC9218#10).
 */
export class FrameSender {
  readonly encoder = new HpackEncoder();
  readonly window = new SendWindow(65_535);
  readonly #settings: PeerSettings;
  readonly #control = new OutputQueue();
  readonly #output = new OutputQueue();
  /** Streams whose response waits for window or its turn. */
  readonly #waiting: Http2Stream[] = [];
  readonly #onEnd: (stream: Http2Stream) => void;
  /** DATA frames written since it was last asked. */
  #dataFrames = 0;
  #sentBytes = 0;
  #queuedBytes = 0;
  /** The last octets that were taken end inside a frame. */
  #isCut = false;
  /** Octets of answers to control frames among the output. */
  #answerBytes = 0;

  /** @param onEnd told when a stream's last frame has been written */
  constructor(settings: PeerSettings, onEnd: (stream: Http2Stream) => void) {
    this.#settings = settings;
    this.#onEnd = onEnd;
  }

  /** Octets of control frames that were not taken yet. */
  get controlBytes(): number {
    return this.#control.length + this.#answerBytes;
  }

  /** Octets of frames that were not taken yet. */
  get pendingBytes(): number {
    return this.#control.length + this.#output.length;
  }

  /** Octets of content of all streams that wait to be framed. */
  get queuedBytes(): number {
    return this.#queuedBytes;
  }

  /** Octets of content that were sent so far. */
  get sentBytes(): number {
    return this.#sentBytes;
  }

  get waitingStreams(): readonly Http2Stream[] {
    return this.#waiting;
  }

  /** A frame that may overtake what waits. */
  control(frame: Uint8Array): void {
    this.#control.bytes(frame);
  }

  /** A frame that must not: RST_STREAM stands behind what it ends. */
  inOrder(frame: Uint8Array): void {
    this.#output.bytes(frame);
  }

  /** The GOAWAY of an error: behind it nothing comes, and no GOAWAY that names a higher stream (RFC9113#6.8). */
  last(frame: Uint8Array): void {
    // WHY: while a frame is cut what waits in front of others has to wait for its end, and would come behind this one
    if (this.#isCut) this.#output.append(this.#control);
    this.#output.bytes(frame);
  }

  /** RFC9113#6.5.3: behind an acknowledgement nothing comes that was written while the old values held. */
  settingsAck(frame: Uint8Array): void {
    this.#answerBytes += frame.length;
    this.#output.bytes(frame);
  }

  /** Writes the encoder's block as HEADERS and, where it is longer than a frame, CONTINUATION (RFC9113#4.3). */
  block(streamId: number, isEndStream: boolean): void {
    const { length } = this.encoder;
    let type: number = FRAME.HEADERS;
    let flags = isEndStream ? FLAG.END_STREAM : 0;
    let from = 0;
    do {
      const to = Math.min(length, from + this.#settings.maxFrameBytes, from + BLOCK_BYTES);
      const at = this.#output.room(HEAD_BYTES + to - from);
      if (to === length) flags |= FLAG.END_HEADERS;
      this.encoder.copyTo(
        this.#output.slab,
        writeHead(this.#output.slab, at, to - from, type, flags, streamId),
        from,
        to,
      );
      type = FRAME.CONTINUATION;
      flags = 0;
      from = to;
    } while (from < length);
  }

  /** Content of a response; kept by reference when large, so it must not change. */
  content(stream: Http2Stream, bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    stream.queue.content.keep(bytes);
    this.#queuedBytes += bytes.length;
    this.#wait(stream);
  }

  /** The end of a response, after its content. */
  end(stream: Http2Stream, trailers: FieldInput): void {
    stream.queue.trailers = trailers;
    this.#wait(stream);
  }

  /** Whole content at once where windows and frame size allow it and nobody waits before it; returns whether it was written. */
  whole(stream: Http2Stream, bytes: Uint8Array): boolean {
    if (this.#waiting.length > 0 || bytes.length > this.#room(stream)) return false;
    this.#data(stream, bytes, true);
    return true;
  }

  /** Forgets what of a stream's response waits. */
  drop(stream: Http2Stream): void {
    const at = this.#waiting.indexOf(stream);
    if (at !== -1) this.#waiting.splice(at, 1);
    this.#queuedBytes -= stream.queuedBytes;
    stream.dropQueue();
  }

  /** Frames to write, in order, about `maxBytes` octets of them. */
  take(maxBytes: number): Uint8Array[] {
    // WHY: a frame that was cut has to be finished before another may begin
    const parts = this.#isCut ? this.#takeOutput(maxBytes) : this.#control.take(maxBytes);
    let left = roomBehind(parts, maxBytes);
    if (left <= 0 || this.#isCut) return parts;
    // What had to wait for the end of a frame
    if (this.#control.length > 0) {
      for (const part of this.#control.take(left)) parts.push(part);
      left = roomBehind(parts, maxBytes);
      if (left <= 0) return parts;
    }
    while (this.#output.length < left && this.#writeNext()) {
      // each turn writes one frame of the stream whose turn it is
    }
    for (const part of this.#takeOutput(left)) parts.push(part);
    return parts;
  }

  #takeOutput(maxBytes: number): Uint8Array[] {
    this.#isCut = this.#output.length > maxBytes;
    if (!this.#isCut) this.#answerBytes = 0;
    return this.#output.take(maxBytes);
  }

  /** DATA frames written since the last call: what WINDOW_UPDATE frames are fairly sent for. */
  takeDataFrames(): number {
    const count = this.#dataFrames;
    this.#dataFrames = 0;
    return count;
  }

  #wait(stream: Http2Stream): void {
    if (!this.#waiting.includes(stream)) this.#waiting.push(stream);
  }

  /** Writes one frame of the most urgent stream that can go on; false when none can. */
  #writeNext(): boolean {
    const stream = this.#next();
    if (stream === undefined) return false;
    const { queue } = stream;
    const bytes = queue.content.shift(this.#room(stream));
    if (bytes !== undefined) {
      this.#queuedBytes -= bytes.length;
      const isLast = queue.content.length === 0 && queue.trailers !== undefined && isEmpty(queue.trailers);
      this.#data(stream, bytes, isLast);
      if (isLast) this.#finish(stream);
      else if (!stream.isQueued || stream.isIncremental) this.#rotate(stream);
      return true;
    }
    const { trailers } = queue;
    if (trailers !== undefined && !isEmpty(trailers)) {
      encodeTrailers(this.encoder, trailers);
      this.block(stream.id, true);
    } else this.#data(stream, new Uint8Array(0), true);
    this.#finish(stream);
    return true;
  }

  /** RFC9218#10: lower urgency first; within one, those that do not share in order of their streams, then the others in turn. */
  #next(): Http2Stream | undefined {
    let best: Http2Stream | undefined;
    for (const stream of this.#waiting) {
      const canSend = stream.queuedBytes === 0 || (this.window.available > 0 && stream.sendWindow.available > 0);
      if (canSend && (best === undefined || comesBefore(stream, best))) best = stream;
    }
    return best;
  }

  /** Octets that a DATA frame of a stream may hold now. */
  #room(stream: Http2Stream): number {
    const { maxFrameBytes } = this.#settings;
    return Math.min(this.window.available, stream.sendWindow.available, maxFrameBytes, CONTENT_BYTES);
  }

  #data(stream: Http2Stream, bytes: Uint8Array, isEnd: boolean): void {
    this.window.take(bytes.length);
    stream.sendWindow.take(bytes.length);
    this.#dataFrames += 1;
    this.#sentBytes += bytes.length;
    stream.sentBytes += bytes.length;
    const flags = isEnd ? FLAG.END_STREAM : 0;
    if (bytes.length > SHORT_BYTES) {
      writeHead(frameHead, 0, bytes.length, FRAME.DATA, flags, stream.id);
      this.#output.bytes(frameHead);
      return this.#output.bytes(bytes);
    }
    const start = this.#output.room(HEAD_BYTES + bytes.length);
    const { slab } = this.#output;
    let at = writeHead(slab, start, bytes.length, FRAME.DATA, flags, stream.id);
    for (let i = 0; i < bytes.length; i++) slab[at++] = bytes[i] ?? 0;
  }

  #finish(stream: Http2Stream): void {
    this.drop(stream);
    this.#onEnd(stream);
  }

  /** Puts a stream behind all that wait, or out of them when nothing of it waits. */
  #rotate(stream: Http2Stream): void {
    this.#waiting.splice(this.#waiting.indexOf(stream), 1);
    if (stream.isQueued) this.#waiting.push(stream);
  }
}

/** What of `maxBytes` is left behind `parts`. */
function roomBehind(parts: readonly Uint8Array[], maxBytes: number): number {
  let left = maxBytes;
  for (const { length } of parts) left -= length;
  return left;
}

function comesBefore(a: Http2Stream, b: Http2Stream): boolean {
  if (a.urgency !== b.urgency) return a.urgency < b.urgency;
  if (a.isIncremental !== b.isIncremental) return !a.isIncremental;
  return !a.isIncremental && a.id < b.id;
}

function isEmpty(fields: FieldInput): boolean {
  for (const _ in fields) return false;
  return true;
}
