import { type CaseResult, caseKey, type Finding, type Report, type Run } from '../report.ts';
import { ReportsError } from '../reports-error.ts';
import type { Verdict } from '../schema.ts';
import { formatDay, parseDay } from './calendar.ts';
import { type Cell, classify, type Expected, expectedState } from './classify.ts';
import { type Expectation, type Expectations, NO_EXPECTATIONS } from './expectations.ts';
import {
  EFFECTS,
  GATE_CLASSES,
  GATE_SCHEMA_VERSION,
  type Gate,
  type GateFinding,
  type GateVerdict,
  type HeldExpectation,
} from './gate.ts';
import { observeCase, observeFinding } from './observe.ts';
import { countClasses, summarise } from './summary.ts';
import { whyCase, whyFinding } from './why.ts';

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
  const scene: Scene = { report, expectations, today, full: fullTargets(report), held: new Set() };
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

interface Scene {
  readonly report: Report;
  readonly expectations: Expectations;
  /** Days since 1970-01-01. */
  readonly today: number;
  readonly full: ReadonlySet<string>;
  /** Keys of entries that were held against something. */
  readonly held: Set<string>;
}

function decideCase(scene: Scene, result: CaseResult): GateFinding {
  const entry = entryFor(scene, result.key, scene.report.runs[result.run]);
  const observed = observeCase(result);
  const expected = stateOf(scene, entry, {
    verdicts: judgedVerdicts(result),
    actual: result.actual,
    ...(result.signature === undefined ? {} : { signature: result.signature }),
  });
  const cell = classify(observed, expected, { level: result.level, full: scene.full.has(result.target) });
  return {
    key: result.key,
    about: 'case',
    ...cell,
    why: whyCase(cell, result, entry),
    was: describeExpected(entry),
    now: [...new Set([...result.attempts, result.verdict])].join(', then '),
    title: result.title,
    target: result.target,
    level: result.level,
    rfc: result.rfc,
    want: result.expected,
    got: result.actual,
    attempts: result.attempts,
    ...(result.evidence === undefined ? {} : { evidence: result.evidence }),
    repro: result.repro,
    ...heldAs(scene, entry),
  };
}

function decideFinding(scene: Scene, finding: Finding): GateFinding {
  const entry = entryFor(scene, finding.key, scene.report.runs[finding.run]);
  const observed = observeFinding(finding);
  const verdicts: readonly Verdict[] = [observed === 'ok' ? 'pass' : 'crash'];
  const actual = `${finding.errorClass}: ${finding.message}`;
  const expected = stateOf(scene, entry, { verdicts, actual });
  // A saved entry was run again by name, so that its pass is never an accident of selection.
  const cell = classify(observed, expected, { level: 'MUST', full: true });
  return {
    key: finding.key,
    about: 'crash',
    ...cell,
    why: whyFinding(cell, finding, entry),
    was: describeExpected(entry),
    now: finding.status === 'fixed' ? 'fixed' : `${finding.failure}, reproduced ${finding.reproduced}`,
    title: `${finding.target}: ${finding.failure}${finding.frames[0] === undefined ? '' : ` in ${finding.frames[0]}`}`,
    target: finding.target,
    got: actual,
    ...(finding.bundle === undefined ? {} : { evidence: finding.bundle }),
    repro: finding.repro,
    ...heldAs(scene, entry),
  };
}

/** The entry for a key, where its conditions hold for the run. */
function entryFor(scene: Scene, key: string, run: Run | undefined): Expectation | undefined {
  const entry = scene.expectations.byKey.get(key);
  if (entry === undefined || run === undefined) return undefined;
  scene.held.add(key);
  return holdsIn(entry, run) ? entry : undefined;
}

function holdsIn(entry: Expectation, run: Run): boolean {
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

function stateOf(scene: Scene, entry: Expectation | undefined, seen: Parameters<typeof expectedState>[1]): Expected {
  return expectedState(entry, seen, (daysLeft(scene, entry) ?? 0) < 0);
}

/** The verdicts that say something about the target; the last word always does. */
function judgedVerdicts(result: CaseResult): readonly Verdict[] {
  const judged = result.attempts.filter((verdict) => verdict !== 'inconclusive' && verdict !== 'error');
  return [...new Set([...judged, result.verdict])];
}

function daysLeft(scene: Scene, entry: Expectation | undefined): number | undefined {
  const last = entry?.expires === undefined ? undefined : parseDay(entry.expires);
  return last === undefined ? undefined : last - scene.today;
}

function heldAs(scene: Scene, entry: Expectation | undefined): { expectation?: HeldExpectation } {
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

const describeExpected = (entry: Expectation | undefined): string =>
  entry === undefined ? 'pass' : [...entry.expect].join(' or ');

/** Targets of which a conformance run was complete and left nothing out. */
function fullTargets(report: Report): ReadonlySet<string> {
  const full = report.runs.filter(isFull).flatMap((run) => run.targets);
  return new Set(full.sort());
}

const isFull = (run: Run): boolean =>
  run.start.producer === 'conformance' && run.complete && run.start.scope !== 'filtered';

/** Entries whose case does not exist where every case was run: they excuse something that nobody will ever see. */
function staleEntries(scene: Scene): GateFinding[] {
  const seen = new Set(scene.report.cases.map((result) => caseKey(result.id, result.target)));
  const stale: GateFinding[] = [];
  for (const entry of scene.expectations.byKey.values()) {
    const target = entry.key.split(' @', 2)[1];
    if (target === undefined || seen.has(entry.key)) continue;
    if (!scene.report.runs.some((run) => isFull(run) && run.targets.includes(target) && holdsIn(entry, run))) continue;
    stale.push({
      key: entry.key,
      about: 'expectation',
      class: 'stale',
      effect: 'fail',
      why: `No case of this name ran in a full run of ${target}; delete the line or correct its key`,
      was: describeExpected(entry),
      now: 'no such case',
      ...heldAs(scene, entry),
    });
  }
  return stale;
}

function incompleteRuns(runs: readonly Run[]): GateFinding[] {
  return runs
    .filter((run) => !run.complete)
    .map((run) => ({
      key: `run ${run.source}`,
      about: 'run',
      class: 'incomplete',
      effect: 'inconclusive',
      why: `The ${run.start.producer} run did not finish: ${run.note}`,
      was: 'a finished run',
      now: run.note,
      repro: run.start.command,
    }));
}

function nothingJudged(report: Report): GateFinding {
  const skipped = report.verdicts.skip;
  return {
    key: 'run',
    about: 'run',
    class: 'not-judged',
    effect: 'inconclusive',
    why: `Nothing was judged: ${skipped === 0 ? 'no case and no fuzz input ran' : `all ${skipped} cases were skipped`}`,
    was: 'at least one case or fuzz input',
    now: 'none',
  };
}

function countJudged(report: Report): number {
  const { skip, inconclusive, error } = report.verdicts;
  const campaigns = report.fuzz.filter((stats) => stats.executions + stats.replayed > 0).length;
  return report.cases.length - skip - inconclusive - error + report.findings.length + campaigns;
}

function verdictOf(findings: readonly Cell[]): GateVerdict {
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
