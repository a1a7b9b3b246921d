import { type Claim, sees } from '../../controls/sees.ts';
import {
  answer,
  defineCases,
  echo,
  echoes,
  get,
  inspected,
  message,
  pass,
  post,
  refusal,
  refuses,
  replies,
  status,
  warn,
  weak,
} from '../../define.ts';
import type { Case, Response } from '../../model.ts';
import { parseInspection } from '../../run/inspection.ts';

/** Not compared with 1.1, because a gateway tells `/inspect` of its own version. */
const plainProtocol = {
  says: 'in a version without white space',
  complaint: ({ content }: Response) => {
    const protocol = parseInspection(content)?.protocol ?? '';
    return /^HTTP\/[0-9.]+$/.test(protocol) ? undefined : `protocol was taken as ${JSON.stringify(protocol)}`;
  },
};

/** As in words.ts: what has no place in a request line was refused, and that is the MUST of it. */
const otherwiseRefused = warn(status(501, 505), 'any', 'refused, though not by the status that is asked for');

/**
 * RFC9112#3: `method SP request-target SP HTTP-version`. A recipient may split the line at any white space instead; it
 * must not find other words in it by that. RFC9112#2.2: empty lines before it are passed over, and it ends with CRLF.
 */
export default defineCases([
  {
    id: 'h1/request-line/empty-line-before',
    title: 'An empty line before the request line is ignored',
    rfc: 'RFC9112#2.2',
    level: 'SHOULD',
    needs: ['inspect'],
    send: `\r\n${get('/inspect')}`,
    allow: [pass(inspected({ method: 'GET', target: '/inspect' }))],
    controls: { pass: sees({}), fail: [refuses(), sees({ method: '\r\nGET' })] },
  },
  {
    id: 'h1/request-line/empty-line-behind-content',
    title: 'An empty line behind the content of a request is ignored',
    rfc: 'RFC9112#2.2',
    level: 'SHOULD',
    needs: ['echo'],
    why: 'Old clients sent it behind the content of a POST; it is no part of the content, which has its length.',
    send: `${post(['Content-Length: 7'], '{nonce}')}\r\n{sentinel}`,
    allow: [pass(echo(), 'open'), weak(echo(), 'closed', 'pipelined requests may be left unanswered (RFC9112#9.3.2)')],
    controls: { pass: echoes(), fail: [echoes('{nonce}\r\n'), replies(answer(200, '{nonce}') + answer(400), 'close')] },
  },
  {
    id: 'h1/request-line/lf',
    title: 'A request line ended by a bare LF is refused or understood',
    rfc: 'RFC9112#2.2',
    level: 'SHOULD',
    needs: ['inspect'],
    send: 'GET /inspect HTTP/1.1\nHost: {host}\r\nX-Probe: a\r\n\r\n',
    allow: [...refusal({ stays: 'any' }), pass(inspected({ target: '/inspect', fields: { 'x-probe': ['a'] } }))],
    controls: {
      pass: [refuses(), sees({ fields: [['X-Probe', 'a']] })],
      fail: [sees({}), sees({ target: '/inspect HTTP/1.1\nHost:', fields: [['X-Probe', 'a']] }), refuses(500)],
    },
  },
  {
    id: 'h1/request-line/cr-is-no-line-end',
    title: 'A bare CR does not end the request line',
    rfc: 'RFC9112#2.2',
    level: 'MUST',
    needs: ['get'],
    tags: ['smuggling'],
    why: 'The line is invalid, or, with the CR made a space, has more than three words.',
    send: 'GET / HTTP/1.1\rX-Probe: a\r\nHost: {host}\r\n\r\n',
    allow: [...refusal({ or: [301], stays: 'any' }), otherwiseRefused],
    controls: { pass: [refuses(), refuses(505)], fail: replies(answer(200, 'hello')) },
  },
  lenient('spaces', 'Several spaces between the words', 'GET  /inspect   HTTP/1.1', { target: ' /inspect  ' }),
  lenient('tabs', 'Tabs between the words', 'GET\t/inspect\tHTTP/1.1', { method: 'GET\t/inspect\tHTTP/1.1' }),
  lenient('vt-ff', 'A vertical tab and a form feed between the words', 'GET\x0b/inspect\x0cHTTP/1.1', {
    target: '/inspect\x0cHTTP/1.1',
  }),
  lenient('space-before', 'A space before the method', ' GET /inspect HTTP/1.1', { method: ' GET' }),
  lenient('space-behind', 'A space behind the version', 'GET /inspect HTTP/1.1 ', { protocol: 'HTTP/1.1 ' }),
  lenient('cr-before', 'A bare CR before the method', '\rGET /inspect HTTP/1.1', { method: '\rGET' }),
  lenient('cr-between', 'A bare CR between the words', 'GET /inspect\rHTTP/1.1', { target: '/inspect\rHTTP/1.1' }),
  lenient('cr-behind', 'A bare CR behind the version', 'GET /inspect HTTP/1.1\r', { protocol: 'HTTP/1.1\r' }),
]);

/** RFC9112#3 MAY: split at any white space. `wrong` is what a parser makes of it that does neither that nor refuse. */
function lenient(slug: string, what: string, line: string, wrong: Claim): Case {
  const fields = [['X-Probe', 'a']] as const;
  return {
    id: `h1/request-line/${slug}`,
    title: `${what} is refused, or is nothing but a separator`,
    rfc: slug.startsWith('cr-') ? 'RFC9112#2.2' : 'RFC9112#3',
    level: slug.startsWith('cr-') ? 'MUST' : 'SHOULD',
    needs: ['inspect'],
    tags: ['smuggling'],
    send: message(line, ['Host: {host}', 'X-Probe: a']),
    allow: [
      ...refusal({ or: [301], stays: 'any' }),
      warn(
        { ...inspected({ method: 'GET', target: '/inspect', fields: { 'x-probe': ['a'] } }), where: plainProtocol },
        'any',
        'lenient splitting is allowed, and a danger where others split otherwise (RFC9112#3)',
      ),
      otherwiseRefused,
    ],
    controls: {
      pass: [refuses(), refuses(301), refuses(501), sees({ fields })],
      fail: [sees({ ...wrong, fields }), sees({}), refuses(500)],
    },
  };
}
