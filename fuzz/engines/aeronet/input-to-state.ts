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

/** Inputs in which one operand was replaced by the other. */
export function solveComparisons(input: string, traced: readonly Operands[]): string[] {
  const solutions = new Set<string>();
  for (const { a, b } of traced) {
    for (const [seen, wanted] of [...pairsOf(a, b), ...pairsOf(b, a)]) {
      let places = 0;
      for (let at = input.indexOf(seen); at >= 0 && places < MAX_PLACES; at = input.indexOf(seen, at + 1)) {
        places++;
        if (solutions.size >= MAX_SOLUTIONS) return [...solutions];
        solutions.add(input.slice(0, at) + wanted + input.slice(at + seen.length));
      }
    }
  }
  return [...solutions];
}

/** Words for the dictionary: the operands that an input could hold. */
export function comparedWords(traced: readonly Operands[]): string[] {
  return traced.flatMap(({ a, b }) => [a, b]).flatMap(wordsOf);
}

function pairsOf(seen: number | string, wanted: number | string): [string, string][] {
  if (typeof seen !== typeof wanted) return [];
  const from = wordsOf(seen);
  const to = wordsOf(wanted);
  // Same form on both sides: decimal for decimal, 32 bits for 32 bits.
  return from.flatMap((word, form): [string, string][] => {
    const other = to[form];
    return word === '' || other === undefined || other === '' || other === word ? [] : [[word, other]];
  });
}

function wordsOf(operand: number | string): string[] {
  if (typeof operand === 'number') return numberForms(operand);
  return operand.length <= MAX_WORD && !/[^\0-\xff]/.test(operand) ? [operand] : [];
}
