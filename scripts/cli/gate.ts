import type { Command } from 'commander';
import { type CliContext, type CommandModule, UsageError } from './command.ts';
import { type JudgeOptions, judgeResults, namedFormats } from './judged-results.ts';
import { list } from './option-values.ts';
import { writeFiles } from './write-files.ts';

interface GateOptions extends JudgeOptions {
  readonly format?: readonly string[];
  readonly json?: boolean;
  readonly out?: string;
}

/** `aeronet gate <results…>`: decides; the exit code is the verdict. */
export const gateCommand: CommandModule = {
  register(program: Command, context: CliContext): void {
    program
      .command('gate')
      .description('decide: exit code 0 passed, 1 failed, 5 inconclusive')
      .argument('<results...>', 'results files, or folders of .ndjson files such as .aeronet')
      .option('--expectations <file>', 'known failures; by default those of the subjects that were tested', list)
      .option('--json', 'print gate.json on stdout, the summary on stderr')
      .option(
        '-f, --format <names>',
        'with --out, write these reports too: md, table, html, junit, json, github, text',
        list,
      )
      .option('-o, --out <dir>', 'write gate.json into this folder')
      .option('--today <day>', 'YYYY-MM-DD that expiry is measured against (default: the day of the run)')
      .action(context.action((paths: readonly string[], options: GateOptions) => gate(paths, options, context)));
  },
};

async function gate(paths: readonly string[], options: GateOptions, context: CliContext): Promise<number> {
  const { renderGateJson, renderTerminal } = await import('../../reports/index.ts');
  const formats = await namedFormats(options.format ?? []);
  if (formats.length > 0 && options.out === undefined) {
    throw new UsageError('--format writes files here: add --out <dir>, or use "aeronet report" for stdout');
  }
  const judged = await judgeResults(paths, options, context);
  const summary = (color: boolean): string =>
    renderTerminal(judged.report, judged.gate, { color, verbose: context.verbose });
  if (options.json === true) {
    context.out.write(renderGateJson(judged.gate));
    if (!context.quiet) context.err.write(summary(context.err.color));
  } else {
    context.out.write(summary(context.out.color));
  }
  if (options.out !== undefined) {
    const written = await writeFiles(options.out, [
      { name: 'gate.json', text: renderGateJson(judged.gate) },
      ...formats.map((format) => ({ name: format.file, text: format.render(judged.report, judged.gate) })),
    ]);
    for (const path of written) context.err.note(`written: ${path}`);
  }
  return judged.gate.exit;
}
