/**
 * The few of many inputs that reach all that the many do. Rare edges first, and for each the smallest input that reaches it,
 * as afl-cmin does; then whatever the later ones made needless is taken out again.
 */
import type { Features } from './features.ts';

/** An input as the choice sees it. */
export interface Candidate {
  readonly features: Features;
  readonly bytes: number;
}

/**
 * Indexes of the chosen, ascending. What `covered` has needs nobody any more. Equal candidates are told apart by their
 * order alone, so the same candidates give the same choice.
 */
export function chooseCover(candidates: readonly Candidate[], covered: ReadonlySet<number> = new Set()): number[] {
  const wanted = rarestFirst(candidates, covered);
  const reached = new Uint32Array(wanted.universe);
  const chosen: number[] = [];
  for (const feature of wanted.order) {
    if ((reached[feature] ?? 0) > 0) continue;
    const best = wanted.smallest[feature] ?? 0;
    chosen.push(best);
    for (const one of candidates[best]?.features ?? []) reached[one] = (reached[one] ?? 0) + 1;
  }
  return dropNeedless(chosen, candidates, reached, covered).sort((a, b) => a - b);
}

/** Every feature of all candidates together. */
export function unionOf(all: readonly Features[]): Set<number> {
  const union = new Set<number>();
  for (const features of all) for (const feature of features ?? []) union.add(feature);
  return union;
}

function rarestFirst(candidates: readonly Candidate[], covered: ReadonlySet<number>) {
  let universe = 0;
  for (const { features } of candidates) universe = Math.max(universe, (features?.at(-1) ?? -1) + 1);
  const counts = new Uint32Array(universe);
  const smallest = new Int32Array(universe).fill(-1);
  for (const [index, { features, bytes }] of candidates.entries()) {
    for (const feature of features ?? []) {
      counts[feature] = (counts[feature] ?? 0) + 1;
      const best = candidates[smallest[feature] ?? -1];
      if (best === undefined || bytes < best.bytes) smallest[feature] = index;
    }
  }
  const order: number[] = [];
  for (let feature = 0; feature < universe; feature++) {
    if (counts[feature] !== 0 && !covered.has(feature)) order.push(feature);
  }
  order.sort((a, b) => (counts[a] ?? 0) - (counts[b] ?? 0) || a - b);
  return { universe, smallest, order };
}

/** Takes out, the largest first, what the others reach without it. */
function dropNeedless(
  chosen: readonly number[],
  candidates: readonly Candidate[],
  reached: Uint32Array,
  covered: ReadonlySet<number>,
): number[] {
  const bytes = (index: number): number => candidates[index]?.bytes ?? 0;
  const kept = new Set(chosen);
  for (const index of [...chosen].sort((a, b) => bytes(b) - bytes(a) || b - a)) {
    const features = candidates[index]?.features ?? new Uint32Array();
    if (features.some((feature) => reached[feature] === 1 && !covered.has(feature))) continue;
    kept.delete(index);
    for (const feature of features) reached[feature] = (reached[feature] ?? 0) - 1;
  }
  return [...kept];
}
