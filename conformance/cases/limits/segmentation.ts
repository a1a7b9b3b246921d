import {
  answer,
  type Control,
  chunked,
  type Dialogue,
  defineCases,
  echo,
  get,
  type Observation,
  type Outcome,
  pass,
  plays,
  post,
  progress,
  type Response,
  refusal,
  refuses,
  replies,
  type Step,
  status,
} from '../../define.ts';
import { lastOk } from '../connection/matches.ts';

/**
 * RFC9112#2.2: a message is a sequence of octets, whatever packets it comes in. The target gets its turn between two
 * pieces, so that it sees each of them on its own.
 */
const CONTENT = post(['Content-Length: 10'], 'abc{nonce}');
const CHUNKED = post(['Transfer-Encoding: chunked'], `3;a="b"\r\nabc\r\n${chunked(['{nonce}'], ['X-T: z'])}`);

/** The octets of a text; a placeholder counts as one. */
function unitsOf(text: string): readonly string[] {
  return text.match(/\{(?:host|nonce)\}|[\s\S]/g) ?? [];
}

/** One octet at a time. */
function octetByOctet(text: string): readonly Step[] {
  return unitsOf(text).flatMap((unit, index) => (index === 0 ? [unit] : [progress, unit]));
}

/** The same request again and again, each time cut in two at another place, until the target announces its close. */
async function atEverySplit(dialogue: Dialogue, text: string): Promise<Observation> {
  const units = unitsOf(text);
  for (let cut = 1; cut < units.length; cut++) {
    await dialogue.send(units.slice(0, cut).join(''));
    await dialogue.progress();
    await dialogue.send(units.slice(cut).join(''));
    const answered = await dialogue.response();
    if (answered === undefined || !answered.complete || isLast(answered)) break;
  }
  const seen = await dialogue.finish();
  return { ...seen, responses: distinct(seen.responses) };
}

/** Of responses that are alike the last one stands for all. */
function distinct(responses: readonly Response[]): readonly Response[] {
  const kinds = new Map<string, Response>();
  for (const one of responses) kinds.set(`${one.status} ${one.complete} ${one.content.toString('latin1')}`, one);
  return [...kinds.values()];
}

function isLast({ fields }: Response): boolean {
  return fields.some(([name, value]) => name.toLowerCase() === 'connection' && /close/i.test(value));
}

/** One kind of answer to all; a connection that ends between two of them was announced to. */
const always: readonly Outcome[] = [
  pass(echo('abc{nonce}'), 'open'),
  pass({ ...lastOk, content: 'abc{nonce}' }, 'closed', 'a server may limit the requests of a connection'),
];

/** Answers each request, known by its last octets, with the echo; the one of this number with another text. */
function answersEach(end: string, count: number, odd?: number, text = answer(200, 'abc')): Control {
  const name =
    odd === undefined ? `answers all ${count} alike` : `answers number ${odd} with ${text.split('\r\n', 1)[0]}`;
  return plays(name, async (peer) => {
    for (let index = 0; index < count; index++) {
      await peer.until(end);
      peer.say(index === odd ? text : answer(200, 'abc{nonce}'));
    }
    await peer.serveSentinel();
  });
}

function closesAfter(end: string, fields: readonly string[]): Control {
  return plays(`closes behind the second answer, which has ${fields.join() || 'no Connection field'}`, async (peer) => {
    await peer.until(end);
    peer.say(answer(200, 'abc{nonce}'));
    await peer.until(end);
    peer.say(answer(200, 'abc{nonce}', fields));
    peer.close();
  });
}

const splits = (text: string) => unitsOf(text).length - 1;
const END_OF_CONTENT = 'abc{nonce}';
const END_OF_CHUNKED = 'X-T: z\r\n\r\n';

