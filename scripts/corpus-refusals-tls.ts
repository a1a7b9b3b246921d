/** One ClientHello, or what is none, for each way in which it can be refused: seeds. */
import { uint } from '../fuzz/grammar/octets.ts';
import type { ExampleSet } from './corpus-examples.ts';

const vec = (octets: number, ...parts: readonly string[]): string =>
  uint(parts.join('').length, octets) + parts.join('');
const ext = (type: number, content = ''): string => uint(type, 2) + vec(2, content);
const record = (octets: string): string => `\x16\x03\x01${vec(2, octets)}`;
const message = (body: string): string => `\x01${vec(3, body)}`;
const fixed = ({ session = '', suites = '\x13\x01', compression = '\0' } = {}): string =>
  `\x03\x03${'r'.repeat(32)}${vec(1, session)}${vec(2, suites)}${vec(1, compression)}`;
const body = (text: string): string => record(message(text));
const extensions = (text: string): string => body(fixed() + vec(2, text));
const name = (text: string): string => ext(0, vec(2, '\0', vec(2, text)));
const identities = vec(2, vec(2, 't'), uint(0, 4));
const binder = vec(1, 'b'.repeat(32));

/** Code by code, in the order of the registry. Limits are those of the target: 4,096 octets, 24 records. */
const REFUSALS: readonly (readonly [code: string, input: string])[] = [
  ['TLS_PLAINTEXT_HTTP', 'GET / HTTP/1.1\r\n'],
  ['TLS_SSL2', '\x80\x2e\x01\x03\x01'],
  ['TLS_RECORD_TYPE', '\x15\x03\x01\0\x02\x01\0'],
  ['TLS_RECORD_VERSION', '\x16\x02\0'],
  ['TLS_RECORD_EMPTY', '\x16\x03\x01\0\0'],
  ['TLS_RECORD_BYTES', '\x16\x03\x01\x40\x01'],
  ['TLS_RECORD_INTERLEAVED', `${record('\x01')}\x15`],
  ['TLS_HELLO_RECORDS', record('\x01') + record('\0') + record('\x01').repeat(23)],
  ['TLS_HELLO_TYPE', record('\x02\0\0\0')],
  ['TLS_HELLO_BYTES', record('\x01\0\x10\x01')],
  ['TLS_HELLO_TRAILING', record(`${message(fixed())}x`)],
  ['TLS_HELLO_CUT', body('\x03\x03')],
  ['TLS_SESSION_ID', body(fixed({ session: 's'.repeat(33) }))],
  ['TLS_CIPHER_SUITES', body(fixed({ suites: 'abc' }))],
  ['TLS_COMPRESSION', body(fixed({ compression: '\x01' }))],
  ['TLS_EXTENSIONS_LENGTH', body(`${fixed()}${vec(2, ext(1))}x`)],
  ['TLS_EXTENSION_CUT', extensions('\0\x01\0\x02a')],
  ['TLS_EXTENSION_TWICE', extensions(ext(1) + ext(1))],
  ['TLS_SERVER_NAMES', extensions(ext(0, '\0\0'))],
  ['TLS_SERVER_NAME_OCTET', extensions(name('a/b'))],
  ['TLS_SERVER_NAME_LABEL', extensions(name('a..b'))],
  ['TLS_ALPN', extensions(ext(16, '\0\x01\0'))],
  ['TLS_VERSIONS', extensions(ext(43, '\x01\x03'))],
  ['TLS_GROUPS', extensions(ext(10, '\0\x02\0'))],
  ['TLS_SIGNATURES', extensions(ext(13, '\0\x02\x04\x03x'))],
  ['TLS_KEY_SHARES', extensions(ext(51, '\0\x04\0\x1d\0\0'))],
  ['TLS_PSK', extensions(ext(41, identities + vec(2, binder, binder)))],
  ['TLS_PSK_PLACE', extensions(ext(41, identities + vec(2, binder)) + ext(1))],
  ['TLS_HELLO_TIMEOUT', body(fixed()).slice(0, -1)],
];

/** What no code tells apart: a method that is none, and a protocol whose name has no letters. */
const FURTHER: readonly string[] = ['G(', extensions(ext(16, vec(2, vec(1, '\xab'))))];

/** Pairs of octets: who comes (2), goes (1), and how many eighths of a second pass (0). */
const ADMISSIONS: readonly string[] = [
  `${'\x02\0'.repeat(4)}${'\x01\0'.repeat(3)}\0\x04\x02\0\0\x04\x02\0`,
  [0, 1, 2, 3, 4, 5, 6, 7, 8].map((address) => `\x02${String.fromCharCode(address)}`).join(''),
  `${'\x02\x03\x01\0'.repeat(5)}\0\x04\x02\x04\x02\x04`,
  `${Array.from({ length: 9 }, (_, index) => `\x02${String.fromCharCode(20 + index)}\x01\0`).join('')}\0\x08\x02\x09`,
  Array.from({ length: 24 }, (_, index) => `\0\x08\x02${String.fromCharCode(20 + index)}\x01\0`).join(''),
  // Those that are under way are remembered longer than who was turned away
  Array.from({ length: 24 }, (_, index) => `\0\x08\x02${String.fromCharCode(20 + index)}`).join(''),
  Array.from({ length: 24 }, (_, index) => `\0\x08\x02${String.fromCharCode(index % 12)}\x01\x05`).join(''),
];

/** Policies and, behind an empty line, names that are asked for. */
const POLICIES: readonly string[] = [
  'a.test *.a.test\nb.test\n\na.test\nA.TEST.\nx.a.test\nx.y.a.test\nb.test\nc.test\n192.0.2.1\n[::1]\n-',
  'a.test\n\nb.test\n\na.test',
  ' \na.test\n\nlocalhost\na.test\n',
  ' \n \n\na',
  'a.test A.test.\n\na.test',
  '*.test\n*.test',
  '*',
  'a..b',
  'localhost\n\nlocalhost',
  '*.a.test\nx.a.test\n\nx.a.test\ny.a.test',
];

export const TLS_REFUSAL_SETS: readonly ExampleSet[] = [
  {
    target: 'client-hello',
    set: 'refusals',
    origin: 'scripts/corpus-refusals-tls.ts: one for each error code of a ClientHello',
    inputs: REFUSALS.map(([, input]) => input),
  },
  {
    target: 'client-hello',
    set: 'further',
    origin: 'scripts/corpus-refusals-tls.ts: places that no code tells apart',
    inputs: FURTHER,
  },
  {
    target: 'tls-admission',
    set: 'admissions',
    origin: 'scripts/corpus-refusals-tls.ts: each limit met, each kind of address',
    inputs: ADMISSIONS,
  },
  {
    target: 'tls-policies',
    set: 'policies',
    origin: 'scripts/corpus-refusals-tls.ts: names in full, wildcards, the rest, and what is none',
    inputs: POLICIES,
  },
];
