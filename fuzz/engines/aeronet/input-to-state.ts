/**
 * Input-to-state: what a comparison saw often stands in the input as it is. Where one operand of a comparison that did not
 * agree is found there, the other is written in its place; that solves in one try what chance would not in a lifetime.
 */
import type { Operands } from './comparison.ts';
import { numberForms } from './dictionary.ts';

/** Most inputs that one traced execution gives. */
const MAX_SOLUTIONS = 64;
/** A short word stands in many places by chance; so many of them are tried. */
const MAX_PLACES = 4;
const MAX_WORD = 64;
/** Inputs that wait; the oldest give way. */
const MAX_WAITING = 512;
/** What a site wanted and did not get that many times, it will not get by being written in another place. */
const MAX_TRIES = 16;
const MAX_REMEMBERED = 16_384;

/** Inputs that are to be tried because a comparison asked for them. */
export interface Solver {
  readonly waiting: number;
  /** Takes the comparisons of an input; those of one that reached a new edge are tried first. */
  add(input: string, traced: readonly Operands[], reachedEdge: boolean): void;
  /** The latest of what waits. */
  next(): string | undefined;
}

/** One operand, seen at a place of an input, and the other, which is to stand there. */
interface Wish {
  readonly input: string;
  readonly at: number;
  readonly seen: string;
  readonly wanted: string;
  readonly site: number;
}

/** Makes one in which nothing waits. */
export function createSolver(): Solver {
  const urgent: Wish[] = [];
  const usual: Wish[] = [];
  const tries = new Map<string, number>();

  /** Counted when it is tried: what gave way before has not been. */
  const isWorthIt = ({ site, wanted }: Wish): boolean => {
    const key = `${site} ${wanted}`;
    const tried = tries.get(key) ?? 0;
    if (tried >= MAX_TRIES) return false;
    if (tries.size >= MAX_REMEMBERED) tries.clear();
    tries.set(key, tried + 1);
    return true;
  };

  return {
    get waiting() {
      return urgent.length + usual.length;
    },
    add(input, traced, reachedEdge) {
      const waiting = reachedEdge ? urgent : usual;
      waiting.push(...wishesOf(input, traced));
      if (waiting.length > MAX_WAITING) waiting.splice(0, waiting.length - MAX_WAITING);
    },
    next() {
      for (let wish = urgent.pop() ?? usual.pop(); wish !== undefined; wish = urgent.pop() ?? usual.pop()) {
        if (isWorthIt(wish)) return granted(wish);
      }
      return undefined;
    },
  };
}

/** Inputs in which one operand was replaced by the other. */
export function solveComparisons(input: string, traced: readonly Operands[]): string[] {
  return [...new Set(wishesOf(input, traced).map(granted))];
}

function wishesOf(input: string, traced: readonly Operands[]): Wish[] {
  const wishes: Wish[] = [];
  const wish = (site: number, seen: string, wanted: string): void => {
    let places = 0;
    for (let at = input.indexOf(seen); at >= 0 && places < MAX_PLACES; at = input.indexOf(seen, at + 1)) {
      if (wishes.length >= MAX_SOLUTIONS) return;
      places++;
      wishes.push({ input, at, seen, wanted, site });
    }
  };
  for (const { site, a, b } of traced) {
    if (wishes.length >= MAX_SOLUTIONS) break;
    if (typeof a !== typeof b) continue;
    const others = wordsOf(b);
    // Same form on both sides: decimal for decimal, 32 bits for 32 bits.
    for (const [form, one] of wordsOf(a).entries()) {
      const other = others[form] ?? '';
      if (one === '' || other === '' || one === other) continue;
      wish(site, one, other);
      wish(site, other, one);
    }
  }
  return wishes;
}

function granted({ input, at, seen, wanted }: Wish): string {
  return input.slice(0, at) + wanted + input.slice(at + seen.length);
}

/** Words for the dictionary: the operands that an input could hold. */
export function comparedWords(traced: readonly Operands[]): string[] {
  return traced.flatMap(({ a, b }) => [a, b]).flatMap(wordsOf);
}

/** The same numbers are compared again and again; writing their forms each time would cost more than trying them. */
const MAX_NUMBERS = 4_096;
const numbers = new Map<number, readonly string[]>();

function wordsOf(operand: number | string): readonly string[] {
  if (typeof operand === 'string') {
    return operand.length <= MAX_WORD && !/[^\0-\xff]/.test(operand) ? [operand] : [];
  }
  const known = numbers.get(operand);
  if (known !== undefined) return known;
  if (numbers.size >= MAX_NUMBERS) numbers.clear();
  const forms = numberForms(operand);
  numbers.set(operand, forms);
  return forms;
}
