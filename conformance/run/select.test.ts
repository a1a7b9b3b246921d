import t from 'tap';
import { allCases } from '../cases/index.ts';
import { defineCases, get, pass, refuses, status } from '../define.ts';
import type { Case } from '../model.ts';
import { atLevel, selectCases } from './select.ts';

const BASE = {
  title: 'x',
  needs: [],
  send: get(),
  allow: [pass(status(200))],
  controls: { pass: [], fail: refuses() },
} as const satisfies Partial<Case>;

const CASES = defineCases([
  { ...BASE, id: 'h1/host/duplicate', rfc: 'RFC9112#3.2', level: 'MUST', tags: ['smuggling'] },
  { ...BASE, id: 'h1/host/empty', rfc: 'RFC9112#3.2.1', level: 'SHOULD' },
  { ...BASE, id: 'h1/framing/cl-hex', rfc: 'RFC9112#6.3', level: 'MUST', tags: ['smuggling'] },
  { ...BASE, id: 'h1/framing/x.y', rfc: 'RFC9110#3.2', level: 'MAY' },
]);

t.test('selectors name cases', async (t) => {
  const rows: readonly [selectors: readonly string[], ids: string][] = [
    [[], 'duplicate empty cl-hex x.y'],
    [['h1/host/duplicate'], 'duplicate'],
    [['h1/framing/*'], 'cl-hex x.y'],
    [['h1/*/d*e'], 'duplicate'],
    [['h1/9112-3.2'], 'duplicate empty'],
    [['h1/9112-3.2.1'], 'empty'],
    [['h1/9112'], 'duplicate empty cl-hex'],
    [['h1/3.2/*'], 'duplicate empty'],
    [['h1/3.2/*', '!h1/3.2.1/*'], 'duplicate'],
    [['tag:smuggling'], 'duplicate cl-hex'],
    [['level:may'], 'x.y'],
    [['h1/framing/*', 'h1/host/empty'], 'empty cl-hex x.y'],
    [['!tag:smuggling'], 'empty x.y'],
    [['h1/host/*', '!h1/host/empty'], 'duplicate'],
    [['h1/framing/x.y'], 'x.y'],
  ];
  for (const [selectors, ids] of rows) {
    const slugs = selectCases(CASES, selectors).map((one) => one.id.split('/')[2]);
    t.equal(slugs.join(' '), ids, `${selectors.join(' ') || 'nothing'} selects ${ids}`);
  }
});

t.test('a selector that names nothing ends with exit 5 and a hint', async (t) => {
  const rows: readonly [selectors: readonly string[], message: RegExp][] = [
    [['h1/host/duplicat'], /"h1\/host\/duplicat" names no case; nearest: h1\/host\/duplicate, /],
    [['h1/frame/*'], /nearest: h1\/framing\/\*/],
    [['h1/9.9/*'], /"h1\/9\.9\/\*" names no case/],
    [['tag:none'], /tags are smuggling$/],
    [['level:never'], /levels are must, should, may/],
    [['!h1/none'], /"!h1\/none" names no case/],
    [['h1/framing/xzy'], /names no case/],
    [['h1/host/empty', '!h1/host/empty'], /select and exclude the same cases/],
    [['('], /"\(" names no case/],
    [['x'.repeat(10_000)], /names no case/],
  ];
  for (const [selectors, message] of rows) {
    t.throws(() => selectCases(CASES, selectors), { name: 'BenchError', exit: 5, message }, `${message}`);
  }
});

t.test('atLevel() keeps cases of a level and the stronger ones', async (t) => {
  t.equal(atLevel(CASES, 'MUST').length, 2);
  t.equal(atLevel(CASES, 'SHOULD').length, 3);
  t.equal(atLevel(CASES, 'MAY').length, 4);
});

t.test('the suite has one case for each id, and enough of them', async (t) => {
  const ids = allCases.map((one) => one.id);
  t.same(ids, [...new Set(ids)]);
  t.ok(ids.length >= 2_000, `${ids.length} cases`);
});

t.test('defineCases() refuses what no type can', async (t) => {
  const [good] = CASES;
  if (good === undefined) throw new Error('No case');
  const rows: readonly [complaint: RegExp, cases: readonly Case[]][] = [
    [/declared twice/, [good, good]],
    [/id that is not/, [{ ...good, id: 'h1/Host/x' }]],
    [/not of the form/, [{ ...good, rfc: 'RFC91#6.3' }]],
    [/tag that is not kebab-case/, [{ ...good, tags: ['A'] }]],
    [/sends nothing/, [{ ...good, send: '' }]],
    [/no octet/, [{ ...good, send: '\u20ac' }]],
    [/allows nothing/, [{ ...good, allow: [] }]],
    [/no outcome that passes/, [{ ...good, allow: [{ grade: 'weak', response: 'none', connection: 'any' }] }]],
  ];
  for (const [message, cases] of rows) t.throws(() => defineCases(cases), { message }, `${message}`);
});
