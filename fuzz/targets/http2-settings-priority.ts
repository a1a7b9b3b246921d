// INVARIANT: settings hold from their acknowledgement on, and of all responses that may go on the most urgent goes first, as
// Priority fields and PRIORITY_UPDATE frames say it, whenever those come.
import { http2Limits } from '../../core/sans-io.ts';
import { defineTarget } from '../define.ts';
import { inputOf } from '../engines/latin1-input.ts';
import { tellConnection } from '../events/http2.ts';
import { HTTP2_DICTIONARY } from '../grammar/http2-dictionary.ts';
import { assertPriorities } from '../oracles/http2-priorities.ts';
import { readScript } from '../oracles/http2-script.ts';

const LIMITS = http2Limits();

export const target = defineTarget({
  name: 'http2-settings-priority',
  subject: ['core/http2'],
  dictionary: HTTP2_DICTIONARY,
  grammar: 'http2',
  maxLength: 4_096,
  fuzz(octets) {
    assertPriorities(readScript(octets, inputOf(octets)), LIMITS);
  },
  events: (octets, cut, tell) => tellConnection(octets, cut, tell, { limits: LIMITS }),
});
