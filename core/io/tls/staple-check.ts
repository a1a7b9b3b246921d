import { createHash } from 'node:crypto';
import { type BasicResponse, type CertId, parseOcspResponse, SHA1 } from '../../tls/ocsp.ts';
import { pkiError } from '../../tls/pki-error.ts';
import { isSame } from '../../tls/signed.ts';
import type { CertificateParts } from '../../tls/x509.ts';
import { type Authority, isSignedBy, keyOf, PKI_LIMITS, sha1 } from './signatures.ts';

/** Why an OCSP response is not stapled. The labels are these and no others. */
export const STAPLE_FAULTS = {
  unreadable: 'it is no OCSP response',
  unsuccessful: 'the responder gives no status',
  other_certificate: 'it is for another certificate',
  responder: 'it is not signed by the issuer, nor by a responder that the issuer has appointed',
  signature: 'its signature is wrong, or of a kind that is not believed',
  not_yet: 'it is of a time to come',
  stale: 'it has gone out of date',
  revoked: 'the certificate is revoked',
  unknown: 'the responder does not know the certificate',
} as const;

export type StapleFault = keyof typeof STAPLE_FAULTS;

/** A response that says of a certificate that it is good, and is known to be its authority's. */
export interface Staple {
  readonly bytes: Buffer;
  /** Milliseconds since 1970: it is stapled before the latter only. */
  readonly thisUpdate: number;
  readonly expiresAt: number;
}

/** Whose status is asked for, and who may tell. */
export interface StapleSubject {
  readonly leaf: CertificateParts;
  readonly issuer: Authority;
}

export interface StapleRefusal {
  readonly fault: StapleFault;
  readonly detail: string;
}

const OCSP_SIGNING = '1.3.6.1.5.5.7.3.9';
const SKEW_MS = 300_000;
/** How long a response is used that does not say until when. */
const MAX_OPEN_MS = 604_800_000;
const SHA256 = '2.16.840.1.101.3.4.2.1';

/** What a response is worth. @param bytes are kept where it is good */
export function judgeResponse(bytes: Buffer, subject: StapleSubject, nowMs: number): Staple | StapleRefusal {
  const response = parseOcspResponse(bytes, PKI_LIMITS);
  if ('failure' in response) return refuse('unreadable', pkiError(response, bytes).message);
  if (response.status !== 'successful') return refuse('unsuccessful', response.status);
  const single = response.statuses.find(({ certId }) => isFor(certId, subject));
  if (single === undefined) return refuse('other_certificate');
  const signer = signerOf(response, subject.issuer, nowMs);
  if (signer === undefined) return refuse('responder');
  if (!isSignedBy(response.signature, signer.key)) return refuse('signature', response.signature.algorithm);
  const { status, thisUpdate, nextUpdate = thisUpdate + MAX_OPEN_MS } = single;
  // RFC6960#3.2: the time at which the status is known to be right is recent, and the next one is still to come
  if (thisUpdate > nowMs + SKEW_MS || response.producedAt > nowMs + SKEW_MS) return refuse('not_yet', iso(thisUpdate));
  if (nextUpdate <= nowMs) return refuse('stale', iso(nextUpdate));
  if (status !== 'good') return refuse(status);
  return { bytes, thisUpdate, expiresAt: nextUpdate };
}

function isFor({ hashAlgorithm, nameHash, keyHash, serial }: CertId, { leaf, issuer }: StapleSubject): boolean {
  const name = hashAlgorithm === SHA1 ? 'sha1' : hashAlgorithm === SHA256 ? 'sha256' : undefined;
  if (name === undefined || !isSame(serial, leaf.serial)) return false;
  const hash = (octets: Uint8Array): Buffer => createHash(name).update(octets).digest();
  return isSame(nameHash, hash(leaf.issuer)) && isSame(keyHash, hash(issuer.parts.keyBits));
}

/** RFC6960#4.2.2.2 MUST: the issuer itself, or whom it has given a certificate for that, by itself and with that use in it. */
function signerOf(response: BasicResponse, issuer: Authority, nowMs: number): Authority | undefined {
  if (isCalled(response, issuer.parts)) return issuer;
  for (const parts of response.certificates) {
    const isInTime = parts.notBefore <= nowMs + SKEW_MS && nowMs <= parts.notAfter;
    const isAppointed = parts.extendedKeyUsage?.includes(OCSP_SIGNING) === true;
    if (!isCalled(response, parts) || !isInTime || !isAppointed) continue;
    const key = keyOf(parts);
    if (key === undefined || !isSame(parts.issuer, issuer.parts.subject)) continue;
    if (isSignedBy(parts.signature, issuer.key)) return { parts, key };
  }
  return undefined;
}

function isCalled({ responder }: BasicResponse, { subject, keyBits }: CertificateParts): boolean {
  return responder.kind === 'name' ? isSame(responder.name, subject) : isSame(responder.hash, sha1(keyBits));
}

function refuse(fault: StapleFault, detail = ''): StapleRefusal {
  return { fault, detail };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
