/**
 * What a transport and a server need of a connection, whatever version of HTTP it speaks. The floors above import this
 * door, never a protocol's folder.
 */

import { Http1Connection, type Http1ConnectionOptions } from '../http1/connection.ts';
import type { ConnectionCommand, ConnectionEvent, ExchangeId } from '../http1/connection-events.ts';
import type { ConnectionState } from '../http1/connection-states.ts';
import type { TransportReport } from '../http1/timers.ts';

export type { Http1ConnectionOptions } from '../http1/connection.ts';
export type { ConnectionCommand, ConnectionEvent, ExchangeId } from '../http1/connection-events.ts';
export type { RequestHead } from '../http1/head.ts';
export type { BareLf } from '../http1/line-policy.ts';
export { encodeFields } from '../http1/response-fields.ts';
export type { ResponseHead } from '../http1/response-writer.ts';

/** The server's side of a connection: octets and time in, events out; commands in, octets out. */
export interface ServerConnection {
  /** `lingering`: all is written, end this side. `closed`: destroy the transport. */
  readonly state: ConnectionState;
  /** Octets wait for a response to be finished: stop reading. */
  readonly isBlocked: boolean;
  readonly openExchanges: number;
  receive(bytes: Uint8Array): ConnectionEvent[];
  resume(): ConnectionEvent[];
  end(): ConnectionEvent[];
  fail(): ConnectionEvent[];
  send(command: ConnectionCommand): void;
  take(): Uint8Array[];
  tick(nowMs: number, report?: TransportReport): ConnectionEvent[];
  pendingBytes(exchange?: ExchangeId): number;
}

/** A connection that speaks HTTP/1.1. */
export function openHttp1(options: Http1ConnectionOptions): ServerConnection {
  return new Http1Connection(options);
}
