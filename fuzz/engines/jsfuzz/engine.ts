/**
 * Adapter of jsfuzz: runs it in a process of its own on a mirror in which the subject alone is instrumented, by the instrumenter
 * that jsfuzz brings. It makes up the inputs; what it would lose, our watch and the guest keep: rejected promises, late
 * errors, `process.exit`, every crash after the first.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sha256 } from '../../campaign/bundle.ts';
import { openSandbox, type Sandbox } from '../../campaign/sandbox.ts';
import { FuzzError } from '../../errors.ts';
import { type Mirror, mirrorTarget } from '../aeronet/mirror.ts';
import type { EngineOptions, EngineStats, Find } from '../engine.ts';
import { type Failure, sign } from '../failure.ts';
import type { GuestOrders } from '../guest.ts';
import { octetsOf } from '../latin1-input.ts';
import { loadTarget, targetModule } from '../load-target.ts';
import { DEFAULT_WATCH_LIMITS, workerEntry } from '../watched-worker.ts';
import { istanbul, resolveJsfuzz } from './istanbul.ts';
import type { FromHost, HostOrders } from './protocol.ts';

export { resolveJsfuzz as demandEngine } from './istanbul.ts';

const MAX_RESTARTS = 100;
const STOP_MS = 5_000;

/**
 * Fuzzes a target with jsfuzz until the budget is used up or the signal aborts. It has no seed of its own: no two runs are alike.
 * @throws FuzzError (exit 2: not installed, or the target is invalid; exit 3: the target does not load)
 */
export async function fuzzTarget(options: EngineOptions): Promise<EngineStats> {
  const jsfuzz = resolveJsfuzz();
  mkdirSync(options.cache, { recursive: true });
  const target = await loadTarget(options.tree, options.target);
  const mirror = mirrorTarget(
    options.tree,
    targetModule(options.target),
    target.subject,
    options.cache,
    istanbul(jsfuzz),
  );
  const work = mkdtempSync(join(resolve(options.cache), 'jsfuzz-'));
  let sandbox: Promise<Sandbox> | undefined;
  try {
    writeWork(work, options, mirror);
    return await supervise(options, { jsfuzz, work, mirror }, async (input) => {
      sandbox ??= openSandbox(options.tree, options.target, options.hangMs);
      return (await sandbox).run(input);
    });
  } finally {
    await (await sandbox)?.close();
    rmSync(work, { recursive: true, force: true });
  }
}

/** What jsfuzz is started on: a module that it can `require()`, and its corpus folder. */
function writeWork(work: string, options: EngineOptions, mirror: Mirror): void {
  const orders: GuestOrders = { folder: mirror.folder, target: options.target, modules: mirror.modules };
  const guest = new URL('../guest.js', workerEntry('host', import.meta.url)).href;
  writeFileSync(
    join(work, 'target.cjs'),
    `/* istanbul ignore file */
const ready = import(${JSON.stringify(guest)}).then(({ openGuest }) => openGuest(${JSON.stringify(orders)}, (aeronet) => process.send({ aeronet })));
ready.catch(() => {});
exports.fuzz = async (data) => (await ready)(data);
`,
  );
  mkdirSync(join(work, 'corpus'));
  for (const seed of options.seeds) writeFileSync(join(work, 'corpus', sha256(seed)), seed);
}

interface Places {
  readonly jsfuzz: string;
  readonly work: string;
  readonly mirror: Mirror;
}

