import { type Host, parseHost } from './host.ts';

/**
 * A request target (RFC9112#3.2). `path` and `query` are raw: percent-encoding is kept, so that a router decides
 * once, knowingly, what an escape means.
 */
export type Target =
  | { readonly form: 'origin'; readonly path: string; readonly query: string | undefined }
  | {
      readonly form: 'absolute';
      readonly scheme: string;
      readonly host: Host;
      readonly path: string;
      readonly query: string | undefined;
    }
  | { readonly form: 'authority'; readonly host: Host }
  | { readonly form: 'asterisk' };

/** Why a text is no target for its method, and the index of the first unit that does not fit. */
export interface TargetFailure {
  readonly failure: 'form' | 'asterisk' | 'connect' | 'authority' | 'no-host' | 'userinfo' | 'percent';
  readonly at: number;
}

const SCHEME = /^[A-Za-z][A-Za-z0-9+\-.]*:/;
const BROKEN_ESCAPE = /%(?![0-9A-Fa-f]{2})/;

/** Target of a request with `method`; `text` is not empty and holds visible ASCII only. */
export function parseTarget(method: string, text: string): Target | TargetFailure {
  // RFC9112#3.2.3 MUST: CONNECT takes the authority-form, and nothing else does
  if (method === 'CONNECT') return parseAuthorityForm(text);
  if (text.startsWith('/')) return parseOriginForm(text);
  // RFC9112#3.2.4 MUST: the asterisk-form is for a server-wide OPTIONS
  if (text === '*') return method === 'OPTIONS' ? { form: 'asterisk' } : { failure: 'asterisk', at: 0 };
  return parseAbsoluteForm(text);
}

function parseOriginForm(text: string): Target | TargetFailure {
  const broken = text.includes('%') ? text.search(BROKEN_ESCAPE) : -1;
  if (broken !== -1) return { failure: 'percent', at: broken };
  const mark = text.indexOf('?');
  if (mark === -1) return { form: 'origin', path: text, query: undefined };
  return { form: 'origin', path: text.slice(0, mark), query: text.slice(mark + 1) };
}

function parseAbsoluteForm(text: string): Target | TargetFailure {
  const scheme = SCHEME.exec(text)?.[0];
  if (scheme === undefined) return { failure: 'form', at: 0 };
  // RFC9112#3.2.2 MUST: a server accepts the absolute-form; it serves only URIs that have an authority
  const start = scheme.length + 2;
  if (!text.startsWith('//', scheme.length)) return { failure: 'authority', at: scheme.length };
  const rest = text.slice(start).search(/[/?]/);
  const end = rest === -1 ? text.length : start + rest;
  const host = parseHost(text.slice(start, end));
  if ('failure' in host) return hostFailure(host.failure, start + host.at);
  // A path that is missing before a query or the end stands for "/" (RFC9110#4.2.3)
  const origin = text[end] === '/' ? text.slice(end) : `/${text.slice(end)}`;
  const parsed = parseOriginForm(origin);
  if ('failure' in parsed) return { failure: 'percent', at: parsed.at + end - (origin.length - (text.length - end)) };
  if (parsed.form !== 'origin') return { failure: 'form', at: 0 };
  return { form: 'absolute', scheme: scheme.slice(0, -1).toLowerCase(), host, path: parsed.path, query: parsed.query };
}

function parseAuthorityForm(text: string): Target | TargetFailure {
  const host = parseHost(text);
  if ('failure' in host) {
    return host.failure === 'octet' ? { failure: 'connect', at: host.at } : hostFailure(host.failure, host.at);
  }
  // RFC9110#9.3.6 MUST: a CONNECT without a port, or with an empty one, is rejected
  return host.port === undefined ? { failure: 'connect', at: text.length } : { form: 'authority', host };
}

function hostFailure(failure: 'empty' | 'userinfo' | 'octet', at: number): TargetFailure {
  if (failure === 'userinfo') return { failure: 'userinfo', at };
  return { failure: failure === 'empty' ? 'no-host' : 'authority', at };
}
