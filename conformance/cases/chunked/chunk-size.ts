import {
  answer,
  type Case,
  chunk,
  chunked,
  defineCases,
  echo,
  echoes,
  neverCompleted,
  pass,
  post,
  refusal,
  refusedOtherwise,
  refuses,
  replies,
  warn,
} from '../../define.ts';

/**
 * RFC9112#7.1: `chunk-size = 1*HEXDIG`, and nothing else. A server may recover from faults that change nothing
 * (RFC9110#2.4), but with a size that is no number two readers find two ends of the message, which is how requests are
 * smuggled (RFC9112#11.2): those have to be refused.
 */
const TE = ['Transfer-Encoding: chunked'];
const GRAMMAR_ALLOWS = 'the grammar allows leading zeros, so this refuses a valid request';

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
    id: 'h1/chunked/size-upper-and-lower-case',
    title: 'Hex digits of either case are understood in a chunk-size',
    rfc: 'RFC9112#7.1',
    level: 'MUST',
    needs: ['echo'],
    send: post(TE, 'A\r\n{nonce}xyz\r\nb\r\n{nonce}wxyz\r\n1C\r\nabcdefghijklmnopqrstu{nonce}\r\n0\r\n\r\n'),
    allow: [pass(echo('{nonce}xyz{nonce}wxyzabcdefghijklmnopqrstu{nonce}'))],
    controls: {
      pass: echoes('{nonce}xyz{nonce}wxyzabcdefghijklmnopqrstu{nonce}'),
      fail: [echoes('{nonce}xyz'), refuses()],
    },
  },
  {
    id: 'h1/chunked/size-leading-zeros',
    title: 'Leading zeros of a chunk-size change nothing',
    rfc: 'RFC9112#7.1',
    level: 'MUST',
    needs: ['echo'],
    send: post(TE, `${'0'.repeat(20)}7\r\n{nonce}\r\n0\r\n\r\n`),
    allow: [pass(echo()), warn({ status: [400, 413] }, 'closed', GRAMMAR_ALLOWS)],
    controls: { pass: [echoes(), refuses()], fail: [echoes(''), refuses(500)] },
  },
  {
    id: 'h1/chunked/last-chunk-of-zeros',
    title: 'A last chunk of several zeros is a last chunk',
    rfc: 'RFC9112#7.1',
    level: 'MUST',
    needs: ['echo'],
    send: post(TE, `${chunk('{nonce}')}000\r\n\r\n`),
    allow: [pass(echo()), warn({ status: [400, 413] }, 'closed', GRAMMAR_ALLOWS)],
    controls: {
      pass: [echoes(), refuses()],
      fail: [echoes(''), replies(answer(200, '{nonce}') + answer(400), 'close')],
    },
  },
  {
    id: 'h1/chunked/size-hex-prefix',
    title: 'A chunk-size with 0x in front is refused',
    ...refusedSize('0x7'),
  },
  {
    id: 'h1/chunked/size-plus-sign',
    title: 'A chunk-size with a plus sign is refused',
    ...refusedSize('+7'),
  },
  {
    id: 'h1/chunked/size-negative',
    title: 'A negative chunk-size is refused',
    ...refusedSize('-7'),
  },
  {
    id: 'h1/chunked/size-underscore',
    title: 'A chunk-size with a digit separator is refused',
    why: 'Several languages read 0_7 as 7.',
    ...refusedSize('0_7'),
  },
  {
    id: 'h1/chunked/size-decimal-point',
    title: 'A chunk-size with a decimal point is refused',
    ...refusedSize('7.0'),
  },
  {
    id: 'h1/chunked/size-letter-behind',
    title: 'A chunk-size with a letter behind it that is no hex digit is refused',
    why: 'strtol() stops there and says 7.',
    ...refusedSize('7g'),
  },
  {
    id: 'h1/chunked/size-no-digit',
    title: 'A chunk-size without a hex digit is refused',
    why: 'Number parsers that stop at the first wrong character have read a zero, the last chunk.',
    ...refusedSize('xyz'),
  },
  {
    id: 'h1/chunked/size-empty',
    title: 'An empty line in place of a chunk-size is refused',
    ...refusedSize(''),
  },
  {
    id: 'h1/chunked/size-empty-last',
    title: 'An empty line in place of the last chunk is refused',
    rfc: 'RFC9112#7.1',
    level: 'MUST',
    needs: ['echo'],
    tags: ['smuggling'],
    why: 'Who makes a zero of no digits at all finds the end of the content here, and in front of other octets it finds none.',
    send: post(TE, '7\r\n{nonce}\r\n\r\n\r\n'),
    allow: [...refusal(), refusedOtherwise],
    controls: { pass: [refuses(), refuses(502)], fail: [echoes(), echoes(''), replies(answer(400))] },
  },
  {
    id: 'h1/chunked/size-extension-alone',
    title: 'A chunk extension without a chunk-size is refused',
    ...refusedSize(';name=value'),
  },
  {
    id: 'h1/chunked/size-two-numbers',
    title: 'Two numbers in place of a chunk-size are refused',
    ...refusedSize('7 7'),
  },
  {
    id: 'h1/chunked/size-leading-space',
    title: 'A chunk-size behind a space is refused',
    why: 'Bad white space is allowed in front of an extension only.',
    ...refusedSize(' 7'),
  },
  {
    id: 'h1/chunked/size-nul',
    title: 'A chunk-size with a NUL behind it is refused',
    why: 'A string of C ends there.',
    ...refusedSize('7\x00'),
  },
  {
    id: 'h1/chunked/size-vertical-tab',
    title: 'A chunk-size behind a vertical tab is refused',
    why: 'isspace() skips it, the grammar does not.',
    ...refusedSize('\x0b7'),
  },
  {
    id: 'h1/chunked/size-trailing-space',
    title: 'A chunk-size with a space behind it is refused',
    rfc: 'RFC9112#2.2',
    level: 'SHOULD',
    needs: ['echo'],
    why: 'Bad white space is allowed in front of an extension only; taken for nothing, it does no harm.',
    send: post(TE, '7 \r\n{nonce}\r\n0\r\n\r\n'),
    allow: [...refusal(), warn(echo(), 'any', 'a server may recover from a fault (RFC9110#2.4)')],
    controls: { pass: [refuses(), echoes()], fail: echoes('') },
  },
  {
    id: 'h1/chunked/size-wrap-32',
    title: 'A chunk-size of 2^32 + 7 is not taken for 7',
    rfc: 'RFC9112#7.1',
    level: 'MUST',
    tags: ['smuggling', 'overflow'],
    why: 'It may be refused or waited for; a counter of 32 bits has wrapped.',
    ...neverCompleted(post(TE, '100000007\r\n{nonce}\r\n0\r\n\r\n')),
  },
  {
    id: 'h1/chunked/size-wrap-64',
    title: 'A chunk-size of 2^64 + 7 is not taken for 7',
    rfc: 'RFC9112#7.1',
    level: 'MUST',
    tags: ['smuggling', 'overflow'],
    ...neverCompleted(post(TE, '10000000000000007\r\n{nonce}\r\n0\r\n\r\n')),
  },
  {
    id: 'h1/chunked/size-wrap-negative',
    title: 'A chunk-size with its 64th bit set is not taken for less than nothing',
    rfc: 'RFC9112#7.1',
    level: 'MUST',
    tags: ['smuggling', 'overflow'],
    ...neverCompleted(post(TE, 'fffffffffffffff9\r\n{nonce}\r\n0\r\n\r\n')),
  },
  {
    id: 'h1/chunked/size-wrap-to-zero',
    title: 'A chunk-size of 2^64 is not taken for the last chunk',
    rfc: 'RFC9112#7.1',
    level: 'MUST',
    tags: ['smuggling', 'overflow'],
    ...neverCompleted(post(TE, '10000000000000000\r\n\r\n')),
  },
  {
    id: 'h1/chunked/size-hundred-digits',
    title: 'A chunk-size of a hundred digits is refused or waited for',
    rfc: 'RFC9112#7.1',
    level: 'MUST',
    tags: ['smuggling', 'overflow'],
    ...neverCompleted(post(TE, `${'f'.repeat(100)}\r\n{nonce}\r\n0\r\n\r\n`)),
  },
]);

/** A chunk of 7 octets under this size: whoever echoes it, or nothing, has made a number of the text. */
function refusedSize(size: string): Pick<Case, 'rfc' | 'level' | 'needs' | 'tags' | 'send' | 'allow' | 'controls'> {
  return {
    rfc: 'RFC9112#7.1',
    level: 'MUST',
    needs: ['echo'],
    tags: ['smuggling'],
    send: post(TE, `${size}\r\n{nonce}\r\n0\r\n\r\n`),
    allow: [...refusal(), refusedOtherwise],
    controls: {
      pass: [refuses(), refuses(502)],
      fail: [echoes(), echoes(''), replies(answer(400)), replies(answer(502))],
    },
  };
}
