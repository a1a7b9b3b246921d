/** At least one input for each code that the parser raises: the place it points to is marked in the input itself. */
import type { Http1Code } from '../errors/http1-codes.ts';
import type { Http1Limits } from '../limits/http1-limits.ts';
import type { BareLf } from './line-policy.ts';

/** Stands in an input right before the octet that an error points to; it is no octet and is taken out. */
export const MARK = '‸';

/** `place` is line and column in the head, chunk line or trailer section; `-` where an error has none. */
export interface Refusal {
  readonly code: Http1Code;
  readonly place: `${number}:${number}` | '-';
  /** One unit per octet, with one {@link MARK}. */
  readonly input: string;
  readonly limits: Partial<Http1Limits>;
  readonly bareLf: BareLf;
}

interface Settings {
  readonly limits?: Partial<Http1Limits>;
  readonly bareLf?: BareLf;
}

/** Codes that time alone raises: the connection's test has their rows. */
export const TIMER_CODES = [
  'H1_HEAD_TIMEOUT',
  'H1_CONTENT_TIMEOUT',
  'H1_CONTENT_RATE',
  'H1_IDLE_TIMEOUT',
  'H1_WRITE_TIMEOUT',
] as const satisfies readonly Http1Code[];

const REST = ' HTTP/1.1\r\nHost: a\r\n\r\n';
const get = (target: string): string => `GET ${target}${REST}`;
const fields = (lines: string): string => `GET / HTTP/1.1\r\nHost: a\r\n${lines}`;
const head = (lines: string): string => fields(`${lines}\r\n\r\n`);
const chunked = (rest: string): string => `${head('Transfer-Encoding: chunked')}${rest}`;
const trailers = (lines: string): string => chunked(`0\r\n${lines}`);

type Row = readonly [place: Refusal['place'], input: string, settings?: Settings];

function rows(code: Http1Code, places: readonly Row[]): Refusal[] {
  return places.map(([place, input, settings = {}]) => {
    const { limits = {}, bareLf = 'refuse' } = settings;
    return { code, place, input, limits, bareLf };
  });
}

const LINE: Refusal[] = [
  rows('H1_EMPTY_LINES', [
    ['1:1', `\r\n\r\n‸\r\n${get('/')}`],
    ['1:1', `\n‸\n${get('/')}`, { bareLf: 'accept', limits: { emptyLines: 1 } }],
    ['1:1', `‸\r\n${get('/')}`, { limits: { emptyLines: 0 } }],
  ]),
  rows('H1_EMPTY_LINE_CR', [
    ['1:1', `\r‸${get('/')}`],
    ['1:1', '\r‸\r\n'],
  ]),
  rows('H1_METHOD_EMPTY', [['1:1', '‸ / HTTP/1.1\r\n']]),
  rows('H1_METHOD_OCTET', [
    ['1:2', 'G‸(T / HTTP/1.1\r\n'],
    ['1:4', 'GET‸\t/ HTTP/1.1\r\n'],
    ['1:4', 'GET‸\r\n\r\n'],
    ['1:1', `‸\n${get('/')}`],
    ['1:1', '‸\x16\x03\x01\x02\x00'],
    ['1:33', `${'A'.repeat(32)}‸\x00`],
  ]),
  rows('H1_METHOD_BYTES', [
    ['1:33', `${'A'.repeat(32)}‸A / HTTP/1.1\r\n`],
    ['1:8', 'OPTIONS‸X / HTTP/1.1\r\n', { limits: { methodBytes: 7 } }],
  ]),
  rows('H1_TARGET_EMPTY', [
    ['1:5', `GET ‸ /${REST}`],
    ['1:5', 'GET ‸\r\n'],
    ['1:5', 'GET ‸\n'],
  ]),
  rows('H1_TARGET_OCTET', [
    ['1:6', get('/‸#fragment')],
    ['1:6', get('/‸"a"')],
    ['1:6', get('/‸<a>')],
    ['1:7', get('/a‸>')],
    ['1:6', get('/‸\t')],
    ['1:6', get('/‸\x00')],
    ['1:6', get('/‸\x7f')],
    ['1:6', get('/‸\xe9')],
  ]),
  rows('H1_TARGET_BYTES', [['1:69', get(`/${'a'.repeat(63)}‸a`), { limits: { targetBytes: 64 } }]]),
  rows('H1_VERSION_MISSING', [
    ['1:6', 'GET /‸\r\nHost: a\r\n\r\n'],
    ['1:6', 'GET /‸\n'],
    ['1:7', 'GET / ‸\r\n'],
    ['1:7', 'GET / ‸\n', { bareLf: 'accept' }],
  ]),
  rows('H1_VERSION_OCTET', [
    ['1:7', 'GET / ‸http/1.1\r\n'],
    ['1:7', 'GET / ‸ HTTP/1.1\r\n'],
    ['1:12', 'GET / HTTP/‸\r\n'],
    ['1:13', 'GET / HTTP/1‸,1\r\n'],
    ['1:14', 'GET / HTTP/1.‸\r\n'],
    ['1:15', 'GET / HTTP/1.1‸1\r\n'],
    ['1:15', 'GET / HTTP/1.1‸ \r\n'],
  ]),
  rows('H1_VERSION_MAJOR', [
    ['1:12', 'GET / HTTP/‸0.9\r\n'],
    ['1:12', 'GET / HTTP/‸2.0\r\n'],
    ['1:12', 'PRI * HTTP/‸2.0\r\n\r\nSM\r\n\r\n'],
  ]),
  rows('H1_REQUEST_LINE_CR', [['1:16', 'GET / HTTP/1.1\r‸Host: a\r\n\r\n']]),
  rows('H1_REQUEST_LINE_LF', [['1:15', 'GET / HTTP/1.1‸\nHost: a\r\n\r\n']]),
].flat();

