/** Octets that have to leave for a peer's window to count as given: a few at a time hold up a response as well as none. */
const MOVING_BYTES = 1_024;

/** For how long something has waited for the peer's window: one response, or all of a connection (RFC9113#10.5). */
export class StallClock {
  #sinceMs: number | undefined;
  /** Octets that were sent when it began. */
  #sentBytes = 0;

  /** Milliseconds for which window has been lacking, with hardly anything sent meanwhile; 0 where it is not. */
  tick(nowMs: number, lacksWindow: boolean, sentBytes: number): number {
    if (!lacksWindow) {
      this.#sinceMs = undefined;
      return 0;
    }
    if (this.#sinceMs === undefined || sentBytes - this.#sentBytes >= MOVING_BYTES) {
      this.#sinceMs = nowMs;
      this.#sentBytes = sentBytes;
    }
    return nowMs - this.#sinceMs;
  }
}
