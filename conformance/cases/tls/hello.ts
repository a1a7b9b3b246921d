import {
  alerting,
  CONTENT,
  completes,
  defineTlsCases,
  EXTENSION,
  flight,
  GROUP,
  greeting,
  greets,
  type HelloShape,
  hello,
  keyShares,
  lenient,
  MESSAGE,
  message,
  numbers,
  OF_TLS12,
  octets,
  pairs,
  record,
  refused,
  SIGNATURES,
  SUITE,
  SUITES_OF_TLS12,
  serves,
  serving,
  type TlsCase,
  uint,
  VERSION,
  vector,
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

/** The hello of an ordinary client with its octets changed by hand. */
const cut = (says: string, change: (whole: Buffer) => Buffer) =>
  octets(says, (talk) => record(CONTENT.HANDSHAKE, change(talk.client.makeHello({}))));

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
  {
    id: 'tls/hello/psk-unknown',
    title: 'An identity that the server does not know is passed over, and the handshake is a full one',
    rfc: 'RFC8446#4.2.11',
    level: 'SHOULD',
    acts: [hello('with an identity that is nobody’s', { more: [[EXTENSION.PRE_SHARED_KEY, psk()]] }), ...completes],
    allow: serves(),
    controls: { pass: [serving('')], fail: [alerting('unknown_psk_identity')] },
  },
  {
    id: 'tls/hello/psk-binders-few',
    title: 'An identity without its binder is refused, or passed over with the others',
    rfc: 'RFC8446#4.2.11',
    level: 'MAY',
    acts: [
      hello('with two identities and one binder', { more: [[EXTENSION.PRE_SHARED_KEY, psk(2, 1)]] }),
      ...completes,
    ],
    allow: [...refused(['illegal_parameter', 'decode_error']), ...serves()],
    controls: { pass: [alerting('illegal_parameter'), lenient('')], fail: [greeting('of TLS 1.2')] },
  },
  {
    id: 'tls/hello/early-data-passed-over',
    title: 'Early data of a session that the server does not know is passed over',
    rfc: 'RFC8446#4.2.10',
    acts: [
      hello('with early_data and an identity that is nobody’s', {
        more: [
          [EXTENSION.EARLY_DATA, NOTHING],
          [EXTENSION.PRE_SHARED_KEY, psk()],
        ],
      }),
      octets('early data that nobody can open', record(CONTENT.APPLICATION_DATA, Buffer.alloc(200, 3))),
      ...completes,
    ],
    allow: serves(),
    controls: { pass: [serving('')], fail: [alerting('bad_record_mac')] },
  },
  {
    id: 'tls/hello/unknown-extensions',
    title: 'Extensions that the server does not know are passed over',
    rfc: 'RFC8446#4.1.2',
    acts: [
      hello('with five extensions that nobody knows', {
        more: [
          [0xfafa, NOTHING],
          [0x5555, Buffer.alloc(300, 1)],
          [0xfe0d, Buffer.alloc(40)],
          [0x4469, Buffer.from('0003026832', 'hex')],
          [0xffce, NOTHING],
        ],
      }),
      ...completes,
    ],
    allow: serves(),
    controls: { pass: [serving('')], fail: [alerting('unsupported_extension')] },
  },
  {
    id: 'tls/hello/grease',
    title: 'Values that nobody will ever use are passed over wherever they stand',
    rfc: 'RFC8701#4.1',
    acts: [
      hello(
        'with GREASE among suites, groups, signatures, versions, protocols, shares and extensions',
        ({ shares }) => ({
          cipherSuites: pairs(GREASE, SUITE.AES_128_GCM),
          extensions: [
            [EXTENSION.SUPPORTED_GROUPS, numbers(GREASE, GROUP.P256)],
            [EXTENSION.SIGNATURE_ALGORITHMS, numbers(GREASE, ...SIGNATURES)],
            [EXTENSION.SUPPORTED_VERSIONS, versions(GREASE, VERSION.TLS13)],
            [EXTENSION.ALPN, vector(2, vector(1, Buffer.of(0x4a, 0x4a)), vector(1, 'http/1.1'))],
            [EXTENSION.PSK_MODES, vector(1, Buffer.of(0x2a, 1))],
            [EXTENSION.KEY_SHARE, keyShares([GREASE, Buffer.of(0)], [GROUP.P256, shares.p256])],
          ],
          more: [
            [GREASE, NOTHING],
            [0x5a5a, Buffer.of(0)],
          ],
        }),
      ),
      ...completes,
    ],
    allow: serves(),
    controls: { pass: [serving('')], fail: [alerting('illegal_parameter')] },
  },
  {
    id: 'tls/hello/large',
    title: 'A hello as long as one with a share of ML-KEM, which fills more than one segment, is taken',
    rfc: 'RFC8446#C.3',
    why: 'Browsers send such hellos today.',
    acts: [
      hello(
        'with a share of 1,216 octets of a group that nobody knows, one of P-256, and 2,000 octets of padding',
        ({ shares }) => ({
          extensions: [
            [EXTENSION.SUPPORTED_GROUPS, numbers(0xfe30, GROUP.P256)],
            [EXTENSION.KEY_SHARE, keyShares([0xfe30, Buffer.alloc(1_216, 1)], [GROUP.P256, shares.p256])],
          ],
          more: [[EXTENSION.PADDING, Buffer.alloc(2_000)]],
        }),
      ),
      ...completes,
    ],
    allow: serves(),
    controls: { pass: [serving('')], fail: [alerting('decode_error')] },
  },
  {
    id: 'tls/hello/no-session-id',
    title: 'A client without compatibility mode is served',
    rfc: 'RFC8446#4.1.3',
    acts: [hello('with an empty session id', { sessionId: NOTHING }), ...completes],
    allow: serves(),
    controls: { pass: [serving('')], fail: [alerting('decode_error')] },
  },
  {
    id: 'tls/hello/truncated',
    title: 'A hello that ends within its fields is refused',
    rfc: 'RFC8446#6',
    acts: [
      cut('a ClientHello that ends within its random, its lengths true', (whole) =>
        message(MESSAGE.CLIENT_HELLO, whole.subarray(4, 20)),
      ),
      flight,
    ],
    allow: refused(['decode_error']),
    controls: { pass: [alerting('decode_error')], fail: [lenient('')] },
  },
  {
    id: 'tls/hello/extension-beyond',
    title: 'An extension that goes on beyond all of them is refused',
    rfc: 'RFC8446#6',
    acts: [
      cut('a ClientHello whose last extension is longer than all of them', (whole) => {
        const lying = Buffer.concat([whole, Buffer.from('00150004', 'hex')]);
        const at = whole.indexOf(Buffer.from('130101000', 'hex').subarray(0, 4)) + 4;
        lying.writeUIntBE(whole.length, 1, 3);
        lying.writeUInt16BE(whole.readUInt16BE(at) + 4, at);
        return lying;
      }),
      flight,
    ],
    allow: refused(['decode_error']),
    controls: { pass: [alerting('decode_error')], fail: [lenient('')] },
  },
  {
    id: 'tls/hello/empty',
    title: 'A hello without octets is refused',
    rfc: 'RFC8446#6',
    acts: [
      octets('a ClientHello without octets', record(CONTENT.HANDSHAKE, message(MESSAGE.CLIENT_HELLO, NOTHING))),
      flight,
    ],
    allow: refused(['decode_error']),
    controls: { pass: [alerting('decode_error')], fail: [greeting('of TLS 1.2')] },
  },
  {
    id: 'tls/hello/trailing',
    title: 'Octets behind the hello in its record are refused',
    rfc: 'RFC8446#5.1',
    why: 'A hello comes before a change of keys, so it has to end its record.',
    acts: [
      cut('a ClientHello with the beginning of another message behind it in its record', (whole) =>
        Buffer.concat([whole, Buffer.from('0b000040', 'hex')]),
      ),
      flight,
    ],
    allow: refused(['unexpected_message']),
    controls: { pass: [alerting('unexpected_message')], fail: [greeting('of TLS 1.2')] },
  },
  {
    id: 'tls/hello/other-message',
    title: 'A connection that does not begin with a hello is refused',
    rfc: 'RFC8446#4',
    acts: [octets('a ServerHello', record(CONTENT.HANDSHAKE, message(MESSAGE.SERVER_HELLO, Buffer.alloc(60)))), flight],
    allow: refused(['unexpected_message']),
    controls: { pass: [alerting('unexpected_message')], fail: [greeting('of TLS 1.2')] },
  },
  {
    id: 'tls/hello/16-mib',
    title: 'A hello that announces 16 MiB is not waited for',
    rfc: 'RFC8446#6',
    level: 'SHOULD',
    tags: ['abuse'],
    why: 'No clause bounds a hello; extensions of 2^16 octets are all that it can have, so its length is a lie.',
    acts: [
      octets(
        'a ClientHello that announces 16,777,215 octets, and 4 records of 16,384',
        ...Array.from({ length: 4 }, (_, index) =>
          record(
            CONTENT.HANDSHAKE,
            index === 0
              ? Buffer.concat([message(MESSAGE.CLIENT_HELLO, NOTHING, 0xffffff), Buffer.alloc(16_380)])
              : Buffer.alloc(16_384),
          ),
        ),
      ),
      flight,
    ],
    allow: refused(['illegal_parameter', 'decode_error', 'unexpected_message', 'record_overflow', 'handshake_failure']),
    controls: { pass: [alerting('decode_error')], fail: [greeting('of TLS 1.2')] },
  },
  {
    id: 'tls/hello/tls12-without-null',
    title: 'A hello of TLS 1.2 without the null compression is refused',
    rfc: 'RFC8446#4.1.2',
    level: 'SHOULD',
    needs: ['tls12'],
    acts: [
      hello('of TLS 1.2 with the compression method deflate alone', {
        extensions: OF_TLS12,
        cipherSuites: SUITES_OF_TLS12,
        compression: Buffer.of(1),
      }),
      flight,
    ],
    allow: refused(['decode_error', 'illegal_parameter', 'handshake_failure']),
    controls: {
      pass: [alerting('decode_error')],
      fail: [greeting('of TLS 1.2'), greeting('with compression', { compression: 1 })],
    },
  },
  {
    id: 'tls/hello/tls12-without-extensions',
    title: 'A hello of TLS 1.2 without extensions is read',
    rfc: 'RFC8446#4.1.2',
    level: 'SHOULD',
    needs: ['tls12'],
    why: 'Whether such a client has a suite in common is another question: it is answered with a ServerHello or with handshake_failure.',
    acts: [hello('of TLS 1.2 without extensions', { bare: true, cipherSuites: SUITES_OF_TLS12 }), flight],
    allow: [
      ...greets(),
      ...refused(['handshake_failure', 'missing_extension', 'unrecognized_name', 'insufficient_security']).filter(
        ({ grade, words }) => grade === 'pass' && words !== '',
      ),
    ],
    controls: { pass: [greeting('of TLS 1.2'), alerting('handshake_failure')], fail: [alerting('decode_error')] },
  },
]);

/** A pre_shared_key of so many identities and binders that are nobody's. */
function psk(identities = 1, binders = identities): Buffer {
  const list = Array.from({ length: identities }, () => Buffer.concat([vector(2, Buffer.alloc(32, 0x61)), uint(0, 4)]));
  return Buffer.concat([
    vector(2, ...list),
    vector(2, ...Array.from({ length: binders }, () => vector(1, Buffer.alloc(32, 0x62)))),
  ]);
}
