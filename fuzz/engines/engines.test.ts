import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import t from 'tap';
import { parseBudget } from '../campaign/budget.ts';
import { exportTargets } from '../campaign/export-targets.ts';
import { builtTree } from '../campaign/locations.ts';
import { openSandbox } from '../campaign/sandbox.ts';
import { grammarOf } from '../grammar/grammar-of.ts';
import { createDictionary } from './aeronet/dictionary.ts';
import type { EngineOptions, EngineStats, Find } from './engine.ts';
import { inputSources } from './fast-check/inputs.ts';
import { probe } from './jazzer/engine.ts';
import { inputOf, octetsOf } from './latin1-input.ts';
import { loadTarget } from './load-target.ts';
import { engineFolder, resolveEngine } from './optional-package.ts';
import { type EngineName, runEngine } from './registry.ts';

/** Targets with bugs planted in them, built beside the real ones. */
const PLANTED = join(builtTree(), 'fuzz/fixtures/planted');

interface Ran {
  readonly stats: EngineStats;
  readonly finds: readonly Find[];
  readonly entries: readonly Uint8Array[];
}

async function run(
  engine: EngineName,
  target: string,
  given: Partial<EngineOptions> & { watch?(find: Find): void } = {},
): Promise<Ran> {
  const cache = mkdtempSync(join(tmpdir(), 'aeronet-engine-'));
  const finds: Find[] = [];
  const entries: Uint8Array[] = [];
  try {
    const stats = await runEngine(engine, {
      tree: PLANTED,
      target,
      seeds: [],
      extraWords: [],
      seed: 1,
      cache,
      budget: parseBudget('30s'),
      hangMs: 1_000,
      heapMb: 96,
      signal: AbortSignal.timeout(100_000),
      onFind(find) {
        finds.push(find);
        given.watch?.(find);
      },
      onEntry: (input) => entries.push(input),
      onPulse: () => undefined,
      ...given,
    });
    return { stats, finds, entries };
  } finally {
    rmSync(cache, { recursive: true, force: true });
  }
}

t.test('an engine that is not installed is refused in one line that names the command', async (t) => {
  t.throws(() => resolveEngine('jsfuzz', '1.0.15', 'jsfuzz-that-nobody-has/build/fuzzer.js'), {
    message:
      'engine jsfuzz is not installed: run npm run setup:engines -- jsfuzz, or where aeronet is a package npm install --save-dev jsfuzz-that-nobody-has@1.0.15',
    exit: 2,
  });
});

t.test(
  'jsfuzz loses no way to fail that it loses by itself, each with the signature that triage gives it',
  async (t) => {
    if (!existsSync(engineFolder('jsfuzz')))
      return t.rejects(run('jsfuzz', 'planted-deaths'), { message: /is not installed/, exit: 2 });
    const inputs = ['!h', '!s', '!e', '!m', '!t', '!r'];
    const enough = new AbortController();
    const seen = new Set<string>();
    const { stats, finds } = await run('jsfuzz', 'planted-deaths', {
      seeds: inputs.map(octetsOf),
      budget: parseBudget('90s'),
      signal: enough.signal,
      onPulse({ executions }) {
        if (seen.size >= inputs.length && executions > inputs.length) enough.abort();
      },
      watch: (find) => seen.add(inputOf(find.input)),
    });
    const found = new Map(finds.map((find) => [inputOf(find.input), find.failure]));
    const sandbox = await openSandbox(PLANTED, 'planted-deaths', 600);
    t.teardown(() => sandbox.close());
    for (const input of ['!s', '!e', '!t', '!r']) {
      const failure = await sandbox.run(octetsOf(input), true);
      t.equal(found.get(input)?.signature, failure?.signature, `${input} of ${[...found.keys()]}`);
    }
    t.match(found.get('!h'), { kind: 'hang', frames: ['subject/deaths.ts:spin', 'subject/deaths.ts:die'] });
    t.match(found.get('!m'), { kind: 'oom' });
    t.ok(stats.restarts >= 3, `${stats.restarts} restarts`);
    t.ok(stats.executions > inputs.length && stats.cpuMs > 0, `${stats.executions} executions after the crashes`);
    t.ok(stats.edgesHit > 0 && stats.edgesHit <= stats.edgesTotal, `${stats.edgesHit} of ${stats.edgesTotal}`);
    return undefined;
  },
);

t.test('an exported target is a module with module.exports.fuzz, and fails where the target does', async (t) => {
  const folder = join(t.testdir({}), 'exported');
  const corpus = t.testdir({ corpus: {} });
  const [exported] = await exportTargets(PLANTED, ['planted-magic-method'], corpus, folder);
  const { fuzz }: { fuzz(data: Uint8Array): Promise<void> } = createRequire(import.meta.url)(exported?.module ?? '');
  await fuzz(Buffer.from('GET / HTTP/1.1\r\n\r\n'));
  await t.rejects(fuzz(Buffer.from('BREW / HTTP/1.1\r\n\r\n')), { name: 'Planted' });
  await t.rejects(exportTargets(PLANTED, ['planted-magic-method'], corpus, folder), {
    message: /is no empty folder/,
    exit: 2,
  });
});

t.test('fast-check finds what is planted, the same at the same execution for one seed', async (t) => {
  const hunt = async (seed: number): Promise<Find | undefined> => {
    const found = new AbortController();
    const { finds } = await run('fast-check', 'planted-length-overflow', {
      seed,
      signal: found.signal,
      watch: () => found.abort(),
    });
    return finds[0];
  };
  const [one, again] = [await hunt(3), await hunt(3)];
  t.match(one, { failure: { errorClass: 'Planted' } });
  t.equal(again?.execution, one?.execution);
  t.same(again?.input, one?.input);
});

t.test('models of connections write what a client may say: the core refuses none of it', async (t) => {
  const rows = [
    ['http1-request', 'http1-connection'],
    ['http2', 'http2-connection'],
  ] as const;
  for (const [grammar, name] of rows) {
    const target = await loadTarget(builtTree(), name);
    const sources = inputSources(fc, grammar, grammarOf(grammar, target), createDictionary([], []));
    for (const source of sources.slice(1)) {
      const inputs = await source(20_261, 40);
      t.ok(new Set(inputs).size > 20, `${name}: ${new Set(inputs).size} inputs`);
      t.same(inputs, await source(20_261, 40), 'the same seed makes the same');
      for (const input of inputs) await target.fuzz(octetsOf(input.slice(0, target.maxLength)));
    }
  }
});

t.test('Jazzer.js is probed in a process of its own, and the loader says why it does not load', async (t) => {
  const folder = t.testdir({
    node_modules: { '@jazzer.js': { fuzzer: { 'index.js': "throw new Error('libc has no such version');" } } },
  });
  t.throws(() => probe(folder), { message: 'engine jazzer does not load here: libc has no such version', exit: 2 });
  const dying = t.testdir({ node_modules: { '@jazzer.js': { fuzzer: { 'index.js': 'process.abort();' } } } });
  t.throws(() => probe(dying), { message: /does not load here: its process ended by SIG/, exit: 2 });
});
