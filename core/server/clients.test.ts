/** The server as programs of others see it: curl, nghttp, h2load and Chromium, each where it is installed. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import type { Handler } from './handler.ts';
import { createServer, type ServerOptions } from './server.ts';

/** Longest time that a program may take; a browser on a busy machine takes its time to begin. */
const RUN_MS = 60_000;

const CERT = new URL('fixtures/localhost.cert.pem', import.meta.url);
const KEY = new URL('fixtures/localhost.key.pem', import.meta.url);

const echo: Handler = async (request, response) => {
  for await (const piece of request.content) await response.write(piece);
  response.end();
};

/** URLs of a server in clear and over TLS, gone when the test ends. */
async function serve(
  t: Test,
  handler: Handler,
  options: ServerOptions = {},
): Promise<{ clear: string; secure: string }> {
  const server = createServer(handler, options);
  t.teardown(() => server.close());
  const { port } = await server.listen();
  const { port: tlsPort } = await server.listenTls({ cert: readFileSync(CERT), key: readFileSync(KEY) });
  return { clear: `http://127.0.0.1:${port}/`, secure: `https://localhost:${tlsPort}/` };
}

/** A program that is ended when its time is over. */
function start(program: string, args: readonly string[]): { child: ChildProcess; output: Promise<string> } {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], timeout: RUN_MS, killSignal: 'SIGKILL' });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (piece: Buffer) => (text += piece.toString('latin1')));
  }
  const output = new Promise<string>((resolve) => child.on('close', (code) => resolve(`${text}\nexit ${code}`)));
  return { child, output };
}

/** Runs a program to its end; its output and exit code. */
const run = (program: string, args: readonly string[]): Promise<string> => start(program, args).output;

/** A test that needs a program, and says so where it is not there. */
function withProgram(program: string, name: string, body: (t: Test) => Promise<void>): void {
  const isThere = spawnSync(program, ['--version']).status === 0;
  if (!isThere) t.comment(`${program} is not installed: its test does not run`);
  t.test(name, { skip: isThere ? false : `${program} is not installed` }, body);
}

withProgram('curl', 'curl is served over both versions, in clear and over TLS', async (t) => {
  const { clear, secure } = await serve(t, echo);
  const common = ['-sS', '--max-time', '10', '-d', 'abc', '-w', ' %{http_version} %{http_code}'];
  t.match(await run('curl', [...common, '--http2-prior-knowledge', clear]), /^abc 2 200\nexit 0$/);
  t.match(await run('curl', [...common, '--http2', '-k', secure]), /^abc 2 200\nexit 0$/);
  t.match(await run('curl', [...common, '--http1.1', clear]), /^abc 1\.1 200\nexit 0$/, 'HTTP/1.1 on the same port');
  t.match(await run('curl', [...common, '--http1.1', '-k', secure]), /^abc 1\.1 200\nexit 0$/);
});

withProgram('nghttp', 'nghttp finds nothing wrong with what it is sent', async (t) => {
  const { clear, secure } = await serve(t, echo);
  for (const url of [clear, secure]) {
    const text = await run('nghttp', ['-v', '--no-verify-peer', '-m', '3', '-d', CERT.pathname, url]);
    t.match(text, /:status: 200/);
    t.match(text, /exit 0$/);
    t.notMatch(text, /\[ERROR\]|RST_STREAM|INVALID|error_code=(?!NO_ERROR)/, url);
  }
});

withProgram('h2load', 'h2load is answered 2000 times, over 4 connections of 20 streams', async (t) => {
  const { clear, secure } = await serve(t, echo);
  for (const url of [clear, secure]) {
    const text = await run('h2load', ['-n', '2000', '-c', '4', '-m', '20', url]);
    t.match(text, /2000 succeeded, 0 failed, 0 errored, 0 timeout/);
  }
});

/** Says what the page shows, and what comes out of a WebSocket, which over HTTP/2 is an extended CONNECT. */
const SCRIPT = `
  const socket = new WebSocket('wss://' + location.host + '/chat');
  const tell = (text) => fetch('/seen', { method: 'POST', body: document.body.textContent.trim() + ' ' + text });
  socket.onmessage = ({ data }) => tell(data);
  socket.onerror = () => tell('no WebSocket');`;

const CHROMIUM_ARGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--ignore-certificate-errors',
];

withProgram('chromium', 'Chromium loads a page over HTTP/2, its script posts, and a WebSocket opens', async (t) => {
  const requests: string[] = [];
  const errors: string[] = [];
  let onSeen = (_text: string): void => {};
  const seen = new Promise<string>((resolve) => (onSeen = resolve));
  const site: Handler = async (request, response) => {
    requests.push(`${request.method} ${request.path} ${request.protocol}`);
    switch (request.path) {
      case '/':
        return response
          .set('Content-Type', 'text/html')
          .send(`<!doctype html><body>${request.protocol}<script src="/script.js"></script>`);
      case '/script.js':
        return response.set('Content-Type', 'text/javascript').send(SCRIPT);
      case '/chat':
        // A text frame of "hello", as RFC6455#5.2 has it; the tunnel is the browser's to end
        await response.write(Uint8Array.from([0x81, 5, 0x68, 0x65, 0x6c, 0x6c, 0x6f]));
        for await (const _ of request.content);
        return response.end();
      case '/seen':
        onSeen(await request.content.text());
        return response.send();
      default:
        response.status = 404;
        return response.send();
    }
  };
  const onProtocolError: ServerOptions['onProtocolError'] = ({ code }) => void errors.push(code);
  const { secure } = await serve(t, site, { connect: 'extended', onProtocolError });
  const folder = mkdtempSync(join(tmpdir(), 'aeronet-chromium-'));
  const browser = start('chromium', [...CHROMIUM_ARGS, `--user-data-dir=${folder}`, secure]);
  t.teardown(async () => {
    browser.child.kill();
    await browser.output;
    rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
  });
  t.equal(await Promise.race([seen, browser.output]), 'HTTP/2.0 hello');
  const expected = ['GET / HTTP/2.0', 'GET /script.js HTTP/2.0', 'CONNECT /chat HTTP/2.0', 'POST /seen HTTP/2.0'];
  t.same(
    requests.filter((line) => !line.includes('favicon')),
    expected,
    'all of it over HTTP/2',
  );
  t.same(errors, [], 'and nothing is wrong with it');
});
