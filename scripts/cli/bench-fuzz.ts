import type { Command } from 'commander';
import { type CliContext, UsageError } from './command.ts';
import { list, seed } from './option-values.ts';
import { makeOut } from './write-files.ts';

interface PlantedCliOptions {
  readonly engine: string;
  readonly budget: string;
  readonly seeds: readonly string[];
  readonly out: string;
  readonly json?: boolean;
}

/** `aeronet bench planted`: how the bench proves itself on bugs that are known to be there. */
export function registerFuzzBenches(bench: Command, context: CliContext): void {
  bench
    .command('planted')
    .description('plant ten bugs, one at a time, in a copy of the core, and fuzz for them from an empty corpus')
    .argument('[bugs...]', 'names of bugs; all for none')
    .option('--engine <name>', 'as in aeronet fuzz', 'aeronet')
    .option('-b, --budget <amount>', 'of each campaign', '10m')
    .option('--seeds <n>', 'one campaign for each', list, ['1'])
    .option('-o, --out <dir>', 'copies and findings', '.aeronet')
    .option('--json', 'one JSON object a bug')
    // `bench` itself has --out and --json too, and takes them wherever they stand.
    .action(
      context.action((bugs: readonly string[], _: unknown, self: Command) =>
        planted(bugs, self.optsWithGlobals(), context),
      ),
    );
}

async function planted(names: readonly string[], options: PlantedCliOptions, context: CliContext): Promise<number> {
  const { isEngineName, ENGINES, parseBudget } = await import('../../fuzz/index.ts');
  const { hunt, PLANTED_HEAD, plantedRow, selectBugs } = await import('../bench/planted.ts');
  const { engine, budget, out, json = false } = options;
  if (!isEngineName(engine)) throw new UsageError(`no engine "${engine}"; there are: ${ENGINES.join(', ')}`);
  parseBudget(budget);
  await makeOut(out);
  let missed = 0;
  try {
    const bugs = selectBugs(names);
    if (!json) context.out.line(PLANTED_HEAD);
    for (const bug of bugs) {
      for (const text of options.seeds) {
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
