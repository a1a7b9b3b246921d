import {
  defineH2Cases,
  headers,
  huffmanBits,
  integer,
  literal,
  refusesBlock,
  request,
  understands,
} from '../../h2/define.ts';

/** RFC7541#5.2: strings, and the Huffman codes that no encoder may make. */
const EOS = 256;
const A = 'a'.charCodeAt(0);
/** Its code has 5 bits. */
const ZERO = '0'.charCodeAt(0);

/** A Huffman-coded string of these octets. */
function huffman(octets: Buffer): Buffer {
  return Buffer.concat([integer(octets.length, 7, 0x80), octets]);
}

const plain = (text: string) => Buffer.concat([integer(text.length, 7), Buffer.from(text, 'latin1')]);
const LITERAL = Buffer.from([0x00]);

/** A literal with this string as its value, and one with it as its name. */
const asValue = (string: Buffer) => Buffer.concat([LITERAL, plain('x-probe'), string]);
const asName = (string: Buffer) => Buffer.concat([LITERAL, string, plain('v')]);

/** Codes that have to be refused. Eight symbols of 5 bits fill five octets, so that what follows them is padding alone. */
const WRONG_CODES = [
  { slug: 'padding-8', says: 'with 8 bits of padding', code: huffmanBits(Array(8).fill(ZERO), '1', 1) },
  {
    slug: 'padding-more-than-7',
    says: 'with 7 bits of padding and an octet of ones',
    code: huffmanBits(Array(5).fill(ZERO), '1', 1),
  },
  { slug: 'padding-24', says: 'with 24 bits of padding', code: huffmanBits(Array(8).fill(ZERO), '1', 3) },
  { slug: 'padding-alone', says: 'of an octet of padding alone', code: Buffer.from([0xff]) },
  { slug: 'padding-zeros', says: 'padded with zeros', code: huffmanBits([A], '0') },
  { slug: 'padding-zeros-7', says: 'padded with 7 zeros', code: huffmanBits(Array(5).fill(ZERO), '0') },
  { slug: 'padding-last-zero', says: 'whose last bit of padding is a zero', code: Buffer.from([0b00011_110]) },
  { slug: 'padding-first-zero', says: 'whose first bit of padding is a zero', code: Buffer.from([0b00011_011]) },
  { slug: 'code-cut', says: 'whose last code is cut short', code: Buffer.from([0b1111_1110]) },
  { slug: 'eos', says: 'that ends with EOS', code: huffmanBits([A, EOS], '1') },
  { slug: 'eos-alone', says: 'of EOS alone', code: huffmanBits([EOS], '1') },
  { slug: 'eos-inside', says: 'with EOS inside', code: huffmanBits([A, EOS, A], '1') },
] as const;

/** Strings that are longer than their block. */
const CUT = [
  {
    slug: 'value-cut',
    says: 'A value that is one octet longer than its block',
    octets: asValue(plain('value').subarray(0, -1)),
  },
  { slug: 'value-missing', says: 'A literal without a value', octets: Buffer.concat([LITERAL, plain('x-probe')]) },
  {
    slug: 'name-cut',
    says: 'A name that is one octet longer than its block',
    octets: Buffer.concat([LITERAL, plain('x-probe').subarray(0, -1)]),
  },
  { slug: 'name-missing', says: 'A literal without name and value', octets: LITERAL },
  {
    slug: 'huffman-cut',
    says: 'A Huffman-coded value that is longer than its block',
    octets: asValue(Buffer.concat([Buffer.from([0x84]), huffmanBits([A, A], '1')])),
  },
] as const;

/** Zero to eight codes of 5 bits: padding of each width from 0 to 7. */
const PADDED = Array.from({ length: 9 }, (_, count) => [`x-${count}`, '0'.repeat(count)] as const);
const range = (from: number, to: number) =>
  String.fromCharCode(...Array.from({ length: to - from + 1 }, (_, index) => from + index));
