import {
  concluded,
  data,
  defineH2Cases,
  type H2Case,
  type H2Control,
  type H2Observation,
  h2Server,
  headers,
  request,
  response,
  SETTING,
  shows,
  windowUpdate,
} from '../../h2/define.ts';
import type { Response } from '../../model.ts';
import { partialComplaint, type Range } from '../range/partial.ts';
import { CANNED, CANNED_FIELDS, type Known, knownOf, wholeComplaint } from '../representation.ts';

/** RFC9110#13 and RFC9110#14 over HTTP/2: the semantics are the same, the octets come in DATA frames. */
const ROOM = 16 * 1024 * 1024;
const OTHER = '"aeronet-other"';

type Field = readonly [name: string, value: string];

/** What is due of the answer: undefined where nothing is wrong with it. */
type Judge = (answer: Response, known: Known) => string | undefined;

interface Row {
  readonly id: H2Case['id'];
  readonly title: string;
  readonly rfc: H2Case['rfc'];
  readonly needs: H2Case['needs'];
  readonly method?: string;
  readonly path?: string;
  readonly fields: (known: Known) => readonly Field[];
  readonly due: readonly Judge[];
  readonly pass: readonly Canned[];
  readonly fail: readonly Canned[];
}

/** A canned answer: status, content, fields beside those of the file. */
type Canned = readonly [status: number, content?: string, fields?: readonly Field[]];

const status =
  (...codes: readonly number[]): Judge =>
  (answer) =>
    codes.includes(answer.status) ? undefined : `the status is ${answer.status}, not ${codes.join(' or ')}`;

const empty =
  (code: number): Judge =>
  (answer) =>
    status(code)(answer, CANNED) ?? (answer.content.length === 0 ? undefined : `a ${code} has content`);

const whole: Judge = (answer, known) => status(200)(answer, known) ?? wholeComplaint(answer, known);

const part =
  (ranges: (bytes: number) => readonly Range[], isSet = false): Judge =>
  (answer, known) =>
    status(206)(answer, known) ?? partialComplaint(answer, known, { ranges, isSet });

const refused: Judge = (answer, known) => {
  const value = answer.fields.find(([name]) => name === 'content-range')?.[1];
  const isRight = value === `bytes */${known.content.length}`;
  return status(416)(answer, known) ?? (isRight ? undefined : `Content-Range is ${value ?? 'missing'}`);
};

const text = ([first, last]: Range) => CANNED.content.toString('latin1', first, last + 1);
const FILE: Canned = [200, text([0, 399])];
const cannedPart = (range: Range, holds = range): Canned => [
  206,
  text(holds),
  [['content-range', `bytes ${range.join('-')}/400`]],
];
const PART = cannedPart([10, 19]);
const WRONG_PARTS: readonly Canned[] = [cannedPart([10, 19], [11, 20]), cannedPart([11, 20]), [206, text([10, 19])]];
const UNSATISFIED: Canned = [416, 'no', [['content-range', 'bytes */400']]];
const RANGE: Field = ['range', 'bytes=10-19'];
const MULTIPART =
  '--limit\r\ncontent-range: bytes 0-9/400\r\n\r\n' +
  `${text([0, 9])}\r\n--limit\r\ncontent-range: bytes 390-399/400\r\n\r\n${text([390, 399])}\r\n--limit--\r\n`;

