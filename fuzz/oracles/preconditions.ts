/**
 * Preconditions held against RFC9110#13.2.2 as a table: whether each of the five fields is there and holds is found out by a second
 * reader, and a row says what follows. The rows are in the order of the steps.
 */
import {
  allowsRange,
  evaluatePreconditions,
  FieldLines,
  type Precondition,
  type Validators,
} from '../../core/sans-io.ts';
import type { Field } from '../grammar/hpack-vocabulary.ts';
import { readDate } from './http-dates.ts';
import { OracleError, quoted } from './oracle-error.ts';

/** A field is absent or ignored, or its condition is true or false. */
type Truth = 'absent' | 'true' | 'false';

interface Conditions {
  readonly isRead: boolean;
  readonly ifMatch: Truth;
  readonly ifUnmodifiedSince: Truth;
  readonly ifNoneMatch: Truth;
  readonly ifModifiedSince: Truth;
}

/** RFC9110#13.2.2, steps 1 to 4: the first row that fits decides. */
const STEPS: readonly (Partial<Conditions> & { readonly gives: Precondition })[] = [
  { ifMatch: 'false', gives: 'failed' },
  { ifMatch: 'absent', ifUnmodifiedSince: 'false', gives: 'failed' },
  { ifNoneMatch: 'false', isRead: true, gives: 'not-modified' },
  { ifNoneMatch: 'false', isRead: false, gives: 'failed' },
  { ifNoneMatch: 'absent', isRead: true, ifModifiedSince: 'false', gives: 'not-modified' },
  { gives: 'proceed' },
];

/** Methods that select or modify no representation (RFC9110#13.2.1). */
const UNCONDITIONAL = ['CONNECT', 'OPTIONS', 'TRACE'];

/** Demands the outcome of the table, and of RFC9110#13.1.5 for If-Range. */
export function assertPreconditions(
  method: string,
  lines: readonly Field[],
  selected: Validators | undefined,
  nowMs: number,
): void {
  const fields = FieldLines.fromList(lines.map(([name, value]) => ({ name, value })));
  const value = (name: string): string | undefined => {
    const values = lines.filter(([other]) => other.toLowerCase() === name).map(([, text]) => text);
    return values.length === 0 ? undefined : values.join(', ');
  };
  const conditions: Conditions = {
    isRead: method === 'GET' || method === 'HEAD',
    ifMatch: listHolds(value('if-match'), selected, true),
    ifUnmodifiedSince: negated(isLater(value('if-unmodified-since'), selected, nowMs)),
    ifNoneMatch: negated(listHolds(value('if-none-match'), selected, false)),
    ifModifiedSince: isLater(value('if-modified-since'), selected, nowMs),
  };
  const row = STEPS.find(({ gives: _gives, ...asked }) =>
    Object.entries(asked).every(([name, truth]) => Reflect.get(conditions, name) === truth),
  );
  const expected = UNCONDITIONAL.includes(method) ? 'proceed' : row?.gives;
  const own = evaluatePreconditions(method, fields, selected, nowMs);
  if (own !== expected)
    broken('outcome', `${quoted(`${method} ${JSON.stringify(conditions)}`)} gives ${own}, not ${expected}`);
  if (selected === undefined) return;
  const stands = rangeStands(value('if-range'), selected, nowMs);
  if (allowsRange(fields, selected, nowMs) !== stands)
    broken('if-range', `${quoted(value('if-range') ?? '')} lets a range ${stands ? 'not ' : ''}stand`);
}

/** RFC9110#13.1.1 and RFC9110#13.1.2: whether a listed tag is that of the representation; a malformed list has none. */
function listHolds(text: string | undefined, selected: Validators | undefined, isStrong: boolean): Truth {
  if (text === undefined) return 'absent';
  if (text === '*') return selected === undefined ? 'false' : 'true';
  const current = selected?.entityTag;
  const tags = readTags(text) ?? [];
  const isListed = tags.some(
    ({ opaque, isWeak }) => opaque === current?.opaque && !(isStrong && (isWeak || current.isWeak)),
  );
  return isListed ? 'true' : 'false';
}

interface Tag {
  readonly opaque: string;
  readonly isWeak: boolean;
}

/** A list of tags, unit by unit: commas stand between them, and inside of them too. */
function readTags(text: string): readonly Tag[] | undefined {
  const tags: Tag[] = [];
  let isAfterTag = false;
  for (let at = 0; at < text.length; ) {
    const unit = text[at] ?? '';
    if (unit === ' ' || unit === '\t') {
      at++;
    } else if (unit === ',') {
      isAfterTag = false;
      at++;
    } else {
      const isWeak = text.startsWith('W/', at);
      const from = at + (isWeak ? 3 : 1);
      const end = text.indexOf('"', from);
      if (isAfterTag || text[from - 1] !== '"' || end === -1) return undefined;
      const opaque = text.slice(from, end);
      if ([...opaque].some((other) => other <= ' ' || other === '\x7f')) return undefined;
      tags.push({ opaque, isWeak });
      isAfterTag = true;
      at = end + 1;
    }
  }
  return tags.length === 0 ? undefined : tags;
}

/** Whether the representation has been modified since; a date that cannot be read or compared is ignored (RFC9110#13.1.3). */
function isLater(text: string | undefined, selected: Validators | undefined, nowMs: number): Truth {
  const date = text === undefined ? undefined : readDate(text, nowMs);
  const modifiedMs = selected?.lastModifiedMs;
  if (date === undefined || modifiedMs === undefined) return 'absent';
  return modifiedMs - (modifiedMs % 1_000) > date ? 'true' : 'false';
}

/** RFC9110#13.1.5: an equal strong tag, or the very date, if that is strong: of a second that is over. */
function rangeStands(text: string | undefined, selected: Validators, nowMs: number): boolean {
  if (text === undefined) return true;
  const [tag, more] = readTags(text) ?? [];
  const isTag = tag !== undefined && more === undefined && /^(?:W\/)?"[^"]*"$/.test(text);
  if (isTag) return !tag.isWeak && selected.entityTag?.isWeak === false && selected.entityTag.opaque === tag.opaque;
  const date = readDate(text, nowMs);
  const modifiedMs = selected.lastModifiedMs;
  if (date === undefined || modifiedMs === undefined) return false;
  return modifiedMs - (modifiedMs % 1_000) === date && nowMs >= date + 1_000;
}

function negated(truth: Truth): Truth {
  return truth === 'absent' ? truth : truth === 'true' ? 'false' : 'true';
}

function broken(state: string, message: string): never {
  throw new OracleError('preconditions', message, { state });
}
