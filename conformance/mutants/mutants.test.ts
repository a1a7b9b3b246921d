import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { allCases } from '../cases/index.ts';
import { MUTANTS, mutate } from './index.ts';
import { failures, probeCore, verdictsOf } from './measure.ts';
import { readWitnesses, WITNESSES_FILE } from './witnesses.ts';

const ROOT = new URL('../../', import.meta.url);
const witnesses = readWitnesses(fileURLToPath(new URL(WITNESSES_FILE, ROOT)));

t.test('every mutant has a name of its own, and its texts stand once in the built core', (t) => {
  t.ok(MUTANTS.length >= 60, `${MUTANTS.length} mutants`);
  t.equal(new Set(MUTANTS.map(({ id }) => id)).size, MUTANTS.length);
  for (const mutant of MUTANTS) {
    const source = readFileSync(new URL(`dist/${mutant.file}.js`, ROOT), 'utf8');
    t.doesNotThrow(() => mutate(mutant, source), mutant.id);
  }
  t.throws(
    () => mutate({ id: 'x', says: '', file: 'f', changes: [['a', 'b']] }, 'aa'),
    /Mutant x: "a" stands 2 times in f/,
  );
  t.end();
});

/** Mutants that no case is known to fail, at most: lower it as `npm run mutants` proves them, or as those that the RFC allows go. */
const MOST_UNPROVED = 247;

t.test('what fails a mutant is there, and no fewer mutants are failed than were', (t) => {
  const ids = new Set<string>(allCases.map(({ id }) => id));
  for (const { mutant, fails } of witnesses) {
    t.ok(
      fails.length > 0 && fails.every((id) => ids.has(id)),
      `${mutant}: what is known of it is out of date; npm run mutants -- ${mutant}`,
    );
  }
  const known = new Set(witnesses.map(({ mutant }) => mutant));
  const unproved = MUTANTS.map(({ id }) => id).filter((id) => !known.has(id));
  t.ok(
    unproved.length <= MOST_UNPROVED,
    `${unproved.length} mutants that no case is known to fail (npm run mutants -- --missing): ${unproved.join(', ')}`,
  );
  t.end();
});

/** One of so many is played again; all of them would take minutes. */
const EVERY = 15;

t.test('mutants of all modules fail what they are known to fail, which the sound core passes', async (t) => {
  const options = { seed: 1, out: t.testdir({}), timeoutMs: 2_000 };
  const probed = await probeCore(options.timeoutMs);
  const proved = new Set(witnesses.map(({ mutant }) => mutant));
  const sample = MUTANTS.filter(({ id }) => proved.has(id)).filter((_, index) => index % EVERY === 0);
  for (const mutant of sample) {
    const known = witnesses.find((one) => one.mutant === mutant.id)?.fails.slice(0, 2) ?? [];
    const cases = allCases.filter(({ id }) => known.some((one) => one === id));
    const failed = failures(await verdictsOf(mutant, cases, probed, options));
    t.same([...failed].sort(), [...known].sort(), mutant.id);
    t.same(failures(await verdictsOf(undefined, cases, probed, options)), [], `the core without ${mutant.id}`);
  }
});
