/** The messages of a server's flight, read leniently, and what is wrong with them. */
import { constants, createPublicKey, verify, X509Certificate } from 'node:crypto';
import { EXTENSION, SUITE, VERSION } from './names.ts';
import { OctetReader } from './octets.ts';

/** Random of a HelloRetryRequest (RFC8446#4.1.3). */
export const RETRY_RANDOM = Buffer.from('cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c', 'hex');

/** Extensions of a message, in its order. */
export type ExtensionList = readonly (readonly [type: number, content: Buffer])[];

export interface ServerHello {
  readonly legacyVersion: number;
  /** As agreed upon: that of supported_versions, or the one above. */
  readonly version: number;
  readonly random: Buffer;
  readonly sessionId: Buffer;
  readonly cipherSuite: number;
  readonly compression: number;
  readonly extensions: ExtensionList;
  readonly isRetry: boolean;
  /** It ends before its fields do, or goes on behind them. */
  readonly isBroken: boolean;
}

/** What our hello offered, as far as the answers are held against it. */
export interface Offered {
  readonly sessionId: Buffer;
  readonly cipherSuites: readonly number[];
  readonly extensions: ExtensionList;
}

export function readServerHello(body: Buffer): ServerHello {
  const reader = new OctetReader(body);
  const [legacyVersion, random, sessionId] = [reader.uint(2), reader.take(32), reader.vector(1)];
  const [cipherSuite, compression] = [reader.uint(2), reader.uint(1)];
  const extensions = reader.left === 0 ? [] : readExtensions(reader);
  const chosen = contentOf(extensions, EXTENSION.SUPPORTED_VERSIONS);
  const version = chosen?.length === 2 ? chosen.readUInt16BE(0) : legacyVersion;
  const isBroken = reader.isCut || reader.left > 0;
  const isRetry = random.equals(RETRY_RANDOM);
  return { legacyVersion, version, random, sessionId, cipherSuite, compression, extensions, isRetry, isBroken };
}

/** What a ClientHello offers, with its head of four octets. */
export function readOffer(hello: Buffer): Offered {
  const reader = new OctetReader(hello.subarray(4 + 2 + 32));
  const [sessionId, suites] = [reader.vector(1), reader.vector(2)];
  reader.vector(1);
  const cipherSuites = Array.from({ length: suites.length >> 1 }, (_, index) => suites.readUInt16BE(2 * index));
  return { sessionId, cipherSuites, extensions: readExtensions(reader) };
}

/** Extensions behind their common length. */
export function readExtensions(reader: OctetReader): ExtensionList {
  const list = new OctetReader(reader.vector(2));
  const found: (readonly [number, Buffer])[] = [];
  while (list.left > 0) found.push([list.uint(2), list.vector(2)]);
  if (list.isCut) reader.isCut = true;
  return found;
}

/** The content of the first extension of a type. */
export function contentOf(extensions: ExtensionList, type: number): Buffer | undefined {
  return extensions.find(([own]) => own === type)?.[1];
}

/** The one protocol of an answer to ALPN; undefined where it is no list of one. */
export function readProtocol(content: Buffer): string | undefined {
  const reader = new OctetReader(content);
  const list = new OctetReader(reader.vector(2));
  const name = list.vector(1);
  const isWhole = !reader.isCut && !list.isCut && reader.left === 0 && list.left === 0 && name.length > 0;
  return isWhole ? name.toString('latin1') : undefined;
}

/** What is wrong with a ServerHello or a HelloRetryRequest, each with its clause. */
export function* lintServerHello(hello: ServerHello, offered: Offered): Iterable<string> {
  if (hello.isBroken) yield 'RFC8446#4.1.3: ServerHello does not end with its fields';
  if (!offered.cipherSuites.includes(hello.cipherSuite)) yield 'RFC8446#4.1.3: a cipher suite that was not offered';
  if (hello.compression !== 0) yield 'RFC8446#4.1.3: a compression method';
  yield* twice(hello.extensions);
  if (hello.version < VERSION.TLS13) {
    const isSignal = (type: number) =>
      type === EXTENSION.RENEGOTIATION_INFO && offered.cipherSuites.includes(SUITE.RENEGOTIATION_SCSV);
    yield* unasked(
      hello.extensions.filter(([type]) => !isSignal(type)),
      offered,
    );
    return;
  }
  if (hello.legacyVersion !== VERSION.TLS12) yield 'RFC8446#4.1.3: legacy_version is not 0x0303';
  if (!hello.sessionId.equals(offered.sessionId)) yield 'RFC8446#4.1.3: legacy_session_id_echo is not what was sent';
  const belong = hello.isRetry ? OF_RETRY : OF_HELLO;
  for (const [type] of hello.extensions) {
    if (!belong.has(type))
      yield `RFC8446#4.2: extension ${type} in a ${hello.isRetry ? 'HelloRetryRequest' : 'ServerHello'}`;
  }
}

const OF_HELLO: ReadonlySet<number> = new Set([
  EXTENSION.SUPPORTED_VERSIONS,
  EXTENSION.KEY_SHARE,
  EXTENSION.PRE_SHARED_KEY,
]);
const OF_RETRY: ReadonlySet<number> = new Set([EXTENSION.SUPPORTED_VERSIONS, EXTENSION.KEY_SHARE, EXTENSION.COOKIE]);

