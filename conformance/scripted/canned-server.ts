import { createServer, type Socket } from 'node:net';
import { ConnectError } from '../errors.ts';
import type { CannedServer } from './model.ts';

/** A canned server that does the same with each connection. @param name what it does, as a clause */
export function cannedServer(
  name: string,
  play: (socket: Socket) => void,
  options: { readonly allowHalfOpen?: boolean } = {},
): CannedServer {
  return { name, listen: () => listenCanned(play, options) };
}

/** Listens on a port of loopback that the system chooses; what is still open at the end is cut. */
export function listenCanned(
  play: (socket: Socket) => void,
  options: { readonly allowHalfOpen?: boolean } = {},
): ReturnType<CannedServer['listen']> {
  return new Promise((resolve, reject) => {
    const sockets = new Set<Socket>();
    const listener = createServer(options, (socket) => {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => {});
      play(socket);
    });
    listener.once('error', reject);
    listener.listen(0, '127.0.0.1', () => {
      const bound = listener.address();
      if (bound === null || typeof bound === 'string') return reject(new ConnectError('No port was bound'));
      const address = { host: '127.0.0.1', port: bound.port, tls: false, authority: `127.0.0.1:${bound.port}` };
      const close = () => {
        listener.close();
        for (const socket of sockets) socket.destroy();
      };
      resolve({ address, close });
    });
  });
}

/** Takes every connection and says nothing, or closes at once. */
export function mute(ending: 'hangs' | 'closes'): CannedServer {
  return cannedServer(`says nothing and ${ending}`, (socket) => {
    socket.resume();
    if (ending === 'closes') socket.end();
  });
}
