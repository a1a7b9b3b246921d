/**
 * The limits of a connection and of a server, on a transport that is only thought of: what waits never exceeds them by more than
 * a piece of each response, whoever waits where it should and whoever does not, and nobody waits for ever behind those that stall.
 */
import fc from 'fast-check';
import t from 'tap';
import { frame, T, uint } from '../http2/wire.test.data.ts';
import { OutputRoom } from './output-room.ts';
import { arrived, openDriver, type Run, requestsOf, turn } from './slow-socket.test.data.ts';

const SEED = Number(process.env['AERONET_SEED'] ?? 20_261_126);
t.comment(`seed ${SEED} (AERONET_SEED)`);

const LIMITS = { connectionBytes: 300_000, serverBytes: 400_000 };
const MAX_PIECE = 8_000;
/** What a response may have beyond the limits: the octets with which it is next in line, and the piece in its handler's hands. */
const SLACK = 16_384 + MAX_PIECE;

/** A connection: what its handlers write, whether they wait, and how its peer reads. */
const connections: fc.Arbitrary<Run> = fc.record({
  version: fc.constantFrom('http/1.1', 'h2'),
  responses: fc.array(fc.array(fc.integer({ min: 1, max: MAX_PIECE }), { minLength: 1, maxLength: 100, size: 'max' }), {
    minLength: 1,
    maxLength: 4,
    size: 'max',
  }),
  awaits: fc.oneof({ weight: 3, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
  reads: fc.array(fc.oneof(fc.nat(300), fc.nat(16_384), fc.nat(1_000_000)), { maxLength: 20 }),
});

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);
const totals = (run: Run): number[] => run.responses.map(sum);

t.test('what waits stays within the limits of connection and server, and who waits gets through', async (t) => {
  const seen = { connection: 0, server: 0, refused: 0, whole: 0 };
  const property = fc.asyncProperty(
    fc.array(connections, { minLength: 1, maxLength: 6, size: 'max' }),
    async (runs) => {
      const room = new OutputRoom(LIMITS);
      const open = runs.map((run) => ({ run, ...openDriver(run, room) }));
      const check = (): void => {
        let all = 0;
        for (const { heldBytes, run } of open) {
          const most = LIMITS.connectionBytes + SLACK * run.responses.length;
          if (heldBytes() > most) throw new Error(`${heldBytes()} octets of a connection wait`);
          if (heldBytes() >= LIMITS.connectionBytes) seen.connection += 1;
          all += heldBytes();
        }
        const responses = sum(runs.map((run) => run.responses.length));
        if (all > LIMITS.serverBytes + SLACK * responses) throw new Error(`${all} octets of the server wait`);
        if (all >= LIMITS.serverBytes) seen.server += 1;
      };
      for (const { receive, run } of open) {
        receive(requestsOf(run));
        await turn();
        check();
      }
      for (let step = 0; step < 20; step++) {
        for (const { socket, run } of open) socket.peerTakes(run.reads[step] ?? 0);
        await turn();
        check();
      }
      // All but the first read on, and get all of theirs while that one goes on to hold what it holds
      for (const { socket, run, refused } of [...open.slice(1), ...open.slice(0, 1)]) {
        for (let idle = 0; idle < 5; ) {
          idle = socket.peerTakes(1_000_000) > 0 ? 0 : idle + 1;
          await turn();
          check();
        }
        seen.refused += refused.size;
        if (refused.size > 0) continue;
        if (arrived(run, socket.taken).join() !== totals(run).join()) throw new Error('a response did not arrive');
        seen.whole += 1;
      }
      if (open.some(({ run, refused }) => run.awaits !== false && refused.size > 0))
        throw new Error('who waits was refused');
      for (const { socket } of open) socket.destroy();
      await turn();
      if (room.heldBytes !== 0) throw new Error(`${room.heldBytes} octets are held for connections that are gone`);
    },
  );
  await t.resolves(async () => fc.assert(property, { seed: SEED, numRuns: 30, endOnFailure: true }));
  t.comment(JSON.stringify(seen));
  for (const [what, count] of Object.entries(seen)) t.ok(count > 5, `${what}: ${count}`);
});

t.test('h2: streams whose windows are shut do not hold up the others, however much of them waits', async (t) => {
  const pieces = Array.from({ length: 100 }, () => MAX_PIECE);
  const run: Run = { version: 'h2', responses: Array.from({ length: 8 }, () => pieces), reads: [], windowBytes: 1_000 };
  const { socket, receive, heldBytes } = openDriver(run, new OutputRoom(LIMITS));
  receive(requestsOf(run));
  await turn();
  t.ok(heldBytes() >= LIMITS.connectionBytes, `${heldBytes()} octets wait`);
  receive(frame(T.WINDOW_UPDATE, 0, 15, uint(1_000_000, 4)));
  for (let step = 0; step < 300; step++) {
    socket.peerTakes(1_000_000);
    await turn();
  }
  t.same(arrived(run, socket.taken), [1_000, 1_000, 1_000, 1_000, 1_000, 1_000, 1_000, 100 * MAX_PIECE]);
  socket.destroy();
});
