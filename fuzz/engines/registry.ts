/** The engines by name. All run the same target files; each is loaded when it is asked for. */
import type { EngineOptions, EngineSession, EngineStats, SessionOptions } from './engine.ts';
import { slicedEngine } from './sliced-engine.ts';

/** What `--engine` may say. */
export const ENGINES = ['aeronet', 'jsfuzz', 'jazzer', 'fast-check', 'replay'] as const;

export type EngineName = (typeof ENGINES)[number];

/** What the module of an engine exports. */
interface Engine {
  fuzzTarget(options: EngineOptions): Promise<EngineStats>;
  /** @throws FuzzError (exit 2) where it is not installed */
  readonly demandEngine?: () => unknown;
  /** Where it can pause; the others begin each slice anew with what they had found. */
  readonly openSession?: (options: SessionOptions) => Promise<EngineSession>;
}

const LOADERS: Readonly<Record<EngineName, () => Promise<Engine>>> = {
  aeronet: () => import('./aeronet/engine.ts'),
  jsfuzz: () => import('./jsfuzz/engine.ts'),
  jazzer: () => import('./jazzer/engine.ts'),
  'fast-check': () => import('./fast-check/engine.ts'),
  replay: () => import('./replay/engine.ts'),
};

/**
 * Fuzzes a target with the named engine until its budget is used up or the signal aborts.
 * @throws FuzzError (exit 2) where the engine is not installed or does not load here, or the target is invalid;
 * (exit 3) where the target does not start.
 */
export async function runEngine(name: EngineName, options: EngineOptions): Promise<EngineStats> {
  const { fuzzTarget } = await LOADERS[name]();
  return fuzzTarget(options);
}

/** Opens a session of the named engine, for a campaign's slices. @throws FuzzError as `runEngine()` does. */
export async function openEngine(name: EngineName, options: SessionOptions): Promise<EngineSession> {
  const engine = await LOADERS[name]();
  return engine.openSession?.(options) ?? slicedEngine(engine.fuzzTarget, options);
}

/** Says before anything else is done whether an engine is there. @throws FuzzError (exit 2) that names the command which installs it */
export async function demandEngine(name: EngineName): Promise<void> {
  const engine = await LOADERS[name]();
  await engine.demandEngine?.();
}

/** Jazzer.js in the mode in which nothing runs between executions: what is fastest of it, for a comparison. */
export async function runJazzerSync(options: EngineOptions): Promise<EngineStats> {
  const { fuzzTarget } = await import('./jazzer/engine.ts');
  return fuzzTarget(options, { sync: true });
}

/** Whether a text names an engine. */
export function isEngineName(text: string): text is EngineName {
  return ENGINES.some((name) => name === text);
}
