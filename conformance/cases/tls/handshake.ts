import {
  act,
  alerting,
  CONTENT,
  closing,
  complainServed,
  completes,
  defineTlsCases,
  EXTENSION,
  ends,
  established,
  finished,
  flight,
  get,
  getText,
  greeting,
  hello,
  lenient,
  MESSAGE,
  message,
  ping,
  preface,
  protocols,
  refused,
  rule,
  sealed,
  serves,
  serving,
  type TlsCase,
  uint,
} from '../../tls/define.ts';

const NOTHING = Buffer.alloc(0);

/** A message on a connection that works, then a request: the message ends the connection. */
const unwanted = (
  slug: string,
  title: string,
  rfc: TlsCase['rfc'],
  says: string,
  whole: Buffer,
  names: Parameters<typeof refused>[0] = ['unexpected_message'],
): TlsCase => ({
  id: `tls/handshake/${slug}`,
  title,
  rfc,
  acts: [...established, sealed(says, CONTENT.HANDSHAKE, whole), get],
  allow: refused(names, { behind: 1 }),
  controls: { pass: [serving('')], fail: [lenient('')] },
});

/** The handshake is ended in a wrong way, and a request sent all the same. */
const wrongEnd = (
  slug: string,
  title: string,
  rfc: TlsCase['rfc'],
  names: Parameters<typeof refused>[0],
  bad: TlsCase['acts'][number],
): TlsCase => ({
  id: `tls/handshake/${slug}`,
  title,
  rfc,
  acts: [hello(), flight, bad, get],
  allow: refused(names, { behind: 'handshake' }),
  controls: { pass: [serving('')], fail: [lenient('')] },
});

