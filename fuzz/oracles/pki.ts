/** What is demanded of the readers of certificates, OCSP responses and CRLs, whatever the octets. */
import {
  type Crl,
  Der,
  type DerFailure,
  formatOcspRequest,
  type PkiLimits,
  parseCertificate,
  parseCrl,
  parseOcspResponse,
  pkiError,
  pkiLimits,
  SerialSet,
} from '../../core/sans-io.ts';
import { OracleError } from './oracle-error.ts';

type Listed = Pick<Crl, 'count' | 'bytes' | 'forEachSerial'>;
type SetMaker = (crl: Listed, seed: number) => Pick<SerialSet, 'size' | 'has'>;
type Asked = Parameters<typeof formatOcspRequest>[0];

/** The bit of a tag whose element holds others. */
const CONSTRUCTED = 0x20;
/** Octets of the longest hash that there is. */
const MAX_HASH = 64;
const SHA1_ALGORITHM = '300906052b0e03021a0500';
/** Any numbers: a set is the same for each, whichever serials share their place in its table. */
const SEEDS = [0, 0x5eed, 0x7fff_ffff, 0xdead_beef];

const READERS = { certificate: parseCertificate, 'OCSP response': parseOcspResponse, CRL: parseCrl } as const;

/** Those of a server, and the least that there are, so that each limit is met. */
const LIMITS: readonly PkiLimits[] = [
  pkiLimits(),
  pkiLimits({
    messageBytes: 1_024,
    crlBytes: 1_024,
    crlEntries: 1,
    ocspResponses: 1,
    ocspCertificates: 1,
    extensions: 8,
  }),
];

/** Names of the documents that the octets are, within the limits of a server: none, or one. */
export function assertPki(octets: Uint8Array): readonly string[] {
  const der = Der.of(octets, LIMITS[0]?.messageBytes ?? 0);
  walk(der);
  if (der.failure !== undefined) assertFailure(der.failure, octets);
  const [wide, narrow] = LIMITS.map((limits) => readAs(octets, limits));
  if (wide === undefined || narrow === undefined) return [];
  if (wide.length > 1) throw new OracleError('pki', `the same octets are a ${wide.join(' and a ')}`, { state: 'two' });
  if (narrow.some((name) => !wide.includes(name)))
    throw new OracleError('pki', 'less room lets more pass', { state: 'room' });
  return wide;
}

/** Goes through every element, down to the depth that is allowed; each takes octets. */
function walk(der: Der): void {
  for (let from = der.at; der.left > 0; from = der.at) {
    const tag = der.bytes[from] ?? 0;
    if ((tag & CONSTRUCTED) === 0) der.whole();
    else walk(der.enter(tag));
    if (der.failure === undefined && der.at <= from)
      throw new OracleError('pki', 'an element is read that takes no octet', { state: 'progress', offset: from });
  }
}

function readAs(octets: Uint8Array, limits: PkiLimits): readonly string[] {
  return Object.entries(READERS).flatMap(([name, read]) => {
    const document = read(octets, limits);
    if (isFailure(document)) {
      assertFailure(document, octets);
      return [];
    }
    if ('forEachSerial' in document) assertSerials(document);
    if ('statuses' in document) for (const { certId } of document.statuses) assertRequest(certId);
    assertWhole(name, octets, (changed) => isFailure(read(changed, limits)));
    return [name];
  });
}

function isFailure(document: object): document is DerFailure {
  return 'failure' in document;
}

function assertFailure({ failure, at }: DerFailure, octets: Uint8Array): void {
  const { rfc, message } = pkiError({ failure, at }, octets);
  if (rfc === '' || !message.includes(`byte ${at}`))
    throw new OracleError('typed-errors', 'an error has no clause, or no place', { state: failure });
  if (!Number.isInteger(at) || at < 0 || at > octets.length)
    throw new OracleError('offset', `"${at}" lies beyond the octets`, { state: failure });
}

/** What a CRL revokes is found in a set of its serials, and nothing else: not a serial that is longer, shorter or another. */
export function assertSerials(crl: Listed, make: SetMaker = (listed, seed) => new SerialSet(listed, seed)): void {
  const listed = new Set<string>();
  crl.forEachSerial((from, to) => listed.add(hexOf(crl.bytes.subarray(from, to))));
  const asked = [...listed].flatMap((hex) => {
    const serial = Buffer.from(hex, 'hex');
    const [longer, other] = [Buffer.concat([serial, serial.subarray(0, 1)]), serial.map((octet) => octet ^ 1)];
    return [serial, serial.subarray(1), longer, other];
  });
  for (const seed of SEEDS) {
    const set = make(crl, seed);
    if (set.size !== listed.size) throw new OracleError('serials', `${set.size} of ${listed.size}`, { state: 'size' });
    const wrong = asked.find((serial) => set.has(serial) !== listed.has(hexOf(serial)));
    if (wrong !== undefined)
      throw new OracleError('serials', `"${hexOf(wrong)}" is told otherwise than listed`, { state: 'has' });
  }
}

/** What asks for the status of a certificate is written as RFC6960#4.1.1 has it: a list of one, without a nonce. */
export function assertRequest({ nameHash, keyHash, serial }: Asked, format = formatOcspRequest): void {
  // Longer hashes are of algorithms that nobody asks with.
  if (nameHash.length > MAX_HASH || keyHash.length > MAX_HASH) return;
  const id = `${SHA1_ALGORITHM}${tlv('04', hexOf(nameHash))}${tlv('04', hexOf(keyHash))}${tlv('02', hexOf(serial))}`;
  const request = [0, 1, 2, 3, 4].reduce((inner) => tlv('30', inner), id);
  if (hexOf(format({ nameHash, keyHash, serial })) !== request)
    throw new OracleError('pki', 'a request is written otherwise', { state: 'request' });
}

/** An element in hex digits, of less than 256 octets. */
function tlv(tag: string, content: string): string {
  const bytes = content.length / 2;
  return `${tag}${bytes < 128 ? '' : '81'}${bytes.toString(16).padStart(2, '0')}${content}`;
}

function hexOf(octets: Uint8Array): string {
  return Buffer.from(octets).toString('hex');
}

/** A document is one to its last octet: neither less nor more of it is one. */
function assertWhole(name: string, octets: Uint8Array, isRefused: (changed: Uint8Array) => boolean): void {
  const longer = new Uint8Array(octets.length + 1);
  longer.set(octets);
  if (!isRefused(longer)) throw new OracleError('pki', `a ${name} may have an octet behind it`, { state: 'longer' });
  if (!isRefused(octets.subarray(0, -1)))
    throw new OracleError('pki', `a ${name} may lack its last octet`, { state: 'shorter' });
}
