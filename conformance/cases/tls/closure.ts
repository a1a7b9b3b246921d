import {
  act,
  alerting,
  closeNotify,
  closing,
  complainServed,
  defineTlsCases,
  EXTENSION,
  ends,
  established,
  fin,
  finished,
  flight,
  getText,
  hello,
  isEnded,
  lenient,
  ping,
  preface,
  protocols,
  rule,
  serving,
  type TlsRule,
} from '../../tls/define.ts';
import { hasClosed } from '../../tls/talk.ts';

/** Waits for the end, and is content with none. */
const leaves = act('(waits for the end)', (talk) => talk.end(talk.stage.timeoutMs));

/** RFC8446#6.1 MUST: close_notify comes before the end. */
const saysSo = (front: TlsRule['complaint'] = () => undefined): readonly TlsRule[] => [
  rule(
    'pass',
    'close_notify, and then the end of the connection',
    (seen) =>
      front(seen) ??
      (hasClosed(seen) ? (isEnded(seen) ? undefined : 'the connection was not closed') : 'no close_notify came'),
  ),
];

const LEAVES = 'HTTP/1.1 200 Control\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok';

const endsUnread: TlsRule = rule(
  'weak',
  'the end of the connection',
  (seen) => (isEnded(seen) ? undefined : 'the connection was not closed'),
  'nobody was left to read it',
);

export default defineTlsCases([
  {
    id: 'tls/closure/server-says-so',
    title: 'A server that ends a connection of HTTP/1.1 says so in TLS first',
    rfc: 'RFC9112#9.8',
    acts: [
      hello(),
      flight,
      finished,
      act('GET / HTTP/1.1 with Connection: close, and waits for the answer', (talk) =>
        talk.request(getText(talk, 'Connection: close\r\n')),
      ),
      leaves,
    ],
    allow: saysSo(complainServed),
    controls: {
      pass: [
        serving('that leaves', { leaves: 'well', answer: LEAVES }),
        lenient('and leaves', { leaves: 'well', answer: LEAVES }),
      ],
      fail: [lenient('and leaves without a word', { leaves: 'abruptly', answer: LEAVES })],
    },
  },
  {
    id: 'tls/closure/error-says-so',
    title: 'A server that ends a connection behind a bad request says so in TLS first',
    rfc: 'RFC9112#9.8',
    acts: [
      hello(),
      flight,
      finished,
      act('a request line that is none, and waits for the answer', (talk) =>
        talk.request('GET\t/ HTTP/1.1 x\r\nHost: a\r\n\r\n'),
      ),
      leaves,
    ],
    allow: saysSo(),
    controls: {
      pass: [
        serving('that leaves', {
          leaves: 'well',
          answer: 'HTTP/1.1 400 Control\r\nConnection: close\r\nContent-Length: 0\r\n\r\n',
        }),
      ],
      fail: [
        lenient('and leaves without a word', {
          leaves: 'abruptly',
          answer: 'HTTP/1.1 400 Control\r\nConnection: close\r\nContent-Length: 0\r\n\r\n',
        }),
      ],
    },
  },
  {
    id: 'tls/closure/answered',
    title: 'A client that ends TLS gets close_notify in return, and the end of the connection',
    rfc: 'RFC8446#6.1',
    acts: [...established, closeNotify, fin, leaves],
    allow: [...saysSo(), endsUnread],
    controls: { pass: [serving('', {})], fail: [alerting('internal_error', 'stays')] },
  },
  {
    id: 'tls/closure/half',
    title: 'A client that has said that it ends is still answered',
    rfc: 'RFC8446#6.1',
    level: 'SHOULD',
    why: 'close_notify ends one direction. A server that sees the end of the requests, and answers them no more, loses an answer.',
    acts: [
      hello(),
      flight,
      finished,
      act('GET / HTTP/1.1 and close_notify behind it, and waits for the answer', async (talk) => {
        talk.stimulate();
        await talk.client.data(getText(talk));
        await talk.client.alert(1, 0);
        await talk.response();
      }),
    ],
    allow: [
      rule('pass', 'the answer', (seen) =>
        seen.responses[0]?.complete === true && seen.responses[0].status > 0
          ? seen.problems[0]
          : 'no whole response came',
      ),
      rule(
        'warn',
        'the end without an answer',
        (seen) => (isEnded(seen) && seen.isFinished ? undefined : 'it did not end'),
        'RFC8446#6.1: only one direction was ended',
      ),
    ],
    controls: { pass: [lenient('')], fail: [alerting('internal_error', 'stays')] },
  },
  {
    id: 'tls/closure/incomplete',
    title: 'A client that leaves without close_notify behind its request is answered',
    rfc: 'RFC9112#9.8',
    level: 'SHOULD',
    acts: [
      hello(),
      flight,
      finished,
      act('GET / HTTP/1.1 and FIN behind it, without close_notify, and waits for the answer', async (talk) => {
        talk.stimulate();
        await talk.client.data(getText(talk));
        talk.client.halfClose();
        await talk.response();
      }),
    ],
    allow: [
      rule('pass', 'the answer', (seen) =>
        seen.responses[0]?.complete === true && seen.responses[0].status > 0 ? undefined : 'no whole response came',
      ),
      rule(
        'warn',
        'the end without an answer',
        (seen) => (isEnded(seen) && seen.isFinished ? undefined : 'it did not end'),
        'a client that left may well be gone',
      ),
    ],
    controls: { pass: [serving('', { allowHalfOpen: true })], fail: [alerting('internal_error', 'stays')] },
  },
  {
    id: 'tls/closure/truncated',
    title: 'Content that was cut short by an end without close_notify is not taken for whole',
    rfc: 'RFC9112#9.8',
    tags: ['truncation'],
    acts: [
      hello(),
      flight,
      finished,
      act('POST / with Content-Length 100, 10 octets of it, and FIN without close_notify', async (talk) => {
        talk.stimulate();
        await talk.client.data(
          `POST / HTTP/1.1\r\nHost: ${talk.stage.address.authority}\r\nContent-Length: 100\r\n\r\n0123456789`,
        );
        talk.client.halfClose();
      }),
    ],
    allow: [
      ...ends(({ responses }) => {
        const taken = responses.find(({ status }) => status >= 200 && status < 400);
        return taken === undefined ? undefined : `it was taken: ${taken.status}`;
      }),
    ],
    controls: { pass: [closing()], fail: [lenient(''), serving('')] },
  },
  {
    id: 'tls/closure/h2-says-so',
    title: 'A connection of HTTP/2 that the client ends is ended by the server, too',
    rfc: 'RFC8446#6.1',
    needs: ['tls13', 'tls-h2'],
    acts: [
      hello('with ALPN h2', { extensions: [[EXTENSION.ALPN, protocols('h2')]] }),
      flight,
      finished,
      preface,
      ping,
      closeNotify,
      fin,
      leaves,
    ],
    allow: [...saysSo(), endsUnread],
    controls: { pass: [serving('')], fail: [alerting('internal_error', 'stays')] },
  },
]);
