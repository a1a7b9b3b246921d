import type { Verdict } from '../../reports/schema.ts';
import type { Case, FieldCheck, InspectMatch, Observation, Outcome, Response, ResponseMatch } from '../model.ts';
import { fieldValues } from '../wire/response-reader.ts';
import { describeAllowed, describeObservation, describeOutcome, escapeOctets, signatureOf } from './describe.ts';
import { parseInspection } from './inspection.ts';
import { fillIn, type Placeholders } from './placeholders.ts';

/** What is said about one attempt. */
export interface Judgement {
  readonly verdict: Extract<Verdict, 'pass' | 'weak' | 'warn' | 'fail' | 'hang'>;
  readonly reason: string;
  readonly expected: string;
  readonly actual: string;
  /** Short stable form of `actual`. */
  readonly signature: string;
}

const GRADES = ['pass', 'weak', 'warn'] as const;

/** Compares what was seen with what the case allows; the best grade that matches is the verdict. */
export function judge(one: Case, seen: Observation, values: Placeholders): Judgement {
  const texts = {
    expected: fillIn(describeAllowed(one), values),
    actual: describeObservation(seen),
    signature: signatureOf(seen),
  };
  const outcomes = GRADES.flatMap((grade) => one.allow.filter((outcome) => outcome.grade === grade));
  for (const outcome of outcomes) {
    if (complain(outcome, seen, values) !== undefined) continue;
    const note = outcome.note === undefined ? '' : ` (${outcome.note})`;
    return { ...texts, verdict: outcome.grade, reason: `Allowed: ${fillIn(describeOutcome(outcome), values)}${note}.` };
  }
  if (seen.connection === 'silent') {
    const answered = seen.responses.length > 0;
    const acceptable = outcomes.some((outcome) => complainResponse(outcome, seen, values) === undefined);
    if (!answered) return { ...texts, verdict: 'hang', reason: 'Neither answered nor closed before the deadline.' };
    if (acceptable)
      return { ...texts, verdict: 'hang', reason: 'Answered, then neither closed nor answered the next request.' };
  }
  return { ...texts, verdict: 'fail', reason: `Not allowed: ${nearest(outcomes, seen, values).join('; ')}.` };
}

/** The complaints that tell most: about the connection where an answer was right, else about the answer. */
function nearest(outcomes: readonly Outcome[], seen: Observation, values: Placeholders): readonly string[] {
  const answered = outcomes.filter(({ response }) => response !== 'none' && response !== 'aborted');
  const right = answered.filter((outcome) => complainResponse(outcome, seen, values) === undefined);
  const told = right.length > 0 ? right : answered.length > 0 ? answered : outcomes;
  return [...new Set(told.flatMap((outcome) => complain(outcome, seen, values) ?? []))];
}

/** What is wrong with the observation in the eyes of this outcome; undefined when nothing is. */
function complain(outcome: Outcome, seen: Observation, values: Placeholders): string | undefined {
  return complainResponse(outcome, seen, values) ?? complainConnection(outcome, seen);
}

function complainConnection(outcome: Outcome, seen: Observation): string | undefined {
  if (seen.connection === 'silent') return 'the connection fell silent';
  const is = seen.connection === 'open' ? 'open' : 'closed';
  if (outcome.connection === 'any' || outcome.connection === is) return undefined;
  return is === 'open' ? 'the connection stayed in use' : 'the connection was closed';
}

function complainResponse(outcome: Outcome, seen: Observation, values: Placeholders): string | undefined {
  const { responses } = seen;
  const wanted = outcome.response;
  if (wanted === 'none') return responses.length === 0 ? undefined : 'there was a response';
  if (wanted === 'aborted') {
    return responses.length === 1 && responses[0]?.complete === false ? undefined : 'no response was broken off';
  }
  const matches: readonly ResponseMatch[] = isList(wanted) ? wanted : [wanted];
  if (responses.length !== matches.length) {
    return `${count(responses.length)} where ${count(matches.length)} ${matches.length === 1 ? 'was' : 'were'} due`;
  }
  for (const [index, match] of matches.entries()) {
    const response = responses[index];
    const complaint = response === undefined ? 'missing' : complainMatch(match, response, values);
    if (complaint !== undefined) return matches.length === 1 ? complaint : `response ${index + 1}: ${complaint}`;
  }
  return undefined;
}

/** What is wrong with a response, or undefined; the same for either protocol. */
export function complainMatch(match: ResponseMatch, response: Response, values: Placeholders): string | undefined {
  if (!response.complete) return 'the response was broken off';
  const { status } = response;
  const class_ = `${Math.floor(status / 100)}xx`;
  if (match.status !== undefined && !match.status.some((pattern) => pattern === status || pattern === class_)) {
    return `status ${status} where ${match.status.join(' or ')} was due`;
  }
  if (match.content !== undefined) {
    const content = Buffer.from(fillIn(match.content, values), 'latin1');
    if (!response.content.equals(content)) return `content is "${escapeOctets(response.content, 48)}"`;
  }
  const interim = response.interim.map((one) => one.status);
  if (match.interim !== undefined && match.interim.join() !== interim.join()) {
    return `interim responses were ${interim.join(', ') || 'none'}`;
  }
  for (const [name, check] of Object.entries(match.fields ?? {})) {
    const complaint = complainField(name, check, fieldValues(response.fields, name));
    if (complaint !== undefined) return complaint;
  }
  if (match.inspect !== undefined) {
    const complaint = complainInspection(match.inspect, response, values);
    if (complaint !== undefined) return complaint;
  }
  return match.where?.complaint(response);
}

function complainField(name: string, check: FieldCheck, found: readonly string[]): string | undefined {
  if (check === true) return found.length > 0 ? undefined : `${name} is missing`;
  if (check === false) return found.length === 0 ? undefined : `${name} is present`;
  const value = found.join(', ');
  if (found.length === 0) return `${name} is missing`;
  if (typeof check === 'string') return value === check ? undefined : `${name} is "${value}"`;
  return check.test(value) ? undefined : `${name} is "${value}"`;
}

function complainInspection(wanted: InspectMatch, response: Response, values: Placeholders): string | undefined {
  const seen = parseInspection(response.content);
  if (seen === undefined) return '/inspect did not answer with its JSON';
  for (const key of ['method', 'target', 'protocol', 'authority', 'content'] as const) {
    const want = wanted[key];
    if (want === undefined) continue;
    const filled = fillIn(want, values);
    const found = seen[key];
    if (found === undefined) return `/inspect does not tell the ${key}`;
    if (found !== filled) return `${key} was taken as "${escapeOctets(found, 48)}"`;
  }
  for (const part of ['fields', 'trailers'] as const) {
    for (const [name, want] of Object.entries(wanted[part] ?? {})) {
      const filled = want.map((value) => fillIn(value, values));
      const found = fieldValues(seen[part], name);
      if (JSON.stringify(found) !== JSON.stringify(filled)) return `${part} had ${name} = ${JSON.stringify(found)}`;
    }
  }
  return undefined;
}

function count(responses: number): string {
  return responses === 1 ? '1 response' : `${responses} responses`;
}

function isList(response: ResponseMatch | readonly ResponseMatch[]): response is readonly ResponseMatch[] {
  return Array.isArray(response);
}
