/** A TLS port among bad certificates, bad peers and bad times; all of it in this process, which has to live. */
import { once } from 'node:events';
import { chmodSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { connect as connectTcp, createServer as createTcpServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { Duplex } from 'node:stream';
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls';
import t, { type Test } from 'tap';
import type { TlsConfigCode } from '../io/tls/config-error.ts';
import { makeCertificate } from './certificates.test.data.ts';
import { createServer, type Server, type ServerOptions, type TlsPort } from './server.ts';
import type { TlsListenOptions } from './tls-options.ts';
import { eventually, openWire, Wire, within } from './wire.test.data.ts';

const one = makeCertificate({ name: 'one.test' });
const two = makeCertificate({ name: 'two.test' });
const old = makeCertificate({ name: 'old.test', to: '210101' });
const early = makeCertificate({ name: 'early.test', from: '480101' });
const authority = makeCertificate({ name: 'an authority', isAuthority: true });
const pair = { cert: one.cert, key: one.key };

async function serve(
  t: Test,
  options: TlsListenOptions,
  serverOptions: ServerOptions = {},
): Promise<{ port: TlsPort; server: Server }> {
  const server = createServer((_request, response) => response.send('ok'), serverOptions);
  t.teardown(() => server.close());
  return { port: await server.listenTls(options), server };
}

/** A client whose handshake is over. */
async function client(t: Test, port: number, options: ConnectionOptions = {}): Promise<TLSSocket> {
  const socket = connect({ port, rejectUnauthorized: false, servername: 'one.test', ...options });
  t.teardown(() => socket.destroy());
  await within('a handshake', once(socket, 'secureConnect'));
  return socket;
}

async function isServed(socket: TLSSocket): Promise<boolean> {
  socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  const [piece] = await within('an answer', once(socket, 'data'));
  return /^HTTP\/1\.1 200/.test(String(piece));
}

t.test(
  'a certificate, key or list of policies that cannot be used is refused by name, and no port is opened',
  async (t) => {
    const server = createServer(() => {});
    const rows: readonly (readonly [code: TlsConfigCode, options: TlsListenOptions, message: RegExp])[] = [
      ['CERT_UNREADABLE', { cert: 'x', key: one.key }, /the policy without names: it is no certificate in PEM/],
      ['CERT_UNREADABLE', { cert: one.cert.replace('MI', '!!'), key: one.key }, /no certificate/],
      [
        'CERT_EXPIRED',
        { cert: old.cert, key: old.key },
        /it has expired \(CN=old\.test: from .* to Jan {2}1 .* 2021 GMT\)/,
      ],
      ['CERT_EXPIRED', { cert: one.cert + old.cert, key: one.key }, /CN=old\.test/],
      ['CERT_NOT_YET', { cert: early.cert, key: early.key }, /it is not valid yet/],
      ['KEY_UNREADABLE', { cert: one.cert, key: 'x' }, /its private key is none in PEM/],
      ['KEY_MISMATCH', { cert: one.cert, key: two.key }, /its private key belongs to another certificate/],
      ['CA_UNREADABLE', { ...pair, ca: 'x', clientCertificates: 'require' }, /an authority of its clients/],
      ['CONTEXT', { ...pair, ciphers: 'NONE-SUCH' }, /OpenSSL does not take it/],
      [
        'NAMES',
        {
          policies: [
            { ...pair, names: ['a'] },
            { ...pair, names: ['A'] },
          ],
        },
        /two policies have the name "A"/,
      ],
      ['NAMES', { policies: [pair, pair] }, /two policies have no names/],
      ['NAMES', { policies: [{ ...pair, names: ['a/b'] }] }, /"a\/b" is no name of a host/],
      ['KEY_MISMATCH', { policies: [pair, { cert: two.cert, key: one.key, names: ['b'] }] }, /the certificate of "b"/],
    ];
    for (const [code, options, message] of rows) {
      await t.rejects(server.listenTls(options), { name: 'TlsConfigError', code, message }, code);
    }
    const wrong: readonly (readonly [options: object, message: RegExp])[] = [
      [{ ...pair, certs: 1 }, /Unknown listen option "certs"/],
      [{ cert: one.cert }, /key takes PEM/],
      [{ ...pair, policies: [pair] }, /cert stands beside policies/],
      [{ policies: [] }, /it takes a list of one policy or more/],
      [{ policies: [{ ...pair, name: 'x' }] }, /Unknown TLS policy option "name"/],
      [{ ...pair, names: 'a' }, /names takes a list of names/],
      [{ ...pair, alpn: ['h3'] }, /alpn takes a list of 'h2' and 'http\/1\.1'/],
      [{ ...pair, minVersion: 'TLSv1' }, /minVersion is "TLSv1"/],
      [{ ...pair, minVersion: 'TLSv1.3', maxVersion: 'TLSv1.2' }, /minVersion is above maxVersion/],
      [{ ...pair, clientCertificates: 'require' }, /ca and clientCertificates .* go together/],
      [{ ...pair, ca: authority.cert }, /ca and clientCertificates .* go together/],
      [{ ...pair, readHello: 'never' }, /readHello is "never"/],
      [{ ...pair, tickets: { rotationMs: 1 } }, /rotationMs is 1; it takes an integer/],
      [{ ...pair, tickets: { secret: new Uint8Array(31) } }, /32 octets or more/],
      [{ ...pair, tickets: { rotationMs: 1_000, lifetimeMs: 100_000 } }, /more than 64 times rotationMs/],
      [{ ...pair, keyLog: { file: 1 } }, /file is 1; it takes the name/],
    ];
    for (const [options, message] of wrong) {
      const untyped: TlsListenOptions = Object.assign(Object.create(null), options);
      await t.rejects(server.listenTls(untyped), { message }, String(message));
    }
    t.throws(() => createServer(() => {}, { tlsLimits: { helloMs: 1 } }), { message: /TLS limit helloMs is 1/ });
    await server.close();
  },
);

for (const readHello of ['needed', 'always'] as const) {
  t.test(
    `a thousand half-open handshakes are cut on time and others are served after them, hello ${readHello}`,
    async (t) => {
      const tlsLimits = { handshakes: 40, handshakesPerAddress: 40, handshakeMs: 600, helloMs: 400 };
      const { port } = await serve(t, { ...pair, readHello }, { tlsLimits });
      const began = performance.now();
      const hello = Buffer.from('160301020001000120', 'hex');
      const sockets = Array.from({ length: 1_000 }, (_, index) => {
        const socket = connectTcp(port.port, '127.0.0.1');
        socket.on('error', () => {});
        socket.resume();
        // A third says nothing, a third begins a hello, a third goes on with it for ever
        if (index % 3 > 0) socket.write(hello);
        const drip = index % 3 === 2 ? setInterval(() => socket.write('x'), 50) : undefined;
        socket.on('close', () => clearInterval(drip));
        return socket;
      });
      let mostUnderWay = 0;
      const watch = setInterval(() => (mostUnderWay = Math.max(mostUnderWay, port.metrics().underWay)), 10);
      t.teardown(() => clearInterval(watch));
      await within(
        'the end of all',
        Promise.all(sockets.map((socket) => new Promise((resolve) => socket.on('close', resolve)))),
      );
      await eventually('the end of all handshakes', () => port.metrics().underWay === 0);
      const tookMs = performance.now() - began;
      t.ok(tookMs < 6_000, `all were closed within ${Math.round(tookMs)} ms`);
      const { over_limit: overLimit, timeout, reset } = port.metrics().outcomes;
      t.ok(overLimit > 0 && timeout >= 40, `${overLimit} were not let in, ${timeout} had their time`);
      t.equal(overLimit + timeout + reset, 1_000, 'and no other end was seen');
      t.ok(mostUnderWay <= 40, `at most ${mostUnderWay} at once`);
      t.ok(await isServed(await client(t, port.port)), 'and a client is served');
    },
  );

  t.test(`octet by octet a handshake goes through, and junk does no harm, hello ${readHello}`, async (t) => {
    const { port } = await serve(t, { ...pair, readHello });
    const slow = await slowly(t, port.port);
    t.ok(await isServed(await client(t, slow)), 'octet by octet');
    const junk = [
      '\x16\x03\x01\x00\x01\x01',
      '\x16\x03\x01\x00\x00',
      '\x00',
      'GET / HTTP/1.1\r\n\r\n',
      '\x15\x03\x01\x00\x02\x02\x28',
    ];
    for (const octets of [...junk, '\xff'.repeat(5_000)]) {
      const socket = connectTcp(port.port, '127.0.0.1');
      t.teardown(() => socket.destroy());
      const wire = new Wire(socket);
      wire.send(octets).socket.end();
      await wire.rest();
    }
    await eventually('the end of all handshakes', () => port.metrics().underWay === 0);
    t.ok(await isServed(await client(t, port.port)), 'a client is served');
  });
}

/** A port that hands the octets of a client on one by one. */
async function slowly(t: Test, to: number): Promise<number> {
  const front = createTcpServer((socket) => {
    const onward = connectTcp(to, '127.0.0.1').setNoDelay(true);
    t.teardown(() => onward.destroy());
    onward.on('error', () => socket.destroy());
    socket.on('error', () => onward.destroy());
    onward.pipe(socket);
    const waiting: number[] = [];
    const next = (): void => {
      const octet = waiting.shift();
      if (octet !== undefined) onward.write(Uint8Array.of(octet), () => setImmediate(next));
    };
    socket.on('data', (piece: Buffer) => {
      const isIdle = waiting.length === 0;
      waiting.push(...piece);
      if (isIdle) next();
    });
  });
  t.teardown(() => front.close());
  front.listen(0, '127.0.0.1');
  await once(front, 'listening');
  const address = front.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

t.test('one address gets no more handshakes than its budget, and is told nothing', async (t) => {
  const { port } = await serve(t, pair, { tlsLimits: { addressBurst: 3, addressPerSecond: 1 } });
  for (let i = 0; i < 3; i++) await client(t, port.port);
  const wire = await openWire(port.port);
  t.equal(await wire.rest(), '');
  t.match(port.metrics().outcomes, { full: 3, over_limit: 1 });
});

t.test(
  'reload: new connections have the new policies, old ones live on, and what cannot be used changes nothing',
  async (t) => {
    const { port } = await serve(t, pair);
    const before = await client(t, port.port);
    t.ok(await isServed(before));
    t.throws(() => port.reload([{ cert: two.cert, key: one.key }]), { code: 'KEY_MISMATCH' });
    t.throws(() => port.reload([{ cert: old.cert, key: old.key }]), { code: 'CERT_EXPIRED' });
    t.throws(() => port.reload([]), TypeError);
    t.equal((await client(t, port.port)).getPeerCertificate().subject.CN, 'one.test', 'as it was');
    port.reload([
      { cert: two.cert, key: two.key },
      { ...pair, names: ['one.test'], alpn: ['http/1.1'] },
    ]);
    t.equal((await client(t, port.port)).getPeerCertificate().subject.CN, 'one.test');
    t.equal((await client(t, port.port, { servername: 'b' })).getPeerCertificate().subject.CN, 'two.test');
    t.ok(await isServed(before), 'the old connection is still served');
    t.equal(port.metrics().readsHello, true);
  },
);

t.test('HTTP/2 over a cipher suite that it prohibits ends with INADEQUATE_SECURITY (RFC9113#9.2.2)', async (t) => {
  const ciphers = 'ECDHE-ECDSA-AES128-SHA256:ECDHE-ECDSA-AES128-GCM-SHA256';
  const { port } = await serve(t, { ...pair, ciphers, maxVersion: 'TLSv1.2' });
  const bad = await client(t, port.port, { ALPNProtocols: ['h2'], ciphers: 'ECDHE-ECDSA-AES128-SHA256' });
  const wire = new Wire(bad);
  const last = Buffer.from(await wire.rest(), 'latin1').toString('hex');
  t.equal(last, '000000040000000000' + '000008070000000000' + '000000000000000c', 'SETTINGS and GOAWAY');
  const other = await client(t, port.port, { ALPNProtocols: ['http/1.1'], ciphers: 'ECDHE-ECDSA-AES128-SHA256' });
  t.ok(await isServed(other), 'HTTP/1.1 may have it');
  const { port: strict } = await serve(t, { ...pair, maxVersion: 'TLSv1.2' });
  const refused = connect({ port: strict.port, rejectUnauthorized: false, ciphers: 'ECDHE-ECDSA-AES128-SHA256' });
  const [error] = await within('a refusal', once(refused, 'error'));
  t.match(error.code, /HANDSHAKE_FAILURE/, 'by default nobody is offered it');
  t.match([port.metrics().outcomes.bad_cipher, strict.metrics().outcomes.no_cipher], [1, 1]);
});

t.test('a record that nobody can open ends the connection below TLS, too (RFC8446#6.2)', async (t) => {
  const { port } = await serve(t, pair, { limits: { keepAliveMs: 60_000 } });
  const raw = connectTcp(port.port);
  t.teardown(() => raw.destroy());
  const between = new Duplex({ read() {}, write: (octets, _encoding, done) => void raw.write(octets, done) });
  raw.on('data', (octets) => between.push(octets));
  const socket = await client(t, port.port, { socket: between });
  socket.on('error', () => {});
  t.ok(await isServed(socket));
  const gone = once(raw, 'close');
  raw.write(Buffer.concat([Buffer.from('1703030020', 'hex'), Buffer.alloc(32)]));
  await within('the end of the connection', gone);
});

t.test('without a common protocol the alert is no_application_protocol (RFC7301#3.2)', async (t) => {
  const { port } = await serve(t, pair);
  const socket = connect({ port: port.port, rejectUnauthorized: false, ALPNProtocols: ['h2c'] });
  const [error] = await within('a refusal', once(socket, 'error'));
  t.match(error.code, /NO_APPLICATION_PROTOCOL/);
  await eventually('the count', () => port.metrics().outcomes.no_protocol === 1);
});

t.test('the key log is for its owner alone, and not for production', async (t) => {
  const folder = t.testdir({ open: '', target: '' });
  const said: string[] = [];
  const write = process.stderr.write;
  process.stderr.write = (text: string | Uint8Array): boolean => said.push(String(text)) > 0;
  t.teardown(() => (process.stderr.write = write));
  chmodSync(join(folder, 'open'), 0o644);
  symlinkSync(join(folder, 'target'), join(folder, 'link'));
  const server = createServer(() => {});
  const listen = (name: string, inProduction = false): Promise<TlsPort> =>
    server.listenTls({ ...pair, keyLog: { file: join(folder, name), inProduction } });
  for (const name of ['open', 'link', 'no/folder']) await t.rejects(listen(name), { code: 'KEY_LOG' }, name);
  process.env['NODE_ENV'] = 'production';
  t.teardown(() => delete process.env['NODE_ENV']);
  await t.rejects(listen('keys'), { code: 'KEY_LOG', message: /NODE_ENV is production/ });
  const port = await listen('keys', true);
  t.teardown(() => server.close());
  t.same([said.length, /WARNING: the secrets of all TLS connections/.test(said.join(''))], [1, true], 'loud, once');
  t.equal(port.metrics().keyLogActive, true);
  await client(t, port.port);
  await client(t, port.port, { maxVersion: 'TLSv1.2' });
  const text = readFileSync(join(folder, 'keys'), 'latin1');
  t.match(text, /^SERVER_HANDSHAKE_TRAFFIC_SECRET [0-9a-f]{64} [0-9a-f]{64,}$/m);
  t.match(text, /^CLIENT_RANDOM [0-9a-f]{64} [0-9a-f]{96}$/m);
  t.equal(statSync(join(folder, 'keys')).mode & 0o777, 0o600);
});

t.test('close() ends handshakes that nobody else knows of, and frees the port', async (t) => {
  for (const readHello of ['needed', 'always'] as const) {
    const { port, server } = await serve(t, { ...pair, readHello });
    const socket: Socket = connectTcp(port.port, '127.0.0.1');
    await within('a connection', once(socket, 'connect'));
    await eventually('the accept', () => port.metrics().underWay === 1);
    await within('the close', Promise.all([server.close(), once(socket.resume(), 'close')]));
  }
});
