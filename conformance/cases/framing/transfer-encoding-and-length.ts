import {
  answer,
  type Case,
  chunked,
  defineCases,
  echo,
  echoes,
  pass,
  post,
  refusal,
  refuses,
  replies,
  request,
  warn,
} from '../../define.ts';

/** RFC9112#6.1 and rule 3 of RFC9112#6.3: two ways of framing in one message, and framing that HTTP/1.0 does not know. */
const CHUNKED = chunked(['{nonce}']);
const ANSWERED_THEN_CLOSED = replies(answer(200, '{nonce}', ['Connection: close']), 'close');

export default defineCases([
  {
    id: 'h1/framing/te-cl-both',
    title: 'Transfer-Encoding beside Content-Length is refused, or wins and the connection is closed',
    why: 'A server that takes such a message takes it by Transfer-Encoding, and closes behind the response because the peer may be attacking.',
    ...both(['Content-Length: 7', 'Transfer-Encoding: chunked']),
  },
  {
    id: 'h1/framing/te-cl-both-reversed',
    title: 'Transfer-Encoding in front of Content-Length is refused, or wins and the connection is closed',
    ...both(['Transfer-Encoding: chunked', 'Content-Length: 7']),
  },
  {
    id: 'h1/framing/te-cl-both-agreeing',
    title: 'Transfer-Encoding beside a Content-Length that spans the same octets still ends the connection',
    why: 'Both readings end at the same octet here; the rule is about the sender, not about the numbers.',
    ...both([`Content-Length: ${CHUNKED.length}`, 'Transfer-Encoding: chunked']),
  },
  {
    id: 'h1/framing/te-cl-zero',
    title: 'Transfer-Encoding beside Content-Length: 0 is refused, or wins and the connection is closed',
    why: 'A zero is false in many languages.',
    ...both(['Content-Length: 0', 'Transfer-Encoding: chunked']),
  },
  {
    id: 'h1/framing/te-cl-invalid',
    title: 'Transfer-Encoding beside an invalid Content-Length is refused, or wins and the connection is closed',
    ...both(['Content-Length: x', 'Transfer-Encoding: chunked']),
  },
  {
    id: 'h1/framing/te-cl-not-chunked',
    title: 'A Transfer-Encoding that is not chunked is refused even where a Content-Length could frame the content',
    rfc: 'RFC9112#6.3',
    level: 'MUST',
    needs: ['echo'],
    tags: ['smuggling'],
    send: post(['Content-Length: 7', 'Transfer-Encoding: identity'], '{nonce}'),
    allow: refusal({ or: [501] }),
    controls: { pass: [refuses(), refuses(501)], fail: [echoes(), ANSWERED_THEN_CLOSED, echoes('')] },
  },
  {
    id: 'h1/framing/te-cl-empty',
    title: 'An empty Transfer-Encoding is refused even where a Content-Length could frame the content',
    rfc: 'RFC9112#6.3',
    level: 'MUST',
    needs: ['echo'],
    tags: ['smuggling'],
    send: post(['Content-Length: 7', 'Transfer-Encoding:'], '{nonce}'),
    allow: refusal({ or: [501] }),
    controls: { pass: [refuses(), refuses(501)], fail: [echoes(), ANSWERED_THEN_CLOSED, echoes('')] },
  },
  {
    id: 'h1/framing/te-cl-space-before-colon',
    title: 'A space between Transfer-Encoding and its colon is refused',
    rfc: 'RFC9112#5.1',
    level: 'MUST',
    needs: ['echo'],
    tags: ['smuggling'],
    why: 'One server drops the field and goes by Content-Length, the next trims its name and goes by chunked.',
    send: post([`Content-Length: ${CHUNKED.length}`, 'Transfer-Encoding : chunked'], CHUNKED),
    allow: refusal({ stays: 'any' }),
    controls: { pass: [refuses(), replies(answer(400))], fail: [echoes(), echoes(CHUNKED), refuses(501)] },
  },
  {
    id: 'h1/framing/te-http10',
    title: 'Transfer-Encoding in an HTTP/1.0 request is faulty framing: the connection is closed behind the response',
    rfc: 'RFC9112#6.1',
    level: 'MUST',
    needs: ['echo'],
    tags: ['smuggling'],
    send: request('POST /echo HTTP/1.0', ['Connection: keep-alive', 'Transfer-Encoding: chunked'], CHUNKED),
    allow: [...refusal({ or: [501] }), pass(echo(), 'closed')],
    controls: {
      pass: [refuses(), replies('HTTP/1.0 200 OK\r\nContent-Length: 7\r\n\r\n{nonce}', 'close')],
      fail: [echoes(), replies(answer(200, '', ['Connection: close']), 'close')],
    },
  },
  {
    id: 'h1/framing/te-cl-http10',
    title: 'Transfer-Encoding in an HTTP/1.0 request is faulty framing even where a Content-Length could stand in',
    rfc: 'RFC9112#6.1',
    level: 'MUST',
    needs: ['echo'],
    tags: ['smuggling'],
    send: request(
      'POST /echo HTTP/1.0',
      ['Connection: keep-alive', `Content-Length: ${CHUNKED.length}`, 'Transfer-Encoding: chunked'],
      CHUNKED,
    ),
    allow: [
      ...refusal({ or: [501] }),
      pass(echo(), 'closed'),
      warn(echo(CHUNKED), 'closed', 'read by Content-Length, as HTTP/1.0 alone would'),
    ],
    controls: {
      pass: [refuses(), ANSWERED_THEN_CLOSED, replies(answer(200, CHUNKED, ['Connection: close']), 'close')],
      fail: [echoes(), echoes(CHUNKED)],
    },
  },
  {
    id: 'h1/framing/te-cl-nothing-behind',
    title: 'Behind a request with Transfer-Encoding and Content-Length nothing is answered',
    rfc: 'RFC9112#6.1',
    level: 'MUST',
    needs: ['echo'],
    tags: ['smuggling'],
    why: 'What follows it in the same packet may be what the attacker hid behind it.',
    send: `${post(['Content-Length: 7', 'Transfer-Encoding: chunked'], CHUNKED)}{sentinel}`,
    allow: [...refusal(), pass(echo(), 'closed')],
    controls: {
      pass: [refuses(), ANSWERED_THEN_CLOSED],
      fail: [echoes(), replies(answer(400)), replies(answer(200, '{nonce}') + answer(400), 'close')],
    },
  },
]);

/** Both fields over content that is chunked. */
function both(
  fields: readonly string[],
): Pick<Case, 'rfc' | 'level' | 'needs' | 'tags' | 'send' | 'allow' | 'controls'> {
  return {
    rfc: 'RFC9112#6.1',
    level: 'MUST',
    needs: ['echo'],
    tags: ['smuggling'],
    send: post(fields, CHUNKED),
    allow: [...refusal(), pass(echo(), 'closed')],
    controls: {
      pass: [refuses(), ANSWERED_THEN_CLOSED],
      fail: [
        echoes(),
        echoes(''),
        replies(answer(400)),
        replies(answer(200, '7\r\n{nonce', ['Connection: close']), 'close'),
      ],
    },
  };
}
