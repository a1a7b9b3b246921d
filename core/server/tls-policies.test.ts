/** Policies by name, held against openssl, gnutls-cli and curl; and the hazards of Node's own TLS, which must not be here. */
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { connect as connectHttp2 } from 'node:http2';
import { join } from 'node:path';
import { connect, type TLSSocket } from 'node:tls';
import t, { type Test } from 'tap';
import { type Certificate, makeCertificate } from './certificates.test.data.ts';
import { createServer, type Server, type ServerOptions, type TlsPort } from './server.ts';
import type { TlsListenOptions, TlsPolicyOptions } from './tls-options.ts';
import { run, sClient, withProgram } from './tls-programs.test.data.ts';
import { openWire, within } from './wire.test.data.ts';

const caA = makeCertificate({ name: 'CA of A', isAuthority: true });
const caB = makeCertificate({ name: 'CA of B', isAuthority: true });
const clientA = makeCertificate({ name: 'client-a', issuer: caA });
const clientB = makeCertificate({ name: 'client-b', issuer: caB });
const [a, b, c] = ['a.test', 'b.test', 'c.test'].map((name) => makeCertificate({ name }));
const lapsed = makeCertificate({ name: 'client-lapsed', issuer: caA, to: '210101' });

function pairOf(certificate: Certificate | undefined): { cert: string; key: string } {
  if (certificate === undefined) throw new Error('no certificate');
  return { cert: certificate.cert, key: certificate.key };
}

const POLICIES: readonly TlsPolicyOptions[] = [
  { names: ['a.test', '*.a.test'], ...pairOf(a), ca: caA.cert, clientCertificates: 'require' },
  { names: ['b.test'], ...pairOf(b), ca: caB.cert, clientCertificates: 'require' },
  { names: ['r.test'], ...pairOf(b), ca: caB.cert, clientCertificates: 'request' },
  { ...pairOf(c) },
];

async function serve(
  t: Test,
  options: TlsListenOptions,
  serverOptions: ServerOptions = {},
): Promise<{ port: TlsPort; server: Server }> {
  const server = createServer((request, response) => {
    const { tls } = request.peer;
    const subject = tls?.clientCertificate?.subject ?? 'nobody';
    response.send(`hello ${subject} at ${request.host?.name} by ${tls?.serverName}`);
  }, serverOptions);
  t.teardown(() => server.close());
  return { port: await server.listenTls(options), server };
}

/** Files of the clients' pairs, and of a session. */
function files(t: Test): Readonly<Record<'a' | 'b' | 'lapsed' | 'session', string>> {
  const folder = t.testdir();
  for (const [name, one] of Object.entries({ a: clientA, b: clientB, lapsed })) {
    writeFileSync(join(folder, name), one.cert + one.key);
  }
  const at = (name: string): string => join(folder, name);
  return { a: at('a'), b: at('b'), lapsed: at('lapsed'), session: at('session') };
}

const ask = (host: string): string => `GET / HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`;
const IN = /HTTP\/1\.1 200/;

