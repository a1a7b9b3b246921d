import type { Socket } from 'node:net';
import type { TlsLimits } from '../../limits/tls-limits.ts';
import { ClientHelloReader, type HelloEvent } from '../../tls/hello-reader.ts';
import { monotonicMs } from '../clock.ts';

/**
 * Reads a connection's hello and gives its octets back, so that whoever reads next begins at the first. It reads from the socket
 * itself: an event of octets could not be taken back.
 */
export class HelloPeek {
  readonly #raw: Socket;
  readonly #reader: ClientHelloReader;
  readonly #pieces: Buffer[] = [];
  readonly #tell: (event: HelloEvent) => void;

  /** @param tell is called once; not at all where the peer goes away first */
  constructor(raw: Socket, limits: TlsLimits, tell: (event: HelloEvent) => void) {
    this.#raw = raw;
    this.#reader = new ClientHelloReader(limits);
    this.#tell = tell;
    this.#reader.tick(monotonicMs());
    raw.on('readable', this.#onReadable);
    raw.on('end', this.#onEnd);
  }

  tick(nowMs: number): void {
    this.#settle(this.#reader.tick(nowMs));
  }

  readonly #onReadable = (): void => {
    for (;;) {
      const piece: unknown = this.#raw.read();
      if (!(piece instanceof Buffer)) return;
      this.#pieces.push(piece);
      const event = this.#reader.receive(piece);
      if (event !== undefined) return this.#settle(event);
    }
  };

  /** A peer that ends before it has said hello wants nothing. */
  readonly #onEnd = (): void => {
    this.#raw.destroy();
  };

  #settle(event: HelloEvent | undefined): void {
    if (event === undefined) return;
    this.#raw.removeListener('readable', this.#onReadable);
    this.#raw.removeListener('end', this.#onEnd);
    const [first] = this.#pieces;
    if (event.kind === 'hello' && first !== undefined) {
      this.#raw.unshift(this.#pieces.length === 1 ? first : Buffer.concat(this.#pieces));
    }
    this.#tell(event);
  }
}
