import type { Stats } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ReportsError } from '../reports-error.ts';

/**
 * Replaces each folder among the paths by the `.ndjson` files in it, sorted by name; files stay as they are. A path
 * that is named twice counts once.
 *
 * @throws ReportsError exit 2: unreadable; exit 5: a folder without results.
 */
export async function findResults(paths: readonly string[]): Promise<readonly string[]> {
  const found = new Set<string>();
  for (const path of paths) {
    const files = (await statPath(path)).isDirectory() ? await resultsIn(path) : [path];
    for (const file of files) found.add(file);
  }
  return [...found];
}

/** @throws ReportsError exit 2: unreadable, or not a file. */
export async function statFile(path: string): Promise<Stats> {
  const status = await statPath(path);
  if (status.isFile()) return status;
  throw new ReportsError(2, `"${path}" is not a file; name a results file such as results.ndjson`);
}

/** Turns an error of the file system into the user's; anything else is passed on. */
export function unreadable(path: string, error: unknown): unknown {
  if (!(error instanceof Error) || !('syscall' in error)) return error;
  const fix = 'correct the path, or run "aeronet conform" or "aeronet fuzz" first';
  return new ReportsError(2, `Cannot read "${path}" (${error.message}): ${fix}`);
}

async function statPath(path: string): Promise<Stats> {
  try {
    return await stat(path);
  } catch (error) {
    throw unreadable(path, error);
  }
}

async function resultsIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder).catch((error: unknown) => {
    throw unreadable(folder, error);
  });
  const names = entries.filter((name) => name.endsWith('.ndjson')).sort();
  if (names.length > 0) return names.map((name) => join(folder, name));
  throw new ReportsError(5, `"${folder}" holds no .ndjson results; run "aeronet conform" or "aeronet fuzz" first`);
}
