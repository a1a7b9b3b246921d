import {
  answersWith,
  continuation,
  data,
  defineH2Cases,
  echoes,
  eitherOf,
  endsConnection,
  endsStream,
  FLAG,
  FRAME,
  headers,
  raw,
  refusesRequest,
  request,
} from '../../h2/define.ts';

const EXCLUSIVE = 2 ** 31;
const LAST_STREAM = 2 ** 31 - 1;
const WHOLE = FLAG.END_HEADERS | FLAG.END_STREAM;

/** Frames of a plain request. */
const SHAPES = [
  { slug: 'padding-0', says: 'padded with nothing but the Pad Length', options: { pad: 0 } },
  { slug: 'padding-1', says: 'padded with an octet', options: { pad: 1 } },
  { slug: 'padding-255', says: 'padded with 255 octets', options: { pad: 255 } },
  { slug: 'priority', says: 'with a priority signal', options: { dependsOn: 0 } },
  { slug: 'priority-exclusive', says: 'with an exclusive dependency', options: { dependsOn: EXCLUSIVE } },
  { slug: 'priority-on-idle', says: 'that depends on a stream not yet opened', options: { dependsOn: 7 } },
  { slug: 'priority-on-even', says: 'that depends on a stream of the server', options: { dependsOn: 2 } },
  { slug: 'priority-on-last', says: 'that depends on stream 2^31-1', options: { dependsOn: LAST_STREAM } },
  { slug: 'padding-and-priority', says: 'with padding and a priority signal', options: { pad: 30, dependsOn: 0 } },
] as const;

/** Padded frames whose Pad Length leaves no room for itself. */
const TOO_LONG = [
  { slug: 'equal', says: 'as long as the payload', payload: '\x05\x82\x84\x86\x87' },
  { slug: 'longer', says: 'an octet longer than the payload', payload: '\x06\x82\x84\x86\x87' },
] as const;

export default defineH2Cases([
  ...SHAPES.map(
    ({ slug, says, options }) =>
      ({
        id: `h2/headers/${slug}`,
        title: `A request ${says} is answered`,
        rfc: 'RFC9113#6.2',
        level: 'MUST',
        needs: ['get'],
        frames: [headers(undefined, options)],
        ...answersWith(),
      }) as const,
  ),
  {
    id: 'h2/headers/priority-on-itself',
    title: 'A request that depends on its own stream is answered, or reset as the priorities of old had it',
    rfc: 'RFC9113#5.3.2',
    level: 'MAY',
    needs: ['get'],
    why: 'RFC 9113 has dropped the sentence that made a stream error of this; a server may still know it.',
    frames: [headers(undefined, { dependsOn: 1 })],
    ...eitherOf(answersWith(), endsStream('PROTOCOL_ERROR')),
  },
  {
    id: 'h2/headers/padding-alone-continued',
    title: 'HEADERS of nothing but padding are continued',
    rfc: 'RFC9113#6.2',
    level: 'MUST',
    needs: ['get'],
    frames: [headers([], { pad: 5, endHeaders: false }), continuation(request())],
    ...answersWith(),
  },
  {
    id: 'h2/headers/padding-alone',
    title: 'HEADERS of nothing but padding are a request without fields, which is malformed',
    rfc: 'RFC9113#6.2',
    level: 'MUST',
    needs: [],
    why: 'A frame without any field may be called too small as well (RFC9113#4.2).',
    frames: [headers([], { pad: 5 })],
    ...eitherOf(refusesRequest(), endsConnection('FRAME_SIZE_ERROR')),
  },
  {
    id: 'h2/headers/padding-of-anything',
    title: 'Padding that is not zeros is taken for padding, or ends the connection',
    rfc: 'RFC9113#6.2',
    level: 'MAY',
    needs: ['get'],
    frames: [headers([...request(), Buffer.from('junk', 'latin1')], { padLength: 4 })],
    ...eitherOf(answersWith(), endsConnection('PROTOCOL_ERROR')),
  },
  ...TOO_LONG.map(
    ({ slug, says, payload }) =>
      ({
        id: `h2/headers/padding-too-long-${slug}`,
        title: `Padding ${says} ends the connection`,
        rfc: 'RFC9113#6.2',
        level: 'MUST',
        needs: [],
        frames: [raw(FRAME.HEADERS, WHOLE | FLAG.PADDED, 1, payload)],
        ...endsConnection('PROTOCOL_ERROR'),
      }) as const,
  ),
  {
    id: 'h2/headers/padding-too-long-alone',
    title: 'Padding of an octet in a payload that is the Pad Length alone ends the connection',
    rfc: 'RFC9113#6.2',
    level: 'MUST',
    needs: [],
    why: 'The padding is as long as the payload (RFC9113#6.2), and the payload too short for it (RFC9113#4.2).',
    frames: [raw(FRAME.HEADERS, WHOLE | FLAG.PADDED, 1, '\x01')],
    ...endsConnection('PROTOCOL_ERROR', 'FRAME_SIZE_ERROR'),
  },
  {
    id: 'h2/headers/padding-too-long-request',
    title: 'Padding said to be longer than a whole request ends the connection',
    rfc: 'RFC9113#6.2',
    level: 'MUST',
    needs: [],
    frames: [headers(undefined, { padLength: 255 })],
    ...endsConnection('PROTOCOL_ERROR'),
  },
  {
    id: 'h2/headers/padding-over-priority',
    title: 'Padding that reaches into the priority signal ends the connection',
    rfc: 'RFC9113#6.2',
    level: 'MUST',
    needs: [],
    frames: [raw(FRAME.HEADERS, WHOLE | FLAG.PADDED | FLAG.PRIORITY, 1, '\x03\0\0\0\0\x0f')],
    ...endsConnection('PROTOCOL_ERROR', 'FRAME_SIZE_ERROR'),
  },
  ...[true, false].map(
    (end) =>
      ({
        id: `h2/headers/stream-0${end ? '' : '-open'}`,
        title: `HEADERS ${end ? '' : 'without END_STREAM '}on stream 0 end the connection`,
        rfc: 'RFC9113#6.2',
        level: 'MUST',
        needs: [],
        frames: [headers(undefined, { stream: 0, end })],
        ...endsConnection('PROTOCOL_ERROR'),
      }) as const,
  ),
  {
    id: 'h2/headers/trailers-padded',
    title: 'Trailers with padding and a priority signal are taken',
    rfc: 'RFC9113#6.2',
    level: 'MUST',
    needs: ['echo'],
    frames: [
      headers(request('/echo', [], 'POST'), { end: false }),
      data('{nonce}', { end: false }),
      headers([['x-trailer', 'value']], { pad: 8, dependsOn: 0 }),
    ],
    ...echoes(),
  },
]);
