/** One conversation for each way in which a peer over HTTP/2 can be refused: by octets, by budgets that are spent, by time. */
import { representation, serialiseBlock, stringLiteral } from '../fuzz/grammar/hpack-representations.ts';
import {
  directive,
  FLAG,
  frameOctets,
  PREFACE,
  TYPE,
  VERB,
  type WireFrame,
  wireFrame,
} from '../fuzz/grammar/http2-frames.ts';
import { uint } from '../fuzz/grammar/octets.ts';
import type { ExampleSet } from './corpus-examples.ts';
import {
  ACK,
  answer,
  data,
  field,
  get,
  headers,
  post,
  request,
  rst,
  say,
  settings,
  TAKE,
  window,
} from './corpus-examples-http2.ts';

type Pair = readonly [name: string, value: string];
const METHOD: Pair = [':method', 'GET'];
const SCHEME: Pair = [':scheme', 'http'];
const PATH: Pair = [':path', '/'];
const AUTHORITY: Pair = [':authority', 'a'];
const END = FLAG.END_STREAM;
const WHOLE = FLAG.END_HEADERS;

/** Priority of a stream that has not come yet. */
const update = (stream: number): WireFrame => wireFrame(TYPE.PRIORITY_UPDATE, 0, 0, `${uint(stream, 4)}u=${stream}`);

const list = (...fields: readonly Pair[]): string =>
  serialiseBlock(fields.map(([name, value]) => field('plain', name, value)));
/** A request that changes no table, so that the same octets are the same request again. */
const PLAIN = list(METHOD, SCHEME, PATH, AUTHORITY);
/** A request of exactly these fields; one with these behind the usual ones; trailers of these. */
const only = (...fields: readonly Pair[]): string => say(headers(1, list(...fields), WHOLE | END));
const lines = (...fields: readonly Pair[]): string =>
  say(headers(1, request('GET', '/') + list(...fields), WHOLE | END));
const trailers = (...fields: readonly Pair[]): string => say(post(1), headers(1, list(...fields), WHOLE | END));
const block = (octets: string): string => say(headers(1, octets, WHOLE | END));
const tick = (ms: number): WireFrame => directive(VERB.TICK, 0, ms);
const times = (count: number, make: (stream: number) => readonly WireFrame[]): readonly WireFrame[] =>
  Array.from({ length: count }, (_, index) => make(2 * index + 1)).flat();

