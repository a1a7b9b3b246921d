import { answer, defineCases, echo, echoes, get, pass, post, refuses, replies, status } from '../../define.ts';

/** Plain requests that any server answers: when these fail, no other verdict means anything. */
export default defineCases([
  {
    id: 'h1/sanity/get',
    title: 'A plain GET is answered with 200 and the connection lives on',
    rfc: 'RFC9110#9.3.1',
    level: 'MUST',
    needs: [],
    send: get('/'),
    allow: [pass(status(200))],
    controls: { pass: replies(answer(200, 'hello')), fail: [refuses(), replies('hello\r\n', 'close')] },
  },
  {
    id: 'h1/sanity/head',
    title: 'HEAD is answered like GET, without content',
    rfc: 'RFC9110#9.3.2',
    level: 'MUST',
    needs: ['head'],
    why: 'The next response must begin where the head of this one ended: content after it would be read as a response.',
    send: 'HEAD / HTTP/1.1\r\nHost: {host}\r\n\r\n',
    allow: [pass(status(200))],
    controls: {
      pass: replies('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n'),
      fail: replies('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello'),
    },
  },
  {
    id: 'h1/sanity/post-echo',
    title: 'Content framed by Content-Length arrives whole',
    rfc: 'RFC9112#6.2',
    level: 'MUST',
    needs: ['echo'],
    send: post(['Content-Length: 7'], '{nonce}'),
    allow: [pass(echo())],
    controls: {
      pass: echoes(),
      fail: [echoes('other'), refuses(), replies([answer(200, '{nonce}') + answer(200, '')])],
    },
  },
]);
