import { chunked, defineCases, echo, echoes, pass, post, refusal, refuses } from '../../define.ts';

/** RFC9112#7.1: `chunk-size = 1*HEXDIG`, and nothing else. */
const TE = ['Transfer-Encoding: chunked'];

export default defineCases([
  {
    id: 'h1/chunked/several-chunks',
    title: 'The data of all chunks is the content',
    rfc: 'RFC9112#7.1',
    level: 'MUST',
    needs: ['echo'],
    send: post(TE, chunked(['a', 'bc', '{nonce}'])),
    allow: [pass(echo('abc{nonce}'))],
    controls: { pass: echoes('abc{nonce}'), fail: [echoes('a'), echoes(chunked(['a', 'bc', '{nonce}'])), refuses()] },
  },
  {
    id: 'h1/chunked/size-hex-prefix',
    title: 'A chunk-size with 0x in front is refused',
    rfc: 'RFC9112#7.1',
    level: 'MUST',
    needs: ['echo'],
    tags: ['smuggling'],
    send: post(TE, '0x7\r\n{nonce}\r\n0\r\n\r\n'),
    allow: refusal(),
    controls: { pass: refuses(), fail: [echoes(), echoes('')] },
  },
]);
