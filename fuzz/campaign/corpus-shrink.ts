/** `aeronet corpus cmin` and `merge`: the inputs that matter to coverage, of one corpus, or of what another one adds to it. */
import { existsSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { chooseCover, unionOf } from '../coverage/choose.ts';
import { type MeasureOptions, measureFeatures } from '../coverage/features.ts';
import { FuzzError } from '../errors.ts';
import { readTargetCorpus } from './corpus-folder.ts';
import { type ForeignInput, readForeign } from './flat-folder.ts';
import { readManifest } from './manifest.ts';
import { type Provenance, writeSeeds } from './seed-write.ts';

/** What a choice among inputs came to. */
export interface Shrunk {
  readonly target: string;
  readonly inputs: number;
  readonly inputBytes: number;
  readonly kept: readonly ForeignInput[];
  readonly keptBytes: number;
  /** Edges with their counts that all inputs reach, and of these the ones that were known before (merge). */
  readonly features: number;
  readonly featuresBefore: number;
  /** Inputs that fail: nothing is concluded from them. */
  readonly failing: readonly ForeignInput[];
  readonly loadMs: number;
  readonly runMs: number;
  readonly chooseMs: number;
}

/** The fewest of some inputs that reach all that they reach together, with the same counts. */
export async function cmin(options: MeasureOptions, inputs: readonly ForeignInput[]): Promise<Shrunk> {
  return shrink(options, inputs, []);
}

/** The fewest of some inputs that reach all that they reach beyond what `known` does. */
export async function merge(
  options: MeasureOptions,
  inputs: readonly ForeignInput[],
  known: readonly ForeignInput[],
): Promise<Shrunk> {
  return shrink(options, inputs, known);
}

/** A target's seeds, in the order of their names. */
export function seedsOf(root: string, target: string): ForeignInput[] {
  return readTargetCorpus(root, target).flatMap((entry) =>
    entry.kind === 'seed' ? [{ path: entry.path, input: entry.input }] : [],
  );
}

/**
 * What a folder offers to a target: `<dir>/<target>/seed` of a corpus, `<dir>/<target>/corpus` that campaigns left, or a
 * folder of plain files where its target is named.
 */
export function offersOf(dir: string, targets: readonly string[], named: string | undefined) {
  if (!existsSync(dir)) throw new FuzzError(2, `no folder ${dir}: name a corpus, or a folder of inputs`);
  const offers = targets.flatMap((target) => {
    const folders = ['seed', 'corpus'].map((room) => join(dir, target, room)).filter((path) => existsSync(path));
    return folders.length === 0 ? [] : [{ target, inputs: readForeign(folders).inputs }];
  });
  if (offers.length > 0) return named === undefined ? offers : offers.filter((offer) => offer.target === named);
  if (named === undefined) {
    throw new FuzzError(
      2,
      `${dir} has no <target>/seed and no <target>/corpus: name the target of its files with --target`,
    );
  }
  if (!statSync(dir).isDirectory()) throw new FuzzError(2, `${dir} is no folder: add a file with aeronet corpus add`);
  return [{ target: named, inputs: readForeign([dir]).inputs }];
}

/** Writes a choice into another corpus; each seed stays in the set it came from. @throws FuzzError (exit 2) */
export function writeChoice(from: string, to: string, { target, kept }: Shrunk, others: Provenance): number {
  const sets = readManifest(from).filter((set) => set.target === target);
  const setOf = (path: string) => sets.find((set) => set.files.includes(basename(path)));
  let added = 0;
  const groups = new Map(sets.map((set) => [set.set, kept.filter(({ path }) => setOf(path) === set)]));
  for (const { set, origin, licence } of sets) {
    const inputs = (groups.get(set) ?? []).map(({ input }) => input);
    added += writeSeeds(to, target, inputs, { set, origin, licence }).filter((one) => one.isNew).length;
  }
  const rest = kept.filter(({ path }) => setOf(path) === undefined).map(({ input }) => input);
  return added + writeSeeds(to, target, rest, others).filter((one) => one.isNew).length;
}

async function shrink(
  options: MeasureOptions,
  inputs: readonly ForeignInput[],
  known: readonly ForeignInput[],
): Promise<Shrunk> {
  const all = [...known, ...inputs].map(({ input }) => input);
  const { features, loadMs, runMs } = await measureFeatures(options, all);
  const startedAt = performance.now();
  const offered = features.slice(known.length);
  const covered = unionOf(features.slice(0, known.length));
  const candidates = inputs.map(({ input }, index) => ({ bytes: input.length, features: offered[index] }));
  const chosen = chooseCover(candidates, covered);
  const kept = chosen.flatMap((index) => inputs[index] ?? []);
  const chooseMs = performance.now() - startedAt;
  return {
    target: options.target,
    inputs: inputs.length,
    inputBytes: bytesOf(inputs),
    kept,
    keptBytes: bytesOf(kept),
    features: unionOf(features).size,
    featuresBefore: covered.size,
    failing: inputs.filter((_, index) => offered[index] === undefined),
    loadMs,
    runMs,
    chooseMs,
  };
}

function bytesOf(inputs: readonly ForeignInput[]): number {
  return inputs.reduce((sum, { input }) => sum + input.length, 0);
}
