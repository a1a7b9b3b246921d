// INVARIANT: a form, however cut, is told as one sequence of parts with their contents, as a reader that has the whole divides it, or
// ends in one typed refusal at a place of it; limits hold, and no filename is a path.
import { defineTarget } from '../define.ts';
import { assertForm, readForm } from '../oracles/form-reading.ts';

export const target = defineTarget({
  name: 'multipart-form',
  subject: ['core/semantics/multipart', 'core/semantics/parameters', 'core/bytes/section-buffer', 'core/bytes/utf8'],
  dictionary: String.raw`
"--b\x0d\x0a"
"\x0d\x0a--b"
"\x0d\x0a--b\x0d\x0a"
"\x0d\x0a--b--"
"--b--\x0d\x0a"
"\x0d\x0a\x0d\x0a"
"Content-Disposition: form-data; name=\x22a\x22\x0d\x0a\x0d\x0a"
"Content-Disposition: form-data; name=a\x0d\x0a"
"Content-Type: text/plain\x0d\x0a"
"; filename=\x22a.txt\x22"
"; filename*=utf-8''%e2%82%ac"
"; name=\x22"
"%22"
"%0D%0A"
"\x5c\x22"
"\x5c"
"../"
"C:"
"\xc3\xbc"
"\xe2\x80\xae"
" \x09"
"\x0d"
"\x0a"
`,
  grammar: 'bytes',
  maxLength: 1_024,
  fuzz(octets) {
    assertForm(octets);
  },
  events: (octets, cut, tell) => void readForm(cut(octets), {}, tell),
});
