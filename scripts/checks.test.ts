import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { parseRegistry } from '../conformance/index.ts';
import { checkCitations } from './check-citations.ts';
import { checkLayers } from './check-layers.ts';
import { misplaced } from './check-pack.ts';
import { checkRequirements } from './check-requirements.ts';
import { checkStyle, MAX_LINES } from './check-style.ts';
import { packageRoot } from './cli/package-version.ts';
import { commandFiles, staleOutputs, uncompiled } from './finish-dist.ts';
import { findSections } from './gen-rfc-sections.ts';
import { formatScoreboard, scoreboard } from './scoreboard.ts';
import type { Problem, SourceFile } from './source-files.ts';

// Planted violations are put together from pieces, so that the checks do not find them in this file.
const RFC = 'RFC';

const house = (texts: Readonly<Record<string, string>>): readonly SourceFile[] =>
  Object.entries(texts).map(([path, text]) => ({ path, text }));
const shown = (problems: readonly Problem[]): readonly string[] =>
  problems.map(({ path, line, message }) => `${path}:${line} ${message}`);

/** Nothing was found, or the one thing that was expected. */
function judged(t: Test, problems: readonly Problem[], expected: RegExp | undefined, what: string): void {
  const lines = shown(problems);
  if (expected === undefined) t.same(lines, [], `accepts ${what}`);
  else if (lines.length === 1) t.match(lines[0], expected, `refuses ${what}`);
  else t.same(lines, [String(expected)], `refuses ${what}, once`);
}

t.test('checkLayers() refuses what the plan of the house does not list, and nothing else', async (t) => {
  const targets = {
    'core/bytes/latin1.ts': '',
    'core/errors/codes.ts': '',
    'core/http1/parser.ts': '',
    'core/http2/machine.ts': '',
    'core/connection/exchange.ts': '',
    'core/io/tcp.ts': '',
    'core/sans-io.ts': '',
    'core/index.ts': '',
    'fuzz/define.ts': '',
    'conformance/define.ts': '',
    'reports/schema.ts': '',
    'reports/fold.ts': '',
    'scripts/cli/command.ts': '',
  };
  const rows: readonly (readonly [path: string, text: string, expected: RegExp | undefined])[] = [
    ['core/bytes/a.ts', "import { a } from '../errors/codes.ts';", undefined],
    [
      'core/errors/a.ts',
      "import { a } from '../bytes/latin1.ts';",
      /core\/errors may not import core\/bytes\/latin1.ts/,
    ],
    ['core/http1/a.ts', "import { a } from './parser.ts';", undefined],
    ['core/http1/a.ts', "import type { A } from '../http2/machine.ts';", /core\/http1 may not import core\/http2/],
    ['core/http1/a.ts', "export { a } from '../http2/machine.ts';", /core\/http1 may not import core\/http2/],
    ['core/http1/a.ts', "export * from '../io/tcp.ts';", /core\/http1 may not import core\/io/],
    ['core/http1/a.ts', "const a = await import('../io/tcp.ts');", /core\/http1 may not import core\/io/],
    ['core/http1/a.ts', "type A = import('../io/tcp.ts').A;", /core\/http1 may not import core\/io/],
    ['core/http1/a.ts', "import { connect } from 'node:net';", /core\/http1 may not name 'node:net'/],
    ['core/http1/a.test.ts', "import { readFileSync } from 'node:fs';\nimport t from 'tap';", undefined],
    ['core/http1/a.test.ts', "import { a } from '../io/tcp.ts';", undefined],
    ['core/http1/a.ts', "import t from 'tap';", /core\/http1 may not import the package 'tap'/],
    ['core/http1/a.ts', '// import "node:net" is only talked about', undefined],
    ['core/http1/a.ts', "import { a } from './gone.ts';", /names no file of the house \(core\/http1\/gone.ts\)/],
    ['core/http1/a.ts', "import { a } from './parser.js';", /'.\/parser.js' must be written with its .ts/],
    ['core/io/a.ts', "import { connect } from 'node:net';", undefined],
    ['core/io/a.ts', "import { a } from '../http1/parser.ts';", /core\/io may not import core\/http1/],
    ['core/io/a.ts', "import { a } from '../connection/exchange.ts';", undefined],
    ['core/colour/a.ts', "import { a } from '../errors/codes.ts';", /in no room of scripts\/layers.ts/],
    [
      'conformance/run/a.ts',
      "import { a } from '../../core/sans-io.ts';",
      /conformance may not import core\/sans-io.ts/,
    ],
    ['conformance/run/a.test.ts', "import { a } from '../../core/sans-io.ts';", undefined],
    [
      'conformance/run/a.test.ts',
      "import { a } from '../../core/index.ts';",
      /conformance may not import core\/index.ts/,
    ],
    ['conformance/requirements/a.ts', "import { z } from 'zod';", undefined],
    ['conformance/run/a.ts', "import { z } from 'zod';", /conformance may not import the package 'zod'/],
    ['conformance/run/a.ts', "import type { A } from '../../reports/schema.ts';", undefined],
    ['conformance/run/a.ts', "import { type A } from '../../reports/schema.ts';", /only types from reports\/schema.ts/],
    ['conformance/run/a.ts', "await import('../../reports/schema.ts');", /only types from reports\/schema.ts/],
    ['fuzz/targets/a.ts', "import { a } from '../../core/sans-io.ts';", undefined],
    [
      'fuzz/targets/a.ts',
      "import { a } from '../../core/http1/parser.ts';",
      /fuzz may not import core\/http1\/parser.ts/,
    ],
    ['fuzz/a.ts', "import { a } from '../reports/fold.ts';", /fuzz may not import reports\/fold.ts/],
    ['reports/a.ts', "import type { A } from '../conformance/define.ts';", /reports may not import conformance/],
    ['reports/render/a.ts', "import { a } from '../fold.ts';", undefined],
    ['reports/render/a.ts', "import { createHash } from 'node:crypto';", undefined],
    ['reports/render/a.ts', "import { writeFileSync } from 'node:fs';", /reports\/render may not name 'node:fs'/],
    ['fuzz/a.ts', "import { a } from '../scripts/cli/command.ts';", /fuzz may not import scripts\/cli\/command.ts/],
    ['scripts/cli/a.ts', "import { a } from '../../fuzz/define.ts';", /loads fuzz\/define.ts only when it is used/],
    ['scripts/cli/a.ts', "const run = () => import('../../fuzz/define.ts');", undefined],
    ['scripts/cli/a.ts', "import type { A } from '../../fuzz/define.ts';", undefined],
    ['scripts/a.ts', "import { a } from '../fuzz/define.ts';", undefined],
  ];
  for (const [path, text, expected] of rows) {
    judged(t, checkLayers(house({ ...targets, [path]: text })), expected, `${path}: ${text}`);
  }
});

