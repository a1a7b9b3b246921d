/**
 * Work per octet, counted and never timed: instrumented code counts the turns of its loops. Code whose work grows faster than
 * its input is found by that long before it is slow; measured on the targets, an octet takes a few turns, and seldom more than 20.
 */
import type { FuzzTarget } from '../define.ts';
import { type Failure, sign } from './failure.ts';

/** Error class of what does too much; such an input has to be run on counting code again to see it. */
export const WORK_CLASS = 'OracleError work';

/** Turns that any input may take. */
const BASE_TURNS = 4_096;
/** What each octet may add: what a target does to an octet it does several times, whole, in pieces and octet by octet. */
const DEFAULT_TURNS_PER_OCTET = 64;

/** Counts turns; instrumented code adds to the first element. */
export type Turns = Float64Array;

/** A counter for a thread. */
export function createTurns(): Turns {
  return new Float64Array(1);
}

/** How an input fails that took so many turns, or undefined where that is what its octets may take. */
export function overwork(
  { name, turnsPerOctet = DEFAULT_TURNS_PER_OCTET }: Pick<FuzzTarget, 'name' | 'turnsPerOctet'>,
  turns: number,
  octets: number,
): Failure | undefined {
  const limit = BASE_TURNS + turnsPerOctet * octets;
  if (turns <= limit) return undefined;
  return sign({
    kind: 'oracle',
    errorClass: WORK_CLASS,
    message: `the loops of the subject turn ${turns} times for ${octets} octets, which may take ${limit}: ${BASE_TURNS} and ${turnsPerOctet} for each`,
    frames: [],
    stack: '',
    state: name,
  });
}
