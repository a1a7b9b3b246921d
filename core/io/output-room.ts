import type { OutputLimits } from '../limits/output-limits.ts';

/** With less than this part of the limit left, a connection may have its share and no more. */
const SCARCE = 1 / 8;

/** A connection some of whose producers wait. */
export interface RoomWaiter {
  /** Wakes those that have room now. Returns whether some still wait. */
  wake(): boolean;
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

  /** Octets that wait on all connections, those among them that are about to come from files. */
  get heldBytes(): number {
    return this.#heldBytes;
  }

  /** Octets that may come on a connection that holds so many; 0 or less where there are too many. */
  leftBytes(heldBytes: number): number {
    const { connectionBytes, serverBytes } = this.limits;
    const left = Math.min(connectionBytes - heldBytes, serverBytes - this.#heldBytes);
    if (serverBytes - this.#heldBytes > serverBytes * SCARCE) return left;
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
    for (const waiter of [...this.#waiting]) {
      if (this.#heldBytes >= this.limits.serverBytes) return;
      // WHY: whoever had its turn stands behind the others
      this.#waiting.delete(waiter);
      if (waiter.wake()) this.#waiting.add(waiter);
    }
  };
}
