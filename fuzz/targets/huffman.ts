// INVARIANT: any octets, taken as text, have one Huffman code that reads as that text; taken as code, they are read or refused
// as RFC7541 read bit by bit does, and nothing is written beside what was asked for.
import { defineTarget } from '../define.ts';
import { assertDecodesCode, assertEncodesText } from '../oracles/huffman-agreement.ts';

export const target = defineTarget({
  name: 'huffman',
  subject: ['core/hpack/huffman'],
  dictionary: String.raw`
"\xff\xff\xff\xff"
"\x1f"
"\xfc\x7f"
"\xff\xc7"
"www.example.com"
"\xf1\xe3\xc2\xe5\xf2\x3a\x6b\xa0\xab\x90\xf4\xff"
`,
  grammar: 'bytes',
  maxLength: 1_024,
  fuzz(octets) {
    assertEncodesText(octets);
    assertDecodesCode(octets);
  },
});
