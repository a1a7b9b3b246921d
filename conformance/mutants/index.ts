/** All mutants. To add one, write its row into the file of what it breaks. */
import { BenchError } from '../errors.ts';
import { ANSWERS } from './answers.ts';
import { ANSWERS_HTTP2 } from './answers-http2.ts';
import { HTTP1_MESSAGES } from './http1-messages.ts';
import { HTTP1_PARSING } from './http1-parsing.ts';
import { HTTP2_FIELDS } from './http2-fields.ts';
import { HTTP2_FRAMES } from './http2-frames.ts';
import { HTTP2_RECEIVING } from './http2-receiving.ts';
import { HTTP2_STREAMS } from './http2-streams.ts';
import type { Mutant } from './mutant.ts';
import { REPRESENTATIONS } from './representations.ts';
import { SEMANTICS } from './semantics.ts';
import { TWOFOLD } from './twofold.ts';

export { type Mutant, mutate } from './mutant.ts';

export const MUTANTS: readonly Mutant[] = [
  ...HTTP1_PARSING,
  ...HTTP1_MESSAGES,
  ...ANSWERS,
  ...ANSWERS_HTTP2,
  ...SEMANTICS,
  ...REPRESENTATIONS,
  ...HTTP2_FRAMES,
  ...HTTP2_RECEIVING,
  ...HTTP2_STREAMS,
  ...HTTP2_FIELDS,
  ...TWOFOLD,
];

/** The mutant of this name. @throws BenchError (exit 2) when there is none */
export function findMutant(id: string): Mutant {
  const mutant = MUTANTS.find((one) => one.id === id);
  if (mutant === undefined)
    throw new BenchError(2, `No mutant "${id}"; there are: ${MUTANTS.map((one) => one.id).join(', ')}`);
  return mutant;
}
