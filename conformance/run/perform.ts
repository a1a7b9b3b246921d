import { stepsOf } from '../define.ts';
import { ConnectError } from '../errors.ts';
import type { Case, Observation } from '../model.ts';
import type { Transcript } from '../wire/transcript.ts';
import { type DialogueOptions, WireDialogue } from './dialogue.ts';

/** What one attempt at a case left behind. */
export interface Performance {
  /** Undefined when the target took no second connection: it died under the case. */
  readonly observation: Observation | undefined;
  readonly transcript: Transcript;
}

/**
 * Performs a case once on a fresh connection: its steps, or its own `run`, then the end of the dialogue.
 * @throws ConnectError when the target takes no connection
 */
export async function perform(
  one: Pick<Case, 'send' | 'methods' | 'run'>,
  options: Omit<DialogueOptions, 'methods'>,
): Promise<Performance> {
  const dialogue = await WireDialogue.open({ ...options, methods: methodsOf(one) });
  try {
    const observation = one.run === undefined ? await takeSteps(one, dialogue) : await one.run(dialogue);
    return { observation, transcript: dialogue.transcript };
  } catch (error) {
    if (error instanceof ConnectError) return { observation: undefined, transcript: dialogue.transcript };
    throw error;
  } finally {
    dialogue.destroy();
  }
}

/** Methods of the requests that are expected to be answered: as the case says, or its first token alone. */
export function methodsOf(one: Pick<Case, 'send' | 'methods'>): readonly string[] {
  if (one.methods !== undefined) return one.methods;
  const text = stepsOf(one).find((step) => typeof step === 'string') ?? '';
  return [/^[\r\n]*([!-~]+)/.exec(text)?.[1] ?? 'GET'];
}

async function takeSteps(one: Pick<Case, 'send'>, dialogue: WireDialogue): Promise<Observation> {
  for (const step of stepsOf(one)) {
    if (typeof step === 'string') await dialogue.send(step);
    else if (step.kind === 'progress') await dialogue.progress();
    else if (step.kind === 'interim') await dialogue.interim();
    else if (step.kind === 'response') await dialogue.response();
    else if (step.kind === 'half-close') dialogue.halfClose();
    else throw new Error(`Unknown step ${JSON.stringify(step satisfies never)}`);
  }
  return dialogue.finish();
}
