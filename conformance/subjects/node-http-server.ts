/**
 * Node's own HTTP/1.1 server behind the target contract, with every default of `node:http` left alone.
 * Started as a process: `node node-http-server.js <port>`.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { pairs, readContent, reply } from './contract.ts';

const port = Number(process.argv[2]);
createServer((request, response) => {
  // A connection that breaks inside the content ends the exchange, not the server.
  readContent(request).then(
    (content) => answer(request, response, content),
    () => response.destroy(),
  );
}).listen(port, '127.0.0.1', () => process.stdout.write(`${JSON.stringify({ ready: true, port })}\n`));
process.on('SIGTERM', () => process.exit(0));

function answer(request: IncomingMessage, response: ServerResponse, content: Buffer): void {
  const said = reply({
    method: request.method ?? '',
    target: request.url ?? '',
    protocol: `HTTP/${request.httpVersion}`,
    fields: pairs(request.rawHeaders),
    content,
    trailers: pairs(request.rawTrailers),
  });
  // A 304 has no content, so the length that it could tell is that of a 200 (RFC9110#8.6).
  const length = said.status === 304 ? {} : { 'Content-Length': said.content.length };
  response.writeHead(said.status, { ...said.fields, ...length }).end(said.content);
}
