import { REASONS } from '../semantics/status.ts';
import type { ServerRequest } from './request.ts';
import type { ServerResponse } from './response.ts';

/** Answers what a server refuses before any handler sees it; returns whether it did. */
export function refusePolicy(request: ServerRequest, response: ServerResponse, trustsGateway: boolean): boolean {
  const status = refusalOf(request, trustsGateway);
  if (status === undefined) return false;
  // RFC9110#15.5.6 MUST: a 405 response carries Allow
  if (status === 405) response.set('Allow', 'GET, HEAD, POST, PUT, DELETE, OPTIONS');
  answerStatus(response, status);
  return true;
}

function refusalOf(request: ServerRequest, trustsGateway: boolean): number | undefined {
  // RFC9110#7.4 MUST: an https resource is served over a secured connection only, unless a trusted gateway has that one
  if (request.scheme === 'https' && !request.peer.isSecure && !trustsGateway) return 421;
  // RFC9110#10.1.1 MAY: an expectation that cannot be met is answered with 417
  if (request.expectation === 'unknown') return 417;
  // A tunnel and an echo of the request are nobody's by default
  if (request.method === 'CONNECT') return 501;
  return request.method === 'TRACE' ? 405 : undefined;
}

/** A whole response that says its status and nothing else. */
export function answerStatus(response: ServerResponse, status: number): void {
  response.status = status;
  response.set('Content-Type', 'text/plain; charset=utf-8').send(`${status} ${REASONS[status] ?? ''}\n`);
}
