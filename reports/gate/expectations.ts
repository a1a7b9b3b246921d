/**
 * Expectations: what is known to fail, why, and until when. One JSON object a line, sorted by key, so that git merges
 * them line by line and a duplicate after a union merge is noticed.
 */
import { createReadStream } from 'node:fs';
import { z } from 'zod';
import { explainIssue } from '../explain-issue.ts';
import { ReportsError } from '../reports-error.ts';
import { parseDay } from './calendar.ts';

/** The verdicts that an entry may name; `error` is a broken bench, and that is never a known failure. */
export const ExpectedVerdict = z.enum(['pass', 'weak', 'warn', 'fail', 'hang', 'crash', 'inconclusive']);
export type ExpectedVerdict = z.infer<typeof ExpectedVerdict>;

const Day = z.string().refine((text) => parseDay(text) !== undefined, 'no such day; write YYYY-MM-DD');
const Words = z.string().trim().min(1, 'must not be empty').max(4096);
const oneOrMore = <T extends z.ZodType>(item: T) => z.union([item, z.array(item).min(1).max(16)]);

export const Expectation = z.strictObject({
  key: z
    .string()
    .max(512)
    .regex(/^(?:[^\s@]+ @\S+|crash v\d+:[0-9a-f]+)$/, 'write "<case id> @<target>" or "crash v1:<hash>"'),
  expect: oneOrMore(ExpectedVerdict),
  level: z.enum(['MUST', 'SHOULD', 'MAY']).optional(),
  /** What the failure looks like; another look is a changed failure. */
  signature: Words.optional(),
  reason: Words,
  issue: Words.optional(),
  owner: Words.optional(),
  added: Day.optional(),
  /** Last day on which the entry holds, UTC. */
  expires: Day.optional(),
  /** Holds only where the run's Node major and operating system are among these. */
  when: z.strictObject({ node: oneOrMore(Words).optional(), os: oneOrMore(Words).optional() }).optional(),
});

/** One entry, with its place and its verdicts as a set. */
export interface Expectation extends Omit<z.infer<typeof Expectation>, 'expect'> {
  readonly expect: ReadonlySet<ExpectedVerdict>;
  readonly source: string;
  readonly line: number;
}

export interface Expectations {
  readonly sources: readonly string[];
  readonly byKey: ReadonlyMap<string, Expectation>;
}

/** No expectations at all: every failure is new. */
export const NO_EXPECTATIONS: Expectations = { sources: [], byKey: new Map() };

/**
 * Reads expectations files. A key may stand in one of them only.
 *
 * @throws ReportsError exit 2, naming file, line and fix.
 */
export async function readExpectations(paths: readonly string[]): Promise<Expectations> {
  const parsed: Expectations[] = [];
  for (const path of paths) parsed.push(parseExpectations(await readText(path), path));
  const byKey = new Map<string, Expectation>();
  for (const entry of parsed.flatMap((one) => [...one.byKey.values()])) {
    const before = byKey.get(entry.key);
    if (before !== undefined) throw duplicate(entry, before);
    byKey.set(entry.key, entry);
  }
  return { sources: paths, byKey };
}

/**
 * Parses the text of one expectations file; `source` is what errors call it.
 *
 * @throws ReportsError exit 2, naming source, line and fix.
 */
export function parseExpectations(text: string, source: string): Expectations {
  const byKey = new Map<string, Expectation>();
  let last: Expectation | undefined;
  for (const [index, content] of text.split('\n').entries()) {
    if (content.trim() === '') continue;
    const entry = parseEntry(content, source, index + 1);
    const before = byKey.get(entry.key);
    if (before !== undefined) throw duplicate(entry, before);
    if (last !== undefined && entry.key < last.key) {
      throw invalid(entry, `"${entry.key}" is out of order; sort by key: it goes before "${last.key}"`);
    }
    byKey.set(entry.key, entry);
    last = entry;
  }
  return { sources: [source], byKey };
}

const MAX_FILE_BYTES = 16 * 1024 * 1024;

async function readText(path: string): Promise<string> {
  try {
    const pieces: Uint8Array[] = [];
    let size = 0;
    // WHY: a pipe has no size to ask for, and a device may never end
    for await (const piece of createReadStream(path)) {
      size += piece.length;
      if (size > MAX_FILE_BYTES) {
        throw new ReportsError(2, `${path}: an expectations file has at most ${MAX_FILE_BYTES} octets`);
      }
      pieces.push(piece);
    }
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(pieces));
  } catch (error) {
    if (error instanceof ReportsError) throw error;
    if (error instanceof TypeError) throw new ReportsError(2, `${path}: not UTF-8 text; is this an expectations file?`);
    throw new ReportsError(
      2,
      `Cannot read expectations "${path}" (${error instanceof Error ? error.message : 'failed'}): correct the path; /dev/null expects nothing`,
    );
  }
}

function parseEntry(content: string, source: string, line: number): Expectation {
  const place = { source, line };
  let json: unknown;
  try {
    json = JSON.parse(content);
  } catch {
    throw invalid(place, 'not a JSON object; an expectations file has one object a line');
  }
  const result = Expectation.safeParse(json);
  if (!result.success) throw invalid(place, explainIssue(result.error));
  const { expect, ...rest } = result.data;
  const entry: Expectation = { ...rest, expect: new Set(Array.isArray(expect) ? expect : [expect]), source, line };
  const contradiction = contradict(entry);
  if (contradiction !== undefined) throw invalid(place, contradiction);
  return entry;
}

/** What an entry says that cannot be meant. */
function contradict(entry: Expectation): string | undefined {
  const { expect } = entry;
  const bad = [...expect].some((verdict) => !OK_VERDICTS.has(verdict));
  const good = [...expect].some((verdict) => OK_VERDICTS.has(verdict));
  if (!bad) return `"${entry.key}" expects nothing that would fail; delete the line`;
  if (good && expect.has('crash'))
    return 'a crash is never flaky: expect "crash" alone, or take "pass" out of the list';
  if (entry.key.startsWith('crash ') && (expect.size !== 1 || !expect.has('crash'))) {
    return 'a crash key expects "crash" and nothing else';
  }
  return undefined;
}

/** Verdicts with which a case needs no excuse. */
export const OK_VERDICTS: ReadonlySet<string> = new Set<ExpectedVerdict>(['pass', 'weak', 'warn']);

const invalid = (place: { readonly source: string; readonly line: number }, what: string): ReportsError =>
  new ReportsError(2, `${place.source}:${place.line}: ${what}`);

const duplicate = (entry: Expectation, before: Expectation): ReportsError =>
  invalid(entry, `"${entry.key}" stands already at ${before.source}:${before.line}; keep one of the two`);
