/** Rules for which all frames and responses are looked at that any case over HTTP/2 receives; `server-frames.ts` has more of them. */
import {
  data,
  defineH2Cases,
  FLAG,
  FRAME,
  goaway,
  type H2Case,
  type H2Control,
  type H2Observation,
  type H2Phase,
  h2Server,
  headers,
  literal,
  ping,
  raw,
  response,
  rstStream,
  settings,
  shows,
} from '../../h2/define.ts';
import type { FieldList, Response } from '../../model.ts';
import { lint } from '../responses/lint.ts';
import { COMMON_RULES, type CommonRule, type Sample } from '../responses/rules.ts';

interface Rule {
  /** Behind `h2/lint/`. */
  readonly slug: string;
  readonly title: string;
  readonly rfc: H2Case['rfc'];
  /** What is wrong with what was seen on one connection. */
  readonly fault: (seen: H2Observation) => string | undefined;
  readonly good?: readonly H2Control[];
  readonly bad: readonly H2Control[];
}

const DATE = ['date', 'Sun, 06 Nov 1994 08:49:37 GMT'] as const;
const OK: H2Phase = response(200, 'hello', 1, [DATE]);

/** Answers the one request of these cases with these frames. */
function says(name: string, phase: H2Phase, more: Partial<H2Control> = {}): H2Control {
  return h2Server(name, [phase], more);
}

/** A problem of the target's frames, by its text. */
function problem(text: RegExp): Rule['fault'] {
  return ({ problems }) => problems.find((one) => text.test(one));
}

/** A promise of this stream on stream 1, with a request of these fields. */
function promise(stream: number, fields: FieldList): H2Phase {
  const block = fields.map(([name, value]) => literal(name, value));
  const id = Buffer.alloc(4);
  id.writeUInt32BE(stream);
  return [raw(FRAME.PUSH_PROMISE, FLAG.END_HEADERS, 1, Buffer.concat([id, ...block]))];
}

const GET: FieldList = [
  [':method', 'GET'],
  [':scheme', 'http'],
  [':path', '/style.css'],
  [':authority', 'localhost'],
];

