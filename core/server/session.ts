import type { ProtocolErrorCode } from '../errors/protocol-error.ts';
import type { ConnectionDriver, DriverOwner } from '../io/driver.ts';
import type { ConnectionEvent, ExchangeId, RequestHead } from '../semantics/exchange.ts';
import { ContentError } from './content.ts';
import { Exchange } from './exchange.ts';
import type { Handler } from './handler.ts';
import type { ServerHooks } from './hooks.ts';
import { answerStatus, refusePolicy, type ServerPolicy } from './policy.ts';
import type { Peer } from './request.ts';

/** What all sessions of a server share. */
export interface SessionContext {
  readonly handler: Handler;
  readonly hooks: ServerHooks;
  readonly policy: ServerPolicy;
}

/**
 * Ends that are nobody's fault: a connection between requests may be closed at any time (RFC9112#9.5, RFC9113#9.1). The
 * machines tell them, for whoever drives a machine has to know why it closed; the server's hook is for what went wrong.
 */
const QUIET_ENDS: ReadonlySet<ProtocolErrorCode> = new Set<ProtocolErrorCode>(['H1_IDLE_TIMEOUT', 'H2_IDLE_TIMEOUT']);

/** One connection's exchanges: runs the handler for each and holds them against how the connection goes on. */
export class Session implements DriverOwner {
  /** In the order of their requests; few, so they are found by looking. */
  readonly #exchanges: Exchange[] = [];
  readonly #context: SessionContext;
  readonly #peer: Peer;
  readonly #onEnd: (driver: ConnectionDriver) => void;

  constructor(context: SessionContext, peer: Peer, onEnd: (driver: ConnectionDriver) => void) {
    this.#context = context;
    this.#peer = peer;
    this.#onEnd = onEnd;
  }

  onEvent(event: ConnectionEvent, driver: ConnectionDriver): void {
    switch (event.kind) {
      case 'request':
        return this.#run(event.exchange, event.head, driver);
      case 'content':
        return this.#find(event.exchange)?.request.content.push(event.bytes);
      case 'end':
        return this.#find(event.exchange)?.request.content.finish(event.trailers);
      case 'abandoned':
        return this.#find(event.exchange)?.abandon(event.error);
      case 'error':
        if (QUIET_ENDS.has(event.error.code)) return undefined;
        return this.#context.hooks.onProtocolError(event.error, this.#peer);
      default:
        return event satisfies never;
    }
  }

  onClose(driver: ConnectionDriver): void {
    this.#onEnd(driver);
  }

  #run(id: ExchangeId, head: RequestHead, driver: ConnectionDriver): void {
    const exchange = new Exchange(id, head, this.#peer, driver, this.#forget);
    this.#exchanges.push(exchange);
    const { request, response } = exchange;
    if (refusePolicy(request, response, this.#context.policy)) return;
    try {
      const pending = this.#context.handler(request, response);
      if (!isPromise(pending)) return;
      pending.then(
        () => this.#checkFinished(exchange),
        (error: unknown) => this.#failHandler(exchange, error),
      );
    } catch (error) {
      this.#failHandler(exchange, error);
    }
  }

  #find(id: ExchangeId): Exchange | undefined {
    for (const exchange of this.#exchanges) if (exchange.id === id) return exchange;
    return undefined;
  }

  readonly #forget = (exchange: Exchange): void => {
    if (this.#exchanges.at(-1) === exchange) this.#exchanges.pop();
    else this.#exchanges.splice(this.#exchanges.indexOf(exchange) >>> 0, 1);
  };

  #checkFinished(exchange: Exchange): void {
    if (exchange.response.isFinished) return;
    this.#failHandler(exchange, new Error('the handler settled before it finished the response'));
  }

  /** The peer learns that it failed, never why: a status, or a cut connection when the head is already out. */
  #failHandler({ request, response }: Exchange, error: unknown): void {
    const fault = error instanceof ContentError ? error.code : 'handler';
    // The peer broke off, and the handler only noticed
    if (fault === 'abandoned' && response.isFinished) return;
    const isPeers = fault === 'too-large' || fault === 'malformed' || fault === 'unsupported';
    if (!isPeers) this.#context.hooks.onHandlerError(error, request);
    if (response.isFinished) return;
    if (response.isStarted) return response.abort();
    response.reset();
    answerStatus(response, isPeers ? PEER_FAULTS[fault] : 500);
    response.disown();
  }
}

/** What a content is answered with that a handler could not take. */
const PEER_FAULTS = { 'too-large': 413, malformed: 400, unsupported: 415 } as const;

/** Untyped programs return all sorts of things from a handler; only a promise says that there is more to wait for. */
function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}
