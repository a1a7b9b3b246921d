import t from 'tap';
import { CallerError } from '../errors/caller-error.ts';
import { echoing, Peer, type PeerOptions, type Script } from './peer.test.data.ts';
import { data, END_HEADERS, END_STREAM, fields, get, headers, hello, post, request } from './wire.test.data.ts';

/** A connection whose settings are exchanged, with nothing left to say. */
const greeted = (script: Script = () => {}, options: PeerOptions = {}): Peer =>
  new Peer(script, options).receive(hello()).hush();

t.test('trailers, both ways; interim responses; 100 (Continue) once, when the content is asked for', async (t) => {
  const peer = greeted(echoing).receive(post(1) + data(1, 'abc') + headers(1, fields(['x-sum', '7'], ['x-sum', '8'])));
  t.same(peer.told, ['request 1 POST /1', 'content 1 abc', 'end 1 x-sum: 7 x-sum: 8']);
  t.same(peer.said(), ['HEADERS 1 :status=200', 'DATA 1 "abc"', 'HEADERS 1 x-sum=7 x-sum=8 END']);

  const waiting = greeted().receive(post(1, ['expect', '100-continue']));
  t.same(waiting.said(), []);
  waiting.send({ kind: 'demand', exchange: 1 }, { kind: 'demand', exchange: 1 });
  t.same(waiting.said(), ['HEADERS 1 :status=100'], 'RFC9110#10.1.1: once');
  waiting
    .send({ kind: 'interim', exchange: 1, status: 103, fields: { Link: '</a>' } })
    .receive(data(1, 'x', END_STREAM));
  waiting.answer(1);
  t.same(waiting.said(), [
    'HEADERS 1 :status=103 link=</a>',
    'HEADERS 1 :status=200 content-length=2',
    'DATA 1 "ok" END',
  ]);

  const early = greeted()
    .receive(post(1, ['expect', '100-continue']))
    .send({ kind: 'interim', exchange: 1, status: 100 }, { kind: 'demand', exchange: 1 });
  t.same(early.said(), ['HEADERS 1 :status=100'], 'nor again where the handler has said it');

  const refused = greeted()
    .receive(post(1, ['expect', '100-continue']))
    .answer(1, 'no', 417);
  t.same(
    refused.said(),
    ['HEADERS 1 :status=417 content-length=2', 'DATA 1 "no" END', 'RST 1 0'],
    'no answer but the last',
  );
  for (const [value, expectation] of [
    ['', 'none'],
    [' , ', 'none'],
    ['100-continue, 100-Continue', 'continue'],
    ['100-continue, x', 'unknown'],
  ] as const) {
    const heads: string[] = [];
    const peer = greeted((event) => event.kind === 'request' && heads.push(event.head.expectation));
    peer.receive(post(1, ['expect', value.trim()]));
    t.same(heads, [expectation], `Expect "${value}" (RFC9110#10.1.1), as over HTTP/1.1`);
  }
  for (const block of [post(1), get(1, '/', ['expect', '100-continue'])]) {
    const other = greeted().receive(block).send({ kind: 'demand', exchange: 1 });
    t.same(other.said(), [], 'nobody waits for it');
  }
});

