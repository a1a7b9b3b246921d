import {
  alerting,
  completes,
  defineTlsCases,
  EXTENSION,
  flight,
  greeting,
  hello,
  lenient,
  refused,
  serverName,
  serves,
  serving,
  type TlsCase,
  uint,
  vector,
  warned,
} from '../../tls/define.ts';

const NOTHING = Buffer.alloc(0);
const named = (content: Buffer) => ({ extensions: [[EXTENSION.SERVER_NAME, content] as const] });

/** A server_name that cannot be read. */
const broken = (slug: string, title: string, says: string, content: Buffer): TlsCase => ({
  id: `tls/sni/${slug}`,
  title,
  rfc: 'RFC8446#6',
  acts: [hello(says, named(content)), flight],
  allow: refused(['decode_error', 'illegal_parameter']),
  controls: { pass: [alerting('decode_error')], fail: [lenient('')] },
});

/** A name that is none: who serves it under the name of nobody does no harm. */
const noName = (slug: string, says: string, name: string | Buffer): TlsCase => ({
  id: `tls/sni/${slug}`,
  title: `A name that is none is refused, or served as that of nobody: ${says}`,
  rfc: 'RFC6066#3',
  level: 'MAY',
  acts: [hello(`with the server name ${says}`, named(serverName(name))), ...completes],
  allow: [...refused(['unrecognized_name', 'illegal_parameter', 'decode_error', 'handshake_failure']), ...serves()],
  controls: { pass: [alerting('unrecognized_name'), serving('')], fail: [greeting('and no more')] },
});

export default defineTlsCases([
  {
    id: 'tls/sni/none',
    title: 'A client that names nobody is served, or told that it has to',
    rfc: 'RFC8446#9.2',
    acts: [hello('without server_name', { extensions: [[EXTENSION.SERVER_NAME, undefined]] }), ...completes],
    allow: [...serves(), ...refused(['missing_extension', 'unrecognized_name', 'handshake_failure']).slice(0, 1)],
    controls: { pass: [serving(''), alerting('missing_extension')], fail: [alerting('internal_error')] },
  },
  {
    id: 'tls/sni/unknown',
    title: 'A client that names an unknown host is served, or refused with a fatal alert',
    rfc: 'RFC6066#3',
    level: 'SHOULD',
    why: 'A warning would be legal too, but clients differ in what they do with it (RFC6066#3): either go on or end it.',
    acts: [hello('with the server name nobody.invalid', named(serverName('nobody.invalid'))), ...completes],
    allow: [...serves(), ...refused(['unrecognized_name', 'handshake_failure']).slice(0, 1)],
    controls: { pass: [serving(''), alerting('unrecognized_name')], fail: [alerting('internal_error')] },
  },
  {
    id: 'tls/sni/upper-case',
    title: 'Upper case in a name changes nothing',
    rfc: 'RFC6066#3',
    acts: [hello('with the server name LOCALHOST', named(serverName('LOCALHOST'))), ...completes],
    allow: serves(),
    controls: { pass: [serving('')], fail: [alerting('unrecognized_name')] },
  },
  {
    id: 'tls/sni/two-names',
    title: 'Two host names in one hello are refused',
    rfc: 'RFC6066#3',
    acts: [hello('with the server names a.test and b.test', named(serverName('a.test', 'b.test'))), ...completes],
    allow: [
      ...refused(['decode_error', 'illegal_parameter', 'unrecognized_name']),
      ...warned(serves(), 'the client must not send it; what a server does with it is not said'),
    ],
    controls: { pass: [alerting('decode_error'), serving('')], fail: [greeting('and no more')] },
  },
  {
    id: 'tls/sni/other-type',
    title: 'A name of a type that nobody knows ends nothing but the handshake at most',
    rfc: 'RFC6066#3',
    level: 'MAY',
    acts: [
      hello('with a name of type 7', named(vector(2, Buffer.concat([uint(7, 1), vector(2, 'localhost')])))),
      ...completes,
    ],
    allow: [...serves(), ...refused(['decode_error', 'illegal_parameter', 'unrecognized_name'])],
    controls: { pass: [serving(''), alerting('decode_error')], fail: [greeting('and no more')] },
  },
  broken('empty-name', 'A name without octets is refused', 'with an empty server name', serverName(NOTHING)),
  broken('empty-list', 'A list without a name is refused', 'with an empty list of server names', vector(2)),
  broken('no-octets', 'A server_name without octets is refused', 'with server_name and nothing in it', NOTHING),
  broken(
    'name-beyond',
    'A name that is longer than its list is refused',
    'with a server name of 200 octets in a list of 12',
    vector(2, uint(0, 1), uint(200, 2), 'localhost'),
  ),
  broken(
    'list-beyond',
    'A list that is longer than its extension is refused',
    'with a list of server names that announces 300 octets',
    Buffer.concat([uint(300, 2), serverName('localhost').subarray(2)]),
  ),
  broken(
    'list-short',
    'Octets behind the list of names are refused',
    'with 2 octets behind its list of server names',
    Buffer.concat([serverName('localhost'), Buffer.alloc(2)]),
  ),
  noName('nul', '"localhost" and a NUL octet behind', Buffer.from('localhost\0.test', 'latin1')),
  noName('space', '"local host"', 'local host'),
  noName('slash', '"../etc/passwd"', '../etc/passwd'),
  noName('address', '"127.0.0.1"', '127.0.0.1'),
  noName('octets', 'of octets above 127', Buffer.from([0xff, 0xfe, 0x80])),
  noName('long', 'of 300 letters', 'a'.repeat(300)),
  noName('dots', '"a..test"', 'a..test'),
]);
