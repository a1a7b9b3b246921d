/** DER, certificates, OCSP and CRLs: what is read, what is refused and where; held against openssl. */
import { createHash, X509Certificate } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { fromLatin1 } from '../bytes/latin1.ts';
import { PKI_CODES, type PkiCode } from '../errors/pki-codes.ts';
import {
  derOf,
  generalizedTime,
  HOUR,
  MUST_STAPLE,
  makeCrl,
  makeResponse,
  NOW,
  ocspAt,
} from '../io/tls/pki.test.data.ts';
import { type PkiLimits, pkiLimits } from '../limits/pki-limits.ts';
import { algorithmOf, der, extension, makeCertificate, signed, toPem } from '../server/certificates.test.data.ts';
import { run, withProgram } from '../server/tls-programs.test.data.ts';
import { type Crl, parseCrl } from './crl.ts';
import { Der, type DerFailure } from './der.ts';
import { formatOcspRequest, parseOcspResponse } from './ocsp.ts';
import { SerialSet } from './serial-set.ts';
import { type CertificateParts, parseCertificate } from './x509.ts';

const LIMITS = pkiLimits();
const ca = makeCertificate({ name: 'ca', isAuthority: true });
const leaf = makeCertificate({
  ...{ name: 'leaf.test', issuer: ca },
  extensions: [MUST_STAPLE, ocspAt('http://127.0.0.1/ocsp')],
});

function whole<T extends object>(read: T | DerFailure): T {
  if ('failure' in read) throw new Error(`${read.failure} at ${read.at}`);
  return read;
}

const failed = (read: object): unknown => ('failure' in read && 'at' in read ? [read.failure, read.at] : 'read');
const fromHex = (hex: string): Uint8Array => Buffer.from(hex.replaceAll(' ', ''), 'hex');

t.test('DER: each element in its one form, each failure at its octet (RFC5280#4.1)', async (t) => {
  type Read = (der: Der) => unknown;
  const rows: readonly [hex: string, read: Read, expected: unknown][] = [
    ['01 01 ff', (d) => d.boolean(), true],
    ['01 01 00', (d) => d.boolean(), false],
    ['01 01 01', (d) => d.boolean(), ['DER_BOOLEAN', 2]],
    ['01 00', (d) => d.boolean(), ['DER_BOOLEAN', 2]],
    ['02 01 7f', (d) => d.small(), 127],
    ['02 01 80', (d) => d.small(), ['DER_INTEGER_LARGE', 0]],
    ['02 02 01 00', (d) => d.small(), ['DER_INTEGER_LARGE', 0]],
    ['02 02 00 80', (d) => [...d.integer()], [0, 128]],
    ['02 02 00 7f', (d) => d.integer(), ['DER_INTEGER', 2]],
    ['02 02 ff 80', (d) => d.integer(), ['DER_INTEGER', 2]],
    ['02 00', (d) => d.integer(), ['DER_INTEGER', 2]],
    ['06 03 2a 86 48', (d) => d.oid(), '1.2.840'],
    ['06 01 88', (d) => d.oid(), ['DER_OID', 2]],
    ['06 02 88 37', (d) => d.oid(), '2.999'],
    ['06 00', (d) => d.oid(), ['DER_OID', 2]],
    ['06 02 2a 86', (d) => d.oid(), ['DER_OID', 2]],
    ['06 03 2a 80 01', (d) => d.oid(), ['DER_OID', 2]],
    [`06 41 ${'01'.repeat(65)}`, (d) => d.oid(), ['DER_OID', 2]],
    ['03 02 00 f0', (d) => [...d.bits()], [240]],
    ['03 01 00', (d) => [...d.bits()], []],
    ['03 02 04 f0', (d) => d.bits(), ['DER_BITS', 2]],
    ['03 02 08 00', (d) => d.bits(), ['DER_BITS', 2]],
    ['03 01 01', (d) => d.bits(), ['DER_BITS', 2]],
    ['03 00', (d) => d.bits(), ['DER_BITS', 2]],
    ['30 80 00 00', (d) => d.enter(0x30), ['DER_INDEFINITE', 1]],
    ['30 85 00 00 00 00 00', (d) => d.enter(0x30), ['DER_LENGTH_LONG', 1]],
    ['30 81 7f', (d) => d.enter(0x30), ['DER_LENGTH_PADDED', 1]],
    ['30 82 00 80', (d) => d.enter(0x30), ['DER_LENGTH_PADDED', 1]],
    ['30 82 01', (d) => d.enter(0x30), ['DER_CUT', 0]],
    ['30 84 ff ff ff ff', (d) => d.enter(0x30), ['DER_CUT', 0]],
    ['30 02 05', (d) => d.enter(0x30), ['DER_CUT', 0]],
    ['30', (d) => d.enter(0x30), ['DER_CUT', 0]],
    ['', (d) => d.enter(0x30), ['DER_MISSING', 0]],
    ['30 00', (d) => d.enter(0x30).oid(), ['DER_MISSING', 2]],
    ['31 00', (d) => d.enter(0x30), ['DER_TAG', 0]],
    ['1f 81 01 00', (d) => d.whole(), ['DER_TAG_LONG', 0]],
    ['05 00 05 00', (d) => [d.whole(), d.end()], ['DER_TRAILING', 2]],
    ['16 02 61 20', (d) => d.ascii(0x16), ['DER_URI', 3]],
  ];
  for (const [hex, read, expected] of rows) {
    const document = Der.of(fromHex(hex), 1_024);
    const value = read(document);
    t.strictSame(document.failure === undefined ? value : failed(document.failure), expected, hex);
  }
  t.strictSame(failed(Der.of(new Uint8Array(9), 8).failure ?? {}), ['DER_BYTES', 8]);
  let nested = der(0x30);
  for (let depth = 1; depth < 17; depth++) nested = der(0x30, nested);
  let inner = Der.of(nested, 1_024);
  const document = inner;
  while (inner.left > 0) inner = inner.enter(0x30);
  t.strictSame(failed(document.failure ?? {}), ['DER_DEPTH', 32]);
});

