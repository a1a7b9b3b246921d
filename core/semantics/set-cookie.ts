import { TOKEN } from '../bytes/octets.ts';
import { CallerError } from '../errors/caller-error.ts';
import { imfFixdate } from './date.ts';
import { isAll } from './field-check.ts';

/** Attributes of a cookie (RFC6265#4.1.2). What is not said is what is safest. */
export interface CookieAttributes {
  /** Host that it and its subdomains are for, which includes the one that sets it. @defaultValue that one alone */
  readonly domain?: string;
  /** Paths that it is for. @defaultValue '/' */
  readonly path?: string;
  /** Seconds that it lives, 1 or more; browsers keep none longer than 400 days. @defaultValue until the browser ends */
  readonly maxAgeSeconds?: number;
  /** When it dies; `maxAgeSeconds` comes before it. */
  readonly expires?: Date;
  /** Whether it is sent over TLS alone. @defaultValue false; true where its name, `sameSite: 'None'` or `partitioned` asks for it */
  readonly secure?: boolean;
  /** Whether scripts of pages cannot see it. @defaultValue true */
  readonly httpOnly?: boolean;
  /** Which requests from pages of other sites have it. @defaultValue 'Lax' */
  readonly sameSite?: 'Strict' | 'Lax' | 'None';
  /** Whether each site that embeds this one gets a jar of its own. @defaultValue false */
  readonly partitioned?: boolean;
}

/**
 * Value of Set-Cookie (RFC6265#4.1.1). Nothing is encoded: what a cookie cannot hold is refused, and `encodeURIComponent()` makes
 * of any text one that it can.
 * @throws CallerError COOKIE_NAME, COOKIE_VALUE, COOKIE_BYTES, COOKIE_ATTRIBUTE, COOKIE_PREFIX
 */
export function formatSetCookie(name: string, value: string, attributes: CookieAttributes = {}): string {
  demandPair(name, value);
  demandKnown(attributes);
  const {
    domain,
    path = '/',
    maxAgeSeconds,
    expires,
    httpOnly = true,
    sameSite = 'Lax',
    partitioned = false,
  } = attributes;
  const prefix = /^__(?:host-http|host|secure|http)-/i.exec(name)?.[0].toLowerCase();
  const needsSecure = prefix !== undefined || sameSite === 'None' || partitioned;
  const { secure = needsSecure } = attributes;
  if (needsSecure && !secure) {
    if (prefix !== undefined) throw new CallerError('COOKIE_PREFIX', `${name} needs Secure`);
    throw new CallerError('COOKIE_ATTRIBUTE', `${partitioned ? 'Partitioned' : 'SameSite=None'} needs Secure`);
  }
  demandPrefix(name, prefix, attributes);
  return [
    `${name}=${value}`,
    domain === undefined ? '' : `Domain=${demandDomain(domain)}`,
    `Path=${demandPath(path)}`,
    maxAgeSeconds === undefined ? '' : `Max-Age=${demandAge(maxAgeSeconds)}`,
    expires === undefined ? '' : `Expires=${demandDate(expires)}`,
    secure ? 'Secure' : '',
    httpOnly ? 'HttpOnly' : '',
    `SameSite=${demandSameSite(sameSite)}`,
    partitioned ? 'Partitioned' : '',
  ]
    .filter((part) => part !== '')
    .join('; ');
}

/** Value of Set-Cookie that makes a browser forget a cookie: it has to name the same domain and path. */
export function formatClearCookie(
  name: string,
  attributes: Omit<CookieAttributes, 'maxAgeSeconds' | 'expires'> = {},
): string {
  return formatSetCookie(name, '', { ...attributes, expires: new Date(0) });
}

/** cookie-octet (RFC6265#4.1.1). */
const VALUE = /^[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]*$/;
/** What browsers take at most of a name and its value. */
const MAX_PAIR_BYTES = 4_096;
/** What browsers take at most of an attribute's value. */
const MAX_ATTRIBUTE_BYTES = 1_024;

