// INVARIANT: any octets are read as the meta.json of a crash, or as the manifest of a corpus, whose names stay in their folder, or are
// refused in one line that cannot drive a terminal; no name in them reaches a prototype.
import { defineTarget } from '../define.ts';
import { assertReadsManifest, assertReadsMeta } from '../oracles/bench-readers.ts';
import { assertPrototypes } from '../oracles/prototypes.ts';

export const target = defineTarget({
  name: 'bench-corpus-entry',
  subject: ['fuzz/campaign/bundle', 'fuzz/campaign/manifest', 'fuzz/campaign/crash-meta', 'fuzz/errors'],
  dictionary: String.raw`
"{\"schema\":1"
"\"sets\":[]"
"\"target\":\"..\""
"\"target\":\"http1-request\""
"\"set\":\"examples\""
"\"origin\":\"o\""
"\"licence\":\"MIT\""
"\"files\":[\"../../x.bin\"]"
"\"signature\":\"v1:0123456789abcdef\""
"\"kind\":\"oracle\""
"\"status\":\"open\""
"\"__proto__\":{\"x\":1}"
"\"constructor\":{\"prototype\":{\"x\":1}}"
"\x1b[2J"
"1e999"
"null"
`,
  grammar: 'bytes',
  maxLength: 4_096,
  async fuzz(octets) {
    await assertReadsMeta(octets);
    await assertReadsManifest(octets);
    assertPrototypes();
  },
});
