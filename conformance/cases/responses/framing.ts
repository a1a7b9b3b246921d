import {
  answer,
  defineCases,
  get,
  interim,
  type Outcome,
  pass,
  post,
  type Response,
  refuses,
  replies,
  request,
  status,
  warn,
  weak,
} from '../../define.ts';

/** RFC9112#6 and RFC9110#8.6: how responses are framed. */
const unchunked: readonly Outcome[] = [
  pass({ status: ['2xx', '3xx', '4xx'], fields: { 'transfer-encoding': false } }),
  warn(status(426, 505), 'any', 'HTTP/1.0 is not served at all'),
];

const CHUNKED = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n5\r\nhello\r\n0\r\n\r\n';
const PLAIN = 'HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nhello';
const CONTINUE = 'HTTP/1.1 100 Continue\r\n\r\n';

function framedBy(...allowed: readonly Response['framing'][]) {
  return {
    says: `framed by ${allowed.join(' or ')}`,
    complaint: ({ framing }: Response) => (allowed.includes(framing) ? undefined : `it is framed by ${framing}`),
  };
}

function inVersion(due: string) {
  return {
    says: `in HTTP/${due}`,
    complaint: ({ version }: Response) => (version === due ? undefined : `the response says HTTP/${version}`),
  };
}

const bareInterim = {
  says: 'behind interim responses without framing fields',
  complaint: ({ interim: before }: Response) =>
    before
      .flatMap(({ fields }) => fields)
      .map(([name]) => name.toLowerCase())
      .find((name) => name === 'content-length' || name === 'transfer-encoding'),
};

export default defineCases([
  {
    id: 'h1/responses/unchunked-to-http10',
    title: 'An HTTP/1.0 client gets no Transfer-Encoding',
    rfc: 'RFC9112#6.1',
    level: 'MUST',
    needs: ['get'],
    send: request('GET / HTTP/1.0'),
    allow: unchunked,
    controls: { pass: replies(PLAIN, 'close'), fail: replies(CHUNKED, 'close') },
  },
  {
    id: 'h1/responses/unchunked-to-http10-file',
    title: 'An HTTP/1.0 client gets a static file without Transfer-Encoding',
    rfc: 'RFC9112#6.1',
    level: 'MUST',
    needs: ['file'],
    send: request('GET /file.bin HTTP/1.0', ['Connection: keep-alive', 'TE: trailers']),
    allow: unchunked,
    controls: { pass: replies(PLAIN, 'close'), fail: replies(CHUNKED, 'close') },
  },
  {
    id: 'h1/responses/unchunked-to-http10-missing',
    title: 'An HTTP/1.0 client gets an error page without Transfer-Encoding',
    rfc: 'RFC9112#6.1',
    level: 'MUST',
    needs: ['get'],
    send: request('GET /no-such-{nonce} HTTP/1.0', ['Connection: keep-alive']),
    allow: unchunked,
    controls: { pass: replies(PLAIN, 'close'), fail: replies(CHUNKED, 'close') },
  },
  {
    id: 'h1/responses/version-1.1',
    title: 'A request of HTTP/1.1 is answered in HTTP/1.1',
    rfc: 'RFC9110#6.2',
    level: 'SHOULD',
    needs: ['get'],
    why: 'RFC9112#2.3: a downgrade is for clients that are known to be broken.',
    send: get('/'),
    allow: [
      pass({ status: [200], where: inVersion('1.1') }),
      warn({ status: [200], where: inVersion('1.0') }, 'any', 'right for a server that knows HTTP/1.0 alone'),
    ],
    controls: {
      pass: replies(answer(200, 'hello')),
      fail: [
        replies('HTTP/1.2 200 OK\r\nContent-Length: 0\r\n\r\n'),
        replies('HTTP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n'),
      ],
    },
  },
  {
    id: 'h1/responses/file-length',
    title: 'A static file, whose size is known, comes with its Content-Length',
    rfc: 'RFC9110#8.6',
    level: 'SHOULD',
    needs: ['file'],
    send: get('/file.bin'),
    allow: [
      pass({ status: [200], where: framedBy('content-length') }),
      pass(
        { status: [200], where: framedBy('chunked') },
        'any',
        'Content-Length is due only without Transfer-Encoding',
      ),
    ],
    controls: {
      pass: [replies(answer(200, 'hello')), replies(CHUNKED, 'close')],
      fail: [replies(PLAIN, 'close'), refuses()],
    },
  },
  {
    id: 'h1/responses/self-delimited',
    title: 'The end of an answer can be told from the end of the connection',
    rfc: 'RFC9112#6.3',
    level: 'SHOULD',
    needs: ['get'],
    why: 'Content that is ended by the connection cannot be told from content that was cut short.',
    send: get('/'),
    allow: [pass({ status: [200], where: framedBy('content-length', 'chunked') })],
    controls: { pass: [replies(answer(200, 'hello')), replies(CHUNKED, 'close')], fail: replies(PLAIN, 'close') },
  },
  {
    id: 'h1/responses/error-self-delimited',
    title: 'The end of an error page can be told from the end of the connection',
    rfc: 'RFC9112#6.3',
    level: 'SHOULD',
    needs: ['get'],
    send: get('/', ['Content-Length: x']),
    allow: [
      pass({ status: ['2xx', '4xx'], where: framedBy('content-length', 'chunked') }),
      warn({ status: ['4xx'], content: '' }, 'closed', 'there is no content that could be cut short'),
      weak('none', 'closed'),
    ],
    controls: {
      pass: [refuses(), replies('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n', 'close')],
      fail: replies('HTTP/1.1 400 Bad Request\r\n\r\nbad', 'close'),
    },
  },
  {
    id: 'h1/responses/interim-unframed',
    title: '100 (Continue) has neither Content-Length nor Transfer-Encoding',
    rfc: 'RFC9110#8.6',
    level: 'MUST',
    needs: ['echo'],
    send: [post(['Expect: 100-continue', 'Content-Length: 7']), interim, '{nonce}'],
    allow: [pass({ status: ['2xx', '4xx', '5xx'], where: bareInterim })],
    controls: {
      pass: replies([CONTINUE, answer(200, '{nonce}')]),
      fail: [
        replies(['HTTP/1.1 100 Continue\r\nContent-Length: 0\r\n\r\n', answer(200, '{nonce}')]),
        replies(['HTTP/1.1 100 Continue\r\nTransfer-Encoding: chunked\r\n\r\n', answer(200, '{nonce}')]),
      ],
    },
  },
]);
