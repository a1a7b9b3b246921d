/**
 * fast-check as an engine: its arbitraries, models and scheduler make the inputs, and the own engine's loop runs them, keeps
 * those that reach something new, and tells what fails. So a counterexample is octets like any other find, and what is kept
 * is there for every other engine to begin with.
 */
import { FuzzError } from '../../errors.ts';
import { fuzzInOneGo } from '../aeronet/engine.ts';
import { openSession as openOwnSession } from '../aeronet/session.ts';
import type { EngineOptions, EngineSession, EngineStats, SessionOptions } from '../engine.ts';

/**
 * Fuzzes a target with what fast-check makes up.
 * @throws FuzzError (exit 2: fast-check is not installed, or the target is invalid; exit 3: it does not load)
 */
export async function fuzzTarget(options: EngineOptions): Promise<EngineStats> {
  return fuzzInOneGo(options, await openSession(options));
}

/** The same in slices. */
export async function openSession(options: SessionOptions): Promise<EngineSession> {
  await demandEngine();
  return openOwnSession(options, 'fast-check');
}

/** @throws FuzzError (exit 2) where the package is not installed */
export async function demandEngine(): Promise<void> {
  await import('fast-check').catch(() => {
    throw new FuzzError(2, 'engine fast-check needs the package fast-check: run npm install --save-dev fast-check@4');
  });
}
