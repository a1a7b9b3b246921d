import t from 'tap';
import { fromLatin1, latin1 } from '../bytes/latin1.ts';
import { CallerError } from '../errors/caller-error.ts';
import { Http1Connection } from './connection.ts';
import { CONNECTION_INPUTS, CONNECTION_NEXT, type ConnectionState, nextConnectionState } from './connection-states.ts';
import { answering, CLOSE, get, limited, Peer, post, refusal, type Script, said } from './peer.test.data.ts';
import { inPieces, seededRandom, singly } from './readings.test.data.ts';

const SEED = Number(process.env['AERONET_SEED'] ?? 20_991);
t.comment(`seed ${SEED} (AERONET_SEED)`);

const isState = (name: string): name is ConnectionState => name in CONNECTION_NEXT;

/** A connection brought into each state, by a way that an owner may go. */
const WAYS: Readonly<Record<ConnectionState, () => Peer>> = {
  open: () => new Peer(),
  ending: () => new Peer().receive(post('/1', '') + post('/2', '')).end(),
  'half-closed': () => new Peer().receive(get('/')).end(),
  // What is refused waits for the response before it
  closing: () => new Peer().receive(`${get('/')}GET /\r\n`),
  lingering: () => new Peer(answering('request')).receive(get('/', CLOSE)),
  closed: () => new Peer(answering('request')).receive(get('/', CLOSE)).end(),
  aborted: () => new Peer().receive(get('/')).send({ kind: 'abort', exchange: 1 }),
};

t.test('every input in every state of a connection leads where the table says (I1 to I4)', async (t) => {
  for (const state of Object.keys(CONNECTION_NEXT).filter(isState)) {
    for (const input of CONNECTION_INPUTS) {
      const next = nextConnectionState(state, input);
      const isFinal = state === 'closed' || state === 'aborted';
      if (state === 'aborted') t.ok(next === undefined || next === 'aborted', `I4: aborted stays by ${input}`);
      if (state === 'closed') t.ok(next === undefined || isFinal, `I3: nothing is read after closed by ${input}`);
      if (input === 'gone' && !isFinal) t.equal(next, 'closed', `gone closes ${state}`);
      if (input === 'abort') t.equal(next, 'aborted', `abort aborts ${state}`);
      if (next === 'open') t.fail(`I1: ${state} by ${input} opens again`);
      if (next === 'ending')
        t.same([input, /^(?:open|ending)$/.test(state)], ['cut', true], 'I1: octets wait in ending');
      if (input === 'flushed')
        t.equal(next !== undefined, state === 'closing' || state === 'half-closed', `I2: ${state} flushed`);
    }
    const peer = WAYS[state]();
    t.equal(peer.state, state, `a way into ${state}`);
    const requests = peer.told.length;
    if (state !== 'ending') peer.receive(get('/late'));
    const isTold = peer.told.slice(requests).some((told) => told.startsWith('request'));
    t.equal(isTold, state === 'open', `I1: ${state === 'open' ? 'a' : 'no'} request is read in ${state}`);
    for (const [input, act] of [
      ['eof', (one: Peer) => one.end()],
      ['gone', (one: Peer) => one.connection.fail()],
    ] as const) {
      const one = WAYS[state]();
      act(one);
      const by = input === 'eof' && state === 'ending' ? 'cut' : input;
      const after = nextConnectionState(state, by);
      // What is flushed already moves on at once
      const settled = after === 'half-closed' && one.connection.openExchanges === 0 ? 'closed' : after;
      t.equal(one.state, settled, `${state} by ${input}`);
    }
  }
});

