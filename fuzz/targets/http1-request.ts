// INVARIANT: octets of a peer, however cut, are told as one sequence of requests, contents and ends with true offsets, or
// end in one typed refusal; what is accepted is framed as RFC9112 says and is the same when written and read again.
import { defineTarget } from '../define.ts';
import { tellRequests } from '../events/http1.ts';
import { HTTP1_DICTIONARY } from '../grammar/http1-dictionary.ts';
import { assertEventOrder, readHttp1 } from '../oracles/http1-events.ts';
import { assertFraming } from '../oracles/http1-framing.ts';
import { assertRoundTrip } from '../oracles/http1-round-trip.ts';
import { assertSameForEveryCut } from '../oracles/segmentation.ts';

export const target = defineTarget({
  name: 'http1-request',
  subject: ['core/http1', 'core/semantics', 'core/bytes', 'core/errors'],
  dictionary: HTTP1_DICTIONARY,
  grammar: 'http1-request',
  maxLength: 4_096,
  fuzz(octets) {
    const records = assertSameForEveryCut(octets, (pieces) => readHttp1(pieces));
    assertEventOrder(octets, records);
    assertFraming(octets, records);
    assertRoundTrip(records);
  },
  events: tellRequests,
});
