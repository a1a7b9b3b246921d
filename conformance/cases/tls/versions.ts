import {
  alerting,
  closing,
  completes,
  defineTlsCases,
  EXTENSION,
  ends,
  flight,
  greeting,
  greets,
  hello,
  lenient,
  OF_TLS12,
  octets,
  pairs,
  refused,
  SUITE,
  SUITES_OF_TLS12,
  serves,
  serving,
  uint,
  VERSION,
  versions,
} from '../../tls/define.ts';

const OLDER = { extensions: OF_TLS12, cipherSuites: SUITES_OF_TLS12 };
/** Suites that TLS 1.0 had, so that a version is all that is missing. */
const SUITES_OF_TLS10 = pairs(0xc009, 0xc013, 0xc00a, 0xc014, 0x002f, 0x0035);
/** RFC8446#4.1.3: what a server of TLS 1.3 says of itself where it agrees on TLS 1.2. */
const DOWNGRADE = Buffer.from('444f574e47524401', 'hex');

const tooOld = (name: string, version: number, rfc: 'RFC8996#4' | 'RFC8996#5' | 'RFC7568#3') => ({
  id: `tls/version/${name.toLowerCase().replaceAll(/[ .]/g, '')}-refused` as const,
  title: `A client that knows no more than ${name} is refused`,
  rfc,
  needs: [],
  acts: [
    hello(`of ${name}`, { legacyVersion: version, cipherSuites: SUITES_OF_TLS10, extensions: OF_TLS12 }, { version }),
    flight,
  ],
  allow: refused(['protocol_version', 'handshake_failure', 'insufficient_security']),
  controls: { pass: [alerting('protocol_version')], fail: [greeting(`of ${name}`, { version, cipherSuite: 0xc009 })] },
});

