const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'] as const;
const MONTHS: readonly string[] = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** IMF-fixdate of a time (RFC9110#5.6.7), e.g. `Sun, 06 Nov 1994 08:49:37 GMT`. @param timeMs since the epoch, UTC. */
export function imfFixdate(timeMs: number): string {
  const time = new Date(timeMs);
  const day = DAYS[time.getUTCDay()] ?? '';
  const month = MONTHS[time.getUTCMonth()] ?? '';
  const year = String(time.getUTCFullYear()).padStart(4, '0');
  const clock = [time.getUTCHours(), time.getUTCMinutes(), time.getUTCSeconds()].map(twoDigits).join(':');
  return `${day}, ${twoDigits(time.getUTCDate())} ${month} ${year} ${clock} GMT`;
}

/** As far as a year of two digits may lie ahead (RFC9110#5.6.7). */
const MAX_YEARS_AHEAD = 50;

const IMF_FIXDATE = /^(?:Sun|Mon|Tue|Wed|Thu|Fri|Sat), (\d\d) ([A-Z][a-z][a-z]) (\d{4}) (\d\d):(\d\d):(\d\d) GMT$/;
const RFC850_DATE =
  /^(?:Sun|Mon|Tues|Wednes|Thurs|Fri|Satur)day, (\d\d)-([A-Z][a-z][a-z])-(\d\d) (\d\d):(\d\d):(\d\d) GMT$/;
const ASCTIME_DATE = /^(?:Sun|Mon|Tue|Wed|Thu|Fri|Sat) ([A-Z][a-z][a-z]) ([ \d]\d) (\d\d):(\d\d):(\d\d) (\d{4})$/;

/**
 * Time of an HTTP-date in any of its three formats (RFC9110#5.6.7), in milliseconds since the epoch, a multiple of 1,000;
 * undefined where the text is none, or names a day or an hour that does not exist. The day of the week is not held against the date.
 * @param nowMs decides the century of a year of two digits
 */
export function parseHttpDate(text: string, nowMs: number): number | undefined {
  const fixdate = IMF_FIXDATE.exec(text);
  if (fixdate !== null) {
    const [, day, month, year, hour, minute, second] = fixdate;
    return timeOf(Number(year), month, day, hour, minute, second);
  }
  const rfc850 = RFC850_DATE.exec(text);
  if (rfc850 !== null) {
    const [, day, month, year, hour, minute, second] = rfc850;
    const full = latestYear(Number(year), nowMs);
    const time = timeOf(full, month, day, hour, minute, second);
    // RFC9110#5.6.7 MUST: what seems to be more than 50 years ahead lies in the past
    const isAhead = time !== undefined && time > yearsAfter(nowMs, MAX_YEARS_AHEAD);
    return isAhead ? timeOf(full - 100, month, day, hour, minute, second) : time;
  }
  const asctime = ASCTIME_DATE.exec(text);
  if (asctime === null) return undefined;
  const [, month, day, hour, minute, second, year] = asctime;
  return timeOf(Number(year), month, day, hour, minute, second);
}

/** The latest year with these two digits that is not more than 50 ahead, whatever the century of now. */
function latestYear(lastTwo: number, nowMs: number): number {
  const limit = new Date(nowMs).getUTCFullYear() + MAX_YEARS_AHEAD;
  return limit - ((limit + 100 - lastTwo) % 100);
}

function yearsAfter(timeMs: number, years: number): number {
  const time = new Date(timeMs);
  return time.setUTCFullYear(time.getUTCFullYear() + years);
}

function timeOf(year: number, monthName: string | undefined, ...rest: (string | undefined)[]): number | undefined {
  const month = MONTHS.indexOf(monthName ?? '');
  const [day = 0, hour = 0, minute = 0, second = 0] = rest.map(Number);
  // RFC9110#5.6.7: 60 is a leap second
  if (month === -1 || hour > 23 || minute > 59 || second > 60) return undefined;
  const time = new Date(0);
  time.setUTCFullYear(year, month, day);
  time.setUTCHours(hour, minute, Math.min(second, 59));
  return time.getUTCDate() === day && time.getUTCMonth() === month ? time.getTime() : undefined;
}

function twoDigits(value: number): string {
  return value < 10 ? `0${value}` : String(value);
}