t.test('times have one form, and are days of the calendar (RFC5280#4.1.2.5)', async (t) => {
  const rows: readonly [tag: number, text: string, expected: number | 'DER_TIME'][] = [
    [0x17, '491231235959Z', Date.UTC(2049, 11, 31, 23, 59, 59)],
    [0x17, '500101000000Z', Date.UTC(1950, 0, 1)],
    [0x18, '20280229120000Z', Date.UTC(2028, 1, 29, 12)],
    [0x18, '99991231235959Z', Date.UTC(9999, 11, 31, 23, 59, 59)],
    [0x18, '20270229120000Z', 'DER_TIME'],
    [0x18, '20280229240000Z', 'DER_TIME'],
    [0x18, '20280229126000Z', 'DER_TIME'],
    [0x18, '20280229120060Z', 'DER_TIME'],
    [0x18, '20281301120000Z', 'DER_TIME'],
    [0x18, '20280100120000Z', 'DER_TIME'],
    [0x18, '202802291200Z', 'DER_TIME'],
    [0x18, '20280229120000.5Z', 'DER_TIME'],
    [0x18, '20280229120000+0000', 'DER_TIME'],
    [0x17, '2802291200Z', 'DER_TIME'],
    [0x17, '', 'DER_TIME'],
  ];
  for (const [tag, text, expected] of rows) {
    const document = Der.of(der(tag, Buffer.from(text)), 64);
    const time = document.time();
    t.equal(document.failure?.failure ?? time, expected, text);
  }
});

t.test('a certificate: what OpenSSL reads of it', async (t) => {
  for (const one of [ca, leaf, makeCertificate({ name: 'rsa.test', kind: 'RSA' })]) {
    const parts = whole(parseCertificate(derOf(one), LIMITS));
    const theirs = new X509Certificate(one.cert);
    t.equal(Buffer.from(parts.serial).toString('hex').toUpperCase(), theirs.serialNumber);
    t.equal(parts.notBefore, Date.parse(theirs.validFrom));
    t.equal(parts.notAfter, Date.parse(theirs.validTo));
    t.strictSame(Buffer.from(parts.publicKey), theirs.publicKey.export({ type: 'spki', format: 'der' }));
    t.equal(parts.isAuthority, theirs.ca);
    t.equal(parts.isMustStaple, one === leaf);
    t.strictSame(parts.ocspUrls, one === leaf ? ['http://127.0.0.1/ocsp'] : []);
  }
});

