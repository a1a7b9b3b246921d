/**
 * The authority of a target: host and port (RFC9110#4.2, RFC9110#7.2), read from text whose units are octets.
 * Userinfo is not part of it and is reported apart, because RFC9110#4.2.4 asks to treat it as an error.
 */

export interface Host {
  /** As written: a name, an IPv4 address, or an IP literal with its brackets. Never empty. */
  readonly name: string;
  /** 0 to 65535, or `undefined` when absent or empty. */
  readonly port: number | undefined;
}

/** Why a text is no authority, and the index of the first unit that does not fit. */
export interface HostFailure {
  readonly failure: 'empty' | 'userinfo' | 'octet';
  readonly at: number;
}

const NAME = /[A-Za-z0-9\-._~!$&'()*+,;=]/;
const NAME_UNITS = Uint8Array.from({ length: 128 }, (_, unit) => (NAME.test(String.fromCharCode(unit)) ? 1 : 0));
const HEX_PAIR = /^[0-9A-Fa-f]{2}$/;
const IPV_FUTURE = /^v[0-9A-Fa-f]+\.[A-Za-z0-9\-._~!$&'()*+,;=:]+$/;

let lastText = '';
let lastHost: Host | undefined;

/** Host of `uri-host [ ":" port ]`. WHY: the last one is kept, because the requests of a connection name the same. */
export function parseHost(text: string): Host | HostFailure {
  if (lastHost !== undefined && text === lastText) return lastHost;
  const host = readHost(text);
  if (!('failure' in host)) {
    lastText = text;
    lastHost = host;
  }
  return host;
}

function readHost(text: string): Host | HostFailure {
  const nameEnd = text.startsWith('[') ? literalEnd(text) : regNameEnd(text);
  if (typeof nameEnd !== 'number') return nameEnd;
  const port = parsePort(text, nameEnd);
  if (typeof port === 'object') return port;
  if (nameEnd === 0) return { failure: 'empty', at: 0 };
  return { name: text.slice(0, nameEnd), port };
}

/** Index after reg-name or IPv4address (RFC3986#3.2.2): every IPv4 address is a reg-name too. */
function regNameEnd(text: string): number | HostFailure {
  let at = 0;
  while (at < text.length) {
    const unit = text.charCodeAt(at);
    if (unit < 128 && NAME_UNITS[unit] === 1) at++;
    else if (text[at] === '%' && HEX_PAIR.test(text.slice(at + 1, at + 3))) at += 3;
    else break;
  }
  const stray = at < text.length && text[at] !== ':';
  if (text.includes('@', at)) return { failure: 'userinfo', at: text.indexOf('@', at) };
  return stray ? { failure: 'octet', at } : at;
}

/** Index after IP-literal. */
function literalEnd(text: string): number | HostFailure {
  const close = text.indexOf(']');
  if (close === -1) return { failure: 'octet', at: text.length };
  const inner = text.slice(1, close);
  if (isIPv6(inner) || IPV_FUTURE.test(inner)) return close + 1;
  return { failure: 'octet', at: 1 };
}

function parsePort(text: string, at: number): number | undefined | HostFailure {
  if (at === text.length) return undefined;
  if (text[at] !== ':') return { failure: 'octet', at };
  if (at + 1 === text.length) return undefined;
  let port = 0;
  for (let i = at + 1; i < text.length; i++) {
    const digit = text.charCodeAt(i) - 0x30;
    if (digit < 0 || digit > 9) return { failure: 'octet', at: i };
    port = port * 10 + digit;
    // STRICTER RFC9110#4.2.1: the grammar has no upper bound, but no such port exists
    if (port > 65_535) return { failure: 'octet', at: i };
  }
  return port;
}

/** IPv6address (RFC3986#3.2.2): eight groups, one `::` for a run of zeros, a dotted quad for the last two. */
function isIPv6(text: string): boolean {
  const halves = text.split('::');
  if (halves.length > 2) return false;
  const [head = '', tail] = halves;
  const groups = countGroups(head, tail === undefined) + (tail === undefined ? 0 : countGroups(tail, true));
  return tail === undefined ? groups === 8 : groups <= 7;
}

/** Groups in `h16 *( ":" h16 )`, a last dotted quad counting as two where allowed; NaN where it is no such list. */
function countGroups(text: string, mayEndDotted: boolean): number {
  if (text === '') return 0;
  const parts = text.split(':');
  let groups = 0;
  for (const [index, part] of parts.entries()) {
    if (/^[0-9A-Fa-f]{1,4}$/.test(part)) groups += 1;
    else if (mayEndDotted && index === parts.length - 1 && isDottedQuad(part)) groups += 2;
    else return Number.NaN;
  }
  return groups;
}

function isDottedQuad(text: string): boolean {
  const parts = text.split('.');
  return parts.length === 4 && parts.every((part) => /^(0|[1-9][0-9]{0,2})$/.test(part) && Number(part) <= 255);
}
