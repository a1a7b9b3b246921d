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
  progress,
  refusal,
  refusedOtherwise,
  refuses,
  replies,
  type Step,
  weak,
} from '../../define.ts';

/** RFC9112#7.1 and RFC9112#7.1.3: where chunk data ends, what may be in it, and how it may arrive. */
const TE = ['Transfer-Encoding: chunked'];
const EVERY_OCTET = Array.from({ length: 256 }, (_, octet) => String.fromCharCode(octet)).join('');
const LOOKS_LIKE_THE_END = '\r\n0\r\n\r\nGET /{nonce} HTTP/1.0\r\n\r\n';
const LARGE = '0123456789abcdef'.repeat(8192);
const MANY = Array.from({ length: 1000 }, (_, index) => 'abcdefghij'.charAt(index % 10));

export default defineCases([
  {
    id: 'h1/chunked/no-content',
    title: 'A last chunk alone is content of no octets',
    ...taken([post(TE, chunked([]))], ''),
  },
  {
    id: 'h1/chunked/data-of-every-octet',
    title: 'Chunk data may hold every octet there is',
    ...taken([post(TE, chunked([EVERY_OCTET, '{nonce}']))], `${EVERY_OCTET}{nonce}`),
  },
  {
    id: 'h1/chunked/data-that-looks-like-the-end',
    title: 'A last chunk and a request inside chunk data are data',
    tags: ['smuggling'],
    ...taken([post(TE, chunked([LOOKS_LIKE_THE_END]))], LOOKS_LIKE_THE_END),
  },
  {
    id: 'h1/chunked/large-chunk',
    title: 'A chunk larger than any buffer arrives whole',
    ...taken([post(TE, chunked([LARGE, '{nonce}']))], `${LARGE}{nonce}`),
  },
  {
    id: 'h1/chunked/many-small-chunks',
    title: 'A thousand chunks of one octet are put together',
    ...taken([post(TE, chunked([...MANY, '{nonce}']))], `${MANY.join('')}{nonce}`),
  },
  {
    id: 'h1/chunked/delivered-in-pieces',
    title: 'Chunks that arrive octet by octet are put together',
    why: 'Every cut between two octets is made once, inside sizes, extensions, line ends, the last chunk and a trailer.',
    ...taken(
      inPieces(post(TE), `${chunk('abc', ';x="y"')}0b\r\nwxyz`, '{nonce}', '\r\n0\r\nX-Trailer: x\r\n\r\n'),
      'abcwxyz{nonce}',
    ),
  },
  {
    id: 'h1/chunked/next-request-behind',
    title: 'What follows the last chunk is the next request',
    rfc: 'RFC9112#7.1',
    level: 'MUST',
    needs: ['echo'],
    send: `${post(TE, chunked(['{nonce}']))}{sentinel}`,
    allow: [pass(echo(), 'open'), weak(echo(), 'closed', 'pipelined requests may be left unanswered (RFC9112#9.3.2)')],
    controls: { pass: echoes(), fail: [replies(answer(200, '{nonce}') + answer(400), 'close'), refuses()] },
  },
  {
    id: 'h1/chunked/data-longer-than-size',
    title: 'Chunk data that is longer than its size is refused',
    why: 'Two octets are to be CRLF; whoever skips any two has lost data and found another end.',
    ...refused(`5\r\n{nonce}\r\n0\r\n\r\n`, ['{nonce}', '']),
  },
  {
    id: 'h1/chunked/data-shorter-than-size',
    title: 'Chunk data that is shorter than its size is refused',
    why: 'The nine octets are the data and its line end; a 0 is where the next line end is due.',
    ...refused('9\r\n{nonce}\r\n0\r\n\r\n', ['{nonce}', '{nonce}\r\n']),
  },
  {
    id: 'h1/chunked/data-without-line-end',
    title: 'Chunk data that no line end follows is refused',
    ...refused('7\r\n{nonce}0\r\n\r\n', ['{nonce}', '']),
  },
  {
    id: 'h1/chunked/data-line-end-of-other-octets',
    title: 'Chunk data followed by two other octets than CRLF is refused',
    why: 'Whoever skips two octets unseen lets an attacker choose what others take for a size.',
    ...refused('7\r\n{nonce}XX0\r\n\r\n', ['{nonce}', '']),
  },
  {
    id: 'h1/chunked/data-line-end-of-bare-cr',
    title: 'Chunk data followed by a CR alone is refused',
    ...refused('7\r\n{nonce}\r0\r\n\r\n', ['{nonce}', '']),
  },
  {
    id: 'h1/chunked/size-line-end-of-bare-cr',
    title: 'A chunk-size followed by a CR alone is refused',
    ...refused('7\r{nonce}\r\n0\r\n\r\n', ['{nonce}', '']),
  },
  {
    id: 'h1/chunked/data-line-end-of-bare-lf',
    title: 'Chunk data followed by a LF alone is refused',
    why: 'A LF may end the lines of a head (RFC9112#2.2), which says nothing of chunks; readers that differ here find two ends.',
    ...refused('7\r\n{nonce}\n0\r\n\r\n', ['{nonce}', ''], 'SHOULD'),
  },
  {
    id: 'h1/chunked/size-line-end-of-bare-lf',
    title: 'A chunk-size followed by a LF alone is refused',
    why: 'A LF may end the lines of a head (RFC9112#2.2), which says nothing of chunks; readers that differ here find two ends.',
    ...refused('7\n{nonce}\r\n0\r\n\r\n', ['{nonce}', ''], 'SHOULD'),
  },
  {
    id: 'h1/chunked/empty-line-before-first-chunk',
    title: 'An empty line between the head and the first chunk is refused',
    ...refused(`\r\n${chunked(['{nonce}'])}`, ['{nonce}', '']),
  },
  {
    id: 'h1/chunked/content-not-chunked',
    title: 'Content that is not chunked under Transfer-Encoding: chunked is refused',
    ...refused('{nonce}!!\r\n\r\n', ['{nonce}!!', '{nonce}', '']),
  },
  {
    id: 'h1/chunked/last-chunk-missing',
    title: 'Chunked content without its last chunk is incomplete',
    rfc: 'RFC9112#7.1',
    level: 'MUST',
    ...neverCompleted(post(TE, chunk('{nonce}'))),
  },
  {
    id: 'h1/chunked/chunk-cut-short',
    title: 'Chunked content that ends inside a chunk is incomplete',
    rfc: 'RFC9112#7.1',
    level: 'MUST',
    ...neverCompleted(post(TE, '8\r\n{nonce}')),
  },
  {
    id: 'h1/chunked/last-chunk-line-cut-short',
    title: 'Chunked content that ends inside the line of its last chunk is incomplete',
    rfc: 'RFC9112#7.1',
    level: 'MUST',
    why: 'The zero may be the first digit of a size.',
    ...neverCompleted(post(TE, `${chunk('{nonce}')}0`)),
  },
]);

