/** `aeronet corpus stats`: what a corpus holds. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { FuzzError } from '../errors.ts';
import { readTargetCorpus } from './corpus-folder.ts';
import { readManifest } from './manifest.ts';

export interface CorpusStats {
  readonly target: string;
  readonly seeds: number;
  readonly seedBytes: number;
  readonly largestSeed: number;
  readonly openCrashes: number;
  readonly fixedCrashes: number;
  /** Seeds that no set of the manifest names. */
  readonly unaccounted: number;
}

/** Numbers of each target, by name. @throws FuzzError (exit 2) for a folder that is no corpus. */
export function corpusStats(root: string): CorpusStats[] {
  if (!existsSync(root)) throw new FuzzError(2, `no corpus ${root}: name one with --corpus`);
  const sets = readManifest(root);
  const targets = readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return targets.map(({ name }) => {
    const entries = readTargetCorpus(root, name);
    const seeds = entries.filter((entry) => entry.kind === 'seed');
    const crashes = entries.flatMap((entry) => (entry.kind === 'crash' ? [entry.bundle.meta] : []));
    const sizes = seeds.map((seed) => seed.input.length);
    const accounted = new Set(sets.filter((set) => set.target === name).flatMap((set) => set.files));
    return {
      target: name,
      seeds: seeds.length,
      seedBytes: sizes.reduce((sum, size) => sum + size, 0),
      largestSeed: Math.max(0, ...sizes),
      openCrashes: crashes.filter((meta) => meta.status === 'open').length,
      fixedCrashes: crashes.filter((meta) => meta.status === 'fixed').length,
      unaccounted: seeds.filter((seed) => !accounted.has(seed.path.slice(join(root, name, 'seed').length + 1))).length,
    };
  });
}
