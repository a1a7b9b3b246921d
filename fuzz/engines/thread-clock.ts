/**
 * Processor time of one thread, asked from outside while it runs. Linux tells it; elsewhere the time of the process has to
 * do, which is more than the thread's.
 */
import { readFileSync, readlinkSync } from 'node:fs';
import { processCpuMs } from './cpu-share.ts';

/** Linux counts in hundredths of a second for whoever reads it. */
const TICK_MS = 10;
const USER_TICKS = 11;
const SYSTEM_TICKS = 12;

/** The system's number of the thread that asks; 0 where it cannot be learnt. */
export function threadNumber(): number {
  try {
    return Number(/\d+$/.exec(readlinkSync('/proc/thread-self'))?.[0] ?? 0);
  } catch {
    return 0;
  }
}

/** Processor time of a thread of this process in milliseconds, by the system's number. */
export function threadCpuMs(thread: number): number {
  if (thread === 0) return processCpuMs();
  try {
    const stat = readFileSync(`/proc/self/task/${thread}/stat`, 'latin1');
    // The name in parentheses may hold anything; what is wanted stands behind it.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[USER_TICKS]) + Number(fields[SYSTEM_TICKS])) * TICK_MS;
  } catch {
    return processCpuMs();
  }
}
