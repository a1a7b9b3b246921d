/** OCSP (RFC6960): what a responder says of certificates. Whether it is signed, and by whom, is for others to say. */
import type { PkiLimits } from '../limits/pki-limits.ts';
import { constructed, Der, type DerFailure, primitive, TAG } from './der.ts';
import { readAlgorithm, readExtensions, readSignature, type Signature } from './signed.ts';
import { type CertificateParts, readCertificate, readSerial } from './x509.ts';

/** Which certificate is meant (RFC6960#4.1.1). */
export interface CertId {
  /** Object identifier of what makes the hashes. */
  readonly hashAlgorithm: string;
  /** Of the issuer's name and of its key. */
  readonly nameHash: Uint8Array;
  readonly keyHash: Uint8Array;
  readonly serial: Uint8Array;
}

/** What is said of one certificate. Times are milliseconds since 1970. */
export interface CertStatus {
  readonly certId: CertId;
  readonly status: 'good' | 'revoked' | 'unknown';
  readonly thisUpdate: number;
  readonly nextUpdate: number | undefined;
}

/** Who has signed: a name in DER, or the SHA-1 hash of a key. */
export type ResponderId =
  | { readonly kind: 'name'; readonly name: Uint8Array }
  | { readonly kind: 'key'; readonly hash: Uint8Array };

/** A response with content (RFC6960#4.2.1). All octets are views of what was read. */
export interface BasicResponse {
  readonly status: 'successful';
  readonly signature: Signature;
  readonly responder: ResponderId;
  readonly producedAt: number;
  readonly statuses: readonly CertStatus[];
  /** Certificates that it brings along. */
  readonly certificates: readonly CertificateParts[];
}

export const OCSP_FAILURES = ['malformedRequest', 'internalError', 'tryLater', 'sigRequired', 'unauthorized'] as const;

export type OcspResponse = BasicResponse | { readonly status: (typeof OCSP_FAILURES)[number] };

export const SHA1 = '1.3.14.3.2.26';
const BASIC = '1.3.6.1.5.5.7.48.1.1';

const STATUSES: ReadonlyMap<number, OcspResponse['status']> = new Map([
  [0, 'successful'],
  [1, 'malformedRequest'],
  [2, 'internalError'],
  [3, 'tryLater'],
  [5, 'sigRequired'],
  [6, 'unauthorized'],
]);

/** Reads a response in DER. */
export function parseOcspResponse(bytes: Uint8Array, limits: PkiLimits): OcspResponse | DerFailure {
  const der = Der.of(bytes, limits.messageBytes);
  const outer = der.enter(TAG.SEQUENCE);
  der.end();
  const statusAt = outer.at;
  const status = STATUSES.get(outer.small(TAG.ENUMERATED));
  if (status === undefined) outer.fail('OCSP_STATUS', statusAt);
  const { at } = outer;
  const responseBytes = outer.maybe(constructed(0));
  outer.end();
  // RFC6960#4.2.1: responseBytes are there with success, and without it they are not
  if ((status === 'successful') !== (responseBytes !== undefined)) outer.fail('OCSP_BYTES', at);
  if (status === undefined || status !== 'successful' || responseBytes === undefined) {
    return der.failure ?? { status: status === 'successful' || status === undefined ? 'internalError' : status };
  }
  const response = responseBytes.enter(TAG.SEQUENCE);
  responseBytes.end();
  const typeAt = response.at;
  if (response.oid() !== BASIC) response.fail('OCSP_TYPE', typeAt);
  const content = response.enter(TAG.OCTET_STRING);
  response.end();
  const basic = readBasic(content, limits);
  return der.failure ?? basic;
}

function readBasic(der: Der, limits: PkiLimits): BasicResponse {
  const basic = der.enter(TAG.SEQUENCE);
  der.end();
  const from = basic.at;
  const data = basic.enter(TAG.SEQUENCE);
  const signature = readSignature(basic, basic.bytes.subarray(from, basic.at));
  const certificates = readCertificates(basic, limits);
  basic.end();
  const versionAt = data.at;
  const version = data.maybe(constructed(0));
  if (version !== undefined && version.small() !== 0) data.fail('OCSP_VERSION', versionAt);
  version?.end();
  const responder = readResponder(data);
  const producedAt = data.generalizedTime();
  const statuses = readStatuses(data, limits);
  readNoCritical(data, limits);
  data.end();
  return { status: 'successful', signature, responder, producedAt, statuses, certificates };
}

