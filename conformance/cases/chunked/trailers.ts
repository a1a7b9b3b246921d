import {
  answer,
  type Case,
  type Control,
  chunk,
  chunked,
  defineCases,
  echo,
  echoes,
  inspected,
  pass,
  post,
  refusal,
  refuses,
  replies,
  request,
  status,
  warn,
  weak,
} from '../../define.ts';

/** RFC9112#7.1.2 and RFC9110#6.5: fields behind the last chunk are read, and never become part of the header section. */
const TE = ['Transfer-Encoding: chunked'];

export default defineCases([
  {
    id: 'h1/chunked/trailer',
    title: 'A trailer field is read and is no content',
    rfc: 'RFC9112#7.1.2',
    level: 'MUST',
    needs: ['echo'],
    send: post(TE, chunked(['{nonce}'], ['X-Trailer: {nonce}'])),
    allow: [pass(echo())],
    controls: { pass: echoes(), fail: [refuses(), echoes('{nonce}X-Trailer: {nonce}'), echoes('')] },
  },
  {
    id: 'h1/chunked/trailer-announced',
    title: 'Trailer fields that were announced are read and are no content',
    rfc: 'RFC9112#7.1.2',
    level: 'MUST',
    needs: ['echo'],
    send: post([...TE, 'Trailer: X-First, X-Second'], chunked(['{nonce}'], ['X-First: 1', 'X-Second: 2'])),
    allow: [pass(echo())],
    controls: { pass: echoes(), fail: [refuses(), echoes('')] },
  },
  {
    id: 'h1/chunked/trailer-before-next-request',
    title: 'The next request begins behind the empty line that ends the trailer section',
    rfc: 'RFC9112#7.1',
    level: 'MUST',
    needs: ['echo'],
    tags: ['smuggling'],
    why: 'Whoever stops at the last chunk takes the trailer line for a request line.',
    send: `${post(TE, chunked(['{nonce}'], ['X-Trailer: x']))}{sentinel}`,
    allow: [pass(echo(), 'open'), weak(echo(), 'closed', 'pipelined requests may be left unanswered (RFC9112#9.3.2)')],
    controls: { pass: echoes(), fail: [replies(answer(200, '{nonce}') + answer(400), 'close'), refuses()] },
  },
  {
    id: 'h1/chunked/trailer-not-merged',
    title: 'A trailer field does not become a header field',
    ...notMerged('X-Trailer', '{nonce}', []),
  },
  {
    id: 'h1/chunked/trailer-content-length',
    title: 'A Content-Length in the trailer section does not become a header field',
    why: 'Who removes the chunks may put the length of the content in place of the coding (RFC9112#7.1.3), and that is 7.',
    ...notMerged('Content-Length', '3', [], ['7']),
  },
  {
    id: 'h1/chunked/trailer-host',
    title: 'A Host in the trailer section does not become a header field',
    ...notMerged('Host', '{nonce}.example', ['{host}']),
  },
  {
    id: 'h1/chunked/trailer-authorization',
    title: 'An Authorization in the trailer section does not become a header field',
    ...notMerged('Authorization', 'Basic YTpi', []),
  },
  {
    id: 'h1/chunked/trailer-transfer-encoding',
    title: 'A Transfer-Encoding in the trailer section does not become a header field',
    ...notMerged('Transfer-Encoding', 'x-unknown', ['chunked'], []),
  },
  {
    id: 'h1/chunked/trailer-line-end-of-bare-lf',
    title: 'A trailer line that ends in a LF alone is read, or refused',
    rfc: 'RFC9112#2.2',
    level: 'MUST',
    needs: ['echo'],
    why: 'It is a field line, and for these the text lets a LF stand for CRLF. The second empty line ends the section for whoever takes the LF for a part of the value.',
    send: post(TE, `${chunk('{nonce}')}0\r\nX-Trailer: x\n\r\n\r\n`),
    allow: [...refusal(), pass(echo())],
    controls: { pass: [refuses(), echoes()], fail: [echoes(''), refuses(500)] },
  },
  {
    id: 'h1/chunked/trailer-without-colon',
    title: 'A trailer line without a colon is refused',
    rfc: 'RFC9112#2.2',
    level: 'SHOULD',
    needs: ['echo'],
    send: post(TE, chunked(['{nonce}'], ['no field'])),
    allow: [...refusal(), warn(echo(), 'any', 'a server may recover from a fault (RFC9110#2.4)')],
    controls: { pass: [refuses(), echoes()], fail: [echoes(''), refuses(500)] },
  },
]);

/**
 * A request to `/inspect` with this field in its trailer section: the header section must stay as it was, or the request
 * be refused, where the field has no business in a trailer section.
 * @param right each list of values that the header section may have under this name
 */
function notMerged(
  name: string,
  value: string,
  ...right: readonly (readonly string[])[]
): Pick<Case, 'rfc' | 'level' | 'needs' | 'tags' | 'send' | 'allow' | 'controls'> {
  const seen = (values: readonly string[]) =>
    pass(inspected({ content: 'aeronet', fields: { [name.toLowerCase()]: values } }));
  return {
    rfc: 'RFC9112#7.1.2',
    level: 'MUST',
    needs: ['inspect'],
    tags: ['smuggling'],
    send: request('POST /inspect HTTP/1.1', TE, chunked(['aeronet'], [`${name}: ${value}`])),
    allow: [...right.map(seen), pass(status('4xx'))],
    controls: { pass: [reports(), refuses()], fail: reports([name, value]) },
  };
}

/** Reports the request with these fields behind those it had; framed by the close, because a placeholder has another length. */
function reports(...more: readonly (readonly [name: string, value: string])[]): Control {
  const seen = {
    method: 'POST',
    target: '/inspect',
    protocol: 'HTTP/1.1',
    fields: [['Host', '{host}'], ['Transfer-Encoding', 'chunked'], ...more],
    content: Buffer.from('aeronet').toString('base64'),
    trailers: [],
  };
  return replies(`HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n${JSON.stringify(seen)}`, 'close');
}
