import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import t from 'tap';
import { fromLatin1 } from '../bytes/latin1.ts';
import { formatDiagnostic } from '../errors/protocol-error.ts';
import { TLS_CODES, type TlsCode } from '../errors/tls-codes.ts';
import { type TlsLimits, tlsLimits } from '../limits/tls-limits.ts';
import type { ClientHello } from './client-hello.ts';
import { farewellOf } from './farewell.ts';
import { alpn, ext, fixed, hello, MARK, message, num, pairs, records, sni, VERSIONS, vec } from './hello.test.data.ts';
import { ClientHelloReader, type HelloEvent } from './hello-reader.ts';
import { parseHostName } from './host-name.ts';
import { ja4 } from './ja4.ts';
import { PolicyNames } from './policy-names.ts';

/** What is told of octets that come in pieces of `size`; the reader's memory is not the caller's. */
function read(octets: Uint8Array, limits: Partial<TlsLimits> = {}, size = octets.length): HelloEvent | undefined {
  const reader = new ClientHelloReader(tlsLimits(limits));
  let told: HelloEvent | undefined;
  for (let at = 0; at < octets.length; at += size) {
    const piece = octets.slice(at, at + size);
    const event = reader.receive(piece);
    if (event !== undefined && told !== undefined) throw new Error('a second thing was told');
    told ??= event;
    piece.fill(0xaa);
  }
  return told;
}

