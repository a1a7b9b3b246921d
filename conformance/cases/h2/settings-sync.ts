import {
  answersWith,
  barrier,
  beside,
  concluded,
  content,
  contentOf,
  data,
  defineH2Cases,
  FLAG,
  FRAME,
  type H2Observation,
  h2Server,
  head,
  headers,
  literal,
  octets,
  PREFACE,
  request,
  response,
  rstStream,
  SETTING,
  settings,
  shows,
  sizeUpdate,
  windowUpdate,
} from '../../h2/define.ts';
import { keeps } from './windows.ts';

const FILE = request('/file.bin');
const PLENTY = 2 ** 30;
/** Content of the canned servers. */
const SIZE = 70_000;
const LEAST_FRAME = 16_384;

const window = (bytes: number) => settings([[SETTING.INITIAL_WINDOW_SIZE, bytes]]);
const table = (bytes: number) => settings([[SETTING.HEADER_TABLE_SIZE, bytes]]);
const ack = settings([], FLAG.ACK);
/** SETTINGS and credit that let a whole file through. */
const wide = (...more: readonly (readonly [number, number])[]) =>
  ({ handshake: [[SETTING.INITIAL_WINDOW_SIZE, PLENTY] as const, ...more] }) as const;

/** The n-th acknowledgement stands in front of the first response. */
function acknowledgesFirst(count: number): (seen: H2Observation) => string | undefined {
  return ({ frames, acks }) => {
    const places = frames.flatMap(({ type, flags }, at) => (type === FRAME.SETTINGS && flags & FLAG.ACK ? [at] : []));
    const answer = frames.findIndex(({ type }) => type === FRAME.HEADERS);
    if (acks !== count) return `there were ${acks} acknowledgements`;
    if (answer < 0) return 'nothing was answered';
    return (places[count - 1] ?? answer) < answer ? undefined : 'a response came before the acknowledgement';
  };
}

/** Nothing is wrong with the frames and field blocks of these clauses, and the streams are answered. */
function clean(clauses: readonly string[], streams: readonly number[]): (seen: H2Observation) => string | undefined {
  return (seen) => {
    const problem = seen.problems.find((text) => clauses.some((clause) => text.includes(clause)));
    const mute = streams.find((stream) => seen.streams.get(stream)?.response?.complete !== true);
    return problem ?? (mute === undefined ? undefined : `stream ${mute} has no whole response`);
  };
}

const ENCODER = ['RFC7541', 'RFC9113#4.3.1', 'RFC9113#6.5.2'];
/** A field that goes into the table, which holds 34 octets more. */
const kept = literal('x', 'y', { kind: 'indexing' });
const keeping = (stream: number) => headers([[':status', '200'], kept], { stream });

