import type { Span } from '../bytes/span.ts';
import type {
  ConnectionCommand,
  ConnectionEvent,
  ExchangeId,
  TransportReport,
  TransportState,
} from '../semantics/exchange.ts';

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
