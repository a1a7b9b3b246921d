/** Requests as a parser tells them: recorded for comparison, and checked for order, offsets and the type of errors. */
import {
  CODES,
  type FieldLines,
  formatDiagnostic,
  type Http1Event,
  type Http1ParserOptions,
  type Http1RequestHead,
  Http1RequestParser,
  http1Limits,
  latin1,
  ProtocolError,
} from '../../core/sans-io.ts';
import { OracleError } from './oracle-error.ts';
import type { EventRecord } from './segmentation.ts';

/** Records with adjacent content joined: what a request parser says, whatever the cuts. */
export interface Http1Record extends EventRecord {
  readonly kind: Http1Event['kind'];
  /** Where `kind` is `request`. */
  readonly head?: Http1RequestHead;
  /** Where `kind` is `end`. */
  readonly trailers?: FieldLines;
}

/** Octets that are examined, compared or copied for each that came, and what one piece may cost beside. */
const WORK_PER_OCTET = 8;
const WORK_AT_ONCE = 1_024;

const DEFAULTS: Http1ParserOptions = { limits: http1Limits() };

/** Runs a parser over pieces to the end of the connection. */
export function readHttp1(pieces: Iterable<Uint8Array>, options: Http1ParserOptions = DEFAULTS): Http1Record[] {
  const parser = new Http1RequestParser(options);
  const records: Http1Record[] = [];
  for (const piece of pieces) for (const event of parser.receive(piece)) append(records, event);
  for (const event of parser.end()) append(records, event);
  if (parser.work > WORK_PER_OCTET * parser.offset + WORK_AT_ONCE)
    throw new OracleError('work', `"${parser.work}" octets were examined or copied for "${parser.offset}"`);
  return records;
}

/**
 * Demands that the records tell the input in order: requests, contents and ends alternate as they must, no offset runs
 * back or out of range, content is the input's own octets, an error is typed, comes last, and points into the input.
 */
export function assertEventOrder(octets: Uint8Array, records: readonly Http1Record[]): void {
  let inMessage = false;
  let at = 0;
  for (const [index, record] of records.entries()) {
    const { kind, offset, text } = record;
    if (offset < at && kind !== 'error') broken('offset runs back', record);
    if (!(offset >= 0) || offset > octets.length) broken('offset is out of range', record);
    switch (kind) {
      case 'request':
        if (inMessage) broken('a request begins inside another', record);
        inMessage = true;
        at = offset;
        break;
      case 'content':
        if (!inMessage || text === '') broken('content without a request, or empty', record);
        if (latin1(octets, offset, offset + text.length) !== text) broken('content is not what was received', record);
        at = offset + text.length;
        break;
      case 'end':
        if (!inMessage) broken('an end without a request', record);
        inMessage = false;
        at = offset;
        break;
      case 'error':
        if (index !== records.length - 1) broken('an error is not the last event', record);
        break;
      default:
        kind satisfies never;
    }
  }
}

function append(records: Http1Record[], event: Http1Event): void {
  switch (event.kind) {
    case 'request':
      records.push({ kind: 'request', offset: event.offset, text: headText(event.head), head: event.head });
      return;
    case 'content': {
      const text = latin1(event.bytes, 0, event.bytes.length);
      const last = records.at(-1);
      if (last?.kind === 'content' && last.offset + last.text.length === event.offset) {
        records[records.length - 1] = { ...last, text: last.text + text };
      } else {
        records.push({ kind: 'content', offset: event.offset, text });
      }
      return;
    }
    case 'end':
      records.push({ kind: 'end', offset: event.offset, text: fieldsText(event.trailers), trailers: event.trailers });
      return;
    case 'error':
      records.push({ kind: 'error', offset: event.error.offset, text: errorText(event.error) });
      return;
    default:
      event satisfies never;
  }
}

/** All that a head says, so that two heads are the same if their texts are. */
function headText(head: Http1RequestHead): string {
  const { method, rawTarget, minor, target, host, framing, isPersistent, expectation } = head;
  const rest = JSON.stringify([target, host, framing, isPersistent, expectation]);
  return `${method} ${rawTarget} HTTP/1.${minor}\n${fieldsText(head.fields)}${rest}`;
}

function fieldsText(fields: FieldLines): string {
  let text = '';
  for (let index = 0; index < fields.length; index++) text += `${fields.nameAt(index)}: ${fields.valueAt(index)}\n`;
  return text;
}

/** The whole diagnostic: it must be the same for every cut too. */
function errorText(error: ProtocolError): string {
  if (!(error instanceof ProtocolError) || !Object.hasOwn(CODES, error.code)) {
    throw new OracleError('typed-errors', `an error event carries ${String(error)}`);
  }
  return `${error.code} ${formatDiagnostic(error)}`;
}

function broken(message: string, record: Http1Record): never {
  throw new OracleError('event-order', `${message} (${record.kind} at ${record.offset})`, { offset: record.offset });
}
