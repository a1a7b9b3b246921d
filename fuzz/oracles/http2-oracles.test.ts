import t, { type Test } from 'tap';
import * as core from '../../core/sans-io.ts';
import * as reports from '../../reports/index.ts';
import { octetsOf } from '../engines/latin1-input.ts';
import { type BlockItem, parseItems } from '../grammar/hpack-blocks.ts';
import {
  directive,
  FLAG,
  frameOctets,
  PREFACE,
  TYPE,
  VERB,
  type WireFrame,
  wireFrame,
} from '../grammar/http2-frames.ts';
import { uint } from '../grammar/octets.ts';
import { Bounds } from './http2-bounds.ts';
import { ClientView } from './http2-client.ts';
import { assertFrames, readFrames } from './http2-frames.ts';
import { Http2Owner, type OwnerRecord } from './http2-owner.ts';
import { readScript, type Script } from './http2-script.ts';
import { assertVerdicts } from './http2-verdicts.ts';
import { uncut } from './segmentation.ts';

const LIMITS = core.http2Limits({ concurrentStreams: 32, connectionWindowBytes: 65_535, streamWindowBytes: 4_096 });
/** `GET /`, `POST /` and `POST /333` of `a`, without a table. */
const GET = '\x82\x86\x84\x01\x01a';
const POST = '\x83\x86\x84\x01\x01a';
const WAIT = '\x83\x86\x04\x04/333\x01\x01a';
const END = FLAG.END_STREAM | FLAG.END_HEADERS;

const say = (...frames: readonly WireFrame[]): string =>
  PREFACE +
  [wireFrame(TYPE.SETTINGS, 0, 0), wireFrame(TYPE.SETTINGS, FLAG.ACK, 0), ...frames].map(frameOctets).join('');
const headers = (stream: number, block: string, flags: number = END): WireFrame =>
  wireFrame(TYPE.HEADERS, flags, stream, block);
const data = (stream: number, content: string, flags = 0): WireFrame => wireFrame(TYPE.DATA, flags, stream, content);
const script = (input: string): Script => readScript(octetsOf(input), input);

/** What a call throws; `undefined` when it does not. */
function thrownBy(run: () => unknown): unknown {
  try {
    run();
  } catch (thrown) {
    return thrown;
  }
  return undefined;
}

/** What a call rejects with; `undefined` when it does not. */
async function rejection(run: () => Promise<unknown>): Promise<unknown> {
  try {
    await run();
  } catch (thrown) {
    return thrown;
  }
  return undefined;
}

/** Carries a script out, then judges it with records that were changed by hand: what a broken connection would have told. */
function judge(input: string, change: (record: OwnerRecord) => OwnerRecord | undefined = (record) => record): void {
  const owner = new Http2Owner({ limits: LIMITS });
  const told = owner.run(script(input), uncut).flatMap((record) => change(record) ?? []);
  assertVerdicts(
    script(input),
    { records: told, endedAt: owner.endedAt, overAt: owner.overAt, outputBytes: 0 },
    LIMITS,
  );
}

/** Gives a client what a server might have sent to it after `frames` of its own. */
function receive(frames: readonly WireFrame[], ...sent: readonly WireFrame[]): void {
  const view = new ClientView(script(PREFACE), LIMITS);
  for (const frame of frames) view.noteSent(frame);
  view.received([wireFrame(TYPE.SETTINGS, 0, 0), ...sent].map(frameOctets).join(''));
}

