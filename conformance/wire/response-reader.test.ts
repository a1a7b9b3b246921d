import t from 'tap';
import { fieldValues, listMembers, type Reading, readResponse } from './response-reader.ts';

/** What a row expects of the reading; only what is named is compared. */
interface Expected {
  readonly status?: number;
  readonly version?: string;
  readonly reason?: string;
  readonly framing?: string;
  readonly content?: string;
  readonly complete?: boolean;
  readonly trailers?: readonly (readonly string[])[];
  readonly fields?: readonly (readonly string[])[];
  readonly problems?: readonly string[];
  /** What is left behind the response. */
  readonly rest?: string;
}

interface Row {
  readonly name: string;
  readonly octets: string;
  readonly method?: string;
  readonly over?: 'end' | 'deadline';
  readonly is: Expected | 'more';
}

const CHUNKED = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n';

const ROWS: readonly Row[] = [
  {
    name: 'content is framed by Content-Length, and what follows is left',
    octets: 'HTTP/1.1 200 Very Well\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 400',
    is: {
      status: 200,
      version: '1.1',
      reason: 'Very Well',
      framing: 'content-length',
      content: 'ok',
      complete: true,
      problems: [],
      rest: 'HTTP/1.1 400',
    },
  },
  { name: 'an unfinished head asks for more', octets: 'HTTP/1.1 200 OK\r\nA: b\r\n', is: 'more' },
  { name: 'unfinished content asks for more', octets: 'HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok', is: 'more' },
  { name: 'nothing asks for more, even at the end', octets: '', over: 'end', is: 'more' },
  {
    name: 'content cut off by the end is incomplete',
    octets: 'HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok',
    over: 'end',
    is: { status: 200, content: 'ok', complete: false },
  },
  {
    name: 'a head cut off by the end is incomplete',
    octets: 'HTTP/1.1 200 OK\r\nA: b\r\n',
    over: 'end',
    is: { status: 200, complete: false, problems: ['head not ended'] },
  },
  {
    name: 'a head cut off by the deadline is incomplete',
    octets: 'HTTP/1.1 200',
    over: 'deadline',
    is: { status: 200, complete: false, problems: ['no space after the status code', 'head not ended'] },
  },
  {
    name: 'HEAD is answered without content whatever the fields say',
    octets: 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nHTTP/1.1 204 X\r\n\r\n',
    method: 'HEAD',
    is: { status: 200, framing: 'none', content: '', rest: 'HTTP/1.1 204 X\r\n\r\n' },
  },
  ...[100, 103, 204, 304].map((status) => ({
    name: `${status} has no content whatever the fields say`,
    octets: `HTTP/1.1 ${status} X\r\nContent-Length: 5\r\n\r\nabcde`,
    is: { status, framing: 'none', content: '', complete: true, rest: 'abcde' },
  })),
  {
    name: 'a 2xx to CONNECT has no content',
    octets: 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabcde',
    method: 'CONNECT',
    is: { framing: 'none', rest: 'abcde' },
  },
  {
    name: 'a 4xx to CONNECT has content',
    octets: 'HTTP/1.1 405 X\r\nContent-Length: 5\r\n\r\nabcde',
    method: 'CONNECT',
    is: { framing: 'content-length', content: 'abcde' },
  },
  {
    name: 'chunks are joined, extensions dropped, trailers kept',
    octets: `${CHUNKED}2;a=b\r\nab\r\n0A \r\n0123456789\r\n0\r\nX-T:  v \r\n\r\nrest`,
    is: {
      framing: 'chunked',
      content: 'ab0123456789',
      trailers: [['X-T', 'v']],
      complete: true,
      problems: [],
      rest: 'rest',
    },
  },
  { name: 'chunks without the last one ask for more', octets: `${CHUNKED}2\r\nab\r\n`, is: 'more' },
  { name: 'a last chunk without its empty line asks for more', octets: `${CHUNKED}0\r\n`, is: 'more' },
  {
    name: 'chunks cut off by the end are incomplete, and what came is kept',
    octets: `${CHUNKED}2\r\nab\r\n5\r\ncd`,
    over: 'end',
    is: { content: 'abcd', complete: false, problems: ['chunked content not ended'] },
  },
  {
    name: 'a malformed chunk-size ends the content as incomplete',
    octets: `${CHUNKED}2\r\nab\r\n0x5\r\nabcde\r\n0\r\n\r\n`,
    is: { content: 'ab', complete: false, problems: ['malformed chunk line "0x5"'] },
  },
  {
    name: 'a chunk-size of more than 12 digits is malformed',
    octets: `${CHUNKED}1000000000000\r\n`,
    is: { complete: false, problems: ['malformed chunk line "1000000000000"'] },
  },
  {
    name: 'chunk data that is not followed by CRLF ends the content as incomplete',
    octets: `${CHUNKED}2\r\nabXX0\r\n\r\n`,
    is: { complete: false, problems: ['chunk data not followed by CRLF'] },
  },
  {
    name: 'a coding that does not end in chunked is read to the end',
    octets: 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, gzip\r\n\r\nzzz',
    over: 'end',
    is: { framing: 'close', content: 'zzz', complete: true },
  },
  {
    name: 'Transfer-Encoding overrides Content-Length',
    octets: 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    is: { framing: 'chunked', content: '', complete: true },
  },
  { name: 'content without a length asks for more until the end', octets: 'HTTP/1.1 200 OK\r\n\r\nabc', is: 'more' },
  {
    name: 'content without a length is complete at the end',
    octets: 'HTTP/1.1 200 OK\r\n\r\nabc',
    over: 'end',
    is: { framing: 'close', content: 'abc', complete: true },
  },
  {
    name: 'content without a length is incomplete at the deadline',
    octets: 'HTTP/1.1 200 OK\r\n\r\nabc',
    over: 'deadline',
    is: { framing: 'close', content: 'abc', complete: false },
  },
  {
    name: 'an invalid Content-Length is a problem',
    octets: 'HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\nabc',
    is: { content: 'abc', problems: ['invalid Content-Length "-1"'] },
  },
  {
    name: 'Content-Length fields that differ are a problem',
    octets: 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab',
    is: { content: 'a', problems: ['differing Content-Length fields'], rest: 'b' },
  },
  {
    name: 'octets that are no response are status 0, up to the next one',
    octets: '<html>HTTP/1.1 200 OK\r\n\r\n',
    is: {
      status: 0,
      content: '<html>',
      problems: ['octets that are no HTTP response'],
      rest: 'HTTP/1.1 200 OK\r\n\r\n',
    },
  },
  {
    name: 'a beginning of HTTP/ is not yet no response',
    octets: 'HTT',
    is: 'more',
  },
  {
    name: 'a malformed status line is forgiven and named',
    octets: 'HTTP/1.1 2x0 OK\r\nContent-Length: 0\r\n\r\n',
    is: { status: 0, complete: true, problems: ['malformed status line "HTTP/1.1 2x0 OK"'] },
  },
  {
    name: 'bare LF, an empty line in front, folds and bad names are forgiven and named',
    octets: '\r\nHTTP/1.1 200 OK\nA: b\r\n c\r\nBad Name: d\r\nnone\r\nContent-Length: 0\r\n\r\n',
    is: {
      status: 200,
      fields: [
        ['A', 'b c'],
        ['Bad Name', 'd'],
        ['none', ''],
        ['Content-Length', '0'],
      ],
      problems: [
        'line ended by a bare LF',
        'folded field A',
        'malformed field name "Bad Name"',
        'empty line before the status line',
      ],
    },
  },
  {
    name: 'a head of more than 256 KiB is cut off',
    octets: `HTTP/1.1 200 OK\r\nA: ${'x'.repeat(256 * 1024)}`,
    is: { status: 200, complete: false, problems: ['head not ended'] },
  },
];

