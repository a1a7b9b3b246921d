/** What a grammar does for an engine: it makes, changes and takes apart inputs that have a structure, legal or not. */
import type { Dictionary } from '../engines/aeronet/dictionary.ts';
import type { Random } from '../engines/aeronet/prng.ts';

export interface Grammar {
  /** A fresh input. */
  generate(random: Random, dictionary: Dictionary): string;
  /** A changed input; `other` is one to take parts from. */
  mutate(input: string, other: string, random: Random, dictionary: Dictionary): string;
  /** The input in pieces, from the coarsest cut to the finest above octets; each cut's pieces join to the input. */
  cuts(input: string): string[][];
  /** Simpler inputs of the same meaning, for the minimiser: what no removal of pieces can reach. */
  simpler(input: string): string[];
}
