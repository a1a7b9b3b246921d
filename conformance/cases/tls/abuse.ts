import { connect } from 'node:net';
import {
  type Act,
  act,
  CONTENT,
  closing,
  complainServed,
  defineTlsCases,
  ends,
  established,
  finished,
  flight,
  fragmented,
  greeting,
  hello,
  lenient,
  octets,
  plain,
  rule,
  serving,
  type Talk,
  type TlsCase,
  type TlsRule,
} from '../../tls/define.ts';
import { isEnded } from '../../tls/outcomes.ts';

/** A target that lets a handshake take so long has ended it by then, on a machine with other work. */
const SLACK_MS = 700;
const NOTHING = Buffer.alloc(0);

const deadlineOf = ({ stage }: Talk) => (stage.handshakeMs ?? 0) + SLACK_MS;

/** Nothing more is said: the target has to end it. */
const silence: Act = act('(silence, until the time for a handshake is over)', (talk) => talk.end(deadlineOf(talk)));

/** RFC9112#9.5 lets a server end what takes too long; who does not is held by whoever says nothing. */
const endsInTime: readonly TlsRule[] = [
  rule('pass', 'the end of the connection, when the time for a handshake is over', (seen) => {
    if (seen.responses.length > 0) return 'there was a response';
    return isEnded(seen) ? undefined : 'the connection was still there';
  }),
];

/** A handshake that stops. */
const stall = (slug: string, title: string, acts: readonly Act[], controls?: TlsCase['controls']): TlsCase => ({
  id: `tls/abuse/stall-${slug}`,
  title,
  rfc: 'RFC9112#9.5',
  level: 'SHOULD',
  needs: ['tls-deadline'],
  tags: ['abuse', 'timeout'],
  why: 'Node tells of a handshake that takes too long, and leaves the connection open unless somebody destroys it.',
  acts: [...acts, ...(acts.some(({ says }) => says.includes('(')) ? [] : [silence])],
  allow: endsInTime,
  controls: controls ?? { pass: [serving('that cuts what takes too long')], fail: [greeting('and waits for ever')] },
});

/** What leaves in the middle, and must leave the target as it was: then another client is served. */
const abort = (slug: string, says: string, bytesOf: (hello: Buffer) => number): TlsCase => ({
  id: `tls/abuse/abort-${slug}`,
  title: `A client that leaves in the middle of its hello is let go, and the next is served: ${says}`,
  rfc: 'RFC9112#9.5',
  tags: ['abuse'],
  acts: [
    act(`ClientHello up to ${says}, and FIN; then a plain handshake on a connection of its own`, async (talk) => {
      const [whole = NOTHING] = fragmented(CONTENT.HANDSHAKE, talk.client.makeHello({}), 16_384);
      await talk.client.octets(whole.subarray(0, bytesOf(whole)));
      talk.client.halfClose();
      await talk.client.untilEnd();
      await talk.again();
    }),
    ...established,
  ],
  allow: [
    rule('pass', 'the end of the first connection, and an answer on the second', (seen) =>
      seen.earlier.includes('open') ? 'the first connection was not closed' : complainServed(seen),
    ),
  ],
  controls: { pass: [serving('')], fail: [greeting('and waits for ever')] },
});

const junk = (slug: string, says: string, content: Buffer): TlsCase => ({
  id: `tls/abuse/junk-${slug}`,
  title: `Octets that are no TLS end the connection: ${says}`,
  rfc: 'RFC8446#5',
  needs: [],
  tags: ['abuse'],
  acts: [octets(says, content)],
  allow: ends(({ hello: own, responses }) =>
    own !== undefined ? 'the handshake went on' : (responses[0]?.status ?? 400) < 400 ? 'it was answered' : undefined,
  ),
  controls: {
    pass: [closing()],
    fail: [greeting('and waits for ever'), plain('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n')],
  },
});

/** Octets that look like nothing, the same every time. */
const noise = (bytes: number, seed: number) =>
  Buffer.from(
    Array.from({ length: bytes }, (_, index) => (index * index * 131 + index * 89 + seed * 57 + (index >> 3)) & 0xff),
  );

/** A request in clear on a port of TLS. */
const inClear = (slug: string, title: string, says: string, text: string): TlsCase => ({
  id: `tls/abuse/clear-${slug}`,
  title,
  rfc: 'RFC9110#4.2.2',
  needs: [],
  tags: ['abuse'],
  acts: [
    octets(says, ({ stage }) => Buffer.from(text.replace('{host}', stage.address.authority), 'latin1')),
    act('(waits for the end)', (talk) => talk.client.until(() => false)),
  ],
  allow: [
    rule('pass', 'a refusal, and the end of the connection', (seen) => {
      const status = seen.responses[0]?.status;
      if (status !== undefined && status < 400) return `it was answered in clear with ${status}`;
      return isEnded(seen) ? undefined : 'the connection was not closed';
    }),
  ],
  controls: {
    pass: [plain('HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n'), closing(), serving('')],
    fail: [plain('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'), greeting('and waits for ever')],
  },
});

