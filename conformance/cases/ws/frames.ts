import {
  defineWsCases,
  echoes,
  echoServer,
  type FrameOptions,
  failing,
  fails,
  frame,
  ignoring,
  OPCODE,
  pongs,
  rule,
  type WsCase,
  type WsStep,
} from '../../ws/define.ts';

const { CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG } = OPCODE;

const echoed = (
  slug: `${string}/${string}`,
  title: string,
  rfc: WsCase['rfc'],
  opcode: number,
  content: Buffer | string,
  send?: readonly WsStep[],
): WsCase => ({
  id: `ws/${slug}`,
  title,
  rfc,
  send: send ?? [frame(opcode, content)],
  allow: echoes([opcode, content]),
  controls: { pass: [echoServer()], fail: [ignoring(), failing(1002)] },
});

const failed = (
  slug: `${string}/${string}`,
  title: string,
  rfc: WsCase['rfc'],
  codes: readonly number[],
  ...send: readonly WsStep[]
): WsCase => ({
  id: `ws/${slug}`,
  title,
  rfc,
  send,
  allow: fails(...codes),
  controls: { pass: [...codes.map(failing), failing(undefined)], fail: [echoServer(), ignoring()] },
});

const text = (content: Buffer | string, options: FrameOptions = {}) => frame(TEXT, content, options);
const sized = (bytes: number) => Buffer.alloc(bytes, 'aeronet ');
const HEX = (digits: string) => Buffer.from(digits, 'hex');

