/**
 * The target as a foreign engine sees it: a function that never fails. Such an engine ends at the first crash, may take a
 * rejected promise or a late throw for a pass, and tells two crashes by their octets; so whatever leaves the target is told
 * to the supervisor instead, with its signature, and the engine goes on.
 */
import { FuzzError } from '../errors.ts';
import { type Failure, failureOf } from './failure.ts';
import { catchLateErrors, findCulprit, settle } from './late-errors.ts';
import { inputOf } from './latin1-input.ts';
import { loadTarget } from './load-target.ts';
import { normaliseMessage } from './signature.ts';

/** What a guest is started with. */
export interface GuestOrders {
  /** Folder of the tree to load the target from. */
  readonly folder: string;
  readonly target: string;
  readonly modules: readonly string[];
}

export type FromGuest =
  | { readonly kind: 'failure'; readonly failure: Failure; readonly input: string; readonly isPinned: boolean }
  | { readonly kind: 'broken'; readonly message: string };

const STACK_FRAMES = 24;
/** Inputs among which the culprit of a late error is looked for. */
const RECENT = 512;
const MAX_SIGNATURES = 256;

/** Loads the target; the answer runs it on one input, at once where the target does. What goes wrong is told, never thrown. */
export async function openGuest(
  orders: GuestOrders,
  tell: (message: FromGuest) => void,
): Promise<(data: Uint8Array) => void | Promise<void>> {
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

  /** Runs the target once; `failed` is called with what it throws. */
  const attempt = (octets: Uint8Array, failed: (thrown: unknown) => void | Promise<void>): void | Promise<void> => {
    try {
      const pending = target.fuzz(octets);
      return pending === undefined ? undefined : pending.catch(failed);
    } catch (thrown) {
      return failed(thrown);
    }
  };

  /** Runs the target; a stack is wanted of what fails only, and then the input runs again. */
  const execute = (octets: Uint8Array): void | Promise<void> => {
    recent[executions++ % RECENT] = octets;
    Error.stackTraceLimit = 0;
    return attempt(octets, (first) => {
      Error.stackTraceLimit = STACK_FRAMES;
      let thrown = first;
      const tellOf = (): void => report(failureOf(thrown, orders.modules, false), octets, true);
      const again = attempt(octets, (second) => {
        thrown = second;
      });
      return again === undefined ? tellOf() : again.then(tellOf);
    });
  };

  /** Pins late errors on one of the last inputs by running them again; each kind once. */
  const blame = async (error: unknown): Promise<void> => {
    let failure = failureOf(error, orders.modules, true);
    const kind = lateKind(failure);
    if (lateKinds.has(kind)) return;
    lateKinds.add(kind);
    const suspects = [...recent.slice(executions % RECENT), ...recent.slice(0, executions % RECENT)];
    const culprit = await findCulprit(suspects, async (inputs) => {
      for (const input of inputs) await attempt(input, () => undefined);
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

  return (data) => {
    // Between two executions the engine waits, for a message or a turn: what the last ones left behind has run by now.
    const errors = late.take();
    const octets = new Uint8Array(data.subarray(0, target.maxLength));
    if (errors.length === 0) return execute(octets);
    Error.stackTraceLimit = STACK_FRAMES;
    return errors
      .reduce<Promise<void>>((before, error) => before.then(() => blame(error)), Promise.resolve())
      .then(() => execute(octets));
  };
}

function lateKind(failure: Failure): string {
  return `${failure.errorClass} ${normaliseMessage(failure.message)}`;
}
