/**
 * Node's own HTTP/2 server, by its stream API and in clear (prior knowledge), behind the target contract, with every default
 * of `node:http2` left alone. Started as a process: `node node-http2-server.js <port>`.
 */
import { createServer, type IncomingHttpHeaders as Fields, type ServerHttp2Stream } from 'node:http2';
import { pairs, readContent, reply } from './contract.ts';

const port = Number(process.argv[2]);
const server = createServer();
server.on('stream', (stream: ServerHttp2Stream, fields: Fields) => {
  const trailers: string[] = [];
  stream.on('trailers', (_fields: Fields, _flags: number, rest: readonly string[]) => trailers.push(...rest));
  // A stream that is reset ends the exchange, not the server.
  stream.on('error', () => {});
  readContent(stream).then(
    (content) => answer(stream, fields, content, trailers),
    () => stream.destroy(),
  );
});
server.listen(port, '127.0.0.1', () => process.stdout.write(`${JSON.stringify({ ready: true, port })}\n`));
process.on('SIGTERM', () => process.exit(0));

function answer(stream: ServerHttp2Stream, fields: Fields, content: Buffer, trailers: readonly string[]): void {
  if (stream.destroyed) return;
  const said = reply({
    method: String(fields[':method']),
    target: String(fields[':path']),
    protocol: 'HTTP/2',
    authority: String(fields[':authority'] ?? fields.host),
    // As an application is handed them: crumbs of a cookie are joined (RFC9113#8.2.3), lines of most other fields, too.
    fields: Object.entries(fields).flatMap(([name, value]) => linesOf(name, value)),
    content,
    trailers: pairs(trailers),
  });
  const length = said.status === 304 ? {} : { 'Content-Length': said.content.length };
  stream.respond({ ':status': said.status, ...said.fields, ...length });
  stream.end(said.content);
}

function linesOf(name: string, value: string | string[] | undefined): [string, string][] {
  if (name.startsWith(':') || value === undefined) return [];
  return [value].flat().map((line) => [name, line]);
}
