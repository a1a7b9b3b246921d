/** Corpora made smaller, merged and taken over from others: what is kept, what is refused, and that nothing is half done. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import t from 'tap';
import { chooseCover, unionOf } from '../coverage/choose.ts';
import { type MeasureOptions, measureFeatures } from '../coverage/features.ts';
import { octetsOf } from '../engines/latin1-input.ts';
import { importInputs } from './corpus-import.ts';
import { cmin, merge, offersOf, seedsOf, writeChoice } from './corpus-shrink.ts';
import { corpusStats } from './corpus-stats.ts';
import { readForeign } from './flat-folder.ts';
import { builtTree, isSameFolder } from './locations.ts';
import { readManifest } from './manifest.ts';
import { openSandbox } from './sandbox.ts';
import { writeSeeds } from './seed-write.ts';

const PLANTED = join(builtTree(), 'fuzz/fixtures/planted');
const TARGET = 'planted-magic-method';
const SEED = 20_260_101;
const FROM = { set: 'tests', origin: 'a test', licence: 'MIT' };
const GET = 'GET / HTTP/1.1\r\n\r\n';
const FIELDS = 'GET / HTTP/1.1\r\nA: b\r\nC: d\r\n\r\n';

interface Room {
  teardown(clean: () => void): void;
}

function folder(t: Room): string {
  const path = mkdtempSync(join(tmpdir(), 'aeronet-corpus-'));
  t.teardown(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

function measureIn(cache: string, target = TARGET): MeasureOptions {
  return {
    tree: PLANTED,
    target,
    cache: join(cache, 'instrumented'),
    hangMs: 1_000,
    signal: new AbortController().signal,
  };
}

function fill(dir: string, files: Readonly<Record<string, string | Uint8Array>>): string {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(dir, name, '..'), { recursive: true });
    writeFileSync(join(dir, name), content);
  }
  return dir;
}

t.test(
  'chooseCover() keeps every feature, nothing needless, and prefers small inputs (seed printed by fast-check)',
  async (t) => {
    const sets = fc.array(fc.tuple(fc.uniqueArray(fc.nat(40), { maxLength: 12 }), fc.nat(100)), { maxLength: 30 });
    fc.assert(
      fc.property(sets, fc.uniqueArray(fc.nat(40)), (rows, before) => {
        const candidates = rows.map(([features, bytes]) => ({ features: Uint32Array.from(features).sort(), bytes }));
        const covered = new Set(before);
        const chosen = chooseCover(candidates, covered);
        const reached = (indexes: readonly number[]) =>
          new Set([...covered, ...unionOf(indexes.map((index) => candidates[index]?.features))]);
        const all = reached([...candidates.keys()]);
        const whole = reached(chosen).size === all.size;
        const lean = chosen.every((index) => reached(chosen.filter((other) => other !== index)).size < all.size);
        return whole && lean;
      }),
      { seed: SEED, numRuns: 500 },
    );
    const same = Uint32Array.of(1, 2);
    t.same(
      chooseCover([
        { features: same, bytes: 9 },
        { features: same, bytes: 3 },
        { features: undefined, bytes: 1 },
      ]),
      [1],
    );
  },
);

t.test('cmin keeps all edges with their counts, writes a whole corpus and leaves the old one as it was', async (t) => {
  const room = folder(t);
  const corpus = join(room, 'corpus');
  const inputs = [GET, GET.replace('/', '/a'), FIELDS, FIELDS.replace('b', 'x'), '', '\r\n'].map(octetsOf);
  writeSeeds(corpus, TARGET, inputs, FROM);
  const before = seedsOf(corpus, TARGET);
  const shrunk = await cmin(measureIn(room), before);
  t.ok(shrunk.kept.length < inputs.length && shrunk.failing.length === 0, `${shrunk.kept.length} of ${inputs.length}`);
  const again = await measureFeatures(
    measureIn(room),
    shrunk.kept.map(({ input }) => input),
  );
  t.equal(unionOf(again.features).size, shrunk.features, 'the chosen alone reach as much');
  const small = join(room, 'small');
  t.equal(writeChoice(corpus, small, shrunk, { ...FROM, set: 'others' }), shrunk.kept.length);
  t.match(readManifest(small), [{ target: TARGET, set: 'tests', origin: 'a test' }], 'seeds stay in their set');
  t.match(corpusStats(small), [{ seeds: shrunk.kept.length, unaccounted: 0 }]);
  t.same(seedsOf(corpus, TARGET), before);
  t.equal(writeChoice(corpus, small, shrunk, FROM), 0, 'twice is once');
  t.ok(isSameFolder(join(corpus, '../corpus'), corpus) && !isSameFolder(small, corpus));
});

t.test('merge brings in what adds coverage and nothing else, from corpora, campaigns and plain folders', async (t) => {
  const room = folder(t);
  const corpus = join(room, 'corpus');
  writeSeeds(corpus, TARGET, [octetsOf(GET)], FROM);
  const teapot = 'BREW / HTTP/1.1\r\n\r\n';
  const others = [
    fill(join(room, 'other'), { [`${TARGET}/seed/0000000000000000.bin`]: FIELDS }),
    fill(join(room, 'campaign'), { [`${TARGET}/corpus/${'0'.repeat(64)}`]: FIELDS }),
    fill(join(room, 'flat'), { 'id:000000,src:000000': FIELDS, again: GET, failing: teapot }),
  ];
  for (const [index, dir] of others.entries()) {
    const [offer] = offersOf(dir, [TARGET, 'planted-deaths'], index === 2 ? TARGET : undefined);
    t.equal(offer?.target, TARGET);
    const merged = await merge(measureIn(room), offer?.inputs ?? [], seedsOf(corpus, TARGET));
    t.same(
      merged.kept.map(({ input }) => Buffer.from(input).toString('latin1')),
      [FIELDS],
      dir,
    );
    t.ok(merged.features > merged.featuresBefore);
    t.same(
      merged.failing.map(({ path }) => path),
      index === 2 ? [join(dir, 'failing')] : [],
    );
  }
  const known = [...seedsOf(corpus, TARGET), { path: 'x', input: octetsOf(FIELDS) }];
  t.same((await merge(measureIn(room), readForeign([join(room, 'flat')]).inputs, known)).kept, [], 'known already');
  t.throws(() => offersOf(join(room, 'flat'), [TARGET], undefined), { message: /--target$/, exit: 2 });
  t.throws(() => offersOf(join(room, 'none'), [TARGET], undefined), { message: /no folder /, exit: 2 });
});

t.test(
  'inputs that kill their thread are told apart from those that pass, whatever comes before and after',
  async (t) => {
    const room = folder(t);
    const inputs = ['ok', '!e', 'fine', '!h', '!s', 'last'].map(octetsOf);
    const { features } = await measureFeatures({ ...measureIn(room, 'planted-deaths'), hangMs: 300 }, inputs);
    t.same(
      features.map((one) => one !== undefined),
      [true, false, true, false, false, true],
    );
  },
);

t.test(
  'import takes the folders of AFL, libFuzzer and jsfuzz: seeds where they pass, bundles where they fail',
  async (t) => {
    const room = folder(t);
    const from = fill(join(room, 'afl'), {
      'queue/id:000000,orig:a': GET,
      'queue/.state/deterministic_done/id:000000': 'state',
      'queue/id:000001': GET,
      'crashes/README.txt': 'Command line used',
      'crashes/id:000000,sig:06': 'BREW /long HTTP/1.1\r\n\r\n',
      'crash-da39a3ee5e6b4b0d3255bfef95601890afd80709': 'BREW / HTTP/1.1\r\n\r\n',
      [`${'a'.repeat(64)}`]: FIELDS,
      huge: new Uint8Array(70_000),
    });
    const found = readForeign([from]);
    t.equal(found.inputs.length, 4);
    t.same(found.tooLong, [join(from, 'huge')]);
    const sandbox = await openSandbox(PLANTED, TARGET, 1_000);
    t.teardown(() => sandbox.close());
    const places = { corpus: join(room, 'corpus'), crashRoot: join(room, 'out'), target: TARGET, engine: 'afl' };
    const signal = new AbortController().signal;
    const imported = await importInputs(found, places, FROM, sandbox, signal);
    t.match(imported, { seeds: [{ isNew: true }, { isNew: true }], alike: 1 });
    t.match(
      imported.crashes,
      [{ meta: { engine: 'afl', status: 'open', input: { bytes: 19 } } }],
      'the smallest of its kind',
    );
    t.match(await importInputs(found, places, FROM, sandbox, signal), { seeds: [{ isNew: false }, { isNew: false }] });

    symlinkSync('/etc/passwd', join(from, 'link'));
    t.throws(() => readForeign([from]), { message: /link is a link: copy what it leads to/, exit: 2 });
    t.throws(() => readForeign([join(room, 'none')]), { message: /cannot read .*ENOENT/, exit: 2 });
    const deep = fill(join(room, 'deep'), { 'a/b/c/d/e/f': 'x' });
    t.throws(() => readForeign([deep]), { message: /more than 4 folders deep/, exit: 2 });
  },
);

t.test('what cannot be written leaves no half: no seed, no part of one, no entry of the manifest', async (t) => {
  const room = folder(t);
  const corpus = join(room, 'corpus');
  writeSeeds(corpus, TARGET, [octetsOf(GET)], FROM);
  const files = () => readdirSync(corpus, { recursive: true }).sort();
  const before = files();
  // A file of 65,000 octets ends at the limit of 61,440: the system says EFBIG where a full disk says ENOSPC.
  const script = `
    import { writeSeeds } from ${JSON.stringify(join(builtTree(), 'fuzz/campaign/seed-write.js'))};
    try { writeSeeds(${JSON.stringify(corpus)}, '${TARGET}', [new Uint8Array(9), new Uint8Array(65_000)], ${JSON.stringify(FROM)}) }
    catch (error) { console.log(error.exit, error.message) }`;
  const said = execFileSync(
    'bash',
    ['-c', 'ulimit -f 60; exec "$0" --input-type=module -e "$1"', process.execPath, script],
    // WHY: what writes its coverage would meet the limit too
    { encoding: 'utf8', env: { ...process.env, NODE_V8_COVERAGE: '' } },
  );
  t.match(said, /^2 cannot write .*EFBIG.*free some space, or name another folder\n$/);
  t.same(files(), before);
  symlinkSync(room, join(corpus, 'linked'));
  t.throws(() => writeSeeds(corpus, 'linked', [octetsOf(GET)], FROM), { message: /leads out of the corpus/, exit: 2 });
  t.notOk(existsSync(join(room, 'seed')));
});
