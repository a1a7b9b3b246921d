/** A scripted owner of an HTTP/2 connection with the client at its other end, without sockets, clocks or waiting. */
import { fromLatin1, latin1 } from '../bytes/latin1.ts';
import type { ProtocolError } from '../errors/protocol-error.ts';
import { type Http2Limits, http2Limits } from '../limits/http2-limits.ts';
import type { ConnectionCommand, ConnectionEvent, ExchangeId, TransportReport } from '../semantics/exchange.ts';
import { Http2Connection, type Http2ConnectionOptions } from './connection.ts';
import { textOf, WireReader } from './wire.test.data.ts';

/** Answers an event by commands, or not. */
export type Script = (event: ConnectionEvent, peer: Peer) => void;

export interface PeerOptions extends Omit<Http2ConnectionOptions, 'limits' | 'sink'> {
  readonly limits?: Partial<Http2Limits>;
  /** Octets taken at a time; 0 takes nothing until asked. @defaultValue all */
  readonly takeBytes?: number;
}

/** A connection with everything that it said so far. */
export class Peer {
  readonly connection: Http2Connection;
  readonly reader = new WireReader();
  /** Octets written, one unit each. */
  output = '';
  /** Everything told: `request 1 GET /`, `content 1 abc`, `end 1`, `abandoned 1 CODE`, `error CODE`; adjacent content is one. */
  readonly told: string[] = [];
  readonly errors: ProtocolError[] = [];
  /** Frames written since they were last asked for. */
  #lines: string[] = [];
  #depth = 0;
  readonly #script: Script;
  readonly #takeBytes: number;

  constructor(script: Script = () => {}, { limits, takeBytes, ...options }: PeerOptions = {}) {
    this.#script = script;
    this.#takeBytes = takeBytes ?? Number.POSITIVE_INFINITY;
    const sink = { push: (event: ConnectionEvent) => this.#hear(event) };
    this.connection = new Http2Connection({ ...options, limits: http2Limits(limits), sink });
    if (this.#takeBytes > 0) this.take();
  }

  get state(): Http2Connection['state'] {
    return this.connection.state;
  }

  /** The peer sends text, one octet a unit, in memory that is reused afterwards. */
  receive(text: string): this {
    return this.receiveBytes(fromLatin1(text));
  }

  receiveBytes(bytes: Uint8Array): this {
    const given = new SharedOctets(bytes);
    this.#turn(() => this.connection.receive(given));
    given.fill(0xaa);
    return this;
  }

  /** The peer ends its side. */
  end(): this {
    return this.#turn(() => this.connection.end());
  }

  tick(nowMs: number, report: TransportReport = {}): this {
    return this.#turn(() => this.connection.tick(nowMs, report));
  }

  send(...commands: readonly ConnectionCommand[]): this {
    for (const command of commands) this.#turn(() => this.connection.send(command));
    return this;
  }

  /** A whole response. */
  answer(exchange: ExchangeId, text = 'ok', status = 200): this {
    return this.send({ kind: 'respond', exchange, head: { status }, content: fromLatin1(text) });
  }

  /** A head, content and, unless told otherwise, the end. */
  stream(exchange: ExchangeId, text: string, isEnded = true): this {
    this.send({ kind: 'head', exchange, head: { status: 200 } });
    this.send({ kind: 'content', exchange, bytes: fromLatin1(text) });
    return isEnded ? this.send({ kind: 'end', exchange }) : this;
  }

  /** The handler has read so many octets. */
  consume(exchange: ExchangeId, bytes: number): this {
    return this.send({ kind: 'consumed', exchange, bytes });
  }

  /** Takes what waits to be written, `bytes` of it at a time. */
  take(bytes = this.#takeBytes === 0 ? Number.POSITIVE_INFINITY : this.#takeBytes): this {
    for (;;) {
      const text = textOf(this.connection.take(bytes));
      if (text === '') return this;
      this.output += text;
      this.#lines.push(...this.reader.read(text));
    }
  }

  /** Frames written since the last call. */
  said(): string[] {
    return this.#lines.splice(0);
  }

  /** Forgets what was said so far. */
  hush(): this {
    this.said();
    return this;
  }

  #turn(step: () => void): this {
    this.#depth += 1;
    try {
      step();
    } finally {
      this.#depth -= 1;
    }
    if (this.#depth === 0 && this.#takeBytes > 0) this.take();
    return this;
  }

  #hear(event: ConnectionEvent): void {
    const last = this.told.at(-1);
    if (event.kind === 'content' && last?.startsWith(`content ${event.exchange} `)) {
      this.told[this.told.length - 1] = last + latin1(event.bytes);
    } else this.told.push(describe(event));
    if (event.kind === 'error') this.errors.push(event.error);
    this.#script(event, this);
  }
}

/** Octets whose `slice()` copies nothing, like that of what sockets give. */
class SharedOctets extends Uint8Array {
  override slice(from?: number, to?: number): SharedOctets {
    const start = from ?? 0;
    return new SharedOctets(this.buffer, this.byteOffset + start, (to ?? this.length) - start);
  }
}

/** Answers each request with its target as soon as it begins, or when it has ended. */
export function answering(when: 'request' | 'end'): Script {
  const targets = new Map<ExchangeId, string>();
  return (event, peer) => {
    if (event.kind === 'request') targets.set(event.exchange, event.head.rawTarget);
    if (event.kind === when) peer.answer(event.exchange, targets.get(event.exchange));
  };
}

/** Sends content back as it comes, trailers too. */
export const echoing: Script = (event, peer) => {
  switch (event.kind) {
    case 'request':
      return void peer.send({ kind: 'head', exchange: event.exchange, head: { status: 200 } });
    case 'content': {
      const { exchange, bytes } = event;
      return void peer.send(
        { kind: 'content', exchange, bytes: bytes.map((octet) => octet) },
        { kind: 'consumed', exchange, bytes: bytes.length },
      );
    }
    case 'end':
      return void peer.send({ kind: 'end', exchange: event.exchange, trailers: [...event.trailers] });
    default:
  }
};

function describe(event: ConnectionEvent): string {
  switch (event.kind) {
    case 'request':
      return `request ${event.exchange} ${event.head.method} ${event.head.rawTarget}`;
    case 'content':
      return `content ${event.exchange} ${latin1(event.bytes)}`;
    case 'end':
      return `end ${event.exchange}${Array.from(event.trailers, ([name, value]) => ` ${name}: ${value}`).join('')}`;
    case 'abandoned':
      return `abandoned ${event.exchange}${event.error === undefined ? '' : ` ${event.error.code}`}`;
    case 'error':
      return `error ${event.error.code}`;
    default:
      return event satisfies never;
  }
}
