/** aeronet's own engine at one go: a session with a single slice. */
import type { EngineOptions, EngineStats } from '../engine.ts';
import { openSession } from './session.ts';

export { openSession };

const PULSE_MS = 100;

/**
 * Fuzzes a target until its budget is used up or the signal aborts.
 * @throws FuzzError (exit 2: target, subject or tree invalid; exit 3: the target does not load).
 */
export async function fuzzTarget(options: EngineOptions): Promise<EngineStats> {
  const session = await openSession(options);
  const pulse = setInterval(() => options.onPulse(session.stats()), PULSE_MS);
  try {
    await session.run(options.budget);
    return session.stats();
  } finally {
    clearInterval(pulse);
    await session.close();
  }
}
