import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { caseEvent, runEnd, runStart } from '../../reports/sample.test.data.ts';
import type { CaseEvent, ReportEvent } from '../../reports/schema.ts';
import { gateCommand } from './gate.ts';
import { runInProcess } from './in-process.test.data.ts';
import { FORMAT_NAMES, knownFailures } from './judged-results.ts';
import { reportCommand } from './report.ts';

const run = (...args: readonly string[]) => runInProcess([gateCommand, reportCommand], args);

const ndjson = (events: readonly ReportEvent[]): string => events.map((event) => `${JSON.stringify(event)}\n`).join('');
const results = (...cases: readonly CaseEvent[]): string => ndjson([runStart(), ...cases, runEnd()]);
const FAILED = caseEvent('h1/a/known', { verdict: 'fail', actual: '200' });
const entry = (over: object = {}): string =>
  JSON.stringify({ key: 'h1/a/known @core', expect: 'fail', reason: 'because', ...over });

t.test('the exit code of aeronet gate is the verdict', async (t) => {
  const rows: readonly (readonly [string, string, string, number])[] = [
    ['passed', results(caseEvent('h1/a/b')), '', 0],
    ['a new failure', results(FAILED), '', 1],
    ['a known failure', results(FAILED), entry(), 0],
    ['a fixed failure whose entry is still there', results(caseEvent('h1/a/known')), entry(), 1],
    ['a stale entry', results(caseEvent('h1/a/b')), entry(), 1],
    ['a run without its end', ndjson([runStart(), caseEvent('h1/a/b')]), '', 5],
    ['an empty file', '', '', 5],
    ['a foreign file', '<testsuites/>\n', '', 2],
    ['expectations that are none', results(FAILED), '{"key":1}', 2],
    ['a line that was cut in the middle', `${results(FAILED).slice(0, 900)}\n${results(FAILED)}`, '', 2],
    [
      'mixed schema versions',
      results(FAILED) + ndjson([{ ...runStart(), schema: 2 } as unknown as ReportEvent]),
      '',
      2,
    ],
    ['expectations that are not sorted', results(FAILED), `${entry({ key: 'b @x' })}\n${entry({ key: 'a @x' })}`, 2],
    ['a key twice', results(FAILED), `${entry()}\n${entry()}`, 2],
    ['a day that there is not', results(FAILED), entry({ expires: '2027-02-30' }), 2],
  ];
  for (const [name, ndjsonText, lines, exit] of rows) {
    const folder = t.testdir({ 'results.ndjson': ndjsonText, 'expected.jsonl': lines });
    const out = join(folder, 'out');
    const got = await run('gate', folder, '--expectations', join(folder, 'expected.jsonl'), '--out', out, '-f', 'md');
    t.equal(got.exit, exit, name);
    t.equal(existsSync(out), exit !== 2 && ndjsonText !== '', `${name}: a whole report or none`);
    if (exit === 2)
      t.match(
        got.err,
        /^aeronet: .*(results\.ndjson|expected\.jsonl):\d+: [^\n]*\n$/,
        `${name}: one line with the place`,
      );
    if (exit < 2) t.match(got.out, /^gate: /m, `${name}: a summary`);
  }
});

t.test('aeronet gate says which subject has no known failures, and asks for the file of one that has', async (t) => {
  const notes: string[] = [];
  const subjects: Readonly<Record<string, { readonly expectations?: string }>> = {
    full: { expectations: 'x' },
    bare: {},
  };
  const files = knownFailures(
    ['full', 'bare', 'url', 'full'],
    (name) => subjects[name],
    (text) => notes.push(text),
  );
  t.same(files, ['x']);
  t.same(notes, ['bare has no file of known failures: every failure of it counts']);
  const missing = join(t.testdir({ 'r.ndjson': results(caseEvent('h1/a/b')) }), 'gone.jsonl');
  const named = await run('gate', join(missing, '..', 'r.ndjson'), '--expectations', missing);
  t.equal(named.exit, 2);
  t.match(named.err, 'gone.jsonl');
});

