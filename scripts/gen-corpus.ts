/**
 * Writes the seeds of `corpus-examples*.ts` into the corpus and names them in its manifest; `--check` only says whether
 * they are there as they would be written. Seeds of other sets are left alone, and nothing is ever deleted.
 *
 *     node dist/scripts/gen-corpus.js [--check] [corpus folder]
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { addSeed, seedName } from '../fuzz/campaign/corpus-folder.ts';
import { readManifest, type SeedSet, seedSet, writeManifest } from '../fuzz/campaign/manifest.ts';
import { octetsOf } from '../fuzz/engines/latin1-input.ts';
import { EXAMPLE_SETS } from './corpus-examples.ts';
import { BENCH_EXAMPLE_SETS } from './corpus-examples-bench.ts';
import { HTTP2_EXAMPLE_SETS } from './corpus-examples-http2.ts';
import { PKI_EXAMPLE_SETS } from './corpus-examples-pki.ts';
import { SEMANTICS_EXAMPLE_SETS } from './corpus-examples-semantics.ts';
import { VALUE_EXAMPLE_SETS } from './corpus-examples-values.ts';
import { REFUSAL_EXAMPLE_SETS } from './corpus-refusals.ts';
import { HTTP2_REFUSAL_SETS } from './corpus-refusals-http2.ts';
import { TLS_REFUSAL_SETS } from './corpus-refusals-tls.ts';
import { VALUE_REFUSAL_SETS } from './corpus-refusals-values.ts';

const SETS = [
  ...EXAMPLE_SETS,
  ...HTTP2_EXAMPLE_SETS,
  ...BENCH_EXAMPLE_SETS,
  ...PKI_EXAMPLE_SETS,
  ...SEMANTICS_EXAMPLE_SETS,
  ...VALUE_EXAMPLE_SETS,
  ...REFUSAL_EXAMPLE_SETS,
  ...HTTP2_REFUSAL_SETS,
  ...TLS_REFUSAL_SETS,
  ...VALUE_REFUSAL_SETS,
];

const isCheck = process.argv.includes('--check');
const root = process.argv.slice(2).find((arg) => !arg.startsWith('--')) ?? 'corpus';
process.exitCode = isCheck ? check(root) : write(root);

function write(folder: string): number {
  const sets = exampleSets();
  for (const { target, inputs } of SETS) for (const input of inputs) addSeed(folder, target, octetsOf(input));
  writeManifest(folder, [...readManifest(folder).filter((set) => !sets.some((own) => isSame(own, set))), ...sets]);
  process.stdout.write(`${sets.length} sets of seeds in ${folder}\n`);
  return 0;
}

function check(folder: string): number {
  const manifest = readManifest(folder);
  const stale = exampleSets().filter((set) => {
    const known = manifest.find((other) => isSame(set, other));
    return (
      known?.digest !== set.digest || set.files.some((file) => !existsSync(join(folder, set.target, 'seed', file)))
    );
  });
  for (const { target, set } of stale) {
    process.stderr.write(
      `${folder}: set ${set} of ${target} is not as written; run: node dist/scripts/gen-corpus.js\n`,
    );
  }
  return stale.length === 0 ? 0 : 1;
}

function exampleSets(): SeedSet[] {
  return SETS.map(({ target, set, origin, inputs }) =>
    seedSet({ target, set, origin, licence: 'MIT', files: inputs.map((input) => seedName(octetsOf(input))) }),
  );
}

function isSame(a: SeedSet, b: SeedSet): boolean {
  return a.target === b.target && a.set === b.set;
}