export default defineH2Cases([
  {
    id: 'h2/settings-sync/acknowledged-before-answer',
    title: 'SETTINGS are acknowledged before the request behind them is answered',
    rfc: 'RFC9113#6.5.3',
    level: 'MUST',
    needs: [],
    frames: [settings([[SETTING.MAX_CONCURRENT_STREAMS, 50]]), headers()],
    awaits: [1],
    ...shows(
      'acknowledges, then answers',
      acknowledgesFirst(2),
      h2Server('acknowledges first', [[ack, ...response(200)]]),
      [
        h2Server('answers first', [[...response(200), ack]]),
        h2Server('never acknowledges the second', [response(200)]),
      ],
    ),
  },
  {
    id: 'h2/settings-sync/acknowledged-while-content-is-due',
    title: 'SETTINGS are acknowledged while the content of a request has not come yet',
    rfc: 'RFC9113#6.5.3',
    level: 'MUST',
    needs: ['echo'],
    frames: [
      ...[headers(request('/echo', [], 'POST'), { end: false }), settings([[SETTING.MAX_CONCURRENT_STREAMS, 50]])],
      ...[barrier, data('{nonce}')],
    ],
    awaits: [1],
    ...shows(
      'acknowledges, then answers',
      acknowledgesFirst(2),
      h2Server('acknowledges first', [[ack], response(200)]),
      h2Server('answers first', [[], [...response(200), ack]]),
    ),
  },
  {
    id: 'h2/settings-sync/acknowledged-without-window',
    title: 'An acknowledgement needs no window',
    rfc: 'RFC9113#6.5.3',
    level: 'MUST',
    needs: ['file'],
    ...wide(),
    frames: [headers(FILE), content(65_535), settings([[SETTING.MAX_CONCURRENT_STREAMS, 50]])],
    sentinel: 'none',
    ...shows(
      'acknowledges SETTINGS twice',
      ({ acks }) => (acks === 2 ? undefined : `there were ${acks} acknowledgements`),
      h2Server('acknowledges', [[...head(), ...contentOf(65_535, 1, false)], [ack]]),
      h2Server('waits', [[...head(), ...contentOf(65_535, 1, false)], []]),
    ),
  },
  {
    id: 'h2/settings-sync/last-value-holds',
    title: 'Of two values of one setting in a frame the last one holds',
    rfc: 'RFC9113#6.5.3',
    level: 'MUST',
    needs: ['file'],
    frames: [
      windowUpdate(PLENTY),
      settings([
        [SETTING.INITIAL_WINDOW_SIZE, 1_000],
        [SETTING.INITIAL_WINDOW_SIZE, 10],
      ]),
      ...[barrier, headers(FILE), content(10), beside, window(PLENTY), concluded(1)],
    ],
    awaits: [1],
    ...keeps([[ack], [...head(), ...contentOf(10, 1, false)], [ack, ...contentOf(SIZE)], []], 1),
  },
  {
    id: 'h2/settings-sync/unknown-beside-known',
    title: 'A setting among unknown ones holds',
    rfc: 'RFC9113#6.5.3',
    level: 'MUST',
    needs: ['file'],
    frames: [
      windowUpdate(PLENTY),
      settings([
        [0xfff0, 1],
        [SETTING.INITIAL_WINDOW_SIZE, 10],
        [0x7777, 0xffff_ffff],
      ]),
      ...[barrier, headers(FILE), content(10), beside, window(PLENTY), concluded(1)],
    ],
    awaits: [1],
    ...keeps([[ack], [...head(), ...contentOf(10, 1, false)], [ack, ...contentOf(SIZE)], []], 1),
  },
  {
    id: 'h2/settings-sync/holds-for-what-follows',
    title: 'SETTINGS hold for the request right behind them, though nobody has waited for the acknowledgement',
    rfc: 'RFC9113#6.5.3',
    level: 'MUST',
    needs: ['file'],
    why: 'Frames are processed in their order (RFC9113#5), and the acknowledgement is sent at once.',
    frames: [windowUpdate(PLENTY), window(10), headers(FILE), content(10), beside, window(PLENTY), concluded(1)],
    awaits: [1],
    ...keeps([[ack, ...head(), ...contentOf(10, 1, false)], [ack, ...contentOf(SIZE)], []], 0),
  },
  {
    id: 'h2/settings-sync/preface-holds',
    title: "The SETTINGS of the client's preface hold for a request in the same segment",
    rfc: 'RFC9113#6.5.3',
    level: 'MUST',
    needs: ['file'],
    handshake: 'none',
    frames: [
      ...[octets(PREFACE), window(10), windowUpdate(PLENTY), headers(FILE), content(10), beside],
      ...[window(PLENTY), concluded(1)],
    ],
    awaits: [1],
    ...keeps([[...head(), ...contentOf(10, 1, false)], [ack, ...contentOf(SIZE)], []], 0),
  },
  {
    id: 'h2/settings-sync/frame-size-not-raised',
    title: 'Frames are no longer than 16,384 octets where the client has not allowed it',
    rfc: 'RFC9113#4.2',
    level: 'MUST',
    needs: ['file'],
    ...wide(),
    frames: [windowUpdate(PLENTY), headers(FILE), concluded(1)],
    awaits: [1],
    ...shows(
      'keeps to frames of 16,384 octets',
      clean(['RFC9113#4.2'], [1]),
      h2Server('keeps to it', [[...head(), ...contentOf(SIZE)], []]),
      h2Server('sends longer ones', [[...head(), data('x'.repeat(LEAST_FRAME + 1))], []]),
    ),
  },
  {
    id: 'h2/settings-sync/frame-size-lowered',
    title: 'Frames behind the acknowledgement of a smaller SETTINGS_MAX_FRAME_SIZE are no longer than that',
    rfc: 'RFC9113#4.2',
    level: 'MUST',
    needs: ['file'],
    ...wide([SETTING.MAX_FRAME_SIZE, 2 ** 24 - 1]),
    frames: [
      ...[windowUpdate(PLENTY), headers(FILE), concluded(1), settings([[SETTING.MAX_FRAME_SIZE, LEAST_FRAME]])],
      ...[barrier, headers(FILE, { stream: 3 }), concluded(3)],
    ],
    awaits: [1, 3],
    ...shows(
      'keeps to the size that holds',
      clean(['RFC9113#4.2'], [1, 3]),
      h2Server('keeps to it', [[...head(), data('x'.repeat(SIZE))], [ack], [...head(3), ...contentOf(SIZE, 3)], []]),
      h2Server('sends longer ones', [
        [...head(), data('x'.repeat(SIZE))],
        [ack],
        [...head(3), data('x'.repeat(SIZE), { stream: 3 })],
        [],
      ]),
    ),
  },
  {
    id: 'h2/settings-sync/table-of-nothing',
    title: 'Responses use no dynamic table where the preface has set its size to 0',
    rfc: 'RFC9113#6.5.2',
    level: 'MUST',
    needs: [],
    handshake: [[SETTING.HEADER_TABLE_SIZE, 0]],
    frames: [1, 3, 5].flatMap((stream) => [headers(request(), { stream }), concluded(stream)]),
    awaits: [1, 3, 5],
    ...shows(
      'keeps to a table of no octets',
      clean(ENCODER, [1, 3, 5]),
      [
        h2Server('uses none', [response(200), response(200, '', 3), response(200, '', 5), []]),
        h2Server('says so', [
          [headers([sizeUpdate(0), [':status', '200']])],
          response(200, '', 3),
          response(200, '', 5),
          [],
        ]),
      ],
      h2Server('uses one', [[keeping(1)], response(200, '', 3), response(200, '', 5), []]),
    ),
  },
  {
    id: 'h2/settings-sync/table-lowered',
    title: 'A table that holds more than a new SETTINGS_HEADER_TABLE_SIZE is emptied in front of the next response',
    rfc: 'RFC9113#4.3.1',
    level: 'MUST',
    needs: [],
    frames: [
      ...[headers(), concluded(1), headers(request(), { stream: 3 }), concluded(3), table(0), barrier],
      ...[5, 7].flatMap((stream) => [headers(request(), { stream }), concluded(stream)]),
    ],
    awaits: [1, 3, 5, 7],
    ...shows(
      'begins the next block with a size update',
      clean(ENCODER, [1, 3, 5, 7]),
      [
        h2Server('says so', [
          ...[[keeping(1)], response(200, '', 3), [ack]],
          ...[[headers([sizeUpdate(0), [':status', '200']], { stream: 5 })], response(200, '', 7), []],
        ]),
        h2Server('never used it', [
          response(200),
          response(200, '', 3),
          [ack],
          response(200, '', 5),
          response(200, '', 7),
          [],
        ]),
      ],
      h2Server('goes on', [[keeping(1)], response(200, '', 3), [ack], response(200, '', 5), response(200, '', 7), []]),
    ),
  },
  {
    id: 'h2/settings-sync/table-raised',
    title: 'A larger SETTINGS_HEADER_TABLE_SIZE is not exceeded',
    rfc: 'RFC9113#6.5.2',
    level: 'MUST',
    needs: [],
    handshake: [[SETTING.HEADER_TABLE_SIZE, 65_536]],
    frames: [1, 3].flatMap((stream) => [headers(request(), { stream }), concluded(stream)]),
    awaits: [1, 3],
    ...shows(
      'keeps to a table of 65,536 octets',
      clean(ENCODER, [1, 3]),
      [
        h2Server('uses it', [[headers([sizeUpdate(65_536), [':status', '200'], kept])], response(200, '', 3), []]),
        h2Server('does not', [response(200), response(200, '', 3), []]),
      ],
      h2Server('uses more', [[headers([sizeUpdate(65_537), [':status', '200']])], response(200, '', 3), []]),
    ),
  },
  {
    id: 'h2/settings-sync/no-streams-for-the-server',
    title: 'SETTINGS_MAX_CONCURRENT_STREAMS of 0 forbids pushes, not requests',
    rfc: 'RFC9113#6.5.2',
    level: 'MUST',
    needs: ['get'],
    handshake: [[SETTING.MAX_CONCURRENT_STREAMS, 0]],
    frames: [headers()],
    ...answersWith([200]),
  },
  {
    id: 'h2/settings-sync/list-size-1',
    title: 'SETTINGS_MAX_HEADER_LIST_SIZE of 1 ends a stream at worst',
    rfc: 'RFC9113#10.5.1',
    level: 'MAY',
    needs: [],
    why: 'The setting is advice: a response may exceed it, and a server that keeps to it has nothing that it could say.',
    handshake: [[SETTING.MAX_HEADER_LIST_SIZE, 1]],
    frames: [headers()],
    awaits: [1],
    sentinel: 'none',
    ...shows(
      'answers, or resets the stream',
      ({ streams }) => {
        const { response: answer, reset } = streams.get(1) ?? {};
        return answer?.complete === true || reset !== undefined ? undefined : 'stream 1 was left as it is';
      },
      [h2Server('answers', [response(200)]), h2Server('resets', [[rstStream('INTERNAL_ERROR')]])],
      h2Server('leaves it', [head()]),
    ),
  },
]);
