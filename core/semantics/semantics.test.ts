/** What the machines stand on: RFC 9110's words (F1), and octets, limits and errors (F0). */
import { readFileSync } from 'node:fs';
import t from 'tap';
import { fromLatin1, latin1, latin1Portable, writeLatin1, writeLatin1Portable } from '../bytes/latin1.ts';
import { OutputQueue } from '../bytes/output-queue.ts';
import { EXCERPT_BYTES, escapeOctet, excerptOf } from '../errors/escape.ts';
import { HTTP1_CODES } from '../errors/http1-codes.ts';
import { InvariantError } from '../errors/invariant-error.ts';
import { formatDiagnostic, ProtocolError } from '../errors/protocol-error.ts';
import { HTTP1_LIMIT_SPECS, http1Limits } from '../limits/http1-limits.ts';
import { imfFixdate } from './date.ts';
import { FieldLines } from './field.ts';
import { parseHost } from './host.ts';
import { isSafe } from './method.ts';
import { forbidsContentLength, isContentless, REASONS } from './status.ts';
import { parseTarget } from './target.ts';

t.test('parseHost() reads uri-host [ ":" port ] (RFC9110#7.2)', async (t) => {
  const right: [text: string, name: string, port?: number][] = [
    ['a', 'a'],
    ['example.com:80', 'example.com', 80],
    ['127.0.0.1:65535', '127.0.0.1', 65_535],
    ['999.1.1.1', '999.1.1.1'],
    ['a:', 'a'],
    ['a:0', 'a', 0],
    ['a:00080', 'a', 80],
    ["-._~!$&'()*+,;=", "-._~!$&'()*+,;="],
    ['a%2F', 'a%2F'],
    ['[::]', '[::]'],
    ['[::1]:8080', '[::1]', 8080],
    ['[1:2:3:4:5:6:7:8]', '[1:2:3:4:5:6:7:8]'],
    ['[1::3:4:5:6:7:8]', '[1::3:4:5:6:7:8]'],
    ['[::ffff:192.0.2.1]', '[::ffff:192.0.2.1]'],
    ['[1:2:3:4:5:6:192.0.2.1]', '[1:2:3:4:5:6:192.0.2.1]'],
    ['[v1f.a:b]:1', '[v1f.a:b]', 1],
  ];
  for (const [text, name, port] of right) t.same(parseHost(text), { name, port }, text);
  const wrong: [text: string, failure: string, at: number][] = [
    ['', 'empty', 0],
    [':80', 'empty', 0],
    ['u@a', 'userinfo', 1],
    ['u:p@a', 'userinfo', 3],
    ['u:p@', 'userinfo', 3],
    ['a b', 'octet', 1],
    ['a/b', 'octet', 1],
    ['a\\b', 'octet', 1],
    ['\xfc', 'octet', 0],
    ['\u0141', 'octet', 0],
    ['a%2', 'octet', 1],
    ['a%zz', 'octet', 1],
    ['a:8x', 'octet', 3],
    ['a:65536', 'octet', 6],
    ['a:-1', 'octet', 2],
    ['a:80:80', 'octet', 4],
    ['[::1', 'octet', 4],
    ['[]', 'octet', 1],
    ['[:]', 'octet', 1],
    ['[:::]', 'octet', 1],
    ['[::1::]', 'octet', 1],
    ['[1:2:3:4:5:6:7]', 'octet', 1],
    ['[1:2:3:4:5:6:7:8:9]', 'octet', 1],
    ['[1:2:3:4:5:6:7::8]', 'octet', 1],
    ['[12345::]', 'octet', 1],
    ['[::1.2.3]', 'octet', 1],
    ['[::256.0.0.1]', 'octet', 1],
    ['[::01.0.0.1]', 'octet', 1],
    ['[1.2.3.4::]', 'octet', 1],
    ['[fe80::1%25eth0]', 'octet', 1],
    ['[v.a]', 'octet', 1],
    ['[::1]a', 'octet', 5],
  ];
  for (const [text, failure, at] of wrong) t.same(parseHost(text), { failure, at }, `"${text}"`);
});

