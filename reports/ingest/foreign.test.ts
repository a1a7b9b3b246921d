/** What others write: TAP, c8's summary, crash bundles. Read into the same events, or refused in one line. */
import { join } from 'node:path';
import t from 'tap';
import { foldReport } from '../fold.ts';
import { decideGate } from '../gate/decide.ts';
import { parseC8 } from './c8.ts';
import { findResults } from './files.ts';
import { readInput } from './input.ts';
import { INGEST_LIMITS } from './ndjson.ts';
import { parseTap } from './tap.ts';

async function* chunks(text: string): AsyncGenerator<Uint8Array> {
  const octets = new TextEncoder().encode(text);
  for (let at = 0; at < octets.length; at += 7) yield octets.slice(at, at + 7);
}

const tap = (text: string) => parseTap(chunks(text), 'f.tap', '2026-11-24T03:00:00.000Z', INGEST_LIMITS);
const judged = async (text: string) => decideGate(foldReport([await tap(text)]));

const SAMPLE = `TAP version 14
1..3
# Subtest: core/a.test.ts
    # Subtest: parses a head (RFC9112#2.1)
        ok 1 - is 3
        1..1
    ok 1 - parses a head (RFC9112#2.1) # time=6.5ms

    # Subtest: parses a head (RFC9112#2.1)
        ok 1 - is 3
        not ok 2 - is 4
          ---
          diff: |
            ok 3 - text of a diff is no point
          ...
        1..2
    not ok 2 - parses a head (RFC9112#2.1) # time=2ms
    ok 3 - needs /dev/full # SKIP not on this system
    1..3
not ok 1 - core/a.test.ts # time=500ms
# Subtest: core/b.test.ts
    ok 1 - fine
    1..1
not ok 2 - core/b.test.ts # time=30000ms
ok 3 - core/c.test.ts
`;

t.test('TAP: named tests become cases, and the first failed assertion is their reason', async (t) => {
  const { events } = await tap(SAMPLE);
  const cases = events.flatMap((event) => (event.kind === 'case' ? [[event.id, event.verdict, event.reason]] : []));
  t.same(cases, [
    ['tests/core/a.test.ts/parses-a-head-RFC9112-2.1', 'pass', 'ok'],
    ['tests/core/a.test.ts/parses-a-head-RFC9112-2.1-2', 'fail', 'not ok: is 4'],
    ['tests/core/a.test.ts/needs-/dev/full', 'skip', 'it was skipped'],
    ['tests/core/b.test.ts/fine', 'pass', 'ok'],
    ['tests/core/b.test.ts', 'fail', 'not ok: core/b.test.ts'],
    ['tests/core/c.test.ts', 'pass', 'ok'],
  ]);
  const gate = await judged(SAMPLE);
  t.match([gate.verdict, gate.classes['new-failure'], gate.classes.skip], ['fail', 2, 1]);
  t.match(events[1], { durationMs: 6.5, repro: 'npx tap core/a.test.ts' });
});

t.test('TAP that is not whole is inconclusive, and what is not TAP is refused', async (t) => {
  const ok = 'TAP version 14\n# Subtest: a\n    ok 1 - x\n    1..1\nok 1 - a\n';
  const rows: readonly (readonly [string, string, string])[] = [
    ['whole', `${ok}1..1\n`, 'pass'],
    ['whole, by TAP 13', `${ok.replace('14', '13')}1..1\n`, 'pass'],
    ['no plan', ok, 'inconclusive'],
    ['one file too few', `${ok}1..2\n`, 'inconclusive'],
    ['a bail-out', `${ok}Bail out! no more\n1..1\n`, 'inconclusive'],
    ['a failure, and no plan', `${ok}not ok 2 - b\n`, 'fail'],
  ];
  for (const [name, text, verdict] of rows) t.equal((await judged(text)).verdict, verdict, name);
  await t.rejects(tap('hello\n'), { exit: 2, message: /^f\.tap:1: not TAP/ });
  await t.rejects(tap(''), { exit: 5, message: 'f.tap: no test ran' });
  await t.rejects(tap('TAP version 14\n1..0\n'), { exit: 5, message: 'f.tap: no test ran' });
  await t.rejects(tap(`TAP version 14\nok 1 - ${'x'.repeat(2_000_000)}`), {
    exit: 2,
    message: /^f\.tap:2: a line of more/,
  });
  const hostile = await tap('TAP version 14\nnot ok 1 - \u001b[2J @all <b> \u202e ::error::x\n1..1\n');
  t.match(hostile.events[1], { id: /^tests\/[\p{L}\p{N}./_-]+$/u });
});

t.test("c8's summary becomes coverage of the tests, with paths of the repository", async (t) => {
  const counts = (covered: number) => ({
    lines: { total: 10, covered },
    branches: { total: 4, covered: 1 },
    functions: {},
  });
  const text = JSON.stringify({
    total: counts(9),
    '/home/me/x/core/a.ts': counts(9),
    '/elsewhere/deep/b.ts': counts(3),
  });
  const source = parseC8(text, 'f', '/home/me/x', '2026-11-24T03:00:00.000Z');
  const { coverage } = foldReport([source]);
  t.match(coverage, [
    {
      metric: 'lines',
      origin: 'tests',
      files: [
        { path: 'core/a.ts', hit: 9, total: 10 },
        { path: 'deep/b.ts', hit: 3 },
      ],
    },
    { metric: 'branches', files: [{ hit: 1, total: 4 }, { hit: 1 }] },
  ]);
  for (const [bad, exit, message] of [
    ['{', 2, /^f:1: not JSON/],
    ['[]', 2, /^f:1: not a coverage summary/],
    ['{"a":{"lines":{}}}', 2, /^f:1: not a coverage summary: field "a\.lines\.total"/],
    ['{"total":{"lines":{"total":1,"covered":1},"branches":{"total":1,"covered":1}}}', 5, /no file was covered/],
  ] as const) {
    t.throws(() => parseC8(bad, 'f', '/', '2026-11-24T03:00:00.000Z'), { exit, message }, bad);
  }
});

t.test('a folder is read for all that it holds, each by its name', async (t) => {
  const meta = {
    schema: 1,
    target: 'http1-request',
    signature: 'v1:00ff',
    kind: 'exception',
    errorClass: 'TypeError',
    message: 'x',
    frames: ['core/a.ts:f'],
    stack: '',
    reproduced: '5/5',
    status: 'open',
    seed: 1,
    firstSeen: '2026-11-24T03:00:00.000Z',
    node: 'v20.20.2',
    input: { bytes: 3, sha256: '' },
  };
  const folder = t.testdir({
    'v1-00ff': { 'meta.json': JSON.stringify(meta), 'input.bin': 'abc' },
    broken: { 'meta.json': '{"schema":1}' },
    'a.tap': SAMPLE,
  });
  const bundle = join(folder, 'v1-00ff');
  const [file = ''] = await findResults([bundle]);
  const report = foldReport([await readInput(file)]);
  t.match(report.findings, [
    { key: 'crash v1:00ff', excerpt: '616263', inputBytes: 3, repro: `npx aeronet replay ${bundle}` },
  ]);
  t.match(decideGate(report), { verdict: 'fail', findings: [{ class: 'new-crash' }] });
  await t.rejects(readInput(join(folder, 'broken', 'meta.json')), {
    exit: 2,
    message: /meta\.json:1: not a crash bundle: field "target"/,
  });
  t.equal((await readInput(join(folder, 'a.tap'))).events.length, 8);
  await t.rejects(readInput(join(folder, 'none.tap')), { exit: 2, message: /^Cannot read ".*none\.tap"/ });
});
