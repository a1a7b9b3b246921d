// INVARIANT: a multipart/byteranges content is as long as it was told to be, and a reader that knows only boundaries finds each
// part in it with its type, its place and its octets, whatever these are.
import { defineTarget } from '../define.ts';
import { inputOf } from '../engines/latin1-input.ts';
import { assertMultipart, assertPlan } from '../oracles/ranges.ts';

export const target = defineTarget({
  name: 'byteranges',
  subject: ['core/semantics/byteranges', 'core/semantics/range'],
  dictionary: String.raw`
"bytes=0-0,5-5\x0atext/plain\x0a"
"bytes=0-"
"-1"
",2-3"
"application/octet-stream\x0a"
"text/html; charset=utf-8\x0a"
"\x0d\x0a--"
"--\x0d\x0a"
"\x0d\x0a\x0d\x0a"
"Content-Range: bytes 0-0/1"
`,
  grammar: 'bytes',
  maxLength: 512,
  fuzz(octets) {
    // A Range field, a media type and the representation, a line each but for the last
    const [, field = '', typed = '', content = ''] = /^([^\n]*)\n?([^\n]*)\n?(.*)$/s.exec(inputOf(octets)) ?? [];
    const type = typed.replace(/[^\x21-\x7e ]/g, '').trim();
    const ranges = assertPlan(field, content.length, 16);
    if (ranges.length > 0) assertMultipart(ranges, content, type);
  },
});
