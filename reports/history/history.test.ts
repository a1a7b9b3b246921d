import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { foldReport } from '../fold.ts';
import { decideGate } from '../gate/decide.ts';
import { benchEvent, caseEvent, findingEvent, fuzzStats, runEnd, runStart } from '../sample.test.data.ts';
import type { ReportEvent } from '../schema.ts';
import { bisectCommand } from './bisect.ts';
import { compareReports, failingSince } from './compare.ts';
import { entryName, type HistoryEntry, historyEntry } from './entry.ts';
import { addToHistory, HISTORY_LIMITS, readHistory } from './store.ts';

const fold = (...events: readonly ReportEvent[]) =>
  foldReport([{ name: 'r.ndjson', events: [runStart(), ...events, runEnd()] }]);

function entry(day: number, failing: readonly string[], full: readonly string[] = ['core']): HistoryEntry {
  const at = new Date(Date.UTC(2026, 0, 1) + day * 86_400_000).toISOString();
  return { schema: 1, startedAt: at, label: 'x', verdict: 'fail', figures: {}, failing: [...failing], full: [...full] };
}

t.test('a run is summed up in figures and keys', async (t) => {
  const report = fold(
    caseEvent('h1/a/good'),
    caseEvent('h1/a/bad', { verdict: 'fail' }),
    findingEvent(),
    fuzzStats({ executions: 1_000, elapsedMs: 2_000 }),
    benchEvent(1.5),
  );
  t.match(historyEntry(report, decideGate(report)), {
    startedAt: '2026-11-24T03:00:00.000Z',
    label: 'conformance: core, http1-request',
    verdict: 'fail',
    figures: { 'fail the gate': 2, 'in order': 1, 'execs/s http1-request': 500, 'edges http1-request': 138 },
    failing: ['crash v1:4f1c9a02be77d013', 'h1/a/bad @core'],
    full: ['core', 'http1-request'],
  });
});

t.test('the store keeps one file a run, the newest ones, and nothing that is not its own is touched', async (t) => {
  const folder = join(t.testdir(), 'history');
  t.same(readHistory(folder), [], 'a folder that is not there is empty');
  for (const day of [3, 1, 2, 2]) addToHistory(folder, entry(day, []));
  writeFileSync(join(folder, 'notes.txt'), 'mine');
  t.same(
    readHistory(folder).map(({ startedAt }) => startedAt.slice(8, 10)),
    ['02', '03', '04'],
  );
  for (let day = 10; day < 10 + HISTORY_LIMITS.runs; day += 1) addToHistory(folder, entry(day, []));
  const kept = readHistory(folder);
  t.equal(kept.length, HISTORY_LIMITS.runs);
  t.equal(kept[0]?.startedAt, entry(10, []).startedAt, 'the oldest went');
  t.equal(readdirSync(folder).length, HISTORY_LIMITS.runs + 1, 'and the note is there, and no draft');
});

t.test('a broken entry, and a folder that is none, are told with path and fix', async (t) => {
  const folder = t.testdir({ file: '' });
  writeFileSync(join(folder, entryName(entry(1, []))), '{"schema":2}');
  t.throws(() => readHistory(folder), { exit: 2, message: /20260102T000000000Z-[0-9a-f]{8}\.json: .*delete the file/ });
  t.throws(() => addToHistory(join(folder, 'file', 'below'), entry(1, [])), {
    exit: 2,
    message: /^Cannot write the history/,
  });
  t.throws(() => readHistory(join(folder, 'file')), { exit: 2, message: /^Cannot read the history/ });
});

t.test('two runs are compared case by case', async (t) => {
  const before = fold(
    caseEvent('h1/a/same'),
    caseEvent('h1/a/worse'),
    caseEvent('h1/a/better', { verdict: 'fail' }),
    caseEvent('h1/a/changed', { verdict: 'fail', signature: '200 open' }),
    caseEvent('h1/a/gone'),
    findingEvent(),
  );
  const now = fold(
    caseEvent('h1/a/same'),
    caseEvent('h1/a/worse', { verdict: 'hang' }),
    caseEvent('h1/a/better'),
    caseEvent('h1/a/changed', { verdict: 'fail', signature: '200 closed' }),
    caseEvent('h1/a/new'),
    caseEvent('h1/a/same', { target: 'nginx' }),
    findingEvent({ status: 'fixed' }),
  );
  t.same(compareReports(now, before, 'before'), {
    name: 'before',
    same: 1,
    rows: [
      { key: 'h1/a/worse @core', before: 'pass', after: 'hang', change: 'worse' },
      { key: 'h1/a/changed @core', before: 'fail, 200 open', after: 'fail, 200 closed', change: 'other' },
      { key: 'h1/a/new @core', before: '–', after: 'pass', change: 'added' },
      { key: 'h1/a/gone @core', before: 'pass', after: '–', change: 'gone' },
      { key: 'crash v1:4f1c9a02be77d013', before: 'open', after: 'fixed', change: 'better' },
      { key: 'h1/a/better @core', before: 'fail, 400, then FIN', after: 'pass', change: 'better' },
    ],
  });
});

t.test('the history says since when a case fails; runs that did not run it say nothing', async (t) => {
  const key = 'h1/a/b @core';
  const [one, two, three, four] = [1, 2, 3, 4].map((day) => entry(day, []).startedAt);
  const rows: readonly (readonly [history: readonly HistoryEntry[], expected: unknown])[] = [
    [[], []],
    [[entry(1, [])], []],
    [[entry(1, [key])], [{ key, first: one }]],
    [[entry(1, []), entry(2, [key]), entry(3, [key])], [{ key, first: two, lastGood: one }]],
    [[entry(1, [key]), entry(2, []), entry(3, [key])], [{ key, first: three, lastGood: two }]],
    [[entry(1, [key]), entry(2, [], ['nginx']), entry(4, [key])], [{ key, first: one }]],
    [[entry(1, []), entry(2, [], []), entry(4, [key])], [{ key, first: four, lastGood: one }]],
  ];
  for (const [history, expected] of rows) t.same(failingSince([{ key }], history), expected);
});

t.test('a crash is looked up by its fuzz target, and both ends have their commit', async (t) => {
  const [key, target, good, bad] = ['crash v1:4f1c9a02be77d013', 'http1-request', 'a'.repeat(40), 'b'.repeat(40)];
  const history = [
    { ...entry(1, [], [target]), revision: good },
    { ...entry(2, [], ['core']), revision: 'c'.repeat(40) },
    { ...entry(3, [key], [target]), revision: bad },
  ];
  const [since] = failingSince([{ key, target }], history);
  t.match(since, { lastGood: history[0]?.startedAt, lastGoodRevision: good, firstRevision: bad });
  const begins = `git bisect start ${bad} ${good} && git bisect run sh -c `;
  for (const [over, repro, expected] of [
    [{}, 'npx x', `${begins}'npm ci && npm run build || exit 125; npx x'`],
    [{}, "npx x 'a b'", `${begins}'npm ci && npm run build || exit 125; npx x '\\''a b'\\'''`],
    [{ lastGoodRevision: '' }, 'npx x', ''],
    [{ lastGoodRevision: bad }, 'npx x', ''],
    [{ firstRevision: '$(touch x)' }, 'npx x', ''],
  ] as const) {
    t.equal(bisectCommand({ key, first: '', firstRevision: bad, lastGoodRevision: good, ...over }, repro), expected);
  }
});
