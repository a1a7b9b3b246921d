import {
  answersWith,
  continuation,
  type Due,
  data,
  defineH2Cases,
  echoes,
  FLAG,
  FRAME,
  type H2Step,
  h2Server,
  headers,
  livesOn,
  ping,
  priority,
  raw,
  request,
  response,
  rstStream,
  SETTING,
  settings,
  shows,
  windowUpdate,
} from '../../h2/define.ts';

/** A type that no document defines. */
const UNKNOWN = 0x42;
/** The reserved bit in front of a stream identifier. */
const RESERVED = 2 ** 31;
const LAST_STREAM = 2 ** 31 - 1;
/** Octets of one write; 9 is a frame header, and 1 parts every octet from the next. */
const CUTS = [1, 2, 3, 5, 8, 9, 10, 16] as const;

const upload = request('/echo', [], 'POST');

/** What the cuts are made in: a request with content in three frames, and what may stand between them. */
const HEAD = headers(upload, { end: false, pad: 3, dependsOn: 0 });
const FIRST = data('{nonce}', { end: false, pad: 5 });
const REST = [data('', { end: false }), data('behind')];
const PING = ping();
const OTHERS = [windowUpdate(1_000), raw(UNKNOWN, 0xff, 1, 'what')];
const pong = Buffer.from('aeronet!', 'latin1').toString('hex');

const acknowledgesPing = shows(
  'acknowledges the PING with its payload',
  ({ pongs }) => (pongs.includes(pong) ? undefined : 'the PING was not acknowledged'),
  h2Server('acknowledges it', [[ping('aeronet!', FLAG.ACK)]]),
  h2Server('ignores it', []),
);

const acknowledgesSettings = shows(
  'acknowledges 2 SETTINGS frames',
  ({ acks }) => (acks === 2 ? undefined : `there were ${acks} acknowledgements`),
  h2Server('acknowledges it', [[settings([], FLAG.ACK)]]),
  h2Server('ignores it', []),
);

interface Row {
  readonly slug: string;
  readonly says: string;
  readonly frames: readonly H2Step[];
  readonly needs?: readonly ('get' | 'echo')[];
  readonly due: Due;
}

/** Every flag of each type that has no meaning there. */
const FLAGS: readonly Row[] = [
  {
    slug: 'data',
    says: 'DATA',
    needs: ['echo'],
    frames: [headers(upload, { end: false }), data('{nonce}', { flags: 0xf6 })],
    due: echoes(),
  },
  {
    slug: 'headers',
    says: 'HEADERS',
    needs: ['get'],
    frames: [headers(undefined, { flags: 0xd2 })],
    due: answersWith(),
  },
  {
    slug: 'priority',
    says: 'PRIORITY',
    needs: ['get'],
    frames: [raw(FRAME.PRIORITY, 0xff, 1, '\0\0\0\0\x0f'), headers()],
    due: answersWith(),
  },
  {
    slug: 'rst-stream',
    says: 'RST_STREAM',
    frames: [headers(request('/', [], 'POST'), { end: false }), raw(FRAME.RST_STREAM, 0xff, 1, '\0\0\0\x08')],
    due: livesOn(),
  },
  { slug: 'ping', says: 'PING', frames: [ping('aeronet!', 0xfe)], due: acknowledgesPing },
  {
    slug: 'window-update',
    says: 'WINDOW_UPDATE',
    frames: [raw(FRAME.WINDOW_UPDATE, 0xff, 0, '\0\0\0\x01')],
    due: livesOn(),
  },
];