t.test('what is cut is refused, and so is what stands behind the end', async (t) => {
  const rows: readonly [name: string, octets: Buffer, read: (octets: Uint8Array) => object][] = [
    ['certificate', derOf(leaf), (octets) => parseCertificate(octets, LIMITS)],
    ['response', makeResponse({ issuer: ca, serial: leaf.serial, brings: [ca] }), (o) => parseOcspResponse(o, LIMITS)],
    ['CRL', makeCrl({ issuer: ca, serials: [leaf.serial] }), (octets) => parseCrl(octets, LIMITS)],
  ];
  for (const [name, octets, read] of rows) {
    t.equal(failed(read(octets)), 'read', name);
    for (let to = 0; to < octets.length; to++) {
      if (failed(read(octets.subarray(0, to))) === 'read') t.fail(`${name} cut to ${to} octets was read`);
    }
    t.strictSame(failed(read(Buffer.concat([octets, Buffer.of(0)]))), ['DER_TRAILING', octets.length]);
  }
});

const CRITICAL = extension('550403', der(0x05), true);

t.test('OCSP and CRL: each refusal has its code', async (t) => {
  const good = makeResponse({ issuer: ca, serial: leaf.serial });
  const change = (octets: Buffer, from: string, to: string): Buffer => {
    const hex = octets.toString('hex');
    if (!hex.includes(from)) throw new Error(`${from} is not in ${hex}`);
    return Buffer.from(hex.replace(from, to), 'hex');
  };
  const ocsp = (octets: Uint8Array, limits: Partial<PkiLimits> = {}): object =>
    parseOcspResponse(octets, pkiLimits(limits));
  const crl = (octets: Uint8Array, limits: Partial<PkiLimits> = {}): object => parseCrl(octets, pkiLimits(limits));
  const cert = (octets: Uint8Array): object => parseCertificate(octets, pkiLimits({ extensions: 8 }));
  const crlOf = (options: object): object => crl(makeCrl({ issuer: ca, serials: [leaf.serial], ...options }));
  const extended = (...extensions: Buffer[]): Buffer => derOf(makeCertificate({ name: 'x', issuer: ca, extensions }));
  const rows: readonly [code: PkiCode, read: object][] = [
    ['OCSP_STATUS', ocsp(fromHex('30 03 0a 01 04'))],
    ['OCSP_BYTES', ocsp(fromHex('30 03 0a 01 00'))],
    ['OCSP_BYTES', ocsp(fromHex('30 07 0a 01 01 a0 02 30 00'))],
    ['OCSP_TYPE', ocsp(change(good, '2b0601050507300101', '2b0601050507300102'))],
    [
      'OCSP_RESPONDER',
      ocsp(change(good, der(0xa1, ocspName()).toString('hex'), der(0xa3, ocspName()).toString('hex'))),
    ],
    ['OCSP_VERSION', ocsp(versioned(1))],
    ['OCSP_NONE', ocsp(basicOf(Buffer.concat([der(0xa1, ocspName()), TIME_DER, der(0x30)])))],
    [
      'OCSP_RESPONSES',
      ocsp(basicOf(Buffer.concat([der(0xa1, ocspName()), TIME_DER, twice(good)])), { ocspResponses: 1 }),
    ],
    ['OCSP_CERT_STATUS', ocsp(change(good, '800018', '830018'))],
    ['OCSP_CRITICAL', ocsp(makeResponse({ issuer: ca, serial: leaf.serial, extensions: [CRITICAL] }))],
    [
      'OCSP_CERTIFICATES',
      ocsp(makeResponse({ issuer: ca, serial: leaf.serial, brings: [ca, ca] }), { ocspCertificates: 1 }),
    ],
    ['X509_EXTENSIONS_EMPTY', crlOf({ extensions: [Buffer.alloc(0)] })],
    ['CRL_EMPTY', crl(emptied())],
    ['CRL_DELTA', crlOf({ extensions: [extension('551d1b', der(0x02, Buffer.of(1)), true)] })],
    ['CRL_SCOPE', crlOf({ extensions: [extension('551d1c', der(0x30, der(0x81, Buffer.of(0xff))), true)] })],
    ['CRL_CRITICAL', crlOf({ extensions: [CRITICAL] })],
    ['CRL_ENTRY_CRITICAL', crlOf({ entryExtensions: [CRITICAL] })],
    ['CRL_INDIRECT', crlOf({ entryExtensions: [extension('551d1d', der(0x30), true)] })],
    ['CRL_ENTRIES', crl(makeCrl({ issuer: ca, serials: [leaf.serial, ca.serial] }), { crlEntries: 1 })],
    ['CRL_VERSION', crl(change(makeCrl({ issuer: ca }), '020101', '020102'))],
    ['X509_ALGORITHMS', crl(change(makeCrl({ issuer: ca }), '2a8648ce3d040302', '2a8648ce3d040303'))],
    ['X509_SERIAL', crlOf({ serials: [Buffer.alloc(22, 1)] })],
    ['X509_EXTENSION_TWICE', cert(extended(MUST_STAPLE, MUST_STAPLE))],
    ['X509_EXTENSIONS', cert(extended(...Array.from({ length: 8 }, (_, i) => extension(`5504${10 + i}`, der(0x05)))))],
    ['X509_VERSION', cert(change(derOf(leaf), 'a003020102', 'a003020103'))],
  ];
  for (const [code, read] of rows) {
    t.equal('failure' in read ? read.failure : 'read', code, code);
    t.ok(Object.hasOwn(PKI_CODES, code));
  }
  t.strictSame(ocsp(fromHex('30 03 0a 01 03')), { status: 'tryLater' });
});