t.test('pipelined requests: safe ones side by side, others alone, answered in order (RFC9112#9.3.2)', async (t) => {
  const peer = new Peer();
  peer.receive(get('/1') + get('/2') + post('/3', 'abc') + get('/4'));
  t.same(peer.told, ['request 1 GET /1', 'end 1', 'request 2 GET /2', 'end 2'], 'the unsafe one waits');
  t.same([peer.connection.hasBacklog, peer.connection.isBlocked], [true, true]);
  peer.answer(2, 'second');
  t.equal(peer.said(), '', 'the first is not overtaken');
  t.equal(peer.connection.pendingBytes(2), said('second').length, 'the second is held');
  peer.answer(1, 'first');
  t.equal(peer.said(), said('first') + said('second'));
  t.same(peer.told.splice(0).slice(4), ['request 3 POST /3', 'content 3 abc', 'end 3'], 'then it is read');
  peer.answer(3, 'third');
  t.same(peer.told, ['request 4 GET /4', 'end 4'], 'and what is safe waits behind it');
  peer.answer(4, 'fourth');
  t.equal(peer.said(), said('third') + said('fourth'));
  t.same([peer.state, peer.connection.hasBacklog, peer.connection.openExchanges], ['open', false, 0]);
});

t.test('a response may be written in pieces while others are held behind it', async (t) => {
  const peer = new Peer().receive(get('/1') + get('/2') + get('/3'));
  peer.send({ kind: 'head', exchange: 2, head: { status: 200 } });
  peer.send({ kind: 'content', exchange: 2, bytes: fromLatin1('b') });
  peer.send({ kind: 'head', exchange: 1, head: { status: 200 }, contentLength: 1 });
  peer.answer(3, 'c');
  peer.send({ kind: 'content', exchange: 1, bytes: fromLatin1('a') });
  t.equal(peer.said(), said('a'));
  peer.send({ kind: 'end', exchange: 1 });
  t.equal(
    peer.said(),
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nb\r\n',
    'what was held comes at once',
  );
  peer.send({ kind: 'end', exchange: 2, trailers: { X: 'y' } });
  t.equal(peer.said(), `0\r\nX: y\r\n\r\n${said('c')}`);
  t.throws(() => peer.answer(1), { code: 'EXCHANGE_UNKNOWN' }, 'an exchange that is over is unknown');
  t.throws(() => peer.send({ kind: 'abort', exchange: 9 }), CallerError);
});

t.test('reading ahead stops at its limits', async (t) => {
  const peer = new Peer(() => {}, limited({ pipelinedRequests: 2 }));
  peer.receive(get('/1') + get('/2') + get('/3'));
  t.same(peer.told.filter((told) => told.startsWith('request')).length, 2, 'pipelinedRequests');
  peer.answer(1);
  t.same(peer.told.filter((told) => told.startsWith('request')).length, 3);

  const connection = new Http1Connection(limited({ heldResponseBytes: 1_024 }));
  connection.receive(fromLatin1(get('/1')));
  connection.send({ kind: 'respond', exchange: 1, head: { status: 200 }, content: new Uint8Array(1_024) });
  t.same(connection.receive(fromLatin1(get('/2'))), [], 'heldResponseBytes: nothing is read while nothing is taken');
  t.same([connection.isBlocked, connection.writeHighBytes], [true, 1_024]);
  connection.take();
  t.match(connection.resume(), [{ kind: 'request' }, { kind: 'end' }]);

  const last = new Peer(answering('end'), limited({ requestsPerConnection: 2 }));
  last.receive(get('/1') + get('/2') + get('/3'));
  t.equal(last.said(), said('/1') + said('/2', CLOSE), 'requestsPerConnection: the last answer says close');
  t.equal(last.state, 'lingering');
});

