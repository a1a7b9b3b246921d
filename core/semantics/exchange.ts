import type { Span } from '../bytes/span.ts';
import type { ProtocolError } from '../errors/protocol-error.ts';
import type { FieldInput, FieldLines } from './field.ts';
import type { Host } from './host.ts';
import type { Target } from './target.ts';

/** A request's control data and fields, whatever version of HTTP brought them (RFC9110#6). It owns its text. */
export interface RequestHead {
  /** As received; case matters (RFC9110#9.1). */
  readonly method: string;
  readonly target: Target;
  /** The target as received; over HTTP/2 the `:path`, or the `:authority` of CONNECT. */
  readonly rawTarget: string;
  /** Scheme that the request itself names, in lower case: of the absolute-form, or `:scheme`. */
  readonly scheme: string | undefined;
  /** `HTTP/1.0`, `HTTP/1.1` and so on, `HTTP/2.0`. */
  readonly protocol: string;
  readonly fields: FieldLines;
  /** Who is addressed (RFC9110#7.2). */
  readonly host: Host | undefined;
  /** What Expect asks for (RFC9110#10.1.1). */
  readonly expectation: 'none' | 'continue' | 'unknown';
  /** `:protocol` of an extended CONNECT (RFC8441#4); no other request has one. */
  readonly tunnelProtocol?: string | undefined;
}

/** Control data and fields of a final response. */
export interface ResponseHead {
  /** 200 to 599. */
  readonly status: number;
  /** Sent by HTTP/1.1 only. @defaultValue the registered phrase, or none */
  readonly reason?: string;
  readonly fields?: FieldInput;
}

/** Number of a request on its connection: from 1 over HTTP/1.1, the stream identifier over HTTP/2. */
export type ExchangeId = number;

/**
 * What a connection tells its owner. An exchange is `request`, any number of `content`, then `end` or `abandoned`.
 * Offsets are octets since the connection's first.
 */
export type ConnectionEvent =
  | { readonly kind: 'request'; readonly exchange: ExchangeId; readonly head: RequestHead; readonly offset: number }
  /** `bytes` is a view of what was given to `receive()` and dies at the next call. Never empty. */
  | { readonly kind: 'content'; readonly exchange: ExchangeId; readonly bytes: Uint8Array; readonly offset: number }
  | { readonly kind: 'end'; readonly exchange: ExchangeId; readonly trailers: FieldLines; readonly offset: number }
  /** No more will come of this request, and its response can no longer be sent. */
  | { readonly kind: 'abandoned'; readonly exchange: ExchangeId; readonly error: ProtocolError | undefined }
  /** The peer broke the protocol or a timer ran out; the connection answers by itself, and closes if it must. */
  | { readonly kind: 'error'; readonly error: ProtocolError };

/** Who is told of events, one by one, in order. An array is one. */
export interface EventSink {
  push(event: ConnectionEvent): unknown;
}

/** What its owner tells a connection. Content is kept by reference when large: it must not change until written. */
export type ConnectionCommand =
  | { readonly kind: 'interim'; readonly exchange: ExchangeId; readonly status: number; readonly fields?: FieldInput }
  /** The handler begins to read the content: a 100 (Continue) is sent if the client waits for one. */
  | { readonly kind: 'demand'; readonly exchange: ExchangeId }
  /** The handler has read, or thrown away, so many octets of content: as many may come again. */
  | { readonly kind: 'consumed'; readonly exchange: ExchangeId; readonly bytes: number }
  | {
      readonly kind: 'head';
      readonly exchange: ExchangeId;
      readonly head: ResponseHead;
      readonly contentLength?: number;
    }
  | { readonly kind: 'content'; readonly exchange: ExchangeId; readonly bytes: Uint8Array }
  /** Content that the transport will fetch from where it is: over HTTP/1.1 alone, where its head said a length. */
  | { readonly kind: 'span'; readonly exchange: ExchangeId; readonly span: Span }
  | { readonly kind: 'end'; readonly exchange: ExchangeId; readonly trailers?: FieldInput }
  /** A whole response: head, content and end at once. */
  | {
      readonly kind: 'respond';
      readonly exchange: ExchangeId;
      readonly head: ResponseHead;
      readonly content: Uint8Array;
    }
  /** The response cannot be finished: its stream or connection is cut, so that the peer does not take it for whole. */
  | { readonly kind: 'abort'; readonly exchange: ExchangeId }
  /** No further requests: the connection closes after the responses to those it has read. */
  | { readonly kind: 'drain' };

/**
 * What a transport has to do: `lingering`: end this side and read on. `closed`: end once all is written.
 * `aborted`: destroy. In the others it reads and writes.
 */
export type TransportState = 'open' | 'ending' | 'half-closed' | 'closing' | 'lingering' | 'closed' | 'aborted';

/** What the transport says at a tick. */
export interface TransportReport {
  /** Octets handed over by `take()` that the peer has not taken yet. @defaultValue 0 */
  readonly unwrittenBytes?: number;
  /** Whether this side has stopped reading, so that the peer is not to blame for silence. @defaultValue false */
  readonly isPaused?: boolean;
}
