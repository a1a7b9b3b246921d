/** Authorities and request targets held against the grammar of RFC3986, written down as it stands there, and against WHATWG URL. */
import { latin1, parseHost, parseTarget } from '../../core/sans-io.ts';
import { OracleError, quoted } from './oracle-error.ts';

const PCT = '%[0-9A-Fa-f]{2}';
const UNRESERVED = 'A-Za-z0-9\\-._~';
const SUB_DELIMS = "!$&'()*+,;=";
const H16 = '[0-9A-Fa-f]{1,4}';
const DEC_OCTET = '(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9][0-9]|[0-9])';
const IPV4 = `${DEC_OCTET}(?:\\.${DEC_OCTET}){3}`;
const LS32 = `(?:${H16}:${H16}|${IPV4})`;
/** The nine forms of IPv6address (RFC3986#3.2.2). */
const IPV6 = [
  `(?:${H16}:){6}${LS32}`,
  `::(?:${H16}:){5}${LS32}`,
  `(?:${H16})?::(?:${H16}:){4}${LS32}`,
  `(?:(?:${H16}:){0,1}${H16})?::(?:${H16}:){3}${LS32}`,
  `(?:(?:${H16}:){0,2}${H16})?::(?:${H16}:){2}${LS32}`,
  `(?:(?:${H16}:){0,3}${H16})?::${H16}:${LS32}`,
  `(?:(?:${H16}:){0,4}${H16})?::${LS32}`,
  `(?:(?:${H16}:){0,5}${H16})?::${H16}`,
  `(?:(?:${H16}:){0,6}${H16})?::`,
].join('|');
const IPV_FUTURE = `v[0-9A-Fa-f]+\\.[${UNRESERVED}${SUB_DELIMS}:]+`;
const AUTHORITY = new RegExp(
  `^(\\[(?:${IPV6}|${IPV_FUTURE})\\]|(?:[${UNRESERVED}${SUB_DELIMS}]|${PCT})+)(?::([0-9]*))?$`,
);
/** Hosts that WHATWG takes as they are: others it decodes, reads as numbers or refuses. */
const PLAIN_HOST = /^[a-z][a-z0-9-]*(?:\.[a-z][a-z0-9-]*)*$/i;
const SCHEME = /^([A-Za-z][A-Za-z0-9+\-.]*):\/\/([^/?]*)(.*)$/s;
const MAX_PORT = 65_535;

/** Demands that octets are an authority exactly where the grammar has one, in its parts. */
export function assertAuthority(octets: Uint8Array): void {
  const text = latin1(octets);
  const [, name = '', digits = ''] = AUTHORITY.exec(text) ?? [];
  const isOne = name !== '' && Number(digits) <= MAX_PORT;
  const host = parseHost(text);
  if ('failure' in host) {
    if (isOne) broken('authority', `${quoted(text)} is refused: ${host.failure}`);
    if (!(host.at >= 0 && host.at <= text.length)) broken('offset', `${quoted(text)} fails at ${host.at}`);
    return;
  }
  if (!isOne) broken('authority', `${quoted(text)} is accepted`);
  const port = digits === '' ? undefined : Number(digits);
  if (host.name !== name || host.port !== port) broken('parts', `${quoted(text)} is read as ${JSON.stringify(host)}`);
  if (!PLAIN_HOST.test(name)) return;
  const url = new URL(`http://${text}/`);
  if (url.hostname !== name.toLowerCase() || (url.port !== '' && Number(url.port) !== port)) {
    broken('whatwg', `${quoted(text)} is ${quoted(url.host)} to WHATWG URL`);
  }
}

/** Demands that a target's parts are those of its text, whatever its form; `octets` are those of a request line. */
export function assertTarget(octets: Uint8Array): void {
  const text = latin1(octets).replace(/[^\x21-\x7e]/g, '');
  if (text === '') return;
  for (const method of ['GET', 'OPTIONS', 'CONNECT']) {
    const target = parseTarget(method, text);
    if ('failure' in target) {
      if (!(target.at >= 0 && target.at <= text.length)) broken('offset', `${quoted(text)} fails at ${target.at}`);
      if (method === 'GET' && /^\/(?:[^%#]|%[0-9A-Fa-f]{2})*$/.test(text))
        broken('form', `${quoted(text)} is refused: ${target.failure}`);
      continue;
    }
    const query = 'query' in target && target.query !== undefined ? `?${target.query}` : '';
    const [, scheme = '', authority = '', rest = ''] = SCHEME.exec(text) ?? [];
    const isRight =
      target.form === 'origin'
        ? method !== 'CONNECT' && target.path + query === text
        : target.form === 'absolute'
          ? target.scheme === scheme.toLowerCase() && AUTHORITY.test(authority) && target.path + query === slashed(rest)
          : target.form === 'authority'
            ? method === 'CONNECT' && AUTHORITY.test(text) && target.host.port !== undefined
            : method === 'OPTIONS' && text === '*';
    if (!isRight) broken('target', `${method} ${quoted(text)} is read as ${JSON.stringify(target)}`);
  }
}

/** RFC9110#4.2.3: an empty path stands for "/". */
function slashed(rest: string): string {
  return rest.startsWith('/') ? rest : `/${rest}`;
}

function broken(state: string, message: string): never {
  throw new OracleError('uri', message, { state });
}
