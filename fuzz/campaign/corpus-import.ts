/** `aeronet corpus import`: what another engine left, as seeds where it passes and as crash bundles where it fails. */
import type { Failure } from '../engines/failure.ts';
import type { ForeignFolder, ForeignInput } from './flat-folder.ts';
import type { Sandbox } from './sandbox.ts';
import { type Added, type Provenance, writeSeeds } from './seed-write.ts';
import type { Finding } from './store.ts';
import { currentCommit, saveFind } from './triage.ts';

export interface ImportPlaces {
  readonly corpus: string;
  /** Root of new bundles, `<root>/<target>/crash/`. */
  readonly crashRoot: string;
  readonly target: string;
  /** What made the inputs, as bundles shall name it. */
  readonly engine: string;
}

export interface Imported {
  readonly seeds: readonly Added[];
  /** One bundle of each signature, with the smallest input that fails so. */
  readonly crashes: readonly Finding[];
  /** Inputs that fail as another one does that has a bundle now. */
  readonly alike: number;
}

/** Runs every input, then writes. @throws FuzzError (exit 2) when the corpus cannot be written: no seed was added then. */
export async function importInputs(
  folder: ForeignFolder,
  places: ImportPlaces,
  from: Provenance,
  sandbox: Sandbox,
  signal: AbortSignal,
): Promise<Imported> {
  const passing: Uint8Array[] = [];
  const failing = new Map<string, { readonly failure: Failure; readonly foreign: ForeignInput }>();
  let failed = 0;
  for (const foreign of folder.inputs) {
    signal.throwIfAborted();
    const failure = await sandbox.run(foreign.input);
    if (failure === undefined) {
      passing.push(foreign.input);
      continue;
    }
    failed++;
    const known = failing.get(failure.signature);
    if (known === undefined || foreign.input.length < known.foreign.input.length) {
      failing.set(failure.signature, { failure, foreign });
    }
  }
  const run = { engine: places.engine, seed: 0, commit: currentCommit() };
  const crashes = [...failing.values()].flatMap(
    ({ failure, foreign }) =>
      saveFind({ failure, input: foreign.input, execution: 0 }, places.target, places.crashRoot, run) ?? [],
  );
  return {
    seeds: writeSeeds(places.corpus, places.target, passing, from),
    crashes,
    alike: failed - crashes.length,
  };
}