t.test('a connection persists as version and Connection say (RFC9112#9.3)', async (t) => {
  const old = (lines: string): string => `GET / HTTP/1.0\r\n${lines}\r\n`;
  const rows: [request: string, lines: string, isKept: boolean][] = [
    [get('/'), '', true],
    [get('/', 'Connection: keep-alive\r\n'), '', true],
    [get('/', 'Connection: close\r\n'), CLOSE, false],
    [get('/', 'Connection: Keep-Alive, CLOSE\r\n'), CLOSE, false],
    [get('/', 'Connection: x\r\nConnection: y, close\r\n'), CLOSE, false],
    [get('/', 'Connection: closed, not-close\r\n'), '', true],
    [get('/', 'Connection: close\xa0\r\n'), '', true],
    [old(''), CLOSE, false],
    [old('Connection: keep-alive\r\n'), 'Connection: keep-alive\r\n', true],
    [old('Connection: close, keep-alive\r\n'), CLOSE, false],
    ['CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n', CLOSE, false],
  ];
  for (const [request, lines, isKept] of rows) {
    const peer = new Peer((event, one) => {
      if (event.kind === 'request') one.answer(event.exchange, '');
    });
    peer.receive(request + get('/next'));
    const next = isKept ? said('') : '';
    t.equal(peer.said(), said('', lines) + next, `${request.split('\r\n').join(' ')}: ${isKept ? 'kept' : 'closed'}`);
    t.equal(peer.state, isKept ? 'open' : 'lingering');
  }
  const streamed = new Peer().receive('GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n');
  streamed.send({ kind: 'head', exchange: 1, head: { status: 200 } });
  streamed.send({ kind: 'content', exchange: 1, bytes: fromLatin1('abc') });
  streamed.send({ kind: 'end', exchange: 1 });
  t.equal(streamed.said(), `HTTP/1.1 200 OK\r\n${CLOSE}\r\nabc`, 'HTTP/1.0 has no chunks: the end is the close');
  t.equal(streamed.state, 'lingering');
});

t.test(
  '100 (Continue) is sent once, when the content is asked for, and only to who waits (RFC9110#10.1.1)',
  async (t) => {
    const expecting = `POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n`;
    const peer = new Peer().receive(expecting);
    t.equal(peer.said(), '', 'not before');
    peer.send({ kind: 'demand', exchange: 1 });
    t.equal(peer.said(), 'HTTP/1.1 100 Continue\r\n\r\n');
    peer.receive('a').send({ kind: 'demand', exchange: 1 }).receive('bc').send({ kind: 'demand', exchange: 1 });
    t.equal(peer.said(), '', 'once, however the content comes');
    peer.answer(1);
    t.same([peer.said(), peer.state], [said('ok'), 'open']);

    const refused = new Peer().receive(expecting).answer(1, 'no', 403);
    t.equal(refused.said(), said('no', CLOSE).replace('200 OK', '403 Forbidden'), 'a final answer instead closes');
    t.equal(refused.state, 'lingering', 'because nobody knows whether the content comes');

    const late = new Peer().receive(expecting);
    late
      .send({ kind: 'head', exchange: 1, head: { status: 200 }, contentLength: 0 })
      .send({ kind: 'demand', exchange: 1 });
    t.equal(late.said(), said('', CLOSE), 'none behind the final head');
    late.receive('abc').send({ kind: 'end', exchange: 1 });
    t.equal(late.state, 'lingering', 'RFC9112#9.6: who has said close closes, though the content came after all');

    for (const request of [
      expecting.replace('1.1', '1.0'),
      expecting.replace('Content-Length: 3\r\n', ''),
      expecting.replace('Expect: 100-continue\r\n', ''),
    ]) {
      const other = new Peer().receive(request).send({ kind: 'demand', exchange: 1 });
      t.equal(other.said(), '', request.split('\r\n').join(' '));
    }
  },
);

