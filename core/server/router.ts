import type { Handler, Middleware } from './handler.ts';
import { answerStatus } from './policy.ts';
import type { ServerRequest } from './request.ts';
import type { ServerResponse } from './response.ts';

interface Route {
  readonly pattern: string;
  readonly segments: readonly string[];
  readonly handlers: Map<string, Handler>;
}

/**
 * Finds the handler of a request by path and method.
 *
 * A pattern is a path whose segments are literal, `:name` for any one segment, or a last `*` for all that is left. Routes
 * are tried in the order of their definition; literal patterns are found without a search. A path that exists for other
 * methods answers 405 with Allow (RFC9110#15.5.6), HEAD falls back to GET, OPTIONS is answered with Allow.
 */
export class Router {
  readonly #literal = new Map<string, Route>();
  readonly #routes: Route[] = [];
  readonly #middleware: Middleware[] = [];

  get(pattern: string, handler: Handler): this {
    return this.on('GET', pattern, handler);
  }

  post(pattern: string, handler: Handler): this {
    return this.on('POST', pattern, handler);
  }

  put(pattern: string, handler: Handler): this {
    return this.on('PUT', pattern, handler);
  }

  patch(pattern: string, handler: Handler): this {
    return this.on('PATCH', pattern, handler);
  }

  delete(pattern: string, handler: Handler): this {
    return this.on('DELETE', pattern, handler);
  }

  /** Adds a handler for a method and pattern. @throws TypeError for a pattern that can match nothing, or is taken */
  on(method: string, pattern: string, handler: Handler): this {
    checkPattern(pattern);
    if (typeof handler !== 'function') throw new TypeError(`Route "${method} ${pattern}" has no handler function`);
    const route = this.#routeOf(pattern);
    if (route.handlers.has(method)) throw new TypeError(`Route "${method} ${pattern}" is defined twice`);
    route.handlers.set(method, handler);
    return this;
  }

  /** Runs `middleware` around every handler, in the order of definition. */
  use(middleware: Middleware): this {
    this.#middleware.push(middleware);
    return this;
  }

  /** Answers a request; hand the router itself to `createServer()`. */
  handle(request: ServerRequest, response: ServerResponse): void | Promise<void> {
    return this.#run(0, request, response);
  }

  #run(index: number, request: ServerRequest, response: ServerResponse): void | Promise<void> {
    const middleware = this.#middleware[index];
    if (middleware === undefined) return this.#dispatch(request, response);
    return middleware(request, response, () => this.#run(index + 1, request, response));
  }

  #dispatch(request: ServerRequest, response: ServerResponse): void | Promise<void> {
    const { method, path } = request;
    // RFC9110#9.3.7: "*" asks about the server as a whole
    if (path === '*') return answerOptions(response, ['GET', 'HEAD', 'OPTIONS', 'POST']);
    const found = this.#find(path);
    if (found === undefined) return answerStatus(response, 404);
    const { route, params } = found;
    request.params = params;
    const handler = route.handlers.get(method) ?? (method === 'HEAD' ? route.handlers.get('GET') : undefined);
    if (handler !== undefined) return handler(request, response);
    const allowed = allowedMethods(route);
    if (method === 'OPTIONS') return answerOptions(response, allowed);
    // RFC9110#15.5.6 MUST: a 405 response carries Allow
    response.set('Allow', allowed.join(', '));
    return answerStatus(response, 405);
  }

  #find(path: string): { route: Route; params: Record<string, string> } | undefined {
    const literal = this.#literal.get(path);
    if (literal !== undefined) return { route: literal, params: {} };
    const segments = path.split('/');
    for (const route of this.#routes) {
      const params = matchSegments(route.segments, segments);
      if (params !== undefined) return { route, params };
    }
    return undefined;
  }

  #routeOf(pattern: string): Route {
    const isLiteral = !/[:*]/.test(pattern);
    const known = this.#literal.get(pattern) ?? this.#routes.find((route) => route.pattern === pattern);
    if (known !== undefined) return known;
    const route = { pattern, segments: pattern.split('/'), handlers: new Map<string, Handler>() };
    if (isLiteral) this.#literal.set(pattern, route);
    else this.#routes.push(route);
    return route;
  }
}

/** A mistake in a pattern is told when the route is defined, not by requests that find nothing. */
function checkPattern(pattern: string): void {
  if (typeof pattern !== 'string' || !pattern.startsWith('/')) {
    throw new TypeError(`Route "${String(pattern)}" must begin with "/"`);
  }
  const segments = pattern.split('/');
  const star = segments.indexOf('*');
  if (star !== -1 && star !== segments.length - 1) {
    throw new TypeError(`Route "${pattern}": "*" stands for all that is left, so it must be last`);
  }
  const names = segments.filter((segment) => segment.startsWith(':'));
  if (names.includes(':')) throw new TypeError(`Route "${pattern}": a ":" needs a name behind it`);
  if (new Set(names).size !== names.length) throw new TypeError(`Route "${pattern}" has one name twice`);
}

function matchSegments(pattern: readonly string[], path: readonly string[]): Record<string, string> | undefined {
  const params: Record<string, string> = Object.create(null);
  for (const [index, segment] of pattern.entries()) {
    if (segment === '*' && index === pattern.length - 1) {
      params['*'] = path.slice(index).join('/');
      return params;
    }
    const value = path[index];
    if (value === undefined) return undefined;
    if (segment.startsWith(':')) params[segment.slice(1)] = decodeSegment(value);
    else if (segment !== value) return undefined;
  }
  return pattern.length === path.length ? params : undefined;
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    // Not UTF-8 behind the escapes: the handler gets it raw
    return segment;
  }
}

function allowedMethods(route: Route): string[] {
  const methods = new Set(route.handlers.keys());
  if (methods.has('GET')) methods.add('HEAD');
  methods.add('OPTIONS');
  return [...methods].sort();
}

function answerOptions(response: ServerResponse, allowed: readonly string[]): void {
  response.set('Allow', allowed.join(', '));
  response.send();
}
