import {
  altered,
  answered,
  type Block,
  defineH2Cases,
  goesAway,
  headers,
  indexed,
  literal,
  orFaultOfCode,
  orWarns,
  refusesEach,
  refusesRequest,
  request,
  resetsStream,
  responds,
  status,
  streamError,
  understands,
  warned,
} from '../../h2/define.ts';

/** RFC9113#8.2.1: what a field value must not have, at all or at its edges. */
const ANYWHERE = [
  { slug: 'nul', says: 'NUL', octet: '\0' },
  { slug: 'cr', says: 'CR', octet: '\r' },
  { slug: 'lf', says: 'LF', octet: '\n' },
] as const;

const EDGES = [
  { slug: 'space-first', says: 'that begins with a space', value: ' v' },
  { slug: 'space-last', says: 'that ends with a space', value: 'v ' },
  { slug: 'tab-first', says: 'that begins with a tab', value: '\tv' },
  { slug: 'tab-last', says: 'that ends with a tab', value: 'v\t' },
  { slug: 'space-alone', says: 'that is a space', value: ' ' },
  { slug: 'tab-alone', says: 'that is a tab', value: '\t' },
] as const;

const WRONG = [
  ...ANYWHERE.flatMap(({ slug, says, octet }) => [
    { slug: `${slug}-first`, says: `that begins with ${says}`, value: `${octet}v` },
    { slug: `${slug}-inside`, says: `with ${says} inside`, value: `a${octet}v` },
    { slug: `${slug}-last`, says: `that ends with ${says}`, value: `v${octet}` },
  ]),
  ...EDGES,
  { slug: 'injection', says: 'that holds a whole other field line', value: 'v\r\nx-injected: 1' },
] as const;

/** Where checks may be forgotten: fields that have code of their own. */
const ELSEWHERE = [
  { slug: 'authority-lf', says: 'LF in :authority', block: altered({ ':authority': '{host}\n' }) },
  { slug: 'authority-crlf', says: 'CR LF in :authority', block: altered({ ':authority': '{host}\r\nx-injected: 1' }) },
  { slug: 'authority-nul', says: 'NUL in :authority', block: altered({ ':authority': '{host}\0' }) },
  {
    slug: 'cookie-lf',
    says: 'LF in a crumb of cookie',
    block: request('/', [
      ['cookie', 'a=b'],
      ['cookie', 'c=d\n'],
    ]),
  },
  { slug: 'host-crlf', says: 'CR LF in host', block: request('/', [['host', '{host}\r\nx-injected: 1']]) },
  { slug: 'te-lf', says: 'LF behind trailers in te', block: request('/', [['te', 'trailers\n']]) },
  { slug: 'length-lf', says: 'LF behind content-length', block: request('/', [['content-length', '0\n']]) },
] as const;

/** First index of the dynamic table. */
const NEWEST = 62;
const range = (from: number, to: number) =>
  String.fromCharCode(...Array.from({ length: to - from + 1 }, (_, index) => from + index));

/** Valid values; placeholders must not come about in them. */
const VISIBLE = range(0x21, 0x7e).replace(/[{}]/g, '');
const ABOVE_ASCII = range(0x80, 0xff);
const CONTROLS = [...range(0x01, 0x1f).replace(/[\t\n\r]/g, ''), '\x7f'];

function arrives(value: string) {
  return understands(
    { fields: { 'x-probe': [value] } },
    { fields: [['x-probe', value]] },
    { fields: [['x-probe', value.slice(1)]] },
  );
}

const KEPT = [
  { slug: 'visible', says: 'of all visible ASCII octets', value: VISIBLE, huffman: false },
  { slug: 'visible-huffman', says: 'of all visible ASCII octets, Huffman-coded,', value: VISIBLE, huffman: true },
  { slug: 'inner-space', says: 'with spaces and tabs inside', value: 'a  b\t\tc', huffman: false },
] as const;

const lfInTable: Block = [literal('x-probe', 'a\nb', { kind: 'indexing' })];

