/**
 * Ten bugs of rising difficulty, as patches of the built core. Each must apply exactly once: where the text is no longer there
 * the bug is to be planted anew, not skipped.
 */

export interface PlantedBug {
  readonly name: string;
  /** What is wrong, in a few words. */
  readonly what: string;
  /** The fuzz target that is to find it. */
  readonly target: string;
  /** Module of the built tree. */
  readonly file: string;
  readonly before: string;
  readonly after: string;
}

export const PLANTED_BUGS: readonly PlantedBug[] = [
  {
    name: 'magic-token',
    what: 'a method that is compared with a word crashes',
    target: 'http1-request',
    file: 'core/http1/head.js',
    before: 'const target = parseTarget(method, rawTarget);',
    after: "if (method === 'BREW') throw new TypeError('no coffee'); const target = parseTarget(method, rawTarget);",
  },
  {
    name: 'buffer-edge',
    what: 'the last octet of a chunk line that came in pieces is missing',
    target: 'http1-request',
    file: 'core/http1/parser.js',
    before: 'this.#section.append(bytes, at, to + 1);',
    after: 'this.#section.append(bytes, at, to);',
  },
  {
    name: 'length-overflow',
    what: 'a Content-Length wraps at 32 bits',
    target: 'http1-request',
    file: 'core/http1/framing.js',
    before: 'length = length * 10 + (unit - 0x30);',
    after: 'length = (length * 10 + (unit - 0x30)) >>> 0;',
  },
  {
    name: 'extension-state',
    what: 'a quoted pair in a chunk extension ends the string',
    target: 'http1-request',
    file: 'core/http1/chunked.js',
    before: 'if (QUOTED_PAIR[octet] === 1)\n                    this.#state = EXT_QUOTED;',
    after: 'if (QUOTED_PAIR[octet] === 1)\n                    this.#state = EXT_VALUE_END;',
  },
  {
    name: 'hpack-eviction',
    what: 'an eviction leaves one octet too many',
    target: 'hpack-decode',
    file: 'core/hpack/dynamic-table.js',
    before: 'while (this.#size > size && this.#length > 0) {',
    after: 'while (this.#size > size + 1 && this.#length > 0) {',
  },
  {
    name: 'integer-prefix',
    what: 'an integer takes a fifth octet, and overflows',
    target: 'hpack-decode',
    file: 'core/hpack/integer.js',
    before: 'const MAX_CONTINUATION = 4;',
    after: 'const MAX_CONTINUATION = 5;',
  },
  {
    name: 'stream-state',
    what: 'HEADERS, RST_STREAM, WINDOW_UPDATE and DATA, in this order, are forgiven',
    target: 'http2-connection',
    file: 'core/http2/receiver.js',
    before:
      'const stream = this.#context.streams.get(streamId);\n        if (stream === undefined)\n            return;',
    after:
      "const stream = this.#context.streams.get(streamId);\n        if (stream === undefined)\n            return this.#context.streams.close(streamId, 'own-reset');",
  },
  {
    name: 'flow-control',
    what: 'padded DATA leaks one octet of the window',
    target: 'http2-connection',
    file: 'core/http2/receiver.js',
    before: 'this.#context.giveBack(stream, length - contentBytes);',
    after: 'this.#context.giveBack(stream, Math.max(0, length - contentBytes - 1));',
  },
  {
    name: 'trailer',
    what: "a request's trailers are those of the one before it",
    target: 'http1-request',
    file: 'core/http1/parser.js',
    before: 'this.#trailers.reset();\n        this.#complete(',
    after: 'this.#complete(',
  },
  {
    name: 'superlinear',
    what: 'a field name that comes in pieces is read from its start for each',
    target: 'http1-request',
    file: 'core/http1/field-section.js',
    before:
      'const lineStop = Math.min(stop, base + this.#lineStart + this.#limits.lineBytes);\n        while (at < lineStop && TOKEN[',
    after:
      'const lineStop = Math.min(stop, base + this.#lineStart + this.#limits.lineBytes);\n        at = base + this.#lineStart;\n        while (at < lineStop && TOKEN[',
  },
];
