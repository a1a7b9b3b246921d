/** What a grammar does for an engine: it makes, changes and takes apart inputs that have a structure, legal or not. */
import type { FuzzTarget, GrammarName } from '../define.ts';
import type { Dictionary } from '../engines/aeronet/dictionary.ts';
import type { Random } from '../engines/aeronet/prng.ts';
import { clientHelloGrammar } from './client-hello.ts';
import { hpackGrammar } from './hpack-blocks.ts';
import { http1Grammar } from './http1.ts';
import { http2Grammar } from './http2.ts';
import { wordsGrammar } from './words.ts';

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

/** The grammar of that name. */
export function grammarOf(name: GrammarName, target: Pick<FuzzTarget, 'maxLength'>): Grammar {
  switch (name) {
    case 'bytes':
      return wordsGrammar(target.maxLength);
    case 'http1-request':
      return http1Grammar;
    case 'http2':
      return http2Grammar;
    case 'hpack':
      return hpackGrammar;
    case 'client-hello':
      return clientHelloGrammar;
    default:
      return name satisfies never;
  }
}
