import type { Http1Code } from '../errors/http1-codes.ts';
import type { RequestHead } from '../semantics/exchange.ts';
import { parseExpectation } from '../semantics/expectation.ts';
import { FieldLines } from '../semantics/field.ts';
import { type Host, parseHost } from '../semantics/host.ts';
import { membersOf } from '../semantics/list.ts';
import { parseTarget, type Target, type TargetFailure } from '../semantics/target.ts';
import { type Failure, octetFailure, sectionFailure } from './failure.ts';
import { type Framing, parseFraming, type ValueSpan } from './framing.ts';

/** A request's control data and fields, and what only HTTP/1.1 says (RFC9112#3, RFC9112#5). */
export interface Http1RequestHead extends RequestHead {
  /** Minor number of the version, 0 to 9; the major is 1. */
  readonly minor: number;
  readonly framing: Framing;
  /** Whether the connection may carry another request after this one (RFC9112#9.3). */
  readonly isPersistent: boolean;
}

/** Positions in the head's text that the scanners found. */
export interface HeadSpans {
  readonly methodEnd: number;
  readonly targetStart: number;
  readonly targetEnd: number;
  readonly minor: number;
  /** Four positions a field line. */
  readonly fields: readonly number[];
}

const PROTOCOLS = Array.from({ length: 10 }, (_, minor) => `HTTP/1.${minor}`);

const TARGET_CODES = {
  form: 'H1_TARGET_FORM',
  asterisk: 'H1_TARGET_ASTERISK',
  connect: 'H1_TARGET_CONNECT',
  authority: 'H1_TARGET_AUTHORITY',
  'no-host': 'H1_TARGET_NO_HOST',
  userinfo: 'H1_TARGET_USERINFO',
  percent: 'H1_TARGET_PERCENT',
} as const satisfies Record<TargetFailure['failure'], Http1Code>;

/** The fields that decide about a message before anyone else sees it; `undefined` where there is none. */
interface ControlFields {
  hosts: ValueSpan[] | undefined;
  lengths: ValueSpan[] | undefined;
  codings: ValueSpan[] | undefined;
  /** Values of all lines, joined with a comma. */
  connection: string | undefined;
  expect: string | undefined;
}

const NONE: readonly ValueSpan[] = [];

/** The head of a request whose octets the scanners have accepted, or why it is refused. @param text ends with the head. */
export function parseHead(text: string, spans: HeadSpans): Http1RequestHead | Failure {
  const end = text.endsWith('\r\n') ? text.length - 2 : text.length - 1;
  const method = text.slice(0, spans.methodEnd);
  const rawTarget = text.slice(spans.targetStart, spans.targetEnd);
  const target = parseTarget(method, rawTarget);
  if ('failure' in target)
    return octetOrEnd(TARGET_CODES[target.failure], spans.targetStart + target.at, spans.targetEnd);
  const control = findControlFields(text, spans.fields);
  const host = decideHost(text, end, spans.minor, target, control.hosts ?? NONE);
  if (host !== undefined && 'code' in host) return host;
  const framing = parseFraming(text, end, spans.minor, control.codings ?? NONE, control.lengths ?? NONE);
  if ('code' in framing) return framing;
  return {
    method,
    target,
    rawTarget,
    scheme: target.form === 'absolute' ? target.scheme : undefined,
    minor: spans.minor,
    protocol: PROTOCOLS[spans.minor] ?? 'HTTP/1.1',
    fields: new FieldLines(text, spans.fields),
    host,
    framing,
    isPersistent: isPersistent(spans.minor, control.connection),
    expectation: expectationOf(spans.minor, control.expect),
  };
}

