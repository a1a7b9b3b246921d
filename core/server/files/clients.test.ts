/** Clients that take a file badly: that leave in the middle of it, or stop to read. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { connect as connectTls } from 'node:tls';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import t, { type Test } from 'tap';
import { END_HEADERS, END_STREAM, frame, literal, PREFACE, T, uint } from '../../http2/wire.test.data.ts';
import { largeBuffers } from '../../io/file-buffers.ts';
import { createServer } from '../server.ts';
import { eventually, openWire, Wire, within } from '../wire.test.data.ts';
import { descriptors, HAS_SENDFILE, LARGE, NO_SENDFILE, octets } from './files.test.data.ts';
import { staticFiles } from './static-files.ts';

setFlagsFromString('--expose-gc');
const collect: () => void = runInNewContext('gc');

const FIXTURES = new URL('../fixtures/', import.meta.url);
const pem = (name: string): Buffer => readFileSync(new URL(`localhost.${name}.pem`, FIXTURES));

/** Ways to leave in the middle of a file, and how many transfers each time breaks off. */
const LEAVERS = [
  { transport: 'sendfile', times: 10_000, transfers: 1 },
  { transport: 'copied', times: 4_000, transfers: 1 },
  { transport: 'tls', times: 1_000, transfers: 1 },
  { transport: 'h2c', times: 1_000, transfers: 4 },
] as const;

/** At a server's memory, until it is what it has to be. */
const LOOKS = 80;

type Transport = (typeof LEAVERS)[number]['transport'];

for (const { transport, times, transfers } of LEAVERS) {
  const skip = transport === 'sendfile' && !HAS_SENDFILE ? NO_SENDFILE : false;
  t.test(
    `${transport}: ${times * transfers} transfers that break off in the middle leave nothing behind`,
    { skip },
    async (t) => {
      const root = t.testdir();
      writeFileSync(join(root, 'a'), octets(LARGE));
      const files = staticFiles(root);
      const server = createServer(files, { sendfile: transport === 'sendfile' });
      t.teardown(() => server.close());
      const { port } = await (transport === 'tls'
        ? server.listenTls({ cert: pem('cert'), key: pem('key') })
        : server.listen());
      const many = async (count: number): Promise<void> => {
        for (let done = 0; done < count; done += 50) {
          await Promise.all(Array.from({ length: 50 }, () => leave(transport, port, transfers)));
        }
        await eventually('all connections gone', () => server.connections === 0);
        await eventually('all buffers given back', () => largeBuffers.lentBytes === 0);
      };
      await many(times / 10);
      const before = { memoryBytes: memoryBytes(), descriptors: allDescriptors() };
      await many(times - times / 10);
      const after = { memoryBytes: memoryBytes(), descriptors: allDescriptors() };
      t.ok(descriptors(root) <= 1, 'the file is kept open at most once');
      t.ok(
        after.descriptors <= before.descriptors + 5,
        `${before.descriptors} descriptors before, ${after.descriptors} after`,
      );
      // A small buffer that each of them left behind would be 4.5 MiB at the least; those of all together are 1.5 MiB
      const grown = after.memoryBytes - before.memoryBytes;
      t.ok(grown < 3_000_000, `memory grew by ${grown} octets`);
      files.close();
      await eventually('all descriptors closed', () => descriptors(root) === 0);
    },
  );
}

/** Asks for the file so many times at once and leaves when the first octets of it have come; over HTTP/2 most of them are reset before. */
async function leave(transport: Transport, port: number, transfers: number): Promise<void> {
  const wire = transport === 'h2c' ? await openWire(port) : await openReader(transport, port);
  if (transport === 'h2c') wire.send(PREFACE + frame(T.SETTINGS, 0, 0));
  const ids = Array.from({ length: transfers }, (_, index) => 2 * index + 1);
  for (const id of ids) request(transport, wire, '/a', id);
  // The first octets of the file
  await wire.until(/\x00\x1f\x3e\x5d/);
  for (const id of ids.slice(1)) wire.send(frame(T.RST_STREAM, 0, id, uint(8, 4)));
  const closed = once(wire.socket, 'close');
  if (transport === 'tls') wire.socket.destroy();
  else wire.cut();
  await closed;
}

async function openTls(port: number): Promise<Wire> {
  const socket = connectTls({ host: '127.0.0.1', port, rejectUnauthorized: false });
  await within('a handshake', once(socket, 'secureConnect'));
  return new Wire(socket);
}

