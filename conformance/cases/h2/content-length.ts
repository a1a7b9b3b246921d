import {
  answersWith,
  type Block,
  data,
  defineH2Cases,
  echoed,
  echoes,
  type H2Step,
  headers,
  refusesRequest,
  request,
  resetsStream,
  responds,
} from '../../h2/define.ts';

/** RFC9113#8.1.1: content-length is the sum of the DATA frames' content, their padding not counted. `{nonce}` has 7 octets. */
const post = (lengths: readonly string[], more: Block = []) =>
  headers(request('/echo', [...lengths.map((value) => ['content-length', value] as const), ...more], 'POST'), {
    end: false,
  });
const CONTENT = data('{nonce}');
const trailers = headers([['x-probe', '1']]);

interface Exchange {
  readonly slug: string;
  readonly says: string;
  readonly frames: readonly H2Step[];
}

const WRONG: readonly Exchange[] = [
  { slug: 'too-large', says: 'larger than the content', frames: [post(['8']), CONTENT] },
  { slug: 'too-small', says: 'smaller than the content', frames: [post(['6']), CONTENT] },
  { slug: 'zero-with-content', says: 'of 0 with content', frames: [post(['0']), CONTENT] },
  {
    slug: 'without-content',
    says: 'with END_STREAM on HEADERS',
    frames: [headers(request('/echo', [['content-length', '7']], 'POST'))],
  },
  { slug: 'empty-data', says: 'with empty DATA alone', frames: [post(['7']), data('')] },
  {
    slug: 'sum-too-small',
    says: 'smaller than the sum of several DATA frames',
    frames: [post(['13']), data('{nonce}', { end: false }), CONTENT],
  },
  {
    slug: 'sum-too-large',
    says: 'larger than the sum of several DATA frames',
    frames: [post(['15']), data('{nonce}', { end: false }), data('', { end: false }), CONTENT],
  },
  {
    slug: 'one-frame-of-two',
    says: 'of the first of two DATA frames',
    frames: [post(['7']), data('{nonce}', { end: false }), CONTENT],
  },
  { slug: 'padding-counted', says: 'that counts the padding', frames: [post(['17']), data('{nonce}', { pad: 10 })] },
  {
    slug: 'pad-length-counted',
    says: 'that counts the Pad Length octet',
    frames: [post(['8']), data('{nonce}', { pad: 0 })],
  },
  {
    slug: 'too-large-with-trailers',
    says: 'larger than the content in front of trailers',
    frames: [post(['8']), data('{nonce}', { end: false }), trailers],
  },
  {
    slug: 'too-small-with-trailers',
    says: 'smaller than the content in front of trailers',
    frames: [post(['6']), data('{nonce}', { end: false }), trailers],
  },
  {
    slug: 'get-without-content',
    says: 'of a GET without content',
    frames: [headers(request('/', [['content-length', '7']]))],
  },
];

/** Values that are no number of octets, or one that nobody can send. */
const NO_NUMBER = [
  { slug: 'letters', value: 'seven' },
  { slug: 'empty', value: '' },
  { slug: 'plus', value: '+7' },
  { slug: 'minus', value: '-7' },
  { slug: 'minus-zero', value: '-0', content: '' },
  { slug: 'fraction', value: '7.0' },
  { slug: 'exponent', value: '7e0' },
  { slug: 'hex', value: '0x7' },
  { slug: 'inner-space', value: '0 7' },
  { slug: 'underscore', value: '0_7' },
  { slug: 'letter-behind', value: '7a' },
  { slug: 'list-differing', value: '7, 8' },
  { slug: 'wraps-32', value: '4294967303' },
  { slug: 'wraps-64', value: '18446744073709551623' },
  { slug: 'wraps-128', value: '340282366920938463463374607431768211463' },
] as const;

