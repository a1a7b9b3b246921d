// INVARIANT: what is sent for a Range field is what it asks for, as RFC9110#14 read plainly has it: each octet once, in the order of
// the asking, never more than everything; what is no range set, or has too many members, is ignored.
import { defineTarget } from '../define.ts';
import { inputOf } from '../engines/latin1-input.ts';
import { assertPlan } from '../oracles/ranges.ts';

export const target = defineTarget({
  name: 'range',
  subject: ['core/semantics/range', 'core/semantics/list'],
  dictionary: String.raw`
"bytes="
"Bytes="
"items="
"0-"
"-1"
"-0"
"0-0"
"1-2,3-4"
"5-2"
"9007199254740991"
"9007199254740993"
"18446744073709551616"
","
", ,"
" "
"\x09"
"\xa0"
"100\x0a"
"9007199254740991\x0a"
`,
  grammar: 'bytes',
  maxLength: 512,
  fuzz(octets) {
    // The length of the representation, a line end, and the field
    const [, digits = '', field = ''] = /^([0-9]{0,15})\n?(.*)$/s.exec(inputOf(octets)) ?? [];
    assertPlan(field, Number(digits), 1 + ((octets[0] ?? 0) % 16));
  },
});
