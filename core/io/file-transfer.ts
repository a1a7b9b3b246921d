import { read, readSync } from 'node:fs';
import type { Socket } from 'node:net';
import { monotonicMs } from './clock.ts';
import { LARGE_BYTES, largeBuffers, SLOW_MS, SMALL_BYTES } from './file-buffers.ts';
import type { FileCalls } from './file-calls.ts';
import { FileChangedError, whatBroke } from './file-check.ts';
import type { FileSpan } from './file-span.ts';

/** Octets that one call of sendfile(2) may move, and that one connection may send before the others get their turn. */
const TURN_BYTES = 1_048_576;

/**
 * Octets that are written in the ordinary way when the socket is full: only such a write tells when there is room again.
 * They are all that waits in memory for a reader that stalls.
 */
const PROBE_BYTES = 4_096;

const NO_BYTES = new Uint8Array(0);

/** How a transfer tells how it goes. */
export interface TransferOwner {
  /** All is written, or handed to the socket. */
  onSent(): void;
  /** The file does not have, or no longer has, what was promised: the response must not look whole. */
  onBroken(error: Error): void;
}

/**
 * Moves one span of a file into a socket whose own queue is empty: by sendfile(2) where there is one, else by reading and
 * writing. It waits for room without a thread or a poll, and lets others have their turn.
 */
export class FileTransfer {
  readonly #span: FileSpan;
  readonly #socket: Socket;
  readonly #owner: TransferOwner;
  #calls: FileCalls | undefined;
  #offset: number;
  #left: number;
  #isReading = false;
  #isStopped = false;
  /** Whether the reader kept up with the last write. */
  #isFast = true;
  /** Made when it is first needed and used again and again: a new one for each read would be left to the collector. */
  #own: Uint8Array | undefined;

  /**
   * @param span taken by the caller
   * @param calls undefined where the octets have to pass through this process, as under TLS
   */
  constructor(span: FileSpan, socket: Socket, calls: FileCalls | undefined, owner: TransferOwner) {
    this.#span = span;
    this.#socket = socket;
    this.#calls = calls;
    this.#owner = owner;
    this.#offset = span.offset;
    this.#left = span.bytes;
  }

  /** Octets of the span that the socket has not been given. */
  get leftBytes(): number {
    return this.#left;
  }

  /**
   * Begins with what stands before the file, `parts`.
   * WHY: where both leave together, the peer wakes up once, which made 64 KiB files 18 % cheaper (core/README.md)
   */
  begin(parts: readonly Uint8Array[]): void {
    const [first, second] = parts;
    const socket = this.#socket;
    if (first === undefined) {
      if (socket.writableLength === 0) this.run();
      else socket.write(NO_BYTES, this.run);
      return;
    }
    const descriptor = second === undefined && socket.writableLength === 0 ? descriptorOf(socket) : undefined;
    if (this.#calls !== undefined && descriptor !== undefined) {
      const sent = this.#calls.sendBefore(descriptor, first);
      if (sent === first.length) return this.run();
      socket.write(first.subarray(sent), this.run);
      return;
    }
    if (this.#calls === undefined && this.#span.source.isWarm === true && this.#left <= LARGE_BYTES) {
      return this.#copyBehind(parts);
    }
    for (const part of parts) socket.write(part);
    if (socket.writableLength === 0) this.run();
    else socket.write(NO_BYTES, this.run);
  }

