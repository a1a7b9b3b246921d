import type { CaseResult, Finding } from '../report.ts';
import type { Cell } from './classify.ts';
import type { Expectation } from './expectations.ts';

/** One sentence: why a case has its class, and what would change it. */
export function whyCase(cell: Cell, result: CaseResult, entry: Expectation | undefined): string {
  const place = entry === undefined ? '' : `${entry.source}:${entry.line}`;
  switch (cell.class) {
    case 'new-crash':
      return `${result.reason}${entry === undefined ? '' : ` ${place} does not excuse a crash.`}`;
    case 'new-hang':
      return `No expectation says so: ${result.reason}`;
    case 'new-failure':
      return `${result.level} of ${result.rfc} is missed, and no expectation says so: ${result.reason}`;
    case 'deviation':
      return `${result.level} of ${result.rfc} is missed: ${result.reason}`;
    case 'changed-failure':
      return `It fails in another way than ${place} expects: ${result.reason}`;
    case 'expired':
      return expired(entry, result.reason);
    case 'unexpected-pass':
      return `It is in order now; delete ${place}`;
    case 'flaky':
      return entry === undefined
        ? 'Its attempts disagree'
        : `Its attempts disagree, and ${place} does not say that it comes and goes; widen its "expect" by hand`;
    case 'not-judged':
      return `It could not be judged: ${result.reason}`;
    default:
      return entry?.reason ?? result.reason;
  }
}

/** One sentence: why a fuzz finding has its class, and what would change it. */
export function whyFinding(cell: Cell, finding: Finding, entry: Expectation | undefined): string {
  const place = entry === undefined ? '' : `${entry.source}:${entry.line}`;
  switch (cell.class) {
    case 'new-crash':
      return 'This input fails, and no expectation says so';
    case 'unreproduced':
      return `None of its confirming runs failed (${finding.reproduced}); the input is kept`;
    case 'expired':
      return expired(entry, finding.message);
    case 'unexpected-pass':
      return `The saved input no longer fails; delete ${place}`;
    case 'pass':
      return 'The saved input no longer fails';
    default:
      return entry?.reason ?? finding.message;
  }
}

const expired = (entry: Expectation | undefined, reason: string): string =>
  entry === undefined
    ? reason
    : `Its expectation ended on ${entry.expires ?? 'an unknown day'} (${entry.source}:${entry.line}): fix it, or renew the line with a reason`;
