import {
  barrier,
  data,
  defineH2Cases,
  eitherOf,
  endsConnection,
  FLAG,
  FRAME,
  type H2Case,
  type H2Control,
  type H2Observation,
  type H2Phase,
  h2Server,
  headers,
  indexed,
  ping,
  priorityUpdate,
  raw,
  request,
  response,
  rstStream,
  SETTING,
  settings,
  shows,
  windowUpdate,
} from '../../h2/define.ts';

const PLENTY = 2 ** 30;
const STREAMS = [1, 3, 5, 7, 9, 11, 13, 15, 17, 19] as const;

/** Requests of many kinds; what they are answered with does not matter here. */
const CONVERSATION: Pick<H2Case, 'handshake' | 'frames' | 'awaits'> = {
  handshake: [
    [SETTING.ENABLE_PUSH, 0],
    [SETTING.INITIAL_WINDOW_SIZE, PLENTY],
  ],
  frames: [
    windowUpdate(PLENTY),
    headers(request('/'), { stream: 1 }),
    headers(request('/', [], 'HEAD'), { stream: 3 }),
    headers(request('/file.bin'), { stream: 5 }),
    headers(request('/file.bin', [], 'HEAD'), { stream: 7 }),
    headers(request('/file.bin', [['if-none-match', '*']]), { stream: 9 }),
    headers(request('/file.bin', [['range', 'bytes=0-9']]), { stream: 11 }),
    headers(request('/aeronet-none'), { stream: 13 }),
    headers(request('/', [['content-length', '7']], 'POST'), { stream: 15, end: false }),
    data('{nonce}', { stream: 15 }),
    headers(request('/echo', [], 'POST'), { stream: 17, end: false }),
    data('{nonce}', { stream: 17 }),
    headers(request('/echo', [['expect', '100-continue']], 'POST'), { stream: 19, end: false }),
    data('{nonce}', { stream: 19 }),
  ],
  awaits: STREAMS,
};

const answers = (...streams: readonly number[]): H2Phase => streams.flatMap((stream) => response(200, 'hello', stream));
const REST = answers(...STREAMS.filter((stream) => stream !== 1 && stream !== 3 && stream !== 7));
const HEADS: H2Phase = [response(200, '', 3), response(200, '', 7)].flat();

/** Answers all: the first request with these frames, the others plainly. */
function converses(name: string, first: H2Phase, more: Partial<H2Control> = {}): H2Control {
  return h2Server(name, [[...first, ...HEADS, ...REST]], more);
}

/** What the server's own frames must not have, in this conversation or any other of the run, by the text of the complaint. */
interface Rule {
  readonly slug: string;
  readonly title: string;
  readonly rfc: H2Case['rfc'];
  readonly level?: H2Case['level'];
  readonly fault: RegExp;
  readonly bad: readonly H2Control[];
}

const NO_ACK: H2Phase = [settings([], FLAG.ACK)];

