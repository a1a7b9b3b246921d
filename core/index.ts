/** aeronet's server library: `createServer()`, routing, limits and errors. The sans-IO floors are in `aeronet/sans-io`. */
export { CallerError, type CallerErrorCode } from './errors/caller-error.ts';
export { formatDiagnostic, ProtocolError, type ProtocolErrorCode } from './errors/protocol-error.ts';
export type { ListenAddress, ListenOptions, TlsListenOptions } from './io/listener.ts';
export { type Http1Limits, http1Limits } from './limits/http1-limits.ts';
export { type Http2Limits, http2Limits } from './limits/http2-limits.ts';
export { type FieldInput, type FieldLine, FieldLines } from './semantics/field.ts';
export type { Host } from './semantics/host.ts';
export { ContentError, RequestContent } from './server/content.ts';
export { type StaticFiles, type StaticFilesOptions, staticFiles } from './server/files/static-files.ts';
export type { Handler, Middleware } from './server/handler.ts';
export type { ServerHooks } from './server/hooks.ts';
export { referenceRouter } from './server/reference.ts';
export type { Peer, ServerRequest } from './server/request.ts';
export type { ServerResponse } from './server/response.ts';
export { Router } from './server/router.ts';
export { createServer, type DrainResult, type Server, type ServerOptions } from './server/server.ts';
