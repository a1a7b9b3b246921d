import { EXTENSION, GROUP, MESSAGE, SUITE, VERSION } from './names.ts';
import { pairs, uint, vector } from './octets.ts';
import type { Shares } from './shares.ts';

/** What a hello is made of that is not the same on every connection. */
export interface HelloContext {
  readonly shares: Shares;
  readonly random: Buffer;
  readonly sessionId: Buffer;
  /** Name of the target; undefined where it is reached by an address, which is no name (RFC6066#3). */
  readonly serverName: string | undefined;
}

export type ExtensionContent = Buffer | ((context: HelloContext) => Buffer);

/** What differs from the hello of an ordinary client. */
export interface HelloShape {
  readonly legacyVersion?: number;
  readonly sessionId?: Buffer;
  /** Octets behind their length, whole pairs or not. */
  readonly cipherSuites?: Buffer;
  readonly compression?: Buffer;
  /** By type: another content, or undefined to leave it out; a type that an ordinary hello has not comes behind all others. */
  readonly extensions?: readonly (readonly [type: number, content: ExtensionContent | undefined])[];
  /** Come behind all others, whether there is one of their type or not. */
  readonly more?: readonly (readonly [type: number, content: ExtensionContent])[];
  /** What the length of all extensions says, where that is not what is true. */
  readonly extensionBytes?: number;
  /** Has no extensions at all. */
  readonly bare?: boolean;
  /** Octets behind the extensions, within the message. */
  readonly tail?: Buffer;
}

/** A handshake message as octets; `length` may lie. */
export function message(type: number, content: Buffer, length = content.length): Buffer {
  return Buffer.concat([uint(type, 1), uint(length, 3), content]);
}

export function extension(type: number, content: Buffer): Buffer {
  return Buffer.concat([uint(type, 2), vector(2, content)]);
}

/** The content of server_name. */
export function serverName(...names: readonly (string | Buffer)[]): Buffer {
  return vector(2, ...names.map((name) => Buffer.concat([uint(0, 1), vector(2, name)])));
}

/** The content of application_layer_protocol_negotiation. */
export function protocols(...names: readonly (string | Buffer)[]): Buffer {
  return vector(2, ...names.map((name) => vector(1, name)));
}

/** The content of a client's key_share. */
export function keyShares(...entries: readonly (readonly [group: number, share: Buffer])[]): Buffer {
  return vector(2, ...entries.map(([group, share]) => Buffer.concat([uint(group, 2), vector(2, share)])));
}

/** The content of a client's supported_versions. */
export function versions(...offered: readonly number[]): Buffer {
  return vector(1, pairs(...offered));
}

/** The content of supported_groups, and of signature_algorithms. */
export function numbers(...offered: readonly number[]): Buffer {
  return vector(2, pairs(...offered));
}

/** Suites of an ordinary client of TLS 1.2 that RFC9113#A does not prohibit. */
export const SUITES_OF_TLS12 = pairs(
  SUITE.ECDHE_ECDSA_AES_128_GCM,
  SUITE.ECDHE_RSA_AES_128_GCM,
  SUITE.ECDHE_ECDSA_AES_256_GCM,
  SUITE.ECDHE_RSA_AES_256_GCM,
  SUITE.ECDHE_ECDSA_CHACHA,
  SUITE.ECDHE_RSA_CHACHA,
);

/** Every way in which a server may sign that is not broken, whatever its certificate. */
export const SIGNATURES = [0x0403, 0x0503, 0x0603, 0x0807, 0x0804, 0x0805, 0x0806, 0x0809, 0x080a, 0x080b, 0x0401];

/** Extensions of an ordinary client of TLS 1.3, which asks for HTTP/1.1. */
const ORDINARY: readonly (readonly [type: number, content: ExtensionContent | undefined])[] = [
  [EXTENSION.SERVER_NAME, undefined],
  [EXTENSION.SUPPORTED_GROUPS, numbers(GROUP.P256, GROUP.X25519)],
  [EXTENSION.EC_POINT_FORMATS, vector(1, Buffer.of(0))],
  [EXTENSION.SIGNATURE_ALGORITHMS, numbers(...SIGNATURES)],
  [EXTENSION.ALPN, protocols('http/1.1')],
  [EXTENSION.EXTENDED_MASTER_SECRET, Buffer.alloc(0)],
  [EXTENSION.SUPPORTED_VERSIONS, versions(VERSION.TLS13)],
  [EXTENSION.PSK_MODES, vector(1, Buffer.of(1))],
  [EXTENSION.KEY_SHARE, ({ shares }) => keyShares([GROUP.P256, shares.p256], [GROUP.X25519, shares.x25519])],
];

/** The extensions that a client leaves out that knows TLS 1.2 and no more. */
export const OF_TLS12: NonNullable<HelloShape['extensions']> = [
  [EXTENSION.SUPPORTED_VERSIONS, undefined],
  [EXTENSION.PSK_MODES, undefined],
  [EXTENSION.KEY_SHARE, undefined],
];

/** A ClientHello as octets, with its head of four. */
export function clientHello(shape: HelloShape, context: HelloContext): Buffer {
  const { legacyVersion = VERSION.TLS12, sessionId = context.sessionId, compression = Buffer.of(0) } = shape;
  const fixed = [
    uint(legacyVersion, 2),
    context.random,
    vector(1, sessionId),
    vector(2, shape.cipherSuites ?? pairs(SUITE.AES_128_GCM)),
    vector(1, compression),
  ];
  const all = Buffer.concat(extensionsOf(shape, context));
  const extensions = shape.bare === true ? [] : [uint(shape.extensionBytes ?? all.length, 2), all];
  return message(MESSAGE.CLIENT_HELLO, Buffer.concat([...fixed, ...extensions, shape.tail ?? Buffer.alloc(0)]));
}

function extensionsOf(shape: HelloShape, context: HelloContext): readonly Buffer[] {
  const changed = new Map(shape.extensions);
  const name = context.serverName;
  const ordinary = ORDINARY.map(([type, content]) => {
    const own = type === EXTENSION.SERVER_NAME && name !== undefined ? serverName(name) : content;
    return [type, changed.has(type) ? changed.get(type) : own] as const;
  });
  const known = new Set(ORDINARY.map(([type]) => type));
  const further = [...(shape.extensions ?? []).filter(([type]) => !known.has(type)), ...(shape.more ?? [])];
  return [...ordinary, ...further].flatMap(([type, content]) =>
    content === undefined ? [] : [extension(type, typeof content === 'function' ? content(context) : content)],
  );
}

/** A pre_shared_key of so many identities and binders that are nobody's. */
export function psk(identities = 1, binders = identities): Buffer {
  const list = Array.from({ length: identities }, () => Buffer.concat([vector(2, Buffer.alloc(32, 0x61)), uint(0, 4)]));
  return Buffer.concat([
    vector(2, ...list),
    vector(2, ...Array.from({ length: binders }, () => vector(1, Buffer.alloc(32, 0x62)))),
  ]);
}
