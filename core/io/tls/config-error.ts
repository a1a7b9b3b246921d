/** What is wrong with a certificate, a key or a policy. */
export const TLS_CONFIG_CODES = {
  CERT_UNREADABLE: 'it is no certificate in PEM',
  CERT_EXPIRED: 'it has expired',
  CERT_NOT_YET: 'it is not valid yet',
  KEY_UNREADABLE: 'its private key is none in PEM, or is encrypted',
  KEY_MISMATCH: 'its private key belongs to another certificate',
  CA_UNREADABLE: 'an authority of its clients is no certificate in PEM',
  CONTEXT: 'OpenSSL does not take it',
  NAMES: 'its names do not tell it from the others',
  OCSP_ISSUER: 'the certificate of its issuer, which OCSP needs, is neither in its chain nor given',
  OCSP_SOURCE: 'it does not say where OCSP is answered in http, and neither a responder nor a file was given',
  OCSP_NONE: 'there is no OCSP response to staple, and without one it shall not be used',
  CRL_UNREADABLE: 'a list of revoked certificates cannot be read',
  CRL_SIGNER: 'a list of revoked certificates is signed by none of the authorities of its clients',
  KEY_LOG: 'the key log cannot be written',
} as const;

export type TlsConfigCode = keyof typeof TLS_CONFIG_CODES;

/** TLS cannot be served as it was asked for; nothing has changed. */
export class TlsConfigError extends Error {
  override readonly name = 'TlsConfigError';
  readonly code: TlsConfigCode;

  /** @param subject what it is about, e.g. `certificate of "a.test"` */
  constructor(code: TlsConfigCode, subject: string, detail = '', cause?: unknown) {
    super(`Cannot use ${subject}: ${TLS_CONFIG_CODES[code]}${detail === '' ? '' : ` (${detail})`}`, { cause });
    this.code = code;
  }
}
