/** Seeds go into a corpus all together or not at all: files first, the manifest that names them last. */
import { rmSync } from 'node:fs';
import { basename } from 'node:path';
import { addSeed } from './corpus-folder.ts';
import { readManifest, seedSet, writeManifest } from './manifest.ts';

export interface Provenance {
  readonly set: string;
  readonly origin: string;
  readonly licence: string;
}

export interface Added {
  readonly path: string;
  readonly isNew: boolean;
}

/** Writes seeds and names them in the manifest. @throws FuzzError (exit 2) when that fails: then nothing was added. */
export function writeSeeds(root: string, target: string, inputs: readonly Uint8Array[], from: Provenance): Added[] {
  const sets = readManifest(root);
  const added: Added[] = [];
  try {
    for (const input of inputs) added.push(addSeed(root, target, input));
    const before = sets.find((set) => set.target === target && set.set === from.set);
    const known = new Set(sets.filter((set) => set.target === target).flatMap((set) => set.files));
    const names = added.map(({ path }) => basename(path)).filter((name) => !known.has(name));
    if (names.length === 0) return added;
    const grown = seedSet({ target, ...from, files: [...(before?.files ?? []), ...names] });
    writeManifest(root, [...sets.filter((set) => set !== before), grown]);
    return added;
  } catch (error) {
    for (const { path, isNew } of added) if (isNew) rmSync(path, { force: true });
    throw error;
  }
}
