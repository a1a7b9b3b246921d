// INVARIANT: whatever conditions a request brings, in whatever spelling, it proceeds, is not modified or fails as the steps of
// RFC9110#13.2.2 have it, and an If-Range lets a Range stand only for the very representation.
import { imfFixdate } from '../../core/sans-io.ts';
import { defineTarget } from '../define.ts';
import { inputOf } from '../engines/latin1-input.ts';
import type { Field } from '../grammar/hpack-vocabulary.ts';
import { assertPreconditions } from '../oracles/preconditions.ts';

const METHODS = ['GET', 'HEAD', 'PUT', 'DELETE', 'POST', 'OPTIONS', 'GET', 'PATCH'];
const NAMES: Readonly<Record<string, string>> = {
  m: 'If-Match',
  n: 'If-None-Match',
  s: 'If-Modified-Since',
  u: 'If-Unmodified-Since',
  r: 'If-Range',
};
/** 6 November 1994, 08:49:37, and half a second. */
const MODIFIED_MS = 784_111_777_500;

export const target = defineTarget({
  name: 'conditional',
  subject: ['core/semantics/conditional', 'core/semantics/entity-tag', 'core/semantics/date'],
  dictionary: String.raw`
"\x0am"
"\x0an"
"\x0as"
"\x0au"
"\x0ar"
"\"a\""
"W/\"a\""
"\"b\""
"\"a,b\""
"*"
", "
"Sun, 06 Nov 1994 08:49:37 GMT"
"Sun, 06 Nov 1994 08:49:36 GMT"
"Sun, 06 Nov 1994 08:49:38 GMT"
"Sunday, 06-Nov-94 08:49:37 GMT"
"Sun Nov  6 08:49:37 1994"
"@0"
"@1"
`,
  grammar: 'bytes',
  maxLength: 512,
  fuzz(octets) {
    // The first octet says what is there, the second who asks; then a condition a line, its name one letter
    const [what = 0, who = 0] = octets;
    const lines = inputOf(octets.subarray(2)).split('\n').flatMap(conditionOf);
    const entityTag =
      (what & 1) === 0 ? undefined : { opaque: (what & 2) === 0 ? 'a' : 'a,b', isWeak: (what & 4) !== 0 };
    const lastModifiedMs = (what & 8) === 0 ? undefined : MODIFIED_MS;
    const selected = (what & 16) === 0 ? { entityTag, lastModifiedMs } : undefined;
    assertPreconditions(METHODS[who % METHODS.length] ?? 'GET', lines, selected, MODIFIED_MS + (who >> 3) * 250);
  },
});

/** `@` and a digit stand for a date so many seconds around the last change. */
function conditionOf(line: string): Field[] {
  const name = NAMES[line[0] ?? ''];
  const value = line
    .slice(1)
    .replace(/@(\d)/g, (_match, digit) => imfFixdate(MODIFIED_MS + (Number(digit) - 5) * 1_000));
  return name === undefined ? [] : [[name, value.replace(/^[ \t]+/, '').replace(/[ \t]$/, '')]];
}
