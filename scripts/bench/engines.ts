/**
 * Fuzz engines beside each other on one target: executions per second of processor time, in runs that take turns, and the
 * branches that their inputs reach, counted for all of them by the same counters, which are nobody's of those compared with
 * aeronet: istanbul's, as jsfuzz brings them.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  type EngineName,
  type EngineStats,
  istanbulMirror,
  readTargetCorpus,
  runEngine,
  runJazzerSync,
} from '../../fuzz/index.ts';
import { median, pairedRatio, type Ratio } from '../../reports/paired.ts';

/** Engines that are compared; Jazzer.js in its faster mode as well. */
export const COMPARED = ['aeronet', 'jsfuzz', 'jazzer', 'jazzer-sync', 'fast-check'] as const;
export type Compared = (typeof COMPARED)[number];

export interface EngineBenchOptions {
  readonly tree: string;
  readonly target: string;
  readonly engines: readonly Compared[];
  readonly rounds: number;
  readonly durationMs: number;
  /** A corpus whose seeds of at most 1,024 octets every engine begins with; none: from nothing. */
  readonly corpus: string | undefined;
  readonly signal: AbortSignal;
}

/** WHY: the versifier of jsfuzz takes seconds for a seed of 8,000 octets, and more than three for one of 18,000. */
const MAX_SEED_BYTES = 1_024;

/** One run of one engine. */
interface Run {
  /** Without the time that it took to start. */
  readonly perCpuSecond: number;
  readonly branches: number;
  readonly executions: number;
}

export interface EngineFigure {
  readonly target: string;
  readonly engine: Compared;
  /** Medians over the rounds. */
  readonly perCpuSecond: number;
  readonly branches: number;
  readonly branchesTotal: number;
  /** How many times as many executions aeronet does; absent for aeronet itself. */
  readonly ratio?: Ratio;
  /** In each round, in its order. */
  readonly runs: readonly Run[];
}

/** Measures; engines take turns, every other round backwards. @throws FuzzError (exit 2) for an engine that is not here. */
export async function compareEngines(options: EngineBenchOptions): Promise<EngineFigure[]> {
  const cache = mkdtempSync(join(tmpdir(), 'aeronet-bench-'));
  const runs = new Map<Compared, Run[]>(options.engines.map((engine) => [engine, []]));
  try {
    const judge = await istanbulMirror(options.tree, options.target, cache);
    let branchesTotal = 0;
    for (let round = 0; round < options.rounds; round++) {
      const order = round % 2 === 0 ? options.engines : [...options.engines].reverse();
      for (const engine of order) {
        options.signal.throwIfAborted();
        const { stats, perCpuSecond, entries } = await run(engine, round + 1, cache, options);
        const reached = countBranches(judge, options.target, entries, cache);
        branchesTotal = Math.max(branchesTotal, reached.total);
        runs.get(engine)?.push({ perCpuSecond, branches: reached.hit, executions: stats.executions });
      }
    }
    const own = runs.get('aeronet') ?? [];
    return [...runs].map(([engine, measured]) => ({
      target: options.target,
      engine,
      perCpuSecond: Math.round(median(measured.map((one) => one.perCpuSecond))),
      branches: median(measured.map((one) => one.branches)),
      branchesTotal,
      ...(engine === 'aeronet' || own.length === 0
        ? {}
        : {
            ratio: pairedRatio(
              own.map((one) => one.perCpuSecond),
              measured.map((one) => one.perCpuSecond),
            ),
          }),
      runs: measured,
    }));
  } finally {
    rmSync(cache, { recursive: true, force: true });
  }
}

async function run(
  engine: Compared,
  seed: number,
  cache: string,
  options: EngineBenchOptions,
): Promise<{ readonly stats: EngineStats; readonly perCpuSecond: number; readonly entries: readonly Uint8Array[] }> {
  const entries: Uint8Array[] = [];
  let first: EngineStats | undefined;
  let last: EngineStats | undefined;
  const seeds =
    options.corpus === undefined
      ? []
      : readTargetCorpus(options.corpus, options.target).flatMap((entry) =>
          entry.kind === 'seed' && entry.input.length <= MAX_SEED_BYTES ? [entry.input] : [],
        );
  const given = {
    tree: options.tree,
    target: options.target,
    seeds,
    extraWords: [],
    seed,
    cache,
    budget: { timeMs: options.durationMs, executions: Number.MAX_SAFE_INTEGER },
    hangMs: 1_000,
    signal: options.signal,
    onFind: () => undefined,
    onEntry: (input: Uint8Array) => entries.push(input),
    onPulse(stats: EngineStats) {
      if (stats.executions <= seeds.length) return;
      first ??= stats;
      last = stats;
    },
  };
  const stats =
    engine === 'jazzer-sync' ? await runJazzerSync(given) : await runEngine(engine satisfies EngineName, given);
  const begun = first ?? stats;
  const ended = last ?? stats;
  const cpuSeconds = (ended.cpuMs - begun.cpuMs) / 1_000;
  const perCpuSecond = cpuSeconds > 0 ? (ended.executions - begun.executions) / cpuSeconds : 0;
  return { stats, perCpuSecond, entries: [...seeds, ...entries] };
}

/** Runs all inputs once on istanbul's counters, in a process of its own. */
function countBranches(
  folder: string,
  target: string,
  entries: readonly Uint8Array[],
  cache: string,
): { readonly hit: number; readonly total: number } {
  const inputs = join(cache, 'judged');
  rmSync(inputs, { recursive: true, force: true });
  mkdirSync(inputs);
  for (const [index, input] of entries.entries()) writeFileSync(join(inputs, String(index)), input);
  const program = fileURLToPath(new URL('branches.js', import.meta.url));
  const { stdout } = spawnSync(process.execPath, [program, folder, target, inputs], {
    encoding: 'utf8',
    timeout: 120_000,
  });
  const counted: { readonly hit: number; readonly total: number } = JSON.parse(stdout || '{"hit":0,"total":0}');
  return counted;
}

const WIDTHS = [26, 12, 14, 20, 16] as const;

export const ENGINES_HEAD = row(['target', 'engine', 'exec/CPU s', 'aeronet does [95 %]', 'branches']);

/** A line for each engine. */
export function engineRows(figures: readonly EngineFigure[]): string {
  return figures
    .map(({ target, engine, perCpuSecond, ratio, branches, branchesTotal }) =>
      row([
        target,
        engine,
        perCpuSecond.toLocaleString('en'),
        ratio === undefined ? '' : `${ratio.median.toFixed(1)} [${ratio.low.toFixed(1)}, ${ratio.high.toFixed(1)}]`,
        `${branches} of ${branchesTotal}`,
      ]),
    )
    .join('\n');
}

function row(cells: readonly string[]): string {
  return cells
    .map((cell, index) => (index < 2 ? cell.padEnd(WIDTHS[index] ?? 0) : cell.padStart(WIDTHS[index] ?? 0)))
    .join(' ');
}
