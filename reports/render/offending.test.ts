import t from 'tap';
import type { FieldBlock } from './html-extras.ts';
import { readFrames } from './html-frames.ts';
import { markRequests } from './offending.ts';

const HEAD = 'POST /a HTTP/1.1\r\nHost: a\r\n';

t.test('what the grammar of HTTP/1.1 does not allow is marked in a request, and nothing else', async (t) => {
  const rows: readonly (readonly [name: string, sent: string, marked: readonly (readonly [string, string])[]])[] = [
    ['in order', 'GET / HTTP/1.1\r\nHost: [::1]:80\r\nA:\t\x80\r\n\r\n', []],
    ['two, with content', `${HEAD}Content-Length: 3\r\n\r\nG:\nGET / HTTP/1.1\r\nHost: a\r\n\r\n`, []],
    [
      'chunked',
      `${HEAD}Transfer-Encoding: chunked\r\n\r\n2;a="b"\r\nx\n\r\n0\r\nT: 1\r\n\r\nGET / HTTP/1.1\r\n\r\n`,
      [],
    ],
    ['no end', 'GET / HTTP/1.1\r\nHost: a\r\nB : ', []],
    ['nothing', '', []],
    ['bare LF', 'GET / HTTP/1.1\nHost: a\r\n\r\n', [['\n', 'LF without CR']]],
    ['CR within', 'GET / HTTP/1.1\r\nA: b\rc\r\n\r\n', [['\r', 'not allowed here']]],
    ['NUL in a value', 'GET / HTTP/1.1\r\nA: \0\0b\r\n\r\n', [['\0\0', 'not allowed here']]],
    ['two spaces', 'GET  / HTTP/1.1\r\n\r\n', [['GET  / HTTP/1.1', 'no request line']]],
    ['a method that is none', 'G(T / HTTP/1.1\r\n\r\n', [['G(T', 'no method']]],
    ['octets of a target', 'GET /\x80 HTTP/1.1\r\n\r\n', [['\x80', 'not allowed here']]],
    [
      'octets of a URI',
      'GET /a"<%41%4 HTTP/1.1\r\n\r\n',
      [
        ['"<', 'not allowed here'],
        ['%', 'not allowed here'],
      ],
    ],
    ['extensions in order', `${HEAD}Transfer-Encoding: chunked\r\n\r\n0 ; a = "b\\"c";d;e=f\r\n\r\n`, []],
    ['an extension', `${HEAD}Transfer-Encoding: chunked\r\n\r\n1;a="b\r\nx\r\n`, [[';a="b', 'no chunk extension']]],
    ['white space before the colon', `${HEAD}A \t: b\r\n\r\n`, [[' \t', 'white space before the colon']]],
    ['a name that is none', `${HEAD}A(b: c\r\n\r\n`, [['A(b', 'no field name']]],
    ['no name', `${HEAD}: c\r\n\r\n`, [[':', 'no field name']]],
    ['no colon', `${HEAD}Abc\r\n\r\n`, [['Abc', 'no field']]],
    ['folded', `${HEAD}A: b\r\n  c\r\n\r\n`, [['  ', 'a folded line']]],
    ['Host twice', `${HEAD}Host: b\r\n\r\n`, [['Host: b', 'Host again']]],
    ['no host', 'GET / HTTP/1.1\r\nHost: a b\r\n\r\n', [['Host: a b', 'no host']]],
    [
      'two lengths',
      `${HEAD}Content-Length: 1\r\nContent-Length: 1\r\n\r\nx`,
      [['Content-Length: 1', 'Content-Length again']],
    ],
    ['no length', `${HEAD}Content-Length: +1\r\n\r\n`, [['Content-Length: +1', 'no length']]],
    [
      'both',
      `${HEAD}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
      [['Content-Length: 5', 'beside Transfer-Encoding']],
    ],
    [
      'not chunked',
      `${HEAD}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n`,
      [['Transfer-Encoding: xchunked', 'not chunked alone']],
    ],
    ['a chunk size', `${HEAD}Transfer-Encoding: chunked\r\n\r\n0x1\r\na\r\n`, [['0x1', 'no chunk size']]],
    ['a chunk too long', `${HEAD}Transfer-Encoding: chunked\r\n\r\n1\r\nab\r\n`, [['b', 'not the end of the chunk']]],
  ];
  for (const [name, sent, marked] of rows) {
    const octets = Buffer.from(sent, 'latin1');
    t.same(
      markRequests(octets).map(({ from, to, why }) => [octets.toString('latin1', from, to), why]),
      marked,
      name,
    );
  }
});

t.test('any octets can be marked, and the marks lie within them', async (t) => {
  let state = 8841;
  for (let round = 0; round < 300; round += 1) {
    const octets = Buffer.from(
      Array.from({ length: round }, () => {
        state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
        return '\r\n\0: ;aGET5/HTTP.'.charCodeAt(state % 17) || state % 256;
      }),
    );
    const marks = markRequests(octets);
    if (!marks.every(({ from, to }) => from >= 0 && from < to && to <= octets.length)) t.fail(octets.toString('hex'));
  }
  t.pass('seed 8841');
});

/** A frame: type, flags, stream, payload in hex. */
const frame = (type: number, flags: number, stream: number, payload = ''): Buffer => {
  const octets = Buffer.from(payload, 'hex');
  const head = Buffer.alloc(9);
  head.writeUIntBE(octets.length, 0, 3);
  head.writeUInt8(type, 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, octets]);
};

t.test('what HTTP/2 does not allow of a frame is said, and nothing of one in order', async (t) => {
  const rows: readonly (readonly [odd: string, frames: readonly Buffer[]])[] = [
    [
      '',
      [frame(4, 0, 0, '000200000000'), frame(4, 1, 0), frame(6, 0, 0, '0011223344556677'), frame(8, 0, 1, '00000001')],
    ],
    ['', [frame(1, 4, 1), frame(0, 9, 1, '0061'), frame(3, 0, 1, '00000008'), frame(7, 0, 0, '0000000000000000')]],
    ['', [frame(1, 0, 1), frame(9, 0, 1), frame(9, 4, 1), frame(0xfa, 0xff, 7, '00')]],
    ['7 octets, not 8', [frame(6, 0, 0, '00112233445566')]],
    ['4 octets, not 5', [frame(2, 0, 1, '00000000')]],
    ['an acknowledgement with a payload', [frame(4, 1, 0, '000200000000')]],
    ['5 octets are no whole settings', [frame(4, 0, 0, '0002000000')]],
    ['ENABLE_PUSH out of range', [frame(4, 0, 0, '000200000002')]],
    ['4 octets, fewer than 8', [frame(7, 0, 0, '00000000')]],
    ['padding that does not fit', [frame(0, 8, 1, '0261')]],
    ['too short for its flags', [frame(1, 0x24, 1, '00000000')]],
    ['padding that does not fit', [frame(1, 0x2c, 1, '02000000000082')]],
    ['more than 16384 octets', [frame(0, 0, 1, '00'.repeat(16_385))]],
    ['stream 0', [frame(0, 0, 0, '00')]],
    ['a stream where there is none', [frame(6, 0, 1, '0011223344556677')]],
    ['an even stream of a client', [frame(1, 4, 2)]],
    ['a client does not push', [frame(5, 4, 1, '00000002')]],
    ['no increment', [frame(8, 0, 0, '80000000')]],
    ['a stream that depends on itself', [frame(2, 0, 3, '0000000300')]],
    ['a stream that depends on itself', [frame(1, 0x24, 3, '0000000300')]],
    ['no field block goes on here', [frame(9, 4, 1)]],
    ['within the field block of stream 1', [frame(1, 0, 1), frame(6, 0, 0, '0011223344556677')]],
  ];
  for (const [odd, frames] of rows) {
    const { rows: read } = readFrames(Buffer.concat(frames), 'client');
    t.same(
      read.map((row) => row.odd),
      read.map((_, index) => (index === read.length - 1 ? odd : '')),
      odd === '' ? 'in order' : odd,
    );
  }
  t.equal(readFrames(frame(5, 4, 1, '00000002'), 'server').rows[0]?.odd, '', 'a server may push');
});

t.test('a field block is put together, read once, and its lines are looked at', async (t) => {
  const blocks: string[] = [];
  const reader =
    (fields: FieldBlock['fields'], problem?: string) =>
    (block: Uint8Array): FieldBlock => {
      blocks.push(Buffer.from(block).toString('hex'));
      return { fields, ...(problem === undefined ? {} : { problem }) };
    };
  const padded = frame(1, 0x28, 1, '02000000000582aa0000');
  const { rows } = readFrames(Buffer.concat([padded, frame(9, 4, 1, 'bb')]), 'client', reader([[':method', 'GET']]));
  t.same(blocks, ['82aabb'], 'without padding and priority');
  t.match(rows, [
    { detail: 'padding 2, depends on 0, weight 6, 2 octets of a field block that goes on' },
    { detail: '', block: { fields: [[':method', 'GET']] }, odd: '' },
  ]);
  t.equal(readFrames(frame(1, 4, 1, '82'), 'client').rows[0]?.detail, '82', 'without a reader, in hex');
  for (const [name, value, odd] of [
    ['X-A', '', 'X-A: upper case'],
    ['', '', 'a field: no field name'],
    ['a b', '', 'a b: no field name'],
    [':status', '200', ':status: no pseudo-header field of this direction'],
    ['te', 'gzip', 'te: more than trailers'],
    ['te', 'trailers', ''],
    ['connection', 'close', 'connection: of a connection'],
    ['content-length', '1, 1', 'content-length: no one number'],
    ['a', 'b\nc', 'a: NUL, CR or LF in the value'],
    ['a', ' b', 'a: white space around the value'],
  ] as const) {
    t.equal(readFrames(frame(1, 4, 1), 'client', reader([[name, value]])).rows[0]?.odd, odd, `${name}: ${value}`);
  }
  const late = reader([
    ['a', ''],
    [':path', '/'],
    [':path', '/'],
  ]);
  t.equal(
    readFrames(frame(1, 4, 1), 'client', late).rows[0]?.odd,
    ':path: behind a regular field; :path: twice; :path: behind a regular field',
  );
  t.equal(readFrames(frame(1, 4, 1), 'client', reader([], 'it is cut')).rows[0]?.odd, 'it is cut');
});
