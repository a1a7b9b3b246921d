import type { ExchangeId } from '../semantics/exchange.ts';

/** What has to be known of a connection. */
export interface DepartureTransport {
  /** Octets that its socket was given and has got rid of. */
  readonly goneBytes: number;
  /** Octets that have to leave until all that are not queued have. */
  unwrittenBytes(): number;
  /** Nothing can be written any more; `close()` follows. */
  readonly isGone: boolean;
  /** Octets of an exchange that wait for their turn or for window, behind those. */
  queuedBytes(exchange: ExchangeId): number;
}

interface Waiter {
  readonly exchange: ExchangeId;
  /** Octets that have to be gone; not known while some are queued. */
  mark: number | undefined;
  readonly resolve: (isNeeded: boolean) => void;
}

/** Tells when octets that were given to a connection by reference have left it, so that their memory can be used again. */
export class Departures {
  readonly #transport: DepartureTransport;
  #waiters: Waiter[] = [];
  #isClosed = false;

  constructor(transport: DepartureTransport) {
    this.#transport = transport;
  }

  get isWaiting(): boolean {
    return this.#waiters.length > 0;
  }

  /** Settles once all of `exchange` has left; with false where it may still be read, for exchange or connection are over. */
  whenLeft(exchange: ExchangeId): Promise<boolean> {
    if (this.#isClosed) return Promise.resolve(false);
    return new Promise((resolve) => {
      const waiter = { exchange, mark: undefined, resolve };
      if (!this.#hasLeft(waiter)) this.#waiters.push(waiter);
      else resolve(true);
    });
  }

  /** The exchange is over before its end: who waits for it need not. */
  forget(exchange: ExchangeId): void {
    if (this.#waiters.length === 0) return;
    for (const waiter of this.#waiters) if (waiter.exchange === exchange) waiter.resolve(false);
    this.#waiters = this.#waiters.filter((waiter) => waiter.exchange !== exchange);
  }

  /** Octets may have left. */
  update(): void {
    if (this.#waiters.length === 0) return;
    const left = this.#waiters.filter((waiter) => !this.#hasLeft(waiter));
    const settled = this.#waiters.filter((waiter) => !left.includes(waiter));
    this.#waiters = left;
    for (const { resolve } of settled) resolve(true);
  }

  /** The connection is gone. */
  close(): void {
    this.#isClosed = true;
    for (const { resolve } of this.#waiters.splice(0)) resolve(false);
  }

  #hasLeft(waiter: Waiter): boolean {
    const { goneBytes, isGone } = this.#transport;
    // WHY: until it is closed the system may still read what a socket was given
    if (isGone) return false;
    if (waiter.mark === undefined && this.#transport.queuedBytes(waiter.exchange) === 0) {
      waiter.mark = goneBytes + this.#transport.unwrittenBytes();
    }
    return waiter.mark !== undefined && goneBytes >= waiter.mark;
  }
}
