// INVARIANT: a server connection answers the same octets the same way however they are cut: the same events, the same
// responses in order, all well-formed, no exchange left without a response once the peer has ended.
import { defineTarget } from '../define.ts';
import { HTTP1_DICTIONARY } from '../grammar/http1-dictionary.ts';
import { assertAnswered, converse } from '../oracles/http1-conversation.ts';
import { assertSameForEveryCut } from '../oracles/segmentation.ts';

export const target = defineTarget({
  name: 'http1-connection',
  subject: ['core/http1', 'core/semantics', 'core/bytes', 'core/errors'],
  dictionary: HTTP1_DICTIONARY,
  grammar: 'http1-request',
  maxLength: 4_096,
  fuzz(octets) {
    assertAnswered(assertSameForEveryCut(octets, (pieces) => converse(pieces)));
  },
  events: (octets, cut, tell) => void converse(cut(octets), tell),
});
