import {
  answer,
  type Case,
  type Control,
  chunked,
  defineCases,
  echo,
  get,
  pass,
  post,
  refuses,
  replies,
  response,
  status,
  warn,
  weak,
} from '../../define.ts';
import { lastOk, oldOk } from './matches.ts';

/** RFC9112#9.6: the `close` connection option in a request ends the connection behind the response. */
const closesBehind: Control = replies(answer(200, 'hello', ['Connection: close']), 'close');
const staysOpen: Control = replies(answer(200, 'hello'));

interface Form {
  readonly slug: string;
  readonly title: string;
  readonly fields: readonly string[];
  readonly rfc: Case['rfc'];
  readonly why?: string;
}

const FORMS: readonly Form[] = [
  {
    slug: 'close',
    title: 'Connection: close in a request ends the connection behind the response',
    fields: ['Connection: close'],
    rfc: 'RFC9112#9.6',
  },
  {
    slug: 'close-in-list',
    title: 'close is found among other connection options',
    fields: ['X-Option: 1', 'Connection: x-option, close'],
    rfc: 'RFC9112#9.6',
    why: 'Connection is a list of tokens; comparing the whole value with "close" misses it.',
  },
  {
    slug: 'close-first-in-list',
    title: 'close is found in front of other connection options',
    fields: ['TE: trailers', 'Connection: close , TE'],
    rfc: 'RFC9112#9.6',
  },
  {
    slug: 'close-on-second-line',
    title: 'close is found in a second Connection field line',
    fields: ['TE: trailers', 'Connection: TE', 'Connection: close'],
    rfc: 'RFC9112#9.6',
    why: 'Field lines of one name make up one list, in order (RFC9110#5.3).',
  },
  {
    slug: 'close-upper-case',
    title: 'The connection option close is recognised in any case',
    fields: ['cONNECTION: CLOSE'],
    rfc: 'RFC9110#7.6.1',
    why: 'Field names and connection options are case-insensitive.',
  },
  {
    slug: 'close-beats-keep-alive',
    title: 'close beside keep-alive ends the connection',
    fields: ['Connection: keep-alive, close'],
    rfc: 'RFC9112#9.3',
    why: 'The rules of persistence ask for close first, whatever else is present.',
  },
];

const forms: readonly Case[] = FORMS.map(({ slug, title, fields, rfc, why }) => ({
  id: `h1/connection/${slug}`,
  title,
  rfc,
  level: 'MUST',
  needs: ['get'],
  ...(why === undefined ? {} : { why }),
  send: get('/', fields),
  allow: [pass(status(200), 'closed')],
  controls: { pass: [closesBehind, replies(answer(200, 'hello'), 'close')], fail: [staysOpen, refuses()] },
}));

export default defineCases([
  ...forms,
  {
    id: 'h1/connection/close-announced',
    title: 'The response to a request with Connection: close says close as well',
    rfc: 'RFC9112#9.6',
    level: 'SHOULD',
    needs: ['get'],
    send: get('/', ['Connection: close']),
    allow: [pass(lastOk, 'closed'), warn(oldOk, 'closed', 'an HTTP/1.0 response says so by its version')],
    controls: { pass: closesBehind, fail: [replies(answer(200, 'hello'), 'close'), staysOpen] },
  },
  {
    id: 'h1/connection/refusal-announces-close',
    title: 'The refusal of a malformed request, where the connection ends behind it, says close',
    rfc: 'RFC9112#9.6',
    level: 'SHOULD',
    needs: ['get'],
    send: get('/', ['Content-Length: x']),
    allow: [
      pass({ ...lastOk, status: ['4xx'] }, 'closed'),
      pass(status('2xx', '4xx'), 'open', 'the connection lives on, so nothing has to be said'),
      warn({ ...oldOk, status: ['4xx'] }, 'closed', 'an HTTP/1.0 response says so by its version'),
      weak('none', 'closed', 'there is no response that could say it'),
    ],
    controls: {
      pass: [refuses(), replies(answer(400))],
      fail: [
        replies(answer(400), 'close'),
        replies(answer(400, '', ['Connection: keep-alive']), 'close'),
        replies(answer(500), 'close'),
      ],
    },
  },
  {
    id: 'h1/connection/close-lookalikes',
    title: 'Connection options that only look like close do not end the connection',
    rfc: 'RFC9112#9.3',
    level: 'SHOULD',
    needs: ['get'],
    why: 'A plain request goes first: its connection persists, so an end behind the second is due to its options.',
    methods: ['GET', 'GET'],
    send: [get('/'), response, get('/', ['Connection: x-close, closed, close2'])],
    allow: [
      pass([status(200), status(200)], 'open'),
      warn(lastOk, 'closed', 'the target does not persist at all'),
      warn(oldOk, 'closed'),
    ],
    controls: {
      pass: replies([answer(200, 'hello'), answer(200, 'hello')]),
      fail: replies([answer(200, 'hello'), answer(200, 'hello', ['Connection: close'])], 'close'),
    },
  },
  {
    id: 'h1/connection/nothing-after-close',
    title: 'A request behind one with Connection: close is not processed',
    rfc: 'RFC9112#9.6',
    level: 'MUST',
    needs: ['echo'],
    send: `${post(['Connection: close', 'Content-Length: 7'], '{nonce}')}{sentinel}`,
    allow: [
      pass(echo(), 'closed'),
      weak('none', 'closed', 'a reset, due to octets that were not read, may eat the response'),
      weak('aborted', 'closed', 'a reset, due to octets that were not read, may eat the response'),
    ],
    controls: {
      pass: replies(answer(200, '{nonce}', ['Connection: close']), 'close'),
      fail: [
        replies(answer(200, '{nonce}')),
        replies(answer(200, '{nonce}') + answer(200, 'hello'), 'close'),
        refuses(),
      ],
    },
  },
  {
    id: 'h1/connection/close-reads-content-first',
    title: 'Connection: close does not cut off the content of its own request',
    rfc: 'RFC9112#9.6',
    level: 'MUST',
    needs: ['echo'],
    why: 'The end comes behind the final response, which here needs all of the content.',
    send: post(['Connection: close', 'Transfer-Encoding: chunked'], chunked(['{nonce}', 'x'.repeat(4096), '{nonce}'])),
    allow: [pass(echo(`{nonce}${'x'.repeat(4096)}{nonce}`), 'closed')],
    controls: {
      pass: replies(answer(200, `{nonce}${'x'.repeat(4096)}{nonce}`, ['Connection: close']), 'close'),
      fail: [
        replies(answer(200, '{nonce}', ['Connection: close']), 'close'),
        replies(answer(200, `{nonce}${'x'.repeat(4096)}{nonce}`)),
      ],
    },
  },
]);
