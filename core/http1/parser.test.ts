import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import t from 'tap';
import { fromLatin1 } from '../bytes/latin1.ts';
import { HTTP1_CODES } from '../errors/http1-codes.ts';
import { CODES, ProtocolError } from '../errors/protocol-error.ts';
import { http1Limits } from '../limits/http1-limits.ts';
import { ACCEPTED, type Found } from './accepted.test.data.ts';
import type { Http1Event } from './events.ts';
import { type Http1ParserOptions, Http1RequestParser } from './parser.ts';
import {
  inPieces,
  readPieces,
  readWhole,
  seededRandom,
  singly,
  type Told,
  toLog,
  visible,
} from './readings.test.data.ts';
import { MARK, REFUSALS, TIMER_CODES } from './refusals.test.data.ts';
import { nextParserState, PARSER_INPUTS, PARSER_NEXT, type ParserState } from './states.ts';

const SEED = Number(process.env['AERONET_SEED'] ?? 20_991);
const SPLITS = 20;
/** Steps, examined or copied octets, that one octet may cost. */
const STEPS_PER_OCTET = 4;
t.comment(`seed ${SEED} (AERONET_SEED)`);

/** Reads octets whole, one by one and at seeded splits; returns the whole reading and the log of any that differs from it. */
function readEveryWay(
  octets: Uint8Array,
  options: Http1ParserOptions,
  seed = SEED,
): { told: Told[]; odd: string | undefined } {
  const told = readWhole(octets, options);
  const log = toLog(told);
  const random = seededRandom(seed);
  const ways = [singly(octets), ...Array.from({ length: SPLITS }, () => inPieces(octets, random))];
  const logs = ways.map((pieces) => toLog(readPieces(pieces, new Http1RequestParser(options))));
  return { told, odd: logs.find((other) => other !== log) };
}

t.test('every code is raised by a row, at the octet that the row marks, for every split', async (t) => {
  for (const { code, place, input, limits, bareLf } of REFUSALS) {
    const offset = input.indexOf(MARK);
    const octets = fromLatin1(input.replace(MARK, ''));
    const { told, odd } = readEveryWay(octets, { limits: http1Limits(limits), bareLf });
    const error = told.at(-1)?.error;
    const { line, column } = error ?? {};
    const found = { code: error?.code, offset: error?.offset, place: line === undefined ? '-' : `${line}:${column}` };
    t.same(found, { code, offset, place }, `${code} at ${visible(input.slice(-60).replace(MARK, '_'))}`);
    t.equal(odd, undefined, `the same for every split of ${code}`);
  }
  const raised = new Set([...REFUSALS.map(({ code }) => code), ...TIMER_CODES]);
  t.same([...raised].sort(), Object.keys(HTTP1_CODES).sort(), 'rows and timers are the whole registry');
});

t.test('a diagnostic quotes at most 64 octets, escaped, up to the offending one', async (t) => {
  const rows: [input: string, text: string, mark: number, markLength: number][] = [
    ['GET / HTTP/1.1\r\nHost : a', 'Host ', 4, 1],
    ['GET /\\\t', 'GET /\\\\\\t', 7, 2],
    ['GET / HTTP/1.1\r\nX: \xe9\x00', 'X: \\xe9\\x00', 7, 4],
    [`GET /${'a'.repeat(200)}\x7f`, `${'a'.repeat(63)}\\x7f`, 63, 4],
    ['GET / HTTP/1.1\r\n\r\n', '', 0, 0],
  ];
  for (const [input, text, mark, markLength] of rows) {
    const error = readWhole(fromLatin1(input)).at(-1)?.error;
    t.same(error?.excerpt, { text, mark, markLength }, visible(input.slice(-20)));
  }
});

t.test('what is right is told alike for every split, and whole', async (t) => {
  for (const [name, input, finds, options = {}] of ACCEPTED) {
    const { told, odd } = readEveryWay(fromLatin1(input), options);
    t.equal(odd, undefined, `${name}, for every split`);
    t.equal(told.at(-1)?.kind, 'end', `${name}: nothing is refused`);
    const requests = requestsOf(told);
    const compared = requests.map((request, i) => pick(request, Object.keys(finds[i] ?? {})));
    t.strictSame(compared, finds, name);
  }
});

