/**
 * What a transport and a server need of a connection, whatever version of HTTP it speaks. The floors above import this
 * door, never a protocol's folder.
 */
import { H2_ERROR } from '../errors/http2-codes.ts';
import { Http1Connection, type Http1ConnectionOptions } from '../http1/connection.ts';
import { Http2Connection, type Http2ConnectionOptions } from '../http2/connection.ts';
import { encodeGoaway, encodeSettings } from '../http2/frame/codec.ts';
import type { EventSink } from '../semantics/exchange.ts';
import { NegotiatedConnection } from './negotiated.ts';
import type { ServerConnection } from './server-connection.ts';

export type { BareLf } from '../http1/line-policy.ts';
export type { ServerConnection } from './server-connection.ts';

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
