import { existsSync } from 'node:fs';
import t from 'tap';
import { readExpectations } from '../../reports/index.ts';
import { allCases } from '../cases/index.ts';
import { firstMissing } from '../run/installed.ts';
import { probe } from '../run/probe.ts';
import { TargetProcess } from '../run/process.ts';
import { findSubject, isInstalled, SUBJECTS, subjectNames } from './index.ts';

/** Longest wait for one answer of a subject, on a machine with other work. */
const PATIENCE_MS = 10_000;

t.test(
  'every subject is complete: a name of its own, a port to listen on, and whatever it requires can be installed',
  async (t) => {
    t.equal(new Set(subjectNames()).size, SUBJECTS.length);
    for (const { name, about, command, files = {}, requires = [], install } of SUBJECTS) {
      t.match(name, /^[a-z][a-z0-9-]*$/);
      t.ok(about.length > 10 && about.length < 130, `${name} says what it is`);
      t.equal(findSubject(name)?.name, name);
      const texts = [...command, ...Object.values(files)].filter((text) => typeof text === 'string').join('\n');
      t.ok(texts.includes('{port}'), `${name} is told its port`);
      t.equal(texts.includes('{folder}'), Object.keys(files).length > 0, `${name} has a folder if it has files`);
      t.equal(
        requires.length > 0,
        install !== undefined,
        `${name} is installed by the script if anything can be missing`,
      );
    }
  },
);

t.test('packages of npm are named at exact versions', async (t) => {
  for (const { name, install } of SUBJECTS) {
    if (install?.from !== 'npm') continue;
    for (const version of Object.values(install.packages)) t.match(version, /^\d+\.\d+\.\d+$/, name);
  }
});

t.test('known failures name cases that exist, on the subject whose file they are in, and cite a clause', async (t) => {
  const ids = new Set<string>(allCases.map(({ id }) => id));
  for (const { name, expectations } of SUBJECTS) {
    if (expectations === undefined) continue;
    t.ok(existsSync(expectations), expectations);
    const { byKey } = await readExpectations([expectations]);
    for (const { key, reason } of byKey.values()) {
      if (key.startsWith('h2spec/')) continue;
      const [id = '', target] = key.split(' @');
      t.equal(target, name, key);
      t.ok(ids.has(id), `${key} names a case`);
      t.match(reason, /^RFC[0-9]{4}#[0-9.]+: \S/, key);
    }
  }
});

t.test('a subject that is not installed is an error with exit 3 that says how to get it', async (t) => {
  const start = { command: ['aeronet-no-such-server', '{port}'], requires: ['aeronet-no-such-server'] };
  t.equal(firstMissing(start.requires), 'aeronet-no-such-server');
  t.equal(firstMissing(['/no/such/file']), '/no/such/file');
  t.equal(firstMissing([process.execPath, 'node']), undefined);
  await t.rejects(TargetProcess.start(start, 'such'), {
    name: 'BenchError',
    exit: 3,
    message: 'Target "such" is not installed (there is no aeronet-no-such-server): npm run setup:subjects such',
  });
});

for (const subject of SUBJECTS) {
  const skip = isInstalled(subject)
    ? false
    : `${subject.name} IS NOT INSTALLED: npm run setup:subjects ${subject.name}`;
  t.test(`${subject.name} starts, answers, tells its version, and leaves nothing behind`, { skip }, async (t) => {
    const running = await TargetProcess.start(subject, subject.name);
    t.teardown(() => running.stop());
    const { speaksH1, h2, capabilities } = await probe(running.address, PATIENCE_MS);
    t.ok(speaksH1 || h2 !== undefined, 'it speaks HTTP');
    t.ok((speaksH1 ? capabilities : h2)?.has('get'), 'it has GET /');
    t.match(subject.version?.(), /\d+\.\d+/);
    await running.stop();
    t.notOk(running.alive);
    t.notOk(running.folder !== '' && existsSync(running.folder), 'its folder is gone');
  });
}
