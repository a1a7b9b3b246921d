/** Conversations and field blocks written for this project as seeds of the HTTP/2 and HPACK fuzz targets. */
import { readFileSync } from 'node:fs';
import { type BlockItem, serialiseItems } from '../fuzz/grammar/hpack-blocks.ts';
import {
  type Representation,
  representation,
  serialiseBlock,
  stringLiteral,
} from '../fuzz/grammar/hpack-representations.ts';
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

const END = FLAG.END_STREAM;
const WHOLE = FLAG.END_HEADERS;

/** `GET /`, `POST /22` and the like of `a`: indexed where the static table has it, the path as a literal. */
export function request(method: 'GET' | 'POST', path: string, ...fields: readonly Representation[]): string {
  return serialiseBlock([
    representation('indexed', method === 'GET' ? 2 : 3),
    representation('indexed', 6),
    representation('plain', 4, undefined, stringLiteral(path, false)),
    representation('table', 1, undefined, stringLiteral('a', false)),
    ...fields,
  ]);
}

export const field = (kind: Representation['kind'], name: string, value: string, isHuffman = false): Representation =>
  representation(kind, 0, stringLiteral(name, isHuffman), stringLiteral(value, isHuffman));
export const headers = (stream: number, block: string, flags: number = WHOLE): WireFrame =>
  wireFrame(TYPE.HEADERS, flags, stream, block);
export const get = (stream: number, path = '/', ...fields: readonly Representation[]): WireFrame =>
  headers(stream, request('GET', path, ...fields), WHOLE | END);
export const post = (stream: number, path = '/', ...fields: readonly Representation[]): WireFrame =>
  headers(stream, request('POST', path, ...fields));
export const data = (stream: number, content: string, flags = 0): WireFrame =>
  wireFrame(TYPE.DATA, flags, stream, content);
export const settings = (...pairs: readonly (readonly [number, number])[]): WireFrame =>
  wireFrame(TYPE.SETTINGS, 0, 0, pairs.map(([id, value]) => uint(id, 2) + uint(value, 4)).join(''));
export const window = (stream: number, increment: number): WireFrame =>
  wireFrame(TYPE.WINDOW_UPDATE, 0, stream, uint(increment, 4));
export const rst = (stream: number): WireFrame => wireFrame(TYPE.RST_STREAM, 0, stream, uint(8, 4));
export const answer = (stream: number, way: number): WireFrame =>
  wireFrame(TYPE.DIRECTIVE, 0, stream, uint(VERB.ANSWER, 1) + uint(way, 1));
export const ACK = wireFrame(TYPE.SETTINGS, FLAG.ACK, 0);
export const TAKE = directive(VERB.TAKE, 0, 0);

export const say = (...frames: readonly WireFrame[]): string =>
  PREFACE + [settings(), ACK, ...frames].map(frameOctets).join('');

