// INVARIANT: field lines, read off the wire or given as a list, hold what was put into them in their order, and are found by their
// names, whatever these are; a time is written as IMF-fixdate says, and read as that time again.
import { defineTarget } from '../define.ts';
import { inputOf } from '../engines/latin1-input.ts';
import { HTTP1_DICTIONARY } from '../grammar/http1-dictionary.ts';
import { assertDate, assertFieldLines } from '../oracles/field-lines.ts';
import { assertPrototypes } from '../oracles/prototypes.ts';

export const target = defineTarget({
  name: 'field-lines',
  subject: ['core/semantics/field', 'core/semantics/date'],
  dictionary: HTTP1_DICTIONARY,
  grammar: 'http1-request',
  maxLength: 2_048,
  fuzz(octets) {
    assertFieldLines(inputOf(octets));
    assertDate(octets);
    assertPrototypes();
  },
});
