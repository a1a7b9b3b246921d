/**
 * Which edges of its subject each input of a target reaches, and how often: in AFL's eight buckets, measured on an
 * instrumented mirror in a watched thread. An input that fails, hangs or kills the thread has none.
 */
import { mkdirSync } from 'node:fs';
import { mirrorTarget } from '../engines/aeronet/mirror.ts';
import { inputOf } from '../engines/latin1-input.ts';
import { loadTarget, targetModule } from '../engines/load-target.ts';
import { DEFAULT_WATCH_LIMITS, type Death, startWatchedWorker, workerEntry } from '../engines/watched-worker.ts';
import { FuzzError } from '../errors.ts';
import type { FeatureOrders, FromFeatures, ToFeatures } from './features-protocol.ts';

/** Features of one input, ascending: `8 * edge + bucket`. Undefined for an input that fails. */
export type Features = Uint32Array<ArrayBuffer> | undefined;

export interface Measured {
  readonly features: readonly Features[];
  /** Time until the target was instrumented and loaded, and that of the executions. */
  readonly loadMs: number;
  readonly runMs: number;
}

export interface MeasureOptions {
  readonly tree: string;
  readonly target: string;
  /** Where instrumented mirrors are kept. */
  readonly cache: string;
  readonly hangMs: number;
  readonly signal: AbortSignal;
}

/** A batch is run again when one of its inputs kills the thread: few octets wait for an answer at a time. */
const BATCH = 512;
/** A corpus whose every other entry kills the thread is none. */
const MAX_DEATHS = 100;

/**
 * Measures inputs in their order.
 * @throws FuzzError (exit 2: target or subject invalid; exit 3: the target does not load); AbortError once the signal aborts
 */
export async function measureFeatures(options: MeasureOptions, inputs: readonly Uint8Array[]): Promise<Measured> {
  const startedAt = performance.now();
  mkdirSync(options.cache, { recursive: true });
  const target = await loadTarget(options.tree, options.target);
  const mirror = mirrorTarget(options.tree, targetModule(options.target), target.subject, options.cache);
  const thread = createThread({ folder: mirror.folder, target: options.target, edges: mirror.edges }, options.hangMs);
  try {
    await thread.started();
    const loadedAt = performance.now();
    const features: Features[] = [];
    let deaths = 0;
    for (let from = 0; from < inputs.length; ) {
      options.signal.throwIfAborted();
      const batch = inputs.slice(from, from + BATCH).map(inputOf);
      const answer = await thread.measure(batch);
      if ('features' in answer) {
        features.push(...answer.features);
        from += batch.length;
        continue;
      }
      if (++deaths > MAX_DEATHS) {
        throw new FuzzError(
          3,
          `${options.target}: more than ${MAX_DEATHS} inputs kill their thread: run them with replay`,
        );
      }
      // Those before it are run again, without it; what comes behind it waits for the next batch.
      const deadly = batch.indexOf(inputOf(answer.input));
      if (deadly < 0) throw new FuzzError(3, `${options.target} dies of no input in particular: ${answer.message}`);
      const before = await thread.measure(batch.slice(0, deadly));
      if ('features' in before) features.push(...before.features, undefined);
      else throw new FuzzError(3, `${options.target} does not do the same twice: ${before.message}`);
      from += deadly + 1;
    }
    return { features, loadMs: loadedAt - startedAt, runMs: performance.now() - loadedAt };
  } finally {
    await thread.close();
  }
}

type Answer = { readonly features: readonly Features[] } | Death;

/** One question at a time; a thread that died is started again for the next. */
function createThread(orders: FeatureOrders, hangMs: number) {
  let settle: (answer: Answer) => void = () => undefined;
  let refuse: (error: Error) => void = () => undefined;
  let ready: () => void = () => undefined;

  const start = () =>
    startWatchedWorker<FromFeatures, ToFeatures>({
      entry: workerEntry('features-worker', import.meta.url),
      data: orders,
      limits: { ...DEFAULT_WATCH_LIMITS, hangMs },
      onMessage(message) {
        if (message.kind === 'ready') ready();
        else if (message.kind === 'measured') settle(message);
        else refuse(new FuzzError(3, message.message));
      },
      onDeath(death) {
        worker = undefined;
        if (death.inTarget) settle(death);
        else refuse(new FuzzError(3, `fuzz target ${orders.target} does not start: ${death.message}`));
      },
    });
  let worker: ReturnType<typeof start> | undefined;

  return {
    started(): Promise<void> {
      return new Promise((resolve, reject) => {
        ready = resolve;
        refuse = reject;
        worker = start();
      });
    },
    measure(inputs: readonly string[]): Promise<Answer> {
      if (inputs.length === 0) return Promise.resolve({ features: [] });
      return new Promise((resolve, reject) => {
        settle = resolve;
        refuse = reject;
        worker ??= start();
        worker.post({ inputs });
      });
    },
    async close(): Promise<void> {
      await worker?.close();
    },
  };
}