t.test('verdicts: an error that was not told, told for another rule, or told of what is right, is found', async (t) => {
  const error = (offset: number, code: string): OwnerRecord => ({ kind: 'error', offset, text: `${code} 1 0 x` });
  const at = say().length;
  const broken: readonly (readonly [string, string])[] = [
    ['DATA behind END_STREAM', say(headers(1, WAIT, END), data(1, 'x'))],
    ['DATA on an idle stream', say(data(1, 'x'))],
    ['HEADERS on an even stream', say(headers(2, GET))],
    ['a stream below the last', say(headers(3, GET), headers(1, GET))],
    ['a second acknowledgement', say(wireFrame(TYPE.SETTINGS, FLAG.ACK, 0))],
    ['a block that does not decode', say(headers(1, '\x80'))],
    ['a block that is interrupted', say(headers(1, GET, 0), wireFrame(TYPE.PING, 0, 0, 'pingpong'))],
    ['a window that overflows', say(wireFrame(TYPE.WINDOW_UPDATE, 0, 0, uint(0x7fff_ffff, 4)))],
    [
      'content that is too short',
      say(headers(1, `${POST}\x0f\x0d\x012`, FLAG.END_HEADERS), data(1, 'x', FLAG.END_STREAM)),
    ],
    ['a malformed request', say(headers(1, `${GET}\x00\x01X\x01y`))],
    [
      'trailers that do not end',
      say(headers(1, POST, FLAG.END_HEADERS), headers(1, '\x00\x01x\x01y', FLAG.END_HEADERS)),
    ],
  ];
  for (const [name, input] of broken) {
    t.doesNotThrow(() => judge(input), `${name}: judged rightly`);
    t.match(
      thrownBy(() => judge(input, (record) => (record.kind === 'error' ? undefined : record))),
      { oracle: 'verdict' },
      `${name}: not told`,
    );
    const other = (record: OwnerRecord) => (record.kind === 'error' ? error(record.offset, 'H2_PING_LENGTH') : record);
    t.match(
      thrownBy(() => judge(input, other)),
      { oracle: 'verdict' },
      `${name}: told as another`,
    );
  }
  const sound = say(headers(1, POST, FLAG.END_HEADERS), data(1, 'hello', FLAG.END_STREAM));
  t.doesNotThrow(() => judge(sound));
  t.match(
    thrownBy(() => judge(sound, (record) => (record.kind === 'request' ? error(at, 'H2_STREAM_ORDER') : record))),
    { oracle: 'verdict' },
  );
  t.match(
    thrownBy(() => judge(sound, (record) => (record.kind === 'request' ? undefined : record))),
    { state: 'lost' },
  );
  t.match(
    thrownBy(() => judge(sound, (record) => (record.kind === 'content' ? { ...record, text: 'hell' } : record))),
    { state: 'content' },
  );
});

t.test("a client's view: what a server must not send is found", async (t) => {
  const asked = [headers(1, GET)];
  const head = (flags: number = FLAG.END_HEADERS): WireFrame => headers(1, '\x88', flags);
  const goaway = (last: number, error: number): WireFrame =>
    wireFrame(TYPE.GOAWAY, 0, 0, uint(last, 4) + uint(error, 4));
  t.doesNotThrow(() => receive(asked, head(), data(1, 'ok', FLAG.END_STREAM), goaway(1, 0), goaway(1, 2)));
  const rows: readonly (readonly [string, readonly WireFrame[]])[] = [
    ['idle', [headers(3, '\x88')]],
    ['order', [data(1, 'x')]],
    ['order', [head(END), data(1, 'x')]],
    ['order', [headers(1, '\x08\x03103', END)]],
    ['pseudo', [headers(1, '\x00\x01x\x01y')]],
    ['connection', [headers(1, '\x88\x00\x0aconnection\x05close')]],
    ['field', [headers(1, '\x88\x00\x01X\x01y')]],
    ['HPACK_INDEX_RANGE', [headers(1, '\xbe')]],
    ['length', [headers(1, '\x88\x0f\x0d\x013', FLAG.END_HEADERS), data(1, 'x', FLAG.END_STREAM)]],
    ['flow', [head(), ...Array.from({ length: 5 }, () => data(1, 'x'.repeat(16_384)))]],
    ['size', [head(), data(1, 'x'.repeat(16_385))]],
    ['block', [head(0), wireFrame(TYPE.PING, 0, 0, 'pingpong')]],
    ['settings', [wireFrame(TYPE.SETTINGS, FLAG.ACK, 0)]],
    ['ping', [wireFrame(TYPE.PING, FLAG.ACK, 0, 'pingpong')]],
    ['goaway', [goaway(1, 0), goaway(3, 0)]],
    ['goaway', [goaway(1, 2), wireFrame(TYPE.PING, 0, 0, 'pingpong')]],
    ['type', [wireFrame(0xbe, 0, 0)]],
    ['reserved', [{ ...head(), stream: 0x8000_0001 }]],
  ];
  for (const [state, sent] of rows)
    t.match(
      thrownBy(() => receive(asked, ...sent)),
      { state },
      `${state}: ${sent.length}`,
    );
  t.match(
    thrownBy(() => new ClientView(script(PREFACE), LIMITS).received(frameOctets(head()))),
    { state: 'preface' },
  );
});

