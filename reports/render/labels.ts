/**
 * The words and symbols that all renderers share: a status is always said in a word, the symbol only helps the eye.
 */
import type { Effect, Gate, GateClass, GateFinding, GateVerdict } from '../gate/gate.ts';
import type { Report } from '../report.ts';
import type { Usage, Verdict } from '../schema.ts';

export const VERDICT_WORDS = {
  pass: 'PASS',
  fail: 'FAIL',
  inconclusive: 'INCONCLUSIVE',
} as const satisfies Record<GateVerdict, string>;

export const VERDICT_SYMBOLS = { pass: '✔', fail: '✖', inconclusive: '?' } as const satisfies Record<
  GateVerdict,
  string
>;

export const EFFECT_SYMBOLS = {
  fail: '✖',
  inconclusive: '?',
  warn: '!',
  ok: '~',
} as const satisfies Record<Effect, string>;

/** The symbol of a case's verdict. */
export const CASE_SYMBOLS = {
  pass: '✔',
  weak: '◐',
  warn: '!',
  fail: '✖',
  inconclusive: '?',
  skip: '–',
  hang: '∞',
  crash: '☠',
  error: '‼',
} as const satisfies Record<Verdict, string>;

export const CLASS_WORDS = {
  'new-crash': 'new crash',
  'new-hang': 'new hang',
  'new-failure': 'new failure',
  'changed-failure': 'changed failure',
  'over-limit': 'over its limit',
  slower: 'slower',
  'coverage-loss': 'coverage lost',
  expired: 'expired',
  'unexpected-pass': 'unexpected pass',
  stale: 'stale expectation',
  loosened: 'loosened here',
  incomplete: 'incomplete run',
  'not-judged': 'not judged',
  'pre-existing': 'fails on the base too',
  deviation: 'missed',
  flaky: 'flaky',
  unreproduced: 'unreproduced',
  'known-flaky': 'known flaky',
  known: 'known failure',
  pass: 'pass',
  skip: 'skipped',
} as const satisfies Record<GateClass, string>;

/** Findings of one effect, in the gate's order. */
export const findingsOf = (gate: Gate, effect: Effect): readonly GateFinding[] =>
  gate.findings.filter((finding) => finding.effect === effect);

/** Finds what the gate says about a case or a fuzz finding; nothing is said about plain passes and skips. */
export function findingLookup(
  gate: Gate,
): (of: { readonly key: string; readonly target: string }) => GateFinding | undefined {
  const id = (key: string, target: string | undefined): string => `${key}\n${target}`;
  const byId = new Map(gate.findings.map((finding) => [id(finding.key, finding.target), finding]));
  return (of) => byId.get(id(of.key, of.target));
}

/** What `findingLookup` returns. */
export type FindingLookup = ReturnType<typeof findingLookup>;

/** `MUST RFC9112#6.3`; empty for what has neither. */
export const clauseOf = (finding: Pick<GateFinding, 'level' | 'rfc'>): string =>
  [finding.level, finding.rfc].filter((part) => part !== undefined).join(' ');

/** `12 ms`, `4.1 s`, `3 min 20 s`. */
export function duration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 120_000) return `${(ms / 1_000).toFixed(1)} s`;
  return `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1_000)} s`;
}

/** Names of everything that was tested, in order. */
export const targetNames = (report: Report): readonly string[] =>
  [...new Set(report.runs.flatMap((run) => run.targets))].sort();

/** `4.1 s, seed 8841`; of several runs, the sum and each seed. */
export function runFacts(report: Report): string {
  const elapsed = report.runs.reduce((sum, run) => sum + (run.elapsedMs ?? 0), 0);
  const seeds = [...new Set(report.runs.map((run) => run.start.seed))];
  return [duration(elapsed), ...seeds.slice(0, 4).map((seed) => `seed ${seed}`)].join(', ');
}

/** `61 MiB of memory at first, 92 at most, 88 at the end · 14.2 s of processor time · 41 sockets`. */
export function usageWords({ rssFirstBytes, rssPeakBytes, rssLastBytes, cpuMs, socketsPeak }: Usage): string {
  const [first, peak, last] = [rssFirstBytes, rssPeakBytes, rssLastBytes].map((bytes) => Math.round(bytes / 2 ** 20));
  const memory = `${first} MiB of memory at first, ${peak} at most, ${last} at the end`;
  return `${memory} · ${duration(cpuMs)} of processor time · ${socketsPeak} sockets at most`;
}

/** `known: reason (owner @net, issue …, expires 2027-02-01, 12 d left)`, without the key. */
export function excuse(finding: GateFinding): string {
  const held = finding.expectation;
  if (held === undefined) return '';
  const facts = [
    held.owner === undefined ? undefined : `owner ${held.owner}`,
    held.issue,
    held.expires === undefined ? undefined : `expires ${held.expires}`,
    held.daysLeft === undefined ? undefined : daysWords(held.daysLeft),
  ].filter((fact) => fact !== undefined);
  return facts.length === 0 ? held.reason : `${held.reason} (${facts.join(', ')})`;
}

function daysWords(left: number): string {
  if (left < 0) return `${-left} d over`;
  return left === 0 ? 'last day' : `${left} d left`;
}
