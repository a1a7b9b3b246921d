import { answer, type Case, defineCases, status } from '../../define.ts';
import type { Outcome } from '../../model.ts';
import { fieldValues } from '../../wire/response-reader.ts';
import {
  allowing,
  asks,
  CANNED_404,
  CANNED_WHOLE,
  canned,
  compared,
  then,
  thenWarn,
  whole,
} from '../representation.ts';
import { canned416, cannedPart, cannedParts, consistent, partial, type Range, readParts, subset } from './partial.ts';

/** RFC9110#15.3.7.2: several ranges in one request. All of the file is a right answer to any set, as are its parts in any form. */
const set = (ranges: (bytes: number) => readonly Range[]) => ({ ranges, isSet: true });

const IGNORED = 'Range may be ignored (RFC9110#14.2)';
const LESS = 'a subset may be sent (RFC9110#15.3.7)';

interface Row {
  readonly slug: string;
  readonly title: string;
  readonly range: (bytes: number) => string;
  /** Those of them that the file has. */
  readonly due: (bytes: number) => readonly Range[];
}

const ROWS: readonly Row[] = [
  {
    slug: 'two',
    title: 'Two ranges',
    range: (n) => `0-9,${n - 10}-${n - 1}`,
    due: (n) => [
      [0, 9],
      [n - 10, n - 1],
    ],
  },
  {
    slug: 'all-forms',
    title: 'A range, an open one and a suffix',
    range: (n) => `0-0,${n - 40}-,-20`,
    due: (n) => [
      [0, 0],
      [n - 40, n - 1],
      [n - 20, n - 1],
    ],
  },
  {
    slug: 'descending',
    title: 'Two ranges, the later one first,',
    range: () => '300-309,10-19',
    due: () => [
      [300, 309],
      [10, 19],
    ],
  },
  {
    slug: 'close-together',
    title: 'Two ranges with a gap of one octet',
    range: () => '10-19,21-29',
    due: () => [
      [10, 19],
      [21, 29],
    ],
  },
  {
    slug: 'adjacent',
    title: 'Two ranges without a gap',
    range: () => '10-19,20-29',
    due: () => [
      [10, 19],
      [20, 29],
    ],
  },
  {
    slug: 'overlapping',
    title: 'Two ranges that overlap',
    range: () => '10-29,20-39',
    due: () => [
      [10, 29],
      [20, 39],
    ],
  },
  {
    slug: 'one-satisfiable',
    title: 'Two ranges of which one lies behind the end',
    range: (n) => `10-19,${n + 10}-${n + 19}`,
    due: () => [[10, 19]],
  },
  {
    slug: 'suffix-0-among',
    title: 'A range beside a suffix of no octets',
    range: () => '-0,10-19',
    due: () => [[10, 19]],
  },
];

function toCase({ slug, title, range, due }: Row): Case {
  const right = due(400);
  const distant: Range = [right[0]?.[0] ?? 0, right[0]?.[1] ?? 0];
  return {
    id: `h1/range/set-${slug}`,
    title: `${title} are answered with their octets, each part saying which they are`,
    rfc: 'RFC9110#15.3.7.2',
    level: 'MUST',
    needs: ['ranges'],
    ...asks({ fields: ({ content }) => [`Range: bytes=${range(content.length)}`] }),
    ...allowing(then(partial(set(due))), then(whole), thenWarn(subset(set(due)), LESS)),
    controls: {
      pass: [canned(cannedParts(right)), canned(CANNED_WHOLE), canned(cannedPart(distant))],
      fail: [
        canned(cannedParts(right, ['Content-Range: bytes 0-399/400'])),
        canned(cannedParts(right).replace('boundary=limit', 'boundary=other')),
        canned(cannedParts(right).replace('; boundary=limit', '')),
        canned(cannedParts(right).replace(/Content-Range: bytes [0-9]+/, 'Content-Range: bytes 1')),
        canned(cannedParts(right).replace(/\r\nContent-Range: bytes [^\r]*/, '\r\nX: bytes 0-0/999999999999')),
        canned(cannedParts([...right, [200, 209]])),
        canned(canned416()),
        canned(CANNED_404),
      ],
    },
  };
}

/** RFC9110#17.15: what is asked for over and over costs no more than the file. */
const EGREGIOUS: readonly { readonly slug: string; readonly title: string; readonly range: string }[] = [
  {
    slug: 'many',
    title: '500 ranges of one octet',
    range: Array.from({ length: 500 }, (_, index) => `${index * 2}-${index * 2}`).join(),
  },
  {
    slug: 'many-descending',
    title: '500 ranges of one octet, in descending order,',
    range: Array.from({ length: 500 }, (_, index) => `${998 - index * 2}-${998 - index * 2}`).join(),
  },
  { slug: 'same-many', title: 'The same range 300 times', range: Array(300).fill('0-99').join() },
  { slug: 'all-many', title: 'All of the file 40 times', range: Array(40).fill('0-').join() },
  {
    slug: 'nested-many',
    title: '40 open ranges, each within the one in front of it,',
    range: Array.from({ length: 40 }, (_, index) => `${index}-`).join(),
  },
  {
    slug: 'suffixes-many',
    title: '300 suffixes of growing length',
    range: Array.from({ length: 300 }, (_, index) => `-${index + 1}`).join(),
  },
  { slug: 'all-3', title: 'All of the file three times', range: '0-,0-,0-' },
];

