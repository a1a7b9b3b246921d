import type * as FastCheck from 'fast-check';

/** The package, loaded by whoever asks for this engine. */
export type Fc = (typeof FastCheck)['default'];

/** Makes inputs of one kind: so many of them from a seed. */
export type InputSource = (seed: number, count: number) => readonly string[] | Promise<readonly string[]>;