export default defineTlsCases([
  wrongEnd(
    'finished-wrong',
    'A Finished that is not what the messages make it is refused',
    'RFC8446#4.4.4',
    ['decrypt_error'],
    act('a Finished with a changed octet', (talk) => talk.client.finish({ spoilt: true })),
  ),
  wrongEnd(
    'finished-trailing',
    'Octets behind Finished in its record are refused',
    'RFC8446#5.1',
    ['unexpected_message'],
    act('Finished with the beginning of another message behind it in its record', (talk) =>
      talk.client.finish({ tail: Buffer.from('18000001', 'hex') }),
    ),
  ),
  wrongEnd(
    'data-before-finished',
    'Application data in place of Finished is refused',
    'RFC8446#4.4.4',
    ['unexpected_message'],
    sealed(
      'a request under the keys of the handshake',
      CONTENT.APPLICATION_DATA,
      Buffer.from('GET / HTTP/1.1\r\nHost: a\r\n\r\n'),
    ),
  ),
  wrongEnd(
    'certificate-unasked',
    'A certificate that nobody asked for is refused',
    'RFC8446#4.4.2',
    ['unexpected_message'],
    sealed(
      'a Certificate without certificates, which was not asked for',
      CONTENT.HANDSHAKE,
      message(MESSAGE.CERTIFICATE, Buffer.alloc(4)),
    ),
  ),
  unwanted(
    'second-hello',
    'A ClientHello behind a handshake of TLS 1.3 is refused',
    'RFC8446#4.1.2',
    'a ClientHello',
    message(
      MESSAGE.CLIENT_HELLO,
      Buffer.concat([uint(0x0303, 2), Buffer.alloc(32, 1), Buffer.from('00000213010100', 'hex')]),
    ),
  ),
  unwanted(
    'ticket-from-client',
    'A NewSessionTicket from a client is refused',
    'RFC8446#4.6.1',
    'a NewSessionTicket',
    message(
      MESSAGE.NEW_SESSION_TICKET,
      Buffer.concat([uint(7_200, 4), uint(1, 4), Buffer.from('010000046162636400' + '00', 'hex')]),
    ),
  ),
  unwanted(
    'certificate-behind',
    'A certificate behind the handshake that nobody asked for is refused',
    'RFC8446#4.6.2',
    'a Certificate',
    message(MESSAGE.CERTIFICATE, Buffer.alloc(4)),
  ),
  unwanted(
    'unknown-message',
    'A handshake message that nobody knows is refused',
    'RFC8446#4',
    'a message of type 77',
    message(77, Buffer.alloc(8)),
  ),
  unwanted(
    'key-update-wrong',
    'A KeyUpdate that says neither 0 nor 1 is refused',
    'RFC8446#4.6.3',
    'KeyUpdate that says 7',
    message(MESSAGE.KEY_UPDATE, Buffer.of(7)),
    ['illegal_parameter', 'decode_error'],
  ),
  unwanted(
    'key-update-long',
    'A KeyUpdate of two octets is refused',
    'RFC8446#6',
    'KeyUpdate of two octets',
    message(MESSAGE.KEY_UPDATE, Buffer.of(0, 0)),
    ['decode_error', 'illegal_parameter'],
  ),
  {
    id: 'tls/handshake/key-update',
    title: 'A KeyUpdate that asks for one gets it, and both keys are changed',
    rfc: 'RFC8446#4.6.3',
    acts: [
      ...established,
      act('KeyUpdate that asks for one, and GET / HTTP/1.1 under the next keys', async (talk) => {
        talk.stimulate();
        await talk.client.keyUpdate(1);
        await talk.client.data(getText(talk));
        await talk.response();
      }),
    ],
    allow: serves((seen) =>
      seen.keyUpdates === 1
        ? seen.responses.length === 2
          ? undefined
          : 'there were not two responses'
        : `${seen.keyUpdates} KeyUpdates came`,
    ),
    controls: {
      pass: [serving(''), lenient('and updates its keys', { updates: true })],
      fail: [lenient('and does not update its keys')],
    },
  },
  {
    id: 'tls/handshake/key-update-silent',
    title: 'A KeyUpdate that asks for none changes the keys of the client alone',
    rfc: 'RFC8446#4.6.3',
    acts: [
      ...established,
      act('three KeyUpdates that ask for none, and GET / HTTP/1.1', async (talk) => {
        talk.stimulate();
        for (let count = 0; count < 3; count++) await talk.client.keyUpdate(0);
        await talk.client.data(getText(talk));
        await talk.response();
      }),
    ],
    allow: serves((seen) => (seen.keyUpdates === 0 ? undefined : `${seen.keyUpdates} KeyUpdates came`)),
    controls: { pass: [serving('')], fail: [lenient('and updates its keys for each', { updates: true })] },
  },
  {
    id: 'tls/handshake/no-request-behind',
    title: 'No certificate is asked for behind a handshake of TLS 1.3 with HTTP/2',
    rfc: 'RFC9113#9.2.3',
    needs: ['tls13', 'tls-h2'],
    acts: [
      hello('with ALPN h2', { extensions: [[EXTENSION.ALPN, protocols('h2')]], more: [[49, NOTHING]] }),
      flight,
      finished,
      preface,
      ping,
    ],
    allow: [
      rule('pass', 'a PING is answered, and no CertificateRequest came', (seen) => {
        if (seen.requests.includes('behind')) return 'a CertificateRequest came behind the handshake';
        return seen.connection === 'open' ? undefined : `the connection was ${seen.connection}`;
      }),
    ],
    controls: {
      pass: [serving('')],
      fail: [lenient('and asks for a certificate behind the handshake', { protocol: 'h2', asksBehind: true })],
    },
  },
  {
    id: 'tls/handshake/resumed',
    title: 'A session is resumed by its ticket, or the handshake is a full one',
    rfc: 'RFC8446#4.2.11',
    acts: [
      ...established,
      act('(waits for a ticket)', (talk) => talk.ticketed()),
      act('ClientHello that resumes the session, on a connection of its own', async (talk) => {
        const { ticket } = talk;
        await talk.again();
        talk.stimulate();
        if (ticket !== undefined) await talk.client.resume(ticket);
      }),
      ...completes,
    ],
    allow: [
      ...serves((seen) => (seen.isResumed ? undefined : 'the session was not resumed'), ' on a resumed session'),
      rule('pass', 'a full handshake', complainServed),
    ],
    controls: { pass: [serving('')], fail: [alerting('internal_error')] },
  },
  {
    id: 'tls/handshake/binder-wrong',
    title: 'A ticket without its secret resumes nothing',
    rfc: 'RFC8446#4.2.11',
    acts: [
      ...established,
      act('(waits for a ticket)', (talk) => talk.ticketed()),
      act('ClientHello with the ticket, and a binder made with another secret', async (talk) => {
        const { ticket } = talk;
        await talk.again();
        talk.stimulate();
        if (ticket !== undefined) await talk.client.resume({ ...ticket, key: Buffer.alloc(32, 9) });
      }),
      ...completes,
    ],
    allow: [
      ...refused(['decrypt_error', 'illegal_parameter'], { behind: 1 }).map((one) => ({
        ...one,
        complaint: (seen: Parameters<typeof one.complaint>[0]) =>
          seen.isResumed ? 'the session was resumed' : one.complaint(seen),
      })),
      rule('pass', 'a full handshake', (seen) =>
        seen.isResumed
          ? 'the session was resumed'
          : seen.responses.length < 2
            ? 'no second response came'
            : complainServed(seen),
      ),
    ],
    controls: { pass: [serving('')], fail: [alerting('internal_error', 'stays'), greeting('and no more')] },
  },
  {
    id: 'tls/handshake/alert-in-handshake',
    title: 'A fatal alert in place of Finished ends the connection',
    rfc: 'RFC8446#6.2',
    acts: [hello(), flight, sealed('a fatal alert bad_certificate', CONTENT.ALERT, Buffer.of(2, 42))],
    allow: ends(({ responses }) => (responses.length === 0 ? undefined : 'there was a response')),
    controls: { pass: [serving(''), closing()], fail: [lenient('')] },
  },
  {
    id: 'tls/handshake/alert-unknown',
    title: 'An alert that nobody knows ends the connection, whatever its level says',
    rfc: 'RFC8446#6',
    acts: [...established, sealed('a warning alert 233', CONTENT.ALERT, Buffer.of(1, 233)), get],
    allow: [
      ...ends(({ responses }) => (responses.length === 1 ? undefined : `${responses.length} responses came`)),
      rule(
        'warn',
        'no further answer on a connection that stays open',
        ({ responses }) => (responses.length === 1 ? undefined : `${responses.length} responses came`),
        'RFC8446#6.2: it is to be closed',
      ),
    ],
    controls: { pass: [serving('')], fail: [lenient('')] },
  },
  {
    id: 'tls/handshake/alert-long',
    title: 'An alert of three octets is refused',
    rfc: 'RFC8446#6',
    acts: [...established, sealed('an alert of three octets', CONTENT.ALERT, Buffer.of(1, 90, 0)), get],
    allow: refused(['decode_error', 'unexpected_message', 'illegal_parameter'], { behind: 1 }),
    controls: { pass: [serving('')], fail: [lenient('')] },
  },
]);
