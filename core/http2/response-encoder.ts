import { CallerError } from '../errors/caller-error.ts';
import type { HpackEncoder } from '../hpack/encoder.ts';
import type { ResponseHead } from '../semantics/exchange.ts';
import type { FieldInput } from '../semantics/field.ts';
import { checkLine, forEachLine } from '../semantics/field-check.ts';
import { isForbiddenTrailer } from '../semantics/trailer.ts';

/** Fields that this side's framing writes, or that HTTP/2 has no place for (RFC9113#8.2.2). */
const RESERVED: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'upgrade',
]);

/**
 * Encodes a final response's field block; its octets are a view that dies at the encoder's next block.
 * @throws CallerError STATUS, FIELD_NAME, FIELD_VALUE, FIELD_RESERVED before the encoder's table has changed
 */
export function encodeResponse(
  encoder: HpackEncoder,
  head: ResponseHead,
  date: string | undefined,
  length: number | undefined,
): Uint8Array {
  const { status, fields = {} } = head;
  if (!Number.isInteger(status) || status < 200 || status > 599) throw new CallerError('STATUS', String(status));
  if (length !== undefined && !(Number.isSafeInteger(length) && length >= 0)) {
    throw new CallerError('CONTENT_LENGTH', String(length));
  }
  const lines = checkedLines(fields, RESERVED);
  encoder.begin();
  encoder.field(':status', String(status));
  // RFC9110#6.6.1 MUST: an origin server with a clock sends Date, unless the handler gave one
  if (date !== undefined && !lines.some(([name]) => name === 'date')) encoder.field('date', date);
  for (const [name, value] of lines) encoder.field(name, value);
  if (length !== undefined) encoder.field('content-length', String(length));
  return encoder.end();
}

/** Encodes an interim response's field block. @throws CallerError INTERIM_STATUS, FIELD_* */
export function encodeInterim(encoder: HpackEncoder, status: number, fields: FieldInput): Uint8Array {
  // RFC9113#8.6 MUST: 101 is not used
  if (!Number.isInteger(status) || status < 100 || status > 199 || status === 101) {
    throw new CallerError('INTERIM_STATUS', String(status));
  }
  const lines = checkedLines(fields, RESERVED);
  encoder.begin();
  encoder.field(':status', String(status));
  for (const [name, value] of lines) encoder.field(name, value);
  return encoder.end();
}

/** Throws where one of `fields` may not be a trailer. @throws CallerError TRAILER_FORBIDDEN, FIELD_* */
export function checkTrailers(fields: FieldInput): void {
  forEachLine(fields, (name, value) => {
    if (isForbiddenTrailer(name)) throw new CallerError('TRAILER_FORBIDDEN', name);
    checkLine(name, value);
  });
}

/** Encodes a trailer section's block; the fields were checked. */
export function encodeTrailers(encoder: HpackEncoder, fields: FieldInput): Uint8Array {
  encoder.begin();
  forEachLine(fields, (name, value) => encoder.field(name.toLowerCase(), value));
  return encoder.end();
}

function checkedLines(fields: FieldInput, reserved: ReadonlySet<string>): [name: string, value: string][] {
  const lines: [string, string][] = [];
  forEachLine(fields, (name, value) => {
    checkLine(name, value);
    // RFC9113#8.2.1 MUST: names go out in lower case
    const lower = name.toLowerCase();
    if (reserved.has(lower)) throw new CallerError('FIELD_RESERVED', name);
    lines.push([lower, value]);
  });
  return lines;
}
