/** How full the heap of another thread is, asked from outside while it runs, and told even where it never returns. */
import type { Worker } from 'node:worker_threads';

/** A worker that can be asked: from Node 22.16 and 24 on. */
interface AskableWorker extends Worker {
  getHeapStatistics(): Promise<{ readonly used_heap_size: number }>;
}

/** What the gauge saw. */
export interface HeapGauge {
  /** Asks again, unless an answer is still due. */
  look(): void;
  /** Octets in use at the last answer, and at the least since `forget()`; garbage counts until it is collected. */
  readonly usedBytes: number;
  readonly floorBytes: number;
  /** Whether two answers in a row were above the limit: one may have been garbage. */
  readonly isOver: boolean;
  /** Another execution begins: growth is counted from here. */
  forget(): void;
}

/** Whether this Node can tell how full a worker's heap is. */
export function canGauge(worker: Worker): worker is AskableWorker {
  return 'getHeapStatistics' in worker && typeof worker.getHeapStatistics === 'function';
}

/** A gauge of a worker's heap; where it cannot be asked, nothing is ever over. */
export function heapGauge(worker: Worker, limitBytes: number): HeapGauge {
  let isDue = false;
  let usedBytes = 0;
  let floorBytes = Number.POSITIVE_INFINITY;
  let above = 0;
  const learn = (bytes: number): void => {
    usedBytes = bytes;
    floorBytes = Math.min(floorBytes, bytes);
    above = bytes > limitBytes ? above + 1 : 0;
  };
  return {
    look() {
      if (isDue || !canGauge(worker)) return;
      isDue = true;
      worker
        .getHeapStatistics()
        // It has ended: what it died of is told elsewhere.
        .then(
          (statistics) => learn(statistics.used_heap_size),
          () => undefined,
        )
        .finally(() => {
          isDue = false;
        });
    },
    get usedBytes() {
      return usedBytes;
    },
    get floorBytes() {
      return Math.min(floorBytes, usedBytes);
    },
    get isOver() {
      return above > 1;
    },
    forget() {
      floorBytes = Number.POSITIVE_INFINITY;
    },
  };
}
