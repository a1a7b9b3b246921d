import { type BareLf, type Negotiation, openConnection, type ServerConnection } from '../connection/connection.ts';
import type { AcceptedSocket } from '../io/accepted-socket.ts';
import { dateNow, monotonicMs, startTicker } from '../io/clock.ts';
import { ConnectionDriver } from '../io/driver.ts';
import {
  type ListenAddress,
  type Listener,
  type ListenOptions,
  listenTcp,
  listenTls,
  type TlsListenOptions,
} from '../io/listener.ts';
import { findSendfile } from '../io/sendfile.ts';
import { type Http1Limits, http1Limits } from '../limits/http1-limits.ts';
import { type Http2Limits, http2Limits } from '../limits/http2-limits.ts';
import type { EventSink } from '../semantics/exchange.ts';
import type { Handler } from './handler.ts';
import { DEFAULT_HOOKS, type ServerHooks } from './hooks.ts';
import type { Peer } from './request.ts';
import type { Router } from './router.ts';
import { Session, type SessionContext } from './session.ts';

export interface ServerOptions extends Partial<ServerHooks> {
  /** Limits that differ from the defaults; see {@link Http1Limits}. */
  readonly limits?: Partial<Http1Limits>;
  /** Limits of HTTP/2 that differ from the defaults; see {@link Http2Limits}. */
  readonly http2Limits?: Partial<Http2Limits>;
  /** Whether HTTP/2 is offered: by ALPN under TLS, by its preface in clear. @defaultValue true */
  readonly http2?: boolean;
  /**
   * Whether a gateway in front has received https requests that come in clear here; otherwise those get 421 (RFC9110#7.4).
   * @defaultValue false
   */
  readonly trustsGateway?: boolean;
  /** Whether `Upgrade: h2c` is followed on plain ports; RFC9113#3.1 has deprecated it. @defaultValue false */
  readonly h2cUpgrade?: boolean;
  /**
   * Which CONNECT requests over HTTP/2 handlers get: with 'extended' those that name a protocol, which clients are then
   * told that they may (RFC8441#3), with 'any' all. The others are answered with 501. @defaultValue 'refuse'
   */
  readonly connect?: 'refuse' | 'extended' | 'any';
  /** Whether a malformed HTTP/2 request is reset, or answered with 400 first. @defaultValue 'reset' */
  readonly malformed?: 'reset' | 'answer';
  /** Whether a bare LF ends a line of a head. @defaultValue 'refuse' */
  readonly bareLf?: BareLf;
  /**
   * Whether files reach plain sockets by sendfile(2), on Linux and where the optional package `koffi` is installed; elsewhere
   * they are read and written. @defaultValue true
   */
  readonly sendfile?: boolean;
  /** Connections open at once; above it new ones are closed at once. @defaultValue 10_000, 1..1_000_000 */
  readonly maxConnections?: number;
}

/** How a drain ended. */
export interface DrainResult {
  /** Connections that were still busy at the deadline and were cut. */
  readonly cut: number;
}

/**
 * Makes a server of a handler or a router. It serves nothing until `listen()`.
 * @throws RangeError, TypeError for limits and options out of range or unknown
 */
export function createServer(handler: Handler | Router, options: ServerOptions = {}): Server {
  const handle = typeof handler === 'function' ? handler : handler.handle.bind(handler);
  return new Server(handle, options);
}

/** All options, and what they take where that is one of a few values. */
const OPTIONS: Readonly<Record<keyof ServerOptions, readonly unknown[] | undefined>> = {
  limits: undefined,
  http2Limits: undefined,
  http2: [true, false],
  h2cUpgrade: [true, false],
  connect: ['refuse', 'extended', 'any'],
  trustsGateway: [true, false],
  malformed: ['reset', 'answer'],
  bareLf: ['refuse', 'accept'],
  sendfile: [true, false],
  maxConnections: undefined,
  onProtocolError: undefined,
  onHandlerError: undefined,
};

/** An HTTP server: any number of plain and TLS ports with one handler. */
export class Server {
  readonly #context: SessionContext;
  readonly #limits: Http1Limits;
  readonly #http2Limits: Http2Limits;
  readonly #offersHttp2: boolean;
  readonly #h2cUpgrade: boolean;
  readonly #malformed: 'reset' | 'answer';
  readonly #bareLf: BareLf;
  readonly #sendfile: boolean;
  readonly #maxConnections: number;
  readonly #listeners: Listener[] = [];
  readonly #drivers = new Set<ConnectionDriver>();
  #stopTicker: (() => void) | undefined;
  #onEmpty: (() => void) | undefined;
  #isClosing = false;

  constructor(handler: Handler, options: ServerOptions) {
    checkOptions(options);
    const { limits, bareLf = 'refuse', maxConnections = 10_000, onProtocolError, onHandlerError } = options;
    if (!Number.isInteger(maxConnections) || maxConnections < 1 || maxConnections > 1_000_000) {
      throw new RangeError(`Server option maxConnections is ${maxConnections}; it takes an integer from 1 to 1000000`);
    }
    this.#limits = http1Limits(limits);
    this.#http2Limits = http2Limits(options.http2Limits);
    this.#offersHttp2 = options.http2 ?? true;
    this.#h2cUpgrade = options.h2cUpgrade ?? false;
    this.#malformed = options.malformed ?? 'reset';
    this.#bareLf = bareLf;
    this.#sendfile = options.sendfile ?? true;
    this.#maxConnections = maxConnections;
    const hooks = {
      onProtocolError: onProtocolError ?? DEFAULT_HOOKS.onProtocolError,
      onHandlerError: onHandlerError ?? DEFAULT_HOOKS.onHandlerError,
    };
    const policy = { trustsGateway: options.trustsGateway ?? false, connect: options.connect ?? 'refuse' };
    this.#context = { handler, hooks, policy };
  }

