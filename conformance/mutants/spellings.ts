/** A request understood otherwise where it is spelled, cut or framed otherwise: what `equivalence` is there for. */
import { type Mutant, mutantsOf } from './mutant.ts';

const SECTIONS = 'if (this.#section.length === 0)\n            this.#section.append(bytes, at, to);';

export const SPELLINGS: readonly Mutant[] = [
  ...mutantsOf('core/http1/head', [
    [
      'host-first',
      'knows Host as the first field alone',
      ["if (isNamed(text, from, 'host'))", "if (i === 0 && isNamed(text, from, 'host'))"],
    ],
    [
      'close-unread',
      'reads no content of a request that says close',
      [
        '        framing,\n',
        "        framing: isPersistent(spans.minor, control.connection) ? framing : { kind: 'none' },\n",
      ],
    ],
  ]),
  ...mutantsOf('core/http1/field-section', [
    [
      'colon-and-space',
      'takes the octet behind a colon for a space',
      [
        'while (at < lineStop && (bytes[at] === SP || bytes[at] === HTAB))\n            at++;',
        'if (bytes[at] !== CR)\n            at++;\n        while (at < lineStop && (bytes[at] === SP || bytes[at] === HTAB))\n            at++;',
      ],
    ],
    [
      'name-capital-last',
      'refuses a field name that ends with a capital',
      [
        'if (octet === COLON && at < base',
        'if (octet === COLON && bytes[at - 1] >= 0x41 && bytes[at - 1] <= 0x5a)\n            return this.#fail(this.#codes.nameOctet, at - 1);\n        if (octet === COLON && at < base',
      ],
    ],
  ]),
  ...mutantsOf('core/http1/framing', [
    [
      'length-octal',
      'takes a Content-Length that begins with 0 for an octal number',
      ['length = length * 10 + (unit - 0x30);', "length = length * (text[from] === '0' ? 8 : 10) + (unit - 0x30);"],
    ],
  ]),
  ...mutantsOf('core/http1/parser', [
    ['head-cut-lost', 'loses the beginning of a head that comes in pieces', [SECTIONS, '']],
    [
      'content-apart-lost',
      'takes content only from the segment that has the head',
      [
        'const to = Math.min(bytes.length, at + this.#contentLeft);\n        this.#contentLeft -= to - at;\n        events.push(',
        'const to = Math.min(bytes.length, at + this.#contentLeft);\n        this.#contentLeft -= to - at;\n        if (at > 0)\n            events.push(',
      ],
    ],
    [
      'chunk-first-alone',
      'takes the data of the first chunk for all content',
      [
        'this.#chunk.takeData(to - at);\n            events.push(',
        'const isFirst = this.#chunk.contentBytes === this.#chunk.dataBytes;\n            this.#chunk.takeData(to - at);\n            if (isFirst)\n                events.push(',
      ],
    ],
  ]),
  ...mutantsOf('core/http1/chunked', [
    [
      'chunk-size-cut',
      'forgets the beginning of a chunk-size that comes in pieces',
      [
        'scan(bytes, at, end) {\n',
        'scan(bytes, at, end) {\n        if (at === 0 && this.#state === SIZE)\n            this.#size = 0;\n',
      ],
    ],
  ]),
  ...mutantsOf('core/semantics/target', [
    [
      'scheme-case',
      'knows schemes in lower case only',
      ['const SCHEME = /^[A-Za-z][A-Za-z0-9+\\-.]*:/;', 'const SCHEME = /^[a-z][a-z0-9+\\-.]*:/;'],
    ],
  ]),
  ...mutantsOf('core/server/reference', [
    [
      'cookie-last',
      'takes Cookie for the last field',
      [
        'fields: [...request.fields],',
        "fields: [...request.fields].slice(0, 1 + ([...request.fields].findIndex(([name]) => name.toLowerCase() === 'cookie') >>> 0)),",
      ],
    ],
    [
      'list-last-line',
      'knows the last of several lines of one name alone',
      ['fields: [...request.fields],', 'fields: [...new Map(request.fields)],'],
    ],
  ]),
  ...mutantsOf('core/http2/frame/reader', [
    [
      'frame-cut-lost',
      'loses the beginning of a frame that comes in pieces',
      [
        'this.#held.set(bytes.subarray(at, at + taken), this.#heldBytes);',
        'this.#held.set(bytes.subarray(at, at + taken), this.#heldBytes > HEAD_BYTES ? HEAD_BYTES : this.#heldBytes);',
      ],
    ],
  ]),
  ...mutantsOf('core/http2/receiver', [
    [
      'content-of-latest',
      'gives content to the stream that came last',
      [
        'const stream = this.#context.streams.get(frame.streamId);\n        if (stream === undefined) {\n            this.#context.giveConnection(length);',
        'const stream = this.#context.streams.get(this.#context.streams.lastId) ?? this.#context.streams.get(frame.streamId);\n        if (stream === undefined) {\n            this.#context.giveConnection(length);',
      ],
    ],
    [
      'data-first-alone',
      'takes the first DATA frame for all content',
      [
        "if (stream.state === 'half-closed-local')\n            return this.#context.discard(stream);\n        this.#context.tell(",
        "if (stream.state === 'half-closed-local')\n            return this.#context.discard(stream);\n        if (stream.receivedBytes === content.length)\n            this.#context.tell(",
      ],
    ],
    [
      'data-apart-lost',
      'takes no content that begins a segment',
      [
        "if (stream.state === 'half-closed-local')\n            return this.#context.discard(stream);\n        this.#context.tell(",
        "if (stream.state === 'half-closed-local')\n            return this.#context.discard(stream);\n        if (at > 9)\n            this.#context.tell(",
      ],
    ],
    [
      'data-end-empty',
      'does not see END_STREAM on an empty DATA frame',
      [
        'if (isEnd && this.#context.streams.get(stream.id) === stream)',
        'if (isEnd && contentBytes > 0 && this.#context.streams.get(stream.id) === stream)',
      ],
    ],
    [
      'h2-length-refused',
      'refuses a content-length, right or wrong',
      [
        'if (contentLength !== undefined && contentLength !== stream.receivedBytes) {',
        'if (contentLength !== undefined) {',
      ],
    ],
    ['h2-trailers-refused', 'refuses trailers', ['if (!block.isEndStream)', 'if (block.isEndStream)']],
  ]),
  ...mutantsOf('core/http2/request', [
    [
      'method-first',
      'wants :method in front of all other pseudo-fields',
      [
        "case ':path':\n                this.path = value;",
        "case ':path':\n                if (this.method === undefined)\n                    return 'H2_PSEUDO_LATE';\n                this.path = value;",
      ],
    ],
    [
      'authority-alone',
      'knows no Host over HTTP/2',
      ['const text = authority ?? hostField;', 'const text = authority;'],
    ],
    [
      'host-beside',
      'refuses Host beside :authority',
      [
        'if (authority !== undefined && hostField !== undefined && authority.toLowerCase() !== hostField.toLowerCase()) {',
        'if (authority !== undefined && hostField !== undefined) {',
      ],
    ],
  ]),
  ...mutantsOf('core/hpack/decoder', [
    [
      'huffman-letter',
      'is wrong about one letter of the Huffman code',
      ['this.#text = latin1(scratch, 0, length);', "this.#text = latin1(scratch, 0, length).replaceAll('x', 'X');"],
    ],
    [
      'plain-prefix',
      'is wrong about the prefix of literals that are not indexed',
      ['return this.#readLiteral(bytes, at, 4);', 'return this.#readLiteral(bytes, at, 5);'],
    ],
    [
      'literal-letter',
      'is wrong about one letter of literals',
      ['this.#text = latin1(bytes, from, to);', "this.#text = latin1(bytes, from, to).replaceAll('x', 'X');"],
    ],
    [
      'static-name',
      'is off by one in the static names of literals',
      [
        'const named = this.#fieldAt(this.#integer.value, at);',
        'const named = this.#fieldAt(Math.max(1, this.#integer.value - 1), at);',
      ],
    ],
  ]),
];
