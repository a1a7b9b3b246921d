/** A scripted owner of a connection: what a server does with one, without sockets, clocks or waiting. */
import { fromLatin1, latin1 } from '../bytes/latin1.ts';
import { http1Limits } from '../limits/http1-limits.ts';
import type { ConnectionCommand, ConnectionEvent, ExchangeId } from '../semantics/exchange.ts';
import { Http1Connection, type Http1ConnectionOptions } from './connection.ts';

/** Answers an event by commands, or not. */
export type Script = (event: ConnectionEvent, peer: Peer) => void;

/** A connection with everything that it said so far. */
export class Peer {
  readonly connection: Http1Connection;
  /** Octets written, one unit each. */
  output = '';
  /** Everything told: `request 1 GET /`, `content 1 abc`, `end 1`, `abandoned 1 CODE`, `error CODE`. */
  readonly told: string[] = [];
  /** Events inside which the script runs: nothing is written meanwhile. */
  #depth = 0;
  readonly #script: Script;

  constructor(script: Script = () => {}, options: Http1ConnectionOptions = {}) {
    this.#script = script;
    this.connection = new Http1Connection({ ...options, sink: { push: (event) => this.#hear(event) } });
  }

  get state(): Http1Connection['state'] {
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

  /** Time passes; `unwrittenBytes` were taken and have not left. */
  tick(nowMs: number, report: { unwrittenBytes?: number; isPaused?: boolean } = {}): this {
    return this.#turn(() => this.connection.tick(nowMs, report));
  }

  send(command: ConnectionCommand): this {
    return this.#turn(() => this.connection.send(command));
  }

  /** A whole 200 response. */
  answer(exchange: ExchangeId, text = 'ok', status = 200): this {
    return this.send({ kind: 'respond', exchange, head: { status }, content: fromLatin1(text) });
  }

  /** Output since the last call. */
  said(): string {
    const { output } = this;
    this.output = '';
    return output;
  }

  #turn(step: () => void): this {
    this.#depth += 1;
    step();
    this.#depth -= 1;
    if (this.#depth > 0) return this;
    this.#take();
    while (this.connection.hasBacklog && !this.connection.isBlocked) {
      this.#depth += 1;
      this.connection.resume();
      this.#depth -= 1;
      this.#take();
    }
    return this;
  }

  #take(): void {
    for (const part of this.connection.take()) this.output += latin1(part);
  }

  #hear(event: ConnectionEvent): void {
    this.told.push(describe(event));
    this.#script(event, this);
  }
}

/** Octets whose `slice()` copies nothing, like that of what sockets give. */
class SharedOctets extends Uint8Array {
  override slice(from?: number, to?: number): SharedOctets {
    return new SharedOctets(
      this.subarray(from, to).buffer,
      this.byteOffset + (from ?? 0),
      (to ?? this.length) - (from ?? 0),
    );
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

/** Options with these limits and a clock that stands still. */
export function limited(limits: Parameters<typeof http1Limits>[0]): Http1ConnectionOptions {
  return { limits: http1Limits(limits) };
}

export const get = (target: string, lines = ''): string => `GET ${target} HTTP/1.1\r\nHost: a\r\n${lines}\r\n`;

export const post = (target: string, content: string, lines = ''): string =>
  `POST ${target} HTTP/1.1\r\nHost: a\r\n${lines}Content-Length: ${content.length}\r\n\r\n${content}`;

/** A response of {@link Peer.answer}, or its beginning. */
export const said = (text: string, lines = ''): string =>
  `HTTP/1.1 200 OK\r\nContent-Length: ${text.length}\r\n${lines}\r\n${text}`;

/** What the connection answers by itself. */
export const refusal = (line: string): string =>
  `HTTP/1.1 ${line}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: ${line.length + 1}\r\nConnection: close\r\n\r\n${line}\n`;

export const CLOSE = 'Connection: close\r\n';

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
