/** HTTP/2 field sections understood wrongly: pseudo-header fields, field names and values, HPACK. */
import { type Mutant, mutantsOf } from './mutant.ts';

const REQUEST = mutantsOf('core/http2/request', [
  ['pseudo-late', 'takes pseudo-header fields behind others', ["return 'H2_PSEUDO_LATE';", ';']],
  [
    'pseudo-unknown',
    'ignores pseudo-header fields that it does not know',
    ["return 'H2_PSEUDO_UNKNOWN';", 'return undefined;'],
  ],
  ['pseudo-twice', 'takes the last of several pseudo-header fields of one name', ["return 'H2_PSEUDO_TWICE';", ';']],
  [
    'pseudo-trailer',
    'takes pseudo-header fields in trailers',
    ["return { code: 'H2_PSEUDO_TRAILER', field, index };", 'continue;'],
  ],
  [
    'trailer-field-any',
    'takes any field in trailers',
    [
      'const code = checkField(field);\n        if (code !== undefined)\n            return { code, field, index };',
      '',
    ],
  ],
  [
    'cookie-apart',
    'leaves cookie crumbs apart',
    [
      'this.cookie = this.cookie === undefined ? value : `${this.cookie}; ${value}`;\n                return undefined;',
      'break;',
    ],
  ],
  ['cookie-comma', 'joins cookie crumbs with a comma', ['`${this.cookie}; ${value}`', '`${this.cookie}, ${value}`']],
  [
    'h2-length-any',
    'takes whatever Content-Length holds',
    ["return 'H2_LENGTH';\n", ';\n'],
    ['this.length = Number(value);', 'this.length = Number.parseInt(value, 10) || undefined;'],
  ],
  [
    'h2-host-mismatch',
    'believes :authority where Host says something else',
    ["return { code: 'H2_HOST_MISMATCH', name: 'host' };", ';'],
  ],
  [
    'h2-host-wins',
    'believes Host rather than :authority',
    ['const text = authority ?? hostField;', 'const text = hostField ?? authority;'],
    ["return { code: 'H2_HOST_MISMATCH', name: 'host' };", ';'],
  ],
  [
    'name-upper',
    'takes field names in upper case',
    ["if (name === '' || !isAll(name, LOWER_TOKEN))", "if (name === '' || !isAll(name, TOKEN))"],
  ],
  [
    'name-any',
    'takes any octet in a field name',
    ["if (name === '' || !isAll(name, LOWER_TOKEN))\n        return 'H2_FIELD_NAME';", ''],
  ],
  [
    'value-any',
    'takes any octet in a field value',
    ['if (!isAll(value, FIELD_VALUE) || hasEdgeSpace(value))', 'if (hasEdgeSpace(value))'],
  ],
  [
    'value-edge-space',
    'takes white space at the ends of a field value',
    ['if (!isAll(value, FIELD_VALUE) || hasEdgeSpace(value))', 'if (!isAll(value, FIELD_VALUE))'],
  ],
  [
    'value-ascii',
    'refuses obs-text over HTTP/2',
    [
      'if (!isAll(value, FIELD_VALUE) || hasEdgeSpace(value))',
      'if (!isAll(value, FIELD_VALUE) || hasEdgeSpace(value) || /[^\\0-\\x7f]/.test(value))',
    ],
  ],
  ['connection-field', 'takes fields that are for one connection', ["return 'H2_FIELD_CONNECTION';", ';']],
  ['te-any', 'takes any TE', ["return 'H2_FIELD_TE';", ';']],
  ['te-none', 'takes no TE', ["if (name === 'te' && value.toLowerCase() !== 'trailers')", "if (name === 'te')"]],
  [
    'no-method',
    'serves a request without :method',
    [
      "return { code: 'H2_METHOD_MISSING', name: ':method' };",
      "return parseControl({ ...draft, method: 'GET' }, allowsProtocol);",
    ],
  ],
  ['h2-method-any', 'takes any octet in :method', ["return { code: 'H2_METHOD', name: ':method' };", ';']],
  [
    'no-scheme',
    'serves a request without :scheme',
    [
      "return { code: 'H2_SCHEME_MISSING', name: ':scheme' };",
      'return parseControl({ ...draft, scheme: "http", host: draft.host }, allowsProtocol);',
    ],
  ],
  ['scheme-any', 'takes any octet in :scheme', ["return { code: 'H2_SCHEME', name: ':scheme' };", ';']],
  [
    'no-path',
    'serves a request without :path',
    [
      "return { code: 'H2_PATH_MISSING', name: ':path' };",
      'return parseControl({ ...draft, path: "/", host: draft.host }, allowsProtocol);',
    ],
  ],
  [
    'path-any',
    'takes any :path',
    [
      "return { code: 'H2_PATH', name: ':path' };",
      'return parseControl({ ...draft, path: "/", host: draft.host }, allowsProtocol);',
    ],
  ],
  [
    'no-authority',
    'serves a request without :authority and Host',
    ["return { code: 'H2_AUTHORITY_MISSING', name: ':authority' };", "return { name: 'localhost', port: undefined };"],
  ],
  [
    'authority-any',
    'takes any :authority',
    [
      "return 'failure' in host ? { code: 'H2_AUTHORITY', name: authority === undefined ? 'host' : ':authority' } : host;",
      "return 'failure' in host ? { name: 'localhost', port: undefined } : host;",
    ],
  ],
  [
    'connect-shape',
    'takes CONNECT of any shape',
    [
      "if (scheme !== undefined || path !== undefined || authority === undefined)\n        return { code: 'H2_CONNECT_SHAPE', name: ':method' };",
      '',
    ],
  ],
  [
    'protocol-any',
    'takes :protocol that it has not offered',
    ["return { code: 'H2_PROTOCOL_SHAPE', name: ':protocol' };", ';'],
  ],
]);