/** What a client may say, one theme each. */
const LEGAL: readonly string[] = [
  say(get(1), get(3, '/1'), get(5, '/22'), get(7, '/4444')),
  say(post(1), data(1, 'hello'), data(1, '', END)),
  say(
    post(1, '/22', field('table', 'x-sum', '0', true)),
    data(1, 'echo'),
    headers(1, serialiseBlock([field('plain', 'x-sum', '1')]), WHOLE | END),
  ),
  say(post(1), wireFrame(TYPE.DATA, FLAG.PADDED, 1, `\x04padded${'\0'.repeat(4)}`), data(1, 'x', END)),
  say(
    headers(1, request('GET', '/').slice(0, 3), END),
    wireFrame(TYPE.CONTINUATION, WHOLE, 1, request('GET', '/').slice(3)),
  ),
  say(
    headers(1, `\0\0\0\x01\x0f${request('GET', '/')}`, WHOLE | END | FLAG.PRIORITY),
    wireFrame(TYPE.PRIORITY, 0, 3, '\0\0\0\x01\x10'),
  ),
  say(get(1, '/4444'), TAKE, window(0, 40_000), window(1, 1_000), TAKE, window(1, 40_000), TAKE),
  say(
    settings([4, 0]),
    get(1, '/4444'),
    TAKE,
    settings([4, 100]),
    TAKE,
    settings([4, 0]),
    window(1, 50),
    TAKE,
    settings([4, 65_535]),
  ),
  say(settings([1, 0]), get(1, '/4444'), TAKE, settings([1, 4_096]), get(3, '/4444'), settings([5, 20_000])),
  say(post(1, '/', field('plain', 'expect', '100-continue')), TAKE, data(1, 'now', END)),
  say(
    post(1, '/333', field('plain', 'content-length', '5')),
    answer(1, 5),
    answer(1, 1),
    data(1, 'hello', END),
    answer(1, 2),
    answer(1, 14),
  ),
  say(post(1, '/333'), data(1, 'unread'), answer(1, 11), data(1, 'more'), data(1, '', END), rst(1)),
  say(
    get(1, '/4444', field('plain', 'priority', 'u=7')),
    get(3, '/4444', field('plain', 'priority', 'u=0, i')),
    wireFrame(TYPE.PRIORITY_UPDATE, 0, 0, '\0\0\0\x01u=1'),
    TAKE,
  ),
  say(
    wireFrame(TYPE.PING, 0, 0, 'pingpong'),
    wireFrame(0xbe, 7, 3, 'unknown'),
    wireFrame(TYPE.GOAWAY, 0, 0, uint(0, 4) + uint(0, 4)),
    get(1),
  ),
  say(
    get(1, '/4444'),
    directive(VERB.DRAIN, 0),
    TAKE,
    get(3),
    wireFrame(TYPE.PING, FLAG.ACK, 0, 'draining'),
    get(5),
    directive(VERB.TICK, 0, 1_001),
  ),
  say(
    post(1),
    directive(VERB.TICK, 0, 5_000),
    data(1, 'slow'),
    directive(VERB.PAUSE, 0, 9_000, 12),
    data(1, 'slower', END),
  ),
  say(
    post(1, '/333'),
    data(1, 'x'.repeat(600)),
    directive(VERB.CONSUME, 1, 300),
    directive(VERB.CONSUME, 1, 300),
    TAKE,
    answer(1, 13),
  ),
  say(
    get(
      1,
      '/',
      field('table', 'cookie', 'a=b'),
      field('never', 'cookie', 'c=d'),
      field('never', 'authorization', 'Basic YTpi', true),
      representation('indexed', 62),
    ),
  ),
  say(
    headers(
      1,
      serialiseBlock([
        representation('plain', 2, undefined, stringLiteral('CONNECT', false)),
        representation('plain', 1, undefined, stringLiteral('a:443', true)),
      ]),
    ),
  ),
];

/** What it may not: one rule broken by each, or a budget spent. */
const BROKEN: readonly string[] = [
  PREFACE.slice(0, 20),
  `${PREFACE}${frameOctets(get(1))}`,
  say(get(1), data(1, 'late')),
  say(post(1), rst(1), data(1, 'late')),
  say(get(3), get(1)),
  say(get(2)),
  say(data(1, 'idle')),
  say(window(1, 1)),
  say(post(1), window(1, 0)),
  say(window(0, 0x7fff_ffff)),
  say(post(1), window(1, 0x7fff_ffff)),
  say(settings([2, 2])),
  say(settings([4, 0x8000_0000])),
  say(settings([5, 16_383])),
  say(ACK),
  say(wireFrame(TYPE.PUSH_PROMISE, WHOLE, 1, '\0\0\0\x02')),
  say(wireFrame(TYPE.CONTINUATION, WHOLE, 1, '')),
  say(headers(1, request('GET', '/'), END), wireFrame(TYPE.PING, 0, 0, 'pingpong')),
  say(wireFrame(TYPE.DATA, FLAG.PADDED, 1, '\x05abcd')),
  say({ ...data(1, ''), declared: 16_385 }),
  say(headers(1, '\x80', WHOLE | END)),
  say(headers(1, '\xff\xff\xff\xff\xff', WHOLE | END)),
  say(headers(1, `${request('GET', '/')}\x20`, WHOLE | END)),
  say(get(1, '/', field('plain', 'connection', 'close'))),
  say(get(1, '/', field('plain', 'Upper', 'x'))),
  say(get(1, '/', field('plain', ':path', '/'))),
  say(post(1, '/', field('plain', 'content-length', '3')), data(1, 'four', END)),
  say(post(1), headers(1, serialiseBlock([field('plain', 'x', 'y')]))),
  say(...Array.from({ length: 6 }, (_, index) => [get(2 * index + 1), rst(2 * index + 1)]).flat()),
  say(...Array.from({ length: 6 }, (_, index) => [post(2 * index + 1), window(2 * index + 1, 0)]).flat()),
  say(...Array.from({ length: 16 }, () => wireFrame(TYPE.PING, 0, 0, 'pingpong'))),
  say(...Array.from({ length: 6 }, (_, index) => post(2 * index + 1)), wireFrame(TYPE.DATA, 0, 1, '')),
  say(
    headers(1, request('GET', '/'), END),
    ...Array.from({ length: 4 }, () => wireFrame(TYPE.CONTINUATION, 0, 1, '\x90')),
  ),
  // A GOAWAY of the drain that came behind that of an error
  say(directive(VERB.DRAIN, 0), data(0, 'x'), TAKE, directive(VERB.TICK, 0, 2_000)),
];

