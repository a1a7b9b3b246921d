import { constants, createHash, X509Certificate } from 'node:crypto';
import { createSecureContext, type SecureContextOptions, type TlsOptions } from 'node:tls';
import type { SecretBuffer } from '../secret-buffer.ts';
import { TlsConfigError } from './config-error.ts';
import type { PeerHook } from './peer-hook.ts';

export type TlsVersion = 'TLSv1.2' | 'TLSv1.3';
export type ClientCertificates = 'none' | 'request' | 'require';

/** How TLS is spoken with the clients of some names; nothing of it is left open. */
export interface TlsPolicy {
  /** In full, or `*.` for one label; none: whoever asks for a name that no other policy has, or for none. */
  readonly names: readonly string[];
  /** PEM: the certificate and its chain. */
  readonly cert: string | Uint8Array;
  readonly key: string | Uint8Array;
  /** PEM: whose certificates clients may have. */
  readonly ca: readonly (string | Uint8Array)[];
  readonly clientCertificates: ClientCertificates;
  readonly alpn: readonly string[];
  readonly minVersion: TlsVersion;
  readonly maxVersion: TlsVersion;
  /** OpenSSL's list. */
  readonly ciphers: string;
  /** What is stapled; undefined: nothing. */
  readonly ocsp: OcspPolicy | undefined;
  /** Which certificates of clients are revoked; undefined: nobody looks. */
  readonly revocation: RevocationPolicy | undefined;
  /** Asked of every client with a certificate, before anything that it says is looked at. */
  readonly onPeerVerified: PeerHook | undefined;
}

/** Lists of revoked certificates for the clients of a policy. */
export interface RevocationPolicy {
  /** PEM or DER. */
  readonly crls: readonly (string | Uint8Array)[];
  /** The same in files, which are looked at again. */
  readonly files: readonly string[];
  readonly reloadMs: number;
  /** PEM: further authorities whose lists are taken. */
  readonly issuers: readonly (string | Uint8Array)[];
  /** What happens to a client of whose issuer no list is in date. */
  readonly unknown: 'refuse' | 'accept';
  /** How long before a list goes out of date that is told. */
  readonly alarmMs: number;
}

/** Where the OCSP responses of a policy's certificate come from. */
export interface OcspPolicy {
  readonly file: string | undefined;
  /** Of http; undefined: what the certificate says. */
  readonly responder: string | undefined;
  /** PEM; undefined: the second certificate of the chain. */
  readonly issuer: string | Uint8Array | undefined;
  /** Whether the port is not opened without a staple. */
  readonly isRequired: boolean;
}

/** Suites of TLS 1.3, and of TLS 1.2 those that RFC9113#9.2.2 lets HTTP/2 have. */
export const GOOD_CIPHERS =
  'TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256:ECDHE+AESGCM:ECDHE+CHACHA20';

/** What messages call a policy. */
export function nameOf({ names }: Pick<TlsPolicy, 'names'>): string {
  return names.length === 0 ? 'the policy without names' : names.map((name) => `"${name}"`).join(', ');
}

/**
 * Options of a `tls.Server` for a policy. @param key the private key, which has to live until the server is made
 * @throws TlsConfigError for a certificate, key or list that cannot be used
 */
export function serverOptions(policy: Omit<TlsPolicy, 'key'>, key: SecretBuffer, nowMs: number): TlsOptions {
  const subject = `the certificate of ${nameOf(policy)}`;
  for (const block of certificatesOf(policy.cert, 'CERT_UNREADABLE', subject)) checkDates(block, subject, nowMs);
  const options: TlsOptions = {
    cert: toPem(policy.cert),
    key: key.bytes,
    ALPNProtocols: [...policy.alpn],
    minVersion: policy.minVersion,
    maxVersion: policy.maxVersion,
    ciphers: policy.ciphers,
    requestCert: policy.clientCertificates !== 'none',
    rejectUnauthorized: policy.clientCertificates === 'require',
    // RFC9113#9.2.1 MUST: renegotiation is disabled
    secureOptions: constants.SSL_OP_NO_RENEGOTIATION,
    sessionIdContext: sessionContext(policy),
  };
  if (policy.clientCertificates !== 'none') {
    for (const ca of policy.ca) certificatesOf(ca, 'CA_UNREADABLE', subject);
    options.ca = policy.ca.map(toPem);
  }
  checkContext(options, subject);
  return options;
}

/**
 * What a session is bound to, so that it is resumed under the policy that it began with and no other: OpenSSL compares it.
 * It holds all that decides who a client has to be, and is the same in every process with the same policies.
 */
function sessionContext({ names, ca, clientCertificates }: Omit<TlsPolicy, 'key'>): string {
  const hash = createHash('sha256').update(JSON.stringify(['aeronet 1', names, clientCertificates]));
  for (const one of ca) hash.update('\0').update(one);
  // OpenSSL takes 32 octets at most
  return hash.digest('hex').slice(0, 32);
}

const PEM_BLOCK = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;

function certificatesOf(
  pem: string | Uint8Array,
  code: 'CERT_UNREADABLE' | 'CA_UNREADABLE',
  subject: string,
): X509Certificate[] {
  const blocks = toPem(pem).toString('latin1').match(PEM_BLOCK) ?? [];
  if (blocks.length === 0) throw new TlsConfigError(code, subject);
  try {
    return blocks.map((block) => new X509Certificate(block));
  } catch (error) {
    throw new TlsConfigError(code, subject, messageOf(error), error);
  }
}

function checkDates(certificate: X509Certificate, subject: string, nowMs: number): void {
  const { validFrom, validTo } = certificate;
  const which = `${certificate.subject.replaceAll('\n', ', ')}: from ${validFrom} to ${validTo}`;
  if (nowMs > Date.parse(validTo)) throw new TlsConfigError('CERT_EXPIRED', subject, which);
  if (nowMs < Date.parse(validFrom)) throw new TlsConfigError('CERT_NOT_YET', subject, which);
}

/** Has OpenSSL take the options, so that what it does not take is said before anything has changed. */
function checkContext(options: SecureContextOptions, subject: string): void {
  try {
    createSecureContext(options);
  } catch (error) {
    const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
    if (code === 'ERR_OSSL_X509_KEY_VALUES_MISMATCH') throw new TlsConfigError('KEY_MISMATCH', subject, '', error);
    const isKey = /PEM|DECODER|UNSUPPORTED|ASN1|INTERRUPTED|BAD_DECRYPT|PASSWORD/.test(code);
    throw new TlsConfigError(isKey ? 'KEY_UNREADABLE' : 'CONTEXT', subject, messageOf(error), error);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function toPem(text: string | Uint8Array): Buffer {
  return typeof text === 'string' ? Buffer.from(text) : Buffer.from(text.buffer, text.byteOffset, text.length);
}
