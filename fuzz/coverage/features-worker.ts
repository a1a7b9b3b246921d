/** Thread that runs inputs on the instrumented mirror of a target and tells which edges each of them reaches, how often. */
import { parentPort, workerData } from 'node:worker_threads';
import { createEdgeMap } from '../engines/aeronet/edge-map.ts';
import { RUNTIME_GLOBAL } from '../engines/aeronet/instrument.ts';
import { octetsOf } from '../engines/latin1-input.ts';
import { loadTarget } from '../engines/load-target.ts';
import { sharedInput } from '../engines/shared-input.ts';
import type { FeatureOrders, FromFeatures, ToFeatures } from './features-protocol.ts';
import { plainProbes } from './plain-probes.ts';

await work();

async function work(): Promise<void> {
  const orders: FeatureOrders & { readonly shared: SharedArrayBuffer } = workerData;
  const shared = sharedInput(orders.shared);
  const say = (message: FromFeatures): void => parentPort?.postMessage(message);
  // What an input leaves behind is a finding, and finding is not what is done here.
  process.on('uncaughtException', () => undefined);
  process.on('unhandledRejection', () => undefined);
  // Subjects make error objects for each refusal, and nobody reads these stacks.
  Error.stackTraceLimit = 0;
  try {
    const edges = createEdgeMap(orders.edges);
    Reflect.set(globalThis, RUNTIME_GLOBAL, { c: edges.counters, p: plainProbes });
    const target = await loadTarget(orders.folder, orders.target);
    let isFirst = true;

    const measure = async (input: string): Promise<Uint32Array<ArrayBuffer> | undefined> => {
      const octets = octetsOf(input);
      shared.publish(octets);
      edges.reset();
      try {
        const pending = target.fuzz(octets);
        if (pending !== undefined) await pending;
      } catch {
        return undefined;
      }
      return edges.features();
    };

    parentPort?.on('message', async ({ inputs }: ToFeatures) => {
      const [first] = inputs;
      // What is set up once is no merit of the input that happens to come first.
      if (isFirst && first !== undefined) await measure(first);
      isFirst = false;
      const features: (Uint32Array<ArrayBuffer> | undefined)[] = [];
      for (const input of inputs) features.push(await measure(input));
      shared.rest();
      say({ kind: 'measured', features });
    });
    say({ kind: 'ready' });
  } catch (error) {
    say({ kind: 'broken', message: error instanceof Error ? error.message : String(error) });
  }
}
