import {
  allowed,
  bareClose,
  behind,
  concluded,
  type Due,
  data,
  defineH2Cases,
  eitherOf,
  endsConnection,
  FRAME,
  goaway,
  goesAway,
  type H2Dialogue,
  type H2Observation,
  type H2Step,
  h2Server,
  headers,
  indexed,
  livesOn,
  raw,
  request,
  response,
  rstStream,
  SETTING,
  servesOn,
  shows,
  staysBehind,
  warned,
  windowUpdate,
} from '../../h2/define.ts';
import type { ErrorName } from '../../wire/h2/frames.ts';

const post = headers(request('/', [], 'POST'), { end: false });
/** An error of the connection wherever it comes (RFC9113#6.1). */
const fault = data('{nonce}', { stream: 0 });

const isClosed = ({ connection }: H2Observation) => connection === 'closed' || connection === 'reset';
const errorsOf = ({ goaways }: H2Observation) => goaways.filter(({ code }) => code !== 0);

/** Waits for the close as long as for anything else. */
const sends = (frames: readonly H2Step[]) => async (dialogue: H2Dialogue) => {
  await dialogue.take(...frames);
  await dialogue.finish();
  await dialogue.until(isClosed);
  return dialogue.seen;
};

const closes: Due = {
  allow: [
    allowed({
      kind: 'seen',
      says: 'sends GOAWAY with an error and closes the connection',
      complaint: (all) => {
        if (errorsOf(all).length === 0) return 'there was no GOAWAY with an error';
        return isClosed(all) ? undefined : 'the connection stayed open behind GOAWAY';
      },
    }),
    bareClose(),
  ],
  controls: {
    pass: goesAway('PROTOCOL_ERROR'),
    fail: [staysBehind('PROTOCOL_ERROR'), servesOn()],
  },
};

/** GOAWAY of a connection on which stream 1 was answered. */
const namesLastStream: Due = {
  allow: [
    allowed({
      kind: 'seen',
      says: 'sends GOAWAY that names stream 1 as the last',
      complaint: (all) => complainLastStream(all, (last) => last === 1),
    }),
    warned(
      {
        kind: 'seen',
        says: 'sends GOAWAY that names a later stream',
        complaint: (all) => complainLastStream(all, (last) => last > 1),
      },
      'the last stream received was 1',
    ),
    bareClose(),
  ],
  controls: {
    pass: [goaway('PROTOCOL_ERROR', 1), goaway('PROTOCOL_ERROR', 2 ** 31 - 1)].map((frame) =>
      h2Server('goes away', [response(200), [frame]], { ending: 'close' }),
    ),
    fail: [
      h2Server('forgets the stream', [response(200), [goaway('PROTOCOL_ERROR', 0)]], { ending: 'close' }),
      h2Server('ignores it', [response(200), []]),
    ],
  },
};

function complainLastStream(all: H2Observation, isRight: (lastStream: number) => boolean): string | undefined {
  const last = errorsOf(all).at(-1);
  if (last === undefined) return 'there was no GOAWAY with an error';
  return isRight(last.lastStream) ? undefined : `GOAWAY named ${last.lastStream} as the last stream`;
}

const oneKind = (says: string, isRight: (kinds: number) => boolean) =>
  ({
    kind: 'seen',
    says,
    complaint: (all: H2Observation) => {
      const kinds = new Set(errorsOf(all).map(({ code }) => code)).size;
      if (kinds === 0) return 'there was no GOAWAY with an error';
      return isRight(kinds) ? undefined : `there were ${kinds} kinds of errors`;
    },
  }) as const;

/** Resets of stream 1, counted. */
const resetsOnce = (says: string, isRight: (count: number) => boolean) =>
  ({
    kind: 'seen',
    says,
    complaint: ({ frames, connection }: H2Observation) => {
      const count = frames.filter(({ type, stream }) => type === FRAME.RST_STREAM && stream === 1).length;
      if (connection !== 'open') return `the connection was ${connection}`;
      return isRight(count) ? undefined : `there were ${count} resets`;
    },
  }) as const;

/** Frames with two faults, either of which may be told. */
const TWO_FAULTS: readonly {
  readonly slug: string;
  readonly says: string;
  readonly frame: ReturnType<typeof raw>;
  readonly codes: readonly ErrorName[];
}[] = [
  {
    slug: 'priority',
    says: 'PRIORITY on stream 0 with 4 octets',
    frame: raw(FRAME.PRIORITY, 0, 0, Buffer.alloc(4)),
    codes: ['PROTOCOL_ERROR', 'FRAME_SIZE_ERROR'],
  },
  {
    slug: 'rst-stream',
    says: 'RST_STREAM on an idle stream with 3 octets',
    frame: raw(FRAME.RST_STREAM, 0, 1, Buffer.alloc(3)),
    codes: ['PROTOCOL_ERROR', 'FRAME_SIZE_ERROR'],
  },
  {
    slug: 'headers',
    says: 'HEADERS on stream 2 that cannot be decoded',
    frame: headers([indexed(0)], { stream: 2 }),
    codes: ['PROTOCOL_ERROR', 'COMPRESSION_ERROR'],
  },
  {
    slug: 'ping',
    says: 'PING on stream 1 with 7 octets',
    frame: raw(FRAME.PING, 0, 1, Buffer.alloc(7)),
    codes: ['PROTOCOL_ERROR', 'FRAME_SIZE_ERROR'],
  },
];

