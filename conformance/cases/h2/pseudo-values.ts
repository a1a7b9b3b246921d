import {
  altered,
  answered,
  answersWith,
  defineH2Cases,
  headers,
  malformed,
  orWarns,
  refusesRequest,
  request,
  resetsStream,
  responds,
  status,
  understands,
  warned,
} from '../../h2/define.ts';
import type { StatusPattern } from '../../model.ts';

/** RFC9113#8.3.1: what :method, :scheme and :path may say. */
interface Wrong {
  readonly slug: string;
  /** Completes "A request …". */
  readonly says: string;
  readonly value: string;
  readonly method?: string;
  readonly tags?: readonly string[];
}

const SMUGGLING = ['smuggling'];
/** No method, no resource: how a server refuses that takes the value for a name it does not know. */
const UNKNOWN_METHOD: readonly StatusPattern[] = [405, 501];
const UNKNOWN_RESOURCE: readonly StatusPattern[] = ['3xx', 403, 404, 405, 501];

const METHODS: readonly Wrong[] = [
  { slug: 'method-empty', says: 'whose :method is empty', value: '' },
  { slug: 'method-space', says: 'with a space in its :method', value: 'GE T' },
  { slug: 'method-tab', says: 'with a tab in its :method', value: 'GE\tT' },
  { slug: 'method-delimiter', says: 'with a delimiter in its :method', value: 'GET,POST' },
  { slug: 'method-non-ascii', says: 'with an octet above 0x7f in its :method', value: 'GET\xe9' },
  { slug: 'method-request-line', says: 'whose :method is a request line', value: 'GET / HTTP/1.1', tags: SMUGGLING },
  { slug: 'method-crlf', says: 'with CR LF in its :method', value: 'GET\r\nX-Injected: 1', tags: SMUGGLING },
  { slug: 'method-nul', says: 'with NUL in its :method', value: 'GET\0' },
];

const SCHEMES: readonly Wrong[] = [
  { slug: 'scheme-empty', says: 'whose :scheme is empty', value: '' },
  { slug: 'scheme-colon', says: 'whose :scheme has a colon behind it', value: '{scheme}:' },
  { slug: 'scheme-space', says: 'with a space in its :scheme', value: 'ht tp' },
  { slug: 'scheme-digit-first', says: 'whose :scheme begins with a digit', value: '1http' },
  { slug: 'scheme-uri', says: 'whose :scheme is a whole URI', value: 'http://other.example/?', tags: SMUGGLING },
  { slug: 'scheme-crlf', says: 'with CR LF in its :scheme', value: '{scheme}\r\nx-injected: 1', tags: SMUGGLING },
  { slug: 'scheme-nul', says: 'with NUL in its :scheme', value: '{scheme}\0' },
];

const PATHS: readonly Wrong[] = [
  { slug: 'path-empty', says: 'whose :path is empty', value: '' },
  { slug: 'path-no-slash', says: 'whose :path begins with no slash', value: 'index.html' },
  { slug: 'path-query-alone', says: 'whose :path is a query alone', value: '?a=b' },
  { slug: 'path-uri', says: 'whose :path is a whole URI', value: '{scheme}://{host}/' },
  { slug: 'path-authority', says: 'whose :path begins with the authority', value: '{host}/' },
  { slug: 'path-asterisk-get', says: 'of GET whose :path is an asterisk', value: '*' },
  {
    slug: 'path-asterisk-and-more',
    says: 'of OPTIONS whose :path is more than an asterisk',
    value: '*/',
    method: 'OPTIONS',
  },
  { slug: 'path-empty-options', says: 'of OPTIONS whose :path is empty', value: '', method: 'OPTIONS' },
  { slug: 'path-space', says: 'with a space in its :path', value: '/a b' },
  { slug: 'path-request-line', says: 'with a protocol behind its :path', value: '/ HTTP/1.1', tags: SMUGGLING },
  { slug: 'path-tab', says: 'with a tab in its :path', value: '/a\tb' },
  { slug: 'path-crlf', says: 'with CR LF in its :path', value: '/ HTTP/1.1\r\nx-injected: 1', tags: SMUGGLING },
  { slug: 'path-lf', says: 'with LF in its :path', value: '/\nb' },
  { slug: 'path-nul', says: 'with NUL in its :path', value: '/\0' },
  { slug: 'path-del', says: 'with DEL in its :path', value: '/a\x7f' },
];

