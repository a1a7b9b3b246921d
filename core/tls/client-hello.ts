import { Cursor } from './cursor.ts';
import { EXTENSION, type Extensions, readExtension } from './extensions.ts';
import { fail, type HelloFailure } from './hello-failure.ts';

/** A client's first message (RFC8446#4.1.2), as far as a server has to know it before it answers. It owns its octets. */
export interface ClientHello extends Readonly<Extensions> {
  readonly legacyVersion: number;
  readonly sessionIdBytes: number;
  /** In the client's order, GREASE among them. */
  readonly cipherSuites: readonly number[];
  /** Types in the client's order, GREASE among them. */
  readonly extensionTypes: readonly number[];
  /** Octets of the message, its head of four counted. */
  readonly bytes: number;
}

const HEAD_BYTES = 4;
const RANDOM_BYTES = 32;
const MAX_SESSION_ID = 32;

/** Reads a whole ClientHello, with its head of four octets. `message` is only read. */
export function parseClientHello(message: Uint8Array): ClientHello | HelloFailure {
  const hello = new Cursor(message, HEAD_BYTES, message.length);
  const legacyVersion = hello.uint(2);
  hello.skip(RANDOM_BYTES);
  const sessionIdAt = hello.at;
  const sessionId = hello.vector(1);
  if (sessionId.left > MAX_SESSION_ID) return fail('TLS_SESSION_ID', sessionIdAt, true);
  const suites = hello.vector(2);
  const suitesAt = suites.at;
  if (hello.isCut) return fail('TLS_HELLO_CUT', message.length);
  const cipherSuites = suites.pairs();
  if (cipherSuites === undefined) return fail('TLS_CIPHER_SUITES', suitesAt);
  const compression = hello.vector(1);
  if (hello.isCut) return fail('TLS_HELLO_CUT', message.length);
  // RFC8446#4.1.2 MUST: null is the one compression; older versions want it among those that are offered
  if (!message.subarray(compression.at, compression.to).includes(0)) return fail('TLS_COMPRESSION', compression.at);
  const fixed = { legacyVersion, sessionIdBytes: sessionId.left, cipherSuites, bytes: message.length };
  // A client of TLS 1.2 may have no extensions at all
  if (hello.left === 0) return { ...fixed, ...NO_EXTENSIONS, extensionTypes: [] };
  const extensionsAt = hello.at;
  const extensions = hello.vector(2);
  if (hello.isCut || hello.left > 0) return fail('TLS_EXTENSIONS_LENGTH', extensionsAt);
  const read = readExtensions(extensions);
  return 'code' in read ? read : { ...fixed, ...read };
}

const NO_EXTENSIONS: Extensions = {
  serverName: undefined,
  protocols: [],
  versions: [],
  groups: [],
  signatureAlgorithms: [],
  keyShareGroups: [],
  tickets: [],
  hasTicketExtension: false,
};

type ReadExtensions = Extensions & { readonly extensionTypes: readonly number[] };

function readExtensions(list: Cursor): ReadExtensions | HelloFailure {
  const seen = new Set<number>();
  const into: Extensions = { ...NO_EXTENSIONS };
  while (list.left > 0) {
    const { at } = list;
    // RFC8446#4.2.11 MUST: pre_shared_key is the last extension
    if (seen.has(EXTENSION.PRE_SHARED_KEY)) return fail('TLS_PSK_PLACE', at, true);
    const type = list.uint(2);
    const content = list.vector(2);
    if (list.isCut) return fail('TLS_EXTENSION_CUT', at);
    // RFC8446#4.2 MUST NOT: more than one extension of a type
    if (seen.has(type)) return fail('TLS_EXTENSION_TWICE', at, true);
    seen.add(type);
    const failure = readExtension(type, content, into);
    if (failure !== undefined) return failure;
  }
  return { ...into, extensionTypes: [...seen] };
}
