import type { Http1Limits } from '../limits/http1-limits.ts';
import type { TransportReport } from '../semantics/exchange.ts';

/** What a connection is waiting for its peer to do. */
export type Waiting = 'request' | 'head' | 'content' | 'nothing';

/** Which timer ran out. */
export type TimerBreach = 'idle' | 'head' | 'content' | 'rate' | 'write';

export const TIMER_CODES = {
  idle: 'H1_IDLE_TIMEOUT',
  head: 'H1_HEAD_TIMEOUT',
  content: 'H1_CONTENT_TIMEOUT',
  rate: 'H1_CONTENT_RATE',
  write: 'H1_WRITE_TIMEOUT',
} as const satisfies Record<TimerBreach, string>;

/** Timers of one connection. Time comes in with `tick()` alone; between two ticks it stands still. */
export class ConnectionTimers {
  #now: number | undefined;
  #waiting: Waiting = 'request';
  #since = 0;
  #contentSince = 0;
  #contentBytes = 0;
  #contentSeen = 0;
  #isFirst = true;
  #takenBytes = 0;
  #writtenBytes = Number.NEGATIVE_INFINITY;
  #writeSince = 0;
  readonly #limits: Http1Limits;

  constructor(limits: Http1Limits) {
    this.#limits = limits;
  }

  /** Says what is waited for; a change starts its timer. */
  wait(waiting: Waiting): void {
    if (waiting === this.#waiting) return;
    this.#waiting = waiting;
    this.#since = this.#now ?? 0;
    if (waiting === 'content') this.#contentSince = this.#since;
  }

  /** A request has begun: whatever is waited for is waited for anew. */
  restart(): void {
    this.#isFirst = false;
    this.#since = this.#now ?? 0;
    this.#contentSince = this.#since;
    this.#contentBytes = 0;
    this.#contentSeen = 0;
  }

  addContent(bytes: number): void {
    this.#contentBytes += bytes;
  }

  /** Counts octets that were handed to the transport. */
  addTaken(bytes: number): void {
    this.#takenBytes += bytes;
  }

  /** Time is `nowMs` on a clock that never goes back. Returns the timer that ran out, if one did. */
  tick(nowMs: number, { unwrittenBytes = 0, isPaused = false }: TransportReport): TimerBreach | undefined {
    const elapsed = this.#now === undefined ? 0 : nowMs - this.#now;
    if (this.#now === undefined) {
      this.#since = nowMs;
      this.#contentSince = nowMs;
      this.#writeSince = nowMs;
    }
    this.#now = nowMs;
    if (this.#isWriteStalled(nowMs, unwrittenBytes)) return 'write';
    // WHY: time in which this side did not read is not the peer's, nor is time in which it takes the response before
    if (isPaused || (this.#waiting === 'request' && unwrittenBytes > 0)) {
      this.#since += elapsed;
      this.#contentSince += elapsed;
      return undefined;
    }
    return this.#checkWaiting(nowMs);
  }

  #checkWaiting(nowMs: number): TimerBreach | undefined {
    const { idleMs, keepAliveMs, headMs, contentMs } = this.#limits;
    switch (this.#waiting) {
      case 'nothing':
        return undefined;
      case 'request':
        return nowMs - this.#since > (this.#isFirst ? idleMs : keepAliveMs) ? 'idle' : undefined;
      case 'head':
        return nowMs - this.#since > headMs ? 'head' : undefined;
      case 'content':
        if (this.#contentBytes > this.#contentSeen) {
          this.#contentSeen = this.#contentBytes;
          this.#since = nowMs;
        }
        if (nowMs - this.#since > contentMs) return 'content';
        return this.#isTooSlow(nowMs - this.#contentSince) ? 'rate' : undefined;
      default:
        return this.#waiting satisfies never;
    }
  }

  #isTooSlow(elapsedMs: number): boolean {
    const { contentBytesPerSecond, contentGraceMs } = this.#limits;
    return elapsedMs > contentGraceMs && this.#contentBytes * 1_000 < contentBytesPerSecond * elapsedMs;
  }

  #isWriteStalled(nowMs: number, unwrittenBytes: number): boolean {
    const written = this.#takenBytes - unwrittenBytes;
    if (unwrittenBytes === 0 || written > this.#writtenBytes) {
      this.#writtenBytes = written;
      this.#writeSince = nowMs;
    }
    return nowMs - this.#writeSince > this.#limits.writeMs;
  }
}
