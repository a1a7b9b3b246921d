import { constants } from 'node:crypto';
import {
  act,
  alerting,
  closing,
  contentOf,
  defineTlsCases,
  EXTENSION,
  flight,
  GROUP,
  greeting,
  greets,
  type HelloShape,
  hello,
  numbers,
  OF_TLS12,
  pairs,
  protocols,
  refused,
  rule,
  SUITE,
  SUITES_OF_TLS12,
  serving,
  type TlsRule,
  vector,
} from '../../tls/define.ts';
import { renegotiate } from '../../tls/renegotiation.ts';

const older = (
  cipherSuites: Buffer,
  further: NonNullable<HelloShape['extensions']> = [],
  shape: HelloShape = {},
): HelloShape => ({
  ...shape,
  cipherSuites,
  extensions: [...OF_TLS12, ...further],
});

const NO_RENEGOTIATION = constants.SSL_OP_NO_RENEGOTIATION;
const H2 = [EXTENSION.ALPN, protocols('h2')] as const;
const BOTH = [EXTENSION.ALPN, protocols('h2', 'http/1.1')] as const;
/** The answer to the mark of secure renegotiation: no octets, since nothing was renegotiated yet. */
const SECURE = Buffer.of(0);

/** Suites of TLS 1.2 that RFC9113#A prohibits: RSA without ephemeral keys, CBC, NULL. */
const PROHIBITED = pairs(0xc027, 0xc023, 0xc013, 0xc009, 0xc014, 0xc00a, 0x009c, 0x009d, 0x003c, 0x002f, 0x0035);
const BROKEN = pairs(
  0x0001,
  0x0002,
  0x003b,
  0x0004,
  0x0005,
  0xc007,
  0xc011,
  0x0003,
  0x0008,
  0x0062,
  0x0034,
  0x006c,
  0x00a6,
  0xc018,
);

/** HTTP/2 is not agreed upon over such a suite, or it is: RFC9113#9.2.2 has that as a SHOULD NOT, and lets the connection end behind it. */
const noH2: readonly TlsRule[] = [
  ...refused(['handshake_failure', 'insufficient_security', 'no_application_protocol']),
  rule('pass', 'a ServerHello that does not select h2', (seen) => {
    if (seen.hello === undefined) return 'no ServerHello came';
    return seen.protocol === 'h2' ? 'h2 was selected' : seen.problems[0];
  }),
  rule(
    'warn',
    'a ServerHello that selects h2',
    (seen) => (seen.protocol === 'h2' ? undefined : 'h2 was not selected'),
    'RFC9113#9.2.2: such suites are not to be used; the connection may still end with INADEQUATE_SECURITY',
  ),
];

