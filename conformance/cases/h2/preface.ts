import {
  answersWith,
  bareCloses,
  data,
  defineH2Cases,
  echoes,
  FLAG,
  FRAME,
  goaway,
  goesAway,
  h2Server,
  headers,
  leaves,
  octets,
  PREFACE,
  ping,
  raw,
  request,
  response,
  SETTING,
  servesOn,
  settings,
  shows,
  warned,
  windowUpdate,
} from '../../h2/define.ts';

const WHY_CLOSED = 'GOAWAY may be omitted: an invalid preface says that the peer does not speak HTTP/2.';

/** Frames that may not come first; each is legal later on. */
const NOT_SETTINGS = [
  { slug: 'ping', says: 'PING', frame: ping() },
  { slug: 'headers', says: 'HEADERS', frame: headers() },
  { slug: 'window-update', says: 'WINDOW_UPDATE', frame: windowUpdate(1) },
  { slug: 'goaway', says: 'GOAWAY', frame: goaway() },
  { slug: 'unknown-frame', says: 'a frame of unknown type', frame: raw(0x42, 0, 0, 'what') },
] as const;

/** What stands in the place of the 24 octets. */
const INVALID = [
  { slug: 'last-octet', says: 'in its last octet', text: PREFACE.replace(/\n$/, '\r') },
  { slug: 'second-half', says: 'in its second half', text: PREFACE.replace('SM', 'XX') },
  { slug: 'zeros', says: 'wholly: zeros', text: '\0'.repeat(24) },
] as const;

export default defineH2Cases([
  {
    id: 'h2/preface/server-settings-first',
    title: 'The first frame of the server is SETTINGS',
    rfc: 'RFC9113#3.4',
    level: 'MUST',
    needs: [],
    frames: [headers()],
    awaits: [1],
    ...shows(
      'begins with SETTINGS, which are no acknowledgement',
      ({ frames: [first] }) => {
        if (first === undefined) return 'nothing came';
        return first.type === FRAME.SETTINGS && (first.flags & FLAG.ACK) === 0 ? undefined : 'another frame came first';
      },
      h2Server('begins with SETTINGS', [response(200)]),
      h2Server('acknowledges first', [response(200)], { front: [settings([], FLAG.ACK), settings()] }),
    ),
  },
  {
    id: 'h2/preface/settings-acknowledged',
    title: "The SETTINGS of the client's preface are acknowledged, once",
    rfc: 'RFC9113#3.4',
    level: 'MUST',
    needs: [],
    frames: [headers()],
    awaits: [1],
    ...shows(
      'acknowledges SETTINGS once',
      ({ acks }) => (acks === 1 ? undefined : `there were ${acks} acknowledgements`),
      h2Server('acknowledges once', [response(200)]),
      [
        h2Server('never acknowledges', [response(200)], { front: [settings()] }),
        h2Server('acknowledges twice', [response(200)], {
          front: [settings(), settings([], FLAG.ACK), settings([], FLAG.ACK)],
        }),
      ],
    ),
  },
  {
    id: 'h2/preface/request-without-waiting',
    title: "A request right behind the preface is answered, the server's SETTINGS not having been waited for",
    rfc: 'RFC9113#3.4',
    level: 'MUST',
    needs: ['get'],
    handshake: 'none',
    frames: [octets(PREFACE), settings(), headers()],
    ...answersWith([200]),
  },
  {
    id: 'h2/preface/settings-with-all',
    title: 'A preface whose SETTINGS name every setting is taken',
    rfc: 'RFC9113#3.4',
    level: 'MUST',
    needs: ['get'],
    handshake: [
      [SETTING.HEADER_TABLE_SIZE, 8_192],
      [SETTING.ENABLE_PUSH, 0],
      [SETTING.MAX_CONCURRENT_STREAMS, 100],
      [SETTING.INITIAL_WINDOW_SIZE, 100_000],
      [SETTING.MAX_FRAME_SIZE, 20_000],
      [SETTING.MAX_HEADER_LIST_SIZE, 65_536],
    ],
    frames: [headers()],
    ...answersWith([200]),
  },
  {
    id: 'h2/preface/octet-by-octet',
    title: 'A preface and a request that come octet by octet are taken',
    rfc: 'RFC9113#3.4',
    level: 'MUST',
    needs: ['echo'],
    handshake: 'none',
    frames: [octets(PREFACE), settings(), headers(request('/echo', [], 'POST'), { end: false }), data('{nonce}')],
    awaits: [1],
    cut: 1,
    ...echoes(),
  },
  ...NOT_SETTINGS.map(
    ({ slug, says, frame }) =>
      ({
        id: `h2/preface/${slug}-first`,
        title: `A client that begins with ${says} in the place of SETTINGS is refused`,
        rfc: 'RFC9113#3.4',
        level: 'MUST',
        needs: [],
        why: WHY_CLOSED,
        handshake: 'none',
        frames: [octets(PREFACE), frame, settings()],
        ...leaves('PROTOCOL_ERROR'),
      }) as const,
  ),
  {
    id: 'h2/preface/settings-ack-first',
    title: 'A client that begins with an acknowledgement of SETTINGS in the place of SETTINGS is refused',
    rfc: 'RFC9113#3.4',
    level: 'MUST',
    needs: [],
    why: `${WHY_CLOSED} An acknowledgement announces nothing; yet it is an empty SETTINGS frame by its type, which is all that the text names.`,
    handshake: 'none',
    frames: [octets(PREFACE), settings([], FLAG.ACK), settings()],
    allow: [...leaves('PROTOCOL_ERROR').allow, warned({ kind: 'ignored' }, 'taken for the SETTINGS frame that is due')],
    controls: {
      pass: [goesAway('PROTOCOL_ERROR'), bareCloses(), servesOn()],
      fail: goesAway('CONNECT_ERROR'),
    },
  },
  ...INVALID.map(
    ({ slug, says, text }) =>
      ({
        id: `h2/preface/wrong-${slug}`,
        title: `A preface that is wrong ${says} ends the connection`,
        rfc: 'RFC9113#3.4',
        level: 'MUST',
        needs: [],
        why: `${WHY_CLOSED} A server that takes it for HTTP/1.1 may answer in that protocol first.`,
        handshake: 'none',
        frames: [octets(text), settings()],
        ...leaves('PROTOCOL_ERROR'),
      }) as const,
  ),
]);
