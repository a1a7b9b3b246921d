import type { Dictionary } from '../engines/aeronet/dictionary.ts';
import type { Random } from '../engines/aeronet/prng.ts';
import type { WireFrame } from './http2-frames.ts';

/** What a mutator works with. */
export interface Workshop {
  readonly random: Random;
  readonly dictionary: Dictionary;
  /** Frames of another input, to take parts from. */
  readonly others: readonly WireFrame[];
}
