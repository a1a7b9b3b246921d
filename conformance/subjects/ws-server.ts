/**
 * The WebSocket server `ws` with its defaults, an echo at `/ws`, on `node:http` behind the target contract.
 * Started as a process: `node ws-server.js <port> <folder that ws is installed in>`.
 */
import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { answerContract } from './node-http-contract.ts';

/** What is used of ws, which is no dependency of this package. */
interface Socket {
  on(event: 'message', listener: (content: Buffer, isBinary: boolean) => void): void;
  on(event: 'error', listener: () => void): void;
  send(content: Buffer, options: { readonly binary: boolean }): void;
}
interface Library {
  readonly WebSocketServer: new (options: {
    readonly server: Server;
    readonly path: string;
  }) => { on(event: 'connection', listener: (socket: Socket) => void): void };
}

const port = Number(process.argv[2]);
const { WebSocketServer }: Library = createRequire(join(process.argv[3] ?? '', 'package.json'))('ws');
const server = createServer(answerContract);
new WebSocketServer({ server, path: '/ws' }).on('connection', (socket) => {
  socket.on('error', () => {});
  socket.on('message', (content, isBinary) => socket.send(content, { binary: isBinary }));
});
server.listen(port, '127.0.0.1', () => process.stdout.write(`${JSON.stringify({ ready: true, port })}\n`));
process.on('SIGTERM', () => process.exit(0));
