/** What `aeronet gate accept` would write, and what `aeronet gate prune` would take away: both from one decision. */
import type { CaseResult, Report } from '../report.ts';
import type { NewEntry } from './edit-expectations.ts';
import type { Gate, GateClass, GateFinding } from './gate.ts';
import { observeCase } from './observe.ts';

/** What a person has to say for an excuse. */
export interface Excuse {
  readonly reason: string;
  readonly issue?: string;
  readonly owner?: string;
  /** Last day, or `never`. */
  readonly expires: string;
}

export interface Acceptance {
  /** The entry of each finding that can be excused, with the target whose file it belongs to. */
  readonly entries: readonly { readonly entry: NewEntry; readonly target: string | undefined }[];
  /** Findings that have an entry, which somebody has to change by hand. */
  readonly byHand: readonly GateFinding[];
}

/** Makes an entry for each finding without one whose key `selects`; the entry pins how it fails. */
export function acceptance(
  report: Report,
  gate: Gate,
  selects: (finding: GateFinding) => boolean,
  excuse: Excuse,
): Acceptance {
  const cases = new Map(report.cases.map((result) => [result.key, result]));
  const named = gate.findings.filter((finding) => EXCUSABLE.has(finding.class) && selects(finding));
  const open = named.filter((finding) => finding.expectation === undefined && finding.cell !== undefined);
  return {
    entries: open.map((finding) => ({
      entry: entryOf(finding, cases.get(finding.key), excuse, gate.today),
      target: finding.about === 'case' ? finding.target : undefined,
    })),
    byHand: named.filter((finding) => finding.expectation !== undefined),
  };
}

/** Keys of entries that a full run has shown to excuse nothing any more. */
export function prunable(gate: Gate): ReadonlySet<string> {
  const gone = gate.findings.filter((finding) => finding.class === 'stale' || finding.cell?.row === 'ok, full run');
  return new Set(gone.filter((finding) => PRUNED.has(finding.class)).map(({ key }) => key));
}

const EXCUSABLE: ReadonlySet<GateClass> = new Set<GateClass>([
  'new-crash',
  'new-hang',
  'new-failure',
  'changed-failure',
  'expired',
  'pre-existing',
  'not-judged',
  'deviation',
  'flaky',
]);

/** An entry of a case that is in order: wrong, stale, or expired and of no use. */
const PRUNED: ReadonlySet<GateClass> = new Set<GateClass>(['unexpected-pass', 'stale', 'expired']);

function entryOf(finding: GateFinding, result: CaseResult | undefined, excuse: Excuse, today: string): NewEntry {
  const flaky = result !== undefined && observeCase(result) === 'flaky';
  const signature = flaky ? undefined : result?.signature;
  return {
    key: finding.key,
    expect: result === undefined ? 'crash' : flaky ? ['pass', ...badVerdicts(result)] : worst(result),
    ...(finding.level === undefined ? {} : { level: finding.level }),
    ...(signature === undefined ? {} : { signature }),
    reason: excuse.reason,
    ...(excuse.issue === undefined ? {} : { issue: excuse.issue }),
    ...(excuse.owner === undefined ? {} : { owner: excuse.owner }),
    added: today,
    ...(excuse.expires === 'never' ? {} : { expires: excuse.expires }),
  };
}

const badVerdicts = (result: CaseResult): readonly string[] =>
  [...new Set([...result.attempts, result.verdict])].filter((verdict) => verdict === 'fail' || verdict === 'hang');

/** One crash is a crash, whatever the last attempt said. */
const worst = (result: CaseResult): string => (observeCase(result) === 'crash' ? 'crash' : result.verdict);
