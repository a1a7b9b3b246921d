/**
 * Slices for an engine that cannot pause: each begins anew, with another seed, from everything that was found before. The
 * inputs given and found are its state.
 */
import { deriveSeed } from './aeronet/prng.ts';
import type { EngineOptions, EngineSession, EngineStats, SessionOptions } from './engine.ts';

/** Makes a session of an engine's one-go form. */
export function slicedEngine(
  fuzzTarget: (options: EngineOptions) => Promise<EngineStats>,
  options: SessionOptions,
): EngineSession {
  const inputs = [...options.seeds];
  let slices = 0;
  let done: EngineStats | undefined;
  let running: EngineStats | undefined;
  let isOver = false;

  return {
    build: '',
    async run(budget) {
      if (isOver || options.signal.aborted) return;
      const seed = slices === 0 ? options.seed : deriveSeed(options.seed, slices);
      slices++;
      const stats = await fuzzTarget({
        ...options,
        seeds: [...inputs],
        seed,
        budget,
        onEntry(input, reachedEdge) {
          inputs.push(input);
          options.onEntry(input, reachedEdge);
        },
        onPulse(pulse) {
          running = pulse;
        },
      });
      running = undefined;
      done = sum(done, stats);
      // It ended by itself with time left: it has nothing more to do.
      isOver = stats.executions < budget.executions && stats.elapsedMs < budget.timeMs / 2 && !options.signal.aborted;
    },
    offer: (input) => inputs.push(input),
    stats: () => sum(done, running ?? NOTHING),
    get isOver() {
      return isOver;
    },
    async close() {
      isOver = true;
    },
  };
}

const NOTHING: EngineStats = {
  executions: 0,
  edgesHit: 0,
  corpusEntries: 0,
  replayed: 0,
  imported: 0,
  singles: 0,
  edgesTotal: 0,
  elapsedMs: 0,
  cpuMs: 0,
  restarts: 0,
};

function sum(before: EngineStats | undefined, stats: EngineStats): EngineStats {
  if (before === undefined) return stats;
  return {
    executions: before.executions + stats.executions,
    edgesHit: Math.max(before.edgesHit, stats.edgesHit),
    corpusEntries: Math.max(before.corpusEntries, stats.corpusEntries),
    replayed: Math.max(before.replayed, stats.replayed),
    imported: before.imported,
    singles: stats.singles,
    edgesTotal: Math.max(before.edgesTotal, stats.edgesTotal),
    elapsedMs: before.elapsedMs + stats.elapsedMs,
    cpuMs: before.cpuMs + stats.cpuMs,
    restarts: before.restarts + stats.restarts,
  };
}