function toEgregious({ slug, title, range }: (typeof EGREGIOUS)[number]): Case {
  const allowed: readonly Outcome[] = [then(consistent(true)), then(whole), then(status(400, 413, 416, 431))];
  const repeated: readonly Range[] = Array(30).fill([0, 399]);
  return {
    id: `h1/range/set-${slug}`,
    title: `${title} are ignored, refused or joined, and cost no more than the file`,
    rfc: 'RFC9110#17.15',
    level: 'SHOULD',
    needs: ['ranges'],
    tags: ['amplification'],
    ...asks({ fields: () => [`Range: bytes=${range}`] }),
    ...allowing(...allowed),
    controls: {
      pass: [canned(CANNED_WHOLE), canned(canned416()), canned(cannedPart([0, 399])), canned(answer(400))],
      fail: [
        canned(cannedParts(repeated)),
        canned(cannedPart([0, 99], [1, 100])),
        canned(answer(500)),
        canned(CANNED_404),
      ],
    },
  };
}

export default defineCases([
  ...ROWS.map(toCase),
  ...EGREGIOUS.map(toEgregious),
  {
    id: 'h1/range/set-order',
    title: 'The parts of a multipart stand in the order in which they were asked for',
    rfc: 'RFC9110#15.3.7.2',
    level: 'SHOULD',
    needs: ['ranges'],
    ...asks({ fields: ({ content }) => [`Range: bytes=${content.length - 10}-,0-9`] }),
    ...allowing(
      then(
        ordered((n) => [
          [n - 10, n - 1],
          [0, 9],
        ]),
      ),
      then(whole),
      thenWarn(
        ordered((n) => [[n - 10, n - 1]]),
        LESS,
      ),
    ),
    controls: {
      pass: [
        canned(
          cannedParts([
            [390, 399],
            [0, 9],
          ]),
        ),
        canned(CANNED_WHOLE),
        canned(cannedPart([390, 399])),
      ],
      fail: [
        canned(
          cannedParts([
            [0, 9],
            [390, 399],
          ]),
        ),
        canned(canned416()),
      ],
    },
  },
  {
    id: 'h1/range/set-part-type',
    title: 'Each part of a multipart has the Content-Type of the file',
    rfc: 'RFC9110#15.3.7.2',
    level: 'SHOULD',
    needs: ['ranges'],
    ...asks({ fields: ({ content }) => [`Range: bytes=0-9,${content.length - 10}-`] }),
    ...allowing(
      then(
        compared([206], 'whose parts have the type of the file', ({ content, fields }, known) => {
          const type = fieldValues(known.fields, 'content-type')[0];
          const parts = (content.toString('latin1').match(/\r\ncontent-range:/gi) ?? []).length;
          const typed =
            content.toString('latin1').toLowerCase().split(`\r\ncontent-type: ${type?.toLowerCase()}\r\n`).length - 1;
          if (!/^multipart\//i.test(fieldValues(fields, 'content-type')[0] ?? '')) return 'there is no multipart';
          return type === undefined || typed === parts ? undefined : `${typed} of ${parts} parts have the type ${type}`;
        }),
      ),
      thenWarn(whole, IGNORED),
      thenWarn(
        subset(
          set((n) => [
            [0, 9],
            [n - 10, n - 1],
          ]),
        ),
        LESS,
      ),
    ),
    controls: {
      pass: [
        canned(
          cannedParts([
            [0, 9],
            [390, 399],
          ]),
        ),
        canned(CANNED_WHOLE),
      ],
      fail: [
        canned(
          cannedParts([
            [0, 9],
            [390, 399],
          ]).replaceAll(
            '\r\nContent-Type: application/octet-stream\r\nC',
            '\r\nX-Other-Type: application/octet-strea\r\nC',
          ),
        ),
        canned(canned416()),
      ],
    },
  },
]);

/** A multipart of exactly these parts in this order, or one range. */
function ordered(ranges: (bytes: number) => readonly Range[]) {
  return compared([206], 'with the parts in order', (response, known) => {
    const parts = readParts(response, known, true);
    if (typeof parts === 'string') return parts;
    return parts.join(' ') === ranges(known.content.length).join(' ') ? undefined : `the parts are ${parts.join(' ')}`;
  });
}
