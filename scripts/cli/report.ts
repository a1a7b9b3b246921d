import type { Command } from 'commander';
import type { Format } from '../../reports/index.ts';
import { type CliContext, type CommandModule, UsageError } from './command.ts';
import { addJudgeOptions, FORMAT_NAMES, type JudgeOptions, judgeResults, namedFormats } from './judged-results.ts';
import { list } from './option-values.ts';
import { addExtraOptions, type ExtraOptions, keepHistory, readExtras, wantsExtras } from './report-extras.ts';
import { writeFiles } from './write-files.ts';

interface ReportOptions extends JudgeOptions, ExtraOptions {
  readonly format?: readonly string[];
  readonly out?: string;
}

/** `aeronet report <results…>`: writes what happened, for a reader or a machine. */
export const reportCommand: CommandModule = {
  register(program: Command, context: CliContext): void {
    const command = program
      .command('report')
      .description('write a report of one or several runs')
      .argument('<results...>', 'results files, or folders of them such as .aeronet')
      .option('-f, --format <names>', `${FORMAT_NAMES}; several need --out (default: md)`, list)
      .option('-o, --out <dir>', 'write report.md, report.html, junit.xml, … into this folder');
    addJudgeOptions(addExtraOptions(command)).action(
      context.action((paths: readonly string[], options: ReportOptions) => report(paths, options, context)),
    );
  },
};

/** The report is the product here, whatever it says: the exit code is a verdict in `aeronet gate` alone. */
async function report(paths: readonly string[], options: ReportOptions, context: CliContext): Promise<number> {
  const formats = await namedFormats(options.format ?? ['md']);
  const [only] = formats;
  if (options.out === undefined && (only === undefined || formats.length > 1)) {
    throw new UsageError('Several formats at once need a folder: add --out <dir>');
  }
  const judged = await judgeResults(paths, options, context);
  await keepHistory(judged.report, judged.gate, options);
  const extras = formats.some(wantsExtras)
    ? await readExtras(judged.report, judged.gate, options, context.err.note)
    : {};
  const write = (format: Format): string => format.render(judged.report, judged.gate, extras);
  if (options.out === undefined) {
    if (only !== undefined) context.out.write(write(only));
    return 0;
  }
  const files = formats.map((format) => ({ name: format.file, text: write(format) }));
  for (const path of await writeFiles(options.out, files)) context.out.line(path);
  return 0;
}
