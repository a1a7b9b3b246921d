/**
 * `npm run setup:engines`: installs the optional fuzz engines, which are large and no dependency of aeronet, each into a folder
 * of its own below `.aeronet/engines`, where `aeronet fuzz --engine` finds it. Every package of theirs is pinned by version and
 * digest in `scripts/engines/<name>/package-lock.json`. No install script of a package is run.
 *
 *     npm run setup:engines                 all that are missing
 *     npm run setup:engines -- jsfuzz       this one, anew
 *     npm run setup:engines -- --check      what is here; installs nothing
 *
 * Exit codes: 0 all that was asked for is here; 2 no such engine; 3 it cannot be had here.
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { engineFolder } from '../fuzz/index.ts';

const PACKAGES: Readonly<Record<string, string>> = { jsfuzz: 'jsfuzz', jazzer: '@jazzer.js/core' };
const INSTALL_MS = 5 * 60_000;

const { values, positionals } = parseArgs({ options: { check: { type: 'boolean' } }, allowPositionals: true });
process.exitCode = main(positionals);

function main(names: readonly string[]): number {
  const all = Object.keys(PACKAGES);
  const unknown = names.find((name) => !all.includes(name));
  if (unknown !== undefined) {
    console.error(`setup:engines: unknown engine "${unknown}": give ${all.join(', ')}`);
    return 2;
  }
  const asked = names.length === 0 ? all : names;
  if (values.check !== true) {
    for (const name of asked) if (names.length > 0 || !isInstalled(name)) install(name);
  }
  for (const name of asked) console.log(`${name.padEnd(8)}${isInstalled(name) ? engineFolder(name) : 'NOT INSTALLED'}`);
  return asked.every(isInstalled) ? 0 : 3;
}

function isInstalled(name: string): boolean {
  return existsSync(join(engineFolder(name), 'node_modules', PACKAGES[name] ?? '', 'package.json'));
}

function install(name: string): void {
  const folder = engineFolder(name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const file of ['package.json', 'package-lock.json']) {
    copyFileSync(join('scripts', 'engines', name, file), join(folder, file));
  }
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund'];
  console.error(`$ npm ${args.join(' ')}    # in ${folder}`);
  spawnSync('npm', args, { cwd: folder, stdio: ['ignore', 'inherit', 'inherit'], timeout: INSTALL_MS });
}