withProgram('openssl', 'openssl: each name has its certificate, its authorities and its clients', async (t) => {
  const { port } = await serve(t, { policies: POLICIES });
  const file = files(t);
  for (const version of ['-tls1_2', '-tls1_3']) {
    const rows: readonly (readonly [name: string, args: readonly string[], subject: string, isIn: boolean])[] = [
      ['a.test', ['-cert', file.a], 'a.test', true],
      ['A.TEST', ['-cert', file.a], 'a.test', true],
      ['x.a.test', ['-cert', file.a], 'a.test', true],
      ['a.test', ['-cert', file.b], 'a.test', false],
      ['a.test', ['-cert', file.lapsed], 'a.test', false],
      ['a.test', [], 'a.test', false],
      ['b.test', ['-cert', file.b], 'b.test', true],
      ['b.test', ['-cert', file.a], 'b.test', false],
      ['r.test', [], 'b.test', true],
      ['r.test', ['-cert', file.b], 'b.test', true],
      ['r.test', ['-cert', file.a], 'b.test', false],
      ['other.test', [], 'c.test', true],
    ];
    for (const [name, args, subject, isIn] of rows) {
      const said = await sClient(port.port, [version, '-servername', name, ...args], ask(name));
      const what = `${version} ${name} ${args.join(' ').replace(/\/.*\//, '')}`;
      t.match(said, new RegExp(`subject=CN = ${subject}`), what);
      t.equal(IN.test(said), isIn, `${what}: ${isIn ? 'in' : 'refused'}`);
    }
    const bare = await sClient(port.port, [version, '-noservername'], ask('c.test'));
    t.match(bare, /subject=CN = c\.test[\s\S]*HTTP\/1\.1 200/, `${version} without a name`);
  }
  const named = await sClient(port.port, ['-servername', 'b.test'], '');
  t.match(named, /Acceptable client certificate CA names\s+CN = CA of B/);
  const { outcomes } = port.metrics();
  t.match(outcomes, { bad_certificate: 8, no_certificate: 3, other: 0, reset: 0 });
});

withProgram('gnutls-cli', 'gnutls-cli and curl are served by name', async (t) => {
  const { port } = await serve(t, { policies: POLICIES });
  const file = files(t);
  const gnutls = ['--insecure', '-p', String(port.port), '127.0.0.1', '--sni-hostname'];
  t.match(
    await run('gnutls-cli', [...gnutls, 'x.test', '--alpn', 'h2'], ''),
    /subject `CN=c\.test'[\s\S]*Handshake was completed/,
  );
  const pair = ['--x509certfile', file.a, '--x509keyfile', file.a];
  t.match(
    await run('gnutls-cli', [...gnutls, 'a.test', ...pair], ask('a.test')),
    /Handshake was completed[\s\S]*HTTP\/1\.1 200/,
  );
  const refused = await run('gnutls-cli', [...gnutls, 'a.test'], ask('a.test'));
  t.match(refused, /[Cc]ertificate is required|Error in the pull|Fatal error/);
  t.notMatch(refused, IN);
  const to = `a.test:443:127.0.0.1:${port.port}`;
  for (const version of ['--http1.1', '--http2']) {
    const args = ['-sk', '--max-time', '10', version, '--connect-to', to, '--cert', file.a, 'https://a.test/'];
    t.match(await run('curl', args), /^hello CN=client-a at a\.test by a\.test\nexit 0/, version);
  }
});

withProgram('openssl', 'a session of one policy is no key to another: Node gives it away', async (t) => {
  const secret = new Uint8Array(32).fill(7);
  const { port } = await serve(t, { policies: POLICIES, tickets: { secret } });
  const file = files(t);
  for (const version of ['-tls1_2', '-tls1_3']) {
    const rows: readonly (readonly [from: string, to: string, args: readonly string[]])[] = [
      ['other.test', 'a.test', []],
      ['a.test', 'b.test', ['-cert', file.a]],
      ['r.test', 'b.test', []],
    ];
    for (const [from, to, args] of rows) {
      const first = await sClient(
        port.port,
        [version, '-servername', from, ...args, '-sess_out', file.session],
        ask(from),
      );
      t.match(first, IN, `${version} at ${from}`);
      const thief = await sClient(port.port, [version, '-servername', to, '-sess_in', file.session], ask(to));
      t.notMatch(thief, IN, `${version} from ${from} to ${to}: refused`);
      t.notMatch(thief, /Reused, TLS/, 'and not resumed');
    }
    const own = ['-servername', 'a.test', '-cert', file.a];
    await sClient(port.port, [version, ...own, '-sess_out', file.session], ask('a.test'));
    const again = await sClient(port.port, [version, ...own, '-sess_in', file.session], ask('a.test'));
    t.match(again, /Reused, TLS[\s\S]*hello CN=client-a at a\.test/, 'while its own client resumes it, and is known');
  }
});

t.test('a request for a host with another policy gets 421, over both versions (RFC9110#15.5.20)', async (t) => {
  const { port } = await serve(t, { policies: POLICIES });
  const rows: readonly (readonly [servername: string, host: string, status: number])[] = [
    ['c.test', 'c.test', 200],
    ['c.test', 'unknown.test', 200],
    ['c.test', 'a.test', 421],
    ['c.test', 'A.TEST.:443', 421],
    ['c.test', 'x.a.test', 421],
    ['r.test', 'r.test:8443', 200],
    ['r.test', 'b.test', 421],
    ['r.test', 'c.test', 421],
  ];
  for (const [servername, host, status] of rows) {
    const options = { port: port.port, servername, rejectUnauthorized: false } as const;
    const socket = connect({ ...options, ALPNProtocols: ['http/1.1'] });
    t.teardown(() => socket.destroy());
    socket.write(ask(host));
    t.match(
      await within('an answer', textOf(socket)),
      `HTTP/1.1 ${status}`,
      `HTTP/1.1: ${servername} asked for ${host}`,
    );
    const session = connectHttp2(`https://127.0.0.1:${port.port}`, options);
    t.teardown(() => session.destroy());
    const stream = session.request({ ':path': '/', ':authority': host });
    const [head] = await within('an answer', once(stream, 'response'));
    t.equal(head[':status'], status, `HTTP/2: ${servername} asked for ${host}`);
  }
});

