import {
  defineHttp1Spellings,
  type Http1Form,
  type Http1Spelling,
  http1Chunked,
  http1Message,
  linesOf,
  type Piece,
  partsOf,
} from '../../equivalence/define.ts';
import type { FieldList } from '../../model.ts';
import { chunk } from '../../octets.ts';

const TURN: Piece = { kind: 'turn' };
const TRAILERS: FieldList = [['x-trailer', 'late']];
/** Longer messages are not sent octet by octet: each octet costs an exchange on a second connection. */
const MOST_OCTETS = 400;

/** One write. */
function whole(text: string): Http1Form {
  return { pieces: [text] };
}

/** Pieces between which the target has its turn. */
function apart(texts: readonly string[]): Http1Form {
  return { pieces: texts.flatMap((text, index) => (index === 0 ? [text] : [TURN, text])) };
}

type Write = Http1Spelling['write'];

/** Only of requests that have content: a framing field without any may be refused with GET (RFC9110#9.3.1). */
function withContent(write: Write): Write {
  return (logical, values) => (logical.content === '' ? undefined : write(logical, values));
}

function octetByOctet(text: string): Http1Form | undefined {
  return text.length > MOST_OCTETS ? undefined : apart(partsOf(text, 1));
}

/** `a\r\n` and `b`, and likewise for each line end of the head. */
function atLineEnds(text: string, cutAt: number): readonly string[] {
  const end = text.indexOf('\r\n\r\n') + 4;
  const lines = text.slice(0, end).split(/(?<=\r\n)/);
  const [parts, rest] = lines.reduce<[string[], string]>(
    ([done, open], line) => [[...done, open + line.slice(0, line.length - cutAt)], line.slice(line.length - cutAt)],
    [[], ''],
  );
  return [...parts, rest + text.slice(end)].filter((part) => part !== '');
}

/** Lines of one name in one line, where the first of them stood. */
function joined(fields: FieldList): readonly string[] {
  const names = [...new Set(fields.map(([name]) => name))];
  return names.map(
    (name) =>
      `${name}: ${fields
        .filter(([own]) => own === name)
        .map(([, value]) => value)
        .join(', ')}`,
  );
}

/** Chunks of this size, each written by `spell`. */
function chunksOf(content: string, size: number, spell: (data: string) => string): string {
  return `${partsOf(content, size).map(spell).join('')}0\r\n\r\n`;
}

const CHUNKED = 'Transfer-Encoding: chunked';

