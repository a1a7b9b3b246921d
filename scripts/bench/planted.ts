/**
 * The proof of an engine on bugs that are known to be there: each is planted alone in a copy of the built tree, fuzzed from an
 * empty corpus until the first finding, minimised, and reproduced by the one command that the finding names.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { builtTree, type EngineName, parseBudget, readBundle, runCampaign } from '../../fuzz/index.ts';
import { PLANTED_BUGS, type PlantedBug } from './planted-bugs.ts';
import { OTHER_BUGS } from './planted-others.ts';

export interface PlantedOptions {
  /** Names of bugs; all for none. */
  readonly bugs: readonly string[];
  readonly engine: EngineName;
  /** Of each campaign. */
  readonly budget: string;
  readonly seed: number;
  /** Where copies and findings go. */
  readonly out: string;
  readonly signal: AbortSignal;
}

/** What became of one bug. */
export interface PlantedResult {
  readonly bug: PlantedBug;
  readonly engine: EngineName;
  readonly seed: number;
  /** Absent where it was not found within the budget. */
  readonly found?: {
    readonly seconds: number;
    /** Index of the execution; of an engine that does not say, 0. */
    readonly execution: number;
    readonly minimisedBytes: number;
    /** It fails on the planted copy by the finding's own command, and does not on the sound tree. */
    readonly isReproduced: boolean;
    readonly bundle: string;
  };
  /** Of the whole campaign, triage included. */
  readonly cpuSeconds: number;
  readonly executions: number;
}

/** The bugs that were named. @throws RangeError for a name that is none of theirs. */
export function selectBugs(names: readonly string[]): readonly PlantedBug[] {
  const bugs = [...PLANTED_BUGS, ...OTHER_BUGS];
  const known = bugs.map(({ name }) => name);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new RangeError(`no planted bug "${unknown}"; there are: ${known.join(', ')}`);
  return names.length === 0 ? bugs : bugs.filter(({ name }) => names.includes(name));
}

/** Copies the built tree with one bug in it. @throws Error where its place is gone. */
export function plant(bug: PlantedBug, tree: string): void {
  rmSync(tree, { recursive: true, force: true });
  for (const room of ['core', 'fuzz', 'reports', 'conformance']) {
    const from = join(builtTree(), room);
    if (existsSync(from)) cpSync(from, join(tree, room), { recursive: true });
  }
  writeFileSync(join(tree, 'package.json'), '{"type":"module"}\n');
  const file = join(tree, bug.file);
  const source = readFileSync(file, 'utf8');
  const places = source.split(bug.before).length - 1;
  if (places !== 1) throw new Error(`${bug.name}: its place is ${places} times in ${bug.file}; plant it anew`);
  writeFileSync(
    file,
    source.replace(bug.before, () => bug.after),
  );
}

/** Plants one bug and lets a campaign look for it. */
export async function hunt(bug: PlantedBug, options: PlantedOptions): Promise<PlantedResult> {
  const { engine, seed } = options;
  const folder = join(options.out, 'planted', `${bug.name}-${engine}-${seed}`);
  const tree = join(folder, 'dist');
  plant(bug, tree);
  rmSync(join(folder, 'out'), { recursive: true, force: true });
  mkdirSync(join(folder, 'corpus'), { recursive: true });
  const found = new AbortController();
  const cpuBefore = process.cpuUsage();
  const startedAt = Date.now();
  let stats = { executions: 0, cpuMs: 0 };
  const { open } = await runCampaign({
    engine,
    targets: [bug.target],
    tree,
    corpus: join(folder, 'corpus'),
    out: join(folder, 'out'),
    budget: parseBudget(options.budget),
    seed,
    fresh: true,
    extraWords: [],
    plateau: undefined,
    hangMs: 1_000,
    signal: AbortSignal.any([options.signal, found.signal]),
    onEvent(event) {
      if (event.kind === 'finding' && event.status === 'open') found.abort();
      if (event.kind === 'fuzz-stats') stats = event;
    },
    onStatus: () => undefined,
  });
  const { user, system } = process.cpuUsage(cpuBefore);
  const cost = { cpuSeconds: Math.max(stats.cpuMs / 1_000, (user + system) / 1e6), executions: stats.executions };
  const bundle = open[0]?.bundle;
  if (bundle === undefined) return { bug, engine, seed, ...cost };
  const { meta, smallest } = readBundle(bundle);
  return {
    bug,
    engine,
    seed,
    ...cost,
    found: {
      seconds: (Date.parse(meta.firstSeen) - startedAt) / 1_000,
      execution: Math.max(0, meta.execution),
      minimisedBytes: smallest.length,
      isReproduced: replays(bundle, tree) === 1 && replays(bundle, builtTree()) === 0,
      bundle,
    },
  };
}

/** Exit code of the one command: 1 where the bundle still fails on that tree. */
function replays(bundle: string, tree: string): number | null {
  const aeronet = fileURLToPath(new URL('../aeronet.js', import.meta.url));
  const args = [aeronet, 'replay', bundle, '--dist', tree, '--quiet'];
  return spawnSync(process.execPath, args, { stdio: 'ignore', timeout: 60_000 }).status;
}

/** A line of the table in markdown. */
export function plantedRow({ bug, engine, seed, found, cpuSeconds, executions }: PlantedResult): string {
  const said =
    found === undefined
      ? ['not found', executions.toLocaleString('en'), cpuSeconds.toFixed(1), '', '']
      : [
          `${found.seconds.toFixed(1)} s`,
          found.execution.toLocaleString('en'),
          cpuSeconds.toFixed(1),
          String(found.minimisedBytes),
          found.isReproduced ? 'yes' : 'NO',
        ];
  return `| \`${bug.name}\`: ${bug.what} | \`${bug.target}\` | ${engine}, seed ${seed} | ${said.join(' | ')} |`;
}

export const PLANTED_HEAD = [
  '| bug | target | engine | found after | execution | CPU s, triage included | octets, minimised | reproduced |',
  '|---|---|---|---|---|---|---|---|',
].join('\n');
