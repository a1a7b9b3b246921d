/** What the supervisor and the process that runs jsfuzz say to each other. */
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
