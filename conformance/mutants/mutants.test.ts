import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { allCases } from '../cases/index.ts';
import { type AnyCase, isH2, isScripted } from '../h2/model.ts';
import type { Probed } from '../run/probe.ts';
import { findMutant, MUTANTS, mutate } from './index.ts';
import { failures, probeCore, verdictsOf } from './measure.ts';
import { UNPROVED } from './unproved.ts';
import { readWitnesses, WITNESSES_FILE } from './witnesses.ts';

const ROOT = new URL('../../', import.meta.url);
const witnesses = readWitnesses(fileURLToPath(new URL(WITNESSES_FILE, ROOT)));
/** So many are played again, of all kinds; `npm run mutants` plays all. */
const SAMPLE = 6;
/** Upper bound of each wait: what hangs in a mutant is seen by it. */
const TIMEOUT_MS = 2_000;

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

t.test('every mutant is caught, and what catches it is there', (t) => {
  const ids = new Set<string>(allCases.map(({ id }) => id));
  for (const { mutant, fails, warns, beside } of witnesses) {
    t.ok(
      fails.length + warns.length > 0 && [...fails, ...warns, ...beside].every((id) => ids.has(id)),
      `${mutant}: what is known of it is out of date; npm run mutants -- ${mutant}`,
    );
  }
  const known = new Set(witnesses.map(({ mutant }) => mutant));
  const survivors = MUTANTS.map(({ id }) => id).filter((id) => !known.has(id));
  t.same(survivors, [], 'no case is known to catch them: npm run mutants -- --missing');
  t.end();
});

t.test('every MUST case that the core is asked is failed by a mutant', async (t) => {
  const probed = await probeCore(TIMEOUT_MS);
  const failed = new Set(witnesses.flatMap(({ fails }) => fails));
  const musts = allCases.filter((one) => one.level === 'MUST' && isAsked(one, probed));
  t.ok(musts.length > 1_500, `${musts.length} MUST cases`);
  const open = musts.map(({ id }) => id).filter((id) => !failed.has(id));
  t.same(open.sort(), Object.keys(UNPROVED).sort(), 'write a mutant (README), or say in unproved.ts why there is none');
});

t.test('mutants of all modules fail what they are known to fail, which the sound core passes', async (t) => {
  const options = { seed: 1, out: t.testdir({}), timeoutMs: TIMEOUT_MS };
  const probed = await probeCore(TIMEOUT_MS);
  const alone = witnesses.filter(({ fails, beside }) => fails.length > 0 && beside.length === 0);
  const every = Math.ceil(alone.length / SAMPLE);
  const played = new Set<string>();
  for (const { mutant, fails } of alone.filter((_, index) => index % every === 0)) {
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

/** Whether the core has what a case needs. Cases with a protocol of their own run on other targets. */
function isAsked(one: AnyCase, { capabilities, h2, speaksH1 }: Probed): boolean {
  if (isScripted(one)) return false;
  const has: ReadonlySet<string> | undefined = isH2(one) ? h2 : speaksH1 ? capabilities : undefined;
  return has !== undefined && one.needs.every((need) => has.has(need));
}
