import t from 'tap';
import { HpackDecoder, HpackEncoder } from '../../../core/sans-io.ts';
import { FLAG, FRAME, frameOctets } from './frames.ts';
import { BlockError, HpackReader } from './hpack-reader.ts';
import { indexed, integer, literal, sizeUpdate } from './hpack-writer.ts';
import { huffmanBits, huffmanDecode, huffmanEncode } from './huffman.ts';
import { withSizeUpdate } from './size-update.ts';
import { STATIC_TABLE } from './static-table.ts';

const LIMITS = { tableBytes: 4_096, listBytes: 1_000_000, fieldCount: 1_000 };
const OCTETS = Array.from({ length: 256 }, (_, octet) => String.fromCharCode(octet));
const EOS = 256;

function decodeByCore(decoder: HpackDecoder, block: Buffer): readonly (readonly [string, string])[] {
  const decoded = decoder.decode(block);
  if ('code' in decoded) throw new Error(`${decoded.code} at ${decoded.at}`);
  return decoded.fields.map(({ name, value }) => [name, value]);
}

t.test('every octet has the Huffman code that the core knows it by (RFC7541#B)', (t) => {
  const fields = OCTETS.map((octet, index) => [`x-${index}`, octet] as const);
  const block = Buffer.concat(fields.map(([name, value]) => literal(name, value, { huffman: true })));
  t.same(decodeByCore(new HpackDecoder(LIMITS), block), fields);
  for (const octet of OCTETS)
    t.equal(huffmanDecode(huffmanEncode(octet)), octet, `0x${octet.charCodeAt(0).toString(16)}`);
  t.end();
});

t.test('every static entry is the one that the core knows by its index (RFC7541#A)', (t) => {
  const block = Buffer.concat(STATIC_TABLE.map((_, index) => indexed(index + 1)));
  t.same(decodeByCore(new HpackDecoder(LIMITS), block), STATIC_TABLE);
  t.end();
});

t.test('decode() reads what the core encodes, block after block', (t) => {
  const encoder = new HpackEncoder();
  const reader = new HpackReader(4_096);
  for (let round = 0; round < 5; round++) {
    const fields = [
      [':status', '200'],
      ['x-round', `${round}`],
      ['x-same', OCTETS.join('').slice(0x21)],
    ] as const;
    encoder.begin();
    for (const [name, value] of fields) encoder.field(name, value);
    t.same(reader.decode(Buffer.from(encoder.end())).fields, fields);
  }
  t.end();
});

t.test('huffmanDecode() refuses what RFC7541#5.2 forbids', (t) => {
  const zero = '0'.charCodeAt(0);
  t.equal(huffmanDecode(huffmanBits([zero], '1')), '0');
  t.equal(huffmanDecode(huffmanBits([zero], '0')), undefined, 'padded with zeros');
  t.equal(huffmanDecode(huffmanBits([zero], '1', 1)), undefined, 'padded with 11 bits');
  t.equal(huffmanDecode(huffmanBits([zero, EOS], '1')), undefined, 'EOS');
  t.end();
});

t.test('integer() writes what no number of 53 bits can hold (RFC7541#5.1)', (t) => {
  t.equal(integer(10, 5).toString('hex'), '0a');
  t.equal(integer(1_337, 5).toString('hex'), '1f9a0a');
  t.equal(integer(42, 8).toString('hex'), '2a');
  t.equal(integer(2n ** 64n + 127n, 7, 0x80).toString('hex'), 'ff80808080808080808002');
  t.end();
});

/** Limits that SETTINGS set between two blocks, and the size updates that the next block begins with. */
const UPDATES: readonly {
  readonly limits: readonly number[];
  readonly updates: readonly number[];
  readonly problem?: RegExp;
}[] = [
  { limits: [], updates: [] },
  { limits: [], updates: [100] },
  { limits: [4_096], updates: [] },
  { limits: [8_192], updates: [] },
  { limits: [8_192], updates: [8_192] },
  { limits: [0], updates: [0] },
  { limits: [100], updates: [50] },
  { limits: [0, 4_096], updates: [0, 4_096] },
  { limits: [0, 4_096], updates: [0] },
  { limits: [100], updates: [], problem: /no size update to 100 or less/ },
  { limits: [0, 4_096], updates: [], problem: /no size update to 0 or less/ },
  { limits: [0, 4_096], updates: [4_096], problem: /no size update to 0 or less/ },
  { limits: [100, 50, 200], updates: [100, 200], problem: /no size update to 50 or less/ },
];

/** An entry of 139 octets. */
const ENTRY = literal('x-probe', 'v'.repeat(100), { kind: 'indexing' });

t.test('decode() demands the size updates that are due, and no others (RFC9113#4.3.1)', (t) => {
  for (const { limits, updates, problem } of UPDATES) {
    const reader = new HpackReader(4_096);
    reader.decode(ENTRY);
    for (const limit of limits) reader.limitTable(limit);
    const decoded = reader.decode(Buffer.concat([...updates.map(sizeUpdate), indexed(8)]));
    const says = `[${limits.join()}], then [${updates.join()}]`;
    t.same(decoded.fields, [[':status', '200']], says);
    if (problem === undefined) t.equal(decoded.problem, undefined, says);
    else t.match(decoded.problem, problem, says);
    if (problem === undefined) t.equal(reader.decode(indexed(8)).problem, undefined, 'it is due once');
  }
  const empty = new HpackReader(4_096);
  empty.limitTable(0);
  t.equal(empty.decode(indexed(8)).problem, undefined, 'a table without entries is never too large');
  t.match(empty.decode(ENTRY).problem, /more in its table than the 0 octets/);
  t.end();
});

t.test('decode() refuses a size update above the limit, and one behind a field', (t) => {
  t.throws(() => new HpackReader(4_096).decode(sizeUpdate(4_097)), BlockError);
  const reader = new HpackReader(4_096);
  reader.limitTable(100);
  t.throws(() => reader.decode(sizeUpdate(101)), BlockError);
  t.throws(() => new HpackReader(4_096).decode(Buffer.concat([indexed(8), sizeUpdate(0)])), BlockError);
  t.end();
});

t.test('withSizeUpdate() puts an update in front of a block, whatever stands in front of that', (t) => {
  const block = indexed(2);
  const update = sizeUpdate(0);
  const padded = Buffer.concat([Buffer.from([2]), block, Buffer.alloc(2)]);
  const both = Buffer.concat([Buffer.from([2, 0, 0, 0, 0, 15]), block, Buffer.alloc(2)]);
  for (const { flags, payload, at } of [
    { flags: 0, payload: block, at: 0 },
    { flags: FLAG.PADDED, payload: padded, at: 1 },
    { flags: FLAG.PADDED | FLAG.PRIORITY, payload: both, at: 6 },
    { flags: 0, payload: Buffer.alloc(0), at: 0 },
  ]) {
    const whole = Buffer.concat([payload.subarray(0, at), update, payload.subarray(at)]);
    t.same(
      withSizeUpdate(frameOctets(FRAME.HEADERS, flags, 1, payload), 0),
      frameOctets(FRAME.HEADERS, flags, 1, whole),
    );
  }
  const itself = frameOctets(FRAME.HEADERS, 0, 1, Buffer.concat([sizeUpdate(100), block]));
  t.same(withSizeUpdate(itself, 0), itself, 'it has its own');
  t.equal(withSizeUpdate(frameOctets(FRAME.DATA, 0, 1, block), 0), undefined, 'no HEADERS');
  t.end();
});
