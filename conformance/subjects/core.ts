import { readFileSync } from 'node:fs';
import { WWW } from './contract.ts';
import { inRoot, type Subject } from './subject.ts';

const SERVE = [process.execPath, inRoot('dist/scripts/aeronet.js'), 'serve'];

/** Short enough for a case to wait for it, long enough for a handshake on a machine with other work. */
const HANDSHAKE_MS = 2_500;
const IN_HASTE = { 'server.json': JSON.stringify({ tlsLimits: { helloMs: HANDSHAKE_MS, handshakeMs: HANDSHAKE_MS } }) };

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
  files: IN_HASTE,
  handshakeMs: HANDSHAKE_MS,
  version,
};

const PAIR = { cert: '{cert}', key: '{key}' };
const requires = (name: string, ca: string) => ({ ...PAIR, names: [name], ca, clientCertificates: 'require' });

/** The core over TLS with three policies: it reads hellos itself. */
export const corePolicies: Subject = {
  name: 'core-policies',
  about: 'the core of this package over TLS, asking for client certificates under two names',
  command: [
    ...SERVE,
    '--port',
    '0',
    '--tls-port',
    '{port}',
    '--tls-config',
    '{folder}/tls.json',
    '--config',
    '{folder}/server.json',
  ],
  files: {
    ...IN_HASTE,
    'tls.json': JSON.stringify({
      policies: [requires('members.test', '{membersCa}'), requires('staff.test', '{staffCa}'), PAIR],
    }),
  },
  handshakeMs: HANDSHAKE_MS,
  hasPolicies: true,
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
