/** HTTP-dates (RFC9110#5.6.7) read a second time: piece by piece at fixed places, and counted in days, without Date. */
import { imfFixdate, parseHttpDate } from '../../core/sans-io.ts';
import { OracleError, quoted } from './oracle-error.ts';

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const DAY_MS = 86_400_000;
/** Year 0 of this calendar to 1970. */
const DAYS_TO_1970 = 719_528;

/** Demands that text is a date exactly where the grammar has one, and the time that it says. */
export function assertDateReads(text: string, nowMs: number): void {
  const own = parseHttpDate(text, nowMs);
  const expected = readDate(text, nowMs);
  if (own !== expected) broken('read', `${quoted(text)} is read as ${own}, not as ${expected}`);
}

/** Demands that a time written in each of the three formats is that time again. */
export function assertDateRoundTrip(timeMs: number, nowMs: number): void {
  for (const text of [imfFixdate(timeMs), ...obsolete(timeMs)]) {
    const expected = readDate(text, nowMs);
    const isOwnCentury = !text.includes('-') || Math.abs(timeMs - nowMs) < 49 * 365 * DAY_MS;
    if (isOwnCentury && expected !== timeMs) broken('write', `${timeMs} is written as ${quoted(text)}`);
    assertDateReads(text, nowMs);
  }
}

/** RFC850 and asctime forms, which nobody has to write. */
function obsolete(timeMs: number): readonly string[] {
  const [, day = '', month = '', year = '', clock = ''] = imfFixdate(timeMs).split(' ');
  const name = DAYS[(Math.floor(timeMs / DAY_MS) + 4) % 7] ?? '';
  const shortDay = day.startsWith('0') ? ` ${day.slice(1)}` : day;
  return [
    `${name}, ${day}-${month}-${year.slice(2)} ${clock} GMT`,
    `${name.slice(0, 3)} ${month} ${shortDay} ${clock} ${year}`,
  ];
}

/** Time of a date, or undefined. */
export function readDate(text: string, nowMs: number): number | undefined {
  if (text.length === 29 && isDay(text.slice(0, 3), 3) && fits(text.slice(3), ', 00 aaa 0000 00:00:00 GMT')) {
    return timeOf(text.slice(12, 16), text.slice(8, 11), text.slice(5, 7), text.slice(17, 25));
  }
  const comma = text.indexOf(',');
  if (isDay(text.slice(0, comma), 9) && fits(text.slice(comma), ', 00-aaa-00 00:00:00 GMT')) {
    const rest = text.slice(comma + 2);
    const now = new Date(nowMs);
    const limitMs = now.setUTCFullYear(now.getUTCFullYear() + 50);
    const [year, earlier] = centuriesOf(Number(rest.slice(7, 9)), now.getUTCFullYear());
    const inYear = (full: number): number | undefined =>
      timeOf(String(full), rest.slice(3, 6), rest.slice(0, 2), rest.slice(10, 18));
    return (inYear(year) ?? 0) > limitMs ? inYear(earlier) : inYear(year);
  }
  const day = text.slice(8, 10).replace(/^ /, '0');
  const filled = text.slice(0, 8) + day + text.slice(10);
  if (text.length === 24 && isDay(text.slice(0, 3), 3) && fits(filled.slice(3), ' aaa 00 00:00:00 0000')) {
    return timeOf(text.slice(20), text.slice(4, 7), day, text.slice(11, 19));
  }
  return undefined;
}

/** The names of days in full, or their first three letters. */
function isDay(text: string, length: 3 | 9): boolean {
  return DAYS.some((name) => name.slice(0, length) === text);
}

/** A digit for each 0, a letter for each a, and all else as it stands. */
function fits(text: string, form: string): boolean {
  if (text.length !== form.length) return false;
  return [...form].every((unit, index) => {
    const other = text[index] ?? '';
    if (unit === '0') return other >= '0' && other <= '9';
    if (unit === 'a') return /[A-Za-z]/.test(other);
    return unit === other;
  });
}

/** RFC9110#5.6.7: the latest year with these digits up to `limit`, and the one of the century before. */
function centuriesOf(digits: number, limit: number): readonly [number, number] {
  let year = digits;
  while (year + 100 <= limit) year += 100;
  return [year, year - 100];
}

function timeOf(yearDigits: string, monthName: string, dayDigits: string, clock: string): number | undefined {
  const [year, month, day] = [Number(yearDigits), MONTHS.indexOf(monthName), Number(dayDigits)];
  const [hour = 0, minute = 0, second = 0] = clock.split(':').map(Number);
  if (month < 0 || hour > 23 || minute > 59 || second > 60) return undefined;
  if (day < 1 || day > lengthOf(month, year)) return undefined;
  let days = day - 1 - DAYS_TO_1970 + year * 365 + leapDaysBefore(year);
  for (let earlier = 0; earlier < month; earlier++) days += lengthOf(earlier, year);
  // A leap second is the one before it
  return days * DAY_MS + ((hour * 60 + minute) * 60 + Math.min(second, 59)) * 1_000;
}

function lengthOf(month: number, year: number): number {
  if (month === 1) return isLeap(year) ? 29 : 28;
  return [3, 5, 8, 10].includes(month) ? 30 : 31;
}

function isLeap(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

/** Of the years from 0 on. */
function leapDaysBefore(year: number): number {
  if (year === 0) return 0;
  const last = year - 1;
  return Math.floor(last / 4) - Math.floor(last / 100) + Math.floor(last / 400) + 1;
}

function broken(state: string, message: string): never {
  throw new OracleError('dates', message, { state });
}