t.test('parseTarget() takes the form that the method asks for (RFC9112#3.2)', async (t) => {
  const host = { name: 'a', port: undefined };
  const rows: [method: string, text: string, target: object][] = [
    ['GET', '/', { form: 'origin', path: '/', query: undefined }],
    ['GET', '/a%2fb?c?d', { form: 'origin', path: '/a%2fb', query: 'c?d' }],
    ['GET', 'http://a', { form: 'absolute', scheme: 'http', host, path: '/', query: undefined }],
    ['GET', 'coap+x://a?b', { form: 'absolute', scheme: 'coap+x', host, path: '/', query: 'b' }],
    ['OPTIONS', 'http://a/', { form: 'absolute', scheme: 'http', host, path: '/', query: undefined }],
    ['OPTIONS', '*', { form: 'asterisk' }],
    ['CONNECT', 'a:443', { form: 'authority', host: { name: 'a', port: 443 } }],
    ['GET', '*', { failure: 'asterisk', at: 0 }],
    ['options', '*', { failure: 'asterisk', at: 0 }],
    ['OPTIONS', '**', { failure: 'form', at: 0 }],
    ['GET', 'a', { failure: 'form', at: 0 }],
    ['GET', '1http://a/', { failure: 'form', at: 0 }],
    ['GET', 'a:443', { failure: 'authority', at: 2 }],
    ['GET', 'http:/a', { failure: 'authority', at: 5 }],
    ['GET', 'http://a b/', { failure: 'authority', at: 8 }],
    ['GET', 'http:///a', { failure: 'no-host', at: 7 }],
    ['GET', 'http://u@a/', { failure: 'userinfo', at: 8 }],
    ['GET', '/%', { failure: 'percent', at: 1 }],
    ['GET', '/a?%4', { failure: 'percent', at: 3 }],
    ['GET', 'http://a/b%', { failure: 'percent', at: 10 }],
    ['GET', 'http://a?%x0', { failure: 'percent', at: 9 }],
    ['CONNECT', '/', { failure: 'connect', at: 0 }],
    ['CONNECT', 'a', { failure: 'connect', at: 1 }],
    ['CONNECT', 'a:', { failure: 'connect', at: 2 }],
    ['CONNECT', 'u@a:1', { failure: 'userinfo', at: 1 }],
  ];
  for (const [method, text, target] of rows) t.same(parseTarget(method, text), target, `${method} ${text}`);
});

t.test('FieldLines finds by name without case, and keeps order and repeats (RFC9110#5.3)', async (t) => {
  const text = 'Ab: 1\r\naB:2\r\n@b: 3\r\nc_d: 4\r\n';
  const fields = new FieldLines(text, [0, 2, 4, 5, 7, 9, 10, 11, 13, 15, 17, 18, 20, 23, 25, 26]);
  t.equal(fields.length, 4);
  t.same(
    [...fields],
    [
      ['Ab', '1'],
      ['aB', '2'],
      ['@b', '3'],
      ['c_d', '4'],
    ],
  );
  t.same([fields.get('AB'), fields.all('ab'), fields.get('x'), fields.all('x')], ['1, 2', ['1', '2'], undefined, []]);
  t.same([fields.has('ab'), fields.has('`b'), fields.has('C_D'), fields.has('c\x7fd')], [true, false, true, false]);
  t.same([fields.nameAt(1), fields.valueAt(1)], ['aB', '2']);
  t.same([FieldLines.NONE.length, [...FieldLines.NONE]], [0, []]);
});

t.test('imfFixdate() writes times as RFC9110#5.6.7 asks', async (t) => {
  const rows: [time: string, text: string][] = [
    ['1994-11-06T08:49:37.999Z', 'Sun, 06 Nov 1994 08:49:37 GMT'],
    ['1970-01-01T00:00:00Z', 'Thu, 01 Jan 1970 00:00:00 GMT'],
    ['2024-02-29T23:59:59Z', 'Thu, 29 Feb 2024 23:59:59 GMT'],
    ['0099-12-31T00:00:00Z', 'Thu, 31 Dec 0099 00:00:00 GMT'],
  ];
  for (const [time, text] of rows) t.equal(imfFixdate(Date.parse(time)), text);
  const days = Array.from({ length: 800 }, (_, day) => day * 86_400_000 + 12_345_000);
  t.same(
    days.map(imfFixdate),
    days.map((time) => new Date(time).toUTCString()),
    'every day and month',
  );
});

t.test('methods and statuses mean what RFC9110#9.2.1 and RFC9110#15 say', async (t) => {
  const safe = ['GET', 'HEAD', 'OPTIONS', 'TRACE', 'get', 'POST', 'PUT', 'DELETE', 'CONNECT', 'PATCH', ''].filter(
    isSafe,
  );
  t.same(safe, ['GET', 'HEAD', 'OPTIONS', 'TRACE'], 'names are compared with case');
  const contentless = [100, 103, 199, 200, 204, 205, 304, 404].filter((status) => isContentless(status, 'GET'));
  t.same(contentless, [100, 103, 199, 204, 304], 'RFC9112#6.3');
  t.ok(isContentless(200, 'HEAD'));
  t.same([100, 199, 200, 204, 205, 304].filter(forbidsContentLength), [100, 199, 204], 'RFC9110#8.6');
  for (const [status, reason] of Object.entries(REASONS)) t.match(reason, /^[A-Z][A-Za-z ,-]+$/, status);
});

