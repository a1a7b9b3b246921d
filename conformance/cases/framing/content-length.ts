import { answer, type Case, defineCases, echoes, get, post, refusal, refuses, replies } from '../../define.ts';

/**
 * RFC9112#6.3, rule 5: a Content-Length that is no number is an error from which there is no recovery. A number parser of
 * a standard library takes most of these values for 7, which is what whoever sends them hopes for.
 */
export default defineCases([
  {
    id: 'h1/framing/cl-plus-sign',
    title: 'A Content-Length with a plus sign is refused and the connection closed',
    why: 'Content-Length is 1*DIGIT (RFC9110#8.6); a number parser of a standard library often takes the sign as well.',
    ...refusedLength('+7'),
  },
  {
    id: 'h1/framing/cl-negative',
    title: 'A negative Content-Length is refused and the connection closed',
    ...refusedLength('-7'),
  },
  {
    id: 'h1/framing/cl-negative-zero',
    title: 'A Content-Length of minus zero is refused and the connection closed',
    why: 'A check for values below zero lets it through.',
    ...refusedLength('-0'),
  },
  {
    id: 'h1/framing/cl-hex',
    title: 'A hexadecimal Content-Length is refused and the connection closed',
    ...refusedLength('0x7'),
  },
  {
    id: 'h1/framing/cl-underscore',
    title: 'A Content-Length with a digit separator is refused and the connection closed',
    why: 'Several languages read 0_7 as 7.',
    ...refusedLength('0_7'),
  },
  {
    id: 'h1/framing/cl-decimal-point',
    title: 'A Content-Length with a decimal point is refused and the connection closed',
    ...refusedLength('7.0'),
  },
  {
    id: 'h1/framing/cl-exponent',
    title: 'A Content-Length with an exponent is refused and the connection closed',
    ...refusedLength('7e0'),
  },
  {
    id: 'h1/framing/cl-trailing-letter',
    title: 'A Content-Length with a letter behind its digits is refused and the connection closed',
    why: 'Parsers that stop at the first character that is no digit take it for 7.',
    ...refusedLength('7x'),
  },
  {
    id: 'h1/framing/cl-inner-space',
    title: 'A Content-Length of two numbers with a space between is refused and the connection closed',
    ...refusedLength('7 7'),
  },
  {
    id: 'h1/framing/cl-quoted',
    title: 'A quoted Content-Length is refused and the connection closed',
    ...refusedLength('"7"'),
  },
  {
    id: 'h1/framing/cl-parameter',
    title: 'A Content-Length with a parameter is refused and the connection closed',
    ...refusedLength('7;q=1'),
  },
  {
    id: 'h1/framing/cl-fullwidth-digit',
    title: 'A Content-Length in digits of another script is refused and the connection closed',
    why: 'U+FF17 in UTF-8, which a parser that knows Unicode counts among the digits.',
    ...refusedLength('\xef\xbc\x97'),
  },
  {
    id: 'h1/framing/cl-vertical-tab',
    title: 'A Content-Length behind a vertical tab is refused and the connection closed',
    why: 'Only SP and HTAB are white space of a field line (RFC9110#5.6.3); isspace() knows four more.',
    ...refusedLength('\x0b7'),
  },
  {
    id: 'h1/framing/cl-nul',
    title: 'A Content-Length with a NUL behind it is refused and the connection closed',
    why: 'A string of C ends at the NUL; the octet makes the value invalid, and replaced by SP it is "7 8" (RFC9110#5.5).',
    ...refusedLength('7\x008'),
  },
  {
    id: 'h1/framing/cl-letters',
    title: 'A Content-Length that is no number is refused and the connection closed',
    rfc: 'RFC9112#6.3',
    level: 'MUST',
    needs: ['get'],
    send: get('/', ['Content-Length: seven']),
    allow: refusal(),
    controls: { pass: refuses(), fail: [replies(answer(200, 'ok')), replies(answer(400))] },
  },
  {
    id: 'h1/framing/cl-empty',
    title: 'An empty Content-Length is refused and the connection closed',
    rfc: 'RFC9112#6.3',
    level: 'MUST',
    needs: ['get'],
    tags: ['smuggling'],
    send: get('/', ['Content-Length:']),
    allow: refusal(),
    controls: { pass: refuses(), fail: replies(answer(200, 'ok')) },
  },
  {
    id: 'h1/framing/cl-invalid-ends-parsing',
    title: 'Behind a request with an invalid Content-Length nothing is taken for a request',
    rfc: 'RFC9112#6.3',
    level: 'MUST',
    needs: ['echo'],
    tags: ['smuggling'],
    why: 'Nobody knows where such a request ends, so a request that seems to follow may be its content.',
    send: `${post(['Content-Length: +7'], '{nonce}')}{sentinel}`,
    allow: refusal(),
    controls: {
      pass: refuses(),
      fail: [replies(answer(400)), replies(answer(400) + answer(400, '', ['Connection: close']), 'close'), echoes()],
    },
  },
]);

/** Content of 7 octets under this Content-Length: whoever echoes it, or nothing, has made a number of the value. */
function refusedLength(value: string): Pick<Case, 'rfc' | 'level' | 'needs' | 'tags' | 'send' | 'allow' | 'controls'> {
  return {
    rfc: 'RFC9112#6.3',
    level: 'MUST',
    needs: ['echo'],
    tags: ['smuggling'],
    send: post([`Content-Length: ${value}`], '{nonce}'),
    allow: refusal(),
    controls: { pass: refuses(), fail: [echoes(), echoes(''), replies(answer(400)), refuses(501)] },
  };
}
