import {
  act,
  alerting,
  CONTENT,
  closing,
  completes,
  defineTlsCases,
  ends,
  established,
  finished,
  flight,
  fragmented,
  get,
  getText,
  greeting,
  hello,
  lenient,
  MAX_FRAGMENT,
  octets,
  record,
  refused,
  sealed,
  serves,
  serving,
  type Talk,
  type TlsCase,
  warned,
} from '../../tls/define.ts';

const NOTHING = Buffer.alloc(0);
const CHANGE = record(CONTENT.CHANGE_CIPHER_SPEC, Buffer.of(1));

/** What comes first is no hello. */
const first = (
  slug: string,
  title: string,
  says: string,
  octetsFirst: Buffer,
  names: Parameters<typeof refused>[0] = ['unexpected_message'],
): TlsCase => ({
  id: `tls/record/${slug}`,
  title,
  rfc: 'RFC8446#5',
  acts: [octets(says, octetsFirst), hello(), ...completes],
  allow: refused(names),
  controls: {
    pass: [alerting(names[0] ?? 'unexpected_message'), alerting('decode_error')],
    fail: [lenient(''), greeting('of TLS 1.2')],
  },
});

/** A record on a connection that works, then a request: the record ends the connection. */
const spoilt = (
  slug: string,
  title: string,
  rfc: TlsCase['rfc'],
  names: Parameters<typeof refused>[0],
  bad: TlsCase['acts'][number],
): TlsCase => ({
  id: `tls/record/${slug}`,
  title,
  rfc,
  acts: [...established, bad, get],
  allow: refused(names, { behind: 1 }),
  controls: { pass: [serving('')], fail: [lenient('')] },
});

/** A request in records of a form of its own, which changes nothing. */
const requestIn = (
  slug: string,
  title: string,
  rfc: TlsCase['rfc'],
  says: string,
  send: (talk: Talk) => Promise<void>,
): TlsCase => ({
  id: `tls/record/${slug}`,
  title,
  rfc,
  acts: [
    hello(),
    flight,
    finished,
    act(says, async (talk) => {
      talk.stimulate();
      await send(talk);
      await talk.response();
    }),
  ],
  allow: serves(),
  controls: { pass: [serving(''), lenient('')], fail: [alerting('unexpected_message')] },
});