t.test('heads and field sections that come again say what they say when they are read anew', async (t) => {
  const lines = [
    'GET /',
    'GET /',
    'GET /long/er?q',
    'HEAD /',
    'OPTIONS *',
    'GET http://b/',
    'GET /%4',
    `GET /${'x'.repeat(205)}`,
  ];
  const sections = [
    'Host: a\r\nAccept: */*\r\n\r\n',
    'Host: a\r\nAccept: */*\r\n\r\n',
    'Host: b\r\nAccept: */*\r\n\r\n',
    'Host: a\r\nConnection: keep-alive\r\n\r\n',
    'Host: a\r\nContent-Length: 3\r\n\r\nabc',
    'Host: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n',
  ];
  const random = seededRandom(SEED);
  const pick = (list: readonly string[]): string => list[Math.floor(random() * list.length)] ?? '';
  for (let round = 0; round < 200; round++) {
    // A few of each, so that most come twice in a row
    const few = [pick(lines), pick(lines)];
    const some = [pick(sections), pick(sections)];
    const requests = Array.from({ length: 12 }, () => `${pick(few)} HTTP/1.${random() < 0.1 ? 0 : 1}\r\n${pick(some)}`);
    const octets = fromLatin1(requests.join(''));
    const limits = http1Limits(round % 4 === 0 ? { headBytes: 256, contentBytes: 3 } : {});
    // WHY: octets that come singly are never compared, so what they say is what reading says
    const read = toLog(readPieces(singly(octets), new Http1RequestParser({ limits })));
    const seed = SEED + round;
    if (toLog(readWhole(octets, { limits })) !== read) t.fail(`seed ${seed}, whole: ${visible(requests.join(''))}`);
    const { odd } = readEveryWay(octets, { limits }, seed);
    if (odd !== undefined) t.equal(odd, read, `seed ${seed}, in pieces`);
  }
  t.pass('200 connections');
});

t.test('a head that comes again is looked for once, and is then the same object', async (t) => {
  const head = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';
  const told = readWhole(fromLatin1(head.repeat(6)));
  const heads = told.flatMap(({ head: one }) => (one === undefined ? [] : [one]));
  t.equal(heads.length, 6);
  t.not(heads[0], heads[1], 'read');
  t.equal(heads[4], heads[5], 'known');
  const parser = new Http1RequestParser();
  const octets = fromLatin1(head.repeat(100));
  parser.receive(octets);
  t.ok(parser.work <= 2 * octets.length, `${(parser.work / octets.length).toFixed(2)} steps an octet`);
});

t.test('a length of 2^53 - 1 is read exactly, where the limit allows it (RFC9110#8.6)', async (t) => {
  const limits = http1Limits({ contentBytes: Number.MAX_SAFE_INTEGER });
  const octets = fromLatin1('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9007199254740991\r\n\r\n');
  const [request] = readWhole(octets, { limits });
  t.same(request?.head?.framing, { kind: 'length', length: Number.MAX_SAFE_INTEGER });
});

t.test('every input in every state of a parser leads where the table says (I1 to I3)', async (t) => {
  const isState = (name: string): name is ParserState => name in PARSER_NEXT;
  const states = Object.keys(PARSER_NEXT).filter(isState);
  const middle: readonly ParserState[] = ['head', 'length', 'chunked', 'trailers'];
  for (const state of states) {
    for (const input of PARSER_INPUTS) {
      const next = nextParserState(state, input);
      const isOver = state === 'failed' || state === 'ended';
      if (isOver) t.equal(next, undefined, `I2: ${state} leads nowhere by ${input}`);
      if (next === 'head') t.same([state, input], ['start', 'octet'], 'I1: a head begins between messages alone');
      if (input === 'eof' && !isOver) t.equal(next, middle.includes(state) ? 'failed' : 'ended', `I3: eof in ${state}`);
      if (input === 'error' && next !== undefined) t.equal(next, 'failed', `I2: an error in ${state} is final`);
      if (next !== undefined) t.ok(states.includes(next), `${state} by ${input} leads to a state of the table`);
    }
  }
  // A Content-Length cannot be violated octet by octet, so `length` is the one state that no error leaves
  t.same(
    states.filter((state) => nextParserState(state, 'error') === undefined),
    ['length', 'failed', 'ended'],
  );
});

