import { dumpOf } from '../errors/escape.ts';
import { ProtocolError } from '../errors/protocol-error.ts';
import type { DerFailure } from './der.ts';

/** The failure as an error with its sentence, its clause and the octets around it. @param bytes what was read */
export function pkiError({ failure, at }: DerFailure, bytes: Uint8Array): ProtocolError {
  const octet = bytes[at];
  const dump = dumpOf(bytes, at, 0, bytes.length);
  return new ProtocolError(failure, octet === undefined ? { offset: at, dump } : { offset: at, octet, dump });
}
