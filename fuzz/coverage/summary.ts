/**
 * `coverage.json`: what a corpus reached, small enough to keep as the base of the next run. Lines and branches stand in it as
 * digests of their text and of the line before, so that an edit elsewhere in the file makes none of them a lost one.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { readLimited } from '../campaign/bundle.ts';
import { FuzzError } from '../errors.ts';
import type { FileLines } from './c8-report.ts';

const Share = z.strictObject({ total: z.number().int().nonnegative(), covered: z.number().int().nonnegative() });
const keys = z.array(z.string().regex(/^[0-9a-f]{10}$/)).max(100_000);

export const CoverageSummary = z.strictObject({
  schema: z.literal(1),
  lines: Share,
  branches: Share,
  files: z.record(z.string(), z.strictObject({ lines: Share, branches: Share, covered: keys, coveredBranches: keys })),
  targets: z.record(z.string(), z.strictObject({ entries: z.number().int(), codes: z.array(z.string()) })),
  codes: z.strictObject({ reached: z.array(z.string()), never: z.array(z.string()) }),
});

export type CoverageSummary = z.infer<typeof CoverageSummary>;

/** A part that may run, where it stands now and by what it is known in another version of its file. */
export interface Part {
  readonly key: string;
  readonly line: number;
  readonly ran: boolean;
}

/** Lines and branches of a file with their keys; `source` is its text. Lines without a word in them are nobody's loss. */
export function partsOf(file: FileLines, source: string): { readonly lines: Part[]; readonly branches: Part[] } {
  const texts = source.split('\n').map((text) => text.trim());
  const seen = new Map<string, number>();
  const keyOf = (kind: string, line: number): string => {
    const name = JSON.stringify([kind, texts[line - 2] ?? '', texts[line - 1] ?? '']);
    const count = seen.get(name) ?? 0;
    seen.set(name, count + 1);
    return createHash('sha256').update(`${name}${count}`).digest('hex').slice(0, 10);
  };
  const lines = file.lines.map(({ line, ran }) => ({ key: keyOf('line', line), line, ran }));
  const branches = file.branches.map(({ line, ran }) => ({ key: keyOf('branch', line), line, ran }));
  return { lines: lines.filter(({ line }) => /\w/.test(texts[line - 1] ?? '')), branches };
}

/** The summary of a replay. `root` is the folder that the files' paths begin at. */
export function summarise(
  files: readonly FileLines[],
  root: string,
  targets: readonly { readonly target: string; readonly entries: number; readonly codes: readonly string[] }[],
  codes: readonly string[],
): CoverageSummary {
  const reached = new Set(targets.flatMap((target) => target.codes));
  return {
    schema: 1,
    lines: shareOf(files.flatMap((file) => file.lines)),
    branches: shareOf(files.flatMap((file) => file.branches)),
    files: Object.fromEntries(files.map((file) => [file.path, fileSummary(file, root)])),
    targets: Object.fromEntries(targets.map(({ target, entries, codes }) => [target, { entries, codes: [...codes] }])),
    codes: { reached: codes.filter((code) => reached.has(code)), never: codes.filter((code) => !reached.has(code)) },
  };
}

/** Percent with two digits, rounded down: what is not whole is not told to be. */
export function percentOf({ total, covered }: { readonly total: number; readonly covered: number }): number {
  return total === 0 ? 100 : Math.floor((covered / total) * 10_000) / 100;
}

/** Reads a summary that was kept. @throws FuzzError (exit 2) when it is none */
export function readSummary(file: string): CoverageSummary {
  const octets = readLimited(file, MAX_SUMMARY_BYTES);
  try {
    return CoverageSummary.parse(JSON.parse(Buffer.from(octets).toString('utf8')));
  } catch (error) {
    const why = error instanceof z.ZodError ? error.issues[0]?.message : String(error);
    throw new FuzzError(2, `${file} is no coverage.json of aeronet corpus coverage (${why}): make it anew`);
  }
}

const MAX_SUMMARY_BYTES = 33_554_432;

function fileSummary(file: FileLines, root: string): CoverageSummary['files'][string] {
  const { lines, branches } = partsOf(file, readFileSync(join(root, file.path), 'utf8'));
  const keysOf = (parts: readonly Part[]) => parts.flatMap(({ key, ran }) => (ran ? [key] : []));
  return {
    lines: shareOf(file.lines),
    branches: shareOf(file.branches),
    covered: keysOf(lines),
    coveredBranches: keysOf(branches),
  };
}

function shareOf(parts: readonly { readonly ran: boolean }[]) {
  return { total: parts.length, covered: parts.filter(({ ran }) => ran).length };
}
