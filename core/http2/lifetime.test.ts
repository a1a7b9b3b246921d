import t from 'tap';
import type { Http2Code } from '../errors/http2-codes.ts';
import type { Http2Limits } from '../limits/http2-limits.ts';
import type { TransportReport } from '../semantics/exchange.ts';
import { answering, Peer, type Script } from './peer.test.data.ts';
import { TIMER_CODES } from './refusals.test.data.ts';
import {
  ACK,
  data,
  END_HEADERS,
  END_STREAM,
  fields,
  get,
  goaway,
  headers,
  hello,
  type Line,
  PREFACE,
  PRIORITY,
  ping,
  post,
  priority,
  priorityUpdate,
  request,
  rst,
  settings,
  uint,
  windowUpdate,
} from './wire.test.data.ts';

const LONG: Partial<Http2Limits> = {
  prefaceMs: 3_600_000,
  settingsMs: 3_600_000,
  blockMs: 3_600_000,
  contentMs: 3_600_000,
  contentBytesPerSecond: 0,
  contentGraceMs: 0,
  stallMs: 3_600_000,
  idleMs: 3_600_000,
  writeMs: 3_600_000,
};

/** A connection on which one timer alone is short, with its first tick done. */
const timed = (
  limit: keyof typeof LONG,
  input: string,
  script: Script = () => {},
  ms = 1_000,
  limits: Partial<Http2Limits> = {},
): Peer => new Peer(script, { limits: { ...LONG, [limit]: ms, ...limits } }).tick(0).receive(input).hush();

const errorsOf = (peer: Peer): string[] => peer.errors.map(({ code }) => code);

t.test('timers: each runs out after its time and not before, and says so by its code', async (t) => {
  const half = headers(1, request('GET', '/'), END_HEADERS).slice(0, -1);
  const tunnel = headers(1, fields([':method', 'CONNECT'], [':authority', 'a:1']), END_HEADERS);
  type Row = readonly [
    code: Http2Code,
    limit: keyof typeof LONG,
    input: string,
    wire: readonly string[],
    state: string,
    script?: Script,
    report?: TransportReport,
  ];
  const rows: readonly Row[] = [
    ['H2_PREFACE_TIMEOUT', 'prefaceMs', '', ['GOAWAY 0 1 H2_PREFACE_TIMEOUT'], 'lingering'],
    ['H2_PREFACE_TIMEOUT', 'prefaceMs', PREFACE, ['GOAWAY 0 1 H2_PREFACE_TIMEOUT'], 'lingering'],
    ['H2_SETTINGS_TIMEOUT', 'settingsMs', PREFACE + settings(), ['GOAWAY 0 4 H2_SETTINGS_TIMEOUT'], 'lingering'],
    ['H2_BLOCK_TIMEOUT', 'blockMs', hello() + headers(1, '\x82', 0), ['GOAWAY 0 11 H2_BLOCK_TIMEOUT'], 'lingering'],
    // A frame of a block that does not come to its end is no better than a block that does not
    ['H2_BLOCK_TIMEOUT', 'blockMs', hello() + half, ['GOAWAY 0 11 H2_BLOCK_TIMEOUT'], 'lingering'],
    [
      'H2_CONTENT_TIMEOUT',
      'contentMs',
      hello() + post(1),
      [
        'HEADERS 1 :status=408 content-type=text/plain; charset=utf-8 content-length=20',
        'DATA 1 "408 Request Timeout\n" END',
        'RST 1 0',
      ],
      'open',
    ],
    ['H2_CONTENT_TIMEOUT', 'contentMs', hello() + post(1), ['RST 1 8'], 'open', answering('request')],
    ['H2_CONTENT_TIMEOUT', 'contentMs', hello() + tunnel, ['RST 1 8'], 'open', answering('request')],
    // Without grace; of 1000 octets a second it has those of one
    [
      'H2_CONTENT_RATE',
      'contentBytesPerSecond',
      hello() + post(1) + data(1, 'x'.repeat(1_000)),
      ['RST 1 8'],
      'open',
      (event, peer) => {
        if (event.kind === 'request') peer.stream(event.exchange, 'x');
        if (event.kind === 'content') peer.consume(event.exchange, event.bytes.length);
      },
    ],
    ['H2_STALL_TIMEOUT', 'stallMs', hello([4, 0]) + get(1), ['RST 1 8'], 'open', answering('end')],
    ['H2_IDLE_TIMEOUT', 'idleMs', hello(), ['GOAWAY 0 0 H2_IDLE_TIMEOUT'], 'lingering'],
    ['H2_IDLE_TIMEOUT', 'idleMs', hello() + get(1), ['GOAWAY 1 0 H2_IDLE_TIMEOUT'], 'lingering', answering('end')],
    [
      'H2_WRITE_TIMEOUT',
      'writeMs',
      hello() + get(1),
      ['GOAWAY 1 0 H2_WRITE_TIMEOUT'],
      'aborted',
      () => {},
      { unwrittenBytes: 50 },
    ],
  ];
  for (const [code, limit, input, wire, state, script, report = {}] of rows) {
    const peer = timed(limit, input, script);
    for (let now = 0; now <= 1_000; now += 100) peer.tick(now, report);
    t.same([errorsOf(peer), peer.said()], [[], []], `${code}: not after 1000 ms`);
    // A stream that came and went counts up to the first tick that knows of it
    peer.tick(1_001, report);
    t.same([errorsOf(peer), peer.said(), peer.state], [[code], wire, state], `${code}: after one more`);
    t.equal(peer.connection.openExchanges, 0);
    peer.tick(1_500, report).tick(1e9);
    t.equal(errorsOf(peer).filter((one) => one === code).length, 1, `${code}: told once`);
  }
  t.same([...new Set(rows.map(([code]) => code))].sort(), [...TIMER_CODES].sort(), 'no timer is left out');
});

