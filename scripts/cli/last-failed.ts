import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from './command.ts';

/** A rule for every response is shown broken by another case, which its repro names beside it. */
const NAMED = /(?:^| )--case ([^\s'"*!]+)/g;

/**
 * Selectors of the cases that did not get an allowed verdict when this folder was last written, known failures too.
 * @param targets names of the targets whose cases are meant
 * @throws UsageError where there are no results; ReportsError where they cannot be read
 */
export async function lastFailed(folder: string, targets: readonly string[]): Promise<readonly string[]> {
  const path = join(folder, 'results.ndjson');
  if (!existsSync(path)) throw new UsageError(`--last-failed: there is no ${path}; run without it first`);
  const reports = await import('../../reports/index.ts');
  const { events } = await reports.readResults(path);
  const failed = events.flatMap((event) =>
    event.kind === 'case' && targets.includes(event.target) && FAILED.has(event.verdict) ? [event] : [],
  );
  return [
    ...new Set(failed.flatMap(({ id, repro }) => [id, ...[...repro.matchAll(NAMED)].map(([, one = id]) => one)])),
  ];
}

const FAILED: ReadonlySet<string> = new Set(['fail', 'hang', 'crash', 'error']);
