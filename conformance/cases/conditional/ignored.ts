import {
  answer,
  type Case,
  defineCases,
  echo,
  echoes,
  get,
  type Outcome,
  pass,
  post,
  refuses,
  replies,
  request,
  response,
  status,
} from '../../define.ts';
import { onlyOne } from '../connection/matches.ts';
import { OLD, OTHER } from './expected.ts';

/** Preconditions where there is nothing that they could be about: other methods, and resources without a date. */
const NOW = new Date().toUTCString();
const DATED = 'Last-Modified: Sun, 06 Nov 1994 08:49:37 GMT';
const BARE_304 = 'HTTP/1.1 304 Not Modified\r\n\r\n';

interface Undated {
  readonly slug: string;
  readonly title: string;
  readonly rfc: Case['rfc'];
  readonly field: string;
  /** The answer of a target that has a date to compare with. */
  readonly code: 304 | 412;
}

const UNDATED: readonly Undated[] = [
  {
    slug: 'if-modified-since-undated',
    title: 'If-Modified-Since is ignored where the resource has no date',
    rfc: 'RFC9110#13.1.3',
    field: `If-Modified-Since: ${NOW}`,
    code: 304,
  },
  {
    slug: 'if-unmodified-since-undated',
    title: 'If-Unmodified-Since is ignored where the resource has no date',
    rfc: 'RFC9110#13.1.4',
    field: `If-Unmodified-Since: ${OLD}`,
    code: 412,
  },
];

const dated = (code: number): Outcome =>
  pass([{ status: [200], fields: { 'last-modified': true } }, status(code)], 'any', 'there is a date to compare with');

export default defineCases([
  ...UNDATED.map(({ slug, title, rfc, field, code }): Case => {
    const refusal = code === 304 ? BARE_304 : answer(code);
    return {
      id: `h1/conditional/${slug}`,
      title,
      rfc,
      level: 'MUST',
      needs: ['get'],
      methods: ['GET', 'GET'],
      send: [get('/'), response, get('/', [field])],
      allow: [pass([status(200), status(200)]), dated(code), ...onlyOne],
      controls: {
        pass: [
          replies([answer(200, 'hello'), answer(200, 'hello')]),
          replies([answer(200, 'hello', [DATED]), answer(200, 'hello', [DATED])]),
          replies([answer(200, 'hello', [DATED]), refusal]),
        ],
        fail: [
          replies([answer(200, 'hello'), refusal]),
          replies([answer(200, 'hello', ['ETag: "a"']), refusal]),
          replies([answer(200, 'hello', [DATED]), answer(400)]),
        ],
      },
    };
  }),
  {
    id: 'h1/conditional/if-modified-since-post',
    title: 'If-Modified-Since on a POST is ignored',
    rfc: 'RFC9110#13.1.3',
    level: 'MUST',
    needs: ['echo'],
    send: post(['Content-Length: 7', `If-Modified-Since: ${NOW}`], '{nonce}'),
    allow: [pass(echo())],
    controls: { pass: echoes(), fail: [replies(BARE_304), refuses(412), refuses()] },
  },
  {
    id: 'h1/conditional/if-range-post',
    title: 'If-Range on a POST, whose answer is not had in ranges, is ignored',
    rfc: 'RFC9110#13.1.5',
    level: 'MUST',
    needs: ['echo'],
    send: post(['Content-Length: 7', 'Range: bytes=0-1', `If-Range: ${OTHER}`], '{nonce}'),
    allow: [pass(echo())],
    controls: {
      pass: echoes(),
      fail: [refuses(412), refuses(), replies(answer(206, '{nonce}'.slice(0, 2), ['Content-Range: bytes 0-1/7']))],
    },
  },
  {
    id: 'h1/conditional/options-if-match',
    title: 'If-Match on OPTIONS, which selects no representation, is ignored',
    rfc: 'RFC9110#13.2.1',
    level: 'MUST',
    needs: ['get'],
    send: request('OPTIONS / HTTP/1.1', [`If-Match: ${OTHER}`]),
    allow: [pass(status('2xx', '3xx', '5xx', 400, 401, 403, 404, 405))],
    controls: {
      pass: [replies(answer(200)), replies('HTTP/1.1 204 No Content\r\n\r\n'), refuses(405), refuses(501)],
      fail: [refuses(412), replies(answer(412))],
    },
  },
]);
