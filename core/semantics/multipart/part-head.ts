import { latin1 } from '../../bytes/latin1.ts';
import { COLON, FIELD_VALUE, HTAB, SP, TOKEN } from '../../bytes/octets.ts';
import type { FormLimits } from '../../limits/form-limits.ts';
import type { Failure } from '../failure.ts';
import { FieldLines, type NamedValue } from '../field.ts';
import { type Disposition, type ExtendedFilename, parseDisposition } from './disposition.ts';

/** What a part says of itself before its content. It owns its text. */
export interface PartHead extends Disposition {
  /** Value of Content-Type as received; without one the part is text (RFC7578#4.4). */
  readonly contentType: string | undefined;
  readonly fields: FieldLines;
}

/**
 * Reads the head of a part.
 * @param bytes its lines, each with its CRLF, the empty one among them; they are only read
 * @param dashBoundary two dashes and the boundary
 */
export function parsePartHead(
  bytes: Uint8Array,
  dashBoundary: string,
  limits: FormLimits,
  extended: ExtendedFilename,
): PartHead | Failure {
  const text = latin1(bytes);
  const lines: NamedValue[] = [];
  let disposition: Disposition | undefined;
  for (let at = 0; !text.startsWith('\r\n', at); ) {
    const end = text.indexOf('\r\n', at);
    if (lines.length === limits.partFieldCount) return { failure: 'FORM_FIELD_COUNT', at };
    // RFC2046#5.1.1 MUST NOT: a delimiter within a part; `--b: x` would be a field to some readers, and an end to others
    if (text.startsWith(dashBoundary, at)) return { failure: 'FORM_HEAD_DELIMITER', at };
    const line = readLine(text, at, end);
    if ('failure' in line) return line;
    if (line.name.toLowerCase() === 'content-disposition') {
      if (disposition !== undefined) return { failure: 'FORM_DISPOSITION_TWICE', at };
      const read = parseDisposition(line.value, extended);
      if ('failure' in read) return { failure: read.failure, at: line.valueAt + read.at };
      disposition = read;
    }
    lines.push({ name: line.name, value: line.value });
    at = end + 2;
  }
  // RFC7578#4.2 MUST: each part has a Content-Disposition
  if (disposition === undefined) return { failure: 'FORM_DISPOSITION_MISSING', at: text.length };
  const fields = FieldLines.fromList(lines);
  return { ...disposition, contentType: fields.get('content-type'), fields };
}

function readLine(text: string, at: number, end: number): (NamedValue & { valueAt: number }) | Failure {
  if (isSpace(text.charCodeAt(at))) return { failure: 'FORM_FIELD_FOLD', at };
  let colon = at;
  while (TOKEN[text.charCodeAt(colon)] === 1) colon++;
  if (colon === end) return { failure: 'FORM_FIELD_COLON', at: colon };
  if (colon === at || text.charCodeAt(colon) !== COLON) return { failure: 'FORM_FIELD_NAME', at: colon };
  let from = colon + 1;
  let to = end;
  while (from < to && isSpace(text.charCodeAt(from))) from++;
  while (to > from && isSpace(text.charCodeAt(to - 1))) to--;
  for (let i = from; i < to; i++) {
    if (FIELD_VALUE[text.charCodeAt(i)] !== 1) return { failure: 'FORM_FIELD_OCTET', at: i };
  }
  return { name: text.slice(at, colon), value: text.slice(from, to), valueAt: from };
}

function isSpace(unit: number): boolean {
  return unit === SP || unit === HTAB;
}
