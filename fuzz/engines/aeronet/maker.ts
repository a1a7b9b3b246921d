/** Makes the inputs of a campaign, each in one of the ways, and remembers what the ways work with. */
import type { FuzzTarget } from '../../define.ts';
import type { Grammar } from '../../grammar/grammar.ts';
import type { Operands } from './comparison.ts';
import type { CorpusStore } from './corpus-store.ts';
import type { Dictionary } from './dictionary.ts';
import { comparedWords, createSolver } from './input-to-state.ts';
import { mutateBytes, spliceOctets, stretch } from './mutate-bytes.ts';
import type { Random } from './prng.ts';
import { createSchedule } from './schedule.ts';
import { createWays, type Way } from './ways.ts';

export interface Maker {
  /** The next input. */
  next(): string;
  /** Says what the last input gave and cost. */
  note(newEdges: number, isKept: boolean, cost: number): void;
  /** Takes what a kept input was compared with. */
  take(input: string, traced: readonly Operands[], reachedEdge: boolean): void;
  /** Names the input that takes most work for an octet. */
  burden(input: string): void;
}

/** Makes a maker that takes from a store. */
export function createMaker(
  { maxLength }: Pick<FuzzTarget, 'maxLength'>,
  grammar: Grammar,
  store: CorpusStore,
  dictionary: Dictionary,
  random: Random,
): Maker {
  const ways = createWays();
  const schedule = createSchedule(store);
  const solver = createSolver();
  let heaviest = '';
  let way: Way = 'generate';

  const kept = (): string => store.entries[schedule.next(random)]?.input ?? '';
  const any = (): string => store.entries[random.below(store.entries.length)]?.input ?? '';

  const make = (): string => {
    switch (way) {
      case 'generate':
        return grammar.generate(random, dictionary);
      case 'structure':
        return grammar.mutate(kept(), any(), random, dictionary);
      case 'octets':
        return mutateBytes(kept(), random, dictionary, any());
      case 'splice':
        return spliceInputs(grammar, kept(), any(), random);
      case 'solve':
        return solver.next() ?? grammar.mutate(kept(), any(), random, dictionary);
      case 'stretch':
        return stretch(heaviest, random, maxLength);
      default:
        return way satisfies never;
    }
  };

  return {
    next() {
      way = ways.next(random);
      if (store.entries.length === 0) way = 'generate';
      else if ((way === 'solve' && solver.waiting === 0) || (way === 'stretch' && heaviest === '')) way = 'structure';
      return make();
    },
    note: (newEdges, isKept, cost) => ways.note(way, newEdges, isKept, cost),
    take(input, traced, reachedEdge) {
      for (const word of comparedWords(traced)) dictionary.learn(word);
      solver.add(input, traced, reachedEdge);
    },
    burden(input) {
      heaviest = input;
    },
  };
}

/** The first pieces of one input and the last of another, cut where the grammar cuts; at octets where it finds no place. */
function spliceInputs(grammar: Grammar, input: string, other: string, random: Random): string {
  const cuts = grammar.cuts(input);
  const level = random.below(cuts.length || 1);
  const begin = cuts[level] ?? [];
  const end = grammar.cuts(other)[level] ?? [];
  if (begin.length < 2 || end.length < 2) return spliceOctets(input, other, random);
  return begin.slice(0, 1 + random.below(begin.length)).join('') + end.slice(random.below(end.length)).join('');
}
