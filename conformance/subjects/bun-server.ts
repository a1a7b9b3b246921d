/**
 * `Bun.serve` behind the target contract but for `/inspect`: a `Request` has lost what was on the wire (order and lines of
 * fields, the version, trailers). Started as a process by Bun itself: `bun bun-server.js <port>`.
 */
import { pairs, reply } from './contract.ts';

/** What is used of Bun. */
declare const Bun: {
  serve(options: {
    readonly port: number;
    readonly hostname: string;
    readonly fetch: (request: Request) => Promise<Response>;
  }): void;
};

const port = Number(process.argv[2]);
Bun.serve({ port, hostname: '127.0.0.1', fetch: answer });
process.stdout.write(`${JSON.stringify({ ready: true, port })}\n`);
process.on('SIGTERM', () => process.exit(0));

async function answer(request: Request): Promise<Response> {
  // Bun makes the URL of a Host that it has not looked at, so it need not be one.
  const target = request.url.replace(/^[a-z]+:\/\/[^/?#]*/i, '');
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
