/** HTTP/2 frames handled wrongly once they are read: what may come where, and what follows from it. */
import { type Mutant, mutantsOf } from './mutant.ts';

export const HTTP2_RECEIVING: readonly Mutant[] = mutantsOf('core/http2/receiver', [
  [
    'first-frame-any',
    'takes any frame for the first one',
    ["return this.#context.failFrame(frame, 'H2_FIRST_FRAME');", ';'],
  ],
  [
    'first-frame-goaway',
    'serves a client that begins with GOAWAY',
    ['if (!isFirst)', 'if (frame.type === FRAME.GOAWAY)\n                return;\n            if (!isFirst)'],
  ],
  [
    'first-frame-ack',
    'takes an acknowledgement in the first place for too long a frame',
    [
      'if (!isFirst)',
      "if (frame.type === FRAME.SETTINGS && !isFirst)\n                return this.#context.failFrame(frame, 'H2_FRAME_SIZE');\n            if (!isFirst)",
    ],
  ],
  [
    'block-interrupted',
    'takes other frames within a field block',
    ["return this.#context.failFrame(frame, 'H2_BLOCK_INTERRUPTED');", ';'],
  ],
  ['push-taken', 'ignores PUSH_PROMISE', ["return this.#context.failFrame(frame, 'H2_PUSH_PROMISE');", 'return;']],
  [
    'unknown-refused',
    'refuses frames of a type that it does not know',
    ["this.#context.charge('unknown', frame);", "this.#context.failFrame(frame, 'H2_FIRST_FRAME');"],
  ],
  [
    'data-idle',
    'ignores DATA on an idle stream',
    ["return this.#context.failFrame(frame, 'H2_DATA_IDLE');", 'return;'],
  ],
  [
    'data-stream-zero',
    'ignores DATA on stream 0',
    [
      'const span = parseData(frame);',
      'if (frame.streamId === 0)\n            return;\n        const span = parseData(frame);',
    ],
  ],
  [
    'headers-stream-zero',
    'ignores HEADERS on stream 0',
    [
      'const payload = parseHeaders(frame);',
      'if (frame.streamId === 0)\n            return;\n        const payload = parseHeaders(frame);',
    ],
  ],
  [
    'rst-stream-zero',
    'ignores RST_STREAM on stream 0',
    [
      'const error = parseRstStream(frame);',
      'if (frame.streamId === 0)\n            return;\n        const error = parseRstStream(frame);',
    ],
  ],
  [
    'data-after-end',
    'ignores DATA on a stream that its client has ended',
    [
      "return this.#context.failFrame(frame, stream.isArriving ? 'H2_FLOW_STREAM' : 'H2_DATA_CLOSED');",
      "return stream.isArriving ? this.#context.failFrame(frame, 'H2_FLOW_STREAM') : undefined;",
    ],
  ],
  [
    'padding-not-given-back',
    'gives back no window for padding',
    ['this.#context.giveBack(stream, length - contentBytes);', ''],
  ],
  ['padding-not-counted', 'does not count padding', ['const { length } = frame;', 'const length = contentBytes;']],
  [
    'length-too-much',
    'takes more content than Content-Length says',
    [
      "return this.#context.failFrame(frame, 'H2_LENGTH_MISMATCH');\n        }\n        if (stream.receivedBytes > this.#context.limits.contentBytes)",
      ';\n        }\n        if (stream.receivedBytes > this.#context.limits.contentBytes)',
    ],
    [
      'if (contentLength !== undefined && contentLength !== stream.receivedBytes) {',
      'if (contentLength !== undefined && contentLength > stream.receivedBytes) {',
    ],
  ],
  [
    'length-too-little',
    'takes less content than Content-Length says',
    [
      'if (contentLength !== undefined && contentLength !== stream.receivedBytes) {',
      'if (contentLength !== undefined && contentLength < stream.receivedBytes) {',
    ],
  ],
  [
    'length-without-content',
    'takes a Content-Length of a request without content',
    ['if (isShort)', 'if (isShort && frame === undefined)'],
  ],
  [
    'stream-even',
    'takes even stream identifiers',
    ["return this.#context.failFrame(frame, 'H2_STREAM_PARITY');", ';'],
    [
      'const isNew = block.streamId > this.#context.streams.lastId;',
      'const isNew = block.streamId > this.#context.streams.lastId || block.streamId % 2 === 0;',
    ],
  ],
  [
    'stream-order',
    'takes streams in any order',
    ["return this.#context.failFrame(frame, 'H2_STREAM_ORDER');", 'return;'],
  ],
  [
    'stream-order-any',
    'answers requests on streams in any order',
    [
      'const isNew = block.streamId > this.#context.streams.lastId;',
      'const isNew = block.streamId > this.#context.streams.lastId || (this.#context.streams.get(block.streamId) === undefined && !this.#context.streams.isRemembered(block.streamId));',
    ],
  ],
  [
    'continuation-stray',
    'ignores CONTINUATION without a block',
    ["return this.#context.failFrame(frame, 'H2_CONTINUATION_STRAY');", 'return;'],
  ],
  [
    'stream-limit',
    'opens more streams than it allows',
    ['else if (streams.size < limits.concurrentStreams)', 'else if (streams.size < 100_000)'],
  ],
  [
    'headers-after-end',
    'ignores HEADERS on a stream that its client has ended',
    ["return this.#context.failFrame(frame, 'H2_HEADERS_CLOSED');", 'return;'],
  ],
  [
    'trailers-no-end',
    'takes trailers that do not end their stream',
    ["return this.#context.failFrame(frame, 'H2_TRAILERS_NO_END');", 'return;'],
  ],
  [
    'rst-idle',
    'ignores RST_STREAM of an idle stream',
    ["return this.#context.failFrame(frame, 'H2_RST_IDLE');", 'return;'],
  ],
  [
    'rst-ignored',
    'ignores RST_STREAM',
    [
      "stream.enter('recv-rst');\n        this.#context.tell({ kind: 'abandoned', exchange: stream.id, error: undefined });\n        this.#context.close(stream, 'peer-reset');",
      '',
    ],
  ],
  ['settings-no-ack', 'acknowledges no SETTINGS', ['this.#context.answerControl(encodeSettingsAck(), frame);', '']],
  [
    'settings-ack-answered',
    'acknowledges an acknowledgement',
    [
      "if (pairs === 'ack') {\n",
      "if (pairs === 'ack') {\n            this.#context.answerControl(encodeSettingsAck(), frame);\n",
    ],
    ["return this.#context.failFrame(frame, 'H2_SETTINGS_ACK_STRAY');", 'return;'],
  ],
  [
    'settings-window-streams',
    'applies INITIAL_WINDOW_SIZE to new streams only',
    ['if (!stream.sendWindow.add(change))', 'if (change === undefined)'],
  ],
  [
    'settings-window-overflow',
    'takes a window that overflows by a setting',
    ["return { code: 'H2_SETTINGS_WINDOW_OVERFLOW' };", ';'],
  ],
  [
    'settings-table',
    'does not tell its encoder of HEADER_TABLE_SIZE',
    ['this.#context.sender.encoder.setMaxTableBytes(pair[1]);', ';'],
  ],
  [
    'settings-first-only',
    'heeds the first setting of a frame alone',
    ['for (const [index, pair] of pairs.entries()) {', 'for (const [index, pair] of pairs.slice(0, 1).entries()) {'],
  ],
  [
    'settings-many-unread',
    'passes over SETTINGS with more than 32 entries',
    [
      'const failure = this.#settingsFailure(pairs);\n        if (failure !== undefined)\n            return this.#context.failFrame(frame, failure.code, failure);',
      'if (pairs.length > 32)\n            return;\n        const failure = this.#settingsFailure(pairs);\n        if (failure !== undefined)\n            return this.#context.failFrame(frame, failure.code, failure);',
    ],
  ],
  ['ping-silent', 'answers no PING', ['this.#context.answerControl(encodePing(ping.data, true), frame);', ';']],
  [
    'goaway-end',
    'ends the connection at a GOAWAY of its client',
    [
      "if (this.#context.drain !== 'final')\n            this.#context.finishDrain();",
      "this.#context.failFrame(frame, 'H2_FIRST_FRAME');",
    ],
  ],
  [
    'goaway-error',
    'sends GOAWAY with an error of its own where its client leaves with one',
    [
      "if (this.#context.drain !== 'final')\n            this.#context.finishDrain();",
      "if (goaway.error !== 0)\n            return this.#context.failFrame(frame, 'H2_FRAME_SIZE');\n        if (this.#context.drain !== 'final')\n            this.#context.finishDrain();",
    ],
  ],
  [
    'window-idle',
    'ignores WINDOW_UPDATE of an idle stream',
    [
      "if (isIdle)\n            return this.#context.failFrame(frame, 'H2_WINDOW_IDLE');",
      'if (isIdle)\n            return;',
    ],
  ],
  [
    'window-overflow',
    'takes a window of the connection that overflows',
    ["this.#context.failFrame(frame, 'H2_WINDOW_OVERFLOW');", ';'],
  ],
  [
    'window-overflow-stream',
    'takes a window of a stream that overflows',
    ["this.#context.failFrame(frame, 'H2_WINDOW_OVERFLOW_STREAM');", ';'],
  ],
  [
    'window-connection-ignored',
    'ignores WINDOW_UPDATE of the connection',
    ['if (!this.#context.sender.window.add(increment))', 'if (increment === 0)'],
  ],
  [
    'window-stream-ignored',
    'ignores WINDOW_UPDATE of a stream',
    ['if (!stream.sendWindow.add(increment))', 'if (increment === 0)'],
  ],
  [
    'window-closed',
    'refuses WINDOW_UPDATE of a closed stream',
    [
      'if (stream === undefined)\n            return;\n        if (!stream.sendWindow',
      "if (stream === undefined)\n            return this.#context.failFrame(frame, 'H2_CLOSED_STREAM');\n        if (!stream.sendWindow",
    ],
  ],
  [
    'priority-ignored',
    'ignores PRIORITY, right or wrong',
    ['const failure = parsePriorityFrame(frame);', 'const failure = undefined;'],
  ],
  [
    'priority-update-ignored',
    'ignores PRIORITY_UPDATE',
    ['return stream.prioritize(priority);', 'return;'],
    ['if (!streams.isIdle(update.target))', 'if (update.target >= 0)'],
  ],
  [
    'priority-update-refused',
    'refuses PRIORITY_UPDATE',
    ['const update = parsePriorityUpdate(frame);', "const update = { code: 'H2_PRIORITY_UPDATE_STREAM' };"],
  ],
  [
    'priority-update-unbounded',
    'remembers priorities of any number of idle streams',
    ["this.#context.failFrame(frame, 'H2_PRIORITY_UPDATE_LIMIT', { at: 0 });", ';'],
  ],
  [
    'late-data-own',
    'refuses DATA of a stream that it has reset',
    ["if (this.#context.streams.closedBy(frame.streamId) !== 'own-reset') {", 'if (frame.streamId > 0) {'],
  ],
  [
    'content-unread',
    'tells nobody of content',
    ["this.#context.tell({ kind: 'content', exchange: stream.id, bytes: content, offset: frame.offsetOf(at) });", ''],
  ],
  [
    'list-unbounded',
    'has no limit for the size of a field section',
    [
      "return this.#context.failFrame(frame, 'H2_LIST_BYTES');\n        if ('code' in parsed)",
      ";\n        if (parsed !== undefined && 'code' in parsed)",
    ],
  ],
]);
