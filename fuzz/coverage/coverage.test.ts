/** What corpora reach, what they lost, and the ratchet: what the committed corpus reaches of the core today it reaches tomorrow. */
import t from 'tap';
import { CoverageEvent } from '../../reports/schema.ts';
import { corpusCoverage } from '../campaign/corpus-coverage.ts';
import { builtTree } from '../campaign/locations.ts';
import { targetNames } from '../engines/load-target.ts';
import { watchCodes } from './code-registry.ts';
import { coverageEvents } from './coverage-events.ts';
import { lostAgainst, rangesOf } from './lost.ts';
import { type CoverageSummary, partsOf, percentOf } from './summary.ts';

t.test('watchCodes() counts errors that are made, and no mere listing of the codes', async (t) => {
  const CODES = { A: { rfc: '-', what: 'head' }, B: { rfc: '-', what: 'field' } };
  const module = { CODES, CALLER_CODES: { C: 'a sentence', D: 'another' }, limits: { E: 'none' }, CODES_BY: undefined };
  const watch = watchCodes(module);
  t.same(watch.all, ['A', 'B', 'C', 'D']);
  t.equal(Object.entries(CODES).find(([code]) => code === 'B')?.[1].rfc, '-');
  t.same(watch.take(), [], 'whoever lists the codes makes no error');
  t.equal(`${CODES.B.what} ${module.CALLER_CODES.C}`, 'field a sentence');
  t.same(watch.take(), ['B', 'C']);
  t.same(watch.take(), []);
});

const SOURCE = ['function a() {', '  one();', '}', '', 'function b() {', '  two();', '}'];

/** A file of which those lines ran, each line a branch too. */
function file(source: readonly string[], ran: readonly string[]) {
  const lines = source.map((text, index) => ({ line: index + 1, column: 0, ran: ran.includes(text.trim()) }));
  return { path: 'a.ts', lines, branches: lines };
}

function summaryOf(parts: ReturnType<typeof partsOf>, reached: string[], never: string[]): CoverageSummary {
  const share = { total: 0, covered: 0 };
  const ran = (list: typeof parts.lines) => list.flatMap((part) => (part.ran ? [part.key] : []));
  const files = {
    'a.ts': { lines: share, branches: share, covered: ran(parts.lines), coveredBranches: ran(parts.branches) },
  };
  return { schema: 1, lines: share, branches: share, files, targets: {}, codes: { reached, never } };
}

t.test('what is lost is what is still there and ran before; an edit elsewhere loses nothing', async (t) => {
  const all = SOURCE.map((text) => text.trim());
  const base = summaryOf(partsOf(file(SOURCE, all), SOURCE.join('\n')), ['A', 'B'], []);
  const edited = ['// new', 'function c() {', '  three();', '}', '', ...SOURCE];
  const rows: [string, readonly string[], readonly string[], string][] = [
    ['nothing', SOURCE, all, ''],
    ['two lines', SOURCE, ['function a() {', 'one();', '}'], '5-6'],
    ['after an edit above', edited, all, ''],
    ['one line after an edit above', edited, all.filter((text) => text !== 'two();'), '11'],
    ['what was removed', SOURCE.slice(0, 4), all, ''],
  ];
  for (const [name, source, ran, lines] of rows) {
    const now = file(source, ran);
    const lost = lostAgainst(base, summaryOf(partsOf(now, ''), ['A'], ['B', 'C']), [now], () => source.join('\n'));
    t.equal(rangesOf(lost.files.flatMap((one) => one.lines)), lines, name);
    t.same(lost.codes, ['B'], 'a code that is no longer reached, and no new one');
  }
  t.equal(rangesOf([9, 1, 2, 2, 3, 5]), '1-3, 5, 9');
  t.equal(percentOf({ total: 3, covered: 2 }), 66.66);
  t.equal(percentOf({ total: 100_000, covered: 99_999 }), 99.99, 'never rounded up to all');
});

/** Percent of the lines of the sans-IO core that the committed corpus runs, at least: raise it as it grows. */
const LEAST_LINES = 99;
/** Codes that no entry reaches and nobody has given a reason for, at most: lower it as seeds come. */
const MOST_CODES = 0;

t.test('the committed corpus reaches no fewer error codes and no fewer lines of the core than it did', async (t) => {
  const tree = builtTree();
  const { summary, unexplained, staleReasons, skipped } = await corpusCoverage({
    tree,
    corpus: 'corpus',
    targets: targetNames(tree),
    formats: [],
    hangMs: 5_000,
    signal: new AbortController().signal,
  });
  t.same(skipped, [], 'no target is left out');
  t.ok(
    unexplained.length <= MOST_CODES,
    `${unexplained.length} codes that no entry reaches: ${unexplained.join(', ')}`,
  );
  t.same(
    unexplained.filter((code) => /^(?:H1|H2|HPACK)_/.test(code)),
    [],
    'every code of both protocols is reached',
  );
  t.same(staleReasons, [], 'codes that are reached although there is a reason why they cannot be');
  const percent = percentOf(summary.lines);
  t.ok(percent >= LEAST_LINES, `${percent} % of the lines of the sans-IO core`);
  t.ok(
    Object.keys(summary.files).every((path) => /^core\/(?!io\/|server\/)/.test(path)),
    'nothing else is counted',
  );
});

t.test('what a replay reached becomes events that only the same inputs and the same text make again', async (t) => {
  const reached = {
    path: 'core/a.ts',
    lines: [
      { line: 1, ran: true },
      { line: 2, ran: false },
    ],
    branches: [{ line: 1, column: 0, ran: true }],
  };
  const octets = (text: string) => new TextEncoder().encode(text);
  const of = (source: string, ...inputs: readonly string[]) =>
    coverageEvents([reached], () => source, [{ target: 'x', inputs: inputs.map(octets) }]);
  const [lines, branches] = of('text', 'a', 'b');
  t.match(lines, { metric: 'lines', origin: 'replay', files: [{ path: 'core/a.ts', hit: 1, total: 2 }] });
  t.match(branches, { metric: 'branches', files: [{ hit: 1, total: 1 }] });
  t.same(of('text', 'b', 'a'), [lines, branches], 'in any order');
  t.not(of('text', 'a')[0]?.corpus, lines?.corpus, 'other inputs');
  t.not(of('other', 'a', 'b')[0]?.files[0]?.digest, lines?.files[0]?.digest, 'another text');
  for (const event of [lines, branches]) t.ok(CoverageEvent.safeParse(event).success);
});