const RIGHT: readonly Exchange[] = [
  { slug: 'equal', says: 'of the content', frames: [post(['7']), CONTENT] },
  {
    slug: 'equal-sum',
    says: 'of the sum of several DATA frames, empty ones among them,',
    frames: [post(['7']), data('', { end: false }), data('{nonce}', { end: false }), data('')],
  },
  {
    slug: 'equal-without-padding',
    says: 'that counts no padding',
    frames: [post(['7']), data('{nonce}', { pad: 10 })],
  },
  {
    slug: 'equal-without-padding-alone',
    says: 'beside DATA frames of padding alone',
    frames: [
      post(['7']),
      data('', { pad: 255, end: false }),
      data('{nonce}', { pad: 1, end: false }),
      data('', { pad: 3 }),
    ],
  },
  {
    slug: 'equal-with-trailers',
    says: 'of the content in front of trailers',
    frames: [post(['7']), data('{nonce}', { end: false }), trailers],
  },
  { slug: 'leading-zeros', says: 'with zeros in front', frames: [post(['0000007']), CONTENT] },
];

export default defineH2Cases([
  ...WRONG.map(
    ({ slug, says, frames }) =>
      ({
        id: `h2/content-length/${slug}`,
        title: `A content-length ${says} makes the request malformed`,
        rfc: 'RFC9113#8.1.1',
        level: 'MUST',
        needs: ['echo'],
        tags: ['smuggling'],
        frames,
        ...refusesRequest({ or: [413] }),
      }) as const,
  ),
  ...NO_NUMBER.map((one) => {
    const { slug, value } = one;
    return {
      id: `h2/content-length/${slug}`,
      title: `A content-length of "${value}" makes the request malformed`,
      rfc: 'RFC9113#8.1.1',
      level: 'MUST',
      needs: ['echo'],
      tags: ['smuggling'],
      why: 'It is not the number of octets that come; whoever reads it with a lenient parser disagrees with the next one.',
      frames: [post([value]), 'content' in one ? data(one.content) : CONTENT],
      ...refusesRequest({ or: [413] }),
    } as const;
  }),
  {
    id: 'h2/content-length/twice-differing',
    title: 'Two content-length fields that differ make the request malformed',
    rfc: 'RFC9113#8.1.1',
    level: 'MUST',
    needs: ['echo'],
    tags: ['smuggling'],
    frames: [post(['7', '8']), CONTENT],
    ...refusesRequest({ or: [413] }),
  },
  {
    id: 'h2/content-length/twice-differing-right-last',
    title: 'Two content-length fields, the last of which is right, make the request malformed',
    rfc: 'RFC9113#8.1.1',
    level: 'MUST',
    needs: ['echo'],
    tags: ['smuggling'],
    frames: [post(['8', '7']), CONTENT],
    ...refusesRequest({ or: [413] }),
  },
  ...[
    { slug: 'twice-same', says: 'Two content-length fields of one value', lengths: ['7', '7'] },
    { slug: 'list-same', says: 'A content-length that lists one value twice', lengths: ['7, 7'] },
  ].map(
    ({ slug, says, lengths }) =>
      ({
        id: `h2/content-length/${slug}`,
        title: `${says} ${slug === 'list-same' ? 'is' : 'are'} refused, or taken for that value`,
        rfc: 'RFC9110#8.6',
        level: 'MUST',
        needs: ['echo'],
        frames: [post(lengths), CONTENT],
        allow: [...refusesRequest().allow, echoed()],
        controls: {
          pass: [responds(200, '{nonce}'), responds(400), resetsStream('PROTOCOL_ERROR')],
          fail: [responds(200, 'other'), resetsStream('CONNECT_ERROR')],
        },
      }) as const,
  ),
  ...RIGHT.map(
    ({ slug, says, frames }) =>
      ({
        id: `h2/content-length/${slug}`,
        title: `A content-length ${says} is right`,
        rfc: 'RFC9113#8.1.1',
        level: 'MUST',
        needs: ['echo'],
        frames,
        ...echoes(),
      }) as const,
  ),
  {
    id: 'h2/content-length/zero',
    title: 'A content-length of 0 is right where no content comes',
    rfc: 'RFC9113#8.1.1',
    level: 'MUST',
    needs: ['echo'],
    frames: [headers(request('/echo', [['content-length', '0']], 'POST'))],
    ...echoes(''),
  },
  {
    id: 'h2/content-length/zero-of-get',
    title: 'A content-length of 0 does a GET no harm',
    rfc: 'RFC9113#8.1.1',
    level: 'MUST',
    needs: ['get'],
    frames: [headers(request('/', [['content-length', '0']]))],
    ...answersWith(),
  },
]);