t.test('timers: progress, and time in which the peer can do nothing, are not counted', async (t) => {
  const content = hello() + post(1);
  const tunnel = headers(1, fields([':method', 'CONNECT'], [':authority', 'a:1']), END_HEADERS);
  const frame = data(1, 'x'.repeat(16_384));
  type Row = readonly [name: string, limit: keyof typeof LONG, input: string, each?: (peer: Peer, now: number) => void];
  const rows: readonly Row[] = [
    ['while 100 (Continue) is owed', 'contentMs', hello() + post(1, ['expect', '100-continue'])],
    ['while content is unread', 'contentMs', content + data(1, 'x')],
    ['while a tunnel is silent', 'contentMs', hello() + tunnel],
    ['while a request is worked on', 'idleMs', hello() + get(1)],
    [
      'while a large frame comes slowly',
      'contentMs',
      content,
      (peer, now) => void peer.receive(now === 0 ? frame.slice(0, 9) : frame.charAt(8 + now / 400)),
    ],
    ['while content comes', 'contentMs', content, (peer) => void peer.receive(data(1, 'x')).consume(1, 1)],
    [
      'while requests come and go between the ticks',
      'idleMs',
      hello(),
      (peer, now) => void peer.receive(get(now / 200 + 1)).answer(now / 200 + 1),
    ],
    [
      'while the connection gives window, though none is left at any tick',
      'stallMs',
      hello([4, 1_000_000]) + get(1),
      (peer, now) => {
        if (now === 0) peer.stream(1, 'x'.repeat(70_000));
        else peer.receive(windowUpdate(0, 600));
      },
    ],
    [
      'while another response takes all the window of the connection',
      'stallMs',
      `${hello([4, 1_000_000])}${get(1)}${get(3)}`,
      (peer, now) => {
        if (now === 0) peer.stream(1, 'x'.repeat(900_000)).stream(3, 'x'.repeat(10));
        else peer.receive(windowUpdate(0, 10_000));
      },
    ],
    [
      'while the content of others, unread, takes all the window of the connection',
      'contentMs',
      `${content}${post(3)}${data(1, 'x'.repeat(16_383)).repeat(4)}${data(1, 'xyz')}`,
    ],
  ];
  for (const [name, limit, input, each = () => {}] of rows) {
    const peer = timed(limit, input, () => {}, 1_000, { connectionWindowBytes: 65_535 });
    for (let now = 0; now < 20_000; now += 400) {
      each(peer, now);
      peer.tick(now);
    }
    t.same([errorsOf(peer), peer.state], [[], 'open'], name);
  }
  const half = headers(3, request('GET', '/'), END_HEADERS).slice(0, -1);
  const ours: readonly (readonly [limit: keyof typeof LONG, input: string, script?: Script])[] = [
    ['prefaceMs', PREFACE.slice(0, -1)],
    ['settingsMs', PREFACE + settings()],
    ['blockMs', hello() + headers(1, '\x82', 0)],
    ['blockMs', content + half],
    ['contentMs', content],
    ['contentBytesPerSecond', content],
    ['stallMs', hello([4, 0]) + get(1), answering('end')],
  ];
  for (const [limit, input, script] of ours) {
    const paused = timed(limit, input, script);
    for (let now = 0; now < 20_000; now += 400) paused.tick(now, { isPaused: now > 0 });
    t.same([errorsOf(paused), paused.state], [[], 'open'], `${limit}: not while this side does not read`);
    paused.tick(22_000);
    t.equal(errorsOf(paused).length, 1, `${limit}: once it does`);
  }
  // A frame that comes at 600 octets a second, and one that comes at 400
  for (const [step, codes] of [
    [240, []],
    [160, ['H2_CONTENT_RATE']],
  ] as const) {
    const slow = timed('contentBytesPerSecond', content, () => {}, 500);
    slow.receive(frame.slice(0, 1_009));
    for (let now = 400; now < 20_000; now += 400) {
      const at = 1_009 + (now / 400 - 1) * step;
      slow.receive(frame.slice(at, at + step)).tick(now);
    }
    t.same(errorsOf(slow), codes, `what has come of a frame counts: ${step} octets each 400 ms`);
  }
  const taking = timed('writeMs', hello() + get(1)).answer(1, 'x'.repeat(60_000));
  for (let now = 0; now < 20_000; now += 400) taking.tick(now, { unwrittenBytes: 60_000 - now });
  t.equal(taking.state, 'open', 'while the response is taken, however slowly');
  const late = timed('contentMs', hello() + post(1) + post(3) + post(5)).tick(1_001);
  t.same(
    errorsOf(late),
    ['H2_CONTENT_TIMEOUT', 'H2_CONTENT_TIMEOUT', 'H2_CONTENT_TIMEOUT'],
    'one tick ends all that are late',
  );
});

