/** What finds and fills an answer: router, response, reference routes, static files. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { staticFiles } from './files/static-files.ts';
import type { Handler } from './handler.ts';
import { referenceRouter } from './reference.ts';
import { Router } from './router.ts';
import { createServer } from './server.ts';
import { openWire } from './wire.test.data.ts';

/** One answer as it came. */
interface Answer {
  readonly status: number;
  readonly head: string;
  readonly content: string;
}

type Ask = (request: string, rest?: string) => Promise<Answer>;

/** Serves until the test ends; each question is a connection of its own, `GET /a` with anything behind it. */
async function serve(t: Test, handler: Handler | Router): Promise<Ask> {
  const server = createServer(handler, { onHandlerError: () => {} });
  t.teardown(() => server.close());
  const { port } = await server.listen();
  return async (request, rest = '\r\n') => {
    const wire = await openWire(port);
    wire.send(`${request} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n${rest}`).socket.end();
    const text = await wire.rest();
    wire.socket.destroy();
    const end = text.indexOf('\r\n\r\n');
    return { status: Number(text.slice(9, 12)), head: text.slice(0, end), content: text.slice(end + 4) };
  };
}

t.test('a router finds by path and method, with what the pattern names', async (t) => {
  const say =
    (name: string): Handler =>
    (request, response) =>
      response.send(`${name} ${JSON.stringify(request.params)}`);
  const router = new Router()
    .get('/', say('root'))
    .get('/a', say('a'))
    .post('/a', say('post a'))
    .put('/a/b', say('put'))
    .delete('/a/b', say('delete'))
    .get('/a/:id', say('id'))
    .get('/a/:id/c/:name', say('two'))
    .get('/files/*', say('rest'))
    .on('PURGE', '/a', say('purge'));
  const ask = await serve(t, router);
  const rows: [request: string, status: number, content: string][] = [
    ['GET /', 200, 'root {}'],
    ['GET /?a=b', 200, 'root {}'],
    ['GET http://b/a', 200, 'a {}'],
    ['POST /a', 200, 'post a {}'],
    ['PURGE /a', 200, 'purge {}'],
    ['HEAD /a', 200, ''],
    ['GET /a/1', 200, 'id {"id":"1"}'],
    ['GET /a/', 200, 'id {"id":""}'],
    ['GET /a/x%2Fy%20z', 200, 'id {"id":"x/y z"}'],
    ['GET /a/%ff', 200, 'id {"id":"%ff"}'],
    ['GET /a/__proto__/c/constructor', 200, 'two {"id":"__proto__","name":"constructor"}'],
    ['GET /files/b/c%20d', 200, 'rest {"*":"b/c%20d"}'],
    ['GET /files/', 200, 'rest {"*":""}'],
    ['GET /b', 404, '404 Not Found\n'],
    ['GET /a/1/c', 404, '404 Not Found\n'],
    ['GET //a', 404, '404 Not Found\n'],
    ['get /a', 405, '405 Method Not Allowed\n'],
    ['DELETE /a', 405, '405 Method Not Allowed\n'],
    ['OPTIONS /a', 200, ''],
    ['OPTIONS *', 200, ''],
  ];
  for (const [request, status, content] of rows) {
    const answer = await ask(request);
    t.same([answer.status, answer.content], [status, content], request);
  }
  t.match(
    (await ask('DELETE /a')).head,
    /\r\nAllow: GET, HEAD, OPTIONS, POST, PURGE(\r|$)/,
    'RFC9110#15.5.6: 405 with Allow',
  );
  t.match((await ask('OPTIONS /a/b')).head, /\r\nAllow: DELETE, OPTIONS, PUT(\r|$)/);
  t.match((await ask('HEAD /a')).head, /\r\nContent-Length: 4(\r|$)/, 'RFC9110#9.3.2: HEAD has the fields of GET');
  t.throws(() => router.get('/a', say('again')), { message: 'Route "GET /a" is defined twice' });
  t.throws(() => router.get('a', say('a')), { message: 'Route "a" must begin with "/"' });
});

