/** `aeronet corpus coverage`: what a corpus reaches of the sans-IO core, in lines, branches and error codes. */
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { CoverageEvent } from '../../reports/schema.ts';
import { type CoverageFormat, c8Report, type FileLines } from '../coverage/c8-report.ts';
import { coverageEvents } from '../coverage/coverage-events.ts';
import { type Lost, lostAgainst } from '../coverage/lost.ts';
import { type CorpusReplay, replayForCoverage, sansIoModules, type TargetInputs } from '../coverage/replay-coverage.ts';
import { type CoverageSummary, readSummary, summarise } from '../coverage/summary.ts';
import { UNREACHABLE_CODES } from '../coverage/unreachable-codes.ts';
import { loadTarget } from '../engines/load-target.ts';
import { FuzzError } from '../errors.ts';
import { replaceFile } from './bundle.ts';
import { readTargetCorpus } from './corpus-folder.ts';

export interface CoverageOptions {
  readonly tree: string;
  readonly corpus: string;
  readonly targets: readonly string[];
  /** Where `coverage.json`, `total/` and a folder of each target go; nothing is written without it. */
  readonly out?: string;
  /** Reports in `total/` and of each target. */
  readonly formats: readonly CoverageFormat[];
  /** A `coverage.json` to compare with. */
  readonly base?: string;
  readonly hangMs: number;
  readonly signal: AbortSignal;
}

export interface CorpusCoverage {
  readonly summary: CoverageSummary;
  readonly files: readonly FileLines[];
  /** The same for the gate. */
  readonly events: readonly CoverageEvent[];
  /** Lines of each target's subject, where reports were asked for. */
  readonly subjects: ReadonlyMap<string, readonly FileLines[]>;
  readonly lost: Lost | undefined;
  readonly skipped: CorpusReplay['skipped'];
  /** Codes never reached that have no reason for it, and such as have one and are reached all the same. */
  readonly unexplained: readonly string[];
  readonly staleReasons: readonly string[];
}

/** Replays and reports. @throws FuzzError (exit 2: no corpus, sources or c8; exit 3: an input that never returns) */
export async function corpusCoverage(options: CoverageOptions): Promise<CorpusCoverage> {
  const root = sourceRoot(options.tree);
  if (options.out !== undefined) makeFolder(options.out);
  const base = options.base === undefined ? undefined : readSummary(options.base);
  const inputs = options.targets.map((target) => ({ target, inputs: passingInputs(options.corpus, target) }));
  const folderOf = (name: string): string => join(options.out ?? '', name);
  const formats = options.out === undefined ? [] : options.formats;
  const { tree, hangMs, signal } = options;
  const replayed = await replayForCoverage(tree, inputs, formats.length > 0, hangMs, signal);
  const { targets } = replayed;
  const runs = targets.map((target) => target.scripts);
  const files = await c8Report(runs, { root, prefixes: ['core'], folder: folderOf('total'), formats });
  const subjects = new Map<string, FileLines[]>();
  for (const { target, scripts } of formats.length === 0 ? [] : targets) {
    options.signal.throwIfAborted();
    const prefixes = (await loadTarget(options.tree, target)).subject;
    subjects.set(target, await c8Report([scripts], { root, prefixes, folder: folderOf(target), formats }));
  }
  const sourceOf = (path: string): string => readFileSync(join(root, path), 'utf8');
  const summary = summarise(files, root, targets, replayed.codes);
  if (options.out !== undefined) replaceFile(folderOf('coverage.json'), `${JSON.stringify(summary)}\n`);
  return {
    summary,
    files,
    subjects,
    events: coverageEvents(files, sourceOf, inputs),
    lost: base && lostAgainst(base, summary, files, sourceOf),
    skipped: replayed.skipped,
    unexplained: summary.codes.never.filter((code) => UNREACHABLE_CODES[code] === undefined),
    staleReasons: Object.keys(UNREACHABLE_CODES).filter((code) => !summary.codes.never.includes(code)),
  };
}

/** Before all the work, rather than behind it. */
function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new FuzzError(2, `cannot write into ${folder} (${why}): name another folder with --out`);
  }
}

/** Seeds, and both inputs of every crash that is fixed; what fails on purpose is no part of what is reached. */
function passingInputs(corpus: string, target: string): TargetInputs['inputs'] {
  return readTargetCorpus(corpus, target).flatMap((entry) => {
    if (entry.kind === 'seed') return [entry.input];
    return entry.bundle.meta.status === 'fixed' ? [entry.bundle.input, entry.bundle.smallest] : [];
  });
}

/** Folder of the sources that a tree was built from, by its source maps. @throws FuzzError (exit 2) where they are not there */
function sourceRoot(tree: string): string {
  const [module = ''] = sansIoModules(tree);
  const map = join(resolve(tree), `${module}.map`);
  if (existsSync(map)) {
    const { sources }: { readonly sources?: readonly unknown[] } = JSON.parse(readFileSync(map, 'utf8'));
    const source = resolve(dirname(map), String(sources?.[0]));
    const path = module.replace(/\.js$/, '.ts');
    if (source.endsWith(path) && existsSync(source)) return source.slice(0, -path.length - 1);
  }
  throw new FuzzError(
    2,
    `the sources of ${tree} are not where its maps say: coverage names .ts lines, run it in a checkout`,
  );
}