const HPACK = [
  ...mutantsOf('core/hpack/decoder', [
    [
      'size-update-value',
      'takes a table larger than it allows',
      ["return { code: 'HPACK_SIZE_UPDATE_VALUE', at };", ';'],
      ['if (least > this.#leastBytes)', 'if (least < 0)'],
    ],
    [
      'size-update-late',
      'takes a size update behind a field',
      [
        "return { code: 'HPACK_SIZE_UPDATE_PLACE', at };",
        '{\n            this.#readInteger(bytes, at, 5);\n            return new HeaderField("x-size", "");\n        }',
      ],
    ],
    [
      'size-update-late-malformed',
      'takes a size update behind a field for a field without a name',
      [
        "return { code: 'HPACK_SIZE_UPDATE_PLACE', at };",
        '{\n            this.#readInteger(bytes, at, 5);\n            return new HeaderField("", "");\n        }',
      ],
    ],
    [
      'size-update-refused',
      'refuses size updates',
      ['if (this.#integer.value > this.#maxBytes)', 'if (this.#integer.value >= 0)'],
    ],
    [
      'index-zero',
      'takes index 0',
      ["return { code: 'HPACK_INDEX_ZERO', at };", 'return new HeaderField("x-zero", "");'],
    ],
    [
      'index-range',
      'takes an index behind the tables',
      ["return field ?? { code: 'HPACK_INDEX_RANGE', at };", 'return field ?? new HeaderField("x-none", "");'],
    ],
    [
      'string-cut',
      'takes a string that its block cuts short',
      [
        "return { code: 'HPACK_STRING_CUT', at };",
        '{\n            this.#integer.next = this.#end;\n            this.#text = latin1(bytes, from, this.#end);\n            return undefined;\n        }',
      ],
    ],
    [
      'name-cut',
      'takes a name that its block cuts short',
      [
        "return { code: 'HPACK_STRING_CUT', at };",
        '{\n            this.#integer.next = this.#end;\n            this.#text = latin1(bytes, from, this.#end);\n            return undefined;\n        }',
      ],
      [
        "if (at >= this.#end)\n            return { code: 'HPACK_CUT', at };",
        "if (at >= this.#end) {\n            this.#text = '';\n            this.#integer.next = at;\n            return undefined;\n        }",
      ],
    ],
    [
      'block-cut',
      'takes a block that ends within a field',
      [
        "if (at >= this.#end)\n            return { code: 'HPACK_CUT', at };",
        "if (at >= this.#end) {\n            this.#text = '';\n            this.#integer.next = at;\n            return undefined;\n        }",
      ],
    ],
    [
      'field-cut-dropped',
      'drops a field that its block cuts short',
      [
        "if ('code' in field)\n                return field;",
        "if ('code' in field) {\n                if (field.code !== 'HPACK_CUT')\n                    return field;\n                break;\n            }",
      ],
    ],
    [
      'field-endless-dropped',
      'drops what stands behind an integer that is too long',
      [
        "if ('code' in field)\n                return field;",
        "if ('code' in field) {\n                if (field.code !== 'HPACK_INTEGER_OVERFLOW')\n                    return field;\n                break;\n            }",
      ],
    ],
    [
      'huffman-failure',
      'takes any Huffman string',
      ["if (typeof length !== 'number') {", "if (typeof length !== 'number' && bytes.length === 0) {"],
      [
        'this.#text = latin1(scratch, 0, length);',
        "this.#text = typeof length === 'number' ? latin1(scratch, 0, length) : '';",
      ],
    ],
    [
      'literal-not-added',
      'adds nothing to its table',
      ["if (!('code' in field) && !this.#table.add(field))\n                this.#resizes += 1;", ''],
    ],
    [
      'plain-literal-added',
      'adds literals that are not to be added',
      [
        'return this.#readLiteral(bytes, at, 4);',
        "const plain = this.#readLiteral(bytes, at, 4);\n        if (!('code' in plain))\n            this.#table.add(plain);\n        return plain;",
      ],
    ],
    ['static-off-by-one', 'is off by one in the static table', ['STATIC_TABLE[index - 1]', 'STATIC_TABLE[index]']],
  ]),
  ...mutantsOf('core/hpack/integer', [
    [
      'integer-wraps-32',
      'keeps 32 bits of an integer',
      [
        'value += (octet & 0x7f) << shift;',
        'value = Number(BigInt.asUintN(32, BigInt(value) + (BigInt(octet & 0x7f) << BigInt(shift))));',
      ],
      ['if (shift >= MAX_CONTINUATION * 7)', 'if (shift >= 10_000)'],
    ],
    ['integer-cut', 'takes an integer that its block cuts short', ["return 'cut';", 'break;']],
    [
      'integer-throws',
      'dies of an integer that is too long',
      ["return 'overflow';", "throw new RangeError('integer');"],
    ],
  ]),
  ...mutantsOf('core/hpack/dynamic-table', [
    [
      'table-never-evicts',
      'evicts nothing',
      [
        'while (this.#size > size && this.#length > 0) {',
        'while (this.#size > size + 1_000_000 && this.#length > 0) {',
      ],
    ],
    [
      'table-evicts-more',
      'evicts one entry too many',
      ['this.#evictTo(this.#capacity - size);', 'this.#evictTo(this.#capacity - size - 1);'],
    ],
    [
      'table-order',
      'takes the oldest entry for the newest',
      [
        'return this.#ring[(this.#head - 1 - index) & (this.#ring.length - 1)];',
        'return this.#ring[(this.#head - this.#length + index) & (this.#ring.length - 1)];',
      ],
    ],
    [
      'table-too-large-kept',
      'keeps its table where an entry is larger than all of it',
      [
        'this.#evictTo(this.#capacity - size);\n        if (size > this.#capacity)\n            return false;',
        'if (size > this.#capacity)\n            return false;\n        this.#evictTo(this.#capacity - size);',
      ],
    ],
    [
      'table-resize-none',
      'ignores size updates',
      [
        'resize(capacity) {\n        this.#capacity = capacity;\n        this.#evictTo(capacity);',
        'resize(capacity) {',
      ],
    ],
  ]),
  ...mutantsOf('core/hpack/huffman', [
    ['huffman-eos', 'takes EOS for nothing', ["return { failure: 'eos', at };", 'return length;']],
    [
      'huffman-padding',
      'takes any padding',
      ["return IS_PADDING[state] === 1 ? length : { failure: 'padding', at: to - 1 };", 'return length;'],
    ],
    [
      'huffman-padding-none',
      'takes no padding',
      ['return IS_PADDING[state] === 1 ? length :', 'return state === 0 ? length :'],
    ],
  ]),
  ...mutantsOf('core/hpack/encoder', [
    [
      'encoder-no-size-update',
      'does not say that its table has shrunk',
      ['this.#pendingSizes = least < capacity ? [least, capacity] : [capacity];', ''],
    ],
    [
      'encoder-table-ignored',
      "ignores the size of its client's table",
      ['this.#table.resize(capacity);', ''],
      ['this.#pendingSizes = least < capacity ? [least, capacity] : [capacity];', ''],
    ],
    [
      'encoder-index-off',
      'is off by one in its table',
      [
        'return this.#indexed(STATIC_TABLE.length + 1 + this.#table.newest - serial);',
        'return this.#indexed(STATIC_TABLE.length + 2 + this.#table.newest - serial);',
      ],
    ],
    [
      'encoder-late-size-update',
      'sends a size update behind a field',
      [
        'this.#at = encodeInteger(size, 5, 0x20, this.#out, this.#at);',
        'this.#at = encodeInteger(8, 7, 0x80, this.#out, this.#at);\n            this.#at = encodeInteger(size, 5, 0x20, this.#out, this.#at);',
      ],
    ],
  ]),
];

export const HTTP2_FIELDS: readonly Mutant[] = [...REQUEST, ...HPACK];
