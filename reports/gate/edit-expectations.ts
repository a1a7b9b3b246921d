/**
 * Edits of an expectations file as text: `addEntries` only adds lines, `removeEntries` only takes some away. What is
 * not touched stays as it is, octet by octet.
 */
import { ReportsError } from '../reports-error.ts';
import { parseExpectations } from './expectations.ts';

/** A line to be written; the order of its fields is that of the file. */
export interface NewEntry {
  readonly key: string;
  readonly expect: string | readonly string[];
  readonly level?: string;
  readonly signature?: string;
  readonly reason: string;
  readonly issue?: string;
  readonly owner?: string;
  readonly added: string;
  readonly expires?: string;
}

/**
 * Puts entries into their places among the lines that are there.
 *
 * @throws ReportsError exit 2: the file or the result is invalid, or a key stands there already.
 */
export function addEntries(text: string, source: string, entries: readonly NewEntry[]): string {
  const before = parseExpectations(text, source);
  const taken = entries.map(({ key }) => before.byKey.get(key)).find((entry) => entry !== undefined);
  if (taken !== undefined) {
    throw new ReportsError(2, `${source}:${taken.line}: "${taken.key}" has an entry already; change it by hand`);
  }
  // Keys stand in the order of the lines.
  const keys = [...before.byKey.keys()];
  const lines = contentLines(text).map((line, at) => ({ key: keys[at] ?? '', line }));
  const added = entries.map((entry) => ({ key: entry.key, line: JSON.stringify(entry) }));
  const all = [...lines, ...added].sort((a, b) => (a.key < b.key ? -1 : Number(a.key > b.key)));
  const after = all.map(({ line }) => `${line}\n`).join('');
  parseExpectations(after, source);
  return after;
}

/**
 * Takes the lines of these keys away.
 *
 * @throws ReportsError exit 2: the file is invalid.
 */
export function removeEntries(text: string, source: string, keys: ReadonlySet<string>): string {
  const before = [...parseExpectations(text, source).byKey.keys()];
  return contentLines(text)
    .filter((_, at) => !keys.has(before[at] ?? ''))
    .map((line) => `${line}\n`)
    .join('');
}

const contentLines = (text: string): readonly string[] => text.split('\n').filter((line) => line.trim() !== '');
