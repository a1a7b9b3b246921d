// INVARIANT: text is an item, list or dictionary exactly where the grammar of RFC9651 has one, with its values, and is refused
// with a code at a place of it elsewhere; what was read is written in one form, and read as the same again, and what a program
// says is refused or read as what it said.
import { defineTarget } from '../define.ts';
import { inputOf } from '../engines/latin1-input.ts';
import { assertStructured, assertStructuredSaid, tellStructured } from '../oracles/structured-grammar.ts';

export const target = defineTarget({
  name: 'structured-fields',
  subject: ['core/semantics/structured', 'core/bytes/base64', 'core/bytes/utf8'],
  dictionary: String.raw`
"?0"
"?1"
"@0"
"@-62135596800"
"%\x22"
"%c3%bc"
"%ed%a0%80"
"%f4%8f%bf%bf"
"%22"
"\x22"
"\x5c\x22"
"\x5c\x5c"
":YQ==:"
":YWI=:"
"::"
"()"
" ("
")"
", "
"\x09,"
";a"
"; b="
"a=1"
"*"
"-0"
"-1.5"
"999999999999999"
"1234567890123.0"
"123456789012.125"
".125"
"__proto__"
"constructor"
"u=1, i"
`,
  grammar: 'bytes',
  // 1,025 members, one more than the least limit
  maxLength: 2_112,
  fuzz(octets) {
    const input = inputOf(octets);
    assertStructured(input);
    assertStructuredSaid(input);
  },
  events: (octets, _cut, tell) => tellStructured(inputOf(octets), tell),
});
