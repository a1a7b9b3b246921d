/** HTTP/2 over real sockets: as node's client sees the server, and while a raw peer abuses it. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  connect,
  constants,
  type OutgoingHttpHeaders,
} from 'node:http2';
import t, { type Test } from 'tap';
import { DRILLS } from '../http2/drills.test.data.ts';
import { get, hello, post, rst } from '../http2/wire.test.data.ts';
import type { Handler } from './handler.ts';
import { createServer, type Server, type ServerOptions } from './server.ts';
import { eventually, openWire, turns, within } from './wire.test.data.ts';

const PIECE = Uint8Array.from({ length: 65_536 }, (_, i) => (i * 31 + (i >> 8)) & 0xff);
/** More than windows and kernels hold of one stream. */
const PIECES = 128;

const ok: Handler = (_request, response) => response.send('ok');
const echo: Handler = async (request, response) => {
  for await (const piece of request.content) await response.write(piece);
  response.end();
};
const pem = (name: string): Buffer => readFileSync(new URL(`fixtures/localhost.${name}.pem`, import.meta.url));

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

/** A session of node's client, gone when the test ends. */
function session(t: Test, port: number, options: Parameters<typeof connect>[1] = {}): ClientHttp2Session {
  const client = connect(`http://127.0.0.1:${port}`, options);
  client.on('error', () => {});
  t.teardown(() => client.destroy());
  return client;
}

interface Answer {
  readonly head: IncomingHttpHeaders & { readonly ':status'?: number | undefined };
  readonly content: Buffer;
  readonly trailers: IncomingHttpHeaders;
  /** Number of the RST_STREAM, 0 without one. */
  readonly error: number;
}

/** All of one response. */
function answerTo(stream: ClientHttp2Stream): Promise<Answer> {
  return within(
    'an answer',
    new Promise((resolve) => {
      let head: Answer['head'] = {};
      let trailers: IncomingHttpHeaders = {};
      const pieces: Buffer[] = [];
      stream.on('response', (fields) => (head = fields));
      stream.on('trailers', (fields) => (trailers = fields));
      stream.on('data', (piece: Buffer) => pieces.push(piece));
      stream.on('error', () => {});
      stream.on('close', () => resolve({ head, content: Buffer.concat(pieces), trailers, error: stream.rstCode ?? 0 }));
    }),
  );
}

function ask(
  client: ClientHttp2Session,
  fields: OutgoingHttpHeaders = {},
  content?: string | Uint8Array,
): Promise<Answer> {
  const stream = client.request({ ':path': '/', ...(content === undefined ? {} : { ':method': 'POST' }), ...fields });
  stream.end(content);
  return answerTo(stream);
}

t.test("node's client: many streams on one connection, nothing is pushed", async (t) => {
  const { server, port } = await serve(t, (request, response) => {
    // Every other answer comes later, so that they overtake each other
    if (request.path.endsWith('1')) setImmediate(() => response.send(request.path));
    else response.send(request.path);
  });
  const client = session(t, port);
  client.on('stream', () => t.fail('a push'));
  const paths = Array.from({ length: 500 }, (_, i) => `/${i}`);
  const answers = await Promise.all(paths.map((path) => ask(client, { ':path': path })));
  t.same(
    answers.map(({ content }) => content.toString()),
    paths,
    'each stream has its own answer',
  );
  t.same(
    [server.connections, client.remoteSettings.maxConcurrentStreams],
    [1, 100],
    'all on one connection, 100 at a time',
  );
  const head = await ask(client, { ':method': 'HEAD', ':path': '/head' });
  t.same([head.head[':status'], head.head['content-length'], head.content.length], [200, '5', 0]);
});

t.test('8 MiB up and down at once through a reader that is slow', async (t) => {
  const { port } = await serve(t, echo);
  const client = session(t, port);
  const stream = client.request({ ':method': 'POST', ':path': '/' });
  const [sent, got] = [createHash('sha256'), createHash('sha256')];
  const sending = (async () => {
    for (let i = 0; i < PIECES; i++) {
      sent.update(PIECE);
      if (!stream.write(PIECE)) await new Promise((resolve) => stream.once('drain', resolve));
    }
    stream.end();
  })();
  let length = 0;
  const reading = (async () => {
    for await (const piece of stream) {
      got.update(piece);
      length += piece.length;
      await turns(1);
    }
  })();
  await within('all of it', Promise.all([sending, reading]));
  t.equal(length, PIECES * PIECE.length);
  t.equal(got.digest('hex'), sent.digest('hex'), 'what was sent comes back');
});

