import { existsSync, readFileSync } from 'node:fs';
import { isAbsolute, relative } from 'node:path';
import type { Command } from 'commander';
import type { Expectations, Format, Gate, Report, Rule } from '../../reports/index.ts';
import { readBaseExpectations } from './base-expectations.ts';
import { type CliContext, UsageError } from './command.ts';
import { integer, list } from './option-values.ts';

/** Options that all commands share which judge results. */
export interface JudgeOptions {
  readonly expectations?: readonly string[];
  readonly today?: string;
  readonly base?: readonly string[];
  readonly baseExpectations?: string;
  readonly allowLoosened?: boolean;
  readonly rule?: readonly string[];
  readonly rules?: string;
  readonly maxFlaky?: number;
}

/** Names of all formats, for help texts: the room of reports is loaded when it is used. A test holds them to the room's own. */
export const FORMAT_NAMES = 'md, table, html, junit, sarif, json, github, badge, issues, text';

/** Adds those options to a command. */
export function addJudgeOptions(command: Command): Command {
  return command
    .option('--expectations <file>', 'known failures; by default those of the subjects that were tested', list)
    .option('--base <results>', 'results of the base build: what fails there too is not new; none is neutral', list)
    .option(
      '--base-expectations <file|rev>',
      'known failures of the base, a file or a revision of git: what this change loosens is listed',
    )
    .option('--allow-loosened', 'let this change excuse what it breaks')
    .option(
      '--rule <rule>',
      'must|should|may|area:<glob>|kind:<class> = error|warn|off, e.g. should=error; may be repeated',
      list,
    )
    .option('--rules <file>', 'JSON of such rules: {"should":"error","area:hpack":"warn"}; --rule goes before it')
    .option(
      '--max-flaky <n>',
      'cases that may come and go, known ones counted (default: any number)',
      integer(0, 1_000_000),
    )
    .option('--today <day>', 'YYYY-MM-DD that expiry is measured against (default: the day of the run)');
}

export interface Judged {
  readonly report: Report;
  readonly gate: Gate;
  readonly expectations: Expectations;
}

/**
 * Reads results, folds them and decides: what `report` and `gate` both start from, so that they cannot disagree.
 * Without `expectations`, the known failures of the bench's own subjects are held against those that were tested; a subject
 * that has none says so, and a file that a subject names must be there, like one that the command line names.
 *
 * @throws ReportsError exit 2 or 5.
 */
export async function judgeResults(
  paths: readonly string[],
  options: JudgeOptions,
  context: CliContext,
): Promise<Judged> {
  const reports = await import('../../reports/index.ts');
  const report = await foldResults(paths);
  const { findSubject } = await import('../../conformance/subjects/index.ts');
  const targets = report.targets.map(({ target }) => target);
  const files = options.expectations ?? knownFailures(targets, findSubject, context.err.note).map(fromHere);
  const expectations = await reports.readExpectations(files);
  const { today, base, baseExpectations, maxFlaky } = options;
  const gate = reports.decideGate(report, expectations, {
    rules: await rulesOf(options),
    allowLoosened: options.allowLoosened === true,
    ...(today === undefined ? {} : { today }),
    ...(maxFlaky === undefined ? {} : { maxFlaky }),
    ...(base === undefined ? {} : { base: (await baseReport(base)) ?? 'missing' }),
    ...(baseExpectations === undefined
      ? {}
      : { baseExpectations: await readBaseExpectations(baseExpectations, files) }),
  });
  return { report, gate, expectations };
}

/** A path below the working folder as one types it: in a report it names a place of the repository, and no folder of a machine. */
function fromHere(path: string): string {
  const below = relative(process.cwd(), path);
  return below.startsWith('..') || isAbsolute(below) ? path : below.replaceAll('\\', '/');
}

/** Reads and folds results. @throws ReportsError exit 2 or 5. */
export async function foldResults(paths: readonly string[]): Promise<Report> {
  const reports = await import('../../reports/index.ts');
  const sources = [];
  for (const file of await reports.findResults(paths)) sources.push(await reports.readInput(file));
  return reports.foldReport(sources);
}

/** Results of the base; `undefined` where there are none, which must not break a change. What is there must be valid. */
async function baseReport(paths: readonly string[]): Promise<Report | undefined> {
  const { ReportsError } = await import('../../reports/index.ts');
  const there = paths.filter((path) => existsSync(path));
  if (there.length === 0) return undefined;
  try {
    return await foldResults(there);
  } catch (error) {
    if (error instanceof ReportsError && error.exit === 5) return undefined;
    throw error;
  }
}

/** The rules of the file, then those of the command line, so that these count. */
async function rulesOf({ rule = [], rules }: JudgeOptions): Promise<readonly Rule[]> {
  const { parseRule, parseRules } = await import('../../reports/index.ts');
  const given = rule.map((text) => parseRule(text, '--rule'));
  if (rules === undefined) return given;
  return [...parseRules(readText(rules), rules), ...given];
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new UsageError(
      `Cannot read rules "${path}" (${error instanceof Error ? error.message : 'failed'}): correct the path`,
    );
  }
}

/** Looks formats up by their names. */
export async function namedFormats(names: readonly string[]): Promise<readonly Format[]> {
  const { FORMATS } = await import('../../reports/index.ts');
  return [...new Set(names)].map((name) => {
    const format = Object.hasOwn(FORMATS, name) ? FORMATS[name] : undefined;
    if (format !== undefined) return format;
    throw new UsageError(`Unknown format "${name}": give ${Object.keys(FORMATS).join(', ')}`);
  });
}

/** Files of known failures of the targets that are subjects; one that has none is told. */
export function knownFailures(
  targets: readonly string[],
  find: (name: string) => { readonly expectations?: string } | undefined,
  note: (text: string) => void,
): readonly string[] {
  return [...new Set(targets)].flatMap((name) => {
    const subject = find(name);
    if (subject === undefined) return [];
    if (subject.expectations !== undefined) return [subject.expectations];
    note(`${name} has no file of known failures: every failure of it counts`);
    return [];
  });
}
