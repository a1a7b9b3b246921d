/** HTTP/2 streams, windows, errors and shutdown handled wrongly. */
import { type Mutant, mutantsOf } from './mutant.ts';

const CONTEXT = mutantsOf('core/http2/context', [
  [
    'stream-error-as-connection',
    'ends the connection where a stream alone is wrong',
    ["if (spec.scope === 'stream')", "if (spec.scope === 'none')"],
  ],
  [
    'connection-error-as-stream',
    'resets a stream where the connection is wrong',
    ["if (spec.scope === 'stream')", "if (spec.scope === 'stream' || (place.streamId ?? 0) > 0)"],
  ],
  [
    'error-code-wrong',
    'names another error',
    [
      'this.#endConnection(error, spec.h2 ?? H2_ERROR.COMPRESSION_ERROR);',
      'this.#endConnection(error, H2_ERROR.CONNECT_ERROR);',
    ],
    [
      'this.#endStream(place, error, spec.h2 ?? H2_ERROR.PROTOCOL_ERROR);',
      'this.#endStream(place, error, H2_ERROR.CONNECT_ERROR);',
    ],
  ],
  [
    'no-goaway',
    'ends the connection without GOAWAY',
    ['this.sender.last(encodeGoaway(this.lastServedId, h2, error.code));', ''],
  ],
  [
    'no-close',
    'says GOAWAY and goes on',
    ["this.state = isHopeless ? 'aborted' : 'closing';", ''],
    ['this.abandonAll(error);\n        this.sender', 'this.sender'],
  ],
  [
    'no-reset',
    'resets no stream',
    [
      "this.sender.inOrder(encodeRstStream(stream.id, error));\n        this.close(stream, 'own-reset');",
      "this.close(stream, 'own-reset');",
    ],
  ],
  [
    'goaway-last-high',
    'names a stream that it has not seen in GOAWAY',
    [
      'this.sender.last(encodeGoaway(this.lastServedId, h2, error.code));',
      'this.sender.last(encodeGoaway(0x7fffffff, h2, error.code));',
    ],
  ],
  [
    'goaway-reversed',
    'tells which request was the last, and only then that it will end',
    [
      'this.sender.control(encodeGoaway(this.lastServedId, H2_ERROR.NO_ERROR));',
      'this.sender.control(encodeGoaway(this.lastServedId, H2_ERROR.NO_ERROR));\n        this.sender.control(encodeGoaway(MAX_STREAM_ID, H2_ERROR.NO_ERROR));',
    ],
  ],
  [
    'window-never-given',
    'gives back no window',
    ['const increment = this.window.give(bytes);', 'const increment = 0;'],
  ],
  [
    'stream-window-never-given',
    'gives back no window of a stream',
    ['const increment = stream.isArriving ? stream.receiveWindow.give(bytes) : 0;', 'const increment = 0;'],
  ],
  [
    'window-update-zero',
    'sends a WINDOW_UPDATE of 0',
    [
      'if (increment > 0)\n            this.sender.control(encodeWindowUpdate(stream.id, increment));',
      'this.sender.control(encodeWindowUpdate(stream.id, increment));',
    ],
  ],
  [
    'closes-after-one',
    'closes behind one request',
    [
      "if (this.streams.size === 0 && this.drain === 'final' && this.state === 'open')",
      "if (this.streams.size === 0 && this.state === 'open')",
    ],
  ],
]);