t.test('after an error or the end no octet is interpreted (I2)', async (t) => {
  const good = fromLatin1('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  const failed = new Http1RequestParser();
  t.match(failed.receive(fromLatin1('\x00')), [{ kind: 'error' }]);
  t.same([failed.receive(good), failed.end(), failed.state], [[], [], 'failed']);
  const ended = new Http1RequestParser();
  t.same([ended.end(), ended.receive(good), ended.end(), ended.state], [[], [], [], 'ended']);
});

t.test('read() stops after a message, so that its owner decides when the next one is read', async (t) => {
  const parser = new Http1RequestParser();
  const one = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';
  const events: Http1Event[] = [];
  t.equal(parser.read(fromLatin1(one + one), 0, events), one.length);
  t.same([events.map(({ kind }) => kind), parser.offset, parser.state], [['request', 'end'], one.length, 'start']);
});

t.test('the work for octets that come one by one is linear', async (t) => {
  const chunkedHead = 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n';
  const limits = http1Limits({
    fieldCount: 10_000,
    fieldBytes: 65_536,
    headBytes: 65_536,
    trailerBytes: 65_536,
    trailerCount: 1_000,
    chunkExtensionBytes: 65_536,
  });
  const rows: [name: string, make: (n: number) => string, n: number][] = [
    ['a head of many lines', (n) => `GET / HTTP/1.1\r\nHost: a\r\n${'X: yyyyyyyyyy\r\n'.repeat(n)}\r\n`, 1_000],
    ['a head of one long line', (n) => `GET / HTTP/1.1\r\nHost: a\r\nX: ${'y'.repeat(n)}\r\n\r\n`, 15_000],
    ['a long target', (n) => `GET /${'a'.repeat(n)} HTTP/1.1\r\nHost: a\r\n\r\n`, 4_000],
    [
      'white space behind values',
      (n) => `GET / HTTP/1.1\r\nHost: a\r\nX:${' '.repeat(n)}y${' '.repeat(n)}\r\n\r\n`,
      7_000,
    ],
    ['chunks of one octet', (n) => `${chunkedHead}${'1\r\nx\r\n'.repeat(n)}0\r\n\r\n`, 1_000],
    ['long chunk extensions', (n) => `${chunkedHead}1;${'a'.repeat(n)}\r\nx\r\n0;${'a'.repeat(n)}\r\n\r\n`, 7_000],
    ['a long trailer section', (n) => `${chunkedHead}0\r\n${'X: yyyyyyyyyy\r\n'.repeat(n)}\r\n`, 300],
    ['a long content', (n) => `POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${n}\r\n\r\n${'x'.repeat(n)}`, 50_000],
    ['a pipeline', (n) => '\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(n), 500],
  ];
  for (const [name, make, n] of rows) {
    const perOctet = [n, 2 * n].map((size) => {
      const octets = fromLatin1(make(size));
      const parser = new Http1RequestParser({ limits });
      t.equal(readPieces(singly(octets), parser).at(-1)?.kind, 'end', `${name} of ${octets.length} octets is accepted`);
      return parser.work / octets.length;
    });
    t.comment(`${name}: ${perOctet.map((work) => work.toFixed(2)).join(', ')} steps an octet`);
    t.ok(Math.max(...perOctet) <= STEPS_PER_OCTET, `${name}: at most ${STEPS_PER_OCTET} steps an octet`);
  }
});

t.test("golden files: the ancestor's defects and one message of each kind", async (t) => {
  const folder = new URL('../../corpus/http1-request/golden/', import.meta.url);
  const names = readdirSync(folder).filter((name) => name.endsWith('.http'));
  t.ok(names.length >= 12, `${names.length} files`);
  for (const name of names) {
    const { told, odd } = readEveryWay(new Uint8Array(readFileSync(new URL(name, folder))), {});
    const file = new URL(name.replace('.http', '.events'), folder);
    // `npx tap --snapshot` writes the logs anew, to be read in the diff
    if (process.env['TAP_SNAPSHOT'] === '1') writeFileSync(file, toLog(told));
    t.equal(toLog(told), readFileSync(file, 'utf8'), name);
    t.equal(odd, undefined, `${name}, for every split`);
  }
});

t.test('any octets are told as typed events in order, alike for every split', async (t) => {
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 200 }), messageOctets()), fc.integer(), (octets, seed) => {
      const { told, odd } = readEveryWay(octets, {}, seed);
      if (odd !== undefined) throw new Error(`differs from the whole:\n${toLog(told)}\n${odd}`);
      assertTold(octets, told);
    }),
    { seed: SEED, numRuns: 400 },
  );
  t.pass('400 inputs');
});

