/** What contenders share about their ports. */
import { readFileSync } from 'node:fs';
import type { Server } from 'node:net';
import { join } from 'node:path';

export const HOST = '127.0.0.1';

/** Node's servers let a connection live for any number of requests, and those that stall are let live as long as nginx lets them. */
const STALL_MS = 60_000;
export const UNBOUNDED = {
  limits: { requestsPerConnection: 2 ** 40, idleMs: STALL_MS, writeMs: STALL_MS },
  http2Limits: { requestsPerConnection: 2 ** 30, writeMs: STALL_MS },
};

/** Opens a port that the system chooses. */
export function portOf(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, HOST, () => {
      const address = server.address();
      if (typeof address === 'object' && address !== null) resolve(address.port);
    });
  });
}

/** The certificate of a folder with content, and its key. */
export function certificateOf(folder: string): { cert: Buffer; key: Buffer } {
  return { cert: readFileSync(join(folder, '.cert.pem')), key: readFileSync(join(folder, '.key.pem')) };
}
