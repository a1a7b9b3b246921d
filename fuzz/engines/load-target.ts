/** Loads a target's module from a built tree, instrumented or not. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type FuzzTarget, isTarget } from '../define.ts';
import { FuzzError } from '../errors.ts';

/** Where a target's module is in a built tree. */
export function targetModule(name: string): string {
  return `fuzz/targets/${name}.js`;
}

/** Names of the targets in a built tree, sorted. @throws FuzzError (exit 2) where there are none. */
export function targetNames(tree: string): string[] {
  const folder = join(tree, 'fuzz/targets');
  const files = existsSync(folder) ? readdirSync(folder) : [];
  const names = files.flatMap((file) => (/^[a-z0-9-]+\.js$/.test(file) ? [file.slice(0, -3)] : []));
  if (names.length === 0) throw new FuzzError(2, `no fuzz targets in ${folder}; build them with: npm run build`);
  return names.sort();
}

/** Checks a target's name. @throws FuzzError (exit 2) naming the targets there are. */
export function checkTargetName(tree: string, name: string): void {
  const names = targetNames(tree);
  if (!names.includes(name)) throw new FuzzError(2, `no fuzz target "${name}"; there are: ${names.join(', ')}`);
}

/**
 * Imports a target.
 * @throws FuzzError (exit 2) when the module exports none, (exit 3) when it needs a package that is not installed
 */
export async function loadTarget(tree: string, name: string): Promise<FuzzTarget> {
  const file = join(tree, targetModule(name));
  const module = await importModule(file, name);
  if (isTarget(module.target) && module.target.name === name) return module.target;
  throw new FuzzError(2, `${targetModule(name)} exports no "target" of that name made by defineTarget()`);
}

async function importModule(file: string, name: string): Promise<{ readonly target?: unknown }> {
  try {
    return await import(pathToFileURL(file).href);
  } catch (error) {
    const missing = /^Cannot find package '([^']+)'/.exec(error instanceof Error ? error.message : '')?.[1];
    if (missing === undefined) throw error;
    throw new FuzzError(
      3,
      `fuzz target ${name} compares with ${missing}, which is not installed: npm install ${missing}`,
    );
  }
}