export default defineHttp1Spellings([
  {
    slug: 'absolute-form',
    says: 'The target in absolute-form',
    rfc: 'RFC9112#3.2.2',
    write: (logical, values) =>
      whole(http1Message(logical, values, { target: `${values.scheme}://${values.host}${logical.path}` })),
  },
  {
    slug: 'absolute-form-of-another-case',
    says: 'The target in absolute-form, its scheme in upper case',
    rfc: 'RFC9110#4.2.3',
    why: 'A scheme has no case.',
    write: (logical, values) =>
      whole(
        http1Message(logical, values, { target: `${values.scheme.toUpperCase()}://${values.host}${logical.path}` }),
      ),
  },
  {
    slug: 'names-in-upper-case',
    says: 'Field names in upper case',
    rfc: 'RFC9112#5',
    write: (logical, values) => {
      const fields = logical.fields.map(([name, value]) => [name.toUpperCase(), value] as const);
      return whole(http1Message(logical, values, { lines: linesOf(fields) }));
    },
  },
  {
    slug: 'white-space-around-values',
    says: 'Spaces and tabs around field values',
    rfc: 'RFC9112#5',
    write: (logical, values) =>
      whole(
        http1Message(logical, values, { lines: logical.fields.map(([name, value]) => `${name}: \t ${value}\t  `) }),
      ),
  },
  {
    slug: 'no-white-space',
    says: 'No space behind the colons',
    rfc: 'RFC9112#5',
    write: (logical, values) =>
      whole(http1Message(logical, values, { lines: logical.fields.map(([name, value]) => `${name}:${value}`) })),
  },
  {
    slug: 'fields-in-another-order',
    says: 'Fields in another order, but for those of one name',
    rfc: 'RFC9110#5.3',
    write: (logical, values) => {
      const names = [...new Set(logical.fields.map(([name]) => name))].reverse();
      const fields = names.flatMap((name) => logical.fields.filter(([own]) => own === name));
      return whole(http1Message(logical, values, { lines: linesOf(fields) }));
    },
  },
  {
    slug: 'lists-in-one-line',
    says: 'Lines of one name in one line',
    rfc: 'RFC9110#5.2',
    write: (logical, values) => whole(http1Message(logical, values, { lines: joined(logical.fields) })),
  },
  {
    slug: 'host-last',
    says: 'Host behind all other fields',
    rfc: 'RFC9110#5.3',
    write: (logical, values) => {
      const [start = '', host = '', ...rest] = http1Message(logical, values).split('\r\n');
      const end = rest.indexOf('');
      return whole([start, ...rest.slice(0, end), host, ...rest.slice(end)].join('\r\n'));
    },
  },
  {
    slug: 'empty-line-in-front',
    says: 'An empty line in front',
    rfc: 'RFC9112#2.2',
    level: 'SHOULD',
    write: (logical, values) => whole(`\r\n${http1Message(logical, values)}`),
  },
  {
    slug: 'length-with-zeros',
    says: 'A Content-Length with leading zeros',
    rfc: 'RFC9110#8.6',
    write: withContent((logical, values) =>
      whole(http1Message(logical, values, { framing: `Content-Length: 000${logical.content.length}` })),
    ),
  },
  {
    slug: 'expects-continue',
    says: '100-continue expected, and the content sent at once',
    rfc: 'RFC9110#10.1.1',
    write: withContent((logical, values) =>
      whole(http1Message(logical, values, { lines: [...linesOf(logical.fields), 'Expect: 100-continue'] })),
    ),
  },
  {
    slug: 'closes',
    says: 'Connection: close',
    rfc: 'RFC9112#9.6',
    write: (logical, values) =>
      whole(http1Message(logical, values, { lines: ['Connection: close', ...linesOf(logical.fields)] })),
  },
  {
    slug: 'pipelined',
    says: 'Behind another request, in one write',
    rfc: 'RFC9112#9.3.2',
    write: (logical, values) => ({
      ...whole(`GET / HTTP/1.1\r\nHost: ${values.host}\r\n\r\n${http1Message(logical, values)}`),
      methods: ['GET', logical.method],
    }),
  },
  ...[1, 2, 7, 100, 4_096].map(
    (size) =>
      ({
        slug: `chunks-of-${size}`,
        says: `The content in chunks of ${size === 1 ? 'an octet' : `${size} octets`}`,
        rfc: 'RFC9112#7.1',
        write: withContent((logical, values) => whole(http1Chunked(logical, values, size))),
      }) as const satisfies Parameters<typeof defineHttp1Spellings>[0][number],
  ),
  {
    slug: 'chunks-in-three',
    says: 'The content in three chunks',
    rfc: 'RFC9112#7.1',
    write: withContent((logical, values) =>
      whole(http1Chunked(logical, values, Math.ceil(logical.content.length / 3))),
    ),
  },
  {
    slug: 'chunk-sizes-spelled',
    says: 'Chunk sizes in upper case, with leading zeros',
    rfc: 'RFC9112#7.1',
    write: withContent((logical, values) => {
      const spell = (data: string) => `00${data.length.toString(16).toUpperCase()}\r\n${data}\r\n`;
      return whole(http1Message(logical, values, { framing: CHUNKED, body: chunksOf(logical.content, 43, spell) }));
    }),
  },
  {
    slug: 'chunk-extensions',
    says: 'Chunk extensions',
    rfc: 'RFC9112#7.1.1',
    write: withContent((logical, values) => {
      const body = chunksOf(logical.content, 11, (data) => chunk(data, ';name;other="quo\\"ted;5"'));
      return whole(http1Message(logical, values, { framing: CHUNKED, body }));
    }),
  },
  {
    slug: 'coding-in-upper-case',
    says: 'Transfer-Encoding: CHUNKED',
    rfc: 'RFC9112#7',
    write: withContent((logical, values) => {
      const body = chunksOf(logical.content, 64, (data) => chunk(data));
      return whole(http1Message(logical, values, { framing: 'Transfer-Encoding: CHUNKED', body }));
    }),
  },
  {
    slug: 'trailers',
    says: 'A trailer behind chunked content',
    rfc: 'RFC9112#7.1.2',
    write: withContent((logical, values) => ({
      ...whole(http1Chunked(logical, values, 16, TRAILERS)),
      trailers: TRAILERS,
    })),
  },
  {
    slug: 'trailers-announced',
    says: 'A trailer that Trailer announces',
    rfc: 'RFC9112#7.1.2',
    write: withContent((logical, values) => {
      const lines = [...linesOf(logical.fields), 'Trailer: x-trailer'];
      const body = `${chunksOf(logical.content, 32, (data) => chunk(data)).slice(0, -2)}x-trailer: late\r\n\r\n`;
      return { ...whole(http1Message(logical, values, { lines, framing: CHUNKED, body })), trailers: TRAILERS };
    }),
  },
  {
    slug: 'head-and-content-apart',
    says: 'Head and content in two segments',
    rfc: 'RFC9112#2.2',
    write: withContent((logical, values) => {
      const { content } = logical;
      return apart([http1Message(logical, values).slice(0, -content.length), content]);
    }),
  },
  {
    slug: 'lines-apart',
    says: 'Each line in a segment of its own',
    rfc: 'RFC9112#2.2',
    write: (logical, values) => apart(atLineEnds(http1Message(logical, values), 0)),
  },
  {
    slug: 'line-ends-cut',
    says: 'Segments that end between CR and LF',
    rfc: 'RFC9112#2.2',
    write: (logical, values) => apart(atLineEnds(http1Message(logical, values), 1)),
  },
  {
    slug: 'segments-of-17',
    says: 'Segments of 17 octets, the content in chunks of 7',
    rfc: 'RFC9112#2.2',
    write: withContent((logical, values) => apart(partsOf(http1Chunked(logical, values, 7), 17))),
  },
  {
    slug: 'octet-by-octet',
    says: 'Octet by octet',
    rfc: 'RFC9112#2.2',
    write: withContent((logical, values) => octetByOctet(http1Message(logical, values))),
  },
  {
    slug: 'chunks-octet-by-octet',
    says: 'Chunked content, octet by octet',
    rfc: 'RFC9112#2.2',
    write: withContent((logical, values) => octetByOctet(http1Chunked(logical, values, 10))),
  },
]);
