import type { Socket } from 'node:net';
import type { ConnectionCommand, ConnectionEvent, ExchangeId, ServerConnection } from '../connection/connection.ts';
import { monotonicMs } from './clock.ts';

/** Octets written and not yet taken by the peer above which nothing more is read or produced. */
export const WRITE_HIGH_BYTES = 262_144;

/** Who decides about what a connection says. Called inside the driver's turn; commands may be sent at once. */
export interface DriverOwner {
  onEvent(event: ConnectionEvent, driver: ConnectionDriver): void;
  /** The transport is closed; no event follows. */
  onClose(driver: ConnectionDriver): void;
}

/**
 * Pumps octets between a socket and a connection: everything that one turn produces leaves in one write, reading stops
 * while the connection or its owner cannot take more, and every way in which a socket ends is told once.
 */
export class ConnectionDriver {
  readonly socket: Socket;
  readonly connection: ServerConnection;
  readonly #owner: DriverOwner;
  /** Nesting of turns: output is written when the outermost one ends. */
  #depth = 0;
  #isScheduled = false;
  #isEnded = false;
  #isHeld = false;
  #waiters: { exchange: ExchangeId; resolve: () => void }[] = [];

  constructor(socket: Socket, connection: ServerConnection, owner: DriverOwner) {
    this.socket = socket;
    this.connection = connection;
    this.#owner = owner;
    connection.tick(monotonicMs());
    socket.on('data', (bytes: Uint8Array) => this.#turn(() => connection.receive(bytes)));
    socket.on('end', () => this.#turn(() => connection.end()));
    socket.on('drain', () => this.#turn(() => []));
    // WHY: 'close' always follows and says all that matters; without a listener an error would end the process
    socket.on('error', () => {});
    socket.on('close', () => this.#onClose());
  }

  /** Sends a command; its octets leave at the end of this turn. @throws CallerError as `ServerConnection.send()` */
  send(command: ConnectionCommand): void {
    this.connection.send(command);
    this.#schedule();
  }

  /** Whether the peer is so far behind that a producer should wait. */
  isFull(exchange: ExchangeId): boolean {
    return this.socket.writableLength + this.connection.pendingBytes(exchange) >= WRITE_HIGH_BYTES;
  }

  /** Settles once there is room again for octets of `exchange`, or the connection is gone. */
  whenRoom(exchange: ExchangeId): Promise<void> {
    if (!this.isFull(exchange) || this.socket.destroyed) return Promise.resolve();
    return new Promise((resolve) => this.#waiters.push({ exchange, resolve }));
  }

  /** Stops or starts reading on behalf of a consumer of content. */
  holdReading(isHeld: boolean): void {
    this.#isHeld = isHeld;
    this.#adjustReading();
  }

  tick(nowMs: number): void {
    const report = { unwrittenBytes: this.socket.writableLength, isPaused: this.socket.isPaused() };
    this.#turn(() => this.connection.tick(nowMs, report));
  }

  #turn(input: () => ConnectionEvent[]): void {
    this.#depth += 1;
    try {
      this.#tell(input());
    } finally {
      this.#depth -= 1;
    }
    if (this.#depth === 0) this.#flush();
  }

  #tell(events: readonly ConnectionEvent[]): void {
    for (const event of events) this.#owner.onEvent(event, this);
  }

  #schedule(): void {
    if (this.#depth > 0 || this.#isScheduled) return;
    this.#isScheduled = true;
    process.nextTick(() => {
      this.#isScheduled = false;
      this.#turn(() => []);
    });
  }

  /** Writes what is ready and reads on what had to wait, until neither brings anything new. */
  #flush(): void {
    const { connection } = this;
    this.#write(connection.take());
    while (connection.state !== 'closed' && !connection.isBlocked && !this.#isBehind()) {
      this.#depth += 1;
      const events = connection.resume();
      this.#tell(events);
      this.#depth -= 1;
      if (events.length === 0) break;
      this.#write(connection.take());
    }
    this.#settleState();
    this.#adjustReading();
    this.#wakeWaiters();
  }

  #write(parts: readonly Uint8Array[]): void {
    const { socket } = this;
    if (parts.length === 0 || !socket.writable) return;
    if (parts.length > 1) socket.cork();
    for (const part of parts) socket.write(part);
    if (parts.length > 1) socket.uncork();
  }

  #settleState(): void {
    const { socket, connection } = this;
    if (connection.state === 'lingering' && !this.#isEnded) {
      this.#isEnded = true;
      socket.end();
    } else if (connection.state === 'closed' && !socket.destroyed) {
      // WHY: what was taken is still written; an aborted response must not look finished, so it is cut
      if (connection.openExchanges > 0) socket.destroy();
      else socket.destroySoon();
    }
  }

  #adjustReading(): void {
    const { socket } = this;
    const shouldPause = this.#isHeld || this.connection.isBlocked || this.#isBehind();
    if (shouldPause && !socket.isPaused()) socket.pause();
    else if (!shouldPause && socket.isPaused()) socket.resume();
  }

  #isBehind(): boolean {
    return this.socket.writableLength >= WRITE_HIGH_BYTES;
  }

  #wakeWaiters(): void {
    if (this.#waiters.length === 0) return;
    const isGone = this.socket.destroyed;
    const ready = this.#waiters.filter(({ exchange }) => isGone || !this.isFull(exchange));
    this.#waiters = this.#waiters.filter((waiter) => !ready.includes(waiter));
    for (const { resolve } of ready) resolve();
  }

  #onClose(): void {
    this.#tell(this.connection.fail());
    this.#wakeWaiters();
    this.#owner.onClose(this);
  }
}