const WHY = 'RFC9113#8.3.1 wants one valid value, and RFC9113#8.3 makes what has an invalid one malformed.';

function wrong(name: ':method' | ':scheme' | ':path', tolerated: readonly StatusPattern[], note: string) {
  return ({ slug, says, value, method = 'GET', tags = [] }: Wrong) => {
    // RFC9113#8.2.1 MUST: no value holds one of these, whatever it means
    const isForbidden = /[\0\r\n]/.test(value);
    return {
      id: `h2/pseudo/${slug}`,
      title: `A request ${says} is refused as malformed`,
      rfc: isForbidden ? 'RFC9113#8.2.1' : 'RFC9113#8.3.1',
      level: 'MUST',
      needs: ['get'],
      tags,
      why: WHY,
      frames: [headers(altered({ ':method': method, [name]: value }))],
      ...(tolerated.length === 0 ? refusesRequest() : orWarns(refusesRequest(), tolerated, note)),
    } as const;
  };
}

export default defineH2Cases([
  ...METHODS.map(wrong(':method', UNKNOWN_METHOD, 'taken for a method that is not implemented')),
  ...SCHEMES.map(wrong(':scheme', [], '')),
  ...PATHS.map(wrong(':path', UNKNOWN_RESOURCE, 'taken for the name of a resource')),
  {
    id: 'h2/pseudo/path-fragment',
    title: 'A :path with a fragment is refused, not cut and served',
    rfc: 'RFC9113#8.3.1',
    level: 'SHOULD',
    needs: ['get'],
    why: ':path is of path and query; servers that cut the fragment off serve what a filter in front did not see.',
    frames: [headers(request('/#fragment'))],
    ...orWarns(refusesRequest(), ['2xx', ...UNKNOWN_RESOURCE], 'the fragment is cut off, or part of a name'),
  },
  {
    id: 'h2/pseudo/path-other-octets',
    title: 'A :path with octets that are in no URI is refused',
    rfc: 'RFC9113#8.3.1',
    level: 'SHOULD',
    needs: ['get'],
    why: 'Browsers send some of them as they are, so that taking them is common.',
    frames: [headers(request('/?a="<>\\^`{|}\x80\xff'))],
    ...orWarns(refusesRequest(), ['2xx', ...UNKNOWN_RESOURCE], 'taken as it is'),
  },
  {
    id: 'h2/pseudo/path-kept',
    title: 'Path and query arrive as they were sent',
    rfc: 'RFC9113#8.3.1',
    level: 'MUST',
    needs: ['inspect'],
    frames: [headers(request("/inspect?a=1&b=/c?d&e=!$'()*+,;:@-._~%2f%41"))],
    ...understands(
      { target: "/inspect?a=1&b=/c?d&e=!$'()*+,;:@-._~%2f%41" },
      { target: "/inspect?a=1&b=/c?d&e=!$'()*+,;:@-._~%2f%41" },
      { target: "/inspect?a=1&b=/c?d&e=!$'()*+,;:@-._~/A" },
    ),
  },
  {
    id: 'h2/pseudo/scheme-upper-case',
    title: 'A :scheme in upper case is the same scheme',
    rfc: 'RFC9113#8.3.1',
    level: 'SHOULD',
    needs: ['get', 'cleartext'],
    why: 'Schemes are case-insensitive (RFC9110#4.2.3), though only the lower-case form should be sent.',
    frames: [headers(altered({ ':scheme': 'HTTP' }))],
    allow: [...answersWith().allow, ...malformed().map(({ expect }) => warned(expect))],
    controls: { pass: responds(200, 'hello'), fail: [responds(500), resetsStream('CONNECT_ERROR')] },
  },
  {
    id: 'h2/pseudo/scheme-unknown',
    title: 'A request for a scheme that is not http or https is answered, be it with a refusal',
    rfc: 'RFC9113#8.3.1',
    level: 'MAY',
    needs: ['get'],
    why: ":scheme is not restricted to these two, so the request is not malformed; whom it is meant for is the server's to say.",
    frames: [headers(altered({ ':scheme': 'ftp' }))],
    allow: [
      answered(status('2xx', '3xx', '4xx', 501)),
      ...malformed().map(({ expect }) => warned(expect, 'the request is not malformed')),
    ],
    controls: {
      pass: [responds(200, 'hello'), responds(421), responds(400)],
      fail: [responds(500), resetsStream('CONNECT_ERROR')],
    },
  },
]);
