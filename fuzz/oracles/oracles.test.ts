import t from 'tap';
import { http1Limits } from '../../core/sans-io.ts';
import { octetsOf } from '../engines/latin1-input.ts';
import { assertAnswered, converse } from './http1-conversation.ts';
import { assertEventOrder, type Http1Record, readHttp1 } from './http1-events.ts';
import { assertFraming } from './http1-framing.ts';
import { readResponses } from './http1-responses.ts';
import { assertRoundTrip } from './http1-round-trip.ts';
import { assertSameForEveryCut, type EventRecord } from './segmentation.ts';

const HEAD = 'POST / HTTP/1.1\r\nHost: a\r\n';
const CHUNKED = `${HEAD}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX: y\r\n\r\n`;
const LENGTH = `${HEAD}Content-Length: 5\r\n\r\nhello`;

function read(input: string): Http1Record[] {
  return readHttp1([octetsOf(input)]);
}

/** What a parser would have said of `told`, if it had been given `input`: a bug, made by hand. */
function judge(input: string, told: readonly Http1Record[]): void {
  const octets = octetsOf(input);
  assertEventOrder(octets, told);
  assertFraming(octets, told);
  assertRoundTrip(told);
}

/** What a call throws; `undefined` when it does not. */
function thrownBy(run: () => void): unknown {
  try {
    run();
  } catch (thrown) {
    return thrown;
  }
  return undefined;
}

t.test('sound readings satisfy every oracle', async (t) => {
  const inputs = [
    CHUNKED,
    LENGTH,
    CHUNKED + LENGTH + CHUNKED,
    `${LENGTH}\r\n${CHUNKED.slice(0, -3)}`,
    `${HEAD}\r\n`,
    'x',
    '',
  ];
  for (const input of inputs) t.doesNotThrow(() => judge(input, read(input)), JSON.stringify(input));
});

t.test('event order: each broken sequence is told', async (t) => {
  const [request, content, end] = read(LENGTH);
  if (request === undefined || content === undefined || end === undefined) throw new Error('no request was read');
  const error: Http1Record = { kind: 'error', offset: 0, text: '' };
  const rows: [string, Http1Record[]][] = [
    ['a request inside another', [request, request]],
    ['content without a request', [content]],
    ['an end without a request', [end]],
    ['an error that is not last', [error, request]],
    [
      'an offset that runs back',
      [request, { ...content, offset: content.offset + 2, text: 'llo' }, { ...end, offset: 3 }],
    ],
    ['an offset out of range', [{ ...request, offset: LENGTH.length + 1 }]],
    ['content that was not received', [request, { ...content, text: 'HELLO' }]],
  ];
  for (const [name, records] of rows) {
    t.match(
      thrownBy(() => assertEventOrder(octetsOf(LENGTH), records)),
      { oracle: 'event-order' },
      name,
    );
  }
});

t.test('framing: what a lenient parser would accept is told', async (t) => {
  // The records of a sound message, laid over octets that only a broken parser would read the same way.
  const rows: [string, string, string, number][] = [
    ['a prefixed chunk-size', CHUNKED, CHUNKED.replace('5\r\n', '0x5\r\n'), CHUNKED.indexOf('5\r\n')],
    ['a signed chunk-size', CHUNKED, CHUNKED.replace('5\r\n', '+5\r\n'), CHUNKED.indexOf('5\r\n')],
    ['a chunk-size with another number', CHUNKED, CHUNKED.replace('5\r\n', '6\r\n'), CHUNKED.indexOf('5\r\n')],
    ['chunk data without CRLF', CHUNKED, CHUNKED.replace('hello\r\n', 'helloxx'), CHUNKED.indexOf('hello') + 5],
    ['a last chunk that is none', CHUNKED, CHUNKED.replace('\r\n0\r\n', '\r\n1\r\n'), CHUNKED.indexOf('0\r\nX')],
    ['a trailer line that is none', CHUNKED, CHUNKED.replace('X: y', 'X  y'), CHUNKED.indexOf('X: y')],
    ['a length that is none', LENGTH, LENGTH, LENGTH.indexOf('hello')],
  ];
  for (const [name, sound, broken, offset] of rows) {
    const shift = broken.length - sound.length;
    const told = read(sound).map((record): Http1Record => {
      const moved = record.offset > offset ? { ...record, offset: record.offset + shift } : record;
      if (name !== 'a length that is none' || record.head === undefined) return moved;
      return {
        ...moved,
        head: { ...record.head, fields: read(LENGTH.replace('h: 5', 'h: 6'))[0]?.head?.fields ?? record.head.fields },
      };
    });
    t.match(
      thrownBy(() => assertFraming(octetsOf(broken), told)),
      { oracle: 'framing' },
      name,
    );
  }
});

