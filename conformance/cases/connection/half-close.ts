import {
  aborted,
  answer,
  defineCases,
  echo,
  get,
  halfClose,
  neverCompleted,
  none,
  pass,
  post,
  progress,
  refuses,
  replies,
  status,
  weak,
} from '../../define.ts';
import { largeOk } from './matches.ts';

/** The end of RFC9112#9.6, RFC9112#6.3 and RFC9112#8: our FIN neither ends a message nor takes back a request. */
const DROPPED = 'a server may take the FIN for the end of our interest, though transport signals say no such thing';

export default defineCases([
  {
    id: 'h1/connection/half-close-after-request',
    title: 'A client that half-closes behind its request gets the response',
    rfc: 'RFC9112#9.6',
    level: 'SHOULD',
    needs: ['get'],
    why: 'The clause says so without a keyword, hence SHOULD.',
    send: [get('/'), halfClose],
    allow: [pass(status(200), 'closed'), weak(none, 'closed', DROPPED)],
    controls: { pass: replies(answer(200, 'hello'), 'close'), fail: [refuses(), refuses(408)] },
  },
  {
    id: 'h1/connection/half-close-after-pipeline',
    title: 'A client that half-closes behind two requests gets both responses',
    rfc: 'RFC9112#9.6',
    level: 'SHOULD',
    needs: ['get', 'echo'],
    methods: ['GET', 'POST'],
    send: [get('/') + post(['Content-Length: 7'], '{nonce}'), halfClose],
    allow: [pass([status(200), echo()], 'closed'), weak(status(200), 'closed', DROPPED), weak(none, 'closed', DROPPED)],
    controls: {
      pass: replies(answer(200, 'hello') + answer(200, '{nonce}'), 'close'),
      fail: replies(answer(200, 'hello') + answer(408), 'close'),
    },
  },
  {
    id: 'h1/connection/half-close-large-response',
    title: 'A response that is still being sent is not cut short by our half-close',
    rfc: 'RFC9112#9.6',
    level: 'SHOULD',
    needs: ['file'],
    send: [get('/file.bin'), halfClose],
    allow: [pass(largeOk, 'closed'), weak(none, 'closed', DROPPED), weak(aborted, 'closed', DROPPED)],
    controls: {
      pass: replies(answer(200, 'x'.repeat(65_536)), 'close'),
      fail: [refuses(), replies('HTTP/1.1 200 OK\r\n\r\nshort', 'close')],
    },
  },
  {
    id: 'h1/connection/half-close-in-chunked',
    title: 'Chunked content without its last chunk is not taken for whole, and the connection ends',
    rfc: 'RFC9112#8',
    level: 'MUST',
    ...neverCompleted(post(['Transfer-Encoding: chunked'], '7\r\n{nonce}\r\n')),
  },
  {
    id: 'h1/connection/half-close-in-trailers',
    title: 'Chunked content whose trailer section has no end is not taken for whole',
    rfc: 'RFC9112#7.1',
    level: 'MUST',
    why: 'The empty line is part of the chunked body; without it, a trailer field may be missing.',
    ...neverCompleted(post(['Transfer-Encoding: chunked'], '7\r\n{nonce}\r\n0\r\nX-Trailer: 1\r\n')),
  },
  {
    id: 'h1/connection/half-close-in-head',
    title: 'A header section without its end is no request',
    rfc: 'RFC9112#8',
    level: 'MUST',
    ...neverCompleted('GET / HTTP/1.1\r\nHost: {host}\r\n'),
  },
  {
    id: 'h1/connection/half-close-behind-content',
    title: 'A client that half-closes behind its content gets the response',
    rfc: 'RFC9112#9.6',
    level: 'SHOULD',
    needs: ['echo'],
    send: [post(['Content-Length: 7']), progress, '{nonce}', halfClose],
    allow: [pass(echo(), 'closed'), weak(none, 'closed', DROPPED)],
    controls: { pass: replies(answer(200, '{nonce}'), 'close'), fail: [refuses(), refuses(408)] },
  },
]);
