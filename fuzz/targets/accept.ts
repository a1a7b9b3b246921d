// INVARIANT: of the codings that there are the client gets the one to which its Accept-Encoding gives the greatest weight, the plain
// content unless it is excluded, and the same for every spelling of the field.
import { defineTarget } from '../define.ts';
import { inputOf } from '../engines/latin1-input.ts';
import { assertCoding } from '../oracles/negotiation.ts';

const CODINGS = ['br', 'zstd', 'gzip'];

export const target = defineTarget({
  name: 'accept',
  subject: ['core/semantics/accept-encoding', 'core/semantics/list'],
  dictionary: String.raw`
"gzip"
"x-gzip"
"br"
"zstd"
"identity"
"*"
";q=0"
";q=1"
";q=0.5"
" ; Q=0.001"
";q=1.000"
";q=1.001"
";q=.5"
";x=1"
","
", ,"
"\x09"
"\xa0"
`,
  grammar: 'bytes',
  maxLength: 512,
  fuzz(octets) {
    const mask = octets[0] ?? 0;
    const available = CODINGS.filter((_coding, index) => (mask & (1 << index)) !== 0);
    assertCoding(mask < 0xf0 ? inputOf(octets.subarray(1)) : undefined, available);
  },
});