export default defineH2Cases([
  ...WRONG.map(
    ({ slug, says, value }) =>
      ({
        id: `h2/field-value/${slug}`,
        title: `A field value ${says} makes the request malformed`,
        rfc: 'RFC9113#8.2.1',
        level: 'MUST',
        needs: ['get'],
        tags: ['smuggling'],
        frames: [headers(request('/', [['x-probe', value]]))],
        ...refusesRequest(),
      }) as const,
  ),
  ...ELSEWHERE.map(
    ({ slug, says, block }) =>
      ({
        id: `h2/field-value/${slug}`,
        title: `${says[0]?.toUpperCase()}${says.slice(1)} makes the request malformed`,
        rfc: 'RFC9113#8.2.1',
        level: 'MUST',
        needs: ['get'],
        tags: ['smuggling'],
        frames: [headers(block)],
        ...refusesRequest(),
      }) as const,
  ),
  {
    id: 'h2/field-value/lf-huffman',
    title: 'LF in a Huffman-coded value makes the request malformed',
    rfc: 'RFC9113#8.2.1',
    level: 'MUST',
    needs: ['get'],
    frames: [headers([...request(), literal('x-probe', 'a\nb', { huffman: true })])],
    ...orFaultOfCode(refusesRequest()),
  },
  {
    id: 'h2/field-value/lf-from-table',
    title: 'A value with LF makes each request malformed that takes it from the dynamic table',
    rfc: 'RFC9113#8.2.1',
    level: 'MUST',
    needs: ['get', 'table-4096'],
    why: 'The first request is refused, yet what it put into the table stays there (RFC9113#4.3): the second one names it by its index.',
    ...refusesEach([
      { says: 'the literal', block: [...request(), ...lfInTable] },
      { says: 'the index', block: [...request(), indexed(NEWEST)] },
    ]),
  },
  {
    id: 'h2/field-value/other-controls',
    title: 'A value with a control octet besides NUL, CR, LF and tab makes the request malformed',
    rfc: 'RFC9113#8.2.1',
    level: 'SHOULD',
    needs: ['get'],
    why: 'They are invalid (RFC9110#5.5), and recipients may keep them where that does no harm.',
    frames: [headers(request('/', [['x-probe', `a${CONTROLS.join('')}b`]]))],
    ...orWarns(refusesRequest(), ['2xx'], 'the value is kept, or passed over'),
  },
  ...KEPT.map(
    ({ slug, says, value, huffman }) =>
      ({
        id: `h2/field-value/${slug}-kept`,
        title: `A value ${says} arrives as it was sent`,
        rfc: 'RFC9110#5.5',
        level: 'MUST',
        needs: ['inspect'],
        frames: [headers([...request('/inspect'), literal('x-probe', value, { huffman })])],
        ...arrives(value),
      }) as const,
  ),
  ...[false, true].map(
    (huffman) =>
      ({
        id: `h2/field-value/above-ascii${huffman ? '-huffman' : ''}-kept`,
        title: `A value of octets above 0x7f${huffman ? ', Huffman-coded,' : ''} arrives as it was sent`,
        rfc: 'RFC9110#5.5',
        level: 'SHOULD',
        needs: ['inspect'],
        why: 'They are opaque data to a recipient.',
        frames: [headers([...request('/inspect'), literal('x-probe', ABOVE_ASCII, { huffman })])],
        ...arrives(ABOVE_ASCII),
      }) as const,
  ),
  {
    id: 'h2/field-value/empty-kept',
    title: 'An empty value is a value',
    rfc: 'RFC9110#5.5',
    level: 'MUST',
    needs: ['inspect'],
    frames: [headers(request('/inspect', [['x-probe', '']]))],
    ...understands({ fields: { 'x-probe': [''] } }, { fields: [['x-probe', '']] }, {}),
  },
  {
    id: 'h2/field-value/refused-with-400',
    title: 'A request with LF in a field value is answered with 400',
    rfc: 'RFC9113#8.2.1',
    level: 'SHOULD',
    needs: [],
    why: 'A reset stream tells a client nothing; 400 tells it what was wrong.',
    frames: [headers(request('/', [['x-probe', 'a\nv']]))],
    allow: [
      answered(status(400)),
      ...streamError('PROTOCOL_ERROR').map((one) =>
        one.grade === 'pass' ? warned(one.expect, 'malformed, though 400 would say so') : one,
      ),
    ],
    controls: {
      pass: [responds(400), resetsStream('PROTOCOL_ERROR'), goesAway('PROTOCOL_ERROR')],
      fail: [responds(200, '{nonce}'), resetsStream('CONNECT_ERROR'), goesAway('COMPRESSION_ERROR')],
    },
  },
]);