/** Octets put together from pieces of messages, so that they come far. */
function messageOctets(): fc.Arbitrary<Uint8Array> {
  const pieces = [
    ...[
      'GET',
      'POST',
      ' ',
      '/',
      '*',
      'http://a/',
      ' HTTP/1.1\r\n',
      ' HTTP/1.0\r\n',
      'Host: a\r\n',
      'X: y',
      ':',
      '\r\n',
      '\r',
    ],
    ...[
      'Content-Length: 5\r\n',
      'Transfer-Encoding: chunked\r\n',
      '\r\n\r\n',
      'hello',
      '5\r\nhello\r\n',
      '0\r\n',
      ';a="b"',
    ],
    ...[
      'GET / HTTP/1.1\r\nHost: a\r\n\r\n',
      'POST / HTTP/1.1\r\nHost: a\r\n',
      '\n',
      '\t',
      '\x00',
      '\xff',
      '0\r\n\r\n',
      'f',
    ],
    'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n',
  ];
  return fc.array(fc.constantFrom(...pieces), { maxLength: 30 }).map((chosen) => fromLatin1(chosen.join('')));
}

/** Throws unless events are in order, offsets in range and content the input's own, and an error is typed, last and bounded. */
function assertTold(octets: Uint8Array, told: readonly Told[]): void {
  let at = 0;
  let isInside = false;
  for (const [index, { kind, offset, content, error }] of told.entries()) {
    if (kind === 'error') {
      if (!(error instanceof ProtocolError) || !(error.code in CODES)) throw new Error(`no typed error: ${error}`);
      if (index !== told.length - 1) throw new Error('an event after an error');
      if (offset < 0 || offset > octets.length) throw new Error(`error at ${offset} of ${octets.length}`);
      if ((error.excerpt?.text.length ?? 0) > 4 * 64) throw new Error('an excerpt of more than 64 octets');
      continue;
    }
    if (offset < at || offset > octets.length) throw new Error(`${kind} at ${offset} after ${at} of ${octets.length}`);
    if (isInside === (kind === 'request')) throw new Error(`${kind} ${isInside ? 'inside' : 'outside'} a request`);
    const own = String.fromCharCode(...octets.subarray(offset, offset + content.length));
    if (kind === 'content' && (content === '' || own !== content)) throw new Error('content that did not come');
    isInside = kind !== 'end';
    at = offset + content.length;
  }
}

function pick(request: Found, names: readonly string[]): Found {
  return Object.fromEntries(names.map((name) => [name, request[name]]));
}

/** Each request with its content and trailers, as plain values. */
function requestsOf(told: readonly Told[]): Found[] {
  const requests: Record<string, unknown>[] = [];
  for (const { kind, head, content, trailers } of told) {
    const last = requests.at(-1);
    if (head !== undefined) requests.push({ ...head, fields: [...head.fields], content: '' });
    else if (last !== undefined && kind === 'content') last['content'] += content;
    else if (last !== undefined && kind === 'end') last['trailers'] = [...(trailers ?? [])];
  }
  return requests;
}