interface Example {
  readonly section: string;
  readonly hex: string;
}

/** The examples of RFC7541#C, each group as one decoder reads it. */
function rfcExamples(): string[] {
  const file = new URL('../../corpus/hpack/golden/rfc7541-examples.json', import.meta.url);
  const examples: readonly Example[] = JSON.parse(readFileSync(file, 'utf8'));
  const groups = new Map<string, BlockItem[]>();
  for (const { section, hex } of examples) {
    const group = section.startsWith('C.2') ? section : section.slice(0, 3);
    const items = groups.get(group) ?? (/^C\.[56]/.test(section) ? [setting(256), block('\x3f\xe1\x01')] : []);
    groups.set(group, [...items, block(Buffer.from(hex, 'hex').toString('latin1'))]);
  }
  return [...groups.values()].map(serialiseItems);
}

const block = (octets: string): BlockItem => ({ kind: 'block', octets, at: 0 });
const setting = (bytes: number): BlockItem => ({ kind: 'setting', bytes, at: 0 });

/** Tables that are filled, shrunk and grown; numbers and codes at their borders. */
const TABLES: readonly string[] = [
  [
    block(serialiseBlock(Array.from({ length: 40 }, (_, index) => field('table', `x-${index}`, 'v'.repeat(80))))),
    block('\xbe\xbf\xc0\xe3'),
  ],
  [block('\x40\x01x\x01y'), block('\xbe'), setting(0), block('\x20\x82'), block('\xbe')],
  [setting(64), block('\x3f\x21\x82'), setting(4_096), block('\x3f\x21\x3f\xe1\x1f\x82')],
  [block('\x20\x3f\xe1\x1f\x82'), block('\x82\x20')],
  [block('\x7f\x00\x01a\xff\x80\x80\x80\x01')],
  [block('\x1f\x80\x00\x00'), block('\x00\x7f\x81\x00')],
  [block(serialiseBlock([field('table', 'x', 'v'.repeat(5_000)), representation('indexed', 62)]))],
  [block('\x00\x81\x1f\x00'), block('\x00\x84\xff\xff\xff\xff\x00')],
  [block(serialiseBlock([field('never', 'cookie', 'a=b', true), field('table', 'x', '\x00\x7f\xff\x0a', true)]))],
].map(serialiseItems);

const TEXTS: readonly string[] = [
  'www.example.com',
  'no-cache',
  '302',
  'Mon, 21 Oct 2013 20:13:21 GMT',
  '\x00\x01\xff\xfe',
  '\x1f',
  '\xff\xff\xff\xff',
  '\xf1\xe3\xc2\xe5\xf2\x3a\x6b\xa0\xab\x90\xf4\xff',
  '',
];

const CONVERSATIONS = [
  'http2-frames',
  'http2-connection',
  'http2-budgets',
  'http2-settings-priority',
  'differential-http2',
];
const HERE = 'scripts/corpus-examples-http2.ts';

/** All sets of these targets. */
export const HTTP2_EXAMPLE_SETS: readonly ExampleSet[] = [
  ...CONVERSATIONS.flatMap((target) => [
    { target, set: 'legal', origin: `${HERE}: what a client may say, one theme each`, inputs: LEGAL },
    { target, set: 'broken', origin: `${HERE}: one rule of RFC9113 broken by each, or a budget spent`, inputs: BROKEN },
  ]),
  ...['hpack-decode', 'hpack-round-trip', 'differential-hpack'].flatMap((target) => [
    { target, set: 'rfc', origin: 'corpus/hpack/golden: the examples of RFC7541, appendix C', inputs: rfcExamples() },
    {
      target,
      set: 'tables',
      origin: `${HERE}: tables filled, shrunk and grown; numbers and codes at their borders`,
      inputs: TABLES,
    },
  ]),
  {
    target: 'huffman',
    set: 'texts',
    origin: `${HERE}: texts of RFC7541 and octets at the borders of its code`,
    inputs: TEXTS,
  },
];
