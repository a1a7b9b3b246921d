import type { Report, Run } from '../report.ts';
import { ReportsError } from '../reports-error.ts';
import { formatDay, parseDay } from './calendar.ts';
import { decideCase, decideFinding } from './decide-one.ts';
import { incompleteRuns, nothingJudged, staleEntries } from './decide-whole.ts';
import { type Expectations, NO_EXPECTATIONS } from './expectations.ts';
import { EFFECTS, GATE_CLASSES, GATE_SCHEMA_VERSION, type Gate, type GateFinding, type GateVerdict } from './gate.ts';
import { setScene } from './scene.ts';
import { countClasses, summarise } from './summary.ts';

export interface GateOptions {
  /** Day that expiry is measured against, `YYYY-MM-DD` UTC. @defaultValue the day on which the latest run started */
  readonly today?: string;
}

/**
 * Decides: holds every case and finding against its expectation, looks for entries that name nothing, and adds up.
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
  const today = options.today === undefined ? latestStart(report.runs) : dayOf(options.today);
  const scene = setScene(report, expectations, today);
  const decided = [
    ...report.cases.map((result) => decideCase(scene, result)),
    ...report.findings.map((finding) => decideFinding(scene, finding)),
    ...staleEntries(scene),
    ...incompleteRuns(report.runs),
  ];
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
  return report.cases.length - skip - inconclusive - error + report.findings.length + campaigns;
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
