import { basename, dirname } from 'node:path';
import type { Command } from 'commander';
import type { CliContext, CommandModule } from './command.ts';
import { writeFiles } from './write-files.ts';

interface MergeOptions {
  readonly out: string;
}

/** `aeronet merge <results…>`: the results of shards, or of several runs, as one file. */
export const mergeCommand: CommandModule = {
  register(program: Command, context: CliContext): void {
    program
      .command('merge')
      .description('join the results of shards, or of several runs, into one file')
      .argument('<results...>', 'results files, or folders of them')
      .requiredOption('-o, --out <file>', 'the file to write, e.g. merged.ndjson')
      .addHelpText('after', EXAMPLES)
      .action(context.action((paths: readonly string[], options: MergeOptions) => merge(paths, options, context)));
  },
};

const EXAMPLES = `
Examples:
  aeronet conform core --shard 1/2 --no-gate -o shard-1     on one machine
  aeronet conform core --shard 2/2 --no-gate -o shard-2     on another
  aeronet merge shard-1 shard-2 -o merged.ndjson
  aeronet gate merged.ndjson

Exit codes: 0 all parts are there · 2 a file is invalid, or a shard is there twice · 5 a shard is missing or was cut
short: what there is was written, and the gate will say so too.`;

async function merge(paths: readonly string[], { out }: MergeOptions, context: CliContext): Promise<number> {
  const { findResults, foldReport, mergeSources, readResults, shardSets } = await import('../../reports/index.ts');
  const sources = [];
  for (const file of await findResults(paths)) sources.push(await readResults(file));
  const { runs } = foldReport(sources);
  const { events, replaced } = mergeSources(sources);
  const text = events.map((event) => `${JSON.stringify(event)}\n`).join('');
  const [path] = await writeFiles(dirname(out), [{ name: basename(out), text }]);
  context.out.line(path ?? out);
  if (replaced > 0) context.err.line(`${replaced} cases were judged in more than one input: the later ones count`);
  const open = runs.filter(({ complete }) => !complete);
  for (const { source, note } of open) context.err.line(`${source}: incomplete: ${note}`);
  const missing = shardSets(runs).filter((set) => set.missing.length > 0);
  for (const set of missing) context.err.line(`missing: shard ${set.missing.join(', ')} of ${set.total}`);
  return open.length + missing.length === 0 ? 0 : 5;
}
