import {
  answersWith,
  barrier,
  data,
  defineH2Cases,
  echoes,
  eitherOf,
  headers,
  indexed,
  integer,
  literal,
  refusesBlock,
  request,
  sizeUpdate,
  understands,
} from '../../h2/define.ts';

/** RFC7541#5.1: integers, at each place and with each prefix that HPACK has for them. */
interface Place {
  readonly slug: string;
  /** Completes "… of …". */
  readonly says: string;
  readonly prefixBits: number;
  /** Bits above the prefix. */
  readonly pattern: number;
  /** What stands in front. */
  readonly front: Buffer;
  /** What follows a value that is right. */
  readonly behind: Buffer;
  /** A value that would be right here: what a wrapped one must not be taken for. */
  readonly value: number;
  /** It is the length of a string, so that a server may complain of its size before it knows that it is cut short. */
  readonly isLength?: boolean;
  /** It stands in front of the request. */
  readonly isFirst?: boolean;
}

const NONE = Buffer.alloc(0);
const NAME = Buffer.from('\x07x-probe', 'latin1');
const VALUE = Buffer.from('\x01v', 'latin1');
const LITERAL = Buffer.from([0x00]);

const PLACES: readonly Place[] = [
  { slug: 'index', says: 'an indexed field', prefixBits: 7, pattern: 0x80, front: NONE, behind: NONE, value: 16 },
  {
    slug: 'name-indexing',
    says: 'the name of a literal with indexing',
    prefixBits: 6,
    pattern: 0x40,
    front: NONE,
    behind: VALUE,
    value: 58,
  },
  {
    slug: 'name-plain',
    says: 'the name of a literal without indexing',
    prefixBits: 4,
    pattern: 0x00,
    front: NONE,
    behind: VALUE,
    value: 58,
  },
  {
    slug: 'name-never',
    says: 'the name of a literal never indexed',
    prefixBits: 4,
    pattern: 0x10,
    front: NONE,
    behind: VALUE,
    value: 58,
  },
  {
    slug: 'size-update',
    says: 'a size update',
    prefixBits: 5,
    pattern: 0x20,
    front: NONE,
    behind: NONE,
    value: 100,
    isFirst: true,
  },
  {
    slug: 'name-length',
    says: "a name's length",
    prefixBits: 7,
    pattern: 0,
    front: LITERAL,
    behind: Buffer.concat([NAME.subarray(1), VALUE]),
    value: 7,
    isLength: true,
  },
  {
    slug: 'value-length',
    says: "a value's length",
    prefixBits: 7,
    pattern: 0,
    front: Buffer.concat([LITERAL, NAME]),
    behind: VALUE.subarray(1),
    value: 1,
    isLength: true,
  },
  {
    slug: 'huffman-length',
    says: "a Huffman-coded value's length",
    prefixBits: 7,
    pattern: 0x80,
    front: Buffer.concat([LITERAL, NAME]),
    behind: Buffer.from([0xef]),
    value: 1,
    isLength: true,
  },
];

const WRAPS = [
  { slug: 'wraps-32', says: '2^32 too large', by: 2n ** 32n },
  { slug: 'wraps-64', says: '2^64 too large', by: 2n ** 64n },
] as const;

/** More octets than any integer in use has. */
const ENDLESS = Buffer.alloc(64, 0xff);

function blockOf({ front, isFirst = false }: Place, rest: Buffer) {
  const part = Buffer.concat([front, rest]);
  return isFirst ? [part, ...request()] : [...request(), part];
}

/** A length may be refused for what it says before it is found to say more than there is. */
function isRefused({ isLength = false }: Place) {
  return refusesBlock({ or: isLength ? ['ENHANCE_YOUR_CALM'] : [] });
}

/** The prefix and one octet less than the value wants. */
const cutShort = ({ prefixBits, pattern }: Place) =>
  integer(2 ** prefixBits + 1_000, prefixBits, pattern).subarray(0, -1);

/** 127 as a length, with so many needless octets: zeros above its highest digit. */
const overlong = (count: number) => Buffer.from([0x7f, ...Array.from({ length: count }, () => 0x80), 0x00]);
const LONG = 'a'.repeat(127);
const overlongValue = (count: number) => Buffer.concat([LITERAL, NAME, overlong(count), Buffer.from(LONG, 'latin1')]);
const decoded = understands(
  { fields: { 'x-probe': [LONG] } },
  { fields: [['x-probe', LONG]] },
  { fields: [['x-probe', LONG.slice(1)]] },
);

const OF_LENGTHS = [0, 1, 126, 127, 128, 254, 255, 256, 1_000].map(
  (length) => [`x-${length}`, 'a'.repeat(length)] as const,
);
/** First index of the dynamic table. */
const NEWEST = 62;