t.test(
  'content that is left unread is thrown away up to a limit, then the connection closes (RFC9112#9.3)',
  async (t) => {
    const head = (lines: string): string => `POST / HTTP/1.1\r\nHost: a\r\n${lines}\r\n\r\n`;
    const options = limited({ drainBytes: 10 });
    const rows: [name: string, input: string, output: string, state: string][] = [
      [
        'within the limit',
        `${head('Content-Length: 10')}${'x'.repeat(10)}${get('/n')}`,
        said('/') + said('/n'),
        'open',
      ],
      [
        'above the limit, as announced',
        `${head('Content-Length: 11')}${'x'.repeat(11)}${get('/n')}`,
        said('/', CLOSE),
        'lingering',
      ],
      [
        'chunks within the limit',
        `${head('Transfer-Encoding: chunked')}a\r\n${'x'.repeat(10)}\r\n0\r\n\r\n${get('/n')}`,
        said('/') + said('/n'),
        'open',
      ],
      [
        'chunks above the limit',
        `${head('Transfer-Encoding: chunked')}b\r\n${'x'.repeat(11)}\r\n0\r\n\r\n${get('/n')}`,
        said('/'),
        'lingering',
      ],
      ['chunks that break', `${head('Transfer-Encoding: chunked')}0x5\r\n`, said('/'), 'lingering'],
      [
        'chunks that break behind an answer that said close',
        `${head('Connection: close\r\nTransfer-Encoding: chunked')}0x5\r\n`,
        said('/', CLOSE),
        'lingering',
      ],
    ];
    for (const [name, input, output, state] of rows) {
      const peer = new Peer(answering('request'), options).receive(input);
      t.same([peer.said(), peer.state], [output, state], name);
      t.notOk(
        peer.told.some((told) => told.startsWith('content')),
        `${name}: the owner gets none of it`,
      );
    }
    const asked = new Peer().receive(head('Content-Length: 1000000'));
    asked.send({ kind: 'demand', exchange: 1 }).receive('x'.repeat(1_000)).answer(1, 'enough', 413);
    t.equal(
      asked.said(),
      said('enough', CLOSE).replace('200 OK', '413 Content Too Large'),
      'RFC9112#9.6 SHOULD: says that it closes',
    );
    t.equal(asked.state, 'lingering');
  },
);

t.test('lingering throws away what still comes, until the peer ends or the time is over (RFC9112#9.6)', async (t) => {
  const lingering = (length = 1): Peer => {
    const peer = new Peer(() => {}, limited({ lingerMs: 1_000 })).tick(0).receive(get('/', CLOSE));
    return peer.answer(1, 'x'.repeat(length));
  };
  const ended = lingering().receive('x'.repeat(100_000)).receive(get('/'));
  t.same([ended.state, ended.told], ['lingering', ['request 1 GET /', 'end 1']]);
  t.equal(ended.end().state, 'closed');
  const late = lingering().tick(5_000).tick(5_999);
  t.equal(late.state, 'lingering');
  t.equal(late.tick(6_000).state, 'closed');
  const slow = lingering(100_000);
  for (let now = 0; now < 60_000; now += 1_000) slow.tick(now, { unwrittenBytes: 100_000 - now });
  t.equal(slow.state, 'lingering', 'the time begins when the last octet was taken');
  slow.tick(60_000).tick(61_000);
  t.equal(slow.state, 'closed');
});

t.test('after the peer has ended its side, what it sent is read and answered', async (t) => {
  const peer = new Peer().receive(post('/1', '') + post('/2', '') + get('/3')).end();
  t.equal(peer.state, 'ending');
  peer.answer(1, '1');
  t.equal(peer.state, 'ending');
  peer.answer(2, '2');
  t.equal(peer.state, 'half-closed');
  peer.answer(3, '3');
  t.same([peer.said(), peer.state], [said('1') + said('2') + said('3', CLOSE), 'closed']);

  const cut = new Peer().receive(`${get('/1')}GET /2 HT`).end();
  t.same(cut.told.slice(2), ['error H1_HEAD_CUT']);
  cut.answer(1, '1');
  t.same(
    [cut.said(), cut.state],
    [said('1') + refusal('400 Bad Request'), 'closed'],
    'a half head is refused in its turn',
  );

  const half = new Peer().receive(post('/', 'abc').slice(0, -1)).end();
  t.same(half.told, ['request 1 POST /', 'content 1 ab', 'error H1_CONTENT_CUT', 'abandoned 1 H1_CONTENT_CUT']);
  t.same([half.said(), half.state], [refusal('400 Bad Request'), 'closed']);
  t.equal(new Peer().end().state, 'closed', 'nothing was sent, nothing is owed');
});

