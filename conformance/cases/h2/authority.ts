import { inspectionOf } from '../../controls/sees.ts';
import {
  allowed,
  altered,
  answered,
  answersWith,
  type Block,
  defineH2Cases,
  headers,
  malformed,
  orWarns,
  refusesRequest,
  request,
  resetsStream,
  responds,
  status,
  understood,
  warned,
} from '../../h2/define.ts';
import type { ResponseMatch } from '../../model.ts';
import { parseInspection } from '../../run/inspection.ts';

/** RFC9113#8.3.1: whom a request is for, by :authority and Host. */
const OTHER = 'other.example';

/** Served in the name of :authority. */
const notByHost: ResponseMatch = {
  status: [200],
  where: {
    says: 'with no trace of the Host that was sent',
    complaint: ({ content }) => {
      const seen = parseInspection(content);
      if (seen === undefined) return '/inspect did not answer with its JSON';
      return JSON.stringify([seen.authority, seen.fields]).includes(OTHER) ? 'Host was believed' : undefined;
    },
  },
};

/** Shown as it came, on a connection of HTTP/2, by a target that does not tell which of the two it took. */
const untold: ResponseMatch = {
  status: [200],
  where: {
    says: 'that shows Host as it came and tells no authority',
    complaint: ({ content }) => {
      const seen = parseInspection(content);
      return seen?.authority === undefined && seen?.protocol.startsWith('HTTP/2') === true ? undefined : 'it tells';
    },
  },
};

/** Values that are no authority of an http URI. */
const INVALID = [
  { slug: 'userinfo', says: 'with userinfo', value: 'user@{host}', rfc: 'RFC9113#8.3.1', level: 'SHOULD' },
  {
    slug: 'userinfo-password',
    says: 'with name and password',
    value: 'user:password@{host}',
    rfc: 'RFC9113#8.3.1',
    level: 'SHOULD',
  },
  { slug: 'userinfo-empty', says: 'with empty userinfo', value: '@{host}', rfc: 'RFC9113#8.3.1', level: 'SHOULD' },
  { slug: 'empty', says: 'that is empty', value: '', rfc: 'RFC9110#4.2.1', level: 'MUST' },
  { slug: 'port-alone', says: 'of a port alone', value: ':80', rfc: 'RFC9110#4.2.1', level: 'MUST' },
  { slug: 'path', says: 'with a path behind it', value: '{host}/x', rfc: 'RFC9113#8.3', level: 'SHOULD' },
  { slug: 'query', says: 'with a query behind it', value: '{host}?x', rfc: 'RFC9113#8.3', level: 'SHOULD' },
  { slug: 'space', says: 'with a space inside', value: 'other example', rfc: 'RFC9113#8.3', level: 'SHOULD' },
  { slug: 'uri', says: 'that is a whole URI', value: '{scheme}://{host}/', rfc: 'RFC9113#8.3', level: 'SHOULD' },
  {
    slug: 'port-letters',
    says: 'with a port of letters',
    value: 'other.example:http',
    rfc: 'RFC9113#8.3',
    level: 'SHOULD',
  },
  { slug: 'two-ports', says: 'with two ports', value: 'other.example:80:80', rfc: 'RFC9113#8.3', level: 'SHOULD' },
  { slug: 'bracket', says: 'with a bracket that is not closed', value: '[::1', rfc: 'RFC9113#8.3', level: 'SHOULD' },
] as const;

/** The same host as in :authority, in other words. */
const SAME = [
  { slug: 'host-same', says: 'is the same', authority: '{host}', host: '{host}', level: 'MUST' },
  {
    slug: 'host-in-other-case',
    says: 'differs in case alone',
    authority: OTHER,
    host: 'OTHER.example',
    level: 'SHOULD',
  },
] as const;

const DIFFERING: readonly { readonly slug: string; readonly says: string; readonly fields: Block }[] = [
  { slug: 'host-differs', says: 'A Host that names another host than :authority', fields: [['host', OTHER]] },
  {
    slug: 'host-differs-in-port',
    says: 'A Host that names another port than :authority',
    fields: [['host', '127.0.0.1:1']],
  },
  {
    slug: 'second-host-differs',
    says: 'A second Host that names another host than :authority and the first',
    fields: [
      ['host', '{host}'],
      ['host', OTHER],
    ],
  },
];

