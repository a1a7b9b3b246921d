import {
  barrier,
  data,
  defineH2Cases,
  echoes,
  eitherOf,
  endsConnection,
  FLAG,
  FRAME,
  type H2Dialogue,
  type H2Observation,
  type H2Step,
  h2Server,
  headers,
  raw,
  request,
  response,
  SETTING,
  settings,
  shows,
  windowUpdate,
} from '../../h2/define.ts';

const upload = headers(request('/echo', [], 'POST'), { end: false });
const post = headers(request('/', [], 'POST'), { end: false });
const more = { end: false } as const;

/** Ways to bring the content `{nonce}` over. */
const SHAPES: readonly { readonly slug: string; readonly says: string; readonly frames: readonly H2Step[] }[] = [
  { slug: 'whole', says: 'in one frame', frames: [data('{nonce}')] },
  { slug: 'end-empty', says: 'with an empty last frame', frames: [data('{nonce}', more), data('')] },
  {
    slug: 'empty-between',
    says: 'with empty frames in front and behind',
    frames: [data('', more), data('', more), data('{nonce}', more), data('', more), data('')],
  },
  { slug: 'padding-0', says: 'padded with nothing but the Pad Length', frames: [data('{nonce}', { pad: 0 })] },
  { slug: 'padding-1', says: 'padded with an octet', frames: [data('{nonce}', { pad: 1 })] },
  { slug: 'padding-255', says: 'padded with 255 octets', frames: [data('{nonce}', { pad: 255 })] },
  {
    slug: 'padding-alone',
    says: 'with a frame of nothing but padding in front',
    frames: [data('', { ...more, pad: 255 }), data('{nonce}')],
  },
  {
    slug: 'padding-alone-last',
    says: 'with a last frame of nothing but padding',
    frames: [data('{nonce}', more), data('', { pad: 7 })],
  },
  {
    slug: 'padding-0-alone',
    says: 'with a frame of nothing but the Pad Length in front',
    frames: [data('', { ...more, pad: 0 }), data('{nonce}', { pad: 0 })],
  },
];

/** Padded frames whose Pad Length leaves no room for itself. */
const TOO_LONG = [
  { slug: 'equal', says: 'as long as the payload', payload: '\x05abcd' },
  { slug: 'longer', says: 'an octet longer than the payload', payload: '\x06abcd' },
  { slug: 'longest', says: 'of 255 octets in a payload of 5', payload: '\xffabcd' },
  { slug: 'alone', says: 'of an octet in a payload that is the Pad Length alone', payload: '\x01' },
] as const;

const ON_STREAM_0 = [
  { slug: 'stream-0', says: 'DATA', frame: data('{nonce}', { stream: 0 }) },
  { slug: 'stream-0-empty', says: 'Empty DATA', frame: data('', { stream: 0, end: false }) },
  { slug: 'stream-0-padded', says: 'Padded DATA', frame: data('{nonce}', { stream: 0, pad: 10 }) },
] as const;

const ONES = Array.from({ length: 50 }, (_, index) => String.fromCharCode(0x41 + (index % 26)));

/** Payload of a frame that is an octet of content, the rest padding. */
const PADDED_BYTES = 256;
const FIRST_WINDOW = 65_535;
const padded = data('x', { ...more, pad: PADDED_BYTES - 2 });
/** A larger window than this is not filled. */
const MAX_BYTES = 1_048_576;
/** Frames of one write. */
const BATCH = 64;

const firstWindow = ({ settings, credit }: H2Observation) =>
  Math.min(settings.get(SETTING.INITIAL_WINDOW_SIZE) ?? FIRST_WINDOW, FIRST_WINDOW + credit);

/** Octets that may still be sent on stream 1 when `sent` have been, but for the last. */
function roomFor(seen: H2Observation, sent: number): number {
  const stream = (seen.settings.get(SETTING.INITIAL_WINDOW_SIZE) ?? FIRST_WINDOW) + (seen.streams.get(1)?.credit ?? 0);
  return Math.min(stream, FIRST_WINDOW + seen.credit) - sent - 1;
}

/** Sends more padding than the first window holds, as fast as credit comes. Content that ends in `.` was all sent. */
async function padsMuch(dialogue: H2Dialogue): Promise<H2Observation> {
  const total = Math.min(MAX_BYTES, firstWindow(dialogue.seen) + FIRST_WINDOW);
  await dialogue.take(upload);
  let sent = 0;
  while (sent < total && (await dialogue.until((seen) => roomFor(seen, sent) >= PADDED_BYTES))) {
    const count = Math.min(BATCH, Math.floor(roomFor(dialogue.seen, sent) / PADDED_BYTES));
    await dialogue.take(...Array.from({ length: count }, () => padded));
    sent += count * PADDED_BYTES;
  }
  await dialogue.take(sent < total ? data('') : data('.'), barrier);
  await dialogue.until(({ streams }) => streams.get(1)?.response?.complete === true);
  return dialogue.finish();
}

