import {
  answer,
  chunked,
  defineCases,
  echo,
  echoes,
  get,
  interim,
  type Outcome,
  pass,
  plays,
  post,
  progress,
  refusal,
  refuses,
  replies,
  request,
  status,
  warn,
} from '../../define.ts';

/** RFC9110#10.1.1: what `Expect` asks of a server, and what it may do instead. */
const CONTINUE = 'HTTP/1.1 100 Continue\r\n\r\n';
const EXPECT = 'Expect: 100-continue';
const LENGTH = 'Content-Length: 7';

/** Nothing is lost by it: a client has to be able to take any number of interim responses. */
const askedTwice = warn(
  { ...echo(), interim: [100, 100] },
  'any',
  'one is due; a second one says nothing (RFC9110#15.2)',
);

/** The echo needs the content, so the target has to ask for it; a final status at once is its other right. */
const asked: readonly Outcome[] = [
  pass({ ...echo(), interim: [100] }),
  askedTwice,
  warn(
    status('4xx', '5xx'),
    'any',
    'a final status at once is allowed, though the same request without Expect is taken',
  ),
];

const asks = replies([CONTINUE, answer(200, '{nonce}')]);
const asksTwice = replies([CONTINUE + CONTINUE, answer(200, '{nonce}')]);
const answersWithoutContent = replies([answer(200, ''), '']);
const asksAndForgets = replies([CONTINUE, answer(200, '')]);

