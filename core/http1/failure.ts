import type { Http1Code } from '../errors/http1-codes.ts';

/** A refusal inside a section that is still being read: which check, and the index of the octet it stopped at. */
export interface Failure {
  readonly code: Http1Code;
  /** Index in the scanned octets; the section's length when the error is about no octet. */
  readonly at: number;
  /** Whether the octet at `at` is to blame, or the section as a whole. */
  readonly isOctet: boolean;
}

export const octetFailure = (code: Http1Code, at: number): Failure => ({ code, at, isOctet: true });

export const sectionFailure = (code: Http1Code, at: number): Failure => ({ code, at, isOctet: false });
