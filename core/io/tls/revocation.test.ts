/** Revoked certificates of clients, and hooks that decide about clients: full and resumed, in time, whatever hooks do. */
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect, type TLSSocket } from 'node:tls';
import t, { type Test } from 'tap';
import { type Certificate, der, extension, makeCertificate, toPem } from '../../server/certificates.test.data.ts';
import { createServer, type TlsPort } from '../../server/server.ts';
import type { TlsPolicyOptions, TlsRevocationOptions } from '../../server/tls-options.ts';
import { run, sClient, withProgram } from '../../server/tls-programs.test.data.ts';
import { within } from '../../server/wire.test.data.ts';
import type { TlsAlarm } from './alarm.ts';
import type { TlsOutcome } from './metrics.ts';
import type { VerifiedPeer } from './peer-hook.ts';
import { HOUR, makeCrl, NOW } from './pki.test.data.ts';
import { Revocation } from './revocation.ts';

const ca = makeCertificate({ name: 'ca', isAuthority: true });
const twin = makeCertificate({ name: 'ca', isAuthority: true });
const other = makeCertificate({ name: 'other', isAuthority: true });
const own = makeCertificate({ name: 'a.test' });
const good = makeCertificate({ name: 'good', issuer: ca });
const bad = makeCertificate({ name: 'bad', issuer: ca });
const strange = makeCertificate({ name: 'strange', issuer: other });

const lists = (more: Partial<TlsRevocationOptions>): ConstructorParameters<typeof Revocation>[0]['revocation'] => ({
  ...{ crls: [], files: [], reloadMs: 60_000, issuers: [], unknown: 'refuse', alarmMs: 24 * HOUR },
  ...(more as object),
});
const now = (): number => NOW;
const crlOf = (...serials: Buffer[]): Buffer => makeCrl({ issuer: ca, serials, nextUpdate: NOW + 48 * HOUR });
const x509 = ({ cert }: Certificate): X509Certificate => new X509Certificate(cert);

t.test('a list counts where an authority has signed it; a name on it counts always', async (t) => {
  const alarms: TlsAlarm[] = [];
  const load = (crl: string | Uint8Array): Revocation =>
    new Revocation(
      { names: [], ca: [ca.cert, other.cert], revocation: lists({ crls: [crl] }) },
      (one) => alarms.push(one),
      now,
    );
  const revocation = load(crlOf(bad.serial));
  t.equal(revocation.statusOf(x509(good)), 'good');
  t.equal(revocation.statusOf(x509(bad)), 'revoked');
  t.equal(revocation.statusOf(x509(strange)), 'unknown');
  t.strictSame(alarms, []);
  t.match(revocation.gauge(), { lists: 1, entries: 1, expiresAt: NOW + 48 * HOUR });
  const pem = toPem('X509 CRL', crlOf(good.serial)) + toPem('X509 CRL', makeCrl({ issuer: other }));
  t.equal(load(pem).statusOf(x509(good)), 'revoked');
  t.equal(load(pem).statusOf(x509(strange)), 'good');
  alarms.length = 0;
  const lapsed = load(makeCrl({ issuer: ca, serials: [bad.serial], nextUpdate: NOW - 1 }));
  t.equal(lapsed.statusOf(x509(good)), 'unknown');
  t.equal(lapsed.statusOf(x509(bad)), 'revoked');
  load(makeCrl({ issuer: ca, nextUpdate: NOW + HOUR }));
  t.match(alarms, [
    { code: 'crl_expired' },
    { code: 'crl_expiring', message: /crls\[0\] .* goes out of date at 2026/ },
  ]);
  const rows: readonly [name: string, crl: Uint8Array, code: string][] = [
    ['another key of the same name', makeCrl({ issuer: ca, signer: twin }), 'CRL_SIGNER'],
    ['an authority that is none', makeCrl({ issuer: own }), 'CRL_SIGNER'],
    ['garbage', Buffer.from('<html>'), 'CRL_UNREADABLE'],
    ['garbage in PEM', Buffer.from(toPem('X509 CRL', Buffer.from('<html>'))), 'CRL_UNREADABLE'],
    ['nothing', Buffer.alloc(0), 'CRL_UNREADABLE'],
    ['cut', crlOf(bad.serial).subarray(0, -1), 'CRL_UNREADABLE'],
    [
      'a delta',
      makeCrl({ issuer: ca, extensions: [extension('551d1b', der(0x02, Buffer.of(1)), true)] }),
      'CRL_UNREADABLE',
    ],
  ];
  for (const [name, crl, code] of rows) t.throws(() => load(crl), { code }, name);
});

