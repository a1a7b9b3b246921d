import { join } from 'node:path';
import { packageVersion } from '../run/installed.ts';
import { npmFolder, ownProgram, type Subject } from './subject.ts';

const FOLDER = npmFolder('bun');
const PROGRAM = join(FOLDER, 'node_modules', '.bin', 'bun');

/** Bun's own server. */
export const bun: Subject = {
  name: 'bun',
  about: 'Bun.serve with its defaults: HTTP/1.1; no inspect, a Request does not tell what was on the wire',
  command: [PROGRAM, ownProgram('bun-server'), '{port}'],
  wsPath: '/ws',
  requires: [PROGRAM],
  install: { from: 'npm', packages: { bun: '1.4.5' } },
  version: () => {
    const number = packageVersion(FOLDER, 'bun');
    return number === undefined ? undefined : `Bun ${number}`;
  },
};
