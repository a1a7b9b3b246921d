/** `aeronet fuzz`, `replay`, `min` and `corpus`: exit codes, messages, and, as processes, runs that are broken off. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import t, { type Test } from 'tap';
import { FindingEvent } from '../../reports/schema.ts';
import { corpusCommand } from './corpus.ts';
import { fuzzCommand } from './fuzz.ts';
import { runInProcess } from './in-process.test.data.ts';
import { minCommand } from './min.ts';
import { replayCommand } from './replay.ts';

const AERONET = fileURLToPath(new URL('../../dist/scripts/aeronet.js', import.meta.url));
const COMMANDS = [fuzzCommand, replayCommand, minCommand, corpusCommand];
const CORPUS = fileURLToPath(new URL('../../corpus', import.meta.url));

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

async function aeronet(cwd: string, ...args: readonly string[]): Promise<Ended> {
  const child = spawn(process.execPath, [AERONET, ...args], { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  await once(child, 'close');
  return { code: child.exitCode, stdout, stderr };
}

t.test('a mistake ends with 2 and one line that names the thing and the fix', async (t) => {
  const folder = t.testdir({ words: 'no dictionary', file: 'GET / HTTP/1.1\r\n\r\n', empty: {}, out: {} });
  symlinkSync(CORPUS, join(folder, 'corpus'));
  cpSync(CORPUS, join(folder, 'piped'), { recursive: true });
  const pipe = join(folder, 'piped/http1-request/seed/0123456789abcdef.bin');
  const hasPipe = spawnSync('mkfifo', [pipe]).status === 0;
  symlinkSync('/etc', join(folder, 'empty/etc'));
  const bundle = join(CORPUS, 'http1-request/crash/v1-1ed8f200b14e6222');
  cpSync(bundle, join(folder, 'moved/dates/crash/v1-1ed8f200b14e6222'), { recursive: true });
  cpSync(bundle, join(folder, 'moved/http1-request/crash/v1-0123456789abcdef'), { recursive: true });
  mkdirSync(join(folder, 'moved/v1-ffffffffffffffff'));
  const rows: (readonly [args: readonly string[], message: RegExp])[] = [
    [['fuzz', '--workers', '0'], /'0' is invalid: give a whole number from 1 to 64; see aeronet fuzz --help$/],
    [['fuzz', '--max-disk', '10'], /'10' is invalid: give a size such as 512M or 4G/],
    [['fuzz', 'nosuch'], /no fuzz target "nosuch"; there are: .*http1-request/],
    [
      ['fuzz', 'http1-request', '--engine', 'afl'],
      /no engine "afl"; there are: aeronet, jsfuzz, jazzer, fast-check, replay$/,
    ],
    [['fuzz', 'http1-request', '--budget', '10'], /budget "10" is none; write a time such as 30s/],
    [['fuzz', 'http1-request', '--hang', '1'], /'1' is invalid: give a duration such as .*; see aeronet fuzz --help$/],
    [['fuzz', 'http1-request', '--corpus', 'none'], /no corpus none: name one with --corpus$/],
    [['fuzz', 'http1-request', '--dict', 'none'], /cannot read none \(ENOENT.*\): restore it, or correct the path$/],
    [['fuzz', 'http1-request', '--dict', 'words'], /words:1: not a dictionary line; write name="word"/],
    [
      ['fuzz', 'http1-request', '--dist', 'none'],
      /no built tree none: name a folder such as dist, made by npm run build$/,
    ],
    [['fuzz', 'http1-request', '--out', 'file'], /Cannot write .*: give another folder with --out$/],
    [
      ['replay', 'nosuch'],
      /"nosuch" is neither a path nor the beginning of a signature such as .* hold what was saved$/,
    ],
    [['replay', 'v1:ffff'], /no crash with signature v1:ffff in /],
    [['replay', 'file'], /file is in no corpus: name its target with --target, or the corpus with --corpus$/],
    [['replay', '--target', 'nosuch', 'file'], /no fuzz target "nosuch"; there are: /],
    [['replay', 'empty'], /empty\/etc leads out of the corpus empty, to .*etc: nothing outside is read$/],
    [['replay', '--target', 'http1-request', '/dev/zero'], /\/dev\/zero is no regular file: nothing else is read/],
    [['min', 'v1:1ed8'], /v1-1ed8f200b14e6222 does not fail: there is nothing to keep/],
    [['corpus', 'add'], /missing required argument 'what'; see aeronet corpus add --help$/],
    [['corpus', 'add', 'http1-request'], /No files: name those that are to be seeds of http1-request$/],
    [['corpus', 'add', 'http1-request', 'none'], /cannot read none \(ENOENT/],
    [['corpus', 'stats', '--corpus', 'none'], /no corpus none: name one with --corpus$/],
    [['corpus', 'cmin', 'nosuch'], /no fuzz target "nosuch"; there are: /],
    [['corpus', 'cmin', '--from', 'empty'], /Folders of inputs belong to one target: name it before --from$/],
    [['corpus', 'cmin', 'huffman', '--to', 'corpus'], /Give --to another folder than corpus: no tool deletes/],
    [['corpus', 'merge', 'none'], /no folder none: name a corpus, or a folder of inputs$/],
    [['corpus', 'import', 'huffman', 'empty'], /empty\/etc is a link: copy what it leads to, links are not followed$/],
    [['corpus', 'import', 'huffman', 'out'], /No inputs in out: name a folder that holds some$/],
    [['corpus', 'close', 'nosuch'], /"nosuch" is neither a path nor/],
    [['corpus', 'add', 'file'], /file is no crash bundle: a seed is added with: aeronet corpus add <target> file$/],
    [
      ['corpus', 'coverage', 'dates', '--out', 'file'],
      /cannot write into file \(.*\): name another folder with --out$/,
    ],
    [['corpus', 'coverage', '--corpus', 'file'], /no corpus file: name one with --corpus$/],
    [['fuzz', 'http1-request', '--corpus', 'file'], /no corpus file: name one with --corpus$/],
    [['fuzz', 'http1-request', '--dist', 'file'], /no built tree file: name a folder such as dist/],
    [
      ['fuzz', 'http1-request', '--export', 'file'],
      /file is no empty folder: name a new folder, so that nothing in it is lost$/,
    ],
    [
      ['fuzz', 'http1-request', '--engine', 'jsfuzz'],
      /^aeronet: engine jsfuzz is not installed: run npm run setup:engines -- jsfuzz, or /,
    ],
    [['fuzz', 'htp1-reqest'], /^aeronet: no fuzz target "htp1-reqest"; did you mean http1-request\?$/],
    [['fuzz', 'a\nb\u001b[2J'], /^aeronet: no fuzz target "a\\x0ab\\x1b\[2J"; there are: /],
    [['replay', '--target', 'http1-conection', 'file'], /; did you mean http1-connection\?$/],
    [
      ['replay', 'moved/dates/crash/v1-1ed8f200b14e6222'],
      /holds v1:1ed8f200b14e6222 of http1-request, not dates\/crash\/v1-1ed8/,
    ],
    [['replay', 'moved'], /holds v1:1ed8f200b14e6222 of http1-request, not dates\/crash\/v1-1ed8/],
    [
      ['replay', 'moved/http1-request/crash/v1-0123456789abcdef'],
      /of http1-request, not http1-request\/crash\/v1-0123456789abcdef: restore/,
    ],
    [['replay', 'moved/v1-ffffffffffffffff'], /cannot read moved\/v1-ffffffffffffffff\/meta.json \(ENOENT/],
    // Nobody writes to that pipe: who opened it would wait for ever.
    ...(hasPipe ? [[['replay', 'piped'], /0123456789abcdef\.bin is no regular file/] as const] : []),
  ];
  const home = process.cwd();
  t.teardown(() => process.chdir(home));
  process.chdir(folder);
  const none = await runInProcess(COMMANDS, ['replay', 'out']);
  t.same([none.exit, none.out], [5, ''], 'nothing to run proves nothing');
  t.match(none.err, /^aeronet: out holds no saved entry: name a corpus, .*\n$/);
  for (const [args, message] of rows) {
    const { exit, out, err } = await runInProcess(COMMANDS, args);
    t.same([exit, out], [2, ''], `${args.join(' ')} ends with 2`);
    t.equal(err.trim().split('\n').length, 1, 'and says one line');
    t.match(err.trim(), message);
  }
});

t.test('as a process: 2 for a mistake, 0 where all entries pass', async (t) => {
  const folder = t.testdir({});
  symlinkSync(CORPUS, join(folder, 'corpus'));
  const [typo, whole] = await Promise.all([
    aeronet(folder, 'fuzz', 'nosuch'),
    aeronet(folder, 'replay', 'corpus/target-host', '-q'),
  ]);
  t.match(typo, { code: 2, stdout: '', stderr: /^aeronet: no fuzz target "nosuch"; there are: .*\n$/ });
  t.match(whole, { code: 0, stdout: /^replay: \d+ passed, 0 failed\n$/ });
});

t.test('who names one entry is shown its octets and the events of its subject, as text and as NDJSON', async (t) => {
  const folder = t.testdir({ 'an input': 'GET / HTTP/1.1\r\nHost: a\r\n\r\n\u001b[2J' });
  symlinkSync(CORPUS, join(folder, 'corpus'));
  const home = process.cwd();
  t.teardown(() => process.chdir(home));
  process.chdir(folder);
  const rows: (readonly [args: readonly string[], out: RegExp])[] = [
    [
      ['v1:1ed8'],
      /^passes {2}.*\n {2}v1:1ed8f200b14e6222, fixed, first seen .*\n {2}0000 {2}61 20 2f[\s\S]*\n {2}events, read whole:\n {7}0 {2}request {2}a \/ HTTP\/1\.1, content chunked [\s\S]*\n {5}115 {2}error {4}H1_CHUNK_EXT_SPACE /,
    ],
    [['--target', 'http1-request', 'an input'], /\n {6}27 {2}error {4}H1_METHOD_OCTET .*"\\x1b"/],
    [['--target', 'dates', 'an input'], /\n {2}0010 .*\nreplay: 1 passed/],
  ];
  for (const [args, out] of rows) {
    const ended = await runInProcess(COMMANDS, ['replay', ...args]);
    t.equal(ended.exit, 0, args.join(' '));
    t.match(ended.out, out);
    t.notMatch(ended.out, /\u001b/, 'no octet drives a terminal');
  }
  const { out } = await runInProcess(COMMANDS, ['replay', '--json', 'v1:1ed8']);
  const event: unknown = JSON.parse(out.split('\n')[1] ?? '');
  t.ok(FindingEvent.safeParse(event).success);
  t.match(event, { status: 'fixed', events: [{ read: 'whole', offset: 0, kind: 'request' }, { offset: 115 }] });
});

/** A campaign that ends by that signal as soon as two workers have their streams, and inputs are kept. */
async function brokenOff(t: Test, cwd: string, signal: 'SIGKILL' | 'SIGINT') {
  const args = [AERONET, 'fuzz', 'http1-request', '--budget', '10m', '--workers', '2'];
  const child = spawn(process.execPath, args, {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, CI: '' },
  });
  t.teardown(() => child.kill('SIGKILL'));
  let stdout = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.resume();
  const streams = join(cwd, '.aeronet/fuzz/http1-request/streams');
  const corpus = join(streams, '../corpus');
  const isLeased = (): boolean => {
    const files = existsSync(streams)
      ? readdirSync(streams).map((name) => readFileSync(join(streams, name), 'utf8'))
      : [];
    return files.filter((text) => text.includes(`"pid":${child.pid},`)).length === 2;
  };
  while (child.exitCode === null && !(isLeased() && existsSync(corpus))) await setTimeout(20);
  child.kill(signal);
  await once(child, 'close');
  return { child, stdout };
}

