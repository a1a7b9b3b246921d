/** What the thread that replays corpora for V8's coverage and its supervisor say to each other. */

/** What the worker is started with; the shared input comes beside it. */
export interface LinesOrders {
  /** Built tree, not instrumented. */
  readonly tree: string;
  /** Modules whose coverage is told, as paths in the tree; all are loaded, so that none is forgotten. */
  readonly modules: readonly string[];
}

/** Inputs of one target as latin1. */
export interface ToLines {
  readonly target: string;
  readonly inputs: readonly string[];
  /** Whether to tell what ran so far. V8 does not count what runs in code that it has optimised, so it is asked once. */
  readonly isLast: boolean;
}

/** One script as V8's profiler tells of it; c8 reads the same. */
export interface ScriptCoverage {
  readonly scriptId: string;
  readonly url: string;
  readonly functions: readonly object[];
}

export type FromLines =
  /** Everything is loaded; all codes of the registries. */
  | { readonly kind: 'ready'; readonly codes: readonly string[] }
  | {
      readonly kind: 'replayed';
      readonly target: string;
      /** What ran since the thread began, where that was asked for. */
      readonly scripts: readonly ScriptCoverage[];
      /** Codes of the registries that the inputs made the core look up. */
      readonly codes: readonly string[];
      readonly failed: number;
    }
  /** The target compares with a package that is not installed. */
  | { readonly kind: 'skipped'; readonly target: string; readonly message: string }
  | { readonly kind: 'broken'; readonly message: string };
