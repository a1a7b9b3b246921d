/**
 * Processor time of sessions that work beside each other in one process. The system tells the time of the process, with
 * the compiler's and the collector's threads; it is shared out among those that work, so that the sum is exact.
 */
export interface CpuShare {
  /** Milliseconds of the processor so far. */
  readonly ms: number;
  /** From now on a part is this one's, until `end()`. */
  begin(): void;
  end(): void;
}

const working = new Map<CpuShare, (ms: number) => void>();
let sharedOutMs = processCpuMs();

/** A share that has had nothing yet. */
export function cpuShare(): CpuShare {
  let ms = 0;
  const share: CpuShare = {
    get ms() {
      shareOut();
      return ms;
    },
    begin() {
      shareOut();
      working.set(share, (part) => {
        ms += part;
      });
    },
    end() {
      shareOut();
      working.delete(share);
    },
  };
  return share;
}

/** Time of the processor that this process has had, on all of its threads, in milliseconds. */
export function processCpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

function shareOut(): void {
  const now = processCpuMs();
  for (const add of working.values()) add((now - sharedOutMs) / working.size);
  sharedOutMs = now;
}
