/** Certificates, OCSP responses and CRLs that are right. Nobody checks their signatures, so that they need no keys. */
import type { ExampleSet } from './corpus-examples.ts';

/** One element: tag, length, parts. */
function der(tag: number, ...parts: readonly string[]): string {
  const content = parts.join('');
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return String.fromCharCode(tag, ...size) + content;
}

const hex = (text: string): string => Buffer.from(text.replaceAll(' ', ''), 'hex').toString('latin1');
const oid = (text: string): string => der(0x06, hex(text));
const int = (text: string): string => der(0x02, hex(text));
const seq = (...parts: readonly string[]): string => der(0x30, ...parts);
const utc = der(0x17, '260101000000Z');
const time = der(0x18, '20260101000000Z');
const ECDSA = seq(oid('2a8648ce3d040302'));
const SHA1 = seq(oid('2b0e03021a'), hex('0500'));
const name = (text: string): string => seq(der(0x31, seq(oid('550403'), der(0x0c, text))));
const extension = (id: string, content: string, isCritical = false): string =>
  seq(oid(id), isCritical ? hex('0101ff') : '', der(0x04, content));
const signed = (tbs: string, more = '', algorithm = ECDSA): string =>
  seq(tbs, algorithm, der(0x03, '\0', seq(int('07'), int('08'))), more);

const AIA = extension('2b06010505070101', seq(seq(oid('2b06010505073001'), der(0x86, 'http://a/'))));
const STAPLE = extension('2b06010505070118', seq(int('05')));
const USAGE = extension('551d25', seq(oid('2b06010505070309')));
const AUTHORITY = extension('551d13', seq(hex('0101ff'), int('00')), true);

function certificate(extensions: readonly string[], version = '02', serial = '07', algorithm = ECDSA): string {
  const key = seq(seq(oid('2a8648ce3d0201'), oid('2a8648ce3d030107')), der(0x03, '\0\x04key'));
  const list = extensions.length === 0 ? '' : der(0xa3, seq(...extensions));
  const head = [der(0xa0, int(version)), int(serial), algorithm, name('ca'), seq(utc, utc), name('a'), key];
  return signed(seq(...head, list));
}

const certId = (serial = '07'): string => seq(SHA1, der(0x04, 'n'.repeat(20)), der(0x04, 'k'.repeat(20)), int(serial));
const GOOD = hex('8000');
const REVOKED = der(0xa1, time, der(0xa0, hex('0a0101')));
const single = (status = GOOD, more = ''): string => seq(certId(), status, time, der(0xa0, time), more);
const BY_KEY = der(0xa2, der(0x04, 'k'.repeat(20)));
const data = (statuses: string, more = '', who = BY_KEY, version = ''): string =>
  seq(version, who, time, seq(statuses), more);
const certs = (...list: readonly string[]): string => der(0xa0, seq(...list));

function response(tbs: string, brings = '', type = '2b0601050507300101'): string {
  return seq(der(0x0a, '\0'), der(0xa0, seq(oid(type), der(0x04, signed(tbs, brings)))));
}

const RESPONSES: readonly string[] = [
  response(data(single())),
  response(data(single(), '', der(0xa1, name('ca')))),
  response(data(single(REVOKED))),
  response(data(single(hex('8200')) + single(), der(0xa1, seq(extension('2b0601050507300102', der(0x04, 'nonce')))))),
  response(data(single()), certs(certificate([USAGE, AIA, STAPLE, AUTHORITY]))),
  ...['01', '02', '03', '05', '06'].map((status) => seq(der(0x0a, hex(status)))),
];

const CA_ISSUERS = extension('2b06010505070101', seq(seq(oid('2b06010505073002'), der(0x86, 'http://a/ca'))));

const CERTIFICATES: readonly string[] = [
  certificate([USAGE, AIA, STAPLE, AUTHORITY]),
  certificate([CA_ISSUERS]),
  certificate([]),
];

const entry = (serial: string, more = ''): string => seq(int(serial), utc, more);
const list = (entries: string): string => (entries === '' ? '' : seq(entries));
const ANY = der(0xa0, seq(extension('551d14', int('01'))));

function crl(entries: string, more = ANY, version = '01', algorithm = ECDSA): string {
  return signed(seq(int(version), ECDSA, name('ca'), utc, time, entries, more), '', algorithm);
}

const CRLS: readonly string[] = [
  crl(''),
  crl(list(entry('07') + entry('0100') + entry('07'))),
  crl(list(entry('07', seq(extension('551d16', der(0x0c, 'why'.repeat(40))))) + entry('08'))),
  crl(list(entry('07', seq(extension('551d15', hex('0a0101'))))), der(0xa0, seq(extension('551d23', seq())))),
  signed(seq(ECDSA, name('ca'), utc, list(entry('07')))),
];

/** Nested one deeper than is allowed: no document is. */
const NESTED = Array.from({ length: 40 }).reduce<string>((inner) => seq(inner), '');

export const PKI_EXAMPLE_SETS: readonly ExampleSet[] = [
  {
    target: 'pki',
    set: 'documents',
    origin: 'scripts/corpus-examples-pki.ts: OCSP responses by name and by key, certificates, CRLs of both versions',
    inputs: [...RESPONSES, ...CERTIFICATES, ...CRLS, NESTED],
  },
];
