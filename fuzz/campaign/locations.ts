/** Where things are when nothing else is said. */
import { existsSync, realpathSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseDictionary } from '../engines/aeronet/dictionary.ts';
import { FuzzError } from '../errors.ts';
import { readLimited } from './bundle.ts';

/** The project's own built tree: the one that this module is part of, or `dist` when it runs from source. */
export function builtTree(): string {
  const room = new URL('../../', import.meta.url);
  return fileURLToPath(import.meta.url.endsWith('.ts') ? new URL('dist/', room) : room);
}

/** `corpus` in the working folder, else the one that comes with the package. */
export function defaultCorpus(): string {
  return existsSync('corpus') ? 'corpus' : fileURLToPath(new URL('../corpus/', `file://${builtTree()}`));
}

/** Checks a corpus that was named by hand. @throws FuzzError (exit 2) when it is not there. */
export function demandCorpus(folder: string): void {
  if (existsSync(folder) && statSync(folder).isDirectory()) return;
  throw new FuzzError(2, `no corpus ${folder}: name one with --corpus`);
}

/** Whether two paths name one folder, by links too; one that is not there yet is no other's. */
export function isSameFolder(a: string, b: string): boolean {
  const [one, other] = [a, b].map((path) => (existsSync(path) ? realpathSync(path) : resolve(path)));
  return one === other;
}

/** Words of a dictionary file. @throws FuzzError (exit 2) when it cannot be read. */
export function readDictionaryFile(file: string): string[] {
  const octets = readLimited(file, MAX_DICTIONARY_BYTES);
  return parseDictionary(Buffer.from(octets).toString('utf8'), file);
}

const MAX_DICTIONARY_BYTES = 1_048_576;

/** Checks a tree that was named by hand. @throws FuzzError (exit 2) when it is no folder. */
export function namedTree(folder: string): string {
  if (existsSync(folder) && statSync(folder).isDirectory()) return folder;
  throw new FuzzError(2, `no built tree ${folder}: name a folder such as dist, made by npm run build`);
}