const CONNECTION = mutantsOf('core/http2/connection', [
  ['settings-late', 'sends no SETTINGS', ['this.#context.sender.control(encodeSettings(settings));', '']],
  [
    'settings-push',
    'announces ENABLE_PUSH',
    ['[SETTING.NO_RFC7540_PRIORITIES, 1],', '[SETTING.NO_RFC7540_PRIORITIES, 1], [SETTING.ENABLE_PUSH, 1],'],
  ],
  [
    'settings-frame-small',
    'announces a MAX_FRAME_SIZE that is too small',
    ['[SETTING.MAX_FRAME_SIZE, limits.frameBytes],', '[SETTING.MAX_FRAME_SIZE, 8_192],'],
  ],
  [
    'settings-window-large',
    'announces an INITIAL_WINDOW_SIZE that is too large',
    ['[SETTING.INITIAL_WINDOW_SIZE, limits.streamWindowBytes],', '[SETTING.INITIAL_WINDOW_SIZE, 0xffffffff],'],
  ],
  [
    'settings-priorities-two',
    'announces 2 for NO_RFC7540_PRIORITIES',
    ['[SETTING.NO_RFC7540_PRIORITIES, 1],', '[SETTING.NO_RFC7540_PRIORITIES, 2],'],
  ],
  [
    'settings-connect',
    'announces 0 for ENABLE_CONNECT_PROTOCOL behind 1',
    [
      '[SETTING.NO_RFC7540_PRIORITIES, 1],',
      '[SETTING.NO_RFC7540_PRIORITIES, 1], [SETTING.ENABLE_CONNECT_PROTOCOL, 2],',
    ],
  ],
  [
    'frame-size-goes-on',
    'goes on behind a frame that is too long',
    ["return this.#context.fail('H2_FRAME_SIZE', { offset: this.#reader.offset, streamId: 0 });", 'return;'],
  ],
]);

