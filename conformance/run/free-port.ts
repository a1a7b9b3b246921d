import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { BenchError } from '../errors.ts';

/**
 * A port that nobody listens on. The system's own choice would be one of those it gives to the next socket of anybody,
 * who might then be taken for the target; the range here lies below what Linux, macOS and Windows choose from.
 * @throws BenchError (exit 3) when all that were tried are taken
 */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < PORT_ATTEMPTS; attempt++) {
    const port = randomInt(FIRST_PORT, LAST_PORT + 1);
    if (await isFree(port)) return port;
  }
  throw new BenchError(
    3,
    `No free port among ${PORT_ATTEMPTS} tried between ${FIRST_PORT} and ${LAST_PORT}: free some`,
  );
}

const PORT_ATTEMPTS = 64;
const FIRST_PORT = 15_000;
const LAST_PORT = 32_000;

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  server.listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch {
    return false;
  }
  server.close();
  await once(server, 'close');
  return true;
}