t.test('files are read anew; what cannot be used leaves what was there', async (t) => {
  const file = join(t.testdir(), 'crl');
  const alarms: TlsAlarm[] = [];
  const policy = { names: [], ca: [ca.cert], revocation: lists({ files: [file] }) };
  const load = (): Revocation => new Revocation(policy, (one) => alarms.push(one), now);
  t.throws(load, { code: 'CRL_UNREADABLE' });
  writeFileSync(file, crlOf(bad.serial));
  const revocation = load();
  await revocation.reload();
  t.match(revocation.gauge(), { reloads: 0, failures: 0 });
  writeFileSync(file, crlOf(bad.serial, good.serial));
  await Promise.all([revocation.reload(), revocation.reload()]);
  t.match(revocation.gauge(), { reloads: 1, entries: 2 });
  t.equal(revocation.statusOf(x509(good)), 'revoked');
  for (const octets of [Buffer.from('garbage'), makeCrl({ issuer: ca, signer: twin })]) {
    writeFileSync(file, octets);
    await revocation.reload();
    t.equal(revocation.statusOf(x509(good)), 'revoked');
  }
  t.match(revocation.gauge(), { reloads: 1, failures: 2 });
  t.match(alarms, [{ code: 'crl_reload' }, { code: 'crl_reload', message: /what was read before stays/ }]);
});

/** A port that asks for certificates of `ca`. */
async function serve(t: Test, more: Partial<TlsPolicyOptions>, peerHookMs = 5_000): Promise<TlsPort> {
  const server = createServer((request, response) => response.send(`hello ${request.peer.tls?.isResumed}`), {
    tlsLimits: { peerHookMs },
    onTlsAlarm: () => {},
  });
  t.teardown(() => server.close());
  const pair = { cert: own.cert, key: own.key };
  return server.listenTls({ ...pair, ca: ca.cert, clientCertificates: 'require', ...more });
}

const ASK = 'GET / HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n';

interface Visit {
  readonly text: string;
  readonly session: Buffer | undefined;
}

/** A request by Node's client; what was answered, which is nothing where it is refused. */
async function visit(
  port: TlsPort,
  client: Certificate,
  maxVersion: 'TLSv1.2' | 'TLSv1.3' = 'TLSv1.3',
  session?: Buffer,
): Promise<Visit> {
  const socket: TLSSocket = connect({
    ...{ port: port.port, host: '127.0.0.1', servername: 'a.test', rejectUnauthorized: false, maxVersion },
    ...{ cert: client.cert, key: client.key, ...(session === undefined ? {} : { session }) },
  });
  let text = '';
  let next: Buffer | undefined;
  socket.on('error', () => {});
  socket.on('session', (octets: Buffer) => (next = octets));
  socket.on('data', (piece: Buffer) => (text += piece.toString('latin1')));
  socket.write(ASK);
  await within('a visit', new Promise((resolve) => socket.on('close', resolve)));
  return { text, session: next };
}

t.test('a revoked client is refused, also when it resumes what began before', async (t) => {
  const fresh = (...serials: Buffer[]): Buffer => makeCrl({ issuer: ca, serials, nextUpdate: Date.now() + 48 * HOUR });
  for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
    const file = join(t.testdir(), 'crl');
    writeFileSync(file, fresh());
    const port = await serve(t, { revocation: { files: [file], reloadMs: 1_000 } });
    const first = await visit(port, bad, version);
    t.match(first.text, /200 OK[\s\S]*hello false/, version);
    t.match((await visit(port, bad, version, first.session)).text, /hello true/, 'it resumes');
    writeFileSync(file, fresh(bad.serial));
    const isReloaded = (): boolean => port.metrics().crls[0]?.entries === 1;
    await within(
      'a reload',
      (async () => {
        while (!isReloaded()) await new Promise((resolve) => setTimeout(resolve, 20));
      })(),
    );
    t.equal((await visit(port, bad, version, first.session)).text, '', 'and then no more');
    t.equal((await visit(port, bad, version)).text, '');
    t.match((await visit(port, good, version)).text, /200 OK/);
    t.match(port.metrics().outcomes, { revoked: 2, full: 2, resumed: 1 });
  }
});

