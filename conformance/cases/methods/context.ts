import { answer, defineCases, echo, echoes, pass, post, refuses, replies } from '../../define.ts';

/** Fields that tell a server of the context of a request, and alter nothing. */
export default defineCases([
  {
    id: 'h1/methods/content-location-ignored',
    title: 'Content-Location in a request does not alter what is asked for',
    rfc: 'RFC9110#8.7',
    level: 'MUST',
    needs: ['echo'],
    send: post(['Content-Length: 7', 'Content-Location: /no-such-{nonce}'], '{nonce}'),
    allow: [pass(echo())],
    controls: { pass: echoes(), fail: [replies(answer(404)), refuses(), replies(answer(301, '', ['Location: /']))] },
  },
]);
