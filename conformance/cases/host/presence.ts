import {
  answer,
  defineCases,
  get,
  message,
  pass,
  progress,
  refusal,
  refuses,
  replies,
  request,
  status,
  warn,
} from '../../define.ts';
import type { Case } from '../../model.ts';

/** RFC9112#3.2: an HTTP/1.1 request has one Host, and any request has one at most; otherwise the answer is 400. */
const ok = replies(answer(200, 'hello'));

export default defineCases([
  refused('missing', 'An HTTP/1.1 request without Host gets 400', message('GET / HTTP/1.1')),
  refused(
    'missing-absolute-form',
    'An absolute-form target does not make up for a missing Host',
    message('GET {scheme}://{host}/ HTTP/1.1'),
    'The rule is about every HTTP/1.1 request, although the target names the authority.',
  ),
  refused('missing-lookalike', 'A field whose name only begins like Host is no Host', [
    message('GET / HTTP/1.1', ['Hostname: {host}', 'X-Host: {host}', 'Hos: {host}']),
  ]),
  refused('twice-same', 'Two equal Host lines get 400', get('/', ['Host: {host}'])),
  refused('twice-differing', 'Two differing Host lines get 400', get('/', ['Host: other.example'])),
  refused(
    'twice-differing-first-wrong',
    'Two differing Host lines get 400, whichever comes last',
    message('GET / HTTP/1.1', ['Host: other.example', 'Host: {host}']),
  ),
  refused(
    'twice-cased',
    'Two Host lines get 400 however their letters are cased',
    get('/', ['hOST: {host}']),
    'A parser that keeps fields in a map by name as written sees two different fields.',
  ),
  refused(
    'twice-first-empty',
    'A Host line behind an empty one is one too many',
    message('GET / HTTP/1.1', ['Host:', 'Host: {host}']),
  ),
  refused(
    'twice-second-empty',
    'An empty Host line behind another is one too many',
    get('/', ['Host:']),
    'Joined with a comma, or overwritten, the second would disappear.',
  ),
  refused(
    'twice-apart',
    'Two Host lines get 400 with other fields between them',
    get('/', ['Accept: */*', 'X-Probe: a', 'Accept-Language: en', 'Host: other.example']),
  ),
  refused('twice-late', 'A second Host that arrives later gets 400', [
    'GET / HTTP/1.1\r\nHost: {host}\r\n',
    progress,
    'Host: {host}\r\n\r\n',
  ]),
  refused(
    'twice-http10',
    'Two Host lines get 400 in an HTTP/1.0 request too',
    request('GET / HTTP/1.0', ['Host: other.example']),
    'HTTP/1.0 may do without Host, but the rule about more than one is for any request message.',
  ),
  {
    id: 'h1/host/http10-missing',
    title: 'An HTTP/1.0 request needs no Host',
    rfc: 'RFC9112#3.2',
    level: 'MUST',
    needs: ['get'],
    why: 'Only HTTP/1.1 makes Host an obligation; a server without a default for it may still refuse (RFC9112#3.3).',
    send: message('GET / HTTP/1.0'),
    allow: [pass(status(200)), warn(status('4xx'), 'any', 'no default host is configured (RFC9112#3.3)')],
    controls: { pass: [replies(answer(200, 'hello'), 'close'), refuses()], fail: [refuses(505), refuses(500)] },
  },
  {
    id: 'h1/host/empty',
    title: 'An empty Host is refused with 400 or stands for the default of the server',
    rfc: 'RFC9112#3.3',
    level: 'MUST',
    needs: ['get'],
    why: 'Clients send it where the target URI has no authority, so it is valid syntax, but an http URI has to have one.',
    send: message('GET / HTTP/1.1', ['Host:']),
    allow: [...refusal({ or: [421], stays: 'any' }), pass(status('2xx', '3xx', 404))],
    controls: { pass: [refuses(), refuses(421), ok], fail: [refuses(500), refuses(502)] },
  },
  {
    id: 'h1/host/last',
    title: 'Host may be the last field',
    rfc: 'RFC9110#5.3',
    level: 'MUST',
    needs: ['get'],
    why: 'The order of fields of different names means nothing.',
    send: message('GET / HTTP/1.1', ['Accept: */*', 'X-Probe: a', 'X-Other: b', 'Host: {host}']),
    allow: [pass(status(200))],
    controls: { pass: ok, fail: refuses() },
  },
]);

function refused(slug: string, title: string, send: Case['send'], why?: string): Case {
  return {
    id: `h1/host/${slug}`,
    title,
    rfc: 'RFC9112#3.2',
    level: 'MUST',
    needs: ['get'],
    tags: ['routing'],
    ...(why === undefined ? {} : { why }),
    send,
    allow: refusal({ stays: 'any' }),
    controls: { pass: [refuses(), replies(answer(400))], fail: [ok, refuses(404), refuses(500)] },
  };
}
