/** `aeronet serve` as a process: its ready line, its end, and what it refuses. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { fileURLToPath } from 'node:url';
import t, { type Test } from 'tap';
import { selfSigned } from '../../conformance/run/self-signed.ts';

const AERONET = fileURLToPath(new URL('../../dist/scripts/aeronet.js', import.meta.url));

/** Starts `aeronet serve`; it is killed when the test ends. */
function serve(t: Test, ...args: readonly string[]): { child: ChildProcess; said: () => { out: string; err: string } } {
  const child = spawn(process.execPath, [AERONET, 'serve', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  t.teardown(() => child.kill('SIGKILL'));
  let [out, err] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text;
  });
  return { child, said: () => ({ out, err }) };
}

/** The ready line, once it has come. */
async function ready(child: ChildProcess, said: () => { out: string; err: string }): Promise<Record<string, unknown>> {
  while (!said().out.includes('\n')) {
    if (child.exitCode !== null) throw new Error(`ended with ${child.exitCode}: ${said().err}`);
    await Promise.race([once(child.stdout ?? child, 'data'), once(child, 'exit')]);
  }
  return JSON.parse(said().out);
}

t.test('aeronet serve says where it listens, answers, and ends well by a signal', async (t) => {
  const { cert, key } = selfSigned();
  const folder = t.testdir({ site: { 'index.html': 'hello' }, 'c.pem': cert, 'k.pem': key });
  const tls = ['--tls-port', '0', '--cert', join(folder, 'c.pem'), '--key', join(folder, 'k.pem')];
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    const { child, said } = serve(t, join(folder, 'site'), '--port', '0', ...tls);
    const line = await ready(child, said);
    t.match(line, { ready: true, pid: child.pid, port: Number, tlsPort: Number });
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const asked = request({ port: Number(line['port']), agent: false }, (head) => {
        head.resume().on('end', () => resolve(head.statusCode));
      });
      asked.on('error', reject).end();
    });
    t.equal(status, 200);
    child.kill(signal);
    await once(child, 'close');
    t.same([child.exitCode, said().err], [0, ''], `${signal} ends it with 0, and nothing is to be said`);
  }
});

t.test('aeronet serve takes policies from a file, and reads their files anew at SIGHUP', async (t) => {
  const [one, two] = [selfSigned(), selfSigned()];
  const policies = [
    { names: ['a.test'], cert: 'a.pem', key: 'a.key' },
    { cert: 'b.pem', key: 'b.key' },
  ];
  const folder = t.testdir({
    ...{ 'a.pem': one.cert, 'a.key': one.key, 'b.pem': two.cert, 'b.key': two.key },
    'tls.json': JSON.stringify({ policies, tickets: { rotationMs: 60_000, lifetimeMs: 60_000 } }),
  });
  const { child, said } = serve(t, '--port', '0', '--tls-port', '0', '--tls-config', join(folder, 'tls.json'));
  const { tlsPort } = await ready(child, said);
  const certificateOf = async (servername: string): Promise<Buffer> => {
    const socket = connect({ port: Number(tlsPort), servername, rejectUnauthorized: false });
    await once(socket, 'secureConnect');
    const { raw } = socket.getPeerCertificate();
    socket.destroy();
    return raw;
  };
  const [before, other] = [await certificateOf('a.test'), await certificateOf('b.test')];
  t.notSame(before, other, 'each name has its own');
  const hup = async (expected: RegExp): Promise<void> => {
    child.kill('SIGHUP');
    while (!expected.test(said().err)) await once(child.stderr ?? child, 'data');
  };
  writeFileSync(join(folder, 'a.key'), two.key);
  await hup(/stay as they were: .*"a\.test": its private key belongs to another certificate/);
  t.same(await certificateOf('a.test'), before);
  writeFileSync(join(folder, 'a.pem'), two.cert);
  await hup(/read anew/);
  t.same(await certificateOf('a.test'), other);
});

t.test('aeronet serve refuses what it cannot do, with 2 and one line that names the fix', async (t) => {
  const taken = createServer().listen(0, '127.0.0.1');
  t.teardown(() => taken.close());
  await once(taken, 'listening');
  const address = taken.address();
  const port = typeof address === 'object' && address !== null ? String(address.port) : '';
  const folder = t.testdir({
    'text.pem': 'no certificate',
    'list.json': '[]',
    'unknown.json': '{"limits":{"hadBytes":1}}',
    'wrong.json': '{"h2cUpgrade":"yes"}',
    'broken.json': '{',
    'tls.json': '{"policies":[{}]}',
  });
  const at = (name: string): string => join(folder, name);
  const free = ['--port', '0'];
  const rows: readonly [args: readonly string[], message: RegExp][] = [
    [['--port', '65536'], /'65536' is invalid: give a whole number from 0 to 65535; see aeronet serve --help$/],
    [['--port', port], /^aeronet: Cannot listen on 127\.0\.0\.1 port \d+ \(.*EADDRINUSE.*\): choose another --port/],
    [[...free, '--host', '192.0.2.1'], /Cannot listen on 192\.0\.2\.1 port 0 \(.*EADDRNOTAVAIL.*\): .* or --host$/],
    [[at('none'), ...free], /none" is no folder: name one whose files/],
    [[at('text.pem'), ...free], /text\.pem" is no folder/],
    [['a', 'b'], /too many arguments/],
    [[...free, '--tls-port', '0'], /--tls-port needs --cert and --key, or --tls-config$/],
    [[...free, '--tls-config', at('list.json')], /--tls-config goes with --tls-port: add it$/],
    [[...free, '--tls-port', '0', '--tls-config', at('unknown.json')], /must hold "policies": a list$/],
    [[...free, '--tls-port', '0', '--tls-config', at('tls.json')], /: cert must be the name of a file$/],
    [[...free, '--cert', at('text.pem')], /--cert and --key go with --tls-port: add it$/],
    [
      [...free, '--tls-port', '0', '--cert', at('none'), '--key', at('none')],
      /Cannot read .*none \(ENOENT.*\): correct the path$/,
    ],
    [
      [...free, '--tls-port', '0', '--cert', at('text.pem'), '--key', at('text.pem')],
      /Cannot listen with TLS .*: choose .* or look whether .*text\.pem and .*text\.pem are a certificate and its key in PEM$/,
    ],
    [[...free, '--config', at('none')], /Cannot read .*none \(ENOENT/],
    [[...free, '--config', at('broken.json')], /broken\.json is not JSON: /],
    [[...free, '--config', at('list.json')], /list\.json must hold a JSON object$/],
    [[...free, '--config', at('unknown.json')], /unknown\.json: Unknown HTTP\/1\.1 limit "hadBytes"; there are: /],
    [
      [...free, '--config', at('wrong.json')],
      /wrong\.json: Server option h2cUpgrade is "yes"; it takes true or false$/,
    ],
    [[...free, '--ws-path', '/ws'], /WebSocket is not served by this version; leave it out$/],
  ];
  for (const [args, message] of rows) {
    const { child, said } = serve(t, ...args);
    await once(child, 'close');
    const { out, err } = said();
    const name = `serve ${args.join(' ').replaceAll(folder, '').replace(port, 'PORT')}`;
    t.same([child.exitCode, out, err.trim().split('\n').length], [2, '', 1], name);
    t.match(err.trim(), message, name);
  }
});
