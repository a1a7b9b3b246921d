// INVARIANT: a name in any case, with or without the dot of the root, belongs to the policy that has it in full, else to the one that has
// `*.` for its first label, else to the one for whoever is left; what is no name, or stands in two policies, is refused.
import { defineTarget } from '../define.ts';
import { inputOf } from '../engines/latin1-input.ts';
import { assertPolicyNames } from '../oracles/policy-names.ts';

export const target = defineTarget({
  name: 'tls-policies',
  subject: ['core/tls/policy-names', 'core/tls/host-name'],
  dictionary: String.raw`
"*."
"a.test"
"b.a.test"
"A.TEST."
" "
"\x0a"
"\x0a\x0a"
"_"
"-"
".."
"192.0.2.1"
"[::1]"
"xn--"
`,
  grammar: 'bytes',
  maxLength: 1_024,
  fuzz(octets) {
    assertPolicyNames(inputOf(octets));
  },
});
