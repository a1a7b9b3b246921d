import { readFileSync } from 'node:fs';
import t from 'tap';
import { allCases } from '../cases/index.ts';
import { coverageOf, explainRequirement, matrixOf, namedBy } from './matrix.ts';
import { citationOf, compareIds, parseRegistry, readRegistry } from './registry.ts';

const row = (more: object): string =>
  JSON.stringify({ id: 'rfc9112:6.1:7', level: 'MUST', binds: 'client', says: 'a thing', ...more });

t.test('parseRegistry() refuses what is no row, says where, and takes what is one', async (t) => {
  const server = { binds: 'server', observable: true };
  const rows: readonly (readonly [what: string, text: string, complaint: RegExp | undefined])[] = [
    ['a requirement', row({}), undefined],
    ['one that binds a server', row({ ...server, cases: ['h1/a/*'], oracles: ['x'], checks: ['y'] }), undefined],
    ['one with a reason', row({ ...server, observable: false, why: 'it does not show' }), undefined],
    ['a clause', '{"id":"rfc9112:5","defines":"fields"}', undefined],
    ['two in order', `${row({})}\n${row({ id: 'rfc9112:6.1:10' })}`, undefined],
    ['two sections in order', `${row({ id: 'rfc9112:9.2:1' })}\n${row({ id: 'rfc9112:10.1:1' })}`, undefined],
    ['no JSON', '{', /Cannot read rfc9112.jsonl, line 1: it is no JSON object/],
    ['a number', '7', /no JSON object/],
    ['another RFC', row({ id: 'rfc9113:6.1:7' }), /"rfc9113:6.1:7" is not of this RFC/],
    ['the wrong order', `${row({})}\n${row({ id: 'rfc9112:6.1:2' })}`, /line 2: .* does not come behind/],
    ['the same twice', `${row({})}\n${row({})}`, /line 2: .* does not come behind/],
    ['an id without number', row({ id: 'rfc9112:6.1' }), /id write rfc9112:6.1:3/],
    ['a level that is none', row({ level: 'WILL' }), /level/],
    ['a role that is none', row({ binds: 'proxy' }), /binds/],
    ['too many words', row({ says: 'x'.repeat(81) }), /says/],
    ['no words', row({ says: '' }), /says/],
    ['an unknown field', row({ text: 'a sentence of the RFC' }), /text/],
    ['an empty list of cases', row({ ...server, cases: [] }), /cases/],
    ['what binds a server, and is not said to be seen', row({ binds: 'server' }), /observable is said of what binds/],
    ['what binds a client, and is', row({ observable: true }), /observable is said of what binds/],
  ];
  for (const [what, text, complaint] of rows) {
    if (complaint === undefined) t.doesNotThrow(() => parseRegistry(text, 'rfc9112.jsonl'), what);
    else t.throws(() => parseRegistry(text, 'rfc9112.jsonl'), { exit: 2, message: complaint }, what);
  }
  const absent = '{"id":"rfc9114","why":"not offered","sentences":{"MUST":1,"SHOULD":2,"MAY":3}}';
  t.equal(parseRegistry(absent, 'rfc9114.jsonl').absent.length, 1);
});

t.test('compareIds() puts a clause in front of its sentences, sections in their order, appendices last', async (t) => {
  const ids = [
    'rfc9112:5',
    'rfc9112:5:1',
    'rfc9112:5.1:1',
    'rfc9112:5.1:2',
    'rfc9112:5.1:10',
    'rfc9112:10:1',
    'rfc9112:A',
  ];
  t.same([...ids].reverse().sort(compareIds), ids);
  t.equal(citationOf('rfc9112:5.1:2'), 'RFC9112#5.1');
});

t.test('namedBy() takes an id as it is, and a star for any characters', async (t) => {
  const cases = ['h1/a/b', 'h1/a/bc', 'h1/a.b'].map((id) => ({ id, rfc: 'RFC9112#5' }));
  t.same(namedBy('h1/a/b', cases), ['h1/a/b']);
  t.same(namedBy('h1/a/b*', cases), ['h1/a/b', 'h1/a/bc']);
  t.same(namedBy('h1/a.*', cases), ['h1/a.b'], 'a point is a point');
  t.same(namedBy('h1/a', cases), []);
});

t.test('the matrix counts each sentence once, by what answers for it', async (t) => {
  const lines = [
    row({ id: 'rfc9112:1:1', binds: 'server', observable: true, cases: ['h1/a/*'], checks: ['x'] }),
    row({ id: 'rfc9112:1:2', binds: 'server', observable: false, oracles: ['x'], why: 'no case can' }),
    row({ id: 'rfc9112:1:3', binds: 'server', observable: true, why: 'nobody has asked' }),
    row({ id: 'rfc9112:1:4' }),
    row({ id: 'rfc9112:1:5', level: 'MAY', binds: 'server', observable: true }),
  ];
  const registry = parseRegistry(lines.join('\n'), 'rfc9112.jsonl');
  const cases = [{ id: 'h1/a/b', rfc: 'RFC9112#1', title: 'A thing' }];
  t.same(
    matrixOf(registry, cases).map(({ answer }) => answer),
    ['case', 'check', 'reason', 'none', 'none'],
  );
  t.same(matrixOf(registry, cases)[0]?.cases, ['h1/a/b']);
  const counts = { rfc: 'rfc9112', byCase: 0, byCheck: 0, byReason: 0 };
  t.same(coverageOf(registry), [
    { ...counts, level: 'MUST', sentences: 4, server: 3, observable: 2, byCase: 1, byCheck: 1, byReason: 1 },
    { ...counts, level: 'MAY', sentences: 1, server: 1, observable: 1 },
  ]);
  t.match(explainRequirement(registry, cases, 'rfc9112:1:1'), /binds server, observable\n {2}code: x\n\n1 cases:\n/);
  t.match(explainRequirement(registry, cases, 'rfc9112:1:2'), /not to be seen from outside\n {2}why: no case can/);
  t.equal(explainRequirement(registry, cases, 'rfc9112:1:9'), undefined);
});

t.test(
  'the registry of the house explains every row, and all MUSTs of RFC 9112, 9113 and 7541 have an answer',
  async (t) => {
    const registry = readRegistry();
    for (const { id } of [...registry.requirements, ...registry.clauses]) {
      const text = explainRequirement(registry, allCases, id) ?? '';
      if (!text.startsWith(id)) t.fail(`${id} is not explained`);
    }
    const core = coverageOf(registry).filter(({ rfc, level }) => /9112|9113|7541/.test(rfc) && level === 'MUST');
    t.equal(core.length, 3);
    for (const { rfc, server, byCase, byCheck, byReason } of core) t.equal(byCase + byCheck + byReason, server, rfc);
  },
);

t.test('the numbers in the README are those of the matrix', async (t) => {
  const musts = coverageOf(readRegistry()).filter(({ level, absent }) => level === 'MUST' && absent === undefined);
  const sum = (count: 'server' | 'byCase' | 'byCheck' | 'byReason') => musts.reduce((all, one) => all + one[count], 0);
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8').replaceAll(/\s+/g, ' ');
  const due = `Of ${sum('server')} MUSTs that bind a server ${sum('byCase')} have a case, ${sum('byCheck')} a check of the core, ${sum('byReason')} a reason why not`;
  t.ok(readme.includes(due), due);
});
