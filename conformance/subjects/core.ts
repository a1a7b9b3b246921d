import { readFileSync } from 'node:fs';
import { WWW } from './contract.ts';
import { inRoot, type Subject } from './subject.ts';

const SERVE = [process.execPath, inRoot('dist/scripts/aeronet.js'), 'serve'];

/** Short enough for a case to wait for it. */
const HANDSHAKE_MS = 800;

/** The core in clear: HTTP/1.1, and HTTP/2 with prior knowledge, on one port. */
export const core: Subject = {
  name: 'core',
  about: 'the core of this package in clear: HTTP/1.1 and HTTP/2 with prior knowledge',
  command: [...SERVE, '--port', '{port}'],
  version,
};

/** The core over TLS. */
export const coreTls: Subject = {
  name: 'core-tls',
  about: 'the core of this package over TLS: HTTP/1.1 and HTTP/2 by ALPN',
  command: [
    ...SERVE,
    '--port',
    '0',
    '--tls-port',
    '{port}',
    '--cert',
    '{cert}',
    '--key',
    '{key}',
    '--config',
    '{folder}/server.json',
  ],
  files: { 'server.json': JSON.stringify({ tlsLimits: { helloMs: HANDSHAKE_MS, handshakeMs: HANDSHAKE_MS } }) },
  handshakeMs: HANDSHAKE_MS,
  version,
};

/** The core with the file of the target contract on disk: where the built-in one is sent from memory, this is sent by sendfile(2). */
export const coreFiles: Subject = {
  name: 'core-files',
  about: 'the core of this package in clear, serving a folder',
  command: [...SERVE, '{folder}/www', '--port', '{port}'],
  files: WWW,
  version,
};

function version(): string {
  const manifest: { readonly version: string } = JSON.parse(readFileSync(inRoot('package.json'), 'utf8'));
  return `aeronet ${manifest.version} on Node ${process.version}`;
}