/** A server whose windows hold more than is sent. */
const wide = (name: string, content: string) =>
  h2Server(name, [response(200, content), []], {
    front: [settings([[SETTING.INITIAL_WINDOW_SIZE, 2 ** 31 - 1]]), windowUpdate(2 ** 30), settings([], FLAG.ACK)],
  });

export default defineH2Cases([
  ...SHAPES.map(
    ({ slug, says, frames }) =>
      ({
        id: `h2/data/${slug}`,
        title: `Content that comes ${says} is taken as it is`,
        rfc: 'RFC9113#6.1',
        level: 'MUST',
        needs: ['echo'],
        frames: [upload, ...frames],
        ...echoes(),
      }) as const,
  ),
  {
    id: 'h2/data/octet-by-octet',
    title: 'Content in frames of one octet is put together',
    rfc: 'RFC9113#6.1',
    level: 'MUST',
    needs: ['echo'],
    frames: [upload, ...ONES.map((char) => data(char, more)), data('{nonce}')],
    ...echoes(`${ONES.join('')}{nonce}`),
  },
  {
    id: 'h2/data/padding-each',
    title: 'Every padded frame has its own padding, content and all else being kept',
    rfc: 'RFC9113#6.1',
    level: 'MUST',
    needs: ['echo'],
    frames: [upload, ...[1, 17, 0, 255, 3].map((pad) => data(`<${pad}>`, { ...more, pad })), data('{nonce}')],
    ...echoes('<1><17><0><255><3>{nonce}'),
  },
  {
    id: 'h2/data/padding-of-full-frame',
    title: 'A padded frame of 16,384 octets is taken',
    rfc: 'RFC9113#6.1',
    level: 'MUST',
    needs: ['echo'],
    frames: [upload, data('x'.repeat(16_384 - 256), { ...more, pad: 255 }), data('{nonce}')],
    ...echoes(`${'x'.repeat(16_384 - 256)}{nonce}`),
  },
  {
    id: 'h2/data/padding-is-no-content',
    title: 'Padding does not count towards Content-Length',
    rfc: 'RFC9113#6.1',
    level: 'MUST',
    needs: ['echo'],
    frames: [
      headers(request('/echo', [['content-length', '{nonce}'.length.toString()]], 'POST'), more),
      data('{nonce}', { pad: 100 }),
    ],
    ...echoes(),
  },
  {
    id: 'h2/data/padding-of-anything',
    title: 'Padding that is not zeros is taken for padding, or ends the connection',
    rfc: 'RFC9113#6.1',
    level: 'MAY',
    needs: ['echo'],
    frames: [upload, raw(FRAME.DATA, FLAG.PADDED | FLAG.END_STREAM, 1, '\x04contentjunk')],
    ...eitherOf(echoes('content'), endsConnection('PROTOCOL_ERROR')),
  },
  ...TOO_LONG.map(
    ({ slug, says, payload }) =>
      ({
        id: `h2/data/padding-too-long-${slug}`,
        title: `Padding ${says} ends the connection`,
        rfc: 'RFC9113#6.1',
        level: 'MUST',
        needs: [],
        frames: [post, raw(FRAME.DATA, FLAG.PADDED | FLAG.END_STREAM, 1, payload)],
        ...endsConnection('PROTOCOL_ERROR'),
      }) as const,
  ),
  ...ON_STREAM_0.map(
    ({ slug, says, frame }) =>
      ({
        id: `h2/data/${slug}`,
        title: `${says} on stream 0 ends the connection`,
        rfc: 'RFC9113#6.1',
        level: 'MUST',
        needs: [],
        frames: [frame],
        ...endsConnection('PROTOCOL_ERROR'),
      }) as const,
  ),
  {
    id: 'h2/data/stream-0-while-open',
    title: 'DATA on stream 0 ends the connection although a stream waits for its content',
    rfc: 'RFC9113#6.1',
    level: 'MUST',
    needs: [],
    frames: [post, data('{nonce}', { stream: 0 }), data('{nonce}')],
    ...endsConnection('PROTOCOL_ERROR'),
  },
  {
    id: 'h2/data/padding-counts',
    title: 'Credit comes back for padding as for content: an upload of padding alone does not run dry',
    rfc: 'RFC9113#6.1',
    level: 'SHOULD',
    needs: ['echo'],
    why: 'The whole payload counts in both windows: a server that gives back what its application reads alone brings the upload to a stop.',
    frames: [upload, padded, data('.')],
    run: padsMuch,
    ...shows(
      'answers with the content, having given enough credit for all of the padding',
      ({ streams }) => {
        const { response } = streams.get(1) ?? {};
        if (response?.complete !== true || response.status !== 200) return 'stream 1 has no whole 200';
        const content = response.content.toString('latin1');
        return /^x+\.$/.test(content) ? undefined : `credit ran dry behind ${content.length * PADDED_BYTES} octets`;
      },
      wide('gives credit', 'xxx.'),
      [wide('loses content', 'abc'), h2Server('gives no credit', [response(200, 'xxx'), []])],
    ),
  },
]);
