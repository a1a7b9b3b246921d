import {
  answer,
  defineCases,
  type Outcome,
  pass,
  progress,
  refuses,
  replies,
  request,
  status,
  warn,
} from '../../define.ts';
import { HIDDEN } from '../desync/hidden.ts';

/** RFC9112#9.3 and the reset problem of RFC9112#9.6: a response that comes before the content was read. */
const LARGE = 'x'.repeat(128 * 1024);
const LOST = 'the response was lost: an immediate close resets the connection under it (RFC9112#9.6)';

/** One answer of any kind; the content must neither be answered nor cost the answer. */
const once: readonly Outcome[] = [
  pass(status('2xx', '3xx', '4xx', '5xx')),
  warn('none', 'closed', LOST),
  warn('aborted', 'closed', LOST),
];

export default defineCases([
  {
    id: 'h1/connection/unread-content',
    title: 'Content that the target has no use for is read or the connection closed, never read as a request',
    rfc: 'RFC9112#9.3',
    level: 'MUST',
    needs: ['get'],
    send: request('POST /no-such-{nonce} HTTP/1.1', ['Content-Length: 7'], '{nonce}'),
    allow: [pass(status('2xx', '3xx', '4xx', '5xx'))],
    controls: {
      pass: [replies(answer(404)), refuses(404)],
      fail: [replies(answer(404) + answer(400, '', ['Connection: close']), 'close')],
    },
  },
  {
    id: 'h1/connection/unread-content-later',
    title: 'Content that arrives behind an early response is not read as a request',
    rfc: 'RFC9112#9.3',
    level: 'MUST',
    needs: ['get'],
    methods: ['POST'],
    send: [request('POST /no-such-{nonce} HTTP/1.1', [`Content-Length: ${HIDDEN.length}`]), progress, HIDDEN],
    allow: once,
    controls: {
      pass: [replies(answer(404)), refuses(404)],
      fail: replies(answer(404) + answer(501)),
    },
  },
  {
    id: 'h1/connection/early-response-large-content',
    title: 'An early response survives the large content that is still under way',
    rfc: 'RFC9112#9.6',
    level: 'SHOULD',
    needs: ['get'],
    send: request('POST /no-such-{nonce} HTTP/1.1', [`Content-Length: ${LARGE.length}`], LARGE),
    allow: once,
    controls: {
      pass: [replies(answer(404)), refuses(413)],
      fail: [replies(answer(404) + answer(400, '', ['Connection: close']), 'close')],
    },
  },
  {
    id: 'h1/connection/early-response-slow-content',
    title: 'An early response survives content that is sent on after it',
    rfc: 'RFC9112#9.6',
    level: 'SHOULD',
    needs: ['get'],
    why: 'The target has its turn between the parts; one that closed both directions at once answers the later ones by a reset.',
    methods: ['POST'],
    send: [
      request('POST /no-such-{nonce} HTTP/1.1', [`Content-Length: ${3 * 8192}`]),
      progress,
      'x'.repeat(8192),
      progress,
      'x'.repeat(8192),
      progress,
      'x'.repeat(8192),
    ],
    allow: once,
    controls: {
      pass: [replies(answer(404)), refuses(404)],
      fail: replies(answer(404) + answer(400, '', ['Connection: close']), 'close'),
    },
  },
  {
    id: 'h1/connection/early-response-chunked',
    title: 'Chunked content behind an early response is read to its end, or the connection closed',
    rfc: 'RFC9112#9.3',
    level: 'MUST',
    needs: ['get'],
    methods: ['POST'],
    send: [
      request('POST /no-such-{nonce} HTTP/1.1', ['Transfer-Encoding: chunked']),
      progress,
      '7\r\n{nonce}\r\n',
      progress,
      '0\r\n\r\n',
    ],
    allow: once,
    controls: {
      pass: [replies(answer(404)), refuses(404)],
      fail: replies(answer(404) + answer(400, '', ['Connection: close']), 'close'),
    },
  },
]);
