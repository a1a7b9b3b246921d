import type { Case } from '../../define.ts';
import { defineCases } from '../../define.ts';
import { allowing, asks, CANNED_404, CANNED_WHOLE, canned, then, thenWarn, whole } from '../representation.ts';
import { cannedPart, cannedParts, partial, type Range, subset } from './partial.ts';

/** RFC9110#14.1.2: what a single range of octets means. */
interface Row {
  readonly slug: string;
  readonly title: string;
  /** Behind `bytes=`; by the length of the file. */
  readonly range: (bytes: number) => string;
  readonly due: (bytes: number) => Range;
  readonly why?: string;
  readonly tags?: readonly string[];
}

const OVERFLOW =
  'A numeral that does not fit is the same as any that lies behind the end: recipients MUST prevent overflows.';

const ROWS: readonly Row[] = [
  { slug: 'first-last', title: 'octets in the middle', range: () => '10-19', due: () => [10, 19] },
  { slug: 'first-octet', title: 'the first octet alone', range: () => '0-0', due: () => [0, 0] },
  {
    slug: 'last-octet',
    title: 'the last octet alone',
    range: (n) => `${n - 1}-${n - 1}`,
    due: (n) => [n - 1, n - 1],
  },
  { slug: 'open', title: 'all octets from an offset on', range: (n) => `${n - 50}-`, due: (n) => [n - 50, n - 1] },
  { slug: 'open-at-last', title: 'all octets from the last on', range: (n) => `${n - 1}-`, due: (n) => [n - 1, n - 1] },
  { slug: 'all', title: 'all octets by their numbers', range: (n) => `0-${n - 1}`, due: (n) => [0, n - 1] },
  { slug: 'open-at-0', title: 'all octets from 0 on', range: () => '0-', due: (n) => [0, n - 1] },
  { slug: 'suffix', title: 'the last 20 octets', range: () => '-20', due: (n) => [n - 20, n - 1] },
  { slug: 'suffix-1', title: 'a suffix of one octet', range: () => '-1', due: (n) => [n - 1, n - 1] },
  { slug: 'suffix-all', title: 'a suffix as long as the file', range: (n) => `-${n}`, due: (n) => [0, n - 1] },
  {
    slug: 'suffix-longer',
    title: 'a suffix longer than the file, which is all of it,',
    range: (n) => `-${n + 1}`,
    due: (n) => [0, n - 1],
  },
  {
    slug: 'last-at-end',
    title: 'a range that ends one octet behind the file, which is cut,',
    range: (n) => `${n - 10}-${n}`,
    due: (n) => [n - 10, n - 1],
  },
  {
    slug: 'last-2-pow-31',
    title: 'a range that ends at 2^31',
    range: () => '10-2147483648',
    due: (n) => [10, n - 1],
    why: OVERFLOW,
  },
  {
    slug: 'last-2-pow-64',
    title: 'a range that ends at 2^64',
    range: () => '10-18446744073709551616',
    due: (n) => [10, n - 1],
    why: OVERFLOW,
  },
  {
    slug: 'last-2-pow-64-and-9',
    title: 'a range that ends at 2^64 + 19, which is 19 where numerals overflow,',
    range: () => '10-18446744073709551635',
    due: (n) => [10, n - 1],
    why: OVERFLOW,
  },
  {
    slug: 'last-of-100-digits',
    title: 'a range that ends at a numeral of 100 digits',
    range: () => `10-${'9'.repeat(100)}`,
    due: (n) => [10, n - 1],
    why: OVERFLOW,
  },
  {
    slug: 'suffix-2-pow-63',
    title: 'a suffix of 2^63 octets',
    range: () => '-9223372036854775808',
    due: (n) => [0, n - 1],
    why: OVERFLOW,
  },
  {
    slug: 'suffix-2-pow-64-and-20',
    title: 'a suffix of 2^64 + 20 octets, which are 20 where numerals overflow,',
    range: () => '-18446744073709551636',
    due: (n) => [0, n - 1],
    why: OVERFLOW,
  },
  {
    slug: 'leading-zeros',
    title: 'a range whose numerals have zeros in front',
    range: () => '00000000000000000000000010-019',
    due: () => [10, 19],
  },
];

/** Every form of a single range: no other octets than these are a right answer, and all of the file is one, too. */
function toCase({ slug, title, range, due, why, tags }: Row): Case {
  const expected = { ranges: (bytes: number) => [due(bytes)], isSet: false };
  const right = due(400);
  const isAll = right[0] === 0 && right[1] === 399;
  const other: Range = right[0] === 0 ? [1, Math.max(1, right[1])] : [right[0] - 1, right[1] - 1];
  return {
    id: `h1/range/${slug}`,
    title: `A request for ${title} is answered with these octets`,
    rfc: 'RFC9110#14.1.2',
    level: 'MUST',
    needs: ['ranges'],
    ...(why === undefined ? {} : { why }),
    ...(tags === undefined ? {} : { tags }),
    ...asks({ fields: ({ content }) => [`Range: bytes=${range(content.length)}`] }),
    ...allowing(
      then(partial(expected)),
      thenWarn(subset(expected), 'a piece of the range may be sent (RFC9110#15.3.7)'),
      thenWarn(whole, 'Range may be ignored (RFC9110#14.2), though not by who supports it'),
    ),
    controls: {
      pass: [
        canned(cannedPart(right)),
        canned(CANNED_WHOLE),
        canned(cannedPart(right, right, `bytes ${right.join('-')}/*`)),
      ],
      fail: [
        ...(isAll ? [] : [canned(cannedPart(other))]),
        canned(cannedPart(right, other)),
        canned(cannedPart(right, right, '')),
        canned(cannedPart(right, right, `bytes ${right.join('-')}/399`)),
        canned(cannedParts([right])),
        canned(CANNED_404),
      ],
    },
  };
}

export default defineCases(ROWS.map(toCase));
