import {
  type Block,
  defineH2Cases,
  FRAME,
  type H2Control,
  type H2Observation,
  h2Server,
  headers,
  livesOn,
  orWarns,
  refusesRequest,
  request,
  response,
  SETTING,
  settings,
  shows,
} from '../../h2/define.ts';

/** RFC8441: CONNECT with :protocol, of which a server says in its SETTINGS whether it knows it. */
const METHOD = [':method', 'CONNECT'] as const;
const PROTOCOL = [':protocol', 'websocket'] as const;
const SCHEME = [':scheme', '{scheme}'] as const;
const AUTHORITY = [':authority', '{host}'] as const;
const PATH = [':path', '/no-such-{nonce}'] as const;
const VERSION = ['sec-websocket-version', '13'] as const;
/** What a server says that has no CONNECT at all, whatever else is wrong. */
const UNKNOWN_METHOD = ['4xx', 501] as const;

interface Wrong {
  readonly slug: string;
  readonly says: string;
  readonly rfc: 'RFC8441#4' | 'RFC9113#8.3' | 'RFC9113#8.2.1' | 'RFC9113#8.2.2';
  readonly block: Block;
}

/** Malformed with and without extended CONNECT. */
const WRONG: readonly Wrong[] = [
  { slug: 'scheme-missing', says: 'without :scheme', rfc: 'RFC8441#4', block: [METHOD, PROTOCOL, AUTHORITY, PATH] },
  { slug: 'path-missing', says: 'without :path', rfc: 'RFC8441#4', block: [METHOD, PROTOCOL, SCHEME, AUTHORITY] },
  { slug: 'both-missing', says: 'without :scheme and :path', rfc: 'RFC8441#4', block: [METHOD, PROTOCOL, AUTHORITY] },
  {
    slug: 'path-empty',
    says: 'with an empty :path',
    rfc: 'RFC8441#4',
    block: [METHOD, PROTOCOL, SCHEME, AUTHORITY, [':path', '']],
  },
  {
    slug: 'protocol-twice',
    says: 'with two :protocol',
    rfc: 'RFC9113#8.3',
    block: [METHOD, PROTOCOL, PROTOCOL, SCHEME, AUTHORITY, PATH],
  },
  {
    slug: 'protocol-late',
    says: 'with :protocol behind a field',
    rfc: 'RFC9113#8.3',
    block: [METHOD, SCHEME, AUTHORITY, PATH, VERSION, PROTOCOL],
  },
  {
    slug: 'protocol-empty',
    says: 'with an empty :protocol',
    rfc: 'RFC8441#4',
    block: [METHOD, [':protocol', ''], SCHEME, AUTHORITY, PATH, VERSION],
  },
  {
    slug: 'protocol-lf',
    says: 'with LF in :protocol',
    rfc: 'RFC9113#8.2.1',
    block: [METHOD, [':protocol', 'web\nsocket'], SCHEME, AUTHORITY, PATH, VERSION],
  },
  {
    slug: 'upgrade-field',
    says: 'with upgrade and connection',
    rfc: 'RFC9113#8.2.2',
    block: [METHOD, PROTOCOL, SCHEME, AUTHORITY, PATH, VERSION, ['upgrade', 'websocket'], ['connection', 'upgrade']],
  },
];

/** :protocol where no extended CONNECT is. */
const ELSEWHERE = ['GET', 'HEAD'].map((method) => ({
  slug: `protocol-with-${method.toLowerCase()}`,
  says: `${method} with :protocol`,
  block: [[':method', method], PROTOCOL, SCHEME, AUTHORITY, [':path', '/']] as Block,
}));

function announced({ frames }: H2Observation): readonly number[] {
  return frames
    .filter(({ type, flags }) => type === FRAME.SETTINGS && (flags & 1) === 0)
    .flatMap(({ payload }) =>
      Array.from({ length: Math.floor(payload.length / 6) }, (_, index) => index * 6)
        .filter((at) => payload.readUInt16BE(at) === SETTING.ENABLE_CONNECT_PROTOCOL)
        .map((at) => payload.readUInt32BE(at + 2)),
    );
}

function announces(name: string, ...values: readonly number[]): H2Control {
  const frames = values.map((value) => settings([[SETTING.ENABLE_CONNECT_PROTOCOL, value]]));
  return h2Server(name, [response(200)], { front: [settings(), settings([], 1), ...frames] });
}

