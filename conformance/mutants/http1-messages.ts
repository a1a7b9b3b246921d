/** HTTP/1.1 understood or answered wrongly: framing, Host, targets, persistence, responses. */
import { type Mutant, mutantsOf } from './mutant.ts';

const HEAD = mutantsOf('core/http1/head', [
  [
    'method-case',
    'takes methods in any case',
    ['const method = text.slice(0, spans.methodEnd);', 'const method = text.slice(0, spans.methodEnd).toUpperCase();'],
  ],
  [
    'host-duplicate',
    'takes the first of several Host fields',
    ["return octetFailure('H1_HOST_DUPLICATE', second.from);", ';'],
  ],
  [
    'host-missing',
    'serves an HTTP/1.1 request without Host',
    ["return minor > 0 ? sectionFailure('H1_HOST_MISSING', end) : own;", 'return own;'],
  ],
  [
    'host-required',
    'wants Host in HTTP/1.0 too',
    [
      "return minor > 0 ? sectionFailure('H1_HOST_MISSING', end) : own;",
      "return sectionFailure('H1_HOST_MISSING', end);",
    ],
  ],
  [
    'host-any',
    'serves whatever Host holds',
    ["return octetOrEnd('H1_HOST_OCTET', first.from + parsed.at, first.to);", 'return own;'],
  ],
  ['host-before-target', 'believes Host rather than the absolute-form', ['return own ?? parsed;', 'return parsed;']],
  ['close-ignored', 'ignores Connection: close', ["if (options.includes('close'))", "if (options.includes('closed'))"]],
  [
    'close-alone',
    'knows close only where it stands alone',
    ['const options = membersOf(connection);', 'const options = [connection.toLowerCase()];'],
  ],
  [
    'keep-alive-always',
    'keeps an HTTP/1.0 connection that nobody asked to keep',
    ['if (connection === undefined)\n        return minor > 0;', 'if (connection === undefined)\n        return true;'],
  ],
  [
    'expect-old',
    'takes Expect from HTTP/1.0',
    [
      "return expect === undefined || minor === 0 ? 'none' : parseExpectation(expect);",
      "return expect === undefined ? 'none' : parseExpectation(expect);",
    ],
  ],
  [
    'field-names-case',
    'knows field names in lower case only',
    [
      'if ((text.charCodeAt(from + i) | 0x20) !== name.charCodeAt(i))',
      'if (text.charCodeAt(from + i) !== (i === 0 ? name.charCodeAt(i) & ~0x20 : name.charCodeAt(i)))',
    ],
  ],
]);

