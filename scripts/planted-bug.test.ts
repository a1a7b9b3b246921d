import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import t from 'tap';

/**
 * The proof of the bench on a bug that is known to be there: a copy of the built core whose chunk parser takes `0x5`.
 */
const ROOT = fileURLToPath(new URL('..', import.meta.url));
const FOLDER = join(ROOT, '.aeronet', 'planted');
const DIST = join(FOLDER, 'dist');
const OUT = join(FOLDER, 'out');
const SEED = 2;

const SOUND = `        const value = HEX_VALUE[octet] ?? 0xff;
        if (value === 0xff)`;
const PLANTED = `        const value = HEX_VALUE[octet] ?? 0xff;
        if (octet === 0x78 && this.#digits === 1 && this.#size === 0)
            return;
        if (value === 0xff)`;

t.before(() => {
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(OUT, { recursive: true });
  cpSync(join(ROOT, 'dist'), DIST, { recursive: true });
  cpSync(join(ROOT, 'conformance', 'subjects'), join(FOLDER, 'conformance', 'subjects'), { recursive: true });
  cpSync(join(ROOT, 'package.json'), join(FOLDER, 'package.json'));
  const file = join(DIST, 'core', 'http1', 'chunked.js');
  const source = readFileSync(file, 'utf8');
  if (source.split(SOUND).length !== 2) throw new Error(`${file}: the place for the bug is gone; plant it anew`);
  writeFileSync(file, source.replace(SOUND, PLANTED));
});

t.test('conformance turns the gate red on the planted core, and green on the sound one', (t) => {
  const cases = ['-c', 'h1/chunked/*', '-j', '4'];
  const sound = aeronet(join(ROOT, 'dist'), ['conform', 'core', ...cases, '--out', join(OUT, 'sound')]);
  t.equal(sound.status, 0, sound.stderr);
  const planted = aeronet(DIST, ['conform', 'core', ...cases, '--out', join(OUT, 'planted')]);
  t.equal(planted.status, 1, 'the run itself is red');
  t.match(planted.stdout, /h1\/chunked\/\S*(hex|prefix|0x)\S*/, 'and names a case about the prefix');
  const gate = aeronet(join(ROOT, 'dist'), ['gate', join(OUT, 'planted', 'results.ndjson')]);
  t.equal(gate.status, 1, 'so is the gate on its results');
  t.end();
});

t.test('the fuzz target finds the planted bug within a minute, minimises it, and it can be replayed', (t) => {
  const home = join(ROOT, 'dist');
  const fuzz = aeronet(home, [
    'fuzz',
    'http1-request',
    '--budget',
    '60s',
    '--stop-at-first',
    '--seed',
    String(SEED),
    '--fresh',
    '--dist',
    DIST,
    '--out',
    OUT,
  ]);
  t.equal(fuzz.status, 1, `seed ${SEED}: ${fuzz.stderr.slice(-2_000)}`);
  const bundles = join(OUT, 'fuzz', 'http1-request', 'crash');
  const [signature = ''] = readdirSync(bundles);
  const bundle = join(bundles, signature);
  const { length } = readFileSync(join(bundle, 'input.min.bin'));
  t.ok(length <= 200, `minimised to ${length} octets`);
  t.ok(length <= statSync(join(bundle, 'input.bin')).size, 'which is no more than was found');
  const again = aeronet(home, ['replay', bundle, '--dist', DIST]);
  t.equal(again.status, 1, 'one command reproduces it on the planted core');
  const fixed = aeronet(home, ['replay', bundle]);
  t.equal(fixed.status, 0, `and shows that the sound core is free of it: ${fixed.stdout}${fixed.stderr}`);
  t.end();
});

function aeronet(dist: string, args: readonly string[]): SpawnSyncReturns<string> {
  const cli = join(dist, 'scripts', 'aeronet.js');
  return spawnSync(process.execPath, [cli, ...args], { cwd: ROOT, encoding: 'utf8', timeout: 150_000 });
}
