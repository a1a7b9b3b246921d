/**
 * Whose turn it is. Workers take slices; the next goes to the target that has had least for its weight. A target that found
 * a new edge or a new failure in its last slice weighs 2; each slice without one lowers that, down to a quarter.
 */
import type { Budget } from '../engines/engine.ts';

/** A target that may have a turn. */
export interface Candidate {
  readonly target: string;
  /** Slices since it last found something. */
  readonly drySlices: number;
  /** What it has had, divided by its weights. */
  readonly served: number;
  /** Workers that are at it. */
  readonly workers: number;
}

const FULL_WEIGHT = 2;
const LEAST_WEIGHT = 0.25;
const DRY_SLICES_TO_HALF = 4;

/** How much of the time a target deserves beside others. */
export function weightOf(drySlices: number): number {
  return Math.max(LEAST_WEIGHT, FULL_WEIGHT / (1 + drySlices / DRY_SLICES_TO_HALF));
}

/**
 * The target whose turn it is, or undefined when there is none. Of equals the first; no target has two workers while
 * another that is left has none.
 */
export function nextTurn(candidates: readonly Candidate[], allWorkers: number): string | undefined {
  const most = Math.ceil(allWorkers / Math.max(1, candidates.length));
  let best: Candidate | undefined;
  for (const candidate of candidates) {
    if (candidate.workers >= most) continue;
    if (best === undefined || precedes(candidate, best)) best = candidate;
  }
  return best?.target;
}

function precedes(a: Candidate, b: Candidate): boolean {
  return a.workers < b.workers || (a.workers === b.workers && a.served < b.served);
}

const LONGEST_SLICE_MS = 10_000;
const SHORTEST_SLICE_MS = 1_000;
const SHORTEST_SLICE_EXECUTIONS = 1_000;
const LONGEST_SLICE_EXECUTIONS = 20_000;
/** How many slices each target should get at least, so that who finds more can be given more. */
const SLICES_EACH = 6;

/** How long a turn lasts, in the budget's own unit: with a budget of executions the clock decides nothing. */
export function sliceOf(budget: Budget, targets: number, workers: number): Budget {
  if (!isTimed(budget)) {
    const share = Math.ceil(budget.executions / (targets * SLICES_EACH));
    const executions = Math.min(LONGEST_SLICE_EXECUTIONS, Math.max(SHORTEST_SLICE_EXECUTIONS, share));
    return { timeMs: budget.timeMs, executions };
  }
  const share = (budget.timeMs * workers) / (targets * SLICES_EACH);
  const timeMs = Math.min(LONGEST_SLICE_MS, Math.max(SHORTEST_SLICE_MS, share));
  return { timeMs, executions: budget.executions };
}

/** Whether a budget is one of time; else it is one of executions. */
export function isTimed(budget: Budget): boolean {
  return budget.executions === Number.MAX_SAFE_INTEGER;
}
