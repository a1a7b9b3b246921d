import type { CodeSpec } from './code-spec.ts';
import type { Excerpt } from './escape.ts';
import { HPACK_CODES, type HpackCode } from './hpack-codes.ts';
import { HTTP1_CODES, type Http1Code } from './http1-codes.ts';
import { HTTP2_CODES, type Http2Code } from './http2-codes.ts';

/** Every code of every protocol. */
export const CODES = { ...HTTP1_CODES, ...HTTP2_CODES, ...HPACK_CODES } as const satisfies Record<string, CodeSpec>;

export type ProtocolErrorCode = Http1Code | Http2Code | HpackCode;

/** Where an error was found. All positions are octets. */
export interface ErrorPlace {
  /** Octets since the connection's first. */
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
  /** Octets since the connection's first. */
  readonly offset: number;
  readonly line: number | undefined;
  readonly column: number | undefined;
  readonly excerpt: Excerpt | undefined;
  readonly streamId: number | undefined;
  readonly frameType: number | undefined;

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
  }

  /** Status the peer gets, or `close` where nothing may be answered. */
  get status(): CodeSpec['status'] {
    return CODES[this.code].status;
  }
}

/** The whole diagnostic as lines for a log or a terminal: sentence, place and clause, excerpt with the octet marked. */
export function formatDiagnostic(error: ProtocolError): string {
  const line = error.line === undefined ? '' : `, line ${error.line}, column ${error.column ?? 1}`;
  const frame = error.frameType === undefined ? '' : `, frame type 0x${error.frameType.toString(16)}`;
  const where = error.streamId === undefined ? line : `, stream ${error.streamId}${frame}`;
  const lines = [error.message, `  ${error.code} (${error.rfc}) at byte ${error.offset}${where}`];
  if (error.excerpt !== undefined && error.excerpt.text !== '') {
    const { text, mark, markLength } = error.excerpt;
    lines.push(`  | ${text}`, `  | ${' '.repeat(mark)}${'^'.repeat(Math.max(1, markLength))}`);
  }
  return lines.join('\n');
}

function sentence(spec: CodeSpec, place: ErrorPlace): string {
  const text = place.excerpt?.text ?? '';
  const quoted = text === '' ? '' : ` "${text}"`;
  if (place.octet === undefined) return `Cannot accept ${spec.what}${quoted} at byte ${place.offset}: ${spec.why}`;
  const octet = `octet 0x${place.octet.toString(16).padStart(2, '0')} at byte ${place.offset}`;
  return `Cannot parse ${spec.what}${quoted}: ${octet} ${spec.why}`;
}
