/**
 * A server connection of HTTP/2 with a scripted owner. It answers each request in one of five ways, chosen by the length of
 * its target, at once from within the connection's own call or when the request has ended; directives of the script tell it
 * the rest. All that the connection tells and writes becomes records; output is taken at steps of the script and nowhere
 * else, so that the records are the same for every cut.
 */
import {
  CallerError,
  CODES,
  type ConnectionCommand,
  type ConnectionEvent,
  formatDiagnostic,
  Http2Connection,
  type Http2ConnectionOptions,
  latin1,
  ProtocolError,
} from '../../core/sans-io.ts';
import type { Tell } from '../define.ts';
import type { Script, Step } from './http2-script.ts';
import { OracleError } from './oracle-error.ts';
import type { Cut, EventRecord } from './segmentation.ts';

/** A record of a connection. */
export interface OwnerRecord extends EventRecord {
  readonly kind: ConnectionEvent['kind'] | 'output' | 'caller' | 'state';
  readonly exchange?: number;
  readonly event?: ConnectionEvent;
}

/** Who looks on while a script is carried out; the offsets are octets that the connection was given so far. */
export interface Onlooker {
  /** Octets up to this offset were given. */
  sent(offset: number): void;
  took(output: string, isAll: boolean, owner: Http2Owner): void;
}

const SHORT = octetsOfText('hello');
const LONG = new Uint8Array(20_000).fill(0x78);

/** One connection and its owner. */
export class Http2Owner {
  readonly connection: Http2Connection;
  readonly records: OwnerRecord[] = [];
  /** Requests that were told and not abandoned. */
  readonly told = new Set<number>();
  /** Content that came and was not read, by exchange. */
  readonly unread = new Map<number, number>();
  /** Offset from which on the owner has ended a response, or given it up. */
  readonly endedAt = new Map<number, number>();
  /** Offset at which the owner, or the script, began to end the connection. */
  overAt = Number.POSITIVE_INFINITY;
  /** Octets that the connection was given. */
  received = 0;
  /** Commands that the owner has said. */
  commands = 0;
  #nowMs = 0;
  #isOver = false;
  /** Offset of the event that is being told. */
  #place: number | undefined;
  readonly #ways = new Map<number, number>();
  readonly #tell: Tell | undefined;

  /** @param tell hears each record when it is made */
  constructor(options: Omit<Http2ConnectionOptions, 'sink'>, tell?: Tell) {
    this.#tell = tell;
    this.connection = new Http2Connection({ ...options, sink: { push: (event) => this.#hear(event) } });
  }

  /** Carries a script out; pieces of the client's octets are overwritten once they were given. */
  run({ steps, octets }: Script, cut: Cut, onlooker?: Onlooker): readonly OwnerRecord[] {
    this.connection.tick(0);
    for (const step of steps) {
      if (step.kind === 'octets') {
        for (const piece of cut(octets.subarray(step.from, step.to))) this.receive(piece);
        onlooker?.sent(this.received);
      } else if (step.kind === 'take') this.#take(step.bytes, onlooker);
      else this.#act(step);
    }
    this.#take(0, onlooker);
    const { state, openExchanges } = this.connection;
    this.#note({ kind: 'state', offset: this.received, text: `${state}, ${openExchanges} open` });
    return this.records;
  }

  /** Gives octets of the client's. */
  receive(piece: Uint8Array): void {
    this.received += piece.length;
    if (!this.#isOver) this.connection.receive(piece);
  }

  /** Says a command; where it breaks a rule of the owner's, that is recorded, and nothing may have been written. */
  send(command: ConnectionCommand): void {
    const waiting = this.connection.pendingBytes();
    this.commands++;
    try {
      this.connection.send(command);
    } catch (error) {
      if (!(error instanceof CallerError)) throw error;
      const text = `${command.kind} ${error.code}`;
      this.#note({ kind: 'caller', offset: 0, text });
      if (this.connection.pendingBytes() !== waiting) {
        throw new OracleError('caller', `a command that is refused (${error.code}) wrote something`, {
          state: error.code,
        });
      }
    }
  }

  /** Takes what waits to be written. */
  take(bytes: number): string {
    let output = '';
    for (const part of this.connection.take(bytes === 0 ? Number.POSITIVE_INFINITY : bytes)) output += latin1(part);
    return output;
  }

  #note(record: OwnerRecord): void {
    this.records.push(record);
    this.#tell?.(record);
  }

  #take(bytes: number, onlooker?: Onlooker): void {
    const output = this.take(bytes);
    if (output !== '') this.#note({ kind: 'output', offset: this.received, text: output });
    onlooker?.took(output, bytes === 0, this);
  }

  #act(step: Exclude<Step, { kind: 'octets' | 'take' }>): void {
    if (step.kind === 'drain' || step.kind === 'end' || step.kind === 'fail')
      this.overAt = Math.min(this.overAt, this.received);
    switch (step.kind) {
      case 'tick':
        this.#nowMs += step.ms;
        this.connection.tick(this.#nowMs);
        return;
      case 'drain':
        return this.send({ kind: 'drain' });
      case 'end':
        this.#isOver = true;
        this.connection.end();
        return;
      case 'fail':
        this.#isOver = true;
        this.connection.fail();
        return;
      case 'consume':
        return this.#consume(step.stream, step.bytes);
      case 'answer':
        return this.#answer(step.stream, step.way);
      default:
        step satisfies never;
    }
  }

  #hear(event: ConnectionEvent): void {
    this.#note(recordOf(event, this.received));
    if (event.kind === 'error') return;
    const { exchange } = event;
    // Events are told one inside the other: what the owner does now may tell the next
    const before = this.#place;
    this.#place = 'offset' in event ? event.offset : this.received;
    if (event.kind === 'request') {
      this.#ways.set(exchange, event.head.rawTarget.length % 5);
      this.told.add(exchange);
    }
    if (event.kind === 'abandoned') {
      this.#end(exchange);
      this.told.delete(exchange);
    }
    const way = this.#ways.get(exchange) ?? 0;
    if (event.kind === 'content') this.#onContent(exchange, event.bytes, way);
    if (event.kind === 'request') this.#onRequest(exchange, way);
    if (event.kind === 'end') this.#onEnd(exchange, way);
    this.#place = before;
  }

  /** `/1` is answered at once; `/22` is an echo. */
  #onRequest(exchange: number, way: number): void {
    if (way === 2) this.#respond(exchange, SHORT);
    if (way !== 3) return;
    this.send({ kind: 'demand', exchange });
    this.send({ kind: 'head', exchange, head: { status: 200 } });
  }

