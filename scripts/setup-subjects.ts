/**
 * `npm run setup:subjects`: gets the real servers that `aeronet conform` knows by name and that are not here yet. From Debian's
 * packages with apt-get, where this is root or sudo asks for no password; from npm into folders of their own below
 * `.aeronet/servers`, at the versions that the subjects name. No service that a package brings is started.
 *
 *     npm run setup:subjects                    all that are missing
 *     npm run setup:subjects -- nginx bun       these
 *     npm run setup:subjects -- --check         what is here, with versions; installs nothing
 *     npm run setup:subjects -- --simulate      what Debian would install; installs nothing
 *
 * Exit codes: 0 all that was asked for is here; 2 no such subject; 3 it cannot be had here; 1 anything else.
 */

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { findProgram } from '../conformance/run/installed.ts';
import { isInstalled, SUBJECTS, type Subject } from '../conformance/subjects/index.ts';
import { npmFolder } from '../conformance/subjects/subject.ts';

const INSTALL_MS = 15 * 60_000;
/** While this exists, Debian's packages start no service: its exit code 101 forbids every action. */
const POLICY = '/usr/sbin/policy-rc.d';

/** What is got. */
type Wanted = Pick<Subject, 'name' | 'requires' | 'install' | 'version'>;
const ALL: readonly Wanted[] = SUBJECTS;

const { values, positionals } = parseArgs({
  options: { check: { type: 'boolean' }, simulate: { type: 'boolean' } },
  allowPositionals: true,
});
process.exitCode = main(positionals);

function main(names: readonly string[]): number {
  const known = ALL.map(({ name }) => name);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    console.error(`setup:subjects: unknown subject "${unknown}": give ${known.join(', ')}`);
    return 2;
  }
  const asked = ALL.filter(({ name }) => names.length === 0 || names.includes(name));
  if (values.check === true) return check(asked);
  const missing = asked.filter((subject) => values.simulate === true || !isInstalled(subject));
  const failed = [installDebian(missing), ...missing.map(installNpm)].filter((status) => status !== 0);
  if (values.simulate === true) return Math.max(0, ...failed);
  return failed[0] ?? check(asked);
}

/** Says what is here; 3 when one is not. */
function check(subjects: readonly Wanted[]): number {
  const width = Math.max(...subjects.map(({ name }) => name.length));
  for (const subject of subjects) {
    const state = isInstalled(subject) ? (subject.version?.() ?? 'of unknown version') : 'NOT INSTALLED';
    console.log(`${subject.name.padEnd(width)}  ${state}`);
  }
  return subjects.every(isInstalled) ? 0 : 3;
}

function installDebian(subjects: readonly Wanted[]): number {
  const packages = [
    ...new Set(subjects.flatMap(({ install }) => (install?.from === 'debian' ? install.packages : []))),
  ];
  if (packages.length === 0) return 0;
  if (findProgram('apt-get') === undefined) {
    console.error(`setup:subjects: no apt-get here; install by hand: ${packages.join(' ')}`);
    return 3;
  }
  const options = ['install', '--yes', '--no-install-recommends', ...packages];
  if (values.simulate === true) return run('apt-get', ['--simulate', ...options]);
  const root = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
  if (root.length > 0 && spawnSync('sudo', ['-n', 'true']).status !== 0) {
    console.error(
      `setup:subjects: this takes root, and sudo asks for a password. Run: sudo apt-get ${options.join(' ')}`,
    );
    return 3;
  }
  const mayForbid = !existsSync(POLICY);
  const asRoot = (...command: readonly string[]) => {
    const [program = '', ...args] = [...root, ...command];
    return run(program, args);
  };
  try {
    if (mayForbid) asRoot('sh', '-c', `printf '#!/bin/sh\\nexit 101\\n' > ${POLICY} && chmod 755 ${POLICY}`);
    const status = asRoot('env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', ...options);
    if (status === 0) return 0;
    console.error('setup:subjects: apt-get failed; an older list of packages is mended by "apt-get update"');
    return 3;
  } finally {
    if (mayForbid) asRoot('rm', '-f', POLICY);
  }
}

function installNpm({ name, install }: Wanted): number {
  if (install?.from !== 'npm' || values.simulate === true) return 0;
  const folder = npmFolder(name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), `{ "name": "aeronet-subject-${name}", "private": true }\n`);
  const packages = Object.entries(install.packages).map(([key, version]) => `${key}@${version}`);
  const args = ['install', '--save-exact', '--ignore-scripts', '--no-audit', '--no-fund', ...packages];
  if (run('npm', args, folder) !== 0) {
    console.error(`setup:subjects: npm could not install ${packages.join(' ')}`);
    return 3;
  }
  // The one script that is needed is run by name: it puts the program for this machine into its place.
  const script = join(folder, 'node_modules', name, 'install.js');
  return existsSync(script) ? run(process.execPath, [script], folder) : 0;
}

function run(program: string, args: readonly string[], cwd = process.cwd()): number {
  console.error(`$ ${[program, ...args].join(' ')}`);
  const { status } = spawnSync(program, args, { cwd, stdio: ['ignore', 'inherit', 'inherit'], timeout: INSTALL_MS });
  return status ?? 1;
}
