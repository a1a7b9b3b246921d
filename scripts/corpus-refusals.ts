/** One request for each way in which an HTTP/1.1 peer can be refused, and connections in clear with their clock: seeds. */
import { clearDirective as say } from '../fuzz/oracles/clear-script.ts';
import type { ExampleSet } from './corpus-examples.ts';

const fields = (lines: string): string => `GET / HTTP/1.1\r\nHost: a\r\n${lines}`;
const head = (lines: string): string => fields(`${lines}\r\n\r\n`);
const get = (target: string): string => `GET ${target} HTTP/1.1\r\nHost: a\r\n\r\n`;
const chunked = (rest: string): string => `${head('Transfer-Encoding: chunked')}${rest}`;
const trailers = (lines: string): string => chunked(`0\r\n${lines}`);
const post = (target: string, rest: string): string => `POST ${target} HTTP/1.1\r\nHost: a\r\n${rest}`;

/** Code by code, in the order of the registry. Limits are those of a server that was told nothing. */
const REFUSALS: readonly (readonly [code: string, input: string])[] = [
  ['H1_EMPTY_LINES', `\r\n\r\n\r\n${get('/')}`],
  ['H1_EMPTY_LINE_CR', `\r${get('/')}`],
  ['H1_METHOD_EMPTY', ' / HTTP/1.1\r\n'],
  ['H1_METHOD_OCTET', 'G(T / HTTP/1.1\r\n'],
  ['H1_METHOD_BYTES', `${'A'.repeat(33)} / HTTP/1.1\r\n`],
  ['H1_TARGET_EMPTY', get(' /')],
  ['H1_TARGET_OCTET', get('/#fragment')],
  ['H1_TARGET_BYTES', get(`/${'a'.repeat(8_192)}`)],
  ['H1_VERSION_MISSING', 'GET /\r\nHost: a\r\n\r\n'],
  ['H1_VERSION_OCTET', 'GET / http/1.1\r\n'],
  ['H1_VERSION_MAJOR', 'GET / HTTP/0.9\r\n'],
  ['H1_REQUEST_LINE_CR', 'GET / HTTP/1.1\rHost: a\r\n\r\n'],
  ['H1_REQUEST_LINE_LF', 'GET / HTTP/1.1\nHost: a\r\n\r\n'],
  ['H1_TARGET_FORM', get('a')],
  ['H1_TARGET_ASTERISK', get('*')],
  ['H1_TARGET_CONNECT', 'CONNECT / HTTP/1.1\r\nHost: a\r\n\r\n'],
  ['H1_TARGET_AUTHORITY', get('http:a/')],
  ['H1_TARGET_NO_HOST', get('http:///a')],
  ['H1_TARGET_USERINFO', get('http://u@a/')],
  ['H1_TARGET_PERCENT', get('/%zz')],
  ['H1_FIRST_FIELD_SPACE', 'GET / HTTP/1.1\r\n Host: a\r\n\r\n'],
  ['H1_OBS_FOLD', fields(' b\r\n\r\n')],
  ['H1_FIELD_NAME_EMPTY', head(': y')],
  ['H1_FIELD_NAME_SPACE', head('X : y')],
  ['H1_FIELD_NAME_OCTET', head('X(: y')],
  ['H1_FIELD_NO_COLON', head('X')],
  ['H1_FIELD_VALUE_OCTET', head('X: y\0z')],
  ['H1_FIELD_CR', head('X: y\rz')],
  ['H1_FIELD_LF', fields('X: y\n\r\n')],
  ['H1_FIELD_COUNT', head(Array.from({ length: 100 }, (_, index) => `X: ${index}`).join('\r\n'))],
  ['H1_FIELD_BYTES', head(`X: ${'y'.repeat(8_190)}`)],
  ['H1_HEAD_BYTES', head(Array.from({ length: 3 }, () => `X: ${'y'.repeat(6_000)}`).join('\r\n'))],
  ['H1_HEAD_END_CR', fields('\rX')],
  ['H1_HOST_MISSING', 'GET / HTTP/1.1\r\nX: y\r\n\r\n'],
  ['H1_HOST_DUPLICATE', head('Host: a')],
  ['H1_HOST_EMPTY', 'GET / HTTP/1.1\r\nHost:\r\n\r\n'],
  ['H1_HOST_OCTET', 'GET / HTTP/1.1\r\nHost: a b\r\n\r\n'],
  ['H1_LENGTH_EMPTY', head('Content-Length:')],
  ['H1_LENGTH_OCTET', head('Content-Length: +5')],
  ['H1_LENGTH_OVERFLOW', head('Content-Length: 9007199254740992')],
  ['H1_LENGTH_REPEATED', head('Content-Length: 5\r\nContent-Length: 5')],
  ['H1_LENGTH_LIST', head('Content-Length: 5, 5')],
  ['H1_CODING_EMPTY', head('Transfer-Encoding:')],
  ['H1_CODING_SYNTAX', head('Transfer-Encoding: chunked chunked')],
  ['H1_CODING_PARAMETER', head('Transfer-Encoding: chunked;a=b')],
  ['H1_CODING_UNKNOWN', head('Transfer-Encoding: gzip, chunked')],
  ['H1_CODING_NOT_FINAL', head('Transfer-Encoding: chunked, gzip')],
  ['H1_CODING_TWICE', head('Transfer-Encoding: chunked, chunked')],
  ['H1_CODING_VERSION', 'POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n'],
  ['H1_CODING_AND_LENGTH', head('Transfer-Encoding: chunked\r\nContent-Length: 5')],
  ['H1_CONTENT_BYTES', head('Content-Length: 1073741825')],
  ['H1_CHUNK_SIZE_EMPTY', chunked('\r\n')],
  ['H1_CHUNK_SIZE_OCTET', chunked('fg\r\n')],
  ['H1_CHUNK_SIZE_DIGITS', chunked('00000000000000005\r\n')],
  ['H1_CHUNK_SIZE_OVERFLOW', chunked('20000000000000\r\n')],
  ['H1_CHUNK_LINE_CR', chunked('5\rhello')],
  ['H1_CHUNK_LINE_LF', chunked('5;\n')],
  ['H1_CHUNK_EXT_SPACE', chunked('5 \r\n')],
  ['H1_CHUNK_EXT_NAME', chunked('5;\r\n')],
  ['H1_CHUNK_EXT_VALUE', chunked('5;a=\r\n')],
  ['H1_CHUNK_EXT_QUOTED', chunked('5;a="\r\n"')],
  ['H1_CHUNK_EXT_BYTES', chunked(`1;${'e'.repeat(4_096)}\r\n`)],
  ['H1_CHUNK_DATA_END', chunked('5\r\nhellox')],
  ['H1_TRAILER_FOLD', trailers(' X: y\r\n\r\n')],
  ['H1_TRAILER_NAME_EMPTY', trailers(': y\r\n\r\n')],
  ['H1_TRAILER_NAME_SPACE', trailers('X : y\r\n\r\n')],
  ['H1_TRAILER_NAME_OCTET', trailers('X@: y\r\n\r\n')],
  ['H1_TRAILER_NO_COLON', trailers('X\r\n\r\n')],
  ['H1_TRAILER_VALUE_OCTET', trailers('X: y\r\nZ: \0\r\n\r\n')],
  ['H1_TRAILER_CR', trailers('X: y\rz')],
  ['H1_TRAILER_COUNT', trailers('X: y\r\n'.repeat(21))],
  ['H1_TRAILER_LINE_BYTES', trailers(`X: ${'y'.repeat(8_190)}\r\n`)],
  ['H1_TRAILER_BYTES', trailers(`X: ${'y'.repeat(2_000)}\r\n`.repeat(3))],
  ['H1_TRAILER_END_CR', trailers('\rG')],
  ['H1_TRAILER_FORBIDDEN', trailers('Content-Length: 5\r\n\r\n')],
  ['H1_HEAD_CUT', 'G'],
  ['H1_CONTENT_CUT', `${head('Content-Length: 5')}hell`],
];

