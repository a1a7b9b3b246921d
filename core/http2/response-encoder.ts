import { CallerError } from '../errors/caller-error.ts';
import type { HpackEncoder } from '../hpack/encoder.ts';
import type { ResponseHead } from '../semantics/exchange.ts';
import type { FieldInput, FieldLine } from '../semantics/field.ts';
import { areSameLines, checkLine, checkName, checkValue, linesOf } from '../semantics/field-check.ts';
import { isForbiddenTrailer } from '../semantics/trailer.ts';

/** Fields that this side's framing writes, or that HTTP/2 has no place for (RFC9113#8.2.2). */
const RESERVED: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'upgrade',
]);

const NO_LINES: readonly FieldLine[] = [];

/** A name as it goes out, and the last value of it that was checked. */
interface OutgoingName {
  readonly lower: string;
  checked: string | undefined;
}

/** Names that responses have used. WHY: a program has few of them, and each goes into many responses. */
const outgoingNames = new Map<string, OutgoingName>();
const REMEMBERED_NAMES = 256;
/** Octets of an encoded head that are kept for the next. */
const REMEMBERED_BYTES = 512;

/** A head as it was encoded last, and what it was encoded from. */
interface EncodedHead {
  readonly status: number;
  readonly date: string | undefined;
  readonly lines: readonly FieldLine[];
  /** Octets of all fields but Content-Length, which stands last. */
  readonly sharedBytes: number;
  /** The table's state that the octets refer to. */
  readonly tableVersion: number;
  length: number | undefined;
  octets: Uint8Array;
}

/** Encodes final responses of one connection; each block stays in the encoder until its next one. */
export class ResponseEncoder {
  readonly #encoder: HpackEncoder;
  // WHY: most heads of a connection are the one before, or differ from it in Content-Length alone
  #last: EncodedHead | undefined;

  constructor(encoder: HpackEncoder) {
    this.#encoder = encoder;
  }

  /** @throws CallerError STATUS, CONTENT_LENGTH, FIELD_NAME, FIELD_VALUE, FIELD_RESERVED before the encoder's table has changed */
  encode({ status, fields }: ResponseHead, date: string | undefined, length: number | undefined): void {
    if (!Number.isInteger(status) || status < 200 || status > 599) throw new CallerError('STATUS', String(status));
    if (length !== undefined && !(Number.isSafeInteger(length) && length >= 0)) {
      throw new CallerError('CONTENT_LENGTH', String(length));
    }
    const lines = fields === undefined ? NO_LINES : linesOf(fields);
    const last = this.#last;
    const isSame = last !== undefined && last.tableVersion === this.#encoder.tableVersion;
    if (isSame && last.status === status && last.date === date && areSameLines(last.lines, lines)) {
      if (last.length === length) this.#encoder.repeat(last.octets);
      else this.#encodeLength(last, length);
    } else this.#encodeHead(status, lines, date, length);
  }

  /** Encodes a head that differs from the last one in Content-Length alone. */
  #encodeLength(last: EncodedHead, length: number | undefined): void {
    const encoder = this.#encoder;
    encoder.begin();
    encoder.encoded(last.octets, last.sharedBytes);
    if (length !== undefined) encoder.field('content-length', String(length));
    last.length = length;
    last.octets = encoder.end();
  }

  #encodeHead(status: number, lines: readonly FieldLine[], date: string | undefined, length: number | undefined): void {
    const hasDate = checkResponse(lines);
    const encoder = this.#encoder;
    const { tableVersion } = encoder;
    encoder.begin();
    encoder.field(':status', String(status));
    // RFC9110#6.6.1 MUST: an origin server with a clock sends Date, unless the handler gave one
    if (date !== undefined && !hasDate) encoder.field('date', date);
    for (const [name, value] of lines) encoder.field(outgoingName(name).lower, value);
    const sharedBytes = encoder.length;
    if (length !== undefined) encoder.field('content-length', String(length));
    // A block that has changed the table would not be the same again
    const isRepeatable = tableVersion === encoder.tableVersion && sharedBytes <= REMEMBERED_BYTES;
    const own = isRepeatable ? lines.map(([name, value]): FieldLine => [name, value]) : NO_LINES;
    this.#last = isRepeatable
      ? { status, date, lines: own, sharedBytes, tableVersion, length, octets: encoder.end() }
      : undefined;
  }
}

/** Encodes an interim response's field block, which stays in the encoder until its next one. @throws CallerError INTERIM_STATUS, FIELD_* */
export function encodeInterim(encoder: HpackEncoder, status: number, fields: FieldInput): void {
  // RFC9113#8.6 MUST: 101 is not used
  if (!Number.isInteger(status) || status < 100 || status > 199 || status === 101) {
    throw new CallerError('INTERIM_STATUS', String(status));
  }
  const lines = linesOf(fields);
  checkResponse(lines);
  encoder.begin();
  encoder.field(':status', String(status));
  for (const [name, value] of lines) encoder.field(outgoingName(name).lower, value);
}

/** Throws where one of `fields` may not be a trailer. @throws CallerError TRAILER_FORBIDDEN, FIELD_* */
export function checkTrailers(fields: FieldInput): void {
  for (const [name, value] of linesOf(fields)) {
    if (isForbiddenTrailer(name)) throw new CallerError('TRAILER_FORBIDDEN', name);
    checkLine(name, value);
  }
}

/** Encodes a trailer section's block, which stays in the encoder until its next one; the fields were checked. */
export function encodeTrailers(encoder: HpackEncoder, fields: FieldInput): void {
  encoder.begin();
  for (const [name, value] of linesOf(fields)) encoder.field(name.toLowerCase(), value);
}

/** Throws unless all `lines` may go out; returns whether Date is among them. */
function checkResponse(lines: readonly FieldLine[]): boolean {
  let hasDate = false;
  for (const [name, value] of lines) {
    const outgoing = outgoingName(name);
    if (outgoing.lower === 'date') hasDate = true;
    if (outgoing.checked === value) continue;
    checkValue(name, value);
    outgoing.checked = value;
  }
  return hasDate;
}

/** RFC9113#8.2.1 MUST: names go out in lower case. @throws CallerError FIELD_NAME, FIELD_RESERVED */
function outgoingName(name: string): OutgoingName {
  const known = outgoingNames.get(name);
  if (known !== undefined) return known;
  checkName(name);
  const lower = name.toLowerCase();
  if (RESERVED.has(lower)) throw new CallerError('FIELD_RESERVED', name);
  const outgoing = { lower, checked: undefined };
  if (outgoingNames.size < REMEMBERED_NAMES) outgoingNames.set(name, outgoing);
  return outgoing;
}
