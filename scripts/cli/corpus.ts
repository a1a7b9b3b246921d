import { existsSync, statSync } from 'node:fs';
import type { Command } from 'commander';
import { type CliContext, type CommandModule, UsageError } from './command.ts';
import { registerCoverage } from './corpus-coverage.ts';
import { registerShrinking } from './corpus-shrink.ts';
import { printable } from './fuzz-text.ts';

interface CorpusOptions {
  readonly corpus?: string;
  readonly json?: boolean;
}

interface AddOptions extends CorpusOptions {
  readonly dist?: string;
  readonly set: string;
  readonly origin: string;
  readonly licence: string;
}

interface CloseOptions extends CorpusOptions {
  readonly dist?: string;
}

/** `aeronet corpus stats|add|close|cmin|merge|import|coverage`: what the corpus holds, and more or less of it. */
export const corpusCommand: CommandModule = {
  register(program: Command, context: CliContext): void {
    const corpus = program.command('corpus').description('look at and add to the committed corpus');
    corpus
      .command('stats')
      .description('seeds and crashes of each target')
      .option('--corpus <dir>', 'the corpus (default: corpus)')
      .option('--json', 'as JSON')
      .action(context.action((options: CorpusOptions) => stats(options, context)));
    corpus
      .command('add')
      .description('add files as seeds of a target, or keep crash bundles for good')
      .argument('<what>', 'a fuzz target, or a crash bundle')
      .argument('[files...]', 'seeds for the target')
      .option('--corpus <dir>', 'the corpus (default: corpus)')
      .option('--set <name>', 'set of the manifest that the seeds join', 'added')
      .option('--origin <text>', 'where they come from', 'added by hand')
      .option('--licence <name>', 'SPDX name', 'MIT')
      .option('--dist <dir>', 'check them on another built tree')
      .action(
        context.action((what: string, files: readonly string[], options: AddOptions) =>
          add(what, files, options, context),
        ),
      );
    registerShrinking(corpus, context);
    registerCoverage(corpus, context);
    corpus
      .command('close')
      .description('mark open crashes as fixed, if they do not fail any more')
      .argument('<entries...>', 'crash bundles, or signatures or their beginning')
      .option('--corpus <dir>', 'the corpus (default: corpus)')
      .option('--dist <dir>', 'check them on another built tree')
      .action(context.action((entries: readonly string[], options: CloseOptions) => close(entries, options, context)));
  },
};

async function stats(options: CorpusOptions, context: CliContext): Promise<number> {
  const room = await import('../../fuzz/index.ts');
  const all = room.corpusStats(options.corpus ?? room.defaultCorpus());
  if (options.json === true) {
    context.out.line(JSON.stringify(all));
    return 0;
  }
  for (const { target, seeds, seedBytes, largestSeed, openCrashes, fixedCrashes, unaccounted } of all) {
    context.out.line(
      `${target}: ${seeds} seeds, ${seedBytes} octets (largest ${largestSeed}), ${openCrashes} open and ${fixedCrashes} fixed crashes` +
        (unaccounted === 0 ? '' : `, ${unaccounted} seeds that the manifest does not name`),
    );
  }
  return 0;
}

async function add(what: string, files: readonly string[], options: AddOptions, context: CliContext): Promise<number> {
  const room = await import('../../fuzz/index.ts');
  const root = options.corpus ?? room.defaultCorpus();
  if (files.length === 0) {
    if (room.targetNames(room.builtTree()).includes(what)) {
      throw new UsageError(`No files: name those that are to be seeds of ${what}`);
    }
    if (existsSync(what) && !statSync(what).isDirectory())
      throw new UsageError(`${what} is no crash bundle: a seed is added with: aeronet corpus add <target> ${what}`);
    const { path, isNew } = room.promote(root, what);
    context.out.line(`${isNew ? 'added' : 'was there'}: ${printable(path)}`);
    return 0;
  }
  const tree = options.dist === undefined ? room.builtTree() : room.namedTree(options.dist);
  const boxes = room.sandboxes(tree, 1_000);
  try {
    const provenance = { set: options.set, origin: options.origin, licence: options.licence };
    for (const { path, isNew } of await room.addSeeds(root, what, files, provenance, await boxes.of(what))) {
      context.out.line(`${isNew ? 'added' : 'was there'}: ${printable(path)}`);
    }
  } finally {
    await boxes.close();
  }
  return 0;
}

async function close(operands: readonly string[], options: CloseOptions, context: CliContext): Promise<number> {
  const room = await import('../../fuzz/index.ts');
  const corpus = options.corpus ?? room.defaultCorpus();
  const tree = options.dist === undefined ? room.builtTree() : room.namedTree(options.dist);
  const boxes = room.sandboxes(tree, 1_000);
  try {
    for (const entry of room.openEntries(operands, { corpus, out: corpus })) {
      if (entry.kind === 'seed') throw new UsageError(`${entry.path} is a seed: only crashes are open or fixed`);
      await room.closeCrash(entry.path, await boxes.of(entry.target));
      context.out.line(`fixed: ${printable(entry.path)}`);
    }
  } finally {
    await boxes.close();
  }
  return 0;
}
