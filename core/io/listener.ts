import { createServer as createTcpServer, type Server as NetServer } from 'node:net';
import { type AcceptedSocket, acceptedByEvents, shareReadBuffer } from './accepted-socket.ts';

export interface ListenOptions {
  /** 0 lets the system choose. @defaultValue 0 */
  readonly port?: number;
  /** @defaultValue '127.0.0.1': nothing but this machine is served unless it is said */
  readonly host?: string;
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

/** Accepts plain connections. @throws the system's error, e.g. EADDRINUSE */
export async function listenTcp(
  options: ListenOptions,
  onAccept: (accepted: AcceptedSocket) => void,
): Promise<Listener> {
  const server = createTcpServer({ allowHalfOpen: true, noDelay: true }, (socket) =>
    onAccept(acceptedByEvents(socket)),
  );
  const listener = await openPort(server, options);
  shareReadBuffer(server, onAccept);
  return listener;
}

/** Has a server listen. @throws the system's error */
export function openPort(server: NetServer, { port = 0, host = '127.0.0.1' }: ListenOptions): Promise<Listener> {
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
