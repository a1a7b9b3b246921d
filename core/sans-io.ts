/**
 * The sans-IO door: machines, events, errors and limits that know no socket, clock or runtime.
 * Octets, time and randomness come in as arguments, so that every run can be replayed.
 */
export { latin1 } from './bytes/latin1.ts';
export {
  type ConnectionOptions,
  type Negotiation,
  openConnection,
  type ServerConnection,
} from './connection/connection.ts';
export { CALLER_CODES, CallerError, type CallerErrorCode } from './errors/caller-error.ts';
export type { CodeSpec } from './errors/code-spec.ts';
export type { Excerpt } from './errors/escape.ts';
export { InvariantError } from './errors/invariant-error.ts';
export { CODES, formatDiagnostic, ProtocolError, type ProtocolErrorCode } from './errors/protocol-error.ts';
export { type DecodedBlock, HpackDecoder, type HpackDecoderLimits, type HpackFailure } from './hpack/decoder.ts';
export { HpackEncoder } from './hpack/encoder.ts';
export { decodeHuffman, encodeHuffman, type HuffmanFailure, huffmanLength, maxDecodedBytes } from './hpack/huffman.ts';
export { HUFFMAN_LENGTHS, STATIC_ENTRIES } from './hpack/tables.ts';
export { Http1Connection, type Http1ConnectionOptions } from './http1/connection.ts';
export type { ConnectionState } from './http1/connection-states.ts';
export type { Http1Event } from './http1/events.ts';
export type { Framing } from './http1/framing.ts';
export type { Http1RequestHead } from './http1/head.ts';
export type { BareLf } from './http1/line-policy.ts';
export { type Http1ParserOptions, Http1RequestParser } from './http1/parser.ts';
export { Http2Connection, type Http2ConnectionOptions } from './http2/connection.ts';
export * as frames from './http2/frame/codec.ts';
export type { Frame } from './http2/frame/head.ts';
export { FrameReader } from './http2/frame/reader.ts';
export { HTTP1_LIMIT_SPECS, type Http1Limits, http1Limits } from './limits/http1-limits.ts';
export { HTTP2_LIMIT_SPECS, type Http2Limits, http2Limits } from './limits/http2-limits.ts';
export { imfFixdate } from './semantics/date.ts';
export type {
  ConnectionCommand,
  ConnectionEvent,
  EventSink,
  ExchangeId,
  RequestHead,
  ResponseHead,
  TransportReport,
  TransportState,
} from './semantics/exchange.ts';
export type { FieldInput } from './semantics/field.ts';
export { FieldLines } from './semantics/field.ts';
export { type Host, parseHost } from './semantics/host.ts';
export { parseTarget, type Target } from './semantics/target.ts';
