// INVARIANT: any text is read as the rules of the gate, of which the most particular decides, or refused in one line that cannot drive a
// terminal; no rule softens a crash, and none takes long to fit.
import { defineTarget } from '../define.ts';
import { assertReadsRules } from '../oracles/bench-config.ts';
import { assertPrototypes } from '../oracles/prototypes.ts';

export const target = defineTarget({
  name: 'bench-config',
  subject: ['reports/gate/rules', 'reports/explain-issue'],
  dictionary: String.raw`
"{\"must\":\"error\"}"
"\"should\":\"warn\""
"\"area:chunked\":\"off\""
"\"area:*\":\"warn\""
"*a*a"
"/chunked"
"\"kind:new-failure\":\"off\""
"\"kind:new-crash\":\"error\""
"\"kind:incomplete\":\"warn\""
"\"__proto__\":\"off\""
"\"constructor\":\"error\""
"\"\\u001b[2J\":\"off\""
"\x0a"
`,
  grammar: 'bytes',
  maxLength: 1_024,
  async fuzz(octets) {
    await assertReadsRules(new TextDecoder().decode(octets));
    assertPrototypes();
  },
});