t.test('what a server refuses by policy never reaches a handler', async (t) => {
  const reached: string[] = [];
  const ask = await serve(t, (request, response) => {
    reached.push(request.method);
    response.send();
  });
  const rows: [request: string, rest: string, status: number, head: RegExp][] = [
    ['TRACE /', 'Cookie: hidden\r\n\r\n', 405, /\r\nAllow: GET, HEAD/],
    ['CONNECT a:443', '\r\n', 501, /\r\nContent-Type: text\/plain/],
    ['POST /', 'Expect: hidden\r\nContent-Length: 1\r\n\r\n', 417, /\r\nConnection: close/],
    ['GET https://a/', '\r\n', 421, /\r\nContent-Type: text\/plain/],
  ];
  for (const [request, rest, status, head] of rows) {
    const answer = await ask(request, rest);
    t.equal(answer.status, status, request);
    t.match(answer.head, head, request);
    t.notMatch(answer.head + answer.content, /hidden/, 'RFC9110#9.3.8: nothing of the request comes back');
  }
  t.same(reached, []);
});

t.test('middleware runs around every handler, in order, and may answer by itself', async (t) => {
  const steps: string[] = [];
  const router = new Router()
    .use(async (_request, _response, next) => {
      steps.push('1 in');
      await next();
      steps.push('1 out');
    })
    .use((request, response, next) => {
      steps.push('2');
      return request.path === '/stop' ? response.send('stopped') : next();
    })
    .get('/a', async (_request, response) => {
      steps.push('handler');
      response.send('a');
    });
  const ask = await serve(t, router);
  t.equal((await ask('GET /a')).content, 'a');
  t.same(steps.splice(0), ['1 in', '2', 'handler', '1 out']);
  t.equal((await ask('GET /stop')).content, 'stopped');
  t.same(steps.splice(0), ['1 in', '2', '1 out']);
  t.equal((await ask('GET /none')).status, 404);
});

t.test('a response says what its handler set, and frames it by itself', async (t) => {
  const ask = await serve(
    t,
    new Router()
      .get('/fields', (_request, response) => {
        response.append('X', '1').append('x', '2').append('Y', '1').set('y', '2').reason = 'Fine';
        response.set('Date', 'never').send('\u20ac');
      })
      .get('/json', (_request, response) => response.json({ a: [1, null] }))
      .get('/typed', (_request, response) => response.set('content-type', 'application/x').json(1))
      .get('/early', async (_request, response) => {
        response.interim(103, { Link: '</a.css>; rel=preload' });
        response.status = 204;
        response.send();
      })
      .get('/pieces', async (_request, response) => {
        await response.write('a');
        await response.write('');
        await response.write('bcd');
        response.end({ 'X-Sum': '4' });
      })
      .get('/known', async (_request, response) => {
        response.contentLength = 3;
        await response.write('ab');
        await response.write('c');
        response.end();
      })
      .get('/short', async (_request, response) => {
        response.contentLength = 3;
        await response.write('ab');
        response.end();
      })
      .get('/stream', (_request, response) => response.stream([Buffer.from('ab'), Buffer.from('c')])),
  );
  const rows: [path: string, head: RegExp, content: string][] = [
    [
      '/fields',
      /^HTTP\/1\.1 200 Fine\r\nX: 1\r\nx: 2\r\ny: 2\r\nDate: never\r\nContent-Length: 3\r\nConnection: close$/,
      '\xe2\x82\xac',
    ],
    ['/json', /Content-Type: application\/json\r\nContent-Length: 14\r\n/, '{"a":[1,null]}'],
    ['/typed', /\r\ncontent-type: application\/x\r\nContent-Length: 1\r\n/, '1'],
    ['/pieces', /\r\nTransfer-Encoding: chunked\r\nConnection: close$/, '1\r\na\r\n3\r\nbcd\r\n0\r\nX-Sum: 4\r\n\r\n'],
    ['/known', /\r\nContent-Length: 3\r\n/, 'abc'],
    ['/short', /\r\nContent-Length: 3\r\n/, 'ab'],
    ['/stream', /\r\nTransfer-Encoding: chunked\r\n/, '2\r\nab\r\n1\r\nc\r\n0\r\n\r\n'],
  ];
  for (const [path, head, content] of rows) {
    const answer = await ask(`GET ${path}`);
    t.match(answer.head, head, path);
    t.equal(answer.content, content, path);
  }
  const early = await ask('GET /early');
  t.equal(early.head, 'HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload');
  t.match(
    early.content,
    /^HTTP\/1\.1 204 No Content\r\nDate: [^\r]*\r\nConnection: close\r\n\r\n$/,
    'RFC9110#8.6: no length with 204',
  );
});