const TARGET: Refusal[] = [
  rows('H1_TARGET_FORM', [
    ['1:5', get('‸a')],
    ['1:5', get('‸?a=b')],
    ['1:5', get('‸\\\\a')],
  ]),
  rows('H1_TARGET_ASTERISK', [['1:5', get('‸*')]]),
  rows('H1_TARGET_CONNECT', [
    ['1:9', `CONNECT ‸/${REST}`],
    ['1:10', `CONNECT a‸${REST}`],
    ['1:11', `CONNECT a:‸${REST}`],
    ['1:11', `CONNECT a:‸b${REST}`],
    ['1:14', `CONNECT http:‸//a:1/${REST}`],
  ]),
  rows('H1_TARGET_AUTHORITY', [
    ['1:10', get('http:‸a/')],
    ['1:14', get('http://a:‸b/')],
    ['1:18', get('http://a:6553‸6/')],
    ['1:13', get('http://[‸::g]/')],
    ['1:13', get('http://a‸%zz/')],
    ['1:17', get('http://[::1]‸a/')],
  ]),
  rows('H1_TARGET_NO_HOST', [
    ['1:12', get('http://‸/a')],
    ['1:12', get('http://‸:80/')],
    ['1:12', get('http://‸')],
    ['1:9', `CONNECT ‸:80${REST}`],
  ]),
  rows('H1_TARGET_USERINFO', [
    ['1:13', get('http://u‸@a/')],
    ['1:15', get('http://u:p‸@a/')],
  ]),
  rows('H1_TARGET_PERCENT', [
    ['1:6', get('/‸%zz')],
    ['1:10', get('/a?b=‸%2')],
    ['1:14', get('http://a/‸%')],
    ['1:14', get('http://a?‸%g0')],
  ]),
].flat();

