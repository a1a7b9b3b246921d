// INVARIANT: one logical request is understood the same, or refused, however it is written: in either form of its target, with a
// length or in chunks, over HTTP/1.1 or over HTTP/2 plain, coded, indexed, padded or cut.
import { defineTarget } from '../define.ts';
import { inputOf } from '../engines/latin1-input.ts';
import { tellRequests } from '../events/http1.ts';
import { HTTP1_DICTIONARY } from '../grammar/http1-dictionary.ts';
import { assertEquivalent } from '../oracles/request-equivalence.ts';

export const target = defineTarget({
  name: 'request-equivalence',
  subject: ['core/http1', 'core/http2', 'core/hpack', 'core/semantics'],
  dictionary: HTTP1_DICTIONARY,
  grammar: 'http1-request',
  maxLength: 2_048,
  fuzz(octets) {
    assertEquivalent(inputOf(octets));
  },
  events: tellRequests,
});
