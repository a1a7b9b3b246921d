import type { Http2Code } from '../errors/http2-codes.ts';
import type { Http2Limits } from '../limits/http2-limits.ts';

/** A bucket that starts full, from which each event takes one, and which refills with time. */
export class Bucket {
  #tokens: number;
  #sinceMs: number | undefined;
  readonly #burst: number;
  readonly #perSecond: number;

  constructor(burst: number, perSecond: number) {
    this.#burst = burst;
    this.#perSecond = perSecond;
    this.#tokens = burst;
  }

  /** Takes `count`; false when the bucket is empty. */
  take(count = 1): boolean {
    this.#tokens -= count;
    return this.#tokens >= 0;
  }

  /** Gives `count` back, for what a peer does to good purpose. */
  give(count: number): void {
    this.#tokens = Math.min(this.#burst, this.#tokens + count);
  }

  tick(nowMs: number): void {
    const elapsed = nowMs - (this.#sinceMs ?? nowMs);
    this.#sinceMs = nowMs;
    this.#tokens = Math.min(this.#burst, this.#tokens + (elapsed * this.#perSecond) / 1_000);
  }
}

/** What a peer can spend: the cause, and the code raised when it is spent (RFC9113#10.5). */
export const BUDGET_CODES = {
  resets: 'H2_BUDGET_RESETS',
  selfResets: 'H2_BUDGET_SELF_RESETS',
  control: 'H2_BUDGET_CONTROL',
  empty: 'H2_BUDGET_EMPTY',
  unknown: 'H2_BUDGET_UNKNOWN',
  late: 'H2_BUDGET_LATE',
} as const satisfies Record<string, Http2Code>;

export type BudgetName = keyof typeof BUDGET_CODES;

/** All budgets of one connection. */
export class Budgets {
  readonly #buckets: Readonly<Record<BudgetName, Bucket>>;

  constructor(limits: Http2Limits) {
    this.#buckets = {
      resets: new Bucket(limits.resetBurst, limits.resetsPerSecond),
      selfResets: new Bucket(limits.selfResetBurst, limits.selfResetsPerSecond),
      control: new Bucket(limits.controlBurst, limits.controlPerSecond),
      empty: new Bucket(limits.emptyFrames, limits.emptyFramesPerSecond),
      unknown: new Bucket(limits.unknownFrames, limits.unknownFramesPerSecond),
      late: new Bucket(limits.lateFrames, limits.lateFramesPerSecond),
    };
  }

  /** Charges one event; returns the code to end the connection with when the budget is spent. */
  charge(name: BudgetName): Http2Code | undefined {
    return this.#buckets[name].take() ? undefined : BUDGET_CODES[name];
  }

  /** Gives back what a useful frame has earned: WINDOW_UPDATE goes with content that this side has sent. */
  credit(name: BudgetName, count: number): void {
    this.#buckets[name].give(count);
  }

  tick(nowMs: number): void {
    for (const bucket of Object.values(this.#buckets)) bucket.tick(nowMs);
  }
}