t.test('windows and streams: sides that disagree are found', async (t) => {
  const run = (input: string, prepare: (view: ClientView) => void = () => undefined): void => {
    const view = new ClientView(script(input), LIMITS);
    prepare(view);
    new Http2Owner({ limits: LIMITS }).run(script(input), uncut, view);
  };
  const unread = say(headers(1, WAIT, FLAG.END_HEADERS), data(1, 'x'.repeat(3_000)));
  const window = (stream: number): string =>
    frameOctets(wireFrame(TYPE.SETTINGS, 0, 0)) + frameOctets(wireFrame(TYPE.WINDOW_UPDATE, 0, stream, uint(1, 4)));
  t.doesNotThrow(() => run(unread));
  t.match(
    thrownBy(() => run(unread, (view) => view.noteSent(data(3, 'x'.repeat(40_000))))),
    { state: 'leak' },
    'content that was given back, and was not',
  );
  t.match(
    thrownBy(() => run(unread, (view) => view.received(window(0)))),
    { state: 'window' },
    'a window that is wider than it may be',
  );
  t.match(
    thrownBy(() =>
      run(unread, (view) => {
        view.noteSent(headers(1, WAIT, FLAG.END_HEADERS));
        view.noteSent(wireFrame(TYPE.RST_STREAM, 0, 1, uint(8, 4)));
      }),
    ),
    { state: 'streams' },
    'a stream that the client has reset',
  );
});

t.test('bounds: what goes beyond a limit is found', async (t) => {
  const run = (input: string, limits: Partial<core.Http2Limits>): void => {
    const owner = new Http2Owner({ limits: LIMITS });
    owner.run(script(input), uncut, new Bounds(script(input), core.http2Limits({ ...LIMITS, ...limits }), owner));
  };
  const many = (frame: WireFrame): string => say(...Array.from({ length: 300 }, () => frame));
  const open = [1, 3, 5].map((stream) => headers(stream, WAIT, FLAG.END_HEADERS));
  const rows: readonly (readonly [string, string, Partial<core.Http2Limits>])[] = [
    ['streams', say(...open), { concurrentStreams: 2 }],
    ['control', many(wireFrame(TYPE.PING, 0, 0, 'pingpong')), { controlBurst: 20 }],
    ['unknown', many(wireFrame(0xbe, 0, 0)), { unknownFrames: 20 }],
    ['empty', say(...open, ...Array.from({ length: 50 }, () => data(1, ''))), { emptyFrames: 20 }],
    [
      'resets',
      say(...open, ...open.map(({ stream }) => wireFrame(TYPE.RST_STREAM, 0, stream, uint(8, 4)))),
      { resetBurst: 1, lateFrames: 1 },
    ],
    [
      'self-resets',
      say(...open, ...open.map(({ stream }) => wireFrame(TYPE.WINDOW_UPDATE, 0, stream, uint(0, 4)))),
      { selfResetBurst: 2 },
    ],
  ];
  for (const [state, input, limits] of rows) {
    t.doesNotThrow(() => run(input, {}), `${state}: within`);
    t.match(
      thrownBy(() => run(input, limits)),
      { oracle: 'bounds', state },
      `${state}: beyond`,
    );
  }
});

