import {
  answer,
  defineCases,
  echo,
  echoes,
  post,
  refusal,
  refusedOtherwise,
  refuses,
  replies,
  warn,
} from '../../define.ts';
import { HIDDEN, spills } from './hidden.ts';

/** RFC9112#7.1: the ends of chunks and of chunked content, with a request where another reading would find one. */
const TE = ['Transfer-Encoding: chunked'];

export default defineCases([
  {
    id: 'h1/desync/last-chunk-without-end',
    title: 'A request where the trailer section should end is not answered',
    rfc: 'RFC9112#7.1',
    level: 'MUST',
    needs: ['echo'],
    tags: ['smuggling'],
    why: 'Behind the last chunk comes an empty line, or a trailer field; a request line is neither.',
    send: post(TE, `7\r\n{nonce}\r\n0\r\n${HIDDEN}`),
    allow: [
      ...refusal(),
      refusedOtherwise,
      warn(echo(), 'any', 'the request line was passed over as if it were a trailer field'),
    ],
    controls: {
      pass: [refuses(), echoes()],
      fail: [spills('{nonce}'), replies(answer(200, '{nonce}') + answer(400), 'close')],
    },
  },
  {
    id: 'h1/desync/chunk-size-wraps',
    title: 'A chunk-size of 2 to the 64th is not the last chunk',
    rfc: 'RFC9112#7.1',
    level: 'MUST',
    needs: ['echo'],
    tags: ['smuggling'],
    why: 'Recipients must expect large sizes and must not let them overflow; a size that wraps to 0 ends the content early.',
    send: post(TE, `7\r\n{nonce}\r\n10000000000000000\r\n\r\n${HIDDEN}`),
    allow: [...refusal({ or: [413] }), refusedOtherwise],
    controls: { pass: [refuses(), refuses(413), refuses(502)], fail: [spills('{nonce}'), echoes()] },
  },
  {
    id: 'h1/desync/chunk-spill',
    title: 'Octets beyond the size of a chunk are neither content nor a chunk',
    rfc: 'RFC9112#7.1',
    level: 'MUST',
    needs: ['echo'],
    tags: ['smuggling'],
    send: post(TE, `7\r\n{nonce}XX0\r\n\r\n${HIDDEN}`),
    allow: [...refusal(), refusedOtherwise],
    controls: { pass: refuses(), fail: [spills('{nonce}'), echoes()] },
  },
]);
