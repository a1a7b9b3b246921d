import {
  answer,
  defineCases,
  echo,
  get,
  pass,
  post,
  refuses,
  replies,
  request,
  response,
  status,
  warn,
  weak,
} from '../../define.ts';
import { lastOk, oldOk } from './matches.ts';

/** RFC9112#9.3: which connections persist. */
const NOT_PERSISTENT = 'a server need not support persistence, but must say so';

export default defineCases([
  {
    id: 'h1/connection/http11-persists',
    title: 'An HTTP/1.1 connection persists behind a response, or the response says that it does not',
    rfc: 'RFC9112#9.3',
    level: 'MUST',
    needs: ['get'],
    send: get('/'),
    allow: [
      pass(status(200), 'open'),
      warn(lastOk, 'closed', NOT_PERSISTENT),
      warn(oldOk, 'closed', 'an HTTP/1.0 response says so by its version'),
    ],
    controls: {
      pass: [replies(answer(200, 'hello')), replies(answer(200, 'hello', ['Connection: close']), 'close')],
      fail: [replies(answer(200, 'hello'), 'close'), replies('HTTP/1.1 200 OK\r\n\r\nhello', 'close')],
    },
  },
  {
    id: 'h1/connection/several-requests',
    title: 'One connection carries a GET, a POST with content and another GET',
    rfc: 'RFC9112#9.3',
    level: 'SHOULD',
    needs: ['get', 'echo'],
    methods: ['GET', 'POST', 'GET'],
    send: [get('/'), response, post(['Content-Length: 7'], '{nonce}'), response, get('/')],
    allow: [
      pass([status(200), echo(), status(200)], 'open'),
      warn(lastOk, 'closed', NOT_PERSISTENT),
      warn(oldOk, 'closed'),
      weak([status(200), { ...lastOk, content: '{nonce}' }], 'closed'),
      weak([status(200), echo(), lastOk], 'closed'),
    ],
    controls: {
      pass: replies([answer(200, 'hello'), answer(200, '{nonce}'), answer(200, 'hello')]),
      fail: [
        replies([answer(200, 'hello'), answer(200, '{nonce}')], 'close'),
        replies([answer(200, 'hello'), answer(200, ''), answer(400)]),
      ],
    },
  },
  {
    id: 'h1/connection/http10-closes',
    title: 'An HTTP/1.0 connection without keep-alive ends behind the response',
    rfc: 'RFC9112#9.3',
    level: 'SHOULD',
    needs: ['get'],
    why: 'An HTTP/1.0 client may find the end of the content by the end of the connection. The clause states the rule without a keyword, hence SHOULD.',
    send: request('GET / HTTP/1.0'),
    allow: [pass(status(200), 'closed'), warn(status(426, 505), 'any', 'HTTP/1.0 is not served at all')],
    controls: {
      pass: [replies('HTTP/1.0 200 OK\r\n\r\nhello', 'close'), replies(answer(200, 'hello'), 'close')],
      fail: [replies(answer(200, 'hello')), refuses()],
    },
  },
  {
    id: 'h1/connection/http10-keep-alive',
    title: 'HTTP/1.0 with keep-alive is served, and persists behind a response that says so',
    rfc: 'RFC9112#9.3',
    level: 'MAY',
    needs: ['get'],
    why: 'A server may honour keep-alive or not; an HTTP/1.0 client learns which of the two from the response.',
    send: request('GET / HTTP/1.0', ['Connection: keep-alive']),
    allow: [
      pass({ status: [200], fields: { connection: /keep-alive/i } }, 'open'),
      pass(status(200), 'closed'),
      warn(status(200), 'open', 'an HTTP/1.0 client cannot know that the connection persists'),
      warn(status(426, 505), 'any', 'HTTP/1.0 is not served at all'),
    ],
    controls: {
      pass: [
        replies(answer(200, 'hello', ['Connection: keep-alive'])),
        replies('HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello', 'close'),
      ],
      fail: [refuses(), refuses(500)],
    },
  },
  {
    id: 'h1/connection/http10-keep-alive-twice',
    title: 'An HTTP/1.0 connection that was kept alive for one request ends behind the next that does not ask for it',
    rfc: 'RFC9112#9.3',
    level: 'SHOULD',
    needs: ['get'],
    why: 'Persistence is decided by the most recent message alone, not remembered from an earlier one.',
    methods: ['GET', 'GET'],
    send: [request('GET / HTTP/1.0', ['Connection: keep-alive']), response, request('GET / HTTP/1.0')],
    allow: [
      pass([status(200), status(200)], 'closed'),
      pass(status(200), 'closed', 'keep-alive need not be honoured'),
      warn(status(426, 505), 'any', 'HTTP/1.0 is not served at all'),
    ],
    controls: {
      pass: [
        replies([answer(200, 'hello', ['Connection: keep-alive']), answer(200, 'hello')], 'close'),
        replies('HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello', 'close'),
      ],
      fail: replies([answer(200, 'hello', ['Connection: keep-alive']), answer(200, 'hello')]),
    },
  },
  {
    id: 'h1/connection/persists-after-404',
    title: 'A request for a resource that does not exist leaves the connection in use',
    rfc: 'RFC9112#9.5',
    level: 'SHOULD',
    needs: ['get'],
    send: get('/no-such-{nonce}'),
    allow: [
      pass(status('4xx'), 'open'),
      pass(status('2xx', '3xx'), 'open', 'the target answers every path'),
      warn(
        { ...lastOk, status: ['2xx', '3xx', '4xx'] },
        'closed',
        'a server should sustain connections where possible',
      ),
      warn({ ...oldOk, status: ['2xx', '3xx', '4xx'] }, 'closed'),
    ],
    controls: {
      pass: [replies(answer(404)), replies(answer(404, '', ['Connection: close']), 'close')],
      fail: [replies(answer(404), 'close'), refuses(500)],
    },
  },
]);
