import type { Span } from '../bytes/span.ts';
import type { Http1Connection } from '../http1/connection.ts';
import type { Http2Connection } from '../http2/connection.ts';
import { PREFACE } from '../http2/preface.ts';
import type { Upgraded } from '../http2/request.ts';
import type {
  ConnectionCommand,
  ConnectionEvent,
  EventSink,
  ExchangeId,
  TransportReport,
  TransportState,
} from '../semantics/exchange.ts';
import { readUpgrade } from './h2c-upgrade.ts';
import type { ServerConnection } from './server-connection.ts';

/** How the connections are made between which the octets decide. */
export interface Openers {
  http1(sink: EventSink): Http1Connection;
  /** @param offset offset in the connection of HTTP/2's first octet */
  http2(offset: number): Http2Connection;
}

/** A request that asks for h2c, until it is complete. */
interface WantedUpgrade extends Upgraded {
  readonly exchange: ExchangeId;
}

/**
 * A connection in clear whose version its first octets tell: the HTTP/2 preface, or anything else, which is HTTP/1.1
 * (RFC9113#3.3, prior knowledge). Until they do, the timers of HTTP/1.1 run. An HTTP/1.1 connection may still be upgraded,
 * where that was asked for.
 */
export class NegotiatedConnection implements ServerConnection, EventSink {
  /** Octets of the preface that have come; `undefined` once it is known what is spoken. */
  #matched: number | undefined = 0;
  #connection: ServerConnection;
  /** HTTP/1.1, until it was left; then as long as its last octets wait. */
  #http1: Http1Connection | undefined;
  #wanted: WantedUpgrade | undefined;
  #isLeaving = false;
  #nowMs = 0;
  readonly #open: Openers;
  readonly #sink: EventSink;

  /** @param takesUpgrade whether `Upgrade: h2c` is followed */
  constructor(open: Openers, sink: EventSink, takesUpgrade: boolean) {
    this.#open = open;
    this.#sink = sink;
    this.#http1 = open.http1(takesUpgrade ? this : sink);
    this.#connection = this.#http1;
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
    if (this.#matched === undefined || this.state !== 'open') return this.#receive(bytes);
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
    return [...this.#connection.resume(), ...this.#leave()];
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
    if (this.#http1 === undefined || this.#http1 === this.#connection) return this.#connection.take(maxBytes);
    const parts = this.#http1.take(maxBytes);
    if (this.#http1.pendingBytes() === 0) this.#http1 = undefined;
    return parts.length > 0 ? parts : this.#connection.take(maxBytes);
  }

  takeSpan(): Span | undefined {
    return this.#connection.takeSpan();
  }

  tick(nowMs: number, report?: TransportReport): ConnectionEvent[] {
    this.#nowMs = nowMs;
    return this.#connection.tick(nowMs, report);
  }

  pendingBytes(exchange?: ExchangeId): number {
    const isLeft = this.#http1 !== undefined && this.#http1 !== this.#connection;
    return this.#connection.pendingBytes(exchange) + (isLeft ? (this.#http1?.pendingBytes() ?? 0) : 0);
  }

  queuedBytes(exchange: ExchangeId): number {
    return this.#connection.queuedBytes(exchange);
  }

  windowBytes(exchange: ExchangeId): number {
    return this.#connection.windowBytes(exchange);
  }

  get heldBytes(): number {
    const isLeft = this.#http1 !== undefined && this.#http1 !== this.#connection;
    return this.#connection.heldBytes + (isLeft ? (this.#http1?.heldBytes ?? 0) : 0);
  }

  /** For HTTP/1.1: keeps a request that asks for h2c from the owner, who gets it as stream 1. */
  push(event: ConnectionEvent): void {
    if (event.kind === 'request' && this.#http1?.openExchanges === 1) {
      const settings = readUpgrade(event.head);
      if (settings !== undefined) {
        this.#wanted = { exchange: event.exchange, head: event.head, settings, offset: event.offset };
        return;
      }
    }
    if (this.#wanted === undefined) this.#sink.push(event);
    else if (event.kind === 'end') {
      this.#isLeaving = true;
      this.#http1?.switchTo('h2c');
    }
  }

  #receive(bytes: Uint8Array): ConnectionEvent[] {
    const events = this.#connection.receive(bytes);
    return this.#isLeaving ? [...events, ...this.#leave()] : events;
  }

  /** Hands the octets that were held back, then `bytes`, to whom they belong. */
  #decide(isHttp2: boolean, heldBytes: number, bytes: Uint8Array): ConnectionEvent[] {
    this.#matched = undefined;
    if (isHttp2) {
      this.#http1 = undefined;
      this.#connection = this.#open.http2(0);
      this.#connection.tick(this.#nowMs);
    }
    const held = heldBytes === 0 ? [] : this.#receive(PREFACE.slice(0, heldBytes));
    return [...held, ...this.#receive(bytes)];
  }

  /** Goes over to HTTP/2 where a request has asked for it. */
  #leave(): ConnectionEvent[] {
    const http1 = this.#http1;
    const wanted = this.#wanted;
    if (!this.#isLeaving || http1 === undefined || wanted === undefined) return [];
    this.#isLeaving = false;
    this.#wanted = undefined;
    const rest = http1.handOver();
    const http2 = this.#open.http2(http1.offset);
    this.#connection = http2;
    http2.tick(this.#nowMs);
    return [...http2.upgrade(wanted), ...http2.receive(rest)];
  }
}
