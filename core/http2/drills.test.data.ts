/** Attacks on an HTTP/2 connection, at least one for each limit: what it takes, and how it ends. */
import type { Http2Limits } from '../limits/http2-limits.ts';
import { answering, type Script } from './peer.test.data.ts';
import {
  continuation,
  data,
  END_HEADERS,
  END_STREAM,
  frame,
  get,
  goaway,
  headers,
  hello,
  indexed,
  PREFACE,
  padded,
  ping,
  post,
  priority,
  priorityUpdate,
  request,
  rst,
  settings,
  windowUpdate,
} from './wire.test.data.ts';

/** An attack in steps, and the step by which it has to be over. */
export interface Drill {
  readonly name: string;
  readonly limits?: Partial<Http2Limits>;
  readonly script?: Script;
  /** What is said before the first step. @defaultValue preface and settings */
  readonly before?: string;
  /** Octets of step `i`, from 0. */
  readonly step: (i: number) => string;
  /** Steps that are let pass: with the next one the connection is over. */
  readonly steps: number;
  /** Number and code of the GOAWAY that ends it; or lines of RST_STREAM and HEADERS, and the connection goes on. */
  readonly end: string | readonly string[];
  /** Time that passes after each step. @defaultValue none */
  readonly stepMs?: number;
  /** Octets that this side has handed over and the peer has not taken. @defaultValue 0 */
  readonly unwrittenBytes?: number;
  /** Whether the peer takes what it is sent. @defaultValue true */
  readonly reads?: boolean;
  /** Most streams that are ever open. @defaultValue 1 */
  readonly streams?: number;
  /** Most octets that ever wait to be written. @defaultValue 1_000 */
  readonly pending?: number;
}

/** Identifier of the request of step `i`. */
export const id = (i: number): number => 2 * i + 1;
const CALM = (code: string): string => `11 ${code}`;
export const kib = (count: number): string => 'x'.repeat(1_024 * count);
const slow = { stepMs: 1_000 };
export const rapid = (i: number): string => get(id(i)) + rst(id(i));

/** Streams of requests that are all open at once. */
const MANY = Array.from({ length: 40 }, (_, i) => id(i));

/** Reads content as it comes, and answers nothing. */
const reading: Script = (event, peer) => {
  if (event.kind === 'content') peer.consume(event.exchange, event.bytes.length);
};

/** Answers a request that has ended with so much content. */
const sending =
  (bytes: number): Script =>
  (event, peer) => {
    if (event.kind === 'end') peer.stream(event.exchange, 'x'.repeat(bytes));
  };