export default defineH2Cases([
  {
    id: 'h2/extended-connect/setting-value',
    title: 'SETTINGS_ENABLE_CONNECT_PROTOCOL is 0 or 1, and never 0 behind 1',
    rfc: 'RFC8441#3',
    level: 'MUST',
    needs: [],
    frames: [headers()],
    awaits: [1],
    ...shows(
      'announces 0 or 1, and never 0 behind 1',
      (seen) => {
        const values = announced(seen);
        const wrong = values.find((value) => value > 1);
        if (wrong !== undefined) return `the value is ${wrong}`;
        return values.some((value, index) => value === 0 && values.lastIndexOf(1, index) >= 0)
          ? '1 was taken back'
          : undefined;
      },
      [announces('announces nothing'), announces('announces 1', 1), announces('announces 0, then 1', 0, 1)],
      [announces('announces 2', 2), announces('takes 1 back', 1, 0)],
    ),
  },
  {
    id: 'h2/extended-connect/client-announces',
    title: "A client's own SETTINGS_ENABLE_CONNECT_PROTOCOL changes nothing",
    rfc: 'RFC8441#3',
    level: 'MUST',
    needs: [],
    frames: [settings([[SETTING.ENABLE_CONNECT_PROTOCOL, 1]])],
    ...livesOn(),
  },
  {
    id: 'h2/extended-connect/unannounced',
    title: 'CONNECT with :protocol is refused by a server that has not announced to take it',
    rfc: 'RFC8441#3',
    level: 'MUST',
    needs: ['get'],
    why: 'To such a server :protocol is an unknown pseudo-field, and :scheme and :path are too much for CONNECT (RFC9113#8.3, RFC9113#8.5).',
    frames: [headers([METHOD, PROTOCOL, SCHEME, AUTHORITY, PATH, VERSION])],
    ...unlessAnnounced(),
  },
  ...WRONG.map(
    ({ slug, says, rfc, block }) =>
      ({
        id: `h2/extended-connect/${slug}`,
        title: `An extended CONNECT ${says} is refused`,
        rfc,
        level: 'MUST',
        needs: ['get'],
        frames: [headers(block)],
        ...refusesRequest({ or: UNKNOWN_METHOD }),
      }) as const,
  ),
  ...ELSEWHERE.map(
    ({ slug, says, block }) =>
      ({
        id: `h2/extended-connect/${slug}`,
        title: `${says} is refused as malformed`,
        rfc: 'RFC9113#8.3',
        level: 'MUST',
        needs: ['get'],
        why: 'A pseudo-field is valid only in the context in which it is defined, which for :protocol is CONNECT (RFC8441#4).',
        frames: [headers(block)],
        ...refusesRequest(),
      }) as const,
  ),
  {
    id: 'h2/extended-connect/protocol-in-trailers',
    title: ':protocol in trailers makes the request malformed',
    rfc: 'RFC9113#8.1',
    level: 'MUST',
    needs: ['echo'],
    frames: [headers(request('/echo', [], 'POST'), { end: false }), headers([PROTOCOL])],
    ...refusesRequest(),
  },
  {
    id: 'h2/extended-connect/unknown-protocol',
    title: 'An extended CONNECT for an unknown protocol opens no tunnel',
    rfc: 'RFC8441#4',
    level: 'MUST',
    needs: ['extended-connect'],
    why: 'The tunnel is to a service of the named protocol, and there is none; 501 says so best.',
    frames: [headers([METHOD, [':protocol', 'x-aeronet'], SCHEME, AUTHORITY, PATH])],
    ...orWarns(refusesRequest({ or: ['4xx', 501] }), [500, 502, 503], 'the fault is in the request'),
  },
]);

/** Refused, or the server has announced extended CONNECT, and then it may do as it likes. */
function unlessAnnounced() {
  const refused = refusesRequest({ or: UNKNOWN_METHOD });
  const taken = shows(
    'has announced extended CONNECT',
    (seen) => (announced(seen).includes(1) ? undefined : 'it was not announced'),
    announces('announces it and answers', 1),
    [],
  );
  return { allow: [...refused.allow, ...taken.allow], controls: refused.controls };
}
