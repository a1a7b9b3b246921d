/**
 * Pull requests end to end: the real commands, as processes, on recorded results. `fixtures/pull-request` holds what three builds
 * of `server.mjs` got in full runs, cut down to the area of Host, and the shards of one such run of that area.
 */
import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { AERONET, RECORDED, repository, run } from './pull-request.test.data.ts';

/** What a pull request is judged by: results of its build against the base's results and expectations. */
const judged = (folder: string, results: string, ...more: readonly string[]) =>
  run(folder, AERONET, [
    'gate',
    results,
    '--expectations',
    'expected.jsonl',
    '--base',
    'base',
    '--base-expectations',
    'HEAD',
    ...more,
  ]);

const recorded = (name: string): string => join(RECORDED, `${name}.ndjson`);

t.test('a pull request that breaks one MUST fails, whatever it excuses', async (t) => {
  const folder = repository(t);
  const got = judged(folder, recorded('breaks'), '--out', 'report', '--format', 'md,junit,sarif,github,badge');
  t.equal(got.status, 1);
  t.match(got.stdout, /✖ h1\/host\/missing @cmd {2}MUST RFC9112#3\.2 {2}new failure/);
  t.match(got.stdout, /^gate: ✖ FAIL {2}3 new MUST failures · 45 known · 14 pass/m);
  t.match(JSON.parse(readFileSync(join(folder, 'report', 'gate.json'), 'utf8')), {
    verdict: 'fail',
    exit: 1,
    base: { found: true },
    findings: [{ key: 'h1/host/missing @cmd', base: 'pass 400 closed' }],
  });
  for (const [file, says] of [
    ['report.md', /### ✖ aeronet: FAIL/],
    ['junit.xml', / failures="3" /],
    ['report.sarif', /h1\/host\/missing @cmd/],
    ['annotations.txt', /^::error title=new failure%3A h1\/host\/missing @cmd::/],
    ['badge.json', /"message":"fail /],
  ] as const) {
    t.match(readFileSync(join(folder, 'report', file), 'utf8'), says, file);
  }
  const accepted = run(folder, AERONET, [
    'gate',
    'accept',
    recorded('breaks'),
    '--expectations',
    'expected.jsonl',
    '--case',
    'h1/host/missing*',
    '--reason',
    'nobody will notice',
    '--expires',
    'never',
  ]);
  t.equal(accepted.status, 0);
  const excused = judged(folder, recorded('breaks'));
  t.equal(excused.status, 1, 'excused by the very change that needs it');
  t.match(excused.stdout, /The base passes this case, it fails here, and this change excuses it/);
  t.equal(judged(folder, recorded('breaks'), '--allow-loosened').status, 0, 'unless that is what the change is about');
});

t.test('a pull request that fixes a known failure fails until the baseline is pruned', async (t) => {
  const folder = repository(t);
  const before = judged(folder, recorded('fixes'));
  t.equal(before.status, 1);
  t.match(before.stdout, /h1\/host\/twice-differing @cmd.* unexpected pass/);
  const known = readFileSync(join(folder, 'expected.jsonl'), 'utf8').split('\n').length;
  t.equal(run(folder, AERONET, ['gate', 'prune', recorded('fixes'), '--expectations', 'expected.jsonl']).status, 0);
  t.equal(readFileSync(join(folder, 'expected.jsonl'), 'utf8').split('\n').length, known - 9, 'nine lines are gone');
  const after = judged(folder, recorded('fixes'));
  t.match([after.status, after.stdout], [0, /gate: ✔ PASS/]);
  copyFileSync(recorded('fixes'), join(folder, 'base', 'results.ndjson'));
  t.equal(judged(folder, recorded('base')).status, 1, 'and what was fixed may not come back');
});

t.test('a pull request that only touches docs is green', async (t) => {
  const folder = repository(t);
  t.match(judged(folder, recorded('base')), { status: 0, stdout: /gate: ✔ PASS {2}45 known · 17 pass/ });
  const first = run(folder, AERONET, [
    'gate',
    recorded('base'),
    '--expectations',
    'expected.jsonl',
    '--base',
    'none',
    '--base-expectations',
    'HEAD',
  ]);
  t.match(first, { status: 0, stdout: /note: no results of the base/ }, 'also where the base has no results yet');
});

t.test('a pull request with a missing shard is inconclusive', async (t) => {
  const folder = repository(t);
  const [one, two] = [recorded('shard-1'), recorded('shard-2')];
  t.equal(run(folder, AERONET, ['merge', one, two, '--out', 'merged.ndjson']).status, 0);
  t.equal(judged(folder, 'merged.ndjson').status, 0, 'both shards');
  t.match(run(folder, AERONET, ['merge', one, '--out', 'half.ndjson']), { status: 5, stderr: /missing: shard 2 of 2/ });
  for (const half of ['half.ndjson', one]) {
    t.match(
      judged(folder, half),
      { status: 5, stdout: /gate: \? INCONCLUSIVE {2}1 incomplete run/ },
      half === one ? 'as it is' : 'merged',
    );
  }
  copyFileSync(one, join(folder, 'again.ndjson'));
  t.match(
    judged(folder, one, 'again.ndjson'),
    { status: 2, stderr: /again\.ndjson:1: shard 1\/2 is already at/ },
    'one shard twice',
  );
});
