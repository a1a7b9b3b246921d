/** Load: so many requests over so many connections, by h2load where it is installed and by Node where it is not. */
import { spawn, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { onCore } from './process.ts';
import type { Load } from './scenarios.ts';

/** Which generator this machine has. */
export const GENERATOR: 'h2load' | 'node' = spawnSync('h2load', ['--version']).status === 0 ? 'h2load' : 'node';

const RUN_MS = 120_000;
const PROGRAM = fileURLToPath(new URL('generator.js', import.meta.url));

/**
 * Sends `requests` requests to a port of this machine. Resolves to the seconds it took; rejects unless each and every one was
 * answered with a 2xx, for a server that refuses is fast.
 */
export async function runLoad(load: Load, port: number, requests: number): Promise<number> {
  const { protocol, connections, inFlight, targets } = load;
  const url = `http://127.0.0.1:${port}/`;
  const urls = Array.from({ length: targets }, (_, index) => (index === 0 ? url : `${url}target-${index}`));
  const numbers = [port, connections, inFlight, requests, targets].map(String);
  const command: [string, ...string[]] =
    GENERATOR === 'h2load'
      ? [
          'h2load',
          ...(protocol === 'http1' ? ['--h1'] : []),
          `-c${connections}`,
          `-m${inFlight}`,
          `-n${requests}`,
          ...urls,
        ]
      : [process.execPath, PROGRAM, protocol, ...numbers];
  const began = performance.now();
  const output = await outputOf(onCore('load', command));
  const seconds = (performance.now() - began) / 1_000;
  const succeeded = parseSucceeded(output);
  if (succeeded !== requests) {
    throw new Error(`${command[0]} at ${url}: ${succeeded ?? 'no'} of ${requests} requests got a 2xx\n${output}`);
  }
  return seconds;
}

/** How many requests were answered with a 2xx, from the words of h2load, which the generator of this folder speaks too. */
export function parseSucceeded(output: string): number | undefined {
  const count = /^status codes: (\d+) 2xx/m.exec(output)?.[1];
  return count === undefined ? undefined : Number(count);
}

function outputOf([program, ...args]: [string, ...string[]]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], timeout: RUN_MS, killSignal: 'SIGKILL' });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (part: Buffer) => (output += part.toString()));
    child.on('error', reject);
    child.on('close', () => resolve(output));
  });
}