/** Code by code. */
const REFUSALS: readonly (readonly [code: string, input: string])[] = [
  ['H2_PADDING_CUT', say(post(1), wireFrame(TYPE.DATA, FLAG.PADDED, 1))],
  ['H2_HEADERS_STREAM_ZERO', say(get(0))],
  ['H2_HEADERS_PRIORITY_CUT', say(headers(1, '\0\0\0\0', FLAG.PRIORITY | WHOLE))],
  ['H2_HEADERS_CLOSED', say(get(1, '/333'), headers(1, list(['x', 'y']), WHOLE | END))],
  ['H2_STREAM_LIMIT', say(...times(33, (stream) => [get(stream, '/333')]))],
  ['H2_PRIORITY_STREAM_ZERO', say(wireFrame(TYPE.PRIORITY, 0, 0, '\0\0\0\x01\0'))],
  ['H2_PRIORITY_LENGTH', say(post(1), wireFrame(TYPE.PRIORITY, 0, 1, '\0\0\0\0'))],
  ['H2_PRIORITY_SELF', say(post(1), wireFrame(TYPE.PRIORITY, 0, 1, '\0\0\0\x01\0'))],
  ['H2_RST_STREAM_ZERO', say(rst(0))],
  ['H2_RST_IDLE', say(rst(1))],
  ['H2_RST_LENGTH', say(post(1), wireFrame(TYPE.RST_STREAM, 0, 1, '\0\0\0'))],
  ['H2_SETTINGS_STREAM', say(wireFrame(TYPE.SETTINGS, 0, 1))],
  ['H2_SETTINGS_LENGTH', say(wireFrame(TYPE.SETTINGS, 0, 0, '\0\x03\0\0\0'))],
  ['H2_SETTINGS_ACK_LENGTH', say(wireFrame(TYPE.SETTINGS, FLAG.ACK, 0, '\0\x03\0\0\0\x01'))],
  ['H2_SETTINGS_CONNECT', say(settings([8, 1]), settings([8, 0]))],
  ['H2_SETTINGS_PRIORITIES', say(settings([9, 1]), settings([9, 0]))],
  ['H2_SETTINGS_WINDOW_OVERFLOW', say(post(1), window(1, 0x7fff_ffff - 65_535), settings([4, 65_536]))],
  ['H2_PING_STREAM', say(wireFrame(TYPE.PING, 0, 1, 'pingpong'))],
  ['H2_PING_LENGTH', say(wireFrame(TYPE.PING, 0, 0, 'pingpon'))],
  ['H2_GOAWAY_STREAM', say(wireFrame(TYPE.GOAWAY, 0, 1, '\0'.repeat(8)))],
  ['H2_GOAWAY_LENGTH', say(wireFrame(TYPE.GOAWAY, 0, 0, '\0'.repeat(7)))],
  ['H2_WINDOW_LENGTH', say(wireFrame(TYPE.WINDOW_UPDATE, 0, 0, '\0\0\0'))],
  ['H2_WINDOW_ZERO', say(window(0, 0))],
  ['H2_PRIORITY_UPDATE_STREAM', say(wireFrame(TYPE.PRIORITY_UPDATE, 0, 1, '\0\0\0\x01u=1'))],
  ['H2_PRIORITY_UPDATE_LENGTH', say(wireFrame(TYPE.PRIORITY_UPDATE, 0, 0, '\0\0\0'))],
  ['H2_PRIORITY_UPDATE_TARGET', say(wireFrame(TYPE.PRIORITY_UPDATE, 0, 0, '\0\0\0\0u=1'))],
  [
    'H2_PRIORITY_UPDATE_LIMIT',
    say(...times(33, (stream) => [wireFrame(TYPE.PRIORITY_UPDATE, 0, 0, `${uint(stream, 4)}u=1`)])),
  ],
  ['H2_PSEUDO_LATE', only(METHOD, SCHEME, ['x', 'y'], PATH, AUTHORITY)],
  ['H2_PSEUDO_UNKNOWN', only(METHOD, SCHEME, PATH, AUTHORITY, [':status', '200'])],
  ['H2_PSEUDO_TRAILER', trailers(['x', 'y'], [':path', '/'])],
  ['H2_METHOD', only([':method', 'GE T'], SCHEME, PATH, AUTHORITY)],
  ['H2_SCHEME_MISSING', only(METHOD, PATH, AUTHORITY)],
  ['H2_SCHEME', only(METHOD, [':scheme', 'ht tp'], PATH, AUTHORITY)],
  ['H2_PATH_MISSING', only(METHOD, SCHEME, AUTHORITY)],
  ['H2_PATH', only(METHOD, SCHEME, [':path', '*'], AUTHORITY)],
  ['H2_AUTHORITY', only(METHOD, SCHEME, PATH, [':authority', 'user@a'])],
  ['H2_AUTHORITY', only(METHOD, SCHEME, PATH, ['host', 'a:port'])],
  ['H2_AUTHORITY_MISSING', only(METHOD, SCHEME, PATH)],
  ['H2_HOST_MISMATCH', lines(['host', 'b'])],
  ['H2_HOST_MISMATCH', lines(['host', 'a'], ['host', 'a'])],
  ['H2_CONNECT_SHAPE', only([':method', 'CONNECT'], [':authority', 'a:1'], PATH)],
  ['H2_PROTOCOL_SHAPE', only([':method', 'CONNECT'], [':protocol', 'websocket'], SCHEME, PATH, AUTHORITY)],
  ['H2_FIELD_VALUE', lines(['x', 'a\nb'])],
  ['H2_FIELD_VALUE', lines(['x', ' y'])],
  ['H2_FIELD_TE', lines(['te', 'gzip'])],
  ['H2_LENGTH', lines(['content-length', '1, 1'])],
  ['H2_LENGTH', lines(['content-length', '0'], ['content-length', '0'])],
  ['H2_TRAILER_FORBIDDEN', trailers(['content-length', '1'])],
  ['H2_LIST_BYTES', lines(['x', 'y'.repeat(16_384)])],
  ['H2_CONTENT_BYTES', say(post(1, '/', field('plain', 'content-length', '1073741825')))],
  ['HPACK_CUT', block('\x82\xff')],
  ['HPACK_INDEX_RANGE', block('\x82\xbe')],
  ['HPACK_STRING_CUT', block('\0\x05a')],
  ['HPACK_HUFFMAN_EOS', block('\0\x84\xff\xff\xff\xff\0')],
  ['HPACK_HUFFMAN_PADDING', block('\0\x81\x18\0')],
  ['HPACK_SIZE_UPDATE_VALUE', block('\x3f\xe2\x1f\x82')],
  // What time alone raises
  ['H2_SETTINGS_TIMEOUT', `${PREFACE}${[settings(), tick(10_001)].map(frameOctets).join('')}`],
  ['H2_BLOCK_TIMEOUT', say(headers(1, request('GET', '/'), END), tick(10_001))],
  ['H2_CONTENT_TIMEOUT', say(post(1), data(1, 'x'), tick(10_001))],
  ['H2_CONTENT_RATE', say(post(1), ...Array.from({ length: 7 }, () => [data(1, 'x'), tick(1_000)]).flat())],
  [
    'H2_STALL_TIMEOUT',
    say(settings([4, 1]), get(1, '/333'), answer(1, 12), TAKE, tick(1), tick(30_001), TAKE, tick(1)),
  ],
  ['H2_IDLE_TIMEOUT', say(tick(60_001))],
  // What is right, and seldom: seeds that no code names
  ['', say(post(1, '/333'), ...[0, 5, 6, 2, 3, 4, 10, 14].map((way) => answer(1, way)), TAKE, data(1, '', END))],
  ['', say(get(1, '/333'), ...[7, 8, 9, 13].map((way) => answer(1, way)), TAKE)],
  ['', say(get(1, '/333', field('plain', 'host', 'a'), field('plain', 'te', 'trailers')), answer(1, 15), TAKE)],
  ['', say(settings([8, 1], [9, 1], [6, 100], [3, 5]), ACK, get(1, '/1'), TAKE)],
  ['', say(settings([1, 100], [1, 50], [1, 4_096]), get(1, '/4444'), TAKE)],
  ['', say(get(1, '/4444'), directive(VERB.END, 0), TAKE)],
  ['', say(post(1), data(1, 'x'), directive(VERB.FAIL, 0), TAKE)],
  ['', say(get(1, '/4444'), TAKE, rst(1), directive(VERB.DRAIN, 0), directive(VERB.DRAIN, 0), TAKE, tick(1_001))],
  ['', lines(...Array.from({ length: 40 }, (_, index): Pair => [`x-${index % 3}`, 'same'.repeat(index)]))],
  [
    '',
    say(
      ...times(12, (stream) => [get(stream, `/${'22'.repeat(stream % 3)}`)]),
      TAKE,
      ...times(12, (stream) => [get(stream + 24, '/1')]),
    ),
  ],
  ['', only(METHOD, SCHEME, PATH, ['host', 'a'])],
  ['', say(...times(4, (stream) => [headers(stream, PLAIN, WHOLE | END)]), headers(9, `${PLAIN}\x82`, WHOLE | END))],
  ['', say(...times(2, (stream) => [update(stream)]), get(1, '/4444'), get(3, '/4444'), TAKE)],
  [
    '',
    say(post(1, '/', field('plain', 'content-length', '5')), data(1, 'abc'), headers(1, list(['x', 'y']), WHOLE | END)),
  ],
  ['', say(headers(1, PLAIN.slice(0, 9), END), wireFrame(TYPE.CONTINUATION, WHOLE, 1, `${PLAIN.slice(9)}\x80`))],
  ['', say(get(1, '/333'), answer(1, 7), answer(1, 2), TAKE)],
  ['', say(post(1), data(1, 'x'), directive(VERB.END, 0), TAKE)],
  ['', say(get(1, '/1'), directive(VERB.TAKE, 0, 50), wireFrame(TYPE.PING, 0, 0, 'pingpong'), TAKE)],
  ['', say(settings([4, 0]), get(1, '/333'), ...[0, 2, 2, 2].map((way) => answer(1, way)), window(1, 9), TAKE, rst(1))],
  [
    '',
    say(
      headers(
        1,
        serialiseBlock([representation('plain', 2, undefined, stringLiteral('OPTIONS', true))]) +
          list(SCHEME, [':path', '*'], AUTHORITY),
        WHOLE | END,
      ),
    ),
  ],
];

