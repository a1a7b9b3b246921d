/** Loads a target's module from a built tree, instrumented or not. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type FuzzTarget, isTarget } from '../define.ts';
import { FuzzError, MissingPackageError, oneLine } from '../errors.ts';

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
  if (names.includes(name)) return;
  const near = nearest(name, names);
  const help = near === undefined ? `there are: ${names.join(', ')}` : `did you mean ${near}?`;
  throw new FuzzError(2, oneLine(`no fuzz target "${name}"; ${help}`, MAX_LIST));
}

/** Room for the names of all targets. */
const MAX_LIST = 2_000;
/** Letters that a typo may have too many, too few, wrong or out of their order. */
const MAX_TYPOS = 2;

/** The one name that is a typo or two away. */
function nearest(name: string, names: readonly string[]): string | undefined {
  const by = (known: string): number => distance(name.slice(0, 100), known);
  const [first, second] = [...names].sort((a, b) => by(a) - by(b));
  if (first === undefined || by(first) > MAX_TYPOS) return undefined;
  return second !== undefined && by(second) === by(first) ? undefined : first;
}

/** How many letters have to be put in, left out or changed. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
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
    throw new MissingPackageError(name, missing);
  }
}