t.test('the reference routes keep the target contract', async (t) => {
  const ask = await serve(t, referenceRouter());
  const root = await ask('GET /');
  t.same([root.status, root.content.length > 0], [200, true]);
  t.equal((await ask('POST /', 'Content-Length: 3\r\n\r\nabc')).status, 200);
  t.equal((await ask('POST /echo', 'Content-Length: 4\r\n\r\na\x00\xffb')).content, 'a\x00\xffb');
  const file = await ask('GET /file.bin');
  t.equal(file.content.length, 65_536);
  const tag = /\r\nETag: ("[^"]+")/.exec(file.head)?.[1] ?? 'none';
  t.equal((await ask('GET /file.bin', `If-None-Match: ${tag}\r\n\r\n`)).status, 304);
  t.equal((await ask('GET /file.bin', 'If-Match: "x"\r\n\r\n')).status, 412);
  const part = await ask('GET /file.bin', 'Range: bytes=70-89\r\n\r\n');
  t.same([part.status, part.content], [206, file.content.slice(70, 90)], 'what is in memory is had in ranges, too');
  const parts = await ask('GET /file.bin', 'Range: bytes=0-9,-10\r\n\r\n');
  t.ok(parts.content.includes(file.content.slice(-10)), 'and in several at once');
  t.same((await ask('HEAD /file.bin')).content, '');
  const chunks = 'X: caf\xe9\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nX-Sum: 3\r\n\r\n';
  const parse = ({ content }: Answer): unknown => JSON.parse(Buffer.from(content, 'latin1').toString('utf8'));
  t.same(parse(await ask('POST /inspect?c=d', chunks)), {
    method: 'POST',
    target: '/inspect?c=d',
    protocol: 'HTTP/1.1',
    authority: 'a',
    fields: [
      ['Host', 'a'],
      ['Connection', 'close'],
      ['X', 'caf\xe9'],
      ['Transfer-Encoding', 'chunked'],
    ],
    content: 'YWJj',
    trailers: [['X-Sum', '3']],
  });
  t.match(parse(await ask('POST http://b:81/inspect', chunks)), { authority: 'b:81', target: 'http://b:81/inspect' });
});

