/** Largest window (RFC9113#6.9.1). */
export const MAX_WINDOW = 0x7fffffff;

/** What this side may still send, on a stream or the connection (RFC9113#6.9.1). May be below zero (RFC9113#6.9.2). */
export class SendWindow {
  #available: number;

  constructor(initial: number) {
    this.#available = initial;
  }

  get available(): number {
    return this.#available;
  }

  /** Counts octets that are sent. */
  take(bytes: number): void {
    this.#available -= bytes;
  }

  /** Adds an increment, or a change of the initial window, which may be negative. Returns false above 2^31-1. */
  add(bytes: number): boolean {
    this.#available += bytes;
    return this.#available <= MAX_WINDOW;
  }
}

/**
 * What the peer may still send, and when to give it more. Octets are given back in portions of half the window, once they
 * have been consumed, so that what lies unread never exceeds the window and few frames are needed.
 *
 * I1  `available` + octets received and not given back = `size`.
 */
export class ReceiveWindow {
  #available: number;
  /** Consumed, and not given back yet. */
  #consumed = 0;
  readonly #size: number;

  /** @param available what the peer has now @param size what it is to have when nothing is unread */
  constructor(available: number, size: number) {
    this.#available = available;
    this.#size = size;
    this.#consumed = size - available;
  }

  get available(): number {
    return this.#available;
  }

  /** Counts octets that came, padding too. Returns false when the peer had no right to them. */
  take(bytes: number): boolean {
    this.#available -= bytes;
    return this.#available >= 0;
  }

  /** Returns the increment that opens the whole window, or 0. */
  open(): number {
    const increment = this.#consumed;
    this.#available += increment;
    this.#consumed = 0;
    return increment;
  }

  /** Counts octets that were read or thrown away. Returns the increment to announce now, or 0. */
  give(bytes: number): number {
    this.#consumed += bytes;
    return this.#consumed * 2 < this.#size ? 0 : this.open();
  }
}
