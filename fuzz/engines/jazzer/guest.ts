/** The target as Jazzer.js loads it. libFuzzer has the thread, so what there is to say is written to a file. */
import { appendFileSync } from 'node:fs';
import { type FromGuest, type GuestOrders, openGuest } from '../guest.ts';

export type FromJazzer =
  | (FromGuest & { readonly execution: number })
  | { readonly kind: 'pulse'; readonly executions: number; readonly cpuMs: number };

const PULSE_MS = 250;
/** Executions after which the clock is looked at. */
const LOOK_EVERY = 64;

/** Loads the target for Jazzer.js, which calls the answer; `events` is the file that is written to. */
export async function openJazzerGuest(
  orders: GuestOrders,
  events: string,
): Promise<(data: Uint8Array) => void | Promise<void>> {
  let executions = 0;
  let toldAt = 0;
  const tell = (message: FromJazzer): void => appendFileSync(events, `${JSON.stringify(message)}\n`);
  const pulse = (): void => {
    const { user, system } = process.cpuUsage();
    tell({ kind: 'pulse', executions, cpuMs: (user + system) / 1_000 });
  };
  const run = await openGuest(orders, (message) => tell({ ...message, execution: executions }));
  process.on('exit', pulse);
  return (data) => {
    if (executions++ % LOOK_EVERY === 0 && performance.now() - toldAt > PULSE_MS) {
      toldAt = performance.now();
      pulse();
    }
    return run(data);
  };
}
