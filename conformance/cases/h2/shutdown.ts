import {
  bareClose,
  barrier,
  concluded,
  type Due,
  data,
  defineH2Cases,
  endsConnection,
  FRAME,
  goaway,
  type H2Control,
  type H2Observation,
  type H2Outcome,
  h2Server,
  headers,
  raw,
  request,
  response,
  rstStream,
  SETTING,
  seen,
  seenAtEnd,
  settings,
  shows,
} from '../../h2/define.ts';
import { ERROR, FLAG } from '../../wire/h2/frames.ts';

const FATAL = raw(FRAME.PING, 0, 0, 'short');
const POST = request('/echo', [], 'POST');
const THREE = [1, 3, 5].flatMap((stream) => [headers(request(), { stream }), concluded(stream)]);
const FIVE = Array.from({ length: 5 }, (_, index) => 2 * index + 1);
/** What a server has to say when it leaves, whether or not it then closes (which other cases look at). */
const leaving = { ending: 'close' } as const;

/** A GOAWAY that is not as it should be is no less wrong for the close behind it. */
const LEAVES_SILENTLY: H2Outcome = {
  ...bareClose(),
  expect: {
    kind: 'seen',
    says: 'closes without GOAWAY',
    complaint: ({ connection, goaways }) =>
      goaways.length === 0 && (connection === 'closed' || connection === 'reset') ? undefined : 'it was not that',
  },
};

/** Its GOAWAY frames are as they should be; a server that says nothing has only been abrupt. */
function says(
  what: string,
  complaint: (seen: H2Observation) => string | undefined,
  pass: H2Control,
  fail: H2Control,
): Due {
  return {
    allow: [
      seenAtEnd(what, (seen) => (seen.goaways.length === 0 ? 'there was no GOAWAY' : complaint(seen))),
      LEAVES_SILENTLY,
    ],
    controls: { pass, fail },
  };
}

/** The stream above the limit, and the one behind it. */
function beyond({ settings: theirs }: H2Observation): {
  readonly limit: number;
  readonly over: number;
  readonly retry: number;
} {
  const limit = theirs.get(SETTING.MAX_CONCURRENT_STREAMS) ?? 1;
  return { limit, over: 2 * limit + 1, retry: 2 * limit + 3 };
}

function retried(seen: H2Observation): string | undefined {
  const { over, retry } = beyond(seen);
  const { reset } = seen.streams.get(over) ?? {};
  // RFC9113#5.1.2: the code says whether the request may be tried again
  if (reset !== ERROR.REFUSED_STREAM && reset !== ERROR.PROTOCOL_ERROR) return `stream ${over} was not refused`;
  return seen.streams.get(retry)?.response?.status === 200 ? undefined : `stream ${retry} has no 200`;
}

const FRONT = [settings([[SETTING.MAX_CONCURRENT_STREAMS, 2]]), settings([], FLAG.ACK)];

const REFUSED = [rstStream('REFUSED_STREAM', 5)];

