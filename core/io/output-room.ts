import type { OutputLimits } from '../limits/output-limits.ts';

/** With less than this part of the limit left, a connection may have its share and no more. */
const SCARCE = 1 / 8;

/** A connection some of whose producers wait. */
export interface RoomWaiter {
  /**
   * Wakes those that have room now.
   * @param promisedBytes that others were woken for and have not written yet; returned with those of this connection added
   */
  wake(promisedBytes: number): number;
  /** Whether somebody waits. */
  readonly isWaiting: boolean;
}

/**
 * How much room a server's connections have for octets that wait: each tells what it holds, and those that wait for the
 * others' octets to leave are woken in turn.
 */
export class OutputRoom {
  readonly limits: OutputLimits;
  #heldBytes = 0;
  /** Connections that hold something. */
  #holders = 0;
  #isWaking = false;
  /** In the order in which they began to wait, or were woken last. */
  readonly #waiting = new Set<RoomWaiter>();

  constructor(limits: OutputLimits) {
    this.limits = limits;
  }

  /** Octets that wait on all connections. */
  get heldBytes(): number {
    return this.#heldBytes;
  }

  /** Octets that may come on a connection that holds so many, where others are promised some; 0 or less where there are too many. */
  leftBytes(heldBytes: number, promisedBytes = 0): number {
    const { connectionBytes, serverBytes } = this.limits;
    const serverLeft = serverBytes - this.#heldBytes - promisedBytes;
    const left = Math.min(connectionBytes - heldBytes, serverLeft);
    if (serverLeft > serverBytes * SCARCE) return left;
    return Math.min(left, serverBytes / Math.max(1, this.#holders) - heldBytes);
  }

  /** What a connection holds has changed. */
  change(beforeBytes: number, afterBytes: number): void {
    this.#heldBytes += afterBytes - beforeBytes;
    if (beforeBytes === 0) this.#holders += 1;
    if (afterBytes === 0) this.#holders -= 1;
    if (afterBytes >= beforeBytes || this.#waiting.size === 0 || this.#isWaking) return;
    this.#isWaking = true;
    setImmediate(this.#wakeAll);
  }

  /** Has a connection woken when others make room. */
  wait(waiter: RoomWaiter): void {
    this.#waiting.add(waiter);
  }

  /** Nobody on the connection waits any more. */
  leave(waiter: RoomWaiter): void {
    this.#waiting.delete(waiter);
  }

  readonly #wakeAll = (): void => {
    this.#isWaking = false;
    let promisedBytes = 0;
    for (const waiter of [...this.#waiting]) {
      if (this.#heldBytes + promisedBytes >= this.limits.serverBytes) return;
      // WHY: whoever had its turn stands behind the others
      this.#waiting.delete(waiter);
      promisedBytes = waiter.wake(promisedBytes);
      if (waiter.isWaiting) this.#waiting.add(waiter);
    }
  };
}