export default defineTlsCases([
  {
    id: 'tls/record/hello-fragments',
    title: 'A hello in records of 20 octets is put together',
    rfc: 'RFC8446#5.1',
    acts: [hello('in records of 20 octets', {}, { fragmentBytes: 20 }), ...completes],
    allow: serves(),
    controls: { pass: [serving(''), lenient('')], fail: [alerting('decode_error')] },
  },
  {
    id: 'tls/record/hello-single-octets',
    title: 'A hello in records of one octet is put together',
    rfc: 'RFC8446#5.1',
    level: 'MAY',
    why: 'RFC8446#5.1 lets a client do so, and no clause says how many records a server has to take.',
    acts: [hello('in records of one octet', {}, { fragmentBytes: 1 }), ...completes],
    allow: [
      ...serves(),
      ...warned(
        refused(['decode_error', 'unexpected_message', 'record_overflow', 'internal_error', 'illegal_parameter']),
        'a limit on the number of records',
      ),
    ],
    controls: {
      pass: [serving(''), alerting('decode_error')],
      fail: [greeting('and no more'), alerting('bad_record_mac')],
    },
  },
  {
    id: 'tls/record/hello-split-writes',
    title: 'A hello whose record comes in pieces is put together',
    rfc: 'RFC8446#C.3',
    acts: [
      act('ClientHello in writes of 1, 4, 1 and 50 octets, and the rest', async (talk) => {
        const [whole = NOTHING] = fragmented(CONTENT.HANDSHAKE, talk.client.makeHello({}), MAX_FRAGMENT);
        let at = 0;
        for (const bytes of [1, 4, 1, 50, whole.length]) {
          await talk.client.octets(whole.subarray(at, at + bytes));
          // A turn of the event loop sets the writes apart
          await new Promise((resolve) => setImmediate(resolve));
          at += bytes;
        }
      }),
      ...completes,
    ],
    allow: serves(),
    controls: { pass: [serving('')], fail: [alerting('decode_error')] },
  },
  first(
    'application-data-first',
    'Application data in front of the handshake is refused',
    'a record of application data',
    record(CONTENT.APPLICATION_DATA, Buffer.from('GET / HTTP/1.1\r\n\r\n')),
  ),
  first(
    'unknown-type',
    'A record of a type that nobody knows is refused',
    'a record of type 99',
    record(99, Buffer.alloc(40)),
  ),
  first(
    'change-cipher-spec-first',
    'A change_cipher_spec in front of the hello is refused',
    'change_cipher_spec',
    CHANGE,
  ),
  {
    ...first(
      'empty-handshake',
      'A handshake record without octets is refused',
      'a handshake record without octets',
      record(CONTENT.HANDSHAKE, NOTHING),
      ['unexpected_message', 'decode_error'],
    ),
    rfc: 'RFC8446#5.1',
    allow: [
      ...refused(['unexpected_message', 'decode_error']),
      ...warned(serves(), 'the client must not send it; what a server does with it is not said'),
    ],
    controls: { pass: [alerting('unexpected_message'), lenient('')], fail: [greeting('of TLS 1.2')] },
  },
  {
    id: 'tls/record/overflow',
    title: 'A record of more than 2^14 octets is refused',
    rfc: 'RFC8446#5.1',
    acts: [
      octets(
        'a handshake record of 16,385 octets that begins a ClientHello',
        record(CONTENT.HANDSHAKE, Buffer.concat([Buffer.from('01004100', 'hex'), Buffer.alloc(MAX_FRAGMENT - 3)])),
      ),
    ],
    allow: refused(['record_overflow']),
    controls: { pass: [alerting('record_overflow'), closing()], fail: [greeting('of TLS 1.2')] },
  },
  {
    id: 'tls/record/overflow-announced',
    title: 'A record that announces 65,535 octets is not waited for',
    rfc: 'RFC8446#5.1',
    level: 'SHOULD',
    why: 'The text wants the alert for a record that is too long; to wait for its octets serves nobody.',
    acts: [
      octets(
        'the head of a handshake record of 65,535 octets, and 600 of them',
        record(CONTENT.HANDSHAKE, Buffer.concat([Buffer.from('0100fff0', 'hex'), Buffer.alloc(596)]), 0x0301, 65_535),
      ),
    ],
    allow: refused(['record_overflow', 'decode_error']),
    controls: { pass: [alerting('record_overflow')], fail: [greeting('of TLS 1.2')] },
  },
  {
    id: 'tls/record/interleaved',
    title: 'A record of another type within a handshake message is refused',
    rfc: 'RFC8446#5.1',
    acts: [
      act('the two halves of a ClientHello, and a warning between them', async (talk) => {
        talk.stimulate();
        const [one = NOTHING, ...rest] = fragmented(CONTENT.HANDSHAKE, talk.client.makeHello({}), 150);
        await talk.client.octets(one, record(CONTENT.ALERT, Buffer.of(1, 90)), ...rest);
      }),
      ...completes,
    ],
    allow: refused(['unexpected_message']),
    controls: { pass: [alerting('unexpected_message'), closing()], fail: [greeting('of TLS 1.2')] },
  },
  {
    id: 'tls/record/alert-first',
    title: 'A fatal alert in front of the hello ends the connection',
    rfc: 'RFC8446#6.2',
    acts: [octets('a fatal alert handshake_failure', record(CONTENT.ALERT, Buffer.of(2, 40)))],
    allow: ends(({ hello: own }) => (own === undefined ? undefined : 'the handshake went on')),
    controls: { pass: [closing(), alerting('unexpected_message')], fail: [greeting('of TLS 1.2')] },
  },
  {
    id: 'tls/record/change-cipher-spec-dropped',
    title: 'A change_cipher_spec within the handshake is dropped',
    rfc: 'RFC8446#5',
    acts: [hello(), flight, octets('change_cipher_spec', CHANGE), finished, get],
    allow: serves(),
    controls: { pass: [serving(''), lenient('')], fail: [alerting('unexpected_message')] },
  },
  {
    id: 'tls/record/change-cipher-spec-2',
    title: 'A change_cipher_spec that says anything but 1 is refused',
    rfc: 'RFC8446#5',
    acts: [
      hello(),
      flight,
      octets('change_cipher_spec that says 2', record(CONTENT.CHANGE_CIPHER_SPEC, Buffer.of(2))),
      finished,
      get,
    ],
    allow: refused(['unexpected_message'], { behind: 'handshake' }),
    controls: { pass: [serving('')], fail: [lenient('')] },
  },
  spoilt(
    'change-cipher-spec-behind',
    'A change_cipher_spec behind the handshake is refused',
    'RFC8446#5',
    ['unexpected_message'],
    octets('change_cipher_spec', CHANGE),
  ),
  spoilt(
    'bad-mac',
    'A record that was changed on its way ends the connection',
    'RFC8446#5.2',
    ['bad_record_mac'],
    sealed('a request whose record was changed', CONTENT.APPLICATION_DATA, Buffer.from('x'), { spoilt: true }),
  ),
  spoilt(
    'in-clear',
    'Application data in clear behind the handshake ends the connection',
    'RFC8446#5.2',
    ['bad_record_mac', 'unexpected_message', 'decode_error'],
    octets(
      'a request in a record in clear',
      record(CONTENT.APPLICATION_DATA, Buffer.from('GET / HTTP/1.1\r\nHost: a\r\n\r\n')),
    ),
  ),
  spoilt(
    'all-padding',
    'A record of nothing but padding ends the connection',
    'RFC8446#5.4',
    ['unexpected_message'],
    sealed('a record of 40 zeros', 0, NOTHING, { padding: 39 }),
  ),
  spoilt(
    'protected-overflow',
    'A protected record of more than 2^14 + 256 octets is refused',
    'RFC8446#5.2',
    ['record_overflow'],
    octets(
      'a protected record of 16,641 octets',
      record(CONTENT.APPLICATION_DATA, Buffer.alloc(MAX_FRAGMENT + 257, 7)),
    ),
  ),
  spoilt(
    'inner-overflow',
    'A protected record that holds more than 2^14 octets is refused',
    'RFC8446#5.2',
    ['record_overflow'],
    sealed('a record that holds 16,385 octets', CONTENT.APPLICATION_DATA, Buffer.alloc(MAX_FRAGMENT + 1, 0x20)),
  ),
  spoilt(
    'unknown-inner-type',
    'A protected record of a type that nobody knows is refused',
    'RFC8446#5',
    ['unexpected_message'],
    sealed('a record whose inner type is 99', 99, Buffer.alloc(8)),
  ),
  spoilt(
    'empty-inner-handshake',
    'A protected handshake record without octets is refused',
    'RFC8446#5.4',
    ['unexpected_message'],
    sealed('a handshake record without octets', CONTENT.HANDSHAKE, NOTHING),
  ),
  requestIn(
    'padded',
    'Padding is taken off',
    'RFC8446#5.4',
    'GET / HTTP/1.1, in two records with 300 and 9,000 zeros behind',
    async (talk) => {
      const text = getText(talk);
      await talk.client.data(text.slice(0, 9), { padding: 300 });
      await talk.client.data(text.slice(9), { padding: 9_000 });
    },
  ),
  requestIn(
    'single-octets',
    'A request in records of one octet is put together',
    'RFC8446#5.1',
    'GET / HTTP/1.1, in records of one octet',
    async (talk) => {
      for (const char of getText(talk)) await talk.client.data(char);
    },
  ),
  requestIn(
    'empty-data',
    'Application data without octets is taken',
    'RFC8446#5.1',
    'GET / HTTP/1.1, with 8 records without octets in front, within and behind',
    async (talk) => {
      const text = getText(talk);
      const nothing = () => talk.client.data('');
      for (let count = 0; count < 3; count++) await nothing();
      await talk.client.data(text.slice(0, 11));
      for (let count = 0; count < 3; count++) await nothing();
      await talk.client.data(text.slice(11));
      for (let count = 0; count < 2; count++) await nothing();
    },
  ),
  requestIn(
    'full',
    'A record of 2^14 octets is taken',
    'RFC8446#5.1',
    'GET / HTTP/1.1 in a record that padding fills to 2^14 octets',
    async (talk) => {
      const text = getText(talk);
      await talk.client.data(text, { padding: MAX_FRAGMENT - text.length });
    },
  ),
]);