t.test('frames: what was read otherwise is found', async (t) => {
  const input = [wireFrame(TYPE.SETTINGS, 0, 0, uint(4, 2) + uint(1, 4)), data(1, 'x')].map(frameOctets).join('');
  const told = readFrames([octetsOf(input)]);
  t.doesNotThrow(() => assertFrames(input, told));
  t.match(
    thrownBy(() => assertFrames(input, told.slice(1))),
    { oracle: 'frames' },
  );
  t.match(
    thrownBy(() => assertFrames(input, told.slice(0, 1))),
    { state: 'frame' },
  );
  t.match(
    thrownBy(() => assertFrames(input, [...told, ...told])),
    { state: 'frame' },
  );
  t.match(
    thrownBy(() =>
      assertFrames(
        input,
        told.map((record) => ({ ...record, text: record.text.replace('1', '2') })),
      ),
    ),
    { state: 'reading' },
  );
  const long = frameOctets({ ...data(1, ''), declared: 16_385 });
  t.doesNotThrow(() => assertFrames(long, readFrames([octetsOf(long)])));
  t.match(
    thrownBy(() => assertFrames(long, [])),
    { state: 'too-long' },
  );
});

/** The parts that have a bug. */
type Broken = Readonly<Record<string, unknown>>;

const items = (...blocks: readonly string[]): BlockItem[] =>
  parseItems(blocks.map((block) => uint(block.length, 2) + block).join(''));

t.test('oracles that run the core themselves find the bug of a broken one', async (t) => {
  class Forgetful extends core.HpackDecoder {
    override decode(bytes: Uint8Array, from?: number, to?: number): core.DecodedBlock | core.HpackFailure {
      const decoded = super.decode(bytes, from, to);
      return 'code' in decoded ? decoded : { ...decoded, fields: decoded.fields.slice(1) };
    }
  }
  class Careless extends core.HpackEncoder {
    override field(name: string, value: string): void {
      super.field(name === 'cookie' ? 'cookie2' : name, value);
    }
  }
  class Unjust extends core.Http2Connection {
    override receive(bytes: Uint8Array): core.ConnectionEvent[] {
      return bytes.length > 50 ? [] : super.receive(bytes);
    }
  }
  class Silent extends core.Http2Connection {
    override send(): void {
      // says nothing
    }
  }
  const get = script(say(headers(1, GET)));
  const get1 = 'GET /x HTTP/1.1\r\nHost: a\r\nX: y\r\n\r\n';
  const rows: readonly (readonly [string, string, string, Broken, unknown])[] = [
    ['hpack', './hpack-agreement.ts', 'assertDecodesAsReference', { HpackDecoder: Forgetful }, items('\x82')],
    ['hpack', './hpack-agreement.ts', 'assertEncodesFields', { HpackEncoder: Careless }, items('\x00\x06cookie\x01x')],
    ['hpack.js', './hpack-second-opinion.ts', 'assertAgreesWithHpackJs', { HpackDecoder: Forgetful }, items('\x82')],
    ['huffman', './huffman-agreement.ts', 'assertDecodesCode', { decodeHuffman: () => 0 }, octetsOf('\x1f')],
    ['huffman', './huffman-agreement.ts', 'assertEncodesText', { encodeHuffman: () => 3 }, octetsOf('a')],
    ['nghttp2', './http2-second-opinion.ts', 'assertAgreesWithNghttp2', { Http2Connection: Unjust }, get],
    ['equivalence', './request-equivalence.ts', 'assertEquivalent', { Http2Connection: Unjust }, get1],
    ['responses', './response-programs.ts', 'assertResponds', { Http2Connection: Silent }, 'G1\nw200 5'],
    ['uri', './uri-grammar.ts', 'assertAuthority', { parseHost: () => ({ name: 'b', port: 1 }) }, octetsOf('a:1')],
    ['uri', './uri-grammar.ts', 'assertTarget', { parseTarget: () => ({ form: 'asterisk' }) }, octetsOf('/')],
    ['fields', './field-lines.ts', 'assertDate', { imfFixdate: () => '' }, octetsOf('a')],
  ];
  for (const row of rows) await findsBug(t, row, '../../core/sans-io.ts', core);
  const bench: typeof rows = [
    [
      'readers',
      './bench-readers.ts',
      'assertReadsResults',
      { decideGate: () => ({ verdict: 'pass', exit: 1 }) },
      octetsOf(RUN),
    ],
    [
      'readers',
      './bench-readers.ts',
      'assertReadsExpectations',
      { parseExpectations: () => ({ byKey: new Map() }) },
      EXPECTED,
    ],
    ['renderers', './bench-renderers.ts', 'assertShownAsText', { FORMATS: { text: { render: spill } } }, '\x1b[2J'],
  ];
  for (const row of bench) await findsBug(t, row, '../../reports/index.ts', reports);
  const junit = '<testsuites>\n<testsuite tests="1">\n<testcase package="a">\n</testcase>\n</testsuites>';
  const endless = {
    readJunit: () => [{ section: '', outcome: 'passed', expected: [], actual: '', durationMs: Infinity }],
  };
  await findsBug(
    t,
    ['readers', './bench-readers.ts', 'assertReadsJunit', endless, junit],
    '../../conformance/h2spec/junit.ts',
    {},
  );
});

