/** What programs get wrong: each mistake is told with its name, costs its own exchange, and harms nobody else. */
import t, { type Test } from 'tap';
import type { Handler } from './handler.ts';
import type { ServerResponse } from './response.ts';
import { Router } from './router.ts';
import { createServer, type ServerOptions } from './server.ts';
import { eventually, openWire, within } from './wire.test.data.ts';

const ask = (method: string, path: string, content = ''): string =>
  `${method} ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: ${content.length}\r\n\r\n${content}`;

/** A server whose failing handlers are told to `told`, and a way to ask it on a connection of its own. */
async function serve(t: Test, handler: Handler, options: ServerOptions = {}) {
  const told: unknown[] = [];
  const server = createServer(handler, { onHandlerError: (error) => told.push(error), ...options });
  t.teardown(() => server.close());
  const { port } = await server.listen();
  return {
    server,
    port,
    told,
    async exchange(request: string): Promise<{ status: number; text: string; ending: string | undefined }> {
      const wire = await openWire(port);
      t.teardown(() => wire.socket.destroy());
      const text = await wire.send(request).rest();
      return { status: Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1]), text, ending: wire.ending };
    },
  };
}

/** A value as a program without types would pass it. */
const untyped = (value: unknown): never => value as never;

t.test('a wrong argument of a response is a CallerError and a 500, before anything is written', async (t) => {
  const rows: [name: string, code: string, said: RegExp, handler: Handler][] = [
    ['a number as content', 'CONTENT', /got number/, (_q, r) => r.send(untyped(5))],
    ['null as content', 'CONTENT', /got null/, (_q, r) => r.send(untyped(null))],
    ['an object as content', 'CONTENT', /got object/, (_q, r) => r.send(untyped({ a: 1 }))],
    // The octets of others lie in front of those that wait: a length below zero must not reach them.
    ['an object with a length', 'CONTENT', /got object/, (_q, r) => r.send(untyped({ length: -100 }))],
    ['an ArrayBuffer as content', 'CONTENT', /got object/, (_q, r) => r.send(untyped(new ArrayBuffer(9)))],
    ['elements of two octets', 'CONTENT', /got object/, (_q, r) => r.send(untyped(new Uint16Array(9)))],
    ['a number as a piece', 'CONTENT', /got number/, (_q, r) => r.write(untyped(5))],
    ['what has no JSON', 'CONTENT', /undefined has no JSON/, (_q, r) => r.json(undefined)],
    ['a number as value', 'FIELD_VALUE', /X: 5 is no string/, (_q, r) => r.set('X', untyped(5)).send()],
    ['no value', 'FIELD_VALUE', /X: undefined is no string/, (_q, r) => r.append('X', untyped(undefined)).send()],
    ['no name', 'FIELD_NAME', /undefined is no string/, (_q, r) => r.append(untyped(undefined), 'a').send()],
    ['a status as text', 'STATUS', /from 200 to 599/, (_q, r) => Object.assign(r, { status: '200' }).send()],
    ['fields of an interim as text', 'FIELDS', /got string/, (_q, r) => r.interim(103, untyped('x'))],
    ['a number in fields', 'FIELD_VALUE', /Link: 5 is no string/, (_q, r) => r.interim(103, untyped({ Link: 5 }))],
  ];
  for (const [name, code, said, handler] of rows) {
    const { told, exchange } = await serve(t, (request, response) =>
      request.path === '/sound' ? response.send('sound') : handler(request, response),
    );
    const { status } = await exchange(ask('GET', '/'));
    t.same([status, told.length], [500, 1], `${name}: 500, and the hook is told`);
    t.match(told[0], { name: 'CallerError', code, message: said }, name);
    t.match(
      (await exchange(ask('GET', '/sound'))).text,
      /^HTTP\/1\.1 200 OK\r\n.*\r\n\r\nsound$/s,
      'others are served',
    );
  }
});

t.test('content given to end() is refused: it would be lost, and its letters sent as trailers', async (t) => {
  for (const content of ['text', Buffer.from('octets')]) {
    const { told, exchange } = await serve(t, async (_request, response) => {
      await response.write('piece');
      response.end(untyped(content));
    });
    const { text, ending } = await exchange(ask('GET', '/'));
    t.match(text, /\r\n\r\n5\r\npiece\r\n$/, `cut, so that nobody takes it for whole: ${ending}`);
    t.match(told, [{ code: 'FIELDS' }]);
  }
});

