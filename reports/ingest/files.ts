import type { Stats } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ReportsError } from '../reports-error.ts';

/** How many folders below a named one are looked into: artifacts of shards lie side by side in one. */
const MAX_DEPTH = 3;

/**
 * Replaces each folder among the paths by the `.ndjson` files in it, sorted by name, or, where there are none, by those of
 * its folders; files stay as they are. A path that is named twice counts once.
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
  const files = await resultsBelow(folder, MAX_DEPTH);
  if (files.length > 0) return files;
  throw new ReportsError(5, `"${folder}" holds no .ndjson results; run "aeronet conform" or "aeronet fuzz" first`);
}

async function resultsBelow(folder: string, depth: number): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    throw unreadable(folder, error);
  });
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  const files = entries.filter((entry) => !entry.isDirectory() && entry.name.endsWith('.ndjson'));
  if (files.length > 0 || depth === 0) return files.map(({ name }) => join(folder, name));
  const found: string[] = [];
  for (const { name } of entries.filter((entry) => entry.isDirectory())) {
    found.push(...(await resultsBelow(join(folder, name), depth - 1)));
  }
  return found;
}
