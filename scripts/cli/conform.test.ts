import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync, readFileSync, symlinkSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import { createServer as createTcpServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import t, { type Test } from 'tap';
import { selfSigned } from '../../conformance/run/self-signed.ts';
import { findSubject } from '../../conformance/subjects/index.ts';

/** The built command: what is said of exit codes is said of a process. */
const AERONET = fileURLToPath(new URL('../../dist/scripts/aeronet.js', import.meta.url));

const HAS_DEV_FULL = existsSync('/dev/full');

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

t.test('aeronet conform ends with the exit code that its trouble stands for, and one line that names it', async (t) => {
  const folder = t.testdir({
    'malformed.jsonl': '{"key":"h1/sanity/get @node-http","expect":"fail"}\n',
    file: 'no folder',
  });
  const closed = await closedPort();
  const rows: readonly (readonly [args: readonly string[], code: number, message: RegExp])[] = [
    [[], 2, /^aeronet: No target: give a URL/],
    [['node-http', '--lvel', 'must'], 2, /unknown option '--lvel'; did you mean --level\?/],
    [['node-http', '--level', 'most'], 2, /Unknown level "most"/],
    [['node-http', 'node-http'], 2, /A target is given twice/],
    [['http://192.0.2.1'], 2, /not on this machine: add --allow-host 192\.0\.2\.1/],
    [['node_http'], 2, /Unknown target "node_http": .*; did you mean node-http\?$/],
    [['localhost:8080'], 2, /did you mean http:\/\/localhost:8080\?$/],
    [['node-http', '--expectations', join(folder, 'none.jsonl')], 2, /none\.jsonl" \(ENOENT.*\): correct the path/],
    [['node-http', '--expectations', folder], 2, /Cannot read expectations ".*" \(EISDIR/],
    [['node-http', '--expectations', join(folder, 'malformed.jsonl')], 2, /malformed\.jsonl:1: .*reason/],
    [['node-http', '--out', join(folder, 'file')], 2, /Cannot write .*: give another folder with --out/],
    // A folder below which the system says ENOENT: made by Node's own recursion it would never return.
    ...(process.platform === 'linux'
      ? [[['node-http', '--out', '/proc/none'], 2, /Cannot write .*: give another folder with --out/] as const]
      : []),
    [[`http://127.0.0.1:${closed}`], 3, /is unreachable \(.*ECONNREFUSED\): start it, or check host and port/],
    [['cmd:echo Error: no config >&2; exit 9 # {port}'], 3, /ended \(exit code 9\); its last output: Error: no config/],
    [
      ['core', '--suite', 'h2', '--list'],
      2,
      /'--suite <name>' argument 'h2' is invalid: allowed choices are native, h2spec, all;/,
    ],
    [['core', '--shard', '3/2'], 2, /'--shard <i\/n>' argument '3\/2' is invalid: give a part and how many there are/],
    [['core', '--suite', 'h2spec', '-c', 'h1/host/*'], 2, /"h1\/host\/\*" names no case of h2spec: write h2spec\//],
    [['core', '--suite', 'native', '-c', 'h2spec/hpack/*'], 2, /"h2spec\/hpack\/\*" goes with --suite h2spec or all/],
    [['core', '-c', 'h2spec/hpak/*'], 5, /"h2spec\/hpak\/\*" names no case of h2spec; groups are /],
    [
      ['node-http', '--last-failed', '--out', join(folder, 'never')],
      2,
      /--last-failed: there is no .*results\.ndjson; run without it first/,
    ],
    [['node-http', '-c', 'h1/framng/*'], 5, /"h1\/framng\/\*" names no case; nearest: h1\/framing\/\*/],
  ];
  const ends = await Promise.all(rows.map(([args]) => conform(folder, ...args)));
  for (const [index, [args, code, message]] of rows.entries()) {
    const ended = ends[index];
    const said = ended?.stderr.split('\n').filter((line) => line.startsWith('aeronet: ')) ?? [];
    const name = `conform ${args.join(' ').replaceAll(folder, '').replace(/:\d+/, '')}`;
    t.equal(ended?.code, code, `${name} ends with ${code}`);
    t.match(said, [message], name);
    t.equal(said.length, 1, `${name} says one line`);
    t.equal(ended?.stdout, '', `${name} prints no data`);
  }
});

t.test(
  'a subject brings its known failures, whatever the working folder; --expectations stands in their place',
  async (t) => {
    const folder = t.testdir({ 'empty.jsonl': '' });
    const known = await conform(folder, 'node-http', '-c', 'h1/framing/te-http10');
    t.equal(known.code, 0, known.stderr);
    t.match(known.stdout, /1 known/);
    const unknown = await conform(
      folder,
      'node-http',
      '-c',
      'h1/framing/te-http10',
      '--expectations',
      join(folder, 'empty.jsonl'),
    );
    t.equal(unknown.code, 1);
    t.match(unknown.stdout, /h1\/framing\/te-http10 @node-http .*new failure/);
    const [, repro = ''] = /repro +npx aeronet (.*)/.exec(unknown.stdout) ?? [];
    t.match(repro, /^conform node-http --case h1\/framing\/te-http10 --expectations /);
    const again = await aeronet(folder, ...repro.split(' '));
    t.match(again, { code: 1, stdout: /new failure/ }, 'the command of the failure shows it again');
    const [, bytes = ''] = /bytes +(.*)/.exec(again.stdout) ?? [];
    t.ok(existsSync(join(folder, bytes, 'sent.bin')), `and names its octets from here: ${bytes}`);
  },
);

t.test(
  'in a full run an unexpected pass and an entry that names no case fail; in a filtered run they do not',
  async (t) => {
    const entry = (id: string) =>
      `${JSON.stringify({ key: `${id} @node-http`, expect: 'fail', reason: 'RFC9112#6: made up' })}\n`;
    const folder = t.testdir({ 'wrong.jsonl': entry('h1/none/such') + entry('h1/sanity/get') });
    const own = findSubject('node-http')?.expectations ?? '';
    const wrong = ['--expectations', own, '--expectations', join(folder, 'wrong.jsonl')];
    const full = await conform(folder, 'node-http', ...wrong);
    t.equal(full.code, 1);
    t.match(full.stdout, /✖ h1\/none\/such @node-http +stale/);
    t.match(full.stdout, /✖ h1\/sanity\/get @node-http.*unexpected pass/);
    const filtered = await conform(folder, 'node-http', '-c', 'h1/sanity/*', ...wrong);
    t.equal(filtered.code, 0, filtered.stdout);
    t.match(filtered.stdout, /h1\/sanity\/get @node-http.*unexpected pass/);
    t.notMatch(filtered.stdout, /stale/);
  },
);

t.test('a target that is not there does not cost the results of those before it', async (t) => {
  const folder = t.testdir({});
  const ended = await conform(folder, 'node-http', `http://127.0.0.1:${await closedPort()}`, '-c', 'h1/sanity/*');
  t.match(ended, { code: 3, stderr: /results so far: \.aeronet\/results\.ndjson\naeronet: Target .* is unreachable/ });
  const gate = await aeronet(folder, 'gate', '.aeronet');
  t.match(gate, { code: 5, stdout: /3 pass/ }, 'they can be read, and are no proof');
});

t.test('https:// reaches a server whose certificate nobody signed', async (t) => {
  const port = await listen(
    t,
    createServer(selfSigned(), (request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => response.end(request.url === '/echo' ? Buffer.concat(parts) : 'hello'));
    }),
  );
  const folder = t.testdir({});
  for (const host of ['127.0.0.1', 'localhost']) {
    const { code, stdout, stderr } = await conform(folder, `https://${host}:${port}`, '-c', 'h1/sanity/*');
    t.equal(code, 0, stderr);
    t.match(stdout, /3 pass/);
  }
  const plain = await conform(folder, `http://127.0.0.1:${port}`);
  t.equal(plain.code, 3);
  t.match(plain.stderr, /or write https:\/\/127\.0\.0\.1:\d+ if it speaks TLS/);
});

t.test('--json prints the events that the results file has, and nothing else', async (t) => {
  const folder = t.testdir({});
  const { code, stdout } = await conform(folder, 'node-http', '-c', 'h1/sanity/*', '--json', '--seed', '7');
  t.equal(code, 0);
  t.equal(stdout, readFileSync(join(folder, '.aeronet/results.ndjson'), 'utf8'));
  const kinds = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line).kind);
  t.same(kinds, ['run-start', 'target', 'case', 'case', 'case', 'run-end']);
});

t.test(
  'a second signal ends the run at once, and its target with it',
  { skip: process.platform === 'win32' },
  async (t) => {
    const folder = t.testdir({
      'server.cjs': `require('node:http').createServer((request, response) => {
      // The probe's other requests are never answered: the run is waiting when the signals come.
      if (request.method === 'GET') response.end('hello', () => require('node:fs').writeFileSync('pid', String(process.pid)));
    }).listen(Number(process.argv[2]), '127.0.0.1')`,
    });
    const child = spawn(
      process.execPath,
      [AERONET, 'conform', 'cmd:exec node server.cjs {port}', '--timeout', '60000'],
      {
        cwd: folder,
        stdio: ['ignore', 'ignore', 'pipe'],
      },
    );
    const pid = Number(await until(() => existsSync(join(folder, 'pid')) && readFileSync(join(folder, 'pid'), 'utf8')));
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    child.kill('SIGINT');
    // Two signals that are sent before the first was taken count as one.
    await until(() => said.includes('SIGINT: stopping'));
    child.kill('SIGINT');
    await once(child, 'exit');
    t.equal(child.exitCode, 130);
    t.ok(await until(() => !isRunning(pid)));
  },
);

t.test(
  'a full disk ends a run with 2 and a line that names the file, not with a bug',
  { skip: !HAS_DEV_FULL },
  async (t) => {
    const folder = t.testdir({ results: {}, out: {} });
    symlinkSync('/dev/full', join(folder, 'results/results.ndjson'));
    const ended = await conform(folder, 'node-http', '-c', 'h1/sanity/*', '--out', 'results');
    t.match(ended, {
      code: 2,
      stdout: '',
      stderr: /^aeronet: Cannot write results to results\/results\.ndjson \(ENOSPC/m,
    });
    t.notMatch(ended.stderr, /bug/);
    for (const args of [
      ['list'],
      ['conform', 'node-http', '-c', 'h1/sanity/*', '--json', '--out', 'out'],
      ['--help'],
    ]) {
      const full = openSync('/dev/full', 'w');
      const child = spawn(process.execPath, [AERONET, ...args], { cwd: folder, stdio: ['ignore', full, 'pipe'] });
      let stderr = '';
      child.stderr?.setEncoding('utf8').on('data', (text: string) => {
        stderr += text;
      });
      await once(child, 'close');
      closeSync(full);
      t.equal(child.exitCode, 2, `${args.join(' ')} > /dev/full`);
      t.match(stderr, /^aeronet: Cannot write to stdout \(ENOSPC.*\): send it to another place$/m);
    }
  },
);

t.test('--help has examples, and explain and --list need no target', async (t) => {
  const help = await conform(undefined, '--help');
  t.equal(help.code, 0);
  t.match(help.stdout, /Examples:\n {2}aeronet conform http:\/\/127\.0\.0\.1:8080/);
  const explained = await aeronet(undefined, 'explain', 'h1/framing/te-cl-both');
  t.match(explained.stdout, /\| Transfer-Encoding: chunked\\r\\n\n/);
  const listed = await conform(undefined, '--list', '-c', 'h1/sanity/*');
  t.equal(listed.code, 0);
  t.equal(listed.stdout.trim().split('\n').length, 3);
});

const conform = (cwd: string | undefined, ...args: readonly string[]): Promise<Ended> =>
  aeronet(cwd, 'conform', ...args);

async function aeronet(cwd: string | undefined, ...args: readonly string[]): Promise<Ended> {
  const child = spawn(process.execPath, [AERONET, ...args], { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  await once(child, 'close');
  return { code: child.exitCode, stdout, stderr };
}

/** Polls until there is something to return; tap's own deadline bounds it. */
async function until<T>(look: () => T): Promise<T> {
  for (;;) {
    const found = look();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function closedPort(): Promise<number> {
  const server = createTcpServer();
  const port = await portOf(server.listen(0, '127.0.0.1'));
  server.close();
  await once(server, 'close');
  return port;
}

async function listen(t: Test, server: Server): Promise<number> {
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  return portOf(server.listen(0, '127.0.0.1'));
}

async function portOf(server: ReturnType<typeof createTcpServer> | Server): Promise<number> {
  await once(server, 'listening');
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('No port was bound');
  return bound.port;
}
