import { writeLatin1 } from '../bytes/latin1.ts';
import { FIELD_VALUE } from '../bytes/octets.ts';
import { CallerError } from '../errors/caller-error.ts';
import type { ResponseHead } from '../semantics/exchange.ts';
import type { FieldLine } from '../semantics/field.ts';
import { areSameLines, isAll, linesOf } from '../semantics/field-check.ts';
import { forbidsContentLength, REASONS } from '../semantics/status.ts';
import { encodeFields, hasDate } from './response-fields.ts';

/** How the connection goes on after a response. */
export type Persistence = 'keep' | 'close';

/** How a response's content is delimited (RFC9112#6). `discarded` is that of HEAD, which is told of and not sent. */
export type Coding = 'none' | 'discarded' | 'length' | 'chunked' | 'until-close';

/** Heads that are remembered, and octets of one above which it is not. */
const PLACES = 4;
const REMEMBERED_BYTES = 1_024;
const NO_LINES: readonly FieldLine[] = [];

/** A head as it was encoded, and what it was encoded from. */
interface EncodedHead {
  readonly status: number;
  readonly reason: string | undefined;
  readonly date: string | undefined;
  readonly lines: readonly FieldLine[];
  /** Octets of all that does not depend on the ending. */
  readonly beginning: Uint8Array;
  ending: Uint8Array;
  octets: Uint8Array;
}

const remembered: EncodedHead[] = [];
let nextPlace = 0;

/**
 * Octets of a response's head: status line, Date, the handler's fields (RFC9112#4), and its `ending`.
 * WHY: the last few are kept for all connections, because most responses of a second are alike; checking and encoding a
 * head took 450 ns, finding it takes 30 ns.
 * @param ending as {@link encodeEnding} gave it
 * @param head its status is a final one
 * @throws CallerError REASON, FIELD_NAME, FIELD_VALUE, FIELD_RESERVED
 */
export function encodeHead(
  { status, reason, fields }: ResponseHead,
  date: string | undefined,
  ending: Uint8Array,
): Uint8Array {
  const lines = fields === undefined ? NO_LINES : linesOf(fields);
  for (const known of remembered) {
    const isSame = known.status === status && known.date === date && known.reason === reason;
    if (isSame && areSameLines(known.lines, lines)) return withEnding(known, ending);
  }
  const beginning = octetsOf(textOf(status, reason ?? REASONS[status] ?? '', lines, date));
  const octets = joined(beginning, ending);
  if (octets.length > REMEMBERED_BYTES) return octets;
  const own = lines.map(([name, value]): FieldLine => [name, value]);
  remembered[nextPlace] = { status, reason, date, lines: own, beginning, ending, octets };
  nextPlace = (nextPlace + 1) % PLACES;
  return octets;
}

function withEnding(known: EncodedHead, ending: Uint8Array): Uint8Array {
  if (known.ending !== ending) {
    known.ending = ending;
    known.octets = joined(known.beginning, ending);
  }
  return known.octets;
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const octets = new Uint8Array(first.length + second.length);
  octets.set(first);
  octets.set(second, first.length);
  return octets;
}

function textOf(status: number, reason: string, lines: readonly FieldLine[], date: string | undefined): string {
  if (!isAll(reason, FIELD_VALUE)) throw new CallerError('REASON', JSON.stringify(reason));
  const fields = encodeFields(lines);
  // RFC9110#6.6.1 MUST: an origin server with a clock sends Date, unless the handler gave one
  const dateLine = date === undefined || hasDate(lines) ? '' : `Date: ${date}\r\n`;
  return `HTTP/1.1 ${status} ${reason}\r\n${dateLine}${fields}`;
}

/** What the framing of a response and the version of its request add to its fields. */
interface Ending {
  readonly coding: Coding;
  /** Value of Content-Length, where there is to be one. */
  readonly length: number | undefined;
  readonly persistence: Persistence;
  readonly isOld: boolean;
}

// WHY: the last one is kept, because many answers in a row are of one length
let lastEnding: Ending | undefined;
let lastOctets = new Uint8Array(0);

/** Octets of what a head ends with: the fields of its framing and its connection, and the empty line. @param minor of the request */
export function encodeEnding(
  status: number,
  coding: Coding,
  contentLength: number | undefined,
  persistence: Persistence,
  minor: number,
): Uint8Array {
  // RFC9110#8.6 MUST: no Content-Length with 1xx and 204
  const length = coding === 'chunked' || forbidsContentLength(status) ? undefined : contentLength;
  const isOld = minor === 0;
  const last = lastEnding;
  const isSame = last?.length === length && last?.coding === coding && last.persistence === persistence;
  if (isSame && last.isOld === isOld) return lastOctets;
  lastEnding = { coding, length, persistence, isOld };
  lastOctets = octetsOf(`${framingLine(coding, length)}${connectionLine(persistence, isOld)}\r\n`);
  return lastOctets;
}

function framingLine(coding: Coding, length: number | undefined): string {
  if (coding === 'chunked') return 'Transfer-Encoding: chunked\r\n';
  return length === undefined ? '' : `Content-Length: ${length}\r\n`;
}

/** RFC9112#9.3: `close` says that the connection ends; HTTP/1.0 has to be told that it does not. */
function connectionLine(persistence: Persistence, isOld: boolean): string {
  if (persistence === 'close') return 'Connection: close\r\n';
  return isOld ? 'Connection: keep-alive\r\n' : '';
}

function octetsOf(text: string): Uint8Array<ArrayBuffer> {
  const octets = new Uint8Array(text.length);
  writeLatin1(octets, text, 0);
  return octets;
}