export default defineTlsCases([
  {
    id: 'tls/version/tls13',
    title: 'A plain handshake of TLS 1.3 is completed, and all that the server says in it is right',
    rfc: 'RFC8446#4.1.3',
    why: 'What a server says is held against the tables of RFC8446#4.2, the signature and the Finished are verified.',
    acts: [hello(), ...completes],
    allow: serves(),
    controls: {
      pass: [serving('')],
      fail: [
        lenient('and forgets the session id', { forgetsSession: true }),
        lenient('and selects what was not offered', { protocol: 'h3' }),
        lenient('and signs something else', { missigns: true }),
        lenient('and answers what was not asked', { encrypted: [[EXTENSION.EARLY_DATA, Buffer.alloc(0)]] }),
        alerting('handshake_failure'),
      ],
    },
  },
  {
    id: 'tls/version/unknown-ones-skipped',
    title: 'Versions that nobody knows are skipped in supported_versions',
    rfc: 'RFC8446#4.2.1',
    acts: [
      hello('with GREASE and 0x0305 in front of TLS 1.3', {
        extensions: [[EXTENSION.SUPPORTED_VERSIONS, versions(0x1a1a, 0x0305, 0x7f1c, VERSION.TLS13)]],
      }),
      ...completes,
    ],
    allow: serves(),
    controls: { pass: [serving('')], fail: [alerting('protocol_version')] },
  },
  {
    id: 'tls/version/supported-versions-decide',
    title: 'The legacy_version is not looked at where there are supported_versions',
    rfc: 'RFC8446#4.2.1',
    acts: [
      hello('with legacy_version 0x0302 and TLS 1.3 among supported_versions', { legacyVersion: VERSION.TLS11 }),
      ...completes,
    ],
    allow: serves(),
    controls: { pass: [lenient('')], fail: [alerting('protocol_version')] },
  },
  {
    id: 'tls/version/no-common',
    title: 'A client with no version in common is told so',
    rfc: 'RFC8446#4.2.1',
    acts: [
      hello('with TLS 1.9 among supported_versions, and nothing else', {
        extensions: [[EXTENSION.SUPPORTED_VERSIONS, versions(0x030a)]],
      }),
      flight,
    ],
    allow: refused(['protocol_version']),
    controls: { pass: [alerting('protocol_version')], fail: [lenient(''), greeting('of TLS 1.2')] },
  },
  {
    id: 'tls/version/higher-without-extension',
    title: 'A legacy_version above that of TLS 1.2 means TLS 1.2',
    rfc: 'RFC8446#4.2.1',
    needs: ['tls12'],
    acts: [
      hello('with legacy_version 0x0304 and no supported_versions', { ...OLDER, legacyVersion: VERSION.TLS13 }),
      flight,
    ],
    allow: greets(),
    controls: {
      pass: [greeting('of TLS 1.2'), serving('')],
      fail: [alerting('protocol_version'), greeting('of its own', { version: VERSION.TLS13 })],
    },
  },
  {
    id: 'tls/version/downgrade-told',
    title: 'A server of TLS 1.3 that agrees on TLS 1.2 says so in its random',
    rfc: 'RFC8446#4.1.3',
    needs: ['tls13', 'tls12'],
    acts: [hello('of TLS 1.2', OLDER), flight],
    allow: greets(
      ({ hello: own }) =>
        own?.random.subarray(-8).equals(DOWNGRADE) === true ? undefined : 'its random does not tell of the downgrade',
      ' whose random tells of the downgrade',
    ),
    controls: {
      pass: [serving(''), greeting('that tells', { random: Buffer.concat([Buffer.alloc(24), DOWNGRADE]) })],
      fail: [greeting('that does not tell')],
    },
  },
  {
    id: 'tls/version/fallback',
    title: 'A client that has fallen back to TLS 1.2, and says so, is told that there was no need',
    rfc: 'RFC7507#3',
    needs: ['tls13', 'tls12'],
    acts: [
      hello('of TLS 1.2 with TLS_FALLBACK_SCSV', {
        ...OLDER,
        cipherSuites: Buffer.concat([SUITES_OF_TLS12, pairs(SUITE.FALLBACK_SCSV)]),
      }),
      flight,
    ],
    allow: refused(['inappropriate_fallback']),
    controls: { pass: [serving(''), alerting('inappropriate_fallback')], fail: [greeting('of TLS 1.2')] },
  },
  tooOld('TLS 1.1', VERSION.TLS11, 'RFC8996#5'),
  tooOld('TLS 1.0', VERSION.TLS10, 'RFC8996#4'),
  tooOld('SSL 3.0', VERSION.SSL3, 'RFC7568#3'),
  {
    id: 'tls/version/ssl20-refused',
    title: 'A hello of SSL 2.0 gets no handshake',
    rfc: 'RFC8446#D.5',
    needs: [],
    acts: [
      octets(
        'a CLIENT-HELLO of SSL 2.0',
        (() => {
          const body = Buffer.concat([
            uint(1, 1),
            uint(0x0002, 2),
            uint(3, 2),
            uint(0, 2),
            uint(16, 2),
            Buffer.from('010080', 'hex'),
            Buffer.alloc(16, 5),
          ]);
          return Buffer.concat([uint(0x8000 + body.length, 2), body]);
        })(),
      ),
    ],
    allow: ends(({ hello: own, responses }) =>
      own !== undefined ? 'the handshake went on' : (responses[0]?.status ?? 400) < 400 ? 'it was answered' : undefined,
    ),
    controls: { pass: [closing(), alerting('protocol_version')], fail: [greeting('of TLS 1.2')] },
  },
  {
    id: 'tls/version/record-version-ignored',
    title: 'The version of a record is not looked at',
    rfc: 'RFC8446#5.1',
    acts: [hello('in a record of version 0x0399', {}, { version: 0x0399 }), ...completes],
    allow: serves(),
    controls: { pass: [lenient('')], fail: [alerting('protocol_version')] },
  },
]);
