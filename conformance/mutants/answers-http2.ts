/** Frames and responses of HTTP/2 that are wrong in themselves, whatever was asked: what `h2/lint` is there for. */
import { type Mutant, mutantsOf } from './mutant.ts';

const PUSHES = 'sender.block(stream.id, isHeadOnly);';

/** A PUSH_PROMISE of these octets on the stream that is answered, in front of the answer. */
function pushes(promised: number, method: number): string {
  const block = `${method}, 0x86, 0x84, 0x01, 1, 0x61`;
  return `sender.inOrder(Uint8Array.of(0, 0, 10, 5, 4, 0, 0, stream.id >>> 8, stream.id & 0xff, 0, 0, 0, ${promised}, ${block}));\n        ${PUSHES}`;
}

export const ANSWERS_HTTP2: readonly Mutant[] = [
  ...mutantsOf('core/http2/connection', [
    [
      'settings-second',
      'sends PING in front of its SETTINGS',
      [
        'this.#context.sender.control(encodeSettings(settings));',
        'this.#context.sender.control(Uint8Array.of(0, 0, 8, 6, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8));\n        this.#context.sender.control(encodeSettings(settings));',
      ],
    ],
  ]),
  ...mutantsOf('core/http2/context', [
    [
      'reset-then-end',
      'ends a stream that it has reset',
      [
        'this.sender.inOrder(encodeRstStream(stream.id, error));',
        'this.sender.inOrder(encodeRstStream(stream.id, error));\n        this.sender.inOrder(Uint8Array.of(0, 0, 0, 0, 1, 0, 0, stream.id >>> 8, stream.id & 0xff));',
      ],
    ],
    [
      'reset-twice',
      'resets a stream twice',
      [
        'this.sender.inOrder(encodeRstStream(stream.id, error));',
        'this.sender.inOrder(encodeRstStream(stream.id, error));\n        this.sender.inOrder(encodeRstStream(stream.id, error));',
      ],
    ],
  ]),
  ...mutantsOf('core/http2/frame/rst-stream', [
    [
      'rst-long',
      'sends RST_STREAM with an octet too many',
      ['const out = new Uint8Array(HEAD_BYTES + 4);', 'const out = new Uint8Array(HEAD_BYTES + 5);'],
      ['writeHead(out, 0, 4, FRAME.RST_STREAM,', 'writeHead(out, 0, 5, FRAME.RST_STREAM,'],
    ],
  ]),
  ...mutantsOf('core/http2/frame/settings', [
    [
      'ack-with-setting',
      'sends a setting with an acknowledgement',
      [
        'const out = new Uint8Array(HEAD_BYTES);\n    writeHead(out, 0, 0, FRAME.SETTINGS, FLAG.ACK, 0);',
        'const out = encodeSettings([[3, 100]]);\n    out[4] = FLAG.ACK;',
      ],
    ],
  ]),
  ...mutantsOf('core/http2/receiver', [
    [
      'ping-answered-twice',
      'answers a PING twice',
      [
        'this.#context.answerControl(encodePing(ping.data, true), frame);',
        '{\n            this.#context.answerControl(encodePing(ping.data, true), frame);\n            this.#context.answerControl(encodePing(ping.data, true), frame);\n        }',
      ],
    ],
  ]),
  ...mutantsOf('core/http2/responder', [
    ['push-odd', 'promises a stream of its client', [PUSHES, pushes(101, 0x82)]],
    ['push-post', 'pushes the answer to a POST', [PUSHES, pushes(100, 0x83)]],
    [
      'push-late',
      'promises a stream behind the end of its answer',
      [
        'if (isHeadOnly || sender.whole(stream, content))\n            return this.#context.endResponse(stream);',
        `if (isHeadOnly || sender.whole(stream, content)) {\n            ${pushes(100, 0x82).replace(PUSHES, '')}\n            return this.#context.endResponse(stream);\n        }`,
      ],
    ],
    [
      'h2-type-as-trailer',
      'sends content-type behind the content where there is nothing',
      [
        'if (isHeadOnly || sender.whole(stream, content))',
        'if (isHeadOnly || (head.status !== 404 && sender.whole(stream, content)))',
      ],
      ['sender.end(stream, {});', "sender.end(stream, head.status === 404 ? { 'content-type': 'text/plain' } : {});"],
    ],
    [
      'h2-status-as-trailer',
      'sends :status once more behind the content where there is nothing',
      [
        'if (isHeadOnly || sender.whole(stream, content))',
        'if (isHeadOnly || (head.status !== 404 && sender.whole(stream, content)))',
      ],
      ['sender.end(stream, {});', "sender.end(stream, head.status === 404 ? { ':status': '404' } : {});"],
    ],
  ]),
  ...mutantsOf('core/http2/response-encoder', [
    [
      'h2-type-twice',
      'sends content-type twice',
      [
        'encoder.field(outgoingName(name).lower, value);\n        const sharedBytes',
        "for (const again of outgoingName(name).lower === 'content-type' ? [value, value] : [value])\n                encoder.field(outgoingName(name).lower, again);\n        const sharedBytes",
      ],
    ],
    [
      'h2-missing-205',
      'says 205 where there is nothing, and says so in content',
      [
        "encoder.field(':status', String(status));\n        // RFC9110#6.6.1",
        "encoder.field(':status', String(status === 404 ? 205 : status));\n        // RFC9110#6.6.1",
      ],
    ],
    [
      'h2-interim-length',
      'names a length with an interim response',
      [
        "encoder.field(':status', String(status));\n    for (const [name, value] of lines)",
        "encoder.field(':status', String(status));\n    encoder.field('content-length', '0');\n    for (const [name, value] of lines)",
      ],
    ],
  ]),
];
