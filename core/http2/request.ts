import { FIELD_VALUE, TARGET, TOKEN } from '../bytes/octets.ts';
import type { Http2Code } from '../errors/http2-codes.ts';
import type { HeaderField } from '../hpack/field-entry.ts';
import type { RequestHead } from '../semantics/exchange.ts';
import { type FieldLine, FieldLines } from '../semantics/field.ts';
import { hasEdgeSpace, isAll } from '../semantics/field-check.ts';
import { type Host, parseHost } from '../semantics/host.ts';
import { parseTarget, type Target } from '../semantics/target.ts';
import { isForbiddenTrailer } from '../semantics/trailer.ts';
import { type Priority, parsePriority } from './priority.ts';

/** A request as its field list says it (RFC9113#8.3.1). */
export interface Http2RequestHead extends RequestHead {
  readonly contentLength: number | undefined;
  readonly priority: Priority;
  /** `:protocol` of an extended CONNECT (RFC8441#4). */
  readonly tunnelProtocol: string | undefined;
}

/** Why a field list makes no request: the stream is malformed (RFC9113#8.1.1). */
export interface MalformedRequest {
  readonly code: Http2Code;
  /** Name of the field to blame. */
  readonly field: string;
}

type Pseudo = ':method' | ':scheme' | ':authority' | ':path' | ':protocol';
const PSEUDO: ReadonlySet<string> = new Set<Pseudo>([':method', ':scheme', ':authority', ':path', ':protocol']);

/** RFC9113#8.2.2: fields about a connection of HTTP/1.1; TE has a rule of its own. */
const CONNECTION_FIELDS: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'upgrade',
]);

const SCHEME = /^[A-Za-z][A-Za-z0-9+\-.]*$/;

/** The request of a decoded field list, or why it is malformed. @param allowsProtocol this side offered extended CONNECT */
export function parseRequest(
  list: readonly HeaderField[],
  allowsProtocol: boolean,
): Http2RequestHead | MalformedRequest {
  const pseudo = new Map<string, string>();
  const lines: FieldLine[] = [];
  const found: { cookie?: string; length?: number; host?: string } = {};
  for (const { name, value } of list) {
    const code = name.startsWith(':')
      ? takePseudo(name, value, pseudo, lines.length > 0)
      : (checkField(name, value) ?? takeField(name, value, lines, found));
    if (code !== undefined) return { code, field: name };
  }
  if (found.cookie !== undefined) lines.push(['cookie', found.cookie]);
  const method = pseudo.get(':method');
  if (method === undefined) return { code: 'H2_METHOD_MISSING', field: ':method' };
  if (method === '' || !isAll(method, TOKEN)) return { code: 'H2_METHOD', field: ':method' };
  const control = parseControl(method, pseudo, found.host, allowsProtocol);
  if ('code' in control) return control;
  const fields = FieldLines.fromList(lines);
  return {
    method,
    ...control,
    protocol: 'HTTP/2.0',
    fields,
    expectation: expectationOf(fields.get('expect')),
    contentLength: found.length,
    priority: parsePriority(fields.get('priority')),
  };
}

/** Trailer fields of a decoded list, or why they are malformed (RFC9113#8.1). */
export function parseTrailers(list: readonly HeaderField[]): FieldLines | MalformedRequest {
  const lines: FieldLine[] = [];
  for (const { name, value } of list) {
    // RFC9113#8.1 MUST: no pseudo-header fields in a trailer section
    if (name.startsWith(':')) return { code: 'H2_PSEUDO_TRAILER', field: name };
    const code = checkField(name, value);
    if (code !== undefined) return { code, field: name };
    // STRICTER RFC9110#6.5.1: a field that must not be a trailer is refused, not ignored
    if (isForbiddenTrailer(name)) return { code: 'H2_TRAILER_FORBIDDEN', field: name };
    lines.push([name, value]);
  }
  return FieldLines.fromList(lines);
}

function takePseudo(name: string, value: string, pseudo: Map<string, string>, isLate: boolean): Http2Code | undefined {
  // RFC9113#8.3 MUST: pseudo-header fields come before regular ones, once each, and are those of a request
  if (isLate) return 'H2_PSEUDO_LATE';
  if (!PSEUDO.has(name)) return 'H2_PSEUDO_UNKNOWN';
  if (pseudo.has(name)) return 'H2_PSEUDO_TWICE';
  if (!isAll(value, FIELD_VALUE)) return 'H2_FIELD_VALUE';
  pseudo.set(name, value);
  return undefined;
}

