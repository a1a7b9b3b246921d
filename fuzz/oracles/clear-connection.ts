/**
 * A connection opened as a server opens it, with limits so small that a short input meets them, a scripted owner and a clock.
 * What it tells and writes are records; output is taken at steps of the script and nowhere else.
 */
import {
  CallerError,
  CODES,
  type ConnectionCommand,
  type ConnectionEvent,
  http1Limits,
  http2Limits,
  latin1,
  type Negotiation,
  openConnection,
  ProtocolError,
  type ServerConnection,
} from '../../core/sans-io.ts';
import type { Tell } from '../define.ts';
import type { ClearStep } from './clear-script.ts';
import { OracleError } from './oracle-error.ts';
import type { Cut, EventRecord } from './segmentation.ts';

/** By the number of the directive that opens. */
const OPENINGS: readonly {
  readonly negotiation: Negotiation;
  readonly h2cUpgrade: boolean;
  readonly isLenient: boolean;
}[] = [
  { negotiation: 'by-preface', h2cUpgrade: true, isLenient: false },
  { negotiation: 'by-preface', h2cUpgrade: false, isLenient: true },
  { negotiation: 'http/1.1', h2cUpgrade: false, isLenient: false },
  { negotiation: 'http/1.1', h2cUpgrade: false, isLenient: true },
  { negotiation: 'h2', h2cUpgrade: false, isLenient: false },
];

const HTTP1_LIMITS = http1Limits({
  targetBytes: 64,
  headBytes: 512,
  fieldCount: 12,
  fieldBytes: 96,
  contentBytes: 4_096,
  chunkExtensionBytes: 64,
  trailerBytes: 128,
  trailerCount: 3,
  requestsPerConnection: 12,
  pipelinedRequests: 4,
  heldResponseBytes: 2_048,
  drainBytes: 256,
});
const HTTP2_LIMITS = http2Limits();

const SHORT = Uint8Array.from('hello', (unit) => unit.charCodeAt(0));
const LONG = new Uint8Array(3_000).fill(0x78);
/** An exchange that never was. */
const NOBODY = 99;
/** Time between the client's last word and the end that a transport makes of it. */
const AFTERWARDS_MS = 120_000;

/** Carries a script out; pieces of the client's octets die after use. @param tell hears each thing when it happens */
export function runClear(script: readonly ClearStep[], cut: Cut, tell?: Tell): readonly EventRecord[] {
  const [first] = script;
  const opening = OPENINGS[first?.kind === 'open' ? first.number % OPENINGS.length : 0];
  const owner = new ClearOwner(opening ?? OPENINGS[0], tell);
  for (const step of script) {
    if (step.kind === 'octets') for (const piece of cut(step.octets)) owner.receive(piece);
    else owner.act(step.kind, step.number);
  }
  return owner.finish();
}

class ClearOwner {
  readonly #connection: ServerConnection;
  readonly #records: EventRecord[] = [];
  /** Requests that were told and not answered, in order. */
  readonly #open: number[] = [];
  readonly #ways = new Map<number, number>();
  #lastTold: number | undefined;
  #received = 0;
  #nowMs = 0;
  #unwrittenBytes = 0;
  #isPaused = false;
  #isOver = false;

  readonly #tell: Tell | undefined;

