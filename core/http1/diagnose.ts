import { LF } from '../bytes/octets.ts';
import { excerptOf } from '../errors/escape.ts';
import { ProtocolError } from '../errors/protocol-error.ts';
import type { Failure } from './failure.ts';

/** Octets in which a failure was found. */
export interface Section {
  readonly bytes: Uint8Array;
  /** Index of the section's first octet. */
  readonly base: number;
  /** Offset of that octet in the connection. */
  readonly offset: number;
}

/**
 * The whole diagnostic of a failure. The excerpt ends with the offending octet, because what follows it may not have
 * come yet: the diagnostic is the same for every split of the octets.
 */
export function toProtocolError({ code, at, isOctet }: Failure, { bytes, base, offset }: Section): ProtocolError {
  const octet = isOctet ? bytes[at] : undefined;
  const { line, start } = lineOf(bytes, base, at);
  const place = {
    offset: offset + at - base,
    line,
    column: at - start + 1,
    excerpt: excerptOf(bytes, at, start, isOctet ? at + 1 : at),
  };
  return new ProtocolError(code, octet === undefined ? place : { ...place, octet });
}

/** Number of the line that `at` is in, from 1, and the index where it starts. */
function lineOf(bytes: Uint8Array, base: number, at: number): { line: number; start: number } {
  let line = 1;
  let start = base;
  for (let i = base; i < at; i++) {
    if (bytes[i] !== LF) continue;
    line += 1;
    start = i + 1;
  }
  return { line, start };
}
