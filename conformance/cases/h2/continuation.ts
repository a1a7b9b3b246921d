import {
  answersWith,
  beside,
  concluded,
  continuation,
  data,
  defineH2Cases,
  echoes,
  eitherOf,
  endsConnection,
  endsStream,
  FLAG,
  FRAME,
  fragments,
  goaway,
  headers,
  indexed,
  literal,
  octets,
  ping,
  priority,
  priorityUpdate,
  raw,
  request,
  rstStream,
  SETTING,
  settings,
  understands,
  windowUpdate,
} from '../../h2/define.ts';
import { frameOctets } from '../../wire/h2/frames.ts';

const POST = request('/echo', [], 'POST');
const GET = request();
/** A whole CONTINUATION frame with one field. */
const SLOW = frameOctets(FRAME.CONTINUATION, FLAG.END_HEADERS, 1, literal('x-a', 'b'));

/**
 * Where the block of the POST is cut: its first field, `:method`, takes 14 octets, 7 of them the name, 4 the value. No sentence forbids
 * an empty fragment, and none says that it must be taken.
 */
const CUTS = [
  { slug: 'between-fields', says: 'between two fields', cuts: [14] },
  { slug: 'in-a-name', says: 'in a name', cuts: [5] },
  { slug: 'in-a-value', says: 'in a value', cuts: [11] },
  { slug: 'before-a-length', says: 'in front of a length', cuts: [1] },
  { slug: 'in-four-places', says: 'in four places', cuts: [1, 6, 14, 40] },
  { slug: 'behind-nothing', says: 'in front of its first octet', cuts: [0] },
  { slug: 'around-nothing', says: 'twice in one place', cuts: [14, 14] },
  { slug: 'before-nothing', says: 'behind its last octet', cuts: [4_096] },
] as const;

/** Frames that may not stand between two parts of a block. */
const INTRUDERS = [
  { slug: 'data', says: 'DATA', frame: data('x') },
  { slug: 'headers', says: 'HEADERS of the same stream', frame: headers() },
  { slug: 'headers-of-another', says: 'HEADERS of another stream', frame: headers(request(), { stream: 3 }) },
  { slug: 'priority', says: 'PRIORITY', frame: priority(1) },
  { slug: 'rst-stream', says: 'RST_STREAM', frame: rstStream() },
  { slug: 'settings', says: 'SETTINGS', frame: settings() },
  { slug: 'settings-ack', says: 'an acknowledgement of SETTINGS', frame: settings([], FLAG.ACK) },
  { slug: 'push-promise', says: 'PUSH_PROMISE', frame: raw(FRAME.PUSH_PROMISE, FLAG.END_HEADERS, 1, '\0\0\0\x02\x82') },
  { slug: 'ping', says: 'PING', frame: ping() },
  { slug: 'goaway', says: 'GOAWAY', frame: goaway() },
  { slug: 'window-update', says: 'WINDOW_UPDATE', frame: windowUpdate(1) },
  { slug: 'priority-update', says: 'PRIORITY_UPDATE', frame: priorityUpdate(1) },
  { slug: 'unknown', says: 'a frame of unknown type', frame: raw(0x42, 0, 0, 'what') },
  { slug: 'continuation-of-another', says: 'CONTINUATION of another stream', frame: continuation([], { stream: 3 }) },
  { slug: 'continuation-of-none', says: 'CONTINUATION of stream 0', frame: continuation([], { stream: 0 }) },
] as const;

/** CONTINUATION where no block is open. */
const STRAYS = [
  { slug: 'first', says: 'on an idle stream', needs: [], frames: [continuation(GET)] },
  { slug: 'on-stream-0', says: 'on stream 0', needs: [], frames: [continuation([], { stream: 0 })] },
  {
    slug: 'behind-end-headers',
    says: 'behind END_HEADERS',
    needs: ['echo'],
    frames: [headers(POST, { end: false }), continuation([['x', 'y']])],
  },
  {
    slug: 'behind-continuation',
    says: 'behind another with END_HEADERS',
    needs: ['echo'],
    frames: [...fragments(POST, [14], { end: false }), continuation([['x', 'y']])],
  },
  {
    slug: 'behind-data',
    says: 'behind DATA',
    needs: ['echo'],
    frames: [headers(POST, { end: false }), data('x', { end: false }), continuation([['x', 'y']])],
  },
] as const;

