/** Cookies, forms and negotiation as a handler has them, asked by curl, Chromium and hostile octets. */
import { spawn, spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { parseMediaType } from '../semantics/media-type.ts';
import { ContentError } from './content.ts';
import { readMultipart } from './form.ts';
import type { Handler } from './handler.ts';
import { createServer, type ServerOptions } from './server.ts';
import { openWire } from './wire.test.data.ts';

const MIB = 1_048_576;
const RUN_MS = 60_000;

async function serve(t: Test, handler: Handler, options: ServerOptions = {}) {
  const told: unknown[] = [];
  const server = createServer(handler, { onHandlerError: (error) => told.push(error), ...options });
  t.teardown(() => server.close());
  const { port } = await server.listen();
  return { port, told, url: `http://127.0.0.1:${port}/` };
}

function run(program: string, args: readonly string[]): Promise<string> {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], timeout: RUN_MS, killSignal: 'SIGKILL' });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (piece) => (text += piece));
  return new Promise((resolve) => child.on('close', (code) => resolve(`${text}\nexit ${code}`)));
}

function scratch(t: Test): string {
  const folder = mkdtempSync(join(tmpdir(), 'aeronet-forms-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true, maxRetries: 10 }));
  return folder;
}

/** A test that needs a program, and says so where it is not there. */
function withProgram(program: string, name: string, body: (t: Test) => Promise<void>): void {
  const isThere = spawnSync(program, ['--version']).status === 0;
  t.test(name, { skip: isThere ? false : `${program} is not installed` }, body);
}

/** Answers with what the parts of a form are: names, files, types, lengths and digests. */
const tellParts: Handler = async (request, response) => {
  const told: unknown[] = [];
  for await (const part of request.multipart()) {
    if (part.filename === undefined) {
      told.push([part.name, await part.text()]);
      continue;
    }
    const hash = createHash('sha256');
    let length = 0;
    for await (const piece of part) {
      hash.update(piece);
      length += piece.length;
    }
    told.push([part.name, part.filename, part.contentType, length, hash.digest('hex')]);
  }
  response.json(told);
};

const digest = (octets: Uint8Array): string => createHash('sha256').update(octets).digest('hex');

withProgram('curl', 'curl -F: values, files of several MiB and odd names, over both versions', async (t) => {
  const { url } = await serve(t, tellParts);
  const folder = scratch(t);
  const large = randomBytes(5 * MIB + 1);
  // What looks like a delimiter, and is none
  const near = Buffer.from(`\r\n--\r\n------------------------${'\r\n--------------------------'.repeat(20_000)}\r`);
  const names = ['plain.bin', 'naïve 漢字 😀.txt', 'a"b;c=d.txt', "it's, 100% %22.txt", ' edge .txt'];
  writeFileSync(join(folder, 'large'), large);
  writeFileSync(join(folder, 'near'), near);
  writeFileSync(join(folder, 'empty'), '');
  for (const version of ['--http1.1', '--http2-prior-knowledge']) {
    const files = names.flatMap((name) => [
      '-F',
      `f=@"${join(folder, 'near')}";filename="${name.replace(/["\\]/g, '\\$&')}"`,
    ]);
    const text = await run('curl', [
      '-sS',
      '--max-time',
      '30',
      version,
      '-F',
      'text=a value\r\nof two lines ü',
      '-F',
      `large=@${join(folder, 'large')};type=image/png`,
      '-F',
      `empty=@${join(folder, 'empty')}`,
      ...files,
      '-F',
      'na"me=last',
      url,
    ]);
    const [json = '', ending] = text.split('\nexit ');
    const octets = 'application/octet-stream';
    t.same(
      [ending, JSON.parse(json)],
      [
        '0',
        [
          ['text', 'a value\r\nof two lines ü'],
          ['large', 'large', 'image/png', large.length, digest(large)],
          ['empty', 'empty', octets, 0, digest(Buffer.of())],
          ...names.map((name) => [
            'f',
            name.trim().replace('%22', '"'),
            name.endsWith('.txt') ? 'text/plain' : octets,
            near.length,
            digest(near),
          ]),
          ['na"me', 'last'],
        ],
      ],
      version,
    );
  }
});

withProgram('curl', 'curl -b and -c: cookies that were set come back, and are forgotten when cleared', async (t) => {
  const { url } = await serve(t, (request, response) => {
    if (request.path === '/set') {
      response
        .setCookie('sid', 'a1')
        .setCookie('lang', encodeURIComponent('e=n;ü'), { maxAgeSeconds: 60, httpOnly: false });
      response.setCookie('only-tls', '1', { secure: true }).setCookie('deep', '1', { path: '/set' });
    } else if (request.path === '/clear') response.clearCookie('sid');
    response.json([...request.cookies]);
  });
  const jar = join(scratch(t), 'jar');
  const ask = (path: string): Promise<string> =>
    run('curl', ['-sS', '--max-time', '10', '-b', jar, '-c', jar, url + path]);
  t.equal(await ask('set'), '[]\nexit 0');
  const lang = encodeURIComponent('e=n;ü');
  const sorted = (text: string): unknown => JSON.parse(text.split('\n')[0] ?? '').sort();
  t.same(
    sorted(await ask('get')),
    [
      ['lang', lang],
      ['only-tls', '1'],
      ['sid', 'a1'],
    ],
    'but for that of another path; curl takes the loopback for secure',
  );
  t.match(readFileSync(jar, 'utf8'), /#HttpOnly_127\.0\.0\.1\tFALSE\t\/\tFALSE\t0\tsid\ta1/, 'as it was meant');
  t.match(readFileSync(jar, 'utf8'), /\tTRUE\t0\tonly-tls\t1/, 'Secure among it');
  await ask('clear');
  t.same(sorted(await ask('get')), [
    ['lang', lang],
    ['only-tls', '1'],
  ]);
  t.equal(
    await run('curl', ['-sS', '--max-time', '10', '-b', 'a=1; b="x, y"; c; =d; a=2', `${url}get`]),
    '[["a","1"],["b","\\"x, y\\""],["a","2"]]\nexit 0',
  );
});

const PAGE = `<!doctype html><body><form method=post action=/urlencoded><input name="a&b" value="1 + ü"><textarea name=t>
x
y</textarea></form><script>
  const form = new FormData(document.forms[0]);
  form.append('q"\\n', 'w');
  form.append('f', new File(['\\r\\n--', new Uint8Array(3_000_000)], 'ä"\\\\b.txt', { type: 'text/x' }));
  form.append('none', new Blob([]), '');
  fetch('/upload', { method: 'POST', body: form }).then(() => document.forms[0].submit());
</script>`;

withProgram(
  'chromium',
  "Chromium's forms: FormData with files, and a plain one; its cookies and what it accepts",
  async (t) => {
    const seen: Record<string, unknown> = {};
    let onDone = (): void => {};
    const done = new Promise<void>((resolve) => (onDone = resolve));
    const { url } = await serve(t, async (request, response) => {
      seen[`${request.path} cookies`] = [...request.cookies];
      switch (request.path) {
        case '/':
          seen['accepts'] = [request.accepts(['application/json', 'text/html']), request.acceptsLanguage(['de', 'en'])];
          return response.setCookie('sid', 'a1').set('Content-Type', 'text/html; charset=utf-8').send(PAGE);
        case '/upload': {
          const parts: unknown[] = [];
          for await (const part of request.multipart())
            parts.push([part.name, part.filename, (await part.bytes(4 * MIB)).length]);
          seen['parts'] = parts;
          return response.send();
        }
        case '/urlencoded':
          seen['pairs'] = [...(await request.form())];
          response.send('done');
          return onDone();
        default:
          response.status = 404;
          return response.send();
      }
    });
    const folder = scratch(t);
    const args = [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--lang=en',
    ];
    const browser = spawn('chromium', [...args, `--user-data-dir=${folder}`, url], {
      stdio: 'ignore',
      timeout: RUN_MS,
      killSignal: 'SIGKILL',
    });
    const closed = new Promise<void>((resolve) => browser.on('close', () => resolve()));
    await Promise.race([done, closed]);
    browser.kill();
    await closed;
    t.same(seen['accepts'], ['text/html', 'en']);
    t.same(seen['/upload cookies'], [['sid', 'a1']]);
    t.same(seen['parts'], [
      ['a&b', undefined, 6],
      ['t', undefined, 4],
      ['q"\r\n', undefined, 1],
      ['f', 'b.txt', 3_000_004],
      ['none', '', 0],
    ]);
    t.same(seen['pairs'], [
      ['a&b', '1 + ü'],
      ['t', 'x\r\ny'],
    ]);
  },
);

const post = (type: string, content: string): string =>
  `POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: ${type}\r\nContent-Length: ${content.length}\r\n\r\n${content}`;

t.test('a form that is refused is answered with its status, and is no fault of the handler', async (t) => {
  const part = (name: string, content = '1'): string =>
    `--b\r\nContent-Disposition: form-data; name=${name}\r\n\r\n${content}\r\n`;
  const form = 'multipart/form-data; boundary=b';
  const pairs = 'application/x-www-form-urlencoded';
  const rows: [name: string, request: string, status: number][] = [
    ['a sound form', post(form, `${part('a')}${part('__proto__')}--b--`), 200],
    ['another type', post('text/plain', 'a=1'), 415],
    ['no type', post('', 'a=1'), 415],
    ['no boundary', post('multipart/form-data', 'a=1'), 400],
    ['a form that is cut', post(form, part('a')), 400],
    ['a part without a name', post(form, '--b\r\nA: b\r\n\r\n1\r\n--b--'), 400],
    ['a value above its limit', post(form, `${part('a', '1'.repeat(100))}--b--`), 413],
    ['more parts than the limit', post(form, `${part('a').repeat(5)}--b--`), 413],
    ['sound pairs', post(pairs, 'a=1&a=2&%5F_proto__=%C3%BC'), 200],
    ['more pairs than the limit', post(pairs, 'a&a&a&a&a'), 413],
    ['longer pairs than the limit', post(pairs, 'a'.repeat(100)), 413],
    ['pairs that are not UTF-8', post(pairs, '\xff'), 400],
  ];
  const { port, told } = await serve(t, async (request, response) => {
    if (request.mediaType?.type === 'application') {
      return response.json([...(await request.form({ bytes: 64, pairs: 4 }))]);
    }
    const values: string[] = [];
    for await (const one of request.multipart({ limits: { valueBytes: 64, parts: 4 } }))
      values.push(one.name, await one.text());
    return response.json(values);
  });
  for (const [name, request, status] of rows) {
    const wire = await openWire(port);
    const text = await wire.send(request).rest();
    t.equal(Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1]), status, `${name}: ${text.slice(-60)}`);
  }
  t.same(told, []);
});

t.test('a wrong cookie or limit is the mistake of the handler, before anything is written', async (t) => {
  const rows: [name: string, code: string, handler: Handler][] = [
    ['a cookie that would split', 'COOKIE_VALUE', (_q, r) => r.setCookie('a', 'b\r\nX: y').send()],
    ['a late cookie', 'HEAD_TWICE', async (_q, r) => r.write('x').then(() => r.setCookie('a', 'b').end())],
    ['no media type', 'MEDIA_TYPE', (q, r) => r.send(q.accepts(['html']))],
  ];
  for (const [name, code, handler] of rows) {
    const { port, told } = await serve(t, handler);
    const wire = await openWire(port);
    await wire.send('GET / HTTP/1.1\r\nHost: a\r\nAccept: text/html\r\nConnection: close\r\n\r\n').rest();
    t.match(told, [{ name: 'CallerError', code }], name);
  }
  const { port, told } = await serve(t, (request) => void request.multipart({ limits: { part: 1 } as never }));
  const wire = await openWire(port);
  t.match(await wire.send(post('multipart/form-data; boundary=b', '--b--')).rest(), /^HTTP\/1\.1 500 /);
  t.match(told, [{ name: 'TypeError', message: /Unknown form limit "part"/ }]);
});

/** A content that counts how often it was asked, in pieces of one part each. */
function counted(pieces: readonly string[]) {
  const content = {
    asked: 0,
    isClosed: false,
    async *[Symbol.asyncIterator]() {
      try {
        for (const piece of pieces) {
          content.asked++;
          yield Buffer.from(piece, 'latin1');
        }
      } finally {
        content.isClosed = true;
      }
    },
  };
  const type = parseMediaType('multipart/form-data; boundary=b');
  if ('failure' in type) throw new Error(type.failure);
  return { content, parts: readMultipart(content, type, {})[Symbol.asyncIterator]() };
}

const HEAD = '--b\r\nContent-Disposition: form-data; name=a\r\n\r\n';

t.test('no more is asked of the peer than is read', async (t) => {
  const { content, parts } = counted([HEAD, '1', '2', `3\r\n${HEAD}`, '4', '\r\n--b--']);
  const { value: first } = await parts.next();
  t.equal(content.asked, 1, 'the head of the first part');
  const read = first[Symbol.asyncIterator]();
  t.equal(String((await read.next()).value), '1');
  t.equal(content.asked, 2, 'one piece of it');
  const { value: second } = await parts.next();
  t.equal(content.asked, 4, 'what was left of it was thrown away');
  t.same(await read.next(), { value: undefined, done: true }, 'so that its reader is at the end');
  await t.rejects(first.text(), { name: 'ContentError', code: 'consumed' });
  t.equal(await second.text(), '4');
  await t.rejects(second.text(), { code: 'consumed' }, 'it can be read once');
  t.same(await parts.next(), { value: undefined, done: true });
  t.equal(content.isClosed, true);
});

t.test('who stops early closes the content, and two who read at once get each octet once', async (t) => {
  const early = counted([HEAD, '1']);
  await early.parts.next();
  await early.parts.return?.();
  t.equal(early.content.isClosed, true);
  const both = counted([HEAD, '1', '2', '\r\n--b--']);
  const { value: part } = await both.parts.next();
  const [text, next] = await Promise.allSettled([part.text(), both.parts.next()]);
  t.equal(next.status === 'fulfilled' && next.value.done, true, 'the next part was asked for: there is none');
  t.ok(text.status === 'fulfilled' && '12'.startsWith(text.value), 'the reader of the one before has come to its end');
});

t.test('what a form fails with is told to its reader, with its place', async (t) => {
  const { parts } = counted([HEAD, '1\r\n--bx']);
  const { value: part } = await parts.next();
  const error = await part.bytes().catch((thrown: unknown) => thrown);
  t.type(error, ContentError);
  t.match(error, { code: 'malformed', cause: { code: 'FORM_DELIMITER_OCTET', offset: 53, rfc: 'RFC2046#5.1.1' } });
  await t.rejects(parts.next(), { code: 'malformed' }, 'and again');
});
