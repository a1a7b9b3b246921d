import type { Command } from 'commander';
import { type CliContext, type CommandModule, UsageError } from './command.ts';
import { addAccept } from './gate-accept.ts';
import { addCheck, explain } from './gate-check.ts';
import { addPrune } from './gate-prune.ts';
import { addJudgeOptions, FORMAT_NAMES, type JudgeOptions, judgeResults, namedFormats } from './judged-results.ts';
import { list } from './option-values.ts';
import { addExtraOptions, type ExtraOptions, keepHistory, readExtras, wantsExtras } from './report-extras.ts';
import { writeFiles } from './write-files.ts';

interface GateOptions extends JudgeOptions, ExtraOptions {
  readonly format?: readonly string[];
  readonly json?: boolean;
  readonly explain?: boolean;
  readonly out?: string;
}

/** `aeronet gate <results…>`: decides; the exit code is the verdict. */
export const gateCommand: CommandModule = {
  register(program: Command, context: CliContext): void {
    const command = program
      .command('gate')
      .description('decide: exit code 0 passed, 1 failed, 5 inconclusive')
      .argument('<results...>', 'results files, or folders of them such as .aeronet');
    addJudgeOptions(addExtraOptions(command))
      .option('--json', 'print gate.json on stdout, the summary on stderr')
      .option('--explain', 'say of each finding what was looked at, step by step')
      .option('-f, --format <names>', `with --out, write these reports too: ${FORMAT_NAMES}`, list)
      .option('-o, --out <dir>', 'write gate.json into this folder')
      .addHelpText('after', EXAMPLES)
      .action(context.action((paths: readonly string[], options: GateOptions) => gate(paths, options, context)));
    addAccept(command, context);
    addPrune(command, context);
    addCheck(command, context);
  },
};

const EXAMPLES = `
Examples:
  aeronet gate .aeronet                                     the verdict
  aeronet gate .aeronet --base base --base-expectations origin/main --rule should=error
                                                            of a change: what is new, what it loosens, SHOULDs too
  aeronet gate check .aeronet --case 'h1/host/*'            why each verdict is what it is
  aeronet gate accept .aeronet --case h1/host/missing --reason '…' --issue '…' --expires 2027-02-01
  aeronet gate prune .aeronet                               takes the lines away that excuse nothing any more`;

async function gate(paths: readonly string[], options: GateOptions, context: CliContext): Promise<number> {
  const { renderGateJson, renderTerminal } = await import('../../reports/index.ts');
  const formats = await namedFormats(options.format ?? []);
  if (formats.length > 0 && options.out === undefined) {
    throw new UsageError('--format writes files here: add --out <dir>, or use "aeronet report" for stdout');
  }
  const judged = await judgeResults(paths, options, context);
  const summary = (color: boolean): string =>
    renderTerminal(judged.report, judged.gate, { color, verbose: context.verbose });
  if (options.explain === true && options.json !== true) {
    await explain(judged.gate, () => true, context);
  }
  if (options.json === true) {
    context.out.write(renderGateJson(judged.gate));
    if (!context.quiet) context.err.write(summary(context.err.color));
  } else {
    context.out.write(summary(context.out.color));
  }
  await keepHistory(judged.report, judged.gate, options);
  if (options.out !== undefined) {
    const extras = formats.some(wantsExtras)
      ? await readExtras(judged.report, judged.gate, options, context.err.note)
      : {};
    const written = await writeFiles(options.out, [
      { name: 'gate.json', text: renderGateJson(judged.gate) },
      ...formats.map((format) => ({ name: format.file, text: format.render(judged.report, judged.gate, extras) })),
    ]);
    for (const path of written) context.err.note(`written: ${path}`);
  }
  return judged.gate.exit;
}
