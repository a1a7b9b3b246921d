/**
 * The engine that makes nothing up: each given input once, in order, on the build as it is. A campaign with it says whether a
 * corpus still passes, at the speed of the target.
 */
import { openSandbox } from '../../campaign/sandbox.ts';
import type { EngineOptions, EngineStats } from '../engine.ts';

const PULSE_MS = 100;

/** Runs the seeds within the budget. @throws FuzzError (exit 2: target or tree invalid; exit 3: it does not load). */
export async function fuzzTarget(options: EngineOptions): Promise<EngineStats> {
  const startedAt = performance.now();
  const cpuBefore = process.cpuUsage();
  const sandbox = await openSandbox(options.tree, options.target, options.hangMs);
  let executions = 0;
  let pulseAt = startedAt;

  const stats = (): EngineStats => {
    const { user, system } = process.cpuUsage(cpuBefore);
    return {
      executions,
      replayed: executions,
      corpusEntries: options.seeds.length,
      imported: 0,
      singles: 0,
      // Nothing is instrumented, and nothing is guided.
      edgesHit: 0,
      edgesTotal: 0,
      elapsedMs: performance.now() - startedAt,
      cpuMs: (user + system) / 1_000,
      restarts: 0,
    };
  };

  try {
    for (const input of options.seeds) {
      const now = performance.now();
      const spent = executions >= options.budget.executions || now - startedAt > options.budget.timeMs;
      if (spent || options.signal.aborted) break;
      const failure = await sandbox.run(input);
      executions++;
      if (failure !== undefined) options.onFind({ failure, input, execution: executions });
      if (now - pulseAt < PULSE_MS) continue;
      pulseAt = now;
      options.onPulse(stats());
    }
  } finally {
    await sandbox.close();
  }
  return stats();
}
