import { type Case, defineCases } from '../../define.ts';
import { fieldValues } from '../../wire/response-reader.ts';
import {
  type Ask,
  allowing,
  asks,
  CANNED_WHOLE,
  canned,
  compared,
  type Known,
  then,
  thenWarn,
  whole,
} from '../representation.ts';
import { cannedPart, cannedParts } from './partial.ts';

/** RFC9110#15.3.7: what a 206 tells of the file. */
const IGNORED = 'Range may be ignored (RFC9110#14.2)';
const ONE: Ask = { fields: () => ['Range: bytes=10-19'] };
const SEVERAL: Ask = { fields: ({ content }) => [`Range: bytes=0-9,${content.length - 10}-`] };
const CANNED_ONE = cannedPart([10, 19]);
const CANNED_SEVERAL = cannedParts([
  [0, 9],
  [390, 399],
]);

/** 206 that has these fields as the 200 had them. */
function repeating(names: readonly string[]) {
  return compared([206], `with ${names.join(', ')} of the 200`, ({ fields }, known) => {
    for (const name of names) {
      const [due, found] = [fieldValues(known.fields, name).join(), fieldValues(fields, name).join()];
      if (due !== found) return `${name} is "${found}", in the 200 it is "${due}"`;
    }
    return undefined;
  });
}

interface Row {
  readonly slug: string;
  readonly title: string;
  readonly names: readonly string[];
  readonly ask: Ask;
  readonly canned: string;
  readonly wrong: readonly [from: string, to: string][];
  readonly needs?: Case['needs'];
}

const KEPT = ['etag', 'cache-control', 'content-location', 'vary'];
const ROWS: readonly Row[] = [
  {
    slug: '206-fields',
    title: 'A 206 repeats the fields of the 200 that a cache needs',
    names: KEPT,
    ask: ONE,
    canned: CANNED_ONE,
    wrong: [
      ['ETag: "v1"', 'X: 1'],
      ['"v1"', '"v2"'],
      ['"v1"', 'W/"v1"'],
      ['Vary: Accept', 'X: 1'],
    ],
  },
  {
    slug: '206-multipart-fields',
    title: 'A 206 of several parts repeats the fields of the 200 that a cache needs',
    names: KEPT,
    ask: SEVERAL,
    canned: CANNED_SEVERAL,
    wrong: [
      ['ETag: "v1"', 'X: 1'],
      ['Vary: Accept', 'X: 1'],
    ],
  },
  {
    slug: '206-representation-fields',
    title: 'A 206 to a request without If-Range has the representation fields of the 200',
    names: ['content-type', 'content-encoding', 'content-language', 'last-modified'],
    ask: ONE,
    canned: CANNED_ONE,
    wrong: [
      ['Last-Modified', 'X-Other'],
      ['application/octet-stream', 'text/plain'],
    ],
  },
];

export default defineCases([
  ...ROWS.map(
    ({ slug, title, names, ask, canned: right, wrong }): Case => ({
      id: `h1/range/${slug}`,
      title,
      rfc: 'RFC9110#15.3.7',
      level: 'MUST',
      needs: ['ranges'],
      why: `Of the 200, these are compared: ${names.join(', ')}.`,
      ...asks(ask),
      ...allowing(then(repeating(names)), thenWarn(whole, IGNORED)),
      controls: {
        pass: [canned(right), canned(CANNED_WHOLE)],
        fail: wrong.map(([from, to]) => canned(right.replace(from, to))),
      },
    }),
  ),
  {
    id: 'h1/range/206-date',
    title: 'A 206 has a Date where the 200 has one',
    rfc: 'RFC9110#15.3.7',
    level: 'MUST',
    needs: ['ranges'],
    ...asks(ONE),
    ...allowing(
      then(
        compared([206], 'with Date, if the 200 has it', ({ fields }, known: Known) =>
          fieldValues(known.fields, 'date').length === fieldValues(fields, 'date').length
            ? undefined
            : 'Date is not as in the 200',
        ),
      ),
      thenWarn(whole, IGNORED),
    ),
    controls: {
      pass: [canned(CANNED_ONE), canned(CANNED_WHOLE)],
      fail: [
        canned(CANNED_ONE.replace('Vary: Accept', 'Date: Sat, 29 Oct 1994 19:43:31 GMT')),
        canned(CANNED_ONE.replace('206', '404')),
      ],
    },
  },
  {
    id: 'h1/range/206-length',
    title: 'A Content-Length of a 206 is that of the part, not of the file',
    rfc: 'RFC9110#15.3.7',
    level: 'MUST',
    needs: ['ranges'],
    ...asks(ONE, ONE),
    ...allowing(then(length(), length()), then(whole, whole)),
    controls: {
      pass: [canned(CANNED_ONE, CANNED_ONE), canned(CANNED_WHOLE, CANNED_WHOLE)],
      fail: [
        canned(CANNED_ONE.replace('Content-Length: 10', 'Content-Length: 9'), CANNED_ONE),
        canned(CANNED_ONE.replace('Content-Length: 10', 'Content-Length: 400'), CANNED_ONE),
      ],
    },
  },
  {
    id: 'h1/range/206-complete-length',
    title: 'The Content-Range of a 206 tells the length of the file',
    rfc: 'RFC9110#14.4',
    level: 'SHOULD',
    needs: ['ranges'],
    ...asks(ONE),
    ...allowing(
      then(
        compared([206], 'with the length of the file in Content-Range', ({ fields }, { content }) => {
          const value = fieldValues(fields, 'content-range').join(', ');
          return value.toLowerCase() === `bytes 10-19/${content.length}` ? undefined : `Content-Range is "${value}"`;
        }),
      ),
      thenWarn(whole, IGNORED),
    ),
    controls: {
      pass: [canned(CANNED_ONE), canned(CANNED_WHOLE)],
      fail: [
        canned(cannedPart([10, 19], [10, 19], 'bytes 10-19/*')),
        canned(cannedPart([10, 19], [10, 19], 'bytes 10-19/10')),
        canned(cannedPart([10, 19], [10, 19], 'bytes=10-19/400')),
      ],
    },
  },
]);

function length() {
  return compared([206], 'with as many octets as its Content-Range says', ({ content }) =>
    content.length === 10 ? undefined : `the content has ${content.length} octets`,
  );
}
