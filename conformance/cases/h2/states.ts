import {
  answersWith,
  concluded,
  continuation,
  type Due,
  data,
  defineH2Cases,
  echoes,
  eitherOf,
  endsConnection,
  endsStream,
  FLAG,
  FRAME,
  type H2Step,
  h2Server,
  headers,
  livesOn,
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
import type { Frame } from '../../wire/h2/frames.ts';

const UNKNOWN = 0x42;
const LAST_STREAM = 2 ** 31 - 1;

/** Opens the windows that the handshake has shut, so that responses come to their end. */
const opensWindows = settings([[SETTING.INITIAL_WINDOW_SIZE, 65_535]]);
const promise = (stream: number) => raw(FRAME.PUSH_PROMISE, FLAG.END_HEADERS, stream, '\0\0\0\x02\x82');

interface Row {
  readonly slug: string;
  readonly says: string;
  readonly frame: H2Step;
  readonly due: Due;
}

/** RFC9113#6.1 has DATA be an error of the stream, RFC9113#5.1 one of the connection. */
const dataOnIdle = (stream: number) => eitherOf(endsConnection('PROTOCOL_ERROR'), endsStream('STREAM_CLOSED', stream));

const idle = (stream: number): readonly Row[] => [
  { slug: 'data', says: 'DATA', frame: data('{nonce}', { stream }), due: dataOnIdle(stream) },
  { slug: 'rst-stream', says: 'RST_STREAM', frame: rstStream('CANCEL', stream), due: endsConnection('PROTOCOL_ERROR') },
  {
    slug: 'window-update',
    says: 'WINDOW_UPDATE',
    frame: windowUpdate(1, stream),
    due: endsConnection('PROTOCOL_ERROR'),
  },
];

const IDLE: readonly Row[] = [
  ...idle(1),
  { slug: 'data-empty', says: 'empty DATA', frame: data('', { end: false }), due: dataOnIdle(1) },
  { slug: 'continuation', says: 'CONTINUATION', frame: continuation(request()), due: endsConnection('PROTOCOL_ERROR') },
  { slug: 'push-promise', says: 'PUSH_PROMISE', frame: promise(1), due: endsConnection('PROTOCOL_ERROR') },
];

/** What a stream takes whose request is whole while its response is not. */
const HALF_CLOSED: readonly Row[] = [
  { slug: 'data', says: 'DATA', frame: data('{nonce}', { end: false }), due: endsStream('STREAM_CLOSED') },
  { slug: 'data-end', says: 'DATA with END_STREAM', frame: data('{nonce}'), due: endsStream('STREAM_CLOSED') },
  { slug: 'data-empty', says: 'empty DATA', frame: data('', { end: false }), due: endsStream('STREAM_CLOSED') },
  { slug: 'headers', says: 'HEADERS', frame: headers(), due: endsStream('STREAM_CLOSED') },
  {
    slug: 'trailers',
    says: 'trailers',
    frame: headers([['x-trailer', 'value']]),
    due: endsStream('STREAM_CLOSED'),
  },
  {
    slug: 'continuation',
    says: 'CONTINUATION',
    frame: continuation([['x-more', 'value']]),
    due: eitherOf(endsConnection('PROTOCOL_ERROR'), endsStream('STREAM_CLOSED')),
  },
  {
    slug: 'push-promise',
    says: 'PUSH_PROMISE',
    frame: promise(1),
    due: eitherOf(endsConnection('PROTOCOL_ERROR'), endsStream('STREAM_CLOSED')),
  },
];

/** What it takes without harm to its response. */
const HALF_CLOSED_TAKES = [
  { slug: 'window-update', says: 'WINDOW_UPDATE', frame: windowUpdate(1, 1) },
  { slug: 'priority', says: 'PRIORITY', frame: priority(1) },
  { slug: 'unknown', says: 'a frame of unknown type', frame: raw(UNKNOWN, 0xff, 1, 'what') },
] as const;

export default defineH2Cases([
  ...IDLE.map(
    ({ slug, says, frame, due }) =>
      ({
        id: `h2/states/idle-${slug}`,
        title: `${says} on an idle stream is an error`,
        rfc: 'RFC9113#5.1',
        level: 'MUST',
        needs: [],
        frames: [frame],
        ...due,
      }) as const,
  ),
  ...idle(5).map(
    ({ slug, says, frame, due }) =>
      ({
        id: `h2/states/idle-above-${slug}`,
        title: `${says} on an idle stream above one that was used is an error`,
        rfc: 'RFC9113#5.1',
        level: 'MUST',
        needs: [],
        frames: [headers(undefined, { stream: 3 }), frame],
        ...due,
      }) as const,
  ),
  ...idle(2).map(
    ({ slug, says, frame, due }) =>
      ({
        id: `h2/states/idle-even-${slug}`,
        title: `${says} on a stream that the server has not opened is an error`,
        rfc: 'RFC9113#5.1',
        level: 'MUST',
        needs: [],
        frames: [frame],
        ...due,
      }) as const,
  ),
  {
    id: 'h2/states/idle-last-rst-stream',
    title: 'RST_STREAM on stream 2^31-1, which is idle, ends the connection',
    rfc: 'RFC9113#5.1',
    level: 'MUST',
    needs: [],
    frames: [rstStream('CANCEL', LAST_STREAM)],
    sentinel: 'none',
    ...endsConnection('PROTOCOL_ERROR'),
  },
  {
    id: 'h2/states/idle-priority',
    title: 'PRIORITY on an idle stream leaves it idle: it can be opened',
    rfc: 'RFC9113#5.1',
    level: 'MUST',
    needs: ['get'],
    frames: [priority(1), headers()],
    ...answersWith(),
  },
  {
    id: 'h2/states/open',
    title: 'An open stream takes PRIORITY, WINDOW_UPDATE, unknown frames, empty DATA and DATA',
    rfc: 'RFC9113#5.1',
    level: 'MUST',
    needs: ['echo'],
    frames: [
      headers(request('/echo', [], 'POST'), { end: false }),
      priority(1),
      windowUpdate(1, 1),
      raw(UNKNOWN, 0xff, 1, 'what'),
      data('', { end: false }),
      data('{nonce}'),
    ],
    ...echoes(),
  },
  {
    id: 'h2/states/open-rst-stream',
    title: 'RST_STREAM on an open stream is taken',
    rfc: 'RFC9113#5.1',
    level: 'MUST',
    needs: [],
    frames: [headers(request('/', [], 'POST'), { end: false }), data('{nonce}', { end: false }), rstStream()],
    ...livesOn(),
  },
  ...HALF_CLOSED.map(
    ({ slug, says, frame, due }) =>
      ({
        id: `h2/states/half-closed-${slug}`,
        title: `${says} on a stream whose request has ended is an error`,
        rfc: 'RFC9113#5.1',
        level: 'MUST',
        needs: ['get'],
        handshake: [[SETTING.INITIAL_WINDOW_SIZE, 0]],
        frames: [headers(), frame, opensWindows],
        ...due,
      }) as const,
  ),
  ...HALF_CLOSED_TAKES.map(
    ({ slug, says, frame }) =>
      ({
        id: `h2/states/half-closed-${slug}`,
        title: `${says} on a stream whose request has ended does its response no harm`,
        rfc: 'RFC9113#5.1',
        level: 'MUST',
        needs: ['get'],
        handshake: [[SETTING.INITIAL_WINDOW_SIZE, 0]],
        frames: [headers(), frame, opensWindows],
        ...answersWith(),
      }) as const,
  ),
  {
    id: 'h2/states/half-closed-credit',
    title: 'Credit for a stream whose request has ended lets its response go on',
    rfc: 'RFC9113#5.1',
    level: 'MUST',
    needs: ['get'],
    handshake: [[SETTING.INITIAL_WINDOW_SIZE, 0]],
    frames: [headers(), windowUpdate(65_535, 1), concluded(1), opensWindows],
    ...shows(
      'answers stream 1 with 200 before it acknowledges the SETTINGS that open all windows',
      ({ frames, streams }) => {
        if (streams.get(1)?.response?.status !== 200) return 'stream 1 has no 200';
        const isEnd = ({ type, flags, stream }: Frame) =>
          stream === 1 && (flags & FLAG.END_STREAM) !== 0 && (type === FRAME.DATA || type === FRAME.HEADERS);
        const isAck = ({ type, flags }: Frame) => type === FRAME.SETTINGS && (flags & FLAG.ACK) !== 0;
        const end = frames.findIndex(isEnd);
        return end >= 0 && frames.slice(end).some(isAck) ? undefined : 'the response ended behind those SETTINGS';
      },
      h2Server('takes the credit', [response(200, 'hello'), [settings([], FLAG.ACK)]]),
      h2Server('waits for the setting', [[], [settings([], FLAG.ACK), ...response(200, 'hello')]]),
    ),
  },
  {
    id: 'h2/states/half-closed-rst-stream',
    title: 'RST_STREAM on a stream whose request has ended is taken',
    rfc: 'RFC9113#5.1',
    level: 'MUST',
    needs: [],
    handshake: [[SETTING.INITIAL_WINDOW_SIZE, 0]],
    frames: [headers(), rstStream(), opensWindows],
    ...livesOn(),
  },
]);
