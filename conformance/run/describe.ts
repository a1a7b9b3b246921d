import type { Case, Observation, Outcome, Response, ResponseMatch } from '../model.ts';

/** The allowed outcomes in words, best grade first: `400 and closed, or 200 and closed; weak: a close without a whole response`. */
export function describeAllowed(one: Case): string {
  return GRADES.flatMap((grade) => {
    const outcomes = one.allow.filter((outcome) => outcome.grade === grade);
    if (outcomes.length === 0) return [];
    const words = [...new Set(outcomes.filter((outcome) => !isBareClose(outcome)).map(describeOutcome))];
    if (outcomes.some(isBareClose)) words.push('a close without a whole response');
    return [`${grade === 'pass' ? '' : `${grade}: `}${words.join(', or ')}`];
  }).join('; ');
}

const GRADES = ['pass', 'weak', 'warn'] as const;

/** The two outcomes with which a server leaves instead of answering. */
function isBareClose({ response, connection }: Outcome): boolean {
  return connection === 'closed' && (response === 'none' || response === 'aborted');
}

/** One outcome in words. */
export function describeOutcome(outcome: Outcome): string {
  const { response, connection } = outcome;
  const tail = connection === 'any' ? '' : connection === 'closed' ? ' and closed' : ' and the connection in use';
  if (response === 'none') return `no response${tail}`;
  if (response === 'aborted') return `response broken off${tail}`;
  const matches = isList(response) ? response : [response];
  return `${matches.map(describeMatch).join(' then ')}${tail}`;
}

/** What was seen, in words. */
export function describeObservation(observation: Observation): string {
  const { responses, connection } = observation;
  const answers = responses.length === 0 ? 'no response' : responses.map(describeResponse).join(' then ');
  const ends = {
    open: 'connection in use',
    closed: 'closed',
    reset: 'reset',
    silent: 'then silence until the deadline',
  } as const;
  return `${answers}; ${ends[connection]}`;
}

/** Short stable form of what was seen, which an expectation can pin: `200 open`, `200,400 closed`, `none silent`. */
export function signatureOf(observation: Observation): string {
  const { responses, connection } = observation;
  const answers = responses.map(({ status, complete }) => `${status}${complete ? '' : '-cut'}`);
  // FIN and RST are one class: which of them arrives can be a matter of timing.
  return `${answers.join(',') || 'none'} ${connection === 'reset' ? 'closed' : connection}`;
}

/** Octets as printable text, at most `limit` characters of it: `GET / HTTP/1.1\r\n`. */
export function escapeOctets(octets: Buffer | string, limit = Number.POSITIVE_INFINITY): string {
  const text = typeof octets === 'string' ? octets : octets.toString('latin1');
  let out = '';
  for (const char of text) {
    out += escapeChar(char);
    if (out.length > limit) return `${out.slice(0, limit)}…`;
  }
  return out;
}

/** A response that is due, in words. */
export function describeMatch(match: ResponseMatch): string {
  const parts: string[] = [];
  if (match.interim !== undefined)
    parts.push(match.interim.length === 0 ? 'no 1xx' : `1xx ${match.interim.join(', ')}`);
  parts.push(match.status === undefined ? 'a response' : match.status.join('/'));
  if (match.content !== undefined) parts.push(`with content "${escapeOctets(match.content, 48)}"`);
  for (const [name, check] of Object.entries(match.fields ?? {})) {
    if (check === true) parts.push(`with ${name}`);
    else if (check === false) parts.push(`without ${name}`);
    else parts.push(`with ${name}: ${String(check)}`);
  }
  if (match.inspect !== undefined) parts.push(`to a request seen as ${JSON.stringify(match.inspect)}`);
  if (match.where !== undefined) parts.push(match.where.says);
  return parts.join(' ');
}

/** A response that came, in words. */
export function describeResponse(response: Response): string {
  const before = response.interim.map((one) => `${one.status}, `).join('');
  const status = response.status === 0 ? 'octets that are no response' : String(response.status);
  const content = response.content.length === 0 ? '' : ` "${escapeOctets(response.content, 48)}"`;
  return `${before}${status}${content}${response.complete ? '' : ' (broken off)'}`;
}

function isList(response: ResponseMatch | readonly ResponseMatch[]): response is readonly ResponseMatch[] {
  return Array.isArray(response);
}

function escapeChar(char: string): string {
  if (char === '\r') return '\\r';
  if (char === '\n') return '\\n';
  if (char === '\t') return '\\t';
  if (char === '\\') return '\\\\';
  if (char >= ' ' && char <= '~') return char;
  return `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`;
}
