/** Keys of session tickets: who takes whose sessions, and for how long. */
import { once } from 'node:events';
import { connect, type SecureVersion, type TLSSocket } from 'node:tls';
import { inspect } from 'node:util';
import t, { type Test } from 'tap';
import { tlsLimits } from '../../limits/tls-limits.ts';
import { makeCertificate } from '../../server/certificates.test.data.ts';
import { within } from '../../server/wire.test.data.ts';
import { SecretBuffer } from '../secret-buffer.ts';
import { GOOD_CIPHERS, type TlsPolicy } from './policy.ts';
import { keyName, TicketKeys } from './ticket-keys.ts';
import { listenTls, type TlsListener, type TlsPortOptions } from './tls-listener.ts';

const HOUR = 3_600_000;
const secret = new Uint8Array(32).fill(1);

function policy(name: string): TlsPolicy {
  const { cert, key } = makeCertificate({ name });
  return {
    ...{ names: [name], cert, key, ca: [], clientCertificates: 'none', alpn: ['http/1.1'] },
    ...{
      minVersion: 'TLSv1.2',
      maxVersion: 'TLSv1.3',
      ciphers: GOOD_CIPHERS,
      ocsp: undefined,
      revocation: undefined,
      onPeerVerified: undefined,
    },
  };
}

const A = policy('a.test');
const B = policy('b.test');

/** A port with a clock of its own, that says hello and hangs up. */
async function open(
  t: Test,
  clock: { nowMs: number },
  tickets: Partial<TlsPortOptions['tickets']>,
): Promise<TlsListener> {
  const listener = await listenTls(
    {
      ...{ policies: [A, B], limits: tlsLimits(), readHello: 'needed', keyLog: undefined },
      tickets: { secret, rotationMs: HOUR, lifetimeMs: 2 * HOUR, ...tickets },
    },
    {
      onAccept: ({ socket }) => void socket.on('error', () => {}).end('hello'),
      onAlarm: ({ message }) => t.fail(message),
      onBadHello: ({ message }) => t.fail(message),
    },
    () => clock.nowMs,
  );
  t.teardown(() => listener.close());
  return listener;
}

interface Visit {
  readonly isResumed: boolean;
  /** That is to be resumed next. */
  readonly session: Buffer;
}

/** One connection, with a session to resume or without. */
async function visit(port: number, maxVersion: SecureVersion, servername: string, session?: Buffer): Promise<Visit> {
  const options = { port, servername, maxVersion, rejectUnauthorized: false };
  const socket: TLSSocket = connect(session === undefined ? options : { ...options, session });
  let last: Buffer | undefined;
  socket.on('session', (next: Buffer) => (last = next));
  socket.resume();
  await within('a handshake', once(socket, 'secureConnect'));
  const isResumed = socket.isSessionReused();
  await within('the end', once(socket, 'close'));
  return { isResumed, session: last ?? session ?? Buffer.alloc(0) };
}

for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
  t.test(
    `${version}: a session is resumed for as long as its key is in the window, and by all who share the secret`,
    async (t) => {
      const clock = { nowMs: 500_000 * HOUR };
      const [first, second, stranger] = await Promise.all([
        open(t, clock, {}),
        open(t, clock, {}),
        open(t, clock, { secret: new Uint8Array(32).fill(2) }),
      ]);
      const { port } = first.address;
      let resumed: boolean[] = [];
      const again = async (at: TlsListener, held: Buffer): Promise<boolean> =>
        (await visit(at.address.port, version, 'a.test', held)).isResumed;
      const { session } = await visit(port, version, 'a.test');
      t.equal(await again(first, session), true, 'at once');
      t.equal(await again(second, session), true, 'by another process');
      t.equal(await again(stranger, session), false, 'not by one with another secret');
      for (let epoch = 1; epoch <= 3; epoch++) {
        clock.nowMs += HOUR;
        first.rotate();
        resumed = [...resumed, await again(first, session)];
      }
      t.same(resumed, [true, true, false], 'for two hours, and no longer');
      const { outcomes, ticketsRefused } = first.metrics;
      t.match({ ...outcomes, ticketsRefused }, { full: 2, resumed: 3, ticketsRefused: 1 });
      clock.nowMs += 10 * HOUR;
      first.rotate();
      const fresh = await visit(port, version, 'a.test');
      t.equal(await again(first, fresh.session), true, 'after a long pause there is a key of now');
    },
  );
}

t.test('keys differ by policy and by span, are the same everywhere, and are wiped', (t) => {
  const options = { secret, rotationMs: HOUR, lifetimeMs: 2 * HOUR + 1 };
  const keys = new TicketKeys(options);
  t.equal(keys.window, 4);
  t.equal(keys.epochAt(10 * HOUR + 1), 10);
  t.equal(keys.untilNext(10 * HOUR + 1), HOUR - 1);
  const key = keys.derive('a', 1);
  t.equal(key.bytes.length, 48);
  t.equal(keyName(key.bytes), key.bytes.toString('hex').slice(0, 32));
  t.same(new TicketKeys(options).derive('a', 1).bytes, key.bytes);
  t.notSame(keys.derive('a', 2).bytes, key.bytes);
  t.notSame(keys.derive('b', 1).bytes, key.bytes);
  t.notSame(new TicketKeys({ ...options, secret: undefined }).derive('a', 1).bytes, key.bytes);
  const { bytes } = key;
  key.wipe();
  t.ok(bytes.every((octet) => octet === 0));
  keys.wipe();
  t.throws(() => keys.derive('a', 1), /after it had been wiped/);
  t.same(secret, new Uint8Array(32).fill(1), "what the caller has is the caller's");
  t.end();
});

t.test('a secret is shown to nobody', (t) => {
  const secretBuffer = SecretBuffer.copyOf('s3cr3t');
  for (const text of [`${secretBuffer}`, JSON.stringify({ secretBuffer }), inspect({ secretBuffer })]) {
    t.match(text, /\[secret\]/);
    t.notMatch(text, /s3cr3t|73/);
  }
  t.equal(secretBuffer.isWiped, false);
  secretBuffer.wipe();
  secretBuffer.wipe();
  t.equal(secretBuffer.isWiped, true);
  t.end();
});
