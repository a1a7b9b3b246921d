import {
  answered,
  answersWith,
  bareClose,
  data,
  defineH2Cases,
  echoes,
  eitherOf,
  type H2Capability,
  h2Server,
  headers,
  type OctetStep,
  orWarns,
  request,
  resetsStream,
  responds,
  response,
  SETTING,
  shows,
  status,
  warned,
  windowUpdate,
} from '../../h2/define.ts';

/** RFC9110#9, as it looks over HTTP/2; every response is looked at whole. */
const UNKNOWN = [
  { slug: 'unknown', says: 'An unknown method', method: 'AERONET' },
  { slug: 'lower-case', says: 'The method get', method: 'get' },
  { slug: 'token-octets', says: 'A method of odd token octets', method: "!#$%&'*+-.^_`|~09" },
] as const;

/** The stimuli whose responses are looked at: whatever the answer is, it has to be a good one. */
/** Enough for any file that a target serves here. */
const ROOM = 16 * 1024 * 1024;

interface Request {
  readonly slug: string;
  readonly says: string;
  readonly frames: readonly OctetStep[];
  readonly needs?: readonly H2Capability[];
}

const REQUESTS: readonly Request[] = [
  { slug: 'get', says: 'GET /', frames: [headers()] },
  { slug: 'head', says: 'HEAD /', frames: [headers(request('/', [], 'HEAD'))] },
  { slug: 'post', says: 'POST /', frames: [headers(request('/', [], 'POST'), { end: false }), data('{nonce}')] },
  {
    slug: 'put',
    says: 'PUT of what is not there',
    frames: [headers(request('/no-such-{nonce}', [], 'PUT'), { end: false }), data('')],
  },
  { slug: 'delete', says: 'DELETE of what is not there', frames: [headers(request('/no-such-{nonce}', [], 'DELETE'))] },
  { slug: 'options', says: 'OPTIONS /', frames: [headers(request('/', [], 'OPTIONS'))] },
  { slug: 'trace', says: 'TRACE /', frames: [headers(request('/', [], 'TRACE'))] },
  { slug: 'missing', says: 'GET of what is not there', frames: [headers(request('/no-such-{nonce}'))] },
  {
    slug: 'missing-head',
    says: 'HEAD of what is not there',
    frames: [headers(request('/no-such-{nonce}', [], 'HEAD'))],
  },
  { slug: 'file', says: 'GET of a file', frames: [windowUpdate(ROOM), headers(request('/file.bin'))], needs: ['file'] },
  { slug: 'file-head', says: 'HEAD of a file', frames: [headers(request('/file.bin', [], 'HEAD'))], needs: ['file'] },
];