function supervise(
  options: EngineOptions,
  { jsfuzz, work, mirror }: Places,
  explain: (input: Uint8Array) => Promise<Failure | undefined>,
): Promise<EngineStats> {
  const startedAt = performance.now();
  const known = new Set<string>();
  const total = { executions: 0, edgesHit: 0, corpusEntries: 0, cpuMs: 0, imported: 0, singles: 0 };
  /** Of processes that have ended. */
  let before = { executions: 0, cpuMs: 0 };
  let restarts = 0;
  let child: ChildProcess | undefined;
  let isOver = false;

  const stats = (): EngineStats => ({
    ...total,
    replayed: options.seeds.length,
    edgesTotal: mirror.edges,
    elapsedMs: performance.now() - startedAt,
    restarts,
  });
  const find = (found: Find): void => {
    if (known.has(found.failure.signature)) return;
    known.add(found.failure.signature);
    options.onFind(found);
  };

  return new Promise((fulfil, reject) => {
    const finish = (error?: Error): void => {
      if (isOver) return;
      isOver = true;
      clearTimeout(timer);
      clearTimeout(lastResort);
      options.signal.removeEventListener('abort', stop);
      endGroup(child);
      if (error === undefined) fulfil(stats());
      else reject(error);
    };
    let lastResort: NodeJS.Timeout | undefined;
    const stop = (): void => {
      if (child?.connected === true) child.send('stop');
      lastResort ??= setTimeout(finish, STOP_MS);
    };

    const start = (): void => {
      const orders: HostOrders = {
        jsfuzz,
        work,
        heapMb: options.heapMb ?? DEFAULT_WATCH_LIMITS.heapMb,
        hangMs: options.hangMs,
        maxExecutions: options.budget.executions - before.executions,
      };
      child = fork(fileURLToPath(workerEntry('host', import.meta.url)), [JSON.stringify(orders)], {
        execArgv: [],
        // A group of its own, so that it can be ended with the process that it starts.
        detached: true,
        // What jsfuzz and the target print is not ours to show.
        stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      });
      let hasEnded = false;
      child.on('message', (message: FromHost) => {
        hasEnded ||= message.kind === 'death' || message.kind === 'done' || message.kind === 'broken';
        void receive(message);
      });
      // After its last message, which the end of the process may overtake.
      child.on('disconnect', () => {
        if (!hasEnded) finish(new FuzzError(3, `engine jsfuzz ended before its budget did, on ${options.target}`));
      });
    };

    const receive = async (message: FromHost): Promise<void> => {
      switch (message.kind) {
        case 'entry':
          options.onEntry(octetsOf(message.input), true);
          return;
        case 'failure':
          find({ failure: message.failure, input: octetsOf(message.input), execution: message.execution });
          return;
        case 'pulse':
          total.executions = before.executions + message.executions;
          total.edgesHit = Math.max(total.edgesHit, message.coverage);
          total.corpusEntries = message.corpusEntries;
          total.cpuMs = before.cpuMs + message.cpuMs;
          options.onPulse(stats());
          return;
        case 'death':
          await bury(message).catch(finish);
          return;
        case 'done':
          finish();
          return;
        case 'broken':
          finish(new FuzzError(3, message.message));
          return;
        default:
          message satisfies never;
      }
    };

    const bury = async ({ death, message, input }: FromHost & { readonly kind: 'death' }): Promise<void> => {
      const octets = octetsOf(input);
      // Run again on the build as it is: its failure has the stack of a hang, and the signature that every engine gives it.
      const failure =
        (await explain(octets)) ?? sign({ kind: death, errorClass: 'none', message, frames: [], stack: '' });
      find({ failure, input: octets, execution: total.executions + 1 });
      const isSpent = performance.now() - startedAt > options.budget.timeMs;
      if (isSpent || options.signal.aborted || restarts >= MAX_RESTARTS) return finish();
      restarts++;
      before = { executions: total.executions, cpuMs: total.cpuMs };
      // What killed one process would kill the next one too.
      rmSync(join(work, 'corpus', sha256(octets)), { force: true });
      start();
    };

    const timer = setTimeout(stop, Math.min(options.budget.timeMs, 0x7fff_ffff));
    options.signal.addEventListener('abort', stop);
    if (options.signal.aborted) finish();
    else start();
  });
}

/** Ends a process and what it has started. */
function endGroup(child: ChildProcess | undefined): void {
  if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}
