import type { ProtocolError } from '../errors/protocol-error.ts';
import type { FieldLines } from '../semantics/field.ts';
import type { Http1RequestHead } from './head.ts';

/**
 * What a request parser tells. A message is `request`, any number of `content`, then `end`; `error` ends everything.
 * Offsets are octets since the connection's first.
 */
export type Http1Event =
  | { readonly kind: 'request'; readonly head: Http1RequestHead; readonly offset: number }
  /** `bytes` is a view of what was given to `receive()` and dies at the next call. Never empty. */
  | { readonly kind: 'content'; readonly bytes: Uint8Array; readonly offset: number }
  /** `offset` is that of the octet after the message. */
  | { readonly kind: 'end'; readonly trailers: FieldLines; readonly offset: number }
  | { readonly kind: 'error'; readonly error: ProtocolError };

/** Who is told of events, one by one, in order. An array is one. */
export interface Http1EventSink {
  push(event: Http1Event): unknown;
}
