/**
 * How the next input is made. Each way has its share of the work: a floor, so that none is starved by another, and of the rest
 * as much as it lately yielded for its cost. A yield is what was reached first; a cost is counted, never timed.
 */
import type { Random } from './prng.ts';

/**
 * `generate`: fresh, from the grammar · `structure`: parts of a kept input changed · `octets`: a kept input changed without
 * knowing what it is · `splice`: the beginning of one, the end of another · `solve`: what a comparison asked for is written
 * where it looked · `stretch`: a part of the input with the most work, many times over.
 */
export const WAYS = ['generate', 'structure', 'octets', 'splice', 'solve', 'stretch'] as const;
export type Way = (typeof WAYS)[number];

export interface Ways {
  next(random: Random): Way;
  /** Says what one execution gave and cost: edges reached first, whether its input was kept, and what was counted of its work. */
  note(way: Way, newEdges: number, isKept: boolean, cost: number): void;
  /** The share of the work of each, in the order of WAYS; they add up to one. */
  shares(): readonly number[];
}

/** Least share of each; the rest is divided by yield. */
const FLOOR: Readonly<Record<Way, number>> = {
  generate: 1 / 8,
  structure: 3 / 16,
  octets: 1 / 8,
  splice: 1 / 32,
  solve: 1 / 16,
  stretch: 1 / 32,
};
/** What each is believed to yield before it has shown it, and when nothing yields any more. */
const BELIEF: Readonly<Record<Way, number>> = {
  generate: 4,
  structure: 6,
  octets: 2,
  splice: 2,
  solve: 4,
  stretch: 0,
};
/** Yield of an input that reached no new edge but was kept: a new count, an operand that came closer, more work. */
const KEPT = 1 / 16;
/** Executions after which shares are divided anew, and what was seen before counts half. */
const PERIOD = 512;
/** Executions that a belief weighs as much as, and that it takes to say what one of a way costs. */
const WEIGHT = 256;
const DOUBT = 4;
/** What every execution costs beside what is counted in it: making the input, looking at the result. */
const BASE_COST = 256;

/** Begins with what is believed. */
export function createWays(): Ways {
  const gained = new Float64Array(WAYS.length);
  const spent = new Float64Array(WAYS.length);
  const tried = new Float64Array(WAYS.length);
  const shares = new Float64Array(WAYS.length);
  /** Share of the executions: of the costs, by what one costs. */
  const odds = new Float64Array(WAYS.length);
  let executions = 0;

  const divide = (): void => {
    const usual = usualCost(spent, tried);
    const rates = WAYS.map((way, at) => ((gained[at] ?? 0) + BELIEF[way]) / ((spent[at] ?? 0) + WEIGHT * usual));
    const sum = rates.reduce((a, b) => a + b, 0);
    for (const [at, way] of WAYS.entries()) {
      shares[at] = FLOOR[way] + (1 - FLOORS) * ((rates[at] ?? 0) / sum);
      const cost = ((spent[at] ?? 0) + DOUBT * usual) / ((tried[at] ?? 0) + DOUBT);
      odds[at] = (shares[at] ?? 0) / cost;
      gained[at] = (gained[at] ?? 0) / 2;
      spent[at] = (spent[at] ?? 0) / 2;
      tried[at] = (tried[at] ?? 0) / 2;
    }
    const whole = odds.reduce((a, b) => a + b, 0);
    for (const at of WAYS.keys()) odds[at] = (odds[at] ?? 0) / whole;
  };
  divide();

  return {
    next(random) {
      let point = random.next() / 0x1_0000_0000;
      for (const [at, way] of WAYS.entries()) {
        point -= odds[at] ?? 0;
        if (point < 0) return way;
      }
      return 'structure';
    },
    note(way, newEdges, isKept, cost) {
      const at = WAYS.indexOf(way);
      gained[at] = (gained[at] ?? 0) + newEdges + (isKept ? KEPT : 0);
      spent[at] = (spent[at] ?? 0) + BASE_COST + cost;
      tried[at] = (tried[at] ?? 0) + 1;
      if (++executions % PERIOD === 0) divide();
    },
    shares: () => [...shares],
  };
}

const FLOORS = WAYS.reduce((sum, way) => sum + FLOOR[way], 0);

function usualCost(spent: Float64Array, tried: Float64Array): number {
  const executions = tried.reduce((a, b) => a + b, 0);
  return executions === 0 ? BASE_COST : spent.reduce((a, b) => a + b, 0) / executions;
}
