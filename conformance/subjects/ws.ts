import { join } from 'node:path';
import { packageVersion } from '../run/installed.ts';
import { npmFolder, ownProgram, type Subject } from './subject.ts';

const FOLDER = npmFolder('ws');

/** The WebSocket server that Node's world uses, with its defaults, on `node:http`. */
export const ws: Subject = {
  name: 'ws',
  about: 'the WebSocket server ws with its defaults, on node:http; no inspect',
  command: [process.execPath, ownProgram('ws-server'), '{port}', FOLDER],
  wsPath: '/ws',
  requires: [join(FOLDER, 'node_modules', 'ws')],
  install: { from: 'npm', packages: { ws: '8.23.0' } },
  version: () => {
    const number = packageVersion(FOLDER, 'ws');
    return number === undefined ? undefined : `ws ${number} on Node ${process.version}`;
  },
};
