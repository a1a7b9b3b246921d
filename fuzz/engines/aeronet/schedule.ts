/**
 * Which kept input is mutated next: a quarter any (of two the cheaper), a quarter one of the newest, a quarter the cheapest that reaches
 * some edge, a quarter by weight. An entry weighs more the rarer its edges are among all entries, less the more it costs and the more
 * often it was taken.
 */
import { type CorpusEntry, type CorpusStore, costOf } from './corpus-store.ts';
import type { Random } from './prng.ts';

export interface Schedule {
  /** Index of the entry to mutate; the store must not be empty. */
  next(random: Random): number;
}

/** How many of the newest entries count as new. */
const NEWEST = 16;
/** Weights are computed anew after that many picks, or when the store has changed by then. */
const REFRESH_PICKS = 1_024;

/** Makes the schedule of a store. */
export function createSchedule(store: CorpusStore): Schedule {
  const taken: number[] = [];
  let cumulative = new Float64Array(0);
  let version = -1;
  let picks = REFRESH_PICKS;

  const refresh = (): void => {
    cumulative = new Float64Array(store.entries.length);
    version = store.version;
    picks = 0;
    let sum = 0;
    for (const [index, entry] of store.entries.entries()) {
      sum += weightOf(entry, store, taken[index] ?? 0);
      cumulative[index] = sum;
    }
  };

  const byWeight = (random: Random): number => {
    const stale = store.version !== version && picks >= REFRESH_PICKS / 16;
    if (stale || picks++ >= REFRESH_PICKS || cumulative.length === 0) refresh();
    const total = cumulative.at(-1) ?? 0;
    return lowerBound(cumulative, (random.next() / 0x1_0000_0000) * total);
  };

  /** Of two the one that costs less: in the time of one long input many short ones are tried. */
  const cheaper = (one: number, other: number): number =>
    costOf(store.entries[one]) <= costOf(store.entries[other]) ? one : other;

  const draw = (random: Random): number => {
    const count = store.entries.length;
    switch (random.below(4)) {
      case 0:
        return cheaper(random.below(count), random.below(count));
      case 1:
        return Math.max(0, count - 1 - random.below(NEWEST));
      case 2:
        return store.reached.length === 0 ? random.below(count) : store.cheapest(random.pick(store.reached));
      default:
        return byWeight(random);
    }
  };

  return {
    next(random) {
      const index = draw(random);
      taken[index] = (taken[index] ?? 0) + 1;
      return index;
    },
  };
}

function weightOf(entry: CorpusEntry, store: CorpusStore, taken: number): number {
  let rarity = 0;
  for (const edge of entry.edges) rarity += 1 / (store.reach[edge] ?? 1);
  return rarity / Math.sqrt(1 + costOf(entry)) / Math.log2(2 + taken);
}

/** First index whose cumulative weight exceeds the point. */
function lowerBound(cumulative: Float64Array, point: number): number {
  let low = 0;
  let high = cumulative.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((cumulative[middle] ?? 0) > point) high = middle;
    else low = middle + 1;
  }
  return low;
}
