// INVARIANT: a server connection treats the same frames the same way however they are cut and whatever its owner and the clock
// do between them: each is judged as RFC9113 says, every answer is one its client may read, windows agree to the octet, and
// nothing is left when it ends.
import { http2Limits } from '../../core/sans-io.ts';
import { defineTarget } from '../define.ts';
import { tellConnection } from '../events/http2.ts';
import { HTTP2_DICTIONARY } from '../grammar/http2-dictionary.ts';
import { assertConversation } from '../oracles/http2-conversation.ts';

const LIMITS = http2Limits({ concurrentStreams: 32, connectionWindowBytes: 65_535, streamWindowBytes: 4_096 });

export const target = defineTarget({
  name: 'http2-connection',
  subject: ['core/http2', 'core/hpack', 'core/semantics', 'core/bytes', 'core/errors'],
  dictionary: HTTP2_DICTIONARY,
  grammar: 'http2',
  maxLength: 4_096,
  fuzz(octets) {
    assertConversation(octets, LIMITS);
  },
  events: (octets, cut, tell) => tellConnection(octets, cut, tell, { limits: LIMITS }),
});
