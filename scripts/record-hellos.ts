/**
 * Records the first message of real TLS clients as seeds: each is pointed at a server that keeps what it begins with, and
 * answers by Node's own. Clients that are not installed are left out, and said so. Other versions of Node are recorded as
 * commands that are named: `npx -p node@26 which node` says where one is.
 *
 *     node dist/scripts/record-hellos.js [corpus folder] [node of another version…]
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import * as net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tls from 'node:tls';
import { selfSigned } from '../conformance/run/self-signed.ts';
import { ClientHelloReader, tlsLimits } from '../core/sans-io.ts';
import { addSeed, seedName } from '../fuzz/campaign/corpus-folder.ts';
import { readManifest, seedSet, writeManifest } from '../fuzz/campaign/manifest.ts';

const TARGET = 'client-hello';
const CLIENT_MS = 20_000;

const [root = 'corpus', ...nodes] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'aeronet-hellos-'));
const session = join(folder, 'session');
const recordings = new Map<string, Uint8Array>();
const missing: string[] = [];
const versions: string[] = [`node ${process.version}`];

/** Each line is a client; PORT is where it connects to. */
const CLIENTS: Readonly<Record<string, readonly (readonly string[])[]>> = {
  openssl: [
    ['s_client', '-connect', '127.0.0.1:PORT', '-servername', 'a.test', '-ign_eof', '-sess_out', session],
    ['s_client', '-connect', '127.0.0.1:PORT', '-servername', 'a.test', '-alpn', 'h2,http/1.1', '-sess_in', session],
    ['s_client', '-connect', '127.0.0.1:PORT', '-noservername', '-tls1_2', '-sess_out', session],
    ['s_client', '-connect', '127.0.0.1:PORT', '-servername', 'A.Test', '-tls1_2', '-sess_in', session],
    ['s_client', '-connect', '127.0.0.1:PORT', '-tls1_2', '-cipher', 'ECDHE-ECDSA-AES128-GCM-SHA256', '-no_ticket'],
  ],
  curl: [
    ['-sk', '--connect-to', 'example.com:443:127.0.0.1:PORT', 'https://example.com/'],
    ['-sk', '--http1.1', '--tlsv1.3', 'https://127.0.0.1:PORT/'],
  ],
  'gnutls-cli': [
    ['--insecure', '--sni-hostname', 'b.test', '--alpn', 'h2', '-p', 'PORT', '127.0.0.1'],
    ['--insecure', '--priority', 'NORMAL:-VERS-TLS1.3', '-p', 'PORT', '127.0.0.1'],
  ],
  chromium: [
    [
      ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync'],
      ...['--disable-background-networking', '--disable-component-update', '--ignore-certificate-errors'],
      ...[`--user-data-dir=${join(folder, 'profile')}`, '--dump-dom', 'https://localhost:PORT/'],
    ],
  ],
  ...Object.fromEntries([process.execPath, ...nodes].map((node) => [node, [nodeClient("ALPNProtocols: ['h2']")]])),
};

const back = tls.createServer({ ...selfSigned(), ALPNProtocols: ['h2', 'http/1.1'] }, (socket) => {
  socket.on('error', () => undefined).end('HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n');
});
back.on('tlsClientError', (_error, socket) => socket.destroy());
await listening(back);
for (const [client, lines] of Object.entries(CLIENTS)) {
  const said = await run(client, [client === 'openssl' ? 'version' : '--version']);
  if (said === undefined) missing.push(client);
  else if (client !== process.execPath) versions.push(said.split('\n', 1).join('').trim().slice(0, 60));
  for (const [index, args] of said === undefined ? [] : lines.entries()) await record(`${client} ${index}`, args);
}
back.close();
rmSync(folder, { recursive: true, force: true, maxRetries: 10 });

for (const octets of recordings.values()) addSeed(root, TARGET, octets);
const set = seedSet({
  target: TARGET,
  set: 'recorded',
  origin: `scripts/record-hellos.ts: what clients begin with (${versions.join(', ')})`,
  licence: 'MIT',
  files: [...new Set([...recordings.values()].map(seedName))],
});
const others = readManifest(root).filter((one) => one.target !== TARGET || one.set !== set.set);
writeManifest(root, [...others, set]);
for (const [client, octets] of recordings)
  process.stdout.write(`${client}: ${octets.length} octets, ${seedName(octets)}\n`);
if (missing.length > 0) process.stdout.write(`not installed: ${missing.join(', ')}\n`);

/** Lets a client talk to the server, and keeps the first hello that is whole. */
async function record(client: string, args: readonly string[]): Promise<void> {
  const open = new Set<net.Socket>();
  const front = net.createServer((socket) => {
    const reader = new ClientHelloReader(tlsLimits());
    const heard: Buffer[] = [];
    let isWhole = false;
    const onward = net.connect(portOf(back), '127.0.0.1');
    socket.on('data', (piece) => {
      if (isWhole) return;
      heard.push(piece);
      isWhole = reader.receive(piece)?.kind === 'hello';
      if (isWhole && !recordings.has(client)) recordings.set(client, new Uint8Array(Buffer.concat(heard)));
    });
    open.add(socket).add(onward);
    socket.on('error', () => onward.destroy());
    onward.on('error', () => socket.destroy());
    socket.pipe(onward).pipe(socket);
  });
  await listening(front);
  await run(
    client.split(' ')[0] ?? '',
    args.map((arg) => arg.replace('PORT', String(portOf(front)))),
  );
  for (const socket of open) socket.destroy();
  await new Promise((resolve) => front.close(resolve));
}

function nodeClient(options: string): readonly string[] {
  const script = `require('tls').connect({ port: PORT, servername: 'c.test', rejectUnauthorized: false, ${options} })
    .on('secureConnect', function () { this.destroy(); }).on('error', () => {})`;
  return ['-e', script];
}

/** What a command prints; undefined where there is none. It gets a line to send, so that it ends. */
function run(command: string, args: readonly string[]): Promise<string | undefined> {
  return new Promise((resolve) => {
    let text = '';
    const child = spawn(command, args, {
      stdio: ['pipe', 'pipe', 'ignore'],
      timeout: CLIENT_MS,
      killSignal: 'SIGKILL',
    });
    child.stdout.on('data', (piece) => (text += piece));
    child.stdin.on('error', () => undefined);
    child.stdin.end('Q\n');
    child.on('error', () => resolve(undefined));
    child.on('close', () => resolve(text));
  });
}

function listening(server: net.Server): Promise<void> {
  return new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
}

function portOf(server: net.Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a server that does not listen has no port');
  return address.port;
}