const FRAME_RULES: readonly Rule[] = [
  {
    slug: 'settings-first',
    title: 'SETTINGS are the first frame of every connection',
    rfc: 'RFC9113#3.4',
    fault: problem(/RFC9113#3\.4/),
    bad: [says('pings first', OK, { front: [ping('too-soon'), settings(), settings([], FLAG.ACK)] })],
  },
  {
    slug: 'frame-size',
    title: 'No frame is longer than SETTINGS_MAX_FRAME_SIZE lets it be',
    rfc: 'RFC9113#4.2',
    fault: problem(/RFC9113#4\.2/),
    bad: [says('sends an octet more', [headers([[':status', '200'], DATE], { end: false }), data('x'.repeat(16_385))])],
  },
  {
    slug: 'frame-lengths',
    title:
      'PING has 8 octets, RST_STREAM and WINDOW_UPDATE have 4, GOAWAY has 8 or more, SETTINGS have a multiple of 6',
    rfc: 'RFC9113#6.7',
    fault: problem(/octets (?:long )?\(RFC9113#6\.[46789]\)|multiple of 6/),
    bad: [
      says('pings with 7 octets', [raw(FRAME.PING, 0, 0, 'aeronet'), ...OK]),
      says('gives credit in 5 octets', [raw(FRAME.WINDOW_UPDATE, 0, 0, '\0\0\0\x01\0'), ...OK]),
      says('sets 5 octets', [raw(FRAME.SETTINGS, 0, 0, '\0\x03\0\0\0'), ...OK]),
    ],
  },
  {
    slug: 'windows',
    title: 'No DATA exceeds the window of its stream, or that of the connection',
    rfc: 'RFC9113#6.9.1',
    fault: problem(/^DATA exceeds/),
    bad: [
      says('sends an octet more than 65,535', [
        headers([[':status', '200'], DATE], { end: false }),
        ...Array.from({ length: 4 }, (_, index) => data('x'.repeat(16_384), { end: index === 3 })),
      ]),
    ],
  },
  {
    slug: 'settings-acknowledged-once',
    title: 'As many SETTINGS are acknowledged as were sent',
    rfc: 'RFC9113#6.5.3',
    fault: problem(/RFC9113#6\.5\.3/),
    bad: [says('acknowledges twice', [settings([], FLAG.ACK), ...OK])],
  },
  {
    slug: 'acknowledgement-empty',
    title: 'Acknowledgements of SETTINGS are empty',
    rfc: 'RFC9113#6.5',
    fault: problem(/an acknowledgement has a payload/),
    bad: [says('says what it has understood', OK, { front: [settings(), settings([[3, 100]], FLAG.ACK)] })],
  },
  {
    slug: 'pings-answered-once',
    title: 'A PING is answered once, with what it said',
    rfc: 'RFC9113#6.7',
    fault: problem(/a PING is answered/),
    bad: [says('answers one that nobody sent', [ping('whatever', FLAG.ACK), ...OK])],
  },
  {
    slug: 'reset-is-last',
    title: 'Nothing comes on a stream behind RST_STREAM',
    rfc: 'RFC9113#5.1',
    fault: problem(/behind RST_STREAM/),
    bad: [says('goes on', [headers([[':status', '200'], DATE], { end: false }), rstStream(), data('more')])],
  },
  {
    slug: 'goaway-keeps-its-word',
    title: 'The last stream of GOAWAY never grows, and none above it is answered',
    rfc: 'RFC9113#6.8',
    fault: problem(/the last stream of GOAWAY grows|above the last one of GOAWAY/),
    bad: [
      says('names a later one', [...OK, goaway('NO_ERROR', 1), goaway('NO_ERROR', 3)]),
      says('answers one above', [goaway('NO_ERROR', 0), ...OK]),
    ],
  },
  {
    slug: 'table-size',
    title: 'Its table of fields is never larger than SETTINGS_HEADER_TABLE_SIZE',
    rfc: 'RFC9113#4.3.1',
    fault: problem(/RFC9113#4\.3\.1|RFC9113#6\.5\.2\)$|a table size of/),
    bad: [says('takes an octet more', [headers([Buffer.from([0x3f, 0xe2, 0x1f]), [':status', '200'], DATE])])],
    good: [says('takes all', [headers([Buffer.from([0x3f, 0xe1, 0x1f]), [':status', '200'], DATE])])],
  },
  {
    slug: 'trailers-without-pseudo-fields',
    title: 'Trailers have no pseudo-fields',
    rfc: 'RFC9113#8.1',
    fault: problem(/trailers have a pseudo-field/),
    bad: [
      says('says :status twice', [
        headers([[':status', '200'], DATE], { end: false }),
        data('hello', { end: false }),
        headers([[':status', '200']]),
      ]),
    ],
  },
  {
    slug: 'interim-goes-on',
    title: 'An interim response does not end its stream',
    rfc: 'RFC9113#8.1',
    fault: problem(/an interim response ends the stream/),
    bad: [says('ends with 103', [headers([[':status', '103']])])],
  },
  {
    slug: 'push-stream',
    title: 'What is promised is a new stream of the server: even, and above those before',
    rfc: 'RFC9113#6.6',
    fault: problem(/PUSH_PROMISE promises stream/),
    good: [says('pushes', [...promise(2, GET), ...OK, ...response(200, 'a{}', 2, [DATE])])],
    bad: [
      says('promises stream 3', [...promise(3, GET), ...OK]),
      says('promises stream 2 twice', [...promise(2, GET), ...promise(2, GET), ...OK, ...response(200, '', 2, [DATE])]),
    ],
  },
  {
    slug: 'push-on-open-stream',
    title: 'Promises are made on streams of the client that the server has not ended, and kept by HEADERS',
    rfc: 'RFC9113#6.6',
    fault: problem(/PUSH_PROMISE is sent on|only promised/),
    good: [says('pushes', [...promise(2, GET), ...OK, ...response(200, 'a{}', 2, [DATE])])],
    bad: [
      says('promises behind the end', [...OK, ...promise(2, GET), ...response(200, '', 2, [DATE])]),
      says('begins with DATA', [...promise(2, GET), ...OK, data('a{}', { stream: 2 })]),
    ],
  },
  {
    slug: 'push-request',
    title: 'What is pushed answers a whole request without content, of a method that is safe and cacheable',
    rfc: 'RFC9113#8.4',
    fault: problem(/is pushed/),
    good: [says('pushes', [...promise(2, GET), ...OK, ...response(200, 'a{}', 2, [DATE])])],
    bad: [
      says('pushes POST', [...promise(2, [[':method', 'POST'], ...GET.slice(1)]), ...OK]),
      says('pushes without :authority', [...promise(2, GET.slice(0, 3)), ...OK]),
      says('pushes what has content', [...promise(2, [...GET, ['content-length', '5']]), ...OK]),
    ],
  },
];

/** The rules of both versions in the frames of HTTP/2. */
function ofFrames({ slug, title, rfc, fault, bad }: CommonRule): Rule {
  const complaint = typeof fault === 'function' ? fault : (one: Response) => lint(one).find((text) => fault.test(text));
  return {
    slug,
    title,
    rfc,
    fault: ({ streams }) =>
      [...streams.values()]
        .flatMap(({ response: final }) => (final === undefined ? [] : [...final.interim, final]))
        .filter(({ status }) => status !== 0)
        .map(complaint)
        .find((text) => text !== undefined),
    bad: bad.map((sample, index) => says(`breaks it in way ${index + 1}`, framesOf(sample))),
  };
}

function framesOf({ status, fields = [], content, trailers, hints, isUndated }: Sample): H2Phase {
  const lower = (list: FieldList) => list.map(([name, value]) => [name.toLowerCase(), value] as const);
  const head = [[':status', String(status)] as const, ...(isUndated === true ? [] : [DATE]), ...lower(fields)];
  return [
    ...(hints === undefined ? [] : [headers([[':status', '103'], ...lower(hints)], { end: false })]),
    headers(head, { end: content === undefined }),
    ...(content === undefined ? [] : [data(content, { end: trailers === undefined })]),
    ...(trailers === undefined ? [] : [headers(lower(trailers))]),
  ];
}

function toCase({ slug, title, rfc, fault, good = [], bad }: Rule): H2Case {
  const complaint = (seen: H2Observation): string | undefined =>
    fault(seen) ?? (seen.streams.get(1)?.response?.complete === true ? undefined : 'stream 1 has no whole response');
  return {
    id: `h2/lint/${slug}`,
    title,
    rfc,
    level: 'MUST',
    needs: [],
    tags: ['lint'],
    why: 'Looked at is all that the target sends in the cases of the run over HTTP/2, and in one of its own.',
    frames: [headers()],
    awaits: [1],
    everywhere: fault,
    ...shows('keeps the rule on every connection', complaint, [says('answers plainly', OK), ...good], bad),
  };
}

export default defineH2Cases([...FRAME_RULES, ...COMMON_RULES.map(ofFrames)].map(toCase));