t.test('readResponse()', async (t) => {
  for (const row of ROWS) {
    const seen = summarise(row);
    // Exactly what is named: `match` would find '' in any text.
    const named = Object.keys(row.is).map((key) => [key, seen[key]]);
    t.same(
      row.is === 'more' ? seen : Object.fromEntries(named),
      row.is === 'more' ? { kind: 'more' } : row.is,
      row.name,
    );
  }
});

t.test('readResponse() asks for more until the last octet of a framed response, and then takes it whole', async (t) => {
  for (const text of [
    'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello',
    `${CHUNKED}5\r\nhello\r\n0\r\nX: y\r\n\r\n`,
    'HTTP/1.1 204 No Content\r\nA: b\r\n\r\n',
  ]) {
    const octets = Buffer.from(text, 'latin1');
    const early = Array.from(octets, (_, bytes) => readResponse(octets.subarray(0, bytes), 'GET').kind);
    t.same([...new Set(early)], ['more'], JSON.stringify(text));
    const whole = readResponse(octets, 'GET');
    t.match(whole, { kind: 'response', bytes: octets.length });
  }
});

t.test('fields are found by name in any case, and lists are split over all lines', async (t) => {
  const fields = [
    ['connection', 'Keep-Alive, , X'],
    ['CONNECTION', 'close'],
    ['Other', 'a, b'],
  ] as const;
  t.same(fieldValues(fields, 'connection'), ['Keep-Alive, , X', 'close']);
  t.same(listMembers(fields, 'connection'), ['keep-alive', 'x', 'close']);
});

function summarise(row: Row): Readonly<Record<string, unknown>> {
  const octets = Buffer.from(row.octets, 'latin1');
  const reading: Reading = readResponse(octets, row.method ?? 'GET', row.over);
  if (reading.kind === 'more') return reading;
  const { response, bytes } = reading;
  return { ...response, content: response.content.toString('latin1'), rest: octets.toString('latin1', bytes) };
}
