// INVARIANT: what the core reads off a connection llhttp reads as the same requests, and where one of them stops the other stops in
// the same line; where that is not so, it is known why.
import { defineTarget } from '../define.ts';
import { tellRequests } from '../events/http1.ts';
import { HTTP1_DICTIONARY } from '../grammar/http1-dictionary.ts';
import { assertAgreesWithLlhttp } from '../oracles/http1-second-opinion.ts';

export const target = defineTarget({
  name: 'differential-http1',
  subject: ['core/http1', 'core/semantics'],
  dictionary: HTTP1_DICTIONARY,
  grammar: 'http1-request',
  maxLength: 4_096,
  fuzz: assertAgreesWithLlhttp,
  events: tellRequests,
});
