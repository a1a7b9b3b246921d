import {
  barrier,
  behind,
  concluded,
  continuation,
  type Due,
  data,
  defineH2Cases,
  eitherOf,
  endsConnection,
  endsStream,
  FLAG,
  FRAME,
  goesAway,
  type H2Observation,
  type H2Step,
  headers,
  livesOn,
  priority,
  raw,
  request,
  resetsStream,
  responds,
  response,
  rstStream,
  seen,
  servesOn,
  shows,
  windowUpdate,
} from '../../h2/define.ts';

const WHY_LATE =
  'A closed stream may be met with an error or with minimal processing, which discards the frame: both are in RFC9113#5.1.';

const post = headers(request('/', [], 'POST'), { end: false });
const promise = raw(FRAME.PUSH_PROMISE, FLAG.END_HEADERS, 1, '\0\0\0\x02\x82');

/** Frames of a response. */
const isResponse = ({ type, stream }: H2Observation['frames'][number]) =>
  stream === 1 && (type === FRAME.HEADERS || type === FRAME.DATA);

/** The stream of a response stays closed: it does not end twice. */
const endsOnce = seen('goes on and ends stream 1 no second time', ({ frames }) => {
  const ends = frames.filter((frame) => isResponse(frame) && (frame.flags & FLAG.END_STREAM) !== 0).length;
  return ends > 1 ? 'stream 1 was answered again' : undefined;
});

/** The stream that we reset stays closed: nothing comes on it behind the answer to the PING that followed. */
const staysSilent = seen('goes on and sends nothing on stream 1 that was reset', ({ frames }) => {
  const pong = frames.findIndex(({ type, flags }) => type === FRAME.PING && (flags & FLAG.ACK) !== 0);
  return frames.slice(pong).some(isResponse) ? 'stream 1 was answered' : undefined;
});

/** A frame that may be met with an error or be discarded. */
function late(discarded: Due['allow'][number]): Due {
  const errors = eitherOf(endsStream('STREAM_CLOSED'), endsConnection('STREAM_CLOSED', 'PROTOCOL_ERROR'));
  return {
    allow: [discarded, ...errors.allow],
    controls: {
      pass: [servesOn(), resetsStream('STREAM_CLOSED'), goesAway('STREAM_CLOSED'), goesAway('PROTOCOL_ERROR')],
      fail: [responds(200, 'hello'), goesAway('CONNECT_ERROR')],
    },
  };
}

/** A frame that the peer may have sent before it knew: an error only for a server that knows that it did. */
const mostlyTaken = eitherOf(livesOn(), endsConnection('STREAM_CLOSED', 'PROTOCOL_ERROR'));
/** RFC9113#6.10 leaves no choice. */
const stray = endsConnection('PROTOCOL_ERROR', 'STREAM_CLOSED');

interface Row {
  readonly slug: string;
  readonly says: string;
  readonly level: 'MUST' | 'MAY';
  readonly frame: H2Step;
  readonly due: Due;
}

const frames = (discarded: Due['allow'][number]): readonly Row[] => [
  { slug: 'data', says: 'DATA', level: 'MAY', frame: data('{nonce}', { end: false }), due: late(discarded) },
  { slug: 'data-end', says: 'DATA with END_STREAM', level: 'MAY', frame: data(''), due: late(discarded) },
  { slug: 'headers', says: 'HEADERS', level: 'MAY', frame: headers(), due: late(discarded) },
  { slug: 'trailers', says: 'trailers', level: 'MAY', frame: headers([['x-trailer', 'value']]), due: late(discarded) },
  { slug: 'continuation', says: 'CONTINUATION', level: 'MUST', frame: continuation([['x-more', 'value']]), due: stray },
  { slug: 'push-promise', says: 'PUSH_PROMISE', level: 'MUST', frame: promise, due: stray },
  { slug: 'priority', says: 'PRIORITY', level: 'MUST', frame: priority(1), due: livesOn() },
  { slug: 'unknown', says: 'a frame of unknown type', level: 'MUST', frame: raw(0x42, 1, 1, 'what'), due: livesOn() },
];

const ENDED: readonly Row[] = [
  ...frames(endsOnce),
  { slug: 'rst-stream', says: 'RST_STREAM', level: 'MAY', frame: rstStream(), due: mostlyTaken },
  { slug: 'window-update', says: 'WINDOW_UPDATE', level: 'MUST', frame: windowUpdate(1, 1), due: livesOn() },
];

const RESET: readonly Row[] = [
  ...frames(staysSilent),
  { slug: 'window-update', says: 'WINDOW_UPDATE', level: 'MAY', frame: windowUpdate(1, 1), due: mostlyTaken },
];

/** What may be on its way when the server resets a stream. */
const UNDER_WAY = [
  { slug: 'data', says: 'DATA', frame: data('{nonce}', { end: false }) },
  { slug: 'data-end', says: 'DATA with END_STREAM', frame: data('{nonce}') },
  { slug: 'trailers', says: 'trailers', frame: headers([['x-trailer', 'value']]) },
  { slug: 'rst-stream', says: 'RST_STREAM', frame: rstStream() },
  { slug: 'window-update', says: 'WINDOW_UPDATE', frame: windowUpdate(1, 1) },
  { slug: 'priority', says: 'PRIORITY', frame: priority(1) },
] as const;

const resetsAndGoesOn: Due = eitherOf(
  shows(
    'resets stream 1 with PROTOCOL_ERROR and goes on',
    ({ streams }) => (streams.get(1)?.reset === 1 ? undefined : 'stream 1 was not reset with PROTOCOL_ERROR'),
    resetsStream('PROTOCOL_ERROR'),
    servesOn(),
  ),
  endsConnection('PROTOCOL_ERROR'),
);

export default defineH2Cases([
  ...ENDED.map(
    ({ slug, says, level, frame, due }) =>
      ({
        id: `h2/states/ended-${slug}`,
        title: `${says} on a stream that both sides have ended is met as RFC9113#5.1 allows`,
        rfc: 'RFC9113#5.1',
        level,
        needs: ['get'],
        why: WHY_LATE,
        frames: [headers(), concluded(1), frame],
        ...behind([response(200, 'hello')], due),
      }) as const,
  ),
  ...RESET.map(
    ({ slug, says, level, frame, due }) =>
      ({
        id: `h2/states/reset-${slug}`,
        title: `${says} on a stream that the client has reset is met as RFC9113#5.1 allows`,
        rfc: 'RFC9113#5.1',
        level,
        needs: [],
        why: WHY_LATE,
        frames: [post, rstStream(), barrier, frame],
        awaits: [],
        ...due,
      }) as const,
  ),
  ...UNDER_WAY.map(
    ({ slug, says, frame }) =>
      ({
        id: `h2/states/refused-${slug}`,
        title: `${says} that was under way when the server reset the stream is discarded`,
        rfc: 'RFC9113#5.1',
        level: 'MUST',
        needs: [],
        why: 'An increment of 0 is an error of the stream (RFC9113#6.9); what the client sent before it knew is none.',
        frames: [post, windowUpdate(0, 1), frame],
        awaits: [1],
        ...resetsAndGoesOn,
      }) as const,
  ),
]);
