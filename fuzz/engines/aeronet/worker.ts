/** Thread of a fuzz worker: sets up the run-time that instrumented modules ask for, then runs the loop. */
import { parentPort, workerData } from 'node:worker_threads';
import { grammarOf } from '../../grammar/grammar-of.ts';
import { failureOf } from '../failure.ts';
import { openFastCheck } from '../fast-check/source.ts';
import { catchLateErrors } from '../late-errors.ts';
import { loadTarget } from '../load-target.ts';
import { sharedInput } from '../shared-input.ts';
import { threadNumber } from '../thread-clock.ts';
import { createTurns } from '../work.ts';
import { createComparisonFeedback } from './comparison.ts';
import { createDictionary, parseDictionary } from './dictionary.ts';
import { createEdgeMap } from './edge-map.ts';
import { RUNTIME_GLOBAL } from './instrument.ts';
import { runLoop } from './loop.ts';
import { createRandom } from './prng.ts';
import type { FromWorker, ToWorker, WorkerOrders } from './protocol.ts';

/** A target that fails in ever new ways would fill the disk; by then there is enough to do. */
const MAX_SIGNATURES = 256;
/** More inputs of others than that wait for nobody: they are in the corpus on disk. */
const MAX_OFFERS = 4_096;

await work();

async function work(): Promise<void> {
  const orders: WorkerOrders & { readonly shared: SharedArrayBuffer } = workerData;
  const shared = sharedInput(orders.shared);
  shared.introduce(threadNumber());
  const say = (message: FromWorker): void => parentPort?.postMessage(message);
  const late = catchLateErrors();
  const known = new Set(orders.known);
  const offers: string[] = [];
  let goOn = (): void => undefined;
  parentPort?.on('message', (message: ToWorker) => {
    if (message.kind === 'go') goOn();
    else if (offers.length < MAX_OFFERS) offers.push(message.input);
  });
  try {
    const edges = createEdgeMap(orders.edges);
    const comparisons = createComparisonFeedback(orders.comparisons);
    const turns = createTurns();
    Reflect.set(globalThis, RUNTIME_GLOBAL, { c: edges.counters, p: comparisons.probes, w: turns });
    // No source maps here: mapping the stack of each failure would cost more than finding it. Triage names `.ts` lines.
    const target = await loadTarget(orders.folder, orders.target);
    const given = [...parseDictionary(target.dictionary, `dictionary of ${target.name}`), ...orders.extraWords];
    const grammar = grammarOf(target.grammar, target);
    const dictionary = createDictionary(given, orders.words);
    const source =
      orders.source === 'aeronet' ? undefined : await openFastCheck(target.grammar, grammar, dictionary, orders.seed);
    say({ kind: 'ready' });
    await runLoop({
      target,
      grammar,
      edges,
      comparisons,
      turns,
      dictionary,
      ...(source === undefined ? {} : { source }),
      random: createRandom(orders.seed),
      seeds: orders.seeds,
      executionsBefore: orders.executionsBefore,
      shared,
      late,
      describe: (thrown, isLate) => failureOf(thrown, orders.modules, isLate),
      onFailure(failure, input, execution) {
        if (known.has(failure.signature) || known.size >= MAX_SIGNATURES) return;
        known.add(failure.signature);
        say({ kind: 'failure', failure, input, execution });
      },
      onEntry: (input, reachedEdge) => say({ kind: 'entry', input, reachedEdge }),
      nextOffer: () => offers.shift(),
      pause: () =>
        new Promise((resolve) => {
          goOn = resolve;
          say({ kind: 'paused' });
        }),
    });
  } catch (error) {
    say({ kind: 'broken', message: error instanceof Error ? error.message : String(error) });
  }
}
