import {
  data,
  defineH2Cases,
  echoes,
  eitherOf,
  encode,
  endsConnection,
  endsStream,
  FLAG,
  FRAME,
  type H2Step,
  h2Server,
  headers,
  livesOn,
  type OctetStep,
  raw,
  request,
  resetsStream,
  responds,
  response,
  SETTING,
  shows,
  windowUpdate,
} from '../../h2/define.ts';
import { frameOctets } from '../../wire/h2/frames.ts';
import { literal } from '../../wire/h2/hpack-writer.ts';

/** RFC9113#4.2: what every server takes. */
const MOST = 16_384;
const OVER = MOST + 1;
/** Octets of `literal('x-fill', …)` beyond its value, which is longer than 254 octets. */
const FILL_BYTES = 11;
const FILLS = 5;

const upload = request('/echo', [], 'POST');
const post = headers(request('/', [], 'POST'), { end: false });

/** HEADERS whose payload is a request of exactly so many octets. */
function longHeaders(bytes: number): H2Step {
  const octets: OctetStep['octets'] = (values) => {
    const block = encode(request(), values);
    const room = bytes - block.length - FILLS * FILL_BYTES;
    const fills = Array.from({ length: FILLS }, (_, index) =>
      literal('x-fill', 'x'.repeat(Math.floor((room + index) / FILLS))),
    );
    return frameOctets(FRAME.HEADERS, FLAG.END_HEADERS | FLAG.END_STREAM, 1, Buffer.concat([block, ...fills]));
  };
  return { kind: 'octets', says: `HEADERS [1] ${bytes} octets of a request`, stream: 1, octets };
}

/** Frames of one octet more than a server has to take, whose error reaches the whole connection. */
const TOO_LARGE = [
  { slug: 'headers', says: 'HEADERS', frames: [longHeaders(OVER)] },
  { slug: 'rst-stream', says: 'RST_STREAM', frames: [post, raw(FRAME.RST_STREAM, 0, 1, Buffer.alloc(OVER))] },
  { slug: 'ping', says: 'PING', frames: [raw(FRAME.PING, 0, 0, Buffer.alloc(OVER))] },
  { slug: 'goaway', says: 'GOAWAY', frames: [raw(FRAME.GOAWAY, 0, 0, Buffer.alloc(OVER))] },
  { slug: 'window-update', says: 'WINDOW_UPDATE', frames: [raw(FRAME.WINDOW_UPDATE, 0, 0, Buffer.alloc(OVER, 1))] },
] as const;

/** Payloads that end inside what their flags announce. */
const TOO_SMALL = [
  { slug: 'headers-without-pad-length', says: 'HEADERS without the Pad Length', flags: FLAG.PADDED, bytes: 0 },
  { slug: 'headers-without-priority', says: 'HEADERS without the priority', flags: FLAG.PRIORITY, bytes: 0 },
  { slug: 'headers-with-1-of-priority', says: 'HEADERS with 1 octet of the priority', flags: FLAG.PRIORITY, bytes: 1 },
  { slug: 'headers-with-4-of-priority', says: 'HEADERS with 4 octets of the priority', flags: FLAG.PRIORITY, bytes: 4 },
  {
    slug: 'headers-pad-length-and-4-of-priority',
    says: 'HEADERS with the Pad Length and 4 octets of the priority',
    flags: FLAG.PADDED | FLAG.PRIORITY,
    bytes: 5,
  },
] as const;

