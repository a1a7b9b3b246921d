/** What every engine offers: one target fuzzed with a budget, its finds told as they come; at once, or in slices. */
import type { Failure } from './failure.ts';
import type { WorkerStats } from './shared-input.ts';

/** What a session needs to begin. */
export interface SessionOptions {
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
  readonly hangMs: number;
  /** Heap of the worker, in MiB. @defaultValue 512 */
  readonly heapMb?: number;
  readonly signal: AbortSignal;
  onFind(find: Find): void;
  /** An input that reached something new; whether that was an edge, or only another count of a known one. */
  onEntry(input: Uint8Array, reachedEdge: boolean): void;
}

export interface EngineOptions extends SessionOptions {
  readonly budget: Budget;
  /** Called a few times a second. */
  onPulse(stats: EngineStats): void;
}

/** One worker at one target, who works in slices. What it has learnt stays between them. */
export interface EngineSession {
  /**
   * Which build of the subject its coverage belongs to: numbers of edges compare within one build only. Empty where
   * nothing is instrumented.
   */
  readonly build: string;
  /** Works until the slice is used up, the signal aborts or it gives up. One slice at a time. */
  run(slice: Budget): Promise<void>;
  /** Offers an input that another worker found; it is tried once the session works. */
  offer(input: Uint8Array): void;
  /** Counted from the session's beginning; time and processor time are those of its slices. */
  stats(): EngineStats;
  /** Whether it has given up or has nothing more to do: a further slice would do nothing. */
  readonly isOver: boolean;
  close(): Promise<void>;
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
