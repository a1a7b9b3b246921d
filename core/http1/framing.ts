import { COMMA, HTAB, SEMICOLON, SP, TOKEN } from '../bytes/octets.ts';
import { type Failure, octetFailure, sectionFailure } from './failure.ts';

/** How the content of a request is delimited (RFC9112#6.3). */
export type Framing =
  | { readonly kind: 'none' }
  | { readonly kind: 'length'; readonly length: number }
  | { readonly kind: 'chunked' };

/** Where a field's value stands in the head's text. */
export interface ValueSpan {
  readonly from: number;
  readonly to: number;
}

export const NO_CONTENT: Framing = { kind: 'none' };
const CHUNKED: Framing = { kind: 'chunked' };

/**
 * Framing of a request from its Transfer-Encoding and Content-Length lines.
 * @param text the head, one unit per octet
 * @param end index of the empty line that ends it: where errors about no octet point
 * @param minor the version's minor number
 */
export function parseFraming(
  text: string,
  end: number,
  minor: number,
  codings: readonly ValueSpan[],
  lengths: readonly ValueSpan[],
): Framing | Failure {
  const [length, second] = lengths;
  if (codings.length > 0) {
    // RFC9112#6.1 MUST: Transfer-Encoding in an HTTP/1.0 message means that the framing is faulty
    if (minor === 0) return sectionFailure('H1_CODING_VERSION', end);
    // STRICTER RFC9112#6.1: both present may be served if the connection then closes; it is refused
    if (length !== undefined) return sectionFailure('H1_CODING_AND_LENGTH', end);
    return parseCodings(text, codings) ?? CHUNKED;
  }
  if (length === undefined) return NO_CONTENT;
  // STRICTER RFC9110#8.6: a repeated Content-Length, even of equal value, is refused
  if (second !== undefined) return octetFailure('H1_LENGTH_REPEATED', second.from);
  const value = parseLength(text, length);
  return typeof value === 'number' ? { kind: 'length', length: value } : value;
}

/** RFC9110#8.6: Content-Length = 1*DIGIT, without sign, list or loss of precision. */
function parseLength(text: string, { from, to }: ValueSpan): number | Failure {
  if (from === to) return sectionFailure('H1_LENGTH_EMPTY', from);
  let length = 0;
  for (let at = from; at < to; at++) {
    const unit = text.charCodeAt(at);
    if (unit < 0x30 || unit > 0x39) return octetFailure(unit === COMMA ? 'H1_LENGTH_LIST' : 'H1_LENGTH_OCTET', at);
    length = length * 10 + (unit - 0x30);
    if (length > Number.MAX_SAFE_INTEGER) return octetFailure('H1_LENGTH_OVERFLOW', at);
  }
  return length;
}

/** Refusal of the codings of all Transfer-Encoding lines, taken as one list, unless it is just `chunked`. */
function parseCodings(text: string, spans: readonly ValueSpan[]): Failure | undefined {
  const codings: { readonly name: string; readonly at: number }[] = [];
  for (const span of spans) {
    const failure = readCodings(text, span, codings);
    if (failure !== undefined) return failure;
  }
  const last = codings.at(-1);
  if (last === undefined) return sectionFailure('H1_CODING_EMPTY', spans[0]?.from ?? 0);
  // RFC9112#6.3 MUST: 400 when chunked is not the final coding of a request
  if (last.name !== 'chunked') return octetFailure('H1_CODING_NOT_FINAL', last.at);
  const [first] = codings;
  if (first === undefined || first === last) return undefined;
  // RFC9112#6.1 MUST: chunked is applied at most once
  if (first.name === 'chunked') return octetFailure('H1_CODING_TWICE', last.at);
  // RFC9112#6.1 SHOULD: 501 for a coding that is not understood
  return octetFailure('H1_CODING_UNKNOWN', first.at);
}

/** Reads `#transfer-coding` (RFC9110#5.6.1: empty elements are skipped) without parameters into `codings`. */
function readCodings(
  text: string,
  { from, to }: ValueSpan,
  codings: { name: string; at: number }[],
): Failure | undefined {
  let at = from;
  while (at < to) {
    const start = at;
    while (at < to && TOKEN[text.charCodeAt(at)] === 1) at++;
    if (at > start) codings.push({ name: text.slice(start, at).toLowerCase(), at: start });
    at = skipSpace(text, at, to);
    const unit = text.charCodeAt(at);
    // RFC9112#7.1: chunked has no parameters, and no other coding is served
    if (at < to && unit === SEMICOLON && at > start) return octetFailure('H1_CODING_PARAMETER', at);
    if (at < to && unit !== COMMA) return octetFailure('H1_CODING_SYNTAX', at);
    at = skipSpace(text, at + 1, to);
  }
  return undefined;
}

function skipSpace(text: string, at: number, to: number): number {
  while (at < to && (text.charCodeAt(at) === SP || text.charCodeAt(at) === HTAB)) at++;
  return at;
}
