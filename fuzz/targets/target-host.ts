// INVARIANT: text is an authority exactly where RFC3986 has one, in its parts, and a request target in the form that its method
// takes, whose parts make the text again; a host is the same to WHATWG URL, but for what is explained.
import { defineTarget } from '../define.ts';
import { assertAuthority, assertTarget } from '../oracles/uri-grammar.ts';

export const target = defineTarget({
  name: 'target-host',
  subject: ['core/semantics/host', 'core/semantics/target'],
  dictionary: `
"http://"
"https://"
"[::1]"
"[::ffff:1.2.3.4]"
"[1:2:3:4:5:6:7:8]"
"[v1.a]"
"1.2.3.4"
"256"
":443"
":65536"
":"
"::"
"@"
"*"
"/"
"?"
"#"
"%41"
"%zz"
"//"
"localhost"
"example.com"
`,
  grammar: 'bytes',
  maxLength: 256,
  fuzz(octets) {
    assertAuthority(octets);
    assertTarget(octets);
  },
});
