import {
  answersWith,
  connectionError,
  data,
  defineH2Cases,
  eitherOf,
  endsConnection,
  endsStream,
  goesAway,
  headers,
  livesOn,
  priority,
  responds,
  rstStream,
  servesOn,
  warned,
  windowUpdate,
} from '../../h2/define.ts';

const LAST_STREAM = 2 ** 31 - 1;
const get = (stream: number) => headers(undefined, { stream });

/** Frames on a stream that was passed over when a higher one was opened: it is closed, and nobody has ever used it. */
const ON_SKIPPED = [
  {
    slug: 'data',
    says: 'DATA',
    frame: data('{nonce}', { stream: 3 }),
    due: eitherOf(livesOn(), endsStream('STREAM_CLOSED', 3), endsConnection('STREAM_CLOSED', 'PROTOCOL_ERROR')),
  },
  {
    slug: 'rst-stream',
    says: 'RST_STREAM',
    frame: rstStream('CANCEL', 3),
    due: eitherOf(livesOn(), endsConnection('STREAM_CLOSED', 'PROTOCOL_ERROR')),
  },
  {
    slug: 'window-update',
    says: 'WINDOW_UPDATE',
    frame: windowUpdate(1, 3),
    due: eitherOf(livesOn(), endsConnection('STREAM_CLOSED', 'PROTOCOL_ERROR')),
  },
  { slug: 'priority', says: 'PRIORITY', frame: priority(3), due: livesOn() },
] as const;

/** Requests on streams below one that was opened. */
const SMALLER = [
  { slug: 'smaller', opened: 5, smaller: 3 },
  { slug: 'smaller-by-far', opened: 2_001, smaller: 1 },
  { slug: 'smaller-than-last', opened: LAST_STREAM, smaller: LAST_STREAM - 2 },
] as const;

export default defineH2Cases([
  ...[2, 4, LAST_STREAM - 1].map(
    (stream) =>
      ({
        id: `h2/stream-id/even-${stream}`,
        title: `A request on stream ${stream}, an even number, ends the connection`,
        rfc: 'RFC9113#5.1.1',
        level: 'MUST',
        needs: [],
        frames: [get(stream)],
        sentinel: 'none',
        ...endsConnection('PROTOCOL_ERROR'),
      }) as const,
  ),
  {
    id: 'h2/stream-id/even-behind-odd',
    title: 'A request on stream 2 behind one on stream 1 ends the connection',
    rfc: 'RFC9113#5.1.1',
    level: 'MUST',
    needs: [],
    frames: [get(1), get(2)],
    ...endsConnection('PROTOCOL_ERROR'),
  },
  ...SMALLER.map(
    ({ slug, opened, smaller }) =>
      ({
        id: `h2/stream-id/${slug}`,
        title: `A request on stream ${smaller} behind one on stream ${opened} ends the connection`,
        rfc: 'RFC9113#5.1.1',
        level: 'MUST',
        needs: [],
        why: 'RFC9113#5.1 lets a server discard frames on a closed stream, and the streams below are closed: that is no failure.',
        frames: [get(opened), get(smaller)],
        sentinel: 'none',
        allow: [
          ...connectionError('PROTOCOL_ERROR', 'STREAM_CLOSED'),
          warned(
            {
              kind: 'seen',
              says: `goes on and does not answer stream ${smaller}`,
              complaint: ({ connection, streams }) => {
                if (connection !== 'open') return `the connection was ${connection}`;
                return streams.get(smaller)?.response === undefined ? undefined : `stream ${smaller} was answered`;
              },
            },
            'discarded, which RFC9113#5.1 allows on closed streams',
          ),
        ],
        controls: {
          pass: [goesAway('PROTOCOL_ERROR'), goesAway('STREAM_CLOSED'), servesOn()],
          fail: [responds(200, 'hello', smaller), goesAway('CONNECT_ERROR')],
        },
      }) as const,
  ),
  {
    id: 'h2/stream-id/skips',
    title: 'A client may skip stream identifiers',
    rfc: 'RFC9113#5.1.1',
    level: 'MUST',
    needs: ['get'],
    frames: [get(1), get(101)],
    awaits: [1],
    ...answersWith([200], 101),
  },
  {
    id: 'h2/stream-id/first-is-3',
    title: "A client's first stream need not be 1",
    rfc: 'RFC9113#5.1.1',
    level: 'MUST',
    needs: ['get'],
    frames: [get(3)],
    ...answersWith([200], 3),
  },
  {
    id: 'h2/stream-id/last',
    title: 'A request on stream 2^31-1, the last there is, is answered',
    rfc: 'RFC9113#5.1.1',
    level: 'MUST',
    needs: ['get'],
    frames: [get(LAST_STREAM)],
    sentinel: 'none',
    ...answersWith([200], LAST_STREAM),
  },
  {
    id: 'h2/stream-id/last-behind-first',
    title: 'A request on stream 2^31-1 behind one on stream 1 is answered',
    rfc: 'RFC9113#5.1.1',
    level: 'MUST',
    needs: ['get'],
    frames: [get(1), get(LAST_STREAM)],
    sentinel: 'none',
    awaits: [1],
    ...answersWith([200], LAST_STREAM),
  },
  ...ON_SKIPPED.map(
    ({ slug, says, frame, due }) =>
      ({
        id: `h2/stream-id/skipped-${slug}`,
        title: `${says} on a stream that was skipped is met as on any closed stream`,
        rfc: 'RFC9113#5.1.1',
        level: slug === 'priority' ? 'MUST' : 'MAY',
        needs: [],
        frames: [get(5), frame],
        awaits: [],
        ...due,
      }) as const,
  ),
]);
