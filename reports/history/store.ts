import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ReportsError } from '../reports-error.ts';
import { entryName, HistoryEntry } from './entry.ts';

export const HISTORY_LIMITS = Object.freeze({
  /** Runs that are kept; older ones are deleted as new ones come. */
  runs: 200,
  /** A larger file is no entry of ours. */
  fileBytes: 4 * 1_048_576,
});

/** Files of ours; anything else in the folder is left alone. */
const NAME = /^\d{8}T\d{6,9}Z-[0-9a-f]{8}\.json$/;

/**
 * The runs that a folder holds, oldest first: one file a run, so that two machines can add without a conflict. A folder that is
 * not there holds none.
 *
 * @throws ReportsError exit 2: a file that is none of ours, or an unreadable one
 */
export function readHistory(folder: string): readonly HistoryEntry[] {
  return names(folder).map((name) => readEntry(join(folder, name)));
}

/**
 * Adds a run, or writes it again, and deletes what is too old. It is written beside its place and renamed.
 * @throws ReportsError exit 2: the folder cannot be written
 */
export function addToHistory(folder: string, entry: HistoryEntry): string {
  const path = join(folder, entryName(entry));
  const draft = join(folder, `.${process.pid}.tmp`);
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(draft, `${JSON.stringify(entry, null, 1)}\n`);
    renameSync(draft, path);
    const kept = names(folder);
    for (const name of kept.slice(0, Math.max(0, kept.length - HISTORY_LIMITS.runs))) rmSync(join(folder, name));
    return path;
  } catch (error) {
    forget(draft);
    throw failed('write', folder, error);
  }
}

/** What was not written cannot always be deleted either; the first error is the one to tell. */
function forget(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // It lies where no file can be.
  }
}

function names(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .filter((name) => NAME.test(name))
      .sort();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw failed('read', folder, error);
  }
}

function readEntry(path: string): HistoryEntry {
  let value: unknown;
  try {
    if (statSync(path).size > HISTORY_LIMITS.fileBytes) throw new Error('larger than any entry');
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw failed('read', path, error);
  }
  const parsed = HistoryEntry.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new ReportsError(
    2,
    `${path}: ${issue?.path.join('.')}: ${issue?.message}; delete the file, the run is then forgotten`,
  );
}

function failed(verb: string, path: string, error: unknown): ReportsError {
  const why = error instanceof Error ? error.message : String(error);
  return new ReportsError(2, `Cannot ${verb} the history "${path}" (${why}): correct the path, or delete the file`);
}