export default defineH2Cases([
  ...[0, 1, 255, 16_383, MOST].map(
    (bytes) =>
      ({
        id: `h2/frame-size/data-${bytes}`,
        title: `DATA of ${bytes} octets are taken`,
        rfc: 'RFC9113#4.2',
        level: 'MUST',
        needs: ['echo'],
        frames: [headers(upload, { end: false }), data('x'.repeat(bytes), { end: false }), data('{nonce}')],
        ...echoes(`${'x'.repeat(bytes)}{nonce}`),
      }) as const,
  ),
  {
    id: 'h2/frame-size/headers-16384',
    title: 'HEADERS of 16,384 octets are understood, whatever the server says to so long a field section',
    rfc: 'RFC9113#4.2',
    level: 'MUST',
    needs: ['get'],
    why: 'A server may refuse the request or, having been made to do too much, the connection (RFC9113#10.5), but not the frame.',
    frames: [longHeaders(MOST)],
    awaits: [1],
    ...eitherOf(
      shows(
        'answers or resets stream 1, not because of the size of a frame',
        ({ streams }) => {
          const { response, reset } = streams.get(1) ?? {};
          if (response?.complete === true)
            return response.status < 500 ? undefined : `the status was ${response.status}`;
          if (reset === undefined) return 'stream 1 was neither answered nor reset';
          return reset === 6 ? 'stream 1 was reset with FRAME_SIZE_ERROR' : undefined;
        },
        [responds(200, 'hello'), responds(431), resetsStream('ENHANCE_YOUR_CALM')],
        [resetsStream('FRAME_SIZE_ERROR'), responds(500)],
      ),
      endsConnection('ENHANCE_YOUR_CALM'),
    ),
  },
  {
    id: 'h2/frame-size/data-16385',
    title: 'DATA of 16,385 octets are an error of a server that takes no larger frames',
    rfc: 'RFC9113#4.2',
    level: 'MUST',
    needs: ['frames-16384'],
    frames: [post, data('x'.repeat(OVER))],
    ...endsStream('FRAME_SIZE_ERROR'),
  },
  {
    id: 'h2/frame-size/priority-16385',
    title: 'PRIORITY of 16,385 octets is an error of a server that takes no larger frames',
    rfc: 'RFC9113#4.2',
    level: 'MUST',
    needs: ['frames-16384'],
    frames: [post, raw(FRAME.PRIORITY, 0, 1, Buffer.alloc(OVER))],
    ...endsStream('FRAME_SIZE_ERROR'),
  },
  ...TOO_LARGE.map(
    ({ slug, says, frames }) =>
      ({
        id: `h2/frame-size/${slug}-16385`,
        title: `${says} of 16,385 octets ends the connection of a server that takes no larger frames`,
        rfc: 'RFC9113#4.2',
        level: 'MUST',
        needs: ['frames-16384'],
        frames,
        ...endsConnection('FRAME_SIZE_ERROR'),
      }) as const,
  ),
  {
    id: 'h2/frame-size/unknown-16385',
    title: 'A frame of unknown type is ignored, or is too large like any other',
    rfc: 'RFC9113#4.2',
    level: 'MUST',
    needs: ['frames-16384'],
    why: 'RFC9113#4.1 has unknown types ignored, RFC9113#4.2 has every frame bounded.',
    frames: [raw(0x42, 0, 0, Buffer.alloc(OVER))],
    ...eitherOf(livesOn(), endsConnection('FRAME_SIZE_ERROR')),
  },
  {
    id: 'h2/frame-size/data-without-pad-length',
    title: 'Padded DATA without a Pad Length is an error',
    rfc: 'RFC9113#4.2',
    level: 'MUST',
    needs: [],
    frames: [post, raw(FRAME.DATA, FLAG.PADDED | FLAG.END_STREAM, 1)],
    ...endsStream('FRAME_SIZE_ERROR'),
  },
  ...TOO_SMALL.map(
    ({ slug, says, flags, bytes }) =>
      ({
        id: `h2/frame-size/${slug}`,
        title: `${says} ends the connection`,
        rfc: 'RFC9113#4.2',
        level: 'MUST',
        needs: [],
        frames: [raw(FRAME.HEADERS, flags | FLAG.END_HEADERS | FLAG.END_STREAM, 1, Buffer.alloc(bytes))],
        ...endsConnection('FRAME_SIZE_ERROR'),
      }) as const,
  ),
  {
    id: 'h2/frame-size/own-frames',
    title: "The server's own frames have no more than the 16,384 octets that a client takes unasked",
    rfc: 'RFC9113#4.2',
    level: 'MUST',
    needs: ['file'],
    handshake: [[SETTING.INITIAL_WINDOW_SIZE, 1_000_000]],
    frames: [windowUpdate(1_000_000), headers(request('/file.bin'))],
    awaits: [1],
    ...shows(
      'sends no frame of more than 16,384 octets',
      ({ frames, streams }) => {
        const largest = Math.max(...frames.map(({ payload }) => payload.length));
        if (largest > MOST) return `a frame had ${largest} octets`;
        return streams.get(1)?.response?.complete === true ? undefined : 'stream 1 has no whole response';
      },
      responds(200, 'x'.repeat(MOST)),
      [responds(200, 'x'.repeat(OVER)), h2Server('answers half', [response(200, 'hello').slice(0, 1)])],
    ),
  },
]);
