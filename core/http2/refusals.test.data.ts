/** At least one input for each code that octets can raise over HTTP/2: the place it points to is marked in the input itself. */

import type { HpackCode } from '../errors/hpack-codes.ts';
import { H2_ERROR, type Http2Code } from '../errors/http2-codes.ts';
import { answering, type PeerOptions, type Script } from './peer.test.data.ts';
import {
  ACK,
  continuation,
  data,
  END_HEADERS,
  END_STREAM,
  fields,
  frame,
  get,
  goaway,
  headers,
  hello,
  indexed,
  type Line,
  literal,
  MARK,
  PADDED,
  PREFACE,
  PRIORITY,
  padded,
  ping,
  post,
  priority,
  priorityUpdate,
  request,
  rst,
  SETTINGS_ACK,
  settings,
  T,
  uint,
  windowUpdate,
} from './wire.test.data.ts';

/** One input that breaks one rule, and all that is found out about it. */
export interface Refusal {
  readonly code: Http2Code | HpackCode;
  readonly streamId: number;
  /** `undefined` where the frame's head is not known. */
  readonly frameType: number | undefined;
  /** One unit per octet, with one {@link MARK}. */
  readonly input: string;
  readonly options: PeerOptions;
  readonly script: Script;
  /** What the stream's end looks like on the wire where it is not RST_STREAM with the code's number. */
  readonly wire: readonly string[] | undefined;
}

/** Codes that time alone raises: the timers' test has their rows. */
export const TIMER_CODES = [
  'H2_SETTINGS_TIMEOUT',
  'H2_PREFACE_TIMEOUT',
  'H2_BLOCK_TIMEOUT',
  'H2_CONTENT_TIMEOUT',
  'H2_CONTENT_RATE',
  'H2_STALL_TIMEOUT',
  'H2_IDLE_TIMEOUT',
  'H2_WRITE_TIMEOUT',
] as const satisfies readonly Http2Code[];

interface Extra {
  readonly options?: PeerOptions;
  readonly script?: Script;
  readonly wire?: readonly string[];
  /** The input is all there is: no preface is put before it. */
  readonly isRaw?: boolean;
}

type Row = readonly [streamId: number, frameType: number | undefined, input: string, extra?: Extra];

function rows(code: Refusal['code'], all: readonly Row[]): Refusal[] {
  return all.map(([streamId, frameType, input, extra = {}]) => {
    const { options = {}, script = () => {}, wire, isRaw = false } = extra;
    return { code, streamId, frameType, input: isRaw ? input : hello() + input, options, script, wire };
  });
}

const raw: Extra = { isRaw: true };
/** Streams are answered once they have ended, and so are closed. */
const closing: Extra = { script: answering('end') };
const limited = (limits: PeerOptions['limits']): Extra => ({ options: limits === undefined ? {} : { limits } });
const { DATA, HEADERS, SETTINGS, RST_STREAM, PING, GOAWAY, WINDOW_UPDATE, CONTINUATION, PRIORITY_UPDATE } = T;
const M = MARK;

