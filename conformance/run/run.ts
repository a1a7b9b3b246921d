import { mkdirSync } from 'node:fs';
import { platform, release } from 'node:os';
import type { CaseEvent, ReportEvent, Shard, Usage } from '../../reports/schema.ts';
import { BenchError, ConnectError } from '../errors.ts';
import type { AnyCase } from '../h2/model.ts';
import { LiveTarget } from './live-target.ts';
import { probe } from './probe.ts';
import { Sampler } from './sampler.ts';
import { runSuite } from './suite.ts';
import type { Target } from './target.ts';

export interface RunOptions {
  /** Cases in flight at once. @defaultValue 8 */
  readonly parallel?: number;
  /** Upper bound of each single wait, in milliseconds. @defaultValue 2000 */
  readonly timeoutMs?: number;
  /** Makes nonces; the same seed sends the same octets. */
  readonly seed: number;
  /** Folder for evidence; made when missing. */
  readonly out: string;
  readonly signal?: AbortSignal;
  /** Receives every event as it happens. */
  readonly emit: (event: ReportEvent) => void;
  /** aeronet's own version, and the command line of this run. */
  readonly version: string;
  readonly command: string;
  /** `filtered` when cases were left out: an absent case then says nothing about its expectation. @defaultValue full */
  readonly scope?: 'full' | 'filtered';
  /** Which part of what was selected these cases are; absent when they are all of it. */
  readonly shard?: Shard;
}

/** The version of the events written here; `reports/schema.ts` checks it when they are read. */
const SCHEMA_VERSION = 1;

/**
 * Runs cases against targets, one target after the other, and emits the whole stream from `run-start` to `run-end`.
 * @throws BenchError (exit 3) when a target cannot be reached or started, or dies before the first case; `run-end` is then emitted as incomplete
 */
export async function runConformance(
  targets: readonly Target[],
  cases: readonly AnyCase[],
  options: RunOptions,
): Promise<void> {
  const { emit } = options;
  const startedMs = performance.now();
  mkdirSync(options.out, { recursive: true });
  emit({
    kind: 'run-start',
    schema: SCHEMA_VERSION,
    producer: 'conformance',
    version: options.version,
    node: process.version,
    os: `${platform()} ${release()}`,
    startedAt: new Date().toISOString(),
    seed: options.seed,
    command: options.command,
    scope: options.scope ?? 'full',
    ...(options.shard === undefined ? {} : { shard: options.shard }),
  });
  const notes: string[] = [];
  const usage: Record<string, Usage> = {};
  try {
    for (const target of targets) {
      const note = await runTarget(target, cases, options, usage);
      if (note !== undefined) notes.push(`${target.name}: ${note}`);
      if (options.signal?.aborted === true) break;
    }
  } catch (error) {
    notes.push(error instanceof Error ? error.message : String(error));
    throw error;
  } finally {
    const elapsedMs = Math.round(performance.now() - startedMs);
    const note = notes.length === 0 ? {} : { note: notes.join('; ') };
    const used = Object.keys(usage).length === 0 ? {} : { usage };
    emit({ kind: 'run-end', elapsedMs, complete: notes.length === 0, ...note, ...used });
  }
}

async function runTarget(
  target: Target,
  cases: readonly AnyCase[],
  options: RunOptions,
  usage: Record<string, Usage>,
): Promise<string | undefined> {
  const { timeoutMs = 2_000, parallel = 8, seed, out, signal } = options;
  const live = await LiveTarget.open(target, timeoutMs, signal);
  const sampler = new Sampler(() => live.pid);
  try {
    const probed = await probe(live.address, timeoutMs, target).catch(async (error: unknown) => {
      if (!(error instanceof ConnectError)) throw error;
      const { how } = await live.explainDeath();
      throw new BenchError(3, `Target "${target.given}" died of the bench's first questions: ${how}`, { cause: error });
    });
    const version = (target.kind === 'command' ? target.start.version?.() : undefined) ?? probed.server;
    options.emit({
      kind: 'target',
      target: target.name,
      address: addressText(target, live),
      capabilities: [
        ...new Set([...probed.capabilities, ...[...(probed.h2 ?? [])].map((one) => `h2-${one}`), ...probed.offers]),
      ],
      ...(version === undefined ? {} : { serverVersion: version }),
    });
    const emit = (event: CaseEvent) => options.emit(event);
    const base = { timeoutMs, parallel, seed, out, emit };
    return await runSuite(target, live, probed, cases, signal === undefined ? base : { ...base, signal });
  } finally {
    const used = sampler.stop();
    if (used !== undefined) usage[target.name] = used;
    await live.stop();
  }
}

function addressText(target: Target, live: LiveTarget): string {
  const { authority, tls } = live.address;
  return target.kind === 'url' ? target.given : `${tls ? 'https' : 'http'}://${authority}`;
}
