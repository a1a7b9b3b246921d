/**
 * Makes a failing input small while it keeps failing the same way: first whole messages, lines and words, then octets,
 * then octets are replaced by plain ones, so that what is left is what matters.
 */

/** Takes an input apart; a grammar does this. */
export interface Cutter {
  cuts(input: string): string[][];
  simpler(input: string): string[];
}

export interface MinimiseCaps {
  /** Most candidates that are run. */
  readonly executions: number;
  /** Longest time, in milliseconds. */
  readonly timeMs: number;
}

/** @defaultValue 20,000 candidates, five seconds. */
export const MINIMISE_CAPS: MinimiseCaps = { executions: 20_000, timeMs: 5_000 };

export interface Minimised {
  readonly input: string;
  readonly executions: number;
}

/** What ordinary octets are replaced by, in this order. */
const PLAIN = ['a', '0', ' '];

/** Minimises; `stillFails` must say whether a candidate fails with the same signature. */
export async function minimise(
  input: string,
  stillFails: (candidate: string) => boolean | Promise<boolean>,
  cutter: Cutter,
  caps: MinimiseCaps = MINIMISE_CAPS,
): Promise<Minimised> {
  const deadline = performance.now() + caps.timeMs;
  const tried = new Set<string>();
  let executions = 0;
  let best = input;

  const spent = (): boolean => executions >= caps.executions || performance.now() > deadline;
  /** Takes the candidate if it is another that still fails. */
  const accept = async (candidate: string): Promise<boolean> => {
    if (candidate === best || spent() || tried.has(candidate)) return false;
    tried.add(candidate);
    executions++;
    if (!(await stillFails(candidate))) return false;
    best = candidate;
    return true;
  };

  for (let before = ''; before !== best && !spent(); ) {
    before = best;
    for (let level = 0; !spent() && level < cutter.cuts(best).length; level++)
      await removePieces(cutter.cuts(best)[level] ?? [], accept, spent);
    await shrinkParts(() => cutter.simpler(best), accept, spent);
    await removePieces([...best], accept, spent);
  }
  await plainOctets(() => best, accept, spent);
  return { input: best, executions };
}

type Accept = (candidate: string) => Promise<boolean>;
/** WHY: to make candidates of a long input, none of which is run any more, takes longer than all that were run. */
type Spent = () => boolean;

/** Delta debugging by removal: ever smaller runs of pieces are left out. */
async function removePieces(given: readonly string[], accept: Accept, spent: Spent): Promise<void> {
  let pieces = given;
  for (let run = pieces.length >> 1 || pieces.length; run >= 1; run = run > 1 ? run >> 1 : 0) {
    for (let at = 0; at < pieces.length && !spent(); ) {
      const rest = [...pieces.slice(0, at), ...pieces.slice(at + run)];
      if (await accept(rest.join(''))) pieces = rest;
      else at += run;
    }
  }
}

/** Takes simpler forms as long as there is one that still fails. */
async function shrinkParts(simpler: () => readonly string[], accept: Accept, spent: Spent): Promise<void> {
  for (let shrunk = true; shrunk && !spent(); ) {
    shrunk = false;
    for (const candidate of simpler()) {
      if (await accept(candidate)) {
        shrunk = true;
        break;
      }
    }
  }
}

/** Replaces each octet by a plain one where it makes no difference. */
async function plainOctets(current: () => string, accept: Accept, spent: Spent): Promise<void> {
  for (let at = 0; at < current().length && !spent(); at++) {
    const input = current();
    const octet = input.charAt(at);
    for (const plain of PLAIN) {
      // An octet that is plain already, or that the same rank of plainness was refused for, stays.
      if (octet === plain || PLAIN.includes(octet)) break;
      if (await accept(input.slice(0, at) + plain + input.slice(at + 1))) break;
    }
  }
}
