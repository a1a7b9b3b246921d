// INVARIANT: any text is read as an expectations file, each key once and in order, or refused in one line that names the place.
import { defineTarget } from '../define.ts';
import { assertReadsExpectations } from '../oracles/bench-readers.ts';
import { assertPrototypes } from '../oracles/prototypes.ts';

export const target = defineTarget({
  name: 'bench-expectations',
  subject: ['reports/gate/expectations', 'reports/gate/calendar', 'reports/explain-issue'],
  dictionary: String.raw`
"{\"key\":\"a/b @core\",\"expect\":\"fail\",\"reason\":\"r\"}"
"\"crash v1:0\""
"\"expect\":[\"fail\",\"pass\"]"
"\"expires\":\"2026-02-29\""
"\"when\":{\"node\":\"20\"}"
"\"level\":\"MUST\""
"\x0a"
"\"__proto__\":1"
"\"when\":{\"__proto__\":\"1\"}"
`,
  grammar: 'bytes',
  maxLength: 4_096,
  async fuzz(octets) {
    await assertReadsExpectations(new TextDecoder().decode(octets));
    assertPrototypes();
  },
});
