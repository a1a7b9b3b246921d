import {
  answer,
  defineCases,
  type Outcome,
  pass,
  type Response,
  refusal,
  refuses,
  replies,
  request,
  status,
  warn,
  weak,
} from '../../define.ts';

/** RFC9110#9.1, #9.3.6, #9.3.7, #9.3.8: the methods besides GET, HEAD and POST. */
const notAllowed = { status: [405], fields: { allow: true } } as const;

/** A method that no server implements. */
const unrecognised: readonly Outcome[] = [
  pass(status(501)),
  warn(status(400, 403, 404, 405), 'any', '501 SHOULD be sent; 405 is for methods that the server knows'),
  weak('none', 'closed'),
];

/** Whatever is no 2xx forms no tunnel (RFC9110#9.3.6). */
const noTunnel = warn(status('3xx', '5xx'), 'any', 'no tunnel, though the fault is in the request');

function contains(text: string) {
  return ({ content }: Response) =>
    content.toString('latin1').includes(text) ? undefined : `the content does not contain "${text}"`;
}

function lacks(text: string) {
  return ({ content }: Response) =>
    content.toString('latin1').includes(text) ? `the content contains "${text}"` : undefined;
}

/** A secret that is no placeholder, because what checks it does not fill any in. */
const SECRET = 'c2VjcmV0OmFlcm9uZXQ';
const REFLECTED = 'TRACE /traced-path HTTP/1.1';

