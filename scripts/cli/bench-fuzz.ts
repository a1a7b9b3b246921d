import type { Command } from 'commander';
import { type CliContext, UsageError } from './command.ts';
import { list, seed } from './option-values.ts';
import { makeOut } from './write-files.ts';

/** Options of `aeronet bench engines`, `aeronet bench planted` and `aeronet bench numbers`. */
export interface FuzzBenchOptions {
  readonly engines: readonly string[];
  readonly rounds?: number;
  readonly duration?: number;
  readonly corpus?: string;
  readonly budget: string;
  readonly seeds: readonly string[];
  /** Of planted, copies and findings. @defaultValue .aeronet */
  readonly out?: string;
  readonly json?: boolean;
}

/** What `aeronet bench` runs of the fuzz room, by the first word behind it. */
export const FUZZ_BENCHES: Readonly<
  Record<string, (names: readonly string[], options: FuzzBenchOptions, context: CliContext) => Promise<number>>
> = { engines, planted, numbers };

/** Adds the options that only these have. */
export function addFuzzBenchOptions(command: Command): Command {
  return command
    .option(
      '--engines <names>',
      'aeronet, jsfuzz, jazzer, jazzer-sync, fast-check (default: all that are compared)',
      list,
      [],
    )
    .option('--corpus <dir>', 'engines: begin with its seeds (default: from nothing)')
    .option('-b, --budget <amount>', 'planted: of each campaign', '10m')
    .option('--seeds <numbers>', 'planted: one campaign for each (default: 1)', list, []);
}

async function planted(names: readonly string[], options: FuzzBenchOptions, context: CliContext): Promise<number> {
  const { isEngineName, ENGINES, parseBudget } = await import('../../fuzz/index.ts');
  const { hunt, PLANTED_HEAD, plantedRow, selectBugs } = await import('../bench/planted.ts');
  const { budget, out = '.aeronet', json = false } = options;
  const engine = options.engines[0] ?? 'aeronet';
  if (!isEngineName(engine)) throw new UsageError(`no engine "${engine}"; there are: ${ENGINES.join(', ')}`);
  parseBudget(budget);
  await makeOut(out);
  let missed = 0;
  try {
    const bugs = selectBugs(names);
    if (!json) context.out.line(PLANTED_HEAD);
    for (const bug of bugs) {
      for (const text of options.seeds.length === 0 ? ['1'] : options.seeds) {
        context.signal.throwIfAborted();
        const result = await hunt(bug, { bugs: names, engine, budget, seed: seed(text), out, signal: context.signal });
        if (result.found?.isReproduced !== true) missed++;
        context.out.line(json ? JSON.stringify(result) : plantedRow(result));
      }
    }
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(error.message);
    if (!context.signal.aborted) throw error;
  }
  return missed === 0 ? 0 : 1;
}

async function engines(names: readonly string[], options: FuzzBenchOptions, context: CliContext): Promise<number> {
  const { builtTree, checkTargetName, demandCorpus } = await import('../../fuzz/index.ts');
  const { COMPARED, compareEngines, ENGINES_HEAD, engineRows } = await import('../bench/engines.ts');
  const unknown = options.engines.find((name) => !COMPARED.some((one) => one === name));
  if (unknown !== undefined)
    throw new UsageError(`no engine "${unknown}" to compare; there are: ${COMPARED.join(', ')}`);
  const targets = names.length === 0 ? ['hpack-decode', 'http1-request'] : names;
  const tree = builtTree();
  for (const target of targets) checkTargetName(tree, target);
  if (options.corpus !== undefined) demandCorpus(options.corpus);
  const { rounds = 3, duration = 60_000, corpus, json = false } = options;
  const compared = COMPARED.filter((name) => options.engines.length === 0 || options.engines.includes(name));
  if (!json) context.out.line(ENGINES_HEAD);
  try {
    for (const target of targets) {
      const given = { tree, target, engines: compared, rounds, durationMs: duration, corpus, signal: context.signal };
      const figures = await compareEngines(given);
      if (json) for (const figure of figures) context.out.line(JSON.stringify(figure));
      else context.out.line(engineRows(figures));
    }
  } catch (error) {
    if (!context.signal.aborted) throw error;
  }
  return 0;
}

async function numbers(
  names: readonly string[],
  { json = false }: FuzzBenchOptions,
  context: CliContext,
): Promise<number> {
  const { fuzzNumbers, isReached, NUMBERS_HEAD, numberRow } = await import('../bench/numbers.ts');
  if (names.length > 0) throw new UsageError(`bench numbers measures all of them; nothing can be named (${names[0]})`);
  let missed = 0;
  if (!json) context.out.line(NUMBERS_HEAD);
  try {
    for await (const number of fuzzNumbers(context.signal)) {
      if (!isReached(number)) missed++;
      context.out.line(json ? JSON.stringify(number) : numberRow(number));
    }
  } catch (error) {
    if (!context.signal.aborted) throw error;
  }
  return missed === 0 ? 0 : 1;
}
