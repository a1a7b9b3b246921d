import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { allCases } from '../cases/index.ts';
import { findMutant, MUTANTS, mutate } from './index.ts';
import { failures, probeCore, verdictsOf } from './measure.ts';
import { readWitnesses, WITNESSES_FILE } from './witnesses.ts';

const ROOT = new URL('../../', import.meta.url);
const witnesses = readWitnesses(fileURLToPath(new URL(WITNESSES_FILE, ROOT)));

t.test('every mutant has a name of its own, and its texts stand once in the built core', (t) => {
  t.ok(MUTANTS.length >= 60, `${MUTANTS.length} mutants`);
  t.equal(new Set(MUTANTS.map(({ id }) => id)).size, MUTANTS.length);
  for (const { id, edits } of MUTANTS) {
    for (const edit of edits) {
      const source = readFileSync(new URL(`dist/${edit.file}.js`, ROOT), 'utf8');
      t.doesNotThrow(() => mutate(id, edit, source), id);
    }
  }
  t.throws(() => mutate('x', { file: 'f', changes: [['a', 'b']] }, 'aa'), /Mutant x: "a" stands 2 times in f/);
  t.end();
});

/** Mutants that no case is known to fail, at most: lower it as `npm run mutants` proves them, or as those that the RFC allows go. */
const MOST_UNPROVED = 40;

t.test('what fails a mutant is there, and no fewer mutants are failed than were', (t) => {
  const ids = new Set<string>(allCases.map(({ id }) => id));
  for (const { mutant, fails, warns, beside } of witnesses) {
    t.ok(
      fails.length + warns.length > 0 && [...fails, ...warns, ...beside].every((id) => ids.has(id)),
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

/** So many are played again, of all kinds; `npm run mutants` plays all. */
const SAMPLE = 8;

t.test('mutants of all modules are caught by what is known to catch them, which the sound core passes', async (t) => {
  const options = { seed: 1, out: t.testdir({}), timeoutMs: 2_000 };
  const probed = await probeCore(options.timeoutMs);
  const failed = witnesses.filter(({ fails, beside }) => fails.length > 0 && beside.length === 0);
  const every = Math.floor(failed.length / SAMPLE);
  const sample = failed.filter((_, index) => index % every === 0);
  const played = new Set<string>();
  for (const { mutant, fails } of sample) {
    const known = fails.slice(0, 2);
    const cases = allCases.filter(({ id }) => known.some((one) => one === id));
    for (const { id } of cases) played.add(id);
    const found = failures(await verdictsOf(findMutant(mutant), cases, probed, options));
    t.same([...found].sort(), [...known].sort(), mutant);
  }
  const all = allCases.filter(({ id }) => played.has(id));
  const sound = await verdictsOf(undefined, all, probed, options);
  t.equal(sound.size, played.size);
  t.same(failures(sound), []);
});