/** Before the table is known to be small its size need not be updated. */
const early = (...frames: readonly WireFrame[]): string => PREFACE + [settings(), ...frames].map(frameOctets).join('');

/** Spent with the small limits of `http2-budgets`. */
const BUDGETS: readonly (readonly [code: string, input: string])[] = [
  ['H2_BUDGET_RESETS', early(...times(6, (stream) => [post(stream, '/333'), rst(stream)]), TAKE)],
  ['H2_BUDGET_SELF_RESETS', early(...times(6, (stream) => [headers(stream, '', WHOLE | END)]))],
  ['H2_BUDGET_EMPTY', early(post(1), ...Array.from({ length: 6 }, () => data(1, '')))],
  ['H2_BUDGET_UNKNOWN', early(...Array.from({ length: 6 }, () => wireFrame(0xbe, 0, 9)))],
  ['H2_BUDGET_LATE', early(headers(1, '', WHOLE), ...Array.from({ length: 8 }, () => data(1, 'x')))],
  [
    'H2_BUDGET_LATE',
    early(post(1), wireFrame(TYPE.GOAWAY, 0, 0, '\0'.repeat(8)), ...times(9, (stream) => [get(stream + 2)])),
  ],
  ['H2_BUDGET_SETTINGS', early(settings(...Array.from({ length: 9 }, () => [0xff, 0] as const)))],
  ['H2_STREAM_LIMIT', early(...times(5, (stream) => [get(stream, '/333')]))],
  [
    'H2_LIST_BYTES',
    early(headers(1, request('GET', '/') + list(['x', 'y'.repeat(900)], ['x', 'y'.repeat(900)]), WHOLE | END)),
  ],
  ['H2_LIST_BYTES', early(headers(1, request('GET', '/') + list(['x', 'y'.repeat(1_000)]), WHOLE | END))],
  [
    'H2_LIST_BYTES',
    early(post(1), headers(1, list(...Array.from({ length: 13 }, (): Pair => ['x', 'y'])), WHOLE | END), TAKE),
  ],
];

/** Nothing is taken: answers of 17 octets each wait, up to 16 KiB. */
const QUEUE = say(...Array.from({ length: 970 }, () => wireFrame(TYPE.PING, 0, 0, 'pingpong')));

const HERE = 'scripts/corpus-refusals-http2.ts';
const setOf = (target: string, inputs: readonly string[]): ExampleSet => ({
  target,
  set: 'refusals',
  origin: `${HERE}: one for each error code of HTTP/2`,
  inputs,
});

export const HTTP2_REFUSAL_SETS: readonly ExampleSet[] = [
  setOf(
    'http2-connection',
    REFUSALS.map(([, input]) => input),
  ),
  setOf(
    'http2-budgets',
    BUDGETS.map(([, input]) => input),
  ),
  setOf('http2-settings-priority', [QUEUE]),
];