/** What is in use, in buffers and objects: garbage is collected first. */
function memoryBytes(): number {
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** Descriptors of this process, sockets among them. */
function allDescriptors(): number {
  return process.platform === 'linux' ? readdirSync('/proc/self/fd').length : 0;
}

t.test('300 readers that stall hold no memory, and others are served beside them', async (t) => {
  const root = t.testdir();
  const READERS = 300;
  writeFileSync(join(root, 'large'), Buffer.alloc(100 * 1_048_576, 7));
  writeFileSync(join(root, 'small'), 'small');
  for (const { transport } of LEAVERS) {
    if (transport === 'sendfile' && !HAS_SENDFILE) {
      t.comment(NO_SENDFILE);
      continue;
    }
    const server = await startServer(t, root, transport);
    const wires: Wire[] = [];
    for (let index = 0; index < READERS; index++) wires.push(await openReader(transport, server.port));
    const before = await server.rssBytes();
    for (const wire of wires) {
      request(transport, wire, '/large', 1);
      await wire.until(/\x07/);
      // Nothing is read from now on, so that the kernel's buffers fill
      wire.socket.pause();
    }
    const askedMs = performance.now();
    const other = await openReader(transport, server.port);
    request(transport, other, '/small', 1);
    await other.until(/small/);
    t.comment(`${transport}: a small file beside them took ${(performance.now() - askedMs).toFixed(1)} ms`);
    // Filling the kernel's buffers leaves garbage that is nobody's; what counts is what is left of it
    let grown = Number.POSITIVE_INFINITY;
    for (let look = 0; look < LOOKS && grown >= 32_768; look++) {
      await wait(250);
      grown = ((await server.rssBytes()) - before) / READERS;
    }
    t.equal(wires.filter(({ ending }) => ending !== undefined).length, 0, `${transport}: none was cut meanwhile`);
    t.ok(grown < 32_768, `${transport}: ${Math.round(grown)} octets for each reader above an idle connection`);
    for (const wire of wires) wire.socket.destroy();
    other.socket.destroy();
    server.stop();
  }
});

/** A connection on which nothing is asked yet. */
async function openReader(transport: Transport, port: number): Promise<Wire> {
  if (transport === 'tls') return openTls(port);
  const wire = await openWire(port);
  if (transport !== 'h2c') return wire;
  // Windows as wide as they can be: it is the transport that holds the server back
  wire.send(PREFACE + frame(T.SETTINGS, 0, 0, uint(4, 2) + uint(0x7fff_ffff, 4)) + frame(T.SETTINGS, 1, 0));
  wire.send(frame(T.WINDOW_UPDATE, 0, 0, uint(0x7fff_ffff - 65_535, 4)));
  await wire.until(/^/);
  return wire;
}

function request(transport: Transport, wire: Wire, path: string, streamId: number): void {
  if (transport !== 'h2c') wire.send(`GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`);
  else {
    const block = `\x82\x86${literal([':path', path])}${literal([':authority', 'a'])}`;
    wire.send(frame(T.HEADERS, END_STREAM | END_HEADERS, streamId, block));
  }
}

/** A server in a process of its own, so that its memory can be told from its clients'. */
async function startServer(t: Test, root: string, transport: Transport) {
  const program = `import { readFileSync } from 'node:fs';
import { createServer, staticFiles } from 'aeronet';
const limits = { writeMs: 60_000 };
const server = createServer(staticFiles(${JSON.stringify(root)}), { sendfile: ${transport === 'sendfile'}, limits, http2Limits: limits });
const pem = (name) => readFileSync(new URL('localhost.' + name + '.pem', ${JSON.stringify(FIXTURES.href)}));
const { port } = await ${transport === 'tls' ? "server.listenTls({ cert: pem('cert'), key: pem('key') })" : 'server.listen()'};
process.on('message', () => { gc(); process.send(process.memoryUsage.rss()); });
process.send(port);`;
  // WHY: the room for short-lived objects grows with the work done, and is no reader's
  const args = ['--expose-gc', '--max-semi-space-size=1', '--input-type=module', '--eval', program];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const stop = (): boolean => child.kill();
  t.teardown(stop);
  const said = (): Promise<number> =>
    within(
      'a word of the server',
      once(child, 'message').then(([word]) => Number(word)),
    );
  const port = await said();
  const rssBytes = (): Promise<number> => {
    child.send('rss');
    return said();
  };
  return { port, rssBytes, stop };
}