t.test('static files: what is below the root and regular is served, and nothing else', async (t) => {
  const base = t.testdir({
    'secret.txt': 'secret',
    root: {
      'index.html': '<p>index',
      'a b.txt': 'a b',
      'empty.css': '',
      '.hidden': 'secret',
      '.git': { config: 'secret' },
      folder: { 'index.html': 'inner', 'x.JSON': '{}' },
      bare: {},
    },
    'root-beside': { 'a.txt': 'secret' },
  });
  const root = join(base, 'root');
  symlinkSync(join(base, 'secret.txt'), join(root, 'out.txt'));
  symlinkSync(join(base, 'root-beside'), join(root, 'out'));
  symlinkSync(join(root, 'a b.txt'), join(root, 'in.txt'));
  symlinkSync('nowhere', join(root, 'broken'));
  execFileSync('mkfifo', [join(root, 'fifo')]);
  mkdirSync(join(root, 'big'));
  writeFileSync(join(root, 'big', 'file.bin'), Buffer.alloc(300_000, 'z'));
  const ask = await serve(t, new Router().get('/*', staticFiles(root)));

  const served: [path: string, type: string, content: string][] = [
    ['/', 'text/html; charset=utf-8', '<p>index'],
    ['/index.html?a', 'text/html; charset=utf-8', '<p>index'],
    ['/a%20b.txt', 'text/plain; charset=utf-8', 'a b'],
    ['/empty.css', 'text/css; charset=utf-8', ''],
    ['/folder/', 'text/html; charset=utf-8', 'inner'],
    ['/folder/x.JSON', 'application/json', '{}'],
    ['/in.txt', 'text/plain; charset=utf-8', 'a b'],
    ['/big/file.bin', 'application/octet-stream', 'z'.repeat(300_000)],
  ];
  for (const [path, type, content] of served) {
    const answer = await ask(`GET ${path}`);
    t.equal(answer.status, 200, path);
    t.ok(answer.content === content, `${path}: ${content.length} octets`);
    t.ok(answer.head.includes(`\r\nContent-Type: ${type}\r\n`), `${path}: ${type}`);
    t.ok(answer.head.includes(`\r\nContent-Length: ${content.length}\r\n`), `${path}: its length`);
  }

  const refused = [
    ...['/../secret.txt', '/%2e%2e/secret.txt', '/folder/../../secret.txt', '/..%2fsecret.txt', '/%2e%2e%2fsecret.txt'],
    ...['/..\\secret.txt', '/..%5csecret.txt', '/%252e%252e/secret.txt', '/../root-beside/a.txt', '/....//secret.txt'],
    ...['/.hidden', '/%2ehidden', '/.git/config', '/folder/../.hidden', '/./index.html'],
    ...['/out.txt', '/out/a.txt', '/broken', '/fifo', '/bare/', '/none', '/index.html/', '//index.html'],
    ...['/a%00b', '/index.html%00.txt', '/%ff', '/%c0%ae%c0%ae/secret.txt', `/${'a'.repeat(5_000)}`, '/dev/null'],
    ...[`/${encodeURIComponent(join(base, 'secret.txt'))}`, '//secret.txt'],
  ];
  for (const path of refused) {
    const answer = await ask(`GET ${path}`);
    t.same([answer.status, answer.content], [404, '404 Not Found\n'], path.slice(0, 40));
  }

  for (const [path, location] of [
    ['/folder', '/folder/'],
    ['/bare?a=b', '/bare/?a=b'],
  ] as const) {
    const answer = await ask(`GET ${path}`);
    t.equal(answer.status, 301, path);
    t.ok(
      answer.head.includes(`\r\nLocation: ${location}\r\n`),
      `${path}: links of its page are relative to the folder`,
    );
  }

  const head = await ask('HEAD /a%20b.txt');
  t.same([head.status, head.content], [200, '']);
  t.match(head.head, /\r\nLast-Modified: [^\r]* GMT\r\n(?:.*\r\n)*Content-Length: 3\r\n/);
  const tag = /\r\nETag: ("[^"]+")\r\n/.exec(head.head)?.[1] ?? 'none';
  for (const condition of [tag, `W/${tag}`, `"x", ${tag}`, '*']) {
    const answer = await ask('GET /a%20b.txt', `If-None-Match: ${condition}\r\n\r\n`);
    t.same([answer.status, answer.content], [304, ''], `RFC9110#13.1.2: If-None-Match: ${condition}`);
    t.ok(answer.head.includes(`ETag: ${tag}`));
  }
  for (const condition of ['"x"', 'x', '']) {
    t.equal((await ask('GET /a%20b.txt', `If-None-Match: ${condition}\r\n\r\n`)).status, 200, `not "${condition}"`);
  }
  t.equal((await ask('POST /a%20b.txt')).status, 405);
});
