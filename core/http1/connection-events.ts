import type { ProtocolError } from '../errors/protocol-error.ts';
import type { FieldInput, FieldLines } from '../semantics/field.ts';
import type { RequestHead } from './head.ts';
import type { ResponseHead } from './response-writer.ts';

/** Number of a request on its connection, from 1. */
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
  /** The peer broke the protocol or a timer ran out; the connection answers by itself and closes. */
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
  | {
      readonly kind: 'head';
      readonly exchange: ExchangeId;
      readonly head: ResponseHead;
      readonly contentLength?: number;
    }
  | { readonly kind: 'content'; readonly exchange: ExchangeId; readonly bytes: Uint8Array }
  | { readonly kind: 'end'; readonly exchange: ExchangeId; readonly trailers?: FieldInput }
  /** A whole response: head, content and end at once. */
  | {
      readonly kind: 'respond';
      readonly exchange: ExchangeId;
      readonly head: ResponseHead;
      readonly content: Uint8Array;
    }
  /** The response cannot be finished: the connection is cut, so that the peer does not take it for whole. */
  | { readonly kind: 'abort'; readonly exchange: ExchangeId }
  /** No further requests: the connection closes after the responses to those it has read. */
  | { readonly kind: 'drain' };
