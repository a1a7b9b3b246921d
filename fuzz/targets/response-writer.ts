// INVARIANT: whatever a handler says in whatever order, one response comes out that readers of both versions take for what was
// said, or nothing does; what is refused writes nothing, and no text in it can split a response.
import { defineTarget } from '../define.ts';
import { inputOf } from '../engines/latin1-input.ts';
import { assertResponds } from '../oracles/response-programs.ts';

export const target = defineTarget({
  name: 'response-writer',
  subject: [
    'core/http1/response-writer',
    'core/http1/response-fields',
    'core/http2/responder',
    'core/http2/response-encoder',
    'core/semantics',
  ],
  dictionary: String.raw`
"G1\x0a"
"H1\x0a"
"G0\x0a"
"\x0ai103 Link:</a>"
"\x0ah200"
"\x0ah200 5"
"\x0ah204"
"\x0ah205"
"\x0ah304 5"
"\x0aw200 5 Via:x"
"\x0ar200 :ok"
"\x0aw404"
"\x0ac :hello"
"\x0ae"
"\x0ae X-Sum:1"
"Connection:"
"Content-Length:"
"Transfer-Encoding:chunked"
"Date:x"
"Set-Cookie:"
"\x0d"
"\x00"
"\x0b"
" "
`,
  grammar: 'bytes',
  maxLength: 512,
  fuzz(octets) {
    assertResponds(inputOf(octets));
  },
  events: (octets, _cut, tell) => assertResponds(inputOf(octets), tell),
});
