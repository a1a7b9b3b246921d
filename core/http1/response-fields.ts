import { FIELD_VALUE, HTAB, SP, TOKEN } from '../bytes/octets.ts';
import { CallerError } from '../errors/caller-error.ts';
import type { FieldInput } from '../semantics/field.ts';
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

/** Throws unless `name` is a token and `value` could be received again as it is. */
export function checkLine(name: string, value: string): void {
  if (!isAll(name, TOKEN) || name === '') throw new CallerError('FIELD_NAME', JSON.stringify(name));
  // RFC9110#5.5 MUST: a sender generates no CR, LF or NUL in a value
  if (!isAll(value, FIELD_VALUE) || hasEdgeSpace(value))
    throw new CallerError('FIELD_VALUE', `${name}: ${JSON.stringify(value)}`);
}

/** Whether every unit of `text` is an octet of `table`. */
export function isAll(text: string, table: Uint8Array): boolean {
  for (let i = 0; i < text.length; i++) if (table[text.charCodeAt(i)] !== 1) return false;
  return true;
}

function encodeLine(name: string, value: string): string {
  checkLine(name, value);
  return `${name}: ${value}\r\n`;
}

function forEachLine(fields: FieldInput, visit: (name: string, value: string) => void): void {
  if (isLineList(fields)) {
    for (const [name, value] of fields) visit(name, value);
    return;
  }
  for (const name in fields) {
    if (!Object.hasOwn(fields, name)) continue;
    const value = fields[name] ?? '';
    if (typeof value === 'string') visit(name, value);
    else for (const one of value) visit(name, one);
  }
}

function isLineList(fields: FieldInput): fields is readonly (readonly [string, string])[] {
  return Array.isArray(fields);
}

function hasEdgeSpace(value: string): boolean {
  const first = value.charCodeAt(0);
  const last = value.charCodeAt(value.length - 1);
  return first === SP || first === HTAB || last === SP || last === HTAB;
}