  /** Connections that are open now. */
  get connections(): number {
    return this.#drivers.size;
  }

  /** Opens a plain port. @throws the system's error, e.g. EADDRINUSE */
  async listen(options: ListenOptions = {}): Promise<ListenAddress> {
    return this.#add(
      await listenTcp(options, (accepted) =>
        this.#accept(accepted, this.#offersHttp2 ? 'by-preface' : 'http/1.1', false),
      ),
    );
  }

  /** Opens a TLS port. @throws the system's error, or OpenSSL's for a certificate or key it cannot use */
  async listenTls(options: TlsListenOptions): Promise<ListenAddress> {
    const protocols = this.#offersHttp2 ? ['h2', 'http/1.1'] : ['http/1.1'];
    return this.#add(
      await listenTls(options, protocols, (accepted, protocol) =>
        this.#accept(accepted, protocol === 'h2' ? 'h2' : 'http/1.1', true),
      ),
    );
  }

  /** Stops at once: the ports are freed, every connection is cut. */
  async close(): Promise<void> {
    await this.drain(0);
  }

  /**
   * Stops gently: the ports are freed, idle connections close, requests that were begun are answered with
   * `Connection: close`; what is still busy after `deadlineMs` is cut.
   */
  async drain(deadlineMs = 10_000): Promise<DrainResult> {
    this.#isClosing = true;
    const closed = Promise.all(this.#listeners.splice(0).map((listener) => listener.close()));
    for (const driver of this.#drivers) driver.send({ kind: 'drain' });
    const cut = await this.#whenEmpty(deadlineMs);
    await closed;
    this.#stopTicker?.();
    this.#stopTicker = undefined;
    return { cut };
  }

  #add(listener: Listener): ListenAddress {
    this.#isClosing = false;
    this.#listeners.push(listener);
    this.#stopTicker ??= startTicker(tickPeriod(this.#limits, this.#http2Limits), () => this.#tick());
    return listener.address;
  }

  #accept(accepted: AcceptedSocket, negotiation: Negotiation, isSecure: boolean): void {
    const { socket } = accepted;
    if (this.#isClosing || this.#drivers.size >= this.#maxConnections) {
      socket.destroy();
      return;
    }
    const peer: Peer = { address: socket.remoteAddress ?? '', port: socket.remotePort ?? 0, isSecure };
    const session = new Session(this.#context, peer, (driver) => this.#remove(driver));
    const open = (sink: EventSink): ServerConnection =>
      openConnection(negotiation, {
        http1: { limits: this.#limits, bareLf: this.#bareLf },
        http2: {
          limits: this.#http2Limits,
          malformed: this.#malformed,
          extendedConnect: this.#context.policy.connect !== 'refuse',
        },
        h2cUpgrade: this.#h2cUpgrade,
        date: dateNow,
        sink,
      });
    const sendfile = this.#sendfile && !isSecure ? findSendfile() : undefined;
    this.#drivers.add(new ConnectionDriver(accepted, open, session, sendfile));
  }

  #remove(driver: ConnectionDriver): void {
    this.#drivers.delete(driver);
    if (this.#drivers.size === 0) this.#onEmpty?.();
  }

  #tick(): void {
    const now = monotonicMs();
    for (const driver of this.#drivers) driver.tick(now);
  }

  /** Waits until no connection is left, or cuts those that are at the deadline and says how many. */
  #whenEmpty(deadlineMs: number): Promise<number> {
    return new Promise((resolve) => {
      const settle = (cut: number): void => {
        clearTimeout(timer);
        this.#onEmpty = undefined;
        resolve(cut);
      };
      const timer = setTimeout(() => {
        const left = [...this.#drivers];
        for (const driver of left) driver.destroy();
        settle(left.length);
      }, deadlineMs);
      this.#onEmpty = () => settle(0);
      if (this.#drivers.size === 0) settle(0);
    });
  }
}

/** @throws TypeError for an option that is unknown or takes another value */
function checkOptions(options: ServerOptions): void {
  for (const [name, value] of Object.entries(options)) {
    const choices = Object.entries(OPTIONS).find(([known]) => known === name);
    if (choices === undefined) {
      throw new TypeError(`Unknown server option "${name}"; there are: ${Object.keys(OPTIONS).join(', ')}`);
    }
    const [, taken] = choices;
    if (value === undefined || taken === undefined || taken.includes(value)) continue;
    const all = taken.map((one) => (typeof one === 'string' ? `'${one}'` : String(one)));
    throw new TypeError(`Server option ${name} is ${JSON.stringify(value)}; it takes ${all.join(' or ')}`);
  }
}

/** Often enough that no timer runs out noticeably late, seldom enough to cost nothing. */
function tickPeriod(http1: Http1Limits, http2: Http2Limits): number {
  const { headMs, contentMs, idleMs, keepAliveMs, writeMs, lingerMs } = http1;
  const shortest1 = Math.min(headMs, contentMs, idleMs, keepAliveMs, writeMs, Math.max(lingerMs, 100));
  const { prefaceMs, settingsMs, blockMs, stallMs } = http2;
  const shortest2 = Math.min(prefaceMs, settingsMs, blockMs, http2.contentMs, stallMs, http2.idleMs, http2.writeMs);
  return Math.min(500, Math.max(25, Math.min(shortest1, shortest2) / 4));
}
