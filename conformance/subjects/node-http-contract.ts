/** The target contract as a listener of `node:http`. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pairs, readContent, reply } from './contract.ts';

/** Answers a request of any route. */
export function answerContract(request: IncomingMessage, response: ServerResponse): void {
  // A connection that breaks inside the content ends the exchange, not the server.
  readContent(request).then(
    (content) => answer(request, response, content),
    () => response.destroy(),
  );
}

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
