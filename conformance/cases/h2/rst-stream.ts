import {
  answersWith,
  barrier,
  data,
  defineH2Cases,
  echoes,
  endsConnection,
  FRAME,
  h2Server,
  headers,
  livesOn,
  raw,
  request,
  response,
  rstStream,
  SETTING,
  settings,
  shows,
  windowUpdate,
} from '../../h2/define.ts';

const post = headers(request('/', [], 'POST'), { end: false });

/** Codes that are no errors, that are, that say what only a server says, and that nobody has defined. */
const CODES = [
  { slug: 'no-error', code: 'NO_ERROR' },
  { slug: 'protocol-error', code: 'PROTOCOL_ERROR' },
  { slug: 'refused-stream', code: 'REFUSED_STREAM' },
  { slug: 'cancel', code: 'CANCEL' },
  { slug: 'http-1-1-required', code: 'HTTP_1_1_REQUIRED' },
  { slug: 'unknown', code: 0xf000 },
  { slug: 'unknown-max', code: 0xffff_ffff },
] as const;

export default defineH2Cases([
  ...CODES.map(
    ({ slug, code }) =>
      ({
        id: `h2/rst-stream/${slug}`,
        title: `RST_STREAM with the code ${code} ends its stream and nothing else`,
        rfc: typeof code === 'number' ? 'RFC9113#7' : 'RFC9113#6.4',
        level: 'MUST',
        needs: [],
        frames: [post, rstStream(code)],
        ...livesOn(),
      }) as const,
  ),
  {
    id: 'h2/rst-stream/spares-others',
    title: 'RST_STREAM of one stream leaves the others alone',
    rfc: 'RFC9113#6.4',
    level: 'MUST',
    needs: ['echo'],
    frames: [
      headers(request('/echo', [], 'POST'), { end: false }),
      headers(request('/echo', [], 'POST'), { stream: 3, end: false }),
      data('other', { end: false }),
      data('{nonce}', { stream: 3, end: false }),
      rstStream(),
      data('behind', { stream: 3 }),
    ],
    ...echoes('{nonce}behind', 3),
  },
  {
    id: 'h2/rst-stream/nothing-behind',
    title: 'Behind RST_STREAM the server sends nothing more on that stream',
    rfc: 'RFC9113#6.4',
    level: 'MUST',
    needs: ['get'],
    why: 'The response waits for credit when it is cancelled; credit for everything comes afterwards.',
    handshake: [[SETTING.INITIAL_WINDOW_SIZE, 0]],
    frames: [headers(), barrier, rstStream(), barrier, settings([[SETTING.INITIAL_WINDOW_SIZE, 65_535]])],
    ...shows(
      'sends nothing on stream 1 behind the answer to the PING that followed RST_STREAM',
      ({ frames, pongs: [, behind] }) => {
        const pong = frames.findIndex(({ type, payload }) => type === FRAME.PING && payload.toString('hex') === behind);
        return frames.slice(pong).some(({ stream }) => stream === 1) ? 'there were frames on stream 1' : undefined;
      },
      h2Server('stops', [response(200, 'hello').slice(0, 1), [], []]),
      h2Server('goes on', [response(200, 'hello').slice(0, 1), [], response(200, 'hello').slice(1)]),
    ),
  },
  {
    id: 'h2/rst-stream/credit-in-flight',
    title: 'Credit for the connection behind RST_STREAM serves the other streams',
    rfc: 'RFC9113#6.4',
    level: 'MUST',
    needs: ['get'],
    handshake: [[SETTING.INITIAL_WINDOW_SIZE, 0]],
    frames: [
      headers(),
      headers(undefined, { stream: 3 }),
      rstStream(),
      windowUpdate(65_535),
      settings([[SETTING.INITIAL_WINDOW_SIZE, 65_535]]),
    ],
    ...answersWith([200], 3),
  },
  ...[0, 3, 5, 8].map(
    (bytes) =>
      ({
        id: `h2/rst-stream/length-${bytes}`,
        title: `RST_STREAM of ${bytes} octets ends the connection`,
        rfc: 'RFC9113#6.4',
        level: 'MUST',
        needs: [],
        frames: [post, raw(FRAME.RST_STREAM, 0, 1, Buffer.alloc(bytes))],
        ...endsConnection('FRAME_SIZE_ERROR'),
      }) as const,
  ),
  {
    id: 'h2/rst-stream/stream-0',
    title: 'RST_STREAM on stream 0 ends the connection',
    rfc: 'RFC9113#6.4',
    level: 'MUST',
    needs: [],
    frames: [rstStream('CANCEL', 0)],
    ...endsConnection('PROTOCOL_ERROR'),
  },
  {
    id: 'h2/rst-stream/stream-0-while-open',
    title: 'RST_STREAM on stream 0 ends the connection although a stream is open',
    rfc: 'RFC9113#6.4',
    level: 'MUST',
    needs: [],
    frames: [post, rstStream('CANCEL', 0)],
    ...endsConnection('PROTOCOL_ERROR'),
  },
  {
    id: 'h2/rst-stream/idle',
    title: 'RST_STREAM on a stream above all that were opened ends the connection',
    rfc: 'RFC9113#6.4',
    level: 'MUST',
    needs: [],
    frames: [post, rstStream('CANCEL', 3)],
    ...endsConnection('PROTOCOL_ERROR'),
  },
]);