t.test('lingering throws away what still comes, until the peer ends or the time is over', async (t) => {
  const broken = (): Peer => new Peer(() => {}, { limits: { ...LONG, lingerMs: 1_000 } }).tick(0).receive('GET / ');
  const peer = broken();
  t.equal(peer.state, 'lingering');
  t.same(peer.hush().receive(hello() + get(1)).told, ['error H2_PREFACE']);
  t.equal(peer.tick(5_000).tick(5_999).state, 'lingering');
  t.equal(peer.tick(6_000).state, 'closed');
  t.equal(broken().end().state, 'closed');
  const unread = new Peer(() => {}, { takeBytes: 0 }).receive('GET / ').receive('HTTP');
  t.same([unread.told, unread.state], [['error H2_PREFACE'], 'closing'], 'told once, though nothing was taken');
  t.equal(unread.take().state, 'lingering');
  const stuck = new Peer(() => {}, { takeBytes: 0, limits: { ...LONG, writeMs: 100 } })
    .tick(0)
    .end()
    .tick(101, { unwrittenBytes: 1 });
  t.equal(stuck.state, 'aborted', 'who takes nothing of the last octets is cut');
});

t.test('after the peer has ended its side, what it asked for is still answered', async (t) => {
  const peer = new Peer().receive(hello() + get(1) + get(3)).end();
  t.equal(peer.state, 'half-closed');
  peer.answer(1);
  t.equal(peer.state, 'half-closed');
  peer.answer(3);
  t.equal(peer.state, 'closed');
  t.equal(new Peer().receive(hello()).end().state, 'closed');
  const begun = new Peer()
    .receive(hello() + get(1) + post(3) + data(3, 'x') + post(5))
    .answer(5)
    .hush()
    .end();
  t.same(
    [begun.told.slice(-2), begun.said(), begun.state],
    [['abandoned 3', 'abandoned 5'], ['RST 3 8', 'RST 5 8'], 'half-closed'],
    'what it has begun to ask cannot come to its end any more',
  );
  t.equal(begun.answer(1).state, 'closed');
  const gone = new Peer().receive(hello() + get(1));
  gone.connection.fail();
  t.same([gone.told.at(-1), gone.state], ['abandoned 1', 'closed']);
});

