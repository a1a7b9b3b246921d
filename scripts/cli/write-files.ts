import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { UsageError } from './command.ts';

/** A file to be written: its name within the folder, and its text. */
export interface TextFile {
  readonly name: string;
  readonly text: string;
}

/**
 * Writes files into a folder, which is made when it is not there, and returns their paths. All are written beside
 * their places before the first is renamed into its own, so that nobody ever finds half a report.
 *
 * @throws UsageError the folder cannot be written, or the disk is full; nothing of ours is left behind.
 */
export async function writeFiles(folder: string, files: readonly TextFile[]): Promise<readonly string[]> {
  const places = files.map(({ name, text }) => ({
    path: join(folder, name),
    draft: join(folder, `.${name}.${process.pid}.tmp`),
    text,
  }));
  try {
    await makeFolder(folder);
    for (const { draft, text } of places) await writeFile(draft, text);
    for (const { draft, path } of places) await rename(draft, path);
    return places.map(({ path }) => path);
  } catch (error) {
    await Promise.all(places.map(({ draft }) => rm(draft, { force: true }).catch(() => undefined)));
    throw cannotWrite(folder, error);
  }
}

/** Makes the folder of `--out` before anything is written into it. @throws UsageError when it cannot be made */
export async function makeOut(folder: string): Promise<void> {
  try {
    await makeFolder(folder);
  } catch (error) {
    throw cannotWrite(folder, error);
  }
}

function cannotWrite(folder: string, error: unknown): UsageError {
  const why = error instanceof Error ? error.message : String(error);
  return new UsageError(`Cannot write to "${folder}" (${why}): give another folder with --out`);
}

/**
 * Makes a folder and those above it. Not `mkdir(…, { recursive: true })`: that one never returns where the system says
 * ENOENT below a folder that is there, as `/proc` does.
 */
async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EEXIST') return;
    if (code !== 'ENOENT' || dirname(folder) === folder) throw error;
    await makeFolder(dirname(folder));
    await mkdir(folder);
  }
}
