/**
 * Files over HTTP/2, on a transport that is only thought of: each octet arrives as it is in the file though buffers are used again and
 * again, however the peer reads, opens its windows and resets; and a reader that stalls holds next to nothing.
 */
import { closeSync, fstatSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as immediate } from 'node:timers/promises';
import fc from 'fast-check';
import t, { type Test } from 'tap';
import { frame, T, uint } from '../http2/wire.test.data.ts';
import { outputLimits } from '../limits/output-limits.ts';
import { monotonicMs } from './clock.ts';
import { LARGE_BYTES, largeBuffers, SMALL_BYTES } from './file-buffers.ts';
import type { FileSource } from './file-check.ts';
import { OutputRoom } from './output-room.ts';
import { contents, openDriver, type Run, requestsOf } from './slow-socket.test.data.ts';

const SEED = Number(process.env['AERONET_SEED'] ?? 20_261_127);
t.comment(`seed ${SEED} (AERONET_SEED)`);

const FILE_BYTES = 600_000;
/** A file whose octets say where they stand. */
function fileOf(t: Test, isWarm: boolean): { source: FileSource; octets: Buffer } {
  const octets = Buffer.from(Uint8Array.from({ length: FILE_BYTES }, (_, i) => (i * 31 + (i >> 8) * 17) & 0xff));
  const path = join(t.testdir(), 'file');
  writeFileSync(path, octets);
  const fd = openSync(path, 'r');
  t.teardown(() => closeSync(fd));
  const { size, mtimeNs } = fstatSync(fd, { bigint: true });
  return { source: { fd, announced: { size, mtimeNs }, isWarm }, octets };
}

t.test('octets arrive as they are in the file, and every buffer comes back', async (t) => {
  const cold = fileOf(t, false);
  const warm = fileOf(t, true);
  const seen = { whole: 0, reset: 0 };
  const shapes = fc.record({
    isWarm: fc.boolean(),
    responses: fc.array(
      fc.array(fc.oneof(fc.integer({ min: 1, max: 9_000 }), fc.integer({ min: 1, max: 290_000 })), {
        minLength: 1,
        maxLength: 2,
      }),
      {
        minLength: 1,
        maxLength: 12,
      },
    ),
    windowBytes: fc.constantFrom(1_000, 65_535, 1_073_741_824),
    reads: fc.array(fc.oneof(fc.nat(300), fc.nat(16_384), fc.nat(400_000)), { maxLength: 20 }),
    resets: fc.array(fc.nat(11), { maxLength: 3 }),
  });
  const property = fc.asyncProperty(shapes, async ({ isWarm, resets, ...shape }) => {
    const file = isWarm ? warm : cold;
    const run: Run = { ...shape, version: 'h2', file: file.source };
    const { socket, receive, handlers } = openDriver(run, new OutputRoom(outputLimits({})));
    receive(requestsOf(run));
    for (const bytes of run.reads) {
      socket.peerTakes(bytes);
      await immediate();
    }
    const isReset = (index: number): boolean => resets.includes(index);
    for (const index of resets.filter((index) => index < run.responses.length))
      receive(frame(T.RST_STREAM, 0, index * 2 + 1, uint(8, 4)));
    run.responses.forEach((_, index) => {
      if (!isReset(index)) receive(frame(T.WINDOW_UPDATE, 0, index * 2 + 1, uint(1_000_000, 4)));
    });
    for (let step = 0; handlers() > 0 || largeBuffers.lentBytes > 0 || socket.peerTakes(1) > 0; step++) {
      if (step > 100_000)
        throw new Error(`${handlers()} handlers do not end, ${largeBuffers.lentBytes} octets of buffers are lent`);
      socket.peerTakes(1_000_000);
      await immediate();
    }
    contents(socket.taken, run.responses.length).forEach((content, index) => {
      const bytes = (run.responses[index] ?? []).reduce((sum, piece) => sum + piece, 0);
      if (!content.equals(file.octets.subarray(0, content.length)))
        throw new Error(`response ${index} is not the file`);
      if (content.length === bytes) seen.whole += 1;
      else if (isReset(index)) seen.reset += 1;
      else throw new Error(`${content.length} of ${bytes} octets of response ${index} came`);
    });
    socket.destroy();
    await immediate();
    if (largeBuffers.lentBytes > 0) throw new Error(`${largeBuffers.lentBytes} octets of buffers were not given back`);
  });
  await t.resolves(async () => fc.assert(property, { seed: SEED, numRuns: 40, endOnFailure: true }));
  t.comment(JSON.stringify(seen));
  for (const [what, count] of Object.entries(seen)) t.ok(count > 5, `${what}: ${count}`);
});

t.test('readers that stall hold large buffers together, and small ones each', async (t) => {
  const { source } = fileOf(t, false);
  const rows: [what: string, windowBytes: number, cut: 'stream' | 'connection'][] = [
    ['windows that are shut', 0, 'stream'],
    ['windows of 64 KiB', 65_535, 'connection'],
    ['windows without end', 1_073_741_824, 'connection'],
  ];
  for (const [what, windowBytes, cut] of rows) {
    const room = new OutputRoom(outputLimits({}));
    const run: Run = { version: 'h2', responses: [[FILE_BYTES]], reads: [], windowBytes, file: source };
    const readers = Array.from({ length: 60 }, () => openDriver(run, room));
    const startMs = monotonicMs();
    for (const { receive, driver } of readers) {
      driver.tick(startMs);
      receive(requestsOf(run));
    }
    await immediate();
    for (const { socket } of readers) socket.peerTakes(200);
    const isEmpty = ({ heldBytes }: (typeof readers)[number]): boolean => heldBytes() < SMALL_BYTES - 200;
    for (let step = 0; step < 1_000_000 && readers.some(isEmpty); step++) await immediate();
    const most = 8 * LARGE_BYTES + readers.length * (SMALL_BYTES + 100);
    t.ok(room.heldBytes <= most, `${what}: ${room.heldBytes} octets of ${readers.length} readers wait, ${most} may`);
    t.notOk(readers.some(isEmpty), `${what}: something of each waits, so that its deadline sees it`);
    for (const { driver } of readers) for (const afterMs of [1_000, 11_001, 31_002]) driver.tick(startMs + afterMs);
    for (let step = 0; step < 100_000 && readers.some(({ handlers }) => handlers() > 0); step++) await immediate();
    t.notOk(
      readers.some(({ handlers }) => handlers() > 0),
      `${what}: no handler waits for them any longer`,
    );
    const closed = readers.filter(({ socket }) => socket.destroyed).length;
    t.equal(closed, cut === 'connection' ? readers.length : 0, `${what}: the ${cut} is cut`);
    for (const { socket } of readers) socket.destroy();
    await immediate();
    t.equal(room.heldBytes, 0, `${what}: nothing is held for those that are gone`);
    t.equal(largeBuffers.lentBytes, 0, `${what}: every buffer came back`);
  }
});
