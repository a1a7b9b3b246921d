/** Reads `coverage-summary.json`, as c8 and istanbul write it: two coverage events of the tests, which are shown and not gated. */
import { isAbsolute, relative } from 'node:path';
import { z } from 'zod';
import { explainIssue } from '../explain-issue.ts';
import type { EventSource } from '../fold.ts';
import { ReportsError } from '../reports-error.ts';
import type { CoverageEvent } from '../schema.ts';

const Count = z.object({ total: z.number().int().nonnegative(), covered: z.number().int().nonnegative() });
const Summary = z.record(z.string().max(4_096), z.object({ lines: Count, branches: Count }));

/** Files that an event holds. */
const MAX_FILES = 5_000;

/**
 * Parses the text of a summary; paths below `root` become relative to it.
 *
 * @throws ReportsError exit 2: not such a file; exit 5: no file in it
 */
export function parseC8(text: string, name: string, root: string, startedAt: string): EventSource {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new ReportsError(2, `${name}:1: not JSON; is this a coverage-summary.json of c8?`);
  }
  const result = Summary.safeParse(json);
  if (!result.success) throw new ReportsError(2, `${name}:1: not a coverage summary: ${explainIssue(result.error)}`);
  const files = Object.entries(result.data).filter(([path]) => path !== 'total');
  if (files.length === 0) throw new ReportsError(5, `${name}: no file was covered`);
  if (files.length > MAX_FILES) throw new ReportsError(2, `${name}: ${files.length} files; at most ${MAX_FILES}`);
  const event = (metric: 'lines' | 'branches'): CoverageEvent => ({
    kind: 'coverage',
    target: 'tests',
    origin: 'tests',
    metric,
    instrument: 'c8',
    files: files.map(([path, counts]) => ({
      path: shortened(path, root),
      hit: counts[metric].covered,
      total: counts[metric].total,
    })),
  });
  return {
    name,
    events: [
      {
        kind: 'run-start',
        schema: 1,
        producer: 'coverage',
        version: '',
        node: '',
        os: '',
        startedAt,
        seed: 0,
        command: 'npm test',
        scope: 'filtered',
      },
      event('lines'),
      event('branches'),
      { kind: 'run-end', elapsedMs: 0, complete: true },
    ],
  };
}

/** A path below the root, with `/`; of one elsewhere, nothing but its last parts: a report names no folder of a machine. */
function shortened(path: string, root: string): string {
  const below = relative(root, path).replaceAll('\\', '/');
  if (!below.startsWith('..') && !isAbsolute(below)) return below;
  return path.replaceAll('\\', '/').split('/').slice(-2).join('/');
}
