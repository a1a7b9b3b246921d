import t from 'tap';
import { InvariantError } from '../errors/invariant-error.ts';
import { FieldLines } from '../semantics/field.ts';
import { answering, Peer, type PeerOptions, type Script } from './peer.test.data.ts';
import { DEFAULT_PRIORITY } from './priority.ts';
import { Http2Stream } from './stream.ts';
import { nextStreamState, STREAM_INPUTS, STREAM_NEXT, type StreamInput, type StreamState } from './stream-states.ts';
import {
  continuation,
  data,
  END_STREAM,
  fields,
  get,
  headers,
  hello,
  indexed,
  PREFACE,
  padded,
  ping,
  post,
  request,
  rst,
  SETTINGS_ACK,
  settings,
  textOf,
  windowUpdate,
} from './wire.test.data.ts';

const isState = (name: string): name is StreamState => name in STREAM_NEXT;

/** Inputs that bring a stream into each state. */
const WAYS: Readonly<Record<StreamState, readonly StreamInput[]>> = {
  idle: [],
  open: ['recv-headers'],
  'half-closed-remote': ['recv-headers-end'],
  'half-closed-local': ['recv-headers', 'send-end'],
  closed: ['recv-headers', 'send-rst'],
};

/** A connection whose settings are exchanged, with nothing left to say. */
const greeted = (script: Script = () => {}, options: PeerOptions = {}): Peer =>
  new Peer(script, options).receive(hello()).hush();
const big = (bytes: number): string => 'x'.repeat(bytes);
/** Content in frames of at most 16 KiB. */
const content = (streamId: number, bytes: number): string => {
  let text = '';
  for (let left = bytes; left > 0; left -= 16_384) text += data(streamId, big(Math.min(left, 16_384)));
  return text;
};

t.test('every input in every state of a stream leads where the table says (I1 to I3)', async (t) => {
  const head = { contentLength: undefined, expectation: 'none', priority: DEFAULT_PRIORITY } as const;
  for (const state of Object.keys(STREAM_NEXT).filter(isState)) {
    for (const input of STREAM_INPUTS) {
      const next = nextStreamState(state, input);
      const isReset = input === 'recv-rst' || input === 'send-rst';
      if (state === 'half-closed-remote' && input.startsWith('recv') && input !== 'recv-rst') {
        t.equal(next, undefined, `I1: half-closed-remote leads nowhere by ${input}`);
      }
      if (state === 'closed') t.equal(next, undefined, `I2: closed leads nowhere by ${input}`);
      t.not(next, 'idle', `I2: ${state} by ${input}`);
      if (next === 'closed') {
        const isBoth = state.startsWith('half-closed') && input.endsWith('end');
        t.ok(isReset || isBoth, `I3: ${state} by ${input}`);
      }
      if (isReset) t.equal(next, state === 'idle' || state === 'closed' ? undefined : 'closed', `${state} by ${input}`);
      const target = { form: 'origin', path: '/', query: undefined } as const;
      const whole = {
        ...head,
        method: 'GET',
        target,
        rawTarget: '/',
        protocol: '',
        scheme: 'http',
        host: undefined,
        tunnelProtocol: undefined,
      };
      const stream = new Http2Stream(1, { ...whole, fields: FieldLines.NONE }, 1, 1, 0);
      for (const step of WAYS[state]) stream.enter(step);
      t.equal(stream.state, state, `a way into ${state}`);
      if (next === undefined) t.throws(() => stream.enter(input), InvariantError, `${state} by ${input}`);
      else stream.enter(input);
      t.equal(stream.state, next ?? state, `${state} by ${input}`);
      t.equal(stream.isArriving, stream.state === 'open' || stream.state === 'half-closed-local');
    }
  }
});

t.test('a field block in pieces outlives the octets that its beginning came in (RFC9113#6.10)', async (t) => {
  const block = request('GET', '/whole');
  const peer = greeted()
    .receive(headers(1, block.slice(0, 20), END_STREAM))
    .receive(continuation(1, block.slice(20)));
  t.same(peer.told, ['request 1 GET /whole', 'end 1']);
});

