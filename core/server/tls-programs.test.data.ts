/** openssl, gnutls-cli and curl as clients of a TLS port, for tests: each run is bounded, and what they print is returned. */
import { spawn, spawnSync } from 'node:child_process';
import t, { type Test } from 'tap';

const RUN_MS = 20_000;

/** What a program printed on both streams, and its exit code in a last line. It reads `input`, which then ends. */
export function run(program: string, args: readonly string[], input: string | undefined = ''): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: 'pipe', timeout: RUN_MS, killSignal: 'SIGKILL' });
    let text = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (piece: Buffer) => (text += piece.toString('latin1')));
    }
    child.stdin.on('error', () => {});
    child.stdin.end(input);
    child.on('error', reject);
    child.on('close', (code) => resolve(`${text}\nexit ${code}`));
  });
}

/** `openssl s_client` to a port of this machine, with a request in `input`. */
export function sClient(port: number, args: readonly string[], input = ''): Promise<string> {
  return run('openssl', ['s_client', '-connect', `127.0.0.1:${port}`, '-ign_eof', ...args], input);
}

const VERSION_ARGS: Readonly<Record<string, string>> = { openssl: 'version' };

/** A test that needs a program, and says so where it is not there. */
export function withProgram(program: string, name: string, body: (t: Test) => Promise<void>): void {
  const isThere = spawnSync(program, [VERSION_ARGS[program] ?? '--version']).status === 0;
  if (!isThere) t.comment(`SKIPPED: ${program} is not installed: "${name}" does not run`);
  t.test(name, { skip: isThere ? false : `${program} is not installed` }, body);
}
