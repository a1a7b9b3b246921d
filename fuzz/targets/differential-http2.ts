// INVARIANT: what a server connection takes without a complaint nghttp2 takes as the same requests, and what it ends the connection
// for nghttp2 ends it for; where that is not so, it is known why.
import { defineTarget } from '../define.ts';
import { inputOf } from '../engines/latin1-input.ts';
import { tellConnection } from '../events/http2.ts';
import { HTTP2_DICTIONARY } from '../grammar/http2-dictionary.ts';
import { readScript } from '../oracles/http2-script.ts';
import { assertAgreesWithNghttp2 } from '../oracles/http2-second-opinion.ts';

export const target = defineTarget({
  name: 'differential-http2',
  subject: ['core/http2', 'core/hpack'],
  dictionary: HTTP2_DICTIONARY,
  grammar: 'http2',
  maxLength: 2_048,
  fuzz: (octets) => assertAgreesWithNghttp2(readScript(octets, inputOf(octets))),
  events: (octets, cut, tell) => tellConnection(octets, cut, tell, {}),
});
