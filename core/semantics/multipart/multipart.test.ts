/** Forms (RFC7578): what is read, what is refused and where, in every cut; names and files; every state and input. */
import t from 'tap';
import { fromLatin1, latin1 } from '../../bytes/latin1.ts';
import { CODES } from '../../errors/protocol-error.ts';
import { isFailure } from '../failure.ts';
import { parseMediaType } from '../media-type.ts';
import { boundaryOf, isBoundary } from './boundary.ts';
import { parseDisposition } from './disposition.ts';
import { bareFilename } from './filename.ts';
import { type MultipartEvent, type MultipartOptions, MultipartReader } from './reader.ts';
import { MULTIPART_INPUTS, MULTIPART_NEXT, nextMultipartState } from './states.ts';

const SEED = 20_261_125;
const HEAD = 'Content-Disposition: form-data; name="a"\r\n\r\n';
const FILE = 'Content-Disposition: form-data; name="f"; filename="x"\r\n\r\n';

/** Events as text: content joined, so that cuts do not show. Pieces are overwritten once their events are read. */
function read(form: string, options: MultipartOptions = {}, nextLength = () => form.length): string[] {
  const reader = new MultipartReader('b', options);
  const said: string[] = [];
  let content = '';
  const hear = (events: MultipartEvent[]): void => {
    for (const event of events) {
      if (event.kind === 'content') {
        content += latin1(event.bytes);
        continue;
      }
      if (content !== '') said.push(`content ${JSON.stringify(content)}`);
      content = '';
      if (event.kind === 'part') said.push(`part ${event.head.name} ${event.head.filename ?? '-'} at ${event.offset}`);
      else if (event.kind === 'error') said.push(`${event.error.code} at ${event.error.offset}`);
      else said.push(`${event.kind} at ${event.offset}`);
    }
  };
  for (let at = 0; at < form.length; ) {
    const piece = fromLatin1(form.slice(at, at + nextLength()));
    at += piece.length;
    hear(reader.receive(piece));
    piece.fill(0x2d);
  }
  hear(reader.end());
  return said;
}

/** The same answer for the whole, for single octets, and for seeded cuts. */
function readEveryWay(form: string, options: MultipartOptions = {}): string[] {
  const whole = read(form, options);
  t.same(
    read(form, options, () => 1),
    whole,
    `octet by octet: ${form.slice(0, 60)}`,
  );
  let random = SEED;
  const next = (): number => {
    random = (Math.imul(random, 1_103_515_245) + 12_345) & 0x7fff_ffff;
    return 1 + ((random >> 16) % 7);
  };
  for (let round = 0; round < 4; round++)
    t.same(read(form, options, next), whole, `seed ${SEED}: ${form.slice(0, 60)}`);
  return whole;
}

const PART = ['part a - at 5', 'part-end at 49'];

t.test('forms are read as RFC2046#5.1.1 divides them', async (t) => {
  const rows: [form: string, said: string[]][] = [
    ['--b--', ['end at 5']],
    ['--b--\r\n', ['end at 7']],
    [`--b\r\n${HEAD}1\r\n--b--\r\n`, ['part a - at 5', 'content "1"', 'part-end at 50', 'end at 59']],
    [`--b\r\n${HEAD}\r\n--b--`, [...PART, 'end at 56']],
    // The empty line that ends the head may be the line end in front of the delimiter: there is no content then
    [`--b\r\n${HEAD}--b--`, [...PART, 'end at 54']],
    [`\r\n--b\r\n${HEAD}\r\n--b--`, ['part a - at 7', 'part-end at 51', 'end at 58']],
    [`who reads this\r\n--b\r\n${HEAD}\r\n--b--\r\nor this --b`, ['part a - at 21', 'part-end at 65', 'end at 85']],
    [`--b \t\r\n${HEAD}\r\n--b-- \t`, ['part a - at 7', 'part-end at 51', 'end at 60']],
    [
      `--b\r\n${HEAD}\r\n\r\n--\r\n--a\r\r\n-\n--b\r\n\r\n--b--`,
      ['part a - at 5', 'content "\\r\\n\\r\\n--\\r\\n--a\\r\\r\\n-\\n--b\\r\\n"', 'part-end at 70', 'end at 77'],
    ],
    [
      `--b\r\n${HEAD}1\r\n--b\r\n${FILE}\x00\xff\r\n--b--`,
      [
        'part a - at 5',
        'content "1"',
        'part-end at 50',
        'part f x at 57',
        'content "\\u0000ÿ"',
        'part-end at 117',
        'end at 124',
      ],
    ],
  ];
  for (const [form, said] of rows) t.same(readEveryWay(form), said, JSON.stringify(form));
});