export default defineCases([
  {
    id: 'h1/methods/unknown',
    title: 'An unknown method is refused with 501, not served like GET',
    rfc: 'RFC9110#9.1',
    level: 'SHOULD',
    needs: ['get'],
    send: request('AERONET / HTTP/1.1'),
    allow: unrecognised,
    controls: {
      pass: [refuses(501), replies(answer(501)), replies(answer(405, '', ['Allow: GET, HEAD'])), refuses()],
      fail: [replies(answer(200, 'hello')), refuses(500)],
    },
  },
  {
    id: 'h1/methods/case-sensitive',
    title: 'The method get is not GET',
    rfc: 'RFC9110#9.1',
    level: 'SHOULD',
    needs: ['get'],
    why: 'Methods are case-sensitive: whoever folds them disagrees with the filter in front of it.',
    send: request('get / HTTP/1.1'),
    allow: unrecognised,
    controls: { pass: [refuses(501), refuses()], fail: replies(answer(200, 'hello')) },
  },
  {
    id: 'h1/methods/token-characters',
    title: 'A method of unusual token characters is a method like any other unknown one',
    rfc: 'RFC9110#9.1',
    level: 'SHOULD',
    needs: ['get'],
    send: request("!#$%&'*+-.^_`|~09 / HTTP/1.1"),
    allow: unrecognised,
    controls: { pass: [refuses(501), refuses()], fail: [replies(answer(200, 'hello')), refuses(500)] },
  },
  {
    id: 'h1/methods/405-has-allow',
    title: 'A 405 says in Allow which methods the resource supports',
    rfc: 'RFC9110#15.5.6',
    level: 'MUST',
    needs: ['get'],
    why: 'PATCH with empty content is sent, which changes nothing; a target that does not answer it with 405 has nothing to prove here.',
    send: request('PATCH / HTTP/1.1', ['Content-Length: 0']),
    allow: [pass(notAllowed), pass(status('2xx', '3xx', 400, 401, 403, 404, 411, 415, 422, 428, 501))],
    controls: {
      pass: [replies(answer(405, '', ['Allow: GET, HEAD'])), replies(answer(405, '', ['Allow:'])), refuses(501)],
      fail: [replies(answer(405)), refuses(405)],
    },
  },
  {
    id: 'h1/methods/options-asterisk',
    title: 'OPTIONS * is understood as a request about the whole server',
    rfc: 'RFC9110#9.3.7',
    level: 'MAY',
    needs: ['get'],
    why: 'OPTIONS is optional, so it may be refused; the form of its target is valid all the same.',
    send: request('OPTIONS * HTTP/1.1'),
    allow: [
      pass(status('2xx')),
      pass(status(403, 405, 501)),
      warn(status(400, 404), 'any', 'the asterisk is taken for a malformed or a missing resource'),
    ],
    controls: {
      pass: [replies(answer(200, '', ['Allow: GET'])), replies('HTTP/1.1 204 No Content\r\n\r\n'), refuses()],
      fail: refuses(500),
    },
  },
  {
    id: 'h1/methods/options-allow',
    title: 'A successful answer to OPTIONS names what the resource allows',
    rfc: 'RFC9110#9.3.7',
    level: 'SHOULD',
    needs: ['get'],
    send: request('OPTIONS / HTTP/1.1'),
    allow: [
      pass({ status: ['2xx'], fields: { allow: /(?:^|[,\s])GET(?:$|[,\s])/ } }),
      pass(status(403, 404, 405, 501)),
      warn({ status: ['2xx'], fields: { allow: false } }, 'any', 'Allow is the field that such an answer is for'),
      warn(status(400)),
    ],
    controls: {
      pass: [replies(answer(200, '', ['Allow: OPTIONS, GET, HEAD'])), replies(answer(200)), refuses(501)],
      fail: [replies(answer(200, '', ['Allow: POST'])), refuses(500)],
    },
  },
  {
    id: 'h1/methods/trace-reflects',
    title: 'TRACE is refused, or reflects the request as it was received',
    rfc: 'RFC9110#9.3.8',
    level: 'SHOULD',
    needs: ['get'],
    send: request('TRACE /traced-path HTTP/1.1', ['X-Traced: 1']),
    allow: [
      pass({ status: [200], where: { says: 'that reflects the request', complaint: contains(REFLECTED) } }),
      pass(status(400, 403, 404, 405, 501)),
      weak('none', 'closed'),
    ],
    controls: {
      pass: [replies(answer(200, `${REFLECTED}\r\n\r\n`, ['Content-Type: message/http'])), refuses(501)],
      fail: replies(answer(200, 'hello')),
    },
  },
  {
    id: 'h1/methods/trace-secrets',
    title: 'TRACE does not reflect credentials or cookies',
    rfc: 'RFC9110#9.3.8',
    level: 'SHOULD',
    needs: ['get'],
    why: 'A page that can make its victim send TRACE would read what it must not see.',
    send: request('TRACE / HTTP/1.1', [`Authorization: Basic ${SECRET}`, `Cookie: session=${SECRET}`]),
    allow: [
      pass({ status: [200], where: { says: 'without the credentials', complaint: lacks(SECRET) } }),
      pass(status('4xx', 501)),
      weak('none', 'closed'),
    ],
    controls: {
      pass: [replies(answer(200, 'TRACE / HTTP/1.1\r\n\r\n')), refuses(405)],
      fail: replies(answer(200, `TRACE / HTTP/1.1\r\nCookie: session=${SECRET}\r\n\r\n`)),
    },
  },
  {
    id: 'h1/methods/connect',
    title: 'CONNECT is refused, not served like GET',
    rfc: 'RFC9110#9.3.6',
    level: 'MUST',
    needs: ['get'],
    why: 'A 2xx turns the connection into a tunnel from the end of the head on, and must not have Content-Length or Transfer-Encoding.',
    send: request('CONNECT {host} HTTP/1.1'),
    allow: [
      pass(status('4xx', '5xx')),
      noTunnel,
      warn(
        { status: ['2xx'], fields: { 'content-length': false, 'transfer-encoding': false } },
        'any',
        'a tunnel was opened: meant for a proxy',
      ),
      weak('none', 'closed'),
    ],
    controls: {
      pass: [refuses(405), replies(answer(501)), refuses(308), replies('HTTP/1.1 200 OK\r\n\r\n', 'close')],
      fail: [replies(answer(200, 'hello')), replies('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n', 'close')],
    },
  },
  {
    id: 'h1/methods/connect-empty-port',
    title: 'CONNECT to an empty port is refused',
    rfc: 'RFC9110#9.3.6',
    level: 'MUST',
    needs: ['get'],
    send: request('CONNECT 127.0.0.1: HTTP/1.1'),
    allow: [...refusal({ or: ['4xx', 501], stays: 'any' }), noTunnel],
    controls: {
      pass: [refuses(), refuses(405), refuses(308), refuses(502)],
      fail: [replies('HTTP/1.1 200 OK\r\n\r\n', 'close')],
    },
  },
  {
    id: 'h1/methods/connect-invalid-port',
    title: 'CONNECT to a port that is no port number is refused',
    rfc: 'RFC9110#9.3.6',
    level: 'MUST',
    needs: ['get'],
    send: request('CONNECT 127.0.0.1:65616 HTTP/1.1'),
    allow: [...refusal({ or: ['4xx', 501], stays: 'any' }), noTunnel],
    controls: {
      pass: [refuses(), refuses(405), refuses(308), refuses(502)],
      fail: [replies('HTTP/1.1 200 OK\r\n\r\n', 'close')],
    },
  },
]);
