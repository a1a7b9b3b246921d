import type { Level } from '../../reports/schema.ts';
import { BenchError } from '../errors.ts';
import type { H2specCase } from './entry.ts';
import { GENERIC_CASES } from './generic-cases.ts';
import { HPACK_CASES } from './hpack-cases.ts';
import { HTTP2_CASES } from './http2-cases.ts';

/** Every case of h2spec, of all its versions, in its order. */
export const H2SPEC_CASES: readonly H2specCase[] = [...GENERIC_CASES, ...HTTP2_CASES, ...HPACK_CASES];

/**
 * The cases that the selectors name: ids and globs of ids (`h2spec/http2/6.9/*`, where `*` stands for any characters),
 * without those named behind a `!`; all when there is no selector. Of these, the cases of this level or a stronger one.
 * @throws BenchError (exit 5) when a selector names none, or nothing is left
 */
export function selectH2spec(selectors: readonly string[], level: Level = 'MAY'): readonly H2specCase[] {
  const isNegative = (selector: string) => selector.startsWith('!');
  const named = (selector: string): ReadonlySet<H2specCase> => {
    const pattern = globOf(selector.replace(/^!/, ''));
    const found = H2SPEC_CASES.filter((one) => pattern.test(one.id));
    if (found.length > 0) return new Set(found);
    const groups = [...new Set(H2SPEC_CASES.map((one) => `h2spec/${one.section}/*`))];
    throw new BenchError(5, `Selector "${selector}" names no case of h2spec; groups are ${groups.join(', ')}`);
  };
  const chosen = selectors.filter((selector) => !isNegative(selector)).map(named);
  const dropped = selectors.filter(isNegative).map(named);
  const selected = H2SPEC_CASES.filter(
    (one) => (chosen.length === 0 || chosen.some((set) => set.has(one))) && !dropped.some((set) => set.has(one)),
  );
  if (selected.length === 0) {
    throw new BenchError(5, `Nothing is left to run: ${selectors.join(' ')} select and exclude the same cases`);
  }
  return selected.filter((one) => LEVELS.indexOf(one.level) <= LEVELS.indexOf(level));
}

const LEVELS: readonly Level[] = ['MUST', 'SHOULD', 'MAY'];

function globOf(selector: string): RegExp {
  const parts = selector.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`);
}