t.test('what each frame does to a stream in each state', async (t) => {
  const ways: Readonly<Record<StreamState, () => Peer>> = {
    idle: () => greeted(),
    open: () => greeted().receive(post(1)),
    'half-closed-remote': () => greeted().receive(get(1)),
    'half-closed-local': () => greeted().receive(post(1)).answer(1),
    closed: () => greeted().receive(get(1)).answer(1),
  };
  const frames: readonly (readonly [name: string, octets: string, outcome: Readonly<Record<StreamState, string>>])[] = [
    [
      'DATA',
      data(1, 'x'),
      {
        idle: 'GOAWAY 0 1 H2_DATA_IDLE',
        open: 'content 1 x',
        'half-closed-remote': 'RST 1 5',
        'half-closed-local': '',
        closed: 'GOAWAY 1 5 H2_CLOSED_STREAM',
      },
    ],
    [
      'HEADERS that end it',
      headers(1, fields(['x', 'y'])),
      {
        idle: 'RST 1 1',
        open: 'end 1 x: y',
        'half-closed-remote': 'RST 1 5',
        'half-closed-local': '',
        closed: 'GOAWAY 1 5 H2_CLOSED_STREAM',
      },
    ],
    [
      'RST_STREAM',
      rst(1),
      {
        idle: 'GOAWAY 0 1 H2_RST_IDLE',
        open: 'abandoned 1',
        'half-closed-remote': 'abandoned 1',
        'half-closed-local': 'abandoned 1',
        closed: '',
      },
    ],
    [
      'WINDOW_UPDATE',
      windowUpdate(1, 1),
      { idle: 'GOAWAY 0 1 H2_WINDOW_IDLE', open: '', 'half-closed-remote': '', 'half-closed-local': '', closed: '' },
    ],
    [
      'PRIORITY',
      '\0\0\x05\x02\0\0\0\0\x01\0\0\0\0\x0f',
      { idle: '', open: '', 'half-closed-remote': '', 'half-closed-local': '', closed: '' },
    ],
  ];
  for (const [name, octets, outcome] of frames) {
    for (const state of Object.keys(ways).filter(isState)) {
      const peer = ways[state]().hush();
      const before = peer.told.length;
      peer.receive(octets);
      const said = peer.said();
      const found = said.at(-1) ?? peer.told.slice(before).at(-1) ?? '';
      t.equal(found, outcome[state], `${name} in ${state}`);
    }
  }
});

t.test(
  "the server's preface is its SETTINGS; every SETTINGS is acknowledged once, in order (RFC9113#6.5.3)",
  async (t) => {
    const peer = new Peer(() => {}, { limits: { connectionWindowBytes: 1_000_000 }, extendedConnect: true });
    t.same(peer.said(), ['SETTINGS 1=4096 3=100 4=262144 5=16384 6=16384 9=1 8=1', 'WINDOW 0 934465']);
    peer.receive(PREFACE + settings([4, 5], [4, 1], [0x77, 9]));
    t.same(peer.said(), ['SETTINGS ACK']);
    peer.receive(SETTINGS_ACK + settings() + settings([3, 0]));
    t.same(peer.said(), ['SETTINGS ACK', 'SETTINGS ACK']);
    peer.receive(get(1)).answer(1, 'abc');
    t.same(peer.said(), ['HEADERS 1 :status=200 content-length=3', 'DATA 1 "a"'], 'the last of two values holds');

    const ordered = greeted((event, one) => {
      if (event.kind === 'request') one.answer(event.exchange, 'ok');
    });
    ordered.receive(get(1) + settings([4, 0], [1, 0]) + get(3));
    t.same(
      ordered.said(),
      [
        'HEADERS 1 :status=200 content-length=2',
        'DATA 1 "ok" END',
        'SETTINGS ACK',
        'HEADERS 3 :status=200 content-length=2',
      ],
      'what was written before is in front of the acknowledgement, what comes behind it obeys',
    );
  },
);