const FRAMES: Refusal[] = [
  rows('H2_PREFACE', [
    [0, undefined, `PRI * HTTP/2.0\r\n\r\nSM\r\n\r${M}X`, raw],
    [0, undefined, `${M}GET / HTTP/1.1\r\nHost: a\r\n\r\n`, raw],
    [0, undefined, `PRI * HTTP/2.0\r\n\r\n${M}\0\0\0\0`, raw],
  ]),
  rows('H2_FIRST_FRAME', [
    [0, PING, `${PREFACE}${M}${ping()}`, raw],
    [0, SETTINGS, `${PREFACE}${M}${SETTINGS_ACK}`, raw],
    [1, HEADERS, `${PREFACE}${M}${get(1)}`, raw],
  ]),
  rows('H2_FRAME_SIZE', [
    [0, undefined, `${M}${frame(DATA, 0, 1, 'x'.repeat(16_385))}`],
    [0, undefined, `${M}${uint(16_385, 3)}`],
    [0, undefined, `${ping()}${M}${uint(0xffffff, 3)}\0`],
  ]),
  rows('H2_BLOCK_INTERRUPTED', [
    [0, PING, `${headers(1, request('GET', '/'), 0)}${M}${ping()}`],
    [3, CONTINUATION, `${headers(1, request('GET', '/'), 0)}${M}${continuation(3, '')}`],
    [1, DATA, `${headers(1, '', 0)}${M}${data(1, '')}`],
    [0, 0xbe, `${headers(1, '', 0)}${M}${frame(0xbe, 0, 0)}`],
  ]),
  rows('H2_PADDING', [
    [1, DATA, `${post(1)}${frame(DATA, PADDED, 1, `${M}\x04abc`)}`],
    [1, DATA, `${post(1)}${frame(DATA, PADDED, 1, `${M}\x01`)}`],
    [1, HEADERS, frame(HEADERS, PADDED | END_HEADERS, 1, `${M}\xff\x82`)],
  ]),
  rows('H2_PADDING_CUT', [
    [1, DATA, `${post(1)}${M}${frame(DATA, PADDED, 1)}`],
    [1, HEADERS, `${M}${frame(HEADERS, PADDED | END_HEADERS, 1)}`],
  ]),
  rows('H2_DATA_STREAM_ZERO', [[0, DATA, `${M}${data(0, 'x')}`]]),
  rows('H2_DATA_IDLE', [
    [1, DATA, `${M}${data(1, 'x')}`],
    [2, DATA, `${get(3)}${M}${data(2, 'x')}`],
  ]),
  rows('H2_DATA_CLOSED', [[1, DATA, `${get(1)}${M}${data(1, 'x')}`]]),
  rows('H2_CLOSED_STREAM', [
    [1, DATA, `${get(1)}${M}${data(1, 'x')}`, closing],
    [1, HEADERS, `${get(1)}${M}${get(1)}`, closing],
    [1, DATA, `${post(1)}${rst(1)}${M}${data(1, 'x')}`],
    [1, HEADERS, `${post(1)}${rst(1)}${M}${get(1)}`],
  ]),
  rows('H2_HEADERS_STREAM_ZERO', [[0, HEADERS, `${M}${get(0)}`]]),
  rows('H2_HEADERS_PRIORITY_CUT', [[1, HEADERS, `${M}${headers(1, '\0\0\0\0', PRIORITY | END_HEADERS)}`]]),
  rows('H2_HEADERS_CLOSED', [[1, HEADERS, `${get(1)}${M}${headers(1, fields(['x', 'y']))}`]]),
  rows('H2_STREAM_PARITY', [[2, HEADERS, `${M}${get(2)}`]]),
  rows('H2_STREAM_ORDER', [
    [1, HEADERS, `${get(3)}${M}${get(1)}`],
    [5, HEADERS, `${get(0x7fffffff)}${M}${get(5)}`],
  ]),
  rows('H2_STREAM_LIMIT', [[5, HEADERS, `${get(1)}${get(3)}${M}${get(5)}`, limited({ concurrentStreams: 2 })]]),
  rows('H2_PRIORITY_STREAM_ZERO', [[0, T.PRIORITY, `${M}${priority(0, 1)}`]]),
  rows('H2_PRIORITY_SELF', [
    [1, T.PRIORITY, `${post(1)}${frame(T.PRIORITY, 0, 1, `${M}\0\0\0\x01\0`)}`],
    [1, HEADERS, `${M}${headers(1, `\0\0\0\x01\0${request('GET', '/')}`, PRIORITY | END_HEADERS)}`],
    [7, T.PRIORITY, frame(T.PRIORITY, 0, 7, `${M}\0\0\0\x07\0`), { wire: ['GOAWAY 0 1 H2_PRIORITY_SELF'] }],
  ]),
  rows('H2_PRIORITY_LENGTH', [
    [1, T.PRIORITY, `${post(1)}${M}${frame(T.PRIORITY, 0, 1, '\0\0\0\0')}`],
    [1, T.PRIORITY, `${post(1)}${M}${frame(T.PRIORITY, 0, 1, '\0\0\0\0\0\0')}`],
    // An idle stream cannot be reset
    [7, T.PRIORITY, `${M}${frame(T.PRIORITY, 0, 7)}`, { wire: ['GOAWAY 0 6 H2_PRIORITY_LENGTH'] }],
  ]),
  rows('H2_RST_STREAM_ZERO', [[0, RST_STREAM, `${M}${rst(0)}`]]),
  rows('H2_RST_IDLE', [
    [1, RST_STREAM, `${M}${rst(1)}`],
    [2, RST_STREAM, `${get(3)}${M}${rst(2)}`],
  ]),
  rows('H2_RST_LENGTH', [[1, RST_STREAM, `${post(1)}${M}${frame(RST_STREAM, 0, 1, '\0\0\0')}`]]),
  rows('H2_SETTINGS_STREAM', [[1, SETTINGS, `${M}${frame(SETTINGS, 0, 1)}`]]),
  rows('H2_SETTINGS_LENGTH', [[0, SETTINGS, `${M}${frame(SETTINGS, 0, 0, '\0\x03\0\0\0')}`]]),
  rows('H2_SETTINGS_ACK_LENGTH', [[0, SETTINGS, `${M}${frame(SETTINGS, ACK, 0, '\0\x03\0\0\0\x01')}`]]),
  rows('H2_SETTINGS_ACK_STRAY', [[0, SETTINGS, `${M}${SETTINGS_ACK}`]]),
  rows('H2_SETTINGS_PUSH', [[0, SETTINGS, frame(SETTINGS, 0, 0, `\0\x02${M}\0\0\0\x02`)]]),
  rows('H2_SETTINGS_WINDOW', [
    [0, SETTINGS, frame(SETTINGS, 0, 0, `\0\x03\0\0\0\x01\0\x04${M}\x80\0\0\0`)],
    [0, SETTINGS, frame(SETTINGS, 0, 0, `\0\x04${M}\xff\xff\xff\xff`)],
  ]),
  rows('H2_SETTINGS_FRAME_SIZE', [
    [0, SETTINGS, frame(SETTINGS, 0, 0, `\0\x05${M}\0\0\x3f\xff`)],
    [0, SETTINGS, frame(SETTINGS, 0, 0, `\0\x05${M}\x01\0\0\0`)],
  ]),
  rows('H2_SETTINGS_CONNECT', [
    [0, SETTINGS, frame(SETTINGS, 0, 0, `\0\x08${M}\0\0\0\x02`)],
    [0, SETTINGS, `${settings([8, 1])}${frame(SETTINGS, 0, 0, `\0\x08${M}\0\0\0\0`)}`],
  ]),
  rows('H2_SETTINGS_PRIORITIES', [
    [0, SETTINGS, frame(SETTINGS, 0, 0, `\0\x09${M}\0\0\0\x02`)],
    [0, SETTINGS, `${settings([9, 1])}${frame(SETTINGS, 0, 0, `\0\x09${M}\0\0\0\0`)}`],
  ]),
  rows('H2_PUSH_PROMISE', [
    [1, T.PUSH_PROMISE, `${post(1)}${M}${frame(T.PUSH_PROMISE, END_HEADERS, 1, '\0\0\0\x02')}`],
  ]),
  rows('H2_PING_STREAM', [[1, PING, `${M}${frame(PING, 0, 1, 'pingpong')}`]]),
  rows('H2_PING_LENGTH', [
    [0, PING, `${M}${frame(PING, 0, 0, 'pingpon')}`],
    [0, PING, `${M}${frame(PING, ACK, 0, 'pingponga')}`],
  ]),
  rows('H2_GOAWAY_STREAM', [[1, GOAWAY, `${M}${frame(GOAWAY, 0, 1, '\0\0\0\0\0\0\0\0')}`]]),
  rows('H2_GOAWAY_LENGTH', [[0, GOAWAY, `${M}${frame(GOAWAY, 0, 0, '\0\0\0\0\0\0\0')}`]]),
  rows('H2_WINDOW_LENGTH', [
    [0, WINDOW_UPDATE, `${M}${frame(WINDOW_UPDATE, 0, 0, '\0\0\0')}`],
    [1, WINDOW_UPDATE, `${post(1)}${M}${frame(WINDOW_UPDATE, 0, 1, '\0\0\0\x01\0')}`],
  ]),
  rows('H2_WINDOW_IDLE', [
    [1, WINDOW_UPDATE, `${M}${windowUpdate(1, 1)}`],
    [2, WINDOW_UPDATE, `${get(3)}${M}${windowUpdate(2, 1)}`],
  ]),
  rows('H2_WINDOW_ZERO', [[0, WINDOW_UPDATE, frame(WINDOW_UPDATE, 0, 0, `${M}\0\0\0\0`)]]),
  rows('H2_WINDOW_ZERO_STREAM', [
    [1, WINDOW_UPDATE, `${post(1)}${frame(WINDOW_UPDATE, 0, 1, `${M}\0\0\0\0`)}`],
    // The reserved bit is no part of the increment
    [1, WINDOW_UPDATE, `${post(1)}${frame(WINDOW_UPDATE, 0, 1, `${M}\x80\0\0\0`)}`],
  ]),
  rows('H2_WINDOW_OVERFLOW', [[0, WINDOW_UPDATE, `${M}${windowUpdate(0, 0x7fffffff - 65_535 + 1)}`]]),
  rows('H2_WINDOW_OVERFLOW_STREAM', [
    [1, WINDOW_UPDATE, `${post(1)}${M}${windowUpdate(1, 0x7fffffff - 65_535 + 1)}`],
    [1, WINDOW_UPDATE, `${post(1)}${windowUpdate(1, 0x7fffffff - 65_535)}${M}${windowUpdate(1, 1)}`],
  ]),
  rows('H2_SETTINGS_WINDOW_OVERFLOW', [
    [0, SETTINGS, `${post(1)}${windowUpdate(1, 0x7fffffff - 65_535)}${M}${settings([4, 65_536])}`],
  ]),
  rows('H2_FLOW_CONNECTION', [
    [
      3,
      DATA,
      `${post(1)}${post(3)}${data(1, 'x'.repeat(16_384)).repeat(3)}${data(1, 'x'.repeat(16_383))}${M}${data(3, 'x')}`,
      limited({ connectionWindowBytes: 65_535 }),
    ],
  ]),
  rows('H2_FLOW_STREAM', [
    [1, DATA, `${post(1)}${data(1, 'x'.repeat(10))}${M}${data(1, 'y')}`, limited({ streamWindowBytes: 10 })],
    // Padding and its length count (RFC9113#6.9.1)
    [1, DATA, `${post(1)}${M}${padded(1, 'x', 9)}`, limited({ streamWindowBytes: 10 })],
  ]),
  rows('H2_CONTINUATION_STRAY', [
    [1, CONTINUATION, `${M}${continuation(1, '')}`],
    [1, CONTINUATION, `${post(1)}${M}${continuation(1, '')}`],
    [0, CONTINUATION, `${M}${continuation(0, '')}`],
  ]),
  rows('H2_PRIORITY_UPDATE_STREAM', [[1, PRIORITY_UPDATE, `${M}${frame(PRIORITY_UPDATE, 0, 1, '\0\0\0\x01u=1')}`]]),
  rows('H2_PRIORITY_UPDATE_LENGTH', [[0, PRIORITY_UPDATE, `${M}${frame(PRIORITY_UPDATE, 0, 0, '\0\0\0')}`]]),
  rows('H2_PRIORITY_UPDATE_TARGET', [
    [0, PRIORITY_UPDATE, frame(PRIORITY_UPDATE, 0, 0, `${M}\0\0\0\0u=1`)],
    [0, PRIORITY_UPDATE, frame(PRIORITY_UPDATE, 0, 0, `${M}\0\0\0\x02u=1`)],
  ]),
  rows('H2_PRIORITY_UPDATE_LIMIT', [
    [
      0,
      PRIORITY_UPDATE,
      `${get(1)}${priorityUpdate(3, 'u=1')}${priorityUpdate(3, 'u=2')}${frame(PRIORITY_UPDATE, 0, 0, `${M}\0\0\0\x05u=1`)}`,
      limited({ concurrentStreams: 2 }),
    ],
  ]),
].flat();

