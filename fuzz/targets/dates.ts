// INVARIANT: text is an HTTP-date exactly where one of the three formats fits and the day exists, and is the time that a calendar
// counted by hand has for it; a time written in any of them is read as that time again.
import { latin1 } from '../../core/sans-io.ts';
import { defineTarget } from '../define.ts';
import { assertDateReads, assertDateRoundTrip } from '../oracles/http-dates.ts';

/** Seconds from 1970 to the year that no longer has four digits. */
const YEAR_10000 = 253_402_300_800;

export const target = defineTarget({
  name: 'dates',
  subject: ['core/semantics/date'],
  dictionary: `
"Sun, 06 Nov 1994 08:49:37 GMT"
"Sunday, 06-Nov-94 08:49:37 GMT"
"Sun Nov  6 08:49:37 1994"
"Mon"
"Wednesday"
"Feb"
"29"
"30"
"31"
"00"
"60"
"24"
"1900"
"2000"
" GMT"
`,
  grammar: 'bytes',
  maxLength: 64,
  fuzz(octets) {
    // The first octets say what time it is
    const seconds = octets.subarray(0, 5).reduce((sum, octet) => (sum * 256 + octet) % YEAR_10000, 0);
    assertDateReads(latin1(octets.subarray(5)), seconds * 1_000);
    assertDateReads(latin1(octets), 0);
    assertDateRoundTrip(seconds * 1_000, seconds * 1_000);
  },
});
