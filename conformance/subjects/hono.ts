import { join } from 'node:path';
import { packageVersion } from '../run/installed.ts';
import { npmFolder, ownProgram, type Subject } from './subject.ts';

const FOLDER = npmFolder('hono');

/** Hono on its adapter for Node. */
export const hono: Subject = {
  name: 'hono',
  about: 'Hono on its adapter for Node, with its defaults, on node:http',
  command: [process.execPath, ownProgram('hono-server'), '{port}', FOLDER],
  requires: [join(FOLDER, 'node_modules', 'hono'), join(FOLDER, 'node_modules', '@hono', 'node-server')],
  install: { from: 'npm', packages: { hono: '4.13.19', '@hono/node-server': '2.1.9' } },
  version: () => {
    const [own, adapter] = [packageVersion(FOLDER, 'hono'), packageVersion(FOLDER, '@hono/node-server')];
    return own === undefined ? undefined : `Hono ${own}, node-server ${adapter} on Node ${process.version}`;
  },
};
