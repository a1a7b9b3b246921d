import {
  defineH2Cases,
  eitherOf,
  endsConnection,
  FLAG,
  FRAME,
  h2Server,
  headers,
  raw,
  response,
  SETTING,
  settings,
  shows,
} from '../../h2/define.ts';
import { settingsPayload } from '../../wire/h2/frames.ts';

const MAX_WINDOW = 0x7fff_ffff;
const MAX_VALUE = 0xffff_ffff;
/** More than this fits in no frame of the size that every server takes. */
const TOO_MANY = 2_731;

/** Values that no client may announce. */
const REFUSED = [
  { slug: 'enable-push-2', id: SETTING.ENABLE_PUSH, value: 2, code: 'PROTOCOL_ERROR' },
  { slug: 'enable-push-max', id: SETTING.ENABLE_PUSH, value: MAX_VALUE, code: 'PROTOCOL_ERROR' },
  { slug: 'initial-window-2-31', id: SETTING.INITIAL_WINDOW_SIZE, value: MAX_WINDOW + 1, code: 'FLOW_CONTROL_ERROR' },
  { slug: 'initial-window-max', id: SETTING.INITIAL_WINDOW_SIZE, value: MAX_VALUE, code: 'FLOW_CONTROL_ERROR' },
  { slug: 'frame-size-0', id: SETTING.MAX_FRAME_SIZE, value: 0, code: 'PROTOCOL_ERROR' },
  { slug: 'frame-size-16383', id: SETTING.MAX_FRAME_SIZE, value: 16_383, code: 'PROTOCOL_ERROR' },
  { slug: 'frame-size-2-24', id: SETTING.MAX_FRAME_SIZE, value: 2 ** 24, code: 'PROTOCOL_ERROR' },
  { slug: 'frame-size-max', id: SETTING.MAX_FRAME_SIZE, value: MAX_VALUE, code: 'PROTOCOL_ERROR' },
] as const;

/** The ends of what may be announced. */
const TAKEN = [
  { slug: 'enable-push-0', id: SETTING.ENABLE_PUSH, value: 0 },
  { slug: 'enable-push-1', id: SETTING.ENABLE_PUSH, value: 1 },
  { slug: 'initial-window-max-legal', id: SETTING.INITIAL_WINDOW_SIZE, value: MAX_WINDOW },
  { slug: 'frame-size-least', id: SETTING.MAX_FRAME_SIZE, value: 16_384 },
  { slug: 'frame-size-most', id: SETTING.MAX_FRAME_SIZE, value: 2 ** 24 - 1 },
  { slug: 'table-size-0', id: SETTING.HEADER_TABLE_SIZE, value: 0 },
  { slug: 'table-size-max', id: SETTING.HEADER_TABLE_SIZE, value: MAX_VALUE },
  { slug: 'streams-0', id: SETTING.MAX_CONCURRENT_STREAMS, value: 0 },
  { slug: 'streams-max', id: SETTING.MAX_CONCURRENT_STREAMS, value: MAX_VALUE },
  { slug: 'list-size-max', id: SETTING.MAX_HEADER_LIST_SIZE, value: MAX_VALUE },
] as const;

/** Settings that nobody has defined; 0x0a0a is of the kind that is sent to see whether they are ignored. */
const UNKNOWN = [0x0, 0x7, 0x0a0a, 0xf000, 0xffff] as const;

const acknowledges = (count: number) =>
  shows(
    `acknowledges ${count} SETTINGS frames`,
    ({ acks }) => (acks === count ? undefined : `there were ${acks} acknowledgements`),
    h2Server('acknowledges each', [Array.from({ length: count - 1 }, () => settings([], FLAG.ACK))]),
    [
      h2Server('acknowledges the first alone', []),
      h2Server('acknowledges one too many', [Array.from({ length: count }, () => settings([], FLAG.ACK))]),
    ],
  );

