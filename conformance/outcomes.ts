import type { InspectMatch, Outcome, ResponseMatch, StatusPattern } from './model.ts';

type Answer = Outcome['response'];
type Connection = Outcome['connection'];

/** No octet of a final response. */
export const none = 'none' as const;

/** The connection ended inside a response: how a server that had begun to answer refuses what comes later. */
export const aborted = 'aborted' as const;

/** Right. */
export function pass(response: Answer, connection: Connection = 'any', note?: string): Outcome {
  return outcome('pass', response, connection, note);
}

/** Legal but abrupt. */
export function weak(response: Answer, connection: Connection = 'any', note?: string): Outcome {
  return outcome('weak', response, connection, note);
}

/** Allowed, though a SHOULD is missed or the RFC would rather have it otherwise. */
export function warn(response: Answer, connection: Connection = 'any', note?: string): Outcome {
  return outcome('warn', response, connection, note);
}

/** A response with one of these status codes or classes. */
export function status(...patterns: readonly StatusPattern[]): ResponseMatch {
  return { status: patterns };
}

/** 200 with exactly this content: the proof that the target took these octets, all of them and no more, as content. */
export function echo(content = '{nonce}'): ResponseMatch {
  return { status: [200], content };
}

/** 200 from `/inspect`, which reports the request as the target understood it. */
export function inspected(inspect: InspectMatch): ResponseMatch {
  return { status: [200], inspect };
}

/**
 * The ways to refuse: 400 (or another named status) passes; a close without an answer, or inside one, is weak.
 * With `stays: 'any'` the connection may live on after the answer; otherwise the clause demands that it ends.
 */
export function refusal(options: { or?: readonly StatusPattern[]; stays?: 'any' } = {}): readonly Outcome[] {
  return [
    pass(status(400, ...(options.or ?? [])), options.stays ?? 'closed'),
    weak(none, 'closed', 'a server may close at any time (RFC9112#9.5)'),
    weak(aborted, 'closed', 'the response had begun before the fault arrived'),
  ];
}

/**
 * Refused by another error than 400, where no sentence names the status with MUST: the connection ends behind it, so that
 * nothing is taken for what it is not.
 */
export const refusedOtherwise = warn(
  status('4xx', '5xx'),
  'closed',
  'refused, though not by the status that is asked for (RFC9112#2.2)',
);

/**
 * The ways to refuse octets that are no HTTP message. RFC9112#2.2 asks for 400 and a close behind it; 400 alone misses
 * the second half, which is a warn where a case is about the first.
 */
export function malformed(options: { or?: readonly StatusPattern[] } = {}): readonly Outcome[] {
  const refused = status(400, ...(options.or ?? []));
  return [...refusal(options), warn(refused, 'open', 'RFC9112#2.2 asks the server to close behind it')];
}

function outcome(grade: Outcome['grade'], response: Answer, connection: Connection, note: string | undefined): Outcome {
  return note === undefined ? { grade, response, connection } : { grade, response, connection, note };
}
