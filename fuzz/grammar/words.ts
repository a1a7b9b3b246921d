/** The grammar of whatever has none of its own: words, numbers and the octets between them. Joined, they are the input again. */
import type { Dictionary } from '../engines/aeronet/dictionary.ts';
import { INTERESTING_NUMBERS, mutateBytes, randomBytes } from '../engines/aeronet/mutate-bytes.ts';
import type { Random } from '../engines/aeronet/prng.ts';
import type { Grammar } from './grammar.ts';

/** What a mutator works with. */
interface Workshop {
  readonly random: Random;
  readonly dictionary: Dictionary;
  /** Words of another input, to take from. */
  readonly others: readonly string[];
}

type WordMutator = (words: string[], shop: Workshop) => void;

const SEPARATORS = [
  ' ',
  ', ',
  ',',
  ';',
  '; ',
  '=',
  ':',
  '/',
  '-',
  '.',
  '"',
  '(',
  ')',
  '\r\n',
  '\t',
  '%',
  '*',
  '?',
  '@',
];
const MOST_PIECES = 8;

/** A grammar for inputs of at most so many octets. */
export function wordsGrammar(maxLength: number): Grammar {
  return {
    generate: (random, dictionary) =>
      random.oneIn(4) ? randomBytes(random, maxLength) : phrase(random, dictionary).slice(0, maxLength),
    mutate(input, other, random, dictionary) {
      const words = wordsOf(input);
      const shop = { random, dictionary, others: wordsOf(other) };
      for (let rounds = 1 << random.below(3); rounds > 0; rounds--) random.pick(MUTATORS)(words, shop);
      return words.join('');
    },
    cuts: (input) => [input.split(/(?<=\n)/), wordsOf(input)],
    simpler: () => [],
  };
}

function wordsOf(input: string): string[] {
  return input.match(/[A-Za-z]+|[0-9]+|\r\n|[\s\S]/g) ?? [];
}

function phrase(random: Random, dictionary: Dictionary): string {
  let text = '';
  for (let count = 1 + random.below(MOST_PIECES); count > 0; count--) text += piece(random, dictionary);
  return text;
}

function piece(random: Random, dictionary: Dictionary): string {
  switch (random.below(8)) {
    case 0:
      return random.pick(INTERESTING_NUMBERS);
    case 1:
      return String(random.below(100)).padStart(random.below(3), '0');
    case 2:
    case 3:
      return random.pick(SEPARATORS);
    default:
      return dictionary.pick(random);
  }
}

const MUTATORS: readonly WordMutator[] = [
  function replaceWord(words, { random, dictionary }) {
    words[random.below(words.length || 1)] = dictionary.pick(random);
  },
  changeNumber,
  changeNumber,
  function insertPiece(words, { random, dictionary }) {
    words.splice(random.below(words.length + 1), 0, piece(random, dictionary));
  },
  function drop(words, { random }) {
    words.splice(random.below(words.length || 1), random.oneIn(4) ? 1 + random.below(8) : 1);
  },
  function duplicate(words, { random }) {
    const from = random.below(words.length || 1);
    words.splice(random.below(words.length + 1), 0, ...words.slice(from, from + 1 + random.below(8)));
  },
  function swap(words, { random }) {
    const [taken] = words.splice(random.below(words.length || 1), 1);
    if (taken !== undefined) words.splice(random.below(words.length + 1), 0, taken);
  },
  function takeOver(words, { random, others }) {
    const from = random.below(others.length || 1);
    const taken = others.slice(from, from + 1 + random.below(8));
    words.splice(random.below(words.length + 1), random.below(2) * taken.length, ...taken);
  },
  function separate(words, { random }) {
    words.splice(random.below(words.length + 1), random.below(2), random.pick(SEPARATORS));
  },
  function flipCase(words, { random }) {
    const at = random.below(words.length || 1);
    const word = words[at] ?? '';
    words[at] = word.replace(/[A-Za-z]/g, (letter) => (letter <= 'Z' ? letter.toLowerCase() : letter.toUpperCase()));
  },
  function changeOctets(words, { random, dictionary }) {
    const at = random.below(words.length || 1);
    words[at] = mutateBytes(words[at] ?? '', random, dictionary, '');
  },
];

/** A number becomes one near it, any other of as many digits, longer, shorter, or one at which counters break. */
function changeNumber(words: string[], { random }: Workshop): void {
  const places = [...words.keys()].filter((at) => /^[0-9]/.test(words[at] ?? ''));
  if (places.length === 0) return;
  const at = random.pick(places);
  const digits = words[at] ?? '';
  switch (random.below(6)) {
    case 0:
    case 1:
    case 2:
      words[at] = near(digits, random);
      break;
    case 3:
      words[at] = digits.replace(/./g, () => String(random.below(10)));
      break;
    case 4:
      words[at] = random.oneIn(2) ? digits.slice(1) : digits + String(random.below(10)).repeat(1 + random.below(4));
      break;
    default:
      words[at] = random.pick(INTERESTING_NUMBERS);
  }
}

function near(digits: string, random: Random): string {
  const value = Number(digits) + random.pick([-10, -2, -1, 1, 2, 10]);
  if (!Number.isSafeInteger(value) || value < 0) return digits;
  return String(value).padStart(digits.length, '0');
}
