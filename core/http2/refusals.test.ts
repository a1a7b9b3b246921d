import t from 'tap';
import { fromLatin1 } from '../bytes/latin1.ts';
import { HPACK_CODES } from '../errors/hpack-codes.ts';
import { HTTP2_CODES } from '../errors/http2-codes.ts';
import { CODES, formatDiagnostic, type ProtocolError } from '../errors/protocol-error.ts';
import { answering, echoing, Peer, type PeerOptions, type Script } from './peer.test.data.ts';
import { HPACK_ERROR, REFUSALS, type Refusal, TIMER_CODES } from './refusals.test.data.ts';
import {
  continuation,
  data,
  END_HEADERS,
  END_STREAM,
  fields,
  frame,
  get,
  headers,
  hello,
  indexed,
  literal,
  MARK,
  PADDED,
  PRIORITY,
  padded,
  ping,
  post,
  priority,
  priorityUpdate,
  request,
  rst,
  settings,
  T,
  uint,
  windowUpdate,
} from './wire.test.data.ts';

const SEED = Number(process.env['AERONET_SEED'] ?? 9_113);
const SPLITS = 4;
t.comment(`seed ${SEED} (AERONET_SEED)`);

/** What the registry says of a code: scope and number on the wire. */
function specOf(code: Refusal['code']): { scope: 'connection' | 'stream'; h2: number } {
  if (code in HPACK_CODES) return { scope: 'connection', h2: HPACK_ERROR };
  const found = Object.entries(HTTP2_CODES).find(([name]) => name === code)?.[1];
  if (found === undefined) throw new Error(`${code} is not in the registry`);
  return found;
}

/** Whether a frame of the type that `error` names begins where it says, and holds the place, or ends right before it. */
function isInFrame(input: string, { offset, frameType, frameOffset }: Partial<ProtocolError> = {}): boolean {
  if (frameOffset === undefined || offset === undefined) return frameType === undefined;
  const [high = 0, middle = 0, low = 0, type] = fromLatin1(input.slice(frameOffset, frameOffset + 4));
  const end = frameOffset + 9 + ((high << 16) | (middle << 8) | low);
  return type === frameType && offset >= frameOffset && offset <= end;
}

t.test('every code is raised by a row: its place, its scope and its number on the wire', async (t) => {
  for (const row of REFUSALS) {
    const { code, streamId, frameType, input, options, script, wire } = row;
    const offset = input.indexOf(MARK);
    const name = `${code} at octet ${offset}`;
    const peer = new Peer(script, options).receive(input.replace(MARK, '')).take();
    const error = peer.errors.at(-1);
    const found = { code: error?.code, offset: error?.offset, streamId: error?.streamId, frameType: error?.frameType };
    t.same(found, { code, offset, streamId, frameType }, name);
    t.equal(error?.rfc, CODES[code].rfc);
    t.equal(isInFrame(input.replace(MARK, ''), error), true, `${name}: inside the frame that it names`);
    const { scope, h2 } = specOf(code);
    const said = peer.said();
    if (wire !== undefined) t.same(said.slice(-wire.length), wire, `${name}: on the wire`);
    else if (scope === 'stream') t.equal(said.at(-1), `RST ${streamId} ${h2}`, `${name}: on the wire`);
    else t.match(said.at(-1), new RegExp(`^GOAWAY \\d+ ${h2} ${code}$`), `${name}: on the wire`);
    const isOver = said.at(-1)?.startsWith('GOAWAY') === true;
    t.equal(isOver || scope === 'connection', peer.state !== 'open', `${name}: what is left of the connection`);
    if (isOver) {
      t.same(peer.receive(get(101) + ping()).said(), [], `${name}: nothing is read behind it`);
      t.equal(peer.connection.openExchanges, 0, `${name}: no exchange is left`);
    } else {
      t.same(peer.receive(ping()).take().said(), ['PING ACK pingpong'], `${name}: the connection goes on`);
    }
  }
});

t.test('the rows and the timers are the whole registry', async (t) => {
  const raised = new Set<string>([...REFUSALS.map(({ code }) => code), ...TIMER_CODES]);
  t.same([...raised].sort(), [...Object.keys(HTTP2_CODES), ...Object.keys(HPACK_CODES)].sort());
});