const DRAINING = 'draining';

t.test(
  'a drain has two steps: a GOAWAY that names no stream, then one that names the last (RFC9113#6.8)',
  async (t) => {
    const peer = new Peer()
      .tick(0)
      .receive(hello() + get(1))
      .hush();
    peer.send({ kind: 'drain' }, { kind: 'drain' });
    t.same(peer.said(), ['GOAWAY 2147483647 0', `PING ${DRAINING}`], 'once');
    peer.receive(ping('pingpong', ACK) + get(3));
    t.same([peer.told.at(-2), peer.said()], ['request 3 GET /3', []], 'a request that was under way is served');
    peer.receive(ping(DRAINING, ACK));
    t.same(peer.said(), ['GOAWAY 3 0']);
    peer.receive(get(5) + post(7) + data(7, 'x'));
    t.same(peer.said(), ['RST 5 7', 'RST 7 7'], 'RFC9113#8.7: later ones may be tried elsewhere');
    t.equal(peer.told.length, 4);
    peer.answer(3).answer(1);
    t.equal(peer.state, 'lingering');
    t.same(
      peer.said().filter((line) => line.startsWith('DATA')),
      ['DATA 3 "ok" END', 'DATA 1 "ok" END'],
    );

    const silent = new Peer().tick(0).receive(hello()).hush().send({ kind: 'drain' }).tick(1_000);
    t.same(silent.said().length, 2);
    t.same(
      [silent.tick(1_001).said(), silent.state],
      [['GOAWAY 0 0'], 'lingering'],
      'who does not answer the PING is not waited for',
    );

    const broken = new Peer()
      .receive(hello() + get(1))
      .send({ kind: 'drain' })
      .receive(ping(DRAINING, ACK) + get(3))
      .hush();
    broken.receive(data(0, 'x'));
    t.same(broken.said(), ['GOAWAY 1 1 H2_DATA_STREAM_ZERO'], 'the last stream is never raised');

    const last = new Peer(answering('end'), { limits: { requestsPerConnection: 2 } }).receive(hello() + get(1)).hush();
    last.receive(get(3));
    t.same(last.said().slice(0, 2), ['GOAWAY 2147483647 0', `PING ${DRAINING}`], 'requestsPerConnection');
    last.receive(get(5) + ping(DRAINING, ACK));
    t.same([last.said()[0], last.state], ['GOAWAY 5 0', 'lingering']);
  },
);

t.test("a client's GOAWAY: it is told its last request, which is finished (RFC9113#6.8)", async (t) => {
  const idle = new Peer(answering('end'))
    .receive(hello() + get(1))
    .hush()
    .receive(goaway());
  t.same([idle.said(), idle.state], [['GOAWAY 1 0'], 'lingering']);
  const busy = new Peer()
    .receive(hello() + get(1))
    .hush()
    .receive(goaway() + goaway() + get(3));
  t.same([busy.said(), busy.state], [['GOAWAY 1 0', 'RST 3 7'], 'open']);
  t.equal(busy.answer(1).state, 'lingering');
  const leaving = new Peer()
    .receive(hello() + get(1))
    .hush()
    .receive(goaway())
    .receive(rst(1));
  t.equal(leaving.state, 'lingering');
});

/** A request and its Priority field. */
type Asked = readonly [id: number, priority?: string];