export default defineH2Cases([
  {
    id: 'h2/shutdown/last-stream-of-an-error',
    title: 'The last stream of GOAWAY is none below a request that was answered',
    rfc: 'RFC9113#8.7',
    level: 'MUST',
    needs: ['get'],
    why: 'A client may send the requests above it again, elsewhere.',
    frames: [...THREE, FATAL],
    ...says(
      'names stream 5 or a higher one as its last',
      ({ goaways }) =>
        goaways.filter(({ lastStream }) => lastStream < 5).map(({ lastStream }) => `it is ${lastStream}`)[0],
      h2Server(
        'names 5',
        [...[1, 3, 5].map((stream) => response(200, '', stream)), [goaway('FRAME_SIZE_ERROR', 5)]],
        leaving,
      ),
      h2Server(
        'names 3',
        [...[1, 3, 5].map((stream) => response(200, '', stream)), [goaway('FRAME_SIZE_ERROR', 3)]],
        leaving,
      ),
    ),
  },
  {
    id: 'h2/shutdown/nothing-above-last-stream',
    title: 'A request behind the error that ended the connection is not answered',
    rfc: 'RFC9113#6.8',
    level: 'MUST',
    needs: ['get'],
    frames: [headers(), concluded(1), FATAL, headers(request(), { stream: 3 })],
    ...says(
      'answers nothing above its last stream',
      ({ problems }) => problems.find((text) => text.includes('RFC9113#6.8')),
      h2Server('answers nothing', [response(200), [goaway('FRAME_SIZE_ERROR', 1)]], leaving),
      h2Server('answers', [response(200), [goaway('FRAME_SIZE_ERROR', 1), ...response(200, '', 3)]], leaving),
    ),
  },
  {
    id: 'h2/shutdown/last-stream-never-grows',
    title: 'The last stream of one GOAWAY is not above that of another before it',
    rfc: 'RFC9113#6.8',
    level: 'MUST',
    needs: ['get'],
    frames: [headers(), concluded(1), goaway(), headers(request(), { stream: 3 }), FATAL],
    ...says(
      'names no higher stream than before',
      ({ problems }) => problems.find((text) => text.includes('RFC9113#6.8')),
      h2Server(
        'names a lower one',
        [response(200), [goaway('NO_ERROR', 0x7fff_ffff), goaway('FRAME_SIZE_ERROR', 1)]],
        leaving,
      ),
      h2Server('names a higher one', [response(200), [goaway('NO_ERROR', 1), goaway('FRAME_SIZE_ERROR', 3)]], leaving),
    ),
  },
  {
    id: 'h2/shutdown/one-error',
    title: 'Two faults in one segment are reported as one error',
    rfc: 'RFC9113#5.4',
    level: 'SHOULD',
    needs: [],
    frames: [FATAL, settings([], 0, 1), FATAL],
    ...says(
      'reports one error',
      ({ goaways }) =>
        new Set(goaways.map(({ code }) => code).filter((code) => code !== 0)).size === 1
          ? undefined
          : 'there was not one error',
      h2Server('reports the first', [[goaway('FRAME_SIZE_ERROR')]], leaving),
      h2Server('reports both', [[goaway('FRAME_SIZE_ERROR'), goaway('PROTOCOL_ERROR')]], leaving),
    ),
  },
  {
    id: 'h2/shutdown/while-a-response-waits',
    title: 'A connection in error is closed though a response still waits for a window',
    rfc: 'RFC9113#5.4.1',
    level: 'MUST',
    needs: ['file'],
    handshake: [[SETTING.INITIAL_WINDOW_SIZE, 0]],
    frames: [headers(request('/file.bin')), barrier, FATAL],
    sentinel: 'none',
    ...endsConnection('FRAME_SIZE_ERROR'),
  },
  {
    id: 'h2/shutdown/while-content-is-due',
    title: 'A connection in error is closed though the content of a request is still to come',
    rfc: 'RFC9113#5.4.1',
    level: 'MUST',
    needs: ['echo'],
    frames: [headers(POST, { end: false }), barrier, FATAL],
    ...endsConnection('FRAME_SIZE_ERROR'),
  },
  {
    id: 'h2/shutdown/persists',
    title: 'Five requests, one after the other, are answered on one connection',
    rfc: 'RFC9113#9.1',
    level: 'SHOULD',
    needs: ['get'],
    why: 'Connections are persistent; servers are encouraged to keep them open for as long as possible.',
    frames: FIVE.flatMap((stream) => [headers(request(), { stream }), concluded(stream)]),
    awaits: FIVE,
    ...shows(
      'answers all five, and is there for more',
      ({ streams }) => {
        const mute = FIVE.find((stream) => streams.get(stream)?.response?.status !== 200);
        return mute === undefined ? undefined : `stream ${mute} has no 200`;
      },
      h2Server('answers all', [...FIVE.map((stream) => response(200, '', stream)), []]),
      h2Server(
        'leaves behind the first',
        [response(200), ...FIVE.slice(1).map(() => [goaway('NO_ERROR', 1)]), []],
        leaving,
      ),
    ),
  },
  {
    id: 'h2/shutdown/refused-then-retried',
    title: 'A request that was refused for the number of streams is answered once there is room',
    rfc: 'RFC9113#8.7',
    level: 'MUST',
    needs: ['echo', 'stream-limit'],
    frames: [headers(POST, { end: false }), rstStream('CANCEL')],
    run: async (dialogue) => {
      const { limit, over, retry } = beyond(dialogue.seen);
      const open = Array.from({ length: limit }, (_, index) => headers(POST, { stream: 2 * index + 1, end: false }));
      await dialogue.take(...open, barrier, headers(request(), { stream: over }), barrier);
      await dialogue.until(({ streams }) => streams.get(over)?.reset !== undefined);
      await dialogue.take(
        data('', { stream: 1 }),
        concluded(1),
        headers(request(), { stream: retry }),
        concluded(retry),
      );
      return dialogue.finish();
    },
    allow: [
      seen('refuses one, and answers it later', retried),
      {
        grade: 'weak',
        expect: { kind: 'connection-error', codes: ['PROTOCOL_ERROR'] },
        note: 'a stream error may be treated as one of the connection (RFC9113#5.4.1)',
      },
    ],
    controls: {
      pass: [
        h2Server('refuses one', [[], REFUSED, response(200), response(200, '', 7), []], { front: FRONT }),
        h2Server('leaves', [[], [goaway('PROTOCOL_ERROR', 3)]], { front: FRONT, ending: 'close' }),
      ],
      fail: [
        h2Server('answers it', [[], response(200, '', 5), response(200), response(200, '', 7), []], { front: FRONT }),
        h2Server('refuses for ever', [[], REFUSED, response(200), [rstStream('REFUSED_STREAM', 7)], []], {
          front: FRONT,
        }),
      ],
    },
  },
]);
