import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import type { FindingEvent, FuzzStatsEvent } from '../../reports/schema.ts';
import { fuzzTarget, openSession } from '../engines/aeronet/engine.ts';
import type { Find } from '../engines/engine.ts';
import { octetsOf } from '../engines/latin1-input.ts';
import { runEngine } from '../engines/registry.ts';
import { parseBudget } from './budget.ts';
import { readBundle } from './bundle.ts';
import { type CampaignOptions, type CampaignResult, runCampaign } from './campaign.ts';
import { addSeeds, closeCrash, promote } from './corpus-add.ts';
import { addSeed, readEntries } from './corpus-folder.ts';
import { corpusStats } from './corpus-stats.ts';
import { hexView } from './hex-view.ts';
import { builtTree } from './locations.ts';
import { minimiseEntry } from './minimise-entry.ts';
import { replay } from './replay.ts';
import { openSandbox } from './sandbox.ts';
import { openEntries } from './saved-entries.ts';
import type { CampaignStatus } from './status.ts';

/** Targets with bugs planted in them, built beside the real ones. */
const PLANTED = join(builtTree(), 'fuzz/fixtures/planted');
/** Enough for every planted bug, most need a tenth; in executions, so that a machine which does five other things finds the same. */
const PATIENCE = '200000execs';

const CHUNKED = octetsOf('POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n');
const NEVER = new AbortController().signal;

interface Campaign extends CampaignResult {
  readonly events: readonly (FindingEvent | FuzzStatsEvent)[];
  readonly out: string;
}

/** What a test lends: something to do at its end. */
interface Room {
  teardown(clean: () => void): void;
}

