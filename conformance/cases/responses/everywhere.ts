import { answer, defineCases, get, message, pass, type Response, replies } from '../../define.ts';
import type { Case, Citation } from '../../model.ts';
import { fieldValues } from '../../wire/response-reader.ts';
import { lint } from './lint.ts';

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
    slug: 'field-forms',
    title: 'Fields of responses keep to their grammar',
    rfc: 'RFC9110#2.2',
    fault: / is "/,
    bad: [
      ok('ETag: abc'),
      ok('Content-Type: text'),
      ok('Vary: Accept,, Cookie'),
      ok('Last-Modified: now'),
      ok('Cache-Control: max-age="5"'),
    ],
  },
  {
    slug: 'fields-once',
    title: 'Fields that are no lists stand once in a response',
    rfc: 'RFC9110#5.3',
    fault: /RFC9110#5\.3\)|differing Content-Length/,
    bad: [ok('Content-Type: text/plain', 'Content-Type: text/html'), ok('Content-Length: 0')],
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
    slug: 'no-length',
    title: 'No 1xx and no 204 has a Content-Length',
    rfc: 'RFC9110#8.6',
    fault: /RFC9110#8\.6\)$/,
    bad: [
      bare('HTTP/1.1 204 No Content', 'Content-Length: 0'),
      `HTTP/1.1 103 Early Hints\r\nContent-Length: 0\r\n\r\n${ok()}`,
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
    slug: 'no-content-of-205',
    title: 'No 205 has content',
    rfc: 'RFC9110#15.3.6',
    fault: /RFC9110#15\.3\.6\)/,
    bad: [answer(205, 'hello', [DATE])],
  },
  {
    slug: 'modified-before-date',
    title: 'No Last-Modified is later than the Date beside it',
    rfc: 'RFC9110#8.8.2.1',
    fault: /RFC9110#8\.8\.2\.1\)/,
    bad: [ok('Last-Modified: Mon, 07 Nov 1994 08:49:37 GMT')],
  },
  {
    slug: 'connection-options',
    title: 'Fields about the connection are listed in Connection, and fields for all recipients are not',
    rfc: 'RFC9110#7.6.1',
    fault: /RFC9110#7\.6\.1\)/,
    bad: [ok('Keep-Alive: timeout=5'), ok('Upgrade: h2c'), ok('Connection: close, cache-control')],
  },
  {
    slug: 'uris',
    title: 'No URI in a response has userinfo or an empty host',
    rfc: 'RFC9110#4.2.4',
    fault: /RFC9110#4\.2\.[14]\)/,
    bad: [ok('Location: http://user@other.example/'), ok('Content-Location: http:///none')],
  },
  {
    slug: 'trailers',
    title: 'No trailer is a field that has to come in front of the content',
    rfc: 'RFC9110#6.5.1',
    fault: /RFC9110#6\.5\.1\)/,
    bad: [`${bare('HTTP/1.1 200 OK', 'Transfer-Encoding: chunked')}0\r\nContent-Type: text/plain\r\n\r\n`],
  },
  {
    slug: 'date',
    title: 'Every 2xx, 3xx and 4xx has a Date',
    rfc: 'RFC9110#6.6.1',
    fault: ({ status, fields }) =>
      status >= 200 && status < 500 && fieldValues(fields, 'date').length === 0
        ? `a ${status} without Date`
        : undefined,
    bad: [answer(200), answer(304), answer(404)],
  },
  companion(401, 'WWW-Authenticate', 'RFC9110#15.5.2'),
  companion(405, 'Allow', 'RFC9110#15.5.6'),
  companion(426, 'Upgrade', 'RFC9110#15.5.22'),
  {
    slug: 'content-range-of-206',
    title: 'Every 206 says in Content-Range which octets it has, or has several parts that do',
    rfc: 'RFC9110#15.3.7.1',
    fault: ({ status, fields }) => {
      const isMultipart = /^multipart\/byteranges\b/i.test(fieldValues(fields, 'content-type')[0] ?? '');
      if (status !== 206 || isMultipart || fieldValues(fields, 'content-range').length > 0) return undefined;
      return 'a 206 of one part without Content-Range';
    },
    bad: [answer(206, 'hello', [DATE])],
  },
];

const GOOD = [
  ok('Server: control/1.0', 'ETag: "a"', 'Vary: Accept, Cookie', 'Connection: keep-alive', 'Keep-Alive: timeout=5'),
  answer(404, 'not here', [DATE, 'Content-Type: text/plain']),
  answer(500),
];

/** A status that means nothing without a field. */
function companion(code: number, field: string, rfc: Citation): Rule {
  return {
    slug: `${field.toLowerCase()}-of-${code}`,
    title: `Every ${code} has ${field}`,
    rfc,
    fault: ({ status, fields }) =>
      status === code && fieldValues(fields, field.toLowerCase()).length === 0
        ? `a ${code} without ${field}`
        : undefined,
    bad: [answer(code, '', [DATE])],
  };
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

export default defineCases(RULES.map(toCase));
