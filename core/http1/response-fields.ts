import { CallerError } from '../errors/caller-error.ts';
import type { FieldInput } from '../semantics/field.ts';
import { checkLine, forEachLine } from '../semantics/field-check.ts';
import { isForbiddenTrailer } from '../semantics/trailer.ts';

/** Fields that this side's framing and connection handling write; a handler must not (RFC9112#6, RFC9110#7.6.1). */
const RESERVED: ReadonlySet<string> = new Set(['connection', 'content-length', 'keep-alive', 'transfer-encoding']);

/**
 * Field lines as text that ends with CRLF, or nothing. No name or value can end a line or begin another:
 * that is what keeps a response from being split.
 * @throws CallerError FIELD_NAME, FIELD_VALUE, FIELD_RESERVED
 */
export function encodeFields(fields: FieldInput): string {
  let text = '';
  forEachLine(fields, (name, value) => {
    if (RESERVED.has(name.toLowerCase())) throw new CallerError('FIELD_RESERVED', name);
    text += encodeLine(name, value);
  });
  return text;
}

/** Trailer lines as text. @throws CallerError FIELD_NAME, FIELD_VALUE, TRAILER_FORBIDDEN */
export function encodeTrailers(fields: FieldInput): string {
  let text = '';
  forEachLine(fields, (name, value) => {
    // RFC9110#6.5.1 MUST: no trailer for a field whose definition does not allow it
    if (isForbiddenTrailer(name)) throw new CallerError('TRAILER_FORBIDDEN', name);
    text += encodeLine(name, value);
  });
  return text;
}

/** Whether `fields` has a line called `name` (lower case). */
export function hasField(fields: FieldInput, name: string): boolean {
  let found = false;
  forEachLine(fields, (line) => {
    found ||= line.toLowerCase() === name;
  });
  return found;
}

function encodeLine(name: string, value: string): string {
  checkLine(name, value);
  return `${name}: ${value}\r\n`;
}
