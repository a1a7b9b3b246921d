import type { Citation, FieldList, Response } from '../../model.ts';
import { fieldValues } from '../../wire/response-reader.ts';

/** A response as a rule is shown it: status, fields behind Date, and what else there is. */
export interface Sample {
  readonly status: number;
  readonly fields?: FieldList;
  readonly content?: string;
  readonly trailers?: FieldList;
  /** A 103 with these fields comes in front of it. */
  readonly hints?: FieldList;
  /** Without Date. */
  readonly isUndated?: true;
}

/** What no response may have wrong in either version; over HTTP/1.1 it is `h1/lint/<slug>`, over HTTP/2 `h2/lint/<slug>`. */
export interface CommonRule {
  readonly slug: string;
  readonly title: string;
  readonly rfc: Citation;
  /** Which of the lint's complaints it is about; or what is wrong with a response. */
  readonly fault: RegExp | ((response: Response) => string | undefined);
  /** Responses that break it. */
  readonly bad: readonly Sample[];
}

const ok = (...fields: FieldList): Sample => ({ status: 200, fields });

export const COMMON_RULES: readonly CommonRule[] = [
  {
    slug: 'field-forms',
    title: 'Fields of responses keep to their grammar',
    rfc: 'RFC9110#2.2',
    fault: / is "/,
    bad: [
      ok(['ETag', 'abc']),
      ok(['Content-Type', 'text']),
      ok(['Vary', 'Accept,, Cookie']),
      ok(['Last-Modified', 'now']),
      ok(['Cache-Control', 'max-age="5"']),
    ],
  },
  {
    slug: 'fields-once',
    title: 'Fields that are no lists stand once in a response',
    rfc: 'RFC9110#5.3',
    fault: /RFC9110#5\.3\)|differing Content-Length/,
    bad: [ok(['Content-Type', 'text/plain'], ['Content-Type', 'text/html']), ok(['ETag', '"a"'], ['ETag', '"b"'])],
  },
  {
    slug: 'no-length',
    title: 'No 1xx and no 204 has a Content-Length',
    rfc: 'RFC9110#8.6',
    fault: /RFC9110#8\.6\)$/,
    bad: [
      { status: 204, fields: [['Content-Length', '0']] },
      { status: 200, hints: [['Content-Length', '0']] },
    ],
  },
  {
    slug: 'no-content-of-205',
    title: 'No 205 has content',
    rfc: 'RFC9110#15.3.6',
    fault: /RFC9110#15\.3\.6\)/,
    bad: [{ status: 205, content: 'hello' }],
  },
  {
    slug: 'modified-before-date',
    title: 'No Last-Modified is later than the Date beside it',
    rfc: 'RFC9110#8.8.2.1',
    fault: /RFC9110#8\.8\.2\.1\)/,
    bad: [ok(['Last-Modified', 'Mon, 07 Nov 1994 08:49:37 GMT'])],
  },
  {
    slug: 'uris',
    title: 'No URI in a response has userinfo or an empty host',
    rfc: 'RFC9110#4.2.4',
    fault: /RFC9110#4\.2\.[14]\)/,
    bad: [ok(['Location', 'http://user@other.example/']), ok(['Content-Location', 'http:///none'])],
  },
  {
    slug: 'trailers',
    title: 'No trailer is a field that has to come in front of the content',
    rfc: 'RFC9110#6.5.1',
    fault: /RFC9110#6\.5\.1\)/,
    bad: [{ status: 200, content: 'hello', trailers: [['Content-Type', 'text/plain']] }],
  },
  {
    slug: 'date',
    title: 'Every 2xx, 3xx and 4xx has a Date',
    rfc: 'RFC9110#6.6.1',
    fault: ({ status, fields }) =>
      status >= 200 && status < 500 && fieldValues(fields, 'date').length === 0
        ? `a ${status} without Date`
        : undefined,
    bad: [200, 304, 404].map((status) => ({ status, isUndated: true })),
  },
  companion(401, 'WWW-Authenticate', 'RFC9110#15.5.2'),
  companion(405, 'Allow', 'RFC9110#15.5.6'),
  {
    slug: 'content-range-of-206',
    title: 'Every 206 says in Content-Range which octets it has, or has several parts that do',
    rfc: 'RFC9110#15.3.7.1',
    fault: ({ status, fields }) => {
      const isMultipart = /^multipart\/byteranges\b/i.test(fieldValues(fields, 'content-type')[0] ?? '');
      if (status !== 206 || isMultipart || fieldValues(fields, 'content-range').length > 0) return undefined;
      return 'a 206 of one part without Content-Range';
    },
    bad: [{ status: 206, content: 'hello' }],
  },
];

/** A status that means nothing without a field. */
export function companion(code: number, field: string, rfc: Citation): CommonRule {
  return {
    slug: `${field.toLowerCase()}-of-${code}`,
    title: `Every ${code} has ${field}`,
    rfc,
    fault: ({ status, fields }) =>
      status === code && fieldValues(fields, field.toLowerCase()).length === 0
        ? `a ${code} without ${field}`
        : undefined,
    bad: [{ status: code }],
  };
}