  /** Goes on, or begins: the socket has nothing left to write. */
  readonly run = (): void => {
    if (this.#isStopped || this.#socket.destroyed) return;
    if (this.#left === 0) return this.#finish();
    const problem = whatBroke(this.#span.source);
    if (problem !== undefined) return this.#break(problem);
    const descriptor = this.#calls === undefined ? undefined : descriptorOf(this.#socket);
    if (this.#calls === undefined || descriptor === undefined) return this.#copy();
    this.#move(this.#calls, descriptor);
  };

  /** The socket is gone. The span settles as soon as nothing uses its file. */
  stop(): void {
    this.#isStopped = true;
    if (!this.#isReading) this.#span.settle();
  }

  #move(calls: FileCalls, descriptor: number): void {
    let turn = Math.min(TURN_BYTES, this.#left);
    while (turn > 0) {
      const moved = calls.sendfile(descriptor, this.#span.source.fd, this.#offset, turn);
      if (moved === 'full') return this.#probe();
      if (moved === 'gone') return void this.#socket.destroy();
      if (moved === 'unfit') {
        calls.push(descriptor);
        this.#calls = undefined;
        return this.run();
      }
      if (moved === 0) return this.#break('has ended');
      this.#advance(moved);
      turn -= moved;
    }
    if (this.#left === 0) this.#finish();
    else setImmediate(this.run);
  }

  /** Writes a little, whose completion tells that there is room again. */
  #probe(): void {
    const buffer = this.#ownBuffer(PROBE_BYTES);
    const bytes = this.#readNow(buffer);
    if (bytes > 0) this.#socket.write(buffer.subarray(0, bytes), this.run);
  }

  /** All of a small file behind `parts`, read at once: from memory that takes less time than to ask a thread for it. */
  #copyBehind(parts: readonly Uint8Array[]): void {
    const problem = whatBroke(this.#span.source);
    if (problem !== undefined) return this.#break(problem);
    const large = largeBuffers.borrow();
    if (large === undefined) {
      for (const part of parts) this.#socket.write(part);
      this.#socket.write(NO_BYTES, this.run);
      return;
    }
    const bytes = this.#readNow(large);
    if (bytes === 0) return largeBuffers.giveBack(large);
    this.#socket.cork();
    for (const part of parts) this.#socket.write(part);
    const writtenMs = monotonicMs();
    this.#socket.write(large.subarray(0, bytes), () => {
      largeBuffers.giveBack(large);
      this.#isFast = monotonicMs() - writtenMs < SLOW_MS;
      this.run();
    });
    this.#socket.uncork();
  }

  #copy(): void {
    const large = this.#isFast && this.#left > SMALL_BYTES ? largeBuffers.borrow() : undefined;
    const buffer = large ?? this.#ownBuffer(SMALL_BYTES);
    const giveBack = (): void => {
      if (large !== undefined) largeBuffers.giveBack(large);
    };
    this.#isReading = true;
    read(this.#span.source.fd, buffer, 0, Math.min(buffer.length, this.#left), this.#offset, (error, bytes) => {
      this.#isReading = false;
      if (error !== null || bytes === 0 || this.#isStopped || this.#socket.destroyed) {
        giveBack();
        if (this.#isStopped) this.#span.settle();
        else if (!this.#socket.destroyed) this.#break(error === null ? 'has ended' : `cannot be read (${error.code})`);
        return;
      }
      this.#advance(bytes);
      const writtenMs = monotonicMs();
      this.#socket.write(buffer.subarray(0, bytes), () => {
        giveBack();
        this.#isFast = monotonicMs() - writtenMs < SLOW_MS;
        this.run();
      });
    });
  }

  /** Octets read; with 0 the transfer is broken off. */
  #readNow(buffer: Uint8Array): number {
    try {
      const bytes = readSync(this.#span.source.fd, buffer, 0, Math.min(buffer.length, this.#left), this.#offset);
      this.#advance(bytes);
      if (bytes === 0) this.#break('has ended');
      return bytes;
    } catch (error) {
      this.#break(`cannot be read (${error instanceof Error && 'code' in error ? String(error.code) : ''})`);
      return 0;
    }
  }

  #ownBuffer(maxBytes: number): Uint8Array {
    this.#own ??= new Uint8Array(Math.min(maxBytes, this.#left));
    return this.#own;
  }

  #advance(bytes: number): void {
    this.#offset += bytes;
    this.#left -= bytes;
  }

  #finish(): void {
    this.#span.settle();
    this.#owner.onSent();
  }

  #break(problem: string): void {
    const error = new FileChangedError(this.#left, problem);
    this.#isStopped = true;
    this.#span.settle(error);
    this.#owner.onBroken(error);
  }
}

/** The descriptor of a plain socket, where the runtime shows it. It is closed only between turns, with the handle. */
function descriptorOf(socket: Socket): number | undefined {
  const handle: unknown = Reflect.get(socket, '_handle');
  if (typeof handle !== 'object' || handle === null) return undefined;
  const fd: unknown = Reflect.get(handle, 'fd');
  return typeof fd === 'number' && fd >= 0 ? fd : undefined;
}
