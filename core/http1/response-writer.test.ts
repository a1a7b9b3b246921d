import t from 'tap';
import { fromLatin1, latin1 } from '../bytes/latin1.ts';
import { OutputQueue } from '../bytes/output-queue.ts';
import { CallerError, type CallerErrorCode } from '../errors/caller-error.ts';
import type { ResponseHead } from '../semantics/exchange.ts';
import type { FieldInput } from '../semantics/field.ts';
import {
  nextResponseState,
  RESPONSE_INPUTS,
  RESPONSE_NEXT,
  type ResponseInput,
  type ResponseState,
} from './response-states.ts';
import { ResponseWriter } from './response-writer.ts';

const ABC = fromLatin1('abc');

interface Bench {
  readonly writer: ResponseWriter;
  /** What was written since the last call. */
  said(): string;
}

function bench(method = 'GET', minor = 1, date?: string): Bench {
  const queue = new OutputQueue();
  const writer = new ResponseWriter({ method, minor, date: () => date }, queue);
  return {
    writer,
    said: () =>
      queue
        .take()
        .map((part) => latin1(part))
        .join(''),
  };
}

/** The code that `act` throws, or `undefined`; a bug throws on. */
function codeOf(act: () => unknown): CallerErrorCode | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    if (error instanceof CallerError) return error.code;
    throw error;
  }
}

t.test('every input in every state of a response leads where the table says (I1 to I3)', async (t) => {
  const apply: Record<ResponseInput, (writer: ResponseWriter) => void> = {
    interim: (writer) => writer.interim(103),
    head: (writer) => writer.head({ status: 200 }, 'keep'),
    whole: (writer) => writer.whole({ status: 200 }, 'keep', ABC),
    content: (writer) => writer.content(ABC),
    end: (writer) => writer.end(),
  };
  const ways: Record<ResponseState, readonly ResponseInput[]> = { waiting: [], content: ['head'], done: ['whole'] };
  const isState = (name: string): name is ResponseState => name in RESPONSE_NEXT;
  for (const state of Object.keys(RESPONSE_NEXT).filter(isState)) {
    for (const input of RESPONSE_INPUTS) {
      const next = nextResponseState(state, input);
      if (state !== 'waiting')
        t.notOk(next !== undefined && /^(?:head|whole|interim)$/.test(input), `I1, I2: no ${input} in ${state}`);
      if (state === 'done') t.equal(next, undefined, `I3: done takes no ${input}`);
      const { writer, said } = bench();
      for (const step of ways[state]) apply[step](writer);
      t.equal(writer.state, state);
      said();
      const code = codeOf(() => apply[input](writer));
      t.equal(code === undefined, next !== undefined, `${input} in ${state}: ${code ?? next}`);
      t.equal(writer.state, next ?? state, `${input} in ${state} leads to ${next ?? 'where it was'}`);
      if (code !== undefined) t.equal(said(), '', `${input} in ${state} writes nothing`);
    }
  }
});

t.test('content is framed by method, version and status (RFC9112#6.3)', async (t) => {
  type Way = 'whole' | 'pieces' | 'pieces of known length';
  const rows: [way: Way, method: string, minor: number, status: number, head: string, content: string][] = [
    ['whole', 'GET', 1, 200, 'Content-Length: 3', 'abc'],
    ['whole', 'HEAD', 1, 200, 'Content-Length: 3', ''],
    ['whole', 'GET', 0, 200, 'Content-Length: 3, Connection: keep-alive', 'abc'],
    ['pieces', 'GET', 1, 200, 'Transfer-Encoding: chunked', '3\r\nabc\r\n3\r\nabc\r\n0\r\n\r\n'],
    ['pieces', 'HEAD', 1, 200, '', ''],
    ['pieces', 'GET', 0, 200, 'Connection: close', 'abcabc'],
    ['pieces', 'HEAD', 0, 200, 'Connection: keep-alive', ''],
    ['pieces of known length', 'GET', 1, 200, 'Content-Length: 6', 'abcabc'],
    ['pieces of known length', 'HEAD', 1, 200, 'Content-Length: 6', ''],
    ['pieces of known length', 'GET', 0, 200, 'Content-Length: 6, Connection: keep-alive', 'abcabc'],
  ];
  for (const [way, method, minor, status, lines, content] of rows) {
    const { writer, said } = bench(method, minor);
    if (way === 'whole') writer.whole({ status }, 'keep', ABC);
    else {
      const isKept = writer.head({ status }, 'keep', way === 'pieces' ? undefined : 6);
      t.equal(isKept, !lines.includes('close'), 'and says whether the connection goes on');
      for (const piece of [ABC, new Uint8Array(0), ABC]) writer.content(piece);
      writer.end();
    }
    const fields = lines === '' ? '' : `${lines.replaceAll(', ', '\r\n')}\r\n`;
    t.equal(said(), `HTTP/1.1 ${status} OK\r\n${fields}\r\n${content}`, `${way} to ${method} of HTTP/1.${minor}`);
  }
});

