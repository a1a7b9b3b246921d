/** What a fuzz worker and its supervisor say to each other. */
import type { Failure } from '../failure.ts';

/** What a worker is started with; the shared input comes beside it. */
export interface WorkerOrders {
  /** Folder of the instrumented mirror. */
  readonly folder: string;
  readonly target: string;
  readonly edges: number;
  readonly comparisons: number;
  readonly modules: readonly string[];
  /** Literals of the subject. */
  readonly words: readonly string[];
  /** Further words, of `--dict`. */
  readonly extraWords: readonly string[];
  readonly seed: number;
  /** Inputs to begin with, as latin1. */
  readonly seeds: readonly string[];
  /** Signatures that were reported before. */
  readonly known: readonly string[];
  readonly executionsBefore: number;
}

export type ToWorker =
  /** Goes on after a pause. */
  | { readonly kind: 'go' }
  /** An input that another worker found. */
  | { readonly kind: 'offer'; readonly input: string };

export type FromWorker =
  /** The target is loaded; the work begins. */
  | { readonly kind: 'ready' }
  | { readonly kind: 'entry'; readonly input: string; readonly reachedEdge: boolean }
  | { readonly kind: 'failure'; readonly failure: Failure; readonly input: string; readonly execution: number }
  /** The slice is over; it waits. */
  | { readonly kind: 'paused' }
  /** It could not begin, or found that it covers nothing. */
  | { readonly kind: 'broken'; readonly message: string };
