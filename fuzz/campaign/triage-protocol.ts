/** What the triage worker and its sandbox say to each other. */

import type { Failure } from '../engines/failure.ts';
import type { LogLine, Way } from '../events/log.ts';

export interface TriageOrders {
  /** Built tree, not instrumented. */
  readonly tree: string;
  readonly target: string;
  readonly modules: readonly string[];
  /** Where `tree` counts the turns of its loops: how many edges and comparisons it was given. */
  readonly counting?: { readonly edges: number; readonly comparisons: number };
}

export type ToTriage =
  | { readonly kind: 'run'; readonly input: string; readonly patient: boolean }
  /** Many at once; late errors are not waited for. */
  | { readonly kind: 'run-all'; readonly inputs: readonly string[] }
  /** What the subject says of the input, not whether it is right. */
  | { readonly kind: 'events'; readonly input: string }
  | { readonly kind: 'minimise'; readonly input: string; readonly signature: string; readonly patient: boolean };

export type FromTriage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'ran'; readonly failure: Failure | undefined }
  | { readonly kind: 'ran-all'; readonly failures: readonly (Failure | undefined)[] }
  /** One event, as soon as it is told. */
  | { readonly kind: 'told'; readonly way: Way; readonly line: LogLine }
  | { readonly kind: 'told-all' }
  /** The smallest so far, in case that a later candidate kills the worker. */
  | { readonly kind: 'smaller'; readonly input: string }
  | { readonly kind: 'minimised'; readonly input: string; readonly executions: number }
  | { readonly kind: 'broken'; readonly message: string };
