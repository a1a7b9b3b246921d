import { REASONS } from '../semantics/status.ts';
import type { ServerRequest } from './request.ts';
import type { ServerResponse } from './response.ts';

/** What a server leaves to its handlers, which by default they do not get. */
export interface ServerPolicy {
  /** Whether a gateway before this server answers for the scheme of a request. */
  readonly trustsGateway: boolean;
  /** Which CONNECT requests over HTTP/2 handlers get: none, those that name a protocol, or all. */
  readonly connect: 'refuse' | 'extended' | 'any';
}

/** Answers what a server refuses before any handler sees it; returns whether it did. */
export function refusePolicy(request: ServerRequest, response: ServerResponse, policy: ServerPolicy): boolean {
  const status = refusalOf(request, policy);
  if (status === undefined) return false;
  // RFC9110#15.5.6 MUST: a 405 response carries Allow
  if (status === 405) response.set('Allow', 'GET, HEAD, POST, PUT, DELETE, OPTIONS');
  answerStatus(response, status);
  return true;
}

function refusalOf(request: ServerRequest, { trustsGateway, connect }: ServerPolicy): number | undefined {
  // RFC9110#7.4 MUST: an https resource is served over a secured connection only, unless a trusted gateway has that one
  if (request.scheme === 'https' && !request.peer.isSecure && !trustsGateway) return 421;
  // RFC9110#15.5.20 MAY: a connection with the policy of one host does not serve another's resources, which may ask more of clients
  if (request.peer.tls !== undefined && request.host !== undefined && !request.peer.tls.serves(request.host.name))
    return 421;
  // RFC9110#10.1.1 MAY: an expectation that cannot be met is answered with 417
  if (request.expectation === 'unknown') return 417;
  // An echo of the request is nobody's (RFC9110#9.3.8), a tunnel only where it was asked for
  if (request.method === 'TRACE') return 405;
  return request.method === 'CONNECT' && !mayConnect(request, connect) ? 501 : undefined;
}

function mayConnect({ protocol, tunnelProtocol }: ServerRequest, connect: ServerPolicy['connect']): boolean {
  return tunnelProtocol === undefined ? connect === 'any' && protocol === 'HTTP/2.0' : connect !== 'refuse';
}

/** A whole response that says its status and nothing else. */
export function answerStatus(response: ServerResponse, status: number): void {
  response.status = status;
  response.set('Content-Type', 'text/plain; charset=utf-8').send(`${status} ${REASONS[status] ?? ''}\n`);
}
