import {
  answersWith,
  data,
  defineH2Cases,
  echoes,
  headers,
  literal,
  refusesRequest,
  request,
} from '../../h2/define.ts';

/** RFC9113#8.2.2: fields that are about a connection of HTTP/1.1; TE may say "trailers" and nothing else. */
const FORBIDDEN = [
  { slug: 'connection-close', name: 'connection', value: 'close' },
  { slug: 'connection-keep-alive', name: 'connection', value: 'keep-alive' },
  { slug: 'connection-names-field', name: 'connection', value: 'x-probe' },
  { slug: 'connection-empty', name: 'connection', value: '' },
  { slug: 'keep-alive', name: 'keep-alive', value: 'timeout=5' },
  { slug: 'proxy-connection', name: 'proxy-connection', value: 'keep-alive' },
  { slug: 'transfer-encoding', name: 'transfer-encoding', value: 'chunked' },
  { slug: 'transfer-encoding-identity', name: 'transfer-encoding', value: 'identity' },
  { slug: 'transfer-encoding-empty', name: 'transfer-encoding', value: '' },
  { slug: 'upgrade-websocket', name: 'upgrade', value: 'websocket' },
  { slug: 'upgrade-h2c', name: 'upgrade', value: 'h2c' },
  { slug: 'te-gzip', name: 'te', value: 'gzip' },
  { slug: 'te-chunked', name: 'te', value: 'chunked' },
  { slug: 'te-trailers-and-more', name: 'te', value: 'trailers, gzip' },
  { slug: 'te-more-and-trailers', name: 'te', value: 'deflate;q=0.5, trailers' },
] as const;

export default defineH2Cases([
  ...FORBIDDEN.map(
    ({ slug, name, value }) =>
      ({
        id: `h2/connection-fields/${slug}`,
        title: `A request with "${name}: ${value}" is refused as malformed`,
        rfc: 'RFC9113#8.2.2',
        level: 'MUST',
        needs: ['get'],
        frames: [headers(request('/', [[name, value]]))],
        ...refusesRequest({ or: name === 'transfer-encoding' ? [501] : [] }),
      }) as const,
  ),
  {
    id: 'h2/connection-fields/chunked-content',
    title: 'Chunked content behind transfer-encoding is refused, not decoded',
    rfc: 'RFC9113#8.2.2',
    level: 'MUST',
    needs: ['echo'],
    tags: ['smuggling'],
    why: 'A gateway that hands both on lets the chunks decide where the message ends (RFC9113#8.1: chunked cannot be used).',
    frames: [
      headers(request('/echo', [['transfer-encoding', 'chunked']], 'POST'), { end: false }),
      data('7\r\n{nonce}\r\n0\r\n\r\n'),
    ],
    ...refusesRequest({ or: [501] }),
  },
  {
    id: 'h2/connection-fields/connection-huffman',
    title: 'A Huffman-coded connection field is seen',
    rfc: 'RFC9113#8.2.2',
    level: 'MUST',
    needs: ['get'],
    frames: [headers([...request(), literal('connection', 'close', { huffman: true })])],
    ...refusesRequest(),
  },
  {
    id: 'h2/connection-fields/te-two-lines',
    title: 'A second line of te that says more than trailers makes the request malformed',
    rfc: 'RFC9113#8.2.2',
    level: 'MUST',
    needs: ['get'],
    frames: [
      headers(
        request('/', [
          ['te', 'trailers'],
          ['te', 'gzip'],
        ]),
      ),
    ],
    ...refusesRequest(),
  },
  {
    id: 'h2/connection-fields/te-trailers',
    title: '"te: trailers" is taken',
    rfc: 'RFC9113#8.2.2',
    level: 'MUST',
    needs: ['get'],
    frames: [headers(request('/', [['te', 'trailers']]))],
    ...answersWith(),
  },
  {
    id: 'h2/connection-fields/te-trailers-and-trailers',
    title: '"te: trailers" beside content and trailers is taken',
    rfc: 'RFC9113#8.2.2',
    level: 'MUST',
    needs: ['echo'],
    frames: [
      headers(request('/echo', [['te', 'trailers']], 'POST'), { end: false }),
      data('{nonce}', { end: false }),
      headers([['x-probe', '1']]),
    ],
    ...echoes(),
  },
]);
