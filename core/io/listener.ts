import { constants } from 'node:crypto';
import { createServer as createTcpServer, type Server as NetServer, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { type AcceptedSocket, acceptedByEvents, shareReadBuffer } from './accepted-socket.ts';

export interface ListenOptions {
  /** 0 lets the system choose. @defaultValue 0 */
  readonly port?: number;
  /** @defaultValue '127.0.0.1': nothing but this machine is served unless it is said */
  readonly host?: string;
}

export interface TlsListenOptions extends ListenOptions {
  /** PEM: the certificate chain. */
  readonly cert: string | Uint8Array;
  /** PEM: its private key. */
  readonly key: string | Uint8Array;
}

export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

/** An open port. */
export interface Listener {
  readonly address: ListenAddress;
  /** Stops accepting; settles when the port is free. Connections live on. */
  close(): Promise<void>;
}

/** Time that a TLS handshake may take. */
const HANDSHAKE_MS = 10_000;

/** Accepts plain connections. @throws the system's error, e.g. EADDRINUSE */
export async function listenTcp(
  options: ListenOptions,
  onAccept: (accepted: AcceptedSocket) => void,
): Promise<Listener> {
  const server = createTcpServer({ allowHalfOpen: true, noDelay: true }, (socket) =>
    onAccept(acceptedByEvents(socket)),
  );
  const listener = await open(server, options);
  shareReadBuffer(server, onAccept);
  return listener;
}

/**
 * Accepts TLS connections and tells which of `protocols` ALPN chose, if any.
 * @throws the system's error, or OpenSSL's for a certificate it cannot use
 */
export async function listenTls(
  options: TlsListenOptions,
  protocols: string[],
  onAccept: (accepted: AcceptedSocket, protocol: string | undefined) => void,
): Promise<Listener> {
  const server = createTlsServer(
    {
      cert: toPem(options.cert),
      key: toPem(options.key),
      ALPNProtocols: protocols,
      allowHalfOpen: true,
      handshakeTimeout: HANDSHAKE_MS,
      minVersion: 'TLSv1.2',
      // RFC9113#9.2.1 MUST: renegotiation is disabled
      secureOptions: constants.SSL_OP_NO_RENEGOTIATION,
    },
    (socket) => {
      socket.setNoDelay(true);
      onAccept(acceptedByEvents(socket), socket.alpnProtocol || undefined);
    },
  );
  // WHY: nobody else knows of a connection before its handshake is over, and the port is not free while it is open
  const shaking = new Map<string, Socket>();
  server.on('connection', (socket: Socket) => {
    const ends = endsOf(socket);
    shaking.set(ends, socket);
    socket.once('close', () => shaking.delete(ends));
  });
  server.on('secureConnection', (socket) => shaking.delete(endsOf(socket)));
  // WHY: a handshake that fails or takes too long is told here alone, and the socket stays open unless it is destroyed
  server.on('tlsClientError', (_error, socket) => socket.destroy());
  const listener = await open(server, options);
  return {
    address: listener.address,
    close() {
      const closed = listener.close();
      for (const socket of shaking.values()) socket.destroy();
      return closed;
    },
  };
}

/** What a connection and its TLS have in common: the addresses and ports at both ends. */
function endsOf({ remoteAddress, remotePort, localAddress }: Socket): string {
  return `${remoteAddress} ${remotePort} ${localAddress}`;
}

function open(server: NetServer, { port = 0, host = '127.0.0.1' }: ListenOptions): Promise<Listener> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host }, () => {
      server.removeListener('error', reject);
      // WHY: an error while accepting (out of descriptors) must not end the process; the next connection is tried again
      server.on('error', () => {});
      resolve({ address: addressOf(server, host), close: () => closeServer(server) });
    });
  });
}

function addressOf(server: NetServer, host: string): ListenAddress {
  const address = server.address();
  return typeof address === 'object' && address !== null
    ? { host: address.address, port: address.port }
    : { host, port: 0 };
}

function closeServer(server: NetServer): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}

function toPem(text: string | Uint8Array): string | Buffer {
  return typeof text === 'string' ? text : Buffer.from(text);
}
