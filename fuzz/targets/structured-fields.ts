// INVARIANT: text is an item, list or dictionary exactly where the grammar of RFC9651 has one, with its values, and is refused
// with a code at a place of it elsewhere; what was read is written in one form, and read as the same again.
import { defineTarget } from '../define.ts';
import { inputOf } from '../engines/latin1-input.ts';
import { assertStructured } from '../oracles/structured-grammar.ts';

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
  maxLength: 512,
  fuzz(octets) {
    assertStructured(inputOf(octets));
  },
});