t.test('a diagnostic says what was being read, where, and by which clause', async (t) => {
  const start = hello().length;
  const [path, line] = [request('GET', '/').length, literal(['a', 'b']).length];
  const rows: readonly (readonly [input: string, ...lines: string[]])[] = [
    [
      post(1) + frame(T.DATA, PADDED, 1, '\x04abc'),
      `Cannot accept padding at byte ${start + post(1).length + 9}: it is as long as the payload or longer`,
      `  H2_PADDING (RFC9113#6.1) at byte ${start + post(1).length + 9}, stream 1, DATA at byte ${start + post(1).length}`,
      '  | 00 00 04 00 08 00 00 00 01 04 61 62 63',
      '  |                            ^^',
    ],
    [
      frame(T.SETTINGS, 0, 0, '\0\x03\0\0\0\x01\0\x04\x80\0\0\0'),
      `Cannot accept SETTINGS_INITIAL_WINDOW_SIZE at byte ${start + 17}: the value is above 2^31 - 1`,
      `  H2_SETTINGS_WINDOW (RFC9113#6.5.2) at byte ${start + 17}, stream 0, SETTINGS at byte ${start}`,
      '  | 00 00 0c 04 00 00 00 00 00 00 03 00 00 00 01 00 04 80 00 00 00',
      '  |                                                    ^^',
    ],
    [
      get(1, '/', ['a', 'b'], ['cookie', 'one\x01\xff"two']),
      `Cannot accept field value "cookie: one\\x01\\xff\\"two" at byte ${start + 9 + path + line}: it has a control, or white space at an end`,
      `  H2_FIELD_VALUE (RFC9113#8.2.1) at byte ${start + 9 + path + line}, stream 1, HEADERS at byte ${start}, octet ${path + line} of the field block`,
      '  | cookie: one\\x01\\xff\\"two',
      '  |            ^^^^',
    ],
    [
      headers(1, request('GET', '/'), 0) + continuation(1, literal(['Upper', 'x'])),
      `Cannot accept field name "Upper: x" at byte ${start + 18 + path}: it is empty, has an upper-case letter, or is no token`,
      `  H2_FIELD_NAME (RFC9113#8.2.1) at byte ${start + 18 + path}, stream 1, CONTINUATION at byte ${start + 9 + path}, octet ${path} of the field block`,
      '  | Upper: x',
      '  | ^',
    ],
    [
      headers(1, '\x82\x84', 0) + continuation(1, '\x86\x80'),
      `Cannot parse HPACK index: octet 0x80 at byte ${start + 21} is index 0, which stands for nothing`,
      `  HPACK_INDEX_ZERO (RFC7541#6.1) at byte ${start + 21}, stream 1, CONTINUATION at byte ${start + 11}, octet 3 of the field block`,
      '  | 82 84 86 80',
      '  |          ^^',
    ],
    [
      headers(1, fields([':method', 'GET'], [':scheme', 'http'], [':path', '/'])),
      `Cannot accept :authority at byte ${start}: neither it nor Host says who is addressed`,
    ],
    [
      uint(16_385, 3),
      `Cannot accept frame at byte ${start}: it is longer than SETTINGS_MAX_FRAME_SIZE`,
      `  H2_FRAME_SIZE (RFC9113#4.2) at byte ${start}, stream 0`,
    ],
  ];
  for (const [input, ...lines] of rows) {
    const [error] = new Peer().receive(hello() + input).errors;
    const found = (error === undefined ? '' : formatDiagnostic(error)).split('\n');
    t.same(found.slice(0, lines.length), lines, lines[0] ?? '');
  }
});

t.test('a malformed request is answered with 400 where that is asked for (RFC9113#8.1.1)', async (t) => {
  for (const { code, input, options, script } of REFUSALS) {
    const status = CODES[code].status;
    if (status !== 400) continue;
    const peer = new Peer(script, { ...options, malformed: 'answer' }).receive(input.replace(MARK, ''));
    const said = peer.said().filter((line) => /^(?:HEADERS|DATA|RST)/.test(line));
    t.match(said[0], /^HEADERS 1 :status=400 /, `${code}: answered`);
    t.match(said[1], /^DATA 1 "400 Bad Request\n" END$/, `${code}: whole`);
    t.ok(said.length === 2 || said[2] === 'RST 1 0', `${code}: ${said[2] ?? 'the request had ended'}`);
  }
});

