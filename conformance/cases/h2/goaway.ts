import {
  bareCloses,
  barrier,
  concluded,
  content,
  contentOf,
  type Due,
  data,
  defineH2Cases,
  eitherOf,
  endsConnection,
  FLAG,
  FRAME,
  goaway,
  goesAway,
  goneWith,
  type H2Observation,
  type H2Phase,
  h2Server,
  head,
  headers,
  ping,
  raw,
  request,
  response,
  SETTING,
  seenAtEnd,
  servesOn,
  warned,
  windowUpdate,
} from '../../h2/define.ts';

const PLENTY = 2 ** 30;
const POST = headers(request('/echo', [], 'POST'), { end: false });
const LEAVING = Buffer.from('leaving!').toString('hex');
const WHY = 'The last stream of a client is one of the server: requests in flight are not concerned.';

/** No error is made of it: the server may leave, now that its client does, or stay. */
function noError({ goaways, connection }: H2Observation): string | undefined {
  const error = goaways.find(({ code }) => code !== 0);
  if (error !== undefined) return `there was a GOAWAY with the error ${error.code}`;
  return connection === 'silent' ? 'the connection was silent' : undefined;
}

/** The same, and whoever leaves says so. */
function noErrorNorSilence(all: H2Observation): string | undefined {
  if (all.connection !== 'open' && all.goaways.length === 0) return `the connection was ${all.connection}`;
  return noError(all);
}

function isTaken(): Due {
  return {
    allow: [seenAtEnd('makes no error of it', noErrorNorSilence), goneWith('weak', 'GOAWAY is a SHOULD (RFC9113#6.8)')],
    controls: {
      pass: [servesOn(), h2Server('leaves', [[goaway()]], { ending: 'close' }), bareCloses()],
      fail: [goesAway('PROTOCOL_ERROR'), goesAway('INTERNAL_ERROR')],
    },
  };
}

/** The same; to answer an error with one is no special behavior, and an endpoint can end a connection at any time (RFC9113#5.4.1). */
function isTakenOrAnswered(): Due {
  const { allow, controls } = isTaken();
  const codes = ['PROTOCOL_ERROR', 'INTERNAL_ERROR'] as const;
  return {
    allow: [...allow, warned({ kind: 'connection-error', codes }, 'an error of the server, though there was none')],
    controls: { pass: [...[controls.pass].flat(), ...codes.map(goesAway)], fail: goesAway('FLOW_CONTROL_ERROR') },
  };
}

/** The request in flight is answered with content that ends so. To cut it off breaks no rule, but it is a loss. */
function isAnswered(before: readonly H2Phase[], text: string): Due {
  const answer = [...head(), data(text)];
  const whole = (all: H2Observation) => {
    const response = all.streams.get(1)?.response;
    if (response?.complete !== true || response.status !== 200) return 'stream 1 has no whole 200';
    return noError(all);
  };
  return {
    allow: [
      seenAtEnd('answers the request in flight', whole),
      warned({ kind: 'closed' }, 'an endpoint can end a connection at any time (RFC9113#5.4.1)'),
    ],
    controls: {
      pass: [
        h2Server('answers, then leaves', [...before, [...answer, goaway('NO_ERROR', 1)]], { ending: 'close' }),
        h2Server('answers and stays', [...before, answer]),
        bareCloses(),
      ],
      fail: [goesAway('PROTOCOL_ERROR'), h2Server('stays and does not answer', [...before, []])],
    },
  };
}

/** What a GOAWAY may hold. */
const LEGAL = [
  { slug: 'no-error', says: 'without an error', frames: [goaway()] },
  { slug: 'debug-data', says: 'with debug data that is no text', frames: [goaway('NO_ERROR', 0, 0, '\0\xff\r\n\x80')] },
  {
    slug: 'longest',
    says: 'with as much debug data as a frame holds',
    frames: [goaway('NO_ERROR', 0, 0, 'x'.repeat(16_376))],
  },
  {
    slug: 'reserved-bit',
    says: 'with the reserved bit of its last stream set',
    frames: [goaway('NO_ERROR', 0x8000_0000)],
  },
  {
    slug: 'undefined-flags',
    says: 'with flags, which it does not have',
    frames: [raw(FRAME.GOAWAY, 0xff, 0, Buffer.alloc(8))],
  },
  { slug: 'twice', says: 'that comes twice', frames: [goaway(), goaway()] },
] as const;

/** Codes of a client that leaves with an error, known or not. */
const CODES = [
  { slug: 'internal-error', code: 0x2 },
  { slug: 'unknown-code-0e', code: 0xe },
  { slug: 'unknown-code-max', code: 0xffff_ffff },
] as const;

