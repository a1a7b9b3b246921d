/** What the thread that measures inputs and its supervisor say to each other. */

/** What the worker is started with; the shared input comes beside it. */
export interface FeatureOrders {
  /** Folder of the instrumented mirror. */
  readonly folder: string;
  readonly target: string;
  readonly edges: number;
}

/** Inputs as latin1, to be run in this order. */
export interface ToFeatures {
  readonly inputs: readonly string[];
}

export type FromFeatures =
  | { readonly kind: 'ready' }
  | {
      readonly kind: 'measured';
      /** Of each input its edges with their buckets; undefined where the target failed. */
      readonly features: readonly (Uint32Array<ArrayBuffer> | undefined)[];
    }
  /** It could not begin. */
  | { readonly kind: 'broken'; readonly message: string };
