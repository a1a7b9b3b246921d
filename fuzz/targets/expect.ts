// INVARIANT: an Expect asks for 100-continue where all its members do, for nothing where it has none, and else for what is unknown.
import { defineTarget } from '../define.ts';
import { inputOf } from '../engines/latin1-input.ts';
import { assertExpectation } from '../oracles/negotiation.ts';

export const target = defineTarget({
  name: 'expect',
  subject: ['core/semantics/expectation', 'core/semantics/list'],
  dictionary: String.raw`
"100-continue"
"100-Continue"
"200-ok"
","
" ,\x09"
"\xa0"
"\x0b"
";"
"="
`,
  grammar: 'bytes',
  maxLength: 256,
  fuzz(octets) {
    assertExpectation(inputOf(octets));
  },
});
