import {
  type Area,
  type Bench,
  type CaseResult,
  type Coverage,
  caseKey,
  crashKey,
  type Finding,
  type FuzzStats,
  LEVELS,
  type Report,
  type Run,
  type VerdictCounts,
} from './report.ts';
import { ReportsError } from './reports-error.ts';
import type { CaseEvent, FindingEvent, Level, ReportEvent, RunStartEvent, TargetEvent, Verdict } from './schema.ts';

/** Events of one file or stream, in the order in which they were written. */
export interface EventSource {
  /** What an error calls it: a path, or e.g. `this run`. */
  readonly name: string;
  readonly events: readonly ReportEvent[];
  /** Line of each event, counted from 1, where there are lines. */
  readonly lines?: readonly number[];
}

/**
 * Folds the events of several sources into one report.
 *
 * A case that several sources judged on one target counts once: the later source wins, and a note says so. A signature
 * that was found more than once is one finding, `open` as soon as one of them is.
 *
 * @throws ReportsError exit 2: an event outside a run, a case judged twice in one source, or a shard that is there twice.
 */
export function foldReport(sources: readonly EventSource[]): Report {
  const fold: Fold = {
    runs: [],
    targets: new Map(),
    cases: new Map(),
    findings: new Map(),
    fuzz: [],
    coverage: [],
    benches: [],
    shards: new Map(),
    replaced: 0,
  };
  for (const source of sources) foldSource(fold, source);
  const cases = [...fold.cases.values()].map((entry) => entry.result).sort(byAreaLevelKey);
  return {
    runs: fold.runs.map(({ start, source, complete, note, elapsedMs, usage, targets }) => ({
      source,
      start,
      complete,
      note,
      ...(elapsedMs === undefined ? {} : { elapsedMs }),
      ...(usage === undefined ? {} : { usage }),
      targets: [...targets].sort(byCodeUnit),
    })),
    targets: [...fold.targets.values()].sort((a, b) => byCodeUnit(a.target, b.target)),
    cases,
    areas: countAreas(cases),
    findings: [...fold.findings.values()].sort(
      (a, b) => byCodeUnit(a.target, b.target) || byCodeUnit(a.signature, b.signature),
    ),
    fuzz: fold.fuzz,
    coverage: fold.coverage,
    benches: fold.benches,
    verdicts: countVerdicts(cases),
    levels: countLevels(cases),
    notes: fold.replaced === 0 ? [] : [replacedNote(fold.replaced)],
  };
}

interface OpenRun {
  readonly source: string;
  readonly start: RunStartEvent;
  readonly targets: Set<string>;
  complete: boolean;
  note: string;
  elapsedMs: number | undefined;
  usage: Run['usage'];
}

interface Fold {
  readonly runs: OpenRun[];
  readonly targets: Map<string, TargetEvent>;
  readonly cases: Map<string, { readonly source: EventSource; readonly index: number; readonly result: CaseResult }>;
  readonly findings: Map<string, Finding>;
  readonly fuzz: FuzzStats[];
  readonly coverage: Coverage[];
  readonly benches: Bench[];
  /** Where each shard was, by set, total and index. */
  readonly shards: Map<string, string>;
  replaced: number;
}

function foldSource(fold: Fold, source: EventSource): void {
  let run: OpenRun | undefined;
  for (const [index, event] of source.events.entries()) {
    if (event.kind === 'run-start') {
      noteShard(fold, source, index, event);
      run = openRun(source, event);
      fold.runs.push(run);
      continue;
    }
    if (run === undefined) {
      throw new ReportsError(
        2,
        `${where(source, index)}: "${event.kind}" outside a run; a results file begins with "run-start"`,
      );
    }
    const runIndex = fold.runs.length - 1;
    switch (event.kind) {
      case 'target':
        fold.targets.set(event.target, event);
        run.targets.add(event.target);
        break;
      case 'case':
        foldCase(fold, source, index, runIndex, event);
        run.targets.add(event.target);
        break;
      case 'finding':
        foldFinding(fold, runIndex, event);
        run.targets.add(event.target);
        break;
      case 'fuzz-stats':
        fold.fuzz.push({ ...event, run: runIndex });
        run.targets.add(event.target);
        break;
      case 'coverage':
        fold.coverage.push({ ...event, run: runIndex });
        run.targets.add(event.target);
        break;
      case 'bench':
        fold.benches.push({ ...event, run: runIndex });
        run.targets.add(event.subject);
        break;
      case 'run-end':
        run.complete = event.complete;
        run.note = event.note ?? (event.complete ? '' : 'cut short');
        run.elapsedMs = event.elapsedMs;
        run.usage = event.usage;
        run = undefined;
        break;
      default:
        event satisfies never;
    }
  }
}