t.test('what comes behind a response is refused by name', async (t) => {
  const rows: [name: string, code: string, then: (response: ServerResponse) => unknown][] = [
    ['send() twice', 'HEAD_TWICE', (r) => r.send('y')],
    ['json() behind send()', 'HEAD_TWICE', (r) => r.json({})],
    ['set() behind send()', 'HEAD_TWICE', (r) => r.set('A', 'b')],
    ['append() behind send()', 'HEAD_TWICE', (r) => r.append('A', 'b')],
    ['interim() behind send()', 'HEAD_TWICE', (r) => r.interim(103)],
    ['write() behind send()', 'HEAD_LATE', (r) => r.write('y')],
    ['end() behind send()', 'HEAD_LATE', (r) => r.end()],
  ];
  for (const [name, code, then] of rows) {
    const { told, exchange } = await serve(t, async (_request, response) => {
      response.send('x');
      await then(response);
    });
    t.match((await exchange(ask('GET', '/'))).text, /^HTTP\/1\.1 200 .*\r\n\r\nx$/s, `${name}: what was sent stands`);
    t.match(told, [{ name: 'CallerError', code }], name);
  }
  const { told, exchange } = await serve(t, async (_request, response) => {
    await response.write('x');
    response.set('A', 'b');
  });
  t.equal((await exchange(ask('GET', '/'))).status, 200);
  t.match(told, [{ code: 'HEAD_TWICE' }], 'set() behind the first piece');
});

t.test('a handler may return anything, and wait for nothing but a promise', async (t) => {
  const returned: [name: string, value: unknown][] = [
    ['a number', 5],
    ['null', null],
    ['an object', {}],
  ];
  for (const [name, value] of returned) {
    const { told, exchange } = await serve(t, (_request, response) => {
      setImmediate(() => response.send('later'));
      return untyped(value);
    });
    t.match((await exchange(ask('GET', '/'))).text, /later$/, name);
    t.same(told, []);
  }
  const thenable = await serve(t, () =>
    untyped(Object.fromEntries([['then', (_: unknown, fail: (error: Error) => void) => fail(new Error('x'))]])),
  );
  t.equal((await thenable.exchange(ask('GET', '/'))).status, 500, 'a promise of another kind is one');
});

t.test('once the server has answered for a handler, what that one still says is dropped', async (t) => {
  let late: (() => void) | undefined;
  const { exchange, told } = await serve(t, async (_request, response) => {
    late = () => response.set('A', 'b').send('late');
    throw new Error('failed');
  });
  t.equal((await exchange(ask('GET', '/'))).status, 500);
  t.doesNotThrow(() => late?.());
  t.equal(told.length, 1);
});

t.test('a stream that fails before its first piece leaves room for another response', async (t) => {
  const fails = async function* (): AsyncGenerator<string> {
    if (told.length >= 0) throw new Error('no such file');
    yield '';
  };
  const { exchange, told } = await serve(t, async (request, response) => {
    if (request.path === '/unhandled') return response.stream(fails());
    await response.stream(fails()).catch(() => {
      response.status = 404;
      response.send('gone');
    });
  });
  t.match(await exchange(ask('GET', '/handled')), { status: 404, text: /gone$/, ending: 'fin' });
  t.match(await exchange(ask('GET', '/unhandled')), { status: 500, ending: 'fin' });
  t.match(told, [{ message: 'no such file' }]);
});

t.test(
  'content that is not what a handler reads it as is the mistake of the peer: 400, and no failed handler',
  async (t) => {
    const { exchange, told } = await serve(t, async (request, response) => {
      const { content } = request;
      response.json(request.path === '/json' ? await content.json() : await content.text());
    });
    t.match(await exchange(ask('POST', '/json', '{"a":1}')), { status: 200, text: /\{"a":1\}$/ });
    t.equal((await exchange(ask('POST', '/json', '{a}'))).status, 400, 'no JSON');
    t.equal((await exchange(ask('POST', '/json', ''))).status, 400, 'nothing is no JSON');
    t.equal((await exchange(ask('POST', '/text', '\u00ff\u00fe'))).status, 400, 'no UTF-8');
    t.same(told, []);
  },
);

t.test('createServer(), listen() and drain() refuse what they would misread', async (t) => {
  const ok: Handler = (_request, response) => response.send('ok');
  for (const handler of [undefined, null, 5, {}, 'x']) {
    t.throws(() => createServer(untyped(handler)), { message: /takes a handler function or a Router, not / });
  }
  const options: [options: unknown, message: RegExp][] = [
    [null, /second argument of createServer\(\) takes an object such as \{\}, not null/],
    [5, /takes an object such as \{\}, not 5/],
    [[], /takes an object/],
    [{ port: 8080 }, /Unknown server option "port"; there are: limits, /],
    [{ limits: null }, /Server option limits takes an object such as \{ headBytes: 8192 \}, not null/],
    [{ limits: 5 }, /limits takes an object/],
    [{ http2Limits: 'x' }, /http2Limits takes an object such as .*, not "x"/],
    [{ limits: { headbytes: 1 } }, /Unknown HTTP\/1\.1 limit "headbytes"/],
    [{ http2: 'no' }, /Server option http2 is "no"; it takes true or false/],
    [{ h2cUpgrade: 1 }, /h2cUpgrade is 1; it takes true or false/],
    [{ trustsGateway: {} }, /trustsGateway is an object; it takes true or false/],
    [{ malformed: 'x' }, /malformed is "x"; it takes 'reset' or 'answer'/],
    [{ bareLf: true }, /bareLf is true; it takes 'refuse' or 'accept'/],
    [{ maxConnections: 0 }, /maxConnections is 0; it takes an integer from 1 to 1000000/],
    [{ onProtocolError: 5 }, /onProtocolError is 5; it takes a function/],
    [{ onHandlerError: {} }, /onHandlerError is an object; it takes a function/],
  ];
  for (const [given, message] of options) t.throws(() => createServer(ok, untyped(given)), { message });
  const server = createServer(ok);
  const listens: [options: unknown, message: RegExp][] = [
    [8080, /listen\(\) takes an object such as \{ port: 8080 \}, not 8080/],
    [null, /takes an object/],
    [{ prot: 1 }, /Unknown listen option "prot"; there are: port, host/],
    [{ port: '80' }, /Listen option port is "80"; it takes an integer from 0 to 65535/],
    [{ port: 65_536 }, /port is 65536/],
    [{ host: 5 }, /host is 5; it takes a string/],
  ];
  for (const [given, message] of listens) await t.rejects(server.listen(untyped(given)), { message });
  await t.rejects(server.listenTls(untyped({ port: -1 })), { message: /port is -1/ });
  for (const deadline of [-1, Number.NaN, 2_147_483_648, 'x']) {
    await t.rejects(server.drain(untyped(deadline)), {
      message: /drain\(\) takes milliseconds from 0 to 2147483647, or/,
    });
  }
});

