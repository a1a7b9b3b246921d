import { inspectionOf } from '../../controls/sees.ts';
import {
  allowed,
  answersWith,
  type Block,
  barrier,
  concluded,
  connectionError,
  data,
  defineH2Cases,
  echoes,
  goaway,
  goesAway,
  h2Server,
  headers,
  indexed,
  literal,
  refusesBlock,
  request,
  resetsStream,
  responds,
  response,
  servesOn,
  staysBehind,
  understands,
  understood,
} from '../../h2/define.ts';
import { inspected } from '../../outcomes.ts';
import type { LiteralKind } from '../../wire/h2/hpack-writer.ts';

/** RFC7541#2.3.3 and RFC7541#6: indices into the two tables, and every representation of a field. */
const KINDS: readonly LiteralKind[] = ['indexing', 'plain', 'never'];
const WORDS = { indexing: 'with indexing', plain: 'without indexing', never: 'never indexed' } as const;
/** First index of the dynamic table. */
const NEWEST = 62;
const GET = 2;
const USER_AGENT = 58;

/** A POST to `/echo`, its :path being told in this way. */
const post = (path: Block[number], stream = 1) =>
  headers([[':method', 'POST'], [':scheme', '{scheme}'], [':authority', '{host}'], path], { stream, end: false });
const content = (stream = 1) => data('{nonce}', { stream });

/** Names of the static table that ask nothing of a server, by their index. */
const STATIC_NAMES = [
  [15, 'accept-charset'],
  [17, 'accept-language'],
  [18, 'accept-ranges'],
  [21, 'age'],
  [24, 'cache-control'],
  [27, 'content-language'],
  [33, 'date'],
  [34, 'etag'],
  [37, 'from'],
  [45, 'link'],
  [46, 'location'],
  [51, 'referer'],
  [55, 'set-cookie'],
  [58, 'user-agent'],
  [59, 'vary'],
  [61, 'www-authenticate'],
] as const;

const probes = (...values: readonly string[]) => ({ fields: values.map((value) => ['x-probe', value] as const) });

const PAST_THE_END = [
  { slug: 'indexed-62-of-empty', says: 'an indexed field of the first dynamic entry', part: indexed(NEWEST) },
  { slug: 'indexed-far', says: 'an indexed field of index 1,000', part: indexed(1_000) },
  { slug: 'indexed-very-far', says: 'an indexed field of index 2^27', part: indexed(2 ** 27) },
  ...KINDS.flatMap((kind) => [
    {
      slug: `name-62-${kind}`,
      says: `a literal ${WORDS[kind]} whose name is the first dynamic entry`,
      part: literal(NEWEST, 'v', { kind }),
    },
    {
      slug: `name-far-${kind}`,
      says: `a literal ${WORDS[kind]} whose name has index 1,000`,
      part: literal(1_000, 'v', { kind }),
    },
  ]),
] as const;

