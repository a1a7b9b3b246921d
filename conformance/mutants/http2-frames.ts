/** HTTP/2 frames read wrongly: shapes, sizes, streams that they may not name, settings. */
import { type Mutant, mutantsOf } from './mutant.ts';

const FRAMES = [
  ...mutantsOf('core/http2/frame/data', [
    [
      'data-zero-length',
      'ends the connection at DATA without content',
      ["return { code: 'H2_DATA_STREAM_ZERO' };", ';'],
      ['return unpad(frame);', "return frame.length === 0 ? { code: 'H2_DATA_STREAM_ZERO' } : unpad(frame);"],
    ],
  ]),
  ...mutantsOf('core/http2/frame/padding', [
    [
      'padding-too-long',
      'takes padding that is longer than its frame',
      ["return { code: 'H2_PADDING', at: 0 };", 'return { from: frame.from + 1, to: frame.from + 1 };'],
    ],
    [
      'padding-cut',
      'takes a padded frame without a length of padding',
      ["return { code: 'H2_PADDING_CUT' };", 'return frame;'],
    ],
    ['padding-kept', 'takes padding for content', ['to: frame.to - padding', 'to: frame.to']],
    ['padding-refused', 'refuses all padding', ['if (padding >= frame.length)', 'if (padding >= 0)']],
  ]),
  ...mutantsOf('core/http2/frame/headers', [
    [
      'headers-priority-cut',
      'takes HEADERS without room for its priority',
      ["return { code: 'H2_HEADERS_PRIORITY_CUT' };", 'return { from: to, to, dependsOnItself: false };'],
    ],
    [
      'headers-priority-kept',
      'takes the priority of HEADERS for its block',
      ['return { from: from + PRIORITY_BYTES, to,', 'return { from, to,'],
    ],
  ]),
  ...mutantsOf('core/http2/frame/priority', [
    [
      'priority-stream-zero',
      'takes PRIORITY on stream 0',
      ["return { code: 'H2_PRIORITY_STREAM_ZERO' };", 'return undefined;'],
    ],
    [
      'priority-length',
      'takes PRIORITY of any length',
      ["return { code: 'H2_PRIORITY_LENGTH' };", 'return undefined;'],
    ],
    [
      'priority-refused',
      'refuses PRIORITY',
      ['return uint31(payload, 0) === streamId ?', 'return uint31(payload, 0) >= 0 ?'],
    ],
  ]),
  ...mutantsOf('core/http2/frame/rst-stream', [
    [
      'rst-length',
      'takes RST_STREAM of any length',
      ["return payload.length === 4 ? uint32(payload, 0) : { code: 'H2_RST_LENGTH' };", 'return uint32(payload, 0);'],
    ],
  ]),
  ...mutantsOf('core/http2/frame/settings', [
    ['settings-stream', 'takes SETTINGS on any stream', ["return { code: 'H2_SETTINGS_STREAM' };", ';']],
    [
      'settings-ack-length',
      'takes an acknowledgement with settings in it',
      ["return payload.length === 0 ? 'ack' : { code: 'H2_SETTINGS_ACK_LENGTH' };", "return 'ack';"],
    ],
    ['settings-length', 'takes SETTINGS of any length', ["return { code: 'H2_SETTINGS_LENGTH' };", ';']],
    [
      'settings-first-wins',
      'takes the first of several values of one setting',
      [
        'pairs.push([uint16(payload, at), uint32(payload, at + 2)]);',
        'if (!pairs.some(([id]) => id === uint16(payload, at))) pairs.push([uint16(payload, at), uint32(payload, at + 2)]);',
      ],
    ],
    [
      'settings-none',
      'ignores settings',
      ['return pairs;\n}\nexport function encodeSettings', 'return [];\n}\nexport function encodeSettings'],
    ],
  ]),
  ...mutantsOf('core/http2/frame/ping', [
    ['ping-stream', 'takes PING on any stream', ["return { code: 'H2_PING_STREAM' };", ';']],
    ['ping-length', 'takes PING of any length', ["return { code: 'H2_PING_LENGTH' };", ';']],
    [
      'ping-ack-answered',
      'answers the acknowledgement of a PING',
      ['return { isAck: (flags & FLAG.ACK) !== 0,', 'return { isAck: false,'],
    ],
    [
      'ping-zeros',
      'answers PING with zeros',
      [
        'return encodeFrame(FRAME.PING, isAck ? FLAG.ACK : 0, 0, data);',
        'return encodeFrame(FRAME.PING, isAck ? FLAG.ACK : 0, 0, new Uint8Array(8));',
      ],
    ],
    ['ping-no-ack-flag', 'answers PING without ACK', ['isAck ? FLAG.ACK : 0', 'isAck ? 0 : 0']],
  ]),
  ...mutantsOf('core/http2/frame/goaway', [
    ['goaway-stream', 'takes GOAWAY on any stream', ["return { code: 'H2_GOAWAY_STREAM' };", ';']],
    ['goaway-length', 'takes GOAWAY of any length', ["return { code: 'H2_GOAWAY_LENGTH' };", ';']],
    [
      'goaway-last-zero',
      'names stream 0 in every GOAWAY',
      ['writeUint32(out, at, lastStreamId)', 'writeUint32(out, at, 0)'],
    ],
    [
      'goaway-no-error',
      'names NO_ERROR in every GOAWAY',
      [
        'writeUint32(out, writeUint32(out, at, lastStreamId), error)',
        'writeUint32(out, writeUint32(out, at, lastStreamId), 0)',
      ],
    ],
  ]),
  ...mutantsOf('core/http2/frame/window-update', [
    ['window-length', 'takes WINDOW_UPDATE of any length', ["return { code: 'H2_WINDOW_LENGTH' };", 'return 1;']],
    ['window-zero', 'takes an increment of 0', ['if (increment === 0)', 'if (increment < 0)']],
    [
      'window-reserved-bit',
      'reads the reserved bit of an increment',
      [
        'const increment = uint31(payload, 0);',
        'const increment = uint31(payload, 0) + ((payload[0] ?? 0) > 127 ? 0x80000000 : 0);',
      ],
    ],
  ]),
  ...mutantsOf('core/http2/frame/priority-update', [
    [
      'priority-update-stream',
      'takes PRIORITY_UPDATE on any stream',
      ["return { code: 'H2_PRIORITY_UPDATE_STREAM' };", ';'],
    ],
    [
      'priority-update-length',
      'takes PRIORITY_UPDATE of any length',
      ["return { code: 'H2_PRIORITY_UPDATE_LENGTH' };", "return { target: 1, value: '' };"],
    ],
    [
      'priority-update-target',
      'takes PRIORITY_UPDATE for any stream',
      ["return { code: 'H2_PRIORITY_UPDATE_TARGET', at: 0 };", ';'],
    ],
  ]),
  ...mutantsOf('core/http2/frame/head', [
    [
      'stream-reserved-bit',
      'reads the reserved bit of a stream identifier',
      ['this.streamId = uint31(bytes, at + 5);', 'this.streamId = uint32(bytes, at + 5);'],
    ],
    [
      'flags-undefined',
      'refuses flags that a type does not define',
      ['this.flags = bytes[at + 4] ?? 0;', 'this.flags = (bytes[at + 4] ?? 0) & 0xd2 ? 0x08 : (bytes[at + 4] ?? 0);'],
    ],
    [
      'end-stream-unset',
      'sends no END_STREAM',
      ['out[at + 4] = flags;', 'out[at + 4] = type === FRAME.DATA || type === FRAME.HEADERS ? flags & ~1 : flags;'],
    ],
    [
      'reserved-bit-sent',
      'sets the reserved bit of what it sends',
      ['return writeUint32(out, at + 5, streamId);', 'return writeUint32(out, at + 5, streamId + 0x80000000);'],
    ],
  ]),
  ...mutantsOf('core/http2/frame/reader', [
    [
      'frame-size',
      'takes frames of any size',
      ["if (length > this.#maxPayload)\n            return 'too-long';", ''],
      ['return this.#heldBytes >= 3 && uint24(this.#held, 0) > this.#maxPayload;', 'return false;'],
    ],
    [
      'frame-size-small',
      'takes no frame above 8,192 octets',
      ['if (length > this.#maxPayload)', 'if (length > 8_192)'],
      ['uint24(this.#held, 0) > this.#maxPayload;', 'uint24(this.#held, 0) > 8_192;'],
    ],
  ]),
];