function readWhole(text: string, size?: number): ClientHello {
  const event = read(fromLatin1(text), {}, size);
  if (event?.kind !== 'hello') throw new Error(event === undefined ? 'nothing was told' : event.error.message);
  return event.hello;
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const seed = (name: string): string =>
  readFileSync(new URL(`../../corpus/client-hello/seed/${name}.bin`, import.meta.url), 'latin1');

t.test('a hello is read in whatever pieces and records it comes', (t) => {
  const ticket = `${'k'.repeat(16)}rest of a ticket`;
  const identities = ext(41, vec(2, vec(2, ticket), num(1, 4)), vec(2, vec(1, 'b'.repeat(32))));
  const groups = ext(10, vec(2, pairs(0x1a1a, 0x11ec, 29)));
  const shares = ext(51, vec(2, pairs(0x1a1a), vec(2, '\0'), pairs(29), vec(2, 's'.repeat(32))));
  const algorithms = ext(13, vec(2, pairs(0x0403, 0x0804)));
  const text = hello(
    ...[ext(0x0a0a), sni('A.Test.'), alpn('h2', 'http/1.1'), VERSIONS, groups, algorithms, shares, ext(35), identities],
  );
  for (const record of [1, 7, 16_384]) {
    for (const size of [1, 2, 5, 64, 100_000]) {
      const limits = { helloRecords: 1_000 };
      const event = read(fromLatin1(records(text, record)), limits, size);
      if (event?.kind !== 'hello') throw new Error(event?.error.message ?? 'nothing was told');
      t.match(event.hello, {
        serverName: 'a.test',
        protocols: ['h2', 'http/1.1'],
        versions: [0x0304, 0x0303],
        groups: [0x1a1a, 0x11ec, 29],
        signatureAlgorithms: [0x0403, 0x0804],
        keyShareGroups: [0x1a1a, 29],
        extensionTypes: [0x0a0a, 0, 16, 43, 10, 13, 51, 35, 41],
        tickets: [fromLatin1(ticket)],
        hasTicketExtension: true,
        bytes: text.length,
      });
    }
  }
  t.match(readWhole(records(message(fixed()))), { serverName: undefined, versions: [], extensionTypes: [] });
  t.end();
});

const BINDER = vec(1, 'b'.repeat(32));
const sized = (length: number): string => `\x16\x03\x01${num(length, 2)}`;

/** The octet that an error points to has the mark before it. */
const REFUSALS: readonly (readonly [code: TlsCode, input: string, limits?: Partial<TlsLimits>])[] = [
  ['TLS_PLAINTEXT_HTTP', '‸GET / HTTP/1.1\r\n'],
  ['TLS_PLAINTEXT_HTTP', '‸PRI * HTTP/2.0\r\n'],
  ['TLS_SSL2', '‸\x80\x2e\x01\x03\x01'],
  ['TLS_RECORD_TYPE', '‸\x15\x03\x01\x00\x02\x01\x00'],
  ['TLS_RECORD_TYPE', '‸\r\n'],
  ['TLS_RECORD_TYPE', '‸SSH-2.0\r\n'],
  ['TLS_RECORD_TYPE', `‸${'A'.repeat(40)}`],
  ['TLS_RECORD_TYPE', '‸\x80\x2e\x02'],
  ['TLS_RECORD_VERSION', '\x16‸\x02\x00'],
  ['TLS_RECORD_EMPTY', '\x16\x03\x01\x00‸\x00'],
  ['TLS_RECORD_BYTES', '\x16\x03\x01\x40‸\x01'],
  ['TLS_RECORD_INTERLEAVED', `${sized(1)}\x01‸\x15`],
  ['TLS_HELLO_RECORDS', `${sized(1)}\x01${sized(1)}\x00‸\x16`, { helloRecords: 2 }],
  ['TLS_HELLO_TYPE', `${sized(4)}‸\x02\x00\x00\x00`],
  ['TLS_HELLO_BYTES', `${sized(2)}\x01\x00${sized(2)}\x01‸\xfd`, { helloBytes: 512 }],
  ['TLS_HELLO_TRAILING', `${sized(message(fixed()).length + 1)}${message(fixed())}‸`],
  ['TLS_HELLO_CUT', `${records(message('\x03\x03'))}‸`],
  ['TLS_HELLO_CUT', `${records(message(fixed().slice(0, 36)))}‸`],
  ['TLS_SESSION_ID', marked(fixed(pairs(1), 's'.repeat(33)), 34)],
  ['TLS_CIPHER_SUITES', marked(fixed(''), 37)],
  ['TLS_CIPHER_SUITES', marked(fixed('abc'), 37)],
  ['TLS_COMPRESSION', marked(fixed(pairs(1), '', '\x01'), 40)],
  ['TLS_COMPRESSION', marked(fixed(pairs(1), '', ''), 40)],
  ['TLS_EXTENSIONS_LENGTH', marked(`${fixed()}${vec(2, ext(1))}x`, 41)],
  ['TLS_EXTENSIONS_LENGTH', marked(`${fixed()}\x00\x05abcd`, 41)],
  ['TLS_EXTENSION_CUT', inExtensions('‸\x00\x01\x00\x02a')],
  ['TLS_EXTENSION_TWICE', inExtensions(`${ext(1)}‸${ext(1)}`)],
  [
    'TLS_PSK_PLACE',
    inExtensions(`${ext(41, vec(2, vec(2, 't'), num(0, 4)), vec(2, vec(1, 'b'.repeat(32))))}‸${ext(1)}`),
  ],
  ['TLS_SERVER_NAMES', inExtensions(`\0\0${num(2, 2)}‸\0\0`)],
  ['TLS_SERVER_NAMES', inExtensions(`\0\0${num(9, 2)}‸${vec(2, '\x01', vec(2, 'test'))}`)],
  ['TLS_SERVER_NAMES', inExtensions(`\0\0${num(13, 2)}‸${vec(2, '\0', vec(2, 'a'), '\0', vec(2, 'b'))}\0\0\0`)],
  ['TLS_SERVER_NAME_OCTET', inExtensions(`\0\0${num(10, 2)}${num(8, 2)}\0${num(5, 2)}a‸/../`)],
  ['TLS_SERVER_NAME_OCTET', inExtensions(`\0\0${num(8, 2)}${num(6, 2)}\0${num(3, 2)}‸::1`)],
  ['TLS_SERVER_NAME_LABEL', inExtensions(`\0\0${num(9, 2)}${num(7, 2)}\0${num(4, 2)}‸a..b`)],
  ['TLS_SERVER_NAME_LABEL', inExtensions(`\0\0${num(70, 2)}${num(68, 2)}\0${num(65, 2)}‸${'a'.repeat(64)}b`)],
  ['TLS_ALPN', inExtensions(`\0\x10\0\x02‸\0\0`)],
  ['TLS_ALPN', inExtensions(`\0\x10\0\x03‸\0\x01\0`)],
  ['TLS_VERSIONS', inExtensions(`\0\x2b\0\x02‸\x01\x03`)],
  ['TLS_VERSIONS', inExtensions(`\0\x2b\0\x01‸\0`)],
  ['TLS_GROUPS', inExtensions(`\0\x0a\0\x03‸\0\x02\0`)],
  ['TLS_SIGNATURES', inExtensions(`\0\x0d\0\x05‸\0\x02\x04\x03x`)],
  ['TLS_KEY_SHARES', inExtensions(`\0\x33\0\x06‸\0\x04\0\x1d\0\0`)],
  ['TLS_PSK', inExtensions(`\0\x29\0\x04‸\0\0\0\0`)],
  ['TLS_PSK', inExtensions(`\0\x29${num(77, 2)}‸${vec(2, vec(2, 't'), num(0, 4))}${vec(2, BINDER, BINDER)}`)],
];

/** A message of this body in one record, the mark before octet `at` of the body. */
function marked(body: string, at: number): string {
  const text = records(message(body));
  const from = text.length - body.length + at;
  return text.slice(0, from) + MARK + text.slice(from);
}

/** A hello with these extensions, one of which has the mark. */
function inExtensions(text: string): string {
  return marked(fixed() + vec(2, text.replace(MARK, '')), fixed().length + 2 + text.indexOf(MARK));
}

t.test('each thing that no hello has is refused at its octet, however it is cut', (t) => {
  for (const [code, input, limits = {}] of REFUSALS) {
    const octets = fromLatin1(input.replace(MARK, ''));
    for (const size of [octets.length, 1, 3]) {
      const event = read(octets, limits, size);
      const error = event?.kind === 'error' ? event.error : undefined;
      t.match(error, { code, rfc: TLS_CODES[code].rfc, offset: input.indexOf(MARK) }, `${code} in pieces of ${size}`);
    }
  }
  const raised = new Set<string>(REFUSALS.map(([code]) => code));
  const elsewhere = new Set(['TLS_HELLO_TIMEOUT', 'TLS_NAME_UNKNOWN']);
  const missing = Object.keys(TLS_CODES).filter((code) => !raised.has(code) && !elsewhere.has(code));
  t.same(missing, [], 'every code has a row');
  t.end();
});

t.test('a hello that is not whole in time is refused: TLS_HELLO_TIMEOUT', (t) => {
  const reader = new ClientHelloReader(tlsLimits({ helloMs: 100 }));
  t.equal(reader.tick(1_000), undefined);
  reader.receive(fromLatin1(records(hello(VERSIONS)).slice(0, -1)));
  t.equal(reader.tick(1_099), undefined, 'octets do not begin its time anew');
  t.match(reader.tick(1_100), { kind: 'error', error: { code: 'TLS_HELLO_TIMEOUT' } });
  t.equal(reader.tick(2_000), undefined, 'which is told once');
  t.equal(reader.receive(fromLatin1('x')), undefined);
  t.equal(reader.state, 'failed');
  t.end();
});

t.test('what is announced takes no memory before it comes, and the octets behind a hello are not looked at', (t) => {
  const reader = new ClientHelloReader(tlsLimits());
  reader.receive(fromLatin1(`${sized(16_384)}\x01\x00\x3f\xf0`));
  t.equal(reader.heldBytes, 4);
  const other = new ClientHelloReader(tlsLimits());
  t.match(other.receive(fromLatin1(`${records(hello(VERSIONS))}\x14\x03\x03\x00\x01\x01`)), { kind: 'hello' });
  t.end();
});

t.test('a diagnostic shows the octet, and the farewell says the alert, or 400 to a request in clear', (t) => {
  const event = read(fromLatin1(records(hello(sni('a/b')))));
  const error = event?.kind === 'error' ? event.error : undefined;
  if (error === undefined) throw new Error('it was not refused');
  const lines = formatDiagnostic(error).split('\n');
  t.equal(lines[0], 'Cannot parse server_name: octet 0x2f at byte 62 belongs in no host name');
  t.equal(lines[1], '  TLS_SERVER_NAME_OCTET (RFC6066#3) at byte 62');
  t.equal(lines[2]?.slice(lines[3]?.indexOf('^')).slice(0, 2), '2f');
  t.equal(Buffer.from(farewellOf('TLS_SERVER_NAME_OCTET')).toString('hex'), '15030300020270');
  t.match(Buffer.from(farewellOf('TLS_PLAINTEXT_HTTP')).toString(), /^HTTP\/1\.1 400 [\s\S]*https:\/\//);
  t.end();
});

t.test('hellos of real clients are read, and have the JA4 that others say they have', (t) => {
  const rows: readonly [file: string, ja4: string, name: string | undefined][] = [
    ['21057f8c9ee6286c', 't13d3112h2_e8f1e7e78f70_b26ce05bbdd6', 'example.com'],
    ['32e7bf6fbafb173b', 't13d1517h2_8daaf6152771_cb7bf5808d99', 'localhost'],
  ];
  for (const [file, expected, name] of rows) {
    const whole = readWhole(seed(file), 1);
    t.equal(whole.serverName, name);
    t.equal(ja4(whole, sha256), expected);
  }
  const resuming = readWhole(seed('a7c305f4069d1eba'));
  t.equal(resuming.tickets.length, 1, 'a session of TLS 1.3');
  t.equal(readWhole(seed('49dc51438ee01630')).tickets.length, 1, 'and one of TLS 1.2');
  const bare = readWhole(records(message(fixed(pairs(0x0a0a)))));
  t.equal(ja4(bare, sha256), 't12i000000_000000000000_000000000000', 'GREASE is left out, and nothing has no hash');
  const odd = ja4(readWhole(records(hello(alpn('\xab\xcd'), VERSIONS))), sha256);
  t.match(odd, /^t13i0102ad_/, 'a protocol of other octets is told by their digits');
  t.end();
});

t.test('host names have one form', (t) => {
  const rows: readonly [text: string, name: ReturnType<typeof parseHostName>][] = [
    ['A.Test.', 'a.test'],
    ['x_y.z', 'x_y.z'],
    ['127.0.0.1', '127.0.0.1'],
    ['', { failure: 'label' }],
    ['.', { failure: 'label' }],
    ['-a.b', { failure: 'label' }],
    ['a b', { failure: 'octet', at: 1 }],
    [`${'a'.repeat(63)}.`.repeat(4), { failure: 'label' }],
    ['a\u0130', { failure: 'octet', at: 1 }],
  ];
  for (const [text, name] of rows) t.same(parseHostName(text), name, text);
  t.end();
});

t.test('a name finds its policy: in full, by one label, or what is left', (t) => {
  const names = new PolicyNames([['a.test', 'x.b.test'], ['*.b.test', '*.test'], []]);
  const rows: readonly [name: string | undefined, index: number | undefined][] = [
    ['a.test', 0],
    ['A.TEST.', 0],
    ['x.b.test', 0],
    ['y.b.test', 1],
    ['z.y.b.test', 2],
    ['b.test', 1],
    ['test', 2],
    ['[::1]', 2],
    [undefined, 2],
  ];
  for (const [name, index] of rows) t.equal(names.find(name), index, String(name));
  t.equal(new PolicyNames([['a']]).find('b'), undefined, 'without a policy for the rest');
  t.throws(() => new PolicyNames([['a'], ['A']]), { name: 'RangeError', message: /two policies have the name "A"/ });
  t.throws(() => new PolicyNames([[], []]), { message: /two policies have no names/ });
  t.throws(() => new PolicyNames([['a/b']]), { message: /"a\/b" is no name/ });
  t.throws(() => new PolicyNames([['*.*.a']]), { message: /is no name/ });
  t.end();
});
