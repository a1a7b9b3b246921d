/**
 * `<target>/stats.ndjson`: how a target came along over time, one JSON object a line, in the names that AFL++ uses in
 * `fuzzer_stats`; times in seconds, since 1970 where they are points.
 */
import { closeSync, existsSync, mkdirSync, openSync, readSync, statSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { TargetBook } from './target-book.ts';

export interface StatsLog {
  /** Writes a line when the last one is old enough; `now` says that it is. */
  note(book: TargetBook, now?: boolean): void;
}

/** First distance of two lines; later it is a hundredth of the time that the target has run, so that a night stays short. */
const LEAST_GAP_S = 3;
const GAP_SHARE = 0.01;
/** A longer file is begun anew. */
const MAX_BYTES = 8 * 1_048_576;

/** Opens the log of a target's campaign that began at that time. */
export function openStatsLog(path: string, startedAt: number, clock: () => number = Date.now): StatsLog {
  let said = { at: 0, executions: 0, workedMs: 0 };
  return {
    note(book, now = false) {
      const at = clock();
      const gapS = Math.max(LEAST_GAP_S, (book.run.workedMs / 1_000) * GAP_SHARE);
      if (!now && at - said.at < gapS * 1_000) return;
      const workedMs = book.run.workedMs - said.workedMs;
      const line = {
        start_time: seconds(startedAt),
        last_update: seconds(at),
        run_time: round(book.run.workedMs / 1_000),
        fuzzer_pid: process.pid,
        execs_done: book.run.executions,
        execs_per_sec: round(rate(book.run.executions - said.executions, workedMs)),
        corpus_count: book.corpusEntries,
        corpus_found: book.found,
        corpus_imported: book.run.imported,
        edges_found: book.edgesHit,
        total_edges: book.edgesTotal,
        bitmap_cvg: `${((100 * book.edgesHit) / Math.max(1, book.edgesTotal)).toFixed(2)}%`,
        last_find: seconds(book.lastFindAt),
        last_crash: seconds(book.lastCrashAt),
        last_hang: seconds(book.lastHangAt),
        saved_crashes: book.crashes - book.hangs,
        saved_hangs: book.hangs,
        afl_banner: book.target,
      };
      append(path, `${JSON.stringify(line)}\n`);
      said = { at, executions: book.run.executions, workedMs: book.run.workedMs };
    },
  };
}

/** Adds a line in one write; what an earlier run was cut off in is ended first. */
function append(path: string, line: string): void {
  mkdirSync(dirname(path), { recursive: true });
  const bytes = existsSync(path) ? statSync(path).size : 0;
  const file = openSync(path, bytes > MAX_BYTES ? 'w' : 'a+');
  try {
    const last = Buffer.alloc(1);
    const isTorn = bytes > 0 && bytes <= MAX_BYTES && readSync(file, last, 0, 1, bytes - 1) === 1 && last[0] !== 0x0a;
    writeSync(file, isTorn ? `\n${line}` : line);
  } finally {
    closeSync(file);
  }
}

function rate(executions: number, workedMs: number): number {
  return (executions / Math.max(1, workedMs)) * 1_000;
}

function seconds(ms: number | undefined): number {
  return ms === undefined ? 0 : Math.floor(ms / 1_000);
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
