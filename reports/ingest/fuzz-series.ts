import { readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import type { FuzzSeries } from '../render/html-extras.ts';
import type { Report } from '../report.ts';

/** Points of a series that a plot can show. */
const MOST_POINTS = 300;
const MOST_BYTES = 16 * 1_048_576;

/** One line of a fuzz target's `stats.ndjson`, of which only these fields are read. */
const Line = z.object({
  run_time: z.number().nonnegative(),
  execs_per_sec: z.number().nonnegative(),
  edges_found: z.number().nonnegative(),
  corpus_count: z.number().nonnegative(),
  start_time: z.number(),
});

/** How each fuzz target came along, from `fuzz/<target>/stats.ndjson` beside the results; none where there is no file. */
export function readFuzzSeries(report: Report): readonly FuzzSeries[] {
  return report.fuzz.flatMap(({ target, run }) => {
    if (!/^[a-z0-9][a-z0-9-]*$/.test(target)) return [];
    const lines = read(join(dirname(report.runs[run]?.source ?? ''), 'fuzz', target, 'stats.ndjson'));
    const points = lines.flatMap((line) => {
      const parsed = Line.safeParse(json(line));
      return parsed.success ? [parsed.data] : [];
    });
    const last = points.at(-1);
    // A file can hold several campaigns: the last one is that of these results.
    const one = points.filter(({ start_time }) => start_time === last?.start_time);
    const step = Math.ceil(one.length / MOST_POINTS);
    const kept = one.filter((_, index) => index % step === 0 || index === one.length - 1);
    return kept.length < 2
      ? []
      : [
          {
            target,
            points: kept.map((point) => ({
              runS: point.run_time,
              perSecond: point.execs_per_sec,
              edges: point.edges_found,
              corpus: point.corpus_count,
            })),
          },
        ];
  });
}

function read(path: string): readonly string[] {
  try {
    return statSync(path).size > MOST_BYTES ? [] : readFileSync(path, 'utf8').split('\n');
  } catch {
    return [];
  }
}

function json(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
