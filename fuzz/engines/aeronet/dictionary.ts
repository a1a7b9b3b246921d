/**
 * The vocabulary of a campaign: the target's own dictionary (AFL's syntax), literals harvested from the subject's source,
 * and operands that the subject was seen comparing an input with. Words are latin1 strings: one code unit, one octet.
 */
import { FuzzError } from '../../errors.ts';
import type { Random } from './prng.ts';

export interface Dictionary {
  readonly size: number;
  /** One word, or the empty string where nothing is known. */
  pick(random: Random): string;
  /** Adds a word that a comparison asked for; the oldest of these give way. */
  learn(word: string): void;
}

/** Longest word, in octets; a longer one would be an input of its own. */
const MAX_WORD = 64;
/** How many learnt words are kept. */
const LEARNT_LIMIT = 512;

/** Makes a vocabulary of given and harvested words. */
export function createDictionary(given: readonly string[], harvested: readonly string[]): Dictionary {
  const learnt: string[] = [];
  const known = new Set([...given, ...harvested]);
  let oldest = 0;

  return {
    get size() {
      return given.length + harvested.length + learnt.length;
    },
    pick(random) {
      // Half from the people who know the protocol, half from the subject itself.
      const shelves = [given, given, harvested, learnt].filter((shelf) => shelf.length > 0);
      return shelves.length === 0 ? '' : random.pick(random.pick(shelves));
    },
    learn(word) {
      if (word.length === 0 || word.length > MAX_WORD || known.has(word)) return;
      known.add(word);
      if (learnt.length < LEARNT_LIMIT) {
        learnt.push(word);
        return;
      }
      known.delete(learnt[oldest] ?? '');
      learnt[oldest] = word;
      oldest = (oldest + 1) % LEARNT_LIMIT;
    },
  };
}

/**
 * Reads a dictionary in AFL's syntax: one `"word"` or `name="word"` a line, `\xHH`, `\\` and `\"` as escapes, `#` comments.
 * @throws FuzzError (exit 2) naming the origin and the line.
 */
export function parseDictionary(text: string, origin: string): string[] {
  const words: string[] = [];
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    const quoted = /^(?:[\w@.-]+\s*=\s*)?"((?:[^"\\]|\\.)*)"$/.exec(line)?.[1];
    const word = quoted === undefined ? undefined : unescapeWord(quoted);
    if (word === undefined || word === '' || word.length > MAX_WORD) {
      throw new FuzzError(
        2,
        `${origin}:${index + 1}: not a dictionary line; write name="word" of 1 to ${MAX_WORD} octets`,
      );
    }
    words.push(word);
  }
  return words;
}

function unescapeWord(quoted: string): string | undefined {
  let valid = true;
  const word = quoted.replace(/\\(x[0-9a-fA-F]{2}|.)/g, (_, escaped: string) => {
    if (escaped === '\\' || escaped === '"') return escaped;
    if (escaped.length === 3) return String.fromCharCode(Number.parseInt(escaped.slice(1), 16));
    valid = false;
    return '';
  });
  return valid && !/[^\0-\xff]/.test(word) ? word : undefined;
}

/**
 * The forms in which a number may stand in an input, always in the same order: decimal, hexadecimal, 16 bits and 32 bits in
 * both byte orders. A form that cannot hold it is empty.
 */
export function numberForms(value: number): string[] {
  if (!Number.isSafeInteger(value)) return [];
  return [
    String(value),
    value < 0 ? '' : value.toString(16),
    octets(value, 2),
    reverse(octets(value, 2)),
    octets(value, 4),
    reverse(octets(value, 4)),
  ];
}

function octets(value: number, count: number): string {
  if (value < 0 || value >= 2 ** (8 * count)) return '';
  let word = '';
  for (let shift = (count - 1) * 8; shift >= 0; shift -= 8) word += String.fromCharCode((value >>> shift) & 0xff);
  return word;
}

function reverse(word: string): string {
  return [...word].reverse().join('');
}