/** At least one for each limit. A refill is drilled by whoever is just too fast for it. */
export const DRILLS: Readonly<Record<keyof Http2Limits, readonly Drill[]>> = {
  concurrentStreams: [
    {
      name: 'streams that stay open',
      step: (i) => post(id(i)),
      steps: 150,
      streams: 100,
      end: CALM('H2_BUDGET_SELF_RESETS'),
    },
  ],
  frameBytes: [{ name: 'a frame of 16 MiB', step: () => '\xff\xff\xff', steps: 0, end: '6 H2_FRAME_SIZE' }],
  headerTableBytes: [
    {
      name: 'a table of 256 MiB',
      step: () => headers(1, '\x3f\xe1\xff\xff\x7f'),
      steps: 0,
      end: '9 HPACK_SIZE_UPDATE_VALUE',
    },
  ],
  headerListBytes: [
    {
      name: 'an HPACK bomb: 12000 references to a field of 3000 octets',
      before: hello() + headers(1, request('GET', '/') + indexed(['x', kib(3).slice(72)])),
      script: answering('end'),
      step: (i) => headers(id(i + 1), request('GET', '/') + '\xbe'.repeat(12_000)),
      steps: 50,
      end: CALM('H2_BUDGET_SELF_RESETS'),
    },
  ],
  fieldCount: [
    {
      name: 'many short fields, in CONTINUATION too',
      step: (i) =>
        headers(id(i), `${request('GET', '/')}${'\x90'.repeat(60)}`, 0) + continuation(id(i), '\x90'.repeat(60)),
      steps: 50,
      end: CALM('H2_BUDGET_SELF_RESETS'),
    },
  ],
  continuations: [
    {
      name: 'CONTINUATION without end',
      step: (i) => (i === 0 ? headers(1, request('GET', '/'), 0) : continuation(1, '\x90', 0)),
      steps: 9,
      end: CALM('H2_BUDGET_CONTINUATION'),
      streams: 0,
    },
  ],
  blockBytes: [
    {
      name: 'CONTINUATION as long as frames are',
      step: (i) => (i === 0 ? headers(1, kib(16), 0) : continuation(1, kib(16), 0)),
      steps: 2,
      end: CALM('H2_BUDGET_CONTINUATION'),
      streams: 0,
    },
    {
      name: 'one frame as long as frames may be',
      limits: { frameBytes: 1_048_576 },
      step: () => headers(1, '\x82'.repeat(32_769)),
      steps: 0,
      end: CALM('H2_BUDGET_CONTINUATION'),
      streams: 0,
    },
  ],
  contentBytes: [
    {
      name: 'content without end',
      limits: { contentBytes: 100_000 },
      before: hello() + post(1),
      step: () => data(1, kib(16)),
      steps: 6,
      end: ['HEADERS 1 :status=413 content-type=text/plain; charset=utf-8 content-length=22', 'RST 1 0'],
    },
  ],
  streamWindowBytes: [
    {
      name: 'content that nobody reads',
      before: hello() + post(1),
      step: () => data(1, kib(16)),
      steps: 16,
      end: ['RST 1 3'],
    },
  ],
  connectionWindowBytes: [
    {
      name: 'content that nobody reads, on many streams',
      step: (i) => post(id(i)) + data(id(i), kib(16)).repeat(4),
      steps: 16,
      end: '3 H2_FLOW_CONNECTION',
      streams: 17,
    },
  ],
  settingsEntries: [
    {
      name: 'SETTINGS of 2730 entries',
      step: () => settings(...Array.from({ length: 2_730 }, (_, i) => [4, i] as const)),
      steps: 0,
      end: CALM('H2_BUDGET_SETTINGS'),
    },
  ],
  resetBurst: [
    { name: 'rapid reset', step: rapid, steps: 100, end: CALM('H2_BUDGET_RESETS') },
    {
      name: 'rapid reset of what was answered meanwhile',
      script: answering('request'),
      step: rapid,
      steps: 1_000,
      end: CALM('H2_BUDGET_LATE'),
    },
  ],
  resetsPerSecond: [
    { name: 'eleven resets a second', step: rapid, stepMs: 90, steps: 1_000, end: CALM('H2_BUDGET_RESETS') },
  ],
  selfResetBurst: [
    {
      name: 'WINDOW_UPDATE of 0',
      step: (i) => post(id(i)) + windowUpdate(id(i), 0),
      steps: 50,
      end: CALM('H2_BUDGET_SELF_RESETS'),
    },
    {
      name: 'WINDOW_UPDATE that overflows',
      step: (i) => post(id(i)) + windowUpdate(id(i), 0x7fffffff),
      steps: 50,
      end: CALM('H2_BUDGET_SELF_RESETS'),
    },
    {
      name: 'DATA behind the end',
      step: (i) => get(id(i)) + data(id(i), 'x'),
      steps: 50,
      end: CALM('H2_BUDGET_SELF_RESETS'),
    },
    {
      name: 'content that is longer than it says',
      step: (i) => post(id(i), ['content-length', '1']) + data(id(i), 'xx'),
      steps: 50,
      end: CALM('H2_BUDGET_SELF_RESETS'),
    },
    { name: 'requests without fields', step: (i) => headers(id(i), ''), steps: 50, end: CALM('H2_BUDGET_SELF_RESETS') },
    {
      name: 'a PRIORITY of the wrong length, on streams that are gone',
      before: hello() + get(1),
      script: answering('end'),
      step: () => frame(2, 0, 1),
      steps: 50,
      end: CALM('H2_BUDGET_SELF_RESETS'),
    },
  ],
  selfResetsPerSecond: [
    {
      name: 'six a second',
      step: (i) => headers(id(i), ''),
      stepMs: 166,
      steps: 400,
      end: CALM('H2_BUDGET_SELF_RESETS'),
    },
  ],
  controlBurst: [
    { name: 'PING', step: () => ping(), steps: 998, end: CALM('H2_BUDGET_CONTROL') },
    { name: 'SETTINGS', step: () => settings([1, 0], [1, 4_096]), steps: 998, end: CALM('H2_BUDGET_CONTROL') },
    { name: 'PRIORITY', step: (i) => priority(id(i)), steps: 998, end: CALM('H2_BUDGET_CONTROL') },
    { name: 'PRIORITY_UPDATE', step: () => priorityUpdate(1, 'u=1'), steps: 998, end: CALM('H2_BUDGET_CONTROL') },
    { name: 'WINDOW_UPDATE', step: () => windowUpdate(0, 1), steps: 998, end: CALM('H2_BUDGET_CONTROL') },
    { name: 'GOAWAY', before: hello() + post(1), step: () => goaway(), steps: 998, end: CALM('H2_BUDGET_CONTROL') },
    {
      name: 'priorities of streams that never open',
      step: (i) => priorityUpdate(id(i), 'u=1'),
      steps: 100,
      end: '1 H2_PRIORITY_UPDATE_LIMIT',
    },
  ],
  controlPerSecond: [
    { name: '250 PING a second', step: () => ping(), stepMs: 4, steps: 5_100, end: CALM('H2_BUDGET_CONTROL') },
  ],
  emptyFrames: [
    {
      name: 'DATA without content',
      before: hello() + post(1),
      step: () => data(1, ''),
      steps: 100,
      end: CALM('H2_BUDGET_EMPTY'),
    },
    {
      name: 'DATA of padding',
      before: hello() + post(1),
      step: () => padded(1, '', 255),
      steps: 100,
      end: CALM('H2_BUDGET_EMPTY'),
    },
    {
      name: 'HEADERS without octets, finished by CONTINUATION',
      step: (i) => headers(id(i), '', END_STREAM) + continuation(id(i), request('GET', '/')),
      script: answering('end'),
      steps: 100,
      end: CALM('H2_BUDGET_EMPTY'),
    },
    {
      name: 'CONTINUATION without octets',
      limits: { continuations: 1_024 },
      before: hello() + headers(1, request('GET', '/'), 0),
      step: () => continuation(1, '', 0),
      steps: 100,
      end: CALM('H2_BUDGET_EMPTY'),
      streams: 0,
    },
  ],
  emptyFramesPerSecond: [
    {
      name: 'eleven a second',
      before: hello() + post(1),
      step: () => data(1, 'x') + data(1, ''),
      stepMs: 90,
      steps: 1_000,
      end: CALM('H2_BUDGET_EMPTY'),
    },
  ],
  unknownFrames: [
    { name: 'unknown frames', step: () => frame(0xbe, 0, 0, 'x'), steps: 1_000, end: CALM('H2_BUDGET_UNKNOWN') },
  ],
  unknownFramesPerSecond: [
    {
      name: '25 a second',
      step: () => frame(0xbe, 0, 0),
      before: hello() + get(1),
      stepMs: 40,
      steps: 5_100,
      end: CALM('H2_BUDGET_UNKNOWN'),
    },
  ],
  lateFrames: [
    {
      name: 'DATA for a stream that this side has reset',
      before: hello() + headers(1, '', END_HEADERS),
      step: () => data(1, 'x'),
      steps: 1_000,
      end: CALM('H2_BUDGET_LATE'),
    },
    {
      name: 'requests after the last one',
      before: hello() + post(1) + goaway(),
      step: (i) => get(id(i + 1)),
      steps: 1_000,
      end: CALM('H2_BUDGET_LATE'),
    },
  ],
  lateFramesPerSecond: [
    {
      name: '125 a second',
      before: hello() + headers(1, '', END_HEADERS),
      step: () => data(1, 'x'),
      stepMs: 8,
      steps: 5_100,
      end: CALM('H2_BUDGET_LATE'),
    },
  ],
  queuedControlBytes: [
    {
      name: 'PING of a peer that never reads',
      step: () => ping(),
      steps: 970,
      reads: false,
      pending: 17_000,
      end: CALM('H2_BUDGET_QUEUE'),
    },
    {
      name: 'SETTINGS of a peer that never reads',
      limits: { queuedControlBytes: 1_024 },
      step: () => settings(),
      steps: 120,
      reads: false,
      pending: 1_200,
      end: CALM('H2_BUDGET_QUEUE'),
    },
    {
      name: 'rapid reset of a peer that never reads',
      step: (i) => headers(id(i), ''),
      steps: 50,
      reads: false,
      end: CALM('H2_BUDGET_SELF_RESETS'),
    },
  ],
  requestsPerConnection: [
    {
      name: 'requests without end',
      limits: { requestsPerConnection: 10 },
      script: answering('end'),
      step: (i) => get(id(i)),
      stepMs: 100,
      steps: 20,
      end: '0',
    },
    {
      name: 'the last identifier is used, and none is left',
      script: answering('end'),
      before: hello() + get(0x7fffffff),
      step: () => get(3),
      steps: 0,
      end: '1 H2_STREAM_ORDER',
    },
  ],
  prefaceMs: [
    {
      name: 'a preface that comes slowly',
      before: '',
      step: (i) => PREFACE.charAt(i),
      steps: 11,
      end: '1 H2_PREFACE_TIMEOUT',
      ...slow,
    },
  ],
  settingsMs: [
    {
      name: 'requests of a peer that acknowledges nothing',
      script: answering('end'),
      before: PREFACE + settings(),
      step: (i) => get(id(i)),
      steps: 11,
      end: '4 H2_SETTINGS_TIMEOUT',
      ...slow,
    },
  ],
  blockMs: [
    {
      name: 'a head that comes octet by octet, while another request is open',
      before: hello() + post(1) + headers(3, request('GET', '/')).slice(0, 9),
      step: (i) => headers(3, request('GET', '/')).charAt(9 + i),
      steps: 11,
      end: CALM('H2_BLOCK_TIMEOUT'),
      limits: { contentMs: 100_000 },
      ...slow,
    },
  ],
  contentMs: [
    {
      name: 'content that does not come, of many requests at once',
      before: hello() + MANY.map((stream) => post(stream)).join(''),
      step: () => '',
      limits: { contentBytesPerSecond: 0 },
      steps: 11,
      streams: 40,
      end: MANY.map((stream) => `RST ${stream} 0`),
      ...slow,
    },
  ],
  contentBytesPerSecond: [
    {
      name: 'content octet by octet, of many requests at once',
      before: hello() + MANY.map((stream) => post(stream)).join(''),
      step: () => MANY.map((stream) => data(stream, 'x')).join(''),
      steps: 6,
      streams: 40,
      end: MANY.map((stream) => `RST ${stream} 0`),
      script: reading,
      ...slow,
    },
  ],
  contentGraceMs: [
    {
      name: 'content that comes as late as it may, then just too slowly',
      before: hello() + post(1),
      step: (i) => (i < 9 ? '' : data(1, 'x'.repeat(499))),
      script: reading,
      limits: { contentGraceMs: 20_000 },
      steps: 21,
      end: ['RST 1 0'],
      ...slow,
    },
  ],
  stallMs: [
    {
      name: 'window of zero, and answers that wait',
      before: hello([4, 0]) + MANY.map((stream) => get(stream, `/${kib(1)}`)).join(''),
      script: answering('end'),
      step: () => ping(),
      steps: 32,
      streams: 40,
      end: MANY.map((stream) => `RST ${stream} 8`),
      ...slow,
    },
    {
      name: 'window octet by octet',
      before: hello([4, 0]) + MANY.map((stream) => get(stream, `/${kib(1)}`)).join(''),
      script: answering('end'),
      step: () => MANY.map((stream) => windowUpdate(stream, 30)).join(''),
      steps: 32,
      streams: 40,
      end: MANY.map((stream) => `RST ${stream} 8`),
      ...slow,
    },
    {
      name: 'window of the connection octet by octet',
      before: `${hello([4, 0x7fffffff])}${get(1)}`,
      script: sending(70_000),
      step: () => windowUpdate(0, 30),
      steps: 32,
      end: ['RST 1 8'],
      ...slow,
    },
  ],
  idleMs: [{ name: 'PING and nothing else', step: () => ping(), steps: 61, end: '0 H2_IDLE_TIMEOUT', ...slow }],
  writeMs: [
    {
      name: 'a peer that asks and takes nothing',
      script: answering('end'),
      step: (i) => get(id(i)),
      steps: 11,
      unwrittenBytes: 100_000,
      end: '0 H2_WRITE_TIMEOUT',
      ...slow,
    },
  ],
  lingerMs: [
    {
      name: 'octets behind the end',
      before: PREFACE + ping(),
      step: () => kib(10),
      steps: 0,
      end: '1 H2_FIRST_FRAME',
      ...slow,
    },
  ],
};