t.test('a status without content gets none, and no length that would lie (RFC9110#8.6)', async (t) => {
  const none = new Uint8Array(0);
  const rows: [status: number, whole: string, pieces: string][] = [
    [204, '', ''],
    [304, '', ''],
    [205, 'Content-Length: 0\r\n', 'Content-Length: 0\r\n'],
  ];
  for (const [status, whole, pieces] of rows) {
    for (const minor of [0, 1]) {
      const end = minor === 0 ? 'Connection: keep-alive\r\n\r\n' : '\r\n';
      const first = bench('GET', minor);
      first.writer.whole({ status, reason: 'X' }, 'keep', none);
      t.equal(first.said(), `HTTP/1.1 ${status} X\r\n${whole}${end}`, `${status} at once to HTTP/1.${minor}`);
      const second = bench('GET', minor);
      second.writer.head({ status, reason: 'X' }, 'keep');
      t.equal(
        codeOf(() => second.writer.content(ABC)),
        'CONTENT_OVER',
        `${status} takes no content`,
      );
      second.writer.end();
      t.equal(second.said(), `HTTP/1.1 ${status} X\r\n${pieces}${end}`, `${status} in pieces to HTTP/1.${minor}`);
    }
    t.equal(
      codeOf(() => bench().writer.whole({ status }, 'keep', ABC)),
      'CONTENT_OVER',
      `${status} with content`,
    );
  }
  const conditional = bench();
  conditional.writer.head({ status: 304 }, 'keep', 6);
  conditional.writer.end();
  t.match(conditional.said(), /Content-Length: 6\r\n/, 'a 304 may say what a 200 would have had');
});

t.test('no name, value or reason can split a response, and nothing is written when one tries', async (t) => {
  const names = ['', 'a b', 'a:', 'a\r\n', 'a\n', '\x00', '\xe9', 'a\u010a'];
  const values = [
    'a\r\nb: c',
    'a\nb',
    'a\rb',
    '\r',
    '\n',
    'a\x00',
    '\x1b',
    '\x7f',
    ' a',
    'a ',
    '\ta',
    'a\t',
    'a\u0100',
    '\u010a',
  ];
  const reserved = ['Content-Length', 'transfer-encoding', 'Connection', 'KEEP-ALIVE'];
  const row = (code: CallerErrorCode, fields: FieldInput): [CallerErrorCode, FieldInput] => [code, fields];
  const rows = [
    ...names.map((name) => row('FIELD_NAME', [[name, 'x']])),
    ...values.map((value) => row('FIELD_VALUE', { X: value })),
    row('FIELD_VALUE', { X: ['fine', 'a\r\n'] }),
    ...reserved.map((name) => row('FIELD_RESERVED', { [name]: '1' })),
  ];
  for (const [code, fields] of rows) {
    for (const way of ['whole', 'head', 'interim', 'trailer'] as const) {
      const { writer, said } = bench();
      if (way === 'trailer') writer.head({ status: 200 }, 'keep');
      said();
      const acts = {
        whole: () => writer.whole({ status: 200, fields }, 'keep', ABC),
        head: () => writer.head({ status: 200, fields }, 'keep'),
        interim: () => writer.interim(103, fields),
        trailer: () => writer.end(fields),
      };
      const expected = way === 'trailer' && code === 'FIELD_RESERVED' ? 'TRAILER_FORBIDDEN' : code;
      t.equal(codeOf(acts[way]), expected, `${code} of ${JSON.stringify(fields)} as ${way}`);
      t.same([said(), writer.state], ['', way === 'trailer' ? 'content' : 'waiting'], 'nothing was written');
    }
  }
  for (const reason of ['a\r\nb: c', '\n', '\x00', '\u010a']) {
    t.equal(
      codeOf(() => bench().writer.whole({ status: 200, reason }, 'keep', ABC)),
      'REASON',
      JSON.stringify(reason),
    );
  }
  const { writer, said } = bench();
  writer.whole(
    { status: 299, fields: { 'X-Obs': 'caf\xe9 \xff', Empty: '', Many: ['1', '2'], Tab: 'a\tb' } },
    'keep',
    ABC,
  );
  t.equal(
    said(),
    'HTTP/1.1 299 \r\nX-Obs: caf\xe9 \xff\r\nEmpty: \r\nMany: 1\r\nMany: 2\r\nTab: a\tb\r\nContent-Length: 3\r\n\r\nabc',
  );
});

