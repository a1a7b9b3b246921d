/**
 * Backpressure on a transport that is only thought of: whatever handlers write and however slowly the peer reads, what waits stays
 * within its limit, producers pause, nothing is lost, streams that share have their share, and a reader that stalls is cut.
 */
import fc from 'fast-check';
import t from 'tap';
import { monotonicMs } from './clock.ts';
import { arrived, HIGH_BYTES, openDriver, type Run, requestsOf, turn } from './slow-socket.test.data.ts';

const SEED = 20_261_125;
const MAX_PIECE = 100_000;
/** Octets that the driver hands to a socket at a time, with the head of a frame that they end in. */
const WRITE_BYTES = 65_536 + 16_384 + 9;
const FRAME_BYTES = 16_384;

const runs = (version: Run['version']): fc.Arbitrary<Run> =>
  fc.record({
    version: fc.constant(version),
    responses: fc.array(fc.array(fc.integer({ min: 1, max: MAX_PIECE }), { maxLength: 8 }), {
      minLength: 1,
      maxLength: 4,
    }),
    reads: fc.array(fc.oneof(fc.nat(300), fc.nat(FRAME_BYTES), fc.nat(1_000_000)), { minLength: 1, maxLength: 60 }),
  });

for (const version of ['http/1.1', 'h2'] as const) {
  t.test(`${version}: what waits is bounded, and all of it arrives`, async (t) => {
    let paused = 0;
    const property = fc.asyncProperty(runs(version), async (run) => {
      const { socket, receive, produced, waiting } = openDriver(run);
      receive(requestsOf(run));
      // Over HTTP/1.1 a response stands behind those before it
      const most = (HIGH_BYTES + MAX_PIECE) * (version === 'h2' ? 1 : run.responses.length);
      const all = run.responses.map((pieces) => pieces.reduce((sum, piece) => sum + piece, 0));
      const step = async (bytes: number): Promise<number> => {
        const taken = socket.peerTakes(bytes);
        await turn();
        if (socket.writableLength > WRITE_BYTES) throw new Error(`${socket.writableLength} octets wait in the socket`);
        for (const bytes of waiting()) {
          if (bytes >= most) throw new Error(`${bytes} octets of one response wait`);
        }
        return taken;
      };
      await step(0);
      if ([...produced.values()].reduce((sum, bytes) => sum + bytes, 0) < all.reduce((a, b) => a + b, 0)) paused += 1;
      for (const bytes of run.reads) await step(bytes);
      while ((await step(1_000_000)) > 0) {
        // all that still comes
      }
      socket.destroy();
      return arrived(run, socket.taken).join() === all.join();
    });
    await t.resolves(async () => fc.assert(property, { seed: SEED, numRuns: 40 }));
    t.ok(paused > 5, `producers had to wait in ${paused} of 40 runs`);
  });
}

t.test('h2: streams that share the connection get the same of it, to a frame', async (t) => {
  const pieces = Array.from({ length: 30 }, () => MAX_PIECE);
  const run: Run = { version: 'h2', responses: [pieces, pieces, pieces, pieces], reads: [] };
  const { socket, receive } = openDriver(run);
  receive(requestsOf(run));
  const total = pieces.length * MAX_PIECE;
  for (let step = 0; step < 60; step++) {
    await turn();
    socket.peerTakes(50_000 + step * 1_000);
    const counts = arrived(run, socket.taken);
    if (Math.max(...counts) === total) break;
    t.ok(Math.max(...counts) - Math.min(...counts) <= 2 * FRAME_BYTES, `step ${step}: ${counts.join(' ')}`);
  }
  socket.destroy();
});

for (const version of ['http/1.1', 'h2'] as const) {
  t.test(`${version}: a reader that takes nothing is cut when its time is over, and not before`, async (t) => {
    const run: Run = { version, responses: [[MAX_PIECE, MAX_PIECE, MAX_PIECE, MAX_PIECE, MAX_PIECE]], reads: [] };
    const { socket, receive, driver, produced } = openDriver(run);
    receive(requestsOf(run));
    await turn();
    const before = [...produced.values()].join();
    const startMs = monotonicMs();
    driver.tick(startMs);
    driver.tick(startMs + 9_000);
    t.equal(socket.destroyed, false, 'after 9 s of 10');
    t.equal([...produced.values()].join(), before, 'its producer waits');
    driver.tick(startMs + 10_001);
    driver.tick(startMs + 20_003);
    await turn();
    t.equal(socket.destroyed, true, 'after its time');
  });
}