const D = 'Content-Disposition: form-data';
const part = (head: string, content = '1'): string => `--b\r\n${head}\r\n\r\n${content}\r\n--b--`;

t.test('what is refused, by its code and place', async (t) => {
  const rows: [form: string, code: string, at: number, options?: MultipartOptions][] = [
    ['', 'FORM_CUT', 0],
    ['--b', 'FORM_CUT', 3],
    ['--b-', 'FORM_CUT', 4],
    ['--b--\r', 'FORM_CUT', 6],
    [`--b\r\n${HEAD}1`, 'FORM_CUT', 50],
    [`--b\r\n${HEAD}1\r\n--`, 'FORM_CUT', 54],
    ['--bc\r\n', 'FORM_DELIMITER_OCTET', 3],
    ['--b x', 'FORM_DELIMITER_OCTET', 4],
    ['--b-x', 'FORM_DELIMITER_OCTET', 4],
    ['--b\n', 'FORM_DELIMITER_OCTET', 3],
    [`--b\r\n${HEAD}1\r\n--bx`, 'FORM_DELIMITER_OCTET', 55],
    ['--b\rx', 'FORM_DELIMITER_LF', 4],
    ['--b--x', 'FORM_CLOSE_OCTET', 5],
    ['--b--\rx', 'FORM_CLOSE_OCTET', 6],
    ['--b\r\nA\n', 'FORM_HEAD_LF', 6],
    ['--b\r\nA\rB', 'FORM_HEAD_LF', 7],
    ['--b\r\n\n', 'FORM_HEAD_LF', 5],
    ['--b\r\n\r\r', 'FORM_HEAD_LF', 6],
    [part(`${D}; name=a\r\n--b: x`), 'FORM_HEAD_DELIMITER', 45],
    [part('--b--'), 'FORM_HEAD_DELIMITER', 5],
    [part(' A: b'), 'FORM_FIELD_FOLD', 5],
    [part(`${D}; name=a\r\n\tb`), 'FORM_FIELD_FOLD', 45],
    [part(': b'), 'FORM_FIELD_NAME', 5],
    [part('A : b'), 'FORM_FIELD_NAME', 6],
    [part('A'), 'FORM_FIELD_COLON', 6],
    [part('A: \x00'), 'FORM_FIELD_OCTET', 8],
    [part('A: b'), 'FORM_DISPOSITION_MISSING', 13],
    ['--b\r\n\r\n1\r\n--b--', 'FORM_DISPOSITION_MISSING', 7],
    [part(`${D}; name=a\r\n${D}; name=b`), 'FORM_DISPOSITION_TWICE', 45],
    [part('Content-Disposition: attachment; name=a'), 'FORM_DISPOSITION_TYPE', 26],
    [part('Content-Disposition: form-dat'), 'FORM_DISPOSITION_TYPE', 26],
    [part(`${D}; filename=a`), 'FORM_NAME_MISSING', 47],
    [part(`${D}; name="\xff"`), 'FORM_NAME_UTF8', 43],
    [part(`${D}; name=a; name=b`), 'PARAMETER_TWICE', 45],
    [part(`${D}; name=a; filename=a; FILENAME=b`), 'PARAMETER_TWICE', 57],
    [part(`${D}; name="a`), 'PARAMETER_CUT', 42],
    [part(`${D}; name="a\\"`), 'PARAMETER_CUT', 42],
    [part(`${D}; name=a; filename="c:\\"`), 'PARAMETER_CUT', 54],
    [part(`${D} name=a`), 'PARAMETER_SEMICOLON', 36],
    [part(`${D}; =a`), 'PARAMETER_NAME', 37],
    [part(`${D}; name`), 'PARAMETER_EQUALS', 41],
    [part(`${D}; name=`), 'PARAMETER_VALUE', 42],
    [part(`${D}; name=a;${Array.from({ length: 32 }, (_, i) => `p${i}=1`).join(';')}`), 'PARAMETER_COUNT', 220],
    [part(`${D}; name=a; filename*=utf-8''b`), 'FORM_FILENAME_EXTENDED', 55],
    [part(`${D}; name=a; filename*=latin1''b`), 'FORM_FILENAME_CODING', 55, { extendedFilename: 'accept' }],
    [part(`${D}; name=a; filename*=utf-8''%ff`), 'FORM_FILENAME_CODING', 55, { extendedFilename: 'accept' }],
    [`--b\r\n${HEAD}1\r\n--b\r\n${HEAD}`, 'FORM_PARTS', 57, { limits: { parts: 1 } }],
    [part(`${D}; name="${'a'.repeat(40)}"`), 'FORM_HEAD_BYTES', 69, { limits: { partHeadBytes: 64 } }],
    [part(`${D}; name=a\r\nB: c`), 'FORM_FIELD_COUNT', 45, { limits: { partFieldCount: 1 } }],
    [`--b\r\n${HEAD}12345\r\n--b--`, 'FORM_VALUE_BYTES', 53, { limits: { valueBytes: 4, fileBytes: 5 } }],
    [`--b\r\n${HEAD}\r\n\r\n\r\r\n--b--`, 'FORM_VALUE_BYTES', 53, { limits: { valueBytes: 4 } }],
    [`--b\r\n${FILE}12345\r\n--b--`, 'FORM_FILE_BYTES', 67, { limits: { valueBytes: 5, fileBytes: 4 } }],
    [`--b\r\n${HEAD}12345\r\n--b--`, 'FORM_BYTES', 52, { limits: { totalBytes: 52 } }],
    ['12345\r\n--b--', 'FORM_OUTSIDE_BYTES', 4, { limits: { outsideBytes: 4 } }],
    ['--b--\r\n12345', 'FORM_OUTSIDE_BYTES', 11, { limits: { outsideBytes: 4 } }],
    ['--b--     ', 'FORM_OUTSIDE_BYTES', 9, { limits: { outsideBytes: 4 } }],
  ];
  for (const [form, code, at, options] of rows)
    t.equal(readEveryWay(form, options).at(-1), `${code} at ${at}`, JSON.stringify(form));
  const own = Object.keys(CODES).filter((code) => code.startsWith('FORM_') && !code.startsWith('FORM_BOUNDARY'));
  t.same(
    own.filter((code) => !rows.some((row) => row[1] === code)),
    [],
    'every code has its row',
  );
});