const TIME_DER = generalizedTime(NOW);

/** A response with this as its ResponseData; nobody looks at its signature here. */
function basicOf(data: Buffer): Buffer {
  const basic = signed(der(0x30, data), ca.privateKey);
  const responseBytes = der(0x30, der(0x06, Buffer.from('2b0601050507300101', 'hex')), der(0x04, basic));
  return der(0x30, der(0x0a, Buffer.of(0)), der(0xa0, responseBytes));
}

function versioned(version: number): Buffer {
  return basicOf(Buffer.concat([der(0xa0, der(0x02, Buffer.of(version))), der(0xa1, ocspName()), TIME_DER]));
}

/** The statuses of a response, once more. */
function twice(response: Buffer): Buffer {
  const outer = Der.of(response, 65_536).enter(0x30);
  outer.whole();
  const bytes = outer.enter(0xa0).enter(0x30);
  bytes.oid();
  const data = bytes.enter(0x04).enter(0x30).enter(0x30);
  data.whole();
  data.whole();
  const single = Buffer.from(data.octets(0x30));
  return der(0x30, single, single);
}

/** A CRL whose list of entries is there and empty. */
function emptied(): Buffer {
  const content = [der(0x02, Buffer.of(1)), algorithmOf(ca.privateKey), ocspName(), TIME_DER, TIME_DER, der(0x30)];
  return signed(der(0x30, ...content), ca.privateKey);
}

function ocspName(): Buffer {
  const parts = whole<CertificateParts>(parseCertificate(derOf(ca), LIMITS));
  return Buffer.from(parts.subject);
}

t.test('a response says what was put into it', async (t) => {
  for (const status of ['good', 'revoked', 'unknown'] as const) {
    const octets = makeResponse({ issuer: ca, serial: leaf.serial, status, responder: 'key', nextUpdate: undefined });
    const response = whole(parseOcspResponse(octets, LIMITS));
    if (response.status !== 'successful') throw new Error(response.status);
    t.equal(response.responder.kind, 'key');
    t.equal(response.producedAt, NOW - HOUR);
    const [single] = response.statuses;
    t.match(single, { status, thisUpdate: NOW - HOUR, nextUpdate: undefined });
    t.strictSame(Buffer.from(single?.certId.serial ?? []), leaf.serial);
  }
});

t.test('a CRL of 100,000 entries is a set of its serial numbers', async (t) => {
  const serials = Array.from({ length: 100_000 }, (_, i) => {
    const octets = createHash('sha1').update(`serial ${i}`).digest().subarray(0, 16);
    octets[0] = 1 + ((octets[0] ?? 0) & 0x7e);
    return octets;
  });
  const crl = whole<Crl>(parseCrl(makeCrl({ issuer: ca, serials: [...serials, leaf.serial, leaf.serial] }), LIMITS));
  t.equal(crl.count, 100_002);
  const set = new SerialSet(crl, 0x1234_5678);
  t.equal(set.size, 100_001);
  t.ok(set.heldBytes < 30 * set.size, `${set.heldBytes} octets`);
  t.ok(serials.every((serial) => set.has(serial)) && set.has(leaf.serial));
  t.notOk(serials.some((serial) => set.has(serial.subarray(1))));
  t.notOk(set.has(ca.serial) || set.has(new Uint8Array(0)));
  const none = whole<Crl>(parseCrl(makeCrl({ issuer: ca }), LIMITS));
  t.notOk(new SerialSet(none, 1).has(leaf.serial));
});

