import type { CaseResult, Finding } from '../report.ts';
import type { Verdict } from '../schema.ts';
import { OK_VERDICTS } from './expectations.ts';

/** What was observed, in the words of the gate's table. */
export type Observed = 'ok' | 'fail' | 'flaky' | 'crash' | 'unreproduced' | 'hang' | 'inconclusive' | 'error' | 'skip';

/**
 * Sums up all attempts at a case.
 *
 * One crash is a crash, whatever the other attempts said. A case is flaky when some judged attempts were in order and
 * some were not; when none was in order the last word counts. An attempt that could not be judged says nothing,
 * unless it was the last word.
 */
export function observeCase(result: Pick<CaseResult, 'verdict' | 'attempts'>): Observed {
  const verdicts: readonly Verdict[] = [...result.attempts, result.verdict];
  if (verdicts.includes('crash')) return 'crash';
  if (result.verdict === 'error' || result.verdict === 'inconclusive') return result.verdict;
  const bad = verdicts.some((verdict) => BAD_VERDICTS.has(verdict));
  if (bad && verdicts.some((verdict) => OK_VERDICTS.has(verdict) || verdict === 'skip')) return 'flaky';
  switch (result.verdict) {
    case 'pass':
    case 'weak':
    case 'warn':
      return 'ok';
    default:
      return result.verdict;
  }
}

/**
 * Sums up a fuzz finding: a saved entry that no longer fails is in order, and one that failed in none of its
 * confirming runs is unreproduced. A count that cannot be read is taken for reproduced.
 */
export function observeFinding(finding: Pick<Finding, 'status' | 'reproduced' | 'failure'>): Observed {
  if (finding.status === 'fixed') return 'ok';
  return /^0+\/\d+$/.test(finding.reproduced) ? 'unreproduced' : 'crash';
}

const BAD_VERDICTS: ReadonlySet<string> = new Set<Verdict>(['fail', 'hang', 'crash']);
