/** Everything a file of HTTP/2 cases imports. `defineH2Cases` checks what the compiler cannot. */
import type { H2Case } from './model.ts';

export { status } from '../outcomes.ts';
export { FLAG, FRAME, PREFACE, SETTING } from '../wire/h2/frames.ts';
export { indexed, integer, literal, sizeUpdate, string } from '../wire/h2/hpack-writer.ts';
export { huffmanBits, huffmanEncode } from '../wire/h2/huffman.ts';
export {
  answersWith,
  behind,
  type Due,
  echoes,
  eitherOf,
  endsConnection,
  endsStream,
  leaves,
  livesOn,
  orFaultOfCode,
  orWarns,
  refusesBlock,
  refusesRequest,
  shows,
  understands,
} from './due.ts';
export type {
  H2Capability,
  H2Case,
  H2Control,
  H2Dialogue,
  H2Observation,
  H2Outcome,
  H2Phase,
  H2Step,
} from './model.ts';
export * from './octets.ts';
export {
  allowed,
  answered,
  bareClose,
  connectionError,
  echoed,
  goneWith,
  ignored,
  malformed,
  seen,
  seenAtEnd,
  streamError,
  understood,
  warned,
} from './outcomes.ts';
export {
  bareCloses,
  contentOf,
  goesAway,
  h2Server,
  hangs,
  head,
  resetsStream,
  responds,
  response,
  servesOn,
  staysBehind,
} from './replies.ts';

export { inTurns, refusesEach, type Swept, streamOf, toEach } from './sweep.ts';

const ID = /^h2\/[a-z][a-z0-9-]*\/[a-z0-9][a-z0-9.-]*$/;
const RFC = /^RFC[0-9]{4}#(?:[0-9]+(?:\.[0-9]+)*|[A-Z](?:\.[0-9]+)*)$/;

/**
 * Declares the cases of one file; they are returned as they are.
 * @throws Error when a case is malformed: that is a bug of the suite, so it stops whoever loads it.
 */
export function defineH2Cases(cases: readonly H2Case[]): readonly H2Case[] {
  const ids = new Set<string>();
  for (const one of cases) {
    const complaint = ids.has(one.id) ? 'is declared twice' : complain(one);
    if (complaint !== undefined) throw new Error(`Case ${one.id} ${complaint}`);
    ids.add(one.id);
  }
  return cases;
}

function complain(one: H2Case): string | undefined {
  if (!ID.test(one.id)) return 'has an id that is not h2/<area>/<slug>';
  if (!RFC.test(one.rfc)) return `cites "${one.rfc}", which is not of the form RFC9113#6.3`;
  if (one.frames.length === 0 && one.run === undefined) return 'sends nothing';
  if (!one.allow.some((outcome) => outcome.grade === 'pass')) return 'has no outcome that passes';
  return undefined;
}
