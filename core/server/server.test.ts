/** The server over real sockets: as node's client and curl see it, and as a raw peer that misbehaves does. */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Agent, request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import t, { type Test } from 'tap';
import type { ProtocolError } from '../errors/protocol-error.ts';
import type { Handler } from './handler.ts';
import { createServer, type Server, type ServerOptions } from './server.ts';
import { eventually, openWire, turns, type Wire, within } from './wire.test.data.ts';

const PIECE = Uint8Array.from({ length: 65_536 }, (_, i) => (i * 31 + (i >> 8)) & 0xff);
/** More than any kernel buffers for one connection of this machine. */
const STREAM_PIECES = 1_024;

const ok: Handler = (_request, response) => response.send('ok');

/** A server on a port of its own, gone when the test ends. */
async function serve(
  t: Test,
  handler: Handler,
  options: ServerOptions = {},
): Promise<{ server: Server; port: number }> {
  const server = createServer(handler, options);
  t.teardown(() => server.close());
  const { port } = await server.listen();
  return { server, port };
}

/** A raw connection, cut when the test ends. */
async function wireTo(t: Test, port: number): Promise<Wire> {
  const wire = await openWire(port);
  t.teardown(() => wire.socket.destroy());
  return wire;
}

/** One exchange by node's client. */
function fetchRaw(
  port: number,
  options: RequestOptions,
  content?: string | Uint8Array,
): Promise<{ head: IncomingMessage; content: Buffer }> {
  return within(
    `${options.method ?? 'GET'} ${options.path ?? '/'}`,
    new Promise((resolve, reject) => {
      const request = httpRequest({ port, host: '127.0.0.1', ...options }, (head) => {
        const pieces: Buffer[] = [];
        head.on('data', (piece: Buffer) => pieces.push(piece));
        head.on('end', () => resolve({ head, content: Buffer.concat(pieces) }));
        head.on('error', reject);
      });
      request.on('error', reject);
      request.end(content);
    }),
  );
}

const echo: Handler = async (request, response) => {
  response.set('X-Method', request.method).send(await request.content.bytes(8_388_608));
};

t.test("node's client is served: lengths, chunks, trailers, HEAD, Expect, one connection for many", async (t) => {
  const { server, port } = await serve(t, async (request, response) => {
    if (request.path !== '/trailers') return echo(request, response);
    const content = await request.content.bytes();
    t.equal(request.content.trailers?.get('x-sum'), '7', 'the trailers of the request have come');
    response.set('Trailer', 'X-Length');
    await response.write(content);
    response.end({ 'X-Length': String(content.length) });
  });
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  t.teardown(() => agent.destroy());
  const big = Buffer.alloc(1_500_000, 'x');
  const posted = await fetchRaw(port, { agent, method: 'POST' }, big);
  t.same([posted.head.statusCode, posted.content.equals(big)], [200, true], '1.5 MB come back');
  t.match(posted.head.headers, { 'content-length': '1500000', date: / GMT$/, 'x-method': 'POST' });
  const gotten = await fetchRaw(port, { agent });
  t.same([gotten.head.statusCode, gotten.content.length, gotten.head.headers['content-length']], [200, 0, '0']);
  const headed = await fetchRaw(port, { agent, method: 'HEAD' });
  t.same([headed.head.statusCode, headed.content.length, headed.head.headers['x-method']], [200, 0, 'HEAD']);
  t.equal(server.connections, 1, 'all on one connection');
  const trailed = await within(
    'chunks with trailers',
    new Promise<IncomingMessage>((resolve, reject) => {
      const request = httpRequest(
        { port, agent, method: 'POST', path: '/trailers', headers: { Trailer: 'X-Sum' } },
        (head) => {
          head.resume().on('end', () => resolve(head));
        },
      );
      request.on('error', reject).write('abc');
      request.addTrailers({ 'X-Sum': '7' });
      request.end('defg');
    }),
  );
  t.same([trailed.headers['transfer-encoding'], trailed.trailers], ['chunked', { 'x-length': '7' }]);
  let continues = 0;
  const waited = await within(
    'Expect',
    new Promise<IncomingMessage>((resolve, reject) => {
      const headers = { Expect: '100-continue', 'Content-Length': 3 };
      const request = httpRequest({ port, agent, method: 'PUT', headers }, (head) => {
        head.resume().on('end', () => resolve(head));
      });
      request.on('error', reject).on('continue', () => {
        continues += 1;
        request.end('abc');
      });
      request.flushHeaders();
    }),
  );
  t.same(
    [continues, waited.headers['x-method']],
    [1, 'PUT'],
    'RFC9110#10.1.1: 100 (Continue) once, when the content is read',
  );
});