t.test('content up to a limit is told before the form is refused, and nothing behind it', async (t) => {
  const reader = new MultipartReader('b', { limits: { valueBytes: 4 } });
  const kinds = reader.receive(fromLatin1(`--b\r\n${HEAD}12345`)).map(({ kind }) => kind);
  t.same(kinds, ['part', 'content', 'error']);
  t.same([reader.state, reader.receive(fromLatin1('6')), reader.end()], ['failed', [], []]);
});

t.test('names and files (RFC7578#4.2)', async (t) => {
  const latin = (text: string): string => Buffer.from(text).toString('latin1');
  const rows: [value: string, name: string, filename?: string][] = [
    ['form-data; name=a', 'a'],
    ['Form-Data ;NAME="a b";', 'a b'],
    ['form-data; name=""', ''],
    [`form-data; name="${latin('né')}"; filename="${latin('naïve 漢字.txt')}"`, 'né', 'naïve 漢字.txt'],
    ['form-data; name="a%22b%0D%0Ac%25"', 'a"b\r\nc%25'],
    ['form-data; name="a\\"b\\\\c\\d"', 'a"b\\c\\d'],
    ['form-data; name=a; filename=""', 'a', ''],
    ['form-data; name=a; filename="../../etc/passwd"', 'a', 'passwd'],
    ['form-data; name=a; filename="C:\\Users\\x\\a.txt"', 'a', 'a.txt'],
    ['form-data; name=a; filename="\xff.txt"', 'a', '\ufffd.txt'],
    ['form-data; name=a; other="\xff"', 'a'],
  ];
  for (const [value, name, filename] of rows) t.same(parseDisposition(value, 'refuse'), { name, filename }, value);
  const both = 'form-data; name=a; filename="b"; filename*=UTF-8\'en\'%e2%82%ac%20rates';
  t.same(parseDisposition(both, 'accept'), { name: 'a', filename: '€ rates' });
});

