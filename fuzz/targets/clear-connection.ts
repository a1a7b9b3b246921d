// INVARIANT: a connection in clear tells the same and writes the same however its octets are cut, whatever version they speak
// or change to, and whatever its owner, its transport and the clock do between them; what is refused writes nothing, and
// when the transport is gone nothing is left.
import { defineTarget } from '../define.ts';
import { inputOf } from '../engines/latin1-input.ts';
import { tellClear } from '../events/clear.ts';
import { HTTP1_DICTIONARY } from '../grammar/http1-dictionary.ts';
import { runClear } from '../oracles/clear-connection.ts';
import { readClearScript } from '../oracles/clear-script.ts';
import { assertSameForEveryWay } from '../oracles/segmentation.ts';

export const target = defineTarget({
  name: 'clear-connection',
  subject: ['core/connection', 'core/http1', 'core/bytes', 'core/errors'],
  dictionary: String.raw`${HTTP1_DICTIONARY}
"Connection: Upgrade, HTTP2-Settings\x0d\x0a"
"Upgrade: h2c\x0d\x0a"
"HTTP2-Settings: AAMAAABkAAQAAP__\x0d\x0a"
"PRI * HTTP/2.0\x0d\x0a\x0d\x0aSM\x0d\x0a\x0d\x0a"
"\x00\x00\x00\x04\x00\x00\x00\x00\x00"
"\x7fo1\x0a"
"\x7fo3\x0a"
"\x7fo4\x0a"
"\x7ft2001\x0a"
"\x7ft10001\x0a"
"\x7fu5\x0a"
"\x7fp1\x0a"
"\x7fw0\x0a"
"\x7fw9\x0a"
"\x7fa1\x0a"
"\x7fa2\x0a"
"\x7fa6\x0a"
"\x7fa8\x0a"
"\x7fd\x0a"
"\x7fe\x0a"
"\x7ff\x0a"
`,
  grammar: 'http1-request',
  maxLength: 4_096,
  fuzz(octets) {
    const script = readClearScript(octets, inputOf(octets));
    assertSameForEveryWay((cut) => runClear(script, cut));
  },
  events: tellClear,
});
