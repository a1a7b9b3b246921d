// INVARIANT: field blocks read one after another, with settings between, give the fields, verdicts, counts and tables that
// RFC7541 read plainly gives, wherever in memory they stand, and no more of a list than its limits allow.
import { defineTarget } from '../define.ts';
import { inputOf } from '../engines/latin1-input.ts';
import { tellBlocks } from '../events/hpack.ts';
import { parseItems } from '../grammar/hpack-blocks.ts';
import { HTTP2_DICTIONARY } from '../grammar/http2-dictionary.ts';
import { assertDecodesAsReference } from '../oracles/hpack-agreement.ts';

export const target = defineTarget({
  name: 'hpack-decode',
  subject: ['core/hpack'],
  dictionary: HTTP2_DICTIONARY,
  grammar: 'hpack',
  maxLength: 4_096,
  fuzz(octets) {
    assertDecodesAsReference(parseItems(inputOf(octets)));
  },
  events: (octets, _cut, tell) => tellBlocks(octets, tell),
});
