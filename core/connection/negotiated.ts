import { PREFACE } from '../http2/preface.ts';
import type {
  ConnectionCommand,
  ConnectionEvent,
  ExchangeId,
  TransportReport,
  TransportState,
} from '../semantics/exchange.ts';
import type { ServerConnection } from './connection.ts';

/**
 * A connection in clear whose version its first octets tell: the HTTP/2 preface, or anything else, which is HTTP/1.1
 * (RFC9113#3.3, prior knowledge). Until they do, the timers of HTTP/1.1 run.
 */
export class NegotiatedConnection implements ServerConnection {
  /** Octets of the preface that have come; `undefined` once it is known what is spoken. */
  #matched: number | undefined = 0;
  #connection: ServerConnection;
  readonly #openHttp2: () => ServerConnection;

  constructor(http1: ServerConnection, openHttp2: () => ServerConnection) {
    this.#connection = http1;
    this.#openHttp2 = openHttp2;
  }

  get state(): TransportState {
    return this.#connection.state;
  }

  get hasBacklog(): boolean {
    return this.#connection.hasBacklog;
  }

  get isBlocked(): boolean {
    return this.#connection.isBlocked;
  }

  get isMultiplexed(): boolean {
    return this.#connection.isMultiplexed;
  }

  get writeHighBytes(): number {
    return this.#connection.writeHighBytes;
  }

  get openExchanges(): number {
    return this.#connection.openExchanges;
  }

  receive(bytes: Uint8Array): ConnectionEvent[] {
    // WHY: a connection that was told to end before anybody spoke does not begin anew
    if (this.#matched === undefined || this.state !== 'open') return this.#connection.receive(bytes);
    const before = this.#matched;
    let at = 0;
    while (at < bytes.length && before + at < PREFACE.length && bytes[at] === PREFACE[before + at]) at++;
    const isWhole = before + at === PREFACE.length;
    if (at === bytes.length && !isWhole) {
      this.#matched = before + at;
      return [];
    }
    return this.#decide(isWhole, before, bytes);
  }

  resume(): ConnectionEvent[] {
    return this.#connection.resume();
  }

  end(): ConnectionEvent[] {
    const events = this.#matched === undefined ? [] : this.#decide(false, this.#matched, new Uint8Array(0));
    return [...events, ...this.#connection.end()];
  }

  fail(): ConnectionEvent[] {
    return this.#connection.fail();
  }

  send(command: ConnectionCommand): void {
    this.#connection.send(command);
  }

  take(maxBytes?: number): Uint8Array[] {
    return this.#connection.take(maxBytes);
  }

  tick(nowMs: number, report?: TransportReport): ConnectionEvent[] {
    this.#nowMs = nowMs;
    return this.#connection.tick(nowMs, report);
  }

  pendingBytes(exchange?: ExchangeId): number {
    return this.#connection.pendingBytes(exchange);
  }

  #nowMs = 0;

  /** Hands the octets that were held back, then `bytes`, to whom they belong. */
  #decide(isHttp2: boolean, heldBytes: number, bytes: Uint8Array): ConnectionEvent[] {
    this.#matched = undefined;
    if (isHttp2) {
      this.#connection = this.#openHttp2();
      this.#connection.tick(this.#nowMs);
    }
    const held = heldBytes === 0 ? [] : this.#connection.receive(PREFACE.slice(0, heldBytes));
    return [...held, ...this.#connection.receive(bytes)];
  }
}
