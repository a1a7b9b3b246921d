/** Hellos that are unusual and right, and hellos whose octets do not add up. */
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
  hello,
  keyShares,
  lenient,
  MESSAGE,
  message,
  numbers,
  OF_TLS12,
  octets,
  pairs,
  psk,
  record,
  refused,
  SIGNATURES,
  SUITE,
  SUITES_OF_TLS12,
  serves,
  serving,
  VERSION,
  vector,
  versions,
} from '../../tls/define.ts';

const NOTHING = Buffer.alloc(0);
const GREASE = 0x4a4a;

/** The hello of an ordinary client with its octets changed by hand. */
const cut = (says: string, change: (whole: Buffer) => Buffer) =>
  octets(says, (talk) => record(CONTENT.HANDSHAKE, change(talk.client.makeHello({}))));

export default defineTlsCases([
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
