/** When a target has shown what it has: the rule by which a campaign gives its time to others. */

/** What is known of a target when it is asked whether to go on. */
export interface Yield {
  readonly executions: number;
  /** Time of all its workers together, in milliseconds. */
  readonly workedMs: number;
  /** Executions and time since an edge was reached that was new. */
  readonly dryExecutions: number;
  readonly dryMs: number;
  /** Buckets of edges that exactly one execution has reached. */
  readonly singles: number;
}

/** All four must hold. */
export interface PlateauRule {
  /** Least work before it is asked at all: by then each kind of mutation was tried a hundred thousand times. */
  readonly workedMs: number;
  readonly executions: number;
  /** Least time of its workers without a new edge. */
  readonly dryMs: number;
  /** How many times as many executions without a new edge as it took to reach the last one. */
  readonly dryFactor: number;
  /** Chance that the next execution reaches something new, after Good and Turing: singles in all executions. */
  readonly discovery: number;
}

/**
 * @defaultValue 60 s and 500,000 executions of work; 5 min and 30 times the executions at the last new edge without
 * another; a chance of less than one in a million. Why 30: a byte mutator was seen to find nothing for 21 times as long
 * as it had taken before, and then twice as much.
 */
export const PLATEAU_RULE: PlateauRule = {
  workedMs: 60_000,
  executions: 500_000,
  dryMs: 300_000,
  dryFactor: 30,
  discovery: 1e-6,
};

/** Whether a target is at its plateau. */
export function isAtPlateau(found: Yield, rule: PlateauRule): boolean {
  const atLastEdge = found.executions - found.dryExecutions;
  return (
    found.workedMs >= rule.workedMs &&
    found.executions >= rule.executions &&
    found.dryMs >= rule.dryMs &&
    found.dryExecutions >= rule.dryFactor * atLastEdge &&
    discoveryChance(found) < rule.discovery
  );
}

/** Chance that the next execution reaches something new. The estimate is disputed for fuzzers that learn; it is one of four. */
export function discoveryChance(found: Yield): number {
  return found.singles / Math.max(1, found.executions);
}
