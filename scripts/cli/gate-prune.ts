import { readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { Command } from 'commander';
import type { CliContext } from './command.ts';
import { type JudgeOptions, judgeResults } from './judged-results.ts';
import { writeFiles } from './write-files.ts';

interface PruneOptions extends Pick<JudgeOptions, 'expectations' | 'today'> {
  readonly dryRun?: boolean;
}

/** `aeronet gate prune`: takes lines away that a full run has shown to excuse nothing, and adds none. */
export function addPrune(gate: Command, context: CliContext): void {
  gate
    .command('prune')
    .description('take lines away that excuse nothing any more: of cases that are in order now, or are gone')
    .argument('<results...>', 'results of a full run; what a filtered one shows is not enough')
    .option('--dry-run', 'print the keys and write nothing')
    .action(
      context.action((paths: readonly string[], _: unknown, self: Command) =>
        prune(paths, self.optsWithGlobals(), context),
      ),
    );
}

async function prune(paths: readonly string[], options: PruneOptions, context: CliContext): Promise<number> {
  const { gate, expectations } = await judgeResults(paths, options, context);
  const { prunable, removeEntries } = await import('../../reports/index.ts');
  const gone = prunable(gate);
  const entries = [...expectations.byKey.values()].filter(({ key }) => gone.has(key));
  const files = [...new Set(entries.map(({ source }) => source))];
  const texts = files.map((file) => ({ file, text: removeEntries(readFileSync(file, 'utf8'), file, gone) }));
  if (options.dryRun !== true) {
    for (const { file, text } of texts) await writeFiles(dirname(file), [{ name: basename(file), text }]);
  }
  for (const { key } of entries) context.out.line(key);
  const told = gate.findings.filter(
    ({ class: name, effect }) => name === 'unexpected-pass' && effect === 'warn',
  ).length;
  if (told > 0) context.err.line(`${told} more passed in a filtered run, which is not enough: run all cases`);
  context.err.note(`${options.dryRun === true ? 'would be taken away' : 'taken away'}: ${entries.length}`);
  return 0;
}
