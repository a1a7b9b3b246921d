import { PieceQueue } from '../bytes/piece-queue.ts';
import type { FieldLines } from '../semantics/field.ts';

/** Octets that wait unread above which the connection stops reading. */
export const CONTENT_HIGH_BYTES = 65_536;

/** Why a content could not be read to its end. */
export class ContentError extends Error {
  override readonly name = 'ContentError';
  /**
   * `abandoned`: the connection ended or broke first. `too-large`: more than the caller takes. `malformed`: not what it was
   * read as. `unsupported`: its Content-Type is another. `consumed`: read twice. Of a form, `cause` is the `ProtocolError`.
   */
  readonly code: 'abandoned' | 'too-large' | 'malformed' | 'unsupported' | 'consumed';

  constructor(code: ContentError['code'], message: string, cause?: Error) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}

/** What a content asks of the exchange that it belongs to. */
export interface ContentSource {
  /** The content is wanted. */
  demand(): void;
  /** Stops or starts reading from the peer. */
  hold(isHeld: boolean): void;
  /** So many octets were read, or will never be: as many may come again. */
  consumed(bytes: number): void;
}

type Progress = 'untouched' | 'reading' | 'consumed';

/**
 * The content of a request: an async iterable of octets that holds the peer back while nobody reads.
 * The pieces are the reader's own.
 */
export class RequestContent implements AsyncIterable<Uint8Array> {
  #progress: Progress = 'untouched';
  readonly #queue = new PieceQueue();
  #arrival: 'arriving' | 'complete' | 'abandoned' = 'arriving';
  #trailers: FieldLines | undefined;
  #cause: Error | undefined;
  #wake: (() => void) | undefined;
  readonly #source: ContentSource;

  constructor(source: ContentSource) {
    this.#source = source;
  }

  /** Trailer fields, once the content has been read to its end; `undefined` before. */
  get trailers(): FieldLines | undefined {
    return this.#queue.length === 0 ? this.#trailers : undefined;
  }

  /** @throws ContentError `consumed` for a second reader, `abandoned` when the connection ends first */
  async *[Symbol.asyncIterator](): AsyncIterator<Uint8Array> {
    this.#begin();
    for (;;) {
      const piece = this.#shift();
      if (piece !== undefined) yield piece;
      else if (this.#arrival === 'abandoned') throw this.#abandonedError();
      else if (this.#arrival === 'complete') break;
      else await new Promise<void>((resolve) => (this.#wake = resolve));
    }
    this.#progress = 'consumed';
  }

  /** All octets. @param maxBytes more than this is refused @throws ContentError `too-large`, `consumed`, `abandoned` */
  bytes(maxBytes = 1_048_576): Promise<Uint8Array> {
    return collect(this, maxBytes);
  }

  /** All octets as UTF-8. @throws ContentError as `bytes()`, `malformed` where they are not UTF-8 */
  async text(maxBytes?: number): Promise<string> {
    return decodeText(await this.bytes(maxBytes));
  }

  /** All octets as JSON. @throws ContentError as `bytes()`, `malformed` where they are not JSON */
  async json(maxBytes?: number): Promise<unknown> {
    const text = await this.text(maxBytes);
    return wellFormed('JSON', (): unknown => JSON.parse(text));
  }

  /** For the server: octets that came. They are copied. */
  push(bytes: Uint8Array): void {
    if (this.#arrival !== 'arriving') return;
    this.#queue.push(bytes);
    if (this.#queue.length >= CONTENT_HIGH_BYTES) this.#source.hold(true);
    this.#notify();
  }

  /** For the server: the content is complete. */
  finish(trailers: FieldLines): void {
    if (this.#arrival !== 'arriving') return;
    this.#arrival = 'complete';
    this.#trailers = trailers;
    this.#notify();
  }

  /** For the server: no more will come. */
  fail(cause: Error | undefined): void {
    if (this.#arrival !== 'arriving') return;
    this.#arrival = 'abandoned';
    this.#cause = cause;
    this.#notify();
  }

  /** For the server: the response is complete, so nothing that is still unread will be read. */
  release(): void {
    const wasFull = this.#queue.length >= CONTENT_HIGH_BYTES;
    this.#queue.clear();
    if (wasFull) this.#source.hold(false);
    this.fail(undefined);
  }

  /** WHY: made only when somebody reads, because an error costs its stack, and most contents are never read. */
  #abandonedError(): ContentError {
    return new ContentError('abandoned', 'the exchange ended before its content was complete', this.#cause);
  }

  #begin(): void {
    if (this.#progress !== 'untouched') throw new ContentError('consumed', 'this content was already read');
    this.#progress = 'reading';
    this.#source.demand();
  }

  #shift(): Uint8Array | undefined {
    const wasFull = this.#queue.length >= CONTENT_HIGH_BYTES;
    const piece = this.#queue.shift();
    if (piece === undefined) return undefined;
    this.#source.consumed(piece.length);
    if (wasFull && this.#queue.length < CONTENT_HIGH_BYTES) this.#source.hold(false);
    return piece;
  }

  #notify(): void {
    this.#wake?.();
    this.#wake = undefined;
  }
}

/** All of some pieces. @throws ContentError `too-large` for more than `maxBytes` */
export async function collect(source: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of source) {
    length += piece.length;
    if (length > maxBytes) throw new ContentError('too-large', `content is longer than ${maxBytes} octets`);
    pieces.push(piece);
  }
  const [only] = pieces;
  if (pieces.length === 1 && only !== undefined) return only;
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

/** @throws ContentError `malformed` where octets are not UTF-8 */
export function decodeText(bytes: Uint8Array): string {
  return wellFormed('UTF-8', () => new TextDecoder('utf-8', { fatal: true }).decode(bytes));
}

/** What `read` makes of a content. @throws ContentError `malformed` where it throws: that is the peer's mistake */
function wellFormed<T>(form: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new ContentError('malformed', `content is not ${form}`, error instanceof Error ? error : undefined);
  }
}
