import {
  answer,
  defineCases,
  halfClose,
  message,
  pass,
  refuses,
  replies,
  request,
  status,
  warn,
} from '../../define.ts';
import type { Case } from '../../model.ts';
import { malformed } from '../../outcomes.ts';
import { eachOctet } from '../each-octet.ts';

/** RFC9112#3 and RFC9112#3.1: three words, the first of them a method token. How long they may be is in cases/limits. */
const ok = replies(answer(200, 'hello'));

/** Octets that no token has and no reader takes for white space between words; the slash is not repeated. */
const NO_METHOD_OCTETS = '"(),:;<=>?@[\\]{}\x00\x01\x1f\x7f\x80\xff';

/** What RFC9112#2.2 is about is that the request is not served; that the status is 400 is its second half. */
const otherwiseRefused = warn(status(405, 501, 505), 'any', 'refused, though not by the status that is asked for');

export default defineCases([
  garbled('method-missing', 'A request line without method gets 400', request('/ HTTP/1.1')),
  garbled('target-missing', 'A request line without target gets 400', request('GET HTTP/1.1')),
  garbled(
    'version-missing',
    'A request line without version gets 400, not an HTTP/0.9 answer',
    request('GET /'),
    'HTTP/0.9 is no part of HTTP any more; its answer has no status line, so it can be anything to whoever reads it.',
  ),
  garbled('words-four', 'A request line of four words gets 400', request('GET / extra HTTP/1.1')),
  garbled('one-word', 'A request line of one word gets 400', request('GET')),
  garbled('status-line', 'A response sent to a server gets 400', message('HTTP/1.1 200 OK', ['Host: {host}'])),
  garbled('field-first', 'A field line where the request line should be gets 400', message('Host: {host}')),
  {
    id: 'h1/request-line/tls-hello',
    title: 'Octets of a TLS handshake are refused and the connection closed',
    rfc: 'RFC9112#2.2',
    level: 'SHOULD',
    needs: ['get', 'cleartext'],
    why: 'Our FIN follows, so that a server that looks for the end of a line does not wait for it.',
    send: ['\x16\x03\x01\x00\x2f\x01\x00\x00\x2b\x03\x03\x00\x01\x02\x03\x04\x13\x01\x00\x00', halfClose],
    allow: malformed(),
    controls: { pass: [refuses(), refuses()], fail: [replies(answer(200, 'hello'), 'close'), refuses(500)] },
  },
  {
    id: 'h1/request-line/method-slash',
    title: 'A path where the method should be is refused',
    rfc: 'RFC9112#2.2',
    level: 'SHOULD',
    needs: ['get'],
    send: request('/GET / HTTP/1.1'),
    allow: [pass(status(501)), ...malformed(), otherwiseRefused],
    controls: { pass: [refuses(), refuses(501), refuses(405)], fail: ok },
  },
  ...eachOctet(
    NO_METHOD_OCTETS,
    ({ char, hex, label }): Case => ({
      id: `h1/request-line/method-octet-${hex}`,
      title: `A method with the octet ${label} in it is refused`,
      rfc: 'RFC9112#2.2',
      level: 'SHOULD',
      needs: ['get'],
      tags: ['sweep'],
      send: request(`GE${char}T / HTTP/1.1`),
      allow: [...malformed(), warn(status(405, 501), 'any', 'taken as a method that is not known'), otherwiseRefused],
      controls: { pass: [refuses(), refuses(501), refuses(505)], fail: ok },
    }),
  ),
]);

/** Octets that are no request: RFC9112#2.2 SHOULD: 400 and a close. */
function garbled(slug: string, title: string, send: string, why?: string): Case {
  return {
    id: `h1/request-line/${slug}`,
    title,
    rfc: 'RFC9112#2.2',
    level: 'SHOULD',
    needs: ['get'],
    methods: ['GET'],
    ...(why === undefined ? {} : { why }),
    send,
    allow: [...malformed(), warn(status(301), 'any', 'redirected to what was taken for the target'), otherwiseRefused],
    controls: { pass: [refuses(), refuses(505)], fail: [ok, replies('hello\n', 'close'), refuses(500)] },
  };
}
