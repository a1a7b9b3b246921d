/**
 * Supervisor of aeronet's own engine: instruments the target, runs the loop in a watched worker, turns the worker's deaths
 * into finds, and starts it again with everything it had learnt.
 */
import { mkdirSync } from 'node:fs';
import { FuzzError } from '../../errors.ts';
import type { EngineOptions, EngineStats, Find } from '../engine.ts';
import { inputOf, octetsOf } from '../latin1-input.ts';
import { loadTarget, targetModule } from '../load-target.ts';
import {
  DEFAULT_WATCH_LIMITS,
  type Death,
  deathFailure,
  startWatchedWorker,
  type WatchedWorker,
  workerEntry,
} from '../watched-worker.ts';
import { type Mirror, mirrorTarget } from './mirror.ts';
import { deriveSeed } from './prng.ts';
import type { FromWorker, WorkerOrders } from './protocol.ts';

/** A target whose every other input kills its worker is not fuzzed, it is restarted. */
const MAX_RESTARTS = 100;
const PULSE_MS = 100;

/**
 * Fuzzes a target until its budget is used up or the signal aborts.
 * @throws FuzzError (exit 2: target, subject or tree invalid; exit 3: the target does not load).
 */
export function fuzzTarget(options: EngineOptions): Promise<EngineStats> {
  return fuzzFrom('aeronet', options);
}

/** The same with inputs from elsewhere. */
export async function fuzzFrom(source: WorkerOrders['source'], options: EngineOptions): Promise<EngineStats> {
  mkdirSync(options.cache, { recursive: true });
  const target = await loadTarget(options.tree, options.target);
  const mirror = mirrorTarget(options.tree, targetModule(options.target), target.subject, options.cache);
  return supervise(source, options, mirror);
}

function supervise(source: WorkerOrders['source'], options: EngineOptions, mirror: Mirror): Promise<EngineStats> {
  const startedAt = performance.now();
  const cpuBefore = process.cpuUsage();
  const inputs = options.seeds.map(inputOf);
  const known = new Set<string>();
  const deadly = new Set<string>();
  let restarts = 0;
  let worker: WatchedWorker<never> | undefined;

  const stats = (): EngineStats => {
    const cpu = process.cpuUsage(cpuBefore);
    return {
      ...(worker?.shared.stats() ?? { executions: 0, edgesHit: 0, corpusEntries: 0, replayed: 0 }),
      edgesTotal: mirror.edges,
      elapsedMs: performance.now() - startedAt,
      cpuMs: (cpu.user + cpu.system) / 1_000,
      restarts,
    };
  };
  const find = (found: Find): void => {
    if (known.has(found.failure.signature)) return;
    known.add(found.failure.signature);
    options.onFind(found);
  };

  return new Promise((resolve, reject) => {
    const finish = async (error?: Error): Promise<void> => {
      clearInterval(pulse);
      clearTimeout(timer);
      options.signal.removeEventListener('abort', stop);
      const last = stats();
      await worker?.close();
      if (error === undefined) resolve(last);
      else reject(error);
    };
    const stop = (): void => worker?.shared.requestStop();

    const start = (executionsBefore: number): void => {
      const orders: WorkerOrders = {
        source,
        folder: mirror.folder,
        target: options.target,
        edges: mirror.edges,
        comparisons: mirror.comparisons,
        modules: mirror.modules,
        words: mirror.words,
        extraWords: options.extraWords,
        seed: restarts === 0 ? options.seed : deriveSeed(options.seed, restarts),
        // What killed a worker would kill the next one too.
        seeds: inputs.filter((input) => !deadly.has(input)),
        known: [...known],
        executionsBefore,
        maxExecutions: options.budget.executions,
      };
      worker = startWatchedWorker<FromWorker, never>({
        entry: workerEntry('worker', import.meta.url),
        data: orders,
        limits: { hangMs: options.hangMs, heapMb: options.heapMb ?? DEFAULT_WATCH_LIMITS.heapMb },
        onMessage: receive,
        onDeath: (death) => bury(death, executionsBefore),
      });
      if (options.signal.aborted) stop();
    };

    const receive = (message: FromWorker): void => {
      switch (message.kind) {
        case 'entry':
          inputs.push(message.input);
          options.onEntry(octetsOf(message.input));
          return;
        case 'failure':
          find({ failure: message.failure, input: octetsOf(message.input), execution: message.execution });
          return;
        case 'done':
          void finish();
          return;
        case 'broken':
          void finish(new FuzzError(2, message.message));
          return;
        default:
          message satisfies never;
      }
    };

    const bury = (death: Death, executionsBefore: number): void => {
      if (!death.inTarget) {
        void finish(new FuzzError(3, `fuzz target ${options.target} does not start: ${death.message}`));
        return;
      }
      const executions = executionsBefore + death.published;
      find({ failure: deathFailure(death, mirror.modules), input: death.input, execution: executions });
      const spent = performance.now() - startedAt > options.budget.timeMs;
      if (restarts >= MAX_RESTARTS || spent || options.signal.aborted) {
        void finish();
        return;
      }
      restarts++;
      deadly.add(inputOf(death.input));
      start(executions);
    };

    const pulse = setInterval(() => options.onPulse(stats()), PULSE_MS);
    const timer = setTimeout(stop, Math.min(options.budget.timeMs, 0x7fff_ffff));
    options.signal.addEventListener('abort', stop);
    start(0);
  });
}
