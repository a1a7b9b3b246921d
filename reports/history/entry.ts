import { createHash } from 'node:crypto';
import { z } from 'zod';
import { ratioOf } from '../gate/decide-bench.ts';
import type { Gate } from '../gate/gate.ts';
import type { Report } from '../report.ts';

export const HISTORY_SCHEMA_VERSION = 1;

/** Keys that an entry remembers; a run with more failures than this has other worries. */
const MOST_KEYS = 2_000;
const MOST_FIGURES = 100;

/** What `git rev-parse HEAD` prints. */
export const REVISION = /^[0-9a-f]{40,64}$/;

/** One run as the history keeps it: a few figures, and the keys of what was not in order. */
export const HistoryEntry = z.strictObject({
  schema: z.literal(HISTORY_SCHEMA_VERSION),
  /** ISO 8601, UTC: when its first run began. */
  startedAt: z.iso.datetime(),
  /** Producers and targets, e.g. `conformance, fuzz: core, nginx`. */
  label: z.string().max(500),
  verdict: z.enum(['pass', 'fail', 'inconclusive']),
  /** The commit that was tested, where it is known. */
  revision: z.string().regex(REVISION).optional(),
  figures: z.record(z.string().max(200), z.number()),
  /** Keys of cases and crashes that failed, hung or crashed, known ones too; sorted. */
  failing: z.array(z.string().max(1_000)).max(MOST_KEYS),
  /** Targets of which every case was run, or that were fuzzed: only there a key that is missing was in order. */
  full: z.array(z.string().max(500)).max(200),
});
export type HistoryEntry = z.infer<typeof HistoryEntry>;

const BAD: ReadonlySet<string> = new Set(['fail', 'hang', 'crash']);

/** Sums a run up. `revision` is the commit that was tested. */
export function historyEntry(report: Report, gate: Gate, revision?: string): HistoryEntry {
  const producers = [...new Set(report.runs.map(({ start }) => start.producer))].sort();
  const targets = [...new Set(report.runs.flatMap((run) => run.targets))].sort();
  const failing = [
    ...report.cases.filter(({ verdict }) => BAD.has(verdict)).map(({ key }) => key),
    ...report.findings.filter(({ status }) => status === 'open').map(({ key }) => key),
  ];
  const fuzzed = report.fuzz
    .filter(({ executions, replayed }) => executions + replayed > 0)
    .map(({ target }) => target);
  return {
    schema: HISTORY_SCHEMA_VERSION,
    startedAt: new Date(Date.parse(report.runs[0]?.start.startedAt ?? '') || 0).toISOString(),
    label: `${producers.join(', ')}: ${targets.join(', ')}`.slice(0, 500),
    verdict: gate.verdict,
    ...(revision === undefined ? {} : { revision }),
    figures: Object.fromEntries(figures(report, gate).slice(0, MOST_FIGURES)),
    failing: [...new Set(failing.map((key) => key.slice(0, 1_000)))].sort().slice(0, MOST_KEYS),
    full: [...new Set([...gate.fullTargets, ...fuzzed])].slice(0, 200).map((name) => name.slice(0, 500)),
  };
}

/** Name of an entry's file: the same run has the same name, and names sort by time. */
export function entryName(entry: HistoryEntry): string {
  const digest = createHash('sha256').update(`${entry.startedAt} ${entry.label}`).digest('hex').slice(0, 8);
  return `${entry.startedAt.replace(/[^0-9TZ]/g, '')}-${digest}.json`;
}

function figures(report: Report, gate: Gate): readonly (readonly [name: string, value: number])[] {
  const count = (effect: string): number => gate.findings.filter((finding) => finding.effect === effect).length;
  const share = (files: readonly { readonly hit: number; readonly total: number }[]): number => {
    const [hit, total] = files.reduce(([h, all], file) => [h + file.hit, all + file.total], [0, 0]);
    return total === 0 ? 0 : (100 * hit) / total;
  };
  return [
    ['fail the gate', count('fail')],
    ['known', gate.classes.known + gate.classes['known-flaky']],
    ['warnings', count('warn')],
    ['in order', gate.classes.pass],
    ...report.benches.map((bench) => [`ratio ${bench.scenario}`, ratioOf(bench).median] as const),
    ...report.coverage.map(({ target, files }) => [`% covered ${target}`, share(files)] as const),
    ...report.fuzz.map(({ target, edgesHit }) => [`edges ${target}`, edgesHit] as const),
    ...report.fuzz
      .filter(({ elapsedMs }) => elapsedMs > 0)
      .map(({ target, executions, elapsedMs }) => [`execs/s ${target}`, (executions * 1_000) / elapsedMs] as const),
  ].map(([name, value]) => [String(name).slice(0, 200), Number(value)] as const);
}