const FIELDS: Refusal[] = [
  rows('H1_FIRST_FIELD_SPACE', [
    ['2:1', 'GET / HTTP/1.1\r\n‸ Host: a\r\n\r\n'],
    ['2:1', 'GET / HTTP/1.1\r\n‸\tHost: a\r\n\r\n'],
  ]),
  rows('H1_OBS_FOLD', [
    ['3:1', fields('‸ b\r\n\r\n')],
    ['4:1', fields('X: y\r\n‸\tz\r\n\r\n')],
  ]),
  rows('H1_FIELD_NAME_EMPTY', [['3:1', head('‸: y')]]),
  rows('H1_FIELD_NAME_SPACE', [
    ['3:2', head('X‸ : y')],
    ['3:2', head('X‸\t: y')],
    ['2:5', 'GET / HTTP/1.1\r\nHost‸ : a\r\n\r\n'],
  ]),
  rows('H1_FIELD_NAME_OCTET', [
    ['3:2', head('X‸(: y')],
    ['3:2', head('X‸\x00: y')],
    ['3:1', head('‸\xff: y')],
  ]),
  rows('H1_FIELD_NO_COLON', [
    ['3:2', head('X‸')],
    ['3:2', fields('X‸\n'), { bareLf: 'accept' }],
  ]),
  rows('H1_FIELD_VALUE_OCTET', [
    ['3:5', head('X: y‸\x00z')],
    ['3:4', head('X: ‸\x7f')],
    ['3:5', head('X: y‸\x0b')],
  ]),
  rows('H1_FIELD_CR', [['3:6', fields('X: y\r‸z\r\n\r\n')]]),
  rows('H1_FIELD_LF', [
    ['3:5', fields('X: y‸\n\r\n')],
    ['3:1', fields('‸\n')],
  ]),
  rows('H1_FIELD_COUNT', [['4:1', head('X: 1\r\n‸Y: 2'), { limits: { fieldCount: 2 } }]]),
  rows('H1_FIELD_BYTES', [
    ['3:65', head(`${'x'.repeat(64)}‸x: y`), { limits: { fieldBytes: 64 } }],
    ['3:65', head(`${'x'.repeat(64)}‸: y`), { limits: { fieldBytes: 64 } }],
    ['3:65', head(`X: ${'y'.repeat(61)}‸y`), { limits: { fieldBytes: 64 } }],
    ['3:65', head(`X:${' '.repeat(62)}‸ y`), { limits: { fieldBytes: 64 } }],
  ]),
  rows('H1_HEAD_BYTES', [
    ['1:257', get(`/${'a'.repeat(251)}‸a`), { limits: { headBytes: 256 } }],
    ['3:232', head(`X: ${'y'.repeat(228)}‸y`), { limits: { headBytes: 256 } }],
    ['4:2', fields(`X: ${'y'.repeat(225)}\r\n\r‸\n`), { limits: { headBytes: 256 } }],
  ]),
  rows('H1_HEAD_END_CR', [['3:2', fields('\r‸X')]]),
].flat();

const CONTROL: Refusal[] = [
  rows('H1_HOST_MISSING', [
    ['3:1', 'GET / HTTP/1.1\r\nX: y\r\n‸\r\n'],
    ['2:1', 'GET http://a/ HTTP/1.1\r\n‸\r\n'],
  ]),
  rows('H1_HOST_DUPLICATE', [
    ['3:7', head('Host: ‸a')],
    ['3:6', head('host:‸')],
  ]),
  rows('H1_HOST_EMPTY', [['2:6', 'GET / HTTP/1.1\r\nHost:‸\r\n\r\n']]),
  rows('H1_HOST_OCTET', [
    ['2:8', 'GET / HTTP/1.1\r\nHost: a‸ b\r\n\r\n'],
    ['2:8', 'GET / HTTP/1.1\r\nHost: a‸/b\r\n\r\n'],
    ['2:8', 'GET / HTTP/1.1\r\nHost: u‸@a\r\n\r\n'],
    ['2:7', 'GET / HTTP/1.1\r\nHost: ‸:80\r\n\r\n'],
    ['2:11', 'GET / HTTP/1.1\r\nHost: [::1‸\r\n\r\n'],
    ['2:7', 'GET http://a/ HTTP/1.1\r\nHost: ‸ü\r\n\r\n'],
  ]),
  rows('H1_LENGTH_EMPTY', [['3:16', head('Content-Length:‸')]]),
  rows('H1_LENGTH_OCTET', [
    ['3:17', head('Content-Length: ‸+5')],
    ['3:17', head('Content-Length: ‸-5')],
    ['3:18', head('Content-Length: 0‸x5')],
    ['3:18', head('Content-Length: 5‸ 5')],
    ['3:18', head('Content-Length: 5‸.0')],
    ['3:17', head('Content-Length: ‸\xb2')],
  ]),
  rows('H1_LENGTH_OVERFLOW', [
    ['3:32', head('Content-Length: 900719925474099‸2')],
    ['3:33', head(`Content-Length: 1000000000000000‸0${'0'.repeat(400)}`)],
  ]),
  rows('H1_LENGTH_REPEATED', [['4:17', head('Content-Length: 5\r\nContent-Length: ‸5')]]),
  rows('H1_LENGTH_LIST', [
    ['3:18', head('Content-Length: 5‸, 5')],
    ['3:17', head('Content-Length: ‸,5')],
  ]),
  rows('H1_CODING_EMPTY', [
    ['3:19', head('Transfer-Encoding:‸')],
    ['3:20', head('Transfer-Encoding: ‸, ,')],
  ]),
  rows('H1_CODING_SYNTAX', [
    ['3:28', head('Transfer-Encoding: chunked ‸chunked')],
    ['3:20', head('Transfer-Encoding: ‸"chunked"')],
    ['3:20', head('Transfer-Encoding: ‸;chunked')],
    ['3:27', head('Transfer-Encoding: chunked‸\xa0')],
  ]),
  rows('H1_CODING_PARAMETER', [['3:27', head('Transfer-Encoding: chunked‸;a=b')]]),
  rows('H1_CODING_UNKNOWN', [
    ['3:20', head('Transfer-Encoding: ‸gzip, chunked')],
    ['3:20', head('Transfer-Encoding: ‸gzip\r\nTransfer-Encoding: chunked')],
  ]),
  rows('H1_CODING_NOT_FINAL', [
    ['3:29', head('Transfer-Encoding: chunked, ‸gzip')],
    ['3:20', head('Transfer-Encoding: ‸identity')],
    ['4:20', head('Transfer-Encoding: chunked\r\nTransfer-Encoding: ‸xchunked')],
  ]),
  rows('H1_CODING_TWICE', [
    ['3:29', head('Transfer-Encoding: chunked, ‸chunked')],
    ['4:20', head('Transfer-Encoding: chunked\r\nTransfer-Encoding: ‸Chunked')],
  ]),
  rows('H1_CODING_VERSION', [['3:1', 'POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n‸\r\n']]),
  rows('H1_CODING_AND_LENGTH', [
    ['5:1', fields('Transfer-Encoding: chunked\r\nContent-Length: 5\r\n‸\r\n')],
    ['5:1', fields('Content-Length: 0\r\nTransfer-Encoding: chunked\r\n‸\r\n')],
  ]),
  rows('H1_CONTENT_BYTES', [
    ['5:1', `${head('Content-Length: 5')}‸hello`, { limits: { contentBytes: 4 } }],
    ['1:3', chunked('5\r‸\nhello'), { limits: { contentBytes: 4 } }],
    ['1:3', chunked('3\r\nabc\r\n2\r‸\nde'), { limits: { contentBytes: 4 } }],
  ]),
].flat();