const hasCurl = spawnSync('curl', ['--version']).status === 0;
if (!hasCurl) t.comment('curl is not installed: its test does not run');

t.test('curl is served', { skip: hasCurl ? false : 'curl is not installed' }, async (t) => {
  const { port } = await serve(t, echo);
  const url = `http://127.0.0.1:${port}/`;
  const curl = (...args: string[]): Promise<string> =>
    within(
      `curl ${args.join(' ')}`,
      new Promise((resolve) => {
        const child = spawn('curl', ['-sS', '--max-time', '10', ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
        let text = '';
        child.stdout.on('data', (piece: Buffer) => (text += piece.toString('latin1')));
        child.on('close', (code) => resolve(`${text}\nexit ${code}`));
        child.stdin.end('from stdin');
      }),
    );
  t.equal(
    await curl(url, url, '-w', '%{http_code} %{num_connects} ', '-o', '/dev/null', '-o', '/dev/null'),
    '200 1 200 0 \nexit 0',
  );
  t.match(await curl('-I', url), /^HTTP\/1\.1 200 OK\r\n.*Content-Length: 0\r\n.*exit 0$/s);
  t.match(await curl('--http1.0', '-d', 'abc', url), /^abc\nexit 0$/);
  t.match(await curl('-T', '-', url), /^from stdin\nexit 0$/, 'chunks');
  t.match(
    await curl('-H', 'Expect: 100-continue', '-d', 'abc', '-i', url),
    /^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK\r\n.*abc\nexit 0$/s,
  );
});

t.test('a reader that stops holds the producer back, and gets everything once it reads on', async (t) => {
  let produced = 0;
  let isHeld = false;
  const { port } = await serve(t, async (_request, response) => {
    for (let i = 0; i < STREAM_PIECES; i++) {
      const room = response.write(PIECE);
      produced += 1;
      const isOpen = await Promise.race([room.then(() => true), turns(20).then(() => false)]);
      isHeld ||= !isOpen;
      await room;
    }
    response.end();
  });
  const wire = await wireTo(t, port);
  wire.socket.pause();
  wire.socket.removeAllListeners('data');
  wire.send('GET / HTTP/1.0\r\n\r\n');
  await eventually('the producer is held', () => isHeld);
  t.ok(produced < STREAM_PIECES / 2, `${produced} of ${STREAM_PIECES} pieces were written before it was held`);
  let length = 0;
  wire.socket.on('data', (bytes: Buffer) => (length += bytes.length));
  wire.socket.resume();
  await wire.rest();
  const headBytes = length - STREAM_PIECES * PIECE.length;
  t.ok(headBytes > 0 && headBytes < 300, `${length} octets came, all of the content`);
  t.same([produced, wire.ending], [STREAM_PIECES, 'fin']);
});

t.test('a handler that does not read holds the sender back, and gets everything once it reads', async (t) => {
  let release = (): void => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const { port } = await serve(t, async (request, response) => {
    await released;
    const hash = createHash('sha256');
    for await (const piece of request.content) hash.update(piece);
    response.send(hash.digest('hex'));
  });
  const wire = await wireTo(t, port);
  wire.send(`POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${STREAM_PIECES * PIECE.length}\r\n\r\n`);
  const hash = createHash('sha256');
  let sent = 0;
  for (; sent < STREAM_PIECES; sent++) {
    hash.update(PIECE);
    const written = new Promise<boolean>((resolve) => wire.socket.write(PIECE, () => resolve(true)));
    const isTaken = await Promise.race([written, turns(50).then(() => false)]);
    if (!isTaken) release();
    await within('the sender goes on', written);
    if (!isTaken) t.comment(`held after ${sent} pieces`);
    if (!isTaken) break;
  }
  t.ok(sent < STREAM_PIECES / 2, `${sent} of ${STREAM_PIECES} pieces were taken before it was held`);
  for (sent += 1; sent < STREAM_PIECES; sent++) {
    hash.update(PIECE);
    if (!wire.socket.write(PIECE)) await within('drain', new Promise((resolve) => wire.socket.once('drain', resolve)));
  }
  t.match(await wire.until(/\r\n\r\n[0-9a-f]{64}$/), new RegExp(`${hash.digest('hex')}$`), 'the octets that were sent');
});

t.test('a failing handler costs its exchange alone, and the peer learns nothing of why', async (t) => {
  const told: unknown[] = [];
  const { port } = await serve(
    t,
    async (request, response) => {
      response.set('X-Secret', 'secret');
      if (request.path === '/late') await response.write('some');
      if (request.path === '/silent') return;
      if (request.path === '/large') await request.content.bytes(4);
      if (request.path === '/twice') await Promise.all([request.content.bytes(), request.content.bytes()]);
      if (request.path === '/split') response.set('X', 'a\r\nSet-Cookie: b').send();
      throw new Error('secret');
    },
    { onHandlerError: (error) => told.push(error) },
  );
  const rows: [path: string, status: number, said: RegExp | undefined][] = [
    ['/throws', 500, /^secret$/],
    ['/silent', 500, /settled before it finished/],
    ['/large', 413, undefined],
    ['/twice', 500, /already read/],
    ['/split', 500, /field value must hold no controls/],
  ];
  for (const [path, status, said] of rows) {
    told.length = 0;
    const { head, content } = await fetchRaw(port, { path, method: 'POST' }, 'hello');
    t.equal(head.statusCode, status, `${path}: ${status}`);
    t.notMatch(JSON.stringify(head.rawHeaders) + content, /secret|Set-Cookie/i, `${path}: nothing of the handler's`);
    t.same(told.length, said === undefined ? 0 : 1, `${path}: the hook is told ${told.length} times`);
    if (said !== undefined) t.match(String(told[0] instanceof Error ? told[0].message : told[0]), said);
  }
  await t.rejects(
    fetchRaw(port, { path: '/late', method: 'POST' }, 'x'),
    { code: 'ECONNRESET' },
    'RFC9112#8: a response that fails late is cut, not ended',
  );
  const sync = await serve(
    t,
    () => {
      throw new Error('secret');
    },
    { onHandlerError: (error) => told.push(error) },
  );
  const { head, content } = await fetchRaw(sync.port, {});
  t.same([head.statusCode, String(content)], [500, '500 Internal Server Error\n'], 'a handler that throws at once');
});

t.test('a response of HTTP/1.0 without a length that fails late is reset, so that it cannot look whole', async (t) => {
  const { port } = await serve(
    t,
    async (_request, response) => {
      await response.write('some');
      await turns(5);
      throw new Error('late');
    },
    { onHandlerError: () => {} },
  );
  const wire = await wireTo(t, port);
  wire.send('GET / HTTP/1.0\r\n\r\n');
  await wire.rest();
  t.equal(wire.ending, 'reset');
});

t.test('a peer that goes away in the middle of its content is told to the reader and the signal', async (t) => {
  const seen: string[] = [];
  let isRunning = false;
  const { server, port } = await serve(
    t,
    async (request) => {
      isRunning = true;
      request.signal.addEventListener('abort', () => seen.push('aborted'));
      try {
        await request.content.bytes();
      } catch (error) {
        seen.push(error instanceof Error && 'code' in error ? String(error.code) : String(error));
        throw error;
      }
    },
    { onHandlerError: () => seen.push('hook') },
  );
  const wire = await wireTo(t, port);
  wire.send('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhello');
  await eventually('the request has come', () => isRunning);
  wire.cut();
  await eventually('both are told', () => seen.length === 2);
  await eventually('the connection is forgotten', () => server.connections === 0);
  t.same(seen.sort(), ['abandoned', 'aborted'], 'and it is no fault of the handler');
});

t.test('a broken request reaches the hook with its whole diagnostic, and the peer as a status alone', async (t) => {
  const errors: ProtocolError[] = [];
  const { port } = await serve(t, ok, {
    onProtocolError(error, peer) {
      errors.push(error);
      t.equal(peer.address, '127.0.0.1');
    },
  });
  const wire = await wireTo(t, port);
  wire.send('GET / HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost : hidden\r\n\r\n').socket.end();
  const text = await wire.rest();
  t.match(
    text,
    /^HTTP\/1\.1 200 OK\r\n.*\r\n\r\nokHTTP\/1\.1 400 Bad Request\r\n/s,
    'the response before it comes first',
  );
  t.match(text, /Connection: close\r\n\r\n400 Bad Request\n$/);
  t.notMatch(text, /byte|hidden|H1_|RFC/i);
  t.same(
    errors.map(({ code, offset, line, column, rfc }) => [code, offset, line, column, rfc]),
    [['H1_FIELD_NAME_SPACE', 47, 2, 5, 'RFC9112#5.1']],
  );
  t.equal(wire.ending, 'fin');
});

t.test('responses leave in the order of their requests, whenever they are ready (RFC9112#9.3.2)', async (t) => {
  const waiting = new Map<string, () => void>();
  const { port } = await serve(t, async (request, response) => {
    await new Promise<void>((resolve) => waiting.set(request.path, resolve));
    response.send(request.path);
  });
  const wire = await wireTo(t, port);
  wire.send(['/1', '/2', '/3'].map((path) => `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`).join(''));
  await eventually('all three run', () => waiting.size === 3);
  for (const path of ['/3', '/2']) waiting.get(path)?.();
  await turns(5);
  t.equal(wire.text, '', 'nothing overtakes the first');
  waiting.get('/1')?.();
  const text = await wire.until(/\/3$/);
  t.same(text.match(/\/\d$|\/\d(?=HTTP)/g), ['/1', '/2', '/3']);
});

t.test('an early answer is read whole by a client that is still sending (RFC9112#9.6)', async (t) => {
  let answer = '';
  const { port } = await serve(t, (_request, response) => {
    response.status = 413;
    response.send(answer);
  });
  const content = Buffer.alloc(5_000_000, 'y');
  // The second is more than any kernel holds for one connection: what is left of it is lost to whoever closes at once.
  for (const length of [20_000, 4_000_000]) {
    answer = `${'x'.repeat(length)}.`;
    let whole = 0;
    for (let i = 0; i < 25; i++) {
      const wire = await openWire(port);
      wire.send(`POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${content.length}\r\n\r\n`).socket.end(content);
      const text = await wire.rest();
      const isWhole = text.startsWith('HTTP/1.1 413 ') && text.endsWith(`\r\n\r\n${answer}`);
      if (isWhole && text.includes('\r\nConnection: close\r\n') && wire.ending === 'fin') whole += 1;
      else t.comment(`round ${i}: ${text.length} octets, ${wire.ending}`);
      wire.socket.destroy();
    }
    t.equal(whole, 25, `${length} octets: 25 of 25`);
  }
});

t.test('drain() answers what was begun, closes what is idle, and cuts what is late', async (t) => {
  let finish: (() => void) | undefined;
  let isStuck = false;
  const { server, port } = await serve(t, (request, response) => {
    if (request.path === '/slow') finish = () => response.send('slow');
    else if (request.path === '/never') isStuck = true;
    else response.send('ok');
  });
  const [idle, fresh, busy] = [await wireTo(t, port), await wireTo(t, port), await wireTo(t, port)];
  idle.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  await idle.until(/ok$/);
  busy.send('GET /slow HTTP/1.1\r\nHost: a\r\n\r\n');
  await eventually('three connections, one of them at work', () => server.connections === 3 && finish !== undefined);
  const drained = server.drain(60_000);
  for (const wire of [idle, fresh]) {
    await wire.rest();
    t.equal(wire.ending, 'fin', 'idle: closed at once');
    wire.socket.end();
  }
  await t.rejects(openWire(port), { code: 'ECONNREFUSED' }, 'the port is free');
  finish?.();
  t.match(await busy.rest(), /Connection: close\r\n.*slow$/s, 'busy: answered, and told that it is the last');
  busy.socket.end();
  t.same(await within('drain', drained), { cut: 0 });

  const again = await server.listen();
  const late = await wireTo(t, again.port);
  late.send('GET /never HTTP/1.1\r\nHost: a\r\n\r\n');
  await eventually('it is busy', () => isStuck);
  t.same(await within('drain', server.drain(50)), { cut: 1 }, 'late: cut at the deadline');
  await late.rest();
  await eventually('it is forgotten', () => server.connections === 0);
});

t.test('above maxConnections a connection is closed at once, and served again below', async (t) => {
  const { server, port } = await serve(t, ok, { maxConnections: 1 });
  const first = await wireTo(t, port);
  first.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  await first.until(/ok$/);
  const second = await wireTo(t, port);
  t.equal(await second.rest(), '');
  first.cut();
  await eventually('the first is gone', () => server.connections === 0);
  const third = await wireTo(t, port);
  third.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  t.match(await third.until(/ok$/), /^HTTP\/1\.1 200 /);
});

t.test('timers end connections of peers that send or take nothing', async (t) => {
  const codes: string[] = [];
  const limits = { idleMs: 100, headMs: 100, contentMs: 100, writeMs: 200, keepAliveMs: 100, lingerMs: 0 };
  const handler: Handler = async (request, response) => {
    if (request.path === '/big') return response.send(new Uint8Array(64_000_000));
    response.send(await request.content.bytes());
  };
  const { server, port } = await serve(t, handler, { limits, onProtocolError: ({ code }) => codes.push(code) });
  const rows: [send: string, codes: readonly string[], text: RegExp][] = [
    ['', [], /^$/], // quiet is no protocol error
    ['GET / HT', ['H1_HEAD_TIMEOUT'], /^HTTP\/1\.1 408 .*Connection: close/s],
    ['POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nab', ['H1_CONTENT_TIMEOUT'], /^HTTP\/1\.1 408 /],
    ['GET / HTTP/1.1\r\nHost: a\r\n\r\n', [], /^HTTP\/1\.1 200 /],
  ];
  for (const [send, due, text] of rows) {
    codes.length = 0;
    const wire = await wireTo(t, port);
    wire.send(send);
    t.match(await wire.rest(), text, `"${send.slice(0, 20)}"`);
    t.same(codes, due);
    wire.socket.end();
  }
  await eventually('all are gone', () => server.connections === 0);
  for (const head of ['GET /big HTTP/1.1\r\nHost: a\r\n', 'GET /big HTTP/1.1\r\nHost: a\r\nConnection: close\r\n']) {
    codes.length = 0;
    const wire = await wireTo(t, port);
    wire.socket.pause();
    wire.send(`${head}\r\n`);
    await eventually('the connection is open', () => server.connections === 1);
    await eventually('a peer that takes nothing is cut', () => server.connections === 0);
    t.same(codes, ['H1_WRITE_TIMEOUT'], head);
  }
});

t.test('TLS: HTTP/1.1 is served to who asks for it by ALPN, and to who asks for nothing', async (t) => {
  const pem = (name: string): Buffer => readFileSync(new URL(`fixtures/localhost.${name}.pem`, import.meta.url));
  const server = createServer((request, response) =>
    response.json({ isSecure: request.peer.isSecure, path: request.path }),
  );
  t.teardown(() => server.close());
  const { port } = await server.listenTls({ cert: pem('cert'), key: pem('key') });
  const common = { port, host: '127.0.0.1', path: '/a', ca: pem('cert'), agent: false as const };
  for (const options of [{ ...common, ALPNProtocols: ['http/1.1'] }, common]) {
    const answer = await within(
      'https',
      new Promise<string>((resolve, reject) => {
        const request = httpsRequest(options, (head) => {
          let text = '';
          head.on('data', (piece: Buffer) => (text += piece));
          head.on('end', () => resolve(text));
        });
        request.on('error', reject).end();
      }),
    );
    t.same(JSON.parse(answer), { isSecure: true, path: '/a' });
  }
  const plain = await wireTo(t, port);
  plain.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  await plain.rest();
  t.notMatch(plain.text, /HTTP/, 'cleartext on the TLS port is not answered in cleartext');
  await t.rejects(server.listenTls({ cert: 'x', key: 'y' }), 'a certificate that is none');
});

t.test('options that are unknown or out of range are refused', async (t) => {
  const rows: [options: object, message: RegExp][] = [
    [{ limit: {} }, /^Unknown server option "limit"; there are: limits, /],
    [{ bareLf: 'maybe' }, /^Server option bareLf is "maybe"; it takes 'refuse' or 'accept'$/],
    [{ connect: true }, /^Server option connect is true; it takes 'refuse' or 'extended' or 'any'$/],
    [{ http2: 'no' }, /^Server option http2 is "no"; it takes true or false$/],
    [{ http2Limits: { stallMs: 1 } }, /^HTTP\/2 limit stallMs is 1; it takes an integer from 100 to 3600000$/],
    [{ maxConnections: 0 }, /^Server option maxConnections is 0; it takes an integer from 1 to 1000000$/],
    [{ limits: { headMs: 1 } }, /limit headMs is 1; it takes an integer from 100 to 3600000$/],
  ];
  for (const [options, message] of rows)
    t.throws(() => createServer(ok, options), { message }, JSON.stringify(options));
  const { port } = await serve(t, ok);
  await t.rejects(createServer(ok).listen({ port }), { code: 'EADDRINUSE' });
});