const BIT: readonly Row[] = [
  {
    slug: 'data',
    says: 'DATA',
    needs: ['echo'],
    frames: [headers(upload, { end: false }), data('{nonce}', { stream: RESERVED + 1 })],
    due: echoes(),
  },
  {
    slug: 'headers',
    says: 'HEADERS',
    needs: ['get'],
    frames: [headers(undefined, { stream: RESERVED + 1 })],
    due: answersWith(),
  },
  {
    slug: 'continuation',
    says: 'CONTINUATION',
    needs: ['get'],
    frames: [
      headers(request().slice(0, 2), { endHeaders: false }),
      continuation(request().slice(2), { stream: RESERVED + 1 }),
    ],
    due: answersWith(),
  },
  {
    slug: 'priority',
    says: 'PRIORITY',
    needs: ['get'],
    frames: [priority(RESERVED + 1), headers()],
    due: answersWith(),
  },
  {
    slug: 'rst-stream',
    says: 'RST_STREAM',
    frames: [headers(request('/', [], 'POST'), { end: false }), rstStream('CANCEL', RESERVED + 1)],
    due: livesOn(),
  },
  {
    slug: 'settings',
    says: 'SETTINGS',
    frames: [settings([[SETTING.ENABLE_PUSH, 0]], 0, RESERVED)],
    due: acknowledgesSettings,
  },
  { slug: 'ping', says: 'PING', frames: [ping('aeronet!', 0, RESERVED)], due: acknowledgesPing },
  { slug: 'window-update', says: 'WINDOW_UPDATE', frames: [windowUpdate(1, RESERVED)], due: livesOn() },
  { slug: 'unknown', says: 'a frame of unknown type', frames: [raw(UNKNOWN, 0, RESERVED, 'what')], due: livesOn() },
];

