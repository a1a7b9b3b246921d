/**
 * The memory that a worker shares with its watchdog: the input it runs, published before each execution, so that whatever
 * happens to the worker the input that did it is known; and its counters, so that watching costs no message.
 */
import { MAX_INPUT_BYTES } from '../define.ts';

const HEADER_BYTES = 128;
const SEQUENCE = 0;
const LENGTH = 1;
const RUNNING = 2;
const STOP = 3;
const THREAD = 4;

/**
 * What a worker tells about itself, by position. `imported`: inputs of other workers that it kept; `singles`: buckets of
 * edges that exactly one execution has reached.
 */
const STATS = ['executions', 'edgesHit', 'corpusEntries', 'replayed', 'imported', 'singles'] as const;
const STATS_AT = 32;
const LIMIT_AT = STATS_AT + 8 * STATS.length;

export type WorkerStats = Readonly<Record<(typeof STATS)[number], number>>;

export interface SharedInput {
  readonly buffer: SharedArrayBuffer;
  /** The worker's thread as the system numbers it, 0 where that is not known. */
  thread(): number;
  /** Worker: says which thread it is. */
  introduce(thread: number): void;
  /** Worker: says which input runs now. */
  publish(input: Uint8Array): void;
  /** Worker: says that nothing of the target runs. */
  rest(): void;
  tell(stats: WorkerStats): void;
  /** Whether the slice is over: asked for, or that many executions done. */
  sliceIsOver(executions: number): boolean;
  /** Watchdog: until which execution the slice lasts. */
  beginSlice(lastExecution: number): void;
  /** Watchdog: ends the slice at the next occasion. */
  endSlice(): void;
  /** Until which execution the slice lasts. */
  lastExecution(): number;
  /** Watchdog: changes with each execution; undefined while nothing runs. */
  heartbeat(): number | undefined;
  /** Watchdog: how many inputs were published. */
  published(): number;
  /** Watchdog: a copy of the input that runs, or ran last. */
  current(): Uint8Array<ArrayBuffer>;
  stats(): WorkerStats;
}

/** Lays the views over a shared buffer, or over a new one. */
export function sharedInput(buffer = new SharedArrayBuffer(HEADER_BYTES + MAX_INPUT_BYTES)): SharedInput {
  const header = new Int32Array(buffer, 0, 8);
  const counters = new Float64Array(buffer, STATS_AT, STATS.length);
  const limit = new Float64Array(buffer, LIMIT_AT, 1);
  const octets = new Uint8Array(buffer, HEADER_BYTES);

  return {
    buffer,
    thread: () => Atomics.load(header, THREAD),
    introduce(thread) {
      Atomics.store(header, THREAD, thread);
    },
    publish(input) {
      octets.set(input);
      Atomics.store(header, LENGTH, input.length);
      Atomics.add(header, SEQUENCE, 1);
      Atomics.store(header, RUNNING, 1);
    },
    rest() {
      Atomics.store(header, RUNNING, 0);
    },
    tell(stats) {
      for (const [index, name] of STATS.entries()) counters[index] = stats[name];
    },
    sliceIsOver: (executions) => Atomics.load(header, STOP) === 1 || executions >= (limit[0] ?? 0),
    lastExecution: () => limit[0] ?? 0,
    beginSlice(lastExecution) {
      limit[0] = lastExecution;
      Atomics.store(header, STOP, 0);
    },
    endSlice() {
      Atomics.store(header, STOP, 1);
    },
    heartbeat: () => (Atomics.load(header, RUNNING) === 1 ? Atomics.load(header, SEQUENCE) : undefined),
    published: () => Atomics.load(header, SEQUENCE) >>> 0,
    current: () => new Uint8Array(octets.slice(0, Atomics.load(header, LENGTH))),
    stats() {
      const [executions = 0, edgesHit = 0, corpusEntries = 0, replayed = 0, imported = 0, singles = 0] = counters;
      return { executions, edgesHit, corpusEntries, replayed, imported, singles };
    },
  };
}
