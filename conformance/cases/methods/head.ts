import { answer, defineCases, get, pass, refuses, replies, request, response, status, warn } from '../../define.ts';
import type { Case, Control, Dialogue, FieldList, Observation, Response } from '../../model.ts';
import { onlyOne } from '../connection/matches.ts';

/** RFC9110#9.3.2: HEAD is GET without the content. */
const head = (path: string) => request(`HEAD ${path} HTTP/1.1`);

/** Fields whose value may differ from one response to the next. */
const VOLATILE = ['age', 'connection', 'date', 'expires', 'keep-alive', 'set-cookie', 'x-request-id'];
/** Fields whose value may be known only once the content is made; HEAD may leave them out. */
const OF_CONTENT = [
  'content-length',
  'transfer-encoding',
  'trailer',
  'etag',
  'last-modified',
  'content-digest',
  'repr-digest',
  'vary',
];
const MARK = 'unlike GET: ';

/** A HEAD behind a GET of the same target; what differs is noted among the problems of the second response. */
function comparison(path: string): Pick<Case, 'methods' | 'send' | 'run'> {
  return {
    methods: ['GET', 'HEAD'],
    send: [get(path), response, head(path)],
    run: (dialogue) => compare(dialogue, path),
  };
}

async function compare(dialogue: Dialogue, path: string): Promise<Observation> {
  await dialogue.send(get(path));
  await dialogue.response();
  await dialogue.send(head(path));
  const seen = await dialogue.finish();
  const [first, second, ...others] = seen.responses;
  if (first === undefined || second === undefined) return seen;
  const problems = [...second.problems, ...differences(first.fields, second.fields).map((text) => MARK + text)];
  return { ...seen, responses: [first, { ...second, problems }, ...others] };
}

function differences(ofGet: FieldList, ofHead: FieldList): string[] {
  const own = toMap(ofHead);
  const other = toMap(ofGet);
  const found: string[] = [];
  for (const [name, value] of own) {
    const expected = other.get(name);
    if (VOLATILE.includes(name)) continue;
    if (expected === undefined) found.push(name === 'content-length' ? 'content-length, of no GET' : `extra ${name}`);
    else if (expected !== value) found.push(`${name} is "${value}", not "${expected}"`);
  }
  for (const name of other.keys()) {
    if (!own.has(name) && !VOLATILE.includes(name))
      found.push(`${OF_CONTENT.includes(name) ? 'unknown' : 'missing'} ${name}`);
  }
  return found;
}

function toMap(fields: FieldList): Map<string, string> {
  const map = new Map<string, string>();
  for (const [name, value] of fields) {
    const key = name.toLowerCase();
    const before = map.get(key);
    map.set(key, before === undefined ? value : `${before}, ${value}`);
  }
  return map;
}

/** What the second response must not have among its problems. */
function without(says: string, isFault: (difference: string) => boolean) {
  return {
    status: [200],
    where: {
      says,
      complaint: ({ problems }: Response) => {
        const faults = problems.filter((one) => one.startsWith(MARK)).map((one) => one.slice(MARK.length));
        return faults.find(isFault);
      },
    },
  } as const;
}

const sameLength = without('whose Content-Length, if any, is that of GET', (one) => one.startsWith('content-length'));
const sameFields = without('with the fields of GET', (one) => !one.startsWith('unknown '));
const fieldsMissing = without(
  'with the fields of GET, some left out',
  (one) => !one.startsWith('unknown ') && !one.startsWith('missing '),
);

const TYPE = 'Content-Type: text/plain';
const ofGet = answer(200, 'hello', [TYPE]);

/** Answers a GET and then a HEAD with this head. */
function answersHead(...fields: readonly string[]): Control {
  return replies([ofGet, `HTTP/1.1 200 OK\r\n${fields.map((line) => `${line}\r\n`).join('')}\r\n`]);
}