export default defineH2Cases([
  {
    id: 'h2/authority/host-alone',
    title: 'A request with Host in the place of :authority is taken',
    rfc: 'RFC9113#8.3.1',
    level: 'MUST',
    needs: ['get'],
    why: 'It is how a gateway translates a request of HTTP/1.1; :authority is none of the pseudo-fields that have to be there.',
    frames: [headers(altered({ ':authority': undefined }, [['host', '{host}']]))],
    ...answersWith(),
  },
  {
    id: 'h2/authority/neither',
    title: 'A request with neither :authority nor Host is refused, or taken for the server that it reached',
    rfc: 'RFC9113#8.3.1',
    level: 'MAY',
    needs: ['get'],
    why: 'A URI of http or https has an authority, but no sentence says what becomes of a request that names none.',
    frames: [headers(altered({ ':authority': undefined }))],
    ...orWarns(refusesRequest(), ['2xx'], 'taken for the server that it reached'),
  },
  {
    id: 'h2/authority/host-empty-alone',
    title: 'A request with an empty Host and no :authority is refused',
    rfc: 'RFC9110#4.2.1',
    level: 'MUST',
    needs: ['get'],
    why: 'An http URI with an empty host is invalid, and has to be rejected.',
    frames: [headers(altered({ ':authority': undefined }, [['host', '']]))],
    ...refusesRequest({ or: [421] }),
  },
  {
    id: 'h2/authority/empty-beside-host',
    title: 'An empty :authority is refused though there is a Host: it may not stand in',
    rfc: 'RFC9110#4.2.1',
    level: 'MUST',
    needs: ['get'],
    why: 'Where :authority is present, Host must not be used to find the target URI (RFC9113#8.3.1).',
    frames: [headers(altered({ ':authority': '' }, [['host', '{host}']]))],
    ...refusesRequest({ or: [421] }),
  },
  ...INVALID.map(
    ({ slug, says, value, rfc, level }) =>
      ({
        id: `h2/authority/${slug}`,
        title: `An :authority ${says} is refused`,
        rfc,
        level,
        needs: ['get'],
        tags: ['routing'],
        why: 'It is no authority of an http URI (RFC9110#4.2). Only an empty host is named as what has to be rejected; RFC9110#4.2.4 has a SHOULD for userinfo, and RFC9113#8.3 can be read as one sentence for all: invalid pseudo-fields make a request malformed.',
        frames: [headers(altered({ ':authority': value }))],
        ...refusesRequest({ or: [421] }),
      }) as const,
  ),
  ...DIFFERING.map(
    ({ slug, says, fields }) =>
      ({
        id: `h2/authority/${slug}`,
        title: `${says} makes the request malformed`,
        rfc: 'RFC9113#8.3.1',
        level: 'SHOULD',
        needs: ['get'],
        tags: ['routing', 'smuggling'],
        frames: [headers(request('/', fields))],
        ...orWarns(refusesRequest({ or: [421] }), ['2xx'], 'taken: Host has to be ignored then'),
      }) as const,
  ),
  {
    id: 'h2/authority/host-never-counts',
    title: 'Host is not believed where :authority is present',
    rfc: 'RFC9113#8.3.1',
    level: 'MUST',
    needs: ['inspect'],
    tags: ['routing'],
    why: 'Judged by the authority that /inspect tells, or by what a gateway tells its backend. Refusing the request is right, too.',
    frames: [headers(request('/inspect', [['host', OTHER]]))],
    allow: [
      understood({ authority: '{host}' }),
      allowed({ kind: 'response', match: notByHost, stream: 1 }),
      answered(status(421)),
      ...malformed(),
      warned({ kind: 'response', match: untold, stream: 1 }, 'whom it took for addressed is not known'),
    ],
    controls: {
      pass: [
        responds(200, inspectionOf({ authority: '{host}', fields: [['host', OTHER]] })),
        responds(200, inspectionOf({ fields: [['host', '{host}']] })),
        responds(200, inspectionOf({ protocol: 'HTTP/2.0', fields: [['host', OTHER]] })),
        responds(400),
        resetsStream('PROTOCOL_ERROR'),
      ],
      fail: [
        responds(200, inspectionOf({ authority: OTHER })),
        responds(200, inspectionOf({ fields: [['host', OTHER]] })),
        resetsStream('CONNECT_ERROR'),
      ],
    },
  },
  ...SAME.map(
    ({ slug, says, authority, host, level }) =>
      ({
        id: `h2/authority/${slug}`,
        title: `A Host that ${says} as in :authority does no harm`,
        rfc: 'RFC9113#8.3.1',
        level,
        needs: ['get'],
        why: 'The two have to be normalised before they are compared; a host that is not served may be refused as such.',
        frames: [headers(altered({ ':authority': authority }, [['host', host]]))],
        allow: [
          answered(status(200, ...(authority === OTHER ? [403, 404, 421] : []))),
          ...(level === 'MUST' ? [] : malformed().map(({ expect }) => warned(expect, 'compared octet by octet'))),
        ],
        controls: {
          pass: responds(200, 'hello'),
          fail: [responds(500), resetsStream('CONNECT_ERROR'), ...(level === 'MUST' ? [responds(400)] : [])],
        },
      }) as const,
  ),
]);
