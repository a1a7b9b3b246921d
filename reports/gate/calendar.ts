/**
 * Parses a calendar day written `YYYY-MM-DD` into its number since 1970-01-01, UTC; `undefined` when there is no such
 * day (`2027-02-30`), so that an expiry can never quietly mean another one.
 */
export function parseDay(text: string): number | undefined {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (match === null) return undefined;
  const time = Date.parse(`${text}T00:00:00Z`);
  if (Number.isNaN(time) || formatDay(time / DAY_MS) !== text) return undefined;
  return time / DAY_MS;
}

/** Writes a day number as `YYYY-MM-DD`. */
export function formatDay(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

const DAY_MS = 86_400_000;
