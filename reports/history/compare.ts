import { type CaseResult, type Report, VERDICTS } from '../report.ts';
import type { Verdict } from '../schema.ts';
import type { HistoryEntry } from './entry.ts';

/** What another run saw differently, worst first. A server or fuzz target that only one of them ran says nothing. */
export function compareReports(now: Report, before: Report, name: string): Comparison {
  const ofBefore = targetsOf(before);
  const both = new Set([...targetsOf(now)].filter((target) => ofBefore.has(target)));
  const [here, there] = [statesOf(now, both), statesOf(before, both)];
  const rows: Comparison['rows'][number][] = [];
  let same = 0;
  for (const key of [...new Set([...here.keys(), ...there.keys()])].sort()) {
    const [after, old] = [here.get(key), there.get(key)];
    if (after?.words === old?.words) same += 1;
    else rows.push({ key, before: old?.words ?? '–', after: after?.words ?? '–', change: changeOf(old, after) });
  }
  return { name, rows: rows.sort((a, b) => ORDER.indexOf(a.change) - ORDER.indexOf(b.change)), same };
}

const ORDER = [
  'worse',
  'other',
  'added',
  'gone',
  'better',
] as const satisfies readonly Comparison['rows'][number]['change'][];

interface State {
  readonly words: string;
  /** The smaller, the worse. */
  readonly rank: number;
}

const targetsOf = ({ cases, findings, fuzz }: Report): ReadonlySet<string> =>
  new Set([...cases, ...findings, ...fuzz].map(({ target }) => target));

function statesOf({ cases, findings }: Report, targets: ReadonlySet<string>): ReadonlyMap<string, State> {
  return new Map<string, State>([
    ...cases.filter(({ target }) => targets.has(target)).map((result) => [result.key, stateOf(result)] as const),
    ...findings.map(
      ({ key, status }) => [key, { words: status, rank: status === 'open' ? 0 : rankOf('pass') }] as const,
    ),
  ]);
}

/** The verdict, and of what is not in order how it shows: a failure that has changed is a difference too. */
function stateOf({ verdict, signature, actual, attempts }: CaseResult): State {
  const flaky = new Set(attempts).size > 1 ? ', flaky' : '';
  const how = verdict === 'fail' || verdict === 'warn' ? `, ${signature ?? actual}` : '';
  return { words: `${verdict}${flaky}${how}`, rank: rankOf(verdict) };
}

const rankOf = (verdict: Verdict): number => VERDICTS.indexOf(verdict);

function changeOf(before: State | undefined, after: State | undefined): Comparison['rows'][number]['change'] {
  if (before === undefined) return 'added';
  if (after === undefined) return 'gone';
  if (before.rank === after.rank) return 'other';
  return after.rank < before.rank ? 'worse' : 'better';
}

/** What is different from another run. */
export interface Comparison {
  readonly name: string;
  readonly rows: readonly {
    readonly key: string;
    readonly before: string;
    readonly after: string;
    readonly change: 'better' | 'worse' | 'other' | 'gone' | 'added';
  }[];
  /** How many cases and crashes are the same in both. */
  readonly same: number;
}

/** Since when a key fails, as far as the history knows: where to begin a bisection. */
export interface Since {
  readonly key: string;
  /** When the first run of the unbroken row began in which it fails. */
  readonly first: string;
  /** When the last run before that began which had it in order; absent where the history has none. */
  readonly lastGood?: string;
  /** The commits of these two runs, where they were noted. */
  readonly firstRevision?: string;
  readonly lastGoodRevision?: string;
}

/** What fails now: its key, and the server or fuzz target that it fails on. */
export interface Failing {
  readonly key: string;
  readonly target?: string;
}

/**
 * Since when each of these fails. `history` is sorted, oldest first; runs that did not run a server's cases to their end, or did
 * not fuzz a target, say nothing about it.
 */
export function failingSince(failing: readonly Failing[], history: readonly HistoryEntry[]): readonly Since[] {
  const runs = history
    .map((entry) => ({ entry, failing: new Set(entry.failing), full: new Set(entry.full) }))
    .reverse();
  return failing.flatMap(({ key, target = key.slice(key.lastIndexOf(' @') + 2) }) => {
    let first: HistoryEntry | undefined;
    for (const run of runs) {
      if (run.failing.has(key)) first = run.entry;
      else if (first !== undefined && run.full.has(target)) return [sinceOf(key, first, run.entry)];
    }
    return first === undefined ? [] : [sinceOf(key, first)];
  });
}

function sinceOf(key: string, first: HistoryEntry, good?: HistoryEntry): Since {
  return {
    key,
    first: first.startedAt,
    ...(good === undefined ? {} : { lastGood: good.startedAt }),
    ...(first.revision === undefined ? {} : { firstRevision: first.revision }),
    ...(good?.revision === undefined ? {} : { lastGoodRevision: good.revision }),
  };
}