const LONG = `a=${'b'.repeat(200)}`;

const CHUNKS: Refusal[] = [
  rows('H1_CHUNK_SIZE_EMPTY', [
    ['1:1', chunked('‸\r\n')],
    ['1:1', chunked('‸;x\r\n')],
    ['1:1', chunked('‸ 5\r\n')],
    ['1:1', chunked('‸-5\r\n')],
    ['1:1', chunked('5\r\nhello\r\n‸\r\n')],
  ]),
  rows('H1_CHUNK_SIZE_OCTET', [
    ['1:2', chunked('0‸x5\r\nhello\r\n')],
    ['1:2', chunked('5‸_0\r\n')],
    ['1:2', chunked('5‸g\r\n')],
    ['1:2', chunked('5\r\nhello\r\n5‸,\r\n')],
  ]),
  rows('H1_CHUNK_SIZE_DIGITS', [
    ['1:17', chunked(`${'0'.repeat(16)}‸5\r\n`)],
    ['1:2', chunked('5‸0\r\n'), { limits: { chunkSizeDigits: 1 } }],
  ]),
  rows('H1_CHUNK_SIZE_OVERFLOW', [['1:14', chunked('2000000000000‸0\r\n')]]),
  rows('H1_CHUNK_LINE_CR', [
    ['1:3', chunked('5\r‸hello')],
    ['1:5', chunked('5;a\r‸\r\n')],
  ]),
  rows('H1_CHUNK_LINE_LF', [
    ['1:2', chunked('5‸\nhello'), { bareLf: 'accept' }],
    ['1:3', chunked('5;‸\n')],
    ['1:4', chunked('5;a‸\n')],
    ['1:5', chunked('5;a=‸\n')],
    ['1:6', chunked('5;a=b‸\n')],
    ['1:8', chunked('5;a="b"‸\n')],
  ]),
  rows('H1_CHUNK_EXT_SPACE', [
    ['1:3', chunked('5 ‸\r\n')],
    ['1:3', chunked('5\t‸x\r\n')],
    ['1:5', chunked('5;a ‸b\r\n')],
    ['1:7', chunked('5;a=b ‸\r\n')],
    ['1:9', chunked('5;a="b"\t‸c\r\n')],
  ]),
  rows('H1_CHUNK_EXT_NAME', [
    ['1:3', chunked('5;‸\r\n')],
    ['1:3', chunked('5;‸=b\r\n')],
    ['1:4', chunked('5;a‸/\r\n')],
    ['1:207', chunked(`5;${LONG};a‸\x00\r\n`)],
    ['1:207', chunked(`5\r\nhello\r\n5;${LONG};a‸\x00\r\n`)],
  ]),
  rows('H1_CHUNK_EXT_VALUE', [
    ['1:5', chunked('5;a=‸\r\n')],
    ['1:5', chunked('5;a=‸;b\r\n')],
    ['1:6', chunked('5;a=b‸"\r\n')],
    ['1:8', chunked('5;a="b"‸c\r\n')],
  ]),
  rows('H1_CHUNK_EXT_QUOTED', [
    ['1:6', chunked('5;a="‸\r\n"')],
    ['1:6', chunked('5;a="‸\n"')],
    ['1:7', chunked('5;a="b‸\x00"')],
    ['1:7', chunked('5;a="\\‸\x01"')],
  ]),
  rows('H1_CHUNK_EXT_BYTES', [
    ['1:7', chunked('5;abcd‸e\r\n'), { limits: { chunkExtensionBytes: 4 } }],
    ['1:3', chunked('1;ab\r\nx\r\n1;ab\r\nx\r\n1;‸c\r\nx\r\n'), { limits: { chunkExtensionBytes: 4 } }],
    ['1:3', chunked('1;‸a\r\n'), { limits: { chunkExtensionBytes: 0 } }],
  ]),
  rows('H1_CHUNK_DATA_END', [
    ['1:1', chunked('5\r\nhello‸x')],
    ['1:1', chunked('5\r\nhello‸\n'), { bareLf: 'accept' }],
    ['1:2', chunked('5\r\nhello\r‸x')],
  ]),
].flat();