const STREAMS = [
  ...mutantsOf('core/http2/streams', [
    [
      'closed-forgotten',
      'takes closed streams for idle ones',
      ['return id % 2 === 0 || id > this.lastId;', 'return this.get(id) === undefined;'],
    ],
    ['idle-none', 'takes idle streams for closed ones', ['return id % 2 === 0 || id > this.lastId;', 'return false;']],
  ]),
  ...mutantsOf('core/http2/flow', [
    [
      'send-window-ignored',
      'sends without regard to windows',
      [
        'take(bytes) {\n        this.#available -= bytes;\n    }',
        'take(bytes) {\n        this.#available -= bytes * 0;\n    }',
      ],
      [
        'add(bytes) {\n        this.#available += bytes;\n        return',
        'add(bytes) {\n        this.#available = 1_000_000_000;\n        return',
      ],
    ],
    [
      'send-window-one-more',
      'sends an octet more than the window holds',
      [
        'return this.#available;\n    }\n    /** Counts octets that are sent. */',
        'return this.#available + 1;\n    }\n    /** Counts octets that are sent. */',
      ],
    ],
    [
      'send-window-never-negative',
      'lets no window go below zero',
      [
        'this.#available += bytes;\n        return this.#available <= MAX_WINDOW;',
        'this.#available = Math.max(0, this.#available + bytes);\n        return this.#available <= MAX_WINDOW;',
      ],
    ],
    [
      'window-update-too-much',
      'gives back more window than was used',
      ['const increment = this.#consumed;\n', 'const increment = this.#consumed + 0x70000000;\n'],
    ],
  ]),
  ...mutantsOf('core/http2/sender', [
    [
      'frame-too-long',
      'sends frames longer than its client takes',
      [
        'return Math.min(this.window.available, stream.sendWindow.available, maxFrameBytes, CONTENT_BYTES);',
        'return Math.min(this.window.available, stream.sendWindow.available, CONTENT_BYTES);',
      ],
    ],
    ['block-open', 'sends no END_HEADERS', ['flags |= FLAG.END_HEADERS;', 'flags |= 0;']],
    [
      'data-on-zero',
      'sends DATA on stream 0',
      [
        'let at = writeHead(slab, start, bytes.length, FRAME.DATA, flags, stream.id);',
        'let at = writeHead(slab, start, bytes.length, FRAME.DATA, flags, 0);',
      ],
    ],
    [
      'urgency-reversed',
      'sends the least urgent response first',
      ['return a.urgency < b.urgency;', 'return a.urgency > b.urgency;'],
    ],
    [
      'incremental-ignored',
      'sends incremental responses one after the other',
      ['else if (!stream.isQueued || stream.isIncremental)', 'else if (!stream.isQueued)'],
      ['return !a.isIncremental;\n    return', 'return !a.isIncremental;\n    return a.id < b.id ||'],
    ],
    [
      'end-missing',
      'ends no response',
      ['this.#data(stream, bytes, isLast);', 'this.#data(stream, bytes, false);'],
      [
        'this.#data(stream, bytes, true);\n        return true;',
        'this.#data(stream, bytes, false);\n        return true;',
      ],
    ],
  ]),
  ...mutantsOf('core/http2/responder', [
    [
      'h2-head-with-content',
      'sends content to HEAD over HTTP/2',
      [
        'const isEmpty = isContentless(head.status, stream.head.method);\n        const isForbidden',
        "const isEmpty = isContentless(head.status, 'GET');\n        const isForbidden",
      ],
      [
        "isContentless(head.status, stream.head.method) ? 'empty' : 'content'",
        "isContentless(head.status, 'GET') ? 'empty' : 'content'",
      ],
    ],
    [
      'h2-continue-never',
      'sends no 100 (Continue) over HTTP/2',
      [
        "if (stream.awaitsContinue && stream.response === 'waiting' && stream.isArriving)\n            this.#interim(stream, 100);",
        '',
      ],
    ],
    [
      'h2-continue-ends',
      'ends the stream with 100 (Continue)',
      [
        'stream.awaitsContinue = false;\n        sender.block(stream.id, false);',
        'stream.awaitsContinue = false;\n        sender.block(stream.id, true);',
      ],
    ],
    [
      'h2-continue-always',
      'sends 100 (Continue) unasked over HTTP/2',
      [
        "if (stream.awaitsContinue && stream.response === 'waiting' && stream.isArriving)",
        "if (stream.response === 'waiting' && stream.isArriving)",
      ],
    ],
    [
      'h2-length-wrong',
      'names a wrong Content-Length over HTTP/2',
      ['hasLength ? content.length : undefined', 'hasLength ? content.length + 1 : undefined'],
    ],
  ]),
  ...mutantsOf('core/http2/response-encoder', [
    [
      'names-upper',
      'sends field names in mixed case',
      [
        'encoder.field(outgoingName(name).lower, value);\n        const sharedBytes',
        'encoder.field(name, value);\n        const sharedBytes',
      ],
    ],
    [
      'connection-field-sent',
      'sends Connection over HTTP/2',
      [
        "encoder.field(':status', String(status));\n        // RFC9110#6.6.1",
        "encoder.field(':status', String(status));\n        encoder.field('connection', 'keep-alive');\n        // RFC9110#6.6.1",
      ],
    ],
    [
      'status-late',
      'sends :status behind other fields',
      [
        "encoder.field(':status', String(status));\n        // RFC9110#6.6.1",
        "encoder.field('x-first', '1');\n        encoder.field(':status', String(status));\n        // RFC9110#6.6.1",
      ],
    ],
    [
      'status-missing',
      'sends no :status',
      ["encoder.field(':status', String(status));\n        // RFC9110#6.6.1", '// RFC9110#6.6.1'],
    ],
    [
      'h2-no-date',
      'sends no Date over HTTP/2',
      ['if (date !== undefined && !hasDate)', "if (date === 'never' && !hasDate)"],
    ],
  ]),
  ...mutantsOf('core/http2/budgets', []),
  ...mutantsOf('core/http2/block', [
    [
      'block-unbounded',
      'takes any number of CONTINUATION frames',
      ['if (this.#continuations > continuations || to > blockBytes)', 'if (this.#continuations > 1_000_000)'],
    ],
    ['continuation-lost', 'loses what CONTINUATION brings', ['this.to = to;\n        return true;', 'return true;']],
  ]),
  ...mutantsOf('core/http2/priority', [
    [
      'priority-deaf',
      'ignores the Priority field',
      ['if (value === undefined || value.length > MAX_BYTES)', 'if (value !== 0)'],
    ],
  ]),
  ...mutantsOf('core/http2/deadlines', []),
  ...mutantsOf('core/connection/h2c-upgrade', []),
];

export const HTTP2_STREAMS: readonly Mutant[] = [...CONTEXT, ...CONNECTION, ...STREAMS];