/** A renderer that lets through what it is given. */
const spill = (report: reports.Report): string => report.runs[0]?.start.command ?? '';
const RUN =
  '{"kind":"run-start","schema":1,"producer":"fuzz","version":"","node":"","os":"","startedAt":"2026-11-24T03:00:00.000Z","seed":1,"command":""}\n{"kind":"run-end","elapsedMs":1,"complete":true}\n';
const EXPECTED = '{"key":"a @x","expect":"fail","reason":"r"}';

/** An oracle passes the sound code, and does not pass it with one part that is broken. */
async function findsBug(
  t: Test,
  [oracle, module, name, broken, argument]: readonly [string, string, string, Broken, unknown],
  mockedModule: string,
  sound: object,
): Promise<void> {
  const real: Oracles = await import(module);
  t.equal(await rejection(async () => real[name]?.(argument)), undefined, `${name} passes the core`);
  const mocked: Oracles = await t.mockImport(module, { [mockedModule]: { ...sound, ...broken } });
  t.match(await rejection(async () => mocked[name]?.(argument)), { oracle }, `${name} finds the bug`);
}

type Oracles = Readonly<Record<string, (argument: unknown) => unknown>>;

t.test('priorities: an order that is not that of urgency is found', async (t) => {
  const update = (stream: number, value: string): WireFrame =>
    wireFrame(TYPE.PRIORITY_UPDATE, 0, 0, uint(stream, 4) + value);
  const input = script(
    say(
      wireFrame(TYPE.SETTINGS, 0, 0, uint(4, 2) + uint(0, 4)),
      headers(1, GET),
      headers(3, GET),
      update(3, 'u=0'),
      wireFrame(TYPE.SETTINGS, 0, 0, uint(4, 2) + uint(65_535, 4)),
      directive(VERB.TAKE, 0, 0),
    ),
  );
  class Deaf extends core.Http2Connection {
    override receive(bytes: Uint8Array): core.ConnectionEvent[] {
      return super.receive(bytes[3] === TYPE.PRIORITY_UPDATE ? octetsOf(frameOctets(update(3, 'u=7'))) : bytes);
    }
  }
  const { assertPriorities } = await import('./http2-priorities.ts');
  t.doesNotThrow(() => assertPriorities(input, LIMITS));
  const mocked: { readonly assertPriorities: typeof assertPriorities } = await t.mockImport('./http2-priorities.ts', {
    '../../core/sans-io.ts': { ...core, Http2Connection: Deaf },
  });
  t.match(
    thrownBy(() => mocked.assertPriorities(input, LIMITS)),
    { oracle: 'priority' },
  );
});