/** A folder that ends with its test. */
function folder(t: Room): string {
  const path = mkdtempSync(join(tmpdir(), 'aeronet-fuzz-'));
  t.teardown(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** Runs a campaign that ends with its first finding. */
async function campaign(t: Room, target: string, given: Partial<CampaignOptions> = {}): Promise<Campaign> {
  const out = folder(t);
  const events: (FindingEvent | FuzzStatsEvent)[] = [];
  const found = new AbortController();
  const result = await runCampaign({
    targets: [target],
    tree: PLANTED,
    corpus: join(out, 'corpus'),
    out,
    budget: parseBudget(PATIENCE),
    seed: 1,
    fresh: true,
    extraWords: [],
    hangMs: 1_000,
    signal: found.signal,
    onEvent(event) {
      events.push(event);
      if (event.kind === 'finding' && event.status === 'open') found.abort();
    },
    onStatus: () => undefined,
    ...given,
  });
  return { ...result, events, out };
}

t.test('each planted bug is found, confirmed, minimised, kept and replayed', async (t) => {
  const rows: [string, string, number][] = [
    ['planted-magic-method', 'is a teapot', 30],
    ['planted-magic-number', 'the magic number', 4],
    ['planted-length-overflow', 'is negative', 60],
    ['planted-field-sequence', 'expect, transfer-encoding, trailer', 70],
    ['planted-chunk-prefix', 'chunk-size 0x', 60],
  ];
  for (const [target, message, longest] of rows) {
    const { events, open, out } = await campaign(t, target);
    const [finding] = open;
    if (finding?.bundle === undefined) throw new Error(`${target} was not found`);
    t.match(
      finding,
      { target, failure: 'exception', errorClass: 'Planted', reproduced: '5/5', status: 'open' },
      target,
    );
    t.ok(finding.message.includes(message), finding.message);
    t.ok((finding.minimisedBytes ?? Number.POSITIVE_INFINITY) <= longest, `${finding.minimisedBytes} octets`);
    t.match(events.at(-1), { kind: 'fuzz-stats', engine: 'aeronet' });
    const bundle = readBundle(finding.bundle);
    t.match(bundle.meta, { signature: finding.signature, status: 'open', seed: 1, engine: 'aeronet' });
    t.match(bundle.meta.stack, /^at \w+ \(subject\/parser\.ts:\d+:\d+\)\n/, 'the stack names .ts lines');
    const [entry] = openEntries([finding.signature.slice(0, 9)], { corpus: join(out, 'none'), out });
    const sandbox = await openSandbox(PLANTED, target, 1_000);
    if (entry !== undefined) t.match(await replay(entry, sandbox), { outcome: 'open' });
    await sandbox.close();
  }
});

t.test('work that grows with the square of the octets is found by counting, confirmed and replayed so', async (t) => {
  const { open } = await campaign(t, 'planted-superlinear');
  t.match(open, [{ failure: 'oracle', errorClass: 'OracleError work', reproduced: '5/5' }]);
  const bundle = readBundle(open[0]?.bundle ?? '');
  t.ok(bundle.smallest.length < 200, `minimised to ${bundle.smallest.length} octets`);
  const sandbox = await openSandbox(PLANTED, 'planted-superlinear', 1_000);
  t.teardown(() => sandbox.close());
  const entry = { kind: 'crash', target: 'planted-superlinear', path: bundle.folder, bundle } as const;
  t.match(await replay(entry, sandbox), { outcome: 'open' });
  t.equal(await sandbox.run(bundle.smallest), undefined, 'code that does not count sees nothing');
});

t.test('the same seed finds the same at the same execution, another seed elsewhere', async (t) => {
  const cache = folder(t);
  const find = async (seed: number): Promise<Find | undefined> => {
    const stop = new AbortController();
    let first: Find | undefined;
    await fuzzTarget({
      tree: PLANTED,
      target: 'planted-chunk-prefix',
      seeds: [CHUNKED],
      extraWords: [],
      seed,
      cache,
      budget: parseBudget(PATIENCE),
      hangMs: 1_000,
      signal: stop.signal,
      onFind(found) {
        first ??= found;
        stop.abort();
      },
      onEntry: () => undefined,
      onPulse: () => undefined,
    });
    return first;
  };
  const [one, again, other] = [await find(7), await find(7), await find(8)];
  t.ok(one !== undefined && one.execution > 0, `found at execution ${one?.execution}`);
  t.equal(again?.execution, one?.execution);
  t.same(again?.input, one?.input);
  t.equal(other?.failure.signature, one?.failure.signature);
  t.not(other?.execution, one?.execution);
});

t.test('a session in slices does what it does at one go, and goes on where its worker died', async (t) => {
  const options = (finds: Find[], target: string) => ({
    tree: PLANTED,
    target,
    seeds: [CHUNKED],
    extraWords: [],
    seed: 7,
    cache: folder(t),
    hangMs: 1_000,
    signal: NEVER,
    onFind: (find: Find) => finds.push(find),
    onEntry: () => undefined,
  });
  const [whole, sliced]: [Find[], Find[]] = [[], []];
  const one = await openSession(options(whole, 'planted-chunk-prefix'));
  await one.run(parseBudget('9000execs'));
  const other = await openSession(options(sliced, 'planted-chunk-prefix'));
  for (const executions of [1, 10, 989, 3_000, 5_000]) await other.run(parseBudget(`${executions}execs`));
  t.ok(whole.length > 0, `${whole.length} finds`);
  t.same(sliced, whole);
  t.equal(other.stats().edgesHit, one.stats().edgesHit);
  t.equal(other.build, one.build);
  await one.close();
  await other.close();

  const deaths: Find[] = [];
  const mortal = await openSession({ ...options(deaths, 'planted-deaths'), seeds: ['ok', '!e'].map(octetsOf) });
  for (let slice = 0; slice < 5; slice++) await mortal.run(parseBudget('1execs'));
  t.same(
    deaths.map((find) => find.failure.kind),
    ['lost'],
  );
  mortal.offer(octetsOf('!s'));
  await mortal.run(parseBudget('2execs'));
  t.ok(
    deaths.some((find) => find.failure.kind === 'stack-overflow' && find.input.length === 2),
    'an offer is tried',
  );
  await mortal.close();
  t.ok(mortal.isOver);
});

t.test('workers take turns, a target at its plateau gets none, and with all there the campaign ends', async (t) => {
  const targets = ['planted-magic-number', 'planted-magic-method', 'planted-length-overflow'];
  const status: CampaignStatus[] = [];
  const { open, atPlateau, interrupted, events, out } = await campaign(t, '', {
    targets,
    workers: 2,
    budget: parseBudget('40000execs'),
    plateau: { workedMs: 0, executions: 2_000, dryMs: 0, dryFactor: 0, discovery: 1 },
    maxMemoryBytes: 1,
    signal: NEVER,
    onStatus: (now) => status.push(now),
  });
  t.same([...new Set(open.map((finding) => finding.target))].sort(), [...targets].sort());
  t.same([...atPlateau].sort(), [...targets].sort());
  t.notOk(interrupted);
  const [{ executions = 0 } = {}] = status.slice(-1);
  t.ok(executions >= 6_000, `${executions} executions`);
  t.match(status.at(-1), { waiting: 0, running: [], findings: open.length });
  for (const target of targets) {
    t.match(
      events.find((event) => event.kind === 'fuzz-stats' && event.target === target),
      { engine: 'aeronet' },
    );
    t.match(
      readFileSync(join(out, 'fuzz', target, 'stats.ndjson'), 'utf8'),
      /^\{"start_time":.*"execs_done":[1-9]\d*,.*"edges_found":[1-9]/,
    );
  }
});

t.test(
  'one worker with a budget of executions does the same again; more share a target, and the next run goes on',
  async (t) => {
    const run = async (given: Partial<CampaignOptions>) => {
      const { open, events, out } = await campaign(t, '', {
        targets: ['planted-chunk-prefix', 'planted-field-sequence'],
        budget: parseBudget('12000execs'),
        signal: NEVER,
        ...given,
      });
      const found = open.map(({ signature, bundle = '' }) => [signature, readBundle(bundle).meta.execution]);
      const stats = events.map((event) => (event.kind === 'fuzz-stats' ? [event.executions, event.edgesHit] : []));
      return { found, stats, out };
    };
    const [one, again] = [await run({}), await run({})];
    t.ok(one.found.length > 0, `${one.found.length} found`);
    t.same(again.found, one.found);
    t.same(again.stats, one.stats);

    const target = 'planted-chunk-prefix';
    const files = (room: string): string[] => readdirSync(join(one.out, 'fuzz', target, room)).sort();
    const corpus = files('corpus');
    await run({ targets: [target], workers: 3, out: one.out, fresh: false });
    t.same(files('streams'), ['0.2.json', '1.1.json', '2.1.json'], 'the first stream a second time, and two more');
    t.same(
      corpus.filter((name) => !files('corpus').includes(name)),
      [],
      'no input is lost',
    );
  },
);

t.test('a bug planted in a copy of the core is found from a seed that is far from it: a chunk-size 0x5', async (t) => {
  const tree = join(folder(t), 'tree');
  for (const room of ['core', 'fuzz']) cpSync(join(builtTree(), room), join(tree, room), { recursive: true });
  writeFileSync(join(tree, 'package.json'), '{"type":"module"}');
  const file = join(tree, 'core/http1/chunked.js');
  const source = readFileSync(file, 'utf8');
  const planted = source.replace(
    /(#takeDigit\(octet, at\) \{)/,
    '$1 if (octet === 0x78 && this.#digits === 1) return;',
  );
  t.not(planted, source, 'the place to plant it is still there');
  writeFileSync(file, planted);
  const corpus = join(tree, 'corpus');
  addSeed(corpus, 'http1-request', CHUNKED);
  const { open, events } = await campaign(t, 'http1-request', { tree, corpus, out: join(tree, 'out') });
  t.match(events.at(-1), { kind: 'fuzz-stats', replayed: 1 });
  t.match(open, [
    {
      failure: 'oracle',
      errorClass: 'OracleError framing',
      message: /accepted as a chunk-size line/,
      reproduced: '5/5',
    },
  ]);
  t.ok((open[0]?.minimisedBytes ?? 1_000) < 100, `${open[0]?.minimisedBytes} octets`);
});

t.test('whatever kills a worker is a find with its exact input, and the campaign goes on', async (t) => {
  const deaths = new Map([
    ['!h', 'hang'],
    ['!s', 'stack-overflow'],
    ['!e', 'lost'],
    ['!m', 'oom'],
    ['!t', 'late'],
    ['!r', 'late'],
  ]);
  const finds: Find[] = [];
  const stats = await fuzzTarget({
    tree: PLANTED,
    target: 'planted-deaths',
    seeds: [...deaths.keys()].map(octetsOf),
    extraWords: [],
    seed: 1,
    cache: folder(t),
    budget: parseBudget('40execs'),
    hangMs: 1_000,
    heapMb: 96,
    signal: new AbortController().signal,
    onFind: (find) => finds.push(find),
    onEntry: () => undefined,
    onPulse: () => undefined,
  });
  const found = new Map(finds.map((find) => [Buffer.from(find.input).toString('latin1'), find.failure]));
  for (const [input, kind] of deaths) t.equal(found.get(input)?.kind, kind, `${input} of ${[...found.keys()]}`);
  t.match(
    found.get('!h')?.frames,
    ['subject/deaths.ts:spin', 'subject/deaths.ts:die'],
    'a hang names who never returns',
  );
  t.match(
    found.get('!h')?.stack,
    /^at .*\(subject\/deaths\.ts:30:\d+\)\nat die \(subject\/deaths\.ts:7:/m,
    'in lines of its source',
  );
  t.match(found.get('!s')?.frames, ['subject/deaths.ts:recurse']);
  t.ok(stats.restarts >= 3 && stats.executions >= 40, `${stats.restarts} restarts, ${stats.executions} executions`);

  const sandbox = await openSandbox(PLANTED, 'planted-deaths', 600);
  for (const input of ['!e', '!s', '!r', 'ok']) {
    const failure = await sandbox.run(octetsOf(input), true);
    t.equal(failure?.signature, found.get(input)?.signature, `${input} on the build as it is`);
  }
  const minimised = await sandbox.minimise(octetsOf('!e and more'), {
    kind: 'lost',
    signature: found.get('!e')?.signature ?? '',
  });
  t.equal(minimised.input, '!e');
  await sandbox.close();
});

t.test('what cannot be fuzzed is refused in one line', async (t) => {
  const refused = (promise: Promise<unknown>, message: RegExp) => t.rejects(promise, { message, exit: 2 });
  await refused(campaign(t, 'planted-uncovered'), /loads no code under subject/);
  await refused(campaign(t, 'planted-typo'), /no fuzz target "planted-typo"; /);
  await refused(campaign(t, 'x', { tree: folder(t) }), /no fuzz targets in .*npm run build/);
  for (const budget of ['', '0s', '10', '5x', '-1s', '1e5', '1e99h', '0execs', '0.5execs']) {
    t.throws(() => parseBudget(budget), { message: /is none; write/, exit: 2 }, budget);
  }
  t.match(parseBudget('1e5execs'), { executions: 100_000 });
  t.match(parseBudget('1.5m'), { timeMs: 90_000 });
});

const TEAPOT = octetsOf('BREW / HTTP/1.1\r\n\r\n');

t.test('replay tells what passes, is open, is gone and is broken; add, min and stats keep the corpus', async (t) => {
  const { open } = await campaign(t, 'planted-magic-method');
  const room = folder(t);
  const corpus = join(room, 'corpus');
  const sandbox = await openSandbox(PLANTED, 'planted-magic-method', 1_000);
  const from = { set: 'tests', origin: 'a test', licence: 'MIT' };
  const file = join(room, 'good');
  writeFileSync(file, 'GET / HTTP/1.1\r\n\r\n');
  t.match(await addSeeds(corpus, 'planted-magic-method', [file], from, sandbox), [{ isNew: true }]);
  t.match(await addSeeds(corpus, 'planted-magic-method', [file], from, sandbox), [{ isNew: false }]);
  const { path, isNew } = promote(corpus, open[0]?.bundle ?? '');
  t.ok(isNew);
  t.match(corpusStats(corpus), [{ target: 'planted-magic-method', seeds: 1, openCrashes: 1, unaccounted: 0 }]);

  const outcome = async (at: string) =>
    (await Promise.all(readEntries(at, corpus).map((entry) => replay(entry, sandbox)))).map((one) => one.outcome);
  t.same(await outcome(corpus), ['passes', 'open']);
  const meta = readFileSync(join(path, 'meta.json'), 'utf8');
  writeFileSync(join(path, 'meta.json'), meta.replace('"open"', '"fixed"'));
  t.same(await outcome(path), ['broken'], 'a fixed crash that fails again');
  const [entry] = readEntries(path, corpus);
  const fixed = await openSandbox(PLANTED, 'planted-magic-number', 1_000);
  if (entry !== undefined) {
    t.match(await replay(entry, fixed), { outcome: 'passes' });
    t.match(await minimiseEntry(entry, sandbox), { written: /input\.min\.bin$/ });
    await t.rejects(minimiseEntry(entry, fixed), { message: /does not fail/, exit: 2 });
  }
  writeFileSync(join(path, 'meta.json'), meta);
  const [stillOpen] = readEntries(path, corpus);
  if (stillOpen !== undefined) t.match(await replay(stillOpen, fixed), { outcome: 'gone' });
  await t.rejects(closeCrash(path, sandbox), { message: /still fails/, exit: 2 });
  await closeCrash(path, fixed);
  t.match(corpusStats(corpus), [{ openCrashes: 0, fixedCrashes: 1 }]);

  const teapot = join(room, 'teapot');
  writeFileSync(teapot, TEAPOT);
  await t.rejects(addSeeds(corpus, 'planted-magic-method', [teapot], from, sandbox), {
    message: /a seed must pass/,
    exit: 2,
  });
  const loose = openEntries([teapot], { corpus, out: 'none', target: 'planted-magic-method' });
  t.match(
    loose.map((one) => one.kind),
    ['seed'],
  );
  await sandbox.close();
  await fixed.close();
});

t.test('a corpus that is damaged, foreign or leads elsewhere is refused in one line naming the file', async (t) => {
  const { open } = await campaign(t, 'planted-magic-method');
  const room = folder(t);
  writeFileSync(join(room, 'outside'), 'secret');
  const corpus = join(room, 'corpus');
  const { path: bundle } = promote(corpus, open[0]?.bundle ?? '');
  const { path: seed } = addSeed(corpus, 'planted-magic-method', TEAPOT);
  const meta = readFileSync(join(bundle, 'meta.json'), 'utf8');
  const rows: [string, string, string | Uint8Array, RegExp][] = [
    ['no JSON', join(bundle, 'meta.json'), '{', /meta\.json is no JSON/],
    ['an unknown field', join(bundle, 'meta.json'), meta.replace('{', '{"extra":1,'), /meta\.json: .*extra/],
    ['a bad signature', join(bundle, 'meta.json'), meta.replace(/v1:/, 'v9:'), /meta\.json: signature/],
    ['another input', join(bundle, 'input.bin'), 'changed', /input\.bin is not the input/],
    ['a changed seed', seed, 'changed', /is not what its name says/],
    ['a foreign file', join(corpus, 'planted-magic-method/seed/notes.txt'), 'x', /notes\.txt is no corpus entry/],
    ['a huge file', seed, new Uint8Array(70_000), /70000 octets/],
  ];
  for (const [name, file, content, message] of rows) {
    const before = existsSync(file) ? readFileSync(file) : undefined;
    writeFileSync(file, content);
    t.throws(() => readEntries(corpus, corpus), { message, exit: 2 }, name);
    if (before !== undefined) writeFileSync(file, before);
    else rmSync(file);
  }
  t.equal(readEntries(corpus, corpus).length, 2, 'whole again');
  symlinkSync(join(room, 'outside'), join(corpus, 'planted-magic-method/seed/0123456789abcdef.bin'));
  t.throws(() => readEntries(corpus, corpus), { message: /leads out of the corpus/, exit: 2 });
  const missing = { corpus, out: join(room, 'none') };
  t.throws(() => openEntries(['no/such/path'], missing), { message: /neither a path nor/, exit: 2 });
  t.throws(() => openEntries(['v1:ffffffff'], missing), { message: /no crash with signature/, exit: 2 });
  t.throws(() => openEntries([join(room, 'outside')], missing), { message: /is in no corpus/, exit: 2 });
  t.notOk(
    readdirSync(join(corpus, 'planted-magic-method/crash')).some((name) => name.endsWith('.part')),
    'nothing half-written',
  );
});

t.test('hexView() marks the octet, also the one after the last', async (t) => {
  const octets = Uint8Array.from({ length: 300 }, (_, index) => index % 256);
  const lines = hexView(octets, 0x8a);
  const row = lines.findIndex((line) => line.startsWith('  0080'));
  t.match(lines[row + 1], /^\s+\^\^\s+\^ octet 138$/);
  t.equal(lines[row + 1]?.indexOf('^^'), lines[row]?.indexOf('8a'));
  t.match(lines[0], /octets before/);
  t.match(lines.at(-1), /octets after/);
  t.match(hexView(new Uint8Array(16), 16).at(-1), /the end/);
  t.equal(hexView(new Uint8Array(0)).length, 1);
});

t.test('the replay engine runs what it is given once, and tells how it fails', async (t) => {
  const corpus = folder(t);
  const bad = octetsOf('BREW / HTTP/1.1\r\n\r\n');
  addSeed(corpus, 'planted-magic-method', octetsOf('GET / HTTP/1.1\r\n\r\n'));
  const { open, events } = await campaign(t, 'planted-magic-method', { engine: 'replay', corpus });
  t.same(open, []);
  t.match(events.at(-1), { kind: 'fuzz-stats', engine: 'replay', executions: 1, edgesTotal: 0 });
  const finds: Find[] = [];
  const stats = await runEngine('replay', {
    tree: PLANTED,
    target: 'planted-magic-method',
    seeds: [octetsOf('GET / HTTP/1.1\r\n\r\n'), bad, bad],
    extraWords: [],
    seed: 1,
    cache: corpus,
    budget: parseBudget('2execs'),
    hangMs: 1_000,
    signal: NEVER,
    onFind: (find) => finds.push(find),
    onEntry: () => undefined,
    onPulse: () => undefined,
  });
  t.equal(stats.executions, 2, 'as many as the budget allows');
  t.match(finds, [{ execution: 2, input: bad, failure: { errorClass: 'Planted' } }]);
});