/** Octets whose codes are the longest ones that a valid value can have, and some of the shortest. */
const LONG_CODES = `a\xf9\xf8b\xc7\xcf\xea\xebc${range(0xf0, 0xff)}0`;

export default defineH2Cases([
  ...WRONG_CODES.flatMap(({ slug, says, code }) => [
    {
      id: `h2/hpack-string/value-${slug}`,
      title: `A Huffman-coded value ${says} ends the connection`,
      rfc: 'RFC7541#5.2',
      level: 'MUST',
      needs: [],
      frames: [headers([...request(), asValue(huffman(code))])],
      ...refusesBlock(),
    } as const,
    {
      id: `h2/hpack-string/name-${slug}`,
      title: `A Huffman-coded name ${says} ends the connection`,
      rfc: 'RFC7541#5.2',
      level: 'MUST',
      needs: [],
      frames: [headers([...request(), asName(huffman(code))])],
      ...refusesBlock(),
    } as const,
  ]),
  ...CUT.map(
    ({ slug, says, octets }) =>
      ({
        id: `h2/hpack-string/${slug}`,
        title: `${says} ends the connection`,
        rfc: 'RFC9113#4.3',
        level: 'MUST',
        needs: [],
        frames: [headers([...request(), octets])],
        ...refusesBlock({ loose: ['FRAME_SIZE_ERROR'] }),
      }) as const,
  ),
  {
    id: 'h2/hpack-string/length-huge',
    title: 'A value said to have 2^27 octets ends the connection of a block that has three',
    rfc: 'RFC9113#4.3',
    level: 'MUST',
    needs: [],
    tags: ['overflow'],
    why: 'A server may complain of the size before it finds the string cut short.',
    frames: [headers([...request(), asValue(Buffer.concat([integer(2 ** 27, 7), Buffer.from('abc', 'latin1')]))])],
    ...refusesBlock({ or: ['ENHANCE_YOUR_CALM'] }),
  },
  {
    id: 'h2/hpack-string/huffman-paddings',
    title: 'Huffman-coded values with 0 to 7 bits of padding arrive',
    rfc: 'RFC7541#5.2',
    level: 'MUST',
    needs: ['inspect'],
    frames: [
      headers([...request('/inspect'), ...PADDED.map(([name, text]) => literal(name, text, { huffman: true }))]),
    ],
    ...understands(
      { fields: Object.fromEntries(PADDED.map(([name, text]) => [name, [text]])) },
      { fields: PADDED },
      { fields: PADDED.map(([name, text]) => [name, `${text}0`] as const) },
    ),
  },
  {
    id: 'h2/hpack-string/huffman-long-codes',
    title: 'Huffman codes of the greatest lengths arrive as the octets that they stand for',
    rfc: 'RFC7541#B',
    level: 'MUST',
    needs: ['inspect'],
    frames: [headers([...request('/inspect'), literal('x-probe', LONG_CODES, { huffman: true })])],
    ...understands(
      { fields: { 'x-probe': [LONG_CODES] } },
      { fields: [['x-probe', LONG_CODES]] },
      { fields: [['x-probe', LONG_CODES.slice(1)]] },
    ),
  },
  {
    id: 'h2/hpack-string/huffman-longer-than-plain',
    title: 'A Huffman code that is longer than the string that it stands for is taken',
    rfc: 'RFC7541#5.2',
    level: 'MUST',
    needs: ['inspect'],
    why: 'An encoder should not make one, but no rule forbids it.',
    frames: [headers([...request('/inspect'), literal('x-probe', '<<<\\\\\\^^^', { huffman: true })])],
    ...understands(
      { fields: { 'x-probe': ['<<<\\\\\\^^^'] } },
      { fields: [['x-probe', '<<<\\\\\\^^^']] },
      { fields: [['x-probe', '<<<']] },
    ),
  },
]);
