import { ConnectError } from '../errors.ts';
import type { Placeholders } from '../run/placeholders.ts';
import type { Rest } from '../run/pool.ts';
import type { Address } from '../wire/connection.ts';
import type { Transcript } from '../wire/transcript.ts';
import { WireH2Dialogue } from './dialogue.ts';
import { streamsOf } from './judge.ts';
import type { H2Case, H2Observation } from './model.ts';

/** What one attempt at a case left behind. */
export interface H2Performance {
  /** Undefined when the target took no second connection: it died under the case. */
  readonly observation: H2Observation | undefined;
  readonly transcript: Transcript;
}

export interface H2PerformOptions {
  readonly address: Address;
  readonly values: Placeholders;
  readonly canEcho: boolean;
  readonly timeoutMs: number;
  /** Takes the waits in which nothing is asked of the target. */
  readonly rest?: Rest;
}

/** Stream of the sentinel where a dialogue is in code: no case goes so far. */
const SENTINEL_OF_CODE = 100_001;

/**
 * Performs a case once on a fresh connection.
 * @throws ConnectError when the target takes no connection
 */
export async function performH2(one: H2Case, options: H2PerformOptions): Promise<H2Performance> {
  const { handshake = [] } = one;
  const dialogue = await WireH2Dialogue.open({
    ...options,
    awaits: one.awaits ?? streamsOf(one),
    sentinel: sentinelStream(one),
    handshake,
    ...(one.cut === undefined ? {} : { cut: one.cut }),
  });
  try {
    if (one.run !== undefined) return { observation: await one.run(dialogue), transcript: dialogue.transcript };
    await dialogue.take(...one.frames);
    return { observation: await dialogue.finish(), transcript: dialogue.transcript };
  } catch (error) {
    if (error instanceof ConnectError) return { observation: undefined, transcript: dialogue.transcript };
    throw error;
  } finally {
    dialogue.destroy();
  }
}

/** The stream of the closing request: the first of a client's above all that the case names, where there is one. */
export function sentinelStream(one: H2Case): number | undefined {
  if (one.sentinel !== undefined) return one.sentinel === 'none' ? undefined : one.sentinel;
  if (one.run !== undefined) return SENTINEL_OF_CODE;
  const named = one.frames.flatMap((step) => (step.kind === 'octets' ? [step.stream ?? 0] : []));
  return (Math.max(0, ...named) | 1) + 2;
}
