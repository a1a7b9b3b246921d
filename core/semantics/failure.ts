import { fromLatin1 } from '../bytes/latin1.ts';
import { excerptOf } from '../errors/escape.ts';
import { ProtocolError, type ValueCode } from '../errors/protocol-error.ts';

/** Why a text could not be read, and the index of the unit that does not fit; `text.length` where more was wanted. */
export interface Failure {
  readonly failure: ValueCode;
  readonly at: number;
}

/** Whether a reader refused. */
export function isFailure(read: object): read is Failure {
  return 'failure' in read;
}

/**
 * The failure as an error with its sentence, clause and excerpt. WHY apart: an error costs its stack, and whoever ignores what
 * does not parse, as RFC9651#4.2 asks, needs none.
 * @param text what was read, one unit an octet
 */
export function valueError({ failure, at }: Failure, text: string): ProtocolError {
  const bytes = fromLatin1(text);
  const octet = bytes[at];
  const excerpt = excerptOf(bytes, at);
  return new ProtocolError(failure, octet === undefined ? { offset: at, excerpt } : { offset: at, excerpt, octet });
}