t.test(
  'checkLayers() names each import cycle once, of values or of types, and lets lazy imports turn back',
  async (t) => {
    const cycle = house({
      'fuzz/a.ts': "import { b } from './b.ts';",
      'fuzz/b.ts': "export { c } from './c.ts';",
      'fuzz/c.ts': "import type { A } from './a.ts';",
    });
    t.same(shown(checkLayers(cycle)), ['fuzz/a.ts:0 import cycle: fuzz/a.ts → fuzz/b.ts → fuzz/c.ts → fuzz/a.ts']);
    const open = house({
      'fuzz/a.ts': "import { b } from './b.ts';",
      'fuzz/b.ts': "const a = () => import('./a.ts');",
    });
    t.same(shown(checkLayers(open)), []);
  },
);

t.test('checkCitations() refuses sections that do not exist, replaced RFCs and other forms', async (t) => {
  const rows: readonly (readonly [text: string, expected: RegExp | undefined])[] = [
    [`// ${RFC}9112#6.3 MUST: unequal Content-Length list`, undefined],
    [`// see ${RFC}9110#5.6.7, ${RFC}7541#C.2.1 and ${RFC}9110#A.`, undefined],
    [`rfc: '${RFC}6455#5.5'`, undefined],
    [`'rfc9112:6.3:1'`, undefined],
    [`// in the words of ${RFC} 9112`, undefined],
    [`// ${RFC}9112#6.4 MUST`, /:2 .*9112#6.4: RFC 9112 has no section 6.4/],
    [`// ${RFC}9113#14 MUST`, /RFC 9113 has no section 14/],
    [`// ${RFC}4711#1`, /unknown RFC/],
    [`// ${RFC}7230#3.3`, / 7230 is obsolete: cite 9110, 9112/],
    [`// ${RFC} 2616 said otherwise`, / 2616 is obsolete/],
    [`// ${RFC} 9112 section 6.3`, /write RFC9112#6.3/],
    [`// ${RFC}9112, Section 6.3`, /write RFC9112#6.3/],
    [`// ${RFC} 9112 §6.3`, /write RFC9112#6.3/],
    [`// ${RFC} 9112 6.3`, /write RFC9112#6.3/],
    [`// Section 6.3 of ${RFC} 9112`, /write RFC9112#6.3/],
    [`// ${RFC} 9112#6.3`, /write RFC9112#6.3/],
    [`// ${RFC.toLowerCase()}9112#6.3`, /write RFC9112#6.3/],
    [`// ${RFC}9112#section-6.3`, /write RFC9112#6.3/],
  ];
  for (const [text, expected] of rows) {
    judged(t, checkCitations(house({ 'core/http1/a.ts': `\n${text}\n` })), expected, text.slice(0, 80));
  }
});

t.test('findSections() takes headings in their order and leaves numbered lists alone', async (t) => {
  const text = [
    '  • 1.   Introduction',
    '1. Introduction',
    '1.1. Terms',
    '3. a list item that follows nothing',
    '2. Message',
    '1. If the list starts over',
    '2.1.1. a number without its parent',
    'Appendix A. Grammar',
    'A.1. Rules',
    'Appendix C. without B',
  ].join('\n');
  t.same(findSections(text), ['1', '1.1', '2', 'A', 'A.1']);
});

t.test('checkStyle() refuses long files, unfinished work, silenced checkers and tests that do not run', async (t) => {
  const long = 'x;\n'.repeat(MAX_LINES + 1);
  const rows: readonly (readonly [path: string, text: string, expected: RegExp | undefined])[] = [
    ['core/a.ts', 'x;\n'.repeat(MAX_LINES), undefined],
    ['core/a.ts', long, /core\/a.ts:0 501 lines/],
    ['core/a.ts', `// Generated by scripts/gen-a.ts\n${long}`, undefined],
    ['core/a.ts', `a;\n// ${'TO'}${'DO'} later`, /core\/a.ts:2 TO{1}DO: finish it/],
    ['core/a.ts', `// ${'FIX'}${'ME'}`, /finish it/],
    ['core/a.ts', `// @ts-${'ignore'}`, /say what the type is/],
    ['core/a.ts', `// ${'biome'}-ignore lint: because`, /mend the code/],
    ['core/a.ts', `cursor.skip(2); set.${'only'}(1); const TODOS = 1;`, undefined],
    ['core/a.test.ts', `t.${'only'}('a', f)`, /the other tests would not run/],
    ['core/a.test.ts', `t.${'skip'}('a', f)`, /proves nothing/],
    ['core/a.test.ts', `test.${'todo'}('a')`, /proves nothing/],
    ['core/a.test.ts', "t.test('a', { skip: 'no IPv6 here' }, f)", undefined],
  ];
  for (const [path, text, expected] of rows) {
    judged(t, checkStyle(house({ [path]: text })), expected, text.slice(0, 80));
  }
});

t.test('scoreboard() counts lines, citations, doors, and the codes that nothing raises or reaches', async (t) => {
  const files = house({
    'core/errors/http1-codes.ts': 'export const HTTP1_CODES = {\n  H1_A: { },\n  H1_B: { },\n  H1_C: { },\n};\n',
    'core/http1/a.ts': `// ${RFC}9112#6.3 MUST\nfail('H1_A');\nfail('H1_B');\n`,
    'core/http1/a.test.ts': "t.equal(code, 'H1_A');\n",
    'core/sans-io.ts': "export { a, b } from './a.ts';\nexport type { C } from './c.ts';\n",
    'core/http1/table.ts': `// Generated by x\n${'x;\n'.repeat(900)}`,
  });
  const score = scoreboard(files, house({ 'corpus/http1/golden/b.events': 'error H1_B at 3' }));
  t.match(score, {
    coreFiles: 3,
    medianLines: 3,
    maxLines: 5,
    longestFile: 'core/errors/http1-codes.ts',
    protocolLines: 8,
    citationsPer1000: 125,
    codes: 3,
    unraisedCodes: ['H1_C'],
    unreachedCodes: ['H1_C'],
    doors: { 'core/sans-io.ts': 3 },
    testFiles: 1,
  });
  t.match(formatScoreboard(score), /never raised 1 \(H1_C\)/);
  t.match(scoreboard([], []), { medianLines: 0, maxLines: 0, citationsPer1000: 0 }, 'an empty house has zeros');
});

t.test('staleOutputs() names what no source makes', async (t) => {
  const sources = new Set(['core/index.ts', 'core/a.test.ts', 'core/b.test.data.ts']);
  const made = ['.tsbuildinfo', 'core/index.js', 'core/index.js.map', 'core/index.d.ts'];
  const stale = [
    'core/moved.js',
    'core/moved.js.map',
    'core/moved.d.ts',
    'core/a.test.js',
    'core/b.test.data.js',
    'note',
  ];
  t.same(
    staleOutputs([...made, ...stale], (path) => sources.has(path)),
    stale,
  );
});

t.test('uncompiled() names what a build that trusts its memory would leave out', async (t) => {
  const outputs = new Set(['core/index.js']);
  t.same(
    uncompiled(['core/index.ts', 'core/a.test.ts', 'core/b.test.data.ts', 'core/d.d.ts', 'core/c.ts'], (path) =>
      outputs.has(path),
    ),
    ['core/c.ts'],
  );
});

t.test('the build leaves the command executable, for npx starts it as a program', async (t) => {
  const root = packageRoot();
  const files = commandFiles(readFileSync(join(root, 'package.json'), 'utf8'));
  t.same(files, ['dist/scripts/aeronet.js']);
  for (const file of files) t.equal(statSync(join(root, file)).mode & 0o111, 0o111, file);
});

t.test(
  'checkRequirements() refuses names of nothing, clauses and sentences without a row, rows without an answer',
  async (t) => {
    const server = { id: 'rfc9112:5:1', level: 'MUST', binds: 'server', observable: true, says: 'a thing' };
    const named = {
      cases: [{ id: 'h1/a/b', rfc: 'RFC9112#5' }],
      exists: (path: string) => ['fuzz/oracles/one.ts', 'fuzz/targets/two.ts', 'core/a.ts'].includes(path),
      sentences: [{ id: 'rfc9112:5:1', level: 'MUST' }],
    };
    const absent = { id: 'rfc9112', why: 'not offered' };
    const rows: readonly (readonly [row: object, expected: RegExp | undefined, more?: Partial<typeof named>])[] = [
      [{ ...server, cases: ['h1/a/*'], oracles: ['one', 'two'], checks: ['core/a.ts'] }, undefined],
      [{ ...server, why: 'nobody can' }, undefined],
      [server, /rfc9112:5:1 binds a server, and nothing answers for it/],
      [{ ...server, cases: ['h1/a/c'] }, /h1\/a\/c names no case/],
      [{ ...server, cases: ['h1/a/b', 'h1/b/*'] }, /h1\/b\/\* names no case/],
      [{ ...server, oracles: ['three'] }, /three is neither an oracle nor a target/],
      [{ ...server, checks: ['core/b.ts'] }, /core\/b.ts does not exist/],
      [{ ...server, observable: false, cases: ['h1/a/b'] }, /cannot be seen from outside/],
      [{ ...server, why: 'x', level: 'SHOULD' }, /is a MUST, not a SHOULD/],
      [
        { ...server, why: 'x' },
        /rfc9112:5:2 has no row/,
        { sentences: [...named.sentences, { id: 'rfc9112:5:2', level: 'MAY' }] },
      ],
      [{ ...server, why: 'x' }, /is no sentence of the RFC/, { sentences: [] }],
      [
        { ...server, why: 'x' },
        /h1\/a\/b cites RFC9112#6, which has no row/,
        { cases: [{ id: 'h1/a/b', rfc: 'RFC9112#6' }] },
      ],
      [{ ...server, why: 'x' }, undefined, { cases: [{ id: 'h1/a/b', rfc: 'RFC6455#4' }] }],
      [{ ...absent, sentences: { MUST: 1, SHOULD: 0, MAY: 0 } }, undefined, { cases: [] }],
      [{ ...absent, sentences: { MUST: 2, SHOULD: 0, MAY: 0 } }, /has 1 sentences with MUST, not 2/, { cases: [] }],
    ];
    for (const [row, expected, more] of rows) {
      const text = JSON.stringify(row);
      judged(t, checkRequirements(parseRegistry(text, 'rfc9112.jsonl'), { ...named, ...more }), expected, text);
    }
    const registry = parseRegistry(JSON.stringify({ ...server, level: 'MAY' }), 'rfc9112.jsonl');
    t.same(checkRequirements(registry, { ...named, sentences: undefined }), [], 'without the RFCs levels are believed');
  },
);

t.test('misplaced() refuses sources, tests, leftovers and missing promises in the package', async (t) => {
  const manifest =
    '{ "bin": { "aeronet": "dist/scripts/aeronet.js" }, "scripts": { "ok": "node dist/scripts/ok.js" } }';
  const pages = ['README.md', ...['core', 'conformance', 'fuzz', 'reports'].map((room) => `${room}/README.md`)];
  const good = ['package.json', ...pages, 'LICENSE', 'dist/scripts/aeronet.js', 'corpus/http1/seed/ab12'];
  const sources = new Set(['scripts/aeronet.ts', 'scripts/ok.ts', 'core/a.ts']);
  const judge = (files: readonly string[]) => misplaced(files, manifest, (path) => sources.has(path));
  t.same(judge(good), []);
  t.match(judge([...good, 'core/a.ts']), [/no need of core\/a.ts/]);
  t.match(judge([...good, 'dist/core/a.test.js']), [/no need of/, /no source/]);
  t.match(judge([...good, 'dist/scripts/ok.js']), [/no need of/]);
  t.match(judge([...good, 'dist/core/gone.js.map']), [/dist\/core\/gone.js.map has no source any more/]);
  t.same(judge([...good, 'dist/core/a.d.ts']), []);
  t.same(
    judge(good.filter((path) => path !== 'core/README.md')),
    ['core/README.md is not packed'],
    'what a page links to is there',
  );
  t.same(judge(good.filter((path) => path !== 'dist/scripts/aeronet.js')), ['dist/scripts/aeronet.js is not packed']);
});
