import { answer, defineCases, echoes, post, refusal, refuses, replies } from '../../define.ts';

/** RFC9112#6.2 and RFC9112#6.3 rule 5: what a Content-Length may look like, and what becomes of the message when it does not. */
export default defineCases([
  {
    id: 'h1/framing/cl-plus-sign',
    title: 'A Content-Length with a plus sign is refused and the connection closed',
    rfc: 'RFC9112#6.3',
    level: 'MUST',
    needs: ['echo'],
    tags: ['smuggling'],
    send: post(['Content-Length: +7'], '{nonce}'),
    allow: refusal(),
    controls: { pass: refuses(), fail: [echoes(), replies(answer(400))] },
  },
]);
