import { CR, LF } from '../bytes/octets.ts';

const GET = Uint8Array.from('GET ', (unit) => unit.charCodeAt(0));
const OTHERS = ['HEAD ', 'OPTIONS ', 'TRACE '].map((text) => Uint8Array.from(text, (unit) => unit.charCodeAt(0)));

/**
 * Whether the request that begins at `bytes[at]` has a safe method (RFC9110#9.2.1), as far as its first octets show.
 * "No" costs only that it waits for the responses before it.
 */
export function beginsSafeRequest(bytes: Uint8Array, at: number): boolean {
  while (bytes[at] === CR || bytes[at] === LF) at++;
  return beginsWith(bytes, at, GET) || OTHERS.some((start) => beginsWith(bytes, at, start));
}

function beginsWith(bytes: Uint8Array, at: number, start: Uint8Array): boolean {
  for (let i = 0; i < start.length; i++) if (bytes[at + i] !== start[i]) return false;
  return true;
}