t.test('aeronet gate prints and writes the decision', async (t) => {
  const folder = t.testdir({ 'results.ndjson': results(FAILED) });
  const out = join(folder, 'deep', 'er');
  const got = await run(
    'gate',
    join(folder, 'results.ndjson'),
    '--json',
    '--expectations',
    '/dev/null',
    '-o',
    out,
    '-f',
    'md,junit',
  );
  t.match(JSON.parse(got.out), { verdict: 'fail', exit: 1 }, 'stdout is data');
  t.match(got.err, /^gate: ✖ FAIL/m, 'stderr has the summary');
  t.equal(readFileSync(join(out, 'gate.json'), 'utf8'), got.out);
  t.same(readdirSync(out).sort(), ['gate.json', 'junit.xml', 'report.md'], 'and no drafts');
  t.equal((await run('gate', folder, '--expectations', '/dev/null', '--json', '-q')).err, '', '--quiet');
  t.match(await run('gate', folder, '-f', 'md'), { exit: 2, err: /--format writes files here: add --out/ });
  const late = join(t.testdir({ 'r.ndjson': results(FAILED), 'e.jsonl': entry({ expires: '2026-11-30' }) }));
  const at = (day: string) =>
    run('gate', join(late, 'r.ndjson'), '--expectations', join(late, 'e.jsonl'), '--today', day);
  t.same([(await at('2026-11-30')).exit, (await at('2026-12-01')).exit, (await at('soon')).exit], [0, 1, 2], '--today');
});

t.test('the help names every format', async (t) => {
  const { FORMATS } = await import('../../reports/index.ts');
  t.equal(FORMAT_NAMES, Object.keys(FORMATS).join(', '));
});

t.test('aeronet report writes one format to stdout, or several into a folder', async (t) => {
  const folder = t.testdir({ 'results.ndjson': results(caseEvent('h1/a/b')) });
  t.match(await run('report', folder), { exit: 0, out: /^<!-- aeronet:core -->\n### ✔ aeronet: PASS/, err: '' });
  t.match(await run('report', folder, '-f', 'junit'), { exit: 0, out: /^<\?xml / });
  const out = join(folder, 'out');
  const all = await run('report', folder, '-f', 'md,html,junit,json', '-o', out);
  t.same(
    all.out.trimEnd().split('\n'),
    ['report.md', 'report.html', 'junit.xml', 'report.json'].map((name) => join(out, name)),
  );
  t.ok(
    all.out
      .trimEnd()
      .split('\n')
      .every((path) => existsSync(path)),
  );
  t.match(await run('report', folder, '-f', 'md,html'), { exit: 2, err: /Several formats at once need a folder/ });
  t.match(await run('report', folder, '-f', 'pdf'), {
    exit: 2,
    err: 'aeronet: Unknown format "pdf": give md, table, html, junit, sarif, json, github, badge, issues, text\n',
  });
  t.match(await run('report', folder, '-f', 'constructor'), { exit: 2, err: /Unknown format "constructor"/ });
  t.match(await run('report', join(folder, 'none')), { exit: 2, err: /^aeronet: Cannot read ".*none"/ });
});

t.test('a folder that cannot be written leaves nothing behind', async (t) => {
  const folder = t.testdir({ 'results.ndjson': results(caseEvent('h1/a/b')), file: '' });
  const taken = join(folder, 'taken');
  mkdirSync(join(taken, 'report.html'), { recursive: true });
  for (const out of [join(folder, 'file'), join(folder, 'file', 'below'), '/proc/none', '/proc/none/below']) {
    t.match(
      await run('report', folder, '-o', out),
      { exit: 2, err: /^aeronet: Cannot write to ".*" \(.*\): give another folder with --out\n$/ },
      out,
    );
  }
  t.equal((await run('report', folder, '-f', 'html', '-o', taken)).exit, 2);
  t.same(readdirSync(taken), ['report.html'], 'a name that a folder has taken');
});
