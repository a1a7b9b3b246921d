import { BACKSLASH, DQUOTE, EQUALS, HTAB, QUOTED_PAIR, SEMICOLON, SP, TOKEN } from '../bytes/octets.ts';
import type { Failure } from './failure.ts';

/** One parameter: its value without quotes, and where in the text that begins. */
export interface Parameter {
  readonly value: string;
  readonly at: number;
  readonly isQuoted: boolean;
}

/**
 * What a backslash in quotes escapes: in fields any octet (RFC9110#5.6.4), in forms a quote and a backslash alone, because
 * browsers write others as they are (`C:\a.txt`).
 */
export type Quoting = 'field' | 'form';

/** More parameters than this are refused: no field has a tenth of them. */
const MAX_PARAMETERS = 32;

/**
 * Parameters from `at` to the end of `text`, by their names in lower case (RFC9110#5.6.6).
 * STRICTER RFC9110#5.6.6: a name that comes twice is refused, because readers differ in which of the two counts.
 */
export function readParameters(text: string, at: number, quoting: Quoting): ReadonlyMap<string, Parameter> | Failure {
  const parameters = new Map<string, Parameter>();
  for (;;) {
    at = skipSpace(text, at);
    if (at >= text.length) return parameters;
    if (text.charCodeAt(at) !== SEMICOLON) return { failure: 'PARAMETER_SEMICOLON', at };
    at = skipSpace(text, at + 1);
    // RFC9110#5.6.6: between semicolons there may be nothing
    if (at >= text.length || text.charCodeAt(at) === SEMICOLON) continue;
    const start = at;
    while (TOKEN[text.charCodeAt(at)] === 1) at++;
    if (at === start) return { failure: 'PARAMETER_NAME', at };
    const name = text.slice(start, at).toLowerCase();
    if (parameters.has(name)) return { failure: 'PARAMETER_TWICE', at: start };
    if (parameters.size === MAX_PARAMETERS) return { failure: 'PARAMETER_COUNT', at: start };
    if (text.charCodeAt(at) !== EQUALS) return { failure: 'PARAMETER_EQUALS', at };
    const read = readValue(text, at + 1, quoting);
    if ('failure' in read) return read;
    parameters.set(name, read.parameter);
    at = read.end;
  }
}

function readValue(text: string, start: number, quoting: Quoting): { parameter: Parameter; end: number } | Failure {
  if (text.charCodeAt(start) === DQUOTE) return readQuoted(text, start, quoting);
  let end = start;
  while (TOKEN[text.charCodeAt(end)] === 1) end++;
  if (end === start) return { failure: 'PARAMETER_VALUE', at: start };
  return { parameter: { value: text.slice(start, end), at: start, isQuoted: false }, end };
}

function readQuoted(text: string, start: number, quoting: Quoting): { parameter: Parameter; end: number } | Failure {
  let value = '';
  let plain = start + 1;
  for (let at = plain; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (QUOTED_PAIR[unit] !== 1) return { failure: 'PARAMETER_OCTET', at };
    if (unit === DQUOTE) {
      value += text.slice(plain, at);
      return { parameter: { value, at: start + 1, isQuoted: true }, end: at + 1 };
    }
    if (unit !== BACKSLASH || !isEscapable(text.charCodeAt(at + 1), quoting)) continue;
    value += text.slice(plain, at);
    plain = at + 1;
    at++;
  }
  return { failure: 'PARAMETER_CUT', at: start };
}

/** NaN, at the end of the text, is not. */
function isEscapable(unit: number, quoting: Quoting): boolean {
  return quoting === 'form' ? unit === DQUOTE || unit === BACKSLASH : QUOTED_PAIR[unit] === 1;
}

function skipSpace(text: string, at: number): number {
  while (text.charCodeAt(at) === SP || text.charCodeAt(at) === HTAB) at++;
  return at;
}
