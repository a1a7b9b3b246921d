import {
  barrier,
  concluded,
  content,
  contentOf,
  type Due,
  data,
  defineH2Cases,
  endsConnection,
  FLAG,
  FRAME,
  goesAway,
  type H2Observation,
  h2Server,
  head,
  headers,
  octets,
  PREFACE,
  ping,
  raw,
  request,
  response,
  SETTING,
  seen,
  servesOn,
  settings,
  shows,
  warned,
  windowUpdate,
} from '../../h2/define.ts';

const PLENTY = 2 ** 30;
const hex = (text: string) => Buffer.from(text, 'latin1').toString('hex');
const pong = (payload: string) => ping(payload, FLAG.ACK);

/** Payloads that a server might take for something else than eight octets. */
const PAYLOADS = [
  { slug: 'zeros', payload: '\0'.repeat(8) },
  { slug: 'ones', payload: '\xff'.repeat(8) },
  { slug: 'binary', payload: '\x00\x80\x7f\xff\x0d\x0a\x01\xfe' },
] as const;

/** Each of these payloads comes back once, in acknowledgements of no other flag. */
function echoed(...payloads: readonly string[]): (all: H2Observation) => string | undefined {
  return ({ pongs, frames }) => {
    for (const payload of payloads) {
      const count = pongs.filter((one) => one === hex(payload)).length;
      const wanted = payloads.filter((one) => one === payload).length;
      if (count !== wanted) return `${hex(payload)} came back ${count} times`;
    }
    const odd = frames.find(({ type, flags }) => type === FRAME.PING && (flags & FLAG.ACK) !== 0 && flags !== FLAG.ACK);
    return odd === undefined ? undefined : `an acknowledgement has the flags 0x${odd.flags.toString(16)}`;
  };
}

function answersOnce(payload: string): Due {
  return shows(`answers once, with ${hex(payload)}`, echoed(payload), h2Server('answers', [[pong(payload)]]), [
    h2Server('answers with another payload', [[pong('\x01'.repeat(8))]]),
    h2Server('answers twice', [[pong(payload), pong(payload)]]),
    h2Server('does not answer', []),
    h2Server('answers with other flags', [[ping(payload, FLAG.ACK | 0x40)]]),
  ]);
}

/** The answer stands in front of the last content. */
function overtakes(all: H2Observation): string | undefined {
  const answer = all.frames.findIndex(({ payload }) => payload.toString('latin1') === 'priority');
  const last = all.frames.findLastIndex(({ type, stream }) => type === FRAME.DATA && stream === 1);
  return echoed('priority')(all) ?? (answer < last ? undefined : 'PING was answered behind all content');
}

