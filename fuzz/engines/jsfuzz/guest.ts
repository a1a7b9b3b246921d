/**
 * The target as jsfuzz sees it: a function that never fails. jsfuzz ends at the first crash, takes a rejected promise or a late
 * throw for a pass, and tells two crashes by their octets; so whatever leaves the target is told to the supervisor instead,
 * with its signature, and jsfuzz goes on.
 */
import { FuzzError } from '../../errors.ts';
import { type Failure, failureOf } from '../failure.ts';
import { catchLateErrors, findCulprit, settle } from '../late-errors.ts';
import { inputOf } from '../latin1-input.ts';
import { loadTarget } from '../load-target.ts';
import { normaliseMessage } from '../signature.ts';
import type { FromGuest, GuestOrders } from './protocol.ts';

const STACK_FRAMES = 24;
/** Inputs among which the culprit of a late error is looked for. */
const RECENT = 512;
const MAX_SIGNATURES = 256;

/** Loads the target; the answer runs it on one input. What goes wrong is told, never thrown. */
export async function openGuest(orders: GuestOrders): Promise<(data: Uint8Array) => Promise<void>> {
  const late = catchLateErrors();
  const known = new Set<string>();
  const lateKinds = new Set<string>();
  const recent: Uint8Array[] = [];
  let executions = 0;

  const target = await loadTarget(orders.folder, orders.target).catch((error: unknown) => {
    tell({ kind: 'broken', message: error instanceof FuzzError ? error.message : String(error) });
    throw error;
  });

  const report = (failure: Failure, octets: Uint8Array, isPinned: boolean): void => {
    if (known.has(failure.signature) || known.size >= MAX_SIGNATURES) return;
    known.add(failure.signature);
    tell({ kind: 'failure', failure, input: inputOf(octets), isPinned });
  };

  /** Runs the target once; answers what it threw. */
  const attempt = async (octets: Uint8Array): Promise<{ readonly thrown: unknown } | undefined> => {
    try {
      const pending = target.fuzz(octets);
      if (pending !== undefined) await pending;
      return undefined;
    } catch (thrown) {
      return { thrown };
    }
  };

  /** Pins late errors on one of the last inputs by running them again; each kind once. */
  const blame = async (error: unknown): Promise<void> => {
    let failure = failureOf(error, orders.modules, true);
    const kind = lateKind(failure);
    if (lateKinds.has(kind)) return;
    lateKinds.add(kind);
    const suspects = [...recent.slice(executions % RECENT), ...recent.slice(0, executions % RECENT)];
    const culprit = await findCulprit(suspects, async (inputs) => {
      for (const input of inputs) await attempt(input);
      await settle(true);
      const same = late
        .take()
        .map((one) => failureOf(one, orders.modules, true))
        .find((one) => lateKind(one) === kind);
      failure = same ?? failure;
      return same !== undefined;
    });
    report(failure, culprit ?? suspects.at(-1) ?? new Uint8Array(), culprit !== undefined);
  };

  return async (data) => {
    // Between two executions jsfuzz waits for a message: what the last ones left behind has run by now.
    Error.stackTraceLimit = STACK_FRAMES;
    for (const error of late.take()) await blame(error);
    const octets = new Uint8Array(data.subarray(0, target.maxLength));
    recent[executions++ % RECENT] = octets;
    // A stack is wanted of what fails only, and then the input runs again.
    Error.stackTraceLimit = 0;
    const first = await attempt(octets);
    Error.stackTraceLimit = STACK_FRAMES;
    if (first === undefined) return;
    const again = await attempt(octets);
    report(failureOf((again ?? first).thrown, orders.modules, false), octets, true);
  };
}

function lateKind(failure: Failure): string {
  return `${failure.errorClass} ${normaliseMessage(failure.message)}`;
}

function tell(aeronet: FromGuest): void {
  process.send?.({ aeronet });
}
