/** Engines that are no dependency of this package: where they lie when someone has installed them. */
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { FuzzError } from '../errors.ts';

/** Where `npm run setup:engines` installs an engine, below the working folder. */
export function engineFolder(name: string): string {
  return join('.aeronet', 'engines', name);
}

/**
 * Path of a module of an optional engine: from the engine's own folder, else from the packages of the working folder.
 * @throws FuzzError (exit 2) that names the command which installs it
 */
export function resolveEngine(name: string, version: string, module: string): string {
  for (const folder of [engineFolder(name), '.']) {
    try {
      return createRequire(resolve(folder, 'from.js')).resolve(module);
    } catch {
      // Not there: the next place, or the complaint.
    }
  }
  const wanted = module
    .split('/')
    .slice(0, module.startsWith('@') ? 2 : 1)
    .join('/');
  throw new FuzzError(
    2,
    `engine ${name} is not installed: run npm run setup:engines -- ${name}, or where aeronet is a package npm install --save-dev ${wanted}@${version}`,
  );
}
