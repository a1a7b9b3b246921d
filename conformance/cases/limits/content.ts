import {
  answer,
  type Case,
  chunk,
  chunked,
  defineCases,
  echo,
  echoes,
  type Outcome,
  pass,
  post,
  refusedOtherwise,
  refuses,
  replies,
  status,
  warn,
  weak,
} from '../../define.ts';

/** RFC9112#7.1: what chunked content may carry besides its data, and how too much of it is refused. */
const TE = ['Transfer-Encoding: chunked'];
const ABRUPT = 'the refusal may have been lost to a reset, or the response had begun';
const broken: readonly Outcome[] = [weak('none', 'closed', ABRUPT), weak('aborted', 'closed', ABRUPT)];

const PIECES = 4096;
const ONES = 'a'.repeat(PIECES);

/** 256 KiB around seven octets of content. */
const EXTENSIONS = `${chunk('{nonce}', `;a=${'b'.repeat(262_144)}`)}0\r\n\r\n`;
const MANY_EXTENSIONS = `${chunk('a', `;x=${'b'.repeat(1021)}`).repeat(256)}0\r\n\r\n`;
const LARGE_TRAILER = chunked(['{nonce}'], [`X-Large: ${'a'.repeat(262_144)}`]);
const MANY_TRAILERS = chunked(
  ['{nonce}'],
  Array.from({ length: 10_000 }, (_, index) => `X-${index}: ${index}`),
);

function tooMuch(content: string, note: string): Pick<Case, 'allow' | 'controls'> {
  return {
    allow: [pass(status('4xx')), warn(echo(content), 'any', note), ...broken],
    controls: { pass: [refuses(413), refuses(), echoes(content)], fail: [refuses(500), echoes('x')] },
  };
}

export default defineCases([
  {
    id: 'h1/limits/many-chunks',
    title: 'Content in four thousand chunks of one octet arrives whole',
    rfc: 'RFC9112#7.1',
    level: 'MUST',
    needs: ['echo'],
    send: post(TE, `${chunk('a').repeat(PIECES)}${chunked(['{nonce}'])}`),
    allow: [pass(echo(`${ONES}{nonce}`))],
    controls: { pass: echoes(`${ONES}{nonce}`), fail: [echoes(), refuses(413), echoes(`${ONES.slice(1)}{nonce}`)] },
  },
  {
    id: 'h1/limits/chunk-extension-too-long',
    title: 'A chunk extension of 256 KiB is refused with a 4xx',
    rfc: 'RFC9112#7.1.1',
    level: 'SHOULD',
    needs: ['echo'],
    why: 'A server ought to limit chunk extensions as it limits other parts; without a limit a client sends for ever and no content limit counts it.',
    send: post(TE, EXTENSIONS),
    ...tooMuch('{nonce}', 'extensions are not limited, or not to 256 KiB'),
  },
  {
    id: 'h1/limits/chunk-extensions-too-many',
    title: 'Chunk extensions of 256 KiB in all, a little on each chunk, are refused with a 4xx',
    rfc: 'RFC9112#7.1.1',
    level: 'SHOULD',
    needs: ['echo'],
    why: 'What ought to be limited is their total length.',
    send: post(TE, MANY_EXTENSIONS),
    ...tooMuch('a'.repeat(256), 'the total of extensions is not limited, or not to 256 KiB'),
  },
  {
    id: 'h1/limits/trailer-too-long',
    title: 'A trailer field of 256 KiB is refused with a 4xx',
    rfc: 'RFC9110#5.4',
    level: 'SHOULD',
    needs: ['echo'],
    why: 'Trailers are fields; the limit on the head does not see them.',
    send: post(TE, LARGE_TRAILER),
    ...tooMuch('{nonce}', 'trailers are not limited, or not to 256 KiB'),
  },
  {
    id: 'h1/limits/trailers-too-many',
    title: 'Ten thousand trailer fields are refused with a 4xx',
    rfc: 'RFC9110#5.4',
    level: 'SHOULD',
    needs: ['echo'],
    send: post(TE, MANY_TRAILERS),
    ...tooMuch('{nonce}', 'trailers are not limited, or not to 10,000'),
  },
  {
    id: 'h1/limits/chunk-size-of-many-zeros',
    title: 'A chunk size with a thousand leading zeros is taken by its value, or refused',
    rfc: 'RFC9112#7.1',
    level: 'MUST',
    needs: ['echo'],
    tags: ['smuggling'],
    why: 'chunk-size has no longest form; a server may limit it, but not read another number.',
    send: post(TE, `${'0'.repeat(1000)}7\r\n{nonce}\r\n0\r\n\r\n`),
    allow: [pass(echo()), pass(status('4xx'), 'closed'), refusedOtherwise, ...broken],
    controls: {
      pass: [echoes(), refuses(), refuses(502)],
      fail: [echoes(''), replies(answer(400)), replies(answer(200) + answer(400), 'close')],
    },
  },
]);