t.test('an error in a pipeline is answered after the responses before it', async (t) => {
  const peer = new Peer().receive(`${get('/1') + get('/2')}GET /3 HTTP/9.9\r\n\r\n${get('/4')}`);
  t.same(peer.told.slice(4), ['error H1_VERSION_MAJOR']);
  t.equal(peer.said(), '');
  peer.answer(2, '2').answer(1, '1');
  t.same([peer.said(), peer.state], [said('1') + said('2') + refusal('505 HTTP Version Not Supported'), 'lingering']);

  const content = new Peer().receive(
    `${get('/1')}GET /2 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0x1\r\n`,
  );
  t.same(content.told.slice(2), ['request 2 GET /2', 'error H1_CHUNK_SIZE_OCTET', 'abandoned 2 H1_CHUNK_SIZE_OCTET']);
  content.answer(1, '1');
  t.equal(content.said(), said('1') + refusal('400 Bad Request'));

  const started = new Peer().receive('POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n');
  started.send({ kind: 'head', exchange: 1, head: { status: 200 } }).receive('0x1\r\n');
  t.same(
    [started.told.slice(1), started.state],
    [['error H1_CHUNK_SIZE_OCTET', 'abandoned 1 H1_CHUNK_SIZE_OCTET'], 'aborted'],
    'a response that was begun is cut',
  );

  const held = new Peer().receive(`${get('/1')}GET /2 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n`);
  held.answer(2, '2').receive('0x1\r\n');
  t.same(held.told.slice(3), ['error H1_CHUNK_SIZE_OCTET'], 'what was answered already is not abandoned');
  held.answer(1, '1');
  t.same([held.said(), held.state], [said('1') + said('2'), 'lingering'], 'nor lost, and no other waits behind it');
});

t.test('drain: what was read is answered, the last says close, nothing further is read', async (t) => {
  t.equal(new Peer().send({ kind: 'drain' }).state, 'lingering', 'idle: at once');
  const busy = new Peer().receive(get('/1') + get('/2')).send({ kind: 'drain' });
  busy.answer(1, '1').answer(2, '2');
  t.same([busy.said(), busy.state], [said('1') + said('2', CLOSE), 'lingering']);
  const waiting = new Peer()
    .receive(post('/1', '') + post('/2', ''))
    .send({ kind: 'drain' })
    .answer(1, '1');
  t.same(
    [waiting.said(), waiting.state],
    [said('1', CLOSE), 'lingering'],
    'a request that was not read is not answered',
  );
  const begun = new Peer(answering('end')).receive('GET /1 HT').send({ kind: 'drain' });
  t.equal(begun.state, 'open');
  begun.receive(get('/1').slice(9) + get('/2'));
  t.same([begun.said(), begun.state], [said('/1', CLOSE), 'lingering'], 'a head that was begun is read');
  const unread = new Peer(answering('request')).receive(post('/1', 'abc').slice(0, -1)).send({ kind: 'drain' });
  t.same([unread.said(), unread.state], [said('/1'), 'open'], 'content that is thrown away is waited for');
  t.equal(unread.receive('c').state, 'lingering');
  const streaming = new Peer().receive(get('/1')).send({ kind: 'drain' });
  streaming.send({ kind: 'head', exchange: 1, head: { status: 200 }, contentLength: 1 }).receive(get('/2'));
  t.same(streaming.told.length, 2, 'RFC9112#9.6: nothing is read behind a head that said close');
  const told = new Peer().receive(get('/1'));
  told.send({ kind: 'head', exchange: 1, head: { status: 200 }, contentLength: 0 }).send({ kind: 'drain' });
  told.send({ kind: 'end', exchange: 1 });
  t.same([told.said(), told.state], [said(''), 'lingering'], 'a head that is out already cannot say it any more');
});

