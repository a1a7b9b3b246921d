import { FIELD_VALUE, LOWER_TOKEN, TARGET, TOKEN } from '../bytes/octets.ts';
import type { Http2Code } from '../errors/http2-codes.ts';
import { HeaderField } from '../hpack/field-entry.ts';
import type { RequestHead } from '../semantics/exchange.ts';
import { parseExpectation } from '../semantics/expectation.ts';
import { FieldLines } from '../semantics/field.ts';
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

/** A request of HTTP/1.1 that was answered with 101, and what its client has said of itself. */
export interface Upgraded {
  readonly head: RequestHead;
  /** Payload of the client's SETTINGS. */
  readonly settings: Uint8Array;
  /** Offset in the connection of the request. */
  readonly offset: number;
}

/** Why a field list makes no request: the stream is malformed (RFC9113#8.1.1). */
export interface MalformedRequest {
  readonly code: Http2Code;
  /** The field to blame and its index in the list; `undefined` and -1 where it is missing. */
  readonly field: HeaderField | undefined;
  readonly index: number;
}

/** The same, with no more than that field's name. */
interface Misfit {
  readonly code: Http2Code;
  readonly name: string;
}

const COLON = 0x3a;
const SCHEME = /^[A-Za-z][A-Za-z0-9+\-.]*$/;

/** RFC9113#8.2.2: fields about a connection of HTTP/1.1; TE has a rule of its own. */
const CONNECTION_FIELDS: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'upgrade',
]);

/** What of a request has been read, field by field. */
class RequestDraft {
  method: string | undefined;
  scheme: string | undefined;
  authority: string | undefined;
  path: string | undefined;
  protocol: string | undefined;
  host: string | undefined;
  length: number | undefined;
  cookie: string | undefined;
  expect: string | undefined;
  priority: string | undefined;
  readonly lines: HeaderField[] = [];

  /** Takes one field; returns why it is malformed. */
  take(field: HeaderField): Http2Code | undefined {
    if (field.name.charCodeAt(0) === COLON) return this.#takePseudo(field);
    const code = checkField(field);
    return code ?? this.#takeRegular(field);
  }

  /** RFC9113#8.3 MUST: pseudo-header fields come before regular ones, once each, and are those of a request. */
  #takePseudo(field: HeaderField): Http2Code | undefined {
    if (this.lines.length > 0 || this.cookie !== undefined) return 'H2_PSEUDO_LATE';
    const { name, value } = field;
    const before = this.#pseudo(name);
    if (before === null) return 'H2_PSEUDO_UNKNOWN';
    if (before !== undefined) return 'H2_PSEUDO_TWICE';
    if (!field.isSound && !isAll(value, FIELD_VALUE)) return 'H2_FIELD_VALUE';
    field.markSound();
    switch (name) {
      case ':method':
        this.method = value;
        break;
      case ':scheme':
        this.scheme = value;
        break;
      case ':authority':
        this.authority = value;
        break;
      case ':path':
        this.path = value;
        break;
      default:
        this.protocol = value;
    }
    return undefined;
  }

  /** What a pseudo-header field has said so far; `null` where a request has none of that name. */
  #pseudo(name: string): string | undefined | null {
    switch (name) {
      case ':method':
        return this.method;
      case ':scheme':
        return this.scheme;
      case ':authority':
        return this.authority;
      case ':path':
        return this.path;
      case ':protocol':
        return this.protocol;
      default:
        return null;
    }
  }

  #takeRegular(field: HeaderField): Http2Code | undefined {
    const { name, value } = field;
    switch (name) {
      case 'cookie':
        // RFC9113#8.2.3 MUST: crumbs are joined with "; " before anyone else sees them
        this.cookie = this.cookie === undefined ? value : `${this.cookie}; ${value}`;
        return undefined;
      case 'content-length':
        if (this.length !== undefined || !/^\d{1,15}$/.test(value)) return 'H2_LENGTH';
        this.length = Number(value);
        break;
      case 'host':
        if (this.host !== undefined) return 'H2_HOST_MISMATCH';
        this.host = value;
        break;
      case 'expect':
        this.expect = this.expect === undefined ? value : `${this.expect}, ${value}`;
        break;
      case 'priority':
        this.priority = this.priority === undefined ? value : `${this.priority}, ${value}`;
        break;
      default:
    }
    this.lines.push(field);
    return undefined;
  }
}

/** The request of a decoded field list, or why it is malformed. @param allowsProtocol this side offered extended CONNECT */
export function parseRequest(
  list: readonly HeaderField[],
  allowsProtocol: boolean,
): Http2RequestHead | MalformedRequest {
  const draft = new RequestDraft();
  let index = 0;
  for (const field of list) {
    const code = draft.take(field);
    if (code !== undefined) return { code, field, index };
    index += 1;
  }
  const { method = '', cookie, lines } = draft;
  if (cookie !== undefined) lines.push(new HeaderField('cookie', cookie));
  const control = parseControl(draft, allowsProtocol);
  if ('code' in control) {
    const at = list.findIndex(({ name }) => name === control.name);
    return { code: control.code, field: list[at], index: at };
  }
  return {
    method,
    target: control.target,
    rawTarget: control.rawTarget,
    scheme: draft.scheme?.toLowerCase(),
    protocol: 'HTTP/2.0',
    fields: FieldLines.fromList(lines),
    host: control.host,
    expectation: draft.expect === undefined ? 'none' : parseExpectation(draft.expect),
    contentLength: draft.length,
    priority: parsePriority(draft.priority),
    tunnelProtocol: draft.protocol,
  };
}