/** A field, or the mark in front of the one that is to blame. */
type Piece = Line | typeof M;

const list = (...all: readonly Piece[]): string => all.map((one) => (one === M ? M : literal(one))).join('');
/** Octets in which the frame is to blame where no field is. */
const marked = (text: string): string => (text.includes(M) ? text : M + text);
/** A request with these lines after its pseudo-header fields. */
const lines = (...all: readonly Piece[]): string => marked(headers(1, request('GET', '/') + list(...all)));
/** A request of exactly these fields. */
const only = (...all: readonly Piece[]): string => marked(headers(1, list(...all)));
const [METHOD, SCHEME, PATH, AUTHORITY] = [
  [':method', 'GET'],
  [':scheme', 'http'],
  [':path', '/'],
  [':authority', 'a'],
] as const;
const connect: Extra = { options: { extendedConnect: true } };
const trailers = (...all: readonly Piece[]): string => post(1) + marked(headers(1, list(...all)));

const MESSAGES: Refusal[] = [
  rows('H2_TRAILERS_NO_END', [[1, HEADERS, `${post(1)}${M}${headers(1, fields(['x', 'y']), END_HEADERS)}`]]),
  rows('H2_PSEUDO_LATE', [
    [1, HEADERS, only(METHOD, SCHEME, ['x', 'y'], M, PATH, AUTHORITY)],
    [1, HEADERS, only(METHOD, SCHEME, PATH, ['cookie', 'a=b'], M, AUTHORITY)],
  ]),
  rows('H2_PSEUDO_UNKNOWN', [
    [1, HEADERS, only(METHOD, SCHEME, PATH, AUTHORITY, M, [':status', '200'])],
    [1, HEADERS, only(METHOD, SCHEME, PATH, AUTHORITY, M, [':', ''])],
    [1, HEADERS, only(M, [':Method', 'GET'], SCHEME, PATH, AUTHORITY)],
  ]),
  rows('H2_PSEUDO_TWICE', [
    [1, HEADERS, only(METHOD, M, METHOD, SCHEME, PATH, AUTHORITY)],
    [1, HEADERS, only(METHOD, SCHEME, PATH, AUTHORITY, M, AUTHORITY)],
  ]),
  rows('H2_PSEUDO_TRAILER', [[1, HEADERS, trailers(['x', 'y'], M, [':path', '/'])]]),
  rows('H2_METHOD_MISSING', [
    [1, HEADERS, only(SCHEME, PATH, AUTHORITY)],
    [1, HEADERS, `${M}${headers(1, '')}`],
  ]),
  rows('H2_METHOD', [
    [1, HEADERS, only(M, [':method', ''], SCHEME, PATH, AUTHORITY)],
    [1, HEADERS, only(M, [':method', 'GE T'], SCHEME, PATH, AUTHORITY)],
  ]),
  rows('H2_SCHEME_MISSING', [[1, HEADERS, only(METHOD, PATH, AUTHORITY)]]),
  rows('H2_SCHEME', [
    [1, HEADERS, only(METHOD, M, [':scheme', ''], PATH, AUTHORITY)],
    [1, HEADERS, only(METHOD, M, [':scheme', 'ht tp'], PATH, AUTHORITY)],
  ]),
  rows('H2_PATH_MISSING', [
    [1, HEADERS, only(METHOD, SCHEME, AUTHORITY)],
    [1, HEADERS, only(METHOD, SCHEME, M, [':path', ''], AUTHORITY)],
  ]),
  rows('H2_PATH', [
    [1, HEADERS, only(METHOD, SCHEME, M, [':path', 'a'], AUTHORITY)],
    [1, HEADERS, only(METHOD, SCHEME, M, [':path', '*'], AUTHORITY)],
    [1, HEADERS, only(METHOD, SCHEME, M, [':path', '/ b'], AUTHORITY)],
    [1, HEADERS, only(METHOD, SCHEME, M, [':path', '/#b'], AUTHORITY)],
    [1, HEADERS, only(METHOD, SCHEME, M, [':path', 'http://a/'], AUTHORITY)],
  ]),
  rows('H2_AUTHORITY', [
    [1, HEADERS, only(METHOD, SCHEME, PATH, M, [':authority', 'a b'])],
    [1, HEADERS, only(METHOD, SCHEME, PATH, M, [':authority', 'user@a'])],
    [1, HEADERS, only(METHOD, SCHEME, PATH, M, ['host', 'a:port'])],
    [1, HEADERS, only([':method', 'CONNECT'], M, [':authority', 'a'])],
  ]),
  rows('H2_AUTHORITY_MISSING', [[1, HEADERS, only(METHOD, SCHEME, PATH)]]),
  rows('H2_HOST_MISMATCH', [
    [1, HEADERS, lines(M, ['host', 'b'])],
    [1, HEADERS, lines(['host', 'a'], M, ['host', 'a'])],
  ]),
  rows('H2_CONNECT_SHAPE', [
    [1, HEADERS, only(M, [':method', 'CONNECT'])],
    [1, HEADERS, only(M, [':method', 'CONNECT'], [':authority', 'a:1'], PATH)],
    [1, HEADERS, only(M, [':method', 'CONNECT'], [':authority', 'a:1'], SCHEME)],
  ]),
  rows('H2_PROTOCOL_SHAPE', [
    [1, HEADERS, only([':method', 'CONNECT'], M, [':protocol', 'websocket'], SCHEME, PATH, AUTHORITY)],
    [1, HEADERS, only(METHOD, M, [':protocol', 'websocket'], SCHEME, PATH, AUTHORITY), connect],
    [1, HEADERS, only([':method', 'CONNECT'], M, [':protocol', ''], SCHEME, PATH, AUTHORITY), connect],
    [1, HEADERS, only([':method', 'CONNECT'], M, [':protocol', 'web socket'], SCHEME, PATH, AUTHORITY), connect],
  ]),
  rows('H2_FIELD_NAME', [
    [1, HEADERS, lines(M, ['X', 'y'])],
    [1, HEADERS, lines(M, ['', 'y'])],
    [1, HEADERS, lines(M, ['x y', 'y'])],
    [1, HEADERS, lines(['a', 'b'], M, ['x:', 'y'])],
    [1, HEADERS, trailers(M, ['X', 'y'])],
  ]),
  rows('H2_FIELD_VALUE', [
    [1, HEADERS, lines(M, ['x', 'a\nb'])],
    [1, HEADERS, lines(M, ['x', '\0'])],
    [1, HEADERS, lines(M, ['x', ' y'])],
    // In the frame that it came in, behind an update of the table's size and an indexed field
    [1, CONTINUATION, headers(1, '\x20\x82', 0) + continuation(1, '\x86\x84', 0) + continuation(1, `${M}\x41\x02a\n`)],
    [1, HEADERS, headers(1, `\x82\x86\x84${M}\x41\x02a\n`, END_STREAM) + continuation(1, '')],
    [1, HEADERS, lines(M, ['x', 'y\t'])],
    [1, HEADERS, only(METHOD, SCHEME, M, [':path', '/\r'], AUTHORITY)],
  ]),
  rows('H2_FIELD_CONNECTION', [
    [1, HEADERS, lines(M, ['connection', 'close'])],
    [1, HEADERS, lines(M, ['keep-alive', '1'])],
    [1, HEADERS, lines(M, ['proxy-connection', 'close'])],
    [1, HEADERS, lines(M, ['transfer-encoding', 'chunked'])],
    [1, HEADERS, lines(M, ['upgrade', 'h2c'])],
    [1, HEADERS, trailers(M, ['connection', 'close'])],
  ]),
  rows('H2_FIELD_TE', [
    [1, HEADERS, lines(M, ['te', 'gzip'])],
    [1, HEADERS, lines(M, ['te', 'trailers, gzip'])],
  ]),
  rows('H2_LENGTH', [
    [1, HEADERS, lines(M, ['content-length', '-1'])],
    [1, HEADERS, lines(['content-length', '0'], M, ['content-length', '0'])],
    [1, HEADERS, lines(M, ['content-length', '1, 1'])],
    [1, HEADERS, lines(M, ['content-length', ''])],
  ]),
  rows('H2_LENGTH_MISMATCH', [
    [1, HEADERS, lines(['content-length', '1'])],
    [1, DATA, `${post(1, ['content-length', '1'])}${M}${data(1, 'xx')}`],
    [1, DATA, `${post(1, ['content-length', '3'])}${M}${data(1, 'xx', END_STREAM)}`],
    [1, HEADERS, `${post(1, ['content-length', '3'])}${data(1, 'xx')}${M}${headers(1, '')}`],
  ]),
  rows('H2_TRAILER_FORBIDDEN', [[1, HEADERS, trailers(M, ['content-length', '1'])]]),
  rows('H2_LIST_BYTES', [
    [
      1,
      HEADERS,
      lines(['x', 'y'.repeat(1_000)]),
      { ...limited({ headerListBytes: 1_024 }), wire: answered(431, 'Request Header Fields Too Large') },
    ],
    [
      1,
      HEADERS,
      `${M}${headers(1, '\x82'.repeat(9), END_HEADERS)}`,
      { ...limited({ fieldCount: 8 }), wire: [...answered(431, 'Request Header Fields Too Large'), 'RST 1 0'] },
    ],
    [
      1,
      HEADERS,
      trailers(...Array.from({ length: 101 }, (): readonly [string, string] => ['x', 'y'])),
      { wire: [...answered(431, 'Request Header Fields Too Large'), 'RST 1 0'] },
    ],
  ]),
  rows('H2_CONTENT_BYTES', [
    [
      1,
      HEADERS,
      `${M}${post(1, ['content-length', '11'])}`,
      { ...limited({ contentBytes: 10 }), wire: [...answered(413, 'Content Too Large'), 'RST 1 0'] },
    ],
    [
      1,
      DATA,
      `${post(1)}${data(1, 'x'.repeat(10))}${M}${data(1, 'x')}`,
      { ...limited({ contentBytes: 10 }), wire: [...answered(413, 'Content Too Large'), 'RST 1 0'] },
    ],
  ]),
].flat();