t.test('a pattern that can match nothing is refused where it is written', (t) => {
  const router = new Router();
  const answer: Handler = () => undefined;
  const rows: [pattern: unknown, message: RegExp][] = [
    ['hello', /must begin with "\/"/],
    [undefined, /must begin with "\/"/],
    ['/*/x', /"\*" stands for all that is left, so it must be last/],
    ['/a/:', /a ":" needs a name/],
    ['/:a/:a', /one name twice/],
  ];
  for (const [pattern, message] of rows) t.throws(() => router.get(untyped(pattern), answer), { message });
  t.throws(() => router.patch('/a', untyped(undefined)), { message: /"PATCH \/a" has no handler function/ });
  t.doesNotThrow(() => router.get('/a', answer).patch('/a', answer).get('/:a/*', answer));
  t.throws(() => router.patch('/a', answer), { message: /defined twice/ });
  t.end();
});

t.test('drains that overlap end together, and one without a deadline waits', async (t) => {
  const answers: (() => void)[] = [];
  const { server, port } = await serve(t, (_request, response) => {
    answers.push(() => response.send('done'));
  });
  const wire = await openWire(port);
  t.teardown(() => wire.socket.destroy());
  wire.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  await eventually('the handler runs', () => answers.length === 1);
  const patient = server.drain(Number.POSITIVE_INFINITY);
  const long = server.drain(600_000);
  await within('close', server.close());
  t.same(await within('the patient drains', Promise.all([patient, long])), [{ cut: 0 }, { cut: 0 }]);

  const again = await server.listen();
  const second = await openWire(again.port);
  t.teardown(() => second.socket.destroy());
  second.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  await eventually('the handler runs again', () => answers.length === 2);
  const drained = server.drain(Number.POSITIVE_INFINITY);
  answers[1]?.();
  t.match(await second.rest(), /done$/, 'a drain without a deadline cuts nothing');
  t.same(await within('the drain', drained), { cut: 0 });
});

t.test('a handler that writes without end and without a look harms nobody when its client has gone', async (t) => {
  let pieces = 0;
  let isOver = false;
  t.teardown(() => (isOver = true));
  const { exchange, port, server } = await serve(t, async (request, response) => {
    if (request.path !== '/endless') return response.send('sound');
    while (!isOver) await response.write('x'.repeat(1_000 + (pieces++ % 7)));
  });
  const wire = await openWire(port);
  await wire.send(ask('GET', '/endless')).until(/xxxx/);
  const before = pieces;
  wire.cut();
  await eventually('the connection is gone', () => server.connections === 0);
  await eventually('it is still at it', () => pieces > before + 1_000);
  t.match((await exchange(ask('GET', '/sound'))).text, /sound/, 'and others are served');
});

t.test('who writes and does not wait fills the limits and no more, and is told', async (t) => {
  const PIECE = 16_000;
  const { exchange, told, port } = await serve(
    t,
    (request, response) => {
      if (request.path === '/sound') return response.send('sound');
      for (let left = 10_000; left > 0; left--) void response.write('x'.repeat(PIECE));
      response.end();
    },
    { outputLimits: { connectionBytes: 65_536 } },
  );
  const wire = await openWire(port);
  const rest = wire.send(ask('GET', '/endless')).rest();
  t.ok((await rest).length < 65_536 + 16_384 + 2 * PIECE, 'the client has what fitted, and sees that it is not whole');
  t.match(told, [{ name: 'CallerError', code: 'CONTENT_UNAWAITED', message: /16000 octets/ }]);
  t.match((await exchange(ask('GET', '/sound'))).text, /sound/, 'others are served');
});