export default defineH2Cases([
  ...[0x0b, 0x2a, UNKNOWN, 0xf0, 0xff].map(
    (type) =>
      ({
        id: `h2/frame/unknown-type-${type.toString(16).padStart(2, '0')}`,
        title: `A frame of the unknown type 0x${type.toString(16)} is ignored, whatever its flags`,
        rfc: 'RFC9113#4.1',
        level: 'MUST',
        needs: [],
        frames: [raw(type, 0xff, 0, 'what')],
        ...livesOn(),
      }) as const,
  ),
  ...[0, 1, 16_384].map(
    (bytes) =>
      ({
        id: `h2/frame/unknown-of-${bytes}`,
        title: `A frame of unknown type with ${bytes} octets of payload is ignored`,
        rfc: 'RFC9113#4.1',
        level: 'MUST',
        needs: [],
        frames: [raw(UNKNOWN, 0, 0, Buffer.alloc(bytes))],
        ...livesOn(),
      }) as const,
  ),
  {
    id: 'h2/frame/unknown-on-idle-stream',
    title: 'A frame of unknown type on an idle stream is ignored, and the stream can still be opened',
    rfc: 'RFC9113#4.1',
    level: 'MUST',
    needs: ['get'],
    frames: [raw(UNKNOWN, 0xff, 1, 'what'), headers()],
    ...answersWith(),
  },
  {
    id: 'h2/frame/unknown-on-open-stream',
    title: 'A frame of unknown type on an open stream is ignored: its first flag does not end the stream',
    rfc: 'RFC9113#4.1',
    level: 'MUST',
    needs: ['echo'],
    frames: [headers(upload, { end: false }), raw(UNKNOWN, FLAG.END_STREAM, 1, 'what'), data('{nonce}')],
    ...echoes(),
  },
  {
    id: 'h2/frame/unknown-on-last-stream',
    title: 'A frame of unknown type on stream 2^31-1 is ignored and closes no stream below it',
    rfc: 'RFC9113#4.1',
    level: 'MUST',
    needs: ['get'],
    frames: [raw(UNKNOWN, 0, LAST_STREAM, 'what'), headers()],
    sentinel: 3,
    ...answersWith(),
  },
  {
    id: 'h2/frame/unknown-on-even-stream',
    title: 'A frame of unknown type on a stream that only the server can open is ignored',
    rfc: 'RFC9113#4.1',
    level: 'MUST',
    needs: [],
    frames: [raw(UNKNOWN, 0, 2, 'what')],
    ...livesOn(),
  },
  ...FLAGS.map(
    ({ slug, says, frames, needs = [], due }) =>
      ({
        id: `h2/frame/flags-${slug}`,
        title: `The flags of ${says} that have no meaning are ignored`,
        rfc: 'RFC9113#4.1',
        level: 'MUST',
        needs,
        frames,
        ...due,
      }) as const,
  ),
  ...BIT.map(
    ({ slug, says, frames, needs = [], due }) =>
      ({
        id: `h2/frame/reserved-bit-${slug}`,
        title: `The reserved bit of ${says} is ignored`,
        rfc: 'RFC9113#4.1',
        level: 'MUST',
        needs,
        frames,
        ...due,
      }) as const,
  ),
  ...CUTS.map(
    (cut) =>
      ({
        id: `h2/frame/cut-${cut}`,
        title: `Frames that come in pieces of ${cut} octets are understood as if they came whole`,
        rfc: 'RFC9113#4.1',
        level: 'MUST',
        needs: ['echo'],
        why: 'Frames and the segments that carry them have nothing to do with each other.',
        // WHY: a server does not wait for content for ever, and on a busy machine each octet takes its time
        frames: cut === 1 ? [PING, ...OTHERS, HEAD, FIRST, ...REST] : [HEAD, PING, FIRST, ...OTHERS, ...REST],
        cut,
        ...echoes('{nonce}behind'),
      }) as const,
  ),
  {
    id: 'h2/frame/many-in-one-write',
    title: 'Ten requests that come in one segment are all answered',
    rfc: 'RFC9113#4.1',
    level: 'MUST',
    needs: ['get', 'streams-64'],
    frames: Array.from({ length: 10 }, (_, index) => headers(undefined, { stream: 2 * index + 1 })),
    awaits: Array.from({ length: 10 }, (_, index) => 2 * index + 1),
    ...shows(
      'answers all of them with 200',
      ({ streams }) => {
        const answered = Array.from({ length: 10 }, (_, index) => streams.get(2 * index + 1)?.response);
        const missing = answered.findIndex((one) => one?.status !== 200 || !one.complete);
        return missing < 0 ? undefined : `stream ${2 * missing + 1} has no whole 200`;
      },
      h2Server('answers all', [Array.from({ length: 10 }, (_, index) => response(200, 'hello', 2 * index + 1)).flat()]),
      h2Server('answers the first alone', [response(200, 'hello')]),
    ),
  },
  {
    id: 'h2/frame/own-frames',
    title: "Over a whole conversation the server's own frames break no rule",
    rfc: 'RFC9113#4.1',
    level: 'MUST',
    needs: ['get'],
    why: 'Order of frames, reserved bits and sizes, stream states, windows, pseudo-fields, field names and values, lengths.',
    handshake: [[SETTING.INITIAL_WINDOW_SIZE, 1_000_000]],
    frames: [
      windowUpdate(1_000_000),
      headers(),
      headers(request('/', [], 'HEAD'), { stream: 3 }),
      headers(request('/', [], 'POST'), { stream: 5, end: false }),
      ping(),
      data('{nonce}', { stream: 5 }),
      headers(request('/file.bin'), { stream: 7 }),
      settings([[SETTING.INITIAL_WINDOW_SIZE, 900_000]]),
      headers(request('/no-such-{nonce}'), { stream: 9 }),
    ],
    awaits: [1, 3, 5, 7, 9],
    ...shows(
      'sends nothing that is wrong',
      ({ problems, streams }) =>
        streams.get(1)?.response?.complete === true ? problems[0] : 'stream 1 has no whole response',
      h2Server('answers all', [
        [1, 3, 5, 7, 9].flatMap((stream) => response(200, stream === 3 ? '' : 'hello', stream)),
      ]),
      [
        h2Server('sets the reserved bit', [[...response(200), raw(UNKNOWN, 0, RESERVED)]]),
        h2Server('answers in upper case', [response(200, '', 1, [['X-Upper', 'case']])]),
        h2Server('goes on behind the end', [[...response(200), data('more')]]),
      ],
    ),
  },
]);
