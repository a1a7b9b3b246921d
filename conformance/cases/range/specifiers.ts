import { answer, type Case, defineCases } from '../../define.ts';
import { status } from '../../outcomes.ts';
import { allowing, asks, CANNED_404, CANNED_WHOLE, canned, then, thenWarn, whole } from '../representation.ts';
import { canned416, cannedPart, cannedParts, partial, type Range } from './partial.ts';

/** RFC9110#14.1.1: range specifiers that are invalid, and those that only look so. */
interface Row {
  readonly slug: string;
  readonly title: string;
  /** Value of Range. */
  readonly range: string;
  /** What a lenient reader would take it for: octets 10 to 19, if it is told, which is worth a warning. */
  readonly isReadable?: true;
  readonly rfc?: Case['rfc'];
  readonly why?: string;
}

const INVALID: readonly Row[] = [
  { slug: 'last-before-first', title: 'A range whose last octet is before its first', range: 'bytes=19-10' },
  {
    slug: 'last-before-first-by-2-pow-64',
    title: 'A range from 2^64 to 10',
    range: 'bytes=18446744073709551616-10',
    why: 'It is from 0 to 10 where numerals overflow.',
  },
  { slug: 'no-number', title: 'A range without a number', range: 'bytes=-' },
  { slug: 'empty-set', title: 'An empty set of ranges', range: 'bytes=' },
  { slug: 'only-commas', title: 'A set of empty members', range: 'bytes=,,,', rfc: 'RFC9110#5.6.1.2' },
  { slug: 'no-set', title: 'A unit without a set', range: 'bytes' },
  { slug: 'no-unit', title: 'A set without a unit', range: '=10-19' },
  { slug: 'no-equals', title: 'A space in place of the equals sign', range: 'bytes 10-19', isReadable: true },
  { slug: 'colon', title: 'A colon in place of the equals sign', range: 'bytes:10-19', isReadable: true },
  { slug: 'single-number', title: 'A number without a hyphen', range: 'bytes=10' },
  { slug: 'garbage', title: 'A set that is no range', range: 'bytes=aeronet' },
  { slug: 'garbage-behind', title: 'A range with letters behind it', range: 'bytes=10-19abc', isReadable: true },
  { slug: 'hexadecimal', title: 'A range in hexadecimal', range: 'bytes=0xa-0x13', isReadable: true },
  { slug: 'plus-sign', title: 'A range with plus signs', range: 'bytes=+10-+19', isReadable: true },
  { slug: 'negative', title: 'A range with two hyphens', range: 'bytes=10--19' },
  { slug: 'three-numbers', title: 'A range of three numbers', range: 'bytes=10-19-29', isReadable: true },
  { slug: 'fraction', title: 'A range of fractions', range: 'bytes=10.0-19.0', isReadable: true },
  { slug: 'quoted', title: 'A range in quotes', range: 'bytes="10-19"', isReadable: true },
  { slug: 'space-in-range', title: 'A range with spaces around its hyphen', range: 'bytes=10 - 19', isReadable: true },
  {
    slug: 'space-before-equals',
    title: 'A space in front of the equals sign',
    range: 'bytes =10-19',
    isReadable: true,
  },
  { slug: 'semicolon', title: 'A set with a semicolon for its comma', range: 'bytes=10-19;30-39', isReadable: true },
  {
    slug: 'invalid-among-valid',
    title: 'A set with one invalid member',
    range: 'bytes=10-19,39-30',
    isReadable: true,
    why: 'A specifier is invalid if any of its members is.',
  },
];

const asked = (range: string) => ({ ranges: () => [[10, 19] as const], isSet: range.includes(',') });
const READ = 'read though it is invalid; what is sent says what it is';

function toInvalid({ slug, title, range, isReadable, rfc = 'RFC9110#14.1.1', why }: Row): Case {
  return {
    id: `h1/range/${slug}`,
    title: `${title} is ignored or refused, and is not guessed at`,
    rfc,
    level: 'SHOULD',
    needs: ['ranges'],
    why: `${why === undefined ? '' : `${why} `}RFC9110#14.2 lets a server ignore or reject an invalid specifier; it is valid ones that SHOULD get 206.`,
    ...asks({ fields: () => [`Range: ${range}`] }),
    ...allowing(
      then(whole),
      then(status(400, 416)),
      ...(isReadable === true ? [thenWarn(partial(asked(range)), READ)] : []),
    ),
    controls: {
      pass: [
        canned(CANNED_WHOLE),
        canned(canned416()),
        canned(answer(400, '')),
        ...(isReadable === true ? [canned(cannedPart([10, 19]))] : []),
      ],
      fail: [canned(cannedPart([0, 10])), canned(cannedPart([0, 399])), canned(CANNED_404), canned(answer(500))],
    },
  };
}

/** What RFC9110 makes of lists and units: these are right. */
const VALID: readonly Row[] = [
  { slug: 'unit-upper-case', title: 'The unit BYTES', range: 'BYTES=10-19', rfc: 'RFC9110#14.1' },
  { slug: 'unit-mixed-case', title: 'The unit Bytes', range: 'Bytes=10-19', rfc: 'RFC9110#14.1' },
  {
    slug: 'empty-member-in-front',
    title: 'A set with an empty member in front',
    range: 'bytes=,10-19',
    rfc: 'RFC9110#5.6.1.2',
  },
  {
    slug: 'empty-members',
    title: 'A set with empty members around and between its ranges',
    range: 'bytes= , ,10-14,, ,15-19, ,',
    rfc: 'RFC9110#5.6.1.2',
  },
  {
    slug: 'space-around-members',
    title: 'A set with spaces and tabs around its members',
    range: 'bytes= 10-14 ,\t15-19',
    rfc: 'RFC9110#5.6.1.1',
  },
];

/** As parts, in place of one range. */
const SETS: readonly (readonly Range[])[] = [
  [[10, 19]],
  [
    [10, 14],
    [15, 19],
  ],
];

function toValid({ slug, title, range, rfc = 'RFC9110#14.1.1' }: Row): Case {
  return {
    id: `h1/range/${slug}`,
    title: `${title} is understood`,
    rfc,
    level: 'MUST',
    needs: ['ranges'],
    ...asks({ fields: () => [`Range: ${range}`] }),
    ...allowing(
      then(partial(asked(range))),
      thenWarn(whole, 'Range may be ignored (RFC9110#14.2), though it is right'),
    ),
    controls: {
      pass: [
        canned(cannedPart([10, 19])),
        canned(CANNED_WHOLE),
        ...(range.includes(',') ? SETS.map((set) => canned(cannedParts(set))) : []),
      ],
      fail: [
        canned(cannedPart([9, 19])),
        canned(canned416()),
        canned(answer(400)),
        canned(cannedPart([10, 19], [0, 9])),
      ],
    },
  };
}

export default defineCases([...INVALID.map(toInvalid), ...VALID.map(toValid)]);
