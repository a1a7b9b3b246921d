import { createHash, type X509Certificate } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import type { ClientHello } from '../../tls/client-hello.ts';
import { ja4 } from '../../tls/ja4.ts';
import type { PolicyNames } from '../../tls/policy-names.ts';

/** Which policy a connection has, among which. */
export interface PolicyOfConnection {
  /** Undefined where one policy is for all names. */
  readonly names: PolicyNames | undefined;
  readonly index: number;
}

/** What TLS has agreed on for a connection. Made after the handshake, and not before: only then its socket may be asked. */
export class TlsInfo {
  readonly #socket: TLSSocket;
  readonly #of: PolicyOfConnection;
  readonly #hello: ClientHello | undefined;
  /** Whether a session was resumed. */
  readonly isResumed: boolean;

  constructor(socket: TLSSocket, of: PolicyOfConnection, hello: ClientHello | undefined) {
    this.#socket = socket;
    this.#of = of;
    this.#hello = hello;
    this.isResumed = socket.isSessionReused();
  }

  /** `TLSv1.3`; `undefined` once the connection is closed, as are the next two. */
  get protocol(): string | undefined {
    return this.#socket.getProtocol() ?? undefined;
  }

  /** Its name in the registry, TLS_AES_128_GCM_SHA256. */
  get cipher(): string | undefined {
    return this.#socket.getCipher()?.standardName;
  }

  /** Of the client; it has been verified, or there is none. */
  get clientCertificate(): X509Certificate | undefined {
    return this.#socket.getPeerX509Certificate();
  }

  /** The name that the client has asked for, as far as it is known: of a resumed session of TLS 1.2 only where hellos are read. */
  get serverName(): string | undefined {
    const { servername } = this.#socket as { servername?: unknown };
    return this.#hello?.serverName ?? (typeof servername === 'string' ? servername : undefined);
  }

  /** JA4 of the client where hellos are read: for diagnostics, not to be believed. */
  get ja4(): string | undefined {
    return this.#hello && ja4(this.#hello, (text) => createHash('sha256').update(text).digest('hex'));
  }

  /** Whether a host may be asked for on this connection: its policy is the one that a connection for that name has. */
  serves(host: string): boolean {
    const { names, index } = this.#of;
    return names === undefined || names.find(host) === index;
  }
}
