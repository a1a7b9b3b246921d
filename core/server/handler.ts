import type { ServerRequest } from './request.ts';
import type { ServerResponse } from './response.ts';

/**
 * Answers one request. A handler that returns a promise must have finished the response when it settles; one that
 * returns nothing may finish it whenever it likes.
 */
export type Handler = (request: ServerRequest, response: ServerResponse) => void | Promise<void>;

/** Runs around a handler: answers by itself, or calls `next()` to go on. */
export type Middleware = (
  request: ServerRequest,
  response: ServerResponse,
  next: () => void | Promise<void>,
) => void | Promise<void>;
