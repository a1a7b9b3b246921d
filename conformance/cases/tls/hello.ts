import {
  alerting,
  defineTlsCases,
  EXTENSION,
  flight,
  GROUP,
  greeting,
  type HelloShape,
  hello,
  keyShares,
  lenient,
  numbers,
  pairs,
  psk,
  refused,
  type TlsCase,
  versions,
} from '../../tls/define.ts';

const NOTHING = Buffer.alloc(0);
const GREASE = 0x4a4a;

/** A hello that cannot be read, and what it is to be told. */
const broken = (
  slug: string,
  title: string,
  says: string,
  shape: HelloShape,
  names: Parameters<typeof refused>[0] = ['decode_error'],
  rfc: TlsCase['rfc'] = 'RFC8446#6',
): TlsCase => ({
  id: `tls/hello/${slug}`,
  title,
  rfc,
  acts: [hello(says, shape), flight],
  allow: refused(names),
  controls: {
    pass: [alerting(names[0] ?? 'decode_error'), alerting('internal_error')],
    fail: [lenient(''), greeting('of TLS 1.2')],
  },
});

export default defineTlsCases([
  broken(
    'compression',
    'Compression is not for TLS 1.3',
    'of TLS 1.3 with the compression methods deflate and null',
    { compression: Buffer.of(1, 0) },
    ['illegal_parameter'],
    'RFC8446#4.1.2',
  ),
  broken(
    'compression-alone',
    'A hello of TLS 1.3 without the null compression is refused',
    'of TLS 1.3 with the compression method deflate alone',
    { compression: Buffer.of(1) },
    ['illegal_parameter'],
    'RFC8446#4.1.2',
  ),
  broken(
    'extension-twice',
    'Two extensions of one type are refused',
    'with supported_groups twice',
    { more: [[EXTENSION.SUPPORTED_GROUPS, numbers(GROUP.P256)]] },
    ['illegal_parameter', 'decode_error'],
    'RFC8446#4.2',
  ),
  broken(
    'extensions-beyond',
    'Extensions that go on beyond the message are refused',
    'whose extensions are 100 octets longer than they are',
    { extensionBytes: 400 },
  ),
  broken('extensions-short', 'Octets behind the extensions are refused', 'with 3 octets behind its extensions', {
    tail: Buffer.alloc(3),
  }),
  broken('session-id-33', 'A session id of more than 32 octets is refused', 'with a session id of 33 octets', {
    sessionId: Buffer.alloc(33, 1),
  }),
  broken('suites-odd', 'Cipher suites that are no whole pairs are refused', 'with 3 octets of cipher suites', {
    cipherSuites: Buffer.from('130113', 'hex'),
  }),
  broken(
    'suites-none',
    'A hello without cipher suites is refused',
    'with no cipher suites',
    { cipherSuites: NOTHING },
    ['decode_error', 'illegal_parameter', 'handshake_failure'],
  ),
  broken(
    'compression-none',
    'A hello without compression methods is refused',
    'with no compression methods',
    { compression: NOTHING },
    ['decode_error', 'illegal_parameter'],
  ),
  broken(
    'suites-unknown',
    'A client with no cipher suite in common is told so',
    'with cipher suites that nobody knows',
    { cipherSuites: pairs(GREASE, 0x13ff) },
    ['handshake_failure', 'insufficient_security'],
    'RFC8446#4.1.1',
  ),
  broken(
    'groups-unknown',
    'A client with no group in common is told so',
    'with groups that nobody knows',
    {
      extensions: [
        [EXTENSION.SUPPORTED_GROUPS, numbers(0xfeff)],
        [EXTENSION.KEY_SHARE, keyShares()],
      ],
    },
    ['handshake_failure', 'insufficient_security'],
    'RFC8446#4.1.1',
  ),
  broken(
    'signatures-unknown',
    'A client that no signature of the server is good for is told so',
    'with signature algorithms that nobody knows',
    { extensions: [[EXTENSION.SIGNATURE_ALGORITHMS, numbers(0xfefe)]] },
    ['handshake_failure'],
    'RFC8446#4.4.2.2',
  ),
  broken(
    'no-groups',
    'A key_share without supported_groups is refused',
    'without supported_groups',
    { extensions: [[EXTENSION.SUPPORTED_GROUPS, undefined]] },
    ['missing_extension'],
    'RFC8446#9.2',
  ),
  broken(
    'no-key-share',
    'Supported_groups without a key_share are refused',
    'without key_share',
    { extensions: [[EXTENSION.KEY_SHARE, undefined]] },
    ['missing_extension'],
    'RFC8446#9.2',
  ),
  broken(
    'no-signatures',
    'A hello without signature_algorithms is refused',
    'without signature_algorithms',
    { extensions: [[EXTENSION.SIGNATURE_ALGORITHMS, undefined]] },
    ['missing_extension'],
    'RFC8446#4.2.3',
  ),
  broken(
    'share-off-curve',
    'A share that is no point of its curve is refused',
    'with a share of P-256 that is not on the curve',
    {
      extensions: [
        [EXTENSION.SUPPORTED_GROUPS, numbers(GROUP.P256)],
        [EXTENSION.KEY_SHARE, keyShares([GROUP.P256, Buffer.concat([Buffer.of(4), Buffer.alloc(64, 9)])])],
      ],
    },
    ['illegal_parameter'],
    'RFC8446#4.2.8.2',
  ),
  broken(
    'share-short',
    'A share that is too short for its group is refused',
    'with a share of P-256 of 64 octets',
    {
      extensions: [
        [EXTENSION.SUPPORTED_GROUPS, numbers(GROUP.P256)],
        [EXTENSION.KEY_SHARE, keyShares([GROUP.P256, Buffer.alloc(64, 4)])],
      ],
    },
    ['illegal_parameter', 'decode_error'],
    'RFC8446#4.2.8.2',
  ),
  broken(
    'share-zero',
    'A share of X25519 that makes the secret zero is refused',
    'with a share of X25519 of 32 zeros',
    {
      extensions: [
        [EXTENSION.SUPPORTED_GROUPS, numbers(GROUP.X25519)],
        [EXTENSION.KEY_SHARE, keyShares([GROUP.X25519, Buffer.alloc(32)])],
      ],
    },
    ['illegal_parameter', 'handshake_failure'],
    'RFC8446#7.4.2',
  ),
  broken(
    'share-empty',
    'A share without octets is refused',
    'with a share of P-256 without octets',
    { extensions: [[EXTENSION.KEY_SHARE, keyShares([GROUP.P256, NOTHING])]] },
    ['decode_error', 'illegal_parameter'],
  ),
  broken(
    'versions-empty',
    'Supported_versions without a version are refused',
    'with no version in supported_versions',
    { extensions: [[EXTENSION.SUPPORTED_VERSIONS, versions()]] },
    ['decode_error', 'protocol_version', 'illegal_parameter'],
  ),
  broken(
    'psk-not-last',
    'A pre_shared_key that is not the last extension is refused',
    'with an extension behind pre_shared_key',
    {
      more: [
        [EXTENSION.PRE_SHARED_KEY, psk()],
        [EXTENSION.PADDING, Buffer.alloc(4)],
      ],
    },
    ['illegal_parameter'],
    'RFC8446#4.2.11',
  ),
  broken(
    'psk-without-modes',
    'A pre_shared_key without psk_key_exchange_modes is refused',
    'with pre_shared_key and without psk_key_exchange_modes',
    { extensions: [[EXTENSION.PSK_MODES, undefined]], more: [[EXTENSION.PRE_SHARED_KEY, psk()]] },
    ['missing_extension', 'illegal_parameter'],
    'RFC8446#4.2.9',
  ),
]);
