import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Address } from '../wire/connection.ts';
import type { H2specCase } from './entry.ts';
import { MAX_JUNIT_BYTES, type Reported, readJunit } from './junit.ts';

export interface InvokeOptions {
  readonly binary: string;
  readonly address: Address;
  /** Upper bound of each single wait of h2spec, which counts in whole seconds. */
  readonly timeoutMs: number;
  /** Has it tell every frame. */
  readonly verbose?: boolean;
  readonly signal?: AbortSignal;
}

/** One process of h2spec: its report, or why there is none. */
export type Invocation =
  | { readonly kind: 'report'; readonly reported: readonly Reported[]; readonly output: string }
  | { readonly kind: 'no-report'; readonly why: string; readonly output: string };

const MAX_OUTPUT_CHARS = 256 * 1024;
/** A case that waits does so a few times at most: handshake, request, verdict. */
const WAITS_PER_CASE = 5;
const START_MS = 10_000;

/**
 * Runs cases of one section in one process of h2spec. It ends at once, without a report, when a connection cannot be
 * opened, and it reports nothing where it knows none of the cases.
 */
export async function invoke(cases: readonly H2specCase[], options: InvokeOptions): Promise<Invocation> {
  const folder = mkdtempSync(join(tmpdir(), 'aeronet-h2spec-'));
  const file = join(folder, 'report.xml');
  try {
    const { output, ending } = await run(cases, file, options);
    if (/^No matched tests found/m.test(output)) return { kind: 'report', reported: [], output };
    if (statSync(file, { throwIfNoEntry: false }) === undefined) {
      const said = /^Error: (.*)$/m.exec(output)?.[1] ?? output.trim().split('\n').at(-1);
      return { kind: 'no-report', why: ending ?? said ?? 'it ended without a word', output };
    }
    if (statSync(file).size > MAX_JUNIT_BYTES) return { kind: 'no-report', why: 'its report is too large', output };
    const reported = readJunit(readFileSync(file, 'latin1'));
    return typeof reported === 'string'
      ? { kind: 'no-report', why: reported, output }
      : { kind: 'report', reported, output };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function run(
  cases: readonly H2specCase[],
  file: string,
  options: InvokeOptions,
): Promise<{ readonly output: string; readonly ending: string | undefined }> {
  const { address, signal } = options;
  const seconds = Math.max(1, Math.ceil(options.timeoutMs / 1000));
  const host = address.host.includes(':') ? `[${address.host}]` : address.host;
  const args = ['--strict', '--host', host, '--port', String(address.port), '--timeout', String(seconds)];
  args.push('--junit-report', file);
  if (address.tls) args.push('--tls', '--insecure');
  if (options.verbose === true) args.push('--verbose');
  const limitMs = START_MS + cases.length * WAITS_PER_CASE * seconds * 1000;
  return new Promise((done) => {
    const child = spawn(options.binary, [...args, ...cases.map((one) => one.selector)], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    let ending: string | undefined;
    const stop = (why: string) => {
      ending = why;
      child.kill('SIGKILL');
    };
    const onAbort = () => stop('interrupted');
    const timer = setTimeout(() => stop(`h2spec was ended after ${limitMs / 1000} s`), limitMs);
    const keep = (octets: Buffer) => {
      output = (output + octets.toString('latin1')).slice(-MAX_OUTPUT_CHARS);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', (error) => {
      ending = error.message;
    });
    child.on('close', () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      done({ output: withoutColour(output), ending });
    });
    if (signal?.aborted === true) onAbort();
    else signal?.addEventListener('abort', onAbort, { once: true });
  });
}

/** h2spec colours its words and rewrites its lines. */
function withoutColour(output: string): string {
  // A control character in a pattern is refused by the linter, so the escape is written by its code.
  return output.replaceAll(new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*[A-Za-z]`, 'g'), '').replaceAll('\r', '\n');
}
