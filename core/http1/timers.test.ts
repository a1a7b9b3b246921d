import t from 'tap';
import { answering, get, limited, Peer, post, refusal, type Script, said } from './peer.test.data.ts';
import { TIMER_CODES } from './refusals.test.data.ts';

t.test('timers: each runs out after its time and not before, and says so by its code', async (t) => {
  const options = limited({
    headMs: 1_000,
    contentMs: 2_000,
    idleMs: 3_000,
    keepAliveMs: 4_000,
    writeMs: 5_000,
    contentGraceMs: 6_000,
    contentBytesPerSecond: 10,
  });
  const incomplete = post('/', 'x'.repeat(1_000)).slice(0, -1_000);
  const begin = (input: string, script: Script = () => {}): Peer => new Peer(script, options).tick(0).receive(input);
  const rows: [code: string, start: () => Peer, afterMs: number, answer: string, state: string][] = [
    ['H1_IDLE_TIMEOUT', () => begin(''), 3_000, '', 'lingering'],
    ['H1_IDLE_TIMEOUT', () => begin('\r\n'), 3_000, '', 'lingering'],
    ['H1_IDLE_TIMEOUT', () => begin(get('/'), answering('end')), 4_000, said('/'), 'lingering'],
    ['H1_HEAD_TIMEOUT', () => begin('GET'), 1_000, refusal('408 Request Timeout'), 'lingering'],
    [
      'H1_HEAD_TIMEOUT',
      () => begin(`${get('/')}GET`, answering('end')),
      1_000,
      said('/') + refusal('408 Request Timeout'),
      'lingering',
    ],
    ['H1_CONTENT_TIMEOUT', () => begin(incomplete), 2_000, refusal('408 Request Timeout'), 'lingering'],
    ['H1_CONTENT_TIMEOUT', () => begin(incomplete, answering('request')), 2_000, said('/'), 'lingering'],
    ['H1_WRITE_TIMEOUT', () => begin(get('/'), answering('end')), 5_000, said('/'), 'aborted'],
  ];
  for (const [code, start, afterMs, answer, state] of rows) {
    const peer = start();
    const report = code === 'H1_WRITE_TIMEOUT' ? { unwrittenBytes: 10 } : {};
    for (let now = 0; now <= afterMs; now += 500) peer.tick(now, report);
    t.notOk(
      peer.told.some((told) => told.startsWith('error')),
      `${code}: not after ${afterMs} ms`,
    );
    peer.tick(afterMs + 1, report);
    t.same(
      peer.told.filter((told) => told.startsWith('error')),
      [`error ${code}`],
      `${code}: after one more`,
    );
    t.same([peer.said(), peer.state], [answer, state], `${code}: what the peer gets`);
    peer.tick(afterMs + 500, report).tick(1e9);
    t.equal(peer.told.filter((told) => told.startsWith('error')).length, 1, `${code}: told once`);
  }
  const slow = begin(incomplete);
  for (let now = 0; now <= 6_000; now += 1_000) slow.receive('xxxxxxxxx').tick(now);
  t.notOk(
    slow.told.some((told) => told.startsWith('error')),
    'H1_CONTENT_RATE: not within the grace',
  );
  slow.receive('xxxxxxxxx').tick(7_500);
  t.same(slow.told.slice(-2), ['error H1_CONTENT_RATE', 'abandoned 1 H1_CONTENT_RATE']);
  const fair = begin(incomplete);
  for (let now = 0; now <= 60_000; now += 1_000) fair.receive('xxxxxxxxxx').tick(now);
  t.notOk(
    fair.told.some((told) => told.startsWith('error')),
    'the least rate is enough',
  );
  t.same(
    [...new Set([...rows.map(([code]) => code), 'H1_CONTENT_RATE'])].sort(),
    [...TIMER_CODES].sort(),
    'no timer is left out',
  );
});

t.test('timers: time in which the peer can do nothing is not counted', async (t) => {
  const options = limited({ headMs: 1_000, contentMs: 1_000, idleMs: 1_000, keepAliveMs: 1_000 });
  const partial = post('/', 'abc').slice(0, -1);
  const expecting = `POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n`;
  const rows: [name: string, input: string, report: { isPaused?: boolean; unwrittenBytes?: number }][] = [
    ['while this side does not read', partial, { isPaused: true }],
    ['while a request is worked on', get('/'), {}],
    ['while a request waits behind another', `${post('/', '')}GET /2`, {}],
    ['while 100 (Continue) is owed', expecting, {}],
  ];
  for (const [name, input, report] of rows) {
    const peer = new Peer(() => {}, options).tick(0).receive(input);
    for (let now = 0; now < 100_000; now += 400) peer.tick(now, report);
    t.notOk(
      peer.told.some((told) => told.startsWith('error')),
      name,
    );
  }
  const taking = new Peer(() => {}, options).tick(0).receive(get('/')).answer(1, 'x'.repeat(100_000));
  for (let now = 0; now < 20_000; now += 400) taking.tick(now, { unwrittenBytes: 100_000 - now });
  t.equal(taking.state, 'open', 'while it takes the response before');
  const resumed = new Peer(() => {}, options).tick(0).receive(partial).tick(100);
  resumed.tick(50_000, { isPaused: true }).tick(50_900);
  t.equal(resumed.told.length, 2, 'the time before a pause counts, that of the pause does not');
  t.match(resumed.tick(51_001).told.at(-1), /H1_CONTENT_TIMEOUT/);
  const demanded = new Peer(() => {}, options)
    .tick(0)
    .receive(expecting)
    .tick(9_000)
    .send({ kind: 'demand', exchange: 1 });
  t.match(demanded.tick(10_000).tick(10_001).told.at(-1), /H1_CONTENT_TIMEOUT/, 'after 100 (Continue) it counts');
});
