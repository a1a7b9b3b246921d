// INVARIANT: text of a target's, a peer's or a file's in any field of a report is shown as text by every format: it drives no
// terminal, hides nothing, and begins no element, attribute or workflow command.
import { defineTarget } from '../define.ts';
import { assertShownAsText } from '../oracles/bench-renderers.ts';

export const target = defineTarget({
  name: 'bench-renderers',
  subject: ['reports/render', 'reports/visible'],
  dictionary: String.raw`
"<script>"
"</script>"
"<img src=x onerror=1>"
"\" onload=\"x"
"' onload='x"
"&#60;"
"&lt;"
"]]>"
"<![CDATA["
"<!--"
"-->"
"\x0a::error::x"
"##[error]"
"%0A"
"\x1b[31m"
"\x1b]8;;http://a\x07"
"\xe2\x80\xae"
"\xef\xbb\xbf"
"\xed\xa0\x80"
"|"
"\x60\x60\x60"
"[a](javascript:x)"
"https://example.com"
"\x00"
"\x85"
`,
  grammar: 'bytes',
  maxLength: 256,
  fuzz(octets) {
    assertShownAsText(new TextDecoder().decode(octets));
  },
});
