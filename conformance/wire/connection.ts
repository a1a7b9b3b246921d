import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls, TLSSocket } from 'node:tls';
import { ConnectError } from '../errors.ts';
import { Transcript } from './transcript.ts';

/** Where a target listens. */
export interface Address {
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
  /** What a right Host field says. */
  readonly authority: string;
}

/** Most octets that are kept of one connection; a target that sends more is cut off. */
const MAX_RECEIVED_BYTES = 16 * 1024 * 1024;

/**
 * One client connection that sends any octets and keeps all that comes back, with its end told apart: FIN, RST or open.
 * Reading is by pull: `changed()` waits, `buffered` is what has not been taken yet.
 */
export class WireConnection {
  readonly transcript: Transcript;
  /** How the connection stands: our own `destroy()` does not change it. */
  end: 'open' | 'closed' | 'reset' = 'open';
  readonly #socket: Socket;
  /** Octets received and not yet taken, as they came: joined when somebody looks, so that a flood costs no more than its size. */
  #parts: Buffer[] = [];
  #receivedBytes = 0;
  #wake: () => void = () => {};

  /**
   * Connects; for TLS the handshake is done (`protocol` by ALPN, any certificate: the guard lets only named hosts through).
   * @throws ConnectError when nothing takes the connection within `timeoutMs`, or TLS does not agree on HTTP/2 where that is asked for
   */
  static async open(
    address: Address,
    timeoutMs: number,
    protocol: 'http/1.1' | 'h2' = 'http/1.1',
  ): Promise<WireConnection> {
    const transcript = new Transcript();
    const { host, port } = address;
    const socket = address.tls
      ? connectTls({
          host,
          port,
          rejectUnauthorized: false,
          ALPNProtocols: [protocol],
          ...(isIP(host) === 0 ? { servername: host } : {}),
        })
      : connectTcp({ host, port });
    socket.setNoDelay(true);
    await established(socket, address, timeoutMs);
    if (protocol === 'h2' && socket instanceof TLSSocket && socket.alpnProtocol !== 'h2') {
      socket.on('error', () => {});
      socket.destroy();
      throw new ConnectError(`No HTTP/2 at ${host}:${port}: ALPN did not agree on h2`);
    }
    transcript.note('connected');
    return new WireConnection(socket, transcript);
  }

  private constructor(socket: Socket, transcript: Transcript) {
    this.#socket = socket;
    this.transcript = transcript;
    socket.on('data', (octets: Buffer) => this.#receive(octets));
    socket.on('end', () => this.#finish('closed'));
    socket.on('close', () => this.#finish('closed'));
    socket.on('error', (error: NodeJS.ErrnoException) => {
      transcript.note(`error: ${error.code ?? error.message}`);
      this.#finish('reset');
    });
  }

  /** Octets received and not yet taken; the view is good until the next `take()`. */
  get buffered(): Buffer {
    const [first, ...rest] = this.#parts;
    const joined = rest.length === 0 ? (first ?? Buffer.alloc(0)) : Buffer.concat(this.#parts);
    this.#parts = [joined];
    return joined;
  }

  /**
   * Writes, and waits until the system has taken the octets (or the connection ended, or the deadline came). WHY a turn of the loop in
   * front: what has arrived is read first, for a write on a connection that was reset destroys it with all that was not read yet.
   */
  async send(octets: Buffer, timeoutMs: number): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    if (this.#socket.destroyed || this.#socket.writableEnded) return;
    this.transcript.sent(octets);
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, timeoutMs);
      this.#socket.write(octets, () => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  /** Sends our FIN. */
  halfClose(): void {
    this.transcript.note('half-closed');
    this.#socket.end();
  }

  /** Waits for more octets or for the end; false at the deadline (a time of `performance.now()`). */
  async changed(deadlineMs: number): Promise<boolean> {
    const before = this.#receivedBytes;
    const isNew = () => this.#receivedBytes !== before || this.end !== 'open';
    if (isNew()) return true;
    await new Promise<void>((resolve) => {
      const cancel = fairTimer(Math.max(0, deadlineMs - performance.now()), resolve);
      this.#wake = () => {
        cancel();
        resolve();
      };
    });
    return isNew();
  }

  /** Takes octets off the front of `buffered`. */
  take(bytes: number): void {
    this.#parts = [this.buffered.subarray(bytes)];
  }

  /** Ends it from our side, whatever its state. */
  destroy(): void {
    this.#socket.removeAllListeners('data');
    this.#socket.destroy();
  }

  #receive(octets: Buffer): void {
    this.transcript.received(octets);
    this.#receivedBytes += octets.length;
    this.#parts.push(octets);
    if (this.#receivedBytes > MAX_RECEIVED_BYTES) {
      this.transcript.note(`cut off: more than ${MAX_RECEIVED_BYTES} octets received`);
      this.#socket.destroy();
      this.#finish('closed');
    }
    this.#wake();
  }

  #finish(end: 'closed' | 'reset'): void {
    if (this.end !== 'open') return;
    this.end = end;
    this.transcript.note(end);
    this.#wake();
  }
}

function established(socket: Socket, address: Address, timeoutMs: number): Promise<void> {
  const event = address.tls ? 'secureConnect' : 'connect';
  return new Promise((resolve, reject) => {
    const settle = (error?: ConnectError) => {
      cancel();
      socket.removeAllListeners();
      if (error === undefined) {
        resolve();
        return;
      }
      socket.on('error', () => {});
      socket.destroy();
      reject(error);
    };
    const fail = (why: string) => settle(new ConnectError(`No connection to ${address.host}:${address.port}: ${why}`));
    const cancel = fairTimer(timeoutMs, () => fail(`no answer within ${timeoutMs} ms`));
    socket.once(event, () => settle());
    socket.once('error', (error: NodeJS.ErrnoException) => fail(error.code ?? error.message));
    socket.once('close', () => fail('closed before it was ready'));
  });
}

/**
 * A timer that is fair to the other side; returns how to cancel it. WHY: after a stall of this process timers run before
 * sockets are looked at, and what has happened there by the deadline counts.
 */
function fairTimer(ms: number, late: () => void): () => void {
  let settle: NodeJS.Immediate | undefined;
  const timer = setTimeout(() => {
    settle = setImmediate(late);
  }, ms);
  return () => {
    clearTimeout(timer);
    clearImmediate(settle);
  };
}
