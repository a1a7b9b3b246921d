import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import t from 'tap';
import { HTTP2_LIMIT_SPECS } from '../limits/http2-limits.ts';
import { DRILLS, type Drill, id, kib, rapid } from './drills.test.data.ts';
import { answering, Peer } from './peer.test.data.ts';
import {
  data,
  END_HEADERS,
  frame,
  get,
  headers,
  hello,
  PREFACE,
  ping,
  post,
  SETTINGS_ACK,
  settings,
  windowUpdate,
} from './wire.test.data.ts';

/** Runs a drill to its end, or to one step more than it may take; returns what was found. */
function run({ limits = {}, script, before, step, steps, stepMs = 0, unwrittenBytes = 0, reads = true, end }: Drill) {
  const peer = new Peer(script, { limits, takeBytes: reads ? Number.POSITIVE_INFINITY : 0 }).tick(0);
  peer.receive(before ?? hello());
  const found = { step: 0, streams: 0, pending: 0 };
  const lines: string[] = [];
  const isOver = (): boolean =>
    typeof end === 'string' ? peer.state !== 'open' : end.every((line) => lines.includes(line));
  for (; found.step <= steps; found.step++) {
    peer.receive(step(found.step));
    if (stepMs > 0) peer.tick((found.step + 1) * stepMs, { unwrittenBytes });
    found.streams = Math.max(found.streams, peer.connection.openExchanges);
    found.pending = Math.max(found.pending, peer.connection.pendingBytes());
    lines.push(...peer.said());
    if (isOver()) break;
  }
  lines.push(...peer.take().said());
  return { peer, found, lines, isOver: isOver() };
}

t.test('every limit has a drill that breaches it, and a bound that holds', async (t) => {
  t.same(
    Object.keys(DRILLS).sort(),
    Object.keys(HTTP2_LIMIT_SPECS).sort(),
    'the drills are the whole registry of limits',
  );
  for (const [limit, drills] of Object.entries(DRILLS)) {
    for (const drill of drills) {
      const name = `${limit}: ${drill.name}`;
      const { peer, found, lines, isOver } = run(drill);
      t.ok(isOver, `${name}: over by step ${found.step} of ${drill.steps}`);
      t.ok(found.step >= drill.steps / 2, `${name}: not before step ${found.step} of ${drill.steps}`);
      t.ok(found.streams <= (drill.streams ?? 1), `${name}: ${found.streams} streams at most`);
      t.ok(found.pending <= (drill.pending ?? 1_000), `${name}: ${found.pending} octets wait at most`);
      if (typeof drill.end === 'string') {
        t.match(lines.at(-1), new RegExp(`^(?:GOAWAY \\d+ ${drill.end}|DATA \\d+ .* END)$`), `${name}: how it ends`);
        t.ok(
          lines.some((line) => line.startsWith('GOAWAY')),
          `${name}: the peer is told`,
        );
        t.equal(peer.connection.openExchanges, 0, `${name}: nothing is left open`);
        peer
          .receive(kib(64))
          .tick(1e6)
          .tick(1e6 + 1_000);
        t.match(peer.state, /^(?:closed|aborted)$/, `${name}: the connection ends`);
      } else
        t.equal(
          peer
            .receive(ping('still on'))
            .tick(1e6 - 1)
            .said()
            .includes('PING ACK still on'),
          true,
          `${name}: the connection goes on`,
        );
    }
  }
});

t.test('what a peer may do without end, at the rates of its budgets', async (t) => {
  const rows: readonly (readonly [name: string, stepMs: number, step: (i: number) => string, before?: string])[] = [
    ['ten resets a second', 100, rapid],
    ['five resets of ours a second', 200, (i) => headers(id(i), '')],
    ['200 PING a second', 5, () => ping()],
    ['ten empty frames a second', 100, () => data(1, ''), post(1, ['expect', '100-continue'])],
    ['20 unknown frames a second', 50, () => frame(0xbe, 0, 0), post(1, ['expect', '100-continue'])],
    ['100 late frames a second', 10, () => data(1, 'x'), headers(1, '', END_HEADERS)],
    [
      'window for what was sent, as small as frames are',
      1,
      (i) => (i % 2 === 0 ? get(id(i)) : windowUpdate(0, 2) + windowUpdate(id(i - 1), 1)),
    ],
  ];
  for (const [name, stepMs, step, before = ''] of rows) {
    const peer = new Peer(answering('end')).tick(0).receive(hello() + before);
    for (let i = 0; i < 4_000; i++) peer.receive(step(i)).tick((i + 1) * stepMs);
    const calm = peer.errors.filter(({ code }) => code.startsWith('H2_BUDGET'));
    t.same([calm, peer.state], [[], 'open'], name);
  }
});

t.test('who has not acknowledged the limit of streams is refused, and pays for late frames alone', async (t) => {
  const limits = { concurrentStreams: 2 };
  const eager = Array.from({ length: 100 }, (_, i) => post(id(i))).join('');
  const peer = new Peer(() => {}, { limits }).receive(PREFACE + settings() + eager);
  t.same([peer.errors, peer.state, peer.connection.openExchanges], [[], 'open', 2]);
  t.equal(peer.said().filter((line) => /^RST \d+ 7$/.test(line)).length, 98, 'REFUSED_STREAM');
  peer.receive(SETTINGS_ACK + data(5, 'x') + post(id(100)));
  t.match(peer.errors, [{ code: 'H2_STREAM_LIMIT' }], 'from then on it should know');
  const endless = new Peer(() => {}, { limits }).receive(PREFACE + settings());
  for (let i = 0; i < 1_100; i++) endless.receive(post(id(i)));
  t.match(endless.errors, [{ code: 'H2_BUDGET_LATE' }]);
});

t.test('what is retained of a peer stays bounded, however long it goes on', async (t) => {
  const peer = new Peer(answering('end')).tick(0).receive(hello());
  const before = heapUsed();
  for (let i = 0; i < 20_000; i++) {
    peer.receive(get(id(i), `/${i}`, ['x-unique', `${i}`.repeat(40)]) + windowUpdate(0, 8)).hush();
    peer.told.length = 0;
    peer.output = '';
    if (i % 10 === 0) peer.tick(i);
  }
  t.equal(peer.state, 'open');
  const grown = heapUsed() - before;
  t.ok(grown < 4_000_000, `${Math.round(grown / 1_024)} KiB more after 20000 requests`);
});

/** Octets in use once the rubbish is out. */
function heapUsed(): number {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
  return process.memoryUsage().heapUsed;
}