const FRAMING = mutantsOf('core/http1/framing', [
  ['coding-old', 'takes Transfer-Encoding from HTTP/1.0', ["return sectionFailure('H1_CODING_VERSION', end);", ';']],
  [
    'coding-and-length',
    'prefers Transfer-Encoding where Content-Length stands beside it',
    ["return sectionFailure('H1_CODING_AND_LENGTH', end);", ';'],
  ],
  [
    'length-and-coding',
    'prefers Content-Length where Transfer-Encoding stands beside it',
    [
      "return sectionFailure('H1_CODING_AND_LENGTH', end);",
      "{\n            const value = parseLength(text, length);\n            return typeof value === 'number' ? { kind: 'length', length: value } : value;\n        }",
    ],
  ],
  [
    'length-first',
    'takes the first of several Content-Length fields',
    ["return octetFailure('H1_LENGTH_REPEATED', second.from);", ';'],
  ],
  [
    'length-lenient',
    'reads Content-Length as parseInt() would',
    [
      "if (unit < 0x30 || unit > 0x39)\n            return octetFailure(unit === COMMA ? 'H1_LENGTH_LIST' : 'H1_LENGTH_OCTET', at);",
      'if (unit === 0x2b || unit === 0x2d || unit === 0x30)\n            continue;\n        if (unit < 0x30 || unit > 0x39)\n            break;',
    ],
  ],
  [
    'length-empty',
    'takes an empty Content-Length for 0',
    ["return sectionFailure('H1_LENGTH_EMPTY', from);", 'return 0;'],
  ],
  [
    'length-wraps',
    'keeps 32 bits of a Content-Length',
    [
      "if (length > Number.MAX_SAFE_INTEGER)\n            return octetFailure('H1_LENGTH_OVERFLOW', at);",
      'length %= 0x100000000;',
    ],
  ],
  [
    'coding-not-final',
    'takes chunked wherever it stands',
    [
      "return octetFailure('H1_CODING_NOT_FINAL', last.at);",
      'return codings.some(({ name }) => name === "chunked") ? undefined : octetFailure("H1_CODING_NOT_FINAL", last.at);',
    ],
  ],
  [
    'coding-not-final-length',
    'takes a request without chunked as its last coding for one without content',
    ["return octetFailure('H1_CODING_NOT_FINAL', last.at);", 'return NO_CONTENT;'],
  ],
  [
    'coding-unknown',
    'ignores codings that it does not know',
    ["return octetFailure('H1_CODING_UNKNOWN', first.at);", 'return undefined;'],
  ],
  ['coding-twice', 'takes chunked twice', ["return octetFailure('H1_CODING_TWICE', last.at);", 'return undefined;']],
  [
    'coding-loose',
    'takes whatever holds "chunked" for it',
    [
      'return parseCodings(text, codings) ?? CHUNKED;',
      'return codings.some(({ from, to }) => text.slice(from, to).includes("chunked")) ? CHUNKED : NO_CONTENT;',
    ],
  ],
  [
    'coding-parameter',
    'ignores parameters of a transfer coding',
    ["return octetFailure('H1_CODING_PARAMETER', at);", '{\n            at = to;\n            continue;\n        }'],
  ],
  [
    'coding-syntax',
    'ignores what stands behind a transfer coding',
    ["return octetFailure('H1_CODING_SYNTAX', at);", '{\n            at = to;\n            continue;\n        }'],
  ],
  [
    'coding-empty',
    'takes an empty Transfer-Encoding for none',
    ["return sectionFailure('H1_CODING_EMPTY', spans[0]?.from ?? 0);", 'return NO_CONTENT;'],
  ],
  [
    'coding-case',
    'knows chunked in lower case only',
    ['name: text.slice(start, at).toLowerCase(), at: start', 'name: text.slice(start, at), at: start'],
  ],
]);

const CONNECTION = mutantsOf('core/http1/connection', [
  [
    'unread-content-parsed',
    'reads what is left of an answered request as the next one',
    [
      "if (arriving?.writer.state === 'done')\n            arriving.progress = 'discarded';",
      "if (arriving?.writer.state === 'done') {\n            this.#arriving = undefined;\n            this.#parser = new Http1RequestParser({ limits: this.#limits });\n        }",
    ],
  ],
  [
    'reads-behind-close',
    'reads on behind a response that says close',
    ['if (isLast || (this.#isDraining && this.#exchanges.length === 0))\n            this.#stopReading();', ''],
  ],
  ['continue-never', 'never sends 100 (Continue)', ['exchange.writer.interim(100);', '']],
  [
    'continue-always',
    'sends 100 (Continue) unasked',
    [
      "if (!exchange.awaitsContinue || exchange.writer.state !== 'waiting')\n            return;",
      "if (exchange.writer.state !== 'waiting')\n            return;",
    ],
  ],
  [
    'refusal-keeps',
    'keeps the connection after a refusal',
    ["exchange.writer.whole(head, 'close', ", "exchange.writer.whole(head, 'keep', "],
  ],
  [
    'refusal-silent',
    'closes without an answer where it refuses',
    [
      "if (broken?.progress === 'discarded' || status === 'close')",
      "if (broken?.progress === 'discarded' || status !== 0)",
    ],
  ],
  [
    'pipelined-reversed',
    'answers pipelined requests as they are ready',
    [
      'next.writer.output = this.#output;',
      'next.writer.output = this.#output;\n                next.writer.output.text("");',
    ],
    [
      'const output = this.#exchanges.length === 0 ? this.#output : undefined;\n        const exchange = openExchange(this.#lastId, head, isLast, this.#date, output);',
      'const output = this.#output;\n        const exchange = openExchange(this.#lastId, head, isLast, this.#date, output);',
    ],
  ],
  [
    'pipelined-dropped',
    'loses what was pipelined behind a request',
    ['this.#backlog = isOwn ? left : this.#copied(left);', 'this.#backlog = EMPTY;'],
  ],
  [
    'refusal-status',
    'refuses everything with 500',
    ['this.#answer(exchange, status);', 'this.#answer(exchange, 500);'],
  ],
  ['refusal-ok', 'answers 200 to what it refuses', ['this.#answer(exchange, status);', 'this.#answer(exchange, 200);']],
  [
    'one-request',
    'closes behind every response',
    ['return isUnread && leavesTooMuch(', 'return true || isUnread && leavesTooMuch('],
  ],
]);

