import {
  type Act,
  act,
  alerting,
  completes,
  defineTlsCases,
  EXTENSION,
  FRAME,
  finished,
  flight,
  getText,
  greeting,
  hello,
  isEnded,
  lenient,
  ping,
  preface,
  protocols,
  refused,
  rule,
  serves,
  serving,
  type TlsCase,
  type TlsRule,
  type TlsSeen,
  vector,
} from '../../tls/define.ts';
import { PREFACE } from '../../tls/talk.ts';
import { ERROR } from '../../wire/h2/frames.ts';

const offering = (content: Buffer | undefined) => ({ extensions: [[EXTENSION.ALPN, content] as const] });
const says = (seen: TlsSeen, protocol: string | undefined) =>
  seen.protocol === protocol ? undefined : `the protocol is ${seen.protocol ?? 'none'}`;

const broken = (slug: string, title: string, what: string, content: Buffer): TlsCase => ({
  id: `tls/alpn/${slug}`,
  title,
  rfc: 'RFC8446#6',
  acts: [hello(what, offering(content)), flight],
  allow: refused(['decode_error', 'illegal_parameter']),
  controls: { pass: [alerting('decode_error')], fail: [lenient('')] },
});

/** HTTP/2 has been agreed upon and is spoken. */
const speaksH2 = (further: TlsRule['complaint'] = () => undefined): readonly TlsRule[] => [
  rule('pass', 'h2 is selected, SETTINGS come first, and a PING is answered', (seen) => {
    const first = seen.frames[0];
    if (says(seen, 'h2') !== undefined) return says(seen, 'h2');
    if (first === undefined) return 'no frame came';
    // RFC9113#3.4 MUST: SETTINGS are the first frame of a server
    if (first.type !== FRAME.SETTINGS) return `the first frame is of type ${first.type}`;
    return seen.problems[0] ?? (seen.connection === 'open' ? further(seen) : `the connection was ${seen.connection}`);
  }),
];

/** HTTP/2 where nobody agreed on it. */
const prefaceUnasked: Act = act('the preface of HTTP/2 and SETTINGS', async (talk) => {
  talk.stimulate();
  await talk.client.data(Buffer.concat([Buffer.from(PREFACE, 'latin1'), Buffer.from('000000040000000000', 'hex')]));
  await talk.response('PRI');
});

const refusesInHttp1: readonly TlsRule[] = [
  rule('pass', 'a refusal in HTTP/1.1, or the end of the connection', (seen) => {
    const status = seen.responses[0]?.status;
    if (!seen.isFinished) return 'the handshake did not end';
    if (status === undefined) return isEnded(seen) ? undefined : 'neither a refusal nor an end';
    if (status === 0) return 'it was answered with what is no response of HTTP/1.1';
    return status >= 400 ? undefined : `status ${status}`;
  }),
];

