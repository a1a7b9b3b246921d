/**
 * Novelty: what the results of the base build say of what failed here. A failure that the base has too is nobody's
 * fault here; an excuse that came with the very change which needs it is none.
 */
import type { CaseResult, Report } from '../report.ts';
import type { ExpectationChange, GateClass, GateFinding } from './gate.ts';
import { observeCase, observeFinding } from './observe.ts';

/** Looks a finding up in the base's results. Without a base, or where the base judged nothing, it stays as it is. */
export function applyBase(finding: GateFinding, report: Report, base: Report | undefined): GateFinding {
  if (base === undefined || !NOVEL.has(finding.class)) return finding;
  const said = finding.about === 'crash' ? crashOnBase(finding, base) : caseOnBase(finding, report, base);
  if (said === undefined) return finding;
  if (!said.same) return { ...finding, base: said.words };
  return {
    ...finding,
    class: 'pre-existing',
    effect: 'warn',
    why: `It fails the same way on the base, so that this change did not bring it: ${finding.why}`,
    base: said.words,
  };
}

/**
 * What this change has loosened in the expectations, as findings. A case that the base passes, that fails here and that
 * the same change excuses fails the gate unless `allowed`; anything else is only listed.
 */
export function loosenedEntries(
  changes: readonly ExpectationChange[],
  report: Report,
  base: Report | undefined,
  allowed: boolean,
): GateFinding[] {
  const loosened = changes.filter(({ change }) => change === 'added' || change === 'loosened');
  if (loosened.length === 0) return [];
  const now = byKey(report);
  const before = base === undefined ? new Map<string, CaseResult>() : byKey(base);
  return loosened.map(({ key, change, how }) => {
    const [here, there] = [now.get(key), before.get(key)];
    const excused = here !== undefined && isBad(here) && there !== undefined && observeCase(there) === 'ok';
    return {
      key,
      about: 'expectation',
      class: 'loosened',
      effect: excused && !allowed ? 'fail' : 'warn',
      why: excused
        ? `The base passes this case, it fails here, and this change excuses it (${how}): mend it, or say --allow-loosened`
        : `This change ${change === 'added' ? 'adds an excuse' : 'widens an excuse'}: ${how}`,
      was: there === undefined ? 'not excused' : there.verdict,
      now: here?.verdict ?? 'excused',
      ...(there === undefined ? {} : { base: there.verdict }),
    };
  });
}

/** Classes that ask whether they are new. */
const NOVEL: ReadonlySet<GateClass> = new Set<GateClass>([
  'new-crash',
  'new-hang',
  'new-failure',
  'changed-failure',
  'deviation',
]);

interface Said {
  readonly same: boolean;
  readonly words: string;
}

function caseOnBase(finding: GateFinding, report: Report, base: Report): Said | undefined {
  const there = byKey(base).get(finding.key);
  const here = byKey(report).get(finding.key);
  if (there === undefined || here === undefined) return undefined;
  const seen = observeCase(there);
  if (seen === 'skip' || seen === 'error' || seen === 'inconclusive' || seen === 'flaky') return undefined;
  const words = there.signature === undefined ? there.verdict : `${there.verdict} ${there.signature}`;
  // A crash is a crash, whatever the other attempts said.
  const same = observeCase(here) === seen && (seen === 'crash' || there.signature === here.signature);
  return { same, words };
}

function crashOnBase(finding: GateFinding, base: Report): Said | undefined {
  const there = base.findings.find(({ key, target }) => key === finding.key && target === finding.target);
  if (there === undefined) return undefined;
  return { same: observeFinding(there) === 'crash', words: there.status };
}

const isBad = (result: CaseResult): boolean => ['fail', 'hang', 'crash'].includes(observeCase(result));

const INDEXES = new WeakMap<Report, ReadonlyMap<string, CaseResult>>();

/** Cases by key, made once for each report. */
function byKey(report: Report): ReadonlyMap<string, CaseResult> {
  const known = INDEXES.get(report);
  if (known !== undefined) return known;
  const made = new Map(report.cases.map((result) => [result.key, result]));
  INDEXES.set(report, made);
  return made;
}