t.test('without a list in date: refused, or accepted where that was chosen', async (t) => {
  const stale = makeCrl({ issuer: ca, serials: [bad.serial], nextUpdate: Date.now() - 1_000 });
  const hard = await serve(t, { revocation: { crls: stale } });
  t.equal((await visit(hard, good)).text, '');
  t.match(hard.metrics().outcomes, { revocation_unknown: 1 });
  const soft = await serve(t, { revocation: { crls: stale, unknown: 'accept' } });
  t.match((await visit(soft, good)).text, /200 OK/);
  t.equal((await visit(soft, bad)).text, '');
  await t.rejects(serve(t, { revocation: { crls: 'garbage' } }), { code: 'CRL_UNREADABLE' });
  await t.rejects(serve(t, { revocation: {} }), /neither crls nor files/);
  await t.rejects(
    serve(t, { clientCertificates: 'none', ca: [], onPeerVerified: () => true }),
    /need clientCertificates/,
  );
});

t.test('a hook decides, before a request is looked at; whatever else it does refuses, in time', async (t) => {
  const seen: Omit<VerifiedPeer, 'certificate'>[] = [];
  const port = await serve(t, {
    onPeerVerified: async ({ certificate, ...rest }) => {
      seen.push(rest);
      await new Promise((resolve) => setTimeout(resolve, 30));
      return certificate.subject === 'CN=good';
    },
  });
  const first = await visit(port, good);
  t.match(first.text, /200 OK/);
  t.match((await visit(port, good, 'TLSv1.3', first.session)).text, /hello true/);
  t.equal((await visit(port, bad)).text, '');
  t.match(seen, [{ isResumed: false, revocation: 'unchecked', address: '127.0.0.1' }, { isResumed: true }, {}]);
  t.match(port.metrics().outcomes, { full: 1, resumed: 1, hook_refused: 1 });
  const rows: readonly [name: string, hook: () => boolean | Promise<boolean>, outcome: TlsOutcome][] = [
    ['false', () => false, 'hook_refused'],
    ['nothing', () => JSON.parse('null'), 'hook_refused'],
    ['throws', () => JSON.parse('{'), 'hook_failed'],
    ['rejects', () => Promise.reject(new Error('no')), 'hook_failed'],
    ['never settles', () => new Promise(() => {}), 'hook_timeout'],
  ];
  for (const [name, onPeerVerified, outcome] of rows) {
    const one = await serve(t, { onPeerVerified }, 100);
    t.equal((await visit(one, good)).text, '', name);
    const { outcomes, underWay } = one.metrics();
    t.equal(outcomes[outcome], 1, name);
    t.equal(outcomes.full, 0, name);
    t.ok(underWay <= 1);
  }
});

t.test('a client that leaves while a hook thinks is forgotten', async (t) => {
  let answer = (_: boolean): void => {};
  const port = await serve(t, { onPeerVerified: () => new Promise((resolve) => (answer = resolve)) });
  const socket = connect({
    port: port.port,
    host: '127.0.0.1',
    rejectUnauthorized: false,
    cert: good.cert,
    key: good.key,
  });
  socket.on('error', () => {});
  await within('a handshake', once(socket, 'secureConnect'));
  socket.destroy();
  await within(
    'its end',
    (async () => {
      while (port.metrics().underWay > 0) await new Promise((resolve) => setTimeout(resolve, 5));
    })(),
  );
  answer(true);
  await new Promise((resolve) => setImmediate(resolve));
  t.match(port.metrics().outcomes, { reset: 1, full: 0 });
});

withProgram('openssl', 'openssl: a list that it made refuses its client', async (t) => {
  const folder = t.testdir();
  const at = (name: string): string => join(folder, name);
  for (const [name, one] of Object.entries({ ca, good, bad })) writeFileSync(at(name), one.cert + one.key);
  writeFileSync(
    at('index'),
    `R\t491231000000Z\t260101000000Z\t${bad.serial.toString('hex').toUpperCase()}\tunknown\t/CN=bad\n`,
  );
  writeFileSync(
    at('config'),
    `[ca]\ndefault_ca=d\n[d]\ndatabase=${at('index')}\ndefault_md=sha256\ndefault_crl_days=3\n`,
  );
  const made = await run('openssl', [
    ...['ca', '-gencrl', '-config', at('config'), '-cert', at('ca'), '-keyfile', at('ca'), '-out', at('crl.pem')],
  ]);
  t.match(made, /exit 0/);
  const open = await serve(t, {});
  const port = await serve(t, { revocation: { files: [at('crl.pem')] } });
  for (const version of ['-tls1_2', '-tls1_3']) {
    const ask = (where: TlsPort, who: string): Promise<string> => sClient(where.port, [version, '-cert', at(who)], ASK);
    t.match(await ask(port, 'good'), /200 OK/, version);
    t.notMatch(await ask(port, 'bad'), /200 OK/, version);
    t.match(await ask(open, 'bad'), /200 OK/, version);
  }
});
