import {
  answer,
  defineCases,
  echo,
  get,
  type Outcome,
  pass,
  post,
  refuses,
  replies,
  request,
  status,
  weak,
} from '../../define.ts';
import { largeOk } from './matches.ts';

type Match = ReturnType<typeof echo>;

/** RFC9112#9.3.2: requests sent without waiting are answered in their order. */
const UNANSWERED = 'a connection may end at any time (RFC9112#9.5); the client sends the rest again';

/** A POST whose answer can be told from its neighbours': its content is a letter and the nonce. */
function marked(letter: string): string {
  return post(['Content-Length: 8'], `${letter}{nonce}`);
}

/** All answers in order pass; an end behind some of them is weak. */
function inOrder(...matches: readonly Match[]): readonly Outcome[] {
  const prefixes = matches.slice(1).map((_, index) => weak(matches.slice(0, index + 1), 'closed', UNANSWERED));
  return [pass(matches), ...prefixes];
}

const LARGE = 'x'.repeat(65_536);

export default defineCases([
  {
    id: 'h1/connection/pipelined-in-order',
    title: 'Pipelined requests are answered in the order in which they came',
    rfc: 'RFC9112#9.3.2',
    level: 'MUST',
    needs: ['echo'],
    methods: ['POST', 'POST', 'POST'],
    send: marked('a') + marked('b') + marked('c'),
    allow: inOrder(echo('a{nonce}'), echo('b{nonce}'), echo('c{nonce}')),
    controls: {
      pass: [
        replies(answer(200, 'a{nonce}') + answer(200, 'b{nonce}') + answer(200, 'c{nonce}')),
        replies(answer(200, 'a{nonce}', ['Connection: close']), 'close'),
      ],
      fail: [
        replies(answer(200, 'a{nonce}') + answer(200, 'c{nonce}') + answer(200, 'b{nonce}')),
        replies(answer(200, 'c{nonce}'), 'close'),
      ],
    },
  },
  {
    id: 'h1/connection/pipelined-many',
    title: 'Sixteen pipelined requests are all answered, in order',
    rfc: 'RFC9112#9.3.2',
    level: 'MUST',
    needs: ['echo'],
    methods: Array.from({ length: 16 }, () => 'POST'),
    send: Array.from({ length: 16 }, (_, index) =>
      post(['Content-Length: 9'], `${String(index).padStart(2, '0')}{nonce}`),
    ).join(''),
    allow: inOrder(...Array.from({ length: 16 }, (_, index) => echo(`${String(index).padStart(2, '0')}{nonce}`))),
    controls: {
      pass: replies(
        Array.from({ length: 16 }, (_, index) => answer(200, `${String(index).padStart(2, '0')}{nonce}`)).join(''),
      ),
      fail: replies(
        Array.from({ length: 16 }, (_, index) => answer(200, `${String(15 - index).padStart(2, '0')}{nonce}`)).join(''),
      ),
    },
  },
  {
    id: 'h1/connection/pipelined-head',
    title: 'The answer to a pipelined HEAD has no content, and its neighbours keep theirs',
    rfc: 'RFC9112#9.3.2',
    level: 'MUST',
    needs: ['head', 'echo'],
    methods: ['POST', 'HEAD', 'POST'],
    send: marked('a') + request('HEAD / HTTP/1.1') + marked('b'),
    allow: inOrder(echo('a{nonce}'), status(200), echo('b{nonce}')),
    controls: {
      pass: replies(`${answer(200, 'a{nonce}')}HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n${answer(200, 'b{nonce}')}`),
      fail: [
        replies(`${answer(200, 'a{nonce}')}${answer(200, 'hello')}${answer(200, 'b{nonce}')}`),
        replies(`HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n${answer(200, 'a{nonce}')}${answer(200, 'b{nonce}')}`),
      ],
    },
  },
  {
    id: 'h1/connection/pipelined-large-first',
    title: 'A small answer does not overtake the large one in front of it',
    rfc: 'RFC9112#9.3.2',
    level: 'MUST',
    needs: ['file', 'echo'],
    methods: ['GET', 'POST'],
    send: get('/file.bin') + marked('a'),
    allow: inOrder(largeOk, echo('a{nonce}')),
    controls: {
      pass: replies(answer(200, LARGE) + answer(200, 'a{nonce}')),
      fail: replies(answer(200, 'a{nonce}') + answer(200, LARGE)),
    },
  },
  {
    id: 'h1/connection/pipelined-404',
    title: 'A missing resource among pipelined requests gets its answer in its place',
    rfc: 'RFC9112#9.3.2',
    level: 'MUST',
    needs: ['echo'],
    methods: ['POST', 'GET', 'POST'],
    send: marked('a') + get('/no-such-{nonce}') + marked('b'),
    allow: inOrder(echo('a{nonce}'), status('2xx', '3xx', '4xx'), echo('b{nonce}')),
    controls: {
      pass: [
        replies(answer(200, 'a{nonce}') + answer(404) + answer(200, 'b{nonce}')),
        replies(answer(200, 'a{nonce}') + answer(404, '', ['Connection: close']), 'close'),
      ],
      fail: replies(answer(404) + answer(200, 'a{nonce}') + answer(200, 'b{nonce}')),
    },
  },
  {
    id: 'h1/connection/pipelined-bad-request',
    title: 'A malformed request behind a good one costs the good one neither its answer nor its place',
    rfc: 'RFC9112#9.3.2',
    level: 'MUST',
    needs: ['echo'],
    why: 'A refusal that is sent at once overtakes the answer in the making: the client takes the 400 for the answer to its first request.',
    methods: ['POST', 'POST'],
    send: marked('a') + post(['Content-Length: x'], '{nonce}') + marked('b'),
    allow: [
      pass([echo('a{nonce}'), status(400)], 'closed'),
      weak(echo('a{nonce}'), 'closed', UNANSWERED),
      weak('none', 'closed', UNANSWERED),
    ],
    controls: {
      pass: replies(answer(200, 'a{nonce}') + answer(400, '', ['Connection: close']), 'close'),
      fail: [
        refuses(),
        replies(answer(200, 'a{nonce}') + answer(400) + answer(200, 'b{nonce}'), 'close'),
        replies(answer(400) + answer(200, 'a{nonce}'), 'close'),
      ],
    },
  },
]);