t.test('abort and fail abandon what is open, once', async (t) => {
  const peer = new Peer().receive(get('/1') + get('/2')).send({ kind: 'abort', exchange: 2 });
  t.same([peer.state, peer.said()], ['aborted', '']);
  peer.connection.fail();
  peer.connection.fail();
  t.same(peer.told.slice(4), ['abandoned 1', 'abandoned 2']);
  t.throws(() => peer.answer(1), { code: 'EXCHANGE_UNKNOWN' });
  peer.tick(0).tick(1e9).receive(get('/')).end();
  t.same([peer.state, peer.told.length, peer.said()], ['aborted', 6, '']);
});

t.test('responses are the same octets for every split of the requests', async (t) => {
  const chunks = 'POST /c HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nX: y\r\n\r\n';
  const inputs = [
    get('/1') + get('/2') + post('/3', 'abc') + get('/4'),
    `${chunks}\r\n${post('/p', '')}${chunks}HEAD /h HTTP/1.1\r\nHost: a\r\n\r\n${get('/x', CLOSE)}${get('/never')}`,
    `${post('/1', 'x'.repeat(300))}${get('/2')}GET /3 HTTP/1.0\r\nConnection: keep-alive\r\n\r\nGET /4 HTTP/1.0\r\n\r\n`,
    `${get('/1') + get('/2')}GET  /bad\r\n\r\n`,
    `${get('/1')}${chunks.replace('abc\r\n', 'abcd')}`,
    `${get('/1')}${post('/2', 'abc').slice(0, -1)}`,
    `POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\nabc${get('/2')}`,
  ];
  const demanding: Script = (event, peer) => {
    if (event.kind === 'request') peer.send({ kind: 'demand', exchange: event.exchange });
    if (event.kind === 'end') peer.answer(event.exchange, String(event.exchange));
  };
  for (const [index, input] of inputs.entries()) {
    const octets = fromLatin1(input);
    for (const [name, script] of [
      ['at the request', () => answering('request')],
      ['at its end', () => answering('end')],
      ['after demand', () => demanding],
    ] as const) {
      const run = (pieces: Iterable<Uint8Array>): string => {
        const peer = new Peer(script(), { ...limited({ drainBytes: 100 }), date: () => 'D' });
        for (const piece of pieces) peer.receiveBytes(piece);
        const { state } = peer.end();
        return `${peer.said()}\n${state}\n${peer.told.filter((told) => !told.startsWith('content')).join('\n')}`;
      };
      const whole = run([octets]);
      const random = seededRandom(SEED);
      t.equal(run(singly(octets)), whole, `input ${index}, answered ${name}, octet by octet`);
      const odd = Array.from({ length: 20 }, () => run(inPieces(octets, random))).find((other) => other !== whole);
      t.equal(odd, undefined, `input ${index}, answered ${name}, at 20 seeded splits`);
    }
  }
});

t.test('a pipeline that has to wait is neither copied again for each request nor read twice', async (t) => {
  const count = 2_000;
  const octets = fromLatin1(post('/', '').repeat(count));
  const connection = new Http1Connection();
  let events = connection.receive(octets);
  let answered = 0;
  let output = '';
  for (; events.length > 0; events = connection.resume()) {
    for (const event of events) {
      if (event.kind !== 'request') continue;
      connection.send({ kind: 'respond', exchange: event.exchange, head: { status: 200 }, content: new Uint8Array(0) });
      answered += 1;
    }
    output += connection
      .take()
      .map((part) => latin1(part))
      .join('');
  }
  t.same([answered, output === said('').repeat(count)], [count, true]);
  t.ok(connection.work <= 4 * octets.length, `${(connection.work / octets.length).toFixed(2)} steps an octet`);
});
