import { mkdirSync } from 'node:fs';
import { platform, release } from 'node:os';
import { LiveTarget } from '../run/live-target.ts';
import type { RunOptions } from '../run/run.ts';
import type { Target } from '../run/target.ts';
import type { H2specBinary } from './binary.ts';
import type { H2specCase } from './entry.ts';
import { BY_HTTP2 } from './liveness.ts';
import { runH2specSuite } from './suite.ts';

export interface H2specOptions extends Omit<RunOptions, 'parallel'> {
  readonly binary: H2specBinary;
}

/** The version of the events written here; `reports/schema.ts` checks it when they are read. */
const SCHEMA_VERSION = 1;

/**
 * Runs cases of h2spec against targets, one target after the other, and emits the whole stream from `run-start` to
 * `run-end`, in the form of the bench's own cases: area `h2spec`, clauses of RFC 9113 and RFC 7541.
 * @throws BenchError (exit 3) when a target cannot be reached or started; `run-end` is then emitted as incomplete
 */
export async function runH2spec(
  targets: readonly Target[],
  cases: readonly H2specCase[],
  options: H2specOptions,
): Promise<void> {
  const { emit } = options;
  const startedMs = performance.now();
  mkdirSync(options.out, { recursive: true });
  emit({
    kind: 'run-start',
    schema: SCHEMA_VERSION,
    producer: 'conformance',
    version: `${options.version}, h2spec ${options.binary.version}`,
    node: process.version,
    os: `${platform()} ${release()}`,
    startedAt: new Date().toISOString(),
    seed: options.seed,
    command: options.command,
    scope: options.scope ?? 'full',
    ...(options.shard === undefined ? {} : { shard: options.shard }),
  });
  const notes: string[] = [];
  try {
    for (const target of targets) {
      const note = await runTarget(target, cases, options);
      if (note !== undefined) notes.push(`${target.name}: ${note}`);
      if (options.signal?.aborted === true) break;
    }
  } catch (error) {
    notes.push(error instanceof Error ? error.message : String(error));
    throw error;
  } finally {
    const elapsedMs = Math.round(performance.now() - startedMs);
    const note = notes.length === 0 ? {} : { note: notes.join('; ') };
    emit({ kind: 'run-end', elapsedMs, complete: notes.length === 0, ...note });
  }
}

async function runTarget(
  target: Target,
  cases: readonly H2specCase[],
  options: H2specOptions,
): Promise<string | undefined> {
  const { timeoutMs = 2_000, out, signal, emit } = options;
  const live = await LiveTarget.open(target, timeoutMs, signal, BY_HTTP2);
  try {
    const { authority, tls } = live.address;
    const version = target.kind === 'command' ? target.start.version?.() : undefined;
    emit({
      kind: 'target',
      target: target.name,
      address: target.kind === 'url' ? target.given : `${tls ? 'https' : 'http'}://${authority}`,
      capabilities: [tls ? 'h2' : 'h2c'],
      ...(version === undefined ? {} : { serverVersion: version }),
    });
    const base = { binary: options.binary.path, timeoutMs, out, emit };
    return await runH2specSuite(target, live, cases, signal === undefined ? base : { ...base, signal });
  } finally {
    await live.stop();
  }
}
