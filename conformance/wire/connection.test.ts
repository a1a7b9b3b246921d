import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import t, { type Test } from 'tap';
import { ConnectError } from '../errors.ts';
import { selfSigned } from '../run/self-signed.ts';
import { type Address, WireConnection } from './connection.ts';
import { exchange, plainGet } from './exchange.ts';

const TIMEOUT_MS = 5_000;
const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';

t.test('a connection tells how the other side ended it', async (t) => {
  for (const { name, act, end } of [
    { name: 'FIN', act: (socket: Socket) => socket.end('bye'), end: 'closed' },
    { name: 'RST', act: (socket: Socket) => socket.resetAndDestroy(), end: 'reset' },
  ]) {
    const address = await listen(
      t,
      createServer({ allowHalfOpen: true }, (socket) => socket.once('data', () => act(socket))),
    );
    const connection = await WireConnection.open(address, TIMEOUT_MS);
    t.equal(connection.end, 'open');
    await connection.send(Buffer.from('x'), TIMEOUT_MS);
    while (connection.end === 'open') t.ok(await connection.changed(performance.now() + TIMEOUT_MS));
    t.equal(connection.end, end, name);
    connection.destroy();
  }
});

t.test('waiting ends at the deadline when nothing comes, and the connection counts as open', async (t) => {
  const address = await listen(
    t,
    createServer(() => {}),
  );
  const connection = await WireConnection.open(address, TIMEOUT_MS);
  t.notOk(await connection.changed(performance.now() + 20));
  t.equal(connection.end, 'open');
  connection.destroy();
});

t.test('a stall of this process is not held against the other side', async (t) => {
  const address = await listen(
    t,
    createServer(() => {}),
  );
  const opening = WireConnection.open(address, 50);
  for (const endMs = performance.now() + 150; performance.now() < endMs; );
  const connection = await opening;
  t.equal(connection.end, 'open', 'it had connected in time, and only nobody had looked');
  connection.destroy();
});

t.test('a transcript has each write and each read in order, and their octets joined', async (t) => {
  const address = await listen(
    t,
    createServer((socket) => socket.on('data', (octets) => socket.write(octets))),
  );
  const connection = await WireConnection.open(address, TIMEOUT_MS);
  for (const text of ['\xffab', 'c']) {
    await connection.send(Buffer.from(text, 'latin1'), TIMEOUT_MS);
    await connection.changed(performance.now() + TIMEOUT_MS);
    connection.take(connection.buffered.length);
  }
  const { transcript } = connection;
  t.same(
    transcript.entries.map((entry) => (entry.direction === 'note' ? entry.note : entry.direction)),
    ['connected', 'sent', 'received', 'sent', 'received'],
  );
  t.equal(transcript.octets('sent').toString('latin1'), '\xffabc');
  t.equal(transcript.octets('received').toString('latin1'), '\xffabc');
  t.match(transcript.rows()[1], { direction: 'sent', base64: Buffer.from('\xffab', 'latin1').toString('base64') });
  connection.destroy();
});

t.test('a peer that sends more than 16 MiB is cut off', async (t) => {
  const flood = Buffer.alloc(1024 * 1024, 'x');
  const address = await listen(
    t,
    createServer((socket) => {
      const pour = () => {
        while (!socket.destroyed && socket.write(flood));
      };
      socket.on('drain', pour).on('error', () => {});
      pour();
    }),
  );
  const connection = await WireConnection.open(address, TIMEOUT_MS);
  while (connection.end === 'open') await connection.changed(performance.now() + TIMEOUT_MS);
  const received = connection.transcript.octets('received').length;
  t.ok(received > 16 * 1024 * 1024 && received < 18 * 1024 * 1024, `${received} octets were kept`);
  t.ok(connection.transcript.entries.some((entry) => entry.direction === 'note' && entry.note.startsWith('cut off')));
});

t.test('exchange() skips interim responses, and says so when there is no final one', async (t) => {
  const answers: Readonly<Record<string, string>> = {
    interim: `HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n${OK}`,
    only: 'HTTP/1.1 100 Continue\r\n\r\n',
    garbage: 'hello',
  };
  const address = await listen(
    t,
    createServer((socket) =>
      socket.once('data', (octets) => socket.end(answers[/\/(\w+)/.exec(`${octets}`)?.[1] ?? ''] ?? '')),
    ),
  );
  const ask = (path: string) => exchange(address, `GET /${path} HTTP/1.1\r\n\r\n`, TIMEOUT_MS);
  t.equal((await ask('interim'))?.content.toString(), 'ok');
  t.equal(await ask('only'), undefined);
  t.match(await ask('garbage'), { status: 0 });
  t.equal(await ask('nothing'), undefined);
});

t.test('exchange() speaks TLS with a server whose certificate nobody signed', async (t) => {
  const server = createTlsServer({ ...selfSigned(), ALPNProtocols: ['h2', 'http/1.1'] }, (socket) => {
    socket.once('data', () => socket.end(socket.alpnProtocol === 'http/1.1' ? OK : ''));
  });
  const address = { ...(await listen(t, server)), tls: true };
  t.match(await exchange(address, plainGet(address), TIMEOUT_MS), { status: 200 });
  t.match(await exchange({ ...address, host: 'localhost' }, plainGet(address), TIMEOUT_MS), { status: 200 });
});

t.test('opening a connection fails with a ConnectError that says why', async (t) => {
  const gone = createServer();
  const refused = await listen(t, gone);
  gone.close();
  await once(gone, 'close');
  await t.rejects(WireConnection.open(refused, TIMEOUT_MS), { name: 'ConnectError', message: /ECONNREFUSED/ });

  const plain = await listen(
    t,
    createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')),
  );
  await t.rejects(WireConnection.open({ ...plain, tls: true }, TIMEOUT_MS), { name: 'ConnectError', message: /SSL/ });

  const mute = await listen(
    t,
    createServer(() => {}),
  );
  const opening = WireConnection.open({ ...mute, tls: true }, 30);
  await t.rejects(opening, ConnectError);
  await t.rejects(opening, { message: /no answer within 30 ms/ });
});

async function listen(t: Test, server: Server): Promise<Address> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => sockets.add(socket.on('error', () => {})));
  server.on('tlsClientError', () => {});
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('No port was bound');
  return { host: '127.0.0.1', port: bound.port, tls: false, authority: `127.0.0.1:${bound.port}` };
}
