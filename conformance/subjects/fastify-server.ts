/**
 * Fastify behind the target contract, with its defaults; content of any type is taken as octets.
 * Started as a process: `node fastify-server.js <port> <folder that fastify is installed in>`.
 */
import type { IncomingMessage } from 'node:http';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pairs, reply } from './contract.ts';

/** What is used of Fastify, which is no dependency of this package. */
interface App {
  addContentTypeParser(
    type: string,
    options: { readonly parseAs: 'buffer' },
    parser: (request: unknown, content: Buffer, done: (error: null, content: Buffer) => void) => void,
  ): void;
  removeAllContentTypeParsers(): void;
  route(route: {
    readonly method: readonly string[];
    readonly url: string;
    readonly handler: (request: Request, answer: Answer) => unknown;
  }): void;
  listen(options: { readonly port: number; readonly host: string }): Promise<string>;
}
interface Request {
  readonly raw: IncomingMessage;
  readonly body: Buffer | null | undefined;
}
interface Answer {
  code(status: number): Answer;
  headers(fields: Readonly<Record<string, string>>): Answer;
  send(content?: Uint8Array): unknown;
}

const port = Number(process.argv[2]);
const fastify: () => App = createRequire(join(process.argv[3] ?? '', 'package.json'))('fastify');
const app = fastify();
app.removeAllContentTypeParsers();
app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, content, done) => done(null, content));
for (const [url, ...method] of [
  ['/', 'GET', 'POST'],
  ['/echo', 'POST'],
  ['/file.bin', 'GET'],
  ['/inspect', 'GET', 'POST'],
] as const) {
  app.route({ method, url, handler: answer });
}
await app.listen({ port, host: '127.0.0.1' });
process.stdout.write(`${JSON.stringify({ ready: true, port })}\n`);
process.on('SIGTERM', () => process.exit(0));

function answer({ raw, body }: Request, out: Answer): unknown {
  const said = reply({
    method: raw.method ?? '',
    target: raw.url ?? '',
    protocol: `HTTP/${raw.httpVersion}`,
    fields: pairs(raw.rawHeaders),
    content: body ?? Buffer.alloc(0),
    trailers: pairs(raw.rawTrailers),
  });
  const sender = out.code(said.status).headers(said.fields);
  return said.status === 304 ? sender.send() : sender.send(said.content);
}
