/** HTTP/1.1 read wrongly: chunks, fields, the request line. */
import { type Mutant, mutantsOf } from './mutant.ts';

const CHUNKED = mutantsOf('core/http1/chunked', [
  [
    'chunk-size-junk',
    'skips whatever is no hex digit in a chunk-size: signs, prefixes, underscores',
    [
      'const value = HEX_VALUE[octet] ?? 0xff;',
      'const value = HEX_VALUE[octet] ?? 0xff;\n        if (value === 0xff && octet > 0x20 && octet !== SEMICOLON) return;',
    ],
  ],
  [
    'chunk-size-decimal',
    'reads a chunk-size in base ten',
    ['this.#size * 16 + value', 'this.#size * 10 + (value % 10)'],
  ],
  [
    'chunk-size-wraps',
    'keeps 32 bits of a chunk-size',
    ['if (++this.#digits > this.#limits.chunkSizeDigits)', 'if (++this.#digits > 1_000)'],
    ['this.#size = this.#size * 16 + value;', 'this.#size = (this.#size * 16 + value) % 0x100000000;'],
  ],
  [
    'chunk-size-throws',
    'dies of a chunk-size of more than 16 digits',
    [
      'if (++this.#digits > this.#limits.chunkSizeDigits)',
      'if (++this.#digits > 16)\n            throw new RangeError("chunk-size");\n        if (this.#digits > this.#limits.chunkSizeDigits)',
    ],
  ],
  [
    'chunk-size-empty',
    'takes a chunk-size without digits for 0',
    ["return this.#fail('H1_CHUNK_SIZE_EMPTY', at);", ';'],
  ],
  [
    'chunk-size-space',
    'skips white space before a chunk-size',
    [
      'if (this.#digits === 0)\n',
      'if (this.#digits === 0 && (octet === SP || octet === HTAB))\n            return;\n        if (this.#digits === 0)\n',
    ],
  ],
  [
    'chunk-line-lf',
    'ends a chunk line with a bare LF',
    [
      '#step(octet, at) {\n',
      '#step(octet, at) {\n        if (octet === LF && this.#state < LINE_LF && this.#digits > 0)\n            return this.#endLine(at);\n',
    ],
  ],
  [
    'chunk-line-cr',
    'ends a chunk line with a bare CR',
    [
      "else\n                    this.#fail('H1_CHUNK_LINE_CR', at);",
      'else {\n                    this.#endLine(at);\n                    if (this.#state === DATA) this.dataBytes -= 1;\n                }',
    ],
  ],
  [
    'chunk-extension-any',
    'skips any octets in a chunk extension',
    [
      '#step(octet, at) {\n',
      '#step(octet, at) {\n        if (this.#state > SIZE_SPACE && this.#state < LINE_LF) {\n            if (octet === CR)\n                this.#state = LINE_LF;\n            return;\n        }\n',
    ],
  ],
  [
    'chunk-extension-refused',
    'refuses every chunk extension',
    [
      'if (octet === SEMICOLON)\n            this.#state = EXT_NAME_START;\n        else if (octet === SP || octet === HTAB)\n            this.#state = SIZE_SPACE;\n        else if (octet === CR)',
      'if (octet === CR)',
    ],
  ],
  [
    'chunk-extension-quoted-cr',
    'ends the line at a CR within a quoted-string',
    [
      'case EXT_QUOTED:\n',
      'case EXT_QUOTED:\n                if (octet === CR) {\n                    this.#state = LINE_LF;\n                    return;\n                }\n',
    ],
  ],
  [
    'chunk-extension-unbounded',
    'has no limit for chunk extensions',
    ['++this.#extensionBytes <= this.#limits.chunkExtensionBytes', '++this.#extensionBytes > 0'],
  ],
  [
    'chunk-data-end-any',
    'takes any two octets for the CRLF behind chunk-data',
    [
      "if (octet === CR)\n                    this.#state = DATA_LF;\n                else\n                    this.#fail('H1_CHUNK_DATA_END', at);",
      'this.#state = DATA_LF;',
    ],
    [
      "if (octet === LF)\n                    this.#state = SIZE;\n                else\n                    this.#fail('H1_CHUNK_DATA_END', at);",
      'this.#state = SIZE;',
    ],
  ],
  [
    'chunk-data-end-lf',
    'takes a bare LF for the CRLF behind chunk-data',
    [
      'if (octet === CR)\n                    this.#state = DATA_LF;\n                else\n',
      'if (octet === LF)\n                    this.#state = SIZE;\n                else if (octet === CR)\n                    this.#state = DATA_LF;\n                else\n',
    ],
  ],
  [
    'chunk-upper-hex',
    'knows no upper-case hex digits',
    [
      'const value = HEX_VALUE[octet] ?? 0xff;',
      'const value = octet >= 0x41 && octet <= 0x46 ? 0xff : (HEX_VALUE[octet] ?? 0xff);',
    ],
  ],
  [
    'chunk-last-one-zero',
    'takes only a single 0 for the last chunk',
    [
      'this.#state = this.#size === 0 ? LAST : DATA;',
      'this.#state = this.#size === 0 && this.#digits === 1 ? LAST : DATA;',
    ],
  ],
]);

