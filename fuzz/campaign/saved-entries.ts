/** Operands of `replay` and `min`: paths into a corpus, signatures, or files of the user's own. */
import { existsSync, statSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import { FuzzError } from '../errors.ts';
import { readLimited } from './bundle.ts';
import { type CorpusEntryFile, findBySignature, meansSignature, readEntries } from './corpus-folder.ts';
import { openSandbox, type Sandbox } from './sandbox.ts';

export interface EntryPlaces {
  readonly corpus: string;
  readonly out: string;
  /** Target of files that are in no corpus. */
  readonly target?: string | undefined;
}

/** The entries that operands mean. @throws FuzzError (exit 2) for what is missing, foreign, or outside of its corpus. */
export function openEntries(operands: readonly string[], places: EntryPlaces): CorpusEntryFile[] {
  const roots = [places.corpus, join(places.out, 'fuzz')];
  const entries = operands.flatMap((operand): CorpusEntryFile[] => {
    const found = entriesOf(operand, places, roots);
    if (found.length > 0) return found;
    throw new FuzzError(
      5,
      `${operand} holds no saved entry: name a corpus, a target's folder in it, a bundle or a seed`,
    );
  });
  const seen = new Set<string>();
  return entries.filter((entry) => !seen.has(resolve(entry.path)) && seen.add(resolve(entry.path)));
}

function entriesOf(operand: string, places: EntryPlaces, roots: readonly string[]): CorpusEntryFile[] {
  if (meansSignature(operand)) return findBySignature(operand, roots);
  // Where the package is installed there is no folder of this name, and yet one corpus that is meant.
  if (operand === 'corpus' && !existsSync(operand)) return readEntries(places.corpus, places.corpus);
  if (!existsSync(operand)) {
    throw new FuzzError(
      2,
      `"${operand}" is neither a path nor the beginning of a signature such as v1:1ed8: ${roots.join(' and ')} hold what was saved`,
    );
  }
  const root = roots.find((candidate) => existsSync(candidate) && isBelow(operand, candidate));
  if (root !== undefined) return readEntries(operand, root);
  if (statSync(operand).isDirectory()) return readEntries(operand, operand);
  if (places.target !== undefined) return [looseFile(operand, places.target)];
  throw new FuzzError(2, `${operand} is in no corpus: name its target with --target, or the corpus with --corpus`);
}

/** Sandboxes for entries of several targets, each opened when it is first asked for. */
export function sandboxes(tree: string, hangMs: number) {
  const open = new Map<string, Promise<Sandbox>>();
  return {
    of(target: string): Promise<Sandbox> {
      const sandbox = open.get(target) ?? openSandbox(tree, target, hangMs);
      open.set(target, sandbox);
      return sandbox;
    },
    async close(): Promise<void> {
      for (const sandbox of await Promise.allSettled(open.values())) {
        if (sandbox.status === 'fulfilled') await sandbox.value.close();
      }
    },
  };
}

function looseFile(path: string, target: string): CorpusEntryFile {
  return { kind: 'seed', target, path, input: readLimited(path) };
}

/** By its spelling: whether a link leads out of it is checked when it is read. */
function isBelow(path: string, root: string): boolean {
  const folder = resolve(root);
  return resolve(path) === folder || resolve(path).startsWith(folder + sep);
}