function readCertificates(basic: Der, limits: PkiLimits): CertificateParts[] {
  const certificates: CertificateParts[] = [];
  const tagged = basic.maybe(constructed(0));
  const list = tagged?.enter(TAG.SEQUENCE);
  tagged?.end();
  while (list !== undefined && list.left > 0) {
    if (certificates.length >= limits.ocspCertificates) list.fail('OCSP_CERTIFICATES', list.at);
    certificates.push(readCertificate(list, limits));
  }
  return certificates;
}

function readResponder(data: Der): ResponderId {
  const { at } = data;
  const name = data.maybe(constructed(1));
  if (name !== undefined) {
    const octets = name.whole(TAG.SEQUENCE);
    name.end();
    return { kind: 'name', name: octets };
  }
  const key = data.maybe(constructed(2));
  if (key === undefined) data.fail('OCSP_RESPONDER', at);
  const hash = key?.octets() ?? new Uint8Array(0);
  key?.end();
  return { kind: 'key', hash };
}

function readStatuses(data: Der, limits: PkiLimits): CertStatus[] {
  const { at } = data;
  const list = data.enter(TAG.SEQUENCE);
  if (list.left === 0) data.fail('OCSP_NONE', at);
  const statuses: CertStatus[] = [];
  while (list.left > 0) {
    if (statuses.length >= limits.ocspResponses) list.fail('OCSP_RESPONSES', list.at);
    statuses.push(readStatus(list.enter(TAG.SEQUENCE), limits));
  }
  return statuses;
}

function readStatus(single: Der, limits: PkiLimits): CertStatus {
  const certId = readCertId(single.enter(TAG.SEQUENCE));
  const status = readCertStatus(single);
  const thisUpdate = single.generalizedTime();
  const next = single.maybe(constructed(0));
  const nextUpdate = next?.generalizedTime();
  next?.end();
  readNoCritical(single, limits);
  single.end();
  return { certId, status, thisUpdate, nextUpdate };
}

function readCertId(der: Der): CertId {
  const { algorithm } = readAlgorithm(der);
  const certId = { hashAlgorithm: algorithm, nameHash: der.octets(), keyHash: der.octets(), serial: readSerial(der) };
  der.end();
  return certId;
}

function readCertStatus(single: Der): CertStatus['status'] {
  const { at } = single;
  const good = single.maybe(primitive(0));
  good?.end();
  if (good !== undefined) return 'good';
  const unknown = single.maybe(primitive(2));
  unknown?.end();
  if (unknown !== undefined) return 'unknown';
  const revoked = single.maybe(constructed(1));
  if (revoked === undefined) single.fail('OCSP_CERT_STATUS', at);
  revoked?.generalizedTime();
  const reason = revoked?.maybe(constructed(0));
  reason?.small(TAG.ENUMERATED);
  reason?.end();
  revoked?.end();
  return 'revoked';
}

/** Extensions that may be there and say nothing that is needed here. */
function readNoCritical(der: Der, limits: PkiLimits): void {
  const extensions = der.maybe(constructed(1));
  if (extensions === undefined) return;
  readExtensions(extensions, limits, (_oid, content, isCritical, at) => {
    // RFC6960#4.4 MUST: a critical extension that is not understood is not ignored
    if (isCritical) content.fail('OCSP_CRITICAL', at);
  });
  extensions.end();
}

/** Asks for the status of one certificate (RFC6960#4.1.1), without a nonce, so that responses can be kept. Hashes are of SHA-1. */
export function formatOcspRequest({ nameHash, keyHash, serial }: Omit<CertId, 'hashAlgorithm'>): Uint8Array {
  const algorithm = Uint8Array.of(0x30, 0x09, 0x06, 0x05, 0x2b, 0x0e, 0x03, 0x02, 0x1a, 0x05, 0x00);
  const certId = element(
    TAG.SEQUENCE,
    algorithm,
    element(TAG.OCTET_STRING, nameHash),
    element(TAG.OCTET_STRING, keyHash),
    element(TAG.INTEGER, serial),
  );
  const list = element(TAG.SEQUENCE, element(TAG.SEQUENCE, certId));
  return element(TAG.SEQUENCE, element(TAG.SEQUENCE, list));
}

/** An element of DER with these parts; all that are written here have less than 256 octets. */
function element(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const head = length < 0x80 ? [tag, length] : [tag, 0x81, length];
  const octets = new Uint8Array(head.length + length);
  octets.set(head);
  let at = head.length;
  for (const part of parts) {
    octets.set(part, at);
    at += part.length;
  }
  return octets;
}