const RULES: readonly Rule[] = [
  {
    slug: 'reserved-bit',
    title: 'The reserved bit of its frames is unset',
    rfc: 'RFC9113#4.1',
    fault: /reserved bit/,
    bad: [converses('sets it', [raw(FRAME.PING, 0, 0x8000_0000, 'reserved'), ...answers(1)])],
  },
  {
    slug: 'undefined-flags',
    title: 'Flags that a type of frame does not define are unset',
    rfc: 'RFC9113#4.1',
    fault: /not all of them defined/,
    bad: [converses('sets one', [headers([[':status', '200']], { flags: 0x40 })])],
  },
  {
    slug: 'stream-or-none',
    title: 'Frames of the connection name no stream, frames of a stream name one',
    rfc: 'RFC9113#6',
    fault: /RFC9113#6\)/,
    bad: [converses('pings a stream', [ping('aeronet!', 0, 1), ...answers(1)])],
  },
  {
    slug: 'block-in-one-piece',
    title: 'Nothing stands between the frames of a field block',
    rfc: 'RFC9113#4.3',
    fault: /RFC9113#4\.3\)|RFC9113#6\.10/,
    bad: [
      converses('pings within one', [
        headers([[':status', '200']], { endHeaders: false }),
        ping(),
        raw(FRAME.CONTINUATION, FLAG.END_HEADERS, 1),
      ]),
      converses('continues none', [...answers(1), raw(FRAME.CONTINUATION, FLAG.END_HEADERS, 1)]),
    ],
  },
  {
    slug: 'field-blocks',
    title: 'Its field blocks can be decoded',
    rfc: 'RFC9113#4.3',
    // A table that is too large, or shrinks without a word, is of h2/lint/table-size.
    fault: /a field block has (?!more in its table|no size update)/,
    bad: [converses('names an entry that is not there', [headers([[':status', '200'], indexed(62)])])],
  },
  {
    slug: 'open-streams',
    title: 'It sends frames on streams that were opened, and on no others',
    rfc: 'RFC9113#5.1.1',
    fault: /RFC9113#5\.1\.1/,
    bad: [
      converses('answers on stream 2', [...answers(1), ...answers(2)]),
      converses('answers ahead', [...answers(1), ...answers(201)]),
    ],
  },
  {
    slug: 'end-of-stream',
    title: 'Nothing comes on a stream behind END_STREAM',
    rfc: 'RFC9113#5.1',
    fault: /behind END_STREAM/,
    bad: [
      converses('sends DATA', [...answers(1), data('x')]),
      converses('sends trailers', [...answers(1), headers([['x', 'y']])]),
    ],
  },
  {
    slug: 'message-order',
    title: 'HEADERS come first, DATA behind them, trailers last and with END_STREAM',
    rfc: 'RFC9113#8.1',
    fault: /RFC9113#8\.1\)/,
    bad: [
      converses('begins with DATA', [data('x', { end: false }), ...answers(1)]),
      converses('goes on behind trailers', [
        headers([[':status', '200']], { end: false }),
        headers([['x', 'y']], { end: false }),
        data('x'),
      ]),
    ],
  },
  {
    slug: 'padding',
    title: 'Padding is zeros, and shorter than its frame',
    rfc: 'RFC9113#6.1',
    fault: /RFC9113#6\.1\)/,
    bad: [
      converses('pads with ones', [
        headers([[':status', '200']], { end: false }),
        raw(FRAME.DATA, FLAG.END_STREAM | FLAG.PADDED, 1, '\x01x\x01'),
      ]),
    ],
  },
  {
    slug: 'settings-values',
    title: 'The values of its settings are legal',
    rfc: 'RFC9113#6.5.2',
    fault: /^setting [0-9]+ has|RFC9113#6\.5\)/,
    bad: [
      converses('enables push', answers(1), { front: [settings([[SETTING.ENABLE_PUSH, 1]]), ...NO_ACK] }),
      converses('takes frames of an octet', answers(1), {
        front: [settings([[SETTING.MAX_FRAME_SIZE, 1]]), ...NO_ACK],
      }),
    ],
  },
  {
    slug: 'settings-of-extensions',
    title: 'The values of settings for extended CONNECT and priorities are 0 or 1, and do not go back',
    rfc: 'RFC9218#2.1',
    fault: /RFC8441#3|RFC9218#2\.1/,
    bad: [
      converses('says 2', answers(1), { front: [settings([[SETTING.NO_RFC7540_PRIORITIES, 2]]), ...NO_ACK] }),
      converses('changes its mind', [settings([[SETTING.NO_RFC7540_PRIORITIES, 1]]), ...answers(1)]),
    ],
  },
  {
    slug: 'no-push',
    title: 'It does not push where SETTINGS_ENABLE_PUSH is 0',
    rfc: 'RFC9113#8.4',
    fault: /RFC9113#8\.4/,
    bad: [converses('pushes', [raw(FRAME.PUSH_PROMISE, FLAG.END_HEADERS, 1, '\0\0\0\x02\x82'), ...answers(1)])],
  },
  {
    slug: 'credit',
    title: 'Its WINDOW_UPDATE frames give something, and no more than a window can hold',
    rfc: 'RFC9113#6.9',
    fault: /^WINDOW_UPDATE (?:adds|is not|takes)/,
    bad: [
      converses('gives nothing', [windowUpdate(0), ...answers(1)]),
      converses('gives too much', [windowUpdate(0x7fff_ffff), ...answers(1)]),
    ],
  },
  {
    slug: 'no-priority-update',
    title: 'It sends no PRIORITY_UPDATE: that is for clients',
    rfc: 'RFC9218#7.1',
    fault: /RFC9218#7\.1/,
    bad: [converses('sends one', [priorityUpdate(1), ...answers(1)])],
  },
  {
    slug: 'content-length',
    title: 'Content-Length and the DATA of a response agree',
    rfc: 'RFC9113#8.1.1',
    fault: /RFC9113#8\.1\.1/,
    bad: [converses('sends more', response(200, 'hello', 1, [['content-length', '4']]))],
  },
  {
    slug: 'no-content',
    title: 'Answers to HEAD, 204 and 304 have no content',
    rfc: 'RFC9110#6.4.1',
    fault: /RFC9110#6\.4\.1/,
    bad: [
      h2Server('sends content with HEAD', [[...answers(1, 3), ...response(200, '', 7), ...REST]]),
      converses('sends content with 204', response(204, 'hello')),
    ],
  },
  {
    slug: 'lower-case',
    title: 'Field names are lower case',
    rfc: 'RFC9113#8.2',
    fault: /upper case/,
    bad: [converses('capitalizes', response(200, '', 1, [['Content-Type', 'text/plain']]))],
  },
  {
    slug: 'field-octets',
    title: 'Field names are tokens, and values have no NUL, CR, LF or space at an end',
    rfc: 'RFC9113#8.2.1',
    fault: /is no token|forbidden octet/,
    bad: [
      converses('has a space in a name', response(200, '', 1, [['x y', 'z']])),
      converses('has a line break in a value', response(200, '', 1, [['x', 'y\r\nz: a']])),
      converses('has a space in front of a value', response(200, '', 1, [['x', ' y']])),
    ],
  },
  {
    slug: 'connection-fields',
    title: 'Responses have no connection-specific fields',
    rfc: 'RFC9113#8.2.2',
    fault: /RFC9113#8\.2\.2/,
    bad: [
      converses('says keep-alive', response(200, '', 1, [['connection', 'keep-alive']])),
      converses('says chunked', response(200, '', 1, [['transfer-encoding', 'chunked']])),
    ],
  },
  {
    slug: 'status',
    title: 'Responses begin with :status, a number of three digits, and have no other pseudo-field',
    rfc: 'RFC9113#8.3.2',
    fault: /RFC9113#8\.3\.2|RFC9113#8\.6/,
    bad: [
      converses('has it last', [
        headers([
          ['server', 'x'],
          [':status', '200'],
        ]),
      ]),
      converses('has a second one', [
        headers([
          [':status', '200'],
          [':version', 'HTTP/2'],
        ]),
      ]),
      converses('has four digits', [headers([[':status', '0200']])]),
    ],
  },
];