  #onContent(exchange: number, bytes: Uint8Array, way: number): void {
    this.unread.set(exchange, (this.unread.get(exchange) ?? 0) + bytes.length);
    if (way === 3) this.send({ kind: 'content', exchange, bytes: new Uint8Array(bytes) });
    if (way !== 4) this.#consume(exchange, bytes.length);
  }

  /** `/` is answered when it has ended; `/4444` with much, in parts; `/333` is left to the script. */
  #onEnd(exchange: number, way: number): void {
    if (way === 1) this.#respond(exchange, SHORT);
    if (way === 3) this.#finish(exchange, {});
    if (way !== 0) return;
    this.send({ kind: 'head', exchange, head: { status: 200, fields: { 'X-Exchange': String(exchange) } } });
    this.send({ kind: 'content', exchange, bytes: LONG });
    this.send({ kind: 'content', exchange, bytes: SHORT });
    this.#finish(exchange, { 'X-Sum': '1' });
  }

  /** What a directive has the owner do: right or wrong, as it comes. */
  #answer(exchange: number, way: number): void {
    const head = { status: 200, fields: { Via: `${way}`, Cookie: 'a=b' } };
    const commands: readonly (readonly ConnectionCommand[])[] = [
      [{ kind: 'head', exchange, head }],
      [{ kind: 'head', exchange, head, contentLength: 5 }],
      [{ kind: 'content', exchange, bytes: SHORT }],
      [{ kind: 'content', exchange, bytes: LONG }],
      [{ kind: 'content', exchange, bytes: new Uint8Array(0) }],
      [{ kind: 'interim', exchange, status: 103, fields: { Link: '</a>' } }],
      [{ kind: 'demand', exchange }],
      [{ kind: 'head', exchange, head: { status: 204 } }],
      [{ kind: 'interim', exchange, status: 101 }],
      [{ kind: 'head', exchange, head: { status: 200, fields: { Connection: 'close' } } }],
      [{ kind: 'end', exchange, trailers: { 'Content-Length': '1' } }],
    ];
    switch (way) {
      case 11:
        return this.#respond(exchange, SHORT);
      case 12:
        return this.#respond(exchange, LONG);
      case 13:
        this.#end(exchange);
        return this.send({ kind: 'abort', exchange });
      case 14:
        return this.#finish(exchange, {});
      case 15:
        return this.#finish(exchange, { 'X-Sum': '2' });
      default:
        for (const command of commands[way] ?? []) this.send(command);
    }
  }

  #respond(exchange: number, content: Uint8Array): void {
    this.#end(exchange);
    this.send({ kind: 'respond', exchange, head: { status: 200 }, content });
  }

  #finish(exchange: number, trailers: Readonly<Record<string, string>>): void {
    this.#end(exchange);
    this.send({ kind: 'end', exchange, trailers });
  }

  #consume(exchange: number, bytes: number): void {
    const unread = this.unread.get(exchange) ?? 0;
    this.unread.set(exchange, Math.max(0, unread - bytes));
    this.send({ kind: 'consumed', exchange, bytes });
  }

  /** From here on what the client sends of it may be judged by what this side has done. */
  #end(exchange: number): void {
    if (!this.endedAt.has(exchange)) this.endedAt.set(exchange, this.#place ?? this.received);
  }
}

function recordOf(event: ConnectionEvent, received: number): OwnerRecord {
  switch (event.kind) {
    case 'request': {
      const { exchange, head, offset } = event;
      const { method, rawTarget, target, scheme, host, expectation } = head;
      const text = JSON.stringify([method, rawTarget, target, scheme, host, expectation, [...head.fields]]);
      return { kind: 'request', offset, text, exchange, event };
    }
    case 'content':
      return { kind: 'content', offset: event.offset, text: latin1(event.bytes), exchange: event.exchange };
    case 'end':
      return { kind: 'end', offset: event.offset, text: JSON.stringify([...event.trailers]), exchange: event.exchange };
    case 'abandoned':
      return { kind: 'abandoned', offset: 0, text: event.error?.code ?? '', exchange: event.exchange };
    case 'error': {
      const { error } = event;
      if (!(error instanceof ProtocolError) || !Object.hasOwn(CODES, error.code)) {
        throw new OracleError('typed-errors', `an error event carries ${String(error)}`);
      }
      if (!(error.offset >= 0 && error.offset <= received)) {
        throw new OracleError('offsets', `${error.code} points at an octet that has not come`, { state: error.code });
      }
      const text = `${error.code} ${error.streamId} ${error.frameType} ${formatDiagnostic(error)}`;
      return { kind: 'error', offset: error.offset, text, event };
    }
    default:
      return event satisfies never;
  }
}

function octetsOfText(text: string): Uint8Array {
  return Uint8Array.from(text, (unit) => unit.charCodeAt(0));
}
