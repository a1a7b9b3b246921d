/** OCSP stapling: only what is right is stapled, held against openssl and gnutls-cli; responders that are wrong, slow or huge. */
import { type SpawnOptionsWithoutStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { join } from 'node:path';
import { connect } from 'node:tls';
import t, { type Test } from 'tap';
import { type Certificate, makeCertificate } from '../../server/certificates.test.data.ts';
import { createServer, type TlsPort } from '../../server/server.ts';
import type { TlsOcspOptions } from '../../server/tls-options.ts';
import { run, sClient, withProgram } from '../../server/tls-programs.test.data.ts';
import { within } from '../../server/wire.test.data.ts';
import type { TlsAlarm } from './alarm.ts';
import { fetchOcsp } from './ocsp-client.ts';
import { HOUR, MUST_STAPLE, makeResponse, NOW, OCSP_SIGNING, ocspAt, type ResponseOptions } from './pki.test.data.ts';
import { authoritiesOf, partsOf } from './signatures.ts';
import { judgeResponse, type StapleFault, type StapleSubject } from './staple-check.ts';
import { Stapler } from './stapler.ts';

const ca = makeCertificate({ name: 'ca', isAuthority: true });
const other = makeCertificate({ name: 'other ca', isAuthority: true });
/** Of the same name, with another key. */
const twin = makeCertificate({ name: 'ca', isAuthority: true });
const leaf = makeCertificate({ name: 'a.test', issuer: ca });
const needing = makeCertificate({ name: 'a.test', issuer: ca, extensions: [MUST_STAPLE] });

function subjectOf(certificate: Certificate, issuer = ca): StapleSubject {
  const [parts] = partsOf(certificate.cert);
  const [authority] = authoritiesOf(issuer.cert);
  if (parts === undefined || authority === undefined) throw new Error('no subject');
  return { leaf: parts, issuer: authority };
}

t.test(
  'a response is good for its certificate, from whom the issuer lets speak, in its time; nothing else is',
  async (t) => {
    const appointed = makeCertificate({ name: 'responder', issuer: ca, extensions: [OCSP_SIGNING] });
    const idle = makeCertificate({ name: 'responder', issuer: ca });
    const foreign = makeCertificate({ name: 'responder', issuer: other, extensions: [OCSP_SIGNING] });
    const forged = makeCertificate({ name: 'responder', issuer: twin, extensions: [OCSP_SIGNING] });
    const lapsed = makeCertificate({ name: 'responder', issuer: ca, extensions: [OCSP_SIGNING], to: '260101' });
    const early = makeCertificate({ name: 'responder', issuer: ca, extensions: [OCSP_SIGNING], from: '270101' });
    const by = (signer: Certificate): Partial<ResponseOptions> => ({ signer, brings: [signer] });
    const rows: readonly [name: string, options: Partial<ResponseOptions>, expected: StapleFault | 'good'][] = [
      ['the issuer by name', {}, 'good'],
      ['the issuer by key', { responder: 'key' }, 'good'],
      ['hashes of SHA-256', { hash: 'sha256' }, 'good'],
      ['without an end', { nextUpdate: undefined }, 'good'],
      ['without an end, eight days old', { nextUpdate: undefined, thisUpdate: NOW - 192 * HOUR }, 'stale'],
      ['an appointed responder', by(appointed), 'good'],
      ['an appointed responder by key', { ...by(appointed), responder: 'key' }, 'good'],
      ['an appointed responder that does not say who it is', { signer: appointed }, 'responder'],
      ['a responder that may not', by(idle), 'responder'],
      ['a responder of another authority', by(foreign), 'responder'],
      ['a responder of an authority of the same name', by(forged), 'responder'],
      ['a responder whose time is over', by(lapsed), 'responder'],
      ['a responder whose time is to come', by(early), 'responder'],
      ['another authority', { signer: other }, 'responder'],
      ['a key of the same name', { signer: twin }, 'signature'],
      ['another serial number', { serial: Buffer.from([0x40, 0x7f, 1]) }, 'other_certificate'],
      ['another issuer', { issuer: other, signer: ca }, 'other_certificate'],
      ['another issuer of the same name', { issuer: twin, signer: ca }, 'other_certificate'],
      ['revoked', { status: 'revoked' }, 'revoked'],
      ['unknown', { status: 'unknown' }, 'unknown'],
      ['out of date', { nextUpdate: NOW - 1_000 }, 'stale'],
      ['of tomorrow', { thisUpdate: NOW + HOUR }, 'not_yet'],
      ['of a clock that is a little ahead', { thisUpdate: NOW + 60_000 }, 'good'],
    ];
    for (const [name, options, expected] of rows) {
      const octets = makeResponse({ issuer: ca, serial: leaf.serial, ...options });
      const judged = judgeResponse(octets, subjectOf(leaf), NOW);
      t.equal('fault' in judged ? judged.fault : 'good', expected, name);
    }
    const rsaCa = makeCertificate({ name: 'rsa', isAuthority: true, kind: 'RSA' });
    const under = makeCertificate({ name: 'a.test', issuer: rsaCa });
    const response = makeResponse({ issuer: rsaCa, serial: under.serial });
    t.notOk('fault' in judgeResponse(response, subjectOf(under, rsaCa), NOW), 'RSA');
    t.match(judgeResponse(Buffer.from('<html>'), subjectOf(leaf), NOW), { fault: 'unreadable' });
    t.match(judgeResponse(Buffer.from('30030a0103', 'hex'), subjectOf(leaf), NOW), { fault: 'unsuccessful' });
  },
);

t.test('no bit of what is signed can be changed', async (t) => {
  const octets = makeResponse({ issuer: ca, serial: leaf.serial });
  const subject = subjectOf(leaf);
  let accepted = 0;
  for (let bit = 0; bit < octets.length * 8; bit++) {
    const changed = Buffer.from(octets);
    changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    if (!('fault' in judgeResponse(changed, subject, NOW))) accepted += 1;
  }
  t.equal(accepted, 0);
});

/** A responder that does as it is told; its URL. */
async function responder(t: Test, answer: RequestListener): Promise<string> {
  const server = createHttpServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/`;
}

t.test('a responder that hangs, drips, is huge, redirects, cuts or is not there is given up', async (t) => {
  const subject = subjectOf(leaf);
  const timeoutMs = 300;
  const huge = Buffer.alloc(10_485_760, 0x30);
  const rows: readonly [name: string, answer: RequestListener, error: RegExp][] = [
    ['hangs', () => {}, /no answer in 300 ms/],
    ['hangs within its answer', (_, response) => response.writeHead(200).write('0'), /no answer in 300 ms/],
    ['10 MiB', (_, response) => response.end(huge), /more than 65536 octets/],
    ['500', (_, response) => response.writeHead(500).end(), /it answers 500/],
    ['redirects', (_, response) => response.writeHead(302, { Location: '/' }).end(), /it answers 302/],
    [
      'cuts',
      (_, response) => response.writeHead(200, { 'Content-Length': 9 }).write('0', () => response.destroy()),
      /./,
    ],
    ['cuts at once', (request) => request.socket.destroy(), /./],
  ];
  for (const [name, answer, error] of rows) {
    const url = await responder(t, answer);
    await t.rejects(within(name, fetchOcsp(url, subject, timeoutMs)), error, name);
  }
  await t.rejects(fetchOcsp('http://127.0.0.1:1/', subject, timeoutMs), /ECONNREFUSED/);
});

t.test('a stapler: one refresh at a time, never stale, revoked at once, loud without what it needs', async (t) => {
  let status: 'good' | 'revoked' | 'garbage' = 'good';
  let asked = 0;
  let now = NOW;
  const url = await responder(t, (_, response) => {
    asked += 1;
    if (status === 'garbage') response.end('<html>');
    else response.end(makeResponse({ issuer: ca, serial: needing.serial, status }));
  });
  const alarms: TlsAlarm[] = [];
  const stapler = new Stapler({
    ...{ name: '"a.test"', subject: subjectOf(needing), source: { kind: 'url', url } },
    ...{ onAlarm: (alarm: TlsAlarm) => void alarms.push(alarm), now: () => now },
  });
  t.teardown(() => stapler.stop());
  t.equal(stapler.current, undefined);
  await Promise.all([stapler.refresh(), stapler.refresh(), stapler.refresh()]);
  t.equal(asked, 1, 'single flight');
  t.ok(stapler.current);
  t.match(stapler.gauge(), { mustStaple: true, expiresAt: NOW + 24 * HOUR, refreshes: 1, failures: 0 });
  status = 'garbage';
  await stapler.refresh();
  t.ok(stapler.current, 'what is good stays');
  t.match(alarms, [{ code: 'staple', message: /no OCSP response/ }]);
  now += 25 * HOUR;
  t.equal(stapler.current, undefined, 'out of date');
  await stapler.refresh();
  t.match(alarms.at(-1), { code: 'must_staple', message: /clients will refuse it/ });
  now = NOW;
  status = 'good';
  await stapler.refresh();
  t.ok(stapler.current);
  status = 'revoked';
  await stapler.refresh();
  t.equal(stapler.current, undefined, 'revoked');
  t.match(stapler.gauge(), { lastFault: 'revoked', refreshes: 2, failures: 3, expiresAt: undefined });
});

/** A server with this certificate, and what it has said. */
async function serve(
  t: Test,
  certificate: Certificate,
  ocsp: TlsOcspOptions | undefined,
): Promise<{ port: TlsPort; alarms: TlsAlarm[] }> {
  const alarms: TlsAlarm[] = [];
  const server = createServer((_request, response) => void response.send('hello'), {
    onTlsAlarm: (alarm) => void alarms.push(alarm),
  });
  t.teardown(() => server.close());
  const policy = { cert: certificate.cert + ca.cert, key: certificate.key, ...(ocsp === undefined ? {} : { ocsp }) };
  return { port: await server.listenTls(policy), alarms };
}

const ASK = 'GET / HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n';

/** What Node's client is stapled; undefined where there is nothing. */
async function stapled(port: number, maxVersion: 'TLSv1.2' | 'TLSv1.3'): Promise<Buffer | undefined> {
  // Node's types do not know of requestOCSP
  const asking = { requestOCSP: true };
  const socket = connect({ port, host: '127.0.0.1', ca: ca.cert, servername: 'a.test', maxVersion, ...asking });
  let response: Buffer | undefined;
  socket.on('OCSPResponse', (octets: Buffer | null) => (response = octets ?? undefined));
  await within('a handshake', once(socket, 'secureConnect'));
  socket.destroy();
  return response;
}

t.test('a port staples what a file holds, and nothing else than what is right', async (t) => {
  const file = join(t.testdir(), 'staple.der');
  const good = current(leaf);
  writeFileSync(file, good);
  const { port, alarms } = await serve(t, leaf, { file });
  for (const version of ['TLSv1.2', 'TLSv1.3'] as const) t.strictSame(await stapled(port.port, version), good, version);
  t.match(port.metrics().staples, [{ mustStaple: false, refreshes: 1, lastFault: undefined }]);
  writeFileSync(file, makeResponse({ issuer: ca, serial: leaf.serial, status: 'revoked' }));
  // Whoever loads the certificate anew keeps what is known of it, as long as nothing worse is
  port.reload([{ cert: leaf.cert + ca.cert, key: leaf.key, ocsp: { file } }]);
  t.equal(await stapled(port.port, 'TLSv1.3'), undefined);
  t.match(alarms, [{ code: 'staple', message: /revoked/ }]);
  const bare = await serve(t, needing, { file: join(t.testdir(), 'none') });
  t.equal(await stapled(bare.port.port, 'TLSv1.3'), undefined);
  t.match(bare.alarms[0], { code: 'must_staple' });
  const unset = await serve(t, needing, undefined);
  t.match(unset.alarms, [{ code: 'must_staple', message: /`ocsp` is not set/ }]);
});

t.test('what cannot work is refused when the port is opened', async (t) => {
  const rows: readonly [
    certificate: Certificate,
    ocsp: TlsOcspOptions,
    error: { code: string } | { name: string; message: RegExp },
  ][] = [
    [leaf, {}, { code: 'OCSP_SOURCE' }],
    [leaf, { issuer: other.cert, responder: 'http://127.0.0.1:1/' }, { code: 'OCSP_ISSUER' }],
    [leaf, { responder: 'http://127.0.0.1:1/', required: true }, { code: 'OCSP_NONE' }],
    [leaf, { responder: 'https://127.0.0.1/' }, { name: 'TypeError', message: /a URL of http/ }],
    [leaf, { responder: 'http://a/', file: 'b' }, { name: 'TypeError', message: /exclude each other/ }],
  ];
  for (const [certificate, ocsp, error] of rows) await t.rejects(serve(t, certificate, ocsp), error);
});

/** Waits until a child process has printed this. */
async function started(
  t: Test,
  args: readonly string[],
  said: RegExp,
  options: SpawnOptionsWithoutStdio = {},
): Promise<string> {
  const child = spawn('openssl', args, { stdio: 'pipe', ...options });
  t.teardown(async () => {
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'close');
  });
  let text = '';
  return within(
    'openssl',
    new Promise<string>((resolve, reject) => {
      for (const stream of [child.stdout, child.stderr]) {
        stream.on('data', (piece: Buffer) => {
          text += piece.toString('latin1');
          if (said.test(text)) resolve(text);
        });
      }
      child.on('close', () => reject(new Error(`openssl ended: ${text}`)));
    }),
  );
}

withProgram('openssl', 'openssl: as responder it is asked and believed, as client it accepts the staple', async (t) => {
  const folder = t.testdir();
  const at = (name: string): string => join(folder, name);
  const signer = makeCertificate({ name: 'responder', issuer: ca, extensions: [OCSP_SIGNING] });
  writeFileSync(at('ca.pem'), ca.cert);
  writeFileSync(at('signer.pem'), signer.cert + signer.key);
  const hex = needing.serial.toString('hex').toUpperCase();
  writeFileSync(at('index'), `V\t491231000000Z\t\t${hex}\tunknown\t/CN=a.test\n`);
  const said = await started(
    t,
    [
      ...['ocsp', '-port', '0', '-index', at('index'), '-CA', at('ca.pem'), '-rsigner', at('signer.pem')],
      ...['-nmin', '60'],
    ],
    /ACCEPT .*:\d+/,
  );
  const responderPort = /ACCEPT .*:(\d+)/.exec(said)?.[1];
  const url = `http://127.0.0.1:${responderPort}/`;
  const { port, alarms } = await serve(t, needing, { responder: url, required: true });
  t.strictSame(alarms, []);
  for (const version of ['-tls1_2', '-tls1_3']) {
    const text = await sClient(port.port, ['-status', '-CAfile', at('ca.pem'), '-servername', 'a.test', version], ASK);
    t.match(text, /OCSP Response Status: successful[\s\S]*Cert Status: good/, version);
  }
  const octets = await stapled(port.port, 'TLSv1.3');
  writeFileSync(at('staple.der'), octets ?? '');
  writeFileSync(at('leaf.pem'), needing.cert);
  const verified = await run('openssl', [
    ...['ocsp', '-respin', at('staple.der'), '-issuer', at('ca.pem'), '-cert', at('leaf.pem'), '-CAfile', at('ca.pem')],
  ]);
  // Of two streams, in either order
  t.match(verified, /Response verify OK/);
  t.match(verified, /leaf\.pem: good/);
});