/** Streams in the order in which their DATA leaves, content of 20000 octets each, all ready at once. */
function order(asked: readonly Asked[], before: string, after: string): string {
  const peer = new Peer(() => {}, { takeBytes: 0 }).receive(hello([4, 100_000]) + windowUpdate(0, 1_000_000) + before);
  for (const [id, priority] of asked) {
    const lines: Line[] = priority === undefined ? [] : [['priority', priority]];
    peer.receive(get(id, '/', ...lines));
  }
  for (const [id] of asked) peer.stream(id, 'x'.repeat(20_000));
  peer.receive(after).take();
  const lines = peer.said().filter((line) => line.startsWith('DATA'));
  return lines.map((line) => line.split(' ')[1]).join(' ');
}

t.test('priorities decide the order in which content leaves (RFC9218#10)', async (t) => {
  const three: readonly Asked[] = [[1], [3], [5]];
  type Row = readonly [name: string, asked: readonly Asked[], order: string, before?: string, after?: string];
  const rows: readonly Row[] = [
    ['one after the other by default', three, '1 1 3 3 5 5'],
    ['lower urgency first', [[1, 'u=5'], [3], [5, 'u=0']], '5 5 3 3 1 1'],
    [
      'incremental ones share',
      [
        [1, 'i'],
        [3, 'u=3, i'],
        [5, 'i=?1'],
      ],
      '1 3 5 1 3 5',
    ],
    ['those that do not share come first', [[1, 'i'], [3], [5, 'i']], '3 3 1 5 1 5'],
    [
      'what cannot be read is the default',
      [
        [1, 'u=9'],
        [3, 'u=2;x=y'],
        [5, 'what?'],
      ],
      '3 3 1 1 5 5',
    ],
    ['PRIORITY_UPDATE after the request', three, '5 5 1 1 3 3', '', priorityUpdate(5, 'u=1')],
    ['PRIORITY_UPDATE before the request', [[1], [3], [5, 'u=7']], '5 5 1 1 3 3', priorityUpdate(5, 'u=1')],
    ['the last of several', three, '1 1 3 3 5 5', priorityUpdate(5, 'u=1') + priorityUpdate(5, 'u=6')],
    ['one that is no dictionary is ignored as a whole', three, '1 1 3 3 5 5', '', priorityUpdate(5, 'u=1,,')],
    ['what is out of range or of another type is ignored', three, '1 1 3 3 5 5', '', priorityUpdate(5, 'u=8, i="a"')],
    [
      'keys and parameters that are unknown change nothing',
      three,
      '5 5 1 1 3 3',
      '',
      priorityUpdate(5, 'x=(1 2), u=1;y'),
    ],
    ['for a stream that was skipped', [[1], [5]], '1 1 5 5', priorityUpdate(3, 'u=1')],
    ['for a stream that is gone', three, '1 1 3 3', '', priorityUpdate(5, 'u=0') + rst(5) + priorityUpdate(5, 'u=0')],
  ];
  for (const [name, asked, expected, before = '', after = ''] of rows) {
    t.equal(order(asked, before, after), expected, name);
  }
  const peer = new Peer(() => {}, { takeBytes: 0 }).receive(hello() + get(1, '/', ['priority', 'u=0']) + get(3));
  peer.stream(3, 'low').stream(1, 'high', false).take();
  const lines = peer.said().filter((line) => line.startsWith('DATA'));
  t.same(lines, ['DATA 1 "high"', 'DATA 3 "low" END'], 'who has nothing ready holds up nobody');
});

t.test('signals of the old kind are ignored where the peer has renounced them (RFC9218#2.1)', async (t) => {
  const onItself = `${uint(1, 4)}\x0f${request('GET', '/')}`;
  const asked = priority(3, 3) + headers(1, onItself, END_HEADERS | END_STREAM | PRIORITY);
  const old = new Peer(answering('end')).receive(hello()).hush().receive(asked);
  t.match(old.said(), ['GOAWAY 0 1 H2_PRIORITY_SELF'], 'they are looked at otherwise');
  const renounced = new Peer(answering('end'))
    .receive(hello([9, 1]))
    .hush()
    .receive(asked);
  t.same([renounced.errors, renounced.told[0]], [[], 'request 1 GET /']);
});
