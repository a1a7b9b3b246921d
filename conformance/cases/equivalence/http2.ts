import {
  defineHttp2Spellings,
  fieldList,
  type Http2Form,
  type Http2Spelling,
  http2Frames,
  type Logical,
  partsOf,
  plainHttp2,
} from '../../equivalence/define.ts';
import {
  type Block,
  type BlockPart,
  beside,
  data,
  FLAG,
  fragments,
  headers,
  indexed,
  literal,
  type OctetStep,
  ping,
  priority,
  raw,
  sizeUpdate,
  windowUpdate,
} from '../../h2/define.ts';
import type { FieldList } from '../../model.ts';
import type { Placeholders } from '../../run/placeholders.ts';
import { STATIC_TABLE } from '../../wire/h2/static-table.ts';

const TRAILERS: FieldList = [['x-trailer', 'late']];
const UNKNOWN = 0xf0;
/** Longer content is not sent octet by octet: each octet costs the target a turn. */
const MOST_OCTETS = 100;
/** RFC7541#A: entries of the static table; the next index is the newest of the dynamic one. */
const STATIC_ENTRIES = 61;

type Write = Http2Spelling['write'];

/** The request with its block coded so, its frames plain. */
function coded(code: (list: FieldList) => Block): Write {
  return (logical, values) => ({ frames: http2Frames(logical, code(fieldList(logical, values))) });
}

/** Each field a literal of this kind. */
function literals(kind: 'plain' | 'never' | 'indexing', huffman: boolean): Write {
  return coded((list) => list.map(([name, value]) => literal(name, value, { kind, huffman })));
}

/** An entry of the static table where one has the name or all of the field; else a literal. */
function fromStaticTable([name, value]: readonly [string, string]): BlockPart {
  const same = STATIC_TABLE.findIndex(([own, text]) => own === name && text === value);
  if (same >= 0) return indexed(same + 1);
  const named = STATIC_TABLE.findIndex(([own]) => own === name);
  return literal(named < 0 ? name : named + 1, value);
}

/** The block in HEADERS and CONTINUATION, cut at these places. */
function cut(cutsOf: (bytes: number) => readonly number[]): Write {
  return (logical, values) => {
    const block = fieldList(logical, values);
    const bytes = block.reduce((sum, [name, value]) => sum + literal(name, value).length, 0);
    const end = logical.content === '';
    return { frames: [...fragments(block, cutsOf(bytes), { end }), ...(end ? [] : [data(logical.content)])] };
  };
}

/** HEADERS, and then the content in these frames; only of a request that has content. */
function framed(frames: (content: string) => readonly OctetStep[]): Write {
  return (logical, values) =>
    logical.content === ''
      ? undefined
      : { frames: [headers(fieldList(logical, values), { end: false }), ...frames(logical.content)] };
}

/** Frames of this many octets, the last one with END_STREAM. */
function dataOf(content: string, size: number): readonly OctetStep[] {
  const parts = partsOf(content, size);
  return parts.map((part, index) => data(part, { end: index === parts.length - 1 }));
}

/** The pseudo-fields and fields of the request, changed. */
function changed(change: (list: FieldList, logical: Logical, values: Placeholders) => FieldList | undefined): Write {
  return (logical, values) => {
    const list = change(fieldList(logical, values), logical, values);
    return list === undefined ? undefined : { frames: http2Frames(logical, list) };
  };
}

/** The frames of the plain form. */
function plain(change: (frames: Http2Form['frames'], logical: Logical) => Partial<Http2Form>): Write {
  return (logical, values) => {
    const form = plainHttp2(logical, values);
    return { ...form, ...change(form.frames, logical) };
  };
}

const isPseudo = ([name]: readonly [string, string]) => name.startsWith(':');

