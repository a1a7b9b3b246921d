import { completeLimits, type LimitSpec } from './limits.ts';

/** How large what authorities sign may be: certificates, OCSP responses, lists of revoked certificates. */
export interface PkiLimits {
  /** Octets of a certificate or an OCSP response. @defaultValue 65_536, 256..1_048_576. Breach: DER_BYTES. */
  readonly messageBytes: number;
  /** Octets of a CRL; an entry has about 36. @defaultValue 134_217_728, 256..1_073_741_824. Breach: DER_BYTES. */
  readonly crlBytes: number;
  /** Entries of a CRL. @defaultValue 2_000_000, 0..16_777_216. Breach: CRL_ENTRIES. */
  readonly crlEntries: number;
  /** Statuses in an OCSP response. @defaultValue 64, 1..4_096. Breach: OCSP_RESPONSES. */
  readonly ocspResponses: number;
  /** Certificates that an OCSP response brings along. @defaultValue 4, 0..64. Breach: OCSP_CERTIFICATES. */
  readonly ocspCertificates: number;
  /** Extensions in one list. @defaultValue 64, 1..1_024. Breach: X509_EXTENSIONS. */
  readonly extensions: number;
}

export const PKI_LIMIT_SPECS = {
  messageBytes: { default: 65_536, min: 256, max: 1_048_576 },
  crlBytes: { default: 134_217_728, min: 256, max: 1_073_741_824 },
  crlEntries: { default: 2_000_000, min: 0, max: 16_777_216 },
  ocspResponses: { default: 64, min: 1, max: 4_096 },
  ocspCertificates: { default: 4, min: 0, max: 64 },
  extensions: { default: 64, min: 1, max: 1_024 },
} as const satisfies Record<keyof PkiLimits, LimitSpec>;

/** `given` over the defaults, frozen. @throws RangeError for a value out of range, TypeError for an unknown name */
export function pkiLimits(given: Partial<PkiLimits> = {}): PkiLimits {
  return completeLimits('PKI', PKI_LIMIT_SPECS, given);
}
