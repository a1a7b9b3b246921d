/**
 * A worker thread under a watchdog. A target may loop, eat memory, or end its thread; each is told as a death with the
 * exact input, and none of it harms the process.
 */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { type Failure, sign } from './failure.ts';
import { hangStack, type PausedFrame } from './hang-stack.ts';
import { canGauge, heapGauge } from './heap-gauge.ts';
import { type SharedInput, sharedInput } from './shared-input.ts';
import { sourcePlace } from './source-place.ts';
import { ownFrame, portableStack } from './stack-frames.ts';
import { threadCpuMs } from './thread-clock.ts';

/** How a worker ended without being told to. */
export interface Death {
  readonly kind: 'hang' | 'oom' | 'lost';
  readonly message: string;
  /** The input that ran. */
  readonly input: Uint8Array;
  /** Frames that a hung worker never left, innermost first. */
  readonly frames: readonly PausedFrame[];
  /** How many inputs it had been given, this one included. */
  readonly published: number;
  /** Whether the target ran; otherwise the worker itself is broken. */
  readonly inTarget: boolean;
}

export interface WatchLimits {
  /** Longest time that one execution may take, in milliseconds; ten times as long where the processor has no time for it. */
  readonly hangMs: number;
  /** Heap of the worker, in MiB; memory outside of the heap may take the process as much again, and 1 GiB. */
  readonly heapMb: number;
}

/** @defaultValue one second, half a GiB. */
export const DEFAULT_WATCH_LIMITS: WatchLimits = { hangMs: 1_000, heapMb: 512 };

export interface WatchedWorker<ToWorker> {
  readonly shared: SharedInput;
  post(message: ToWorker): void;
  /** Ends the thread; no death is reported. */
  close(): Promise<void>;
}

const LOOK_EVERY_MS = 50;
/** Growth in one execution that is no noise: of the process, and what each further worker may add to it meanwhile. */
const FILLING_MIB = 32;
const OTHERS_FILLING_MIB = 96;
/**
 * How many times longer an execution may take that fills the memory, or that the processor gave less than half of its time:
 * it waits for something, or for its turn on a machine that is busy with others.
 */
const PATIENCE = 10;
/**
 * WHY: a worker whose heap is full ends with an error on Node 20, 22 and 26, and takes the process along on Node 24. Where
 * the heap can be asked for, the watchdog is to be there first.
 */
const HEADROOM = 4;
const MIB = 1_048_576;

/** Workers that live now, with what each may take outside of its heap in octets; they share the process's memory. */
const living = new Map<Worker, number>();
let rssBeforeAll = 0;

