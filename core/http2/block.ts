import type { ErrorPlace } from '../errors/protocol-error.ts';
import type { Http2Limits } from '../limits/http2-limits.ts';
import { FLAG, FRAME, type Frame, HEAD_BYTES } from './frame/head.ts';
import type { HeadersPayload } from './frame/headers.ts';

/**
 * A field block on its way: the fragments of one HEADERS and its CONTINUATION frames, in one piece for the decoder, with
 * the place of each in the connection (RFC9113#4.3). While it is open no other frame may come (RFC9113#6.10).
 */
export class FieldBlock {
  readonly streamId: number;
  readonly isEndStream: boolean;
  readonly dependsOnItself: boolean;
  /** When it began, for its deadline. */
  readonly sinceMs: number;
  /** The block is `bytes[from, to)`: of its frame, until it has to outlive that. */
  bytes: Uint8Array;
  from: number;
  to: number;
  #continuations = 0;
  /** Offsets in the connection of the HEADERS frame and of its fragment. */
  readonly #frameOffset: number;
  readonly #offset: number;
  /** The other fragments: index in the block, offset in the connection. */
  #places: { readonly at: number; readonly offset: number }[] | undefined;

  constructor(frame: Frame, { from, to, dependsOnItself }: HeadersPayload, sinceMs: number) {
    this.streamId = frame.streamId;
    this.isEndStream = (frame.flags & FLAG.END_STREAM) !== 0;
    this.dependsOnItself = dependsOnItself;
    this.sinceMs = sinceMs;
    this.bytes = frame.bytes;
    this.from = from;
    this.to = to;
    this.#frameOffset = frame.offset;
    this.#offset = frame.offsetOf(from);
  }

  /** Keeps the first fragment beyond the octets that it came in. */
  keep(): void {
    // WHY: a copy in any case, where `slice()` of what a socket gives may be none
    this.bytes = new Uint8Array(this.bytes.subarray(this.from, this.to));
    this.to -= this.from;
    this.from = 0;
  }

  /** Appends a CONTINUATION frame's fragment to a block that was kept; false where the block is then over its limits. */
  append(frame: Frame, { continuations, blockBytes }: Http2Limits): boolean {
    this.#continuations += 1;
    const to = this.to + frame.length;
    if (this.#continuations > continuations || to > blockBytes) return false;
    if (to > this.bytes.length) {
      const grown = new Uint8Array(Math.max(2 * this.bytes.length, to));
      grown.set(this.bytes.subarray(0, this.to));
      this.bytes = grown;
    }
    this.bytes.set(frame.payload, this.to);
    this.#places ??= [];
    this.#places.push({ at: this.to, offset: frame.offsetOf(frame.from) });
    this.to = to;
    return true;
  }

  /** Place in the connection of the octet at index `at` of `bytes`, which may come in any frame of the block. */
  placeOf(at: number): ErrorPlace {
    const { streamId } = this;
    const blockOffset = at - this.from;
    const place = this.#places?.findLast((candidate) => candidate.at <= at);
    if (place === undefined) {
      const offset = this.#offset + blockOffset;
      return { offset, streamId, frameType: FRAME.HEADERS, frameOffset: this.#frameOffset, blockOffset };
    }
    const offset = place.offset + at - place.at;
    const frameOffset = place.offset - HEAD_BYTES;
    return { offset, streamId, frameType: FRAME.CONTINUATION, frameOffset, blockOffset };
  }

  /** Offset in the connection of the block's first octet. */
  get offset(): number {
    return this.#offset;
  }
}
