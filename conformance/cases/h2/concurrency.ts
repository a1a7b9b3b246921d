import {
  barrier,
  concluded,
  connectionError,
  defineH2Cases,
  eitherOf,
  endsConnection,
  FLAG,
  FRAME,
  type H2Dialogue,
  type H2Observation,
  type H2Step,
  h2Server,
  headers,
  indexed,
  literal,
  request,
  response,
  rstStream,
  SETTING,
  seen,
  settings,
  shows,
} from '../../h2/define.ts';
import type { H2Phase } from '../../h2/model.ts';
import type { Frame } from '../../wire/h2/frames.ts';

const REFUSALS: readonly (number | undefined)[] = [1, 7];

/** Responses are held back by shut windows, so that streams stay as they are until this comes. */
const SHUT = [[SETTING.INITIAL_WINDOW_SIZE, 0]] as const;
const opensWindows = settings([[SETTING.INITIAL_WINDOW_SIZE, 65_535]]);

const limitOf = ({ settings }: H2Observation) => settings.get(SETTING.MAX_CONCURRENT_STREAMS) ?? 0;
const get = (stream: number) => headers(undefined, { stream });
/** The n-th streams of a client, the first being number 0. */
const ids = (from: number, count: number) => Array.from({ length: count }, (_, index) => 2 * (from + index) + 1);
const gets = (from: number, count: number) => ids(from, count).map(get);

/** Sends these at once, waits for a PING's answer and for the end of these streams. */
async function play(dialogue: H2Dialogue, frames: readonly H2Step[], streams: readonly number[]): Promise<void> {
  await dialogue.take(...frames, barrier);
  await dialogue.until((seen) => areConcluded(seen, streams));
}

function areConcluded(seen: H2Observation, streams: readonly number[]): boolean {
  const isEnd = ({ type, flags }: Frame) => type <= FRAME.HEADERS && (flags & FLAG.END_STREAM) !== 0;
  const ended = new Set(seen.frames.filter(isEnd).map(({ stream }) => stream));
  return streams.every((id) => ended.has(id) || seen.streams.get(id)?.reset !== undefined);
}

function complainUnanswered({ streams }: H2Observation, ids: readonly number[]): string | undefined {
  const missing = ids.find((id) => streams.get(id)?.response?.status !== 200);
  return missing === undefined ? undefined : `stream ${missing} has no 200`;
}

/** A server with a limit of two streams. */
const limited = (name: string, ...phases: readonly H2Phase[]) =>
  h2Server(name, phases, { front: [settings([[SETTING.MAX_CONCURRENT_STREAMS, 2]]), settings([], FLAG.ACK)] });
const answers = (...ids: readonly number[]): H2Phase => ids.flatMap((id) => response(200, 'hello', id));

export default defineH2Cases([
  {
    id: 'h2/concurrency/exceeded',
    title: 'A stream above the announced limit is refused, and those below it are answered',
    rfc: 'RFC9113#5.1.2',
    level: 'MUST',
    needs: ['get', 'stream-limit'],
    handshake: SHUT,
    frames: [get(1), get(3), opensWindows],
    run: async (dialogue) => {
      const limit = limitOf(dialogue.seen);
      await play(dialogue, [...gets(0, limit + 1), opensWindows], ids(0, limit + 1));
      return dialogue.finish();
    },
    allow: [
      seen('refuses the stream above the limit alone', (all) => {
        const [above = 1] = ids(limitOf(all), 1);
        const { reset } = all.streams.get(above) ?? {};
        if (!REFUSALS.includes(reset)) return `stream ${above} was not reset with REFUSED_STREAM or PROTOCOL_ERROR`;
        return complainUnanswered(all, ids(0, limitOf(all)));
      }),
      ...connectionError('REFUSED_STREAM', 'PROTOCOL_ERROR'),
    ],
    controls: {
      pass: [
        limited('refuses the third', [...answers(1, 3), rstStream('REFUSED_STREAM', 5)], []),
        limited('resets the third', [...answers(1, 3), rstStream('PROTOCOL_ERROR', 5)], []),
      ],
      fail: [
        limited('answers all', answers(1, 3, 5), []),
        limited('cancels the third', [...answers(1, 3), rstStream('CANCEL', 5)], []),
        limited(
          'refuses all',
          [1, 3, 5].map((id) => rstStream('REFUSED_STREAM', id)),
          [],
        ),
      ],
    },
  },
  {
    id: 'h2/concurrency/freed-by-reset',
    title: 'A stream that the client resets does not count any more',
    rfc: 'RFC9113#5.1.2',
    level: 'MUST',
    needs: ['get', 'stream-limit'],
    handshake: SHUT,
    frames: [get(1), get(3), rstStream('CANCEL', 1), get(5), opensWindows],
    run: async (dialogue) => {
      const limit = limitOf(dialogue.seen);
      const frames = [...gets(0, limit), rstStream('CANCEL', 1), ...gets(limit, 1), opensWindows];
      await play(dialogue, frames, ids(1, limit));
      return dialogue.finish();
    },
    ...shows(
      'answers all streams but the one that was reset',
      (all) => complainUnanswered(all, ids(1, limitOf(all))),
      limited('answers both', answers(3, 5), []),
      limited('refuses the third', [...answers(3), rstStream('REFUSED_STREAM', 5)], []),
    ),
  },
  {
    id: 'h2/concurrency/freed-by-end',
    title: 'A stream that both sides have ended does not count any more',
    rfc: 'RFC9113#5.1.2',
    level: 'MUST',
    needs: ['get', 'stream-limit'],
    frames: [get(1), get(3), concluded(3), get(5)],
    run: async (dialogue) => {
      const limit = limitOf(dialogue.seen);
      await play(dialogue, gets(0, limit), ids(0, limit));
      await play(dialogue, gets(limit, limit), ids(limit, limit));
      return dialogue.finish();
    },
    ...shows(
      'answers as many streams again as its limit names',
      (all) => complainUnanswered(all, ids(0, 2 * limitOf(all))),
      limited('answers all', answers(1, 3), answers(5, 7), []),
      limited(
        'refuses the rest',
        answers(1, 3),
        [5, 7].map((id) => rstStream('REFUSED_STREAM', id)),
        [],
      ),
    ),
  },
  {
    id: 'h2/concurrency/refused-block-counts',
    title: 'What a refused request puts into the HPACK table is there for the next',
    rfc: 'RFC9113#4.3',
    level: 'MUST',
    needs: ['get', 'stream-limit'],
    handshake: SHUT,
    frames: [get(1), get(3), opensWindows, concluded(1), get(5)],
    run: async (dialogue) => {
      const limit = limitOf(dialogue.seen);
      const [above = 1, next = 3] = ids(limit, 2);
      const keeps = headers([...request(), literal('x-kept', 'value', { kind: 'indexing' })], { stream: above });
      await play(dialogue, [...gets(0, limit), keeps, opensWindows], ids(0, limit + 1));
      await play(dialogue, [headers([...request(), indexed(62)], { stream: next })], [next]);
      return dialogue.finish();
    },
    ...eitherOf(
      shows(
        'answers the request that takes a field from the table',
        (all) => complainUnanswered(all, ids(limitOf(all) + 1, 1)),
        limited('keeps the table', [...answers(1, 3), rstStream('REFUSED_STREAM', 5)], answers(7), []),
        limited('ignores the last', [...answers(1, 3), rstStream('REFUSED_STREAM', 5)], [], []),
      ),
      endsConnection('REFUSED_STREAM', 'PROTOCOL_ERROR'),
    ),
  },
]);
