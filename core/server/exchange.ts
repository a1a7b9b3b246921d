import type { ConnectionDriver } from '../io/driver.ts';
import type { ConnectionCommand, ExchangeId, RequestHead } from '../semantics/exchange.ts';
import type { ContentSource } from './content.ts';
import { type Peer, ServerRequest } from './request.ts';
import { type ResponseSink, ServerResponse } from './response.ts';

/** One request, its response, and their way to the connection that they share. */
export class Exchange implements ContentSource, ResponseSink {
  readonly id: ExchangeId;
  readonly request: ServerRequest;
  readonly response: ServerResponse;
  readonly #driver: ConnectionDriver;
  readonly #forget: (exchange: Exchange) => void;

  constructor(
    id: ExchangeId,
    head: RequestHead,
    peer: Peer,
    driver: ConnectionDriver,
    forget: (exchange: Exchange) => void,
  ) {
    this.id = id;
    this.#driver = driver;
    this.#forget = forget;
    this.request = new ServerRequest(head, this, peer);
    this.response = new ServerResponse(this);
  }

  /** Sends a command about this exchange. @throws CallerError when it breaks the rules of a response */
  send(command: ConnectionCommand): void {
    this.#driver.send(command);
  }

  /** The content is wanted: a client that waits for 100 (Continue) gets it. */
  demand(): void {
    if (!this.response.isFinished) this.#driver.send({ kind: 'demand', exchange: this.id });
  }

  /** Stops or starts reading from the peer. */
  hold(isHeld: boolean): void {
    this.#driver.holdReading(isHeld);
  }

  /** Content was read: over HTTP/2 its window is given back. */
  consumed(bytes: number): void {
    if (this.#driver.givesWindow) this.#driver.send({ kind: 'consumed', exchange: this.id, bytes });
  }

  get isHead(): boolean {
    return this.request.method === 'HEAD';
  }

  get takesFiles(): boolean {
    return this.#driver.takesFiles;
  }

  write(bytes: Uint8Array): Promise<void> {
    return this.#driver.write(this.id, bytes);
  }

  whenLeft(): Promise<boolean> {
    return this.#driver.whenLeft(this.id);
  }

  get windowBytes(): number {
    return this.#driver.windowBytes(this.id);
  }

  /** The response is complete: whatever of the request is still unread is of no use any more. */
  finish(): void {
    this.request.release();
    this.#forget(this);
  }

  /** The connection broke, or answered by itself. */
  abandon(cause: Error | undefined): void {
    this.response.abandon();
    this.#driver.abandon(this.id);
    this.request.abandon(cause);
    this.#forget(this);
  }
}
