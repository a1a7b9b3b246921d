/**
 * Records what real clients say over HTTP/2 as seeds: each is pointed at a server that keeps the octets it gets, and answers
 * by Node's own server. Clients that are not installed are left out, and said so.
 *
 *     node dist/scripts/record-clients.js [corpus folder]
 */
import { spawn } from 'node:child_process';
import * as http2 from 'node:http2';
import * as net from 'node:net';
import { addSeed, seedName } from '../fuzz/campaign/corpus-folder.ts';
import { readManifest, seedSet, writeManifest } from '../fuzz/campaign/manifest.ts';

const TARGETS = ['http2-frames', 'http2-connection', 'http2-budgets', 'http2-settings-priority', 'differential-http2'];
/** Seeds longer than that cost more than they teach. */
const MAX_BYTES = 4_096;
const CLIENT_MS = 10_000;

interface Recording {
  readonly client: string;
  readonly octets: Buffer;
}

const root = process.argv[2] ?? 'corpus';
const recordings: Recording[] = [];
const missing: string[] = [];
const versions: string[] = [`node ${process.version}`];

for (const [command, version, argumentSets] of [
  [
    'curl',
    ['--version'],
    [
      ['-s', '--http2-prior-knowledge'],
      ['-s', '--http2-prior-knowledge', '-I'],
      ['-s', '--http2-prior-knowledge', '-d', 'a=1&b=2'],
      ['-s', '--http2-prior-knowledge', '-T', 'package.json', '-H', 'Expect: 100-continue'],
      ['-s', '--http2-prior-knowledge', '-u', 'user:secret', '-H', 'Cookie: a=b; c=d', '-H', 'TE: trailers'],
    ],
  ],
  [
    'nghttp',
    ['--version'],
    [
      ['-n'],
      ['-n', '-m', '3'],
      ['-n', '-H', 'x-a: b', '--trailer', 'x-sum: 1', '-d', 'package.json'],
      ['-n', '-u'],
      ['-n', '-p', '1'],
    ],
  ],
  [
    'h2load',
    ['--version'],
    [
      ['-n', '3', '-c', '1', '-m', '3'],
      ['-n', '2', '-c', '1', '-d', '.gitignore'],
      ['-n', '1', '-c', '1', '-w', '10', '-W', '12'],
    ],
  ],
] as const) {
  const said = await run(command, version);
  if (said === undefined) {
    missing.push(command);
    continue;
  }
  versions.push(said.split('\n', 1).join('').slice(0, 60));
  for (const args of argumentSets)
    await record(command, (port) => run(command, [...args, `http://127.0.0.1:${port}/`]));
}
await record('node', (port) => useNodeClient(port));

const seeds = recordings.filter(({ octets }) => octets.length > 24 && octets.length <= MAX_BYTES);
for (const target of TARGETS) for (const { octets } of seeds) addSeed(root, target, new Uint8Array(octets));
const sets = TARGETS.map((target) =>
  seedSet({
    target,
    set: 'recorded',
    origin: `scripts/record-clients.ts: what clients said over a socket (${versions.join(', ')})`,
    licence: 'MIT',
    files: seeds.map(({ octets }) => seedName(new Uint8Array(octets))),
  }),
);
writeManifest(root, [...readManifest(root).filter(({ set }) => set !== 'recorded'), ...sets]);
for (const { client, octets } of recordings) process.stdout.write(`${client}: ${octets.length} octets\n`);
if (missing.length > 0) process.stdout.write(`not installed: ${missing.join(', ')}\n`);

/** Lets a client talk to a server of its own, and keeps what it says on each connection. */
async function record(client: string, talk: (port: number) => Promise<unknown>): Promise<void> {
  const back = http2.createServer((request, response) => {
    request.resume();
    request.on('end', () => response.end('hello'));
  });
  back.listen(0, '127.0.0.1');
  const front = net.createServer((socket) => {
    const heard: Buffer[] = [];
    const onward = net.connect(portOf(back), '127.0.0.1');
    socket.on('data', (piece) => heard.push(piece));
    socket.on('error', () => onward.destroy());
    onward.on('error', () => socket.destroy());
    socket.on('close', () => recordings.push({ client, octets: Buffer.concat(heard) }));
    socket.pipe(onward).pipe(socket);
  });
  await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve));
  await talk(portOf(front));
  await new Promise((resolve) => front.close(resolve));
  back.close();
}

/** What a command prints; undefined where there is none. */
function run(command: string, args: readonly string[]): Promise<string | undefined> {
  return new Promise((resolve) => {
    let text = '';
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'ignore'], timeout: CLIENT_MS });
    child.stdout.on('data', (piece) => {
      text += piece;
    });
    child.on('error', () => resolve(undefined));
    child.on('close', () => resolve(text));
  });
}

/** Node's own client: requests side by side, content with trailers, a PING, settings that change, a reset. */
async function useNodeClient(port: number): Promise<void> {
  const session = http2.connect(`http://127.0.0.1:${port}`, {
    settings: { enablePush: false, initialWindowSize: 1_000 },
  });
  const done = (stream: http2.ClientHttp2Stream): Promise<void> =>
    new Promise((resolve) => {
      stream.on('error', () => resolve());
      stream.on('close', () => resolve());
      stream.resume();
    });
  const post = session.request(
    { ':method': 'POST', ':path': '/22', cookie: ['a=b', 'c=d'] },
    { waitForTrailers: true },
  );
  post.on('wantTrailers', () => post.sendTrailers({ 'x-sum': '1' }));
  post.end('some content');
  const get = done(session.request({ ':path': '/' }));
  session.ping(() => undefined);
  session.settings({ headerTableSize: 0 });
  await Promise.all([done(post), get]);
  session.settings({ headerTableSize: 4_096 });
  const reset = session.request({ ':method': 'POST', ':path': '/1' });
  reset.write('x');
  setImmediate(() => reset.close(http2.constants.NGHTTP2_CANCEL));
  await done(reset);
  session.close();
  await new Promise((resolve) => session.on('close', resolve));
}

function portOf(server: net.Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a server that does not listen has no port');
  return address.port;
}