const WRITER = mutantsOf('core/http1/response-writer', [
  [
    'head-with-content',
    'sends content to HEAD',
    ["if (this.#context.method === 'HEAD')\n            return 'discarded';", ''],
    [
      'const isEmpty = isContentless(head.status, this.#context.method);',
      "const isEmpty = isContentless(head.status, 'GET');",
    ],
    ['if (isContentless(status, this.#context.method))', "if (isContentless(status, 'GET'))"],
  ],
  [
    'chunked-to-old',
    'sends chunks to HTTP/1.0',
    [
      'if (!isEmpty)\n            this.output.bytes(content);',
      'if (!isEmpty)\n            this.output.bytes(content);\n        if (!isEmpty && this.#context.minor === 0)\n            this.output.text("\\r\\n0\\r\\n\\r\\n");',
    ],
    [
      'this.#writeHead(head, persistence, coding, hasLength ? content.length : undefined);',
      "this.#writeHead(head, persistence, !isEmpty && this.#context.minor === 0 ? 'chunked' : coding, hasLength ? content.length : undefined);\n        if (!isEmpty && this.#context.minor === 0)\n            this.output.text(`${content.length.toString(16)}\\r\\n`);",
    ],
  ],
  [
    'length-of-whole-off',
    'names a Content-Length that is one too many',
    ['hasLength ? content.length : undefined', 'hasLength ? content.length + 1 : undefined'],
  ],
  [
    'not-modified-content',
    'sends content with 304',
    [
      'const isEmpty = isContentless(head.status, this.#context.method);',
      'const isEmpty = head.status !== 304 && isContentless(head.status, this.#context.method);\n        if (head.status === 304)\n            content = new Uint8Array(5);',
    ],
  ],
]);

const RESPONSE_HEAD = mutantsOf('core/http1/response-head', [
  [
    'no-date',
    'sends no Date',
    ['const dateLine = date === undefined || hasDate(lines)', "const dateLine = date !== 'never' || hasDate(lines)"],
  ],
  [
    'date-wrong',
    'sends a Date of another form',
    ['`Date: ${date}\\r\\n`', '`Date: ${new Date(date).toISOString()}\\r\\n`'],
  ],
  [
    'status-line-old',
    'answers as HTTP/1.0',
    ['return `HTTP/1.1 ${status} ${reason}\\r\\n', 'return `HTTP/1.0 ${status} ${reason}\\r\\n'],
  ],
  [
    'status-line-lf',
    'ends the status line with a bare LF',
    ['return `HTTP/1.1 ${status} ${reason}\\r\\n', 'return `HTTP/1.1 ${status} ${reason}\\n'],
  ],
  [
    'status-line-space',
    'leaves out the space behind the status',
    ['return `HTTP/1.1 ${status} ${reason}\\r\\n', 'return `HTTP/1.1 ${status}\\r\\n'],
  ],
  ['close-unsaid', 'closes without saying so', ["return 'Connection: close\\r\\n';", "return '';"]],
  [
    'framing-unsaid',
    'names no Content-Length',
    ["return length === undefined ? '' : `Content-Length: ${length}\\r\\n`;", "return '';"],
  ],
  [
    'framing-twice',
    'names Content-Length beside chunked',
    [
      "const length = coding === 'chunked' || forbidsContentLength(status) ? undefined : contentLength;",
      'const length = contentLength ?? 7;',
    ],
    [
      "return 'Transfer-Encoding: chunked\\r\\n';",
      'return `Transfer-Encoding: chunked\\r\\nContent-Length: ${length}\\r\\n`;',
    ],
  ],
]);

const TIMERS = mutantsOf('core/http1/timers', []);

export const HTTP1_MESSAGES: readonly Mutant[] = [
  ...HEAD,
  ...FRAMING,
  ...CONNECTION,
  ...WRITER,
  ...RESPONSE_HEAD,
  ...TIMERS,
];