const BLOCKS: readonly Http2Spelling[] = [
  { slug: 'plain', says: 'HTTP/2, literals that touch no table', rfc: 'RFC9113#8.3.1', write: plainHttp2 },
  { slug: 'huffman', says: 'Literals in Huffman code', rfc: 'RFC7541#5.2', write: literals('plain', true) },
  {
    slug: 'never-indexed',
    says: 'Literals that are never indexed',
    rfc: 'RFC7541#6.2.3',
    write: literals('never', false),
  },
  {
    slug: 'never-indexed-huffman',
    says: 'Literals that are never indexed, in Huffman code',
    rfc: 'RFC7541#6.2.3',
    write: literals('never', true),
  },
  { slug: 'indexing', says: 'Literals with indexing', rfc: 'RFC7541#6.2.1', write: literals('indexing', false) },
  {
    slug: 'indexing-huffman',
    says: 'Literals with indexing, in Huffman code',
    rfc: 'RFC7541#6.2.1',
    write: literals('indexing', true),
  },
  {
    slug: 'static-table',
    says: 'Fields and names of the static table',
    rfc: 'RFC7541#A',
    write: coded((list) => list.map(fromStaticTable)),
  },
  {
    slug: 'indexed',
    says: 'Fields that another request has put into the table',
    rfc: 'RFC7541#6.1',
    write: (logical, values) => {
      const list = fieldList(logical, values);
      const first = list.map(([name, value]) => literal(name, value, { kind: 'indexing' }));
      const again = list.map((_, index) => indexed(STATIC_ENTRIES + list.length - index));
      return { frames: [...http2Frames(logical, first, 1), ...http2Frames(logical, again, 3)], stream: 3 };
    },
  },
  {
    slug: 'indexed-names',
    says: 'Names that another request has put into the table, with values of their own',
    rfc: 'RFC7541#6.2.2',
    write: (logical, values) => {
      const list = fieldList(logical, values);
      const other = (name: string, value: string) => (name.startsWith(':') ? value : 'other');
      const first = list.map(([name, value]) => literal(name, other(name, value), { kind: 'indexing' }));
      const again = list.map(([, value], index) => literal(STATIC_ENTRIES + list.length - index, value));
      return { frames: [...http2Frames(logical, first, 1), ...http2Frames(logical, again, 3)], stream: 3 };
    },
  },
  {
    slug: 'table-emptied',
    says: 'A table that is emptied and made large again in front',
    rfc: 'RFC7541#4.2',
    write: coded((list) => [
      sizeUpdate(0),
      sizeUpdate(4_096),
      ...list.map(([name, value]) => literal(name, value, { kind: 'indexing' })),
    ]),
  },
];

const MESSAGES: readonly Http2Spelling[] = [
  {
    slug: 'host-in-place-of-authority',
    says: 'Host in the place of :authority',
    rfc: 'RFC9113#8.3.1',
    write: changed((list, _, { host }) => [...list.filter(([name]) => name !== ':authority'), ['host', host]]),
  },
  {
    slug: 'host-beside-authority',
    says: 'Host beside an equal :authority',
    rfc: 'RFC9113#8.3.1',
    write: changed((list, _, { host }) => [...list, ['host', host]]),
  },
  {
    slug: 'pseudo-fields-in-another-order',
    says: 'Pseudo-fields in another order',
    rfc: 'RFC9113#8.3',
    write: changed((list) => [...list.filter(isPseudo).reverse(), ...list.filter((field) => !isPseudo(field))]),
  },
  {
    slug: 'lists-in-one-line',
    says: 'Lines of one name in one line',
    rfc: 'RFC9110#5.2',
    write: changed((list) =>
      [...new Set(list.map(([name]) => name))].map((name) => {
        const values = list.filter(([own]) => own === name).map(([, value]) => value);
        return [name, values.join(', ')] as const;
      }),
    ),
  },
  {
    slug: 'cookie-crumbs',
    says: 'Cookie in crumbs',
    rfc: 'RFC9113#8.2.3',
    write: changed((list) =>
      list.some(([name]) => name === 'cookie')
        ? list.flatMap(([name, value]) =>
            name === 'cookie' ? value.split('; ').map((crumb) => [name, crumb] as const) : [[name, value] as const],
          )
        : undefined,
    ),
  },
  {
    slug: 'content-length',
    says: 'A content-length that agrees',
    rfc: 'RFC9113#8.1.1',
    write: changed((list, { content }) => [...list, ['content-length', String(content.length)]]),
  },
  {
    slug: 'trailers',
    says: 'A trailer behind the content',
    rfc: 'RFC9113#8.1',
    write: (logical, values) => ({
      frames: [
        headers(fieldList(logical, values), { end: false }),
        ...(logical.content === '' ? [] : [data(logical.content, { end: false })]),
        headers(TRAILERS),
      ],
      trailers: TRAILERS,
    }),
  },
];