/** Places in a chunk line, or behind a chunk, that no code of their own tells from others. */
const CHUNK_LINES: readonly string[] = [
  '1;a="\\\x01"\r\n',
  '1;a=b \t;c=d \r\nx\r\n0\r\n\r\n',
  '1;a=b c\r\n',
  '1;a="b" c\r\n',
  '1;a(\r\n',
  '1;a=b(\r\n',
  '1\r\nx\rx',
].map(chunked);

const ASK = 'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n';
const SETTINGS = 'HTTP2-Settings: AAMAAABkAAQAAP__\r\n';
const PREFACE = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0\0\0\0\x04\x01\0\0\0\0';
const PING = '\0\0\x08\x06\0\0\0\0\0abcdefgh';
const upgrade = (lines: string): string => `${get('/').slice(0, -2)}${lines}\r\n`;

/** Time, a transport and an owner between the octets, and the ways from one version to the other. */
const CLOCKED: readonly string[] = [
  // Timers: each runs out, and each is in time
  `${say('t', 10_001)}`,
  `${get('/1')}${say('w')}${say('t', 5_001)}${get('/1')}`,
  `GET /${say('t', 9_999)} HTTP/1.1\r\nHo${say('t', 2)}st: a\r\n\r\n`,
  `${post('/1', 'Content-Length: 9\r\n\r\n')}abc${say('t', 4_000)}d${say('t', 10_001)}efghi`,
  `${post('/1', 'Content-Length: 900\r\n\r\n')}abc${say('t', 1)}d${say('t', 5_001)}e`,
  `${post('/1', 'Content-Length: 9\r\n\r\n')}${say('p', 1)}${say('t', 60_000)}${say('p')}abcdefghi${say('t', 1)}`,
  `${get('/22')}${say('w')}${say('u', 3_000)}${say('t', 1)}${say('u', 2_000)}${say('t', 9_000)}${say('t', 10_001)}`,
  `${get('/1')}${say('w')}${say('u', 9)}${say('t', 1)}${say('t', 6_000)}${get('/1')}${say('d')}${say('w')}${say('t', 1)}${say('u')}${say('t', 1)}${say('t', 2_001)}`,
  // Octets that are elsewhere: of a response that waits for another, with one behind it, and over HTTP/2, which has no place for them
  `${get('/333')}${get('/333')}${[13, 22, 20].map((way) => say('a', way)).join('')}${get('/1')}${say('a', 7)}${say('w', 9)}${say('w', 3_100)}${say('w', 1)}`,
  `${say('o', 4)}${PREFACE}\0\0\x0b\x01\x05\0\0\0\x01\x82\x86\x41\x01a\x44\x04/333${say('a', 1)}${say('a', 10)}${say('a', 8)}${say('w')}`,
  // The owner and the transport
  `${get('/333')}${say('a')}${say('a', 2)}${say('w', 9)}${say('a', 4)}${say('a', 8)}${get('/333')}${say('a', 1)}${say('a', 2)}${say('a', 8)}`,
  `${get('/333')}${say('a', 1)}${say('a', 3)}${say('a', 8)}${say('a', 9)}${say('a', 6)}${get('/333')}`,
  `${get('/333')}${say('a', 1)}${say('a', 10)}${say('a', 8)}${say('w')}`,
  `${get('/333')}${say('a')}${say('a', 10)}${say('a', 9)}${say('a', 7)}${say('a', 5)}`,
  `${get('/333')}${say('a', 11)}${say('a', 8)}${get('/1')}${say('w')}${say('t', 2_001)}`,
  `${get('/22')}${get('/22')}${get('/1')}${get('/333')}${get('/333')}${get('/333')}${say('w', 100)}${say('a', 7)}${say('w')}${say('a', 7)}${say('w')}`,
  `${get('/333')}${get('/333')}${say('e')}${say('a', 7)}${say('a', 7)}${say('w')}`,
  `${post('/333', 'Content-Length: 4\r\n\r\n')}ab${say('f')}cd`,
  `${post('/2', 'Content-Length: 300\r\n\r\n')}${'x'.repeat(300)}${get('/1')}`,
  `${post('/1', 'Content-Length: 9\r\n\r\n')}abc${say('d')}defghi${get('/1')}`,
  `${post('/333', 'Expect: 100-continue\r\nContent-Length: 4\r\n\r\n')}${say('w')}${say('a', 5)}abcd${say('a', 7)}${say('d')}`,
  `${post('/1', 'Expect: 100-continue\r\nTransfer-Encoding: chunked\r\n\r\n')}${say('a', 4)}${say('w')}4\r\nabcd\r\n0\r\n\r\n`,
  `${post('/333', 'Transfer-Encoding: chunked\r\n\r\n')}${say('a')}5\r\nhello\r\nx`,
  `${say('d')}${get('/1')}`,
  `${get('/333')}${get('/1')}${say('a', 12)}${say('a', 14)}${say('a', 20)}${say('a', 22)}${say('a', 7)}${say('w')}`,
  `${get('/333')}${say('a', 1)}${say('w')}${say('e')}${say('a', 2)}${say('a', 8)}`,
  `${get('/333')}${say('a')}${say('a', 8)}${say('a', 2)}${get('/333').repeat(4)}${say('a', 8)}${say('a', 4)}${say('a', 3)}${say('w', 1)}${say('a', 9)}`,
  `${get('/333').replace('GET', 'HEAD')}${say('a', 7)}${get('/333').replace('1.1', '1.0')}${say('a', 4)}${say('a')}${say('a', 2)}${say('a', 9)}`,
  // Limits that are small, and lines that end with LF alone
  get(`/${'a'.repeat(70)}`),
  head(Array.from({ length: 13 }, () => 'X: y').join('\r\n')),
  head(`X: ${'y'.repeat(126)}`),
  head(Array.from({ length: 5 }, () => `X: ${'y'.repeat(100)}`).join('\r\n')),
  `${post('/1', 'Content-Length: 4097\r\n\r\n')}`,
  chunked(`fff\r\n${'x'.repeat(4_095)}\r\n2\r\nxx\r\n`),
  chunked(`1;${'e'.repeat(70)}\r\nx\r\n`),
  trailers('X: y\r\n'.repeat(4)),
  trailers(`X: ${'y'.repeat(100)}\r\n`),
  `${say('o', 3)}\n\nGET / HTTP/1.1\nHost: a\nX: y \n\nGET /1 HTTP/1.1\r\nHost: a\n\n${say('a', 7)}`,
  `${say('o', 3)}${trailers('X: y\n\r\n')}`,
  `${say('o', 3)}${trailers('\n')}`,
  `${say('o', 2)}${get('/1').repeat(14)}`,
  // From one version to the other
  `${PREFACE}${PING}`,
  `${say('o', 4)}${PREFACE}${PING}`,
  `${say('o', 4)}${PREFACE}${say('w')}${say('u', 9)}${say('t', 1)}${say('t', 10_001)}`,
  `${PREFACE}${say('w')}${say('u', 9)}${say('t', 1)}${say('t', 10_001)}${say('w')}`,
  `${say('o', 1)}${upgrade(ASK + SETTINGS)}${PREFACE}`,
  'PRI * HTTP/2.1\r\n\r\n',
  `PRI *${say('t', 10_001)}`,
  `PRI * H${say('e')}`,
  `PRI * H${say('f')}`,
  `${get('/1')}${upgrade(ASK + SETTINGS)}${say('w', 20)}${PREFACE}${say('w')}${PING}${say('d')}${say('t', 1)}`,
  `${upgrade(ASK + SETTINGS)}${say('e')}`,
  `${upgrade(ASK + SETTINGS)}${say('f')}`,
  `${upgrade(ASK + SETTINGS).replace('GET /', 'GET /333')}${say('w')}${PREFACE}${say('a')}${say('w', 9)}${say('a', 3)}${say('a', 9)}${say('w')}`,
  `${upgrade(ASK + SETTINGS)}PRI * HTTP/1`,
  `${upgrade(`${ASK}HTTP2-Settings: AAIAAAAC\r\n`)}${PREFACE}`,
  `${get('/333')}${upgrade(ASK + SETTINGS)}${say('a', 7)}${PREFACE}`,
  upgrade(`${ASK}HTTP2-Settings: AAMAA\r\n`),
  upgrade(`${ASK}HTTP2-Settings: AAMAAABkAAQAAP//\r\n`),
  upgrade(`${ASK}${SETTINGS}${SETTINGS}`),
  upgrade(`${ASK.replace('Upgrade, ', '')}${SETTINGS}`),
  upgrade(`${ASK.replace(', HTTP2-Settings', '')}${SETTINGS}`),
  upgrade(`${ASK}${SETTINGS}Content-Length: 1\r\n`),
  upgrade(`${ASK.replace('h2c', 'websocket')}${SETTINGS}`),
];