const current = (certificate: Certificate): Buffer =>
  makeResponse({
    ...{ issuer: ca, serial: certificate.serial },
    ...{ thisUpdate: Date.now() - HOUR, nextUpdate: Date.now() + HOUR },
  });

withProgram('gnutls-cli', 'gnutls-cli: takes a certificate that needs a staple, and refuses it without', async (t) => {
  const folder = t.testdir();
  const [file, authority] = [join(folder, 'staple.der'), join(folder, 'ca.pem')];
  writeFileSync(authority, ca.cert);
  writeFileSync(file, current(needing));
  const names = ['--verify-hostname', 'a.test', '--sni-hostname', 'a.test'];
  const ask = (port: number): Promise<string> =>
    run('gnutls-cli', ['--x509cafile', authority, ...names, '-p', String(port), '127.0.0.1'], ASK);
  const { port } = await serve(t, needing, { file });
  t.match(await ask(port.port), /Status: The certificate is trusted/);
  const bare = await serve(t, needing, undefined);
  t.match(await ask(bare.port.port), /requires the server to include an OCSP status/i);
});

t.test('a certificate that names its responder needs no more said', async (t) => {
  const url = await responder(t, (_, response) => response.end(current(named)));
  const named = makeCertificate({ name: 'a.test', issuer: ca, extensions: [MUST_STAPLE, ocspAt(url)] });
  const { port } = await serve(t, named, {});
  t.match(port.metrics().staples, [{ mustStaple: true, refreshes: 1 }]);
  t.ok(await stapled(port.port, 'TLSv1.3'));
});