/** RFC6455#5: what frames mean and which there must not be. */
export default defineWsCases([
  echoed('messages/text', 'A text message is understood', 'RFC6455#5.6', TEXT, 'hello, wörld'),
  echoed('messages/binary', 'A binary message is understood', 'RFC6455#5.6', BINARY, HEX('00ff80c0fe0a0d')),
  echoed('messages/empty', 'An empty message is a message', 'RFC6455#5.2', TEXT, ''),
  ...[125, 126, 127, 65_535, 65_536].map((bytes) =>
    echoed(
      `lengths/binary-${bytes}`,
      `A message of ${bytes} octets is understood`,
      'RFC6455#5.2',
      BINARY,
      sized(bytes),
    ),
  ),
  {
    ...echoed('lengths/minimal', 'Lengths are sent in as few octets as will do', 'RFC6455#5.2', BINARY, ''),
    send: [125, 126, 65_535, 65_536].map((bytes) => frame(BINARY, sized(bytes))),
    allow: [
      rule('pass', 'frames of ours come back with lengths in the fewest octets', ({ frames, connection }) => {
        const wrong = frames.find(
          ({ payload: { length }, lengthBytes }) => lengthBytes !== (length < 126 ? 0 : length < 65_536 ? 2 : 8),
        );
        if (wrong !== undefined) return `a length of ${wrong.payload.length} took ${wrong.lengthBytes} octets more`;
        return frames.length === 0 || connection !== 'open'
          ? `no frame came, the connection was ${connection}`
          : undefined;
      }),
    ],
  },
  {
    ...echoed('lengths/16-bits-for-5', 'A length in more octets than it needs', 'RFC6455#5.2', TEXT, ''),
    title: 'A length in more octets than it needs is refused, or read as what it says',
    level: 'SHOULD',
    send: [text('hello', { lengthBytes: 2 })],
    allow: [...fails(1002), ...echoes([TEXT, 'hello'])],
    why: 'RFC6455#5.2 forbids it to the sender; a recipient that reads it harms nobody.',
    controls: { pass: [failing(1002), echoServer()], fail: [ignoring()] },
  },
  failed(
    'lengths/top-bit',
    'A length with the highest bit set is an error',
    'RFC6455#5.2',
    [1002, 1009],
    text('', { lengthBytes: 8, length: 2n ** 63n }),
  ),
  {
    id: 'ws/server/frames',
    title: 'Frames of a server are not masked and have no reserved bit set',
    rfc: 'RFC6455#5.1',
    send: [text('hello'), frame(PING, 'hello')],
    allow: [
      rule('pass', 'frames that are not masked and have no reserved bit set', ({ frames, connection }) => {
        if (frames.some(({ isMasked }) => isMasked)) return 'a frame was masked';
        if (frames.some(({ rsv }) => rsv !== 0)) return 'a frame had a reserved bit set';
        return frames.length < 2 || connection !== 'open'
          ? `${frames.length} frames came, the connection was ${connection}`
          : undefined;
      }),
    ],
    controls: { pass: [echoServer()], fail: [failing(1002)] },
  },
  failed(
    'masking/text',
    'A message that is not masked ends the connection',
    'RFC6455#5.1',
    [1002],
    text('hello', { mask: 'none' }),
  ),
  failed(
    'masking/ping',
    'A Ping that is not masked ends the connection',
    'RFC6455#5.1',
    [1002],
    frame(PING, 'hello', { mask: 'none' }),
  ),
  echoed('masking/zero-key', 'A masking key of zeros is a key', 'RFC6455#5.3', TEXT, 'hello', [
    text('hello', { mask: 0 }),
  ]),
  ...[4, 2, 1].map((rsv, index) =>
    failed(
      `reserved/rsv${index + 1}`,
      `RSV${index + 1} without an extension ends the connection`,
      'RFC6455#5.2',
      [1002],
      text('hello', { rsv }),
    ),
  ),
  ...[3, 5, 7, 11, 13, 15].map((opcode) =>
    failed(
      `reserved/opcode-${opcode}`,
      `Opcode ${opcode} is reserved and ends the connection`,
      'RFC6455#5.2',
      [1002],
      frame(opcode, 'hello'),
    ),
  ),
  failed(
    'control/ping-126',
    'A Ping of 126 octets ends the connection',
    'RFC6455#5.5',
    [1002],
    frame(PING, sized(126)),
  ),
  failed(
    'control/pong-126',
    'A Pong of 126 octets ends the connection',
    'RFC6455#5.5',
    [1002],
    frame(PONG, sized(126)),
  ),
  failed(
    'control/ping-fragmented',
    'A Ping in fragments ends the connection',
    'RFC6455#5.5',
    [1002],
    frame(PING, 'he', { fin: false }),
    frame(CONTINUATION, 'llo'),
  ),
  {
    ...failed(
      'control/close-fragmented',
      'A Close in fragments ends the connection',
      'RFC6455#5.5',
      [1002],
      frame(CLOSE, HEX('03e8'), { fin: false }),
    ),
    controls: { pass: [failing(1002), failing(undefined)], fail: [ignoring()] },
  },
  ...[
    ['empty', ''],
    ['text', 'hello'],
    ['125-octets', sized(125)],
    ['no-text', HEX('00ff80c0')],
  ].map(
    ([slug = '', payload = '']): WsCase => ({
      id: `ws/control/ping-${String(slug)}`,
      title: `A Ping is answered with its own payload (${String(slug)})`,
      rfc: 'RFC6455#5.5.3',
      send: [frame(PING, payload)],
      allow: pongs(payload),
      controls: { pass: [echoServer()], fail: [ignoring('another'), failing(1002)] },
    }),
  ),
  {
    id: 'ws/control/pong-unasked',
    title: 'A Pong that nobody asked for is ignored',
    rfc: 'RFC6455#5.5.3',
    send: [frame(PONG, 'hello'), text('hello')],
    allow: echoes([TEXT, 'hello']),
    controls: { pass: [echoServer()], fail: [failing(1002), ignoring()] },
  },
  echoed('fragments/three', 'Three fragments are one message', 'RFC6455#5.4', TEXT, 'hello', [
    text('he', { fin: false }),
    frame(CONTINUATION, 'l', { fin: false }),
    frame(CONTINUATION, 'lo'),
  ]),
  echoed('fragments/empty', 'Fragments may be empty', 'RFC6455#5.4', BINARY, 'x', [
    frame(BINARY, '', { fin: false }),
    frame(CONTINUATION, 'x', { fin: false }),
    frame(CONTINUATION, ''),
  ]),
  {
    ...echoed('fragments/ping-between', 'A Ping between fragments is answered', 'RFC6455#5.4', TEXT, 'hello', [
      text('he', { fin: false }),
      'ping',
      frame(CONTINUATION, 'llo'),
    ]),
    title: 'A Ping between fragments does not disturb the message',
  },
  failed(
    'fragments/nothing-to-continue',
    'A continuation of nothing ends the connection',
    'RFC6455#5.4',
    [1002],
    frame(CONTINUATION, 'hello'),
  ),
  failed(
    'fragments/continued-behind-end',
    'A continuation behind the last fragment ends the connection',
    'RFC6455#5.4',
    [1002],
    text('he', { fin: false }),
    frame(CONTINUATION, '', { fin: false }),
    text('llo'),
  ),
  failed(
    'fragments/text-within',
    'A new message within another ends the connection',
    'RFC6455#5.4',
    [1002],
    text('he', { fin: false }),
    text('llo'),
  ),
]);
