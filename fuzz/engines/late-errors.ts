/** Errors that come after a target has returned: a throw in a timer, a rejection that nobody handles. */
export interface LateErrors {
  /** What came since the last call, at most 64 of them. */
  take(): readonly unknown[];
}

/** Longest time that a timer of a target is waited for when a late error is looked for, in milliseconds. */
const SETTLE_MS = 60;
const MAX_WAITING = 64;

/** Catches the thread's late errors from now on. */
export function catchLateErrors(): LateErrors {
  let waiting: unknown[] = [];
  const note = (error: unknown): void => {
    if (waiting.length < MAX_WAITING) waiting.push(error);
  };
  process.on('uncaughtException', note);
  process.on('unhandledRejection', note);
  return {
    take() {
      const taken = waiting;
      waiting = [];
      return taken;
    },
  };
}

/** Lets promises, immediates and short timers of the target run. */
export async function settle(patient: boolean): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  if (patient) await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
}

/**
 * Finds the input whose execution led to a late error: halves the list until one is left.
 * `provokes` runs the inputs, waits, and says whether the error came again. Undefined when it does not come again.
 */
export async function findCulprit<Input>(
  inputs: readonly Input[],
  provokes: (inputs: readonly Input[]) => Promise<boolean>,
): Promise<Input | undefined> {
  if (!(await provokes(inputs))) return undefined;
  let suspects = inputs;
  while (suspects.length > 1) {
    const half = suspects.slice(0, suspects.length >> 1);
    suspects = (await provokes(half)) ? half : suspects.slice(half.length);
  }
  return suspects[0];
}
