import { COMMA, EQUALS, SEMICOLON, SP } from '../../bytes/octets.ts';
import { DEFAULT_STRUCTURED_LIMITS, type StructuredLimits } from '../../limits/structured-limits.ts';
import type { Failure } from '../failure.ts';
import { readBareItem } from './bare-item.ts';
import { Cursor } from './cursor.ts';
import {
  type BareItem,
  type Dictionary,
  type InnerList,
  type Item,
  type List,
  type Member,
  NO_PARAMETERS,
  type Parameters,
  TRUE,
} from './types.ts';

/**
 * Readers of the three kinds of structured fields (RFC9651#4.2). The text is that of all lines of the field in one section,
 * joined with commas, as `FieldLines.get()` gives it. What does not parse is refused as a whole: RFC9651#4.2 MUST.
 */

/** @returns the item, or why there is none. Time and memory are linear in the text. */
export function parseItem(text: string, limits: StructuredLimits = DEFAULT_STRUCTURED_LIMITS): Item | Failure {
  return readAll(text, limits, readItem);
}

/** @returns the members, none for an empty text, or why it is no list */
export function parseList(text: string, limits: StructuredLimits = DEFAULT_STRUCTURED_LIMITS): List | Failure {
  return readAll(text, limits, readList);
}

/** @returns the members by their keys, none for an empty text, or why it is no dictionary */
export function parseDictionary(
  text: string,
  limits: StructuredLimits = DEFAULT_STRUCTURED_LIMITS,
): Dictionary | Failure {
  return readAll(text, limits, readDictionary);
}

function readAll<T>(text: string, limits: StructuredLimits, read: (cursor: Cursor) => T | undefined): T | Failure {
  if (text.length > limits.valueBytes) return { failure: 'SF_BYTES', at: limits.valueBytes };
  const cursor = new Cursor(text, limits);
  cursor.skipSpaces();
  const value = read(cursor);
  if (value !== undefined) {
    cursor.skipSpaces();
    if (cursor.isAtEnd) return value;
    // RFC9651#4.2 MUST: nothing stands behind the value
    cursor.fail('SF_END');
  }
  return cursor.failure ?? { failure: 'SF_END', at: cursor.at };
}

function readList(cursor: Cursor): List | undefined {
  const members: Member[] = [];
  while (!cursor.isAtEnd) {
    if (members.length === cursor.limits.members) return cursor.fail('SF_MEMBERS');
    const member = readMember(cursor);
    if (member === undefined) return undefined;
    members.push(member);
    if (!readComma(cursor)) break;
  }
  return cursor.failure === undefined ? members : undefined;
}

function readDictionary(cursor: Cursor): Dictionary | undefined {
  const members = new Map<string, Member>();
  for (let count = 0; !cursor.isAtEnd; count++) {
    if (count === cursor.limits.members) return cursor.fail('SF_MEMBERS');
    const key = readKey(cursor);
    if (key === undefined) return undefined;
    const member = cursor.take(EQUALS) ? readMember(cursor) : withParameters(cursor, TRUE);
    if (member === undefined) return undefined;
    // RFC9651#4.2.2: the last of several members with one key counts, at the place of the first
    members.set(key, member);
    if (!readComma(cursor)) break;
  }
  return cursor.failure === undefined ? members : undefined;
}

/** Whether a further member comes; not at the end, and not after a failure. */
function readComma(cursor: Cursor): boolean {
  cursor.skipWhiteSpace();
  if (cursor.isAtEnd) return false;
  const comma = cursor.at;
  if (!cursor.take(COMMA)) return cursor.fail('SF_LIST_COMMA') ?? false;
  cursor.skipWhiteSpace();
  if (!cursor.isAtEnd) return true;
  return cursor.fail('SF_LIST_TRAILING', comma) ?? false;
}

const OPEN = 0x28;
const CLOSE = 0x29;

function readMember(cursor: Cursor): Member | undefined {
  return cursor.unit === OPEN ? readInnerList(cursor) : readItem(cursor);
}

function readInnerList(cursor: Cursor): InnerList | undefined {
  const start = cursor.at++;
  const items: Item[] = [];
  while (!cursor.isAtEnd) {
    cursor.skipSpaces();
    if (cursor.take(CLOSE)) {
      const parameters = readParameters(cursor);
      return parameters === undefined ? undefined : { items, parameters };
    }
    if (cursor.isAtEnd) break;
    if (items.length === cursor.limits.innerItems) return cursor.fail('SF_INNER_ITEMS');
    const item = readItem(cursor);
    if (item === undefined) return undefined;
    items.push(item);
    if (!cursor.isAtEnd && cursor.unit !== SP && cursor.unit !== CLOSE) return cursor.fail('SF_INNER_SPACE');
  }
  return cursor.fail('SF_INNER_CUT', start);
}

function readItem(cursor: Cursor): Item | undefined {
  const bare = readBareItem(cursor);
  return bare === undefined ? undefined : withParameters(cursor, bare);
}

function withParameters(cursor: Cursor, bare: BareItem): Item | undefined {
  const parameters = readParameters(cursor);
  return parameters === undefined ? undefined : { bare, parameters };
}

function readParameters(cursor: Cursor): Parameters | undefined {
  if (cursor.unit !== SEMICOLON) return NO_PARAMETERS;
  const parameters = new Map<string, BareItem>();
  for (let count = 0; cursor.take(SEMICOLON); count++) {
    if (count === cursor.limits.parameters) return cursor.fail('SF_PARAMETERS', cursor.at - 1);
    cursor.skipSpaces();
    const key = readKey(cursor);
    if (key === undefined) return undefined;
    const value = cursor.take(EQUALS) ? readBareItem(cursor) : TRUE;
    if (value === undefined) return undefined;
    parameters.set(key, value);
  }
  return parameters;
}

const KEY = /[a-z*][a-z0-9_\-.*]*/y;

function readKey(cursor: Cursor): string | undefined {
  KEY.lastIndex = cursor.at;
  const key = KEY.exec(cursor.text)?.[0];
  if (key === undefined) return cursor.fail('SF_KEY');
  cursor.at += key.length;
  return key;
}