export default defineH2Cases([
  ...REQUESTS.map(
    ({ slug, says, frames, needs = ['get'] }) =>
      ({
        id: `h2/methods/${slug}-response`,
        title: `The response to ${says} is well-formed`,
        rfc: 'RFC9113#8.1',
        level: 'MUST',
        needs,
        why: 'One :status in front, lower-case names, sound values, no connection fields, content-length equal to the DATA that came, windows and frame sizes kept.',
        handshake: [[SETTING.INITIAL_WINDOW_SIZE, ROOM]],
        frames,
        awaits: [1],
        ...shows(
          'gives a whole response without a fault',
          ({ problems, streams }) => {
            const seen = streams.get(1)?.response;
            if (seen === undefined || !seen.complete) return 'stream 1 has no whole response';
            return problems[0];
          },
          h2Server('answers', [response(404)]),
          [
            h2Server('answers with an upper-case name', [response(404, '', 1, [['X-Probe', '1']])]),
            h2Server('answers with connection', [response(404, '', 1, [['connection', 'close']])]),
            h2Server('has its :status last', [
              [
                headers([
                  ['x-probe', '1'],
                  [':status', '404'],
                ]),
              ],
            ]),
            h2Server('has two :status', [response(404, '', 1, [[':status', '200']])]),
            h2Server('has a value with a space behind it', [response(404, '', 1, [['x-probe', '1 ']])]),
            resetsStream('CONNECT_ERROR'),
          ],
        ),
      }) as const,
  ),
  {
    id: 'h2/methods/head-no-content',
    title: 'The response to HEAD has no DATA with content',
    rfc: 'RFC9110#9.3.2',
    level: 'MUST',
    needs: ['head'],
    frames: [headers(request('/', [], 'HEAD'))],
    awaits: [1],
    ...shows(
      'sends no content',
      ({ streams }) => {
        const seen = streams.get(1);
        if (seen?.response?.complete !== true) return 'stream 1 has no whole response';
        return seen.dataBytes === 0 ? undefined : `there were ${seen.dataBytes} octets of content`;
      },
      h2Server('answers with a head alone', [
        [
          headers([
            [':status', '200'],
            ['content-length', '5'],
          ]),
        ],
      ]),
      h2Server('sends the content', [response(200, 'hello', 1, [['content-length', '5']])]),
    ),
  },
  {
    id: 'h2/methods/head-length-of-get',
    title: 'A content-length in the response to HEAD is that of GET',
    rfc: 'RFC9110#8.6',
    level: 'MUST',
    needs: ['head'],
    frames: [headers(), headers(request('/', [], 'HEAD'), { stream: 3 })],
    awaits: [1, 3],
    ...shows(
      'gives GET and HEAD the same content-length',
      ({ streams }) => {
        const [get, head] = [1, 3].map((id) => streams.get(id)?.response);
        if (get?.complete !== true || head?.complete !== true) return 'there are not two whole responses';
        const length = head.fields.find(([name]) => name === 'content-length')?.[1];
        if (length === undefined || Number(length) === get.content.length) return undefined;
        return `content-length is ${length}, the content of GET has ${get.content.length} octets`;
      },
      [
        h2Server('tells it', [
          [
            ...response(200, 'hello'),
            headers(
              [
                [':status', '200'],
                ['content-length', '5'],
              ],
              { stream: 3 },
            ),
          ],
        ]),
        h2Server('leaves it out', [[...response(200, 'hello'), headers([[':status', '200']], { stream: 3 })]]),
      ],
      h2Server('tells the length of nothing', [
        [
          ...response(200, 'hello'),
          headers(
            [
              [':status', '200'],
              ['content-length', '0'],
            ],
            { stream: 3 },
          ),
        ],
      ]),
    ),
  },
  ...UNKNOWN.map(
    ({ slug, says, method }) =>
      ({
        id: `h2/methods/${slug}`,
        title: `${says} is refused with 501, not served like GET`,
        rfc: 'RFC9110#9.1',
        level: 'SHOULD',
        needs: ['get'],
        why: 'Methods are case-sensitive, and a server has no business with those that it does not know. The request itself is not malformed.',
        frames: [headers(request('/', [], method))],
        allow: [
          answered(status(501)),
          ...[
            warned({ kind: 'response', match: status(400, 403, 404, 405), stream: 1 }, '501 SHOULD be sent'),
            warned(
              { kind: 'stream-error', codes: ['PROTOCOL_ERROR', 'REFUSED_STREAM'], stream: 1 },
              '501 SHOULD be sent',
            ),
          ],
          bareClose(),
        ],
        controls: {
          pass: [responds(501), responds(405), resetsStream('PROTOCOL_ERROR')],
          fail: [responds(200, 'hello'), responds(500)],
        },
      }) as const,
  ),
  {
    id: 'h2/methods/options-asterisk',
    title: 'OPTIONS * is understood as a request about the whole server',
    rfc: 'RFC9113#8.3.1',
    level: 'MUST',
    needs: ['get'],
    why: 'OPTIONS is optional, so it may be refused; the request is not malformed all the same.',
    frames: [headers(request('*', [], 'OPTIONS'))],
    ...orWarns(answersWith(['2xx', 403, 405, 501]), [400, 404], 'taken for a malformed or a missing resource'),
  },
  {
    id: 'h2/methods/get-with-content',
    title: 'GET with content is answered, and the stream ends',
    rfc: 'RFC9110#9.3.1',
    level: 'MUST',
    needs: ['get'],
    why: 'Content of a GET has no meaning, which is no reason to lose the exchange; a server may refuse it.',
    frames: [headers(request('/', [['content-length', '7']]), { end: false }), data('{nonce}')],
    allow: [
      answered(status(200, 400, 403, 405, 413, 415, 422)),
      warned(
        { kind: 'stream-error', codes: ['PROTOCOL_ERROR', 'REFUSED_STREAM', 'CANCEL'], stream: 1 },
        'some implementations reject such a request, as the text knows',
      ),
    ],
    controls: {
      pass: [responds(200), responds(400), resetsStream('PROTOCOL_ERROR')],
      fail: [responds(418), resetsStream('FLOW_CONTROL_ERROR')],
    },
  },
  {
    id: 'h2/methods/post-empty-data',
    title: 'POST whose content is one empty DATA frame is a whole request',
    rfc: 'RFC9113#8.1',
    level: 'MUST',
    needs: ['echo'],
    frames: [headers(request('/echo', [], 'POST'), { end: false }), data('')],
    ...echoes(''),
  },
  {
    id: 'h2/methods/post-without-data',
    title: 'POST that ends with its head is a whole request',
    rfc: 'RFC9113#8.1',
    level: 'MUST',
    needs: ['echo'],
    frames: [headers(request('/echo', [], 'POST'))],
    ...eitherOf(echoes(''), answersWith([411])),
  },
]);