const TRAILERS: Refusal[] = [
  rows('H1_TRAILER_FOLD', [
    ['1:1', trailers('‸ X: y\r\n\r\n')],
    ['2:1', trailers('X: y\r\n‸\tz\r\n\r\n')],
  ]),
  rows('H1_TRAILER_NAME_EMPTY', [['1:1', trailers('‸: y\r\n\r\n')]]),
  rows('H1_TRAILER_NAME_SPACE', [['1:2', trailers('X‸ : y\r\n\r\n')]]),
  rows('H1_TRAILER_NAME_OCTET', [['1:2', trailers('X‸@: y\r\n\r\n')]]),
  rows('H1_TRAILER_NO_COLON', [['1:2', trailers('X‸\r\n\r\n')]]),
  rows('H1_TRAILER_VALUE_OCTET', [['2:4', trailers('X: y\r\nZ: ‸\x00\r\n\r\n')]]),
  rows('H1_TRAILER_CR', [['1:6', trailers('X: y\r‸z')]]),
  rows('H1_TRAILER_LF', [
    ['1:5', trailers('X: y‸\n\r\n'), { bareLf: 'accept' }],
    ['1:1', trailers('‸\n'), { bareLf: 'accept' }],
  ]),
  rows('H1_TRAILER_COUNT', [
    ['2:1', trailers('X: y\r\n‸Y: z\r\n\r\n'), { limits: { trailerCount: 1 } }],
    ['1:1', trailers('‸X: y\r\n\r\n'), { limits: { trailerCount: 0 } }],
  ]),
  rows('H1_TRAILER_LINE_BYTES', [['1:65', trailers(`X: ${'y'.repeat(61)}‸y\r\n`), { limits: { fieldBytes: 64 } }]]),
  rows('H1_TRAILER_BYTES', [['3:5', trailers('X: y\r\nY: z\r\nZ: w‸\r\n\r\n'), { limits: { trailerBytes: 16 } }]]),
  rows('H1_TRAILER_END_CR', [['1:2', trailers('\r‸GET / HTTP/1.1')]]),
  rows('H1_TRAILER_FORBIDDEN', [
    ['1:1', trailers('‸Content-Length: 5\r\n\r\n')],
    ['2:1', trailers('X: y\r\n‸hOST: b\r\n\r\n')],
    ['1:1', trailers('‸Transfer-Encoding: chunked\r\n\r\n')],
  ]),
].flat();

const CUT: Refusal[] = [
  rows('H1_HEAD_CUT', [
    ['-', 'G‸'],
    ['-', `${get('/')}GET / HTTP/1.1\r\nHost: a\r\n‸`],
  ]),
  rows('H1_CONTENT_CUT', [
    ['-', `${head('Content-Length: 5')}hell‸`],
    ['-', chunked('‸')],
    ['-', chunked('5\r\nhello\r\n‸')],
    ['-', trailers('X: y\r\n‸')],
  ]),
].flat();

export const REFUSALS: readonly Refusal[] = [LINE, TARGET, FIELDS, CONTROL, CHUNKS, TRAILERS, CUT].flat();
