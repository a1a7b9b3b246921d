import { answer, type Case, defineCases } from '../../define.ts';
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
import { canned416, cannedPart, cannedParts } from './partial.ts';

/** RFC9110#15.5.17: no range lies in the file. */
const ROWS: readonly { readonly slug: string; readonly title: string; readonly range: (bytes: number) => string }[] = [
  { slug: 'first-at-end', title: 'A range whose first octet is one behind the last', range: (n) => `${n}-${n}` },
  { slug: 'open-at-end', title: 'An open range that begins one octet behind the last', range: (n) => `${n}-` },
  { slug: 'first-beyond-end', title: 'A range far behind the end', range: (n) => `${n + 1_000}-${n + 2_000}` },
  { slug: 'suffix-0', title: 'A suffix of no octets', range: () => '-0' },
  { slug: 'suffix-00', title: 'A suffix of no octets in two digits', range: () => '-00' },
  { slug: 'first-2-pow-31', title: 'A range from 2^31 on', range: () => '2147483648-' },
  { slug: 'first-2-pow-32', title: 'A range from 2^32 to 2^32 + 9', range: () => '4294967296-4294967305' },
  { slug: 'first-2-pow-53', title: 'A range from 2^53 to 2^53 + 1', range: () => '9007199254740992-9007199254740993' },
  { slug: 'first-2-pow-63', title: 'A range from 2^63 on', range: () => '9223372036854775808-' },
  {
    slug: 'first-2-pow-64',
    title: 'A range from 2^64 to 2^64 + 9',
    range: () => '18446744073709551616-18446744073709551625',
  },
  { slug: 'first-of-100-digits', title: 'A range from a numeral of 100 digits on', range: () => `${'9'.repeat(100)}-` },
  {
    slug: 'set-beyond-end',
    title: 'A set of ranges that all lie behind the end',
    range: (n) => `${n}-${n + 9},-0,${n + 20}-`,
  },
];

/** 416 that tells the length, and tells it right. */
const refused = compared([416], 'with Content-Range: bytes */<length>', ({ fields }, { content }) => {
  const [value] = fieldValues(fields, 'content-range');
  if (value === undefined) return 'a 416 has no Content-Range (RFC9110#15.5.17)';
  return /^bytes \*\/[0-9]+$/i.test(value) && value.endsWith(`*/${content.length}`)
    ? undefined
    : `Content-Range is "${value}", the file has ${content.length} octets`;
});

function toCase({ slug, title, range }: (typeof ROWS)[number]): Case {
  return {
    id: `h1/range/${slug}`,
    title: `${title} is refused with 416, which tells the length`,
    rfc: 'RFC9110#15.5.17',
    level: 'SHOULD',
    needs: ['ranges'],
    why: 'Numerals that overflow, or a subtraction that does, find octets where there are none.',
    ...asks({ fields: ({ content }) => [`Range: bytes=${range(content.length)}`] }),
    ...allowing(then(refused), thenWarn(whole, 'Range may be ignored (RFC9110#14.2)')),
    controls: {
      pass: [canned(canned416()), canned(CANNED_WHOLE)],
      fail: [
        canned(canned416('')),
        canned(canned416('bytes */399')),
        canned(canned416('bytes 0-399/400')),
        canned(canned416('*/400')),
        canned(cannedPart([399, 399])),
        canned(cannedPart([0, 399])),
        canned(cannedParts([])),
        canned(answer(206, '', ['Content-Range: bytes */400'])),
        canned(CANNED_404),
      ],
    },
  };
}

export default defineCases([
  ...ROWS.map(toCase),
  {
    id: 'h1/range/416-serves-on',
    title: 'A 416 is framed, so that the next request on its connection is served',
    rfc: 'RFC9112#6.3',
    level: 'MUST',
    needs: ['ranges'],
    ...asks(
      { fields: ({ content }) => [`Range: bytes=${content.length}-`] },
      { fields: ({ content }) => [`Range: bytes=${content.length}-`] },
    ),
    ...allowing(then({ status: [416] }, { status: [416] }), then(whole, whole)),
    controls: {
      pass: [canned(canned416(), canned416()), canned(CANNED_WHOLE, CANNED_WHOLE)],
      fail: [
        canned(canned416().replace('Content-Length: 2', 'Content-Length: 1'), canned416()),
        canned(canned416(), answer(500)),
      ],
    },
  },
]);
