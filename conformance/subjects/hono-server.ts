/**
 * Hono behind the target contract, on Node by its own adapter, with its defaults.
 * Started as a process: `node hono-server.js <port> <folder that hono and @hono/node-server are installed in>`.
 */
import type { IncomingMessage } from 'node:http';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pairs, reply } from './contract.ts';

/** What is used of Hono, which is no dependency of this package. */
interface App {
  on(methods: readonly string[], path: string, handler: (context: Context) => Promise<Response>): void;
  readonly fetch: unknown;
}
interface Context {
  readonly req: { arrayBuffer(): Promise<ArrayBuffer> };
  /** What the adapter for Node lends. */
  readonly env: { readonly incoming: IncomingMessage };
}
type Serve = (
  options: { readonly fetch: unknown; readonly port: number; readonly hostname: string },
  listening: () => void,
) => void;

const port = Number(process.argv[2]);
const load = createRequire(join(process.argv[3] ?? '', 'package.json'));
const { Hono }: { readonly Hono: new () => App } = load('hono');
const { serve }: { readonly serve: Serve } = load('@hono/node-server');
const app = new Hono();
for (const [path, ...methods] of [
  ['/', 'GET', 'POST'],
  ['/echo', 'POST'],
  ['/file.bin', 'GET'],
  ['/inspect', 'GET', 'POST'],
] as const) {
  app.on(methods, path, answer);
}
serve({ fetch: app.fetch, port, hostname: '127.0.0.1' }, () => {
  process.stdout.write(`${JSON.stringify({ ready: true, port })}\n`);
});
process.on('SIGTERM', () => process.exit(0));

async function answer({ req, env: { incoming } }: Context): Promise<Response> {
  const content = Buffer.from(await req.arrayBuffer());
  const said = reply({
    method: incoming.method ?? '',
    target: incoming.url ?? '',
    protocol: `HTTP/${incoming.httpVersion}`,
    fields: pairs(incoming.rawHeaders),
    content,
    trailers: pairs(incoming.rawTrailers),
  });
  return new Response(said.status === 304 ? null : Buffer.from(said.content), {
    status: said.status,
    headers: { ...said.fields },
  });
}