const SETTINGS = mutantsOf('core/http2/peer-settings', [
  [
    'setting-push',
    'takes any value of ENABLE_PUSH',
    ["return value > 1 ? 'H2_SETTINGS_PUSH' : undefined;", 'return undefined;'],
  ],
  [
    'setting-window',
    'takes any value of INITIAL_WINDOW_SIZE',
    ["if (value > MAX_WINDOW)\n                return 'H2_SETTINGS_WINDOW';", ''],
  ],
  ['setting-window-ignored', 'ignores INITIAL_WINDOW_SIZE', ['settings.initialWindowBytes = value;', '']],
  [
    'setting-frame-size',
    'ignores a MAX_FRAME_SIZE that is out of range',
    ["return 'H2_SETTINGS_FRAME_SIZE';", 'return undefined;'],
  ],
  ['setting-priorities', 'takes any value of NO_RFC7540_PRIORITIES', ["return 'H2_SETTINGS_PRIORITIES';", ';']],
  [
    'setting-unknown',
    'refuses settings that it does not know',
    [
      'default:\n            return undefined;',
      "default:\n            return id === SETTING.MAX_CONCURRENT_STREAMS ? undefined : 'H2_SETTINGS_PUSH';",
    ],
  ],
]);

export const HTTP2_FRAMES: readonly Mutant[] = [...FRAMES, ...SETTINGS];