export default defineH2Cases([
  {
    id: 'h2/hpack-index/zero',
    title: 'An indexed field of index 0 ends the connection, and GOAWAY is not all that comes of it',
    rfc: 'RFC7541#6.1',
    level: 'MUST',
    needs: [],
    why: 'The one case that also judges, for all field blocks that cannot be decoded, that the connection is closed (RFC9113#5.4.1): a library may find this fault where its user does not hear of it.',
    frames: [headers([...request(), indexed(0)])],
    allow: connectionError('COMPRESSION_ERROR').filter(({ expect }) => expect.kind !== 'left-open'),
    controls: {
      pass: goesAway('COMPRESSION_ERROR'),
      fail: [servesOn(), goesAway('CONNECT_ERROR'), staysBehind('COMPRESSION_ERROR')],
    },
  },
  {
    id: 'h2/hpack-index/zero-first',
    title: 'An indexed field of index 0 in front of a whole request ends the connection',
    rfc: 'RFC7541#6.1',
    level: 'MUST',
    needs: [],
    frames: [headers([indexed(0), ...request()])],
    ...refusesBlock(),
  },
  ...PAST_THE_END.map(
    ({ slug, says, part }) =>
      ({
        id: `h2/hpack-index/${slug}`,
        title: `While the dynamic table is empty, ${says} ends the connection`,
        rfc: 'RFC7541#2.3.3',
        level: 'MUST',
        needs: [],
        frames: [headers([...request(), part])],
        ...refusesBlock(),
      }) as const,
  ),
  {
    id: 'h2/hpack-index/one-past-the-end',
    title: 'The index behind the last dynamic entry ends the connection',
    rfc: 'RFC7541#2.3.3',
    level: 'MUST',
    needs: ['table-4096'],
    frames: [headers([...request(), literal('x-probe', 'v', { kind: 'indexing' }), indexed(NEWEST + 1)])],
    ...refusesBlock(),
  },
  {
    id: 'h2/hpack-index/in-trailers',
    title: 'An index past the end ends the connection in trailers, too',
    rfc: 'RFC7541#2.3.3',
    level: 'MUST',
    needs: ['echo'],
    frames: [headers(request('/echo', [], 'POST'), { end: false }), headers([indexed(NEWEST)])],
    ...refusesBlock(),
  },
  ...(['plain', 'never'] as const).map(
    (kind) =>
      ({
        id: `h2/hpack-index/${kind}-adds-nothing`,
        title: `A literal ${WORDS[kind]} adds nothing to the dynamic table`,
        rfc: kind === 'plain' ? 'RFC7541#6.2.2' : 'RFC7541#6.2.3',
        level: 'MUST',
        needs: [],
        frames: [
          headers([...request(), literal('x-probe', 'v', { kind })]),
          barrier,
          headers([...request(), indexed(NEWEST)], { stream: 3 }),
        ],
        ...refusesBlock(),
      }) as const,
  ),
  {
    id: 'h2/hpack-index/indexed-adds-nothing',
    title: 'An indexed field adds nothing to the dynamic table',
    rfc: 'RFC7541#6.1',
    level: 'MUST',
    needs: [],
    frames: [
      headers([indexed(GET), ...request().slice(1)]),
      barrier,
      headers([...request(), indexed(NEWEST)], { stream: 3 }),
    ],
    ...refusesBlock(),
  },
  {
    id: 'h2/hpack-index/tables-apart',
    title: 'What a response puts into its table is in no table of requests',
    rfc: 'RFC7541#2.2',
    level: 'MUST',
    needs: [],
    why: 'The first response is waited for, so that its fields are indexed where the server indexes any.',
    frames: [headers(), concluded(), headers([...request(), indexed(NEWEST)], { stream: 3 })],
    allow: refusesBlock().allow,
    controls: {
      pass: h2Server('answers, then goes', [response(200), [goaway('COMPRESSION_ERROR', 3)]], { ending: 'close' }),
      fail: [
        h2Server('answers twice', [response(200), response(200, '', 3)]),
        h2Server('goes for another reason', [response(200), [goaway('CONNECT_ERROR', 3)]], { ending: 'close' }),
      ],
    },
  },
  {
    id: 'h2/hpack-index/static-request',
    title: 'A request of indices into the static table is taken',
    rfc: 'RFC7541#6.1',
    level: 'MUST',
    needs: ['get', 'cleartext'],
    frames: [headers([indexed(GET), indexed(6), indexed(4), [':authority', '{host}']])],
    ...answersWith(),
  },
  {
    id: 'h2/hpack-index/static-names',
    title: 'Names from the static table are those of RFC7541, Appendix A',
    rfc: 'RFC7541#A',
    level: 'MUST',
    needs: ['inspect'],
    frames: [headers([...request('/inspect'), ...STATIC_NAMES.map(([index]) => literal(index, `v${index}`))])],
    ...understands(
      { fields: Object.fromEntries(STATIC_NAMES.map(([index, name]) => [name, [`v${index}`]])) },
      { fields: STATIC_NAMES.map(([index, name]) => [name, `v${index}`] as const) },
      {
        fields: STATIC_NAMES.map(
          ([index], at) => [STATIC_NAMES[(at + 1) % STATIC_NAMES.length]?.[1] ?? '', `v${index}`] as const,
        ),
      },
    ),
  },
  ...KINDS.flatMap((kind) =>
    [false, true].map(
      (huffman) =>
        ({
          id: `h2/hpack-index/literal-${kind}${huffman ? '-huffman' : ''}`,
          title: `Literals ${WORDS[kind]}${huffman ? ', Huffman-coded,' : ''} are taken, with a name of their own or of a table`,
          rfc: { indexing: 'RFC7541#6.2.1', plain: 'RFC7541#6.2.2', never: 'RFC7541#6.2.3' }[kind] as 'RFC7541#6.2.1',
          level: 'MUST',
          needs: ['inspect'],
          frames: [
            headers([
              ...request('/inspect'),
              literal('x-probe', 'new name', { kind, huffman }),
              literal(USER_AGENT, 'name of an index', { kind, huffman }),
            ]),
          ],
          ...understands(
            { fields: { 'x-probe': ['new name'], 'user-agent': ['name of an index'] } },
            {
              fields: [
                ['x-probe', 'new name'],
                ['user-agent', 'name of an index'],
              ],
            },
            { fields: [['x-probe', 'new name']] },
          ),
        }) as const,
    ),
  ),
  {
    id: 'h2/hpack-index/newest-first',
    title: 'The newest entry has the lowest dynamic index',
    rfc: 'RFC7541#2.3.2',
    level: 'MUST',
    needs: ['echo', 'table-4096'],
    frames: [
      headers([...request(), literal('x-probe', 'v', { kind: 'indexing' })]),
      post(literal(4, '/echo', { kind: 'indexing' }), 3),
      content(3),
      barrier,
      post(indexed(NEWEST), 5),
      content(5),
    ],
    ...echoes('{nonce}', 5),
  },
  {
    id: 'h2/hpack-index/older-behind',
    title: 'An entry moves to a higher index with each one that is added',
    rfc: 'RFC7541#2.3.2',
    level: 'MUST',
    needs: ['echo', 'table-4096'],
    frames: [
      post(literal(':path', '/echo', { kind: 'indexing' })),
      content(),
      headers(
        [...request(), literal('x-probe', '1', { kind: 'indexing' }), literal('x-probe', '2', { kind: 'indexing' })],
        { stream: 3 },
      ),
      barrier,
      post(indexed(NEWEST + 2), 5),
      content(5),
    ],
    ...echoes('{nonce}', 5),
  },
  {
    id: 'h2/hpack-index/within-block',
    title: 'An entry can be named in the block that adds it',
    rfc: 'RFC7541#3.2',
    level: 'MUST',
    needs: ['inspect', 'table-4096'],
    frames: [
      headers([
        ...request('/inspect'),
        literal('x-probe', 'v', { kind: 'indexing' }),
        indexed(NEWEST),
        literal(NEWEST, 'w'),
      ]),
    ],
    allow: [
      understood({ fields: { 'x-probe': ['v', 'v', 'w'] } }),
      allowed(
        { kind: 'response', match: inspected({ fields: { 'x-probe': ['v, v, w'] } }), stream: 1 },
        'lines may be joined (RFC9110#5.3)',
      ),
    ],
    controls: {
      pass: [responds(200, inspectionOf(probes('v', 'v', 'w'))), responds(200, inspectionOf(probes('v, v, w')))],
      fail: [responds(200, inspectionOf(probes('v', 'w'))), resetsStream('PROTOCOL_ERROR')],
    },
  },
  {
    id: 'h2/hpack-index/duplicates',
    title: 'Entries that are the same are no error, and each has its place',
    rfc: 'RFC7541#2.3.2',
    level: 'MUST',
    needs: ['echo', 'table-4096'],
    frames: [
      post(literal(':path', '/echo', { kind: 'indexing' })),
      content(),
      headers([...request(), ...['v', 'v', 'v'].map((value) => literal('x-probe', value, { kind: 'indexing' }))], {
        stream: 3,
      }),
      barrier,
      post(indexed(NEWEST + 3), 5),
      content(5),
    ],
    ...echoes('{nonce}', 5),
  },
]);
