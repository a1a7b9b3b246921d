import {
  answersWith,
  type Block,
  continuation,
  data,
  defineH2Cases,
  eitherOf,
  endsConnection,
  FLAG,
  FRAME,
  fragments,
  goaway,
  type H2Step,
  h2Server,
  headers,
  indexed,
  literal,
  ping,
  priority,
  raw,
  request,
  response,
  rstStream,
  settings,
  shows,
  windowUpdate,
} from '../../h2/define.ts';

const first = request().slice(0, 2);
const rest = request().slice(2);
const post = headers(request('/', [], 'POST'), { end: false });
/** Fields that go into the dynamic table. */
const KIND = { kind: 'indexing' } as const;

/** What may not stand between the frames of a block, not even where it is harmless elsewhere. */
const INTRUDERS: readonly { readonly slug: string; readonly says: string; readonly frame: H2Step }[] = [
  { slug: 'data', says: 'DATA of the same stream', frame: data('{nonce}', { end: false }) },
  { slug: 'headers', says: 'HEADERS of the same stream', frame: headers(request()) },
  { slug: 'headers-elsewhere', says: 'HEADERS of another stream', frame: headers(request(), { stream: 3 }) },
  { slug: 'continuation-elsewhere', says: 'CONTINUATION of another stream', frame: continuation(rest, { stream: 3 }) },
  { slug: 'priority', says: 'PRIORITY', frame: priority(1) },
  { slug: 'rst-stream', says: 'RST_STREAM of the same stream', frame: rstStream() },
  { slug: 'settings', says: 'SETTINGS', frame: settings() },
  { slug: 'settings-ack', says: 'an acknowledgement of SETTINGS', frame: settings([], FLAG.ACK) },
  { slug: 'ping', says: 'PING', frame: ping() },
  { slug: 'goaway', says: 'GOAWAY', frame: goaway() },
  { slug: 'window-update', says: 'WINDOW_UPDATE of the connection', frame: windowUpdate(1) },
  { slug: 'window-update-stream', says: 'WINDOW_UPDATE of the same stream', frame: windowUpdate(1, 1) },
  { slug: 'push-promise', says: 'PUSH_PROMISE', frame: raw(FRAME.PUSH_PROMISE, FLAG.END_HEADERS, 1, '\0\0\0\x02\x82') },
];

/** Fields that cannot be decoded. */
const UNDECODABLE = [
  { slug: 'index-0', says: 'index 0', field: indexed(0), codes: ['COMPRESSION_ERROR'] },
  { slug: 'index-of-nothing', says: 'an index that names nothing', field: indexed(200), codes: ['COMPRESSION_ERROR'] },
  {
    slug: 'cut-short',
    says: 'a value that is longer than what is left',
    field: literal('x-cut', 'short').subarray(0, -1),
    // RFC9113#5.4: any applicable code may be used, and the block is too short
    codes: ['COMPRESSION_ERROR', 'FRAME_SIZE_ERROR'],
  },
] as const;
const namesNothing = indexed(200);

/** The fields of a request whose path goes into the dynamic table, and a field behind it. */
const keeps: Block = [...request().slice(0, 3), literal(4, '/', KIND), literal('x-kept', 'value', KIND)];
/** A request that takes both from the table. */
const usesBoth = headers([...request().slice(0, 3), indexed(63), indexed(62)], { stream: 3 });
/** A field alone that goes into the table, and a request that takes it from there. */
const keepsField: Block = [literal('x-kept', 'value', KIND)];
const usesField = headers([...request(), indexed(62)], { stream: 3 });

/** Blocks that change the table on their way to nowhere. */
const LOST = [
  {
    slug: 'malformed',
    says: 'a malformed request',
    frames: [headers([...keeps, ['X-Upper', 'case']]), usesBoth],
    codes: ['PROTOCOL_ERROR'],
  },
  {
    slug: 'cancelled',
    says: 'a request that is reset at once',
    frames: [headers(keeps), rstStream('CANCEL', 1), usesBoth],
    codes: ['ENHANCE_YOUR_CALM'],
  },
  {
    slug: 'half-closed',
    says: 'HEADERS behind END_STREAM',
    frames: [headers(), headers(keepsField), usesField],
    codes: ['STREAM_CLOSED', 'PROTOCOL_ERROR'],
  },
  {
    slug: 'closed-by-reset',
    says: 'HEADERS behind RST_STREAM',
    frames: [post, rstStream('CANCEL', 1), headers(keepsField), usesField],
    codes: ['STREAM_CLOSED', 'PROTOCOL_ERROR', 'ENHANCE_YOUR_CALM'],
  },
] as const;

/** Cuts of a block at each of its first octets, a request each. */
const CUT_REQUESTS = Array.from({ length: 24 }, (_, index) => ({ stream: 2 * index + 1, cut: index + 1 }));

