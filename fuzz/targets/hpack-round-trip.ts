// INVARIANT: any fields, encoded block by block while the peer changes the size of its table, decode to the same fields with
// the same table on both sides; secrets are sent as never indexed and are in no table.
import { defineTarget } from '../define.ts';
import { inputOf } from '../engines/latin1-input.ts';
import { tellEncodings } from '../events/hpack.ts';
import { parseItems } from '../grammar/hpack-blocks.ts';
import { HTTP2_DICTIONARY } from '../grammar/http2-dictionary.ts';
import { assertEncodesFields } from '../oracles/hpack-agreement.ts';

export const target = defineTarget({
  name: 'hpack-round-trip',
  subject: ['core/hpack'],
  dictionary: HTTP2_DICTIONARY,
  grammar: 'hpack',
  maxLength: 4_096,
  fuzz(octets) {
    assertEncodesFields(parseItems(inputOf(octets)));
  },
  events: (octets, _cut, tell) => tellEncodings(octets, tell),
});