t.test("the peer's table size is obeyed from the acknowledgement on (RFC9113#4.3.1)", async (t) => {
  const respond = (exchange: number): void => {
    const head = { status: 200, fields: { 'x-a': 'one' } };
    peer.send({ kind: 'respond', exchange, head, content: new Uint8Array(0) });
  };
  const peer = greeted();
  peer.receive(get(1) + get(3) + get(5) + get(7));
  respond(1);
  respond(3);
  peer.receive(settings([1, 40]));
  t.match(peer.said(), ['HEADERS 1', 'HEADERS 3', 'SETTINGS ACK']);
  peer.reader.setTableBytes(40);
  respond(5);
  // A section larger than the table empties it; the same head again must not refer to what was there
  peer.send({ kind: 'head', exchange: 7, head: { status: 200, fields: { 'x-a': 'one' } } });
  peer.send({ kind: 'end', exchange: 7, trailers: { 'x-long': big(100) } });
  peer.receive(get(9) + get(11));
  respond(9);
  respond(11);
  const heads = peer.said().filter((line) => line.includes('content-length'));
  t.same(
    heads,
    [5, 9, 11].map((id) => `HEADERS ${id} :status=200 x-a=one content-length=0 END`),
  );
});

t.test('a peer may use 4096 octets of table until it has acknowledged another size (RFC9113#6.5.2)', async (t) => {
  const peer = new Peer(() => {}, { limits: { headerTableBytes: 0 } });
  const block = request('GET', '/');
  peer.receive(PREFACE + settings() + headers(1, block + indexed(['x', 'y'])) + headers(3, `${block}\xbe`));
  t.same(peer.errors, []);
  peer.receive(SETTINGS_ACK + headers(5, `\x20${block}`) + headers(7, block));
  t.same([peer.errors, peer.connection.openExchanges], [[], 4], 'and then the size that it names');
});

t.test('PING overtakes what waits, and never stands inside a frame (RFC9113#6.7)', async (t) => {
  const peer = greeted(() => {}, { takeBytes: 0 })
    .take()
    .hush()
    .receive(get(1))
    .stream(1, big(40_000));
  let text = '';
  for (let rounds = 0; rounds < 1_000; rounds++) {
    const taken = textOf(peer.connection.take(1_000));
    if (taken === '') break;
    text += taken;
    if (rounds === 0) peer.receive(ping());
  }
  const lines = peer.reader.read(text);
  t.equal(lines.at(-1), 'DATA 1 7232 END', 'all of it is frames');
  const at = lines.indexOf('PING ACK pingpong');
  t.ok(at > 0 && at < lines.length - 1, `the answer is the ${at}th of ${lines.length} frames`);
});

t.test('what is sent never exceeds a window, and goes on as far as it is given (RFC9113#6.9)', async (t) => {
  const sent = (peer: Peer, id: number): number => peer.reader.contentBytes.get(id) ?? 0;
  const peer = greeted().receive(get(1) + get(3));
  peer.stream(1, big(100_000));
  t.equal(sent(peer, 1), 65_535, 'the window of the connection and of the stream');
  t.equal(peer.connection.pendingBytes(1), 100_000 - 65_535);
  peer.receive(windowUpdate(1, 10_000));
  t.equal(sent(peer, 1), 65_535, 'the window of the connection is at its end');
  peer.receive(windowUpdate(0, 5_000));
  t.equal(sent(peer, 1), 70_535);
  peer.stream(3, 'abc');
  t.equal(sent(peer, 3), 0, 'another stream waits for the same window');
  peer.receive(windowUpdate(0, 100_000));
  t.same([sent(peer, 1), sent(peer, 3)], [75_535, 3], 'one goes on to the end of its window, the other to its end');
  peer.receive(rst(1));

  const shrunk = greeted().receive(get(1)).stream(1, big(30_000), false).hush();
  shrunk.receive(settings([4, 20_000])).send({ kind: 'content', exchange: 1, bytes: new Uint8Array(20_000) });
  t.equal(sent(shrunk, 1), 30_000, 'RFC9113#6.9.2: a smaller initial window leaves this one 10000 below zero');
  shrunk.receive(windowUpdate(1, 10_000));
  t.equal(sent(shrunk, 1), 30_000, 'it is at zero');
  shrunk.receive(windowUpdate(1, 1));
  t.equal(sent(shrunk, 1), 30_001);
  shrunk.receive(settings([4, 20_010]));
  t.equal(sent(shrunk, 1), 30_011, 'a larger one lifts it');
  shrunk.send({ kind: 'end', exchange: 1, trailers: { 'x-sum': '7' } });
  t.notMatch(shrunk.said().join('\n'), 'x-sum', 'trailers wait behind the content');
  shrunk.receive(windowUpdate(1, 50_000));
  t.match(shrunk.said().at(-1), /^HEADERS 1 x-sum=7 END$/);

  const largest = greeted().receive(
    get(1) + windowUpdate(1, 0x7fffffff - 65_535) + windowUpdate(0, 0x7fffffff - 65_535),
  );
  t.same([largest.errors, largest.state], [[], 'open'], 'RFC9113#6.9.1: 2^31 - 1 is a window');
});

