/** How much a campaign may do, as one writes it: `30s`, `10m`, `8h`, `1e5execs`. */
import type { Budget } from '../engines/engine.ts';
import { FuzzError } from '../errors.ts';

const UNIT_MS = new Map([
  ['ms', 1],
  ['s', 1_000],
  ['m', 60_000],
  ['h', 3_600_000],
]);
const MAX_TIME_MS = 30 * 24 * 3_600_000;

/** Reads a budget. @throws FuzzError (exit 2) when it is none. */
export function parseBudget(text: string): Budget {
  const { amount = '', unit = '' } =
    /^(?<amount>\d+(?:\.\d+)?(?:e\d+)?)(?<unit>ms|s|m|h|execs)$/.exec(text)?.groups ?? {};
  const count = Number(amount);
  const unitMs = UNIT_MS.get(unit);
  const isTime = unitMs !== undefined && count > 0 && count * unitMs <= MAX_TIME_MS;
  if (isTime) return { timeMs: count * unitMs, executions: Number.MAX_SAFE_INTEGER };
  if (unit === 'execs' && count >= 1 && Number.isSafeInteger(count)) return { timeMs: MAX_TIME_MS, executions: count };
  throw new FuzzError(
    2,
    `budget "${text}" is none; write a time such as 30s, 10m or 8h, or executions such as 1e5execs`,
  );
}
