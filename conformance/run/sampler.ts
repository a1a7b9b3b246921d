import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import type { Usage } from '../../reports/schema.ts';

const EVERY_MS = 500;
/** Linux tells processor time to everybody in hundredths of a second, whatever its clock. */
const TICK_MS = 10;
/** Of `/proc/<pid>/stat`, counted behind the name, which may have spaces: process group, user and system time. */
const [GROUP, USER, SYSTEM] = [2, 11, 12] as const;

/** What the processes of one group use now. */
interface Sample {
  readonly rssBytes: number;
  readonly sockets: number;
  /** Processor time by process, in ticks. */
  readonly ticks: ReadonlyMap<number, number>;
}

/**
 * Watches what a started target uses, twice a second, from `/proc`; where there is none, it sees nothing. Growth is shown and never
 * judged: a server may keep what it has once needed.
 */
export class Sampler {
  readonly #groupOf: () => number | undefined;
  readonly #timer: NodeJS.Timeout;
  readonly #ticks = new Map<number, number>();
  #first: number | undefined;
  #last = 0;
  #peak = 0;
  #sockets = 0;

  /** @param groupOf leader of the target's process group; another one after a restart */
  constructor(groupOf: () => number | undefined) {
    this.#groupOf = groupOf;
    this.#look();
    this.#timer = setInterval(() => this.#look(), EVERY_MS).unref();
  }

  /** The end of it: what was used, or undefined where nothing could be seen. */
  stop(): Usage | undefined {
    clearInterval(this.#timer);
    this.#look();
    if (this.#first === undefined) return undefined;
    const ticks = [...this.#ticks.values()].reduce((sum, one) => sum + one, 0);
    return {
      rssFirstBytes: this.#first,
      rssPeakBytes: this.#peak,
      rssLastBytes: this.#last,
      cpuMs: ticks * TICK_MS,
      socketsPeak: this.#sockets,
    };
  }

  #look(): void {
    const group = this.#groupOf();
    const sample = group === undefined ? undefined : sampleGroup(group);
    if (sample === undefined) return;
    this.#first ??= sample.rssBytes;
    this.#last = sample.rssBytes;
    this.#peak = Math.max(this.#peak, sample.rssBytes);
    this.#sockets = Math.max(this.#sockets, sample.sockets);
    for (const [pid, ticks] of sample.ticks) this.#ticks.set(pid, ticks);
  }
}

/** What the processes of a group use; undefined when there is none, or no `/proc`. */
export function sampleGroup(group: number): Sample | undefined {
  const ticks = new Map<number, number>();
  let rssBytes = 0;
  let sockets = 0;
  for (const name of orEmpty(() => readdirSync('/proc'))) {
    if (!/^[0-9]+$/.test(name)) continue;
    const stat = orEmpty(() =>
      readFileSync(`/proc/${name}/stat`, 'latin1')
        .replace(/^.*\) /s, '')
        .split(' '),
    );
    if (Number(stat[GROUP]) !== group) continue;
    const status = orEmpty(() => [readFileSync(`/proc/${name}/status`, 'latin1')]).join('');
    const rss = /^VmRSS:\s*([0-9]+) kB$/m.exec(status)?.[1];
    // One that has ended and waits to be seen off has no memory any more.
    if (rss === undefined) continue;
    rssBytes += Number(rss) * 1024;
    sockets += openSockets(name);
    ticks.set(Number(name), Number(stat[USER]) + Number(stat[SYSTEM]));
  }
  return ticks.size === 0 ? undefined : { rssBytes, sockets, ticks };
}

function openSockets(pid: string): number {
  const folder = `/proc/${pid}/fd`;
  const links = orEmpty(() => readdirSync(folder)).flatMap((fd) => orEmpty(() => [readlinkSync(`${folder}/${fd}`)]));
  return links.filter((link) => link.startsWith('socket:')).length;
}

/** A process may end while it is looked at, or belong to somebody else. */
function orEmpty(read: () => readonly string[]): readonly string[] {
  try {
    return read();
  } catch {
    return [];
  }
}
