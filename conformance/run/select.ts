import type { Level } from '../../reports/schema.ts';
import { BenchError } from '../errors.ts';
import type { AnyCase } from '../h2/model.ts';
import { editDistance } from './edit-distance.ts';

/** What a selector looks like, for help texts. */
export const SELECTOR_FORMS =
  'h1/host/duplicate, h1/framing/*, h1/9112-6.3, h2/6.5/*, h2/*, tag:smuggling, level:must, !<selector>';

/**
 * The cases that the selectors name, in the suite's order: the union of the plain ones (all cases when there is none)
 * without those named behind a `!`.
 * - `h1/host/duplicate` one case, `h1/framing/*` a glob (`*` stands for any characters)
 * - `h1/9112-6.3` by clause: RFC9112#6.3 and its subsections; `h2/6.5/*` by a section of the protocol's own RFC
 * - `tag:<tag>`, `level:must`
 * @throws BenchError (exit 5) when a selector names no case, or nothing is left
 */
export function selectCases(cases: readonly AnyCase[], selectors: readonly string[]): readonly AnyCase[] {
  const chosen = new Set<AnyCase>();
  const dropped = new Set<AnyCase>();
  for (const selector of selectors) {
    const isNegative = selector.startsWith('!');
    const matches = toPredicate(isNegative ? selector.slice(1) : selector);
    const named = cases.filter(matches);
    if (named.length === 0) throw new BenchError(5, emptyMessage(selector, cases));
    for (const one of named) (isNegative ? dropped : chosen).add(one);
  }
  const positive = selectors.some((selector) => !selector.startsWith('!'));
  const selected = cases.filter((one) => (positive ? chosen.has(one) : true) && !dropped.has(one));
  if (selected.length === 0)
    throw new BenchError(5, `Nothing is left to run: ${selectors.join(' ')} select and exclude the same cases`);
  return selected;
}

/** Cases of this level or a stronger one. */
export function atLevel(cases: readonly AnyCase[], level: Level): readonly AnyCase[] {
  const order: readonly Level[] = ['MUST', 'SHOULD', 'MAY'];
  return cases.filter((one) => order.indexOf(one.level) <= order.indexOf(level));
}

/** The RFC that a protocol is of. */
const OWN_RFC: Readonly<Record<string, string>> = { h1: '9112', h2: '9113', ws: '6455' };

function toPredicate(selector: string): (one: AnyCase) => boolean {
  const own = /^(h[12]|ws)\/([0-9]+(?:\.[0-9]+)*)\/\*$/.exec(selector);
  if (own !== null) return toPredicate(`${own[1]}/${OWN_RFC[own[1] ?? '']}-${own[2]}`);
  const clause = /^(h[12]|ws|tls|equivalence)\/([0-9]{4})(?:-([0-9A-Z.]+))?$/.exec(selector);
  if (clause !== null) {
    const [, protocol = '', rfc = '', section] = clause;
    const prefix = `RFC${rfc}#${section ?? ''}`;
    const isUnder = (cited: string) =>
      section === undefined ? cited.startsWith(prefix) : cited === prefix || cited.startsWith(`${prefix}.`);
    return (one) => one.id.startsWith(`${protocol}/`) && isUnder(one.rfc);
  }
  if (selector.startsWith('tag:')) return (one) => one.tags?.includes(selector.slice('tag:'.length)) === true;
  if (selector.startsWith('level:')) return (one) => one.level === selector.slice('level:'.length).toUpperCase();
  const pattern = new RegExp(`^${selector.split('*').map(escapeRegExp).join('.*')}$`);
  return (one) => pattern.test(one.id);
}

function emptyMessage(selector: string, cases: readonly AnyCase[]): string {
  const plain = selector.replace(/^!/, '');
  if (plain.startsWith('tag:')) {
    const tags = [...new Set(cases.flatMap((one) => one.tags ?? []))].sort();
    return `Selector "${selector}" names no case; tags are ${tags.join(', ')}`;
  }
  if (plain.startsWith('level:')) return `Selector "${selector}" names no case; levels are must, should, may`;
  const names = [...cases.map((one) => one.id), ...new Set(cases.map((one) => one.id.replace(/[^/]*$/, '*')))];
  const nearest = names
    .map((name) => ({ name, distance: editDistance(plain, name) }))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, 3)
    .map(({ name }) => name);
  return `Selector "${selector}" names no case; nearest: ${nearest.join(', ')} (forms: ${SELECTOR_FORMS})`;
}

function escapeRegExp(text: string): string {
  return text.replace(/[.+?^${}()|[\]\\]/g, '\\$&');
}
