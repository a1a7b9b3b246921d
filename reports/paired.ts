/** What pairs of measurements say about a ratio: the median, and how far it is to be believed. */

/** A ratio with its interval. */
export interface Ratio {
  readonly median: number;
  /** Ends of the 95 % interval of the median, by bootstrap over the pairs. */
  readonly low: number;
  readonly high: number;
}

const RESAMPLES = 4_000;

/**
 * The ratio `subject[i] / reference[i]` over all pairs. Pairs are compared, not sums: what disturbs the machine for a while disturbs
 * both halves of a pair. The resampling is seeded, so that the same figures give the same interval.
 *
 * @throws RangeError for lists that are empty or not of one length.
 */
export function pairedRatio(subject: readonly number[], reference: readonly number[]): Ratio {
  if (subject.length === 0 || subject.length !== reference.length) {
    throw new RangeError(`pairs are needed, and here are ${subject.length} and ${reference.length} measurements`);
  }
  const ratios = subject.map((value, index) => value / (reference[index] ?? Number.NaN));
  const random = mulberry32(1);
  const medians = Array.from({ length: RESAMPLES }, () =>
    median(ratios.map(() => ratios[Math.floor(random() * ratios.length)] ?? Number.NaN)),
  ).sort((a, b) => a - b);
  const at = (share: number): number => medians[Math.round(share * (RESAMPLES - 1))] ?? Number.NaN;
  return { median: median(ratios), low: at(0.025), high: at(0.975) };
}

/** The middle value; of an even count, the mean of the middle two. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const upper = sorted[sorted.length >> 1] ?? Number.NaN;
  const lower = sorted[(sorted.length - 1) >> 1] ?? Number.NaN;
  return (lower + upper) / 2;
}

function mulberry32(seed: number): () => number {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let mixed = Math.imul(seed ^ (seed >>> 15), seed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