t.test('round trip: a head that does not read as it was written is told', async (t) => {
  const told = read(LENGTH).map((record) =>
    record.head === undefined ? record : { ...record, text: `${record.text}!` },
  );
  t.match(
    thrownBy(() => assertRoundTrip(told)),
    { oracle: 'round-trip', state: 'head' },
  );
  const other = read(LENGTH).map((record) => (record.kind === 'content' ? { ...record, text: 'hell' } : record));
  t.match(
    thrownBy(() => assertRoundTrip(other)),
    { oracle: 'round-trip' },
  );
});

t.test('segmentation: a reader that looks at its pieces, or keeps them, is told', async (t) => {
  const octets = octetsOf('abcdefghij');
  const sized = (pieces: Iterable<Uint8Array>): EventRecord[] =>
    [...pieces].map((piece) => ({ kind: 'piece', offset: 0, text: String(piece.length) }));
  t.match(
    thrownBy(() => assertSameForEveryCut(octets, sized)),
    { oracle: 'segmentation' },
  );
  const keeps = (pieces: Iterable<Uint8Array>): EventRecord[] => {
    const kept = [...pieces];
    return [{ kind: 'all', offset: 0, text: kept.map((piece) => String.fromCharCode(...piece)).join('') }];
  };
  t.match(
    thrownBy(() => assertSameForEveryCut(octets, keeps)),
    { oracle: 'segmentation' },
    'views outlive their piece',
  );
  const copies = (pieces: Iterable<Uint8Array>): EventRecord[] => {
    let text = '';
    for (const piece of pieces) text += String.fromCharCode(...piece);
    return [{ kind: 'all', offset: 0, text }];
  };
  t.equal(assertSameForEveryCut(octets, copies)[0]?.text, 'abcdefghij');
});

t.test('a limit of the parser is refused with a typed error', async (t) => {
  const limits = http1Limits({ headBytes: 256 });
  const records = readHttp1([octetsOf(`GET / HTTP/1.1\r\nX: ${'x'.repeat(300)}`)], { limits });
  t.match(records, [{ kind: 'error', text: /^H1_HEAD_BYTES / }]);
});

t.test('conversation: answers that are missing or out of order, and connections left open, are told', async (t) => {
  const sound = converse([
    octetsOf(`${LENGTH}GET /1 HTTP/1.1\r\nHost: a\r\n\r\nHEAD /22 HTTP/1.1\r\nHost: a\r\n\r\nbad`),
  ]);
  t.doesNotThrow(() => assertAnswered(sound));
  const output = sound.at(-2);
  if (output === undefined) throw new Error('no output');
  const edit = (text: string) => sound.map((record) => (record === output ? { ...record, text } : record));
  t.match(
    thrownBy(() => assertAnswered(edit(''))),
    { state: 'count' },
  );
  t.match(
    thrownBy(() => assertAnswered(edit(output.text.replace('X-Exchange: 1', 'X-Exchange: 2')))),
    { state: 'order' },
  );
  const open = [...sound.slice(0, -1), { kind: 'state', offset: 0, text: 'open, 1 open' } as const];
  t.match(
    thrownBy(() => assertAnswered(open)),
    { state: 'end' },
  );
});

t.test('readResponses() refuses what is no response', async (t) => {
  const ok = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi';
  const chunked = 'HTTP/1.1 200 \r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n';
  const never = (): boolean => false;
  t.match(readResponses(ok + ok, never), [
    { status: 200, content: 'hi' },
    { status: 200, at: ok.length },
  ]);
  t.match(readResponses(chunked, never), [{ content: 'hi' }]);
  t.match(
    readResponses(ok.slice(0, -2), () => true),
    [{ content: '' }],
    'an answer to HEAD',
  );
  for (const [from, to] of [
    ['HTTP/1.1', 'HTTP/1'],
    ['200', '20'],
    ['Content-Length: 2', 'Content-Length : 2'],
    ['Content-Length: 2', 'Content-Length: 3'],
    ['Content-Length: 2', 'Content-Length: 2\r\nContent-Length: 2'],
    ['Content-Length: 2', 'Content-Length: 2\r\nTransfer-Encoding: chunked'],
    ['\r\n\r\n', '\r\n'],
  ] as const) {
    t.match(
      thrownBy(() => readResponses(ok.replace(from, to), never)),
      { oracle: 'responses' },
      to,
    );
  }
});