export default defineH2Cases([
  {
    id: 'h2/errors/closes-behind-goaway',
    title: 'Behind GOAWAY for an error the server closes the connection',
    rfc: 'RFC9113#5.4.1',
    level: 'MUST',
    needs: [],
    frames: [fault],
    run: sends([fault]),
    ...closes,
  },
  {
    id: 'h2/errors/closes-with-open-streams',
    title: 'Behind GOAWAY for an error the server closes the connection although a response is not at its end',
    rfc: 'RFC9113#5.4.1',
    level: 'MUST',
    needs: [],
    handshake: [[SETTING.INITIAL_WINDOW_SIZE, 0]],
    frames: [headers(), fault],
    run: sends([headers(), fault]),
    ...closes,
  },
  {
    id: 'h2/errors/goaway-names-last-stream',
    title: 'GOAWAY for an error names the last stream that was received',
    rfc: 'RFC9113#5.4.1',
    level: 'SHOULD',
    needs: ['get'],
    why: 'A client may send again whatever lies above it, so a stream that was answered must not.',
    frames: [headers(), concluded(1), fault],
    ...namesLastStream,
  },
  {
    id: 'h2/errors/one-connection-error',
    title: 'Two connection errors at once are reported as one',
    rfc: 'RFC9113#5.4',
    level: 'SHOULD',
    needs: [],
    frames: [fault, raw(FRAME.PING, 0, 0, Buffer.alloc(7))],
    allow: [
      allowed(oneKind('reports one kind of error', (kinds) => kinds === 1)),
      warned(oneKind('reports several kinds of errors', (kinds) => kinds > 1)),
      bareClose(),
    ],
    controls: {
      pass: [
        goesAway('PROTOCOL_ERROR'),
        h2Server('reports both', [[goaway('PROTOCOL_ERROR'), goaway('FRAME_SIZE_ERROR')]], { ending: 'close' }),
      ],
      fail: servesOn(),
    },
  },
  ...TWO_FAULTS.map(
    ({ slug, says, frame, codes }) =>
      ({
        id: `h2/errors/two-faults-${slug}`,
        title: `${says} ends the connection for either of its faults`,
        rfc: 'RFC9113#5.4',
        level: 'MUST',
        needs: [],
        frames: [frame],
        ...endsConnection(...codes),
        controls: {
          pass: [...codes.map(goesAway), ...codes.map(staysBehind)],
          fail: [servesOn(), goesAway('CONNECT_ERROR')],
        },
      }) as const,
  ),
  {
    id: 'h2/errors/stream-error-spares-others',
    title: 'A stream error leaves the other streams alone',
    rfc: 'RFC9113#5.4.2',
    level: 'MUST',
    needs: ['post'],
    frames: [
      post,
      headers(request('/', [], 'POST'), { stream: 3, end: false }),
      data('{nonce}', { stream: 3, end: false }),
      windowUpdate(0, 1),
      data('{nonce}', { stream: 3 }),
    ],
    awaits: [1, 3],
    ...eitherOf(
      shows(
        'resets stream 1 with PROTOCOL_ERROR and answers stream 3',
        ({ streams }) => {
          if (streams.get(1)?.reset !== 1) return 'stream 1 was not reset with PROTOCOL_ERROR';
          return streams.get(3)?.response?.status === 200 ? undefined : 'stream 3 has no 200';
        },
        h2Server('resets and answers', [[rstStream('PROTOCOL_ERROR'), ...response(200, 'hello', 3)]]),
        [
          h2Server('resets both', [[rstStream('PROTOCOL_ERROR'), rstStream('PROTOCOL_ERROR', 3)]]),
          h2Server('answers both', [[...response(200), ...response(200, '', 3)]]),
        ],
      ),
      endsConnection('PROTOCOL_ERROR'),
    ),
  },
  {
    id: 'h2/errors/one-reset',
    title: 'A stream error is reported by one RST_STREAM, whatever is under way on the stream',
    rfc: 'RFC9113#5.4.2',
    level: 'SHOULD',
    needs: [],
    frames: [post, windowUpdate(0, 1), ...['a', 'b', 'c', 'd'].map((text) => data(text, { end: false })), data('e')],
    awaits: [1],
    allow: [
      allowed(resetsOnce('resets stream 1 once', (count) => count === 1)),
      warned(resetsOnce('resets stream 1 more than once', (count) => count > 1)),
      ...endsConnection('PROTOCOL_ERROR').allow,
    ],
    controls: {
      pass: [
        h2Server('resets once', [[rstStream('PROTOCOL_ERROR')]]),
        h2Server('resets twice', [[rstStream('PROTOCOL_ERROR'), rstStream('STREAM_CLOSED')]]),
        goesAway('PROTOCOL_ERROR'),
      ],
      fail: [servesOn(), goesAway('STREAM_CLOSED')],
    },
  },
  {
    id: 'h2/errors/no-reset-for-reset',
    title: 'RST_STREAM on a stream that was reset already is not answered by RST_STREAM',
    rfc: 'RFC9113#5.4.2',
    level: 'MUST',
    needs: [],
    why: 'Two peers that answer resets with resets never come to an end.',
    frames: [post, rstStream(), rstStream()],
    ...eitherOf(livesOn(), endsConnection('STREAM_CLOSED', 'PROTOCOL_ERROR')),
  },
  {
    id: 'h2/errors/no-reset-for-reset-of-ended',
    title: 'RST_STREAM on a stream whose response is whole is not answered by RST_STREAM',
    rfc: 'RFC9113#5.4.2',
    level: 'MUST',
    needs: ['get'],
    frames: [headers(), concluded(1), rstStream()],
    ...behind([response(200)], eitherOf(livesOn(), endsConnection('STREAM_CLOSED', 'PROTOCOL_ERROR'))),
  },
]);
