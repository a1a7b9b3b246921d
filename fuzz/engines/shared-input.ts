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

/** What a worker tells about itself, by position. */
const STATS = ['executions', 'edgesHit', 'corpusEntries', 'replayed'] as const;

export type WorkerStats = Readonly<Record<(typeof STATS)[number], number>>;

export interface SharedInput {
  readonly buffer: SharedArrayBuffer;
  /** Worker: says which input runs now. */
  publish(input: Uint8Array): void;
  /** Worker: says that nothing of the target runs. */
  rest(): void;
  tell(stats: WorkerStats): void;
  stopRequested(): boolean;
  /** Watchdog: changes with each execution; undefined while nothing runs. */
  heartbeat(): number | undefined;
  /** Watchdog: how many inputs were published. */
  published(): number;
  /** Watchdog: a copy of the input that runs, or ran last. */
  current(): Uint8Array<ArrayBuffer>;
  stats(): WorkerStats;
  requestStop(): void;
}

/** Lays the views over a shared buffer, or over a new one. */
export function sharedInput(buffer = new SharedArrayBuffer(HEADER_BYTES + MAX_INPUT_BYTES)): SharedInput {
  const header = new Int32Array(buffer, 0, 8);
  const counters = new Float64Array(buffer, 32, STATS.length);
  const octets = new Uint8Array(buffer, HEADER_BYTES);

  return {
    buffer,
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
    stopRequested: () => Atomics.load(header, STOP) === 1,
    heartbeat: () => (Atomics.load(header, RUNNING) === 1 ? Atomics.load(header, SEQUENCE) : undefined),
    published: () => Atomics.load(header, SEQUENCE) >>> 0,
    current: () => new Uint8Array(octets.slice(0, Atomics.load(header, LENGTH))),
    stats() {
      const [executions = 0, edgesHit = 0, corpusEntries = 0, replayed = 0] = counters;
      return { executions, edgesHit, corpusEntries, replayed };
    },
    requestStop() {
      Atomics.store(header, STOP, 1);
    },
  };
}
