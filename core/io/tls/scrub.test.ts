/**
 * What a server still has of its secrets, seen from outside: another process looks through all of its writable memory. Each
 * search is first shown to find what is there, for one that finds nothing proves nothing.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync, readSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { makeCertificate } from '../../server/certificates.test.data.ts';
import { within } from '../../server/wire.test.data.ts';

const WEEK_MS = 604_800_000;
const CHUNK = 8_388_608;
const SERVER = new URL('../../../dist/core/index.js', import.meta.url);

/** Goes one step on for each line; what it reads, it reads from files, so that nothing else of it has seen the secrets. */
const PROGRAM = `
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { createServer } from ${JSON.stringify(SERVER.href)};
const [, folder] = process.argv;
const key = readFileSync(folder + '/key');
const secret = readFileSync(folder + '/secret');
let server = createServer((request, response) => response.send('ok'));
const collect = async () => {
  for (let i = 0; i < 5; i++) { globalThis.gc(); await new Promise((resolve) => setTimeout(resolve, 20)); }
};
const steps = [
  async () => {
    const tickets = { secret, rotationMs: ${WEEK_MS} };
    await server.listenTls({ cert: readFileSync(folder + '/cert'), key, tickets });
    key.fill(0);
    secret.fill(0);
    await collect();
  },
  async () => {
    await server.close();
    server = undefined;
    await collect();
  },
];
process.stdout.write('loaded\\n');
for await (const line of createInterface({ input: process.stdin })) {
  await steps.shift()?.();
  process.stdout.write(line + '\\n');
}`;

const isLinux = process.platform === 'linux';
if (!isLinux) t.comment('SKIPPED: what a server has in its memory can be looked at on Linux only');

t.test(
  'nothing is kept of a private key but what OpenSSL has, and of ticket keys nothing behind the end',
  {
    skip: isLinux ? false : 'only Linux shows the memory of a process',
  },
  async (t) => {
    const { cert, key, privateKey } = makeCertificate({ name: 'a.test' });
    const secret = randomBytes(32);
    const folder = t.testdir();
    for (const [name, content] of Object.entries({ cert, key, secret })) writeFileSync(join(folder, name), content);
    const scalar = Buffer.from(privateKey.export({ format: 'jwk' }).d ?? '', 'base64url');
    const info = `aeronet ticket 1 ${Math.floor(Date.now() / WEEK_MS)} the policy without names`;
    const needles = {
      pem: Buffer.from(key.split('\n')[1]?.slice(8, 56) ?? ''),
      scalar: Buffer.from(scalar).reverse(),
      secret,
      root: createHmac('sha256', Buffer.alloc(32)).update(secret).digest(),
      ticketKey: Buffer.from(hkdfSync('sha256', secret, '', info, 48)).subarray(16, 32),
    };
    const child = spawn(process.execPath, ['--expose-gc', '--input-type=module', '-e', PROGRAM, folder], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    t.teardown(() => child.kill('SIGKILL'));
    await step(child);
    const loaded = search(t, child.pid, needles);
    if (loaded === undefined) return;
    t.ok(loaded.pem > 0 && loaded.secret > 0, `what was read from files is found: ${JSON.stringify(loaded)}`);
    await step(child, 'listen');
    const listening = search(t, child.pid, needles);
    t.ok(
      listening && listening.scalar > 0 && listening.ticketKey > 0,
      `OpenSSL has what it needs: ${JSON.stringify(listening)}`,
    );
    t.equal(listening?.pem, 0, 'the text of the key is gone');
    t.equal(listening?.secret, 0, 'so is the secret of the tickets');
    t.ok(listening && listening.root > 0, 'what the keys to come are made of is there');
    await step(child, 'close');
    const closed = search(t, child.pid, needles);
    t.match(closed, { pem: 0, secret: 0, root: 0, ticketKey: 0 }, 'nothing is left');
    t.comment(`the private key in freed memory of OpenSSL: ${closed?.scalar}`);
  },
);

async function step(child: ChildProcess, line?: string): Promise<void> {
  if (line !== undefined) child.stdin?.write(`${line}\n`);
  if (child.stdout !== null) await within(line ?? 'the start', once(child.stdout, 'data'));
}

/** How often each needle is in the writable memory of a process; undefined, and said so, where it may not be looked at. */
function search<Name extends string>(
  t: Test,
  pid: number | undefined,
  needles: Readonly<Record<Name, Buffer>>,
): Record<Name, number> | undefined {
  const counts: Record<string, number> = Object.fromEntries(Object.keys(needles).map((name) => [name, 0]));
  let memory: number;
  try {
    memory = openSync(`/proc/${pid}/mem`, 'r');
  } catch (error) {
    t.comment(`SKIPPED: the memory of another process may not be read here: ${String(error)}`);
    return undefined;
  }
  for (const [from, to] of writableRanges(pid)) {
    for (const [name, needle] of Object.entries<Buffer>(needles)) {
      counts[name] = (counts[name] ?? 0) + countIn(memory, from, to, needle);
    }
  }
  closeSync(memory);
  return counts as Record<Name, number>;
}

function writableRanges(pid: number | undefined): (readonly [from: number, to: number])[] {
  const lines = readFileSync(`/proc/${pid}/maps`, 'latin1').split('\n');
  return lines.flatMap((line) => {
    const [, from = '', to = ''] = /^([0-9a-f]+)-([0-9a-f]+) rw/.exec(line) ?? [];
    return from === '' || line.endsWith('[vvar]')
      ? []
      : [[Number.parseInt(from, 16), Number.parseInt(to, 16)] as const];
  });
}

const chunk = Buffer.allocUnsafeSlow(CHUNK);

function countIn(memory: number, from: number, to: number, needle: Buffer): number {
  let count = 0;
  for (let at = from; at < to; at += CHUNK - needle.length + 1) {
    const length = readAt(memory, Math.min(CHUNK, to - at), at);
    const piece = chunk.subarray(0, length);
    for (let found = piece.indexOf(needle); found !== -1; found = piece.indexOf(needle, found + 1)) count += 1;
    if (length < Math.min(CHUNK, to - at)) break;
  }
  return count;
}

/** Ranges that cannot be read have nothing in them, or belong to a device. */
function readAt(memory: number, length: number, at: number): number {
  try {
    return readSync(memory, chunk, 0, length, at);
  } catch {
    return 0;
  }
}
