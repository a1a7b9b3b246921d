/** What a campaign knows of one target: what was done, what it brought, and whether it goes on. */
import type { EngineStats } from '../engines/engine.ts';
import type { Yield } from './plateau.ts';
import type { Progress } from './store.ts';

/** Work of this run. */
interface Work {
  executions: number;
  workedMs: number;
  cpuMs: number;
  imported: number;
  restarts: number;
}

export interface TargetBook {
  readonly target: string;
  readonly run: Readonly<Work>;
  /** With what other processes and earlier runs did on the same build. */
  readonly yield: Yield;
  readonly edgesHit: number;
  readonly edgesTotal: number;
  readonly corpusEntries: number;
  /** Milliseconds since 1970, undefined where nothing came yet. */
  readonly lastFindAt: number | undefined;
  readonly lastCrashAt: number | undefined;
  readonly lastHangAt: number | undefined;
  /** Different failures of this run, and the hangs among them. */
  readonly crashes: number;
  readonly hangs: number;
  /** Saved seeds and crashes that were replayed. */
  replayed: number;
  drySlices: number;
  served: number;
  workers: number;
  /** Why it gets no further turns. */
  stopped: 'plateau' | 'ended' | undefined;
  /** Inputs that this run added to the corpus. */
  found: number;
  /** Books what a session did since it was booked last. */
  account(before: EngineStats | undefined, now: EngineStats): void;
  /** A session is closed: the store has what it did, with what was done before it. */
  leave(stats: EngineStats): void;
  /** Takes over what was done elsewhere, or earlier, on the build that is worked on. */
  learnOfOthers(others: readonly Progress[], build: string): void;
  /** A failure that was new in this run. */
  failed(isHang: boolean): void;
  /** Whether something was found since this was asked last: an edge or a failure. */
  takeNews(): boolean;
}

/** Opens the book of a target. */
export function openBook(target: string, now: () => number = Date.now): TargetBook {
  const run: Work = { executions: 0, workedMs: 0, cpuMs: 0, imported: 0, restarts: 0 };
  /** Of the sessions that are open, and of all else on this build. */
  const open = { executions: 0, workedMs: 0 };
  let others = { executions: 0, workedMs: 0 };
  const dry = { executions: 0, ms: 0 };
  const coverage = { hit: 0, total: 0, entries: 0, singles: 0 };
  const last: { find?: number; crash?: number; hang?: number } = {};
  const failures = { crashes: 0, hangs: 0 };
  let news = false;

  return {
    target,
    run,
    get yield() {
      return {
        executions: others.executions + open.executions,
        workedMs: others.workedMs + open.workedMs,
        dryExecutions: dry.executions,
        dryMs: dry.ms,
        singles: coverage.singles,
      };
    },
    get edgesHit() {
      return coverage.hit;
    },
    get edgesTotal() {
      return coverage.total;
    },
    get corpusEntries() {
      return coverage.entries;
    },
    get lastFindAt() {
      return last.find;
    },
    get lastCrashAt() {
      return last.crash;
    },
    get lastHangAt() {
      return last.hang;
    },
    get crashes() {
      return failures.crashes;
    },
    get hangs() {
      return failures.hangs;
    },
    replayed: 0,
    drySlices: 0,
    served: 0,
    workers: 0,
    stopped: undefined,
    found: 0,

    account(before, stats) {
      const executions = stats.executions - (before?.executions ?? 0);
      const workedMs = stats.elapsedMs - (before?.elapsedMs ?? 0);
      open.executions += executions;
      open.workedMs += workedMs;
      run.executions += executions;
      run.workedMs += workedMs;
      run.cpuMs += stats.cpuMs - (before?.cpuMs ?? 0);
      run.imported += Math.max(0, stats.imported - (before?.imported ?? 0));
      run.restarts += stats.restarts - (before?.restarts ?? 0);
      dry.executions += executions;
      dry.ms += workedMs;
      coverage.total = stats.edgesTotal;
      coverage.entries = Math.max(coverage.entries, stats.corpusEntries);
      coverage.singles = stats.singles;
      if (stats.edgesHit <= coverage.hit) return;
      coverage.hit = stats.edgesHit;
      dry.executions = 0;
      dry.ms = 0;
      last.find = now();
      news = true;
    },
    leave(stats) {
      open.executions -= stats.executions;
      open.workedMs -= stats.elapsedMs;
    },
    learnOfOthers(progress, build) {
      const same = progress.filter((one) => one.build === build);
      others = {
        executions: same.reduce((sum, one) => sum + one.executions, 0),
        workedMs: same.reduce((sum, one) => sum + one.workedMs, 0),
      };
      for (const { edgesHit, dryExecutions, dryMs } of same) {
        if (edgesHit < coverage.hit) continue;
        const isAhead = edgesHit > coverage.hit;
        coverage.hit = edgesHit;
        dry.executions = isAhead ? dryExecutions : Math.max(dry.executions, dryExecutions);
        dry.ms = isAhead ? dryMs : Math.max(dry.ms, dryMs);
      }
    },
    failed(isHang) {
      failures.crashes++;
      last.crash = now();
      if (isHang) {
        failures.hangs++;
        last.hang = last.crash;
      }
      news = true;
    },
    takeNews() {
      const taken = news;
      news = false;
      return taken;
    },
  };
}