const FIELDS = mutantsOf('core/http1/field-section', [
  [
    'fold-dropped',
    'drops a folded line',
    [
      'return this.#fail(this.#spanCount === 0 ? this.#codes.firstSpace : this.#codes.fold, at);',
      'while (bytes[at] !== LF) at++;\n            return at + 1;',
    ],
  ],
  [
    'fold-drops-field',
    'drops a field whose line is folded',
    [
      'return this.#fail(this.#spanCount === 0 ? this.#codes.firstSpace : this.#codes.fold, at);',
      'this.#spanCount -= 4;\n            while (bytes[at] !== LF) at++;\n            return at + 1;',
    ],
  ],
  [
    'first-line-space',
    'takes a field line that begins with white space as if it did not',
    ['return this.#fail(this.#spanCount === 0 ? this.#codes.firstSpace : this.#codes.fold, at);', 'return at + 1;'],
  ],
  [
    'field-name-space',
    'accepts white space between a field name and its colon',
    [
      'return this.#fail(this.#codes.nameSpace, at);',
      '{\n            this.#mark(at - base);\n            while (bytes[at] === SP || bytes[at] === HTAB) at++;\n            return this.#enter(VALUE_START, at);\n        }',
    ],
  ],
  [
    'field-name-any',
    'accepts any octet in a field name',
    [
      'while (at < lineStop && TOKEN[bytes[at] ?? 0] === 1)',
      'while (at < lineStop && (TOKEN[bytes[at] ?? 0] === 1 || ![SP, HTAB, COLON, CR, LF].includes(bytes[at])))',
    ],
  ],
  [
    'field-value-any',
    'accepts any octet in a field value, NUL too',
    [
      'while (at < lineStop && FIELD_VALUE[bytes[at] ?? 0] === 1)',
      'while (at < lineStop && bytes[at] !== CR && bytes[at] !== LF)',
    ],
  ],
  [
    'field-control-dropped',
    'drops a field that holds a control character',
    [
      'return FIELD_VALUE[octet] === 1 ? this.#fail(this.#codes.lineBytes, at) : this.#fail(this.#codes.valueOctet, at);',
      'while (bytes[at] !== LF) at++;\n        this.#spanCount -= 3;\n        return this.#enter(LINE_START, at);',
    ],
  ],
  [
    'field-value-ascii',
    'refuses obs-text',
    [
      'while (at < lineStop && FIELD_VALUE[bytes[at] ?? 0] === 1)',
      'while (at < lineStop && FIELD_VALUE[bytes[at] ?? 0] === 1 && (bytes[at] ?? 0) < 0x80)',
    ],
    ['return FIELD_VALUE[octet] === 1 ? ', 'return FIELD_VALUE[octet] === 1 && octet < 0x80 ? '],
  ],
  [
    'field-line-cr',
    'ends a field line with a bare CR',
    [': this.#fail(this.#codes.cr, at);', ': this.#enter(LINE_START, at - 1);'],
  ],
  [
    'field-no-colon',
    'skips a field line without a colon',
    [
      'return this.#fail(this.#codes.noColon, at);',
      '{\n            this.#spanCount -= 1;\n            return this.#enter(LINE_CR, at);\n        }',
    ],
  ],
  ['field-name-empty', 'accepts an empty field name', ['return this.#fail(this.#codes.nameEmpty, at);', ';']],
  [
    'field-value-untrimmed',
    'keeps the white space behind a field value',
    ['while (at > from && (bytes[at - 1] === SP || bytes[at - 1] === HTAB))\n            at--;', ''],
  ],
  [
    'field-value-space',
    'keeps the white space before a field value',
    [
      'while (at < lineStop && (bytes[at] === SP || bytes[at] === HTAB))\n            at++;',
      'if (at < lineStop && bytes[at] === SP)\n            at++;',
    ],
  ],
  ['head-end-cr', 'ends a head with a bare CR', ['this.#fail(this.#codes.endCr, at);', 'this.#enter(DONE, at - 1);']],
]);

