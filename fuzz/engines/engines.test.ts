import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { parseBudget } from '../campaign/budget.ts';
import { builtTree } from '../campaign/locations.ts';
import { openSandbox } from '../campaign/sandbox.ts';
import type { EngineOptions, EngineStats, Find } from './engine.ts';
import { inputOf, octetsOf } from './latin1-input.ts';
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
    const { stats, finds, entries } = await run('jsfuzz', 'planted-deaths', {
      seeds: inputs.map(octetsOf),
      budget: parseBudget('90s'),
      signal: enough.signal,
      onPulse({ executions }) {
        if (seen.size >= inputs.length && executions > 100) enough.abort();
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
    t.ok(stats.executions > 100 && stats.cpuMs > 0, `${stats.executions} executions after the crashes`);
    t.ok(stats.edgesHit > 0 && stats.edgesHit <= stats.edgesTotal, `${stats.edgesHit} of ${stats.edgesTotal}`);
    t.ok(entries.length > 0, `${entries.length} inputs reached something new`);
    return undefined;
  },
);