export default defineH2Cases([
  {
    id: 'h2/field-block/cut-anywhere',
    title: 'Field blocks are put together wherever in a field they were cut',
    rfc: 'RFC9113#4.3',
    level: 'MUST',
    needs: ['get', 'streams-64'],
    frames: CUT_REQUESTS.flatMap(({ stream, cut }) => fragments(request(), [cut], { stream })),
    awaits: CUT_REQUESTS.map(({ stream }) => stream),
    ...shows(
      'answers all of them with 200',
      ({ streams }) => {
        const missing = CUT_REQUESTS.find(({ stream }) => streams.get(stream)?.response?.status !== 200);
        return missing === undefined ? undefined : `the request cut behind octet ${missing.cut} has no 200`;
      },
      h2Server('answers all', [CUT_REQUESTS.flatMap(({ stream }) => response(200, 'hello', stream))]),
      h2Server('answers the first alone', [response(200, 'hello')]),
    ),
  },
  ...INTRUDERS.map(
    ({ slug, says, frame }) =>
      ({
        id: `h2/field-block/interrupted-by-${slug}`,
        title: `${says} between HEADERS and CONTINUATION ends the connection`,
        rfc: 'RFC9113#6.2',
        level: 'MUST',
        needs: [],
        frames: [headers(first, { endHeaders: false }), frame, continuation(rest)],
        ...endsConnection('PROTOCOL_ERROR'),
      }) as const,
  ),
  {
    id: 'h2/field-block/trailers-interrupted',
    title: 'A frame inside the block of trailers ends the connection',
    rfc: 'RFC9113#6.2',
    level: 'MUST',
    needs: [],
    frames: [
      post,
      headers([['x-trailer', 'value']], { endHeaders: false }),
      windowUpdate(1, 1),
      continuation([['x-other', 'value']]),
    ],
    ...endsConnection('PROTOCOL_ERROR'),
  },
  ...UNDECODABLE.map(
    ({ slug, says, field, codes }) =>
      ({
        id: `h2/field-block/undecodable-${slug}`,
        title: `A field block with ${says} ends the connection`,
        rfc: 'RFC9113#4.3',
        level: 'MUST',
        needs: [],
        frames: [headers([...request(), field])],
        ...endsConnection(...codes),
      }) as const,
  ),
  {
    id: 'h2/field-block/undecodable-continuation',
    title: 'A block that cannot be decoded ends the connection, the fault being in CONTINUATION',
    rfc: 'RFC9113#4.3',
    level: 'MUST',
    needs: [],
    frames: [headers(first, { endHeaders: false }), continuation([...rest, namesNothing])],
    ...endsConnection('COMPRESSION_ERROR'),
  },
  {
    id: 'h2/field-block/undecodable-trailers',
    title: 'Trailers that cannot be decoded end the connection',
    rfc: 'RFC9113#4.3',
    level: 'MUST',
    needs: [],
    frames: [post, headers([namesNothing])],
    ...endsConnection('COMPRESSION_ERROR'),
  },
  {
    id: 'h2/field-block/undecodable-and-malformed',
    title: 'A request that is malformed already ends the connection when the rest of its block cannot be decoded',
    rfc: 'RFC9113#4.3',
    level: 'MUST',
    needs: [],
    frames: [headers([...request(), ['X-Upper', 'case'], namesNothing])],
    ...endsConnection('COMPRESSION_ERROR'),
  },
  {
    id: 'h2/field-block/undecodable-half-closed',
    title: 'HEADERS behind END_STREAM are decoded even so: a block that cannot be ends the connection',
    rfc: 'RFC9113#4.3',
    level: 'MUST',
    needs: [],
    frames: [headers(), headers([namesNothing])],
    ...endsConnection('COMPRESSION_ERROR', 'STREAM_CLOSED'),
  },
  {
    id: 'h2/field-block/undecodable-closed-by-reset',
    title: 'HEADERS behind RST_STREAM are decoded even so: a block that cannot be ends the connection',
    rfc: 'RFC9113#4.3',
    level: 'MUST',
    needs: [],
    frames: [post, rstStream('CANCEL', 1), headers([namesNothing])],
    ...endsConnection('COMPRESSION_ERROR', 'STREAM_CLOSED'),
  },
  {
    id: 'h2/field-block/table-kept',
    title: 'What one request puts into the table is there for the next',
    rfc: 'RFC9113#4.3.1',
    level: 'MUST',
    needs: ['get'],
    frames: [headers(keeps), usesBoth],
    awaits: [1],
    ...answersWith([200], 3),
  },
  {
    id: 'h2/field-block/table-kept-trailers',
    title: 'What trailers put into the table is there for the next request',
    rfc: 'RFC9113#4.3.1',
    level: 'MUST',
    needs: ['get', 'post'],
    frames: [post, data('{nonce}', { end: false }), headers(keepsField), usesField],
    awaits: [1],
    ...answersWith([200], 3),
  },
  ...LOST.map(
    ({ slug, says, frames, codes }) =>
      ({
        id: `h2/field-block/table-kept-${slug}`,
        title: `What ${says} puts into the table is there for the next request`,
        rfc: 'RFC9113#4.3',
        level: 'MUST',
        needs: ['get'],
        frames,
        ...eitherOf(answersWith([200], 3), endsConnection(...codes)),
      }) as const,
  ),
]);
