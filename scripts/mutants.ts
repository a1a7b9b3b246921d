/**
 * `npm run mutants`: the suite's proof that its cases can fail. Each deliberately broken core is run against the cases that
 * no mutant has failed yet, and who fails whom is written to `conformance/mutants/witnesses.jsonl`.
 *
 *     npm run mutants                      all of them; takes a while
 *     npm run mutants -- chunk-size-junk   some: what the others are known to fail stays as it is
 *     npm run mutants -- --missing         those that no case is known to fail
 */
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { allCases } from '../conformance/index.ts';
import { findMutant, MUTANTS, type Mutant } from '../conformance/mutants/index.ts';
import { failures, probeCore, verdictsOf } from '../conformance/mutants/measure.ts';
import { formatWitnesses, readWitnesses, WITNESSES_FILE } from '../conformance/mutants/witnesses.ts';
import { packageRoot } from './cli/package-version.ts';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    timeout: { type: 'string', default: '700' },
    out: { type: 'string', default: '.aeronet/mutants' },
    missing: { type: 'boolean', default: false },
  },
});
const file = join(packageRoot(), WITNESSES_FILE);
const witnesses = new Map(readWitnesses(file).map(({ mutant, fails }) => [mutant, fails]));
const named = positionals.length === 0 ? MUTANTS : positionals.map(findMutant);
const chosen = values.missing ? named.filter(({ id }) => !witnesses.has(id)) : named;
/** One that dies of every case, or answers none, is not waited for longer. */
const MUTANT_MS = 60_000;
const seed = 1;
const options = { seed, out: values.out, timeoutMs: Number(values.timeout) };

/** Where the cases lie that a module's mutants can fail; other modules of both versions concern all. */
const WHERE: readonly (readonly [module: RegExp, cases: RegExp])[] = [
  [/^core\/http1\//, /^h1\//],
  [/^core\/(?:http2|hpack)\//, /^h2\//],
  [/^core\/connection\/h2c/, /^h[12]\/(?:preface|sanity|connection|extension|upgrade)/],
  [
    /(?:conditional|entity-tag|date|range|byteranges|serve-file)$/,
    /^h[12]\/(?:conditional|range|responses|methods|lint)\//,
  ],
  [/semantics\/(?:host|target)$/, /^h[12]\/(?:host|target|request-line|authority|pseudo|connect|extended-connect)\//],
];

for (const { id } of chosen) witnesses.delete(id);
for (const id of witnesses.keys()) if (!MUTANTS.some((one) => one.id === id)) witnesses.delete(id);

const probed = await probeCore(options.timeoutMs);
const sound = await verdictsOf(undefined, allCases, probed, options);
const passed = allCases.filter((one) => sound.get(one.id) === 'pass');
const musts = passed.filter((one) => one.level === 'MUST');
console.error(`the sound core passes ${passed.length} cases, ${musts.length} of them MUST; ${chosen.length} mutants`);

for (const [index, mutant] of chosen.entries()) {
  const fails = await firstFailures(mutant);
  if (fails.length > 0) witnesses.set(mutant.id, fails);
  save();
  const open = musts.filter((one) => !seen().has(one.id)).length;
  console.error(
    `${index + 1}/${chosen.length} ${mutant.id}: fails ${fails.length || 'NONE'}; ${open} MUST cases without a mutant`,
  );
}
const survivors = MUTANTS.filter((one) => !witnesses.has(one.id));
const unproved = musts.filter((one) => !seen().has(one.id));
for (const { id, says } of survivors) console.log(`no case fails mutant ${id} (${says})`);
for (const { id } of unproved) console.log(`no mutant fails case ${id}`);
console.log(
  `${MUTANTS.length - survivors.length} of ${MUTANTS.length} mutants are failed; ${musts.length - unproved.length} of ${musts.length} MUST cases are failed by a mutant`,
);
process.exitCode = survivors.length + unproved.length === 0 ? 0 : 1;

/** What it is the first to fail; where there is nothing left, something that others fail too. */
async function firstFailures(mutant: Mutant): Promise<readonly string[]> {
  const known = seen();
  const near = passed.filter(({ id }) => concerns(mutant, id));
  const fails = await confirmed(
    mutant,
    near.filter(({ id }) => !known.has(id)),
  );
  return fails.length > 0 ? fails : (await confirmed(mutant, near)).slice(0, 3);
}

/** Failures that show twice: one could be the machine's. */
async function confirmed(mutant: Mutant, cases: typeof passed): Promise<readonly string[]> {
  if (cases.length === 0) return [];
  try {
    const bounded = { ...options, signal: AbortSignal.timeout(MUTANT_MS) };
    const once = new Set(failures(await verdictsOf(mutant, cases, probed, bounded)));
    if (once.size === 0) return [];
    const again = cases.filter(({ id }) => once.has(id));
    return failures(await verdictsOf(mutant, again, probed, { ...options, signal: AbortSignal.timeout(MUTANT_MS) }));
  } catch (error) {
    console.error(`${mutant.id}: ${error instanceof Error ? error.message : String(error)}`);
    return [];
  }
}

function seen(): ReadonlySet<string> {
  return new Set([...witnesses.values()].flat());
}

function concerns({ file: module }: Mutant, id: string): boolean {
  const row = WHERE.find(([pattern]) => pattern.test(module));
  return row === undefined || row[1].test(id);
}

function save(): void {
  const rows = MUTANTS.filter(({ id }) => witnesses.has(id)).map(({ id }) => ({
    mutant: id,
    fails: witnesses.get(id) ?? [],
  }));
  writeFileSync(`${file}.new`, formatWitnesses(rows));
  renameSync(`${file}.new`, file);
}
