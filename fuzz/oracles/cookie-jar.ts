/**
 * Cookies held against the other side: what a browser makes of Set-Cookie (RFC6265#5.2), and a plain reading of Cookie. What a
 * program says is refused, or becomes one cookie with the attributes that were meant and no more.
 */
import {
  CallerError,
  CODES,
  type CookieAttributes,
  type Cookies,
  formatClearCookie,
  formatSetCookie,
  parseCookies,
  valueError,
} from '../../core/sans-io.ts';
import { OracleError, quoted } from './oracle-error.ts';

type CookieReader = (text: string) => Cookies;
type CookieWriter = (name: string, value: string, attributes: CookieAttributes) => string;

/** No more pairs than this are looked at. */
const MAX_COOKIES = 256;
/** `times=` in a program makes a value longer by so much, at most. */
/** What the compiler does not let through, and a program without types says: each is refused. */
const ODD: Readonly<Record<string, string>> = {
  unknown: '{"samesite":"Lax"}',
  word: '{"secure":"no"}',
  case: '{"sameSite":"lax"}',
  stamp: '{"expires":0}',
};

const MAX_TIMES = 4_096;

/** Demands that a Cookie value is read as a plain reading has it. @param text of a field value: no controls but tabs at its ends */
export function assertCookies(text: string, parse: CookieReader = parseCookies): void {
  const cookies = parse(text);
  const pieces = text.split(';').flatMap((piece) => piece.replace(/^[ \t]+|[ \t]+$/g, '') || []);
  const expected = pieces.slice(0, MAX_COOKIES).flatMap((pair): [string, string][] => {
    const [, name = '', value = ''] = /^([^=]*)=(.*)$/s.exec(pair) ?? [];
    const bare = name.replace(/[ \t]+$/, '');
    return bare === '' || /[\x00-\x08\x0a-\x1f\x7f]/.test(pair) ? [] : [[bare, value.replace(/^[ \t]+/, '')]];
  });
  if (JSON.stringify([...cookies]) !== JSON.stringify(expected)) broken('pairs', `${quoted(text)} is read otherwise`);
  for (const name of new Set([...expected.map(([name]) => name), '__proto__', 'toString'])) {
    const values = expected.flatMap(([other, value]) => (other === name ? [value] : []));
    const answers = [cookies.get(name), cookies.has(name), cookies.all(name)];
    if (JSON.stringify(answers) !== JSON.stringify([values[0], values.length > 0, values])) {
      broken('lookup', `${quoted(name)} is found otherwise`);
    }
  }
  for (const failure of cookies.failures) {
    if (!Object.hasOwn(CODES, failure.failure)) broken('code', `${quoted(failure.failure)} is in no registry`);
    const { offset } = valueError(failure, text);
    if (!(offset >= 0 && offset < text.length)) broken('offset', `${failure.failure} at ${offset}`);
  }
}

/** A program in lines: name, value, then attributes as `path=/x`; `times=2` says the value twice. */
export function assertSetCookie(
  program: string,
  write: CookieWriter = formatSetCookie,
  clear: typeof formatClearCookie = formatClearCookie,
): void {
  const [name = '', once = '', ...lines] = program.split('\n');
  const [, times = '1'] = /\ntimes=([0-9]{1,4})$/m.exec(program) ?? [];
  const value = once.repeat(Math.min(Number(times), MAX_TIMES / Math.max(1, once.length)));
  const attributes: CookieAttributes = Object.assign({}, ...lines.map(attributeOf));
  let text: string;
  try {
    text = write(name, value, attributes);
  } catch (error) {
    if (!(error instanceof CallerError)) throw error;
    if (/^[a-z]+$/.test(name) && /^[a-z]*$/.test(value) && lines.length === 0)
      broken('refused', `${quoted(name)} is refused`);
    return;
  }
  if (lines.some((line) => Object.hasOwn(ODD, line))) broken('odd', `${quoted(program)} is taken`);
  if (!/^[\x20-\x7e]+$/.test(text) || text.endsWith(' ')) broken('octets', `${quoted(text)} is no field value`);
  const cookie = storeCookie(text);
  if (cookie === undefined) return broken('dropped', `a browser drops ${quoted(text)}`);
  if (cookie.name !== name || cookie.value !== value) broken('pair', `${quoted(text)} is another cookie`);
  assertAttributes(cookie.attributes, attributes, text);
  assertPrefix(name, cookie.attributes, text);
  assertForgotten(name, attributes, cookie, clear);
  const back = parseCookies(`${name}=${value}`);
  if (back.size !== 1 || back.get(name) !== value) broken('return', `${quoted(text)} does not come back as it was`);
}