t.test('a reader that stops holds its producer back, and no other', async (t) => {
  let produced = 0;
  const { port } = await serve(t, async (request, response) => {
    if (request.path !== '/big') return response.send('small');
    for (let i = 0; i < PIECES; i++) {
      await response.write(PIECE);
      produced += 1;
    }
    response.end();
  });
  const client = session(t, port);
  const stream = client.request({ ':path': '/big' });
  await within('a head', new Promise((resolve) => stream.once('response', resolve)));
  for (let i = 0; i < 20; i++) t.equal((await ask(client)).content.toString(), 'small');
  t.ok(produced < PIECES / 2, `${produced} of ${PIECES} pieces were written while nobody read`);
  const { content } = await answerTo(stream);
  t.same([content.length, produced], [PIECES * PIECE.length, PIECES]);
});

t.test('a handler that does not read holds its sender back, and no other', async (t) => {
  let release = (): void => {};
  const released = new Promise<void>((resolve) => (release = resolve));
  const { port } = await serve(t, async (request, response) => {
    if (request.method === 'GET') return response.send('small');
    await released;
    response.send(String((await request.content.bytes(PIECES * PIECE.length)).length));
  });
  const client = session(t, port);
  const stream = client.request({ ':method': 'POST', ':path': '/' });
  for (let i = 0; i < PIECES; i++) stream.write(PIECE);
  stream.end();
  for (let i = 0; i < 20; i++) t.equal((await ask(client)).content.toString(), 'small');
  const { effectiveLocalWindowSize = 0, remoteWindowSize = 0 } = client.state;
  t.ok(
    effectiveLocalWindowSize >= 0 && remoteWindowSize >= 1_048_576 - 262_144,
    'its stream has no more than its window',
  );
  release();
  t.equal((await answerTo(stream)).content.toString(), String(PIECES * PIECE.length));
});

t.test('trailers both ways, Expect, early hints', async (t) => {
  const { port } = await serve(t, async (request, response) => {
    response.interim(103, { Link: '</style.css>' });
    const content = await request.content.text();
    await response.write(content);
    response.end({ 'X-Sum': request.content.trailers?.get('x-sum') ?? 'none' });
  });
  const client = session(t, port);
  const stream = client.request({ ':method': 'POST', ':path': '/', expect: '100-continue' }, { waitForTrailers: true });
  const interim: unknown[] = [];
  stream.on('headers', (fields) => interim.push(fields[':status']));
  stream.on('continue', () => {
    interim.push('continue');
    stream.end('abc');
  });
  stream.on('wantTrailers', () => stream.sendTrailers({ 'x-sum': '7' }));
  const { content, trailers } = await answerTo(stream);
  t.same([content.toString(), trailers['x-sum']], ['abc', '7']);
  t.same(
    interim.filter((one) => one === 103 || one === 'continue'),
    [103, 'continue'],
  );
});

t.test('aborts: of the client, of the handler, of a handler that fails; other streams live on', async (t) => {
  const events: string[] = [];
  const { port } = await serve(
    t,
    async (request, response) => {
      if (request.path === '/hang') {
        request.signal.addEventListener('abort', () => events.push('aborted'));
        await response.write('begun');
        return new Promise(() => {});
      }
      if (request.path === '/abort') {
        await response.write('begun');
        return response.abort();
      }
      if (request.path === '/fail') throw new Error('secret');
      response.send('ok');
    },
    { onHandlerError: (error) => events.push(String(error)) },
  );
  const client = session(t, port);
  const hanging = client.request({ ':path': '/hang' });
  await within('its begin', new Promise((resolve) => hanging.once('data', resolve)));
  hanging.close(constants.NGHTTP2_CANCEL);
  await eventually('the handler is told', () => events.includes('aborted'));
  const aborted = await ask(client, { ':path': '/abort' });
  t.same([aborted.content.toString(), aborted.error], ['begun', constants.NGHTTP2_INTERNAL_ERROR]);
  const failed = await ask(client, { ':path': '/fail' });
  t.equal(failed.head[':status'], 500);
  t.notMatch(failed.content.toString(), 'secret');
  t.same(events, ['aborted', 'Error: secret']);
  t.equal((await ask(client)).content.toString(), 'ok', 'the connection lives on');
});

