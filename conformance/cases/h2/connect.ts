import {
  answered,
  type Block,
  bareClose,
  defineH2Cases,
  FRAME,
  type H2Dialogue,
  type H2Observation,
  h2Server,
  headers,
  orWarns,
  refusesRequest,
  resetsStream,
  responds,
  status,
  warned,
} from '../../h2/define.ts';

/** RFC9113#8.5: CONNECT has :method and :authority alone. A server without CONNECT may say so instead. */
const METHOD = [':method', 'CONNECT'] as const;
const AUTHORITY = [':authority', '{host}'] as const;
const SCHEME = [':scheme', '{scheme}'] as const;
const PATH = [':path', '/'] as const;

const MALFORMED: readonly { readonly slug: string; readonly says: string; readonly block: Block }[] = [
  { slug: 'with-scheme', says: 'with :scheme', block: [METHOD, SCHEME, AUTHORITY] },
  { slug: 'with-path', says: 'with :path', block: [METHOD, AUTHORITY, PATH] },
  { slug: 'with-both', says: 'with :scheme and :path', block: [METHOD, SCHEME, AUTHORITY, PATH] },
  { slug: 'without-authority', says: 'without :authority', block: [METHOD] },
  { slug: 'host-alone', says: 'with Host in the place of :authority', block: [METHOD, ['host', '{host}']] },
  { slug: 'authority-empty', says: 'with an empty :authority', block: [METHOD, [':authority', '']] },
  { slug: 'authority-twice', says: 'with two :authority', block: [METHOD, AUTHORITY, AUTHORITY] },
  { slug: 'authority-uri', says: 'with a URI for :authority', block: [METHOD, [':authority', '{scheme}://{host}/']] },
  { slug: 'authority-userinfo', says: 'with userinfo in :authority', block: [METHOD, [':authority', 'user@{host}']] },
  { slug: 'connection-field', says: 'with a connection field', block: [METHOD, AUTHORITY, ['connection', 'close']] },
];

const PORTS = [
  { slug: 'no-port', says: 'without a port', authority: '127.0.0.1' },
  { slug: 'empty-port', says: 'with an empty port', authority: '127.0.0.1:' },
  { slug: 'port-letters', says: 'with a port of letters', authority: '127.0.0.1:http' },
  { slug: 'port-too-large', says: 'with a port above 65535', authority: '127.0.0.1:65616' },
] as const;

/** A tunnel need not end by itself, so that the first answer has to do. */
async function untilTold(dialogue: H2Dialogue): Promise<H2Observation> {
  await dialogue.take(headers([METHOD, AUTHORITY]));
  await dialogue.until(({ frames }) =>
    frames.some(({ type, stream }) => stream === 1 && (type === FRAME.HEADERS || type === FRAME.RST_STREAM)),
  );
  return dialogue.finish();
}

/** Whatever is no 2xx forms no tunnel (RFC9110#9.3.6). */
const NO_TUNNEL = 'redirected: no tunnel, though the fault is in the request';
const REDIRECTED = 'it was redirected';

function complainOfAnswer({ connection, streams, problems }: H2Observation): string | undefined {
  if (connection !== 'open') return `the connection was ${connection}`;
  const response = streams.get(1)?.response;
  if (response === undefined) return 'stream 1 has no response';
  if (problems[0] !== undefined) return problems[0];
  if (response.status < 200 || response.status > 299) return response.status < 400 ? REDIRECTED : undefined;
  const has = (name: string) => response.fields.some(([other]) => other === name);
  return has('content-length') ? 'a tunnel has content-length' : undefined;
}

export default defineH2Cases([
  {
    id: 'h2/connect/answered',
    title: 'CONNECT is refused with a status, or opens a tunnel that has no content-length',
    rfc: 'RFC9110#9.3.6',
    level: 'MUST',
    needs: ['get'],
    why: 'A server that is no proxy says 501 or 405; the request is well-formed. A 2xx ends the message: what follows is the tunnel.',
    frames: [headers([METHOD, AUTHORITY])],
    run: untilTold,
    allow: [
      {
        grade: 'pass',
        expect: {
          kind: 'seen',
          says: 'refuses, or opens a tunnel without content-length',
          complaint: complainOfAnswer,
        },
      },
      warned(
        {
          kind: 'stream-error',
          codes: ['PROTOCOL_ERROR', 'REFUSED_STREAM', 'CONNECT_ERROR', 'INTERNAL_ERROR', 'CANCEL'],
          stream: 1,
        },
        'a status would say what is wrong: the request is well-formed',
      ),
      warned({ kind: 'response', match: status('3xx'), stream: 1 }, 'redirected, which forms no tunnel'),
      bareClose(),
    ],
    controls: {
      pass: [
        responds(301),
        responds(405),
        responds(501),
        h2Server('opens a tunnel', [[headers([[':status', '200']], { end: false })]]),
      ],
      fail: [
        h2Server('serves CONNECT like GET', [
          [
            headers(
              [
                [':status', '200'],
                ['content-length', '5'],
              ],
              { end: false },
            ),
          ],
        ]),
        resetsStream('FLOW_CONTROL_ERROR'),
      ],
    },
  },
  ...MALFORMED.map(
    ({ slug, says, block }) =>
      ({
        id: `h2/connect/${slug}`,
        title: `CONNECT ${says} is refused`,
        rfc: slug === 'connection-field' ? 'RFC9113#8.2.2' : slug === 'authority-twice' ? 'RFC9113#8.3' : 'RFC9113#8.5',
        level: 'MUST',
        needs: ['get'],
        tags: ['routing'],
        frames: [headers(block)],
        ...orWarns(refusesRequest({ or: ['4xx', 501] }), ['3xx', 308], NO_TUNNEL),
      }) as const,
  ),
  ...PORTS.map(
    ({ slug, says, authority }) =>
      ({
        id: `h2/connect/${slug}`,
        title: `CONNECT to an authority ${says} is refused`,
        rfc: 'RFC9110#9.3.6',
        level: 'MUST',
        needs: ['get'],
        tags: ['routing'],
        frames: [headers([METHOD, [':authority', authority]])],
        ...orWarns(refusesRequest({ or: ['4xx', 501] }), ['3xx', 308], NO_TUNNEL),
      }) as const,
  ),
  {
    id: 'h2/connect/lower-case',
    title: 'The method connect is not CONNECT: without :scheme and :path it is refused',
    rfc: 'RFC9113#8.3.1',
    level: 'MUST',
    needs: ['get'],
    why: 'Methods are case-sensitive (RFC9110#9.1), and only CONNECT may leave the two out.',
    frames: [headers([[':method', 'connect'], AUTHORITY])],
    ...refusesRequest(),
  },
  {
    id: 'h2/connect/port-zero',
    title: 'CONNECT to port 0 opens no tunnel',
    rfc: 'RFC9110#9.3.6',
    level: 'MUST',
    needs: ['get'],
    frames: [headers([METHOD, [':authority', '127.0.0.1:0']])],
    allow: [
      ...refusesRequest().allow,
      answered(status('4xx', '5xx')),
      warned({ kind: 'response', match: status('3xx'), stream: 1 }, NO_TUNNEL),
      ...streamRefusals(),
    ],
    controls: { pass: [responds(502), resetsStream('CONNECT_ERROR')], fail: [responds(200)] },
  },
]);

function streamRefusals() {
  return [warned({ kind: 'stream-error', codes: ['CONNECT_ERROR', 'REFUSED_STREAM', 'CANCEL'], stream: 1 })] as const;
}
