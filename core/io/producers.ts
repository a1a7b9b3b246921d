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
  /** Nothing can be written any more. */
  readonly isGone: boolean;
  /** Octets that have to leave until all of an exchange's have. */
  unwrittenBytes(exchange: ExchangeId): number;
}

interface Waiter {
  readonly exchange: ExchangeId;
  /** Octets that there has to be room for, and for how many it is promised then. */
  readonly leastBytes: number;
  readonly mostBytes: number;
  /** Whether the promise is kept until the octets come: somebody is reading them. */
  readonly isKept: boolean;
  readonly promise: Promise<number>;
  readonly resolve: (bytes: number) => void;
}

/** Those who write the responses of one connection, and for how many octets they have room. */
export class Producers implements RoomWaiter {
  readonly #transport: ProducerTransport;
  readonly #room: OutputRoom;
  /** What the room was told that this connection holds. */
  #counted = 0;
  /** Octets promised to exchanges that have not written them yet. */
  readonly #promised = new Map<ExchangeId, number>();
  #promisedBytes = 0;
  /** Exchanges whose promise lasts until the end of this turn of the loop. */
  readonly #brief = new Set<ExchangeId>();
  #waiters: Waiter[] = [];

  constructor(transport: ProducerTransport, room: OutputRoom) {
    this.#transport = transport;
    this.#room = room;
  }

  /** Octets of `exchange` that may come before its producer should wait. */
  roomBytes(exchange: ExchangeId): number {
    const { highBytes } = this.#transport;
    const unwritten = this.#transport.unwrittenBytes(exchange);
    return Math.max(
      Math.min(highBytes - unwritten, this.#leftBytes()),
      // WHY: what others leave waiting is no reason for this one to stop
      Math.min(highBytes, NEXT_BYTES) - unwritten,
    );
  }

  /**
   * Before `exchange` writes so many octets. One piece is always taken: it is in its handler's hands, and waits there or here.
   * @throws CallerError CONTENT_UNAWAITED where an earlier one was told to wait, and the limits leave no room
   */
  admit(exchange: ExchangeId, bytes: number): void {
    this.#release(exchange);
    if (this.#waiters.length === 0 || bytes <= this.#leftBytes()) return;
    if (this.#find(exchange) !== undefined) throw new CallerError('CONTENT_UNAWAITED', `${bytes} octets`);
  }

  /** Settles once there is room for more of `exchange`, or no more is needed. @param bytes how much it is likely to be */
  whenRoom(exchange: ExchangeId, bytes: number): Promise<void> {
    if (this.#transport.isGone || this.roomBytes(exchange) > 0) return ROOM;
    return this.#wait(exchange, 1, bytes, false).then(() => {});
  }

  /**
   * Promises `exchange` room for octets that are read now; settles with their number, from 1 to `mostBytes`. As long as its others
   * are not gone it waits for room for `leastBytes`.
   */
  reserve(exchange: ExchangeId, leastBytes: number, mostBytes: number): Promise<number> {
    this.#release(exchange);
    const bytes = this.#transport.isGone ? leastBytes : this.#available(exchange, leastBytes);
    if (bytes === 0) return this.#wait(exchange, leastBytes, mostBytes, true);
    const promised = Math.min(bytes, mostBytes);
    this.#promise(exchange, promised);
    return Promise.resolve(promised);
  }

  /** The exchange is over: nothing of it comes any more. */
  forget(exchange: ExchangeId): void {
    this.#release(exchange);
    this.#count();
    if (this.#find(exchange) === undefined) return;
    const over = this.#waiters.filter((waiter) => waiter.exchange === exchange);
    this.#keep(this.#waiters.filter((waiter) => waiter.exchange !== exchange));
    for (const { resolve, leastBytes } of over) resolve(leastBytes);
  }

  /** Octets have left, or come: tells the server, and wakes who has room. */
  update(): void {
    this.#count();
    if (this.#waiters.length > 0) this.wake();
  }

  wake(): boolean {
    const left: Waiter[] = [];
    for (const waiter of this.#waiters) {
      const { exchange, leastBytes, mostBytes, isKept, resolve } = waiter;
      const bytes = this.#transport.isGone ? leastBytes : this.#available(exchange, leastBytes);
      if (bytes === 0) {
        left.push(waiter);
        continue;
      }
      const promised = isKept ? Math.min(bytes, mostBytes) : mostBytes;
      this.#promise(exchange, promised);
      if (!isKept) this.#makeBrief(exchange);
      resolve(promised);
    }
    this.#keep(left);
    return left.length > 0;
  }

  /** The connection is gone. */
  close(): void {
    this.wake();
    this.#promised.clear();
    this.#promisedBytes = 0;
    this.#room.leave(this);
    this.#tell(0);
  }

  /** Octets that may come of `exchange`, or 0 while they are too few. */
  #available(exchange: ExchangeId, leastBytes: number): number {
    const room = this.roomBytes(exchange);
    if (room >= Math.min(leastBytes, this.#transport.highBytes)) return room;
    return room > 0 && this.#transport.unwrittenBytes(exchange) === 0 ? room : 0;
  }

  #wait(exchange: ExchangeId, leastBytes: number, mostBytes: number, isKept: boolean): Promise<number> {
    const earlier = this.#find(exchange);
    // WHY: however often somebody writes who does not wait, one who waits is enough
    if (earlier !== undefined && !isKept) return earlier.promise;
    let resolve: (bytes: number) => void = () => {};
    const promise = new Promise<number>((settle) => {
      resolve = settle;
    });
    this.#waiters.push({ exchange, leastBytes, mostBytes, isKept, promise, resolve });
    this.#room.wait(this);
    return promise;
  }

  #find(exchange: ExchangeId): Waiter | undefined {
    for (const waiter of this.#waiters) if (waiter.exchange === exchange) return waiter;
    return undefined;
  }

  #keep(waiters: Waiter[]): void {
    this.#waiters = waiters;
    if (waiters.length === 0) this.#room.leave(this);
  }

  #promise(exchange: ExchangeId, bytes: number): void {
    this.#release(exchange);
    this.#promised.set(exchange, bytes);
    this.#promisedBytes += bytes;
  }

  /** WHY: one that is woken writes at once or waits for something else, for who knows how long, and others have to go on. */
  #makeBrief(exchange: ExchangeId): void {
    this.#brief.add(exchange);
    if (this.#brief.size > 1) return;
    setImmediate(() => {
      for (const one of [...this.#brief]) this.#release(one);
      this.update();
    });
  }

  #release(exchange: ExchangeId): void {
    if (this.#promisedBytes === 0) return;
    this.#promisedBytes -= this.#promised.get(exchange) ?? 0;
    this.#promised.delete(exchange);
    this.#brief.delete(exchange);
  }

  #leftBytes(): number {
    this.#count();
    return this.#room.leftBytes(this.#counted);
  }

  #count(): void {
    const { isGone, heldBytes } = this.#transport;
    this.#tell(isGone ? 0 : heldBytes + this.#promisedBytes);
  }

  #tell(bytes: number): void {
    const before = this.#counted;
    if (bytes === before) return;
    this.#counted = bytes;
    this.#room.change(before, bytes);
  }
}
