// INVARIANT: text is a media type exactly where the grammar of RFC9110 has one, in its parts, and reads as it is written; of the types that
// there are, the one that Accept asks for most is chosen, by its most specific range.
import { defineTarget } from '../define.ts';
import { inputOf } from '../engines/latin1-input.ts';
import { assertAccept, assertLanguage, assertMediaType, assertMediaTypeSaid } from '../oracles/media-types.ts';

export const target = defineTarget({
  name: 'media-types',
  subject: ['core/semantics/media-type', 'core/semantics/parameters', 'core/semantics/accept', 'core/semantics/list'],
  dictionary: String.raw`
"text/html"
"text/plain"
"text/*"
"*/*"
"application/json"
"image/png;a=\x221,2\x22"
"format=flowed"
"; charset=utf-8"
";q=0.5"
";q=0"
";q=1.000"
";q=0.999"
", "
"\x22"
"\x5c\x22"
"=\x22\x22"
"en-GB"
"multipart/form-data;boundary="
"zh-Hant-TW"
"*"
`,
  grammar: 'bytes',
  maxLength: 512,
  fuzz(octets) {
    const input = inputOf(octets);
    assertMediaType(input);
    assertMediaTypeSaid(input);
    assertAccept(input);
    assertLanguage(input);
  },
});
