/**
 * `npm run mutants`: the suite's proof that its cases can fail. Each deliberately broken core is run against the cases that
 * are known to catch it and those that no mutant has failed yet, and who catches whom is written to
 * `conformance/mutants/witnesses.jsonl`.
 *
 *     npm run mutants                      all of them: what is known is proved again, what is missing searched for
 *     npm run mutants -- chunk-size-junk   some
 *     npm run mutants -- --missing         those that no case is known to catch
 */
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { allCases } from '../conformance/index.ts';
import { type Catch, hunt, NOTHING } from '../conformance/mutants/hunt.ts';
import { findMutant, MUTANTS, type Mutant } from '../conformance/mutants/index.ts';
import { probeCore, verdictsOf } from '../conformance/mutants/measure.ts';
import { isAnswering, isNear } from '../conformance/mutants/near.ts';
import { UNPROVED } from '../conformance/mutants/unproved.ts';
import { formatWitnesses, readWitnesses, WITNESSES_FILE } from '../conformance/mutants/witnesses.ts';
import { isEverywhere } from '../conformance/run/lint-book.ts';
import { packageRoot } from './cli/package-version.ts';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    timeout: { type: 'string', default: '1000' },
    parallel: { type: 'string', default: '2' },
    out: { type: 'string', default: '.aeronet/mutants' },
    missing: { type: 'boolean', default: false },
  },
});
// Servers that were started end with the process (run/at-exit.ts), and it ends by itself alone.
process.once('SIGINT', () => process.exit(130));
process.once('SIGTERM', () => process.exit(143));

const file = join(packageRoot(), WITNESSES_FILE);
const catches = new Map<string, Catch>(readWitnesses(file).map(({ mutant, ...caught }) => [mutant, caught]));
for (const id of catches.keys()) if (!MUTANTS.some((one) => one.id === id)) catches.delete(id);
const named = positionals.length === 0 ? MUTANTS : positionals.map(findMutant);
const chosen = values.missing ? named.filter(({ id }) => !catches.has(id)) : named;
const options = { seed: 1, out: values.out, timeoutMs: Number(values.timeout) };

const probed = await probeCore(options.timeoutMs);
const sound = await verdictsOf(undefined, allCases, probed, options);
const offered = allCases.filter(({ id }) => ['pass', 'warn', 'weak'].includes(sound.get(id)?.verdict ?? 'skip'));
const clean = new Set<string>(offered.filter(({ id }) => sound.get(id)?.verdict === 'pass').map(({ id }) => id));
const musts = offered.filter((one) => one.level === 'MUST');
for (const [id, { verdict }] of sound) if (!clean.has(id) && verdict !== 'skip') console.error(`${verdict} ${id}`);
console.error(
  `the sound core keeps to ${offered.length} cases, ${musts.length} of them MUST; ${chosen.length} mutants`,
);

const queue = [...chosen.entries()];
await Promise.all(Array.from({ length: Number(values.parallel) }, work));

const survivors = MUTANTS.filter((one) => !catches.has(one.id));
const open = unproved().filter(({ id }) => !Object.hasOwn(UNPROVED, id));
for (const { id, says } of survivors) console.log(`no case catches mutant ${id} (${says})`);
for (const { id } of open) console.log(`no mutant fails case ${id}`);
console.log(
  `${MUTANTS.length - survivors.length} of ${MUTANTS.length} mutants are caught; ${musts.length - unproved().length} of ${musts.length} MUST cases are failed by a mutant`,
);
process.exitCode = survivors.length + open.length === 0 ? 0 : 1;

async function work(): Promise<void> {
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const [index, mutant] = next;
    const startedMs = performance.now();
    const caught = await search(mutant);
    if (caught === NOTHING) catches.delete(mutant.id);
    else catches.set(mutant.id, caught);
    save();
    const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
    console.error(
      `${index + 1}/${chosen.length} ${mutant.id}: ${caught.fails.length} fail, ${caught.warns.length} warn (${seconds} s); ${unproved().length} MUST cases without a mutant`,
    );
  }
}

async function search(mutant: Mutant): Promise<Catch> {
  const { fails, warns, beside } = catches.get(mutant.id) ?? NOTHING;
  const known = new Set([...fails, ...warns, ...beside]);
  const proved = provedBut(mutant);
  const cases = offered.filter(({ id }) => known.has(id) || isNear(mutant, id));
  const open = cases.filter(({ id }) => known.has(id) || !proved.has(id));
  const isWhole = isAnswering(mutant) && open.some(isEverywhere);
  try {
    return await hunt(
      mutant,
      { cases, clean, known, wanted: new Set(open.map(({ id }) => id)), isWhole },
      probed,
      options,
    );
  } catch (error) {
    console.error(`${mutant.id}: ${error instanceof Error ? error.message : String(error)}`);
    return NOTHING;
  }
}

/** Cases that need no further mutant: a MUST has to fail one, of the others a warning is enough. */
function provedBut(mutant?: Mutant): ReadonlySet<string> {
  const others = [...catches].filter(([id]) => id !== mutant?.id).map(([, one]) => one);
  const failed = new Set(others.flatMap(({ fails }) => fails));
  const warned = new Set(others.flatMap(({ warns }) => warns));
  const isProved = ({ id, level }: (typeof allCases)[number]) => failed.has(id) || (level !== 'MUST' && warned.has(id));
  return new Set(allCases.filter(isProved).map(({ id }) => id));
}

function unproved(): typeof musts {
  const proved = provedBut();
  return musts.filter(({ id }) => !proved.has(id));
}

function save(): void {
  const rows = MUTANTS.flatMap(({ id: mutant }) => {
    const caught = catches.get(mutant);
    return caught === undefined ? [] : [{ mutant, ...caught }];
  });
  writeFileSync(`${file}.new`, formatWitnesses(rows));
  renameSync(`${file}.new`, file);
}
