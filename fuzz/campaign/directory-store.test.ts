/** The store of a campaign, and the rules by which it gives turns. Processes are played by stores of their own. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import type { Find } from '../engines/engine.ts';
import { octetsOf } from '../engines/latin1-input.ts';
import type { FuzzError } from '../errors.ts';
import { type DirectoryStoreOptions, openDirectoryStore } from './directory-store.ts';
import { isAtPlateau, PLATEAU_RULE } from './plateau.ts';
import { openStatsLog } from './stats-log.ts';
import { type CampaignStore, NO_PROGRESS } from './store.ts';
import { endStream, extendStream, LEASE_MS, leaseStream, streamProgress } from './stream-files.ts';
import { openBook } from './target-book.ts';
import { nextTurn, sliceOf, weightOf } from './turns.ts';

/** A folder that ends with its test. */
function folder(t: { teardown(clean: () => void): void }): string {
  const path = mkdtempSync(join(tmpdir(), 'aeronet-store-'));
  t.teardown(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

function open(root: string, given: Partial<DirectoryStoreOptions> = {}) {
  const troubles: FuzzError[] = [];
  const store = openDirectoryStore({
    root,
    crashRoot: root,
    fresh: false,
    maxDiskBytes: 1_048_576,
    onFull: (error) => troubles.push(error),
    ...given,
  });
  return { store, troubles };
}

/** Everything that an interrupted write would leave. */
function halfWritten(root: string): string[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => /\.part$|\.reserve/.test(name));
}

const DONE = { ...NO_PROGRESS, build: 'b', executions: 100, workedMs: 5, edgesHit: 7 };
const FIND: Find = {
  input: octetsOf('BREW'),
  execution: 3,
  failure: {
    signature: 'v1:0123456789abcdef',
    kind: 'exception',
    errorClass: 'Error',
    message: 'teapot',
    frames: [],
    stack: '',
  },
};
const FACTS = { engine: 'aeronet', seed: 1, commit: 'unknown' };

t.test('two processes never have one stream; who ends gives it back with its progress', async (t) => {
  const root = folder(t);
  const [{ store: one }, { store: two }] = [open(root), open(root)];
  const mine = await one.lease('x');
  const theirs = await two.lease('x');
  t.match(
    [mine, theirs],
    [
      { stream: 0, opening: 0 },
      { stream: 1, opening: 0 },
    ],
  );
  t.ok(await one.extend(mine, DONE));
  t.same(await two.progressOfOthers('x'), [DONE]);
  await one.close();
  const again = await two.lease('x');
  t.match(again, { stream: 0, opening: 1, before: DONE }, 'another seed, the same count');
  t.equal(await one.extend(mine, DONE), false, 'who has given it back has no right to it');
  await two.close();
  const { store: anew } = open(root, { fresh: true });
  t.match(await anew.lease('x'), { stream: 0, opening: 0, before: NO_PROGRESS });
  t.same(await anew.progressOfOthers('x'), []);
  await anew.close();
  t.same(readdirSync(join(root, 'x/streams')).length, 2, 'a file for each stream and no more');
});

t.test('a lease ends with its process, elsewhere with its time, and its late owner is told', async (t) => {
  const streams = folder(t);
  const never = (): boolean => false;
  const first = leaseStream(streams, 'x', 1_000, never);
  t.equal(leaseStream(streams, 'x', 1_000 + LEASE_MS, never).stream, 1, 'its term lasts');
  const second = leaseStream(streams, 'x', 1_001 + LEASE_MS, never);
  t.match(second, { stream: 0, opening: 1 });
  t.equal(extendStream(streams, first, DONE, 2_000), false);
  t.ok(extendStream(streams, second, DONE, 2_000 + LEASE_MS));
  endStream(streams, first, NO_PROGRESS);
  t.same(streamProgress(streams, new Set([1])), [DONE], 'and its late words count for nothing');

  const dead = spawnSync(process.execPath, ['-e', '']).pid;
  const file = join(streams, '0.2.json');
  const content = readFileSync(file, 'utf8');
  writeFileSync(file, content.replace(`"pid":${process.pid}`, `"pid":${dead}`));
  t.match(leaseStream(streams, 'x', 2_000, never), { stream: 0, opening: 2 }, 'a dead process waits for nobody');
  writeFileSync(
    join(streams, '0.4.json'),
    content.replace(hostname(), 'elsewhere').replace(/"pid":\d+/, `"pid":${dead}`),
  );
  t.equal(leaseStream(streams, 'x', 2_000, never).stream, 2, 'of another machine only time tells');

  for (const [broken, message] of [
    ['{', /is no state of a campaign: remove it/],
    [content.replace('"version":1', '"version":2'), /is of another version: remove it/],
  ] as const) {
    writeFileSync(join(streams, '0.5.json'), broken);
    t.throws(() => leaseStream(streams, 'x', 2_000, never), { message, exit: 2 });
  }
});

t.test('inputs reach other processes and later ones, once; a crash is reported by one', async (t) => {
  const root = folder(t);
  const [{ store: one }, { store: two }] = [open(root), open(root)];
  const heard: string[] = [];
  const listen = (store: CampaignStore) => store.onInput('x', (input) => heard.push(Buffer.from(input).toString()));
  await two.lookForInputs('x');
  const deafen = listen(two);
  await one.putInput('x', octetsOf('new'));
  await one.putInput('x', octetsOf('new'));
  await two.lookForInputs('x');
  await two.lookForInputs('x');
  t.same(heard, ['new']);
  deafen();
  await one.putInput('x', octetsOf('newer'));
  await two.lookForInputs('x');
  t.same(heard, ['new']);
  t.same((await two.inputs('x')).length, 2);

  const [claim, other] = [await one.claimCrash('x', FIND, FACTS), await two.claimCrash('x', FIND, FACTS)];
  t.match(claim.finding.meta, { signature: FIND.failure.signature, execution: 3 });
  t.same([claim.isNew, other.isNew, other.finding.folder], [true, false, claim.finding.folder]);
  t.same(readFileSync(join(claim.finding.folder, 'input.bin'), 'utf8'), 'BREW');
  await one.close();
  await two.close();
  t.same(halfWritten(root), []);
  const { store: fresh } = open(root, { fresh: true });
  t.same(await fresh.inputs('x'), []);
  await fresh.close();
});

t.test('the cap on the disk holds for inputs, not for crashes', async (t) => {
  const root = folder(t);
  const { store, troubles } = open(root, { maxDiskBytes: 10 });
  await store.putInput('x', octetsOf('12345678'));
  await store.putInput('y', octetsOf('123'));
  t.ok(store.capReached);
  t.ok(await store.claimCrash('x', FIND, FACTS));
  t.same([(await store.inputs('x')).length, (await store.inputs('y')).length, troubles.length], [1, 0, 0]);
  await store.close();
});

t.test(
  'a full disk loses nothing: the reserve is given up for what is to be written, and the end is told',
  async (t) => {
    const root = folder(t);
    let room = 2;
    const full = (): Error => Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
    const { store, troubles } = open(root, {
      writeFile(file, content) {
        // As a full disk does: a part of the file is there.
        if (room-- <= 0 && readdirSync(root).some((name) => name.startsWith('.reserve'))) {
          writeFileSync(file, content.subarray(0, 1));
          throw full();
        }
        writeFileSync(file, content);
      },
    });
    for (const input of ['one', 'two', 'three']) await store.putInput('x', octetsOf(input));
    t.match(troubles, [
      { message: /the disk of .* is full: the campaign stops with everything it found kept/, exit: 2 },
    ]);
    t.same((await store.inputs('x')).map((input) => Buffer.from(input).toString()).sort(), ['one', 'three', 'two']);
    await store.close();
    t.same(halfWritten(root), []);
    const refuse = (): void => {
      throw full();
    };
    t.throws(() => open(join(root, 'y'), { writeFile: refuse }), { message: /has no room for a campaign/, exit: 2 });
    t.same(halfWritten(root), []);
  },
);

t.test('turns go to who has had least for what it finds, and to all before a second worker comes', async (t) => {
  const row = (target: string, served: number, workers = 0) => ({ target, drySlices: 0, served, workers });
  const rows: [string, Parameters<typeof nextTurn>, string | undefined][] = [
    ['nobody is left', [[], 2], undefined],
    ['the first of equals', [[row('a', 0), row('b', 0)], 1], 'a'],
    ['who has had less', [[row('a', 5), row('b', 4)], 1], 'b'],
    ['who has no worker', [[row('a', 0, 1), row('b', 9)], 2], 'b'],
    ['a second worker where there are more than targets', [[row('a', 3, 1), row('b', 2, 1)], 3], 'b'],
    ['and then the other', [[row('a', 3, 1), row('b', 2, 2)], 4], 'a'],
    ['none where all have theirs', [[row('a', 3, 1), row('b', 2, 1)], 2], undefined],
  ];
  for (const [name, [candidates, workers], expected] of rows) t.equal(nextTurn(candidates, workers), expected, name);
  t.same([0, 4, 12, 1_000].map(weightOf), [2, 1, 0.5, 0.25]);
  const timed = (timeMs: number) => ({ timeMs, executions: Number.MAX_SAFE_INTEGER });
  t.equal(sliceOf(timed(60_000), 24, 1).timeMs, 1_000);
  t.equal(sliceOf(timed(600_000), 24, 2).timeMs, 600_000 / 72);
  t.equal(sliceOf(timed(3_600_000), 1, 1).timeMs, 10_000);
  t.equal(sliceOf({ timeMs: 9, executions: 60_000 }, 2, 4).executions, 5_000, 'a budget of executions has no clock');
});

t.test('a plateau is claimed when all parts of the rule hold, and no sooner', async (t) => {
  const found = { executions: 31e6, workedMs: 400_000, dryExecutions: 30e6, dryMs: 300_000, singles: 30 };
  t.ok(isAtPlateau(found, PLATEAU_RULE));
  for (const less of [
    { workedMs: 59_999 },
    { executions: 499_999, dryExecutions: 499_998 },
    { dryMs: 299_999 },
    { dryExecutions: 29e6 },
    { singles: 31 },
  ]) {
    t.notOk(isAtPlateau({ ...found, ...less }, PLATEAU_RULE), JSON.stringify(less));
  }
});

t.test('a book counts once what others, earlier runs and closed sessions did', async (t) => {
  const book = openBook('x', () => 5_000);
  const stats = (executions: number, edgesHit: number) => ({
    ...{ executions, edgesHit, elapsedMs: executions, cpuMs: executions, restarts: 0 },
    ...{ corpusEntries: 1, replayed: 0, imported: 0, singles: 2, edgesTotal: 9 },
  });
  book.learnOfOthers(
    [
      { ...DONE, dryExecutions: 40, dryMs: 4 },
      { ...DONE, build: 'other', executions: 999 },
    ],
    'b',
  );
  t.match(book.yield, { executions: 100, dryExecutions: 40 }, 'another build is another matter');
  book.account(undefined, stats(10, 7));
  t.match(book.yield, { executions: 110, dryExecutions: 50 });
  t.notOk(book.takeNews(), 'it knows no more than was known');
  book.account(stats(10, 7), stats(30, 8));
  t.match(book.yield, { executions: 130, dryExecutions: 0 });
  t.ok(book.takeNews() && !book.takeNews());
  book.leave(stats(30, 8));
  book.learnOfOthers([{ ...DONE, executions: 130, edgesHit: 8 }], 'b');
  t.match([book.yield.executions, book.run.executions, book.lastFindAt], [130, 30, 5_000]);

  const root = folder(t);
  const path = join(root, 'x/stats.ndjson');
  mkdirSync(join(root, 'x'));
  writeFileSync(path, '{"torn');
  let now = 10_000;
  const log = openStatsLog(path, 1_000, () => now);
  log.note(book);
  now += 2_000;
  log.note(book);
  book.failed(true);
  log.note(book, true);
  const lines = readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => JSON.parse(line));
  t.match(lines, [
    {
      execs_done: 30,
      edges_found: 8,
      total_edges: 9,
      bitmap_cvg: '88.89%',
      last_find: 5,
      saved_hangs: 0,
      start_time: 1,
    },
    { saved_hangs: 1, saved_crashes: 0, last_hang: 5, last_update: 12, afl_banner: 'x' },
  ]);
  t.equal(lines.length, 2, 'not more than one in three seconds, unless it is the last');
  t.ok(existsSync(path));
});