/** Structured fields that end, or go wrong, in each of the ways that RFC9651#4.2 has. */
const STRUCTURED: readonly string[] = [
  ...[
    '"abc',
    String.raw`"a\b"`,
    '"\x7f"',
    ':YQ==',
    ':YWJj',
    ':Y:',
    ':YQ=:',
    ':YWE:',
    ':Y-:',
    '?2',
    '@1.5',
    '1.',
    '1.2345',
  ],
  ...[
    '1234567890123456',
    '1234567890123.1',
    '-',
    '-a',
    '(a',
    '(a"b")',
    '%x',
    '%"abc',
    '%"%zz"',
    '%"%ff"',
    '%"\x7f"',
    'a, ',
    'a b',
    'a;B',
  ],
];

const HERE = 'scripts/corpus-refusals.ts';
const INPUTS = REFUSALS.map(([, input]) => input);

export const REFUSAL_EXAMPLE_SETS: readonly ExampleSet[] = [
  ...['http1-request', 'http1-connection'].map((target) => ({
    target,
    set: 'refusals',
    origin: `${HERE}: one for each error code of HTTP/1.1`,
    inputs: INPUTS,
  })),
  ...['http1-request', 'http1-connection'].map((target) => ({
    target,
    set: 'chunk-lines',
    origin: `${HERE}: chunk lines that go on or wrong at each of their places`,
    inputs: CHUNK_LINES,
  })),
  { target: 'structured-fields', set: 'refusals', origin: `${HERE}: one for each way to go wrong`, inputs: STRUCTURED },
  { target: 'clear-connection', set: 'clocked', origin: `${HERE}: owner, transport and time`, inputs: CLOCKED },
];