/** What answers a refused request by itself. */
function answered(status: number, reason: string): readonly string[] {
  const text = `${status} ${reason}\n`;
  const head = `HEADERS 1 :status=${status} content-type=text/plain; charset=utf-8 content-length=${text.length}`;
  return [head, `DATA 1 ${text.length > 32 ? text.length : `"${text}"`} END`];
}

const BUDGETS: Refusal[] = [
  rows('H2_BUDGET_RESETS', [[3, RST_STREAM, `${post(1)}${rst(1)}${post(3)}${M}${rst(3)}`, limited({ resetBurst: 1 })]]),
  rows('H2_BUDGET_SELF_RESETS', [
    [3, HEADERS, `${headers(1, '')}${M}${headers(3, '')}`, limited({ selfResetBurst: 1 })],
  ]),
  rows('H2_BUDGET_CONTROL', [
    [0, PING, `${ping()}${M}${ping()}`, limited({ controlBurst: 3 })],
    [0, GOAWAY, `${post(1)}${goaway()}${M}${goaway()}`, limited({ controlBurst: 3 })],
  ]),
  rows('H2_BUDGET_EMPTY', [
    [1, DATA, `${post(1)}${data(1, '')}${M}${padded(1, '', 5)}`, limited({ emptyFrames: 1 })],
    [1, CONTINUATION, `${headers(1, '', 0)}${M}${continuation(1, '', 0)}`, limited({ emptyFrames: 1 })],
  ]),
  rows('H2_BUDGET_UNKNOWN', [
    [9, 0xbe, `${frame(0xef, 255, 1)}${M}${frame(0xbe, 0, 9)}`, limited({ unknownFrames: 1 })],
  ]),
  rows('H2_BUDGET_CONTINUATION', [
    [1, CONTINUATION, `${headers(1, '\x82', 0)}${M}${continuation(1, '\x84')}`, limited({ continuations: 0 })],
    [
      1,
      CONTINUATION,
      `${headers(1, 'x'.repeat(1_024), 0)}${M}${continuation(1, '\x84')}`,
      limited({ blockBytes: 1_024 }),
    ],
    [1, HEADERS, `${M}${headers(1, '\x82'.repeat(1_025))}`, limited({ blockBytes: 1_024 })],
  ]),
  rows('H2_BUDGET_SETTINGS', [
    [
      0,
      SETTINGS,
      `${M}${settings(...Array.from({ length: 9 }, () => [0xff, 0] as const))}`,
      limited({ settingsEntries: 8 }),
    ],
  ]),
  rows('H2_BUDGET_QUEUE', [
    // Nothing is taken: 67 octets of settings and window, then answers of 17 octets, up to 16 KiB
    [0, PING, `${ping().repeat(959)}${M}${ping()}`, { options: { takeBytes: 0 } }],
  ]),
  rows('H2_BUDGET_LATE', [
    [1, DATA, `${headers(1, '', END_HEADERS)}${data(1, 'x')}${M}${data(1, 'x')}`, limited({ lateFrames: 1 })],
    [1, RST_STREAM, `${headers(1, '', END_HEADERS)}${rst(1)}${M}${rst(1)}`, limited({ lateFrames: 1 })],
    [5, HEADERS, `${post(1)}${goaway()}${get(3)}${M}${get(5)}`, limited({ lateFrames: 1 })],
  ]),
].flat();

