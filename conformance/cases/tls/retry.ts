import {
  type Act,
  act,
  alerting,
  completes,
  defineTlsCases,
  EXTENSION,
  errorOf,
  flight,
  GROUP,
  greeting,
  type HelloShape,
  hello,
  keyShares,
  lenient,
  numbers,
  pairs,
  refused,
  rule,
  serverName,
  serves,
  serving,
  type TlsCase,
  type TlsSeen,
  warned,
} from '../../tls/define.ts';
import { cookieOf, groupAsked } from '../../wire/tls/client.ts';

type Extensions = NonNullable<HelloShape['extensions']>;
type Retry = TlsSeen['retries'][number];

/** A hello with no share that a server could use, so that it has to ask for one. */
const asking = (further: Extensions = []): HelloShape => ({
  extensions: [[EXTENSION.KEY_SHARE, keyShares()], ...further],
});

/** The second hello, with the share that was asked for; `change` makes it other than the first in one more thing. */
const second = (says: string, change: (retry: Retry) => HelloShape = () => ({})): Act =>
  act(`ClientHello with the share that was asked for${says}`, async (talk) => {
    const retry = talk.client.received.retries[0];
    if (retry === undefined) return;
    const { shares } = talk.client.context;
    const group = groupAsked(retry);
    const share = group === GROUP.X25519 ? shares.x25519 : shares.p256;
    const cookie = cookieOf(retry);
    const shape = change(retry);
    talk.stimulate();
    await talk.client.hello({
      ...shape,
      extensions: [[EXTENSION.KEY_SHARE, keyShares([group, share])], ...(shape.extensions ?? [])],
      more: [...(cookie === undefined ? [] : [[EXTENSION.COOKIE, cookie] as const]), ...(shape.more ?? [])],
    });
  });

const retried = (seen: TlsSeen) =>
  seen.retries.length === 1 ? undefined : `${seen.retries.length} HelloRetryRequests came`;

/** A second hello that differs where it must not. */
const changed = (
  slug: string,
  title: string,
  says: string,
  change: () => HelloShape,
  front: HelloShape = asking(),
): TlsCase => ({
  id: `tls/retry/${slug}`,
  title,
  rfc: 'RFC8446#4.1.2',
  level: 'SHOULD',
  why: 'RFC8446#4.1.2 forbids it to the client. A server that looks once, and uses no part of the other hello, is not deceived.',
  acts: [hello('without a share', front), flight, second(says, change), ...completes],
  allow: [
    ...refused(['illegal_parameter', 'handshake_failure', 'unexpected_message', 'decode_error'], {
      behind: 'handshake',
    }),
    ...warned(serves(retried), 'the client must not do so; what a server does about it is not said'),
  ],
  controls: { pass: [lenient('and asks for another hello', { retries: true })], fail: [greeting('of TLS 1.2')] },
});

