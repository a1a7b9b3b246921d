import type { Http2Limits } from '../limits/http2-limits.ts';

/** What the HEADERS frame that begins a block says besides its fragment. */
export interface BlockStart {
  readonly streamId: number;
  readonly isEndStream: boolean;
  readonly dependsOnItself: boolean;
  readonly sinceMs: number;
}

/**
 * A field block on its way: the fragments of one HEADERS and its CONTINUATION frames, in one piece for the decoder, with
 * the place of each in the connection (RFC9113#4.3). While it is open no other frame may come (RFC9113#6.10).
 */
export class BlockAssembly {
  readonly streamId: number;
  readonly isEndStream: boolean;
  readonly dependsOnItself: boolean;
  /** When it began, for its deadline. */
  readonly sinceMs: number;
  #bytes: Uint8Array;
  #length: number;
  #continuations = 0;
  /** Where each fragment starts: index in the block, offset in the connection. */
  readonly #places: { readonly at: number; readonly offset: number }[];

  constructor(start: BlockStart, fragment: Uint8Array, offset: number) {
    this.streamId = start.streamId;
    this.isEndStream = start.isEndStream;
    this.dependsOnItself = start.dependsOnItself;
    this.sinceMs = start.sinceMs;
    this.#bytes = fragment;
    this.#length = fragment.length;
    this.#places = [{ at: 0, offset }];
  }

  /** Keeps the first fragment beyond the octets that it is a view of. */
  keep(): void {
    this.#bytes = this.#bytes.slice();
  }

  /** Appends a fragment; false where the block is then over its limits. */
  append(fragment: Uint8Array, offset: number, { continuations, blockBytes }: Http2Limits): boolean {
    this.#continuations += 1;
    if (this.#continuations > continuations || this.#length + fragment.length > blockBytes) return false;
    if (this.#length + fragment.length > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(2 * this.#bytes.length, this.#length + fragment.length));
      grown.set(this.#bytes.subarray(0, this.#length));
      this.#bytes = grown;
    }
    this.#bytes.set(fragment, this.#length);
    this.#places.push({ at: this.#length, offset });
    this.#length += fragment.length;
    return true;
  }

  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  /** Offset in the connection of the block's octet `at`. */
  offsetOf(at: number): number {
    const place = this.#places.findLast((candidate) => candidate.at <= at) ?? { at: 0, offset: 0 };
    return place.offset + at - place.at;
  }
}
