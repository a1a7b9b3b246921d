import type { Command } from 'commander';
import type { CliContext, CommandModule } from './command.ts';
import { printable } from './fuzz-text.ts';
import { hangOption } from './option-values.ts';

interface MinOptions {
  readonly target?: string;
  readonly corpus?: string;
  readonly out: string;
  readonly dist?: string;
  readonly hang: number;
}

/** `aeronet min <entry>`: minimises, same signature. */
export const minCommand: CommandModule = {
  register(program: Command, context: CliContext): void {
    program
      .command('min')
      .description('make the input of a saved entry smaller while it fails the same way')
      .argument('<entry>', 'a crash bundle, a signature or its beginning, or a file with --target')
      .option('--target <name>', 'fuzz target of a file that is in no corpus')
      .option('--corpus <dir>', 'the committed corpus (default: corpus)')
      .option('-o, --out <dir>', 'where campaigns put their findings', '.aeronet')
      .addOption(hangOption())
      .option('--dist <dir>', 'run it on another built tree')
      .action(context.action((entry: string, options: MinOptions) => min(entry, options, context)));
  },
};

async function min(operand: string, options: MinOptions, context: CliContext): Promise<number> {
  const room = await import('../../fuzz/index.ts');
  const tree = options.dist === undefined ? room.builtTree() : room.namedTree(options.dist);
  const corpus = options.corpus ?? room.defaultCorpus();
  const entries = room.openEntries([operand], { corpus, out: options.out, target: options.target });
  const boxes = room.sandboxes(tree, options.hang);
  try {
    for (const entry of entries) {
      const { failure, before, after, executions, written } = await room.minimiseEntry(
        entry,
        await boxes.of(entry.target),
      );
      context.out.line(
        `${failure.signature}: ${before} octets, now ${after.length} (${executions} executions): ${printable(written)}`,
      );
      context.out.line(room.hexView(after, failure.offset).join('\n'));
    }
  } finally {
    await boxes.close();
  }
  return 0;
}
