/** Expectations files as people keep them: accept adds, prune takes away, check explains; and shards that are put together. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { caseEvent, findingEvent, runEnd, runStart } from '../../reports/sample.test.data.ts';
import type { ReportEvent, Shard } from '../../reports/schema.ts';
import { gateCommand } from './gate.ts';
import { runInProcess } from './in-process.test.data.ts';
import { mergeCommand } from './merge.ts';

const run = (...args: readonly string[]) => runInProcess([gateCommand, mergeCommand], args);
const ndjson = (events: readonly ReportEvent[]): string => events.map((event) => `${JSON.stringify(event)}\n`).join('');
const results = (...events: readonly ReportEvent[]): string => ndjson([runStart(), ...events, runEnd()]);
const failing = (id: string) => caseEvent(id, { verdict: 'fail', signature: '200 open', actual: '200' });
const line = (key: string, over: object = {}): string =>
  `${JSON.stringify({ key, expect: 'fail', reason: 'because', ...over })}\n`;
const EXCUSE = ['--reason', 'it is old', '--expires', '2027-01-01'];

t.test('aeronet gate accept only adds lines, in their places, and the gate passes then', async (t) => {
  const before = `${line('h1/a/known @core')}${line('h1/z/last @core', { owner: '@net' })}`;
  const folder = t.testdir({
    'r.ndjson': results(failing('h1/a/known'), failing('h1/b/new'), failing('h1/c/other'), failing('h1/z/last')),
    'e.jsonl': before,
  });
  const [file, known] = [join(folder, 'r.ndjson'), join(folder, 'e.jsonl')];
  const accept = (...args: readonly string[]) => run('gate', 'accept', file, '--expectations', known, ...args);
  const dry = await accept('--case', 'h1/b/*', ...EXCUSE, '--dry-run');
  t.equal(dry.exit, 0);
  t.equal(readFileSync(known, 'utf8'), before, '--dry-run writes nothing');
  const done = await accept('--case', 'h1/b/*', ...EXCUSE, '--owner', '@net', '--issue', '#7');
  const added = `{"key":"h1/b/new @core","expect":"fail","level":"MUST","signature":"200 open","reason":"it is old","issue":"#7","owner":"@net","added":"2026-11-24","expires":"2027-01-01"}\n`;
  t.equal(done.out, added);
  const [first = '', second = ''] = before.split(/(?<=\n)/);
  t.equal(readFileSync(known, 'utf8'), first + added + second, 'the other lines are the same octets');
  t.equal((await run('gate', file, '--expectations', known)).exit, 1, 'the other failure is still new');
  t.equal((await accept('--all', ...EXCUSE)).exit, 0);
  t.equal((await run('gate', file, '--expectations', known)).exit, 0, 'and now nothing is');
  t.same(readdirSync(folder).sort(), ['e.jsonl', 'r.ndjson'], 'no drafts');

  const fresh = join(folder, 'fresh.jsonl');
  t.equal(
    (await run('gate', 'accept', file, '--expectations', fresh, '--all', ...EXCUSE)).exit,
    0,
    'a file that is not there',
  );
  t.equal(readFileSync(fresh, 'utf8').split('\n').length, 5);
});

t.test('aeronet gate accept says what it will not do', async (t) => {
  const crash = caseEvent('h1/a/crash', { verdict: 'crash' });
  const folder = t.testdir({
    'r.ndjson': results(failing('h1/a/changed'), failing('h1/a/new'), crash),
    'f.ndjson': ndjson([runStart({ producer: 'fuzz' }), findingEvent(), runEnd()]),
    'url.ndjson': results(caseEvent('h1/a/b', { target: 'url', verdict: 'fail' })),
    'e.jsonl': line('h1/a/changed @core', { signature: '404 open' }),
    'bad.jsonl': '{\n',
  });
  const at = (name: string) => join(folder, name);
  const rows: readonly (readonly [string, readonly string[], RegExp])[] = [
    ['nothing named', ['r.ndjson', ...EXCUSE], /Name what is meant with --case <key>, or --all/],
    ['no reason', ['r.ndjson', '--all', '--expires', 'never'], /'--reason <text>' not specified/],
    ['no end', ['r.ndjson', '--all', '--reason', 'x'], /'--expires <day>' not specified/],
    [
      'no day',
      ['r.ndjson', '--all', '--reason', 'x', '--expires', '2027-02-30'],
      /"2027-02-30" is no day: write YYYY-MM-DD/,
    ],
    ['over', ['r.ndjson', '--all', '--reason', 'x', '--expires', '2026-11-01'], /is over on 2026-11-24/],
    ['too long', ['r.ndjson', '--all', '--reason', 'x', '--expires', '2029-01-01'], /at most 366, or never/],
    [
      'an entry that is there',
      ['r.ndjson', '--case', 'h1/a/changed', ...EXCUSE],
      /h1\/a\/changed @core: has an entry at .*e\.jsonl:1, which only a person may change/,
    ],
    ['nothing of that name', ['r.ndjson', '--case', 'h1/none', ...EXCUSE], /No failure without an entry is named/],
    ['a crash without an issue', ['r.ndjson', '--case', 'h1/a/crash', ...EXCUSE], /is a crash: it needs --issue/],
    ['a crash of a fuzz target', ['f.ndjson', '--case', 'crash v1:*', ...EXCUSE], /is a crash: it needs --issue/],
    [
      'an empty reason',
      ['r.ndjson', '--case', 'h1/a/new', '--reason', ' ', '--expires', 'never'],
      /field "reason": must not be empty/,
    ],
  ];
  for (const [name, [file = '', ...args], message] of rows) {
    const before = readFileSync(at('e.jsonl'), 'utf8');
    const got = await run('gate', 'accept', at(file), '--expectations', at('e.jsonl'), ...args);
    t.equal(got.exit, 2, name);
    t.match(got.err, message, `${name}: message`);
    t.equal(readFileSync(at('e.jsonl'), 'utf8'), before, `${name}: nothing is written`);
  }
  t.match(await run('gate', 'accept', at('url.ndjson'), '--all', ...EXCUSE), {
    exit: 2,
    err: /of no subject with a file: give --expectations/,
  });
  t.match(await run('gate', 'accept', at('r.ndjson'), '--expectations', at('bad.jsonl'), '--all', ...EXCUSE), {
    exit: 2,
    err: /bad\.jsonl:1: not a JSON object/,
  });
});

t.test('aeronet gate prune only takes lines away, and only where a full run has shown it', async (t) => {
  const lines = [
    line('h1/a/fixed @core'),
    line('h1/a/gone @core'),
    line('h1/a/late @core', { expires: '2026-11-01' }),
    line('h1/a/open @core'),
    line('h1/a/other @edge'),
  ];
  const events = [caseEvent('h1/a/fixed'), caseEvent('h1/a/late'), failing('h1/a/open')];
  const folder = t.testdir({
    'full.ndjson': results(...events),
    'part.ndjson': ndjson([runStart({ scope: 'filtered' }), ...events, runEnd()]),
    'e.jsonl': lines.join(''),
  });
  const known = join(folder, 'e.jsonl');
  const part = await run('gate', 'prune', join(folder, 'part.ndjson'), '--expectations', known);
  t.match(part, { exit: 0, out: '', err: /1 more passed in a filtered run, which is not enough/ });
  t.equal(readFileSync(known, 'utf8'), lines.join(''));
  const file = join(folder, 'full.ndjson');
  t.equal((await run('gate', file, '--expectations', known)).exit, 1);
  const dry = await run('gate', 'prune', file, '--expectations', known, '--dry-run');
  t.equal(dry.out, 'h1/a/fixed @core\nh1/a/gone @core\nh1/a/late @core\n');
  t.equal(readFileSync(known, 'utf8'), lines.join(''), '--dry-run writes nothing');
  t.equal((await run('gate', 'prune', file, '--expectations', known)).exit, 0);
  t.equal(readFileSync(known, 'utf8'), lines.slice(3).join(''), 'what is left is the same octets');
  t.equal((await run('gate', file, '--expectations', known)).exit, 0);
});

t.test('aeronet gate check holds files to their days, and explains what results make of them', async (t) => {
  const folder = t.testdir({
    'r.ndjson': results(failing('h1/a/new'), failing('h1/a/known')),
    'e.jsonl': line('h1/a/known @core', { expires: '2026-11-30' }),
    'bad.jsonl': `${line('h1/b @core')}${line('h1/a @core')}`,
  });
  const known = ['--expectations', join(folder, 'e.jsonl')];
  t.match(await run('gate', 'check', ...known, '--today', '2026-11-24'), {
    exit: 0,
    out: /ends on 2026-11-30, in 6 d\n1 entries in 1 files: 0 expired/,
  });
  t.match(await run('gate', 'check', ...known, '--today', '2026-12-01'), {
    exit: 1,
    out: /e\.jsonl:1: "h1\/a\/known @core" ended on/,
  });
  t.match(await run('gate', 'check', '--expectations', join(folder, 'bad.jsonl')), {
    exit: 2,
    err: /bad\.jsonl:2: "h1\/a @core" is out of order/,
  });
  t.equal((await run('gate', 'check', '--today', '2026-11-25')).exit, 0, "the bench's own files");

  const all = await run('gate', 'check', join(folder, 'r.ndjson'), ...known);
  t.equal(all.exit, 1, 'with results, the verdict');
  t.match(
    all.out,
    /h1\/a\/new @core\n {4}seen +fail: 200\n {4}want .*\n {4}entry +none in .*e\.jsonl\n {4}table +row "fail MUST", column "none"\n {4}so +new-failure: it fails the gate\n/,
  );
  t.match(all.out, /fix +mend it, or: aeronet gate accept <results> --case 'h1\/a\/new @core'/);
  t.match(
    all.out,
    /h1\/a\/known @core\n(.*\n)*? {4}entry +.*e\.jsonl:1, until 2026-11-30 \(6 d from 2026-11-24\)\n {4}reason because\n/,
  );
  const one = await run('gate', 'check', join(folder, 'r.ndjson'), ...known, '--case', 'h1/a/known');
  t.notMatch(one.out, 'h1/a/new');
  const ruled = await run('gate', join(folder, 'r.ndjson'), ...known, '--explain', '--rule', 'must=warn');
  t.match(ruled, { exit: 0, out: / {4}rule +must=warn\n {4}so +new-failure: it only warns/ }, '--explain');
});

t.test('aeronet gate holds a change against its base', async (t) => {
  const folder = t.testdir({
    'head.ndjson': results(failing('h1/a/b'), caseEvent('h1/a/c')),
    'same.ndjson': results(failing('h1/a/b'), caseEvent('h1/a/c')),
    'good.ndjson': results(caseEvent('h1/a/b'), caseEvent('h1/a/c')),
    'empty.ndjson': '',
    'foreign.ndjson': 'hello\n',
    'old.jsonl': '',
    repo: { 'e.jsonl': '' },
  });
  const at = (name: string) => join(folder, name);
  const known = join(folder, 'repo', 'e.jsonl');
  const gate = (...args: readonly string[]) => run('gate', at('head.ndjson'), '--expectations', known, ...args);
  t.match(await gate('--base', at('same.ndjson')), { exit: 0, out: /1 failure that the base has too/ });
  t.equal((await gate('--base', at('good.ndjson'))).exit, 1);
  for (const none of ['none.ndjson', 'empty.ndjson']) {
    t.match(await gate('--base', at(none)), { exit: 1, out: /note: no results of the base/ }, none);
  }
  t.match(await gate('--base', at('foreign.ndjson')), { exit: 2, err: /foreign\.ndjson:1: not JSON/ });

  const git = (...args: readonly string[]) =>
    execFileSync('git', ['-C', join(folder, 'repo'), ...args], { stdio: 'pipe' });
  git('init', '--quiet');
  git('add', 'e.jsonl');
  git('-c', 'user.name=t', '-c', 'user.email=t@example.org', 'commit', '--quiet', '-m', 'base');
  writeFileSync(known, line('h1/a/b @core'));
  for (const base of ['HEAD', at('old.jsonl')]) {
    const excused = await gate('--base-expectations', base, '--base', at('good.ndjson'));
    t.match(excused, { exit: 1, out: /loosened here(.*\n)*.*The base passes this case, it fails here/ }, base);
    t.match(
      await gate('--base-expectations', base),
      { exit: 0, out: /1 expectation loosened here/ },
      `${base}: listed`,
    );
    t.equal((await gate('--base-expectations', base, '--base', at('good.ndjson'), '--allow-loosened')).exit, 0);
  }
  t.match(await gate('--base-expectations', 'no-such-rev'), {
    exit: 2,
    err: /"no-such-rev" is neither a file nor a revision/,
  });
  t.equal((await gate('--base-expectations', '--output=x')).exit, 2, 'no option of git');
  t.match(await gate('--rules', at('none.json')), { exit: 2, err: /Cannot read rules ".*none\.json"/ });
  t.match(await gate('--rule', 'most=warn'), { exit: 2, err: /aeronet: --rule: "most=warn": write must/ });
});

t.test('aeronet merge puts shards together, says which are missing, and refuses one that is there twice', async (t) => {
  const shard = (index: number, ...events: readonly ReportEvent[]) => {
    const part: Shard = { index, total: 3, set: '0123456789abcdef' };
    return ndjson([runStart({ shard: part }), ...events, runEnd()]);
  };
  const folder = t.testdir({
    1: { 'r.ndjson': shard(1, caseEvent('h1/a/1')) },
    2: { 'r.ndjson': shard(2, caseEvent('h1/a/2')) },
    3: { 'r.ndjson': shard(3) },
    again: { 'r.ndjson': shard(2, caseEvent('h1/a/9')) },
    cut: { 'r.ndjson': shard(3).split('\n').slice(0, 1).join('\n') },
    plain: { 'a.ndjson': results(failing('h1/a/b')), 'b.ndjson': results(caseEvent('h1/a/b')) },
  });
  const [one = '', two = '', three = ''] = ['1', '2', '3'].map((name) => join(folder, name));
  const out = join(folder, 'out.ndjson');
  const merged = await run('merge', one, two, three, '-o', out);
  t.match(merged, { exit: 0, out: `${out}\n`, err: '' });
  t.equal((await run('gate', out, '--expectations', '/dev/null')).exit, 0);
  t.equal((await run('gate', one, two, three, '--expectations', '/dev/null')).exit, 0, 'the gate does so by itself');

  t.match(await run('merge', one, three, '-o', out), { exit: 5, err: 'missing: shard 2 of 3\n' });
  t.match(await run('gate', out, '--expectations', '/dev/null'), { exit: 5, out: /No results of shard 2 of 3/ });
  t.match(await run('merge', one, two, join(folder, 'cut'), '-o', out), {
    exit: 5,
    err: /incomplete: its run-end is missing/,
  });
  const twice = join(folder, 'twice.ndjson');
  const refused = await run('merge', one, two, join(folder, 'again'), three, '-o', twice);
  t.match(refused, {
    exit: 2,
    err: /^aeronet: .*again\/r\.ndjson:1: shard 2\/3 is already at .*2\/r\.ndjson:1; keep one of the two\n$/,
  });
  t.notOk(existsSync(twice), 'and nothing is written');
  t.equal((await run('gate', two, join(folder, 'again'))).exit, 2);

  t.match(await run('merge', join(folder, 'plain'), '-o', out), {
    exit: 0,
    err: /1 cases were judged in more than one input/,
  });
  t.equal((await run('gate', out, '--expectations', '/dev/null')).exit, 0, 'the later one counts');
});
