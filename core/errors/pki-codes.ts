import type { CodeSpec } from './code-spec.ts';

/** Every way in which a certificate, an OCSP response or a CRL cannot be read: one row per failure site. */
export const PKI_CODES = {
  // DER (RFC5280#4.1 names X.690, whose text is not an RFC)
  DER_BYTES: refused('-', 'DER', 'is one more than the limit allows'),
  DER_DEPTH: refused('-', 'DER', 'begins an element that is nested too deeply'),
  DER_CUT: refused('RFC5280#4.1', 'DER', 'begins an element that ends beyond what holds it'),
  DER_MISSING: refused('RFC5280#4.1', 'DER', 'stands where an element is missing'),
  DER_TAG: refused('RFC5280#4.1', 'DER', 'is not the tag that stands there'),
  DER_TAG_LONG: refused('RFC5280#4.1', 'DER', 'begins a tag of several octets, which nothing here has'),
  DER_INDEFINITE: refused('RFC5280#4.1', 'DER', 'is an indefinite length, which DER has not'),
  DER_LENGTH_LONG: refused('-', 'DER', 'begins a length of more than four octets'),
  DER_LENGTH_PADDED: refused('RFC5280#4.1', 'DER', 'begins a length that could be shorter'),
  DER_TRAILING: refused('RFC5280#4.1', 'DER', 'stands behind the end'),
  DER_BOOLEAN: refused('RFC5280#4.1', 'BOOLEAN', 'begins what is neither 0x00 nor 0xff'),
  DER_INTEGER: refused('RFC5280#4.1', 'INTEGER', 'begins a number that is empty, or could be shorter'),
  DER_INTEGER_LARGE: refused('-', 'INTEGER', 'begins a larger number than belongs there'),
  DER_OID: refused('RFC5280#4.1', 'OBJECT IDENTIFIER', 'begins none, or one of more than 64 octets'),
  DER_BITS: refused('RFC5280#4.1', 'BIT STRING', 'begins one that is empty, or no whole number of octets'),
  DER_TIME: refused('RFC5280#4.1.2.5', 'time', 'begins no date and time in its one form'),
  DER_URI: refused('RFC5280#4.2.2.1', 'uniformResourceIdentifier', 'is no printable ASCII'),

  // What is signed, and certificates
  X509_ALGORITHMS: refused('RFC5280#4.1.1.2', 'signatureAlgorithm', 'begins another one than was signed'),
  X509_VERSION: refused('RFC5280#4.1.2.1', 'version', 'begins one that certificates have not'),
  X509_SERIAL: refused('RFC5280#4.1.2.2', 'serialNumber', 'begins one of more than 20 octets'),
  X509_EXTENSIONS: refused('-', 'extensions', 'begins one more extension than the limit allows'),
  X509_EXTENSION_TWICE: refused('RFC5280#4.2', 'extensions', 'begins a second one of its kind'),
  X509_EXTENSIONS_EMPTY: refused('RFC5280#4.1.2.9', 'extensions', 'begins an empty list'),

  // OCSP
  OCSP_STATUS: refused('RFC6960#4.2.1', 'responseStatus', 'begins one that there is not'),
  OCSP_BYTES: refused('RFC6960#4.2.1', 'responseBytes', 'stands where they are without success, or missing with it'),
  OCSP_TYPE: refused('RFC6960#4.2.1', 'responseType', 'begins another one than id-pkix-ocsp-basic'),
  OCSP_VERSION: refused('RFC6960#4.2.1', 'version', 'begins one that responses have not'),
  OCSP_RESPONDER: refused('RFC6960#4.2.1', 'responderID', 'is neither a name nor the hash of a key'),
  OCSP_NONE: refused('RFC6960#4.2.1', 'responses', 'begins an empty list'),
  OCSP_RESPONSES: refused('-', 'responses', 'begins one more status than the limit allows'),
  OCSP_CERT_STATUS: refused('RFC6960#4.2.1', 'certStatus', 'is none of good, revoked, unknown'),
  OCSP_CRITICAL: refused('RFC6960#4.4', 'extensions', 'begins a critical one that is not understood'),
  OCSP_CERTIFICATES: refused('-', 'certs', 'begins one more certificate than the limit allows'),

  // CRLs
  CRL_VERSION: refused('RFC5280#5.1.2.1', 'version', 'begins one that CRLs have not'),
  CRL_EMPTY: refused('RFC5280#5.1.2.6', 'revokedCertificates', 'begins an empty list'),
  CRL_ENTRIES: refused('-', 'revokedCertificates', 'begins one more entry than the limit allows'),
  CRL_CRITICAL: refused('RFC5280#5.2', 'crlExtensions', 'begins a critical one that is not understood'),
  CRL_ENTRY_CRITICAL: refused('RFC5280#5.3', 'crlEntryExtensions', 'begins a critical one that is not understood'),
  CRL_DELTA: refused('RFC5280#5.2.4', 'crlExtensions', 'begins the mark of a delta CRL, which says changes only'),
  CRL_INDIRECT: refused('RFC5280#5.3.3', 'crlEntryExtensions', 'begins the issuer of an entry of an indirect CRL'),
  CRL_SCOPE: refused('RFC5280#5.2.5', 'crlExtensions', 'begins the mark of a CRL for some certificates only'),
} as const satisfies Record<string, CodeSpec>;

export type PkiCode = keyof typeof PKI_CODES;

function refused(rfc: CodeSpec['rfc'], what: string, why: string): CodeSpec {
  return { rfc, status: 'close', what, why };
}
