/**
 * What a transport and a server need of a connection, whatever version of HTTP it speaks. The floors above import this
 * door, never a protocol's folder.
 */
import type { Span } from '../bytes/span.ts';
import { H2_ERROR } from '../errors/http2-codes.ts';
import { Http1Connection, type Http1ConnectionOptions } from '../http1/connection.ts';
import { Http2Connection, type Http2ConnectionOptions } from '../http2/connection.ts';
import { encodeGoaway, encodeSettings } from '../http2/frame/codec.ts';
import type {
  ConnectionCommand,
  ConnectionEvent,
  EventSink,
  ExchangeId,
  TransportReport,
  TransportState,
} from '../semantics/exchange.ts';
import { NegotiatedConnection } from './negotiated.ts';

export type { BareLf } from '../http1/line-policy.ts';

/** The server's side of a connection: octets and time in, events out; commands in, octets out. */
export interface ServerConnection {
  readonly state: TransportState;
  /** Octets wait here: stop reading. */
  readonly hasBacklog: boolean;
  /** They wait for a response to be finished or taken; otherwise call `resume()`. */
  readonly isBlocked: boolean;
  /** One exchange's unread content is no reason to stop reading: windows hold it back. */
  readonly isMultiplexed: boolean;
  /** Octets that may wait to be written; more, and producers should wait. */
  readonly writeHighBytes: number;
  readonly openExchanges: number;
  receive(bytes: Uint8Array): ConnectionEvent[];
  resume(): ConnectionEvent[];
  end(): ConnectionEvent[];
  fail(): ConnectionEvent[];
  send(command: ConnectionCommand): void;
  take(maxBytes?: number): Uint8Array[];
  /** The span that stands behind all that was taken, if there is one. */
  takeSpan(): Span | undefined;
  tick(nowMs: number, report?: TransportReport): ConnectionEvent[];
  /** Octets of `exchange`, or of the whole connection, that were not taken yet. */
  pendingBytes(exchange?: ExchangeId): number;
  /** Those of `exchange` that wait for their turn or for window, behind what is taken next. */
  queuedBytes(exchange: ExchangeId): number;
  /** Octets of content of `exchange` that its peer lets come now. */
  windowBytes(exchange: ExchangeId): number;
  /** Octets of all responses that wait to be taken, in memory. */
  readonly heldBytes: number;
}

/** Options of both versions. */
export interface ConnectionOptions {
  readonly http1: Omit<Http1ConnectionOptions, 'date' | 'sink'>;
  readonly http2: Omit<Http2ConnectionOptions, 'date' | 'sink' | 'offset'>;
  /** Whether `Upgrade: h2c` is followed, which RFC9113#3.1 has deprecated. */
  readonly h2cUpgrade: boolean;
  readonly date: () => string | undefined;
  readonly sink: EventSink;
}

/** What a connection will speak: known from ALPN, or found out from its first octets (RFC9113#3.3). */
export type Negotiation = 'http/1.1' | 'h2' | 'by-preface';

/** The connection for what was negotiated. */
export function openConnection(
  negotiation: Negotiation,
  { http1, http2, h2cUpgrade, date, sink }: ConnectionOptions,
): ServerConnection {
  const openHttp1 = (to: EventSink): Http1Connection => new Http1Connection({ ...http1, date, sink: to });
  const openHttp2 = (offset: number): Http2Connection => new Http2Connection({ ...http2, date, sink, offset });
  switch (negotiation) {
    case 'http/1.1':
      return openHttp1(sink);
    case 'h2':
      return openHttp2(0);
    case 'by-preface':
      return new NegotiatedConnection({ http1: openHttp1, http2: openHttp2 }, sink, h2cUpgrade);
    default:
      return negotiation satisfies never;
  }
}

/** All that is said over HTTP/2 where TLS has agreed on a cipher suite that it prohibits (RFC9113#9.2.2). */
export const REFUSAL_OF_BAD_CIPHER: Uint8Array = Uint8Array.from([
  ...encodeSettings([]),
  ...encodeGoaway(0, H2_ERROR.INADEQUATE_SECURITY),
]);
