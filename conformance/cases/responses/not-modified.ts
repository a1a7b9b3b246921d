import { answer, defineCases, get, pass, plays, request, response, status, warn } from '../../define.ts';
import type { Control, Dialogue, FieldList, Observation, Response } from '../../model.ts';
import { onlyOne } from '../connection/matches.ts';

/** RFC9110#15.4.5: a 304 stands for the 200 that would have been sent. */
const MARK = 'unlike 200: ';
/** What a 304 must repeat of the 200. */
const REPEATED = ['cache-control', 'content-location', 'date', 'etag', 'expires', 'vary'];

/** Asks for the file twice, the second time with the validator of the first answer; what differs is noted. */
async function revalidate(dialogue: Dialogue): Promise<Observation> {
  await dialogue.send(request('HEAD /file.bin HTTP/1.1'));
  const known = await dialogue.response();
  const etag = known === undefined ? undefined : value(known.fields, 'etag');
  const modified = known === undefined ? undefined : value(known.fields, 'last-modified');
  const condition = etag === undefined ? `If-Modified-Since: ${modified ?? ''}` : `If-None-Match: ${etag}`;
  await dialogue.send(get('/file.bin', [condition]));
  const seen = await dialogue.finish();
  const [first, second, ...others] = seen.responses;
  if (first === undefined || second === undefined) return seen;
  const problems = [...second.problems, ...Array.from(differences(first.fields, second.fields), (text) => MARK + text)];
  return { ...seen, responses: [first, { ...second, problems }, ...others] };
}

function* differences(of200: FieldList, of304: FieldList): Iterable<string> {
  for (const name of REPEATED) {
    if (value(of200, name) !== undefined && value(of304, name) === undefined) yield `${name} is missing`;
  }
  const [due, length] = [value(of200, 'content-length'), value(of304, 'content-length')];
  if (length !== undefined && length !== due) yield `content-length is ${length}, not ${due ?? 'absent'}`;
}

function value(fields: FieldList, name: string): string | undefined {
  return fields.find(([own]) => own.toLowerCase() === name)?.[1];
}

function alike(says: string, isFault: (difference: string) => boolean) {
  const complaint = ({ problems }: Response) =>
    problems
      .filter((one) => one.startsWith(MARK))
      .map((one) => one.slice(MARK.length))
      .find(isFault);
  return { status: [304], where: { says, complaint } } as const;
}

const SEND = [
  request('HEAD /file.bin HTTP/1.1'),
  response,
  get('/file.bin', ['If-None-Match: "the ETag of the first answer"']),
];
const HEAD = 'HTTP/1.1 200 OK\r\nETag: "a"\r\nVary: Accept\r\nContent-Length: 5\r\n\r\n';
const NOT_CONDITIONAL = 'the condition was not applied, so there is no 304 to look at';

/** Answers the HEAD, then the request behind it with this text. */
function revalidates(text: string): Control {
  return plays(`answers the HEAD and then says ${text.split('\r\n', 1)[0]}`, async (peer) => {
    await peer.until('\r\n\r\n');
    peer.say(HEAD);
    await peer.until('\r\n\r\n');
    peer.say(text);
    await peer.serveSentinel();
  });
}

function answers304(...fields: readonly string[]): Control {
  return revalidates(`HTTP/1.1 304 Not Modified\r\n${fields.map((line) => `${line}\r\n`).join('')}\r\n`);
}

export default defineCases([
  {
    id: 'h1/responses/304-length',
    title: 'A Content-Length in a 304 is that of the 200 it stands for, and no content follows',
    rfc: 'RFC9110#8.6',
    level: 'MUST',
    needs: ['head', 'file'],
    methods: ['HEAD', 'GET'],
    send: SEND,
    run: revalidate,
    allow: [
      pass([status(200), alike('with the Content-Length of 200, if any', (one) => one.startsWith('content-length'))]),
      warn([status(200), status(200)], 'any', NOT_CONDITIONAL),
      ...onlyOne,
    ],
    controls: {
      pass: [
        answers304('ETag: "a"', 'Content-Length: 5'),
        answers304('ETag: "a"'),
        revalidates(answer(200, 'hello', ['ETag: "a"'])),
      ],
      fail: [
        answers304('ETag: "a"', 'Content-Length: 0'),
        revalidates('HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\nhello'),
      ],
    },
  },
  {
    id: 'h1/responses/304-fields',
    title: 'A 304 repeats the fields of the 200 that a cache needs',
    rfc: 'RFC9110#15.4.5',
    level: 'MUST',
    needs: ['head', 'file'],
    why: `Of the 200, these are repeated: ${REPEATED.join(', ')}.`,
    methods: ['HEAD', 'GET'],
    send: SEND,
    run: revalidate,
    allow: [
      pass([status(200), alike(`with ${REPEATED.join(', ')} of 200`, (one) => one.endsWith(' is missing'))]),
      warn([status(200), status(200)], 'any', NOT_CONDITIONAL),
      ...onlyOne,
    ],
    controls: {
      pass: [answers304('ETag: "a"', 'Vary: Accept'), revalidates(answer(200, 'hello'))],
      fail: [answers304('ETag: "a"'), answers304('Vary: Accept')],
    },
  },
]);
