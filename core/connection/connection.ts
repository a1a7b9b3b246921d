/**
 * What a transport and a server need of a connection, whatever version of HTTP it speaks. The floors above import this
 * door, never a protocol's folder.
 */

import { Http1Connection, type Http1ConnectionOptions } from '../http1/connection.ts';
import type { ConnectionCommand, ConnectionEvent, ExchangeId } from '../http1/connection-events.ts';
import type { ConnectionState } from '../http1/connection-states.ts';
import type { TransportReport } from '../http1/timers.ts';

export type { Http1ConnectionOptions } from '../http1/connection.ts';
export type { ConnectionCommand, ConnectionEvent, EventSink, ExchangeId } from '../http1/connection-events.ts';
export type { RequestHead } from '../http1/head.ts';
export type { BareLf } from '../http1/line-policy.ts';
export { encodeFields } from '../http1/response-fields.ts';
export type { ResponseHead } from '../http1/response-writer.ts';

/** The server's side of a connection: octets and time in, events out; commands in, octets out. */
export interface ServerConnection {
  /** `lingering`: end this side. `closed`: end the transport once all is written. `aborted`: destroy it. */
  readonly state: ConnectionState;
  /** Octets wait here: stop reading. */
  readonly hasBacklog: boolean;
  /** They wait for a response to be finished or taken; otherwise call `resume()`. */
  readonly isBlocked: boolean;
  /** Octets that may wait to be written; more, and producers should wait. */
  readonly writeHighBytes: number;
  readonly openExchanges: number;
  receive(bytes: Uint8Array): ConnectionEvent[];
  resume(): ConnectionEvent[];
  end(): ConnectionEvent[];
  fail(): ConnectionEvent[];
  send(command: ConnectionCommand): void;
  take(maxBytes?: number): Uint8Array[];
  tick(nowMs: number, report?: TransportReport): ConnectionEvent[];
  pendingBytes(exchange?: ExchangeId): number;
}

/** A connection that speaks HTTP/1.1. */
export function openHttp1(options: Http1ConnectionOptions): ServerConnection {
  return new Http1Connection(options);
}
