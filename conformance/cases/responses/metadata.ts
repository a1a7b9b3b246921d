import {
  answer,
  type Case,
  defineCases,
  get,
  pass,
  type Response,
  refuses,
  replies,
  request,
  warn,
  weak,
} from '../../define.ts';
import { fieldValues } from '../../wire/response-reader.ts';

/** What a response SHOULD say besides its content: why it is an error, when the file was changed, how it is cached. */
const ERRORS: readonly (Pick<Case, 'rfc' | 'title'> & { readonly slug: string; readonly send: string })[] = [
  {
    slug: 'error-explained',
    title: 'The answer for a missing resource has content that says what is wrong',
    rfc: 'RFC9110#15.5',
    send: get('/no-such-{nonce}'),
  },
  {
    slug: 'error-explained-method',
    title: 'The answer to an unknown method has content that says what is wrong',
    rfc: 'RFC9110#15.6',
    send: request('AERONET / HTTP/1.1'),
  },
  {
    slug: 'error-explained-version',
    title: 'A 505 has content that says which versions are supported',
    rfc: 'RFC9110#15.6.6',
    send: request('GET / HTTP/2.0'),
  },
];

const explained = {
  says: 'with content',
  complaint: ({ content }: Response) => (content.length > 0 ? undefined : 'there is no content'),
};

const explanations: readonly Case[] = ERRORS.map(({ slug, title, rfc, send }) => ({
  id: `h1/responses/${slug}`,
  title,
  rfc,
  level: 'SHOULD',
  needs: ['get'],
  why: 'A status code is three digits; a person wants to know more.',
  send,
  allow: [
    pass({ status: ['4xx', '5xx'], where: explained }),
    pass({ status: ['2xx', '3xx'] }, 'any', 'no error'),
    warn({ status: ['4xx', '5xx'], content: '' }, 'any', 'an error without a word'),
    weak('none', 'closed'),
  ],
  controls: {
    pass: [replies(answer(404, 'not here')), replies(answer(404)), refuses(505), replies(answer(200, 'hello'))],
    fail: [
      replies('HTTP/1.1 404 Not Found\r\nContent-Length: 5\r\n\r\n', 'close'),
      replies('HTTP/1.1 404 Not Found\r\nContent-Length: 5\r\n\r\nnot', 'close'),
    ],
  },
}));

const cacheable = {
  says: 'with Cache-Control, if any, as it is to be sent',
  complaint: ({ fields }: Response) => {
    const directives = fieldValues(fields, 'cache-control').join(', ');
    // RFC9111#5.2.2.4 SHOULD NOT, RFC9111#5.2.2.7 SHOULD NOT: the token form
    if (/(?:^|,)[ \t]*(?:no-cache|private)=(?!")/i.test(directives)) return `field names without quotes: ${directives}`;
    // RFC9111#5.2.2.3 SHOULD: whoever does not know must-understand has to find no-store
    if (!/\bmust-understand\b/i.test(directives) || /\bno-store\b/i.test(directives)) return undefined;
    return 'must-understand without no-store';
  },
};

export default defineCases([
  ...explanations,
  {
    id: 'h1/responses/file-validators',
    title: 'A static file comes with an entity tag and a date',
    rfc: 'RFC9110#15.3.1',
    level: 'SHOULD',
    needs: ['file'],
    why: 'Both are preferred (RFC9110#8.8.2.1, RFC9110#8.8.3.1); one of them will do for validation.',
    send: get('/file.bin'),
    allow: [
      pass({ status: [200], fields: { etag: true, 'last-modified': true } }),
      warn({ status: [200], fields: { etag: true } }, 'any', 'a tag alone'),
      warn({ status: [200], fields: { 'last-modified': true } }, 'any', 'a date alone'),
    ],
    controls: {
      pass: [
        replies(answer(200, 'hello', ['ETag: "a"', 'Last-Modified: Sun, 06 Nov 1994 08:49:37 GMT'])),
        replies(answer(200, 'hello', ['ETag: "a"'])),
        replies(answer(200, 'hello', ['Last-Modified: Sun, 06 Nov 1994 08:49:37 GMT'])),
      ],
      fail: [replies(answer(200, 'hello')), refuses(404)],
    },
  },
  {
    id: 'h1/responses/cache-control-form',
    title:
      'Cache-Control of a static file, where there is one, has its directives in the form in which they are to be sent',
    rfc: 'RFC9111#5.2.2.7',
    level: 'SHOULD',
    needs: ['file'],
    send: get('/file.bin'),
    allow: [pass({ status: [200], where: cacheable })],
    controls: {
      pass: [
        replies(answer(200, 'hello')),
        replies(answer(200, 'hello', ['Cache-Control: private, no-cache="set-cookie", max-age=5'])),
        replies(answer(200, 'hello', ['Cache-Control: must-understand, no-store'])),
      ],
      fail: [
        replies(answer(200, 'hello', ['Cache-Control: private=set-cookie'])),
        replies(answer(200, 'hello', ['Cache-Control: max-age=5, no-cache=set-cookie'])),
        replies(answer(200, 'hello', ['Cache-Control: must-understand'])),
      ],
    },
  },
]);
