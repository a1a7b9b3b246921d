import { describeMatch, describeResponse } from '../run/describe.ts';
import { complainMatch, type Judgement } from '../run/judge.ts';
import { fillIn, type Placeholders } from '../run/placeholders.ts';
import { ERROR, errorName } from '../wire/h2/frames.ts';
import type { H2Case, H2Expectation, H2Observation, H2Outcome, StreamSeen } from './model.ts';

const GRADES = ['pass', 'weak', 'warn'] as const;
/** As many streams are told one by one. */
const FEW = 4;

/** Compares what was seen over HTTP/2 with what the case allows; the best grade that matches is the verdict. */
export function judgeH2(one: H2Case, seen: H2Observation, values: Placeholders): Judgement {
  const texts = {
    expected: fillIn(describeAllowedH2(one), values),
    actual: describeSeen(seen, streamsOf(one)),
    signature: signatureOf(seen, streamsOf(one)),
  };
  const outcomes = GRADES.flatMap((grade) => one.allow.filter((outcome) => outcome.grade === grade));
  for (const { grade, expect, note } of outcomes) {
    if (complain(expect, seen, values) !== undefined) continue;
    const why = note === undefined ? '' : ` (${note})`;
    return { ...texts, verdict: grade, reason: `Allowed: ${fillIn(describeExpectation(expect), values)}${why}.` };
  }
  const isMute = seen.goaways.length === 0 && [...seen.streams.values()].every((stream) => !isTold(stream));
  if (seen.connection === 'silent' && isMute) {
    return { ...texts, verdict: 'hang', reason: 'Neither answered nor closed before the deadline.' };
  }
  const complaints = outcomes
    .filter(({ expect }) => expect.kind !== 'closed')
    .map(({ expect }) => complain(expect, seen, values));
  return { ...texts, verdict: 'fail', reason: `Not allowed: ${[...new Set(complaints)].join('; ')}.` };
}

/** The allowed outcomes in words, best grade first. */
export function describeAllowedH2(one: H2Case): string {
  return GRADES.flatMap((grade) => {
    const words = one.allow
      .filter((outcome) => outcome.grade === grade)
      .map(({ expect }) => describeExpectation(expect));
    return words.length === 0 ? [] : [`${grade === 'pass' ? '' : `${grade}: `}${words.join(', or ')}`];
  }).join('; ');
}

/** One outcome in words. */
export function describeExpectation(expect: H2Expectation): string {
  switch (expect.kind) {
    case 'connection-error':
      return `GOAWAY ${expect.codes.join('/')} and closed`;
    case 'left-open':
      return `GOAWAY ${expect.codes.join('/')} on a connection that stays open`;
    case 'stream-error':
      return `RST_STREAM [${expect.stream}] or GOAWAY with ${expect.codes.join('/')}`;
    case 'response':
      return `on stream ${expect.stream} ${describeMatch(expect.match)}`;
    case 'ignored':
      return 'the connection in use and no stream reset';
    case 'closed':
      return 'a close without GOAWAY';
    case 'seen':
      return `the target ${expect.says}`;
    default:
      return expect satisfies never;
  }
}

/** The streams that a case looks at. */
export function streamsOf(one: H2Case): readonly number[] {
  const named = one.allow.flatMap(({ expect }: H2Outcome) =>
    expect.kind === 'response' || expect.kind === 'stream-error' ? [expect.stream] : [],
  );
  return [...new Set([...(one.awaits ?? []), ...named])];
}

/** What is wrong with the observation in the eyes of this expectation; undefined when nothing is. */
function complain(expect: H2Expectation, seen: H2Observation, values: Placeholders): string | undefined {
  switch (expect.kind) {
    case 'connection-error':
      return complainConnectionError(expect.codes, seen);
    case 'left-open':
      return complainGoaway(expect.codes, seen);
    case 'stream-error': {
      if (complainConnectionError(expect.codes, seen) === undefined) return undefined;
      const code = seen.streams.get(expect.stream)?.reset;
      if (code === undefined) return `stream ${expect.stream} was not reset`;
      if (!isOneOf(expect.codes, code)) return `the stream error was ${errorName(code)}`;
      return seen.connection === 'silent' ? 'the connection fell silent' : undefined;
    }
    case 'response': {
      if (seen.connection !== 'open') return `the connection was ${seen.connection}`;
      const response = seen.streams.get(expect.stream)?.response;
      if (response === undefined) return `stream ${expect.stream} has no response`;
      return complainMatch(expect.match, response, values);
    }
    case 'ignored': {
      if (seen.connection !== 'open') return `the connection was ${seen.connection}`;
      const reset = [...seen.streams].find(([, stream]) => isBrokenOff(stream));
      return reset === undefined ? undefined : `stream ${reset[0]} was reset with ${errorName(reset[1].reset ?? 0)}`;
    }
    case 'closed': {
      if (seen.connection !== 'closed' && seen.connection !== 'reset') return 'the connection was not closed';
      return seen.goaways.every(({ code }) => code === 0) ? undefined : 'there was a GOAWAY with an error';
    }
    case 'seen':
      return expect.complaint(seen);
    default:
      return expect satisfies never;
  }
}

