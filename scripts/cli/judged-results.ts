import type { Format, Gate, Report } from '../../reports/index.ts';
import { type CliContext, UsageError } from './command.ts';

/** Options that `report` and `gate` share. */
export interface JudgeOptions {
  readonly expectations?: readonly string[];
  readonly today?: string;
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
): Promise<{ readonly report: Report; readonly gate: Gate }> {
  const reports = await import('../../reports/index.ts');
  const sources = [];
  for (const file of await reports.findResults(paths)) sources.push(await reports.readResults(file));
  const report = reports.foldReport(sources);
  const { findSubject } = await import('../../conformance/subjects/index.ts');
  const targets = report.targets.map(({ target }) => target);
  const files = options.expectations ?? knownFailures(targets, findSubject, context.err.note);
  const expectations = await reports.readExpectations(files);
  const gate = reports.decideGate(report, expectations, options.today === undefined ? {} : { today: options.today });
  return { report, gate };
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