withProgram('openssl', 'openssl: reads what is asked, answers, and its answer and its CRL are read', async (t) => {
  const folder = t.testdir();
  const at = (name: string): string => join(folder, name);
  writeFileSync(at('ca.pem'), ca.cert + ca.key);
  writeFileSync(at('leaf.pem'), leaf.cert);
  const hex = (octets: Uint8Array): string => Buffer.from(octets).toString('hex').toUpperCase();
  writeFileSync(at('index'), `R\t491231000000Z\t260101000000Z\t${hex(leaf.serial)}\tunknown\t/CN=leaf.test\n`);
  const parts = whole(parseCertificate(derOf(ca), LIMITS));
  const sha1 = (octets: Uint8Array): Buffer => createHash('sha1').update(octets).digest();
  const request = formatOcspRequest({
    nameHash: sha1(parts.subject),
    keyHash: sha1(parts.keyBits),
    serial: leaf.serial,
  });
  const theirs = await run('openssl', [
    ...['ocsp', '-issuer', at('ca.pem'), '-cert', at('leaf.pem'), '-no_nonce', '-reqout', at('theirs.der')],
  ]);
  t.match(theirs, /exit 0/);
  t.strictSame(Buffer.from(request), readFileSync(at('theirs.der')), 'the request is the same, octet for octet');
  writeFileSync(at('request.der'), request);
  const answered = await run('openssl', [
    ...['ocsp', '-index', at('index'), '-CA', at('ca.pem'), '-rsigner', at('ca.pem'), '-ndays', '1'],
    ...['-reqin', at('request.der'), '-respout', at('response.der')],
  ]);
  t.match(answered, /exit 0/);
  const response = whole(parseOcspResponse(readFileSync(at('response.der')), LIMITS));
  t.match(response, { status: 'successful', statuses: [{ status: 'revoked' }] });
  // The other way round: openssl reads and verifies what the tests make
  const times = { thisUpdate: Date.now() - HOUR, nextUpdate: Date.now() + HOUR };
  writeFileSync(at('own.der'), makeResponse({ issuer: ca, serial: leaf.serial, ...times }));
  const verified = await run('openssl', [
    ...['ocsp', '-respin', at('own.der'), '-issuer', at('ca.pem'), '-cert', at('leaf.pem'), '-CAfile', at('ca.pem')],
  ]);
  // Of two streams, in either order
  t.match(verified, /Response verify OK/);
  t.match(verified, /leaf\.pem: good/);

  writeFileSync(at('crlnumber'), '01\n');
  const config = `[ca]\ndefault_ca=d\n[d]\ndatabase=${at('index')}\ncrlnumber=${at('crlnumber')}\ndefault_md=sha256\ndefault_crl_days=1\n`;
  writeFileSync(at('config'), config);
  const pair = ['-cert', at('ca.pem'), '-keyfile', at('ca.pem')];
  t.match(await run('openssl', ['ca', '-gencrl', '-config', at('config'), ...pair, '-out', at('crl.pem')]), /exit 0/);
  t.match(await run('openssl', ['crl', '-in', at('crl.pem'), '-outform', 'DER', '-out', at('crl.der')]), /exit 0/);
  const crl = whole<Crl>(parseCrl(readFileSync(at('crl.der')), LIMITS));
  t.ok(new SerialSet(crl, 7).has(leaf.serial));
  writeFileSync(at('own.pem'), toPem('X509 CRL', makeCrl({ issuer: ca, serials: [leaf.serial] })));
  const read = await run('openssl', ['crl', '-in', at('own.pem'), '-CAfile', at('ca.pem'), '-noout', '-text']);
  t.match(read, /verify OK/);
  t.match(read, new RegExp(`Serial Number: ${hex(leaf.serial)}`));
});

t.test('garbage is refused, whatever it is', async (t) => {
  const octets = fromLatin1('this is no DER at all, but text');
  for (const read of [parseCertificate, parseOcspResponse, parseCrl]) t.ok('failure' in read(octets, LIMITS));
});
