import {
  type Block,
  continuation,
  data,
  defineH2Cases,
  echoed,
  echoes,
  type H2Case,
  type H2Step,
  headers,
  literal,
  refusesRequest,
  request,
  resetsStream,
  responds,
  understands,
} from '../../h2/define.ts';

/** RFC9113#8.1: a field block behind the content, which ends the stream and has no pseudo-fields. */
const post = headers(request('/echo', [], 'POST'), { end: false });
const content = data('{nonce}', { end: false });
const WITH = (block: Block): readonly H2Step[] => [post, content, headers(block)];

const MALFORMED: readonly { slug: string; says: string; rfc: H2Case['rfc']; frames: readonly H2Step[] }[] = [
  {
    slug: 'without-end-stream',
    says: 'Trailers without END_STREAM',
    rfc: 'RFC9113#8.1',
    frames: [post, content, headers([['x-probe', '1']], { end: false })],
  },
  {
    slug: 'without-end-stream-no-content',
    says: 'A second HEADERS frame without END_STREAM, right behind the first,',
    rfc: 'RFC9113#8.1',
    frames: [post, headers([['x-probe', '1']], { end: false })],
  },
  {
    slug: 'second-request',
    says: 'A whole second request on the stream of the first',
    rfc: 'RFC9113#8.1',
    frames: [post, content, headers(request('/echo', [], 'POST'))],
  },
  ...[':method', ':path', ':scheme', ':authority', ':status', ':unknown'].map((name) => ({
    slug: `pseudo-${name.slice(1)}`,
    says: `${name} in trailers`,
    rfc: 'RFC9113#8.1' as const,
    frames: WITH([[name, name === ':path' ? '/' : '200']]),
  })),
  {
    slug: 'pseudo-behind-field',
    says: 'A pseudo-field behind another trailer',
    rfc: 'RFC9113#8.1',
    frames: WITH([
      ['x-probe', '1'],
      [':path', '/other'],
    ]),
  },
  {
    slug: 'upper-case',
    says: 'An upper-case name in trailers',
    rfc: 'RFC9113#8.2.1',
    frames: WITH([['X-Probe', '1']]),
  },
  {
    slug: 'name-space',
    says: 'A name with a space in trailers',
    rfc: 'RFC9113#8.2.1',
    frames: WITH([['x probe', '1']]),
  },
  { slug: 'value-nul', says: 'A value with NUL in trailers', rfc: 'RFC9113#8.2.1', frames: WITH([['x-probe', 'a\0']]) },
  {
    slug: 'value-crlf',
    says: 'A value with CR LF in trailers',
    rfc: 'RFC9113#8.2.1',
    frames: WITH([['x-probe', 'a\r\nb: c']]),
  },
  {
    slug: 'value-space-first',
    says: 'A value that begins with a space in trailers',
    rfc: 'RFC9113#8.2.1',
    frames: WITH([['x-probe', ' 1']]),
  },
  { slug: 'connection', says: 'connection in trailers', rfc: 'RFC9113#8.2.2', frames: WITH([['connection', 'close']]) },
  {
    slug: 'transfer-encoding',
    says: 'transfer-encoding in trailers',
    rfc: 'RFC9113#8.2.2',
    frames: WITH([['transfer-encoding', 'chunked']]),
  },
];

const TAKEN: readonly { slug: string; says: string; frames: readonly H2Step[]; content?: string }[] = [
  { slug: 'taken', says: 'Trailers are taken', frames: WITH([['x-probe', '1']]) },
  {
    slug: 'without-content',
    says: 'Trailers right behind the head are taken',
    frames: [post, headers([['x-probe', '1']])],
    content: '',
  },
  {
    slug: 'continued',
    says: 'Trailers that go on in CONTINUATION are taken: END_STREAM is on the HEADERS frame',
    frames: [
      post,
      content,
      headers([['x-probe', '1']], { endHeaders: false }),
      continuation([['x-probe', '2']], { endHeaders: false }),
      continuation([['x-probe', '3']]),
    ],
  },
  {
    slug: 'padded',
    says: 'Padded trailers are taken',
    frames: [post, content, headers([['x-probe', '1']], { pad: 20 })],
  },
  {
    slug: 'behind-empty-data',
    says: 'Trailers behind empty DATA are taken',
    frames: [post, content, data('', { end: false }), headers([['x-probe', '1']])],
  },
  {
    slug: 'huffman',
    says: 'Huffman-coded trailers are taken',
    frames: WITH([literal('x-probe', 'value', { huffman: true, kind: 'indexing' })]),
  },
];

const CONTENT = 'content';
const inspects: readonly H2Step[] = [
  headers(request('/inspect', [['x-probe', 'head']], 'POST'), { end: false }),
  data(CONTENT, { end: false }),
  headers([
    ['x-probe', 'trailer'],
    ['x-last', '2'],
  ]),
];

export default defineH2Cases([
  ...MALFORMED.map(
    ({ slug, says, rfc, frames }) =>
      ({
        id: `h2/trailers/${slug}`,
        title: `${says} makes the request malformed`.replace(/^(Trailers.*|.*s in trailers) makes/, '$1 make'),
        rfc,
        level: 'MUST',
        needs: ['echo'],
        frames,
        ...refusesRequest(),
      }) as const,
  ),
  ...TAKEN.map(
    ({ slug, says, frames, content: echoed }) =>
      ({
        id: `h2/trailers/${slug}`,
        title: says,
        rfc: 'RFC9113#8.1',
        level: 'MUST',
        needs: ['echo'],
        frames,
        ...echoes(echoed),
      }) as const,
  ),
  {
    id: 'h2/trailers/not-merged',
    title: 'Trailers are not merged with the fields of the head',
    rfc: 'RFC9110#6.5.1',
    level: 'MUST',
    needs: ['inspect'],
    why: 'A server may drop them, but a trailer is no field of the head unless its definition says so.',
    frames: inspects,
    ...understands(
      { content: CONTENT, fields: { 'x-probe': ['head'], 'x-last': [] } },
      { content: CONTENT, fields: [['x-probe', 'head']] },
      {
        content: CONTENT,
        fields: [
          ['x-probe', 'head'],
          ['x-probe', 'trailer'],
        ],
      },
    ),
  },
  ...[
    { slug: 'content-length', field: ['content-length', '3'] as const },
    { slug: 'host', field: ['host', 'other.example'] as const },
  ].map(
    ({ slug, field }) =>
      ({
        id: `h2/trailers/${slug}`,
        title: `${slug} in trailers is refused or ignored`,
        rfc: 'RFC9110#6.5.1',
        level: 'MUST',
        needs: ['echo'],
        tags: ['smuggling'],
        why: 'Fields about framing and routing have no meaning behind the content; what is taken for a length now is taken too late.',
        frames: WITH([field]),
        allow: [...refusesRequest().allow, echoed()],
        controls: {
          pass: [responds(200, '{nonce}'), responds(400), resetsStream('PROTOCOL_ERROR')],
          fail: [responds(200, 'other'), resetsStream('CONNECT_ERROR')],
        },
      }) as const,
  ),
]);