/** Chunked content that has to be taken as this content. */
function taken(
  send: readonly Step[],
  content: string,
): Pick<Case, 'rfc' | 'level' | 'needs' | 'send' | 'allow' | 'controls'> {
  return {
    rfc: 'RFC9112#7.1',
    level: 'MUST',
    needs: ['echo'],
    send,
    allow: [pass(echo(content))],
    controls: { pass: echoes(content), fail: [echoes(`${content}0`), echoes(content.slice(1) || '\r\n'), refuses()] },
  };
}

/** Content that is to be refused; `guesses` are what careless readers echo. */
function refused(
  content: string,
  guesses: readonly string[],
  level: 'MUST' | 'SHOULD' = 'MUST',
): Pick<Case, 'rfc' | 'level' | 'needs' | 'tags' | 'send' | 'allow' | 'controls'> {
  return {
    rfc: level === 'MUST' ? 'RFC9112#7.1' : 'RFC9112#2.2',
    level,
    needs: ['echo'],
    tags: ['smuggling'],
    send: post(TE, content),
    allow: [...refusal(), ...(level === 'MUST' ? [refusedOtherwise] : [])],
    controls: { pass: refuses(), fail: [...guesses.map((guess) => echoes(guess)), replies(answer(400))] },
  };
}

/** Each octet a step of its own, with the target's turn behind it; a placeholder stays whole. */
function inPieces(head: string, ...texts: readonly string[]): readonly Step[] {
  const pieces = texts.flatMap((text) => (text.startsWith('{') ? [text] : [...text]));
  return [head, ...pieces.flatMap((piece) => [progress, piece])];
}