export default defineH2Cases([
  ...LEGAL.map(
    ({ slug, says, frames }) =>
      ({
        id: `h2/goaway/${slug}`,
        title: `GOAWAY of a client, ${says}, is no error`,
        rfc: 'RFC9113#6.8',
        level: 'MUST',
        needs: [],
        frames,
        sentinel: 'none',
        ...isTaken(),
      }) as const,
  ),
  ...CODES.map(
    ({ slug, code }) =>
      ({
        id: `h2/goaway/${slug}`,
        title: `GOAWAY of a client with the error 0x${code.toString(16)} is no error of the server`,
        rfc: 'RFC9113#7',
        level: 'MUST',
        needs: [],
        why: 'Unknown codes trigger no special behavior; they may be treated as INTERNAL_ERROR.',
        frames: [goaway(code)],
        sentinel: 'none',
        ...isTakenOrAnswered(),
      }) as const,
  ),
  {
    id: 'h2/goaway/leaves-with-goaway',
    title: 'A server that leaves because its client does says so with GOAWAY',
    rfc: 'RFC9113#6.8',
    level: 'SHOULD',
    needs: [],
    frames: [headers(), concluded(1), goaway()],
    sentinel: 'none',
    allow: [
      seenAtEnd('sends GOAWAY, or stays', noErrorNorSilence),
      goneWith('warn', 'GOAWAY is a SHOULD (RFC9113#6.8)'),
    ],
    controls: {
      pass: [
        h2Server('says so', [response(200), [goaway('NO_ERROR', 1)]], { ending: 'close' }),
        h2Server('stays', [response(200), []]),
        h2Server('closes', [response(200), []], { ending: 'close' }),
      ],
      fail: [goesAway('PROTOCOL_ERROR'), goesAway('INTERNAL_ERROR')],
    },
  },
  {
    id: 'h2/goaway/request-in-flight',
    title: 'A request in front of the GOAWAY of its client is answered',
    rfc: 'RFC9113#6.8',
    level: 'SHOULD',
    needs: ['get'],
    why: WHY,
    frames: [headers(), goaway()],
    awaits: [1],
    sentinel: 'none',
    ...isAnswered([], 'hello'),
  },
  {
    id: 'h2/goaway/content-behind-it',
    title: 'A request whose content comes behind the GOAWAY of its client is answered',
    rfc: 'RFC9113#6.8',
    level: 'SHOULD',
    needs: ['echo'],
    why: WHY,
    frames: [POST, data('a', { end: false }), goaway(), barrier, data('{nonce}')],
    awaits: [1],
    sentinel: 'none',
    ...isAnswered([[]], 'a'),
  },
  {
    id: 'h2/goaway/response-waits',
    title: 'A response that waits for a window is sent whole behind the GOAWAY of its client',
    rfc: 'RFC9113#6.8',
    level: 'SHOULD',
    needs: ['file'],
    why: WHY,
    handshake: [[SETTING.INITIAL_WINDOW_SIZE, PLENTY]],
    frames: [headers(request('/file.bin')), content(65_535), goaway(), barrier, windowUpdate(PLENTY)],
    awaits: [1],
    sentinel: 'none',
    ...isAnswered([[...head(), ...contentOf(65_535, 1, false)], []], 'rest'),
  },
  {
    id: 'h2/goaway/ping-behind-it',
    title: 'PING behind the GOAWAY of a client that still sends its request is answered',
    rfc: 'RFC9113#6.7',
    level: 'MUST',
    needs: ['echo'],
    frames: [POST, goaway(), ping('leaving!'), barrier, data('{nonce}')],
    awaits: [1],
    sentinel: 'none',
    allow: [
      seenAtEnd('answers PING', (all) => (all.pongs.includes(LEAVING) ? noError(all) : 'PING was not answered')),
      warned({ kind: 'closed' }, 'an endpoint can end a connection at any time (RFC9113#5.4.1)'),
    ],
    controls: {
      pass: [h2Server('answers', [[ping('leaving!', FLAG.ACK)], response(200)]), bareCloses()],
      fail: [h2Server('does not', [[], response(200)]), goesAway('PROTOCOL_ERROR')],
    },
  },
  {
    id: 'h2/goaway/last-stream-max',
    title: 'A last stream of 2^31-1, with which a server would announce its shutdown, is an error of a client at most',
    rfc: 'RFC9113#6.8',
    level: 'MAY',
    needs: [],
    why: 'It is the identifier of no stream that the server could have opened; no sentence says what is made of it.',
    frames: [goaway('NO_ERROR', 0x7fff_ffff)],
    sentinel: 'none',
    ...eitherOf(isTaken(), endsConnection('PROTOCOL_ERROR')),
  },
  {
    id: 'h2/goaway/last-stream-grows',
    title: 'A last stream that grows from one GOAWAY to the next is an error of the client at most',
    rfc: 'RFC9113#6.8',
    level: 'MAY',
    needs: [],
    why: 'A client must not do that; no sentence says what its server makes of it.',
    frames: [goaway('NO_ERROR', 2), goaway('NO_ERROR', 4)],
    sentinel: 'none',
    ...eitherOf(isTaken(), endsConnection('PROTOCOL_ERROR')),
  },
  ...[0, 4, 7].map(
    (bytes) =>
      ({
        id: `h2/goaway/length-${bytes}`,
        title: `GOAWAY of ${bytes} octets, too few for what it has to hold, ends the connection`,
        rfc: 'RFC9113#4.2',
        level: 'MUST',
        needs: [],
        frames: [raw(FRAME.GOAWAY, 0, 0, Buffer.alloc(bytes))],
        ...endsConnection('FRAME_SIZE_ERROR'),
      }) as const,
  ),
  ...[1, 2].map(
    (stream) =>
      ({
        id: `h2/goaway/on-stream-${stream}`,
        title: `GOAWAY on stream ${stream}, which is idle, ends the connection`,
        rfc: 'RFC9113#6.8',
        level: 'MUST',
        needs: [],
        frames: [goaway('NO_ERROR', 0, stream)],
        ...endsConnection('PROTOCOL_ERROR'),
      }) as const,
  ),
  {
    id: 'h2/goaway/on-open-stream',
    title: 'GOAWAY on an open stream ends the connection',
    rfc: 'RFC9113#6.8',
    level: 'MUST',
    needs: ['echo'],
    frames: [POST, goaway('NO_ERROR', 0, 1)],
    ...endsConnection('PROTOCOL_ERROR'),
  },
]);
