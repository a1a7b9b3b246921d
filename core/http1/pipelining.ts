import { CR, LF } from '../bytes/octets.ts';

const SAFE_STARTS = ['GET ', 'HEAD ', 'OPTIONS ', 'TRACE '].map((text) =>
  Uint8Array.from(text, (c) => c.charCodeAt(0)),
);

/**
 * Whether the request that begins at `bytes[at]` has a safe method (RFC9110#9.2.1), as far as its first octets show.
 * "No" costs only that it waits for the responses before it.
 */
export function beginsSafeRequest(bytes: Uint8Array, at: number): boolean {
  while (bytes[at] === CR || bytes[at] === LF) at++;
  return SAFE_STARTS.some((start) => start.every((octet, i) => bytes[at + i] === octet));
}
