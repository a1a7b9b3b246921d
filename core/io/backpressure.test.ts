/**
 * Backpressure on a transport that is only thought of: whatever handlers write and however slowly the peer reads, what waits stays
 * within its limit, producers pause, nothing is lost, streams that share have their share, and a reader that stalls is cut.
 */
import { Socket } from 'node:net';
import fc from 'fast-check';
import t from 'tap';
import { fromLatin1 } from '../bytes/latin1.ts';
import { openConnection } from '../connection/connection.ts';
import { END_HEADERS, END_STREAM, frame, literal, PREFACE, T, uint } from '../http2/wire.test.data.ts';
import { http1Limits } from '../limits/http1-limits.ts';
import { http2Limits } from '../limits/http2-limits.ts';
import type { ExchangeId } from '../semantics/exchange.ts';
import { monotonicMs } from './clock.ts';
import { ConnectionDriver } from './driver.ts';

const SEED = 20_261_125;
const HIGH_BYTES = 262_144;
const MAX_PIECE = 100_000;
/** Octets that the driver hands to a socket at a time, with the head of a frame that they end in. */
const WRITE_BYTES = 65_536 + 16_384 + 9;
const FRAME_BYTES = 16_384;
const FIRST_WINDOW = 1_073_741_824;

/** A socket whose peer takes octets when it is told to, and no others. */
class SlowSocket extends Socket {
  readonly #taken: Buffer[] = [];
  #waiting: { octets: Buffer; done: () => void }[] = [];

  constructor() {
    super();
    Object.defineProperty(this, 'writable', { get: () => !this.destroyed });
  }

  /** What the peer has taken. */
  get taken(): Buffer {
    return Buffer.concat(this.#taken);
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.#waiting.push({ octets: chunk, done });
  }

  override _writev(chunks: readonly { chunk: Buffer }[], done: () => void): void {
    this.#waiting.push({ octets: Buffer.concat(chunks.map(({ chunk }) => chunk)), done });
  }

  /** The peer takes so many octets; returns how many there were. As in a kernel, a write is over when all of it was taken. */
  peerTakes(bytes: number): number {
    let left = bytes;
    for (let [first] = this.#waiting; first !== undefined && left > 0; [first] = this.#waiting) {
      const part = first.octets.subarray(0, left);
      this.#taken.push(part);
      left -= part.length;
      first.octets = first.octets.subarray(part.length);
      if (first.octets.length > 0) break;
      this.#waiting.shift();
      first.done();
    }
    return bytes - left;
  }
}

interface Run {
  readonly version: 'http/1.1' | 'h2';
  /** Lengths of the pieces of each response. */
  readonly responses: readonly (readonly number[])[];
  /** Octets that the peer takes in a step. */
  readonly reads: readonly number[];
}

const runs = (version: Run['version']): fc.Arbitrary<Run> =>
  fc.record({
    version: fc.constant(version),
    responses: fc.array(fc.array(fc.integer({ min: 1, max: MAX_PIECE }), { maxLength: 8 }), {
      minLength: 1,
      maxLength: 4,
    }),
    reads: fc.array(fc.oneof(fc.nat(300), fc.nat(FRAME_BYTES), fc.nat(1_000_000)), { minLength: 1, maxLength: 60 }),
  });

/** Requests as a client sends them all at once; over HTTP/2 their responses share the connection. */
function requestsOf({ version, responses }: Run): string {
  if (version === 'http/1.1') return responses.map((_, index) => `GET /${index} HTTP/1.1\r\nHost: a\r\n\r\n`).join('');
  const settings = frame(T.SETTINGS, 0, 0, uint(4, 2) + uint(FIRST_WINDOW, 4));
  const window = frame(T.WINDOW_UPDATE, 0, 0, uint(FIRST_WINDOW, 4));
  const block = `\x82\x84\x86${literal([':authority', 'a'])}${literal(['priority', 'u=3, i'])}`;
  const streams = responses.map((_, index) => frame(T.HEADERS, END_STREAM | END_HEADERS, index * 2 + 1, block));
  return PREFACE + settings + window + streams.join('');
}

/** A driver with a producer for each request. */
function open(run: Run) {
  const socket = new SlowSocket();
  let receive: (bytes: Uint8Array) => void = () => {};
  const open: ExchangeId[] = [];
  const produced = new Map<ExchangeId, number>();
  let connection: ReturnType<typeof openConnection> | undefined;
  const driver = new ConnectionDriver(
    { socket, read: (take: typeof receive) => (receive = take) },
    (sink) => {
      const http1 = { limits: http1Limits({ heldResponseBytes: HIGH_BYTES }) };
      connection = openConnection(run.version, {
        http1,
        http2: { limits: http2Limits() },
        h2cUpgrade: false,
        date: () => undefined,
        sink,
      });
      return connection;
    },
    {
      onEvent: (event) => {
        if (event.kind === 'request') void produce(event.exchange, run.responses[open.push(event.exchange) - 1] ?? []);
      },
      onClose: () => {},
    },
  );
  /** A handler that does as it is told: it waits where there is no room. */
  async function produce(exchange: ExchangeId, pieces: readonly number[]): Promise<void> {
    const contentLength = pieces.reduce((sum, piece) => sum + piece, 0);
    driver.send({ kind: 'head', exchange, head: { status: 200 }, contentLength });
    for (const piece of pieces) {
      await driver.whenRoom(exchange);
      if (socket.destroyed) return;
      driver.send({ kind: 'content', exchange, bytes: new Uint8Array(piece).fill(0x61 + open.indexOf(exchange)) });
      produced.set(exchange, (produced.get(exchange) ?? 0) + piece);
    }
    driver.send({ kind: 'end', exchange });
  }
  return {
    socket,
    driver,
    receive: (octets: string) => receive(fromLatin1(octets)),
    produced,
    /** What waits of each response, above the socket. */
    waiting: () => open.map((exchange) => connection?.pendingBytes(exchange) ?? 0),
  };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

for (const version of ['http/1.1', 'h2'] as const) {
  t.test(`${version}: what waits is bounded, and all of it arrives`, async (t) => {
    let paused = 0;
    const property = fc.asyncProperty(runs(version), async (run) => {
      const { socket, receive, produced, waiting } = open(run);
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

/** Octets of content that the peer has of each response. */
function arrived({ version, responses }: Run, octets: Buffer): number[] {
  if (version === 'http/1.1') {
    const heads = octets.toString('latin1').split('HTTP/1.1 200 OK\r\n').slice(1);
    return responses.map((_, index) => (heads[index]?.split('\r\n\r\n')[1] ?? '').length);
  }
  const counts = responses.map(() => 0);
  for (const { stream, bytes } of dataFrames(octets))
    counts[(stream - 1) / 2] = (counts[(stream - 1) / 2] ?? 0) + bytes;
  return counts;
}

function dataFrames(view: Buffer): { stream: number; bytes: number }[] {
  const frames: { stream: number; bytes: number }[] = [];
  for (let at = 0; at + 9 <= view.length; at += 9 + view.readUIntBE(at, 3)) {
    const bytes = view.readUIntBE(at, 3);
    if (view[at + 3] === T.DATA && at + 9 + bytes <= view.length)
      frames.push({ stream: view.readUInt32BE(at + 5), bytes });
  }
  return frames;
}

t.test('h2: streams that share the connection get the same of it, to a frame', async (t) => {
  const pieces = Array.from({ length: 30 }, () => MAX_PIECE);
  const run: Run = { version: 'h2', responses: [pieces, pieces, pieces, pieces], reads: [] };
  const { socket, receive } = open(run);
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
    const { socket, receive, driver, produced } = open(run);
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
