import { CallerError } from '../errors/caller-error.ts';
import type { ExchangeId } from '../semantics/exchange.ts';
import type { OutputRoom, RoomWaiter } from './output-room.ts';

/**
 * Octets that a response may have under way, whatever others have: so that the one whose turn it is goes on, a piece at a time,
 * where all room is taken by others that stall.
 */
const NEXT_BYTES = 16_384;

const ROOM: Promise<void> = Promise.resolve();

/** What has to be known of a connection. */
export interface ProducerTransport {
  /** Octets that may wait of one exchange before its producer should wait. */
  readonly highBytes: number;
  /** Octets that wait in memory, of all exchanges and in the socket. */
  readonly heldBytes: number;
  /** Nothing can be written any more; `close()` follows. */
  readonly isGone: boolean;
  /** Octets that have to leave until all of an exchange's have. */
  unwrittenBytes(exchange: ExchangeId): number;
}

/** A producer that waits. */
interface Waiter {
  /** Octets that it is likely to write when it is woken. */
  readonly bytes: number;
  readonly promise: Promise<void>;
  readonly resolve: () => void;
}

/** Those who write the responses of one connection, and for how many octets they have room. */
export class Producers implements RoomWaiter {
  readonly #transport: ProducerTransport;
  readonly #room: OutputRoom;
  /** What the room was told that this connection holds. */
  #counted = 0;
  /** In the order in which they began to wait. WHY: however often somebody writes who does not wait, one who waits is enough */
  readonly #waiters = new Map<ExchangeId, Waiter>();

  constructor(transport: ProducerTransport, room: OutputRoom) {
    this.#transport = transport;
    this.#room = room;
  }

  get isWaiting(): boolean {
    return this.#waiters.size > 0;
  }

  /** Octets of `exchange` that may come before its producer should wait. */
  roomBytes(exchange: ExchangeId): number {
    return this.#roomBytes(exchange, this.#leftBytes());
  }

  /**
   * Before `exchange` writes so many octets. One piece is always taken: it is in its handler's hands, and waits there or here.
   * @throws CallerError CONTENT_UNAWAITED where an earlier one was told to wait, and the limits leave no room
   */
  admit(exchange: ExchangeId, bytes: number): void {
    if (!this.#waiters.has(exchange) || bytes <= this.#leftBytes()) return;
    throw new CallerError('CONTENT_UNAWAITED', `${bytes} octets`);
  }

  /** Settles once there is room for more of `exchange`, or no more is needed. @param bytes how much it is likely to be */
  whenRoom(exchange: ExchangeId, bytes: number): Promise<void> {
    if (this.roomBytes(exchange) > 0) return ROOM;
    const earlier = this.#waiters.get(exchange);
    if (earlier !== undefined) return earlier.promise;
    let resolve = (): void => {};
    const promise = new Promise<void>((settle) => {
      resolve = settle;
    });
    this.#waiters.set(exchange, { bytes, promise, resolve });
    this.#room.wait(this);
    return promise;
  }

  /** The exchange is over: nothing of it comes any more. */
  forget(exchange: ExchangeId): void {
    if (this.#waiters.size === 0) return;
    this.#settle(exchange);
    if (this.#waiters.size === 0) this.#room.leave(this);
  }

  /** Octets have left, or come: tells the server, and wakes who has room. */
  update(): void {
    this.#count();
    // WHY: what waits for nothing but the end of the transport would be written to nobody
    if (this.#waiters.size > 0 && !this.#transport.isGone) this.wake(0);
  }

  wake(promisedBytes: number): number {
    let promised = promisedBytes;
    for (const [exchange, { bytes }] of this.#waiters) {
      const left = this.#leftBytes(promised - promisedBytes, promised);
      if (this.#roomBytes(exchange, left) <= 0) continue;
      promised += bytes;
      this.#settle(exchange);
    }
    if (this.#waiters.size === 0) this.#room.leave(this);
    return promised;
  }

  /** The connection is gone. */
  close(): void {
    for (const exchange of this.#waiters.keys()) this.#settle(exchange);
    this.#room.leave(this);
    this.#tell(0);
  }

  #settle(exchange: ExchangeId): void {
    this.#waiters.get(exchange)?.resolve();
    this.#waiters.delete(exchange);
  }

  #roomBytes(exchange: ExchangeId, leftBytes: number): number {
    const { highBytes } = this.#transport;
    const unwritten = this.#transport.unwrittenBytes(exchange);
    // WHY: what others leave waiting is no reason for this one to stop
    return Math.max(Math.min(highBytes - unwritten, leftBytes), Math.min(highBytes, NEXT_BYTES) - unwritten);
  }

  /** @param ownBytes promised to producers of this connection @param promisedBytes to those of all */
  #leftBytes(ownBytes = 0, promisedBytes = 0): number {
    this.#count();
    return this.#room.leftBytes(this.#counted + ownBytes, promisedBytes);
  }

  #count(): void {
    const { isGone, heldBytes } = this.#transport;
    this.#tell(isGone ? 0 : heldBytes);
  }

  #tell(bytes: number): void {
    const before = this.#counted;
    if (bytes === before) return;
    this.#counted = bytes;
    this.#room.change(before, bytes);
  }
}
