import type { Http2Stream } from './stream.ts';

/** How a stream that is gone was closed, as far as late frames are judged by it (RFC9113#5.1). */
export type ClosedBy = 'end' | 'peer-reset' | 'own-reset';

/** Streams whose end is remembered; older ones are treated as reset by this side, which forgives most. */
const REMEMBERED = 256;

/** The streams of a connection: those that are open, and how the last ones that are gone were closed. */
export class StreamStore {
  /** Highest identifier that the peer has used; every lower one that is not open is closed (RFC9113#5.1.1). */
  lastId = 0;
  /** Requests so far. */
  count = 0;
  readonly #open = new Map<number, Http2Stream>();
  readonly #closed = new Map<number, ClosedBy>();

  get size(): number {
    return this.#open.size;
  }

  get(id: number): Http2Stream | undefined {
    return this.#open.get(id);
  }

  values(): IterableIterator<Http2Stream> {
    return this.#open.values();
  }

  add(stream: Http2Stream): void {
    this.#open.set(stream.id, stream);
    this.count += 1;
  }

  /** Whether a stream with this identifier was never used: the peer may still open it, if it is odd. */
  isIdle(id: number): boolean {
    return id % 2 === 0 || id > this.lastId;
  }

  close(id: number, by: ClosedBy): void {
    this.#open.delete(id);
    this.#closed.set(id, by);
    if (this.#closed.size <= REMEMBERED) return;
    for (const oldest of this.#closed.keys()) {
      this.#closed.delete(oldest);
      return;
    }
  }

  /** Whether this identifier was used, as far as that is remembered; one that was skipped never was. */
  isRemembered(id: number): boolean {
    return this.#closed.has(id);
  }

  /** How a stream that is neither idle nor open was closed. */
  closedBy(id: number): ClosedBy {
    return this.#closed.get(id) ?? 'own-reset';
  }
}
