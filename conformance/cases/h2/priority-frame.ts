import {
  answersWith,
  data,
  defineH2Cases,
  echoes,
  eitherOf,
  endsConnection,
  endsStream,
  FRAME,
  type H2Step,
  headers,
  livesOn,
  priority,
  raw,
  request,
} from '../../h2/define.ts';

const EXCLUSIVE = 2 ** 31;
const LAST_STREAM = 2 ** 31 - 1;
const post = headers(request('/', [], 'POST'), { end: false });

/** Signals that change nothing that a client can see. */
const SIGNALS: readonly { readonly slug: string; readonly says: string; readonly frame: H2Step }[] = [
  { slug: 'weight-0', says: 'of the least weight', frame: priority(1, 0, 0) },
  { slug: 'weight-255', says: 'of the greatest weight', frame: priority(1, 0, 255) },
  { slug: 'exclusive', says: 'with an exclusive dependency', frame: priority(1, EXCLUSIVE) },
  { slug: 'on-idle', says: 'on a stream not yet opened', frame: priority(1, 9) },
  { slug: 'on-last', says: 'on stream 2^31-1', frame: priority(1, LAST_STREAM) },
];

const LENGTHS = [0, 1, 4, 6, 10] as const;

export default defineH2Cases([
  ...SIGNALS.map(
    ({ slug, says, frame }) =>
      ({
        id: `h2/priority-frame/${slug}`,
        title: `PRIORITY ${says} is taken, and the stream answered`,
        rfc: 'RFC9113#6.3',
        level: 'MUST',
        needs: ['get'],
        frames: [frame, headers()],
        ...answersWith(),
      }) as const,
  ),
  {
    id: 'h2/priority-frame/closes-no-stream-below',
    title: 'PRIORITY on an idle stream closes none below it: a request there is answered',
    rfc: 'RFC9113#6.3',
    level: 'MUST',
    needs: ['get'],
    frames: [priority(9), headers(undefined, { stream: 3 })],
    ...answersWith([200], 3),
  },
  {
    id: 'h2/priority-frame/closes-no-stream-at-all',
    title: 'PRIORITY on stream 2^31-1 leaves every stream to be opened',
    rfc: 'RFC9113#6.3',
    level: 'MUST',
    needs: ['get'],
    frames: [priority(LAST_STREAM), headers()],
    sentinel: 3,
    ...answersWith(),
  },
  {
    id: 'h2/priority-frame/on-even-stream',
    title: 'PRIORITY on a stream that the server has not opened is taken',
    rfc: 'RFC9113#6.3',
    level: 'MUST',
    needs: [],
    frames: [priority(2)],
    ...livesOn(),
  },
  {
    id: 'h2/priority-frame/opens-no-stream',
    title: 'PRIORITY leaves an idle stream idle: DATA behind it is an error',
    rfc: 'RFC9113#6.3',
    level: 'MUST',
    needs: [],
    frames: [priority(1), data('{nonce}')],
    ...eitherOf(endsConnection('PROTOCOL_ERROR'), endsStream('STREAM_CLOSED')),
  },
  {
    id: 'h2/priority-frame/while-open',
    title: 'PRIORITY between the frames of a request leaves its stream open',
    rfc: 'RFC9113#6.3',
    level: 'MUST',
    needs: ['echo'],
    frames: [headers(request('/echo', [], 'POST'), { end: false }), priority(1, 3, 200), data('{nonce}')],
    ...echoes(),
  },
  {
    id: 'h2/priority-frame/on-itself',
    title: 'PRIORITY that makes a stream depend on itself is ignored, or an error as the priorities of old had it',
    rfc: 'RFC9113#5.3.2',
    level: 'MAY',
    needs: [],
    why: 'RFC 9113 has dropped the sentence that made a stream error of this; a server may still know it.',
    frames: [post, priority(1, 1)],
    awaits: [],
    ...eitherOf(livesOn(), endsStream('PROTOCOL_ERROR')),
  },
  ...[5, 4].map(
    (bytes) =>
      ({
        id: `h2/priority-frame/stream-0${bytes === 5 ? '' : '-short'}`,
        title: `PRIORITY of ${bytes} octets on stream 0 ends the connection`,
        rfc: 'RFC9113#6.3',
        level: 'MUST',
        needs: [],
        frames: [raw(FRAME.PRIORITY, 0, 0, Buffer.alloc(bytes))],
        ...endsConnection('PROTOCOL_ERROR', ...(bytes === 5 ? [] : (['FRAME_SIZE_ERROR'] as const))),
      }) as const,
  ),
  ...LENGTHS.map(
    (bytes) =>
      ({
        id: `h2/priority-frame/length-${bytes}`,
        title: `PRIORITY of ${bytes} octets is an error of its stream`,
        rfc: 'RFC9113#6.3',
        level: 'MUST',
        needs: [],
        frames: [post, raw(FRAME.PRIORITY, 0, 1, Buffer.alloc(bytes))],
        ...endsStream('FRAME_SIZE_ERROR'),
      }) as const,
  ),
  {
    id: 'h2/priority-frame/length-4-idle',
    title: 'PRIORITY of 4 octets on an idle stream is an error',
    rfc: 'RFC9113#6.3',
    level: 'MUST',
    needs: [],
    frames: [raw(FRAME.PRIORITY, 0, 1, Buffer.alloc(4))],
    ...endsStream('FRAME_SIZE_ERROR'),
  },
]);
