import { existsSync } from 'node:fs';
import type { Format, Gate, Report } from '../../reports/index.ts';
import { UsageError } from './command.ts';

/** Options that `report` and `gate` share. */
export interface JudgeOptions {
  readonly expectations?: readonly string[];
  readonly today?: string;
}

/**
 * Reads results, folds them and decides: what `report` and `gate` both start from, so that they cannot disagree.
 * Without `expectations`, the known failures of the bench's own subjects are held against those that were tested.
 *
 * @throws ReportsError exit 2 or 5.
 */
export async function judgeResults(
  paths: readonly string[],
  options: JudgeOptions,
): Promise<{ readonly report: Report; readonly gate: Gate }> {
  const reports = await import('../../reports/index.ts');
  const sources = [];
  for (const file of await reports.findResults(paths)) sources.push(await reports.readResults(file));
  const report = reports.foldReport(sources);
  const files = options.expectations ?? (await subjectExpectations(report.targets.map(({ target }) => target)));
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

async function subjectExpectations(targets: readonly string[]): Promise<readonly string[]> {
  const { findSubject } = await import('../../conformance/subjects/index.ts');
  return targets.flatMap((name) => findSubject(name)?.expectations ?? []).filter((path) => existsSync(path));
}
