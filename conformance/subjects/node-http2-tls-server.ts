/**
 * Node's own HTTP/2 server over TLS, by its compatibility API so that HTTP/1.1 is answered, too, behind the target contract.
 * Started as a process: `node node-http2-tls-server.js <port> <cert> <key>`.
 */
import { readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { createSecureServer, type Http2ServerRequest } from 'node:http2';
import { pairs, readContent, reply } from './contract.ts';

const [port, certPath = '', keyPath = ''] = process.argv.slice(2);
const options = { cert: readFileSync(certPath), key: readFileSync(keyPath), allowHTTP1: true };
const server = createSecureServer(options, (request, response) => {
  // A connection that breaks inside the content ends the exchange, not the server.
  readContent(request).then(
    (content) => {
      const said = reply({ ...asked(request), content, trailers: pairs(request.rawTrailers) });
      const length = said.status === 304 ? {} : { 'Content-Length': said.content.length };
      response.writeHead(said.status, { ...said.fields, ...length });
      response.end(said.content);
    },
    () => response.stream?.destroy(),
  );
});
server.listen(Number(port), '127.0.0.1', () => process.stdout.write(`${JSON.stringify({ ready: true, port })}\n`));
process.on('SIGTERM', () => process.exit(0));

function asked(request: IncomingMessage | Http2ServerRequest) {
  const { method = '', url: target = '', headers, rawHeaders, httpVersion } = request;
  if (!('authority' in request)) return { method, target, protocol: `HTTP/${httpVersion}`, fields: pairs(rawHeaders) };
  // As an application is handed them: crumbs of a cookie are joined (RFC9113#8.2.3), lines of most other fields, too.
  const fields = Object.entries(headers).flatMap(([name, value]) => linesOf(name, value));
  return { method, target, protocol: 'HTTP/2', authority: request.authority, fields };
}

function linesOf(name: string, value: string | string[] | undefined): [string, string][] {
  if (name.startsWith(':') || value === undefined) return [];
  return [value].flat().map((line) => [name, line]);
}
