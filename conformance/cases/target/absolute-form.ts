import { sees } from '../../controls/sees.ts';
import {
  answer,
  defineCases,
  inspected,
  message,
  pass,
  refusal,
  refuses,
  replies,
  request,
  status,
  warn,
} from '../../define.ts';
import type { ResponseMatch } from '../../model.ts';
import { parseInspection } from '../../run/inspection.ts';

/** RFC9112#3.2.2: a whole URI as target, which every server takes; its authority counts, and Host does not. */
const ok = replies(answer(200, 'hello'));

/** The target was accepted, as RFC9112#3.2.2 asks, and the client led to its normal form. */
const redirected = warn(status('3xx'), 'any', 'redirected to what is the same resource');

/** What a gateway makes of it that tells its own backend's name. */
const notByHost: ResponseMatch = {
  status: [200],
  where: {
    says: 'with no trace of the Host that was sent',
    complaint: ({ content }) => {
      const seen = parseInspection(content);
      if (seen === undefined) return '/inspect did not answer with its JSON';
      return JSON.stringify([seen.authority, seen.fields]).includes('other.example') ? 'Host was believed' : undefined;
    },
  },
};

export default defineCases([
  {
    id: 'h1/target/absolute-form',
    title: 'A target in absolute-form is accepted',
    rfc: 'RFC9112#3.2.2',
    level: 'MUST',
    needs: ['get'],
    send: request('GET {scheme}://{host}/ HTTP/1.1'),
    allow: [pass(status(200))],
    controls: { pass: ok, fail: [refuses(), refuses(404)] },
  },
  {
    id: 'h1/target/absolute-form-path',
    title: 'The path and query of an absolute-form target are what is asked for',
    rfc: 'RFC9112#3.3',
    level: 'MUST',
    needs: ['inspect'],
    send: request('GET {scheme}://{host}/inspect?a=b HTTP/1.1'),
    allow: [
      pass(inspected({ target: '{scheme}://{host}/inspect?a=b' }), 'any', 'shown as it was received'),
      pass(inspected({ target: '/inspect?a=b' }), 'any', 'shown without its authority'),
    ],
    controls: { pass: sees({ target: '/inspect?a=b' }), fail: [refuses(404), sees({}), refuses()] },
  },
  {
    id: 'h1/target/absolute-form-no-path',
    title: 'An absolute-form target without path asks for the root',
    rfc: 'RFC9110#4.2.3',
    level: 'MUST',
    needs: ['get'],
    send: request('GET {scheme}://{host} HTTP/1.1'),
    allow: [pass(status(200)), redirected],
    controls: { pass: [ok, refuses(308)], fail: [refuses(), refuses(404), refuses(500)] },
  },
  {
    id: 'h1/target/absolute-form-only-query',
    title: 'An absolute-form target with a query and no path asks for the root',
    rfc: 'RFC9110#4.2.3',
    level: 'MUST',
    needs: ['get'],
    send: request('GET {scheme}://{host}?a=b HTTP/1.1'),
    allow: [pass(status(200)), redirected],
    controls: { pass: [ok, refuses(308)], fail: [refuses(), refuses(404), refuses(500)] },
  },
  {
    id: 'h1/target/absolute-form-scheme-case',
    title: 'The scheme of an absolute-form target is compared without case',
    rfc: 'RFC9110#4.2.3',
    level: 'MUST',
    needs: ['get', 'cleartext'],
    send: request('GET HtTp://{host}/ HTTP/1.1'),
    allow: [pass(status(200))],
    controls: { pass: ok, fail: [refuses(), refuses(404)] },
  },
  {
    id: 'h1/target/absolute-form-over-host',
    title: 'The authority of an absolute-form target counts, and a Host that differs is ignored',
    rfc: 'RFC9112#3.2.2',
    level: 'MUST',
    needs: ['inspect'],
    tags: ['routing', 'smuggling'],
    why: 'Judged by the authority that /inspect tells, or by the Host that it was replaced with. A server that hands its application target and Host as they came leaves it to find out which of them counts.',
    send: message('GET {scheme}://{host}/inspect HTTP/1.1', ['Host: other.example']),
    allow: [
      pass(inspected({ authority: '{host}' })),
      pass(inspected({ fields: { host: ['{host}'] } }), 'any', 'Host was replaced'),
      warn(
        inspected({ target: '{scheme}://{host}/inspect' }),
        'any',
        'the application sees both and has to know which counts',
      ),
      warn(notByHost, 'any', 'Host was replaced by another one, which proves nothing'),
      warn(status(400, 421), 'any', 'refused as deceptive (RFC9110#15.5.1), though Host is to be ignored'),
    ],
    controls: {
      pass: [
        claims('{"authority":"{host}","target":"/inspect","fields":[["Host","other.example"]]'),
        claims('{"target":"/inspect","fields":[["Host","{host}"]]'),
        claims('{"target":"http://{host}/inspect","fields":[["Host","other.example"]]'),
        claims('{"target":"/inspect","fields":[["Host","backend.example"]]'),
        refuses(),
      ],
      fail: [
        sees({ fields: [['Host', 'other.example']] }),
        sees({ authority: 'other.example', fields: [['Host', 'other.example']] }),
        refuses(404),
        refuses(500),
      ],
    },
  },
  {
    id: 'h1/target/absolute-form-https-in-clear',
    title: 'A target of the https scheme is rejected on a connection without TLS',
    rfc: 'RFC9110#7.4',
    level: 'MUST',
    needs: ['get', 'cleartext'],
    tags: ['routing'],
    why: 'Unless the connection comes from a gateway that is trusted, which a server has to be told.',
    send: request('GET https://{host}/ HTTP/1.1'),
    allow: [
      ...refusal({ or: ['4xx'], stays: 'any' }),
      warn(status('3xx', '5xx'), 'any', 'not served, though the request was the fault'),
    ],
    controls: { pass: [refuses(421), refuses(), refuses(404), refuses(502)], fail: ok },
  },
  {
    id: 'h1/target/absolute-form-userinfo',
    title: 'An absolute-form target with user information is refused',
    rfc: 'RFC9110#4.2.4',
    level: 'SHOULD',
    needs: ['get'],
    tags: ['routing'],
    send: request('GET {scheme}://user:password@{host}/ HTTP/1.1'),
    allow: refusal({ or: ['4xx'], stays: 'any' }),
    controls: { pass: [refuses(), refuses(421)], fail: ok },
  },
  {
    id: 'h1/target/absolute-form-no-host',
    title: 'An http target with an empty host is rejected',
    rfc: 'RFC9110#4.2.1',
    level: 'MUST',
    needs: ['get'],
    tags: ['routing'],
    why: 'Host names a served authority, and is not to be used for it.',
    send: request('GET {scheme}:/// HTTP/1.1'),
    allow: refusal({ or: ['4xx'], stays: 'any' }),
    controls: { pass: [refuses(), refuses(404)], fail: [ok, refuses(500)] },
  },
  {
    id: 'h1/target/absolute-form-no-authority',
    title: 'An http target without an authority is rejected',
    rfc: 'RFC9112#3',
    level: 'SHOULD',
    needs: ['get'],
    tags: ['routing'],
    why: 'It is a URI by its form, and no http URI (RFC9110#4.2.1): the request line is invalid.',
    send: request('GET {scheme}:/ HTTP/1.1'),
    allow: refusal({ or: ['3xx', '4xx'], stays: 'any' }),
    controls: { pass: [refuses(), refuses(301), refuses(404)], fail: [ok, refuses(500)] },
  },
  {
    id: 'h1/target/absolute-form-fragment',
    title: 'An absolute-form target with a fragment is refused or redirected',
    rfc: 'RFC9112#3.2',
    level: 'SHOULD',
    needs: ['get'],
    send: request('GET {scheme}://{host}/#fragment HTTP/1.1'),
    allow: refusal({ or: ['3xx'], stays: 'any' }),
    controls: { pass: [refuses(), refuses(301)], fail: ok },
  },
]);

/** A canned `/inspect` whose text has placeholders of unknown length: its content ends with the connection. */
function claims(opening: string) {
  const json = `${opening},"method":"GET","protocol":"HTTP/1.1","content":""}`;
  return replies(`HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n${json}`, 'close');
}