export default defineH2Cases([
  ...CUTS.map(
    ({ slug, says, cuts }) =>
      ({
        id: `h2/continuation/cut-${slug}`,
        title: `A field block that is cut ${says} is taken`,
        rfc: 'RFC9113#6.10',
        level: slug.endsWith('nothing') ? 'SHOULD' : 'MUST',
        needs: ['echo'],
        frames: [...fragments(POST, cuts, { end: false }), data('{nonce}')],
        ...echoes(),
      }) as const,
  ),
  {
    id: 'h2/continuation/octet-by-octet',
    title: 'A CONTINUATION frame that comes octet by octet is one frame',
    rfc: 'RFC9113#6.10',
    level: 'MUST',
    needs: ['get'],
    why: 'A limit on CONTINUATION frames must not count how often one is looked at before it is whole.',
    frames: [
      headers(GET, { endHeaders: false }),
      ...Array.from(SLOW, (octet) => [beside, octets(Buffer.from([octet]))]).flat(),
    ],
    ...answersWith([200]),
  },
  {
    id: 'h2/continuation/sixty-frames',
    title: 'A block in sixty frames is taken, or is too much',
    rfc: 'RFC9113#6.10',
    level: 'MAY',
    needs: ['get'],
    why: 'Any number of them can be sent, and small frames to excess may be refused (RFC9113#10.5).',
    frames: fragments(
      GET,
      Array.from({ length: 59 }, (_, index) => index + 1),
    ),
    ...eitherOf(answersWith([200, 431]), endsConnection('ENHANCE_YOUR_CALM')),
  },
  {
    id: 'h2/continuation/end-stream-on-headers',
    title: 'END_STREAM on HEADERS ends the request, CONTINUATION behind it or not',
    rfc: 'RFC9113#6.2',
    level: 'MUST',
    needs: ['get'],
    frames: fragments(GET, [13]),
    ...answersWith([200]),
  },
  {
    id: 'h2/continuation/undefined-flags',
    title: 'END_STREAM, PADDED and PRIORITY mean nothing on CONTINUATION',
    rfc: 'RFC9113#4.1',
    level: 'MUST',
    needs: ['echo'],
    why: 'The stream is not ended by it, and its payload has neither padding nor a priority.',
    frames: [
      headers(POST.slice(0, 2), { end: false, endHeaders: false }),
      continuation(POST.slice(2), { flags: 0xff & ~FLAG.END_HEADERS }),
      data('{nonce}'),
    ],
    ...echoes(),
  },
  {
    id: 'h2/continuation/behind-padding',
    title: 'The padding of HEADERS is no part of a block that CONTINUATION continues',
    rfc: 'RFC9113#6.10',
    level: 'MUST',
    needs: ['echo'],
    frames: [
      headers(POST.slice(0, 2), { end: false, endHeaders: false, pad: 20 }),
      continuation(POST.slice(2)),
      data('{nonce}'),
    ],
    ...echoes(),
  },
  {
    id: 'h2/continuation/behind-priority',
    title: 'The priority of HEADERS is no part of a block that CONTINUATION continues',
    rfc: 'RFC9113#6.10',
    level: 'MUST',
    needs: ['echo'],
    frames: [
      headers(POST.slice(0, 2), { end: false, endHeaders: false, dependsOn: 0 }),
      continuation(POST.slice(2)),
      data('{nonce}'),
    ],
    ...echoes(),
  },
  {
    id: 'h2/continuation/of-trailers',
    title: 'Trailers may be continued',
    rfc: 'RFC9113#6.10',
    level: 'MUST',
    needs: ['echo'],
    frames: [
      ...[headers(POST, { end: false }), data('{nonce}', { end: false })],
      ...fragments([['x-trailer', 'a']], [4]),
    ],
    ...echoes(),
  },
  {
    id: 'h2/continuation/table-in-step',
    title: 'An entry that CONTINUATION has cut in two stands in the table for the next request',
    rfc: 'RFC9113#6.10',
    level: 'MUST',
    needs: ['inspect'],
    frames: [
      ...fragments([...GET, literal('x-a', 'kept in the table', { kind: 'indexing' })], [-8]),
      ...[concluded(1), headers(request('/inspect', [indexed(62)]), { stream: 3 })],
    ],
    ...understands({ fields: { 'x-a': ['kept in the table'] } }, { fields: [['x-a', 'kept in the table']] }, {}, 3),
  },
  {
    id: 'h2/continuation/long-field',
    title: 'A field of 6,000 octets in four frames is taken, or is too large',
    rfc: 'RFC9113#6.10',
    level: 'MUST',
    needs: ['get'],
    frames: fragments(request('/', [['x-long', 'a'.repeat(6_000)]]), [1_500, 3_000, 4_500]),
    ...answersWith([200, 431, 400]),
  },
  {
    id: 'h2/continuation/too-long-a-frame',
    title: 'CONTINUATION longer than 16,384 octets ends the connection of a server that takes no longer frames',
    rfc: 'RFC9113#4.2',
    level: 'MUST',
    needs: ['frames-16384'],
    frames: [
      headers(GET, { endHeaders: false }),
      raw(FRAME.CONTINUATION, FLAG.END_HEADERS, 1, Buffer.alloc(16_385, 0x82)),
    ],
    ...endsConnection('FRAME_SIZE_ERROR'),
  },
  ...INTRUDERS.map(
    ({ slug, says, frame }) =>
      ({
        id: `h2/continuation/interrupted-by-${slug}`,
        title: `${says[0]?.toUpperCase()}${says.slice(1)} between two CONTINUATION frames ends the connection`,
        rfc: 'RFC9113#6.10',
        level: 'MUST',
        needs: [],
        frames: [
          headers(GET.slice(0, 1), { endHeaders: false }),
          continuation(GET.slice(1, 2), { endHeaders: false }),
          frame,
          continuation(GET.slice(2)),
        ],
        ...endsConnection('PROTOCOL_ERROR'),
      }) as const,
  ),
  ...STRAYS.map(
    ({ slug, says, needs, frames }) =>
      ({
        id: `h2/continuation/stray-${slug}`,
        title: `CONTINUATION ${says} ends the connection`,
        rfc: 'RFC9113#6.10',
        level: 'MUST',
        needs,
        frames,
        ...endsConnection('PROTOCOL_ERROR'),
      }) as const,
  ),
  {
    id: 'h2/continuation/stray-behind-end-stream',
    title: 'CONTINUATION behind END_HEADERS and END_STREAM is an error',
    rfc: 'RFC9113#6.10',
    level: 'MUST',
    needs: ['file'],
    why: 'It is a connection error here, and STREAM_CLOSED as any frame of a half-closed stream (RFC9113#5.1).',
    handshake: [[SETTING.INITIAL_WINDOW_SIZE, 0]],
    frames: [headers(request('/file.bin')), continuation([['x', 'y']])],
    sentinel: 'none',
    ...eitherOf(endsConnection('PROTOCOL_ERROR'), endsStream('STREAM_CLOSED')),
  },
  {
    id: 'h2/continuation/stray-on-closed-stream',
    title: 'CONTINUATION of a stream that is over ends the connection',
    rfc: 'RFC9113#6.10',
    level: 'MUST',
    needs: [],
    frames: [headers(), concluded(1), continuation([['x', 'y']])],
    ...endsConnection('PROTOCOL_ERROR', 'STREAM_CLOSED'),
  },
]);
