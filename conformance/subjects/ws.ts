import { join } from 'node:path';
import { packageVersion } from '../run/installed.ts';
import { npmFolder, type Subject } from './subject.ts';

const FOLDER = npmFolder('ws');

/** The WebSocket server that Node's world uses: installed with the subjects, and none of them before there are cases for it. */
export const ws: Pick<Subject, 'name' | 'requires' | 'install' | 'version'> = {
  name: 'ws',
  requires: [join(FOLDER, 'node_modules', 'ws')],
  install: { from: 'npm', packages: { ws: '8.23.0' } },
  version: () => packageVersion(FOLDER, 'ws'),
};
