/** Clients that take a file badly: that leave in the middle of it, or stop to read. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { createServer } from '../server.ts';
import { eventually, openWire, type Wire, within } from '../wire.test.data.ts';
import { descriptors, HAS_SENDFILE, LARGE, NO_SENDFILE, octets } from './files.test.data.ts';
import { staticFiles } from './static-files.ts';

for (const [transport, leavers] of [
  ['sendfile', 10_000],
  ['copied', 2_000],
] as const) {
  const skip = transport === 'sendfile' && !HAS_SENDFILE ? NO_SENDFILE : false;
  t.test(`${transport}: ${leavers} clients that leave in the middle leave nothing behind`, { skip }, async (t) => {
    const root = t.testdir();
    writeFileSync(join(root, 'a'), octets(LARGE));
    const files = staticFiles(root);
    const server = createServer(files, { sendfile: transport === 'sendfile' });
    t.teardown(() => server.close());
    const { port } = await server.listen();
    const leave = async (): Promise<void> => {
      const wire = await openWire(port);
      wire.send('GET /a HTTP/1.1\r\nHost: a\r\n\r\n');
      await wire.until(/\r\n\r\n/);
      wire.cut();
    };
    const many = async (count: number): Promise<void> => {
      for (let done = 0; done < count; done += 50) await Promise.all(Array.from({ length: 50 }, leave));
      await eventually('all connections gone', () => server.connections === 0);
    };
    await many(leavers / 10);
    const before = process.memoryUsage();
    await many(leavers - leavers / 10);
    const after = process.memoryUsage();
    t.ok(descriptors(root) <= 1, 'the file is kept open at most once');
    // A buffer of 16 KiB that each of them left behind would be 28 MiB at the least
    const grown = after.arrayBuffers + after.external - before.arrayBuffers - before.external;
    t.ok(grown < 16 * 1_048_576, `buffers grew by ${grown} octets`);
    files.close();
    await eventually('all descriptors closed', () => descriptors(root) === 0);
  });
}

t.test('300 readers that stall hold no memory, and others are served beside them', async (t) => {
  const root = t.testdir();
  const READERS = 300;
  writeFileSync(join(root, 'large'), Buffer.alloc(100 * 1_048_576, 7));
  writeFileSync(join(root, 'small'), 'small');
  for (const transport of ['sendfile', 'copied'] as const) {
    if (transport === 'sendfile' && !HAS_SENDFILE) {
      t.comment(NO_SENDFILE);
      continue;
    }
    const server = await startServer(t, root, transport === 'sendfile');
    const wires: Wire[] = [];
    for (let index = 0; index < READERS; index++) wires.push(await openWire(server.port));
    const before = await server.rssBytes();
    for (const wire of wires) {
      wire.send('GET /large HTTP/1.1\r\nHost: a\r\n\r\n');
      await wire.until(/\r\n\r\n/);
      // Nothing is read from now on, so that the kernel's buffers fill
      wire.socket.pause();
    }
    const askedMs = performance.now();
    const other = await openWire(server.port);
    other.send('GET /small HTTP/1.1\r\nHost: a\r\n\r\n');
    await other.until(/small/);
    t.comment(`${transport}: a small file beside them took ${(performance.now() - askedMs).toFixed(1)} ms`);
    const grown = ((await server.rssBytes()) - before) / READERS;
    t.ok(grown < 32_768, `${transport}: ${Math.round(grown)} octets for each reader above an idle connection`);
    for (const wire of wires) wire.cut();
    other.cut();
    server.stop();
  }
});

/** A server in a process of its own, so that its memory can be told from its clients'. */
async function startServer(t: Test, root: string, sendfile: boolean) {
  const program = `import { createServer, staticFiles } from 'aeronet';
const server = createServer(staticFiles(${JSON.stringify(root)}), { sendfile: ${sendfile} });
const { port } = await server.listen();
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
