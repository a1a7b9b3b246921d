/** What the supervisor, the process that runs jsfuzz, and the one in which jsfuzz runs the target say to each other. */
import type { Failure } from '../failure.ts';

/** What a host is started with. Paths are absolute. */
export interface HostOrders {
  /** `jsfuzz/build/src/fuzzer.js`. */
  readonly jsfuzz: string;
  /** Folder with `target.cjs` and `corpus/`. */
  readonly work: string;
  readonly heapMb: number;
  readonly hangMs: number;
  readonly maxExecutions: number;
}

/** What the module that jsfuzz loads is started with. */
export interface GuestOrders {
  /** Folder of the instrumented mirror. */
  readonly folder: string;
  readonly target: string;
  readonly modules: readonly string[];
}

/** Of the guest to its host; wrapped, so that jsfuzz's own messages are told from it. */
export type FromGuest =
  | { readonly kind: 'failure'; readonly failure: Failure; readonly input: string; readonly isPinned: boolean }
  | { readonly kind: 'broken'; readonly message: string };

export type FromHost =
  | { readonly kind: 'entry'; readonly input: string }
  | { readonly kind: 'failure'; readonly failure: Failure; readonly input: string; readonly execution: number }
  /** The process with the target ended, or was ended, on this input. */
  | {
      readonly kind: 'death';
      readonly death: 'hang' | 'oom' | 'lost';
      readonly message: string;
      readonly input: string;
    }
  | {
      readonly kind: 'pulse';
      readonly executions: number;
      readonly coverage: number;
      readonly corpusEntries: number;
      readonly cpuMs: number;
    }
  | { readonly kind: 'done' }
  | { readonly kind: 'broken'; readonly message: string };
