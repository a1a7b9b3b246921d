// INVARIANT: a Cookie value is the pairs that a plain reading has, and none is found under another name; a cookie that a program sets is
// refused, or what a browser stores is what was meant, one cookie, with what its name promises.
import { defineTarget } from '../define.ts';
import { inputOf } from '../engines/latin1-input.ts';
import { assertCookies, assertSetCookie } from '../oracles/cookie-jar.ts';
import { assertPrototypes } from '../oracles/prototypes.ts';

export const target = defineTarget({
  name: 'cookies',
  subject: ['core/semantics/cookie', 'core/semantics/set-cookie'],
  dictionary: String.raw`
"a=1"
"; "
";"
"="
"__Host-"
"__Secure-"
"__host-http-"
"__proto__"
"\x22"
"\x0adomain=example.com"
"\x0apath=/a"
"\x0aage=60"
"\x0aexpires=0"
"\x0aexpires=253402300799000"
"\x0asecure=no"
"\x0asecure"
"\x0ahttp=no"
"\x0anone"
"\x0astrict"
"\x0apartitioned"
"\x0atimes=4096"
"\x0d\x0a"
" \x09"
"\x7f"
`,
  grammar: 'bytes',
  maxLength: 512,
  fuzz(octets) {
    const input = inputOf(octets);
    assertCookies(input);
    assertSetCookie(input);
    assertPrototypes();
  },
});
