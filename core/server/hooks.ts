import type { ProtocolError } from '../errors/protocol-error.ts';
import type { Peer, ServerRequest } from './request.ts';

/** What a server tells besides requests. A hook must not throw. */
export interface ServerHooks {
  /**
   * A peer broke the protocol or a timer ran out; the connection has answered by itself and closes. That a connection
   * without a request was closed because it stayed quiet (`H1_IDLE_TIMEOUT`, `H2_IDLE_TIMEOUT`) is not told. The error carries
   * the code, the clause, the offset and an excerpt; `formatDiagnostic()` prints them. @defaultValue does nothing
   */
  onProtocolError(error: ProtocolError, peer: Peer): void;
  /** A handler threw, rejected, or settled without a response. @defaultValue writes the stack to stderr */
  onHandlerError(error: unknown, request: ServerRequest): void;
}

export const DEFAULT_HOOKS: ServerHooks = {
  onProtocolError() {},
  onHandlerError(error, request) {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    process.stderr.write(`aeronet: handler of ${request.method} ${JSON.stringify(request.target)} failed: ${text}\n`);
  },
};