const LINE = mutantsOf('core/http1/request-line', [
  [
    'request-line-cr',
    'ends a request line with a bare CR',
    [
      "if (bytes[at] !== LF)\n                        this.#fail('H1_REQUEST_LINE_CR', at);",
      'if (bytes[at] !== LF)\n                        at = this.#finish(at - 1);',
    ],
  ],
  [
    'method-any',
    'accepts any octet in a method',
    [
      'while (at < stop && TOKEN[bytes[at] ?? 0] === 1)',
      'while (at < stop && bytes[at] !== SP && bytes[at] !== CR && bytes[at] !== LF)',
    ],
  ],
  [
    'target-any',
    'accepts any octet in a target',
    [
      'while (at < stop && TARGET[bytes[at] ?? 0] === 1)',
      'while (at < stop && ![SP, CR, LF].includes(bytes[at] ?? 0))',
    ],
  ],
  [
    'target-unbounded',
    'cuts no target that is too long',
    ['const cap = base + this.targetStart + this.#limits.targetBytes;', 'const cap = end + 1;'],
  ],
  [
    'version-garbage',
    'accepts any eight octets as the version',
    [
      'if (!this.#takeVersionOctet(at - start, bytes[at] ?? 0)) {',
      'if (!this.#takeVersionOctet(at - start, bytes[at] ?? 0) && at < 0) {',
    ],
    ['if (this.major !== 1)', 'if (this.major > 9)'],
  ],
  [
    'version-case',
    'takes the name of the protocol in any case',
    ['return octet === VERSION_PREFIX[index];', 'return (octet & ~0x20) === (VERSION_PREFIX[index] & ~0x20);'],
  ],
  ['version-major', 'serves every major version', ['if (this.major !== 1)', 'if (this.major === 0 && this.minor > 9)']],
  [
    'version-minor',
    'serves no minor version above 1',
    [
      'this.minor = octet - 0x30;',
      'this.minor = octet - 0x30;\n        if (index !== 5 && this.minor > 1)\n            return false;',
    ],
  ],
]);

const PARSER = mutantsOf('core/http1/parser', [
  [
    'empty-lines-none',
    'refuses an empty line before a request',
    ['const isTooMany = this.#emptyLines > this.#limits.emptyLines;', 'const isTooMany = true;'],
  ],
  [
    'empty-lines-cr',
    'takes a bare CR for an empty line',
    [
      "if (octet !== LF)\n                return this.#refuse(events, octetFailure('H1_EMPTY_LINE_CR', at), section, at);",
      '',
    ],
  ],
  [
    'length-ignored',
    'ignores Content-Length',
    ['this.#contentLeft = length;', 'this.#contentLeft = 0;'],
    ["length > 0 ? 'length' : 'no-content'", "'no-content'"],
    ['if (!isChunked && length === 0)', 'if (!isChunked)'],
  ],
  [
    'length-short',
    'ends content one octet early',
    ['this.#contentLeft = length;', 'this.#contentLeft = Math.max(1, length - 1);'],
  ],
  [
    'trailers-unread',
    'takes the last chunk for the end, whatever follows',
    [
      "this.#sectionOffset = this.#offset + to - at;\n            this.#enter('last');",
      "this.#enter('last');\n            this.#complete(events, FieldLines.NONE, to - at);",
    ],
  ],
]);

export const HTTP1_PARSING: readonly Mutant[] = [...CHUNKED, ...FIELDS, ...LINE, ...PARSER];