/** A block in HEADERS, marked. */
const block = (text: string): string => headers(1, text);

const HPACK: Refusal[] = [
  rows('HPACK_CUT', [
    [1, HEADERS, block(`\x82${M}\xff`)],
    [1, HEADERS, `${block('\x40')}${M}`],
    [1, CONTINUATION, `${headers(1, '\x82', 0)}${continuation(1, `\x84${M}\xff`)}`],
  ]),
  rows('HPACK_INTEGER_OVERFLOW', [
    [1, HEADERS, block(`${M}\xff\xff\xff\xff\xff\xff`)],
    [1, HEADERS, block(`\0${M}\x7f\xff\xff\xff\xff\x7f`)],
  ]),
  rows('HPACK_INDEX_ZERO', [
    [1, HEADERS, block(`\x82\x84${M}\x80`)],
    [1, CONTINUATION, `${headers(1, '\x82\x84', 0)}${continuation(1, '\x86', 0)}${continuation(1, `${M}\x80`)}`],
    // Padding and priority fields before the block count
    [1, HEADERS, frame(HEADERS, PADDED | PRIORITY | END_HEADERS, 1, `\x03\0\0\0\0\x0f\x82${M}\x80\0\0\0`)],
  ]),
  rows('HPACK_INDEX_RANGE', [
    [1, HEADERS, block(`\x82${M}\xbe`)],
    [3, HEADERS, `${headers(1, indexed(['x', 'y']))}${headers(3, `\xbe${M}\xbf`)}`],
  ]),
  rows('HPACK_STRING_CUT', [[1, HEADERS, block(`\0${M}\x05a`)]]),
  rows('HPACK_HUFFMAN_EOS', [[1, HEADERS, block(`\0\x84\xff\xff\xff${M}\xff\0`)]]),
  rows('HPACK_HUFFMAN_PADDING', [[1, HEADERS, block(`\0\x81${M}\x18\0`)]]),
  rows('HPACK_SIZE_UPDATE_PLACE', [[1, HEADERS, block(`\x82${M}\x20`)]]),
  rows('HPACK_SIZE_UPDATE_VALUE', [
    [1, HEADERS, block(`${M}\x3f\xe2\x1f\x82`)],
    [1, HEADERS, block(`\x20${M}\x21`), limited({ headerTableBytes: 0 })],
  ]),
  rows('HPACK_SIZE_UPDATE_MISSING', [[1, HEADERS, block(`${M}\x82`), limited({ headerTableBytes: 100 })]]),
].flat();

/** Every row; HPACK ones end the connection with COMPRESSION_ERROR (RFC9113#4.3). */
export const REFUSALS: readonly Refusal[] = [...FRAMES, ...MESSAGES, ...BUDGETS, ...HPACK];
export const HPACK_ERROR = H2_ERROR.COMPRESSION_ERROR;