/** Trailer fields of a decoded list, or why they are malformed (RFC9113#8.1). */
export function parseTrailers(list: readonly HeaderField[]): FieldLines | MalformedRequest {
  for (const [index, field] of list.entries()) {
    const { name } = field;
    // RFC9113#8.1 MUST: no pseudo-header fields in a trailer section
    if (name.startsWith(':')) return { code: 'H2_PSEUDO_TRAILER', field, index };
    const code = checkField(field);
    if (code !== undefined) return { code, field, index };
    // STRICTER RFC9110#6.5.1: a field that must not be a trailer is refused, not ignored
    if (isForbiddenTrailer(name)) return { code: 'H2_TRAILER_FORBIDDEN', field, index };
  }
  return FieldLines.fromList(list);
}

/** RFC9113#8.2.1 and RFC9113#8.2.2: what makes a field malformed wherever it stands. */
function checkField(field: HeaderField): Http2Code | undefined {
  if (field.isSound) return undefined;
  const { name, value } = field;
  if (name === '' || !isAll(name, LOWER_TOKEN)) return 'H2_FIELD_NAME';
  if (!isAll(value, FIELD_VALUE) || hasEdgeSpace(value)) return 'H2_FIELD_VALUE';
  if (CONNECTION_FIELDS.has(name)) return 'H2_FIELD_CONNECTION';
  // RFC9113#8.2.2: TE may be there, with "trailers" and nothing else
  if (name === 'te' && value.toLowerCase() !== 'trailers') return 'H2_FIELD_TE';
  field.markSound();
  return undefined;
}

type Control = Pick<Http2RequestHead, 'target' | 'rawTarget' | 'host'>;

/** RFC9113#8.3.1, RFC9113#8.5, RFC8441#4: which pseudo-header fields there must be, and what they may say. */
function parseControl(draft: RequestDraft, allowsProtocol: boolean): Control | Misfit {
  const { method, scheme, path, authority, protocol } = draft;
  if (method === undefined) return { code: 'H2_METHOD_MISSING', name: ':method' };
  if (method === '' || !isAll(method, TOKEN)) return { code: 'H2_METHOD', name: ':method' };
  // RFC8441#4: its value is a token of the registry of upgrades, and it has a meaning for CONNECT alone, once it was offered
  const isProtocol = protocol !== undefined && protocol !== '' && isAll(protocol, TOKEN);
  if (protocol !== undefined && (!allowsProtocol || method !== 'CONNECT' || !isProtocol)) {
    return { code: 'H2_PROTOCOL_SHAPE', name: ':protocol' };
  }
  if (method === 'CONNECT' && protocol === undefined) return parseConnect(scheme, path, authority);
  if (scheme === undefined) return { code: 'H2_SCHEME_MISSING', name: ':scheme' };
  if (scheme !== 'http' && scheme !== 'https' && !SCHEME.test(scheme)) return { code: 'H2_SCHEME', name: ':scheme' };
  if (path === undefined || path === '') return { code: 'H2_PATH_MISSING', name: ':path' };
  const target = parsePath(method, path, protocol !== undefined);
  if (target === undefined) return { code: 'H2_PATH', name: ':path' };
  const host = parseAuthority(authority, draft.host);
  if ('code' in host) return host;
  return { target, rawTarget: path, host };
}

/** RFC9113#8.5 MUST: CONNECT has :authority, and neither :scheme nor :path. */
function parseConnect(scheme?: string, path?: string, authority?: string): Control | Misfit {
  if (scheme !== undefined || path !== undefined || authority === undefined)
    return { code: 'H2_CONNECT_SHAPE', name: ':method' };
  const target = parseTarget('CONNECT', authority);
  if ('failure' in target || target.form !== 'authority') return { code: 'H2_AUTHORITY', name: ':authority' };
  return { target, rawTarget: authority, host: target.host };
}

/** RFC9113#8.3.1 MUST: a path that begins with "/", or "*" of OPTIONS. */
function parsePath(method: string, path: string, isTunnel: boolean): Target | undefined {
  if (!isAll(path, TARGET) || !(path.startsWith('/') || path === '*')) return undefined;
  const target = parseTarget(isTunnel ? 'GET' : method, path);
  return 'failure' in target ? undefined : target;
}

/** RFC9113#8.3.1: :authority, else Host; both must say the same. */
function parseAuthority(authority: string | undefined, hostField: string | undefined): Host | Misfit {
  if (authority !== undefined && hostField !== undefined && authority.toLowerCase() !== hostField.toLowerCase()) {
    return { code: 'H2_HOST_MISMATCH', name: 'host' };
  }
  const text = authority ?? hostField;
  if (text === undefined) return { code: 'H2_AUTHORITY_MISSING', name: ':authority' };
  const host = parseHost(text);
  return 'failure' in host ? { code: 'H2_AUTHORITY', name: authority === undefined ? 'host' : ':authority' } : host;
}
