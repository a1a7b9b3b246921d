/** Octets that a parser accepts, and what must be found in each request of them. */
import { http1Limits } from '../limits/http1-limits.ts';
import type { Http1ParserOptions } from './parser.ts';

/** A sentence, octets with one unit each, what each request must be, and the parser's options. */
export type Accepted = readonly [name: string, input: string, finds: readonly Found[], options?: Http1ParserOptions];

/** Properties of a request's head, its content and its trailers. */
export type Found = Readonly<Record<string, unknown>>;

const get = (target: string, lines = 'Host: a\r\n', version = '1.1'): string =>
  `GET ${target} HTTP/${version}\r\n${lines}\r\n`;
const hosted = (lines: string): string => get('/', `Host: a\r\n${lines}\r\n`);
const post = (lines: string): string => `POST / HTTP/1.1\r\nHost: a\r\n${lines}\r\n\r\n`;
const chunked = (rest: string): string => `${post('Transfer-Encoding: chunked')}${rest}`;
const host = (name: string, port?: number): Found => ({ host: { name, port } });
const origin = (path: string, query?: string): Found => ({ target: { form: 'origin', path, query } });
const fields = (...lines: readonly (readonly [string, string])[]): Found => ({ fields: lines });
const length = (length: number, content: string): Found => ({ framing: { kind: 'length', length }, content });
const limits = (given: Parameters<typeof http1Limits>[0]): Http1ParserOptions => ({ limits: http1Limits(given) });

const TARGETS: readonly Accepted[] = [
  ['origin-form (RFC9112#3.2.1)', get('/a/b%20c?d=/?'), [origin('/a/b%20c', 'd=/?')]],
  ['origin-form with an empty query', get('/?'), [origin('/', '')]],
  ['origin-form that begins with two slashes', get('//a'), [origin('//a')]],
  ['the unescaped marks that browsers send', get('/\\^`{|}'), [{ rawTarget: '/\\^`{|}' }]],
  [
    'absolute-form, whose authority comes before Host (RFC9112#3.2.2)',
    get('HTTP://b:8080/c?d'),
    [
      {
        target: { form: 'absolute', scheme: 'http', host: { name: 'b', port: 8080 }, path: '/c', query: 'd' },
        ...host('b', 8080),
      },
    ],
  ],
  [
    'absolute-form without a path (RFC9110#4.2.3)',
    get('http://b?c'),
    [{ target: { form: 'absolute', scheme: 'http', host: { name: 'b', port: undefined }, path: '/', query: 'c' } }],
  ],
  ['an empty Host beside an absolute-form', get('http://b/', 'Host:\r\n'), [host('b')]],
  [
    'authority-form (RFC9112#3.2.3)',
    'CONNECT [::1]:443 HTTP/1.1\r\nHost: a\r\n\r\n',
    [{ target: { form: 'authority', host: { name: '[::1]', port: 443 } }, ...host('[::1]', 443) }],
  ],
  [
    'asterisk-form (RFC9112#3.2.4)',
    'OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n',
    [{ target: { form: 'asterisk' }, ...host('a') }],
  ],
  ['a target of exactly the limit', get(`/${'a'.repeat(63)}`), [{ minor: 1 }], limits({ targetBytes: 64 })],
  [
    'a method of its own, as received (RFC9110#9.1)',
    "m!#$%&'*+-.^_`|~9 / HTTP/1.1\r\nHost: a\r\n\r\n",
    [{ method: "m!#$%&'*+-.^_`|~9" }],
  ],
];

const VERSIONS: readonly Accepted[] = [
  ['HTTP/1.0 without Host', get('/', '', '1.0'), [{ minor: 0, host: undefined, isPersistent: false }]],
  [
    'HTTP/1.0 that asks to persist (RFC9112#9.3)',
    get('/', 'Connection: a, Keep-Alive\r\n', '1.0'),
    [{ isPersistent: true }],
  ],
  ['HTTP/1.7 as a 1.x (RFC9112#2.3)', get('/', 'Host: a\r\n', '1.7'), [{ minor: 7, isPersistent: true }]],
  ['close among other tokens (RFC9112#9.6)', hosted('Connection: x,\tCLOSE ,y'), [{ isPersistent: false }]],
  ['close on a second line', hosted('Connection: x\r\nConnection: close'), [{ isPersistent: false }]],
  ['close before an octet that looks like a space', hosted('Connection: close\xa0'), [{ isPersistent: true }]],
  ['"closed", which is not close', hosted('Connection: closed'), [{ isPersistent: true }]],
  ['Expect in any case (RFC9110#10.1.1)', post('Expect: 100-Continue'), [{ expectation: 'continue' }]],
  ['Expect with an octet that looks like a space', post('Expect: 100-continue\xa0'), [{ expectation: 'unknown' }]],
  ['Expect with an unknown member', post('Expect: 100-continue, x'), [{ expectation: 'unknown' }]],
  ['Expect of HTTP/1.0, which is ignored', get('/', 'Expect: x\r\n', '1.0'), [{ expectation: 'none' }]],
];

