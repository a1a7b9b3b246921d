/** `aeronet corpus coverage`: lines, branches and error codes that a corpus reaches, and what it lost against a base. */
import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import type { CorpusCoverage } from '../../fuzz/index.ts';
import { type CliContext, UsageError } from './command.ts';
import { printable } from './fuzz-text.ts';
import { hangOption, list } from './option-values.ts';

interface CoverageOptions {
  readonly corpus?: string;
  readonly out: string;
  readonly format?: readonly string[];
  readonly reports: boolean;
  readonly base?: string;
  readonly minLines?: number;
  readonly allCodes?: boolean;
  readonly dist?: string;
  readonly hang: number;
  readonly json?: boolean;
}

/** Adds it to `aeronet corpus`. */
export function registerCoverage(corpus: Command, context: CliContext): void {
  corpus
    .command('coverage')
    .description('what a replay of the corpus reaches of the sans-IO core: lines, branches and error codes')
    .argument('[targets...]', 'fuzz targets (default: all)')
    .option('--corpus <dir>', 'the corpus (default: corpus)')
    .option('-o, --out <dir>', 'coverage.json, total/ and a folder of each target', '.aeronet/corpus-coverage')
    .option('-f, --format <names>', 'reports (default: html,json,json-summary; lcovonly, text, text-summary)', list)
    .option('--no-reports', 'coverage.json alone')
    .option('--base <file>', 'a coverage.json: exit code 1 when something that it reached is lost')
    .option('--min-lines <percent>', 'exit code 1 when fewer lines are reached', percent)
    .option('--all-codes', 'exit code 1 when an error code is never reached, unless there is a reason on record')
    .addOption(hangOption())
    .option('--dist <dir>', 'replay on another built tree')
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      `
Examples:
  $ aeronet corpus coverage                           reports in .aeronet/corpus-coverage
  $ aeronet corpus coverage --no-reports --base old/coverage.json --min-lines 98 --all-codes`,
    )
    .action(
      context.action((targets: readonly string[], options: CoverageOptions) => coverage(targets, options, context)),
    );
}

async function coverage(named: readonly string[], options: CoverageOptions, context: CliContext): Promise<number> {
  const room = await import('../../fuzz/index.ts');
  const tree = options.dist === undefined ? room.builtTree() : room.namedTree(options.dist);
  const corpus = options.corpus ?? room.defaultCorpus();
  room.demandCorpus(corpus);
  for (const target of named) room.checkTargetName(tree, target);
  const wanted = new Set(options.format ?? ['html', 'json', 'json-summary']);
  const formats = room.COVERAGE_FORMATS.filter((format) => wanted.has(format));
  if (formats.length < wanted.size) {
    throw new UsageError(`Formats are ${room.COVERAGE_FORMATS.join(', ')}: ${[...wanted].join(', ')} names another`);
  }
  const result = await room.corpusCoverage({
    tree,
    corpus,
    targets: named.length > 0 ? named : room.targetNames(tree),
    out: options.out,
    formats: options.reports ? formats : [],
    ...(options.base === undefined ? {} : { base: options.base }),
    hangMs: options.hang,
    signal: context.signal,
  });
  const percent = room.percentOf(result.summary.lines);
  const isShort = options.minLines !== undefined && percent < options.minLines;
  const isLost = result.lost !== undefined && result.lost.files.length + result.lost.codes.length > 0;
  const lacksCodes = options.allCodes === true && result.unexplained.length + result.staleReasons.length > 0;
  if (options.json === true) {
    const { summary, lost, unexplained, staleReasons, skipped } = result;
    const { lines, branches, codes } = summary;
    context.out.line(JSON.stringify({ lines, branches, codes, unexplained, staleReasons, lost, skipped }));
  } else {
    context.out.write(describe(result, room, options));
    if (isShort) context.out.line(`lines: ${percent} %, fewer than the ${options.minLines} % that are asked for`);
  }
  return isShort || isLost || lacksCodes ? 1 : 0;
}

type Room = typeof import('../../fuzz/index.ts');

function describe(result: CorpusCoverage, room: Room, options: CoverageOptions): string {
  const { summary, subjects, lost, unexplained, staleReasons, skipped } = result;
  const share = ({ total, covered }: { total: number; covered: number }): string =>
    `${room.percentOf({ total, covered })} % (${covered} of ${total})`;
  const lines: string[] = [];
  for (const [target, { entries, codes }] of Object.entries(summary.targets)) {
    const parts = subjects.get(target)?.flatMap((file) => file.lines);
    const covered = parts?.filter((part) => part.ran).length ?? 0;
    const subject = parts === undefined ? '' : `, ${share({ total: parts.length, covered })} of its subject's lines`;
    lines.push(`${target}: ${entries} inputs, ${codes.length} codes${subject}`);
  }
  for (const { target, message } of skipped) lines.push(`${target}: not replayed: ${printable(message)}`);
  lines.push(`sans-IO core: lines ${share(summary.lines)}, branches ${share(summary.branches)}`);
  lines.push(
    `error codes: ${summary.codes.reached.length} of ${summary.codes.reached.length + summary.codes.never.length} reached`,
  );
  if (unexplained.length > 0) lines.push(`  never: ${unexplained.join(', ')}`);
  for (const code of staleReasons)
    lines.push(`  ${code} is reached, and yet there is a reason on record why it cannot be`);
  if (lost !== undefined) lines.push(...lostLines(lost, room));
  lines.push(`${printable(options.out)}/coverage.json${options.reports ? `, ${printable(options.out)}/total` : ''}`);
  return `${lines.join('\n')}\n`;
}

function lostLines({ files, codes }: NonNullable<CorpusCoverage['lost']>, room: Room): string[] {
  if (files.length + codes.length === 0) return ['nothing lost against the base'];
  return [
    ...files.map(({ path, lines, branches }) => {
      const parts = [
        ...(lines.length === 0 ? [] : [`lines ${room.rangesOf(lines)}`]),
        ...(branches.length === 0 ? [] : [`${branches.length} edges, on lines ${room.rangesOf(branches)}`]),
      ];
      return `LOST ${path}: ${parts.join('; ')}`;
    }),
    ...codes.map((code) => `LOST ${code}`),
  ];
}

function percent(text: string): number {
  const value = /^\d{1,3}(\.\d{1,2})?$/.test(text) ? Number(text) : Number.NaN;
  if (value <= 100) return value;
  throw new InvalidArgumentError('Give a percentage from 0 to 100, such as 98.5.');
}