const ROWS: readonly Row[] = [
  ...(
    [
      ['first-last', 'octets in the middle', () => '10-19', () => [10, 19]],
      ['open', 'all octets from an offset on', (n) => `${n - 50}-`, (n) => [n - 50, n - 1]],
      ['suffix', 'the last 20 octets', () => '-20', (n) => [n - 20, n - 1]],
      ['suffix-longer', 'a suffix longer than the file', (n) => `-${n + 1}`, (n) => [0, n - 1]],
      ['last-octet', 'the last octet', (n) => `${n - 1}-${n - 1}`, (n) => [n - 1, n - 1]],
      ['across-frames', 'all octets but the first and the last', (n) => `1-${n - 2}`, (n) => [1, n - 2]],
    ] satisfies [string, string, (bytes: number) => string, (bytes: number) => Range][]
  ).map(
    ([slug, says, range, due]): Row => ({
      id: `h2/range/${slug}`,
      title: `A request for ${says} is answered with these octets`,
      rfc: 'RFC9110#14.1.2',
      needs: ['ranges'],
      fields: ({ content }) => [['range', `bytes=${range(content.length)}`]],
      due: [part((bytes) => [due(bytes)]), whole],
      pass: [cannedPart(due(400)), FILE],
      fail: [cannedPart(due(400), [200, 209]), [206, text(due(400))], UNSATISFIED],
    }),
  ),
  {
    id: 'h2/range/set',
    title: 'Two ranges are answered with their octets, each part saying which they are',
    rfc: 'RFC9110#15.3.7.2',
    needs: ['ranges'],
    fields: ({ content }) => [['range', `bytes=0-9,${content.length - 10}-`]],
    due: [
      part(
        (n) => [
          [0, 9],
          [n - 10, n - 1],
        ],
        true,
      ),
      whole,
    ],
    pass: [[206, MULTIPART, [['content-type', 'multipart/byteranges; boundary=limit']]], FILE],
    fail: [
      [
        206,
        MULTIPART,
        [
          ['content-type', 'multipart/byteranges; boundary=limit'],
          ['content-range', 'bytes 0-9/400'],
        ],
      ],
      [206, MULTIPART, [['content-type', 'multipart/byteranges; boundary=other']]],
      [206, MULTIPART.replace('100,', '999,'), [['content-type', 'multipart/byteranges; boundary=limit']]],
    ],
  },
  {
    id: 'h2/range/overlapping',
    title: 'All of the file three times costs no more than the file',
    rfc: 'RFC9110#17.15',
    needs: ['ranges'],
    fields: () => [['range', 'bytes=0-,0-,0-']],
    due: [part((n) => [[0, n - 1]], true), whole, status(400, 416)].map(
      (judge): Judge =>
        (answer, known) =>
          judge(answer, known) ??
          (answer.content.length < known.content.length + 2_048 ? undefined : 'the content is longer than the file'),
    ),
    pass: [FILE, UNSATISFIED, cannedPart([0, 399])],
    fail: [[200, text([0, 399]).repeat(10)], [500]],
  },
  {
    id: 'h2/range/unsatisfiable',
    title: 'A range behind the end is refused with 416, which tells the length',
    rfc: 'RFC9110#15.5.17',
    needs: ['ranges'],
    fields: ({ content }) => [['range', `bytes=${content.length}-`]],
    due: [refused, whole],
    pass: [UNSATISFIED, FILE],
    fail: [[416, 'no'], [416, 'no', [['content-range', 'bytes */399']]], PART],
  },
  {
    id: 'h2/range/last-before-first',
    title: 'A range whose last octet is before its first is ignored or refused',
    rfc: 'RFC9110#14.1.1',
    needs: ['ranges'],
    fields: () => [['range', 'bytes=19-10']],
    due: [whole, status(400, 416)],
    pass: [FILE, UNSATISFIED, [400]],
    fail: [PART, [500]],
  },
  {
    id: 'h2/range/unit-unknown',
    title: 'A Range whose unit is unknown is ignored',
    rfc: 'RFC9110#14.2',
    needs: ['ranges'],
    fields: () => [['range', 'aeronet=10-19']],
    due: [whole, status(416)],
    pass: [FILE, UNSATISFIED],
    fail: [PART, [400]],
  },
  {
    id: 'h2/range/head',
    title: 'HEAD with Range is answered as HEAD without it',
    rfc: 'RFC9110#14.2',
    needs: ['ranges', 'head'],
    method: 'HEAD',
    fields: () => [RANGE],
    due: [empty(200)],
    pass: [[200]],
    fail: [[206, '', [['content-range', 'bytes 10-19/400']]], [416]],
  },
  {
    id: 'h2/range/post',
    title: 'POST with Range is not answered with a part, nor refused for the range',
    rfc: 'RFC9110#14.2',
    needs: ['ranges', 'post'],
    method: 'POST',
    fields: () => [RANGE],
    due: [(answer) => ([206, 416].includes(answer.status) ? `the status is ${answer.status}` : undefined)],
    pass: [[405], [200, 'ok']],
    fail: [PART, UNSATISFIED],
  },
  {
    id: 'h2/range/if-range-same',
    title: 'If-Range with the strong tag of the file lets the range be had',
    rfc: 'RFC9110#13.1.5',
    needs: ['ranges', 'strong-etag'],
    fields: ({ etag }) => [['if-range', etag], RANGE],
    due: [part(() => [[10, 19]]), whole],
    pass: [PART, FILE],
    fail: WRONG_PARTS,
  },
  {
    id: 'h2/range/if-range-other',
    title: 'If-Range with another tag makes the range ignored',
    rfc: 'RFC9110#13.1.5',
    needs: ['ranges'],
    fields: () => [['if-range', OTHER], RANGE],
    due: [whole],
    pass: [FILE],
    fail: [PART, [412]],
  },
  {
    id: 'h2/conditional/if-none-match-same',
    title: 'If-None-Match with the tag of the file is answered with 304, without content',
    rfc: 'RFC9110#13.1.2',
    needs: ['etag'],
    fields: ({ etag }) => [['if-none-match', etag]],
    due: [empty(304)],
    pass: [[304]],
    fail: [FILE, [304, 'no'], [412]],
  },
  {
    id: 'h2/conditional/if-none-match-weak',
    title: 'If-None-Match with the tag of the file, marked as weak, is answered with 304',
    rfc: 'RFC9110#13.1.2',
    needs: ['etag'],
    fields: ({ etag }) => [['if-none-match', `${OTHER}, W/${etag.replace(/^W\//, '')}`]],
    due: [empty(304)],
    pass: [[304]],
    fail: [FILE, [304, 'no']],
  },
  {
    id: 'h2/conditional/if-none-match-two-fields',
    title: 'If-None-Match in two fields is one list',
    rfc: 'RFC9110#5.2',
    needs: ['etag'],
    fields: ({ etag }) => [
      ['if-none-match', OTHER],
      ['if-none-match', etag],
    ],
    due: [empty(304)],
    pass: [[304]],
    fail: [FILE, [400]],
  },
  {
    id: 'h2/conditional/if-match-other',
    title: 'If-Match with another tag is a failed precondition',
    rfc: 'RFC9110#13.1.1',
    needs: ['etag'],
    fields: () => [['if-match', OTHER], RANGE],
    due: [status(412)],
    pass: [[412, 'no'], [412]],
    fail: [FILE, PART, [304]],
  },
  {
    id: 'h2/conditional/if-modified-since-with-if-none-match-other',
    title: 'If-Modified-Since is ignored beside an If-None-Match that holds',
    rfc: 'RFC9110#13.1.3',
    needs: ['etag', 'last-modified'],
    fields: ({ lastModified }) => [
      ['if-modified-since', lastModified],
      ['if-none-match', OTHER],
    ],
    due: [whole],
    pass: [FILE],
    fail: [[304], [412], [200, 'other']],
  },
  {
    id: 'h2/conditional/missing-if-match',
    title: 'If-Match on what is not there is a 404',
    rfc: 'RFC9110#13.2.1',
    needs: ['file'],
    path: '/no-such-{nonce}',
    fields: () => [['if-match', OTHER]],
    due: [status(404)],
    pass: [[404, 'no']],
    fail: [[412], FILE],
  },
];

