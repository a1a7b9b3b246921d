import type { CaseEvent } from '../../reports/schema.ts';
import { escapeOctets } from '../run/describe.ts';
import type { H2specCase } from './entry.ts';
import type { Reported } from './junit.ts';

/** What h2spec's report of one case means today. */
export type Judgement = Pick<CaseEvent, 'verdict' | 'connection' | 'reason' | 'expected' | 'actual' | 'signature'>;

const MAX_WORDS = 500;
/** With which h2spec reports the end of a connection that it does not recognise as one. */
const UNRECOGNISED_CLOSE = /unexpected EOF|connection reset by peer|broken pipe|connection was aborted/;
const CLOSED = 'Connection closed';

/**
 * Holds what h2spec reported against RFC 9113: a rule that the RFC dropped or loosened is no failure, a closed connection
 * is one where h2spec reads it as an error of its own, and where h2spec judged nothing, nothing is judged.
 */
export function interpret(one: H2specCase, reported: Reported): Judgement {
  const { outcome } = reported;
  const actual = words(reported.actual);
  const expected = reported.expected.map(words).join(', or ') || one.title;
  const seen = { connection: 'none', expected, actual } as const;
  if (outcome === 'passed') return { ...seen, verdict: 'pass', reason: 'h2spec is content.', actual: 'as expected' };
  if (outcome === 'skipped') return { ...seen, verdict: 'skip', reason: skipReason(one), actual: 'not run' };
  const signature = signatureOf(actual);
  const isClose = UNRECOGNISED_CLOSE.test(actual);
  if (isClose && reported.expected.includes(CLOSED)) {
    const reason = `The connection was closed, which is right; h2spec takes the end of it for an error of its own (${actual}).`;
    return { ...seen, connection: 'closed', verdict: 'pass', reason };
  }
  if (reported.expected.length === 0) {
    const isHang = actual === 'Timeout';
    const reason = isHang
      ? 'The target did not finish the handshake (SETTINGS and its acknowledgement) in time.'
      : `h2spec met an error before it could judge: ${actual}.`;
    return { ...seen, verdict: isHang ? 'hang' : 'inconclusive', reason, signature };
  }
  if (isTolerated(one, actual)) {
    return { ...seen, verdict: 'warn', reason: `h2spec is not content. ${one.note ?? ''}`.trimEnd(), signature };
  }
  const reason = `What h2spec waits for did not come. ${one.note ?? 'RFC 9113 did not change the rule.'}`;
  return { ...seen, verdict: 'fail', reason, signature, ...(isClose ? { connection: 'closed' } : {}) };
}

function isTolerated(one: H2specCase, actual: string): boolean {
  if (one.edition === 'same') return false;
  return one.edition === 'gone' || one.tolerates === undefined || one.tolerates.test(actual);
}

/** h2spec knows why it skips and does not tell; these are the reasons in its program. */
function skipReason(one: H2specCase): string {
  return one.section === 'http2/5.1.2'
    ? 'The target announces no SETTINGS_MAX_CONCURRENT_STREAMS.'
    : 'The answer to GET / is too short for this case of h2spec.';
}

/** `HEADERS Frame (length:5, …)` → `HEADERS Frame`; lengths and ports differ from run to run. */
function signatureOf(actual: string): string {
  return UNRECOGNISED_CLOSE.test(actual) ? 'closed' : (actual.split(' (')[0] ?? '');
}

function words(text: string): string {
  return escapeOctets(text, MAX_WORDS);
}
