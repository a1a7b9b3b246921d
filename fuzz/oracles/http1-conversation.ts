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
/** An interim response is sent or not, as the content is already there or not (RFC9110#10.1.1). */
const CONTINUE = /HTTP\/1\.1 100 Continue\r\n\r\n/g;

/** Runs a connection over pieces to the end of the peer's octets. */
export function converse(pieces: Iterable<Uint8Array>): ConversationRecord[] {
  const connection = new Http1Connection({ limits: LIMITS });
  const records: ConversationRecord[] = [];
  const requests = new Map<number, RequestHead>();
  let output = '';
  let received = 0;

  /** Records events and answers the requests that ended, until the connection has no more to say. */
  const serve = (first: ConnectionEvent[]): void => {
    for (let events = first; events.length > 0; events = connection.resume()) {
      for (const event of events) record(records, requests, event);
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
  records.push({ kind: 'output', offset: received, text: output.replace(CONTINUE, '') });
  records.push({ kind: 'state', offset: received, text: `${connection.state}, ${connection.openExchanges} open` });
  return records;
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

function record(records: ConversationRecord[], requests: Map<number, RequestHead>, event: ConnectionEvent): void {
  switch (event.kind) {
    case 'request': {
      const { exchange, head, offset } = event;
      requests.set(exchange, head);
      const text = `${head.method} ${head.rawTarget} ${head.protocol} ${JSON.stringify([...head.fields])}`;
      records.push({ kind: 'request', offset, text, exchange, method: head.method });
      return;
    }
    case 'content': {
      const { exchange, offset } = event;
      const text = latin1(event.bytes, 0, event.bytes.length);
      const last = records.at(-1);
      const joins = last?.kind === 'content' && last.exchange === exchange && last.offset + last.text.length === offset;
      if (last !== undefined && joins) records[records.length - 1] = { ...last, text: last.text + text };
      else records.push({ kind: 'content', offset, text, exchange });
      return;
    }
    case 'end': {
      const { exchange, offset, trailers } = event;
      records.push({ kind: 'end', offset, text: JSON.stringify([...trailers]), exchange });
      return;
    }
    case 'abandoned':
      records.push({ kind: 'abandoned', offset: 0, text: event.error?.code ?? '', exchange: event.exchange });
      return;
    case 'error':
      if (!(event.error instanceof ProtocolError)) {
        throw new OracleError('typed-errors', `an error event carries ${String(event.error)}`);
      }
      records.push({ kind: 'error', offset: event.error.offset, text: `${event.error.code} ${event.error.message}` });
      return;
    default:
      event satisfies never;
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
