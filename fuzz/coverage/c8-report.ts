/** Reports of V8's coverage as c8 makes them, with the `.ts` files in place of what was built of them. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, sep } from 'node:path';
import { z } from 'zod';
import { FuzzError } from '../errors.ts';
import type { ScriptCoverage } from './lines-protocol.ts';

/** Reports for people and machines; each is a name of istanbul's. */
export const COVERAGE_FORMATS = ['html', 'json', 'json-summary', 'lcovonly', 'text', 'text-summary'] as const;

export type CoverageFormat = (typeof COVERAGE_FORMATS)[number];

/** What one source file's lines and branches came to; lines and columns as istanbul counts them. */
export interface FileLines {
  /** Path from the root of the sources: `core/http1/parser.ts`. */
  readonly path: string;
  /** 1-based lines with what ran: V8 counts every line of a file, so that a comment in covered code is covered. */
  readonly lines: readonly { readonly line: number; readonly ran: boolean }[];
  readonly branches: readonly { readonly line: number; readonly column: number; readonly ran: boolean }[];
}

export interface ReportOrders {
  /** Folder that the sources' paths begin at. */
  readonly root: string;
  /** Prefixes of the sources that count, as `core/http1`; all of what was given where there are none. */
  readonly prefixes: readonly string[];
  readonly folder: string;
  readonly formats: readonly CoverageFormat[];
}

/** Merges coverage of several runs, writes the reports and answers their numbers. @throws FuzzError (exit 2) without c8 */
export async function c8Report(
  runs: readonly (readonly ScriptCoverage[])[],
  orders: ReportOrders,
): Promise<FileLines[]> {
  const { Report } = await loadC8();
  const raw = mkdtempSync(join(tmpdir(), 'aeronet-coverage-'));
  try {
    const from = join(raw, 'v8');
    mkdirSync(from);
    for (const [index, result] of runs.entries())
      writeFileSync(join(from, `${index}.json`), JSON.stringify({ result }));
    const make = (reporter: CoverageFormat[], reportsDirectory: string) =>
      new Report({
        tempDirectory: from,
        reporter,
        reportsDirectory,
        include: orders.prefixes.flatMap((prefix) => [`${orders.root}/${prefix}/**`, `${orders.root}/${prefix}.ts`]),
        exclude: [],
        extension: ['.ts'],
        excludeAfterRemap: true,
        allowExternal: true,
        resolve: '',
        omitRelative: true,
      });
    await make(['json'], raw).run();
    const files = readFiles(join(raw, 'coverage-final.json'), orders.root);
    if (orders.formats.length > 0) await make([...orders.formats], orders.folder).run();
    return files;
  } finally {
    rmSync(raw, { recursive: true, force: true });
  }
}

async function loadC8(): Promise<typeof import('c8')> {
  try {
    return await import('c8');
  } catch {
    throw new FuzzError(2, 'coverage reports need c8, which is not installed: npm install c8');
  }
}

const Place = z.object({ start: z.object({ line: z.number(), column: z.number() }) });
const Istanbul = z.record(
  z.string(),
  z.object({
    statementMap: z.record(z.string(), Place),
    s: z.record(z.string(), z.number()),
    branchMap: z.record(z.string(), z.object({ loc: Place })),
    b: z.record(z.string(), z.array(z.number())),
  }),
);

function readFiles(file: string, root: string): FileLines[] {
  const coverage = Istanbul.parse(JSON.parse(readFileSync(file, 'utf8')));
  return Object.entries(coverage)
    .map(([path, { statementMap, s, branchMap, b }]) => ({
      path: relative(root, path).split(sep).join('/'),
      lines: Object.entries(statementMap).map(([id, { start }]) => ({ line: start.line, ran: (s[id] ?? 0) > 0 })),
      branches: Object.entries(branchMap).map(([id, { loc }]) => ({ ...loc.start, ran: (b[id]?.[0] ?? 0) > 0 })),
    }))
    .sort((one, other) => (one.path < other.path ? -1 : 1));
}