t.test('limits are completed, frozen, and refused by name when they are unknown or out of range', async (t) => {
  const defaults = http1Limits();
  t.ok(Object.isFrozen(defaults));
  const names = Object.keys(HTTP1_LIMIT_SPECS).filter(
    (name): name is keyof typeof HTTP1_LIMIT_SPECS => name in defaults,
  );
  t.same(Object.keys(defaults), names);
  const source = readFileSync(new URL('../limits/http1-limits.ts', import.meta.url), 'utf8').replaceAll('_', '');
  for (const name of names) {
    const { default: value, min, max } = HTTP1_LIMIT_SPECS[name];
    t.equal(defaults[name], value, `${name} has its default`);
    t.equal(http1Limits({ [name]: min })[name], min, `${name} takes its least value`);
    t.equal(http1Limits({ [name]: max })[name], max, `${name} takes its largest value`);
    for (const wrong of [min - 1, max + 1, min + 0.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      const refusal = { name: 'RangeError', message: new RegExp(`limit ${name} is .*from ${min} to ${max}$`) };
      t.throws(() => http1Limits({ [name]: wrong }), refusal, `${name} refuses ${wrong}`);
    }
    const told = `${value}, ${min}..${max === Number.MAX_SAFE_INTEGER ? '2^53-1' : max}.`;
    t.ok(source.includes(`@defaultValue ${told}`), `${name} is documented as ${told}`);
  }
  t.throws(() => http1Limits({ headbytes: 1 } as object), {
    name: 'TypeError',
    message: /^Unknown HTTP\/1.1 limit "headbytes"; there are: .*headBytes/,
  });
  t.throws(() => http1Limits(JSON.parse('{"__proto__":1}')), { name: 'TypeError', message: /__proto__/ });
});

t.test('latin1 means one unit an octet, natively and portably alike', async (t) => {
  const all = Uint8Array.from({ length: 256 }, (_, octet) => octet);
  const big = Uint8Array.from({ length: 100_003 }, (_, i) => (i * 31 + (i >> 8)) & 0xff);
  for (const bytes of [new Uint8Array(0), all, big]) {
    const text = latin1(bytes);
    t.equal(text, latin1Portable(bytes), `${bytes.length} octets`);
    t.ok(
      Array.from(text).every((unit, i) => unit.charCodeAt(0) === bytes[i]),
      'unit by unit',
    );
    t.same(fromLatin1(text), bytes, 'and back');
  }
  t.equal(latin1(all, 0x7e, 0x82), '\x7e\x7f\x80\x81', 'a part');
  t.equal(latin1(all.subarray(0x90), 0, 2), '\x90\x91', 'a part of a view');
  for (const length of [0, 1, 31, 32, 33, 256, 5_000]) {
    const text = latin1(big, 100, 100 + length);
    const [native, portable] = [new Uint8Array(length + 4), new Uint8Array(length + 4)];
    t.equal(writeLatin1(native, text, 2), length);
    t.equal(writeLatin1Portable(portable, text, 2), length);
    t.same(native, portable, `${length} units are written alike, and nothing beside them`);
  }
  t.throws(() => fromLatin1('a\u0100'), InvariantError);
});

t.test('OutputQueue hands over what it was given, in order, and never touches it again', async (t) => {
  const [one, two] = [new OutputQueue(), new OutputQueue()];
  const large = new Uint8Array(5_000).fill(0x4c);
  const small = Uint8Array.of(1, 2, 3);
  one.text('a');
  two.text('b');
  one.text('c');
  one.bytes(small);
  one.bytes(new Uint8Array(0));
  one.bytes(large);
  one.text('d'.repeat(70_000));
  one.append(two);
  small.fill(9);
  t.same([one.length, two.length], [1 + 1 + 3 + 5_000 + 70_000 + 1, 0]);
  const parts = one.take();
  t.ok(parts.includes(large), 'a large piece is passed by reference');
  t.equal(parts.map((part) => latin1(part)).join(''), `ac\x01\x02\x03${'L'.repeat(5_000)}${'d'.repeat(70_000)}b`);
  t.same([one.length, one.take()], [0, []]);
  const kept = latin1(parts.at(-1) ?? large);
  for (let i = 0; i < 200; i++) one.text('x'.repeat(1_000));
  t.equal(latin1(parts.at(-1) ?? large), kept, 'what was handed over stays as it was');
  t.equal(
    one.take().reduce((sum, part) => sum + part.length, 0),
    200_000,
  );
});

t.test('OutputQueue refuses what has no length, and the queues beside it stay whole', async (t) => {
  const [sound, broken] = [new OutputQueue(), new OutputQueue()];
  sound.text('before');
  for (const length of [-3, undefined, Number.NaN, 'x']) {
    const octets = Object.defineProperty(new Uint8Array(9), 'length', { value: length });
    t.throws(() => broken.bytes(octets), InvariantError, `${length}`);
  }
  sound.text(' and behind');
  t.same([latin1(sound.take()[0] ?? new Uint8Array(0)), broken.length], ['before and behind', 0]);
});

t.test('OutputQueue hands over as much as is asked for, and keeps the rest in order', async (t) => {
  const large = Uint8Array.from({ length: 5_000 }, (_, i) => i & 0xff);
  const whole = `ab${latin1(large)}cd${latin1(large)}`;
  for (const size of [1, 2, 3, 4_999, 5_000, 5_002, 5_003, 10_003, whole.length, whole.length + 1]) {
    const queue = new OutputQueue();
    queue.text('ab');
    queue.bytes(large);
    queue.text('cd');
    queue.bytes(large);
    let text = '';
    for (let left = whole.length; left > 0; left = Math.max(0, left - size)) {
      if (queue.length !== left) t.fail(`${queue.length} wait, not ${left}`);
      const parts = queue.take(size);
      const taken = parts.map((part) => latin1(part)).join('');
      if (taken.length !== Math.min(size, left)) t.fail(`${taken.length} of ${left} for ${size}`);
      if (parts.some((part) => part.length === 0)) t.fail(`an empty piece for ${size}`);
      text += taken;
    }
    t.same([text === whole, queue.length, queue.take(1)], [true, 0, []], `${size} octets at a time`);
  }
});

t.test('an excerpt is visible ASCII, holds at most 64 octets and marks the octet', async (t) => {
  const all = Uint8Array.from({ length: 256 }, (_, octet) => octet);
  const texts = Array.from(all, escapeOctet);
  t.equal(new Set(texts).size, 256, 'no two octets look alike');
  t.ok(texts.every((text) => /^[\x20-\x7e]{1,4}$/.test(text)));
  for (const at of [0, 1, 31, 32, 100, 254, 255, 256]) {
    const { text, mark, markLength } = excerptOf(all, at);
    t.ok(text.length <= 4 * EXCERPT_BYTES);
    const marked = at < 256 ? escapeOctet(at) : '';
    t.same([text.slice(mark, mark + markLength), markLength], [marked, marked.length], `octet ${at}`);
  }
});

t.test('a refusal of HTTP/1.1 gets 400, unless its clause has a status for it', async (t) => {
  const others: Readonly<Record<string, readonly string[]>> = {
    // RFC9110#15.5.9, RFC9110#15.5.14, RFC9110#15.5.15, RFC9112#3, RFC9112#6.1, RFC9110#15.6.6
    408: ['H1_HEAD_TIMEOUT', 'H1_CONTENT_TIMEOUT', 'H1_CONTENT_RATE'],
    413: ['H1_CONTENT_BYTES'],
    414: ['H1_TARGET_BYTES'],
    431: [
      ...['H1_FIELD_COUNT', 'H1_FIELD_BYTES', 'H1_HEAD_BYTES'],
      ...['H1_TRAILER_COUNT', 'H1_TRAILER_LINE_BYTES', 'H1_TRAILER_BYTES'],
    ],
    501: ['H1_METHOD_BYTES', 'H1_CODING_UNKNOWN'],
    505: ['H1_VERSION_MAJOR'],
    close: ['H1_IDLE_TIMEOUT', 'H1_WRITE_TIMEOUT'],
  };
  const due = new Map(
    Object.entries(others).flatMap(([status, codes]) => codes.map((code) => [code, status] as const)),
  );
  for (const [code, { status }] of Object.entries(HTTP1_CODES)) t.equal(String(status), due.get(code) ?? '400', code);
  t.same(
    [...due.keys()].filter((code) => !(code in HTTP1_CODES)),
    [],
  );
});

t.test('every code says what, why, where it is written and what the peer gets', async (t) => {
  for (const [code, { rfc, status, what, why }] of Object.entries(HTTP1_CODES)) {
    t.match(rfc, /^RFC91(10|12)#\d/, code);
    t.ok([400, 408, 413, 414, 431, 501, 505, 'close'].includes(status), `${code}: ${status}`);
    t.notMatch(what + why, /[.!]$|undefined/, code);
  }
  const sentences = Object.values(HTTP1_CODES).map(({ what, why }) => `${what} ${why}`);
  t.equal(new Set(sentences).size, sentences.length, 'no two codes say the same');
  const excerpt = { text: 'X : y', mark: 1, markLength: 1 };
  const error = new ProtocolError('H1_FIELD_NAME_SPACE', { offset: 42, line: 3, column: 2, octet: 0x20, excerpt });
  t.same(formatDiagnostic(error).split('\n'), [
    'Cannot parse field name "X : y": octet 0x20 at byte 42 is white space before the colon',
    '  H1_FIELD_NAME_SPACE (RFC9112#5.1) at byte 42, line 3, column 2',
    '  | X : y',
    '  |  ^',
  ]);
});