t.test(
  'a campaign that is broken off goes on when it is started again, and what it had done can be read',
  async (t) => {
    const folder = t.testdir({});
    const room = (name: string): string[] => readdirSync(join(folder, '.aeronet/fuzz/http1-request', name)).sort();
    await brokenOff(t, folder, 'SIGKILL');
    const [before, streams] = [room('corpus'), room('streams')];
    const { child, stdout } = await brokenOff(t, folder, 'SIGINT');
    t.same(
      before.filter((name) => !room('corpus').includes(name)),
      [],
      'no input is lost',
    );
    t.match(
      [streams, room('streams')],
      [
        ['0.1.json', '1.1.json'],
        ['0.2.json', '1.2.json'],
      ],
      'nobody waits for the dead',
    );
    t.equal(child.exitCode, 130);
    t.match(stdout, /^http1-request: \d+ executions in .*\n$/);
    const log = join(folder, '.aeronet/fuzz.ndjson');
    t.ok(existsSync(log));
    const last: unknown = JSON.parse(readFileSync(log, 'utf8').trim().split('\n').at(-1) ?? '');
    t.match(last, { kind: 'run-end', complete: false, note: 'interrupted' });
    const gate = await aeronet(folder, 'gate', log);
    t.equal(gate.code, 5, 'and the gate does not take it for a proof');
    t.match(
      gate.stdout,
      /incomplete run\n {4}why {4}The fuzz run did not finish: interrupted\n {4}repro {2}npx aeronet fuzz /,
    );
  },
);
