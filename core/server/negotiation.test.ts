/** Which version of HTTP a connection comes to speak, and what of a request depends on it. */
import { execFile, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:http2';
import { connect as connectTls } from 'node:tls';
import { promisify } from 'node:util';
import t, { type Test } from 'tap';
import type { Handler } from './handler.ts';
import { createServer, type ServerOptions } from './server.ts';
import { openWire, within } from './wire.test.data.ts';

const run = promisify(execFile);

const isThere = (program: string): boolean => spawnSync(program, ['--version']).status === 0;

const pem = (name: string): Buffer => readFileSync(new URL(`fixtures/localhost.${name}.pem`, import.meta.url));

/** A server on a port of its own, gone when the test ends. */
async function serve(t: Test, handler: Handler, options: ServerOptions = {}): Promise<{ port: number }> {
  const server = createServer(handler, options);
  t.teardown(() => server.close());
  return server.listen();
}

t.test(
  'an https request that came in clear gets 421, unless a gateway is trusted to have secured it (RFC9110#7.4)',
  async (t) => {
    for (const [trustsGateway, status] of [
      [false, 421],
      [true, 200],
    ] as const) {
      const { port } = await serve(t, (request, response) => response.send(request.scheme), { trustsGateway });
      const wire = await openWire(port);
      t.teardown(() => wire.socket.destroy());
      wire.send('GET https://a/ HTTP/1.1\r\nHost: a\r\n\r\n');
      t.match(await wire.until(/\r\n\r\n/), `HTTP/1.1 ${status}`);
      const client = connect(`http://127.0.0.1:${port}`);
      t.teardown(() => client.destroy());
      const stream = client.request({ ':path': '/', ':scheme': 'https' });
      const [head] = await within('response', once(stream, 'response'));
      t.equal(head[':status'], status, `HTTP/2 with trustsGateway ${trustsGateway}`);
    }
  },
);

t.test('TLS 1.2 is not renegotiated (RFC9113#9.2.1)', async (t) => {
  const server = createServer((_request, response) => response.send('ok'));
  t.teardown(() => server.close());
  const { port } = await server.listenTls({ cert: pem('cert'), key: pem('key') });
  const options = {
    port,
    ca: pem('cert'),
    servername: 'localhost',
    maxVersion: 'TLSv1.2',
    ALPNProtocols: ['h2'],
  } as const;
  const socket = connectTls(options);
  t.teardown(() => socket.destroy());
  await within('a handshake', once(socket, 'secureConnect'));
  t.same([socket.getProtocol(), socket.alpnProtocol], ['TLSv1.2', 'h2']);
  // The refusal comes as an error of the connection, or to whoever asked for it
  const refused = new Promise((resolve) => {
    socket.on('error', resolve);
    socket.renegotiate({}, (error) => resolve(error ?? 'renegotiated'));
  });
  t.match(await within('a refusal', refused), { message: /renegotiation/i });
});

t.test('close() cuts connections whose handshake is not over', async (t) => {
  const server = createServer((_request, response) => response.send('ok'));
  const { port } = await server.listenTls({ cert: pem('cert'), key: pem('key') });
  const [silent, ended] = [await openWire(port), await openWire(port)];
  ended.socket.end();
  // The server has accepted both once it has answered a third, which came behind them
  const client = connect(`https://localhost:${port}`, { ca: pem('cert') });
  await within('a third', once(client, 'connect'));
  client.destroy();
  await within('close()', server.close());
  await Promise.all([silent.rest(), ended.rest()]);
  t.equal(server.connections, 0);
});

t.test(
  'curl and nghttp upgrade to h2c where the server follows it, and stay at HTTP/1.1 where it does not',
  async (t) => {
    const reply: Handler = (request, response) => response.send(`${request.target} over ${request.protocol}`);
    const { port } = await serve(t, reply, { h2cUpgrade: true });
    const { port: plain } = await serve(t, reply);
    if (!isThere('curl')) t.pass('curl is not installed', { skip: true });
    else {
      const args = ['-sS', '--max-time', '5', '--http2', '-w', ' %{http_version}\n'];
      const url = `http://127.0.0.1:${port}`;
      const { stdout } = await run('curl', [...args, `${url}/a`, `${url}/b`]);
      t.equal(stdout, '/a over HTTP/1.1 2\n/b over HTTP/2.0 2\n');
      const { stdout: stayed } = await run('curl', [...args, `http://127.0.0.1:${plain}/a`]);
      t.equal(stayed, '/a over HTTP/1.1 1.1\n');
    }
    if (!isThere('nghttp')) t.pass('nghttp is not installed', { skip: true });
    else t.equal((await run('nghttp', ['-t', '5', '-u', `http://127.0.0.1:${port}/a`])).stdout, '/a over HTTP/1.1');
  },
);
