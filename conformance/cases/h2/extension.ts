import {
  continuation,
  data,
  defineH2Cases,
  echoes,
  endsConnection,
  FLAG,
  FRAME,
  type H2Step,
  headers,
  livesOn,
  raw,
  request,
  windowUpdate,
} from '../../h2/define.ts';

/** A type that no document defines. */
const UNKNOWN = 0x42;
const upload = request('/echo', [], 'POST');
const first = request().slice(0, 1);
const rest = request().slice(1);

/** Extensions that a client has no use for on a server, or that nobody has defined. */
const FRAMES = [
  { slug: 'altsvc', says: 'ALTSVC on stream 0', frame: raw(0x0a, 0, 0, '\0\x05host1h2=":443"') },
  { slug: 'altsvc-stream', says: 'ALTSVC on a stream', frame: raw(0x0a, 0, 1, '\0\0h2=":443"') },
  { slug: 'origin', says: 'ORIGIN', frame: raw(0x0c, 0, 0, '\0\x13https://example.com') },
  { slug: 'origin-flags', says: 'ORIGIN with every flag', frame: raw(0x0c, 0xff, 0, '\0\x13https://example.com') },
  { slug: 'without-payload', says: 'An unknown frame without payload', frame: raw(UNKNOWN, 0xff, 0) },
] as const;

/** What stands inside a field block that goes over HEADERS and CONTINUATION. */
const INSIDE: readonly {
  readonly slug: string;
  readonly says: string;
  readonly frame: H2Step;
}[] = [
  { slug: 'same-stream', says: 'An unknown frame of the same stream', frame: raw(UNKNOWN, 0, 1, 'what') },
  { slug: 'stream-0', says: 'An unknown frame on stream 0', frame: raw(UNKNOWN, 0, 0, 'what') },
  { slug: 'other-stream', says: 'An unknown frame of another stream', frame: raw(UNKNOWN, 0, 3, 'what') },
  { slug: 'end-headers', says: 'An unknown frame with the END_HEADERS bit', frame: raw(UNKNOWN, FLAG.END_HEADERS, 1) },
  { slug: 'type-ff', says: 'A frame of type 0xff', frame: raw(0xff, 0, 1, 'what') },
  { slug: 'altsvc', says: 'ALTSVC', frame: raw(0x0a, 0, 0, '\0\x05host1h2=":443"') },
  { slug: 'priority-update', says: 'PRIORITY_UPDATE', frame: raw(FRAME.PRIORITY_UPDATE, 0, 0, '\0\0\0\x01u=1') },
];

export default defineH2Cases([
  ...FRAMES.map(
    ({ slug, says, frame }) =>
      ({
        id: `h2/extension/${slug}`,
        title: `${says} is ignored`,
        rfc: 'RFC9113#5.5',
        level: 'MUST',
        needs: [],
        frames: [frame],
        ...livesOn(),
      }) as const,
  ),
  {
    id: 'h2/extension/among-all-frames',
    title: 'Unknown frames between all other frames of an exchange change nothing',
    rfc: 'RFC9113#5.5',
    level: 'MUST',
    needs: ['echo'],
    frames: [
      raw(UNKNOWN, 0, 0, 'before'),
      headers(upload.slice(0, 2), { end: false, endHeaders: false }),
      continuation(upload.slice(2)),
      raw(UNKNOWN, 0xff, 1, 'behind the block'),
      windowUpdate(1, 1),
      raw(0xf3, 0xff, 0, 'behind WINDOW_UPDATE'),
      data('{nonce}', { end: false }),
      raw(0xfe, 0x01, 1, 'between DATA'),
      data('more'),
      raw(UNKNOWN, 0, 1, 'behind the end'),
    ],
    ...echoes('{nonce}more'),
  },
  {
    id: 'h2/extension/takes-no-window',
    title: 'Unknown frames take nothing out of a window: content follows more of them than a window would hold',
    rfc: 'RFC9113#5.5',
    level: 'MUST',
    needs: ['echo'],
    why: 'Of the frames that are defined only DATA are subject to flow control, and a negotiated extension would have to say so.',
    frames: [
      headers(upload, { end: false }),
      ...Array.from({ length: 5 }, () => raw(UNKNOWN, 0, 1, Buffer.alloc(16_384))),
      data('{nonce}'),
    ],
    ...echoes(),
  },
  ...INSIDE.map(
    ({ slug, says, frame }) =>
      ({
        id: `h2/extension/inside-block-${slug}`,
        title: `${says} inside a field block ends the connection`,
        rfc: 'RFC9113#5.5',
        level: 'MUST',
        needs: [],
        frames: [headers(first, { endHeaders: false }), frame, continuation(rest)],
        ...endsConnection('PROTOCOL_ERROR'),
      }) as const,
  ),
]);
