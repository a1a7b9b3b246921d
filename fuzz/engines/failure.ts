/** A failure of a target, described so that two runs, two engines and two builds describe the same one alike. */
import { signatureOf } from './signature.ts';
import { ownFrames, portableStack } from './stack-frames.ts';

/** How a target failed; the same words as in the results' `finding` event. */
export type FailureKind = 'exception' | 'oracle' | 'hang' | 'oom' | 'stack-overflow' | 'late' | 'lost';

export interface Failure {
  /** `v1:` and 16 hex digits. */
  readonly signature: string;
  readonly kind: FailureKind;
  readonly errorClass: string;
  readonly message: string;
  /** Own frames, innermost first: `core/http1/parser.ts:receive`. */
  readonly frames: readonly string[];
  readonly stack: string;
  /** Octet of the input where an oracle found it. */
  readonly offset?: number;
  /** Protocol state that an oracle names. */
  readonly state?: string;
}

/** What is known before the signature is. */
export type FailureParts = Omit<Failure, 'signature'>;

const MAX_MESSAGE = 2_000;
const MAX_STACK = 8_000;

/** Describes what left a target. `modules` are the tree's own modules; frames elsewhere do not count. */
export function failureOf(thrown: unknown, modules: readonly string[], late: boolean): Failure {
  if (!(thrown instanceof Error)) {
    const message = `threw ${typeof thrown}: ${String(thrown)}`;
    return sign({ kind: late ? 'late' : 'exception', errorClass: 'none', message, frames: [], stack: '' });
  }
  const overflow = thrown instanceof RangeError && /call stack/.test(thrown.message);
  const stack = String(thrown.stack ?? thrown.message);
  const oracle = 'oracle' in thrown && typeof thrown.oracle === 'string';
  return sign({
    kind: late ? 'late' : overflow ? 'stack-overflow' : oracle ? 'oracle' : 'exception',
    errorClass: oracle ? `${thrown.name} ${thrown.oracle}` : thrown.name,
    message: thrown.message,
    frames: overflow ? recursion(ownFrames(stack, modules)) : ownFrames(stack, modules),
    stack: portableStack(stack, modules),
    ...('offset' in thrown && typeof thrown.offset === 'number' ? { offset: thrown.offset } : {}),
    ...('state' in thrown && typeof thrown.state === 'string' ? { state: thrown.state } : {}),
  });
}

/** Bounds the parts and adds the signature. */
export function sign(parts: FailureParts): Failure {
  const bounded = { ...parts, message: parts.message.slice(0, MAX_MESSAGE), stack: parts.stack.slice(0, MAX_STACK) };
  return { ...bounded, signature: signatureOf(bounded) };
}

/** Where the stack ends is chance: only what recurs, in a fixed order, tells one endless recursion from another. */
function recursion(frames: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const frame of frames) counts.set(frame, (counts.get(frame) ?? 0) + 1);
  const recurring = [...counts].filter(([, count]) => count > 1).map(([frame]) => frame);
  return (recurring.length > 0 ? recurring : [...counts.keys()]).sort();
}
