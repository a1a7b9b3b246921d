import type { Report, Run } from '../report.ts';
import { ReportsError } from '../reports-error.ts';
import { formatDay, parseDay } from './calendar.ts';
import { decideBenches } from './decide-bench.ts';
import { decideCoverage } from './decide-coverage.ts';
import { decideCase, decideFinding } from './decide-one.ts';
import { incompleteRuns, nothingJudged, staleEntries } from './decide-whole.ts';
import { compareExpectations } from './expectation-changes.ts';
import { type Expectations, NO_EXPECTATIONS } from './expectations.ts';
import { demandFewFlaky } from './flaky.ts';
import { EFFECTS, GATE_CLASSES, GATE_SCHEMA_VERSION, type Gate, type GateFinding, type GateVerdict } from './gate.ts';
import { applyBase, loosenedEntries } from './novelty.ts';
import { applyRules, type Rule } from './rules.ts';
import { setScene } from './scene.ts';
import { missingShards } from './shards.ts';
import { countClasses, summarise } from './summary.ts';

export interface GateOptions {
  /** Day that expiry is measured against, `YYYY-MM-DD` UTC. @defaultValue the day on which the latest run started */
  readonly today?: string;
  /** What is worth more or less than the table says. @defaultValue none */
  readonly rules?: readonly Rule[];
  /** Results of the base build; `'missing'` where they were wanted and there are none, which is neutral. */
  readonly base?: Report | 'missing';
  /** The expectations of the base: what this change has loosened is listed. */
  readonly baseExpectations?: Expectations;
  /** Whether a case that the base passes may be excused by the change that breaks it. @defaultValue false */
  readonly allowLoosened?: boolean;
  /** How many cases may come and go, known ones counted, 0 and more; above it each of them fails. @defaultValue any number */
  readonly maxFlaky?: number;
  /** Whether one shard is judged by itself: that the others are missing is then no news. @defaultValue false */
  readonly aloneShard?: boolean;
}

/**
 * Decides: holds every case and finding against its expectation and the base, looks for entries that name nothing, compares
 * coverage and speed, lets the rules speak, and adds up.
 *
 * A failure is certain, so it wins over what could not be judged: fail (1) before inconclusive (5) before pass (0).
 *
 * @throws ReportsError exit 2: the day is none.
 */
export function decideGate(
  report: Report,
  expectations: Expectations = NO_EXPECTATIONS,
  options: GateOptions = {},
): Gate {
  const { rules = [], allowLoosened = false, aloneShard = false } = options;
  const today = options.today === undefined ? latestStart(report.runs) : dayOf(options.today);
  const base = options.base === 'missing' ? undefined : options.base;
  const scene = setScene(report, expectations, today);
  const changes =
    options.baseExpectations === undefined ? undefined : compareExpectations(options.baseExpectations, expectations);
  const compared = [decideCoverage(report, base), decideBenches(report, base)];
  const found = [
    ...report.cases.map((result) => decideCase(scene, result)),
    ...report.findings.map((finding) => decideFinding(scene, finding)),
    ...staleEntries(scene),
    ...loosenedEntries(changes ?? [], report, base, allowLoosened),
    ...compared.flatMap(({ findings }) => findings),
    ...incompleteRuns(report.runs),
    ...(aloneShard ? [] : missingShards(scene.shards)),
  ].map((finding) => applyRules(applyBase(finding, report, base), rules));
  const decided = [...demandFewFlaky(found, options.maxFlaky)];
  const judged = countJudged(report);
  if (judged === 0 && !decided.some((finding) => finding.effect === 'fail')) decided.push(nothingJudged(report));
  const verdict = verdictOf(decided);
  const classes = countClasses(decided);
  return {
    schema: GATE_SCHEMA_VERSION,
    verdict,
    exit: EXIT[verdict],
    summary: summarise(decided, classes),
    judged,
    classes,
    findings: decided.filter((finding) => finding.class !== 'pass' && finding.class !== 'skip').sort(worstFirst),
    fullTargets: [...scene.full],
    notes: [
      ...(options.base === 'missing' ? ['no results of the base: what is new was not told from what is old'] : []),
      ...compared.flatMap(({ notes }) => notes),
    ],
    ...(options.base === undefined
      ? {}
      : { base: { found: base !== undefined, sources: base?.runs.map(({ source }) => source) ?? [] } }),
    ...(changes === undefined ? {} : { expectationChanges: changes }),
    shards: scene.shards.map(({ set, total, missing }) => ({ set, total, missing })),
    today: formatDay(today),
    expectations: {
      sources: expectations.sources,
      entries: expectations.byKey.size,
      held: scene.held.size,
    },
  };
}

const EXIT = { pass: 0, fail: 1, inconclusive: 5 } as const satisfies Record<GateVerdict, number>;

function countJudged(report: Report): number {
  const { skip, inconclusive, error } = report.verdicts;
  const campaigns = report.fuzz.filter((stats) => stats.executions + stats.replayed > 0).length;
  const judged = report.cases.length - skip - inconclusive - error;
  return judged + report.findings.length + campaigns + report.coverage.length + report.benches.length;
}

function verdictOf(findings: readonly GateFinding[]): GateVerdict {
  if (findings.some((finding) => finding.effect === 'fail')) return 'fail';
  return findings.some((finding) => finding.effect === 'inconclusive') ? 'inconclusive' : 'pass';
}

function worstFirst(a: GateFinding, b: GateFinding): number {
  return (
    EFFECTS.indexOf(a.effect) - EFFECTS.indexOf(b.effect) ||
    GATE_CLASSES.indexOf(a.class) - GATE_CLASSES.indexOf(b.class) ||
    (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)
  );
}

function latestStart(runs: readonly Run[]): number {
  const days = runs.map((run) => dayOf(run.start.startedAt.slice(0, 10), run.source));
  return Math.max(0, ...days);
}

function dayOf(text: string, source?: string): number {
  const day = parseDay(text);
  if (day !== undefined) return day;
  throw new ReportsError(2, `${source === undefined ? '' : `${source}: `}"${text}" is no day; write YYYY-MM-DD`);
}