/** Conversations in which nothing is wrong. */
const TALKS: readonly (readonly [name: string, input: string, script: Script, options?: PeerOptions])[] = [
  ['requests side by side', hello() + get(1) + get(3) + get(5) + get(7), answering('end')],
  [
    'content with padding and trailers',
    hello() +
      post(1) +
      data(1, 'one ') +
      padded(1, 'two ', 7) +
      data(1, 'three') +
      headers(1, fields(['x-sum', '7'])) +
      post(3, ['content-length', '4']) +
      data(3, 'four', END_STREAM),
    echoing,
  ],
  [
    'a block in pieces, with a table that fills',
    hello() +
      frame(T.HEADERS, PADDED | PRIORITY | END_STREAM, 1, `\x02\0\0\0\0\x0f${request('GET', '/pieces')}\0\0`) +
      continuation(1, indexed(['x-a', 'one']), 0) +
      continuation(1, '', 0) +
      continuation(1, indexed(['x-b', 'two'])) +
      headers(3, `${request('GET', '/again')}\xbe\xbf`),
    answering('end'),
  ],
  [
    'settings, pings, priorities, windows, unknown frames, a reset',
    hello([3, 100], [4, 10]) +
      ping('one.....') +
      priorityUpdate(1, 'u=1, i') +
      get(1, '/a-target-of-some-length') +
      priority(1, 0) +
      frame(0xbe, 0xff, 1, 'what?') +
      windowUpdate(1, 5) +
      settings([4, 20], [1, 0]) +
      post(3) +
      rst(3) +
      get(5) +
      settings([4, 65_535], [1, 4_096]) +
      get(7) +
      ping('two.....'),
    answering('end'),
  ],
  [
    'early answers',
    hello() + post(1) + data(1, 'x'.repeat(5_000)) + get(3) + data(1, '', END_STREAM),
    answering('request'),
  ],
  [
    'extended CONNECT',
    hello() +
      headers(
        1,
        fields(
          [':method', 'CONNECT'],
          [':protocol', 'websocket'],
          [':scheme', 'http'],
          [':path', '/chat'],
          [':authority', 'a'],
        ),
        END_HEADERS,
      ) +
      data(1, 'hello') +
      data(1, 'bye', END_STREAM),
    echoing,
    { extendedConnect: true },
  ],
];

t.test('every split of the same octets gives the same events, diagnostics and octets', async (t) => {
  for (const [name, input, script, options = {}] of TALKS) {
    const peer = new Peer(script, options).receive(input);
    t.same(peer.errors, [], `${name}: nothing is wrong`);
    t.match(peer.told[0], /^request 1 /, name);
    t.equal(
      oddSplit(input, () => new Peer(script, { ...options, takeBytes: 0 })),
      undefined,
      name,
    );
  }
  for (const { code, input, options, script } of REFUSALS) {
    const odd = oddSplit(input.replace(MARK, ''), () => new Peer(script, { ...options, takeBytes: 0 }));
    t.equal(odd, undefined, code);
  }
});

t.test('what is taken between the pieces changes the order of frames and the cut of content at most', async (t) => {
  for (const [name, input, script, options = {}] of TALKS) {
    const whole = new Peer(script, options).receive(input);
    const sorted = whole
      .said()
      .filter((line) => !line.startsWith('DATA'))
      .sort();
    for (const takeBytes of [Number.POSITIVE_INFINITY, 1, 10, 100]) {
      const peer = new Peer(script, { ...options, takeBytes });
      for (const octet of input) peer.receive(octet);
      t.same(peer.told, whole.told, `${name}: events, ${takeBytes} octets taken at a time`);
      const frames = peer.said().filter((line) => !line.startsWith('DATA'));
      t.same(frames.sort(), sorted, `${name}: frames, ${takeBytes} octets taken at a time`);
      t.same(peer.reader.contentBytes, whole.reader.contentBytes, `${name}: content, ${takeBytes} octets at a time`);
      t.equal(peer.reader.restBytes, 0, 'frames are whole');
    }
  }
});

/** The way of cutting `input` that is read unlike the whole, or `undefined`. */
function oddSplit(input: string, open: () => Peer): string | undefined {
  const read = (pieces: Iterable<string>): string => {
    const peer = open();
    for (const piece of pieces) peer.receiveBytes(fromLatin1(piece));
    peer.take();
    return [...peer.told, ...peer.errors.map(formatDiagnostic), peer.state, peer.output].join('\n');
  };
  const whole = read([input]);
  // WHY: octet by octet costs most, and long inputs are long by repetition
  if (input.length < 20_000 && read(input) !== whole) return 'octet by octet';
  for (let i = 0; i < SPLITS; i++) {
    if (read(inPieces(input, seededRandom(SEED + i))) !== whole) return `seed ${SEED + i}`;
  }
  return undefined;
}

/** Pieces of 1 to 16 octets, sometimes up to 512. */
function* inPieces(text: string, random: () => number): Generator<string> {
  for (let at = 0; at < text.length; ) {
    const length = 1 + Math.floor(random() * (random() < 0.2 ? 512 : 16));
    yield text.slice(at, at + length);
    at += length;
  }
}

/** Numbers from 0 to 1 that depend on `seed` alone (mulberry32). */
function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b_79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}