t.test('without a policy for the rest, other names are refused with unrecognized_name', async (t) => {
  const codes: string[] = [];
  const { port } = await serve(
    t,
    { policies: [{ names: ['c.test'], ...pairOf(c) }] },
    { onProtocolError: ({ code, message }) => void codes.push(`${code} ${message}`) },
  );
  for (const servername of ['x.test', '']) {
    const socket = connect({ port: port.port, servername, rejectUnauthorized: false });
    const [error] = await within('a refusal', once(socket, 'error'));
    t.equal(error.code, 'ERR_SSL_TLSV1_UNRECOGNIZED_NAME', servername);
  }
  t.match(codes[0], /TLS_NAME_UNKNOWN Cannot accept server_name "x\.test" at byte 0: no policy is for it/);
  t.equal(port.metrics().outcomes.name_unknown, 2);
});

t.test('what is no TLS gets what it understands: 400 in clear, an alert, or silence', async (t) => {
  const told: string[] = [];
  const onProtocolError: ServerOptions['onProtocolError'] = (error, peer) => {
    told.push(`${error.code} ${peer.address} ${error.offset}`);
  };
  const { port } = await serve(t, { ...pairOf(c), readHello: 'always' }, { onProtocolError });
  const rows: readonly (readonly [input: string, answer: RegExp])[] = [
    ['GET / HTTP/1.1\r\nHost: a\r\n\r\n', /^HTTP\/1\.1 400 Bad Request\r\n[\s\S]*write https:\/\//],
    ['\x80\x2e\x01\x03\x01', /^\x15\x03\x03\x00\x02\x02\x46$/],
    ['\x16\x03\x01\x00\x04\x02\x00\x00\x00', /^\x15\x03\x03\x00\x02\x02\x0a$/],
    ['\x16\x03\x01\xff\xff', /^\x15\x03\x03\x00\x02\x02\x16$/],
  ];
  for (const [input, answer] of rows) {
    const wire = await openWire(port.port);
    t.teardown(() => wire.socket.destroy());
    for (const octet of input) wire.send(octet);
    t.match(await wire.rest(), answer);
  }
  t.same(told.length, rows.length);
  t.equal(told[0], 'TLS_PLAINTEXT_HTTP 127.0.0.1 0');
  t.match(port.metrics().outcomes, { plaintext_http: 1, bad_hello: 3 });
});

/** All that comes until the other side ends. */
function textOf(socket: TLSSocket): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    socket.on('data', (piece: Buffer) => (text += piece.toString('latin1')));
    socket.on('end', () => resolve(text));
    socket.on('error', reject);
  });
}