/** What is wrong with EncryptedExtensions. */
export function* lintEncryptedExtensions(extensions: ExtensionList, offered: Offered): Iterable<string> {
  yield* twice(extensions);
  yield* unasked(extensions, offered);
  for (const [type] of extensions) {
    if (OF_HELLO.has(type) || NEVER_ENCRYPTED.has(type))
      yield `RFC8446#4.3.1: extension ${type} in EncryptedExtensions`;
  }
  yield* lintProtocol(extensions, offered);
}

/** Forbidden there by the table of RFC8446#4.2. */
const NEVER_ENCRYPTED: ReadonlySet<number> = new Set([
  EXTENSION.SIGNATURE_ALGORITHMS,
  EXTENSION.COOKIE,
  EXTENSION.PSK_MODES,
]);

/** What is wrong with the answer to ALPN. */
export function* lintProtocol(extensions: ExtensionList, offered: Offered): Iterable<string> {
  const answer = contentOf(extensions, EXTENSION.ALPN);
  if (answer === undefined) return;
  const chosen = readProtocol(answer);
  if (chosen === undefined) yield 'RFC7301#3.1: the answer to ALPN is no list of one protocol';
  const list = new OctetReader(contentOf(offered.extensions, EXTENSION.ALPN)?.subarray(2) ?? Buffer.alloc(0));
  const names: string[] = [];
  while (list.left > 0) names.push(list.vector(1).toString('latin1'));
  if (chosen !== undefined && !names.includes(chosen)) yield `RFC7301#3.2: "${chosen}" was selected and not offered`;
}

function* twice(extensions: ExtensionList): Iterable<string> {
  const types = extensions.map(([type]) => type);
  if (new Set(types).size < types.length) yield 'RFC8446#4.2: two extensions of one type';
}

function* unasked(extensions: ExtensionList, offered: Offered): Iterable<string> {
  for (const [type] of extensions) {
    if (contentOf(offered.extensions, type) === undefined)
      yield `RFC8446#4.2: extension ${type}, which was not asked for`;
  }
}

/** A server's Certificate (RFC8446#4.4.2): the first certificate, DER, and whether its context is empty, as it has to be. */
export function readCertificate(body: Buffer): { readonly leaf: Buffer | undefined; readonly isBare: boolean } {
  const reader = new OctetReader(body);
  const context = reader.vector(1);
  const list = new OctetReader(reader.vector(3));
  const leaf = list.left === 0 ? undefined : list.vector(3);
  return { leaf, isBare: context.length === 0 };
}

const SERVER_CONTEXT = `${' '.repeat(64)}TLS 1.3, server CertificateVerify\0`;
export const CLIENT_CONTEXT = `${' '.repeat(64)}TLS 1.3, client CertificateVerify\0`;

/** What is wrong with a server's CertificateVerify (RFC8446#4.4.3). */
export function* lintCertificateVerify(
  body: Buffer,
  leaf: Buffer | undefined,
  hash: Buffer,
  offered: Offered,
): Iterable<string> {
  const reader = new OctetReader(body);
  const [algorithm, signature] = [reader.uint(2), reader.vector(2)];
  const list = contentOf(offered.extensions, EXTENSION.SIGNATURE_ALGORITHMS)?.subarray(2) ?? Buffer.alloc(0);
  const known = Array.from({ length: list.length >> 1 }, (_, index) => list.readUInt16BE(2 * index));
  if (!known.includes(algorithm)) yield 'RFC8446#4.4.3: signed in a way that was not offered';
  const way = WAYS[algorithm];
  if (way === undefined || leaf === undefined) return yield 'RFC8446#4.4.3: signed in a way that TLS 1.3 has not';
  const signed = Buffer.concat([Buffer.from(SERVER_CONTEXT, 'latin1'), hash]);
  const { publicKey } = new X509Certificate(leaf);
  const { PSS } = way;
  const key = PSS
    ? { key: publicKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }
    : createPublicKey(publicKey.export({ format: 'pem', type: 'spki' }));
  if (!verify(way.hash, signed, key, signature)) yield 'RFC8446#4.4.3: the signature is not that of the certificate';
}

const EC = { PSS: false } as const;
const RSA = { PSS: true } as const;
/** Hash and padding of each way to sign; EdDSA has a hash of its own. */
const WAYS: Readonly<Record<number, { readonly hash: string | null; readonly PSS: boolean }>> = {
  1027: { ...EC, hash: 'sha256' },
  1283: { ...EC, hash: 'sha384' },
  1539: { ...EC, hash: 'sha512' },
  2055: { ...EC, hash: null },
  2052: { ...RSA, hash: 'sha256' },
  2053: { ...RSA, hash: 'sha384' },
  2054: { ...RSA, hash: 'sha512' },
  2057: { ...RSA, hash: 'sha256' },
  2058: { ...RSA, hash: 'sha384' },
  2059: { ...RSA, hash: 'sha512' },
};