function demandPair(name: string, value: string): void {
  if (typeof name !== 'string' || name === '' || !isAll(name, TOKEN))
    throw new CallerError('COOKIE_NAME', JSON.stringify(name));
  if (typeof value !== 'string' || !VALUE.test(value))
    throw new CallerError('COOKIE_VALUE', `${name}: ${JSON.stringify(value)}`);
  // RFC6265#6.1: no browser need keep more
  if (name.length + value.length > MAX_PAIR_BYTES) throw new CallerError('COOKIE_BYTES', name);
}

const NAMES: readonly string[] = 'domain path maxAgeSeconds expires secure httpOnly sameSite partitioned'.split(' ');

/** WHY: an attribute that is misspelt would be a cookie that is less safe than it looks. */
function demandKnown(attributes: CookieAttributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (!NAMES.includes(name)) throw new CallerError('COOKIE_ATTRIBUTE', `${name}; there are: ${NAMES.join(', ')}`);
    const isFlag = name === 'secure' || name === 'httpOnly' || name === 'partitioned';
    if (isFlag && value !== undefined && typeof value !== 'boolean') {
      throw new CallerError('COOKIE_ATTRIBUTE', `${name}: ${String(value)} is neither true nor false`);
    }
  }
}

/** What the names promise to whoever reads the cookie back; browsers drop it where that is not kept (draft 6265bis, 4.1.3). */
function demandPrefix(name: string, prefix: string | undefined, { domain, path, httpOnly }: CookieAttributes): void {
  if (prefix?.startsWith('__host-') === true) {
    if (domain !== undefined) throw new CallerError('COOKIE_PREFIX', `${name} must have no Domain`);
    if (path !== undefined && path !== '/') throw new CallerError('COOKIE_PREFIX', `${name} must have Path=/`);
  }
  if (prefix?.endsWith('http-') === true && httpOnly === false) {
    throw new CallerError('COOKIE_PREFIX', `${name} needs HttpOnly`);
  }
}

const DOMAIN = /^(?=.{1,253}$)[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*$/;

/** RFC1123#2.1: labels of letters, digits and hyphens. STRICTER RFC6265#5.2.3: a leading dot, which means nothing, is refused. */
function demandDomain(domain: string): string {
  if (typeof domain === 'string' && DOMAIN.test(domain)) return domain;
  throw new CallerError('COOKIE_ATTRIBUTE', `domain: ${JSON.stringify(domain)} is no host name`);
}

const PATH = /^\/[\x20-\x3a\x3c-\x7e]*$/;

function demandPath(path: string): string {
  const isOne =
    typeof path === 'string' && PATH.test(path) && path.length <= MAX_ATTRIBUTE_BYTES && !path.endsWith(' ');
  if (isOne) return path;
  throw new CallerError('COOKIE_ATTRIBUTE', `path: ${JSON.stringify(path)} is no path`);
}

function demandAge(seconds: number): number {
  if (Number.isSafeInteger(seconds) && seconds >= 1) return seconds;
  throw new CallerError('COOKIE_ATTRIBUTE', `maxAgeSeconds: ${seconds} is no integer from 1 on`);
}

/** RFC6265#5.1.1: browsers take years from 1601 on, of four digits. */
function demandDate(date: Date): string {
  const year = date instanceof Date ? date.getUTCFullYear() : Number.NaN;
  if (year >= 1_601 && year <= 9_999) return imfFixdate(date.getTime());
  throw new CallerError('COOKIE_ATTRIBUTE', `expires: ${String(date)} is no date from 1601 to 9999`);
}

function demandSameSite(sameSite: string): string {
  if (sameSite === 'Strict' || sameSite === 'Lax' || sameSite === 'None') return sameSite;
  throw new CallerError('COOKIE_ATTRIBUTE', `sameSite: ${JSON.stringify(sameSite)} is neither Strict, Lax nor None`);
}
