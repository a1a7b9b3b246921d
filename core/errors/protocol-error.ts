import type { CodeSpec } from './code-spec.ts';
import type { Excerpt } from './escape.ts';
import { FORM_CODES, type FormCode } from './form-codes.ts';
import { HPACK_CODES, type HpackCode } from './hpack-codes.ts';
import { HTTP1_CODES, type Http1Code } from './http1-codes.ts';
import { HTTP2_CODES, type Http2Code } from './http2-codes.ts';
import { PKI_CODES, type PkiCode } from './pki-codes.ts';
import { STRUCTURED_CODES, type StructuredCode } from './structured-codes.ts';
import { TLS_CODES, type TlsCode } from './tls-codes.ts';

/** Every code of every protocol, and of what is said in fields and forms. */
export const CODES = {
  ...HTTP1_CODES,
  ...HTTP2_CODES,
  ...HPACK_CODES,
  ...STRUCTURED_CODES,
  ...FORM_CODES,
  ...TLS_CODES,
  ...PKI_CODES,
} as const satisfies Record<string, CodeSpec>;

export type ProtocolErrorCode = Http1Code | Http2Code | HpackCode | TlsCode | ValueCode;

/** Codes of what is read by itself, apart from its connection: their offsets are octets since the first of that. */
export type ValueCode = StructuredCode | FormCode | PkiCode;

/** Where an error was found. All positions are octets. */
export interface ErrorPlace {
  /** Octets since the connection's first; of a {@link ValueCode}, since the first of what was read. */
  readonly offset: number;
  /** 1-based line of the head, trailer section or chunk line, where there are lines. */
  readonly line?: number;
  /** 1-based octet in that line. */
  readonly column?: number;
  /** The offending octet, where the error is about one. */
  readonly octet?: number;
  readonly excerpt?: Excerpt;
  /** HTTP/2: the stream concerned, 0 for the connection. */
  readonly streamId?: number;
  /** HTTP/2: type of the frame that shows it. */
  readonly frameType?: number;
  /** HTTP/2: offset in the connection of that frame's first octet. */
  readonly frameOffset?: number;
  /** HTTP/2: octets of the field block before the place, whatever frames they came in. */
  readonly blockOffset?: number;
  /** HTTP/2 and TLS: octets of the frame, field block or message around the place. */
  readonly dump?: Excerpt;
}

/**
 * A peer that broke the protocol: returned as an event, never thrown out of `receive()`.
 * `CODES[error.code]` says which clause was broken and which status the peer gets.
 */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError';
  readonly code: ProtocolErrorCode;
  /** The clause, `RFC9112#6.3`; `-` where the rule is aeronet's own. */
  readonly rfc: string;
  /** Octets since the connection's first; of a {@link ValueCode}, since the first of what was read. */
  readonly offset: number;
  readonly line: number | undefined;
  readonly column: number | undefined;
  readonly excerpt: Excerpt | undefined;
  readonly streamId: number | undefined;
  readonly frameType: number | undefined;
  readonly frameOffset: number | undefined;
  readonly blockOffset: number | undefined;
  readonly dump: Excerpt | undefined;

  constructor(code: ProtocolErrorCode, place: ErrorPlace) {
    super(sentence(CODES[code], place));
    this.code = code;
    this.rfc = CODES[code].rfc;
    this.offset = place.offset;
    this.line = place.line;
    this.column = place.column;
    this.excerpt = place.excerpt;
    this.streamId = place.streamId;
    this.frameType = place.frameType;
    this.frameOffset = place.frameOffset;
    this.blockOffset = place.blockOffset;
    this.dump = place.dump;
  }

  /** Status the peer gets, or `close` where nothing may be answered. */
  get status(): CodeSpec['status'] {
    return CODES[this.code].status;
  }
}

/** The whole diagnostic as lines for a log or a terminal: sentence, place and clause, excerpt with the octet marked. */
export function formatDiagnostic(error: ProtocolError): string {
  const lines = [error.message, `  ${error.code} (${error.rfc}) at byte ${error.offset}${whereIn(error)}`];
  const { text, mark, markLength } = error.excerpt ?? error.dump ?? NO_EXCERPT;
  if (text !== '') lines.push(`  | ${text}`, `  | ${' '.repeat(mark)}${'^'.repeat(Math.max(1, markLength))}`);
  return lines.join('\n');
}

const NO_EXCERPT: Excerpt = { text: '', mark: 0, markLength: 0 };

/** Line and column over HTTP/1.1; stream, frame and place in the field block over HTTP/2. */
function whereIn({ line, column, streamId, frameType, frameOffset, blockOffset }: ProtocolError): string {
  if (streamId === undefined) return line === undefined ? '' : `, line ${line}, column ${column ?? 1}`;
  const name = frameType === undefined ? '' : `, ${frameName(frameType)}`;
  const frame = frameOffset === undefined ? name : `${name} at byte ${frameOffset}`;
  const block = blockOffset === undefined ? '' : `, octet ${blockOffset} of the field block`;
  return `, stream ${streamId}${frame}${block}`;
}

/** Names of the frame types of RFC9113#6 and RFC9218#7.1, from 0 on. */
const FRAME_NAMES =
  'DATA HEADERS PRIORITY RST_STREAM SETTINGS PUSH_PROMISE PING GOAWAY WINDOW_UPDATE CONTINUATION'.split(' ');

function frameName(type: number): string {
  return (type === 0x10 ? 'PRIORITY_UPDATE' : FRAME_NAMES[type]) ?? `frame of type 0x${type.toString(16)}`;
}

function sentence(spec: CodeSpec, place: ErrorPlace): string {
  const text = place.excerpt?.text ?? '';
  const quoted = text === '' ? '' : ` "${text}"`;
  if (place.octet === undefined) return `Cannot accept ${spec.what}${quoted} at byte ${place.offset}: ${spec.why}`;
  const octet = `octet 0x${place.octet.toString(16).padStart(2, '0')} at byte ${place.offset}`;
  return `Cannot parse ${spec.what}${quoted}: ${octet} ${spec.why}`;
}
