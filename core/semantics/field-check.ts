import { FIELD_VALUE, HTAB, SP, TOKEN } from '../bytes/octets.ts';
import { CallerError } from '../errors/caller-error.ts';
import type { FieldInput, FieldLine } from './field.ts';

/** Throws unless `name` is a token and `value` could be received again as it is. */
export function checkLine(name: string, value: string): void {
  checkName(name);
  checkValue(name, value);
}

/** @throws CallerError FIELD_NAME unless `name` is a token */
export function checkName(name: string): void {
  if (typeof name !== 'string') throw new CallerError('FIELD_NAME', `${String(name)} is no string`);
  if (!isAll(name, TOKEN) || name === '') throw new CallerError('FIELD_NAME', JSON.stringify(name));
}

/** @throws CallerError FIELD_VALUE unless the value of `name` could be received again as it is */
export function checkValue(name: string, value: string): void {
  if (typeof value !== 'string') throw new CallerError('FIELD_VALUE', `${name}: ${String(value)} is no string`);
  // RFC9110#5.5 MUST: a sender generates no CR, LF or NUL in a value
  if (!isAll(value, FIELD_VALUE) || hasEdgeSpace(value))
    throw new CallerError('FIELD_VALUE', `${name}: ${JSON.stringify(value)}`);
}

/** Whether every unit of `text` is an octet of `table`. */
export function isAll(text: string, table: Uint8Array): boolean {
  for (let i = 0; i < text.length; i++) if (table[text.charCodeAt(i)] !== 1) return false;
  return true;
}

/** The lines of `fields`, in order. @throws CallerError FIELDS for what has none, such as a content in their place */
export function linesOf(fields: FieldInput): readonly FieldLine[] {
  if (isLineList(fields)) return fields;
  if (typeof fields !== 'object' || fields === null || ArrayBuffer.isView(fields)) {
    throw new CallerError('FIELDS', `got ${fields === null ? 'null' : typeof fields}`);
  }
  const lines: FieldLine[] = [];
  for (const [name, value] of Object.entries(fields)) {
    if (typeof value === 'string') lines.push([name, value]);
    else if (isValueList(value)) for (const one of value) lines.push([name, one]);
    else throw new CallerError('FIELD_VALUE', `${name}: ${String(value)} is no string`);
  }
  return lines;
}

/** Whether two lists have the same lines, names compared as they are written. */
export function areSameLines(some: readonly FieldLine[], others: readonly FieldLine[]): boolean {
  if (some.length !== others.length) return false;
  for (let i = 0; i < some.length; i++) {
    if (some[i]?.[0] !== others[i]?.[0] || some[i]?.[1] !== others[i]?.[1]) return false;
  }
  return true;
}

function isValueList(value: unknown): value is readonly string[] {
  return Array.isArray(value);
}

function isLineList(fields: FieldInput): fields is readonly FieldLine[] {
  return Array.isArray(fields);
}

/** Whether `value` begins or ends with white space, which a field line would lose. */
export function hasEdgeSpace(value: string): boolean {
  const first = value.charCodeAt(0);
  const last = value.charCodeAt(value.length - 1);
  return first === SP || first === HTAB || last === SP || last === HTAB;
}
