/** Thread that replays corpora on the build as it is, with V8 counting which blocks of the core run. */
import { Session } from 'node:inspector/promises';
import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import { octetsOf } from '../engines/latin1-input.ts';
import { loadTarget } from '../engines/load-target.ts';
import { sharedInput } from '../engines/shared-input.ts';
import { MissingPackageError } from '../errors.ts';
import { watchCodes } from './code-registry.ts';
import type { FromLines, LinesOrders, ScriptCoverage, ToLines } from './lines-protocol.ts';

await work();

async function work(): Promise<void> {
  const orders: LinesOrders & { readonly shared: SharedArrayBuffer } = workerData;
  const shared = sharedInput(orders.shared);
  const say = (message: FromLines): void => parentPort?.postMessage(message);
  process.on('uncaughtException', () => undefined);
  process.on('unhandledRejection', () => undefined);
  try {
    const session = new Session();
    session.connect();
    await session.post('Profiler.enable');
    await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
    const base = `${pathToFileURL(orders.tree).href}/`;
    const urls = new Set(orders.modules.map((path) => base + path));
    const prefixed = (subject: readonly string[], url: string): boolean =>
      subject.some((prefix) => [`${prefix}/`, `${prefix}.js`].some((end) => url.startsWith(base + end)));
    /** What ran, of the core and of a target's subject. */
    const take = async (subject: readonly string[]): Promise<ScriptCoverage[]> => {
      const { result } = await session.post('Profiler.takePreciseCoverage');
      return result.filter(({ url }) => urls.has(url) || prefixed(subject, url));
    };
    for (const url of urls) await import(url);
    const codes = watchCodes(await import(`${base}core/sans-io.js`));

    const replay = async ({ target: name, inputs, isLast }: ToLines): Promise<FromLines> => {
      let failed = 0;
      const target = await loadTarget(orders.tree, name);
      codes.take();
      for (const input of inputs) {
        const octets = octetsOf(input);
        shared.publish(octets);
        try {
          const pending = target.fuzz(octets);
          if (pending !== undefined) await pending;
        } catch {
          failed++;
        }
      }
      shared.rest();
      const scripts = isLast ? await take(target.subject) : [];
      return { kind: 'replayed', target: name, scripts, codes: codes.take(), failed };
    };

    parentPort?.on('message', async (order: ToLines) => {
      try {
        say(await replay(order));
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        say(
          error instanceof MissingPackageError
            ? { kind: 'skipped', target: order.target, message }
            : { kind: 'broken', message },
        );
      }
    });
    say({ kind: 'ready', codes: codes.all });
  } catch (error) {
    say({ kind: 'broken', message: error instanceof Error ? error.message : String(error) });
  }
}