export default defineH2Cases([
  ...PLACES.flatMap((place) => [
    ...WRAPS.map(
      ({ slug, says, by }) =>
        ({
          id: `h2/hpack-integer/${place.slug}-${slug}`,
          title: `An integer of ${place.says} that is ${says} ends the connection`,
          rfc: 'RFC7541#5.1',
          level: 'MUST',
          needs: [],
          tags: ['overflow'],
          why: 'In an integer of fewer bits it would be a value that is right.',
          frames: [
            headers(
              blockOf(
                place,
                Buffer.concat([integer(BigInt(place.value) + by, place.prefixBits, place.pattern), place.behind]),
              ),
            ),
          ],
          ...isRefused(place),
        }) as const,
    ),
    {
      id: `h2/hpack-integer/${place.slug}-endless`,
      title: `An integer of ${place.says} that has 64 octets ends the connection`,
      rfc: 'RFC7541#5.1',
      level: 'MUST',
      needs: [],
      tags: ['overflow'],
      frames: [
        headers(
          blockOf(
            place,
            Buffer.concat([
              Buffer.from([place.pattern | (2 ** place.prefixBits - 1)]),
              ENDLESS,
              Buffer.from([0x01]),
              place.behind,
            ]),
          ),
        ),
      ],
      ...isRefused(place),
    } as const,
    {
      id: `h2/hpack-integer/${place.slug}-cut`,
      title: `An integer of ${place.says} that its block cuts short ends the connection`,
      rfc: 'RFC9113#4.3',
      level: 'MUST',
      needs: [],
      frames: [headers(place.isFirst ? [cutShort(place)] : blockOf(place, cutShort(place)))],
      ...refusesBlock({ loose: ['FRAME_SIZE_ERROR'] }),
    } as const,
  ]),
  {
    id: 'h2/hpack-integer/lengths',
    title: 'Values of lengths around the limits of the prefix arrive whole',
    rfc: 'RFC7541#5.1',
    level: 'MUST',
    needs: ['inspect'],
    frames: [headers([...request('/inspect'), ...OF_LENGTHS.map(([name, value]) => literal(name, value))])],
    ...understands(
      { fields: Object.fromEntries(OF_LENGTHS.map(([name, value]) => [name, [value]])) },
      { fields: OF_LENGTHS },
      { fields: OF_LENGTHS.map(([name, value]) => [name, value.slice(0, 255)] as const) },
    ),
  },
  {
    id: 'h2/hpack-integer/index-127',
    title: 'Index 127, the first that does not fit the prefix of an indexed field, is taken',
    rfc: 'RFC7541#5.1',
    level: 'MUST',
    needs: ['echo', 'table-4096'],
    frames: [
      headers([
        ...request().slice(0, 3),
        literal(':path', '/echo', { kind: 'indexing' }),
        ...Array.from({ length: 127 - NEWEST }, () => literal('x', 'v', { kind: 'indexing' })),
      ]),
      barrier,
      headers([[':method', 'POST'], [':scheme', '{scheme}'], [':authority', '{host}'], indexed(127)], {
        stream: 3,
        end: false,
      }),
      data('{nonce}', { stream: 3 }),
    ],
    ...echoes('{nonce}', 3),
  },
  {
    id: 'h2/hpack-integer/size-updates',
    title: 'Size updates around the limit of their prefix are taken',
    rfc: 'RFC7541#5.1',
    level: 'MUST',
    needs: ['get', 'table-4096'],
    frames: [30, 31, 32, 158, 159, 4_096].map((bytes, index) =>
      headers([sizeUpdate(bytes), ...request()], { stream: 2 * index + 1 }),
    ),
    ...answersWith([200], 11),
  },
  ...[1, 3].map(
    (count) =>
      ({
        id: `h2/hpack-integer/zeros-${count}`,
        title: `An integer with ${count} needless ${count === 1 ? 'octet' : 'octets'} is taken for its value, or ends the connection`,
        rfc: 'RFC7541#5.1',
        level: 'MUST',
        needs: ['inspect'],
        why: 'Zeros behind the last digit change nothing in the value; an implementation may limit how many octets it takes.',
        frames: [headers([...request('/inspect'), overlongValue(count)])],
        allow: [...decoded.allow, ...refusesBlock().allow],
        controls: decoded.controls,
      }) as const,
  ),
  {
    id: 'h2/hpack-integer/zeros-many',
    title: 'An integer with 5,000 needless octets is taken for its value, or ends the connection',
    rfc: 'RFC7541#5.1',
    level: 'MUST',
    needs: ['get'],
    tags: ['overflow'],
    frames: [headers([...request(), overlongValue(5_000)])],
    ...eitherOf(answersWith([200, 431]), refusesBlock({ or: ['ENHANCE_YOUR_CALM'] })),
  },
]);