t.test('responses without content, and mistakes that write nothing', async (t) => {
  const none = new Uint8Array(0);
  const rows: readonly (readonly [method: string, status: number, said: string])[] = [
    ['HEAD', 200, 'HEADERS 1 :status=200 content-length=3 END'],
    ['GET', 204, 'HEADERS 1 :status=204 END'],
    ['GET', 304, 'HEADERS 1 :status=304 END'],
    ['GET', 205, 'HEADERS 1 :status=205 content-length=0 END'],
    ['GET', 200, 'HEADERS 1 :status=200 content-length=0 END'],
  ];
  for (const [method, status, said] of rows) {
    const peer = greeted().receive(headers(1, request(method, '/')));
    const bytes = method === 'HEAD' ? new Uint8Array(3) : none;
    t.same(
      peer.send({ kind: 'respond', exchange: 1, head: { status }, content: bytes }).said(),
      [said],
      `${method} ${status}`,
    );
    t.equal(peer.connection.openExchanges, 0);
  }
  for (const [method, status] of [
    ['HEAD', 200],
    ['GET', 304],
  ] as const) {
    const peer = greeted().receive(headers(1, request(method, '/')));
    peer.send({ kind: 'head', exchange: 1, head: { status }, contentLength: 3 });
    t.same([peer.said(), peer.connection.openExchanges], [[`HEADERS 1 :status=${status} content-length=3`], 1]);
    peer.send({ kind: 'content', exchange: 1, bytes: none }, { kind: 'end', exchange: 1, trailers: { x: 'y' } });
    t.same([peer.said(), peer.connection.openExchanges], [['DATA 1 "" END'], 0], 'both sides end it at once');
  }
  const peer = greeted().receive(get(1));
  const mistakes: readonly (readonly [code: string, act: () => unknown])[] = [
    ['NO_HEAD', () => peer.send({ kind: 'end', exchange: 1 })],
    ['NO_HEAD', () => peer.send({ kind: 'content', exchange: 1, bytes: none })],
    ['STATUS', () => peer.answer(1, '', 99)],
    ['CONTENT_OVER', () => peer.answer(1, 'x', 204)],
    ['CONTENT_OVER', () => peer.answer(1, 'x', 205)],
    ['INTERIM_STATUS', () => peer.send({ kind: 'interim', exchange: 1, status: 101 })],
    [
      'FIELD_RESERVED',
      () => peer.send({ kind: 'head', exchange: 1, head: { status: 200, fields: { Connection: 'x' } } }),
    ],
    ['FIELD_VALUE', () => peer.send({ kind: 'head', exchange: 1, head: { status: 200, fields: { x: 'a\nb' } } })],
    ['EXCHANGE_UNKNOWN', () => peer.answer(3)],
  ];
  for (const [code, act] of mistakes) t.throws(act, { name: 'CallerError', code }, code);
  t.same(peer.said(), [], 'nothing was written');
  peer.send({ kind: 'head', exchange: 1, head: { status: 200 }, contentLength: 3 });
  t.throws(() => peer.answer(1), { code: 'HEAD_TWICE' });
  t.throws(() => peer.send({ kind: 'content', exchange: 1, bytes: new Uint8Array(4) }), { code: 'CONTENT_OVER' });
  t.throws(() => peer.send({ kind: 'end', exchange: 1 }), { code: 'CONTENT_UNDER' });
  t.throws(() => peer.send({ kind: 'end', exchange: 1, trailers: { Host: 'a' } }), CallerError);
  t.same(peer.send({ kind: 'abort', exchange: 1 }).said(), ['HEADERS 1 :status=200 content-length=3', 'RST 1 2']);
});

t.test('CONNECT and extended CONNECT are ways for octets in both directions (RFC9113#8.5, RFC8441#4)', async (t) => {
  const tunnel = headers(1, fields([':method', 'CONNECT'], [':authority', 'a:443']), END_HEADERS);
  const websocket = headers(
    1,
    fields(
      [':method', 'CONNECT'],
      [':protocol', 'websocket'],
      [':scheme', 'https'],
      [':path', '/chat'],
      [':authority', 'a'],
    ),
    END_HEADERS,
  );
  for (const [block, target] of [
    [tunnel, 'a:443'],
    [websocket, '/chat'],
  ] as const) {
    const peer = greeted(() => {}, { extendedConnect: true }).receive(block);
    t.same(peer.told, [`request 1 CONNECT ${target}`]);
    peer.send({ kind: 'head', exchange: 1, head: { status: 200 } }).receive(data(1, 'ping'));
    peer.send({ kind: 'content', exchange: 1, bytes: new Uint8Array([0x70]) });
    t.same(peer.said(), ['HEADERS 1 :status=200', 'DATA 1 "p"']);
    peer.receive(data(1, '', END_STREAM)).send({ kind: 'end', exchange: 1 });
    t.same([peer.said(), peer.told.slice(1)], [['DATA 1 "" END'], ['content 1 ping', 'end 1']]);
    const whole = greeted(() => {}, { extendedConnect: true })
      .receive(block)
      .answer(1, '');
    t.equal(whole.said()[0], 'HEADERS 1 :status=200 END', 'RFC9110#8.6: no Content-Length where a tunnel opens');
  }
  t.match(greeted().receive(websocket).said(), ['RST 1 1'], 'RFC8441#3: not without the setting');
});

t.test('a request is what its field list says: cookies joined, Host for :authority, the path as it came', async (t) => {
  let found: unknown;
  const peer = greeted((event) => {
    if (event.kind === 'request') found = [[...event.head.fields], event.head.host, event.head.protocol];
  });
  peer.receive(
    headers(
      1,
      fields(
        [':method', 'GET'],
        [':scheme', 'https'],
        [':path', '/%7e?q'],
        ['cookie', 'a=b'],
        ['te', 'trailers'],
        ['cookie', 'c=d'],
        ['host', 'A:8'],
      ),
    ),
  );
  t.match(found, [
    [
      ['te', 'trailers'],
      ['host', 'A:8'],
      ['cookie', 'a=b; c=d'],
    ],
    { port: 8 },
    'HTTP/2.0',
  ]);
  t.same(peer.told[0], 'request 1 GET /%7e?q');
});