export default defineTlsCases([
  {
    id: 'tls/retry/asked-for-share',
    title: 'A client without a share is asked for one, and served',
    rfc: 'RFC8446#4.1.4',
    acts: [hello('without a share', asking()), flight, second(''), ...completes],
    allow: serves(retried),
    controls: {
      pass: [serving(''), lenient('and asks for another hello', { retries: true })],
      fail: [alerting('handshake_failure'), lenient('')],
    },
  },
  {
    id: 'tls/retry/group-offered',
    title: 'The group that is asked for was offered, and has no share yet',
    rfc: 'RFC8446#4.2.8',
    acts: [
      hello('without a share, for P-256 alone', asking([[EXTENSION.SUPPORTED_GROUPS, numbers(GROUP.P256)]])),
      flight,
      second('', () => ({ extensions: [[EXTENSION.SUPPORTED_GROUPS, numbers(GROUP.P256)]] })),
      ...completes,
    ],
    allow: serves(
      (seen) =>
        retried(seen) ??
        (seen.retries.some((one) => groupAsked(one) !== GROUP.P256) ? 'another group was asked for' : undefined),
    ),
    controls: { pass: [serving(''), lenient('and asks for another hello', { retries: true })], fail: [lenient('')] },
  },
  {
    id: 'tls/retry/not-twice',
    title: 'A client that brings no share the second time is refused',
    rfc: 'RFC8446#4.1.4',
    acts: [
      hello('without a share', asking()),
      flight,
      hello('without a share once more', asking()),
      act('(waits for the end)', (talk) =>
        talk.client.until(() => talk.client.received.retries.length > 1 || talk.client.received.hello !== undefined),
      ),
    ],
    allow: refused([
      'illegal_parameter',
      'handshake_failure',
      'missing_extension',
      'unexpected_message',
      'decode_error',
    ]).map((one) => ({
      ...one,
      complaint: (seen) => (seen.retries.length > 1 ? 'it asked again' : one.complaint(seen)),
    })),
    controls: { pass: [serving('')], fail: [lenient('and asks for another hello', { retries: true })] },
  },
  {
    id: 'tls/retry/suite-kept',
    title: 'The cipher suite that a HelloRetryRequest names is the one that is used',
    rfc: 'RFC8446#4.1.4',
    acts: [hello('without a share', asking()), flight, second(''), ...completes],
    allow: serves(
      (seen) =>
        retried(seen) ?? (seen.retries[0]?.cipherSuite === seen.hello?.cipherSuite ? undefined : 'the suite changed'),
    ),
    controls: { pass: [serving('')], fail: [lenient('')] },
  },
  {
    id: 'tls/retry/suite-gone',
    title: 'A client that does not offer the suite of the HelloRetryRequest again is refused',
    rfc: 'RFC8446#4.1.4',
    acts: [
      hello('without a share', asking()),
      flight,
      second(', and other cipher suites', () => ({ cipherSuites: pairs(0x1302, 0x1303) })),
      flight,
    ],
    allow: [...refused(['illegal_parameter', 'handshake_failure'])],
    controls: { pass: [serving('')], fail: [lenient('and asks for another hello', { retries: true })] },
  },
  {
    id: 'tls/retry/change-cipher-spec',
    title: 'A change_cipher_spec in front of the second hello is dropped',
    rfc: 'RFC8446#D.4',
    acts: [
      hello('without a share', asking()),
      flight,
      act('change_cipher_spec', (talk) => talk.client.octets(Buffer.from('140303000101', 'hex'))),
      second(''),
      ...completes,
    ],
    allow: serves(retried),
    controls: { pass: [serving('')], fail: [alerting('unexpected_message')] },
  },
  changed(
    'other-name',
    'A second hello for another host is refused',
    ', for another host',
    () => ({ extensions: [[EXTENSION.SERVER_NAME, serverName('b.test')]] }),
    asking([[EXTENSION.SERVER_NAME, serverName('a.test')]]),
  ),
  changed(
    'name-added',
    'A second hello for a host where the first named none is refused',
    ', for a host',
    () => ({ extensions: [[EXTENSION.SERVER_NAME, serverName('b.test')]] }),
    asking([[EXTENSION.SERVER_NAME, undefined]]),
  ),
  changed('other-random', 'A second hello with another session id is refused', ', and another session id', () => ({
    sessionId: Buffer.alloc(32, 5),
  })),
  {
    id: 'tls/retry/other-protocol',
    title: 'A protocol that only the second hello offers is not taken over one that both do',
    rfc: 'RFC8446#4.1.2',
    level: 'MAY',
    acts: [
      hello('without a share', asking()),
      flight,
      second(', and ALPN h2', () => ({ extensions: [[EXTENSION.ALPN, Buffer.from('0003026832', 'hex')]] })),
      flight,
    ],
    allow: [
      ...refused(['illegal_parameter', 'no_application_protocol', 'handshake_failure', 'unexpected_message']),
      rule('pass', 'a handshake that goes on', (seen) =>
        seen.isFinished && errorOf(seen) === undefined ? retried(seen) : 'it did not go on',
      ),
    ],
    controls: {
      pass: [lenient('and asks for another hello', { retries: true }), alerting('illegal_parameter')],
      fail: [greeting('of TLS 1.2')],
    },
  },
]);
