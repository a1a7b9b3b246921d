import {
  answer,
  type Case,
  type Control,
  defineCases,
  get,
  interim,
  type Outcome,
  pass,
  post,
  replies,
  request,
  weak,
} from '../../define.ts';
import { clean } from './lint.ts';

/** The form of every kind of response that can be provoked: status line, field lines, framing fields. */
interface Occasion {
  readonly slug: string;
  readonly title: string;
  readonly needs: Case['needs'];
  readonly send: Case['send'];
  /** An error whose answer may be left out. */
  readonly isError?: true;
  readonly method?: string;
}

const OCCASIONS: readonly Occasion[] = [
  { slug: 'get', title: 'The answer to GET is well-formed', needs: ['get'], send: get('/') },
  {
    slug: 'head',
    title: 'The answer to HEAD is well-formed',
    needs: ['head'],
    send: request('HEAD / HTTP/1.1'),
    method: 'HEAD',
  },
  {
    slug: 'post',
    title: 'The answer to POST is well-formed',
    needs: ['echo'],
    send: post(['Content-Length: 7'], '{nonce}'),
  },
  { slug: 'file', title: 'The answer with a static file is well-formed', needs: ['file'], send: get('/file.bin') },
  {
    slug: 'range',
    title: 'The answer to a request for a range is well-formed',
    needs: ['file'],
    send: get('/file.bin', ['Range: bytes=10-19']),
  },
  {
    slug: 'http10',
    title: 'The answer to an HTTP/1.0 request is well-formed',
    needs: ['get'],
    send: request('GET / HTTP/1.0'),
  },
  {
    slug: 'missing',
    title: 'The answer for a missing resource is well-formed',
    needs: ['get'],
    send: get('/no-such-{nonce}'),
  },
  {
    slug: 'unknown-method',
    title: 'The answer to an unknown method is well-formed',
    needs: ['get'],
    send: request('AERONET / HTTP/1.1'),
    isError: true,
  },
  {
    slug: 'options',
    title: 'The answer to OPTIONS is well-formed',
    needs: ['get'],
    send: request('OPTIONS / HTTP/1.1'),
  },
  {
    slug: 'interim',
    title: '100 (Continue) and the answer behind it are well-formed',
    needs: ['echo'],
    send: [post(['Expect: 100-continue', 'Content-Length: 7']), interim, '{nonce}'],
  },
  {
    slug: 'bad-field',
    title: 'The refusal of a malformed field is well-formed',
    needs: ['get'],
    send: get('/', ['Content-Length: x']),
    isError: true,
  },
  {
    slug: 'bad-request-line',
    title: 'The refusal of a malformed request line is well-formed',
    needs: ['get'],
    send: 'GET /\x01 HTTP/1.1 HTTP/1.1\r\nHost: {host}\r\n\r\n',
    isError: true,
  },
  {
    slug: 'no-host',
    title: 'The refusal of a request without Host is well-formed',
    needs: ['get'],
    send: 'GET / HTTP/1.1\r\n\r\n',
    isError: true,
  },
  {
    slug: 'too-large',
    title: 'The answer to a very large field is well-formed',
    needs: ['get'],
    send: get('/', [`X-Large: ${'x'.repeat(64 * 1024)}`]),
    isError: true,
  },
];

const GOOD = [
  'Date: Sun, 06 Nov 1994 08:49:37 GMT',
  'Server: control/1.0 (a (nested) comment) library',
  'Content-Type: text/plain; charset="utf-8"',
  'Last-Modified: Sun, 06 Nov 1994 08:49:37 GMT',
  'ETag: W/"a-b"',
  'Vary: Accept, Accept-Encoding',
  'Cache-Control: private, max-age=5',
  'Connection: keep-alive, Upgrade',
  'Keep-Alive: timeout=5',
  'Upgrade: h2c',
];

/** Each breaks one rule. */
const BROKEN: readonly string[] = [
  'HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n',
  'HTTP/1.1  200 OK\r\nContent-Length: 0\r\n\r\n',
  'HTTP/1.1 200 OK\x07\r\nContent-Length: 0\r\n\r\n',
  'HTTP/1.1 999 Odd\r\nContent-Length: 0\r\n\r\n',
  'HTTP/1.1 200 OK\nContent-Length: 0\n\n',
  'HTTP/1.1 200 OK\r\nX-Fold: a\r\n b\r\nContent-Length: 0\r\n\r\n',
  'HTTP/1.1 200 OK\r\nX-Space : a\r\nContent-Length: 0\r\n\r\n',
  'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n',
  'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n',
  'HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n',
  'HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n',
  'HTTP/1.1 100 Continue\r\nContent-Length: 0\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n',
  answer(205, 'hello'),
  answer(200, '', ['X-Control: a\x01b']),
  answer(200, '', ['X-Bare: a\rb']),
  answer(200, '', ['Content-Length: 0']),
  answer(200, '', ['Date: Sunday, 06-Nov-94 08:49:37 GMT']),
  answer(200, '', ['Date: Sun, 6 Nov 1994 08:49:37 GMT']),
  answer(200, '', ['Date: Sun, 06 Nov 1994 08:49:37 GMT', 'Last-Modified: Mon, 07 Nov 1994 08:49:37 GMT']),
  answer(200, '', ['ETag: abc']),
  answer(200, '', ['Content-Type: text']),
  answer(200, '', ['Content-Type: text/plain', 'Content-Type: text/html']),
  answer(200, '', ['Vary: Accept,, Cookie']),
  answer(200, '', ['Connection: ,']),
  answer(200, '', ['Server: Control(1.0)']),
  answer(401),
  answer(426),
  answer(301, '', ['Location: http:///none']),
  answer(301, '', ['Location: http://user@other.example/']),
  answer(200, '', ['Keep-Alive: timeout=5']),
  answer(200, '', ['Upgrade: h2c', 'Connection: keep-alive']),
  answer(200, '', ['Connection: close, cache-control']),
  answer(200, '', ['Cache-Control: max-age="5"']),
  'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nContent-Length: 0\r\n\r\n',
];

const CLEAN: Outcome = pass({ status: ['2xx', '3xx', '4xx', '5xx'], ...clean });
const SILENT: Outcome = weak('none', 'closed', 'there was no response to look at');

function controlsOf({ slug, method }: Occasion): { pass: Control; fail: readonly Control[] } {
  const good = answer(200, method === 'HEAD' ? '' : 'hello', GOOD);
  const broken = slug === 'get' ? BROKEN : BROKEN.slice(0, 4);
  const isTwoParts = slug === 'interim';
  const play = (text: string) => replies(isTwoParts ? ['HTTP/1.1 100 Continue\r\n\r\n', text] : text);
  return { pass: play(good), fail: broken.map(play) };
}

export default defineCases(
  OCCASIONS.map((occasion) => ({
    id: `h1/responses/form-of-${occasion.slug}`,
    title: occasion.title,
    rfc: 'RFC9110#2.2',
    level: 'MUST',
    needs: occasion.needs,
    why: 'A sender must not generate what the grammar does not allow. Looked at: the status line, names and values of all fields, fields that stand twice, dates, framing fields that exclude each other or do not fit the status.',
    send: occasion.send,
    allow: occasion.isError === true ? [CLEAN, SILENT] : [CLEAN],
    controls: controlsOf(occasion),
  })),
);
