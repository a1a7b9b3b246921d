import type { PkiLimits } from '../limits/pki-limits.ts';
import { constructed, Der, type DerFailure, primitive, TAG } from './der.ts';
import { demandSameAlgorithm, readAlgorithm, readExtensions, readSignature, type Signature } from './signed.ts';

/** What OCSP and CRLs need of a certificate (RFC5280#4.1). All octets are views of what was read. */
export interface CertificateParts {
  readonly signature: Signature;
  /** In two's complement, as it is written. */
  readonly serial: Uint8Array;
  /** Names in DER. */
  readonly issuer: Uint8Array;
  readonly subject: Uint8Array;
  /** Milliseconds since 1970; both are within. */
  readonly notBefore: number;
  readonly notAfter: number;
  /** SubjectPublicKeyInfo in DER. */
  readonly publicKey: Uint8Array;
  /** The key alone, which OCSP makes hashes of. */
  readonly keyBits: Uint8Array;
  /** Where its authority answers OCSP, in the order of the certificate. */
  readonly ocspUrls: readonly string[];
  /** Whether it may be used only with a staple (RFC7633#4.2.3.1). */
  readonly isMustStaple: boolean;
  /** Object identifiers of what its key may be used for; undefined where it does not say. */
  readonly extendedKeyUsage: readonly string[] | undefined;
  /** Whether it says that it is an authority. */
  readonly isAuthority: boolean;
}

const AUTHORITY_INFO_ACCESS = '1.3.6.1.5.5.7.1.1';
const OCSP_ACCESS = '1.3.6.1.5.5.7.48.1';
const TLS_FEATURE = '1.3.6.1.5.5.7.1.24';
const EXTENDED_KEY_USAGE = '2.5.29.37';
const BASIC_CONSTRAINTS = '2.5.29.19';
/** The extension status_request of TLS (RFC6066#8). */
const STATUS_REQUEST = 5;
const URI = primitive(6);
/** RFC5280#4.1.2.2 allows 20; LENIENT RFC5280#4.1.2.2: some have 20 and the zero before a first bit that is set. */
const MAX_SERIAL = 21;

/** Reads a certificate in DER. */
export function parseCertificate(bytes: Uint8Array, limits: PkiLimits): CertificateParts | DerFailure {
  const der = Der.of(bytes, limits.messageBytes);
  const certificate = readCertificate(der, limits);
  der.end();
  return der.failure ?? certificate;
}

/** Reads the certificate that comes next; its document may have failed. */
export function readCertificate(der: Der, limits: PkiLimits): CertificateParts {
  const outer = der.enter(TAG.SEQUENCE);
  const from = outer.at;
  const tbs = outer.enter(TAG.SEQUENCE);
  const signature = readSignature(outer, outer.bytes.subarray(from, outer.at));
  outer.end();
  const versionAt = tbs.at;
  const version = tbs.maybe(constructed(0));
  const number = version?.small() ?? 0;
  version?.end();
  if (number > 2) tbs.fail('X509_VERSION', versionAt);
  const serial = readSerial(tbs);
  demandSameAlgorithm(der, readAlgorithm(tbs).algorithmDer, signature);
  const issuer = tbs.whole(TAG.SEQUENCE);
  const validity = tbs.enter(TAG.SEQUENCE);
  const notBefore = validity.time();
  const notAfter = validity.time();
  validity.end();
  const subject = tbs.whole(TAG.SEQUENCE);
  const keyFrom = tbs.at;
  const info = tbs.enter(TAG.SEQUENCE);
  const publicKey = tbs.bytes.subarray(keyFrom, tbs.at);
  readAlgorithm(info);
  const keyBits = info.bits();
  info.end();
  if (tbs.has(primitive(1))) tbs.whole();
  if (tbs.has(primitive(2))) tbs.whole();
  const facts: Facts = { ocspUrls: [], isMustStaple: false, extendedKeyUsage: undefined, isAuthority: false };
  const extensions = tbs.maybe(constructed(3));
  if (extensions !== undefined) {
    readExtensions(extensions, limits, (oid, content) => READERS.get(oid)?.(content, facts));
    extensions.end();
  }
  tbs.end();
  return { signature, serial, issuer, subject, notBefore, notAfter, publicKey, keyBits, ...facts };
}

/** A serial number: its octets. */
export function readSerial(der: Der): Uint8Array {
  const { at } = der;
  const serial = der.integer();
  if (serial.length > MAX_SERIAL) der.fail('X509_SERIAL', at);
  return serial;
}

/** What is found in extensions. */
interface Facts {
  ocspUrls: string[];
  isMustStaple: boolean;
  extendedKeyUsage: string[] | undefined;
  isAuthority: boolean;
}

const READERS: ReadonlyMap<string, (content: Der, facts: Facts) => void> = new Map([
  [AUTHORITY_INFO_ACCESS, readAccess],
  [TLS_FEATURE, readFeatures],
  [EXTENDED_KEY_USAGE, readUsages],
  [BASIC_CONSTRAINTS, readConstraints],
]);

function readAccess(content: Der, facts: Facts): void {
  const list = content.enter(TAG.SEQUENCE);
  content.end();
  while (list.left > 0) {
    const access = list.enter(TAG.SEQUENCE);
    const isOcsp = access.oid() === OCSP_ACCESS;
    if (isOcsp && access.has(URI)) facts.ocspUrls.push(access.ascii(URI));
    else access.whole();
    access.end();
  }
}

function readFeatures(content: Der, facts: Facts): void {
  const list = content.enter(TAG.SEQUENCE);
  content.end();
  while (list.left > 0) {
    const [first, ...rest] = list.integer();
    if (first === STATUS_REQUEST && rest.length === 0) facts.isMustStaple = true;
  }
}

function readUsages(content: Der, facts: Facts): void {
  const list = content.enter(TAG.SEQUENCE);
  content.end();
  facts.extendedKeyUsage = [];
  while (list.left > 0) facts.extendedKeyUsage.push(list.oid());
}

function readConstraints(content: Der, facts: Facts): void {
  const constraints = content.enter(TAG.SEQUENCE);
  content.end();
  facts.isAuthority = constraints.has(TAG.BOOLEAN) && constraints.boolean();
  if (constraints.left > 0) constraints.integer();
  constraints.end();
}
