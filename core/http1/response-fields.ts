import { CallerError } from '../errors/caller-error.ts';
import type { FieldInput } from '../semantics/field.ts';
import { checkName, checkValue, linesOf } from '../semantics/field-check.ts';
import { isForbiddenTrailer } from '../semantics/trailer.ts';

/** Fields that this side's framing and connection handling write; a handler must not (RFC9112#6, RFC9110#7.6.1). */
const RESERVED: ReadonlySet<string> = new Set(['connection', 'content-length', 'keep-alive', 'transfer-encoding']);

type NameKind = 'plain' | 'date' | 'reserved';

/** Names that were checked. WHY: programs use few names, and each is then looked at once, not in every response. */
const kinds = new Map<string, NameKind>();
const MAX_KINDS = 1_000;

/**
 * Field lines as text that ends with CRLF, or nothing. No name or value can end a line or begin another:
 * that is what keeps a response from being split.
 * @throws CallerError FIELD_NAME, FIELD_VALUE, FIELD_RESERVED
 */
export function encodeFields(fields: FieldInput): string {
  let text = '';
  for (const line of linesOf(fields)) {
    if (kindOf(line[0]) === 'reserved') throw new CallerError('FIELD_RESERVED', line[0]);
    text += encodeLine(line[0], line[1]);
  }
  return text;
}

/** Trailer lines as text. @throws CallerError FIELD_NAME, FIELD_VALUE, TRAILER_FORBIDDEN */
export function encodeTrailers(fields: FieldInput): string {
  let text = '';
  for (const line of linesOf(fields)) {
    // RFC9110#6.5.1 MUST: no trailer for a field whose definition does not allow it
    if (isForbiddenTrailer(line[0])) throw new CallerError('TRAILER_FORBIDDEN', line[0]);
    kindOf(line[0]);
    text += encodeLine(line[0], line[1]);
  }
  return text;
}

/** Whether `fields`, which were encoded, have a Date. */
export function hasDate(fields: FieldInput): boolean {
  for (const line of linesOf(fields)) if (kindOf(line[0]) === 'date') return true;
  return false;
}

function encodeLine(name: string, value: string): string {
  checkValue(name, value);
  return `${name}: ${value}\r\n`;
}

function kindOf(name: string): NameKind {
  const known = kinds.get(name);
  if (known !== undefined) return known;
  checkName(name);
  const lower = name.toLowerCase();
  const kind = RESERVED.has(lower) ? 'reserved' : lower === 'date' ? 'date' : 'plain';
  if (kinds.size < MAX_KINDS) kinds.set(name, kind);
  return kind;
}