export default defineH2Cases([
  ...REFUSED.flatMap(({ slug, id, value, code }) => [
    {
      id: `h2/settings/${slug}`,
      title: `Setting ${id} with the value ${value} ends the connection`,
      rfc: 'RFC9113#6.5.2',
      level: 'MUST',
      needs: [],
      frames: [settings([[id, value]])],
      ...endsConnection(code),
    } as const,
  ]),
  ...TAKEN.map(
    ({ slug, id, value }) =>
      ({
        id: `h2/settings/${slug}`,
        title: `Setting ${id} with the value ${value} is taken and acknowledged`,
        rfc: 'RFC9113#6.5.2',
        level: 'MUST',
        needs: [],
        frames: [settings([[id, value]])],
        ...acknowledges(2),
      }) as const,
  ),
  ...UNKNOWN.map(
    (id) =>
      ({
        id: `h2/settings/unknown-${id.toString(16).padStart(4, '0')}`,
        title: `The unknown setting 0x${id.toString(16)} is ignored and its frame acknowledged`,
        rfc: 'RFC9113#6.5.2',
        level: 'MUST',
        needs: [],
        frames: [
          settings([
            [id, 0],
            [id, MAX_VALUE],
          ]),
        ],
        ...acknowledges(2),
      }) as const,
  ),
  ...[1, 2, 3, 4, 5, 7, 11].map(
    (bytes) =>
      ({
        id: `h2/settings/length-${bytes}`,
        title: `SETTINGS of ${bytes} octets, no multiple of 6, end the connection`,
        rfc: 'RFC9113#6.5',
        level: 'MUST',
        needs: [],
        frames: [raw(FRAME.SETTINGS, 0, 0, Buffer.alloc(bytes))],
        ...endsConnection('FRAME_SIZE_ERROR'),
      }) as const,
  ),
  {
    id: 'h2/settings/wrong-then-right',
    title: 'A wrong value is not mended by a right one behind it in the same frame',
    rfc: 'RFC9113#6.5.3',
    level: 'MUST',
    needs: [],
    why: 'Values are processed in the order they appear; the last one alone is what remains, not all that is looked at.',
    frames: [
      settings([
        [SETTING.MAX_FRAME_SIZE, 1],
        [SETTING.MAX_FRAME_SIZE, 16_384],
      ]),
    ],
    ...endsConnection('PROTOCOL_ERROR'),
  },
  {
    id: 'h2/settings/wrong-in-preface',
    title: "A wrong value in the preface's own SETTINGS ends the connection",
    rfc: 'RFC9113#6.5.2',
    level: 'MUST',
    needs: [],
    handshake: [[SETTING.ENABLE_PUSH, 3]],
    frames: [headers()],
    ...endsConnection('PROTOCOL_ERROR'),
  },
  {
    id: 'h2/settings/empty',
    title: 'Empty SETTINGS are acknowledged',
    rfc: 'RFC9113#6.5.3',
    level: 'MUST',
    needs: [],
    frames: [settings()],
    ...acknowledges(2),
  },
  {
    id: 'h2/settings/each-acknowledged',
    title: 'Ten SETTINGS frames have ten acknowledgements, no more and no fewer',
    rfc: 'RFC9113#6.5.3',
    level: 'MUST',
    needs: [],
    frames: Array.from({ length: 9 }, (_, index) => settings([[SETTING.HEADER_TABLE_SIZE, 4_096 + index]])),
    ...acknowledges(10),
  },
  {
    id: 'h2/settings/acknowledgement-of-nothing',
    title: 'An acknowledgement of SETTINGS that were never sent is not acknowledged',
    rfc: 'RFC9113#6.5.3',
    level: 'MUST',
    needs: [],
    why: 'No clause says what becomes of it; answering it would make two peers acknowledge each other for ever.',
    frames: [settings([], FLAG.ACK), settings([], FLAG.ACK)],
    ...eitherOf(
      shows(
        'acknowledges SETTINGS once',
        ({ acks }) => (acks === 1 ? undefined : `there were ${acks} acknowledgements`),
        h2Server('ignores it', []),
        h2Server('acknowledges acknowledgements', [[settings([], FLAG.ACK), settings([], FLAG.ACK)]]),
      ),
      endsConnection('PROTOCOL_ERROR'),
    ),
  },
  {
    id: 'h2/settings/acknowledgement-with-payload',
    title: 'An acknowledgement that carries a setting ends the connection',
    rfc: 'RFC9113#6.5',
    level: 'MUST',
    needs: [],
    frames: [settings([[SETTING.ENABLE_PUSH, 0]], FLAG.ACK)],
    ...endsConnection('FRAME_SIZE_ERROR'),
  },
  {
    id: 'h2/settings/acknowledgement-with-an-octet',
    title: 'An acknowledgement with one octet of payload ends the connection',
    rfc: 'RFC9113#6.5',
    level: 'MUST',
    needs: [],
    frames: [raw(FRAME.SETTINGS, FLAG.ACK, 0, '\0')],
    ...endsConnection('FRAME_SIZE_ERROR'),
  },
  ...[1, 2, 0x7fff_ffff].map(
    (stream) =>
      ({
        id: `h2/settings/on-stream-${stream}`,
        title: `SETTINGS on stream ${stream} end the connection`,
        rfc: 'RFC9113#6.5',
        level: 'MUST',
        needs: [],
        frames: [settings([[SETTING.ENABLE_PUSH, 0]], 0, stream)],
        sentinel: 'none',
        ...endsConnection('PROTOCOL_ERROR'),
      }) as const,
  ),
  {
    id: 'h2/settings/on-open-stream',
    title: 'SETTINGS on an open stream end the connection',
    rfc: 'RFC9113#6.5',
    level: 'MUST',
    needs: [],
    frames: [headers(undefined, { end: false }), settings([], 0, 1)],
    ...endsConnection('PROTOCOL_ERROR'),
  },
  {
    id: 'h2/settings/acknowledgement-on-stream',
    title: 'An acknowledgement on a stream ends the connection',
    rfc: 'RFC9113#6.5',
    level: 'MUST',
    needs: [],
    frames: [settings([], FLAG.ACK, 1)],
    ...endsConnection('PROTOCOL_ERROR'),
  },
  {
    id: 'h2/settings/undefined-flags',
    title: 'Undefined flags of SETTINGS are ignored',
    rfc: 'RFC9113#4.1',
    level: 'MUST',
    needs: [],
    frames: [settings([[SETTING.ENABLE_PUSH, 0]], 0xfe)],
    ...acknowledges(2),
  },
  {
    id: 'h2/settings/push-enabled-pushes-nothing-unasked',
    title: 'SETTINGS_ENABLE_PUSH with 0 is obeyed: no PUSH_PROMISE comes',
    rfc: 'RFC9113#6.5.2',
    level: 'MUST',
    needs: ['get'],
    handshake: [[SETTING.ENABLE_PUSH, 0]],
    frames: [headers()],
    awaits: [1],
    ...shows(
      'sends no PUSH_PROMISE',
      ({ frames, streams }) => {
        if (frames.some(({ type }) => type === FRAME.PUSH_PROMISE)) return 'there was a PUSH_PROMISE';
        return streams.get(1)?.response?.complete === true ? undefined : 'stream 1 has no whole response';
      },
      h2Server('answers', [response(200)]),
      h2Server('pushes', [[raw(FRAME.PUSH_PROMISE, 4, 1, '\0\0\0\x02\x88'), ...response(200)]]),
    ),
  },
  {
    id: 'h2/settings/too-long',
    title: 'SETTINGS longer than 16,384 octets end the connection of a server that takes no longer frames',
    rfc: 'RFC9113#4.2',
    level: 'MUST',
    needs: ['frames-16384'],
    frames: [raw(FRAME.SETTINGS, 0, 0, settingsPayload(Array.from({ length: TOO_MANY }, () => [0xf000, 0])))],
    ...endsConnection('FRAME_SIZE_ERROR'),
  },
  {
    id: 'h2/settings/many-in-one-frame',
    title: 'SETTINGS with 100 unknown settings are acknowledged',
    rfc: 'RFC9113#6.5.3',
    level: 'MUST',
    needs: [],
    why: 'A server may count what a peer makes it do (RFC9113#10.5), but a hundred settings are no flood.',
    frames: [settings(Array.from({ length: 100 }, (_, index) => [0xe000 + index, index]))],
    ...eitherOf(acknowledges(2), endsConnection('ENHANCE_YOUR_CALM')),
  },
]);
