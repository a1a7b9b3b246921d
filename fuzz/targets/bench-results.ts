// INVARIANT: any octets, however they come in pieces, are read as a results file that folds into a report and a decision, or
// refused in one line that cannot drive a terminal.
import { defineTarget } from '../define.ts';
import { assertReadsResults } from '../oracles/bench-readers.ts';
import { assertPrototypes } from '../oracles/prototypes.ts';

export const target = defineTarget({
  name: 'bench-results',
  subject: ['reports'],
  dictionary: String.raw`
"{\"kind\":\"run-start\""
"{\"kind\":\"run-end\",\"elapsedMs\":1,\"complete\":true}"
"{\"kind\":\"fuzz-stats\""
"\"schema\":1"
"\"verdict\":\"fail\""
"\"attempts\":[\"pass\",\"fail\"]"
"\"__proto__\":{\"x\":1}"
"\"constructor\":{\"prototype\":{\"x\":1}}"
"null"
"\x0a"
"\xff"
`,
  grammar: 'bytes',
  maxLength: 8_192,
  async fuzz(octets) {
    await assertReadsResults(octets);
    assertPrototypes();
  },
});
