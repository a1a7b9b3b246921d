/**
 * `Bun.serve` behind the target contract but for `/inspect`: a `Request` has lost what was on the wire (order and lines of
 * fields, the version, trailers). Started as a process by Bun itself: `bun bun-server.js <port>`.
 */
import { pairs, reply } from './contract.ts';

interface Upgrading {
  upgrade(request: Request): boolean;
}

interface BunSocket {
  send(message: string | Uint8Array): number;
}

/** What is used of Bun. */
declare const Bun: {
  serve(options: {
    readonly port: number;
    readonly hostname: string;
    readonly fetch: (request: Request, server: Upgrading) => Promise<Response | undefined>;
    readonly websocket: { readonly message: (socket: BunSocket, message: string | Uint8Array) => void };
  }): void;
};

const port = Number(process.argv[2]);
Bun.serve({
  port,
  hostname: '127.0.0.1',
  fetch: answer,
  websocket: { message: (socket, message) => void socket.send(message) },
});
process.stdout.write(`${JSON.stringify({ ready: true, port })}\n`);
process.on('SIGTERM', () => process.exit(0));

async function answer(request: Request, server: Upgrading): Promise<Response | undefined> {
  // Bun makes the URL of a Host that it has not looked at, so it need not be one.
  const target = request.url.replace(/^[a-z]+:\/\/[^/?#]*/i, '');
  if (target === '/ws') return server.upgrade(request) ? undefined : new Response('no handshake', { status: 400 });
  if (target.startsWith('/inspect')) return new Response(null, { status: 404 });
  const said = reply({
    method: request.method,
    target,
    protocol: 'HTTP/1.1',
    fields: pairs([...request.headers].flat()),
    content: Buffer.from(await request.arrayBuffer()),
    trailers: [],
  });
  return new Response(said.status === 304 ? null : Buffer.from(said.content), {
    status: said.status,
    headers: { ...said.fields },
  });
}