/** A GET that learns on stream 1, the request in question on stream 3. */
function toCase({ id, title, rfc, needs, method = 'GET', path = '/file.bin', fields, due, pass, fail }: Row): H2Case {
  const learn = [windowUpdate(ROOM), headers(request('/file.bin')), concluded(1)];
  const ask = (known: Known) => headers(request(path, fields(known), method), { stream: 3 });
  const complaint = ({ streams, problems }: H2Observation): string | undefined => {
    const [first, second] = [1, 3].map((stream) => streams.get(stream)?.response);
    if (first?.complete !== true || first.status !== 200) return 'the file is not to be had';
    if (second?.complete !== true) return 'stream 3 has no whole response';
    const complaints = due.map((judge) => judge(second, knownOf(first)));
    return complaints.includes(undefined) ? problems[0] : complaints[0];
  };
  return {
    id,
    title,
    rfc,
    level: rfc === 'RFC9110#15.5.17' || rfc === 'RFC9110#17.15' || rfc === 'RFC9110#14.1.1' ? 'SHOULD' : 'MUST',
    needs,
    handshake: [[SETTING.INITIAL_WINDOW_SIZE, ROOM]],
    frames: [...learn, ask(CANNED)],
    awaits: [1, 3],
    run: async (dialogue) => {
      await dialogue.take(...learn);
      const first = dialogue.seen.streams.get(1)?.response;
      await dialogue.take(ask(first === undefined ? CANNED : knownOf(first)));
      return dialogue.finish();
    },
    ...shows('answers as RFC9110 has it', complaint, pass.map(toControl), fail.map(toControl)),
  };
}

const OF_FILE: readonly Field[] = CANNED_FIELDS.map((line) => {
  const [name = '', value = ''] = line.split(/: (.*)/);
  return [name.toLowerCase(), value];
});

function toControl([code, content = '', own = []]: Canned): H2Control {
  const others = OF_FILE.filter(([name]) => !own.some(([other]) => other === name));
  const answer = response(code, content, 3, [...others, ...own]);
  const says = `answers ${code} with ${content.length} octets and ${own.map((field) => field.join(': ')).join(', ')}`;
  const first = [headers([[':status', '200'], ...OF_FILE], { end: false }), data(CANNED.content.toString('latin1'))];
  return h2Server(says, [first, answer]);
}

export default defineH2Cases(ROWS.map(toCase));