const FRAMES: readonly Http2Spelling[] = [
  {
    slug: 'padded',
    says: 'HEADERS and DATA with padding',
    rfc: 'RFC9113#6.1',
    write: (logical, values) => ({
      frames: [
        headers(fieldList(logical, values), { pad: 9, end: logical.content === '' }),
        ...(logical.content === '' ? [] : [data(logical.content, { pad: 9 })]),
      ],
    }),
  },
  {
    slug: 'padded-most',
    says: 'HEADERS and DATA with 255 octets of padding',
    rfc: 'RFC9113#6.1',
    write: (logical, values) => ({
      frames: [
        headers(fieldList(logical, values), { pad: 255, end: logical.content === '' }),
        ...(logical.content === '' ? [] : [data(logical.content, { pad: 255 })]),
      ],
    }),
  },
  {
    slug: 'padded-by-nothing',
    says: 'HEADERS and DATA with padding of no octets',
    rfc: 'RFC9113#6.2',
    write: (logical, values) => ({
      frames: [
        headers(fieldList(logical, values), { pad: 0, end: logical.content === '' }),
        ...(logical.content === '' ? [] : [data(logical.content, { pad: 0 })]),
      ],
    }),
  },
  {
    slug: 'priority-signal',
    says: 'HEADERS with the deprecated priority signal',
    rfc: 'RFC9113#5.3.2',
    write: (logical, values) => ({
      frames: [
        headers(fieldList(logical, values), { dependsOn: 0, end: logical.content === '' }),
        ...(logical.content === '' ? [] : [data(logical.content)]),
      ],
    }),
  },
  {
    slug: 'continuation',
    says: 'A block cut in two by CONTINUATION',
    rfc: 'RFC9113#6.10',
    write: cut((bytes) => [bytes >> 1]),
  },
  {
    slug: 'continuation-behind-nothing',
    says: 'A block that is all in CONTINUATION',
    rfc: 'RFC9113#6.10',
    level: 'SHOULD',
    write: cut(() => [0]),
  },
  {
    slug: 'continuation-in-five',
    says: 'A block in five pieces',
    rfc: 'RFC9113#6.10',
    write: cut((bytes) => [0.2, 0.4, 0.6, 0.8].map((share) => Math.floor(bytes * share))),
  },
  {
    slug: 'data-octet-by-octet',
    says: 'An octet in each DATA frame',
    rfc: 'RFC9113#8.1',
    write: framed((content) => dataOf(content, 1)),
  },
  {
    slug: 'data-of-seven',
    says: 'DATA frames of seven octets, padded and not by turns',
    rfc: 'RFC9113#8.1',
    write: framed((content) =>
      partsOf(content, 7).map((part, index, all) =>
        data(part, { end: index === all.length - 1, ...(index % 2 === 0 ? { pad: index % 256 } : {}) }),
      ),
    ),
  },
  {
    slug: 'data-ended-by-nothing',
    says: 'END_STREAM on an empty DATA frame, and empty ones between',
    rfc: 'RFC9113#8.1',
    write: (logical, values) => ({
      frames: [
        headers(fieldList(logical, values), { end: false }),
        ...partsOf(logical.content, 100).flatMap((part) => [data(part, { end: false }), data('', { end: false })]),
        data(''),
      ],
    }),
  },
  {
    slug: 'other-frames-between',
    says: 'PING, WINDOW_UPDATE, PRIORITY and unknown frames between those of the request',
    rfc: 'RFC9113#5.5',
    write: framed((content) => [
      raw(UNKNOWN, 0xff, 1, 'unknown'),
      ping(),
      ...partsOf(content, 50).flatMap((part) => [data(part, { end: false }), windowUpdate(1, 1), windowUpdate(1)]),
      priority(1),
      raw(UNKNOWN, FLAG.END_STREAM, 1),
      data(''),
    ]),
  },
  {
    slug: 'interleaved',
    says: 'The frames of another request between those of this one',
    rfc: 'RFC9113#5',
    write: (logical, values) => {
      const other = fieldList({ ...logical, fields: [['x-other', 'yes']] }, values);
      const parts = partsOf(logical.content === '' ? '' : logical.content, 40);
      const open = logical.content !== '';
      return {
        frames: [
          headers(other, { stream: 1, end: false }),
          headers(fieldList(logical, values), { stream: 3, end: !open }),
          ...parts.flatMap((part, index) => [
            data(`other${index}`, { stream: 1, end: false }),
            data(part, { stream: 3, end: index === parts.length - 1 }),
          ]),
          data('', { stream: 1 }),
        ],
        stream: 3,
      };
    },
  },
  {
    slug: 'content-behind-a-turn',
    says: 'The content when the target has had its turn with the head',
    rfc: 'RFC9113#8.1',
    write: (logical, values) =>
      logical.content === ''
        ? undefined
        : { frames: [headers(fieldList(logical, values), { end: false }), beside, data(logical.content)] },
  },
  {
    slug: 'cut-in-nine',
    says: 'Segments of nine octets, whatever the frames',
    rfc: 'RFC9113#4.1',
    write: plain(() => ({ cut: 9 })),
  },
  {
    slug: 'octet-by-octet',
    says: 'Octet by octet',
    rfc: 'RFC9113#4.1',
    write: (logical, values) => {
      const form = { ...plainHttp2(logical, values), cut: 1 };
      return logical.content === '' || logical.content.length > MOST_OCTETS ? undefined : form;
    },
  },
];

export default defineHttp2Spellings([...BLOCKS, ...MESSAGES, ...FRAMES]);
