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
/** Names of RFC3986 that WHATWG URL takes for another host, or for none, and why it may. All others are the same to both. */
const ONLY_OURS: readonly (readonly [name: RegExp, why: string])[] = [
  [/%/, 'WHATWG decodes what is escaped, and refuses what it finds then; here an escaped name is that name'],
  [/^\[v/i, 'WHATWG knows no literal of a version to come (IPvFuture)'],
  [/^\[/, 'an IPv6 address is written in its shortest form; WHATWG must take it, and may spell it otherwise'],
  [/(?:^|\.)xn--/i, 'WHATWG decodes labels of other scripts, and refuses those that are not encoded well'],
  [
    /(?:^|\.)(?:0x[0-9a-f]*|[0-9]+)\.?$/i,
    'a name whose last label is a number is an IPv4 address to WHATWG, or refused',
  ],
];
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
  assertWhatwg(text, name, port);
}

/** Demands that WHATWG URL finds the same host and port in an authority, but for what is known and explained. */
export function assertWhatwg(text: string, name: string, port: number | undefined): void {
  const url = URL.canParse(`http://${text}/`) ? new URL(`http://${text}/`) : undefined;
  const isSame = url?.hostname === name.toLowerCase();
  const isSamePort = url === undefined || url.port === '' || Number(url.port) === port;
  const isAddress = name.startsWith('[') && !/^\[v/i.test(name);
  const isExplained = ONLY_OURS.some(([names]) => names.test(name)) && !(isAddress && url === undefined);
  if (isSamePort && (isSame || isExplained)) return;
  broken('whatwg', `${quoted(text)} is ${quoted(url?.host ?? 'no host')} to WHATWG URL`);
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
