import { createHash, createPublicKey, type KeyObject, verify, X509Certificate } from 'node:crypto';
import { type PkiLimits, pkiLimits } from '../../limits/pki-limits.ts';
import type { Signature } from '../../tls/signed.ts';
import { type CertificateParts, parseCertificate } from '../../tls/x509.ts';

export const PKI_LIMITS: PkiLimits = pkiLimits();

/** A certificate whose key signs things. */
export interface Authority {
  readonly parts: CertificateParts;
  readonly key: KeyObject;
}

/** What each algorithm hashes with, and which keys it needs. SHA-1 and RSASSA-PSS are not among them: what they sign is not believed. */
const ALGORITHMS: ReadonlyMap<string, readonly [hash: string | null, keyType: string]> = new Map([
  ['1.2.840.113549.1.1.11', ['sha256', 'rsa']],
  ['1.2.840.113549.1.1.12', ['sha384', 'rsa']],
  ['1.2.840.113549.1.1.13', ['sha512', 'rsa']],
  ['1.2.840.10045.4.3.2', ['sha256', 'ec']],
  ['1.2.840.10045.4.3.3', ['sha384', 'ec']],
  ['1.2.840.10045.4.3.4', ['sha512', 'ec']],
  ['1.3.101.112', [null, 'ed25519']],
]);

/** Whether this key has signed it. */
export function isSignedBy({ signed, algorithm, value }: Signature, key: KeyObject): boolean {
  const [hash, keyType] = ALGORITHMS.get(algorithm) ?? [];
  if (hash === undefined || key.asymmetricKeyType !== keyType) return false;
  try {
    return verify(hash, signed, key, value);
  } catch {
    return false;
  }
}

/** The key of a certificate, where OpenSSL can use it. */
export function keyOf({ publicKey }: Pick<CertificateParts, 'publicKey'>): KeyObject | undefined {
  try {
    return createPublicKey({ key: Buffer.from(publicKey), format: 'der', type: 'spki' });
  } catch {
    return undefined;
  }
}

const BLOCK = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;

/** Every certificate of a PEM text; undefined for one that cannot be read. */
export function partsOf(pem: string | Uint8Array): (CertificateParts | undefined)[] {
  const text = typeof pem === 'string' ? pem : Buffer.from(pem).toString('latin1');
  return (text.match(BLOCK) ?? []).map((block) => {
    try {
      const parts = parseCertificate(new X509Certificate(block).raw, PKI_LIMITS);
      return 'failure' in parts ? undefined : parts;
    } catch {
      return undefined;
    }
  });
}

/** Every certificate of a PEM text that can be read, and whose key OpenSSL can use. */
export function authoritiesOf(pem: string | Uint8Array): Authority[] {
  return partsOf(pem).flatMap((parts) => {
    const key = parts && keyOf(parts);
    return parts === undefined || key === undefined ? [] : [{ parts, key }];
  });
}

export function sha1(octets: Uint8Array): Buffer {
  return createHash('sha1').update(octets).digest();
}
