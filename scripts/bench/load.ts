/** Load: so many requests over so many connections, by h2load where it is installed and by Node where it is not. */
import { spawn, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { pathOf } from './content.ts';
import { onCore } from './process.ts';
import type { Load } from './scenarios.ts';

/** Which generator this machine has. */
export const GENERATOR: 'h2load' | 'node' = spawnSync('h2load', ['--version']).status === 0 ? 'h2load' : 'node';

const RUN_MS = 120_000;
const PROGRAM = fileURLToPath(new URL('generator.js', import.meta.url));
const READER = fileURLToPath(new URL('reader.js', import.meta.url));

/**
 * Sends `requests` requests to a port of this machine. Resolves to the seconds it took; rejects unless each and every one was
 * answered with a 2xx, for a server that refuses is fast.
 */
export async function runLoad(load: Load, port: number, requests: number): Promise<number> {
  const command = commandOf(load, port, requests);
  const began = performance.now();
  const output = await outputOf(onCore('load', command));
  const seconds = (performance.now() - began) / 1_000;
  const succeeded = parseSucceeded(output);
  if (succeeded !== requests) {
    throw new Error(`${command.join(' ')}: ${succeeded ?? 'no'} of ${requests} requests got a 2xx\n${output}`);
  }
  return seconds;
}

/** h2load where it is installed. But it does not look at what it gets, so files over HTTP/1.1 are read by this folder's reader. */
function commandOf(load: Load, port: number, requests: number): [string, ...string[]] {
  const { protocol, connections, inFlight, targets, fileBytes, reconnects = false } = load;
  const path = fileBytes === undefined ? '/' : pathOf(fileBytes);
  if (fileBytes !== undefined && protocol !== 'h2c') {
    const words = [protocol, port, connections, requests, path, fileBytes, reconnects].map(String);
    return [process.execPath, READER, ...words];
  }
  if (GENERATOR === 'node') {
    return [process.execPath, PROGRAM, protocol, ...[port, connections, inFlight, requests, targets, path].map(String)];
  }
  const url = `http://127.0.0.1:${port}${path}`;
  const urls = Array.from({ length: targets }, (_, index) => (index === 0 ? url : `${url}target-${index}`));
  const protocols = protocol === 'http1' ? ['--h1'] : [];
  return ['h2load', ...protocols, `-c${connections}`, `-m${inFlight}`, `-n${requests}`, ...urls];
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