t.test('CONNECT: a way for octets both ways, where the server was told to (RFC8441#4, RFC9113#8.5)', async (t) => {
  const tunnel: Handler = async (request, response) => {
    response.set('X-Tunnel', `${request.method} ${request.tunnelProtocol ?? '-'} ${request.target}`);
    await response.write('hello ');
    for await (const piece of request.content) await response.write(piece);
    response.end();
  };
  const extended = { ':method': 'CONNECT', ':protocol': 'websocket', ':scheme': 'http', ':path': '/chat' };
  const plain = { ':method': 'CONNECT', ':authority': 'a:443' };
  const rows: readonly (readonly [
    connect: ServerOptions['connect'],
    ask: OutgoingHttpHeaders,
    status: number,
    tunnel?: string,
  ])[] = [
    ['refuse', plain, 501],
    ['extended', extended, 200, 'CONNECT websocket /chat'],
    ['extended', plain, 501],
    ['any', extended, 200, 'CONNECT websocket /chat'],
    ['any', plain, 200, 'CONNECT - a:443'],
  ];
  for (const [how = 'refuse', fields, status, header] of rows) {
    const { port } = await serve(t, tunnel, { connect: how });
    const client = session(t, port);
    await within('settings', new Promise((resolve) => client.once('remoteSettings', resolve)));
    t.equal(client.remoteSettings.enableConnectProtocol, how !== 'refuse', `${how}: offered`);
    const stream = client.request(fields);
    if (status !== 200) stream.end();
    stream.on('data', (piece: Buffer) => {
      if (piece.toString() === 'hello ') stream.end('echo');
    });
    const { head, content } = await answerTo(stream);
    t.same(
      [head[':status'], head['x-tunnel'], head['content-length']],
      [status, header, status === 200 ? undefined : '20'],
    );
    if (status === 200) t.equal(content.toString(), 'hello echo', 'both ways');
  }
});

t.test('one handler over both versions, on one port: the same request, the same response', async (t) => {
  const { server, port } = await serve(t, async (request, response) => {
    const content = await request.content.text();
    const fields = [...request.fields].map(([name, value]) => [name.toLowerCase(), value]);
    const framing = /^(?:host|connection|keep-alive|transfer-encoding|content-length)$/;
    response.set('X-Set', 'yes').append('X-Many', '1').append('X-Many', '2').set('Set-Cookie', 'a=b');
    response.json({
      method: request.method,
      target: request.target,
      path: request.path,
      query: request.query,
      host: request.host,
      scheme: request.scheme,
      expectation: request.expectation,
      fields: fields.filter(([name]) => !framing.test(name ?? '')),
      content,
    });
  });
  const client = session(t, port);
  // Crumbs of cookies are joined behind all other fields
  const fields = { accept: 'a/b', 'x-two': 'one, two', cookie: 'c=d; e=f' };
  const rows: readonly (readonly [method: string, path: string, content: string | undefined])[] = [
    ['GET', '/a/%7eb?c=d&e', undefined],
    ['POST', '/', 'content'],
    ['OPTIONS', '*', undefined],
  ];
  for (const [method, path, content] of rows) {
    const old = await within(
      'HTTP/1.1',
      new Promise<{ head: IncomingHttpHeaders; text: string }>((resolve, reject) => {
        const request = httpRequest(
          { port, host: '127.0.0.1', method, path, headers: fields, agent: false },
          (head) => {
            let text = '';
            head.on('data', (piece: Buffer) => (text += piece)).on('end', () => resolve({ head: head.headers, text }));
          },
        );
        request.on('error', reject).end(content);
      }),
    );
    const stream = client.request({ ':method': method, ':path': path, ...fields });
    stream.end(content);
    const { head, content: text } = await answerTo(stream);
    t.same(JSON.parse(text.toString()), JSON.parse(old.text), `${method} ${path}: the request`);
    const shown = Object.entries(head).filter(([name]) => !name.startsWith(':'));
    const expected = Object.entries(old.head).filter(([name]) => name !== 'connection');
    t.same(
      Object.fromEntries(shown.filter(([name]) => name !== 'date')),
      Object.fromEntries(expected.filter(([name]) => name !== 'date')),
      'the response',
    );
    t.match(head.date, / GMT$/);
  }
  t.equal(server.connections, 1, "HTTP/2's connection stays");
});

