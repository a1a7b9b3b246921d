import { sees } from '../../controls/sees.ts';
import {
  answer,
  defineCases,
  get,
  inspected,
  pass,
  refusal,
  refuses,
  replies,
  request,
  status,
  warn,
} from '../../define.ts';
import type { Case, ResponseMatch } from '../../model.ts';
import { parseInspection } from '../../run/inspection.ts';
import { eachOctet } from '../each-octet.ts';

/**
 * RFC9112#3.2.1: an absolute path and perhaps a query, of the characters that RFC 3986 has for them. RFC9112#3.2: a line
 * with other ones should get 400, or a redirect to the encoded target; it should not be repaired and then served.
 */
const ok = replies(answer(200, 'hello'));

/** Served, but not by `/inspect`: some servers have a page for every path. */
const elsewhere: ResponseMatch = {
  status: [200],
  where: {
    says: 'from elsewhere than /inspect',
    complaint: ({ content }) =>
      parseInspection(content) === undefined ? undefined : '/inspect was found at this path',
  },
};

/** Octets that are in no path or query; those that separate the words of a request line are other cases. */
const FORBIDDEN = '"<>\\^`{|}\x00\x01\x1f\x7f\x80\xff';

export default defineCases([
  {
    id: 'h1/target/query-kept',
    title: 'Path and query arrive as they were sent',
    rfc: 'RFC9112#3.2.1',
    level: 'MUST',
    needs: ['inspect'],
    send: get("/inspect?a=1&b=/c?d&e=!$'()*+,;:@-._~"),
    allow: [pass(inspected({ target: "/inspect?a=1&b=/c?d&e=!$'()*+,;:@-._~" }))],
    controls: {
      pass: sees({ target: "/inspect?a=1&b=/c?d&e=!$'()*+,;:@-._~" }),
      fail: [
        sees({}),
        sees({ target: '/inspect?a=1&b=/c' }),
        sees({ target: "/inspect?a=1&b=/c?d&e=!$'()* ,;:@-._~" }),
        refuses(),
      ],
    },
  },
  {
    id: 'h1/target/percent-kept',
    title: 'Percent-encoded octets are not decoded where that changes what they mean',
    rfc: 'RFC9110#4.2.3',
    level: 'MUST',
    needs: ['inspect'],
    why: 'The encoded forms of reserved characters, of controls and of the percent sign itself are other data than the bare ones.',
    send: get('/inspect?a=%26%3D%23&b=%2500&c=%0D%0A%00'),
    allow: [
      pass(inspected({ target: '/inspect?a=%26%3D%23&b=%2500&c=%0D%0A%00' })),
      pass(inspected({ target: '/inspect?a=%26%3d%23&b=%2500&c=%0d%0a%00' }), 'any', 'digits in lower case'),
      warn(status(400), 'any', 'refused for the octets that are encoded'),
    ],
    controls: {
      pass: [sees({ target: '/inspect?a=%26%3D%23&b=%2500&c=%0D%0A%00' }), refuses()],
      fail: [
        sees({ target: '/inspect?a=&=#&b=%00&c=\r\n\0' }),
        sees({ target: '/inspect?a=%26%3D%23&b=%00&c=%0D%0A%00' }),
        sees({ target: '/inspect?a=%26%3D%23&b=%2500&c=' }),
      ],
    },
  },
  {
    id: 'h1/target/two-slashes',
    title: 'A path that begins with two slashes is a path, not an authority',
    rfc: 'RFC9112#3.2.1',
    level: 'MUST',
    needs: ['inspect'],
    tags: ['routing'],
    why: 'The absolute-path rule of HTTP allows an empty first segment (RFC9110#4.1); a URL library reads a host there.',
    send: get('//other.example/inspect'),
    allow: [pass(status('3xx', 404)), pass(elsewhere), warn(status(400), 'any', 'the grammar has such a path')],
    controls: {
      pass: [refuses(404), refuses(301), refuses(), ok],
      fail: [sees({}), sees({ target: '//other.example/inspect' }), refuses(500)],
    },
  },
  invalid('percent-cut-short', 'Half a percent-encoded octet in a path', '/%4'),
  invalid('percent-alone', 'A percent sign alone in a path', '/%'),
  invalid('percent-no-hex', 'A percent sign before no hex digits', '/%zz'),
  invalid('percent-in-query', 'A percent sign before no hex digits in a query', '/?a=%zz'),
  invalid('space', 'A space in the path', '/a b'),
  invalid('space-in-query', 'A space in the query', '/?a b'),
  invalid('tab', 'A tab in the path', '/a\tb'),
  invalid('no-slash', 'A path without its first slash', 'index'),
  invalid('only-query', 'A query without path', '?a'),
  {
    id: 'h1/target/fragment',
    title: 'A target with a fragment is refused or redirected, not cut and served',
    rfc: 'RFC9112#3.2',
    level: 'SHOULD',
    needs: ['get'],
    why: 'Fragments are for clients alone and no form of the target has one.',
    send: get('/#fragment'),
    allow: refusal({ or: ['3xx'], stays: 'any' }),
    controls: { pass: [refuses(), refuses(301)], fail: ok },
  },
  {
    id: 'h1/target/backslashes-repaired',
    title: 'Backslashes in a path are not turned into slashes and the path then served',
    rfc: 'RFC9112#3.2',
    level: 'SHOULD',
    needs: ['inspect'],
    tags: ['routing'],
    why: 'A filter in front of the server has seen another path. The backslash is in no path, so 400 is what should be said.',
    send: get('/x\\..\\inspect'),
    allow: [...refusal({ or: ['3xx'], stays: 'any' }), warn(status(404), 'any', 'looked up as it is'), warn(elsewhere)],
    controls: { pass: [refuses(), refuses(404), ok], fail: [sees({}), sees({ target: '/x\\..\\inspect' })] },
  },
  ...eachOctet(FORBIDDEN, ({ char, hex, label }) => ({
    ...invalid(`octet-${hex}`, `The octet ${label} in a query`, `/?a${char}b`),
    tags: ['sweep'],
  })),
]);

/** `GET /` with a query is served everywhere, so 200 means that the octets were let through. */
function invalid(slug: string, what: string, target: string): Case {
  return {
    id: `h1/target/${slug}`,
    title: `${what} is refused or redirected`,
    rfc: 'RFC9112#3.2',
    level: 'SHOULD',
    needs: ['get'],
    send: request(`GET ${target} HTTP/1.1`),
    allow: [
      ...refusal({ or: [301, 308], stays: 'any' }),
      warn(status(501, 505), 'any', 'refused, though not by the status that is asked for'),
    ],
    controls: { pass: [refuses(), refuses(301), refuses(505)], fail: [ok, refuses(404), refuses(500)] },
  };
}
