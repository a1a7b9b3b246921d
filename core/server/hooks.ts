import type { ProtocolError } from '../errors/protocol-error.ts';
import type { TlsAlarm } from '../io/tls/alarm.ts';
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
  /**
   * Someone should see to a certificate: one that needs a staple has none, an OCSP response or a list of revoked certificates
   * cannot be used or runs out. @defaultValue writes the message to stderr
   */
  onTlsAlarm(alarm: TlsAlarm): void;
}

export const DEFAULT_HOOKS: ServerHooks = {
  onProtocolError() {},
  onHandlerError(error, request) {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    process.stderr.write(`aeronet: handler of ${request.method} ${JSON.stringify(request.target)} failed: ${text}\n`);
  },
  onTlsAlarm({ message }) {
    process.stderr.write(`aeronet: ${message}\n`);
  },
};
