import { answer, defineCases, pass, refusal, refuses, replies, request, warn } from '../../define.ts';
import type { Case, Response } from '../../model.ts';

/** RFC9112#2.3: `HTTP-version = "HTTP/" DIGIT "." DIGIT`, compared with case; RFC9110#6.2: what to do about other numbers. */
const ok = replies(answer(200, 'hello'));

/** RFC9110#6.2 MUST NOT: a response in a version that is not the server's own. */
const inOwnVersion = {
  says: 'in HTTP/1.1 or HTTP/1.0',
  complaint: ({ version }: Response) => (/^1\.[01]$/.test(version) ? undefined : `the response says HTTP/${version}`),
};

export default defineCases([
  {
    id: 'h1/request-line/version-1.0',
    title: "HTTP/1.0 is understood, and answered in a version of the server's own",
    rfc: 'RFC9110#2.4',
    level: 'MUST',
    needs: ['get'],
    send: request('GET / HTTP/1.0'),
    allow: [pass({ status: [200], where: inOwnVersion })],
    controls: {
      pass: [ok, replies('HTTP/1.0 200 OK\r\n\r\nhello', 'close')],
      fail: [refuses(505), refuses(), replies('hello\n', 'close')],
    },
  },
  {
    id: 'h1/request-line/version-1.2',
    title: 'A minor version higher than any is handled like the highest known',
    rfc: 'RFC9110#6.2',
    level: 'SHOULD',
    needs: ['get'],
    send: request('GET / HTTP/1.2'),
    allow: [pass({ status: [200], where: inOwnVersion })],
    controls: {
      pass: ok,
      fail: [refuses(505), refuses(400), replies('HTTP/1.2 200 OK\r\nContent-Length: 0\r\n\r\n')],
    },
  },
  major('2.0', 'HTTP/2 has another syntax: this is no HTTP/2 message, and only the preface speaks of it.'),
  major('3.0'),
  major('0.9'),
  malformedVersion('no-minor', 'HTTP/1'),
  malformedVersion('no-minor-digit', 'HTTP/1.'),
  malformedVersion('no-major', 'HTTP/.1'),
  malformedVersion('no-numbers', 'HTTP/'),
  malformedVersion('leading-zero', 'HTTP/01.1'),
  malformedVersion('two-digit-minor', 'HTTP/1.10'),
  malformedVersion('third-number', 'HTTP/1.1.1'),
  malformedVersion('comma', 'HTTP/1,1'),
  malformedVersion('sign', 'HTTP/+1.1'),
  malformedVersion('letters-behind', 'HTTP/1.1x'),
  malformedVersion('lower-case', 'http/1.1'),
  malformedVersion('space-inside', 'HTTP/ 1.1'),
  malformedVersion('other-name', 'HTTPS/1.1'),
  malformedVersion('nul-behind', 'HTTP/1.1\0'),
]);

/** A major version that an HTTP/1 connection cannot carry. RFC9110#6.2: 505 may say so, in a version of the server's own. */
function major(version: string, why?: string): Case {
  return {
    id: `h1/request-line/version-${version}`,
    title: `HTTP/${version} in a request line is not answered in that version`,
    rfc: 'RFC9110#6.2',
    level: 'MUST',
    needs: ['get'],
    ...(why === undefined ? {} : { why }),
    send: request(`GET / HTTP/${version}`),
    allow: [
      ...refusal({ or: [426, 505], stays: 'any' }).map((outcome) =>
        typeof outcome.response === 'object'
          ? { ...outcome, response: { ...outcome.response, where: inOwnVersion } }
          : outcome,
      ),
      warn({ status: [200], where: inOwnVersion }, 'any', 'the major version says that the syntax is another'),
    ],
    controls: {
      pass: [refuses(505), refuses(), ok],
      fail: [
        replies(`HTTP/${version} 200 OK\r\nContent-Length: 0\r\n\r\n`),
        replies(`HTTP/${version} 505 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`, 'close'),
        refuses(500),
      ],
    },
  };
}

/** RFC9112#2.2 SHOULD: 400 for what the grammar has not. 505 says as well that nothing was done. */
function malformedVersion(slug: string, version: string): Case {
  return {
    id: `h1/request-line/version-${slug}`,
    title: `The version ${JSON.stringify(version)} is refused`,
    rfc: 'RFC9112#2.3',
    level: 'SHOULD',
    needs: ['get'],
    send: request(`GET / ${version}`),
    allow: refusal({ or: [505], stays: 'any' }),
    controls: { pass: [refuses(), refuses(505)], fail: [ok, refuses(500)] },
  };
}
