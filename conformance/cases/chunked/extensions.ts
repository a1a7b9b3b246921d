import {
  answer,
  type Case,
  chunk,
  defineCases,
  echo,
  echoes,
  pass,
  post,
  refusal,
  refuses,
  replies,
  warn,
} from '../../define.ts';

/**
 * RFC9112#7.1.1: extensions that nobody knows are ignored. Malformed ones should be refused (RFC9112#2.2); where that
 * leaves no doubt about the end of the line a server may recover (RFC9110#2.4), which is a warning.
 */
const TE = ['Transfer-Encoding: chunked'];
/** Where `|` ends the line the content is the nonce and garbage follows; where it does not, the content is `AS_EXTENSION`. */
const TWO_ENDS = '7;a|{nonce}\r\n0\r\n\r\nab\r\n0\r\n\r\n';
const AS_EXTENSION = '0\r\n\r\nab';
const AS_LINE_END = replies(answer(200, '{nonce}') + answer(400, '', ['Connection: close']), 'close');

export default defineCases([
  {
    id: 'h1/chunked/ext-name',
    title: 'A chunk extension of a name is ignored',
    ...ignored(';name'),
  },
  {
    id: 'h1/chunked/ext-name-and-value',
    title: 'A chunk extension with a value is ignored',
    ...ignored(';name=value'),
  },
  {
    id: 'h1/chunked/ext-several',
    title: 'Several chunk extensions are ignored',
    ...ignored(';a;b=c;d="e"'),
  },
  {
    id: 'h1/chunked/ext-quoted',
    title: 'A chunk extension whose quoted value holds a semicolon and a quote is ignored',
    ...ignored(';name="a;b=\\"c\\""'),
  },
  {
    id: 'h1/chunked/ext-white-space',
    title: 'White space around the parts of a chunk extension is removed',
    why: 'It is bad, nobody may send it, and everybody has to read it.',
    ...ignored(' ; name = value'),
    rfc: 'RFC9110#5.6.3',
  },
  {
    id: 'h1/chunked/ext-on-last-chunk',
    title: 'A chunk extension of the last chunk is ignored',
    rfc: 'RFC9112#7.1.1',
    level: 'MUST',
    needs: ['echo'],
    send: post(TE, `${chunk('{nonce}')}0;name=value\r\n\r\n`),
    allow: [pass(echo())],
    controls: { pass: echoes(), fail: [refuses(), echoes('')] },
  },
  {
    id: 'h1/chunked/ext-that-looks-like-a-size',
    title: 'Digits in a chunk extension are not the size',
    ...ignored(';0=0'),
  },
  {
    id: 'h1/chunked/ext-without-name',
    title: 'A semicolon with no chunk extension behind it is refused',
    ...harmless('7;'),
  },
  {
    id: 'h1/chunked/ext-name-not-a-token',
    title: 'A chunk extension whose name is no token is refused',
    ...harmless('7;na@me=value'),
  },
  {
    id: 'h1/chunked/ext-value-missing',
    title: 'A chunk extension with an equals sign and no value is refused',
    ...harmless('7;name='),
  },
  {
    id: 'h1/chunked/ext-quote-not-closed',
    title: 'A chunk extension whose quoted value does not end is refused',
    ...harmless('7;name="value'),
  },
  {
    id: 'h1/chunked/ext-control-character',
    title: 'A chunk extension with a control character is refused',
    ...harmless('7;name=\x01'),
  },
  {
    id: 'h1/chunked/ext-nul',
    title: 'A chunk extension with a NUL is refused',
    ...harmless('7;name=\x00'),
  },
  {
    id: 'h1/chunked/ext-bare-lf',
    title: 'A LF does not hide in a chunk extension',
    rfc: 'RFC9112#2.2',
    level: 'SHOULD',
    needs: ['echo'],
    tags: ['smuggling'],
    why: 'One reader skips it as part of the extension, the next ends the line there: both were found behind one another.',
    send: post(TE, TWO_ENDS.replace('|', '\n')),
    allow: refusal(),
    controls: { pass: refuses(), fail: [echoes(AS_EXTENSION), AS_LINE_END, replies(answer(400))] },
  },
  {
    id: 'h1/chunked/ext-bare-cr',
    title: 'A CR alone does not end a chunk line',
    rfc: 'RFC9112#2.2',
    level: 'MUST',
    needs: ['echo'],
    tags: ['smuggling'],
    why: 'The element is invalid, or the CR counts for a space: then it is part of the extension.',
    send: post(TE, TWO_ENDS.replace('|', '\r')),
    allow: [...refusal(), warn(echo(AS_EXTENSION), 'any', 'the CR was replaced by a space')],
    controls: { pass: [refuses(), echoes(AS_EXTENSION)], fail: [AS_LINE_END, echoes()] },
  },
]);

/** A chunk with a well-formed extension. */
function ignored(extension: string): Pick<Case, 'rfc' | 'level' | 'needs' | 'send' | 'allow' | 'controls'> {
  return {
    rfc: 'RFC9112#7.1.1',
    level: 'MUST',
    needs: ['echo'],
    send: post(TE, `${chunk('{nonce}', extension)}0\r\n\r\n`),
    allow: [pass(echo())],
    controls: { pass: echoes(), fail: [refuses(), echoes(''), refuses(501)] },
  };
}

/** A malformed chunk line that has only one end. */
function harmless(line: string): Pick<Case, 'rfc' | 'level' | 'needs' | 'send' | 'allow' | 'controls'> {
  return {
    rfc: 'RFC9112#2.2',
    level: 'SHOULD',
    needs: ['echo'],
    send: post(TE, `${line}\r\n{nonce}\r\n0\r\n\r\n`),
    allow: [...refusal(), warn(echo(), 'any', 'a server may recover from a fault (RFC9110#2.4)')],
    controls: { pass: [refuses(), echoes()], fail: [echoes(''), refuses(500)] },
  };
}