t.test('drain() answers the streams that are open, refuses later ones, and ends', async (t) => {
  const waiting: (() => void)[] = [];
  const { server, port } = await serve(t, (_request, response) => {
    waiting.push(() => response.send('late'));
  });
  const client = session(t, port);
  const open = [ask(client), ask(client), ask(client)];
  await eventually('the requests are there', () => waiting.length === 3);
  const goaways: number[] = [];
  client.on('goaway', (_code, lastId) => goaways.push(lastId));
  const idle = session(t, port);
  await within('a second session', new Promise((resolve) => idle.once('connect', resolve)));
  const closed = new Promise((resolve) => idle.once('close', resolve));
  const drained = server.drain(60_000);
  await within('the idle one is closed', closed);
  await eventually('both steps', () => goaways.length === 2);
  t.same(goaways, [0x7fffffff, 5]);
  for (const send of waiting) send();
  for (const answer of open) t.equal((await answer).content.toString(), 'late');
  t.same(await within('drain', drained), { cut: 0 });
  t.equal(server.connections, 0);
});

t.test('TLS: ALPN chooses HTTP/2, and HTTP/1.1 where it is not offered', async (t) => {
  const handler: Handler = (request, response) =>
    response.json({ isSecure: request.peer.isSecure, scheme: request.scheme, protocol: request.protocol });
  const server = createServer(handler);
  t.teardown(() => server.close());
  const { port } = await server.listenTls({ cert: pem('cert'), key: pem('key') });
  const client = connect(`https://localhost:${port}`, { ca: pem('cert') });
  t.teardown(() => client.destroy());
  const { content } = await ask(client);
  t.same(JSON.parse(content.toString()), { isSecure: true, scheme: 'https', protocol: 'HTTP/2.0' });
  const old = createServer(handler, { http2: false });
  t.teardown(() => old.close());
  const { port: oldPort } = await old.listenTls({ cert: pem('cert'), key: pem('key') });
  const refused = connect(`https://localhost:${oldPort}`, { ca: pem('cert') });
  await within('no HTTP/2', new Promise((resolve) => refused.once('error', resolve)));
  t.ok(refused.destroyed, 'no HTTP/2 where it is switched off');
});

/** So that no time that passes gives a budget back. */
const NO_REFILL = {
  resetsPerSecond: 0,
  selfResetsPerSecond: 0,
  controlPerSecond: 0,
  emptyFramesPerSecond: 0,
  unknownFramesPerSecond: 0,
  lateFramesPerSecond: 0,
};

t.test('drills over sockets: another connection is served, and the attacker told why', async (t) => {
  for (const [limit, drills] of Object.entries(DRILLS)) {
    for (const { name, limits, script, before, step, steps, end, stepMs, reads } of drills) {
      // Those that take time, or end no connection, are for the machine alone
      if (stepMs !== undefined || reads === false || typeof end !== 'string') continue;
      // An attacker's content is read by nobody, and its requests are answered as fast as can be or not at all
      const handler: Handler = (request, response) => {
        if (script !== undefined || request.path === '/other') response.send(request.path);
      };
      const { server, port } = await serve(t, handler, { http2Limits: { ...NO_REFILL, ...limits } });
      const client = session(t, port);
      const served = async (): Promise<string> => String((await ask(client, { ':path': '/other' })).content);
      t.equal(await served(), '/other', `${limit}: ${name}: before`);
      const wire = await openWire(port);
      wire.send(before ?? hello());
      for (let i = 0; i <= steps; i++) wire.send(step(i));
      t.same(await Promise.all([served(), served()]), ['/other', '/other'], `${limit}: ${name}: meanwhile`);
      await wire.rest();
      // What arrives in one piece is answered in one, so that more answers may wait at once than where each is taken
      const [, code] = end.split(' ');
      t.match(wire.text, new RegExp(`(?:${code}|H2_BUDGET_QUEUE)$`), `${limit}: ${name}: ${end}`);
      wire.socket.destroy();
      client.destroy();
      await server.close();
    }
  }
});

t.test('while one connection is abused another is served unharmed', async (t) => {
  const { server, port } = await serve(t, ok);
  const client = session(t, port);
  const attacks = [
    Array.from({ length: 2_000 }, (_, i) => get(2 * i + 1) + rst(2 * i + 1)).join(''),
    Array.from({ length: 2_000 }, (_, i) => post(2 * i + 1)).join(''),
    '\0\0\x08\x06\0\0\0\0\0pingpong'.repeat(20_000),
  ];
  for (const attack of attacks) {
    const wire = await openWire(port);
    t.teardown(() => wire.socket.destroy());
    wire.send(hello() + attack);
    const answers = await Promise.all(Array.from({ length: 50 }, () => ask(client)));
    t.ok(
      answers.every(({ content }) => content.toString() === 'ok'),
      'the other is answered',
    );
    await wire.rest();
    t.match(wire.text, /\x0bH2_BUDGET_[A-Z_]+$/, 'the attacker is told why');
  }
  await eventually('their connections are gone', () => server.connections === 1);
});
