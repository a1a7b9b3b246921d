/**
 * A whole server connection with a scripted owner: each request that has come whole is answered in one of three ways,
 * chosen by its target. What the connection told and what it wrote are the records; both must hold for every cut.
 */
import {
  type ConnectionEvent,
  Http1Connection,
  http1Limits,
  latin1,
  ProtocolError,
  type RequestHead,
} from '../../core/sans-io.ts';
import type { Tell } from '../define.ts';
import { readResponses } from './http1-responses.ts';
import { OracleError } from './oracle-error.ts';
import type { EventRecord } from './segmentation.ts';

/** A record of a conversation; `method` where a request began. */
export interface ConversationRecord extends EventRecord {
  readonly kind: ConnectionEvent['kind'] | 'output' | 'state';
  readonly exchange?: number;
  readonly method?: string;
}

const LIMITS = http1Limits();
/** Octets that are examined, compared or copied for each that came, and what one piece may cost beside. */
const WORK_PER_OCTET = 16;
const WORK_AT_ONCE = 1_024;
/** An interim response is sent or not, as the content is already there or not (RFC9110#10.1.1). */
const CONTINUE = /HTTP\/1\.1 100 Continue\r\n\r\n/g;

/** Runs a connection over pieces to the end of the peer's octets. @param tell hears each thing when it happens */
export function converse(pieces: Iterable<Uint8Array>, tell?: Tell): ConversationRecord[] {
  const connection = new Http1Connection({ limits: LIMITS });
  const records: ConversationRecord[] = [];
  const requests = new Map<number, RequestHead>();
  let output = '';
  let received = 0;

  /** Records events and answers the requests that ended, until the connection has no more to say. */
  const serve = (first: ConnectionEvent[]): void => {
    for (let events = first; events.length > 0; events = connection.resume()) {
      for (const event of events) {
        if (event.kind === 'request') requests.set(event.exchange, event.head);
        const record = recordOf(event);
        append(records, record);
        tell?.({ ...record, kind: event.kind === 'content' ? `content ${event.exchange}` : record.kind });
      }
      // An exchange that the connection has given up in the same breath is not answered by its owner.
      const gone = new Set(events.flatMap((event) => (event.kind === 'abandoned' ? [event.exchange] : [])));
      for (const event of events)
        if ('exchange' in event && !gone.has(event.exchange)) act(connection, requests, event);
      output += takeText(connection);
    }
    output += takeText(connection);
  };

  for (const piece of pieces) {
    received += piece.length;
    serve(connection.receive(piece));
  }
  serve(connection.end());
  if (connection.work > WORK_PER_OCTET * received + WORK_AT_ONCE)
    throw new OracleError('work', `"${connection.work}" octets were examined or copied for "${received}"`);
  const ends: readonly ConversationRecord[] = [
    { kind: 'output', offset: received, text: output.replace(CONTINUE, '') },
    { kind: 'state', offset: received, text: `${connection.state}, ${connection.openExchanges} open` },
  ];
  for (const end of ends) tell?.(end);
  return [...records, ...ends];
}

/** Demands that every whole request got its response, in order and well-formed, and that the connection has ended. */
export function assertAnswered(records: readonly ConversationRecord[]): void {
  const state = records.at(-1);
  if (state?.text !== 'closed, 0 open') {
    throw new OracleError('conversation', `after the peer's end the connection is ${state?.text}`, { state: 'end' });
  }
  const methods = new Map(
    records.flatMap(({ exchange, method }) => (method === undefined ? [] : [[exchange, method]])),
  );
  const ended = records.flatMap(({ kind, exchange }) => (kind === 'end' && exchange !== undefined ? [exchange] : []));
  const output = records.at(-2)?.text ?? '';
  const answered: number[] = [];
  for (const { fields, at } of readResponses(output, (exchange) => methods.get(exchange) === 'HEAD')) {
    const exchange = Number(fields.get('x-exchange') ?? Number.NaN);
    if (Number.isNaN(exchange)) {
      // The connection's own answer to an error: nothing may follow it.
      answered.push(-1);
    } else if (answered.includes(-1) || exchange !== ended[answered.length]) {
      throw new OracleError('conversation', 'a response is out of order', { state: 'order', offset: at });
    } else {
      answered.push(exchange);
    }
  }
  const own = answered.filter((exchange) => exchange !== -1).length;
  if (own !== ended.length || answered.length > own + 1) {
    throw new OracleError('conversation', `${ended.length} requests ended, ${own} were answered`, { state: 'count' });
  }
}

/** Content that goes on is one record. */
function append(records: ConversationRecord[], record: ConversationRecord): void {
  const last = records.at(-1);
  const joins =
    record.kind === 'content' &&
    last?.kind === 'content' &&
    last.exchange === record.exchange &&
    last.offset + last.text.length === record.offset;
  if (last !== undefined && joins) records[records.length - 1] = { ...last, text: last.text + record.text };
  else records.push(record);
}

function recordOf(event: ConnectionEvent): ConversationRecord {
  switch (event.kind) {
    case 'request': {
      const { exchange, head, offset } = event;
      const text = `${head.method} ${head.rawTarget} ${head.protocol} ${JSON.stringify([...head.fields])}`;
      return { kind: 'request', offset, text, exchange, method: head.method };
    }
    case 'content':
      return { kind: 'content', offset: event.offset, text: latin1(event.bytes), exchange: event.exchange };
    case 'end':
      return { kind: 'end', offset: event.offset, text: JSON.stringify([...event.trailers]), exchange: event.exchange };
    case 'abandoned':
      return { kind: 'abandoned', offset: 0, text: event.error?.code ?? '', exchange: event.exchange };
    case 'error':
      if (!(event.error instanceof ProtocolError)) {
        throw new OracleError('typed-errors', `an error event carries ${String(event.error)}`);
      }
      return { kind: 'error', offset: event.error.offset, text: `${event.error.code} ${event.error.message}` };
    default:
      return event satisfies never;
  }
}

/** What the owner does: it wants the content, and answers when it has all of it. */
function act(connection: Http1Connection, requests: ReadonlyMap<number, RequestHead>, event: ConnectionEvent): void {
  if (event.kind === 'request') connection.send({ kind: 'demand', exchange: event.exchange });
  if (event.kind !== 'end') return;
  const { exchange } = event;
  const target = requests.get(exchange)?.rawTarget ?? '';
  const head = { status: 200, fields: { 'X-Exchange': String(exchange) } };
  const content = Uint8Array.from(`answer ${exchange}`, (unit) => unit.charCodeAt(0));
  switch (target.length % 3) {
    case 0:
      connection.send({ kind: 'respond', exchange, head, content });
      return;
    case 1:
      connection.send({ kind: 'head', exchange, head, contentLength: content.length });
      break;
    default:
      connection.send({ kind: 'head', exchange, head });
  }
  connection.send({ kind: 'content', exchange, bytes: content });
  connection.send({ kind: 'end', exchange });
}

function takeText(connection: Http1Connection): string {
  let text = '';
  for (const part of connection.take()) text += latin1(part, 0, part.length);
  return text;
}