/** RFC9113#8.2.1 and RFC9113#8.2.2: what makes a field malformed wherever it stands. */
function checkField(name: string, value: string): Http2Code | undefined {
  if (name === '' || !isAll(name, TOKEN) || name !== name.toLowerCase()) return 'H2_FIELD_NAME';
  if (!isAll(value, FIELD_VALUE) || hasEdgeSpace(value)) return 'H2_FIELD_VALUE';
  if (CONNECTION_FIELDS.has(name)) return 'H2_FIELD_CONNECTION';
  // RFC9113#8.2.2: TE may be there, with "trailers" and nothing else
  return name === 'te' && value.toLowerCase() !== 'trailers' ? 'H2_FIELD_TE' : undefined;
}

function takeField(
  name: string,
  value: string,
  lines: FieldLine[],
  found: { cookie?: string; length?: number; host?: string },
): Http2Code | undefined {
  switch (name) {
    case 'cookie':
      // RFC9113#8.2.3 MUST: crumbs are joined with "; " before anyone else sees them
      found.cookie = found.cookie === undefined ? value : `${found.cookie}; ${value}`;
      return undefined;
    case 'content-length':
      if (found.length !== undefined || !/^\d{1,15}$/.test(value)) return 'H2_LENGTH';
      found.length = Number(value);
      break;
    case 'host':
      if (found.host !== undefined) return 'H2_HOST_MISMATCH';
      found.host = value;
      break;
    default:
  }
  lines.push([name, value]);
  return undefined;
}

type Control = Pick<Http2RequestHead, 'target' | 'rawTarget' | 'host' | 'tunnelProtocol'>;

/** RFC9113#8.3.1, RFC9113#8.5, RFC8441#4: which pseudo-header fields there must be, and what they may say. */
function parseControl(
  method: string,
  pseudo: ReadonlyMap<string, string>,
  hostField: string | undefined,
  allowsProtocol: boolean,
): Control | MalformedRequest {
  const scheme = pseudo.get(':scheme');
  const path = pseudo.get(':path');
  const authority = pseudo.get(':authority');
  const tunnelProtocol = pseudo.get(':protocol');
  if (tunnelProtocol !== undefined && (!allowsProtocol || method !== 'CONNECT')) {
    return { code: 'H2_PROTOCOL_SHAPE', field: ':protocol' };
  }
  if (method === 'CONNECT' && tunnelProtocol === undefined) return parseConnect(scheme, path, authority);
  if (scheme === undefined) return { code: 'H2_SCHEME_MISSING', field: ':scheme' };
  if (!SCHEME.test(scheme)) return { code: 'H2_SCHEME', field: ':scheme' };
  if (path === undefined || path === '') return { code: 'H2_PATH_MISSING', field: ':path' };
  const target = parsePath(method, path, tunnelProtocol !== undefined);
  if (target === undefined) return { code: 'H2_PATH', field: ':path' };
  const host = parseAuthority(authority, hostField);
  if ('code' in host) return host;
  return { target, rawTarget: path, host, tunnelProtocol };
}

/** RFC9113#8.5 MUST: CONNECT has :authority, and neither :scheme nor :path. */
function parseConnect(scheme?: string, path?: string, authority?: string): Control | MalformedRequest {
  if (scheme !== undefined || path !== undefined || authority === undefined)
    return { code: 'H2_CONNECT_SHAPE', field: ':method' };
  const target = parseTarget('CONNECT', authority);
  if ('failure' in target || target.form !== 'authority') return { code: 'H2_AUTHORITY', field: ':authority' };
  return { target, rawTarget: authority, host: target.host, tunnelProtocol: undefined };
}

/** RFC9113#8.3.1 MUST: a path that begins with "/", or "*" of OPTIONS. */
function parsePath(method: string, path: string, isTunnel: boolean): Target | undefined {
  if (!isAll(path, TARGET) || !(path.startsWith('/') || path === '*')) return undefined;
  const target = parseTarget(isTunnel ? 'GET' : method, path);
  return 'failure' in target ? undefined : target;
}

/** RFC9113#8.3.1: :authority, else Host; both must say the same. */
function parseAuthority(authority: string | undefined, hostField: string | undefined): Host | MalformedRequest {
  if (authority !== undefined && hostField !== undefined && authority.toLowerCase() !== hostField.toLowerCase()) {
    return { code: 'H2_HOST_MISMATCH', field: 'host' };
  }
  const text = authority ?? hostField;
  if (text === undefined) return { code: 'H2_AUTHORITY_MISSING', field: ':authority' };
  const host = parseHost(text);
  return 'failure' in host ? { code: 'H2_AUTHORITY', field: authority === undefined ? 'host' : ':authority' } : host;
}

function expectationOf(value: string | undefined): RequestHead['expectation'] {
  if (value === undefined) return 'none';
  return value.toLowerCase() === '100-continue' ? 'continue' : 'unknown';
}