export default defineTlsCases([
  {
    id: 'tls/tls12/common-suite',
    title: 'The suite that all servers of HTTP/2 have in common is selected, with P-256',
    rfc: 'RFC9113#9.2.2',
    needs: ['tls12', 'tls-h2'],
    why: 'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, or the same with ECDSA where the certificate is of such a key.',
    acts: [
      hello(
        'of TLS 1.2 with ALPN h2, the two suites and P-256 alone',
        older(pairs(SUITE.ECDHE_RSA_AES_128_GCM, SUITE.ECDHE_ECDSA_AES_128_GCM), [
          H2,
          [EXTENSION.SUPPORTED_GROUPS, numbers(GROUP.P256)],
        ]),
      ),
      flight,
    ],
    allow: greets(
      (seen) => (seen.protocol === 'h2' ? undefined : `the protocol is ${seen.protocol ?? 'none'}`),
      ' that selects h2',
    ),
    controls: { pass: [serving('')], fail: [alerting('handshake_failure'), greeting('without a protocol')] },
  },
  {
    id: 'tls/tls12/prohibited-suites',
    title: 'HTTP/2 is not agreed upon over suites that it prohibits',
    rfc: 'RFC9113#9.2.2',
    level: 'SHOULD',
    needs: ['tls12', 'tls-h2'],
    acts: [
      hello('of TLS 1.2 with ALPN h2 and http/1.1, and suites of RFC9113#A alone', older(PROHIBITED, [BOTH])),
      flight,
    ],
    allow: noH2,
    controls: {
      pass: [alerting('handshake_failure'), greeting('without a protocol', { cipherSuite: 0xc023 })],
      fail: [greeting('of a suite that was not offered', { cipherSuite: 0xc02b }), alerting('internal_error', 'stays')],
    },
  },
  {
    id: 'tls/tls12/no-compression',
    title: 'Compression of TLS is not agreed upon',
    rfc: 'RFC9113#9.2.1',
    needs: ['tls12'],
    acts: [
      hello(
        'of TLS 1.2 with the compression methods deflate and null',
        older(SUITES_OF_TLS12, [BOTH], { compression: Buffer.of(1, 0) }),
      ),
      flight,
    ],
    allow: greets(
      (seen) => (seen.hello?.compression === 0 ? undefined : 'a compression method was selected'),
      ' without compression',
    ),
    controls: {
      pass: [serving(''), greeting('without compression')],
      fail: [greeting('with compression', { compression: 1 })],
    },
  },
  {
    id: 'tls/tls12/renegotiation-mark',
    title: 'The mark of secure renegotiation is answered',
    rfc: 'RFC5746#3.6',
    needs: ['tls12'],
    acts: [
      hello(
        'of TLS 1.2 with TLS_EMPTY_RENEGOTIATION_INFO_SCSV',
        older(Buffer.concat([SUITES_OF_TLS12, pairs(SUITE.RENEGOTIATION_SCSV)])),
      ),
      flight,
    ],
    allow: greets(
      (seen) =>
        contentOf(seen.hello?.extensions ?? [], EXTENSION.RENEGOTIATION_INFO)?.equals(SECURE) === true
          ? undefined
          : 'renegotiation_info is missing, or says something',
      ' with an empty renegotiation_info',
    ),
    controls: {
      pass: [serving(''), greeting('that answers', { extensions: [[EXTENSION.RENEGOTIATION_INFO, SECURE]] })],
      fail: [
        greeting('that does not answer'),
        greeting('that answers wrong', { extensions: [[EXTENSION.RENEGOTIATION_INFO, vector(1, 'x')]] }),
      ],
    },
  },
  {
    id: 'tls/tls12/renegotiation-wrong',
    title: 'A first hello that says that it renegotiates is refused',
    rfc: 'RFC5746#3.6',
    needs: ['tls12'],
    acts: [
      hello('of TLS 1.2 with 12 octets in renegotiation_info', {
        ...older(SUITES_OF_TLS12),
        more: [[EXTENSION.RENEGOTIATION_INFO, vector(1, Buffer.alloc(12, 7))]],
      }),
      flight,
    ],
    allow: refused(['handshake_failure', 'illegal_parameter', 'decode_error']),
    controls: { pass: [alerting('handshake_failure')], fail: [greeting('of TLS 1.2')] },
  },
  {
    id: 'tls/tls12/broken-suites',
    title: 'Suites without encryption, of RC4, for export or without a certificate are refused',
    rfc: 'RFC9325#4.1',
    needs: [],
    acts: [hello('of TLS 1.2 with NULL, RC4, EXPORT and anonymous suites alone', older(BROKEN)), flight],
    allow: refused(['handshake_failure', 'insufficient_security', 'protocol_version']),
    controls: {
      pass: [serving(''), alerting('handshake_failure')],
      fail: [greeting('of RC4', { cipherSuite: 0x0005 })],
    },
  },
  {
    id: 'tls/tls12/extended-master-secret',
    title: 'The extended master secret is agreed upon',
    rfc: 'RFC7627#5.1',
    level: 'SHOULD',
    needs: ['tls12'],
    why: 'Without it a session can be set beside another one of the same secret, and its resumption proves nothing.',
    acts: [hello('of TLS 1.2 with extended_master_secret', older(SUITES_OF_TLS12)), flight],
    allow: greets(
      (seen) =>
        contentOf(seen.hello?.extensions ?? [], EXTENSION.EXTENDED_MASTER_SECRET) === undefined
          ? 'extended_master_secret is missing'
          : undefined,
      ' with extended_master_secret',
    ),
    controls: { pass: [serving('')], fail: [greeting('without it')] },
  },
  {
    id: 'tls/tls12/small-groups',
    title: 'Ephemeral keys are not smaller than HTTP/2 has them',
    rfc: 'RFC9113#9.2.1',
    needs: ['tls12'],
    why: 'A server without keys for DHE has no suite in common with this client, which is as good.',
    acts: [
      hello(
        'of TLS 1.2 with suites of DHE alone, and without groups',
        older(pairs(0x009e, 0x009f, 0x0033, 0x0039, 0x0067, 0x006b), [[EXTENSION.SUPPORTED_GROUPS, undefined]]),
      ),
      flight,
    ],
    allow: [
      ...refused(['handshake_failure', 'insufficient_security', 'missing_extension']),
      ...greets(
        (seen) =>
          seen.primeBytes === undefined || seen.primeBytes >= 256
            ? undefined
            : `the prime has ${8 * seen.primeBytes} bits`,
        ' and a prime of 2048 bits or more',
      ),
    ],
    controls: {
      pass: [alerting('handshake_failure')],
      fail: [
        greeting('and a prime of 1024 bits', {
          cipherSuite: 0x009e,
          more: [Buffer.from(`0c0000820080${'ff'.repeat(128)}`, 'hex'), Buffer.from('0e000000', 'hex')],
        }),
      ],
    },
  },
  {
    id: 'tls/tls12/no-h2-before',
    title: 'HTTP/2 is not selected below TLS 1.2',
    rfc: 'RFC9113#9.2',
    needs: [],
    acts: [
      hello('of TLS 1.1 with ALPN h2', {
        legacyVersion: 0x0302,
        cipherSuites: pairs(0xc009, 0xc013, 0xc00a, 0xc014, 0x002f),
        extensions: [...OF_TLS12, H2],
      }),
      flight,
    ],
    allow: refused(['protocol_version', 'handshake_failure', 'insufficient_security', 'no_application_protocol']),
    controls: {
      pass: [alerting('protocol_version')],
      fail: [greeting('of TLS 1.1', { version: 0x0302, cipherSuite: 0xc009 })],
    },
  },
  {
    id: 'tls/tls12/h2-renegotiation',
    title: 'A connection of HTTP/2 is not renegotiated',
    rfc: 'RFC9113#9.2.1',
    needs: ['tls12', 'tls-h2'],
    tags: ['abuse'],
    acts: [
      act(
        'a handshake of TLS 1.2 with h2, the preface and SETTINGS, and a second handshake within it (by node:tls)',
        (talk) => renegotiate(talk, 'h2', 1),
      ),
    ],
    allow: notRenegotiated(1),
    controls: {
      pass: [serving('that does not renegotiate', { secureOptions: NO_RENEGOTIATION })],
      fail: [serving('that renegotiates', { renegotiates: true }), closing()],
    },
  },
  {
    id: 'tls/tls12/renegotiation-flood',
    title: 'A connection is not renegotiated without an end',
    rfc: 'RFC8446#6.2',
    level: 'MAY',
    needs: ['tls12'],
    tags: ['abuse'],
    why: 'TLS 1.2 lets a client ask, and a server refuse. Each handshake costs the server more than the client; six within a moment are no need of anybody.',
    acts: [
      act('a handshake of TLS 1.2, and six more within it, one behind the other (by node:tls)', (talk) =>
        renegotiate(talk, 'http/1.1', 6),
      ),
    ],
    allow: notRenegotiated(6),
    controls: {
      pass: [serving('that does not renegotiate', { secureOptions: NO_RENEGOTIATION })],
      fail: [serving('that renegotiates', { renegotiates: true }), closing()],
    },
  },
]);

/** The first handshake within the first, or the last of so many, was refused or ended the connection. */
function notRenegotiated(count: number): readonly TlsRule[] {
  return [
    rule(
      'pass',
      count === 1
        ? 'a refusal, or the end of the connection'
        : `a refusal, or the end of the connection, before the ${count}th`,
      ({ notes }) => {
        if (notes.length === 0) return 'no connection was made';
        const done = notes.filter((note) => note === 'renegotiated').length;
        return done < count ? undefined : `it was renegotiated, ${done} times`;
      },
    ),
  ];
}
