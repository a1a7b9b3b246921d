/** `aeronet corpus add`: new seeds with their origin, and findings that become permanent entries. */
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { FuzzError } from '../errors.ts';
import { readBundle, readLimited, updateBundle, writeBundle } from './bundle.ts';
import type { Sandbox } from './sandbox.ts';
import { type Added, type Provenance, writeSeeds } from './seed-write.ts';

/** Adds files as seeds. @throws FuzzError (exit 2) when one fails: that is a finding, not a seed. */
export async function addSeeds(
  root: string,
  target: string,
  files: readonly string[],
  from: Provenance,
  sandbox: Sandbox,
): Promise<Added[]> {
  const inputs = files.map((file) => ({ file, input: readLimited(file) }));
  for (const { file, input } of inputs) {
    const failure = await sandbox.run(input);
    if (failure === undefined) continue;
    throw new FuzzError(
      2,
      `${file} fails (${failure.signature}: ${failure.message}): a seed must pass, a crash is found by fuzzing`,
    );
  }
  return writeSeeds(
    root,
    target,
    inputs.map(({ input }) => input),
    from,
  );
}

/** Marks an open crash as fixed once it does not fail any more; from then on it must never fail. @throws FuzzError (exit 2) while it fails. */
export async function closeCrash(folder: string, sandbox: Sandbox): Promise<void> {
  const { meta, input, smallest } = readBundle(folder);
  for (const candidate of [input, smallest]) {
    const failure = await sandbox.run(candidate, meta.kind === 'late');
    if (failure !== undefined) throw new FuzzError(2, `${folder} still fails (${failure.signature}): fix it first`);
  }
  updateBundle(folder, { ...meta, status: 'fixed' });
}

/** Copies a crash bundle into the committed corpus. */
export function promote(root: string, folder: string): Added {
  const { meta, input, smallest } = readBundle(folder);
  const crashes = join(root, meta.target, 'crash');
  const before = existsSync(join(crashes, basename(folder)));
  const path = writeBundle(crashes, meta, input, meta.minimised === undefined ? undefined : smallest);
  return { path, isNew: !before };
}