export default defineCases([
  {
    id: 'h1/expect/continue',
    title: '100 (Continue) is sent before the content, and the content is then taken',
    rfc: 'RFC9110#10.1.1',
    level: 'MUST',
    needs: ['echo'],
    send: [post([EXPECT, LENGTH]), interim, '{nonce}'],
    allow: asked,
    controls: { pass: [asks, asksTwice, refuses(417)], fail: [answersWithoutContent, asksAndForgets] },
  },
  {
    id: 'h1/expect/continue-chunked',
    title: '100 (Continue) is sent before chunked content',
    rfc: 'RFC9110#10.1.1',
    level: 'MUST',
    needs: ['echo'],
    send: [post([EXPECT, 'Transfer-Encoding: chunked']), interim, chunked(['{nonce}'])],
    allow: asked,
    controls: { pass: [asks, asksTwice, refuses(417)], fail: [answersWithoutContent, asksAndForgets] },
  },
  {
    id: 'h1/expect/continue-upper-case',
    title: 'The expectation is recognised in any case',
    rfc: 'RFC9110#10.1.1',
    level: 'MUST',
    needs: ['echo'],
    why: 'The value of Expect is case-insensitive; a server that misses it leaves the client waiting.',
    send: [post(['eXPECT: 100-CONTINUE', LENGTH]), interim, '{nonce}'],
    allow: asked,
    controls: { pass: [asks, asksTwice, refuses(417)], fail: answersWithoutContent },
  },
  {
    id: 'h1/expect/content-already-there',
    title: 'Content that comes together with the head is taken, with or without 100 (Continue)',
    rfc: 'RFC9110#10.1.1',
    level: 'MUST',
    needs: ['echo'],
    why: 'A client need not wait; the target may then leave the interim response out.',
    send: post([EXPECT, LENGTH], '{nonce}'),
    allow: [
      pass({ ...echo(), interim: [] }),
      pass({ ...echo(), interim: [100] }),
      askedTwice,
      warn(status('4xx', '5xx'), 'any', 'the same request without Expect is taken'),
    ],
    controls: {
      pass: [
        echoes(),
        replies(CONTINUE + answer(200, '{nonce}')),
        replies(CONTINUE + CONTINUE + answer(200, '{nonce}')),
        refuses(417),
      ],
      fail: [replies(CONTINUE + answer(200)), echoes('')],
    },
  },
  {
    id: 'h1/expect/http10-ignored',
    title: 'No 100 (Continue) is sent to an HTTP/1.0 client, whatever it expects',
    rfc: 'RFC9110#10.1.1',
    level: 'MUST',
    needs: ['echo'],
    why: 'HTTP/1.0 knows no interim responses (RFC9110#15.2): the client would take 100 for the answer. The target has its turn before the content comes.',
    send: [request('POST /echo HTTP/1.0', [EXPECT, LENGTH]), progress, '{nonce}'],
    allow: [pass({ ...echo(), interim: [] }), warn(status(426, 505), 'any', 'HTTP/1.0 is not served at all')],
    controls: {
      pass: replies(answer(200, '{nonce}', ['Connection: close']), 'close'),
      fail: [
        replies(CONTINUE + answer(200, '{nonce}', ['Connection: close']), 'close'),
        plays('says 100 before the content', async (peer) => {
          await peer.until('\r\n\r\n');
          peer.say(CONTINUE);
          await peer.until('{nonce}');
          peer.say(answer(200, '{nonce}', ['Connection: close']));
          peer.close();
        }),
        refuses(417),
      ],
    },
  },
  {
    id: 'h1/expect/no-content',
    title: 'An expectation on a request without content does not hold up its answer',
    rfc: 'RFC9110#10.1.1',
    level: 'MUST',
    needs: ['get'],
    why: 'A client must not send this, but nothing is to be waited for: the framing says that there is no content.',
    send: get('/', [EXPECT]),
    allow: [pass(status(200)), warn(status('4xx'), 'any', 'the client broke a rule')],
    controls: { pass: [replies(answer(200, 'hello')), refuses()], fail: refuses(500) },
  },
  {
    id: 'h1/expect/zero-length',
    title: 'An expectation beside Content-Length: 0 does not hold up the answer',
    rfc: 'RFC9110#10.1.1',
    level: 'MUST',
    needs: ['echo'],
    send: post([EXPECT, 'Content-Length: 0']),
    allow: [pass(echo('')), warn(status('4xx'), 'any', 'the client broke a rule')],
    controls: { pass: [echoes(''), replies(CONTINUE + answer(200)), refuses(417)], fail: [refuses(500), echoes('x')] },
  },
  {
    id: 'h1/expect/unknown',
    title: 'An unknown expectation gets 417 or is ignored',
    rfc: 'RFC9110#10.1.1',
    level: 'MAY',
    needs: ['echo'],
    send: post(['Expect: x-unknown', LENGTH], '{nonce}'),
    allow: [pass(status(417)), pass(echo()), warn(status('4xx'), 'any', '417 says what is wrong')],
    controls: { pass: [refuses(417), replies(answer(417)), echoes()], fail: [refuses(501), echoes('')] },
  },
  {
    id: 'h1/expect/late-content-after-refusal',
    title: 'Content that is sent on after a final status came in place of 100 is not read as a request',
    rfc: 'RFC9112#9.3',
    level: 'MUST',
    needs: ['get'],
    tags: ['smuggling'],
    why: 'The client may send the content in spite of the refusal: it is still framed by the head, or the connection ends.',
    methods: ['POST'],
    send: [request('POST /no-such-{nonce} HTTP/1.1', [EXPECT, LENGTH]), interim, '{nonce}'],
    allow: [pass(status('2xx', '3xx', '4xx', '5xx'))],
    controls: {
      pass: [
        replies([answer(404), '']),
        replies([answer(404, '', ['Connection: close']), ''], 'close'),
        replies([CONTINUE, answer(404)]),
      ],
      fail: replies([answer(404), answer(400, '', ['Connection: close'])], 'close'),
    },
  },
  {
    id: 'h1/expect/invalid-framing-first',
    title: 'A request that must be refused is not asked for its content',
    rfc: 'RFC9112#6.3',
    level: 'MUST',
    needs: ['echo'],
    send: [post([EXPECT, 'Content-Length: 7x']), interim, '{nonce}'],
    allow: refusal(),
    controls: {
      pass: replies([answer(400, '', ['Connection: close']), ''], 'close'),
      fail: [asks, asksAndForgets],
    },
  },
]);