export default defineCases([
  {
    id: 'h1/methods/head-supported',
    title: 'HEAD is supported where GET is',
    rfc: 'RFC9110#9.1',
    level: 'MUST',
    needs: ['get'],
    send: head('/'),
    allow: [pass(status(200))],
    controls: {
      pass: replies('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n'),
      fail: [
        replies('HTTP/1.1 405 Not Allowed\r\nAllow: GET\r\nContent-Length: 0\r\n\r\n'),
        replies('HTTP/1.1 501 Not Implemented\r\n\r\n'),
      ],
    },
  },
  {
    id: 'h1/methods/head-content-length',
    title: 'A Content-Length in the answer to HEAD is that of GET',
    rfc: 'RFC9110#8.6',
    level: 'MUST',
    needs: ['head'],
    ...comparison('/'),
    allow: [pass([status(200), sameLength]), ...onlyOne],
    controls: {
      pass: [
        answersHead('Content-Length: 5', TYPE),
        answersHead(TYPE),
        replies([answer(200, 'hello', ['Connection: close']), ''], 'close'),
      ],
      fail: [
        answersHead('Content-Length: 0', TYPE),
        answersHead('Content-Length: 6', TYPE),
        replies([ofGet, ''], 'close'),
      ],
    },
  },
  {
    id: 'h1/methods/head-same-fields',
    title: 'HEAD is answered with the fields of GET',
    rfc: 'RFC9110#9.3.2',
    level: 'SHOULD',
    needs: ['head'],
    why: 'Fields that are known only once the content is made may be left out; those that name a moment or a connection are not compared.',
    ...comparison('/'),
    allow: [
      pass([status(200), sameFields]),
      warn([status(200), fieldsMissing], 'any', 'some fields are left out'),
      ...onlyOne,
    ],
    controls: {
      pass: [answersHead(TYPE, 'Content-Length: 5'), answersHead(TYPE), answersHead('Content-Length: 5')],
      fail: [answersHead('Content-Type: text/html', 'Content-Length: 5'), answersHead(TYPE, 'X-Other: 1')],
    },
  },
  {
    id: 'h1/methods/head-file-content-length',
    title: 'A Content-Length in the answer to HEAD of a static file is the size of the file',
    rfc: 'RFC9110#8.6',
    level: 'MUST',
    needs: ['head', 'file'],
    ...comparison('/file.bin'),
    allow: [pass([status(200), sameLength]), ...onlyOne],
    controls: {
      pass: [answersHead('Content-Length: 5', TYPE), answersHead(TYPE)],
      fail: [answersHead('Content-Length: 0', TYPE)],
    },
  },
  {
    id: 'h1/methods/head-file-same-fields',
    title: 'HEAD of a static file is answered with the fields of GET',
    rfc: 'RFC9110#9.3.2',
    level: 'SHOULD',
    needs: ['head', 'file'],
    ...comparison('/file.bin'),
    allow: [
      pass([status(200), sameFields]),
      warn([status(200), fieldsMissing], 'any', 'some fields are left out'),
      ...onlyOne,
    ],
    controls: {
      pass: [answersHead(TYPE, 'Content-Length: 5'), answersHead('Content-Length: 5')],
      fail: answersHead('Content-Type: text/html', 'Content-Length: 5'),
    },
  },
  {
    id: 'h1/methods/head-of-missing',
    title: 'The answer to HEAD has no content when it is an error, either',
    rfc: 'RFC9110#9.3.2',
    level: 'MUST',
    needs: ['head'],
    why: 'Pages for errors are often made by other code than answers. Content behind the head would be read as the next response.',
    send: head('/no-such-{nonce}'),
    allow: [pass(status('2xx', '3xx', '4xx'))],
    controls: {
      pass: [
        replies('HTTP/1.1 404 Not Found\r\nContent-Length: 9\r\n\r\n'),
        replies('HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n', 'close'),
      ],
      fail: [
        replies(answer(404, 'not found')),
        replies(answer(404, 'not found', ['Connection: close']), 'close'),
        refuses(500),
      ],
    },
  },
]);
