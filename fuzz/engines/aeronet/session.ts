/**
 * A session of aeronet's own engine: instruments the target, runs the loop in a watched worker, turns the worker's deaths
 * into finds, and starts it again with everything it had learnt. Between two slices the worker waits with all it knows.
 */
import { mkdirSync } from 'node:fs';
import { FuzzError } from '../../errors.ts';
import { cpuShare } from '../cpu-share.ts';
import type { Budget, EngineSession, EngineStats, Find, SessionOptions } from '../engine.ts';
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
import type { FromWorker, ToWorker, WorkerOrders } from './protocol.ts';

/** A target whose every other input kills its worker is not fuzzed, it is restarted. */
const MAX_RESTARTS = 100;
const MAX_TIMER_MS = 0x7fff_ffff;

/**
 * Opens a session; its worker starts with the first slice, whose promise tells what does not start.
 * @throws FuzzError (exit 2: target, subject or tree invalid; exit 3: the target needs what is not installed).
 */
export async function openSession(options: SessionOptions): Promise<EngineSession> {
  mkdirSync(options.cache, { recursive: true });
  const target = await loadTarget(options.tree, options.target);
  return supervise(options, mirrorTarget(options.tree, targetModule(options.target), target.subject, options.cache));
}

/** A slice that is worked on. Its time begins when the target is loaded: a busy machine takes nothing of it. */
interface Slice {
  readonly timeMs: number;
  /** Index of the execution at which it ends. */
  readonly lastExecution: number;
  /** When it began; undefined while the target is being loaded. */
  startedAt: number | undefined;
  timer: NodeJS.Timeout | undefined;
  /** Ends it, with an error where the session cannot go on. */
  over(error?: Error): void;
}

function supervise(options: SessionOptions, mirror: Mirror): EngineSession {
  const inputs = options.seeds.map(inputOf);
  const known = new Set<string>();
  const deadly = new Set<string>();
  const cpu = cpuShare();
  let worker: WatchedWorker<ToWorker> | undefined;
  let slice: Slice | undefined;
  let restarts = 0;
  let workedMs = 0;
  let isOver = false;

  let last = { executions: 0, edgesHit: 0, corpusEntries: 0, replayed: 0, imported: 0, singles: 0 };
  const stats = (): EngineStats => {
    const now = worker?.shared.stats();
    // A worker that has just been started again knows less than the one before it did.
    if (now !== undefined && now.executions >= last.executions) last = now;
    return {
      ...last,
      edgesTotal: mirror.edges,
      elapsedMs: workedMs + sinceStart(slice),
      cpuMs: cpu.ms,
      restarts,
    };
  };

  const find = (found: Find): void => {
    if (known.has(found.failure.signature)) return;
    known.add(found.failure.signature);
    options.onFind(found);
  };

  const start = (executionsBefore: number, lastExecution: number): void => {
    const orders: WorkerOrders = {
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
    };
    worker = startWatchedWorker<FromWorker, ToWorker>({
      entry: workerEntry('worker', import.meta.url),
      data: orders,
      limits: { hangMs: options.hangMs, heapMb: options.heapMb ?? DEFAULT_WATCH_LIMITS.heapMb },
      onMessage: receive,
      onDeath: (death) => bury(death, executionsBefore),
    });
    worker.shared.beginSlice(lastExecution);
  };

  const receive = (message: FromWorker): void => {
    switch (message.kind) {
      case 'ready':
        begin();
        return;
      case 'entry': {
        const octets = octetsOf(message.input);
        inputs.push(message.input);
        options.onEntry(octets, message.reachedEdge);
        return;
      }
      case 'failure':
        find({ failure: message.failure, input: octetsOf(message.input), execution: message.execution });
        return;
      case 'paused':
        slice?.over();
        return;
      case 'broken':
        isOver = true;
        slice?.over(new FuzzError(2, message.message));
        return;
      default:
        message satisfies never;
    }
  };

  const bury = (death: Death, executionsBefore: number): void => {
    worker = undefined;
    if (!death.inTarget) {
      isOver = true;
      slice?.over(new FuzzError(3, `fuzz target ${options.target} does not start: ${death.message}`));
      return;
    }
    const executions = executionsBefore + death.published;
    last = { ...last, executions };
    find({ failure: deathFailure(death, mirror.modules), input: death.input, execution: executions });
    restarts++;
    deadly.add(inputOf(death.input));
    isOver = restarts >= MAX_RESTARTS;
    // A timer of a target may end its thread between two slices; the next one starts it again.
    if (slice === undefined) return;
    const isSpent = executions >= slice.lastExecution || sinceStart(slice) >= slice.timeMs;
    if (isOver || isSpent || options.signal.aborted) slice.over();
    else start(executions, slice.lastExecution);
  };

  const stop = (): void => worker?.shared.endSlice();
  const begin = (): void => {
    if (slice === undefined || slice.startedAt !== undefined) return;
    slice.startedAt = performance.now();
    slice.timer = setTimeout(stop, Math.min(slice.timeMs, MAX_TIMER_MS));
  };

  return {
    build: mirror.id,

    async run(budget: Budget) {
      if (isOver || options.signal.aborted) return;
      const lastExecution = stats().executions + budget.executions;
      cpu.begin();
      options.signal.addEventListener('abort', stop);
      try {
        await new Promise<void>((resolve, reject) => {
          slice = {
            timeMs: budget.timeMs,
            lastExecution,
            startedAt: undefined,
            timer: undefined,
            over: (error) => (error === undefined ? resolve() : reject(error)),
          };
          if (worker === undefined) start(last.executions, lastExecution);
          else {
            begin();
            worker.shared.beginSlice(lastExecution);
            worker.post({ kind: 'go' });
          }
        });
      } finally {
        options.signal.removeEventListener('abort', stop);
        clearTimeout(slice?.timer);
        workedMs += sinceStart(slice);
        slice = undefined;
        cpu.end();
      }
    },

    offer(input) {
      const text = inputOf(input);
      inputs.push(text);
      worker?.post({ kind: 'offer', input: text });
    },

    stats,

    get isOver() {
      return isOver;
    },

    async close() {
      isOver = true;
      stats();
      const closing = worker;
      worker = undefined;
      await closing?.close();
      slice?.over();
    },
  };
}

function sinceStart(slice: Slice | undefined): number {
  return slice?.startedAt === undefined ? 0 : performance.now() - slice.startedAt;
}
