import { answer, chunked, defineCases, get, message, pass, type Response, replies } from '../../define.ts';
import type { Case, Citation, FieldList } from '../../model.ts';
import { lint } from './lint.ts';
import { COMMON_RULES, type CommonRule, companion, type Sample } from './rules.ts';

/** Rules for which every response is looked at that any case receives. */
interface Rule {
  /** Behind `h1/lint/`. */
  readonly slug: string;
  readonly title: string;
  readonly rfc: Citation;
  /** Which of the lint's complaints it is about; or what is wrong with a response. */
  readonly fault: RegExp | ((response: Response) => string | undefined);
  /** Responses that break it. */
  readonly bad: readonly string[];
}

const DATE = 'Date: Sun, 06 Nov 1994 08:49:37 GMT';
const ok = (...fields: readonly string[]): string => answer(200, '', [DATE, ...fields]);
const bare = (statusLine: string, ...fields: readonly string[]): string => message(statusLine, [DATE, ...fields]);

const RULES: readonly Rule[] = [
  {
    slug: 'status-line',
    title: 'Every status line has a version, a status of three digits, both spaces and no control character',
    rfc: 'RFC9112#4',
    fault: /status line|no space after the status code|RFC9112#4\)|RFC9110#15\)/,
    bad: [
      bare('HTTP/1.1 200', 'Content-Length: 0'),
      bare('HTTP/1.1 999 Odd', 'Content-Length: 0'),
      bare('HTTP/1.1 200 OK\x07', 'Content-Length: 0'),
    ],
  },
  {
    slug: 'line-ends',
    title: 'No line of a response is ended by a bare LF, and none is folded',
    rfc: 'RFC9112#2.2',
    fault: /bare LF|folded field/,
    bad: [`HTTP/1.1 200 OK\n${DATE}\nContent-Length: 0\n\n`, ok('X-Fold: a\r\n b')],
  },
  {
    slug: 'field-names',
    title: 'All field names of responses are tokens',
    rfc: 'RFC9110#5.1',
    fault: /malformed field name/,
    bad: [ok('X-Space : a'), ok('X(1): a'), ok('no colon')],
  },
  {
    slug: 'field-values',
    title: 'No field value of a response has a control character',
    rfc: 'RFC9110#5.5',
    fault: /RFC9110#5\.5\)/,
    bad: [ok('X-Control: a\x01b'), ok('X-Bare: a\rb')],
  },
  {
    slug: 'one-framing',
    title: 'No response has Content-Length beside Transfer-Encoding, or chunked twice',
    rfc: 'RFC9112#6.2',
    fault: /RFC9112#6\.2\)|chunked is applied twice/,
    bad: [
      `${bare('HTTP/1.1 200 OK', 'Transfer-Encoding: chunked', 'Content-Length: 5')}0\r\n\r\n`,
      `${bare('HTTP/1.1 200 OK', 'Transfer-Encoding: chunked, chunked')}0\r\n\r\n`,
    ],
  },
  {
    slug: 'no-coding',
    title: 'No 1xx and no 204 has a Transfer-Encoding',
    rfc: 'RFC9112#6.1',
    fault: /Transfer-Encoding in a/,
    bad: [bare('HTTP/1.1 204 No Content', 'Transfer-Encoding: chunked')],
  },
  {
    slug: 'connection-options',
    title: 'Fields about the connection are listed in Connection, and fields for all recipients are not',
    rfc: 'RFC9110#7.6.1',
    fault: /RFC9110#7\.6\.1\)/,
    bad: [ok('Keep-Alive: timeout=5'), ok('Upgrade: h2c'), ok('Connection: close, cache-control')],
  },
];

const GOOD = [
  ok('Server: control/1.0', 'ETag: "a"', 'Vary: Accept, Cookie', 'Connection: keep-alive', 'Keep-Alive: timeout=5'),
  answer(404, 'not here', [DATE, 'Content-Type: text/plain']),
  answer(500),
];

/** The rules of both versions in the octets of HTTP/1.1, and one of its own: HTTP/2 has no Upgrade. */
function spelled({ bad, ...rule }: CommonRule): Rule {
  return { ...rule, bad: bad.map(octetsOf) };
}

function octetsOf({ status, fields = [], content = '', trailers, hints, isUndated }: Sample): string {
  const lines = (list: FieldList) => list.map(([name, value]) => `${name}: ${value}`);
  const front = hints === undefined ? '' : message('HTTP/1.1 103 Early Hints', lines(hints));
  const all = [...(isUndated === true ? [] : [DATE]), ...lines(fields)];
  if (trailers !== undefined) {
    return `${front}${bare(`HTTP/1.1 ${status} OK`, ...lines(fields), 'Transfer-Encoding: chunked')}${chunked([content], lines(trailers))}`;
  }
  if (status === 204) return `${front}${message('HTTP/1.1 204 No Content', all)}`;
  return `${front}${answer(status, content, all)}`;
}

function toCase({ slug, title, rfc, fault, bad }: Rule): Case {
  const everywhere =
    typeof fault === 'function' ? fault : (response: Response) => lint(response).find((text) => fault.test(text));
  return {
    id: `h1/lint/${slug}`,
    title,
    rfc,
    level: 'MUST',
    needs: [],
    tags: ['lint'],
    why: 'Looked at are the responses to all cases of the run, and one of its own.',
    send: get('/'),
    everywhere,
    allow: [
      pass({
        status: ['2xx', '3xx', '4xx', '5xx'],
        where: {
          says: 'without this fault',
          complaint: (response) => [...response.interim, response].map(everywhere).find((one) => one !== undefined),
        },
      }),
    ],
    controls: { pass: GOOD.map((text) => replies(text)), fail: bad.map((text) => replies(text)) },
  };
}

export default defineCases(
  [...RULES, ...[...COMMON_RULES, companion(426, 'Upgrade', 'RFC9110#15.5.22')].map(spelled)].map(toCase),
);