export default defineH2Cases([
  ...PAYLOADS.map(
    ({ slug, payload }) =>
      ({
        id: `h2/ping/payload-${slug}`,
        title: `PING with the payload ${hex(payload)} is answered once with the same`,
        rfc: 'RFC9113#6.7',
        level: 'MUST',
        needs: [],
        frames: [ping(payload)],
        ...answersOnce(payload),
      }) as const,
  ),
  {
    id: 'h2/ping/each-answered',
    title: 'Ten PINGs in a row, two of them alike, are answered each with its own payload',
    rfc: 'RFC9113#6.7',
    level: 'MUST',
    needs: [],
    frames: ['0', '1', '2', '3', '4', '5', '6', '7', '8', '8'].map((digit) => ping(`number ${digit}`)),
    ...shows(
      'answers each',
      echoed(...['0', '1', '2', '3', '4', '5', '6', '7', '8', '8'].map((digit) => `number ${digit}`)),
      h2Server('answers each', [
        ['8', '7', '6', '5', '4', '3', '2', '1', '0', '8'].map((digit) => pong(`number ${digit}`)),
      ]),
      h2Server('answers what is alike once', [
        ['0', '1', '2', '3', '4', '5', '6', '7', '8'].map((digit) => pong(`number ${digit}`)),
      ]),
    ),
  },
  {
    id: 'h2/ping/undefined-flags',
    title: 'Undefined flags of PING are ignored, and are not given back',
    rfc: 'RFC9113#4.1',
    level: 'MUST',
    needs: [],
    frames: [ping('flagged!', 0xfe)],
    ...answersOnce('flagged!'),
  },
  {
    id: 'h2/ping/behind-the-preface',
    title: 'PING in the segment of the preface is answered',
    rfc: 'RFC9113#6.7',
    level: 'MUST',
    needs: [],
    handshake: 'none',
    frames: [octets(PREFACE), settings(), ping('at once!')],
    ...answersOnce('at once!'),
  },
  {
    id: 'h2/ping/while-content-is-due',
    title: 'PING between two parts of a request is answered before that is whole',
    rfc: 'RFC9113#6.7',
    level: 'MUST',
    needs: ['echo'],
    frames: [headers(request('/echo', [], 'POST'), { end: false }), ping('between!'), barrier, data('{nonce}')],
    awaits: [1],
    ...shows(
      'answers PING, then the request',
      (all) => {
        const first = all.frames.findIndex(({ type }) => type === FRAME.HEADERS);
        const answer = all.frames.findIndex(({ payload }) => payload.toString('latin1') === 'between!');
        return echoed('between!')(all) ?? (first >= 0 && answer > first ? 'the request was answered first' : undefined);
      },
      h2Server('answers at once', [[pong('between!')], response(200)]),
      h2Server('answers late', [[], [...response(200), pong('between!')]]),
    ),
  },
  {
    id: 'h2/ping/without-window',
    title: 'PING is answered while neither stream nor connection has a window',
    rfc: 'RFC9113#6.7',
    level: 'MUST',
    needs: ['file'],
    handshake: [[SETTING.INITIAL_WINDOW_SIZE, PLENTY]],
    frames: [
      headers(request('/file.bin')),
      content(65_535),
      ping('stalled!'),
      barrier,
      windowUpdate(PLENTY),
      concluded(1),
    ],
    ...shows(
      'answers',
      echoed('stalled!'),
      h2Server('answers', [[...head(), ...contentOf(65_535, 1, false)], [pong('stalled!')], contentOf(1), []]),
      h2Server('does not', [[...head(), ...contentOf(65_535, 1, false)], [], contentOf(1), []]),
    ),
  },
  {
    id: 'h2/ping/ahead-of-content',
    title: 'PING is answered ahead of the content that is still to be sent',
    rfc: 'RFC9113#6.7',
    level: 'SHOULD',
    needs: ['file'],
    why: 'Answers should have priority over any other frame; what has left before PING was read is before it by right.',
    handshake: [[SETTING.INITIAL_WINDOW_SIZE, PLENTY]],
    frames: [headers(request('/file.bin')), content(65_535), ping('priority'), windowUpdate(PLENTY), concluded(1)],
    allow: [
      seen('answers PING before it ends the content', overtakes),
      warned({ kind: 'seen', says: 'answers PING', complaint: echoed('priority') }),
    ],
    controls: {
      pass: [
        h2Server('answers first', [
          [...head(), ...contentOf(65_535, 1, false)],
          [pong('priority'), ...contentOf(10)],
          [],
        ]),
        h2Server('answers last', [
          [...head(), ...contentOf(65_535, 1, false)],
          [...contentOf(10), pong('priority')],
          [],
        ]),
      ],
      fail: h2Server('does not answer', [[...head(), ...contentOf(65_535, 1, false)], contentOf(10), []]),
    },
  },
  ...[0, 1, 7, 9, 16, 16_384].map(
    (bytes) =>
      ({
        id: `h2/ping/length-${bytes}`,
        title: `PING of ${bytes} octets ends the connection`,
        rfc: 'RFC9113#6.7',
        level: 'MUST',
        needs: [],
        frames: [raw(FRAME.PING, 0, 0, Buffer.alloc(bytes))],
        ...endsConnection('FRAME_SIZE_ERROR'),
      }) as const,
  ),
  {
    id: 'h2/ping/acknowledgement-length-7',
    title: 'An acknowledgement of PING of 7 octets ends the connection',
    rfc: 'RFC9113#6.7',
    level: 'MUST',
    needs: [],
    frames: [raw(FRAME.PING, FLAG.ACK, 0, Buffer.alloc(7))],
    ...endsConnection('FRAME_SIZE_ERROR'),
  },
  ...[1, 2, 0x7fff_ffff].map(
    (stream) =>
      ({
        id: `h2/ping/on-stream-${stream}`,
        title: `PING on stream ${stream}, which is idle, ends the connection`,
        rfc: 'RFC9113#6.7',
        level: 'MUST',
        needs: [],
        frames: [ping('aeronet!', 0, stream)],
        sentinel: 'none',
        ...endsConnection('PROTOCOL_ERROR'),
      }) as const,
  ),
  {
    id: 'h2/ping/on-open-stream',
    title: 'PING on an open stream ends the connection',
    rfc: 'RFC9113#6.7',
    level: 'MUST',
    needs: ['echo'],
    frames: [headers(request('/echo', [], 'POST'), { end: false }), ping('aeronet!', 0, 1)],
    ...endsConnection('PROTOCOL_ERROR'),
  },
  {
    id: 'h2/ping/acknowledgement-on-stream',
    title: 'An acknowledgement of PING on a stream ends the connection',
    rfc: 'RFC9113#6.7',
    level: 'MUST',
    needs: [],
    frames: [ping('aeronet!', FLAG.ACK, 1)],
    ...endsConnection('PROTOCOL_ERROR'),
  },
  {
    id: 'h2/ping/acknowledgement-of-nothing',
    title: 'An acknowledgement of a PING that was never sent is not answered',
    rfc: 'RFC9113#6.7',
    level: 'MUST',
    needs: [],
    frames: [ping('unasked!', FLAG.ACK), ping('unasked!', FLAG.ACK | 0x80)],
    allow: [
      seen('does not answer it', ({ frames }) =>
        frames.some(({ payload }) => payload.toString('latin1') === 'unasked!') ? 'it was answered' : undefined,
      ),
      warned(
        { kind: 'connection-error', codes: ['PROTOCOL_ERROR', 'INTERNAL_ERROR'] },
        'no clause says what becomes of it',
      ),
    ],
    controls: {
      pass: [servesOn(), goesAway('PROTOCOL_ERROR')],
      fail: [h2Server('answers it', [[pong('unasked!')]]), goesAway('FRAME_SIZE_ERROR')],
    },
  },
]);
