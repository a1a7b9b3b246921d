const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'] as const;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

/** IMF-fixdate of a time (RFC9110#5.6.7), e.g. `Sun, 06 Nov 1994 08:49:37 GMT`. @param timeMs since the epoch, UTC. */
export function imfFixdate(timeMs: number): string {
  const time = new Date(timeMs);
  const day = DAYS[time.getUTCDay()] ?? '';
  const month = MONTHS[time.getUTCMonth()] ?? '';
  const year = String(time.getUTCFullYear()).padStart(4, '0');
  const clock = [time.getUTCHours(), time.getUTCMinutes(), time.getUTCSeconds()].map(twoDigits).join(':');
  return `${day}, ${twoDigits(time.getUTCDate())} ${month} ${year} ${clock} GMT`;
}

function twoDigits(value: number): string {
  return value < 10 ? `0${value}` : String(value);
}