/** RFC9112#3.2 and RFC9112#3.3: exactly one valid Host in HTTP/1.1; the target's own authority comes before it. */
function decideHost(
  text: string,
  end: number,
  minor: number,
  target: Target,
  hosts: readonly ValueSpan[],
): Host | undefined | Failure {
  const [first, second] = hosts;
  // RFC9112#3.2 MUST: 400 for more than one Host field line
  if (second !== undefined) return octetFailure('H1_HOST_DUPLICATE', second.from);
  const own = 'host' in target ? target.host : undefined;
  if (first === undefined) {
    // RFC9112#3.2 MUST: 400 for an HTTP/1.1 request that lacks Host
    return minor > 0 ? sectionFailure('H1_HOST_MISSING', end) : own;
  }
  const parsed = parseHost(text.slice(first.from, first.to));
  if (!('failure' in parsed)) return own ?? parsed;
  // RFC9110#4.2.1 MUST: an http URI with an empty host is invalid; an empty Host may stand beside a target that names one
  if (parsed.failure === 'empty' && first.from === first.to) return own ?? sectionFailure('H1_HOST_EMPTY', first.from);
  // RFC9112#3.2 MUST: 400 for a Host with an invalid value
  return octetOrEnd('H1_HOST_OCTET', first.from + parsed.at, first.to);
}

/** RFC9112#9.3: `close` ends persistence, HTTP/1.1 has it by default, HTTP/1.0 asks for it. */
function isPersistent(minor: number, connection: string | undefined): boolean {
  if (connection === undefined) return minor > 0;
  const options = membersOf(connection);
  if (options.includes('close')) return false;
  return minor > 0 || options.includes('keep-alive');
}

/** RFC9110#10.1.1 MUST: HTTP/1.0 knows no 100-continue and is not answered with one. */
function expectationOf(minor: number, expect: string | undefined): RequestHead['expectation'] {
  return expect === undefined || minor === 0 ? 'none' : parseExpectation(expect);
}

function findControlFields(text: string, fields: readonly number[]): ControlFields {
  const found: ControlFields = {
    hosts: undefined,
    lengths: undefined,
    codings: undefined,
    connection: undefined,
    expect: undefined,
  };
  for (let i = 0; i < fields.length; i += 4) {
    const from = fields[i] ?? 0;
    const to = fields[i + 1] ?? 0;
    switch (to - from) {
      case 4:
        if (isNamed(text, from, 'host')) found.hosts = withSpan(found.hosts, fields, i);
        break;
      case 6:
        if (isNamed(text, from, 'expect')) found.expect = withValue(found.expect, text, fields, i);
        break;
      case 10:
        if (isNamed(text, from, 'connection')) found.connection = withValue(found.connection, text, fields, i);
        break;
      case 14:
        if (isNamed(text, from, 'content-length')) found.lengths = withSpan(found.lengths, fields, i);
        break;
      case 17:
        if (isNamed(text, from, 'transfer-encoding')) found.codings = withSpan(found.codings, fields, i);
        break;
      default:
    }
  }
  return found;
}

/** Whether the token at `from`, which is as long as `name`, is `name` in any case. */
function isNamed(text: string, from: number, name: string): boolean {
  // WHY: no octet of a token but a letter becomes a letter by this bit
  for (let i = 0; i < name.length; i++) if ((text.charCodeAt(from + i) | 0x20) !== name.charCodeAt(i)) return false;
  return true;
}

function withSpan(spans: ValueSpan[] | undefined, fields: readonly number[], i: number): ValueSpan[] {
  const span = { from: fields[i + 2] ?? 0, to: fields[i + 3] ?? 0 };
  if (spans === undefined) return [span];
  spans.push(span);
  return spans;
}

function withValue(values: string | undefined, text: string, fields: readonly number[], i: number): string {
  const value = text.slice(fields[i + 2], fields[i + 3]);
  return values === undefined ? value : `${values},${value}`;
}

/** A failure that points past the last octet of its element is about the element, not about what follows it. */
function octetOrEnd(code: Http1Code, at: number, end: number): Failure {
  return at < end ? octetFailure(code, at) : sectionFailure(code, at);
}
