import type { Http2Stream } from './stream.ts';

/** How a stream that is gone was closed, as far as late frames are judged by it (RFC9113#5.1). */
export type ClosedBy = 'end' | 'peer-reset' | 'own-reset';

/** Streams whose end is remembered, a power of two; others are treated as reset by this side, which forgives most. */
const REMEMBERED = 256;

/** The streams of a connection: those that are open, and how the last ones that are gone were closed. */
export class StreamStore {
  /** Highest identifier that the peer has used; every lower one that is not open is closed (RFC9113#5.1.1). */
  lastId = 0;
  /** Requests so far. */
  count = 0;
  readonly #open = new Map<number, Http2Stream>();
  /** The open stream that came last. WHY: most are gone before the next one comes, and never enter the map. */
  #latest: Http2Stream | undefined;
  /** The last streams that are gone, each in the place that its identifier gives it, and how they were closed. */
  readonly #closedIds = new Uint32Array(REMEMBERED);
  readonly #closedBy: (ClosedBy | undefined)[] = new Array(REMEMBERED);

  get size(): number {
    return this.#latest === undefined ? this.#open.size : this.#open.size + 1;
  }

  get(id: number): Http2Stream | undefined {
    return this.#latest?.id === id ? this.#latest : this.#open.get(id);
  }

  /** All that are open, in the order of their coming. */
  values(): IterableIterator<Http2Stream> {
    this.#settleLatest();
    return this.#open.values();
  }

  add(stream: Http2Stream): void {
    this.#settleLatest();
    this.#latest = stream;
    this.count += 1;
  }

  /** Whether a stream with this identifier was never used: the peer may still open it, if it is odd. */
  isIdle(id: number): boolean {
    return id % 2 === 0 || id > this.lastId;
  }

  close(id: number, by: ClosedBy): void {
    if (this.#latest?.id === id) this.#latest = undefined;
    else this.#open.delete(id);
    const at = placeOf(id);
    this.#closedIds[at] = id;
    this.#closedBy[at] = by;
  }

  /** Whether this identifier was used, as far as that is remembered; one that was skipped never was. */
  isRemembered(id: number): boolean {
    return this.#closedIds[placeOf(id)] === id;
  }

  /** How a stream that is neither idle nor open was closed. */
  closedBy(id: number): ClosedBy {
    return (this.isRemembered(id) ? this.#closedBy[placeOf(id)] : undefined) ?? 'own-reset';
  }

  #settleLatest(): void {
    if (this.#latest === undefined) return;
    this.#open.set(this.#latest.id, this.#latest);
    this.#latest = undefined;
  }
}

/** Identifiers of requests are odd and rise, so the last ones all have places of their own. */
function placeOf(id: number): number {
  return (id >>> 1) & (REMEMBERED - 1);
}
