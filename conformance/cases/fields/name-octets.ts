import { answer, defineCases, get, refuses, replies } from '../../define.ts';
import { malformed } from '../../outcomes.ts';
import { eachOctet } from '../each-octet.ts';

/**
 * RFC9110#5.6.2: the octets that no token has: all delimiters but the colon, white space, and of the controls and obs-text
 * the ones at the edges of what a table of characters gets wrong.
 */
const FORBIDDEN = `"(),/;<=>?@[\\]{} \t\x00\x01\x0b\x0c\x1f\x7f\x80\xa0\xff`;

export default defineCases(
  eachOctet(FORBIDDEN, ({ char, hex, label }) => ({
    id: `h1/fields/name-octet-${hex}`,
    title: `A field name with the octet ${label} in it is refused with 400`,
    rfc: 'RFC9112#2.2',
    level: 'SHOULD',
    needs: ['get'],
    tags: ['sweep'],
    send: get('/', [`X-Pr${char}obe: v`]),
    allow: malformed(),
    controls: { pass: refuses(), fail: replies(answer(200, 'hello')) },
  })),
);
