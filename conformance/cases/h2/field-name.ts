import {
  answersWith,
  type Block,
  defineH2Cases,
  headers,
  indexed,
  literal,
  orFaultOfCode,
  orWarns,
  refusesEach,
  refusesRequest,
  request,
} from '../../h2/define.ts';

/** RFC9113#8.2.1: the octets that a field name must not have, and those that are in no token besides. */
interface Class {
  readonly slug: string;
  /** Completes "… in a field name". */
  readonly says: string;
  readonly from: number;
  readonly to: number;
}

const CLASSES: readonly Class[] = [
  { slug: 'controls', says: 'A control octet', from: 0x00, to: 0x1f },
  { slug: 'upper-case', says: 'An upper-case letter', from: 0x41, to: 0x5a },
  { slug: 'above-ascii-7f-9f', says: 'DEL or an octet from 0x80 to 0x9f', from: 0x7f, to: 0x9f },
  { slug: 'above-ascii-a0-bf', says: 'An octet from 0xa0 to 0xbf', from: 0xa0, to: 0xbf },
  { slug: 'above-ascii-c0-df', says: 'An octet from 0xc0 to 0xdf', from: 0xc0, to: 0xdf },
  { slug: 'above-ascii-e0-ff', says: 'An octet from 0xe0 to 0xff', from: 0xe0, to: 0xff },
];

const WHY_ONE =
  'Each octet has a request of its own on one connection; where the first one ends the connection, nothing is learnt of the others.';

/** First index of the dynamic table. */
const NEWEST = 62;
/** Token octets that are no letters and digits (RFC9110#5.6.2). */
const ODD_TOKEN = "!#$%&'*+-.^_`|~";
/** Octets that are in no token, but not in the list of what every implementation has to check either. */
const DELIMITERS = '"(),/;<=>?@[\\]{}';

const NAMES = [
  { slug: 'upper-first', says: 'that begins with an upper-case letter', name: 'X-probe' },
  { slug: 'upper-last', says: 'that ends with an upper-case letter', name: 'x-probE' },
  { slug: 'upper-known', says: 'of a known field in mixed case', name: 'Accept' },
  { slug: 'space-first', says: 'that begins with a space', name: ' x-probe' },
  { slug: 'space-inside', says: 'with a space inside', name: 'x probe' },
  { slug: 'space-last', says: 'that ends with a space', name: 'x-probe ' },
  { slug: 'tab-last', says: 'that ends with a tab', name: 'x-probe\t' },
  { slug: 'space-hides-length', says: 'content-length with a space behind it', name: 'content-length ' },
  { slug: 'nul-last', says: 'that ends with NUL', name: 'x-probe\0' },
  { slug: 'lf-last', says: 'that ends with LF', name: 'x-probe\n' },
  { slug: 'del-last', says: 'that ends with DEL', name: 'x-probe\x7f' },
  { slug: 'non-ascii-first', says: 'that begins with an octet above 0x7f', name: '\xe9-probe' },
  { slug: 'colon-inside', says: 'with a colon inside', name: 'x-probe:x' },
  { slug: 'colon-last', says: 'that ends with a colon', name: 'x-probe:' },
  { slug: 'colon-injection', says: 'that holds a whole other field line', name: 'x-probe: a\r\nx-injected' },
] as const;

const upperInTable: Block = [literal('X-Probe', 'v', { kind: 'indexing' })];
const upperByIndex: Block = [indexed(NEWEST)];

export default defineH2Cases([
  ...CLASSES.map(
    ({ slug, says, from, to }) =>
      ({
        id: `h2/field-name/sweep-${slug}`,
        title: `${says} in a field name makes the request malformed, whichever it is`,
        rfc: 'RFC9113#8.2.1',
        level: 'MUST',
        needs: ['get'],
        tags: ['sweep'],
        why: WHY_ONE,
        ...refusesEach(
          Array.from({ length: to - from + 1 }, (_, index) => ({
            says: `0x${(from + index).toString(16).padStart(2, '0')}`,
            block: request('/', [[`x-${String.fromCharCode(from + index)}-probe`, 'v']]),
          })),
        ),
      }) as const,
  ),
  ...NAMES.map(
    ({ slug, says, name }) =>
      ({
        id: `h2/field-name/${slug}`,
        title: `A field name ${says} makes the request malformed`,
        rfc: 'RFC9113#8.2.1',
        level: 'MUST',
        needs: ['get'],
        tags: ['smuggling'],
        frames: [headers(request('/', [[name, '1']]))],
        ...refusesRequest(),
      }) as const,
  ),
  {
    id: 'h2/field-name/upper-huffman',
    title: 'An upper-case field name that is Huffman-coded makes the request malformed',
    rfc: 'RFC9113#8.2.1',
    level: 'MUST',
    needs: ['get'],
    frames: [headers([...request(), literal('X-Probe', 'v', { huffman: true })])],
    ...refusesRequest(),
  },
  {
    id: 'h2/field-name/upper-from-table',
    title: 'An upper-case field name makes each request malformed that takes it from the dynamic table',
    rfc: 'RFC9113#8.2.1',
    level: 'MUST',
    needs: ['get', 'table-4096'],
    why: 'The first request is refused, yet what it put into the table stays there (RFC9113#4.3): the second one names it by its index.',
    ...refusesEach([
      { says: 'the literal', block: [...request(), ...upperInTable] },
      { says: 'the index', block: [...request(), ...upperByIndex] },
    ]),
  },
  {
    id: 'h2/field-name/empty',
    title: 'An empty field name makes the request malformed',
    rfc: 'RFC9113#8.2.1',
    level: 'SHOULD',
    needs: ['get'],
    why: 'A field name is a token of at least one octet (RFC9110#5.1); the list of what has to be checked does not have it.',
    frames: [headers(request('/', [['', 'v']]))],
    ...orFaultOfCode(orWarns(refusesRequest(), ['2xx'], 'the field is taken, or passed over')),
  },
  {
    id: 'h2/field-name/delimiters',
    title: 'A field name with a delimiter in it makes the request malformed',
    rfc: 'RFC9113#8.2.1',
    level: 'SHOULD',
    needs: ['get'],
    why: 'No token has one (RFC9110#5.6.2), but HTTP/2 demands no check of it.',
    frames: [headers(request('/', [[`x-${DELIMITERS}`, 'v']]))],
    ...orWarns(refusesRequest(), ['2xx'], 'the field is taken, or passed over'),
  },
  {
    id: 'h2/field-name/token-octets',
    title: 'Field names of all lower-case token octets are taken',
    rfc: 'RFC9110#5.1',
    level: 'MUST',
    needs: ['get'],
    frames: [
      headers(
        request(
          '/',
          [...ODD_TOKEN, '0123456789', 'abcdefghijklmnopqrstuvwxyz'].map(
            (octets) => [`${octets}x-probe`, 'v'] as const,
          ),
        ),
      ),
    ],
    ...answersWith(),
  },
]);
