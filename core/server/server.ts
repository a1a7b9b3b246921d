import { type Negotiation, openConnection, type ServerConnection } from '../connection/connection.ts';
import type { AcceptedSocket } from '../io/accepted-socket.ts';
import { dateNow, monotonicMs, startTicker } from '../io/clock.ts';
import { ConnectionDriver } from '../io/driver.ts';
import { findFileCalls } from '../io/file-calls.ts';
import { type ListenAddress, type Listener, type ListenOptions, listenTcp } from '../io/listener.ts';
import { OutputRoom } from '../io/output-room.ts';
import type { TlsMetrics } from '../io/tls/metrics.ts';
import type { TlsInfo } from '../io/tls/tls-info.ts';
import { listenTls } from '../io/tls/tls-listener.ts';
import type { Http1Limits } from '../limits/http1-limits.ts';
import type { Http2Limits } from '../limits/http2-limits.ts';
import type { EventSink } from '../semantics/exchange.ts';
import type { Handler } from './handler.ts';
import { type CompleteOptions, completeOptions, demandListenOptions, type ServerOptions } from './options.ts';
import type { Peer } from './request.ts';
import type { Router } from './router.ts';
import { Session, type SessionContext } from './session.ts';
import { completePolicies, completeTlsOptions, type TlsListenOptions, type TlsPolicyOptions } from './tls-options.ts';

export type { ServerOptions } from './options.ts';

/** How a drain ended. */
export interface DrainResult {
  /** Connections that were still busy at the deadline and were cut. */
  readonly cut: number;
}

/** An open TLS port. */
export interface TlsPort extends ListenAddress {
  /**
   * Goes over to other policies, with what was read anew from files: the next connection has them, open ones keep theirs.
   * @throws TlsConfigError, TypeError, RangeError where they cannot be used; then nothing has changed
   */
  reload(policies: readonly TlsPolicyOptions[]): void;
  /** What the port has seen so far. */
  metrics(): TlsMetrics;
}

/**
 * Makes a server of a handler or a router. It serves nothing until `listen()`.
 * @throws RangeError, TypeError for limits and options out of range or unknown
 */
export function createServer(handler: Handler | Router, options: ServerOptions = {}): Server {
  if (typeof handler === 'function') return new Server(handler, options);
  if (typeof handler?.handle === 'function') return new Server(handler.handle.bind(handler), options);
  throw new TypeError(`createServer() takes a handler function or a Router, not ${String(handler)}`);
}

/** An HTTP server: any number of plain and TLS ports with one handler. */
export class Server {
  readonly #context: SessionContext;
  readonly #options: CompleteOptions;
  readonly #listeners: Listener[] = [];
  readonly #drivers = new Set<ConnectionDriver>();
  /** For what waits for slow readers, on all connections. */
  readonly #room: OutputRoom;
  #stopTicker: (() => void) | undefined;
  /** What waits until the last connection is gone: one for each drain under way. */
  readonly #onEmpty = new Set<() => void>();
  #isClosing = false;

  constructor(handler: Handler, options: ServerOptions) {
    this.#options = completeOptions(options);
    const { hooks, trustsGateway, connect } = this.#options;
    this.#room = new OutputRoom(this.#options.outputLimits);
    this.#context = { handler, hooks, policy: { trustsGateway, connect } };
  }

  /** Connections that are open now. */
  get connections(): number {
    return this.#drivers.size;
  }

  /** Opens a plain port. @throws the system's error, e.g. EADDRINUSE; TypeError, RangeError for other options */
  async listen(options: ListenOptions = {}): Promise<ListenAddress> {
    demandListenOptions(options);
    const negotiation = this.#options.http2 ? 'by-preface' : 'http/1.1';
    return this.#add(await listenTcp(options, (accepted) => this.#accept(accepted, negotiation)));
  }

  /**
   * Opens a TLS port. @throws as `listen()`; TlsConfigError for a certificate, key or list of policies that cannot be used
   */
  async listenTls(options: TlsListenOptions): Promise<TlsPort> {
    const protocols = this.#options.http2 ? ['h2', 'http/1.1'] : ['http/1.1'];
    const { hooks } = this.#context;
    const listener = await listenTls(completeTlsOptions(options, this.#options.tlsLimits, protocols), {
      onAccept: (accepted, protocol, info) => this.#accept(accepted, protocol === 'h2' ? 'h2' : 'http/1.1', info),
      onBadHello: (error, address, port) => hooks.onProtocolError(error, { address, port, isSecure: false }),
      onAlarm: (alarm) => hooks.onTlsAlarm(alarm),
    });
    return {
      ...this.#add(listener),
      reload: (policies) => listener.reload(completePolicies(policies, protocols)),
      metrics: () => listener.metrics,
    };
  }

