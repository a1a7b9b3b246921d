/**
 * Node's own HTTP/1.1 server behind the target contract, with every default of `node:http` left alone.
 * Started as a process: `node node-http-server.js <port>`.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

/** 64 KiB and a bit of recognisable, uneven content. */
const FILE = Buffer.from(Array.from({ length: 65_792 }, (_, index) => (index * 31 + (index >> 8)) & 0xff));
const ETAG = '"65792-node-http"';
/** More content than this is not collected. */
const MAX_CONTENT_BYTES = 8 * 1024 * 1024;

/** What each route allows: a 405 has to say it (RFC9110#15.5.6). */
const ROUTES: Readonly<Record<string, string>> = {
  '/': 'GET, HEAD, POST',
  '/echo': 'POST',
  '/file.bin': 'GET, HEAD',
  '/inspect': 'GET, HEAD, POST',
};

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
  const path = (request.url ?? '').replace(/^https?:\/\/[^/]*/i, '').split('?', 1)[0] || '/';
  const reads = request.method === 'GET' || request.method === 'HEAD';
  const route = `${reads ? 'GET' : request.method} ${path}`;
  if (route === 'GET /inspect' || route === 'POST /inspect') inspect(request, response, content);
  else if (route === 'POST /echo') send(response, 200, content, 'application/octet-stream');
  else if (route === 'GET /file.bin') file(request, response);
  else if (route === 'GET /' || route === 'POST /') send(response, 200, Buffer.from('hello\n'), 'text/plain');
  else refuse(response, ROUTES[path]);
}

function refuse(response: ServerResponse, allow: string | undefined): void {
  if (allow !== undefined) response.setHeader('Allow', allow);
  send(response, allow === undefined ? 404 : 405, Buffer.alloc(0), 'text/plain');
}

function inspect(request: IncomingMessage, response: ServerResponse, content: Buffer): void {
  const seen = {
    method: request.method,
    target: request.url,
    protocol: `HTTP/${request.httpVersion}`,
    fields: pairs(request.rawHeaders),
    content: content.toString('base64'),
    trailers: pairs(request.rawTrailers),
  };
  send(response, 200, Buffer.from(JSON.stringify(seen)), 'application/json');
}

function file(request: IncomingMessage, response: ServerResponse): void {
  response.setHeader('ETag', ETAG);
  if (request.headers['if-none-match'] === ETAG) {
    response.writeHead(304).end();
    return;
  }
  send(response, 200, FILE, 'application/octet-stream');
}

function send(response: ServerResponse, status: number, content: Buffer, type: string): void {
  response.writeHead(status, { 'Content-Type': type, 'Content-Length': content.length }).end(content);
}

async function readContent(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of request) {
    bytes += part.length;
    if (bytes > MAX_CONTENT_BYTES) throw new Error('content too large');
    parts.push(part);
  }
  return Buffer.concat(parts);
}

function pairs(raw: readonly string[]): [string, string][] {
  const out: [string, string][] = [];
  for (let index = 0; index < raw.length; index += 2) out.push([raw[index] ?? '', raw[index + 1] ?? '']);
  return out;
}