export default defineCases([
  {
    id: 'h1/limits/octet-by-octet',
    title: 'A request that arrives one octet at a time is taken like any other',
    rfc: 'RFC9112#2.2',
    level: 'MUST',
    needs: ['echo'],
    tags: ['segmentation'],
    methods: ['POST'],
    send: octetByOctet(CONTENT),
    allow: [pass(echo('abc{nonce}'))],
    controls: { pass: replies(answer(200, 'abc{nonce}')), fail: [refuses(), replies(answer(200, 'bc{nonce}'))] },
  },
  {
    id: 'h1/limits/octet-by-octet-chunked',
    title: 'A chunked request that arrives one octet at a time is taken like any other',
    rfc: 'RFC9112#2.2',
    level: 'MUST',
    needs: ['echo'],
    tags: ['segmentation'],
    methods: ['POST'],
    send: octetByOctet(CHUNKED),
    allow: [pass(echo('abc{nonce}'))],
    controls: { pass: replies(answer(200, 'abc{nonce}')), fail: [refuses(), replies(answer(200, 'abc'))] },
  },
  {
    id: 'h1/limits/octet-by-octet-malformed',
    title: 'A malformed request that arrives one octet at a time is refused like any other',
    rfc: 'RFC9112#6.3',
    level: 'MUST',
    needs: ['echo'],
    tags: ['segmentation', 'smuggling'],
    methods: ['POST'],
    send: octetByOctet(post(['Content-Length: 1 0'], 'abc{nonce}')),
    allow: refusal(),
    controls: { pass: refuses(), fail: [replies(answer(200, 'abc{nonce}')), replies(answer(200, 'a'))] },
  },
  {
    id: 'h1/limits/octet-by-octet-pipelined',
    title: 'Two pipelined requests that arrive one octet at a time are two requests',
    rfc: 'RFC9112#2.2',
    level: 'MUST',
    needs: ['get', 'echo'],
    tags: ['segmentation'],
    methods: ['GET', 'POST'],
    send: octetByOctet(get('/') + CONTENT),
    allow: [pass([status(200), echo('abc{nonce}')]), pass(lastOk, 'closed', 'the target does not persist')],
    controls: {
      pass: [
        replies(answer(200, 'hello') + answer(200, 'abc{nonce}')),
        replies(answer(200, 'hello', ['Connection: close']), 'close'),
      ],
      fail: [replies(answer(200, 'hello') + answer(400)), replies(answer(200, 'hello'))],
    },
  },
  {
    id: 'h1/limits/every-split',
    title: 'Wherever a request is cut in two, its answer is the same',
    rfc: 'RFC9112#2.2',
    level: 'MUST',
    needs: ['echo'],
    tags: ['segmentation'],
    why: 'Requests follow each other on one connection, each cut one octet further on.',
    methods: ['POST'],
    send: CONTENT,
    run: (dialogue) => atEverySplit(dialogue, CONTENT),
    allow: always,
    controls: {
      pass: [answersEach(END_OF_CONTENT, splits(CONTENT)), closesAfter(END_OF_CONTENT, ['Connection: close'])],
      fail: [
        answersEach(END_OF_CONTENT, splits(CONTENT), 20),
        answersEach(END_OF_CONTENT, splits(CONTENT), 30, answer(400)),
        closesAfter(END_OF_CONTENT, []),
      ],
    },
  },
  {
    id: 'h1/limits/every-split-chunked',
    title: 'Wherever a chunked request is cut in two, its answer is the same',
    rfc: 'RFC9112#2.2',
    level: 'MUST',
    needs: ['echo'],
    tags: ['segmentation'],
    why: 'Sizes, extensions, line ends, data and trailers are all cut once.',
    methods: ['POST'],
    send: CHUNKED,
    run: (dialogue) => atEverySplit(dialogue, CHUNKED),
    allow: always,
    controls: {
      pass: [answersEach(END_OF_CHUNKED, splits(CHUNKED)), closesAfter(END_OF_CHUNKED, ['Connection: close'])],
      fail: [
        answersEach(END_OF_CHUNKED, splits(CHUNKED), 50),
        answersEach(END_OF_CHUNKED, splits(CHUNKED), 60, answer(400)),
        closesAfter(END_OF_CHUNKED, []),
      ],
    },
  },
]);
