import type { Report, Run } from '../report.ts';
import { parseDay } from './calendar.ts';
import type { Expectation, Expectations } from './expectations.ts';
import type { HeldExpectation } from './gate.ts';
import { type ShardSet, shardSets } from './shards.ts';

/** What every decision looks at: the report, the entries, the day, and which targets were run in full. */
export interface Scene {
  readonly report: Report;
  readonly expectations: Expectations;
  /** Days since 1970-01-01. */
  readonly today: number;
  readonly full: ReadonlySet<string>;
  /** Targets on which every drill was run. */
  readonly drilled: ReadonlySet<string>;
  readonly shards: readonly ShardSet[];
  /** Keys of entries that were held against something. */
  readonly held: Set<string>;
}

/** Puts a scene together. `today` is a day number, see `calendar.ts`. */
export function setScene(report: Report, expectations: Expectations, today: number): Scene {
  const shards = shardSets(report.runs);
  const full = fullTargets(report, shards, 'conformance');
  const drilled = fullTargets(report, shards, 'drill');
  return { report, expectations, today, full, drilled, shards, held: new Set() };
}

/** The entry for a key, where its conditions hold for the run. */
export function entryFor(scene: Scene, key: string, run: Run | undefined): Expectation | undefined {
  const entry = scene.expectations.byKey.get(key);
  if (entry === undefined || run === undefined) return undefined;
  scene.held.add(key);
  return holdsIn(entry, run) ? entry : undefined;
}

/** Whether an entry's conditions hold for a run. */
export function holdsIn(entry: Expectation, run: Run): boolean {
  const major = run.start.node.replace(/^v/, '').split('.', 1)[0] ?? '';
  const os = run.start.os.toLowerCase();
  const { node, os: systems } = entry.when ?? {};
  const asList = (words: string | readonly string[]): readonly string[] =>
    typeof words === 'string' ? [words] : words;
  return (
    (node === undefined || asList(node).includes(major)) &&
    (systems === undefined || asList(systems).some((system) => os.startsWith(system.toLowerCase())))
  );
}

/** Whole days after today on which an entry still holds; `undefined` where it does not end. */
export function daysLeft(scene: Scene, entry: Expectation | undefined): number | undefined {
  const last = entry?.expires === undefined ? undefined : parseDay(entry.expires);
  return last === undefined ? undefined : last - scene.today;
}

/** The entry as a finding shows it. */
export function heldAs(scene: Scene, entry: Expectation | undefined): { expectation?: HeldExpectation } {
  if (entry === undefined) return {};
  const { source, line, reason, issue, owner, expires } = entry;
  const left = daysLeft(scene, entry);
  return {
    expectation: {
      source,
      line,
      reason,
      ...(issue === undefined ? {} : { issue }),
      ...(owner === undefined ? {} : { owner }),
      ...(expires === undefined ? {} : { expires }),
      ...(left === undefined ? {} : { daysLeft: left }),
    },
  };
}

/** What an entry allows, in words. */
export const describeExpected = (entry: Expectation | undefined): string =>
  entry === undefined ? 'pass' : [...entry.expect].join(' or ');

/** Who runs a list of cases of which a run can leave some out. */
export type Suite = 'conformance' | 'drill';

/** The suite that a key's case belongs to. */
export const suiteOf = (key: string): Suite => (key.startsWith('drill/') ? 'drill' : 'conformance');

/** Targets of which a run of a suite was complete and left nothing out. */
function fullTargets(report: Report, shards: readonly ShardSet[], suite: Suite): ReadonlySet<string> {
  const full = report.runs.filter((run) => isFull(run, shards, suite)).flatMap((run) => run.targets);
  return new Set(full.sort());
}

/** Whether a run left no case of a suite out and was finished; of a shard, whether all of its set did. */
export function isFull(run: Run, shards: readonly ShardSet[], suite: Suite): boolean {
  const { producer, scope, shard } = run.start;
  if (producer !== suite || !run.complete || scope === 'filtered') return false;
  return shard === undefined || shards.some(({ complete, runs }) => complete && runs.includes(run));
}
