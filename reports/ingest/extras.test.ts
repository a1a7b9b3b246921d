import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { foldReport } from '../fold.ts';
import { decideGate } from '../gate/decide.ts';
import { caseEvent, findingEvent, fuzzStats, runEnd, runStart } from '../sample.test.data.ts';
import type { ReportEvent } from '../schema.ts';
import { EVIDENCE_LIMITS, readEvidence } from './evidence.ts';
import { readFuzzSeries } from './fuzz-series.ts';
import { parseMatrix } from './matrix.ts';

const base64 = (text: string): string => Buffer.from(text, 'latin1').toString('base64');

/** Saves a transcript as `conform` does, below a folder. */
function save(out: string, folder: string, entries: readonly unknown[]): void {
  mkdirSync(join(out, folder), { recursive: true });
  writeFileSync(join(out, folder, 'transcript.json'), JSON.stringify({ case: 'x', target: 'y', entries }));
}

function read(out: string, events: readonly ReportEvent[]) {
  const report = foldReport([{ name: join(out, 'results.ndjson'), events: [runStart(), ...events, runEnd()] }]);
  return readEvidence(report, decideGate(report), out);
}

const failing = (id: string, evidence: string) => caseEvent(id, { verdict: 'fail', evidence });

t.test('the octets of a case come from the folder that its result names', async (t) => {
  const out = t.testdir();
  save(out, 'cases/core/h1-a-b', [
    { atMs: 0.1, note: 'connected' },
    { atMs: 0.2, direction: 'sent', base64: base64('GET / HTTP/1.1\r\n\0') },
    { atMs: 1.5, direction: 'received', base64: base64('HTTP/1.1 400\r\n') },
  ]);
  writeFileSync(join(out, 'cases/core/h1-a-b/output.txt'), 'Segmentation fault');
  const { evidence, note } = read(out, [failing('h1/a/b', 'cases/core/h1-a-b'), caseEvent('h1/a/c')]);
  t.equal(note, '');
  const { entries = [], cut, output } = evidence.get('h1/a/b @core') ?? {};
  t.same(
    entries.map((entry) => [entry.atMs, entry.direction, Buffer.from(entry.octets).toString('latin1'), entry.note]),
    [
      [0.1, 'note', '', 'connected'],
      [0.2, 'sent', 'GET / HTTP/1.1\r\n\0', undefined],
      [1.5, 'received', 'HTTP/1.1 400\r\n', undefined],
    ],
  );
  t.same([cut, output], [0, 'Segmentation fault']);
});

t.test('a crash shows its minimised input', async (t) => {
  const out = t.testdir({ crash: { 'input.bin': 'a long input', 'input.min.bin': 'ab' } });
  const { evidence } = read(out, [findingEvent({ bundle: 'crash' })]);
  t.equal(Buffer.from(evidence.get('crash v1:4f1c9a02be77d013')?.entries[0]?.octets ?? []).toString(), 'ab');
});

t.test('what is not evidence is passed over, and said', async (t) => {
  const out = t.testdir({ results: {}, elsewhere: {} });
  save(out, 'elsewhere', [{ atMs: 0, direction: 'sent', base64: base64('secret') }]);
  const inside = join(out, 'results');
  symlinkSync(join(out, 'elsewhere'), join(inside, 'link'));
  mkdirSync(join(inside, 'odd'));
  mkdirSync(join(inside, 'cut'));
  writeFileSync(join(inside, 'odd', 'transcript.json'), '{"entries":[{"atMs":"soon"}]}');
  writeFileSync(join(inside, 'cut', 'transcript.json'), '{"entries":[{"at');
  for (const folder of ['../elsewhere', join(out, 'elsewhere'), 'link', 'odd', 'cut', 'nowhere', '\0']) {
    const { evidence, note } = read(inside, [failing('h1/a/b', folder)]);
    t.equal(evidence.size, 0, JSON.stringify(folder));
    t.match(note, 'the octets of 1 case are not where');
  }
});

t.test('a report carries so much, what decides it first', async (t) => {
  const out = t.testdir();
  const { caseBytes, reportBytes } = EVIDENCE_LIMITS;
  const big = [{ atMs: 0, direction: 'sent', base64: base64('x'.repeat(caseBytes + 5)) }];
  save(out, 'big', big);
  const fit = Math.ceil(reportBytes / caseBytes);
  const { evidence, note } = read(out, [
    ...Array.from({ length: fit + 2 }, (_, index) => caseEvent(`h1/a/${index}`, { verdict: 'warn', evidence: 'big' })),
    failing('h1/z/z', 'big'),
  ]);
  t.equal(evidence.get('h1/z/z @core')?.cut, 5);
  t.equal(evidence.size, fit);
  t.match(note, 'the octets of 3 cases are left out: a report carries 8 MiB');
});

t.test('the series of a fuzz target is that of its last campaign, thinned', async (t) => {
  const line = (start: number, runS: number): string =>
    JSON.stringify({
      start_time: start,
      run_time: runS,
      execs_per_sec: 100,
      edges_found: runS,
      corpus_count: 1,
      afl_banner: 'x',
    });
  const lines = [line(1, 5), line(1, 6), '{"start_time":2,', ...Array.from({ length: 1_000 }, (_, at) => line(2, at))];
  const out = t.testdir({ fuzz: { 'http1-request': { 'stats.ndjson': lines.join('\n') } } });
  const events = [
    runStart({ producer: 'fuzz' }),
    fuzzStats(),
    fuzzStats({ target: '../fuzz/http1-request' }),
    runEnd(),
  ];
  const series = readFuzzSeries(foldReport([{ name: join(out, 'fuzz.ndjson'), events }]));
  t.same([series.length, series[0]?.points[0]?.runS, series[0]?.points.at(-1)?.runS], [1, 0, 999]);
  t.ok((series[0]?.points.length ?? 999) <= 301);
});

t.test('the matrix is read line by line', async (t) => {
  const row = {
    rfc: 'rfc9112',
    level: 'MUST',
    sentences: 9,
    server: 6,
    observable: 5,
    byCase: 4,
    byCheck: 1,
    byReason: 1,
  };
  const sentence = { id: 'rfc9112:1:1', level: 'MUST', binds: 'server', says: 'so it is', answer: 'check', cases: [] };
  const lines = [
    { kind: 'coverage', ...row },
    { kind: 'requirement', ...sentence, oracles: ['an-oracle'], checks: ['core/a.ts'], observable: false },
    { kind: 'of another version' },
  ];
  const text = `${lines.map((line) => JSON.stringify(line)).join('\n')}\n`;
  t.same(parseMatrix(text, 'm.ndjson'), {
    matrix: [row],
    requirements: [{ ...sentence, checks: ['an-oracle', 'core/a.ts'], why: '' }],
  });
  t.throws(() => parseMatrix('{"kind":"coverage"}', 'm.ndjson'), { exit: 2, message: /^m\.ndjson:1: rfc: / });
  t.throws(() => parseMatrix('{"kind":"requirement","id":7}', 'm.ndjson'), { exit: 2, message: /^m\.ndjson:1: id: / });
  t.throws(() => parseMatrix(`${text}nonsense`, 'm.ndjson'), {
    exit: 2,
    message: /^m\.ndjson:4: this line is no JSON/,
  });
});
