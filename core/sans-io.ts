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
export { FORM_LIMIT_SPECS, type FormLimits, formLimits } from './limits/form-limits.ts';
export { HTTP1_LIMIT_SPECS, type Http1Limits, http1Limits } from './limits/http1-limits.ts';
export { HTTP2_LIMIT_SPECS, type Http2Limits, http2Limits } from './limits/http2-limits.ts';
export { OUTPUT_LIMIT_SPECS, type OutputLimits, outputLimits } from './limits/output-limits.ts';
export { PKI_LIMIT_SPECS, type PkiLimits, pkiLimits } from './limits/pki-limits.ts';
export { type StructuredLimits, structuredLimits } from './limits/structured-limits.ts';
export { TLS_LIMIT_SPECS, type TlsLimits, tlsLimits } from './limits/tls-limits.ts';
export { type MediaRange, parseAccept, preferredType } from './semantics/accept.ts';
export { preferredCoding } from './semantics/accept-encoding.ts';
export { preferredLanguage } from './semantics/accept-language.ts';
export { contentRange, layOutMultipart, type Multipart } from './semantics/byteranges.ts';
export { allowsRange, evaluatePreconditions, type Precondition, type Validators } from './semantics/conditional.ts';
export { Cookies, parseCookies } from './semantics/cookie.ts';
export { imfFixdate, parseHttpDate } from './semantics/date.ts';
export { type EntityTag, parseEntityTag, parseEntityTags } from './semantics/entity-tag.ts';
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
export { parseExpectation } from './semantics/expectation.ts';
export { type Failure, isFailure, valueError } from './semantics/failure.ts';
export type { FieldInput } from './semantics/field.ts';
export { FieldLines } from './semantics/field.ts';
export { type Dotfiles, encodeOctets, type FilePath, parseFilePath } from './semantics/file-path.ts';
export { type Host, parseHost } from './semantics/host.ts';
export { formatMediaType, type MediaType, parseMediaType } from './semantics/media-type.ts';
export { boundaryOf } from './semantics/multipart/boundary.ts';
export type { PartHead } from './semantics/multipart/part-head.ts';
export { type MultipartEvent, type MultipartOptions, MultipartReader } from './semantics/multipart/reader.ts';
export { type ByteRange, planRanges, type RangePlan } from './semantics/range.ts';
export { type CookieAttributes, formatClearCookie, formatSetCookie } from './semantics/set-cookie.ts';
export { formatDictionary, formatItem, formatList } from './semantics/structured/format.ts';
export { parseDictionary, parseItem, parseList } from './semantics/structured/parse.ts';
export {
  type BareItem,
  type Dictionary,
  type InnerList,
  type Item,
  isInnerList,
  type List,
  type Member,
  type Parameters,
} from './semantics/structured/types.ts';
export { parseTarget, type Target } from './semantics/target.ts';
export { Admission, type Refusal } from './tls/admission.ts';
export type { ClientHello } from './tls/client-hello.ts';
export { type Crl, parseCrl } from './tls/crl.ts';
export { Der, type DerFailure, TAG } from './tls/der.ts';
export { farewellOf } from './tls/farewell.ts';
export { ClientHelloReader, type HelloEvent, type HelloState } from './tls/hello-reader.ts';
export { ja4 } from './tls/ja4.ts';
export { formatOcspRequest, type OcspResponse, parseOcspResponse } from './tls/ocsp.ts';
export { pkiError } from './tls/pki-error.ts';
export { PolicyNames } from './tls/policy-names.ts';
export { SerialSet } from './tls/serial-set.ts';
export { type CertificateParts, parseCertificate } from './tls/x509.ts';