t.test('content that was written octet by octet waits and leaves as if it had been written at once', async (t) => {
  const peer = greeted().receive(settings([4, 0]) + get(1));
  peer.hush().stream(1, 'a', false);
  const octet = new Uint8Array(1);
  for (let i = 0; i < 100_000; i++) {
    octet[0] = 0x61 + (i % 26);
    peer.connection.send({ kind: 'content', exchange: 1, bytes: octet });
  }
  t.equal(peer.connection.pendingBytes(1), 100_001);
  peer.receive(windowUpdate(1, 100) + windowUpdate(0, 100_000)).hush();
  peer.receive(windowUpdate(1, 100_000)).send({ kind: 'end', exchange: 1 });
  const frames = peer.said();
  t.same([peer.reader.contentBytes.get(1), frames.length], [100_001, 8], `${frames.join(', ')}`);
  t.match(peer.output, /aabcdefghijklmnopqrstuvwxyzabc/, 'in order, and none is the octet that came last');
});

t.test('frames are no longer than the peer takes, whatever its maximum (RFC9113#4.2)', async (t) => {
  const wide = new Peer().receive(hello([5, 20_000], [4, 1_000_000]) + windowUpdate(0, 1_000_000) + get(1)).hush();
  wide.answer(1, big(50_000));
  t.same(wide.said().slice(1), ['DATA 1 20000', 'DATA 1 20000', 'DATA 1 10000 END']);
  const wider = new Peer().receive(hello([5, 16_777_215], [4, 1_000_000]) + windowUpdate(0, 1_000_000) + get(1)).hush();
  wider.answer(1, big(200_000));
  t.same(
    wider.said().slice(1),
    ['DATA 1 65536', 'DATA 1 65536', 'DATA 1 65536', 'DATA 1 3392 END'],
    'nor so long that nothing urgent could pass',
  );
  const long = greeted().receive(get(1));
  long.send({
    kind: 'head',
    exchange: 1,
    head: { status: 200, fields: { 'x-long': big(40_000).replaceAll('x', '\x7e') } },
  });
  const said = long.said();
  t.same(
    said.slice(0, -1).map((line) => line.slice(0, 16)),
    said.slice(0, -1).map((_, i) => (i === 0 ? 'HEADERS 1 …' : 'CONTINUATION 1 …')),
  );
  t.match(
    said.at(-1),
    /^CONTINUATION 1 :status=200 x-long=~{40000}$/,
    'RFC9113#6.10: a long head goes on in CONTINUATION',
  );
});

t.test(
  'content that is read is given back in portions, padding at once, what nobody reads too (RFC9113#6.9)',
  async (t) => {
    const limits = { streamWindowBytes: 1_000, connectionWindowBytes: 65_535 };
    const peer = greeted(() => {}, { limits }).receive(post(1) + data(1, big(600)));
    t.same(peer.said(), [], 'nothing is given back unread');
    peer.consume(1, 499);
    t.same(peer.said(), [], 'nor before it is half of the window');
    peer.consume(1, 1);
    t.same(peer.said(), ['WINDOW 1 500']);
    peer.consume(1, 1_000_000);
    peer.receive(data(1, big(900)));
    t.same(peer.errors, [], 'what is said to be read beyond what came is not given');
    peer.receive(data(1, 'x'));
    t.match(peer.said().at(-1), 'RST 1 3', '900 of 900 octets were unread');

    const padding = greeted(() => {}, { limits }).receive(
      post(1) + padded(1, 'x', 255) + padded(1, '', 250, END_STREAM),
    );
    t.same(padding.errors, []);
    const given = greeted(() => {}, { limits }).receive(post(1) + padded(1, '', 255).repeat(2));
    t.same(given.said(), ['WINDOW 1 512'], "padding is nobody's to read");

    const connection = { limits: { connectionWindowBytes: 65_535 } };
    const lost = greeted(() => {}, connection).receive(post(1) + content(1, 40_000) + rst(1));
    t.same(lost.said(), ['WINDOW 0 40000'], 'a reset stream');
    const late = greeted(() => {}, connection)
      .receive(post(1))
      .send({ kind: 'abort', exchange: 1 })
      .hush();
    late.receive(content(1, 40_000));
    t.same(late.said(), ['WINDOW 0 32768'], 'content for a stream that this side has reset');
    const closed = greeted(() => {}, connection).receive(
      get(1) + content(1, 40_000).slice(0, -(40_000 - 2 * 16_384) - 9),
    );
    t.same(
      closed.said().filter((line) => line.startsWith('WINDOW')),
      ['WINDOW 0 32768'],
      'content behind its end',
    );
    const answered = greeted(answering('request'), connection).receive(post(1)).hush();
    answered.receive(content(1, 40_000) + data(1, '', END_STREAM) + ping());
    t.same(answered.said(), ['WINDOW 0 32768', 'PING ACK pingpong'], 'content behind its answer');
    t.equal(answered.connection.openExchanges, 0);
  },
);

