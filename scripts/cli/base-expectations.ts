/** The expectations as the base of a change has them: from files, or from a revision of git. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { Expectations } from '../../reports/index.ts';
import { UsageError } from './command.ts';

/**
 * Reads what `--base-expectations` names: a file that is there, else a revision, at which each of `files` is looked up. A
 * file that the revision lacks expects nothing.
 *
 * @throws UsageError neither a file nor a revision; ReportsError exit 2, naming the revision, file and line.
 */
export async function readBaseExpectations(named: string, files: readonly string[]): Promise<Expectations> {
  const { parseExpectations, readExpectations } = await import('../../reports/index.ts');
  if (existsSync(named)) return readExpectations([named]);
  const parsed: Expectations[] = [];
  for (const file of files) parsed.push(parseExpectations(await textAt(named, file), `${named}:${file}`));
  return {
    sources: parsed.flatMap(({ sources }) => sources),
    byKey: new Map(parsed.flatMap(({ byKey }) => [...byKey])),
  };
}

/** A file's text at a revision; none where it was not there. */
async function textAt(revision: string, file: string): Promise<string> {
  const folder = dirname(resolve(file));
  const known = await git(folder, 'rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`);
  if (known === undefined) {
    throw new UsageError(`--base-expectations "${revision}" is neither a file nor a revision of git in ${folder}`);
  }
  return (await git(folder, 'show', '--end-of-options', `${known.trim()}:./${basename(file)}`)) ?? '';
}

/** What git says on stdout; `undefined` where it refuses. */
async function git(folder: string, ...args: readonly string[]): Promise<string | undefined> {
  try {
    const { stdout } = await promisify(execFile)('git', ['-C', folder, ...args], { maxBuffer: 64 * 1024 * 1024 });
    return stdout;
  } catch {
    return undefined;
  }
}
