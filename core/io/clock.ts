import { imfFixdate } from '../semantics/date.ts';

let cachedSecond = -1;
let cachedDate = '';
let isFresh = false;

/** A turn begins: time goes on. WHY: the responses of one turn share one look at the clock, which was 5 % of their cost. */
export function beginTurn(): void {
  isFresh = false;
}

/** Value of Date for now (RFC9110#6.6.1), made once a second; in a turn time stands still. */
export function dateNow(): string {
  if (isFresh) return cachedDate;
  isFresh = true;
  const now = Date.now();
  const second = Math.trunc(now / 1_000);
  if (second !== cachedSecond) {
    cachedSecond = second;
    cachedDate = imfFixdate(now);
  }
  return cachedDate;
}

/** Milliseconds on a clock that never goes back. */
export function monotonicMs(): number {
  return performance.now();
}

/** Calls `tick` about every `periodMs`, without keeping the process alive; returns the way to stop it. */
export function startTicker(periodMs: number, tick: () => void): () => void {
  const timer = setInterval(tick, periodMs);
  timer.unref();
  return () => clearInterval(timer);
}