/** The rule is kept, in a conversation that came to its end. */
function keeps(fault: RegExp): (seen: H2Observation) => string | undefined {
  return ({ problems, streams }) => {
    const mute = STREAMS.find(
      (stream) => streams.get(stream)?.response?.complete !== true && streams.get(stream)?.reset === undefined,
    );
    return problems.find((text) => fault.test(text)) ?? (mute === undefined ? undefined : `stream ${mute} has no end`);
  };
}

/** How often the target has reset this stream. */
function resets({ frames }: H2Observation, stream: number): number {
  return frames.filter((frame) => frame.type === FRAME.RST_STREAM && frame.stream === stream).length;
}

const POST = headers(request('/echo', [['content-length', '1']], 'POST'), { end: false });

export default defineH2Cases([
  ...RULES.map(
    ({ slug, title, rfc, level = 'MUST', fault, bad }) =>
      ({
        id: `h2/server-frames/${slug}`,
        title,
        rfc,
        level,
        needs: ['streams-64'],
        tags: ['lint'],
        ...CONVERSATION,
        everywhere: ({ problems }: H2Observation) => problems.find((text) => fault.test(text)),
        ...shows('keeps the rule in all its frames', keeps(fault), converses('answers plainly', answers(1)), bad),
      }) as const,
  ),
  {
    id: 'h2/server-frames/nothing-behind-reset',
    title: 'RST_STREAM is the last frame of the server on a stream',
    rfc: 'RFC9113#5.4.2',
    level: 'MUST',
    needs: ['echo'],
    why: 'The content does not match its length: whether that is answered, reset or both, nothing comes behind a reset.',
    frames: [POST, data('too much'), barrier],
    ...eitherOf(
      shows(
        'sends nothing behind RST_STREAM',
        ({ problems }) => problems.find((text) => text.includes('behind RST_STREAM')),
        [h2Server('resets', [[rstStream('PROTOCOL_ERROR')], []]), h2Server('answers', [response(400), []])],
        h2Server('answers behind it', [[rstStream('PROTOCOL_ERROR'), ...response(400)], []]),
      ),
      endsConnection('PROTOCOL_ERROR'),
    ),
  },
  {
    id: 'h2/server-frames/no-reset-for-a-reset',
    title: 'RST_STREAM is not answered with RST_STREAM',
    rfc: 'RFC9113#5.4.2',
    level: 'MUST',
    needs: ['echo'],
    frames: [headers(request('/echo', [], 'POST'), { end: false }), rstStream('CANCEL'), barrier],
    ...shows(
      'does not reset the stream',
      (seen) => (resets(seen, 1) === 0 ? undefined : 'stream 1 was reset back'),
      h2Server('does not', [[], []]),
      h2Server('does', [[rstStream('CANCEL')], []]),
    ),
  },
  {
    id: 'h2/server-frames/one-reset',
    title: 'A stream with several faults is reset once',
    rfc: 'RFC9113#5.4.2',
    level: 'SHOULD',
    needs: ['echo'],
    why: 'Further frames on it may be ignored, or be a connection error.',
    frames: [POST, data('too much', { end: false }), windowUpdate(0, 1), data('more')],
    ...eitherOf(
      shows(
        'resets stream 1 once at most',
        (seen) => (resets(seen, 1) <= 1 ? undefined : `stream 1 was reset ${resets(seen, 1)} times`),
        [h2Server('resets once', [[rstStream('PROTOCOL_ERROR')]]), h2Server('answers', [response(400)])],
        h2Server('resets twice', [[rstStream('PROTOCOL_ERROR'), rstStream('STREAM_CLOSED')]]),
      ),
      endsConnection('PROTOCOL_ERROR', 'STREAM_CLOSED'),
    ),
  },
]);