t.test('bareFilename() leaves no path and nothing that cannot be seen', async (t) => {
  const rows: [text: string, name: string][] = [
    ['a.txt', 'a.txt'],
    ['/a/b/', ''],
    ['..', ''],
    ['a/..', ''],
    ['.', ''],
    ['.\0.', ''],
    ['. .', '. .'],
    ['C:a.txt', 'a.txt'],
    ['12:30.png', '12:30.png'],
    ['..\\..\\a', 'a'],
    ['a\0.txt\r\n', 'a.txt'],
    ['\u202egnp.exe', 'gnp.exe'],
    ['.htaccess', '.htaccess'],
    ['', ''],
  ];
  for (const [text, name] of rows) t.equal(bareFilename(text), name, JSON.stringify(text));
});

t.test('a boundary is what RFC2046#5.1.1 says it is', async (t) => {
  const rows: [type: string, expected: unknown][] = [
    ['multipart/form-data; boundary=abc', 'abc'],
    ['multipart/form-data; boundary="a b=?:/(x)"', 'a b=?:/(x)'],
    [`multipart/form-data; boundary=${'a'.repeat(70)}`, 'a'.repeat(70)],
    ['multipart/form-data', 'FORM_BOUNDARY_MISSING'],
    ['multipart/form-data; boundary=""', 'FORM_BOUNDARY'],
    [`multipart/form-data; boundary=${'a'.repeat(71)}`, 'FORM_BOUNDARY'],
    ['multipart/form-data; boundary="a "', 'FORM_BOUNDARY'],
    ['multipart/form-data; boundary="a;b"', 'FORM_BOUNDARY'],
  ];
  for (const [text, expected] of rows) {
    const type = parseMediaType(text);
    const boundary = isFailure(type) ? type : boundaryOf(type);
    t.equal(typeof boundary === 'string' ? boundary : boundary.failure, expected, text);
  }
  t.equal(isBoundary('a\n'), false);
  t.throws(() => new MultipartReader('a\r\n'), { name: 'CallerError', code: 'BOUNDARY' });
  t.throws(() => new MultipartReader('b', { limits: { parts: 0 } }), RangeError);
});

/** Octets behind which a reader is in a state. */
const WAYS = {
  preamble: '',
  boundary: '--b',
  dash: '--b-',
  padding: '--b ',
  'line-end': '--b\r',
  head: '--b\r\n',
  content: `--b\r\n${HEAD}`,
  close: '--b--',
  'close-line-end': '--b--\r',
  epilogue: '--b--\r\n',
  failed: '--bx',
  ended: undefined,
} as const satisfies Record<keyof typeof MULTIPART_NEXT, string | undefined>;

const OCTETS = {
  delimiter: '\r\n--b',
  dash: '-',
  space: ' ',
  cr: '\r',
  lf: '\n',
  head: HEAD,
  eof: undefined,
  error: 'x',
};

t.test('every state and input: the table is what happens (I1 to I5)', async (t) => {
  for (const state of Object.keys(MULTIPART_NEXT) as (keyof typeof MULTIPART_NEXT)[]) {
    const reader = new MultipartReader('b');
    reader.receive(fromLatin1(WAYS[state] ?? '--b--'));
    if (state === 'ended') reader.end();
    t.equal(reader.state, state, `I am in ${state}`);
    for (const input of MULTIPART_INPUTS) {
      const one = new MultipartReader('b');
      one.receive(fromLatin1(WAYS[state] ?? '--b--'));
      if (state === 'ended') one.end();
      const octets = OCTETS[input];
      if (octets === undefined) one.end();
      else one.receive(fromLatin1(octets));
      const next = nextMultipartState(state, input);
      // Where a state has no way on for some octets, they are content, part of a head, or refused
      if (next !== undefined && input !== 'error') t.equal(one.state, next, `${state} × ${input}`);
      else if (state === 'failed' || state === 'ended') t.equal(one.state, state, `${state} × ${input}`);
      else
        t.ok(
          ['failed', state, 'head', 'boundary', 'epilogue'].includes(one.state),
          `${state} × ${input}: ${one.state}`,
        );
    }
  }
});

t.test('a form made to look like its delimiter is read in linear time', async (t) => {
  const near = fromLatin1(`--${'b'.repeat(60)}`);
  const reader = new MultipartReader('b'.repeat(61), { limits: { outsideBytes: 1_048_576 } });
  const started = process.cpuUsage().user;
  const piece = fromLatin1(`\r\n${latin1(near)}`.repeat(1_000));
  for (let i = 0; i < 16; i++) reader.receive(piece.slice(0, 65_000));
  t.ok(process.cpuUsage().user - started < 2_000_000, 'a megabyte of it takes far less than two seconds');
});
