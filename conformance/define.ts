/**
 * Everything a file of cases imports. `defineCases` checks what the compiler cannot; the vocabulary for octets, outcomes
 * and controls is passed on from its own files.
 */
import type { Case, Step } from './model.ts';

export { answer, closes, echoes, ignores, plays, refuses, replies, resets } from './controls/replies.ts';
export { neverCompleted } from './incomplete.ts';
export type {
  Capability,
  Case,
  Citation,
  Control,
  Dialogue,
  Observation,
  Outcome,
  Response,
  Step,
} from './model.ts';
export { chunk, chunked, get, halfClose, interim, message, post, progress, request, response } from './octets.ts';
export { aborted, echo, inspected, none, pass, refusal, refusedOtherwise, status, warn, weak } from './outcomes.ts';

const ID = /^h1\/[a-z][a-z0-9-]*\/[a-z0-9][a-z0-9.-]*$/;
const RFC = /^RFC[0-9]{4}#(?:[0-9]+(?:\.[0-9]+)*|[A-Z](?:\.[0-9]+)*)$/;
const TAG = /^[a-z][a-z0-9-]*$/;

/**
 * Declares the cases of one file; they are returned as they are.
 * @throws Error when a case is malformed: that is a bug of the suite, so it stops whoever loads it.
 */
export function defineCases(cases: readonly Case[]): readonly Case[] {
  const ids = new Set<string>();
  for (const one of cases) {
    const complaint = ids.has(one.id) ? 'is declared twice' : complain(one);
    if (complaint !== undefined) throw new Error(`Case ${one.id} ${complaint}`);
    ids.add(one.id);
  }
  return cases;
}

/** The area of a case: the middle part of its id; but over HTTP/1.1 with the protocol in front. */
export function areaOf(id: string): string {
  const [protocol, area = ''] = id.split('/');
  return protocol === 'h1' ? area : `${protocol}-${area}`;
}

/** The steps of a case, a single text being one step. */
export function stepsOf(one: Pick<Case, 'send'>): readonly Step[] {
  return typeof one.send === 'string' ? [one.send] : one.send;
}

function complain(one: Case): string | undefined {
  const texts = stepsOf(one).filter((step) => typeof step === 'string');
  if (!ID.test(one.id)) return 'has an id that is not h1/<area>/<slug>';
  if (!RFC.test(one.rfc)) return `cites "${one.rfc}", which is not of the form RFC9112#6.3`;
  if (one.tags?.some((tag) => !TAG.test(tag)) === true) return 'has a tag that is not kebab-case';
  if (texts.join('').length === 0 && one.run === undefined) return 'sends nothing';
  if (texts.some((text) => [...text].some((char) => char > '\xff'))) return 'sends a character that is no octet';
  if (one.allow.length === 0) return 'allows nothing';
  if (!one.allow.some((outcome) => outcome.grade === 'pass')) return 'has no outcome that passes';
  return undefined;
}