t.test('what would desynchronise the connection is refused before anything is written', async (t) => {
  const started = (head: ResponseHead, length?: number): Bench => {
    const made = bench();
    made.writer.head(head, 'keep', length);
    made.said();
    return made;
  };
  const two = started({ status: 200 }, 2);
  t.equal(
    codeOf(() => two.writer.content(ABC)),
    'CONTENT_OVER',
    'more than the declared length',
  );
  two.writer.content(ABC.subarray(1));
  t.equal(
    codeOf(() => two.writer.content(ABC.subarray(2))),
    'CONTENT_OVER',
    'one octet more',
  );
  t.equal(
    codeOf(() => two.writer.end({ X: 'y' })),
    'TRAILERS_UNFRAMED',
    'trailers without chunks',
  );
  two.writer.end();
  t.equal(two.said(), 'bc');
  const four = started({ status: 200 }, 4);
  four.writer.content(ABC);
  t.equal(
    codeOf(() => four.writer.end()),
    'CONTENT_UNDER',
    'less than the declared length',
  );
  for (const length of [-1, 1.5, Number.NaN, 2 ** 53]) {
    t.equal(
      codeOf(() => bench().writer.head({ status: 200 }, 'keep', length)),
      'CONTENT_LENGTH',
      String(length),
    );
  }
  for (const status of [0, 99, 100, 101, 199, 600, 200.5, Number.NaN]) {
    t.equal(
      codeOf(() => bench().writer.head({ status }, 'keep')),
      'STATUS',
      `final status ${status}`,
    );
  }
  for (const status of [99, 101, 200, 103.5]) {
    t.equal(
      codeOf(() => bench().writer.interim(status)),
      'INTERIM_STATUS',
      `interim status ${status}`,
    );
  }
  t.equal(
    codeOf(() => bench('GET', 0).writer.interim(103)),
    'INTERIM_VERSION',
    'RFC9110#15.2: none to HTTP/1.0',
  );
  const trailed = started({ status: 200 });
  for (const name of [
    'Content-Length',
    'Trailer',
    'authorization',
    'Set-Cookie',
    'Content-Type',
    'Host',
    'Cache-Control',
  ]) {
    t.equal(
      codeOf(() => trailed.writer.end({ [name]: 'x' })),
      'TRAILER_FORBIDDEN',
      `${name} (RFC9110#6.5.1)`,
    );
  }
  trailed.writer.end({ ETag: '"x"' });
  t.equal(trailed.said(), '0\r\nETag: "x"\r\n\r\n');
});

t.test("Date and Connection are the server's (RFC9110#6.6.1, RFC9112#9.6)", async (t) => {
  const rows: [minor: number, persistence: 'keep' | 'close', fields: FieldInput, lines: string][] = [
    [1, 'keep', {}, 'Date: D\r\nContent-Length: 0\r\n'],
    [1, 'close', {}, 'Date: D\r\nContent-Length: 0\r\nConnection: close\r\n'],
    [0, 'keep', {}, 'Date: D\r\nContent-Length: 0\r\nConnection: keep-alive\r\n'],
    [0, 'close', {}, 'Date: D\r\nContent-Length: 0\r\nConnection: close\r\n'],
    [1, 'keep', { date: 'own' }, 'date: own\r\nContent-Length: 0\r\n'],
    [
      1,
      'keep',
      [
        ['X', '1'],
        ['DATE', 'own'],
      ],
      'X: 1\r\nDATE: own\r\nContent-Length: 0\r\n',
    ],
  ];
  for (const [minor, persistence, fields, lines] of rows) {
    const { writer, said } = bench('GET', minor, 'D');
    t.equal(writer.whole({ status: 200, fields }, persistence, new Uint8Array(0)), persistence === 'keep');
    t.equal(said(), `HTTP/1.1 200 OK\r\n${lines}\r\n`, `HTTP/1.${minor}, ${persistence}, ${JSON.stringify(fields)}`);
  }
});
