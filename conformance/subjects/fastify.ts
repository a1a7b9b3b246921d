import { join } from 'node:path';
import { packageVersion } from '../run/installed.ts';
import { npmFolder, ownProgram, type Subject } from './subject.ts';

const FOLDER = npmFolder('fastify');

/** Fastify with its defaults on `node:http`. */
export const fastify: Subject = {
  name: 'fastify',
  about: 'Fastify with its defaults, on node:http',
  command: [process.execPath, ownProgram('fastify-server'), '{port}', FOLDER],
  requires: [join(FOLDER, 'node_modules', 'fastify')],
  install: { from: 'npm', packages: { fastify: '5.12.8' } },
  version: () => {
    const number = packageVersion(FOLDER, 'fastify');
    return number === undefined ? undefined : `Fastify ${number} on Node ${process.version}`;
  },
};