function complainGoaway(codes: readonly string[], { goaways }: H2Observation): string | undefined {
  const errors = goaways.filter(({ code }) => code !== 0);
  if (errors.length === 0) return 'there was no GOAWAY with an error';
  if (errors.some(({ code }) => isOneOf(codes, code))) return undefined;
  return `the connection error was ${errors.map(({ code }) => errorName(code)).join(', ')}`;
}

/** RFC9113#7: a code that nobody knows is worth as much as INTERNAL_ERROR. */
function isOneOf(codes: readonly string[], code: number): boolean {
  return codes.includes(isKnown(code) ? errorName(code) : 'INTERNAL_ERROR');
}

function isKnown(code: number): boolean {
  return Object.values(ERROR).some((known) => known === code);
}

function complainConnectionError(codes: readonly string[], seen: H2Observation): string | undefined {
  const complaint = complainGoaway(codes, seen);
  if (complaint !== undefined) return complaint;
  // RFC9113#5.4.1 MUST: the connection is closed behind GOAWAY for an error.
  return seen.connection === 'closed' || seen.connection === 'reset'
    ? undefined
    : 'the connection stayed open behind GOAWAY';
}

/** RFC9113#8.1: a reset with NO_ERROR behind a whole response takes nothing back. */
function isBrokenOff({ reset, response }: StreamSeen): boolean {
  return reset !== undefined && !(reset === 0 && response?.complete === true);
}

function isTold(stream: { readonly response: unknown; readonly reset: number | undefined }): boolean {
  return stream.response !== undefined || stream.reset !== undefined;
}

/** What was seen, in words: the streams that matter, what they told, the end. */
function describeSeen(seen: H2Observation, streams: readonly number[]): string {
  const tell = (id: number) => {
    const stream = seen.streams.get(id);
    const told = [
      ...(stream?.response === undefined ? [] : [describeResponse(stream.response)]),
      ...(stream?.reset === undefined ? [] : [`RST_STREAM ${errorName(stream.reset)}`]),
    ];
    return told.length === 0 ? ['nothing'] : told;
  };
  const parts = runsOf(streams, tell).map(({ ids, told }) => `stream ${ids}: ${told.join(', ')}`);
  for (const { code, lastStream } of seen.goaways) parts.push(`GOAWAY ${errorName(code)} (last stream ${lastStream})`);
  if (seen.problems.length > 0) parts.push(`problems: ${seen.problems.join(', ')}`);
  const ends = {
    open: 'connection in use',
    closed: 'closed',
    reset: 'reset',
    silent: 'silence until the deadline',
  } as const;
  return [...parts, ends[seen.connection]].join('; ');
}

/** Streams of a sweep that were told the same stand together, as `1-31`, where they are more than a few. */
function runsOf(streams: readonly number[], tell: (id: number) => readonly string[]) {
  const runs: { first: number; last: number; told: readonly string[] }[] = [];
  for (const id of streams) {
    const told = tell(id);
    const run = runs.at(-1);
    if (streams.length > FEW && run?.told.join() === told.join()) run.last = id;
    else runs.push({ first: id, last: id, told });
  }
  return runs.map(({ first, last, told }) => ({ ids: first === last ? `${first}` : `${first}-${last}`, told }));
}

/** Short stable form: `1:200 open`, `1:rst-PROTOCOL_ERROR open`, `goaway-FRAME_SIZE_ERROR closed`. */
function signatureOf(seen: H2Observation, streams: readonly number[]): string {
  const tell = (id: number) => {
    const { response, reset } = seen.streams.get(id) ?? {};
    const answer = response === undefined ? [] : [`${response.status}${response.complete ? '' : '-cut'}`];
    return [...answer, ...(reset === undefined ? [] : [`rst-${errorName(reset)}`])];
  };
  const parts = runsOf(streams, tell).flatMap(({ ids, told }) => told.map((one) => `${ids}:${one}`));
  for (const { code } of seen.goaways) parts.push(`goaway-${errorName(code)}`);
  return `${parts.join(',') || 'none'} ${seen.connection === 'reset' ? 'closed' : seen.connection}`;
}
