import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readFileSync, statSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';

/** Where Debian keeps servers; the PATH of a user does not name it. */
const SYSTEM_FOLDERS = ['/usr/sbin', '/usr/local/sbin', '/sbin'];
const ASK_MS = 10_000;

/** The path of a program that is named as in a shell; undefined when there is none. */
export function findProgram(name: string): string | undefined {
  if (isAbsolute(name)) return isProgram(name) ? name : undefined;
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((entry) => entry !== '');
  return [...folders, ...SYSTEM_FOLDERS].map((folder) => join(folder, name)).find(isProgram);
}

/** The first of these programs (by name) and files (by absolute path) that is not here; undefined when nothing is missing. */
export function firstMissing(requires: readonly string[]): string | undefined {
  return requires.find((one) => (isAbsolute(one) ? !existsSync(one) : findProgram(one) === undefined));
}

/**
 * Asks a program for its version, which is the pattern's first group of what it says.
 * @returns `<name> <version>`; undefined when it is not here or says something else
 */
export function askVersion(
  name: string,
  program: string,
  args: readonly string[],
  pattern: RegExp,
): string | undefined {
  const path = findProgram(program);
  if (path === undefined) return undefined;
  const { stdout, stderr } = spawnSync(path, args, { encoding: 'utf8', timeout: ASK_MS });
  const version = pattern.exec(`${stdout ?? ''}\n${stderr ?? ''}`)?.[1];
  return version === undefined ? undefined : `${name} ${version}`;
}

/** The version of a package in a folder that npm installed into; undefined when it is not there. */
export function packageVersion(folder: string, name: string): string | undefined {
  try {
    const manifest: unknown = JSON.parse(readFileSync(join(folder, 'node_modules', name, 'package.json'), 'utf8'));
    if (typeof manifest !== 'object' || manifest === null || !('version' in manifest)) return undefined;
    return typeof manifest.version === 'string' ? manifest.version : undefined;
  } catch {
    return undefined;
  }
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
