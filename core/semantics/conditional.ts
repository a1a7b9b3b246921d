import { parseHttpDate } from './date.ts';
import { type EntityTag, matchesStrongly, matchesWeakly, parseEntityTag, parseEntityTags } from './entity-tag.ts';
import type { FieldLines } from './field.ts';

/** Validators of the selected representation (RFC9110#8.8), `undefined` for those that it has not. */
export interface Validators {
  readonly entityTag: EntityTag | undefined;
  /** Milliseconds since the epoch; what is below a second is not seen (RFC9110#5.6.7). */
  readonly lastModifiedMs: number | undefined;
}

/** `proceed` with the method, answer 304 (`not-modified`), or answer 412 (`failed`). */
export type Precondition = 'proceed' | 'not-modified' | 'failed';

/**
 * Evaluates the preconditions of a request in the order of RFC9110#13.2.2. Call it only where the response without
 * them would be 2xx or 412 (RFC9110#13.2.1). If-Range is not among them: see {@link allowsRange}.
 * @param selected validators of what is there; undefined where there is no current representation, so that `*` matches nothing
 * @param nowMs now, for dates whose year has two digits
 */
export function evaluatePreconditions(
  method: string,
  fields: FieldLines,
  selected: Validators | undefined,
  nowMs: number,
): Precondition {
  // RFC9110#13.2.1 MUST: conditions have no meaning for methods that select or modify no representation
  if (method === 'CONNECT' || method === 'OPTIONS' || method === 'TRACE') return 'proceed';
  const isRead = method === 'GET' || method === 'HEAD';

  const ifMatch = fields.get('if-match');
  if (ifMatch !== undefined) {
    // RFC9110#13.1.1 MUST: the strong comparison
    if (!isListed(ifMatch, selected, matchesStrongly)) return 'failed';
  } else if (isModifiedSince(fields.get('if-unmodified-since'), selected, nowMs) === true) {
    return 'failed';
  }

  const ifNoneMatch = fields.get('if-none-match');
  if (ifNoneMatch !== undefined) {
    // RFC9110#13.1.2 MUST: the weak comparison
    if (!isListed(ifNoneMatch, selected, matchesWeakly)) return 'proceed';
    return isRead ? 'not-modified' : 'failed';
  }
  // RFC9110#13.1.3 MUST: ignored with If-None-Match, and for methods other than GET and HEAD
  if (isRead && isModifiedSince(fields.get('if-modified-since'), selected, nowMs) === false) return 'not-modified';
  return 'proceed';
}

/**
 * Whether If-Range, if there is one, lets the Range of this request stand (RFC9110#13.1.5).
 * @param nowMs a date of this second is no strong validator: the file may change once more within it (RFC9110#8.8.2.2)
 */
export function allowsRange(fields: FieldLines, selected: Validators, nowMs: number): boolean {
  const ifRange = fields.get('if-range');
  if (ifRange === undefined) return true;
  if (ifRange.slice(0, 3).includes('"')) {
    const tag = parseEntityTag(ifRange);
    const { entityTag } = selected;
    return tag !== undefined && entityTag !== undefined && matchesStrongly(tag, entityTag);
  }
  const date = parseHttpDate(ifRange, nowMs);
  const { lastModifiedMs } = selected;
  if (date === undefined || lastModifiedMs === undefined) return false;
  return date === wholeSecond(lastModifiedMs) && nowMs - date >= 1_000;
}

/** A malformed list lists nothing: a client that meant to protect something is then refused, not let through. */
function isListed(
  value: string,
  selected: Validators | undefined,
  matches: (a: EntityTag, b: EntityTag) => boolean,
): boolean {
  const tags = parseEntityTags(value);
  if (selected === undefined || tags === undefined) return false;
  if (tags === '*') return true;
  const { entityTag } = selected;
  return entityTag !== undefined && tags.some((tag) => matches(tag, entityTag));
}

/** Undefined where the field has to be ignored: it is no date, or there is none to compare it with (RFC9110#13.1.3, RFC9110#13.1.4). */
function isModifiedSince(
  value: string | undefined,
  selected: Validators | undefined,
  nowMs: number,
): boolean | undefined {
  const date = value === undefined ? undefined : parseHttpDate(value, nowMs);
  if (date === undefined || selected?.lastModifiedMs === undefined) return undefined;
  return wholeSecond(selected.lastModifiedMs) > date;
}

function wholeSecond(timeMs: number): number {
  return Math.floor(timeMs / 1_000) * 1_000;
}
