/** What every engine offers: one target fuzzed with a budget, its finds told as they come. */
import type { Failure } from './failure.ts';
import type { WorkerStats } from './shared-input.ts';

export interface EngineOptions {
  /** Built tree that holds the target. */
  readonly tree: string;
  readonly target: string;
  /** Inputs to begin with. */
  readonly seeds: readonly Uint8Array[];
  /** Words in addition to the target's own dictionary. */
  readonly extraWords: readonly string[];
  readonly seed: number;
  /** Where instrumented mirrors are kept. */
  readonly cache: string;
  readonly budget: Budget;
  readonly hangMs: number;
  /** Heap of the worker, in MiB. @defaultValue 512 */
  readonly heapMb?: number;
  readonly signal: AbortSignal;
  onFind(find: Find): void;
  /** An input that reached something new. */
  onEntry(input: Uint8Array): void;
  /** Called a few times a second. */
  onPulse(stats: EngineStats): void;
}

/** How long to go on; the first limit that is reached ends it. */
export interface Budget {
  readonly timeMs: number;
  readonly executions: number;
}

/** A failure with the input that caused it. */
export interface Find {
  readonly failure: Failure;
  readonly input: Uint8Array;
  /** 1-based index of the execution; -1 where a late error could not be pinned on one. */
  readonly execution: number;
}

export interface EngineStats extends WorkerStats {
  readonly edgesTotal: number;
  readonly elapsedMs: number;
  readonly cpuMs: number;
  /** How often the worker had to be started again. */
  readonly restarts: number;
}
