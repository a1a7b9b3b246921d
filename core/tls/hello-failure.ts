import type { TlsCode } from '../errors/tls-codes.ts';

/** What is wrong with a message, and where in it. */
export interface HelloFailure {
  readonly code: TlsCode;
  /** Index in the message, its head counted. */
  readonly at: number;
  /** Whether the code is about the octet there. */
  readonly isOctet: boolean;
}

export function fail(code: TlsCode, at: number, isOctet = false): HelloFailure {
  return { code, at, isOctet };
}
