// INVARIANT: any octets are read as an h2spec report whose cases stay in their bounds, or refused in one line.
import { defineTarget } from '../define.ts';
import { inputOf } from '../engines/latin1-input.ts';
import { assertReadsJunit } from '../oracles/bench-readers.ts';

export const target = defineTarget({
  name: 'bench-h2spec',
  subject: ['conformance/h2spec/junit'],
  dictionary: String.raw`
"<testsuites>"
"</testsuites>"
"<testsuite tests=\"1\">"
"</testsuite>"
"<testcase package=\"http2/6.9.1\" classname=\"x\" time=\"0.1\">"
"</testcase>"
"<error>"
"</error>"
"<failure>"
"</failure>"
"<skipped></skipped>"
"Expect:"
"Actual:"
"\x0a"
`,
  grammar: 'bytes',
  maxLength: 4_096,
  fuzz(octets) {
    assertReadsJunit(inputOf(octets));
  },
});