  /** Stops at once: the ports are freed, every connection is cut. */
  async close(): Promise<void> {
    await this.drain(0);
  }

  /**
   * Stops gently: the ports are freed, idle connections close, requests that were begun are answered with
   * `Connection: close`; what is still busy after `deadlineMs` is cut. `Infinity` waits for as long as it takes; a second
   * drain with less patience ends the first.
   * @throws RangeError for a deadline that is none
   */
  async drain(deadlineMs = 10_000): Promise<DrainResult> {
    if (!(deadlineMs >= 0 && (deadlineMs <= MAX_TIMER_MS || deadlineMs === Number.POSITIVE_INFINITY))) {
      throw new RangeError(`drain() takes milliseconds from 0 to ${MAX_TIMER_MS}, or Infinity, not ${deadlineMs}`);
    }
    this.#isClosing = true;
    const closed = Promise.all(this.#listeners.splice(0).map((listener) => listener.close()));
    for (const driver of this.#drivers) driver.send({ kind: 'drain' });
    const cut = await this.#whenEmpty(deadlineMs);
    await closed;
    // Unless it listens anew by now
    if (this.#listeners.length === 0) {
      this.#stopTicker?.();
      this.#stopTicker = undefined;
    }
    return { cut };
  }

  #add(listener: Listener): ListenAddress {
    this.#isClosing = false;
    this.#listeners.push(listener);
    const { limits, http2Limits } = this.#options;
    this.#stopTicker ??= startTicker(tickPeriod(limits, http2Limits), () => this.#tick());
    return listener.address;
  }

  #accept(accepted: AcceptedSocket, negotiation: Negotiation, tls?: TlsInfo): void {
    const { socket } = accepted;
    const { limits, http2Limits, bareLf, malformed, h2cUpgrade, connect, maxConnections } = this.#options;
    if (this.#isClosing || this.#drivers.size >= maxConnections) {
      socket.destroy();
      return;
    }
    const isSecure = tls !== undefined;
    const peer: Peer = { address: socket.remoteAddress ?? '', port: socket.remotePort ?? 0, isSecure, tls };
    const session = new Session(this.#context, peer, (driver) => this.#remove(driver));
    const open = (sink: EventSink): ServerConnection =>
      openConnection(negotiation, {
        http1: { limits, bareLf },
        http2: { limits: http2Limits, malformed, extendedConnect: connect !== 'refuse' },
        h2cUpgrade,
        date: dateNow,
        sink,
      });
    const fileCalls = this.#options.sendfile && !isSecure ? findFileCalls() : undefined;
    this.#drivers.add(new ConnectionDriver(accepted, open, session, this.#room, fileCalls));
  }

  #remove(driver: ConnectionDriver): void {
    this.#drivers.delete(driver);
    if (this.#drivers.size === 0) for (const settle of this.#onEmpty) settle();
  }

  #tick(): void {
    const now = monotonicMs();
    for (const driver of this.#drivers) driver.tick(now);
  }

  /** Waits until no connection is left, or cuts those that are at the deadline and says how many. */
  #whenEmpty(deadlineMs: number): Promise<number> {
    return new Promise((resolve) => {
      let timer: NodeJS.Timeout | undefined;
      const settle = (cut: number): void => {
        clearTimeout(timer);
        this.#onEmpty.delete(whenEmpty);
        resolve(cut);
      };
      const whenEmpty = (): void => settle(0);
      const whenLate = (): void => {
        const left = [...this.#drivers];
        for (const driver of left) driver.destroy();
        settle(left.length);
      };
      this.#onEmpty.add(whenEmpty);
      if (this.#drivers.size === 0) whenEmpty();
      else if (deadlineMs !== Number.POSITIVE_INFINITY) timer = setTimeout(whenLate, deadlineMs);
    });
  }
}

/** Longest time that a timer of Node can wait. */
const MAX_TIMER_MS = 2_147_483_647;

/** Often enough that no timer runs out noticeably late, seldom enough to cost nothing. */
function tickPeriod(http1: Http1Limits, http2: Http2Limits): number {
  const { headMs, contentMs, idleMs, keepAliveMs, writeMs, lingerMs } = http1;
  const shortest1 = Math.min(headMs, contentMs, idleMs, keepAliveMs, writeMs, Math.max(lingerMs, 100));
  const { prefaceMs, settingsMs, blockMs, stallMs } = http2;
  const shortest2 = Math.min(prefaceMs, settingsMs, blockMs, http2.contentMs, stallMs, http2.idleMs, http2.writeMs);
  return Math.min(500, Math.max(25, Math.min(shortest1, shortest2) / 4));
}