/** Starts a worker; exactly one of `onDeath` and `close()` ends it. */
export function startWatchedWorker<FromWorker, ToWorker>(options: {
  readonly entry: URL;
  readonly data: object;
  readonly limits: WatchLimits;
  onMessage(message: FromWorker): void;
  onDeath(death: Death): void;
}): WatchedWorker<ToWorker> {
  const { limits } = options;
  const shared = sharedInput();
  const worker = new Worker(options.entry, {
    workerData: { ...options.data, shared: shared.buffer },
    resourceLimits: { maxOldGenerationSizeMb: limits.heapMb * (canGauge(Worker.prototype) ? HEADROOM : 1) },
    stdin: false,
    // The loaders and hooks that this process was started with are not the target's; a worker reads the variable, too.
    execArgv: [],
    env: { ...process.env, NODE_OPTIONS: '' },
    // What a target prints is not ours to show.
    stdout: true,
    stderr: true,
  });
  if (living.size === 0) rssBeforeAll = process.memoryUsage.rss();
  living.set(worker, (2 * limits.heapMb + 1_024) * MIB);
  worker.stdout.resume();
  worker.stderr.resume();

  let over = false;
  const die = (kind: Death['kind'], message: string, frames: readonly PausedFrame[] = []): void => {
    if (over) return;
    over = true;
    clearInterval(watch);
    living.delete(worker);
    // What a timer of the target does between two executions is the target's, too.
    const inTarget = shared.published() > 0;
    options.onDeath({ kind, message, input: shared.current(), frames, published: shared.published(), inTarget });
  };

  worker.on('message', (message: FromWorker) => options.onMessage(message));
  worker.on('error', (error: Error & { code?: string }) => {
    if (error.code === 'ERR_WORKER_OUT_OF_MEMORY') die('oom', 'one execution fills the memory');
    else die('lost', `the worker failed: ${error.stack ?? error.message}`);
  });
  worker.on('exit', (code) => die('lost', `process.exit(${code}) was called`));

  const heap = heapGauge(worker, limits.heapMb * MIB);
  let beat: number | undefined;
  let rssFloor = 0;
  let beatAt = performance.now();
  let cpuAt = 0;
  let dying = false;
  const watch = setInterval(() => {
    const now = performance.now();
    const current = shared.heartbeat();
    if (current === undefined || current !== beat) {
      beat = current;
      beatAt = now;
      cpuAt = threadCpuMs(shared.thread());
      rssFloor = Number.POSITIVE_INFINITY;
      heap.forget();
    }
    if (dying) return;
    heap.look();
    const rss = process.memoryUsage.rss();
    rssFloor = Math.min(rssFloor, rss);
    // A heap that fills up looks like a hang for long: it is given the time to be full.
    const noise = (FILLING_MIB + OTHERS_FILLING_MIB * (living.size - 1)) * MIB;
    const isFilling = rss - rssFloor > noise || heap.usedBytes - heap.floorBytes > FILLING_MIB * MIB;
    const isStarved = threadCpuMs(shared.thread()) - cpuAt < limits.hangMs / 2;
    const hung = now - beatAt > limits.hangMs * (isFilling || isStarved ? PATIENCE : 1);
    const fat = rss > rssLimit() || heap.isOver || (hung && isFilling);
    if (!hung && !fat) return;
    dying = true;
    const frames = fat ? Promise.resolve([]) : hangStack(worker.threadId);
    void frames.then(async (found) => {
      // It may have come back while it was looked at.
      if (hung && shared.heartbeat() !== beat) {
        dying = false;
        return;
      }
      if (fat) die('oom', 'one execution fills the memory');
      else die('hang', `one execution takes more than ${limits.hangMs} ms`, found);
      await worker.terminate();
    });
  }, LOOK_EVERY_MS);

  return {
    shared,
    post: (message) => worker.postMessage(message),
    async close() {
      over = true;
      clearInterval(watch);
      living.delete(worker);
      await worker.terminate();
    },
  };
}

/** Where the process has more than all of its workers may take, one of them fills the memory. */
function rssLimit(): number {
  return [...living.values()].reduce((sum, bytes) => sum + bytes, rssBeforeAll);
}

/** A death as a failure; a hang is told from another by the functions that never returned. */
export function deathFailure(death: Death, modules: readonly string[]): Failure {
  const frames = death.frames.flatMap((frame) => ownFrame(frame.functionName, frame.url, modules) ?? []);
  return sign({
    kind: death.kind,
    errorClass: 'none',
    message: death.message,
    frames,
    stack: portableStack(stackText(death.frames), modules),
  });
}

function stackText(frames: readonly PausedFrame[]): string {
  return frames
    .map((frame) => {
      const { url, line, column } = sourcePlace(frame);
      return `    at ${frame.functionName || '<anonymous>'} (${url}:${line}:${column})`;
    })
    .join('\n');
}

/** The built entry of a worker beside this module; from source (in tests) the one in `dist` is taken. */
export function workerEntry(module: string, here: string): URL {
  if (here.endsWith('.js')) return new URL(`./${module}.js`, here);
  const room = here.slice(here.lastIndexOf('/fuzz/') + 1, here.lastIndexOf('/') + 1);
  const built = new URL(`dist/${room}${module}.js`, here.slice(0, here.lastIndexOf('/fuzz/') + 1));
  if (!existsSync(fileURLToPath(built))) throw new Error(`${fileURLToPath(built)} is missing: npm run build`);
  return built;
}
