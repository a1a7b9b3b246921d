import {
  answer,
  type Case,
  chunked,
  defineCases,
  echo,
  echoes,
  get,
  none,
  pass,
  post,
  progress,
  refuses,
  replies,
  request,
  status,
  weak,
} from '../../define.ts';

/** RFC9112#6 and rules 6 and 7 of RFC9112#6.3: exactly the framed octets are content, whatever they are and however they arrive. */
const EVERY_OCTET = Array.from({ length: 256 }, (_, octet) => String.fromCharCode(octet)).join('');
/** Whoever takes it for a request of its own answers it, and closes behind the answer; the method never gets a 2xx, as in desync. */
const LOOKS_LIKE_A_REQUEST = 'HIDDEN /{nonce} HTTP/1.0\r\n\r\n';
const LARGE = `${'0123456789abcdef'.repeat(8192)}{nonce}`;

export default defineCases([
  {
    id: 'h1/framing/cl-zero',
    title: 'Content-Length: 0 means that there is no content',
    rfc: 'RFC9112#6.2',
    level: 'MUST',
    needs: ['echo'],
    send: post(['Content-Length: 0']),
    allow: [pass(echo(''))],
    controls: { pass: echoes(''), fail: [refuses(), echoes('x')] },
  },
  {
    id: 'h1/framing/cl-and-pipelined-request',
    title: 'What follows the content is the next request',
    rfc: 'RFC9112#6.3',
    level: 'MUST',
    needs: ['echo'],
    send: `${post(['Content-Length: 7'], '{nonce}')}{sentinel}`,
    allow: [pass(echo(), 'open'), weak(echo(), 'closed', 'pipelined requests may be left unanswered (RFC9112#9.3.2)')],
    controls: { pass: echoes(), fail: [echoes('{nonce}POST'), replies(answer(200, '{nonce}') + answer(400), 'close')] },
  },
  {
    id: 'h1/framing/no-framing-field',
    title: 'A request without Content-Length and Transfer-Encoding has no content',
    rfc: 'RFC9112#6.3',
    level: 'MUST',
    needs: ['echo'],
    why: 'The next request follows at once; a server may also demand a length with 411 (RFC9110#15.5.12).',
    send: `${post([])}{sentinel}`,
    allow: [
      pass(echo(''), 'open'),
      pass(status(411)),
      weak(echo(''), 'closed', 'pipelined requests may be left unanswered (RFC9112#9.3.2)'),
    ],
    controls: { pass: [echoes(''), refuses(411)], fail: [refuses(), echoes('POST /e')] },
  },
  {
    id: 'h1/framing/content-in-pieces',
    title: 'Content that arrives in pieces is put together',
    rfc: 'RFC9112#6.3',
    level: 'MUST',
    needs: ['echo'],
    send: [post(['Content-Length: 10']), progress, 'a', progress, 'bc', progress, '{nonce}'],
    allow: [pass(echo('abc{nonce}'))],
    controls: { pass: echoes('abc{nonce}'), fail: [echoes('a'), echoes('')] },
  },
  {
    id: 'h1/framing/content-of-every-octet',
    title: 'Content may hold every octet there is',
    rfc: 'RFC9112#6',
    level: 'MUST',
    needs: ['echo'],
    why: 'message-body is *OCTET; what decodes it as text on the way changes it.',
    send: post(['Content-Length: 263'], `${EVERY_OCTET}{nonce}`),
    allow: [pass(echo(`${EVERY_OCTET}{nonce}`))],
    controls: {
      pass: echoes(`${EVERY_OCTET}{nonce}`),
      fail: [echoes(`${EVERY_OCTET.slice(0, 128)}${'?'.repeat(128)}{nonce}`), echoes('')],
    },
  },
  {
    id: 'h1/framing/content-begins-with-empty-lines',
    title: 'Empty lines at the front of content are content',
    rfc: 'RFC9112#6.3',
    level: 'MUST',
    needs: ['echo'],
    why: 'Empty lines are skipped in front of a request line (RFC9112#2.2), nowhere else.',
    send: post(['Content-Length: 11'], '\r\n\r\n{nonce}'),
    allow: [pass(echo('\r\n\r\n{nonce}'))],
    controls: { pass: echoes('\r\n\r\n{nonce}'), fail: [echoes(), echoes('{nonce}POST')] },
  },
  {
    id: 'h1/framing/content-that-looks-like-a-request',
    title: 'A request inside content is content',
    rfc: 'RFC9112#6.3',
    level: 'MUST',
    needs: ['echo'],
    tags: ['smuggling'],
    send: post([`Content-Length: ${LOOKS_LIKE_A_REQUEST.length}`], LOOKS_LIKE_A_REQUEST),
    allow: [pass(echo(LOOKS_LIKE_A_REQUEST))],
    controls: {
      pass: echoes(LOOKS_LIKE_A_REQUEST),
      fail: [echoes(''), replies(answer(200) + answer(404, '', ['Connection: close']), 'close')],
    },
  },
  {
    id: 'h1/framing/content-of-128-kib',
    title: 'Content larger than any buffer arrives whole',
    rfc: 'RFC9112#6.3',
    level: 'MUST',
    needs: ['echo'],
    send: post([`Content-Length: ${LARGE.length}`], LARGE),
    allow: [pass(echo(LARGE))],
    controls: { pass: echoes(LARGE), fail: [echoes(LARGE.slice(0, 65_536)), echoes('')] },
  },
  {
    id: 'h1/framing/get-with-content',
    title: 'Content of a GET is not the next request',
    why: 'Framing is independent of the method; a server may refuse such a GET, or close behind its answer (RFC9110#9.3.1).',
    ...contentOfOther(
      get('/', [`Content-Length: ${LOOKS_LIKE_A_REQUEST.length}`]) + LOOKS_LIKE_A_REQUEST,
      answer(200, 'hello'),
    ),
  },
  {
    id: 'h1/framing/get-with-chunked-content',
    title: 'Chunked content of a GET is not the next request',
    ...contentOfOther(get('/', ['Transfer-Encoding: chunked']) + chunked([LOOKS_LIKE_A_REQUEST]), answer(200, 'hello')),
  },
  {
    id: 'h1/framing/head-with-content',
    title: 'Content of a HEAD is not the next request',
    ...contentOfOther(
      request('HEAD / HTTP/1.1', [`Content-Length: ${LOOKS_LIKE_A_REQUEST.length}`], LOOKS_LIKE_A_REQUEST),
      answer(200),
    ),
  },
  {
    id: 'h1/framing/options-with-content',
    title: 'Content of an OPTIONS is not the next request',
    ...contentOfOther(
      request('OPTIONS / HTTP/1.1', [`Content-Length: ${LOOKS_LIKE_A_REQUEST.length}`], LOOKS_LIKE_A_REQUEST),
      answer(204),
    ),
  },
  {
    id: 'h1/framing/unknown-method-with-content',
    title: 'Content of a request whose method is unknown is not the next request',
    ...contentOfOther(
      request('AERONET / HTTP/1.1', [`Content-Length: ${LOOKS_LIKE_A_REQUEST.length}`], LOOKS_LIKE_A_REQUEST),
      answer(501),
    ),
  },
]);

/** A request whose method gives content no meaning: one answer of any kind, and its content is never answered. */
function contentOfOther(
  octets: string,
  right: string,
): Pick<Case, 'rfc' | 'level' | 'needs' | 'tags' | 'send' | 'allow' | 'controls'> {
  return {
    rfc: 'RFC9112#6',
    level: 'MUST',
    needs: ['get'],
    tags: ['smuggling'],
    send: octets,
    allow: [pass(status('2xx', '4xx', 501)), weak(none, 'closed', 'a server may close at any time (RFC9112#9.5)')],
    controls: {
      pass: [replies(right), refuses()],
      fail: [
        replies(right + answer(404, '', ['Connection: close']), 'close'),
        replies(right + answer(200, 'hello', ['Connection: close']), 'close'),
      ],
    },
  };
}