export default defineTlsCases([
  inClear(
    'http',
    'A request in clear is not served on a port of TLS',
    'GET / HTTP/1.1, in clear',
    'GET / HTTP/1.1\r\nHost: {host}\r\n\r\n',
  ),
  inClear(
    'preface',
    'The preface of HTTP/2 in clear is not served on a port of TLS',
    'the preface of HTTP/2, in clear',
    'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0',
  ),
  inClear(
    'upgrade',
    'TLS is not asked for in clear on a port of TLS',
    'OPTIONS * with Upgrade: TLS/1.0, in clear',
    'OPTIONS * HTTP/1.1\r\nHost: {host}\r\nUpgrade: TLS/1.0\r\nConnection: Upgrade\r\n\r\n',
  ),
  abort('head', 'the third octet of the record', () => 3),
  abort('type', 'the sixth octet', () => 6),
  abort('half', 'its half', (whole) => whole.length >> 1),
  abort('last', 'its last octet but one', (whole) => whole.length - 1),
  {
    id: 'tls/abuse/abort-reset',
    title: 'A client that resets behind its hello is let go, and others are served',
    rfc: 'RFC9112#9.5',
    needs: ['tls13'],
    tags: ['abuse'],
    acts: [
      act('20 connections, each reset behind half of a ClientHello, and then a plain handshake', async (talk) => {
        const [whole = NOTHING] = fragmented(CONTENT.HANDSHAKE, talk.client.makeHello({}), 16_384);
        await Promise.all(
          Array.from({ length: 20 }, (_, index) => resetBehind(talk, whole.subarray(0, 5 + index * 7))),
        );
        await talk.again();
      }),
      hello(),
      flight,
      finished,
      act('GET / HTTP/1.1, and waits for the answer', (talk) =>
        talk.request(`GET / HTTP/1.1\r\nHost: ${talk.stage.address.authority}\r\n\r\n`),
      ),
    ],
    allow: [
      rule('pass', 'the handshake is completed and a request answered', (seen) =>
        seen.responses.at(-1)?.complete === true ? undefined : 'no response came',
      ),
    ],
    controls: { pass: [serving(''), lenient('')], fail: [closing()] },
  },
  {
    id: 'tls/abuse/half-open',
    title: 'A client is served while a hundred others are in the middle of their handshakes',
    rfc: 'RFC9112#9.5',
    level: 'SHOULD',
    needs: ['tls13'],
    tags: ['abuse'],
    acts: [
      act('100 connections that stop within their hellos, and a plain handshake beside them', async (talk) => {
        const [whole = NOTHING] = fragmented(CONTENT.HANDSHAKE, talk.client.makeHello({}), 16_384);
        const { host, port } = talk.stage.address;
        const sockets = Array.from({ length: 100 }, () => connect({ host, port }).on('error', () => {}));
        for (const [index, socket] of sockets.entries()) socket.write(whole.subarray(0, index));
        try {
          await talk.again();
          await talk.client.hello();
          await talk.flight();
          await talk.client.finish();
          await talk.request(`GET / HTTP/1.1\r\nHost: ${talk.stage.address.authority}\r\n\r\n`);
        } finally {
          for (const socket of sockets) socket.destroy();
        }
      }),
    ],
    allow: [
      rule('pass', 'the handshake is completed and a request answered', (seen) =>
        seen.responses.at(-1)?.complete === true ? undefined : 'no response came',
      ),
    ],
    controls: { pass: [serving(''), lenient('')], fail: [closing()] },
  },
  junk('noise', '200 octets without a meaning', noise(200, 7)),
  junk('zeros', '300 zeros', Buffer.alloc(300)),
  junk('ssh', 'the greeting of SSH', Buffer.from('SSH-2.0-aeronet\r\n', 'latin1')),
  junk(
    'handshake-noise',
    'a handshake record of 400 octets without a meaning',
    Buffer.concat([Buffer.from('1603010190', 'hex'), noise(400, 3)]),
  ),
  junk(
    'hello-noise',
    'a ClientHello of 396 octets without a meaning',
    Buffer.concat([Buffer.from('16030101900100018c', 'hex'), noise(396, 11)]),
  ),
  junk(
    'gateway',
    'the line of a gateway that speaks for others (PROXY), in front of no TLS',
    Buffer.from('PROXY TCP4 127.0.0.1 127.0.0.1 1 2\r\n', 'latin1'),
  ),
  stall('silent', 'A client that says nothing is not waited for longer than a handshake may take', [silence]),
  stall('head', 'A client that stops behind the first octets of a record is not waited for', [
    octets('three octets of a record', Buffer.from('160301', 'hex')),
  ]),
  stall('half', 'A client that stops within its hello is not waited for', [
    octets('half of a ClientHello', (talk) => {
      const [whole = NOTHING] = fragmented(CONTENT.HANDSHAKE, talk.client.makeHello({}), 16_384);
      return whole.subarray(0, whole.length >> 1);
    }),
  ]),
  stall('finished', 'A client that does not end its handshake is not waited for', [hello(), flight, silence]),
  stall('records', 'A client that goes on with records of nothing is not waited for', [
    act(
      'half of a ClientHello, then an octet more every 50 ms (until the time for a handshake is over)',
      async (talk) => {
        const records = fragmented(CONTENT.HANDSHAKE, talk.client.makeHello({}), 4);
        const untilMs = performance.now() + deadlineOf(talk);
        for (const one of records) {
          if (talk.client.end !== 'open' || performance.now() > untilMs) break;
          await talk.client.octets(one);
          await talk.client.until(() => false, 50);
        }
        await talk.end(Math.max(0, untilMs - performance.now()));
      },
    ),
  ]),
]);

/** Opens a connection, sends these octets and resets it. */
function resetBehind({ stage }: Talk, content: Buffer): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect({ host: stage.address.host, port: stage.address.port });
    socket.on('error', () => {}).once('close', () => resolve());
    socket.once('connect', () => socket.write(content, () => socket.resetAndDestroy()));
  });
}
