/** What a base run reached and this one does not: lines and branches that are still there, and codes. */
import type { FileLines } from './c8-report.ts';
import { type CoverageSummary, type Part, partsOf } from './summary.ts';

export interface LostFile {
  readonly path: string;
  /** 1-based, as the file stands now. */
  readonly lines: readonly number[];
  /** Lines on which the lost branches begin. */
  readonly branches: readonly number[];
}

export interface Lost {
  readonly files: readonly LostFile[];
  readonly codes: readonly string[];
}

/** Compares with a base. What was removed, or is not in the same place of the text any more, is not lost. */
export function lostAgainst(
  base: CoverageSummary,
  now: CoverageSummary,
  files: readonly FileLines[],
  readSource: (path: string) => string,
): Lost {
  const lost = files.flatMap((file): LostFile[] => {
    const before = base.files[file.path];
    if (before === undefined) return [];
    const parts = partsOf(file, readSource(file.path));
    const lines = lostOf(before.covered, parts.lines);
    const branches = lostOf(before.coveredBranches, parts.branches);
    return lines.length + branches.length === 0 ? [] : [{ path: file.path, lines, branches }];
  });
  return { files: lost, codes: now.codes.never.filter((code) => base.codes.reached.includes(code)) };
}

/** Numbers as a person reads them: `3-5, 9`. */
export function rangesOf(numbers: readonly number[]): string {
  const ranges: [number, number][] = [];
  for (const number of [...new Set(numbers)].sort((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (last?.[1] === number - 1) last[1] = number;
    else ranges.push([number, number]);
  }
  return ranges.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(', ');
}

function lostOf(covered: readonly string[], parts: readonly Part[]): number[] {
  const before = new Set(covered);
  return parts.flatMap(({ key, line, ran }) => (!ran && before.has(key) ? [line] : []));
}