t.test('unread content is bounded by the windows, of a stream and of all (RFC9113#5.2)', async (t) => {
  const limits = { streamWindowBytes: 50_000, connectionWindowBytes: 100_000 };
  const peer = greeted(() => {}, { limits }).receive(
    post(1) + content(1, 50_000) + post(3) + content(3, 50_000) + post(5),
  );
  t.same(peer.errors, [], 'all that was offered');
  peer.receive(data(5, 'x'));
  t.match(peer.said().at(-1), /^GOAWAY 5 3 H2_FLOW_CONNECTION$/);
});

t.test(
  'an early answer stands before its reset, and what is left of the request is thrown away (RFC9113#8.1)',
  async (t) => {
    const small = greeted(answering('request')).receive(post(1, ['content-length', '60000']));
    t.same(small.said(), ['HEADERS 1 :status=200 content-length=2', 'DATA 1 "/1" END'], 'a little more is taken');
    small.receive(content(1, 60_000));
    t.same([small.said(), small.connection.openExchanges], [[], 1]);
    small.receive(data(1, '', END_STREAM));
    t.same([small.connection.openExchanges, small.told], [0, ['request 1 POST /1']], 'and told to nobody');

    const large = greeted(answering('request')).receive(post(1, ['content-length', '100000']));
    t.same(large.said(), ['HEADERS 1 :status=200 content-length=2', 'DATA 1 "/1" END', 'RST 1 0'], 'much is not');
    const endless = greeted(answering('request'))
      .receive(post(1) + content(1, 65_536))
      .hush();
    t.equal(endless.connection.openExchanges, 1);
    endless.receive(data(1, 'x'));
    t.same(endless.said(), ['RST 1 0'], 'nor what goes on and on');

    const narrow = greeted(answering('request'), { limits: { streamWindowBytes: 1_000 } });
    narrow.receive(post(1, ['content-length', '3000']));
    for (let i = 0; i < 6; i++) narrow.receive(data(1, big(500), i === 5 ? END_STREAM : 0));
    t.same([narrow.errors, narrow.connection.openExchanges], [[], 0], 'a small window is given again for it');
  },
);

t.test('late frames: forgiven where this side has reset the stream, refused where the peer had ended it', async (t) => {
  const peer = greeted().receive(post(1)).send({ kind: 'abort', exchange: 1 });
  t.same(peer.said(), ['RST 1 2']);
  peer.receive(data(1, 'x') + windowUpdate(1, 1) + headers(1, fields(['x', 'y'])) + rst(1));
  t.same([peer.said(), peer.errors, peer.told], [[], [], ['request 1 POST /1']]);
  peer.receive(data(1, 'x'));
  t.same(peer.said(), ['GOAWAY 1 5 H2_CLOSED_STREAM'], 'after the peer has reset it too, it has no excuse');
  const faulty = greeted().receive(post(1)).send({ kind: 'abort', exchange: 1 });
  t.same(faulty.receive(windowUpdate(1, 0)).said(), ['RST 1 2'], 'RFC9113#5.4.2: a stream is reset once');
  t.same([faulty.receive(windowUpdate(1, 0)).said(), faulty.state], [[], 'open']);
  const old = greeted(answering('end'));
  for (let id = 1; id < 1_001; id += 2) old.receive(get(id));
  old.hush().receive(data(1, 'x'));
  t.same([old.said(), old.state], [[], 'open'], 'what was long ago is forgiven');
});
