import { answer, defineCases, pass, refusal, refuses, replies, request, status, warn, weak } from '../../define.ts';
import type { Case } from '../../model.ts';

/** RFC9112#3.2.3 and RFC9112#3.2.4: authority-form for CONNECT alone, asterisk-form for OPTIONS alone. */
const ok = replies(answer(200, 'hello'));
const opensTunnel = replies('HTTP/1.1 200 OK\r\n\r\n');

export default defineCases([
  {
    id: 'h1/target/asterisk-get',
    title: 'GET * is refused',
    rfc: 'RFC9112#3.2.4',
    level: 'SHOULD',
    needs: ['get'],
    send: request('GET * HTTP/1.1'),
    allow: [
      ...refusal({ or: [301], stays: 'any' }),
      warn(status(404, 405, 501), 'any', 'taken as the name of a resource'),
    ],
    controls: { pass: [refuses(), refuses(404)], fail: [ok, refuses(500)] },
  },
  {
    id: 'h1/target/asterisk-and-more',
    title: 'An asterisk with a path behind it is no target',
    rfc: 'RFC9112#3.2',
    level: 'SHOULD',
    needs: ['get'],
    send: request('OPTIONS */ HTTP/1.1'),
    allow: [
      ...refusal({ or: [301], stays: 'any' }),
      warn(status(404, 405, 501), 'any', 'taken as the name of a resource'),
    ],
    controls: { pass: [refuses(), refuses(501)], fail: [ok, refuses(500)] },
  },
  {
    id: 'h1/target/authority-get',
    title: 'GET with host and port as its target is refused',
    rfc: 'RFC9112#3.2.3',
    level: 'SHOULD',
    needs: ['get'],
    why: 'A number, because a name before the colon would make it a URI of an odd scheme.',
    send: request('GET 127.0.0.1:80 HTTP/1.1'),
    allow: [...refusal({ or: [301], stays: 'any' }), warn(status(404), 'any', 'taken as the name of a resource')],
    controls: { pass: [refuses(), refuses(404)], fail: [ok, refuses(500)] },
  },
  connect('no-port', 'CONNECT without a port is rejected', 'other.example'),
  connect('port-letters', 'CONNECT with a port of letters is rejected', 'other.example:http'),
  connect('path', 'CONNECT with a path as its target is rejected', '/'),
  connect('uri', 'CONNECT with a URI as its target is rejected', 'http://other.example:80/'),
]);

/** RFC9110#9.3.6 MUST: rejected, typically with 400. A server that does not implement CONNECT rejects it anyhow. */
function connect(slug: string, title: string, target: string): Case {
  return {
    id: `h1/target/connect-${slug}`,
    title,
    rfc: slug.includes('port') ? 'RFC9110#9.3.6' : 'RFC9112#3.2.3',
    level: 'MUST',
    needs: ['get'],
    tags: ['routing'],
    send: request(`CONNECT ${target} HTTP/1.1`),
    allow: [
      pass(status('4xx', 501)),
      warn(status('3xx', '5xx'), 'any', 'no tunnel, though the fault is in the request'),
      weak('none', 'closed', 'a server may close at any time (RFC9112#9.5)'),
    ],
    controls: { pass: [refuses(), replies(answer(405)), refuses(501), refuses(502)], fail: [opensTunnel, ok] },
  };
}
