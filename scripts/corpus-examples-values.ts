/** Texts of fields and forms, as RFCs, browsers and curl write them and as they must be refused: seeds of the targets that read them. */
import type { ExampleSet } from './corpus-examples.ts';

const STRUCTURED: readonly string[] = [
  'u=1, i',
  'sugar, tea, rum',
  '("foo";a=1;b=2);lvl=5, ("bar" "baz");lvl=1, ()',
  'abc;a=1;b=2; cde_456, (ghi;jk=4 l);q="9";r=w',
  'en="Applepie", da=:w4ZibGV0w6ZydGU=:',
  'a=?0, b, c; foo=bar',
  'rating=1.5, feelings=(joy sadness)',
  'a=(1 2), b=3, c=4;aa=bb, d=(5 6);valid',
  '2; foourl="https://foo.example.com/"',
  '@1659578233',
  '%"This is intended for display to %c3%bcsers."',
  '"a\\"b\\\\c";x=-0.125',
  '-999999999999999',
  'a=1,a=2;b;b=3',
  'a, b,',
  '(1 2',
  '1234567890123.1',
  ':Y=Q:',
];

export const VALUE_EXAMPLE_SETS: readonly ExampleSet[] = [
  {
    target: 'structured-fields',
    set: 'values',
    origin: 'scripts/corpus-examples-values.ts: items, lists and dictionaries of every type, and what is none',
    inputs: STRUCTURED,
  },
];
