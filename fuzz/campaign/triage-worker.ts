/** Thread in which single inputs run on the build as it is, not instrumented: for replay, confirmation and minimising. */
import { parentPort, workerData } from 'node:worker_threads';
import { createComparisonFeedback } from '../engines/aeronet/comparison.ts';
import { createEdgeMap } from '../engines/aeronet/edge-map.ts';
import { RUNTIME_GLOBAL } from '../engines/aeronet/instrument.ts';
import { MINIMISE_CAPS, minimise } from '../engines/aeronet/minimise.ts';
import { type Failure, failureOf } from '../engines/failure.ts';
import { catchLateErrors, settle } from '../engines/late-errors.ts';
import { octetsOf } from '../engines/latin1-input.ts';
import { loadTarget } from '../engines/load-target.ts';
import { sharedInput } from '../engines/shared-input.ts';
import { threadNumber } from '../engines/thread-clock.ts';
import { createTurns, overwork, type Turns } from '../engines/work.ts';
import { tellBothWays } from '../events/tell-both-ways.ts';
import { grammarOf } from '../grammar/grammar-of.ts';
import type { FromTriage, ToTriage, TriageOrders } from './triage-protocol.ts';

/** Late errors are waited for, so that fewer candidates can be afforded. */
const PATIENT_EXECUTIONS = 200;

await work();

async function work(): Promise<void> {
  const orders: TriageOrders & { readonly shared: SharedArrayBuffer } = workerData;
  const shared = sharedInput(orders.shared);
  shared.introduce(threadNumber());
  const say = (message: FromTriage): void => parentPort?.postMessage(message);
  const late = catchLateErrors();
  try {
    process.setSourceMapsEnabled(true);
    Error.stackTraceLimit = 24;
    const turns = orders.counting === undefined ? undefined : countTurns(orders.counting);
    const target = await loadTarget(orders.tree, orders.target);

    const run = async (input: string, patient: boolean): Promise<Failure | undefined> => {
      const octets = octetsOf(input);
      shared.publish(octets);
      if (turns !== undefined) turns[0] = 0;
      let failure: Failure | undefined;
      try {
        const pending = target.fuzz(octets);
        if (pending !== undefined) await pending;
      } catch (thrown) {
        failure = failureOf(thrown, orders.modules, false);
      }
      if (turns !== undefined) failure ??= overwork(target, turns[0] ?? 0, octets.length);
      if (patient) await settle(true);
      const left = patient ? late.take() : [];
      return failure ?? (left.length === 0 ? undefined : failureOf(left[0], orders.modules, true));
    };

    parentPort?.on('message', async (order: ToTriage) => {
      if (order.kind === 'run') {
        const failure = await run(order.input, order.patient);
        shared.rest();
        say({ kind: 'ran', failure });
        return;
      }
      if (order.kind === 'run-all') {
        const failures: (Failure | undefined)[] = [];
        for (const input of order.inputs) failures.push(await run(input, false));
        shared.rest();
        say({ kind: 'ran-all', failures });
        return;
      }
      if (order.kind === 'events') {
        const octets = octetsOf(order.input);
        shared.publish(octets);
        tellBothWays(target, octets, (way, line) => say({ kind: 'told', way, line }));
        shared.rest();
        say({ kind: 'told-all' });
        return;
      }
      // Signatures need no lines, and mapping each candidate's stack would cost more than running it.
      process.setSourceMapsEnabled(false);
      const stillFails = async (candidate: string): Promise<boolean> => {
        const failure = await run(candidate, order.patient);
        if (failure?.signature !== order.signature) return false;
        say({ kind: 'smaller', input: candidate });
        return true;
      };
      const caps = order.patient ? { ...MINIMISE_CAPS, executions: PATIENT_EXECUTIONS } : MINIMISE_CAPS;
      const { input, executions } = await minimise(order.input, stillFails, grammarOf(target.grammar, target), caps);
      process.setSourceMapsEnabled(true);
      shared.rest();
      say({ kind: 'minimised', input, executions });
    });
    say({ kind: 'ready' });
  } catch (error) {
    say({ kind: 'broken', message: error instanceof Error ? error.message : String(error) });
  }
}

/** Gives instrumented modules what they ask for; of all that they count, only the turns are looked at. */
function countTurns({ edges, comparisons }: NonNullable<TriageOrders['counting']>): Turns {
  const turns = createTurns();
  const { counters } = createEdgeMap(edges);
  Reflect.set(globalThis, RUNTIME_GLOBAL, { c: counters, p: createComparisonFeedback(comparisons).probes, w: turns });
  return turns;
}