export default defineTlsCases([
  {
    id: 'tls/alpn/http11',
    title: 'A client that offers http/1.1 gets it',
    rfc: 'RFC7301#3.2',
    acts: [hello('with ALPN http/1.1'), ...completes],
    // RFC7301#3.1: a server that does not know ALPN goes on without
    allow: serves((seen) => (seen.protocol === undefined ? undefined : says(seen, 'http/1.1'))),
    controls: {
      pass: [serving('')],
      fail: [lenient('and selects h2', { protocol: 'h2' }), alerting('no_application_protocol')],
    },
  },
  {
    id: 'tls/alpn/no-overlap',
    title: 'A client with no protocol in common is told so',
    rfc: 'RFC7301#3.2',
    acts: [hello('with ALPN "aeronet/9" and "nobody"', offering(protocols('aeronet/9', 'nobody'))), flight],
    allow: [
      ...refused(['no_application_protocol']),
      rule(
        'warn',
        'a handshake without a protocol',
        (seen) =>
          seen.isFinished && seen.protocol === undefined
            ? seen.problems[0]
            : 'a protocol was selected, or it did not end',
        'a server that does not know ALPN goes on without (RFC7301#3.1)',
      ),
    ],
    controls: {
      pass: [serving(''), alerting('no_application_protocol')],
      fail: [lenient('and selects what was not offered', { protocol: 'http/1.1' }), greeting('and no more')],
    },
  },
  {
    id: 'tls/alpn/h2c',
    title: 'h2c is never selected over TLS',
    rfc: 'RFC9113#3.2',
    acts: [hello('with ALPN h2c and http/1.1', offering(protocols('h2c', 'http/1.1'))), ...completes],
    allow: serves((seen) => (seen.protocol === 'h2c' ? 'h2c was selected' : undefined)),
    controls: { pass: [serving('')], fail: [lenient('and selects h2c', { protocol: 'h2c' })] },
  },
  {
    id: 'tls/alpn/h2',
    title: 'A client that offers h2 gets it, and SETTINGS first',
    rfc: 'RFC9113#3.3',
    needs: ['tls13', 'tls-h2'],
    acts: [hello('with ALPN h2', offering(protocols('h2'))), flight, finished, preface, ping],
    allow: speaksH2(),
    controls: {
      pass: [serving(''), lenient('and selects h2', { protocol: 'h2' })],
      fail: [lenient('and selects nothing'), alerting('no_application_protocol')],
    },
  },
  {
    id: 'tls/alpn/h2-among-others',
    title: 'Protocols that nobody knows are passed over on the way to h2',
    rfc: 'RFC7301#3.2',
    needs: ['tls13', 'tls-h2'],
    acts: [
      hello('with ALPN of two unknown protocols and h2', offering(protocols(Buffer.of(0x1a, 0x1a), 'h3', 'h2'))),
      flight,
      finished,
      preface,
      ping,
    ],
    allow: speaksH2(),
    controls: { pass: [serving('')], fail: [alerting('no_application_protocol')] },
  },
  {
    id: 'tls/alpn/none',
    title: 'A client without ALPN is served in HTTP/1.1, and told of no protocol',
    rfc: 'RFC7301#3.1',
    acts: [hello('without ALPN', offering(undefined)), ...completes],
    allow: serves((seen) => says(seen, undefined)),
    controls: { pass: [serving('')], fail: [lenient('and selects http/1.1', { protocol: 'http/1.1' })] },
  },
  {
    id: 'tls/alpn/h2-without',
    title: 'HTTP/2 is not spoken where ALPN did not agree on it',
    rfc: 'RFC9113#3.3',
    acts: [hello('without ALPN', offering(undefined)), flight, finished, prefaceUnasked],
    allow: refusesInHttp1,
    controls: {
      pass: [serving('that refuses', { answer: 'HTTP/1.1 400 Control\r\nContent-Length: 0\r\n\r\n' })],
      fail: [lenient('and speaks HTTP/2 to anybody', { answer: '\0\0\0\x04\0\0\0\0\0' }), serving('')],
    },
  },
  {
    id: 'tls/alpn/h2-then-http11',
    title: 'HTTP/1.1 is not spoken where ALPN agreed on h2',
    rfc: 'RFC9113#3.4',
    needs: ['tls13', 'tls-h2'],
    acts: [
      hello('with ALPN h2', offering(protocols('h2'))),
      flight,
      finished,
      act('GET / HTTP/1.1', async (talk) => {
        talk.stimulate();
        await talk.client.data(getText(talk));
        await talk.frame(FRAME.GOAWAY);
      }),
    ],
    allow: [
      rule('pass', 'GOAWAY PROTOCOL_ERROR, or the end of the connection', (seen) => {
        const goaway = seen.frames.find(({ type }) => type === FRAME.GOAWAY);
        const code = goaway === undefined || goaway.payload.length < 8 ? undefined : goaway.payload.readUInt32BE(4);
        if (says(seen, 'h2') !== undefined) return says(seen, 'h2');
        if (code === ERROR.PROTOCOL_ERROR) return undefined;
        if (code !== undefined) return `GOAWAY says ${code}`;
        return isEnded(seen) && answered(seen) === undefined ? undefined : (answered(seen) ?? 'no end came');
      }),
      rule('warn', 'GOAWAY with another error', (seen) => {
        return seen.frames.some(
          ({ type, payload }) => type === FRAME.GOAWAY && payload.length >= 8 && payload.readUInt32BE(4) !== 0,
        )
          ? undefined
          : 'no GOAWAY with an error came';
      }),
    ],
    controls: {
      pass: [serving('')],
      fail: [lenient('and speaks HTTP/1.1 over h2', { protocol: 'h2' })],
    },
  },
  {
    id: 'tls/alpn/http11-then-h2',
    title: 'HTTP/2 is not spoken where ALPN agreed on http/1.1',
    rfc: 'RFC9113#3.3',
    acts: [hello('with ALPN http/1.1'), flight, finished, prefaceUnasked],
    allow: refusesInHttp1,
    controls: {
      pass: [serving('that refuses', { answer: 'HTTP/1.1 400 Control\r\nContent-Length: 0\r\n\r\n' })],
      fail: [lenient('and speaks HTTP/2 to anybody', { answer: '\0\0\0\x04\0\0\0\0\0' }), serving('')],
    },
  },
  broken('empty-list', 'A list without protocols is refused', 'with ALPN of no protocols', vector(2)),
  broken(
    'empty-name',
    'A protocol without a name is refused',
    'with ALPN of an empty name and http/1.1',
    protocols('', 'http/1.1'),
  ),
  broken(
    'name-beyond',
    'A protocol that is longer than its list is refused',
    'with ALPN of a name of 40 octets in a list of 9',
    vector(2, Buffer.of(40), 'http/1.1'),
  ),
]);

/** What came in HTTP/1.1. */
function answered(seen: TlsSeen): string | undefined {
  return seen.data.includes('HTTP/1.1 ') ? 'it was answered in HTTP/1.1' : undefined;
}