function openRun(source: EventSource, start: RunStartEvent): OpenRun {
  const note = 'its run-end is missing: interrupted, or the file was cut';
  return {
    source: source.name,
    start,
    targets: new Set(),
    complete: false,
    note,
    elapsedMs: undefined,
    usage: undefined,
  };
}

/** Two runs that say they are the same part of the same whole: one of them is a leftover, and nobody knows which. */
function noteShard(fold: Fold, source: EventSource, index: number, { shard }: RunStartEvent): void {
  if (shard === undefined) return;
  const id = `${shard.set} ${shard.index}/${shard.total}`;
  const before = fold.shards.get(id);
  const here = where(source, index);
  if (before !== undefined) {
    throw new ReportsError(
      2,
      `${here}: shard ${shard.index}/${shard.total} is already at ${before}; keep one of the two`,
    );
  }
  fold.shards.set(id, here);
}

function foldCase(fold: Fold, source: EventSource, index: number, run: number, event: CaseEvent): void {
  const key = caseKey(event.id, event.target);
  const before = fold.cases.get(key);
  if (before?.source === source) {
    const first = where(source, before.index);
    throw new ReportsError(
      2,
      `${where(source, index)}: case "${key}" was already judged at ${first}; attempts belong into one event`,
    );
  }
  if (before !== undefined) fold.replaced += 1;
  fold.cases.set(key, { source, index, result: { ...event, key, run } });
}

function foldFinding(fold: Fold, run: number, event: FindingEvent): void {
  const id = `${event.target} ${event.signature}`;
  const before = fold.findings.get(id);
  if (before?.status === 'open' && event.status === 'fixed') return;
  fold.findings.set(id, { ...event, key: crashKey(event.signature), run });
}

function where(source: EventSource, index: number): string {
  const line = source.lines?.[index];
  return line === undefined ? `${source.name}, event ${index + 1}` : `${source.name}:${line}`;
}

const replacedNote = (count: number): string =>
  count === 1
    ? '1 case was judged in more than one input: the later one counts'
    : `${count} cases were judged in more than one input: the later ones count`;

function byAreaLevelKey(a: CaseResult, b: CaseResult): number {
  return byCodeUnit(a.area, b.area) || LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level) || byCodeUnit(a.key, b.key);
}

/** Order that no locale changes: a report must be the same on every machine. */
const byCodeUnit = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function countAreas(cases: readonly CaseResult[]): Area[] {
  const areas = new Map<string, CaseResult[]>();
  for (const result of cases) {
    const list = areas.get(result.area);
    if (list === undefined) areas.set(result.area, [result]);
    else list.push(result);
  }
  return [...areas].map(([area, list]) => ({ area, total: list.length, levels: countLevels(list) }));
}

function countLevels(cases: readonly CaseResult[]): Record<Level, VerdictCounts> {
  const of = (level: Level) => countVerdicts(cases.filter((result) => result.level === level));
  return { MUST: of('MUST'), SHOULD: of('SHOULD'), MAY: of('MAY') };
}

function countVerdicts(cases: readonly CaseResult[]): VerdictCounts {
  const counts: Record<Verdict, number> = {
    pass: 0,
    weak: 0,
    warn: 0,
    fail: 0,
    inconclusive: 0,
    skip: 0,
    hang: 0,
    crash: 0,
    error: 0,
  };
  for (const result of cases) counts[result.verdict] += 1;
  return counts;
}