const FIELDS: readonly Accepted[] = [
  [
    'white space around values (RFC9112#5.1)',
    get('/', 'Host:\t a \t\r\nX:\r\nY: \t \r\n'),
    [fields(['Host', 'a'], ['X', ''], ['Y', ''])],
  ],
  [
    'obs-text in a value (RFC9110#5.5)',
    hosted('X: caf\xe9 \x80\xff'),
    [fields(['Host', 'a'], ['X', 'caf\xe9 \x80\xff'])],
  ],
  [
    'field lines in order, repeats kept apart (RFC9110#5.3)',
    get('/', 'b: 1\r\nHost: a\r\nB: 2\r\na:3\r\n'),
    [fields(['b', '1'], ['Host', 'a'], ['B', '2'], ['a', '3'])],
  ],
  [
    'two empty lines before each request (RFC9112#2.2)',
    `\r\n\r\n${get('/1')}\r\n\r\n${get('/2')}`,
    [origin('/1'), origin('/2')],
  ],
  [
    'bare LF where it is accepted',
    'GET / HTTP/1.1\nHost: a \nX: y\r\n\n\nGET /2 HTTP/1.1\r\nHost: b\n\r\n',
    [fields(['Host', 'a'], ['X', 'y']), fields(['Host', 'b'])],
    { bareLf: 'accept' },
  ],
  [
    'a Host with sub-delims, an escape and a port',
    get('/', "Host: a-b.c_~!$&'()*+,;=%41:80\r\n"),
    [host("a-b.c_~!$&'()*+,;=%41", 80)],
  ],
  ['a Host with an IPv6 address', get('/', 'Host: [2001:db8::1]:\r\n'), [host('[2001:db8::1]')]],
  ['a head of exactly the limit', get(`/${'a'.repeat(226)}`), [{ minor: 1 }], limits({ headBytes: 256 })],
  ['a field line of exactly the limit', hosted(`X: ${'y'.repeat(61)}`), [{ minor: 1 }], limits({ fieldBytes: 64 })],
  ['as many field lines as the limit', hosted('X: y'), [{ minor: 1 }], limits({ fieldCount: 2 })],
];

const CONTENT: readonly Accepted[] = [
  [
    'no content without a length (RFC9112#6.3)',
    `${post('X: y')}${get('/2')}`,
    [{ framing: { kind: 'none' }, content: '' }, origin('/2')],
  ],
  [
    'Content-Length with leading zeros',
    `${post('Content-Length: 005')}hello${get('/2')}`,
    [length(5, 'hello'), origin('/2')],
  ],
  ['Content-Length: 0', `${post('content-length: 0')}${get('/2')}`, [length(0, ''), origin('/2')]],
  [
    'content of exactly the limit',
    `${post('Content-Length: 5')}hello`,
    [length(5, 'hello')],
    limits({ contentBytes: 5 }),
  ],
  [
    'empty elements and any case in Transfer-Encoding (RFC9110#5.6.1)',
    `${post('Transfer-Encoding: ,\t, CHUNKED ,')}0\r\n\r\n`,
    [{ framing: { kind: 'chunked' }, content: '', trailers: [] }],
  ],
  [
    'chunk-sizes with leading zeros and in any case (RFC9112#7.1)',
    `${chunked(`a\r\n${'x'.repeat(10)}\r\n0A\r\n${'y'.repeat(10)}\r\n00\r\n\r\n`)}${get('/2')}`,
    [{ content: `${'x'.repeat(10)}${'y'.repeat(10)}`, trailers: [] }, origin('/2')],
  ],
  [
    'chunk-data that looks like framing',
    chunked('9\r\n\r\n0\r\n\r\n\r\n\r\n0\r\n\r\n'),
    [{ content: '\r\n0\r\n\r\n\r\n' }],
  ],
  [
    'chunk extensions: names, tokens, quoted strings, bad white space (RFC9112#7.1.1)',
    chunked('1;a;b=c;d="e\\"\\\\ \t;f\xff"\r\nx\r\n1 ; \ta\t=\tb ; c = "d" ;e\r\ny\r\n0;last\r\n\r\n'),
    [{ content: 'xy' }],
  ],
  [
    'extensions of exactly the limit',
    chunked('1;abcd\r\nx\r\n0\r\n\r\n'),
    [{ content: 'x' }],
    limits({ chunkExtensionBytes: 4 }),
  ],
  [
    'trailers, apart from the head (RFC9112#7.1.2)',
    `${chunked('1\r\nx\r\n0\r\nX-Sum: 1 \r\nx-sum:2\r\n\r\n')}${chunked('0\r\n\r\n')}`,
    [
      {
        content: 'x',
        trailers: [
          ['X-Sum', '1'],
          ['x-sum', '2'],
        ],
      },
      { trailers: [] },
    ],
  ],
];

export const ACCEPTED: readonly Accepted[] = [...TARGETS, ...VERSIONS, ...FIELDS, ...CONTENT];