  constructor(opening = OPENINGS[0], tell?: Tell) {
    this.#tell = tell;
    const { negotiation = 'by-preface', h2cUpgrade = true, isLenient = false } = opening ?? {};
    this.#connection = openConnection(negotiation, {
      http1: { limits: HTTP1_LIMITS, bareLf: isLenient ? 'accept' : 'refuse' },
      http2: { limits: HTTP2_LIMITS },
      h2cUpgrade,
      date: () => 'Thu, 01 Jan 1970 00:00:00 GMT',
      sink: { push: (event) => this.#hear(event) },
    });
    this.#connection.tick(0);
  }

  receive(piece: Uint8Array): void {
    this.#received += piece.length;
    if (this.#isOver) return;
    this.#connection.receive(piece);
    this.#goOn();
  }

  act(kind: Exclude<ClearStep['kind'], 'octets'>, number: number): void {
    switch (kind) {
      case 'open':
        return;
      case 'tick':
        this.#nowMs += number;
        this.#connection.tick(this.#nowMs, { unwrittenBytes: this.#unwrittenBytes, isPaused: this.#isPaused });
        break;
      case 'unwritten':
        this.#unwrittenBytes = number;
        return;
      case 'pause':
        this.#isPaused = number === 1;
        return;
      case 'take':
        this.#take(number === 0 ? Number.POSITIVE_INFINITY : number);
        break;
      case 'answer':
        this.#answer(number % 12, number < 12 ? this.#open[0] : this.#lastTold);
        break;
      case 'drain':
        this.#send({ kind: 'drain' });
        break;
      case 'end':
      case 'fail':
        if (!this.#isOver) this.#connection[kind]();
        this.#isOver = true;
        break;
      default:
        kind satisfies never;
    }
    this.#goOn();
  }

  /** The transport ends, and with it everything: nothing is left open, and nothing more is told. */
  finish(): readonly EventRecord[] {
    this.#take(Number.POSITIVE_INFINITY);
    this.#goOn();
    this.#connection.tick(this.#nowMs + AFTERWARDS_MS);
    this.#note('state', `${this.#connection.state}, ${this.#connection.openExchanges} open`);
    this.#connection.fail();
    const { state, openExchanges } = this.#connection;
    if ((state !== 'closed' && state !== 'aborted') || openExchanges !== 0 || this.#open.length !== 0) {
      throw new OracleError('leftovers', `a connection that is gone is ${state}, ${openExchanges} open`, { state });
    }
    const told = this.#records.length;
    this.#connection.receive(SHORT);
    this.#connection.tick(this.#nowMs + 2 * AFTERWARDS_MS);
    if (this.#records.length > told) throw new OracleError('leftovers', 'a connection that is gone tells something');
    return this.#records;
  }

  /** What waited for a response is read once that is finished or taken, as a server's loop does it. */
  #goOn(): void {
    while (this.#connection.hasBacklog && !this.#connection.isBlocked) this.#connection.resume();
  }

  #take(bytes: number): void {
    let output = '';
    for (let isNext = true; isNext && output.length < bytes; ) {
      for (const part of this.#connection.take(bytes - output.length)) output += latin1(part);
      const span = output.length < bytes ? this.#connection.takeSpan() : undefined;
      output += 's'.repeat(span?.bytes ?? 0);
      isNext = span !== undefined;
    }
    if (output !== '') this.#note('output', output);
  }

  #send(command: ConnectionCommand): void {
    const waiting = this.#connection.pendingBytes();
    try {
      this.#connection.send(command);
    } catch (error) {
      if (!(error instanceof CallerError)) throw error;
      this.#note('caller', `${command.kind} ${error.code}`);
      if (this.#connection.pendingBytes() !== waiting) {
        throw new OracleError('caller', `a command that is refused (${error.code}) wrote something`, {
          state: error.code,
        });
      }
    }
  }

  #hear(event: ConnectionEvent): void {
    this.#record(event);
    if (event.kind === 'error') return;
    const { exchange } = event;
    if (event.kind === 'request') {
      this.#open.push(exchange);
      this.#lastTold = exchange;
      this.#ways.set(exchange, event.head.rawTarget.length % 5);
    }
    if (event.kind === 'abandoned') return this.#forget(exchange);
    const way = this.#ways.get(exchange);
    if (event.kind === 'content') this.#send({ kind: 'consumed', exchange, bytes: event.bytes.length });
    // `/` is answered at its end, `/1` at once, `/22` in parts with much; `/333` and `/4444` are left to the script
    if (event.kind === 'end' && way === 1) this.#respond(exchange, SHORT);
    if (event.kind === 'request' && way === 2) this.#respond(exchange, SHORT);
    if (event.kind === 'request' && way !== 2 && way !== 0) this.#send({ kind: 'demand', exchange });
    if (event.kind !== 'end' || way !== 3) return;
    this.#send({ kind: 'head', exchange, head: { status: 200, fields: { 'X-Exchange': String(exchange) } } });
    this.#send({ kind: 'content', exchange, bytes: LONG });
    this.#send({ kind: 'content', exchange, bytes: SHORT });
    this.#end(exchange, { 'X-Sum': '1' });
  }

  /** What a directive has the owner do: right or wrong, as it comes. */
  #answer(way: number, exchange = NOBODY): void {
    switch (way) {
      case 0:
        return this.#send({ kind: 'head', exchange, head: { status: 200 } });
      case 1:
        return this.#send({ kind: 'head', exchange, head: { status: 200, reason: 'Fine' }, contentLength: 5 });
      case 2:
        return this.#send({ kind: 'content', exchange, bytes: SHORT });
      case 3:
        return this.#send({ kind: 'content', exchange, bytes: LONG });
      case 4:
        return this.#send({ kind: 'interim', exchange, status: 103, fields: { Link: '</a>' } });
      case 5:
        return this.#send({ kind: 'demand', exchange });
      case 6:
        this.#send({ kind: 'abort', exchange });
        return this.#forget(exchange);
      case 7:
        return this.#respond(exchange, LONG);
      case 8:
        return this.#end(exchange, {});
      case 9:
        return this.#end(exchange, { 'X-Sum': '2' });
      case 10:
        return this.#send({ kind: 'span', exchange, span: { bytes: 5 } });
      default:
        return this.#send({ kind: 'head', exchange, head: { status: 304, fields: { Connection: 'close' } } });
    }
  }

  #respond(exchange: number, content: Uint8Array): void {
    this.#forget(exchange);
    this.#send({ kind: 'respond', exchange, head: { status: 200 }, content });
  }

  #end(exchange: number, trailers: Readonly<Record<string, string>>): void {
    this.#forget(exchange);
    this.#send({ kind: 'end', exchange, trailers });
  }

  #forget(exchange: number): void {
    const at = this.#open.indexOf(exchange);
    if (at >= 0) this.#open.splice(at, 1);
  }

  #record(event: ConnectionEvent): void {
    switch (event.kind) {
      case 'request': {
        const { method, rawTarget, protocol, fields } = event.head;
        return this.#note(
          'request',
          `${event.exchange} ${method} ${rawTarget} ${protocol} ${JSON.stringify([...fields])}`,
          event.offset,
        );
      }
      case 'content': {
        const text = latin1(event.bytes);
        const last = this.#records.at(-1);
        if (last?.kind === `content ${event.exchange}` && last.offset + last.text.length === event.offset) {
          this.#records[this.#records.length - 1] = { ...last, text: last.text + text };
          this.#tell?.({ kind: last.kind, offset: event.offset, text });
          return;
        }
        return this.#note(`content ${event.exchange}`, text, event.offset);
      }
      case 'end':
        return this.#note('end', `${event.exchange} ${JSON.stringify([...event.trailers])}`, event.offset);
      case 'abandoned':
        return this.#note('abandoned', `${event.exchange} ${event.error?.code ?? ''}`);
      case 'error': {
        const { error } = event;
        if (!(error instanceof ProtocolError) || !Object.hasOwn(CODES, error.code)) {
          throw new OracleError('typed-errors', `an error event carries ${String(error)}`);
        }
        if (!(error.offset >= 0 && error.offset <= this.#received)) {
          throw new OracleError('offsets', `${error.code} points at an octet that has not come`, { state: error.code });
        }
        return this.#note('error', `${error.code} ${error.message}`, error.offset);
      }
      default:
        return event satisfies never;
    }
  }

  #note(kind: string, text: string, offset = 0): void {
    this.#records.push({ kind, offset, text });
    this.#tell?.({ kind, offset, text });
  }
}
