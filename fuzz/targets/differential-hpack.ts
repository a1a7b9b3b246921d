// INVARIANT: field blocks that the core and hpack.js both accept are the same fields; where only one accepts, it is known why.
import { defineTarget } from '../define.ts';
import { inputOf } from '../engines/latin1-input.ts';
import { tellBlocks } from '../events/hpack.ts';
import { parseItems } from '../grammar/hpack-blocks.ts';
import { HTTP2_DICTIONARY } from '../grammar/http2-dictionary.ts';
import { assertAgreesWithHpackJs } from '../oracles/hpack-second-opinion.ts';

export const target = defineTarget({
  name: 'differential-hpack',
  subject: ['core/hpack'],
  dictionary: HTTP2_DICTIONARY,
  grammar: 'hpack',
  maxLength: 4_096,
  fuzz(octets) {
    assertAgreesWithHpackJs(parseItems(inputOf(octets)));
  },
  events: (octets, _cut, tell) => tellBlocks(octets, tell),
});