/** RFC6265#5.3: a cookie takes the place of another by its name, domain and path; in the past it is nobody's. */
function assertForgotten(
  name: string,
  { maxAgeSeconds: _, expires: __, ...place }: CookieAttributes,
  of: StoredCookie,
  clear: typeof formatClearCookie,
): void {
  const text = clear(name, place);
  const cookie = storeCookie(text);
  const isSame = ['domain', 'path', 'secure'].every((key) => cookie?.attributes.get(key) === of.attributes.get(key));
  const isOver = Date.parse(cookie?.attributes.get('expires') ?? '') === 0 && cookie?.value === '';
  if (cookie?.name !== name || !isSame || !isOver || cookie.attributes.has('max-age'))
    broken('forgotten', `${quoted(text)} makes nobody forget ${quoted(name)}`);
}

function attributeOf(line: string): CookieAttributes {
  const [, name = '', value = ''] = /^([A-Za-z]*)=?(.*)$/s.exec(line) ?? [];
  switch (name) {
    case 'domain':
      return { domain: value };
    case 'path':
      return { path: value };
    case 'age':
      return { maxAgeSeconds: Number(value) };
    case 'expires':
      return { expires: new Date(Number(value)) };
    case 'secure':
      return { secure: value !== 'no' };
    case 'http':
      return { httpOnly: value !== 'no' };
    case 'lax':
      return { sameSite: 'Lax' };
    case 'strict':
      return { sameSite: 'Strict' };
    case 'none':
      return { sameSite: 'None' };
    case 'partitioned':
      return { partitioned: true };
    default:
      return JSON.parse(ODD[name] ?? '{}');
  }
}

interface StoredCookie {
  readonly name: string;
  readonly value: string;
  readonly attributes: ReadonlyMap<string, string>;
}

/** RFC6265#5.2: what a browser reads of a field; undefined where it ignores it. */
function storeCookie(text: string): StoredCookie | undefined {
  const [pair = '', ...rest] = text.split(';');
  const equals = pair.indexOf('=');
  const name = pair.slice(0, Math.max(0, equals)).trim();
  if (equals === -1 || name === '') return undefined;
  const attributes = rest.map((piece): [string, string] => {
    const at = piece.indexOf('=');
    const key = (at === -1 ? piece : piece.slice(0, at)).trim().toLowerCase();
    return [key, at === -1 ? '' : piece.slice(at + 1).trim()];
  });
  if (new Set(attributes.map(([key]) => key)).size !== attributes.length) return undefined;
  return { name, value: pair.slice(equals + 1).trim(), attributes: new Map(attributes) };
}

function assertAttributes(stored: ReadonlyMap<string, string>, meant: CookieAttributes, text: string): void {
  const expected: Record<string, string | undefined> = {
    domain: meant.domain,
    path: meant.path ?? '/',
    'max-age': meant.maxAgeSeconds?.toString(),
    expires: meant.expires?.toUTCString(),
    httponly: meant.httpOnly === false ? undefined : '',
    samesite: meant.sameSite ?? 'Lax',
    partitioned: meant.partitioned === true ? '' : undefined,
  };
  for (const [key, value] of Object.entries(expected)) {
    if (stored.get(key) !== value) broken('attribute', `${key} of ${quoted(text)}`);
  }
  const mustBeSecure = meant.secure === true || meant.sameSite === 'None' || meant.partitioned === true;
  if (mustBeSecure && !stored.has('secure')) broken('attribute', `Secure of ${quoted(text)}`);
  for (const key of stored.keys())
    if (key !== 'secure' && !Object.hasOwn(expected, key)) broken('attribute', quoted(key));
}

/** What a browser demands of names (draft 6265bis, 4.1.3), in any case. */
function assertPrefix(name: string, stored: ReadonlyMap<string, string>, text: string): void {
  const lower = name.toLowerCase();
  const isHost = lower.startsWith('__host-');
  if ((isHost || lower.startsWith('__secure-')) && !stored.has('secure')) broken('prefix', quoted(text));
  if (isHost && (stored.has('domain') || stored.get('path') !== '/')) broken('prefix', quoted(text));
}

function broken(state: string, message: string): never {
  throw new OracleError('cookies', message, { state });
}
