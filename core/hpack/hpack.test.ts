import { existsSync, readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import t from 'tap';
import { latin1 } from '../bytes/latin1.ts';
import { type DecodedBlock, HpackDecoder, type HpackFailure } from './decoder.ts';
import { HpackEncoder } from './encoder.ts';
import { decodeHuffman, encodeHuffman, huffmanLength, maxDecodedBytes } from './huffman.ts';
import { decodeInteger, encodeInteger } from './integer.ts';
import { HUFFMAN_LENGTHS, STATIC_ENTRIES } from './tables.ts';

type Pair = readonly [name: string, value: string];

const LIMITS = { tableBytes: 4_096, listBytes: 65_536, fieldCount: 1_000 };
const SEED = 7541;

const octets = (hex: string): Uint8Array =>
  Uint8Array.from(hex.replaceAll(' ', '').match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));

function pairs(block: DecodedBlock | HpackFailure): Pair[] {
  if ('code' in block) throw new Error(`${block.code} at ${block.at}`);
  return block.fields.map(({ name, value }) => [name, value]);
}

function encode(encoder: HpackEncoder, fields: readonly Pair[]): Uint8Array {
  encoder.begin();
  for (const [name, value] of fields) encoder.field(name, value);
  return encoder.end().slice();
}

t.test('the tables are those of RFC7541#A and RFC7541#B', (t) => {
  t.equal(STATIC_ENTRIES.length, 61);
  t.equal(HUFFMAN_LENGTHS.length, 257);
  // Kraft: a complete prefix code leaves nothing over
  t.equal(
    [...HUFFMAN_LENGTHS].reduce((sum, digit) => sum + 2 ** -Number.parseInt(digit, 36), 0),
    1,
  );
  t.end();
});

t.test('decode() reads the examples of RFC7541#C and keeps their table', (t) => {
  const file = new URL('../../corpus/hpack/golden/rfc7541-examples.json', import.meta.url);
  const examples: { section: string; hex: string; fields: Pair[]; tableSize: number }[] = JSON.parse(
    readFileSync(file, 'utf8'),
  );
  t.equal(examples.length, 16);
  let decoder = new HpackDecoder(LIMITS);
  for (const { section, hex, fields, tableSize } of examples) {
    // C.2 examples stand alone; each later group is one connection, the responses with a table of 256 octets
    if (section.startsWith('C.2') || section.endsWith('.1')) {
      const isResponse = section.startsWith('C.5') || section.startsWith('C.6');
      decoder = new HpackDecoder({ ...LIMITS, tableBytes: isResponse ? 256 : 4_096 });
    }
    t.same(pairs(decoder.decode(octets(hex))), fields, section);
    t.equal(decoder.tableSize, tableSize, `${section}: table size`);
  }
  t.end();
});

/** A field block as another encoder has written it, and what it means: see scripts/gen-hpack-vectors.ts. */
interface Vector {
  readonly sizes: readonly number[];
  readonly hex: string;
  readonly fields: readonly Pair[];
  readonly tableSize: number;
}

t.test('decode() reads what hpack.js and nghttp2 write, and keeps the table that hpack.js keeps', (t) => {
  for (const encoder of ['hpack-js', 'nghttp2']) {
    const file = new URL(`../../corpus/hpack/golden/vectors-${encoder}.json`, import.meta.url);
    const { stories }: { stories: { tableBytes: number; blocks: Vector[] }[] } = JSON.parse(readFileSync(file, 'utf8'));
    t.equal(stories.length, 6);
    for (const [story, { tableBytes, blocks }] of stories.entries()) {
      const decoder = new HpackDecoder({ ...LIMITS, tableBytes });
      for (const [at, { sizes, hex, fields, tableSize }] of blocks.entries()) {
        for (const size of sizes) decoder.setMaxTableBytes(size);
        t.same(pairs(decoder.decode(octets(hex))), fields, `${encoder}, story ${story}, block ${at}`);
        t.equal(decoder.tableSize, tableSize, `${encoder}, story ${story}, block ${at}: table`);
      }
    }
  }
  t.end();
});

const STORIES = new URL('../../../shared/data/hpack-test-case/', import.meta.url);
const noStories = existsSync(STORIES) ? false : 'the stories are not at hand (../shared/data/hpack-test-case)';

t.test('decode() reads the stories of other encoders block by block', { skip: noStories }, (t) => {
  const folder = STORIES;
  let blocks = 0;
  for (const encoder of readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory())) {
    for (const story of readdirSync(new URL(`${encoder.name}/`, folder))) {
      const { cases } = JSON.parse(readFileSync(new URL(`${encoder.name}/${story}`, folder), 'utf8'));
      const decoder = new HpackDecoder({ ...LIMITS, tableBytes: cases[0].header_table_size ?? 4_096 });
      for (const { wire, headers, header_table_size: size } of cases) {
        if (size !== undefined) decoder.setMaxTableBytes(size);
        const expected = headers.map((header: Record<string, string>) => Object.entries(header)[0]);
        const got = pairs(decoder.decode(octets(wire)));
        if (JSON.stringify(got) !== JSON.stringify(expected)) t.same(got, expected, `${encoder.name}/${story}`);
        blocks += 1;
      }
    }
  }
  t.ok(blocks > 1_000, `${blocks} blocks`);
  t.end();
});

t.test('decode() refuses what breaks a rule, with its code and place', (t) => {
  const rows: readonly [says: string, hex: string, code: string, at: number][] = [
    ['index 0 (RFC7541#6.1)', '80', 'HPACK_INDEX_ZERO', 0],
    ['an index beyond both tables (RFC7541#2.3.3)', '82be', 'HPACK_INDEX_RANGE', 1],
    ['a name index beyond both tables', '7f0001 61', 'HPACK_INDEX_RANGE', 0],
    ['an integer without its end (RFC7541#5.1)', 'ff', 'HPACK_CUT', 0],
    ['an integer that never ends', 'ff ffffffff ff', 'HPACK_INTEGER_OVERFLOW', 0],
    ['a length that never ends', '00 7f ffffffff 7f', 'HPACK_INTEGER_OVERFLOW', 1],
    ['a literal without its strings', '40', 'HPACK_CUT', 1],
    ['a string longer than the block (RFC7541#5.2)', '00 05 61', 'HPACK_STRING_CUT', 1],
    ['Huffman padding of zeros (RFC7541#5.2)', '00 81 18 00', 'HPACK_HUFFMAN_PADDING', 2],
    ['Huffman padding of eight ones', '00 82 1fff 00', 'HPACK_HUFFMAN_PADDING', 3],
    ['EOS inside a Huffman string', '00 84 ffffffff 00', 'HPACK_HUFFMAN_EOS', 5],
    ['a size update behind a field (RFC7541#4.2)', '82 20', 'HPACK_SIZE_UPDATE_PLACE', 1],
    ['a size update above the setting (RFC7541#6.3)', '3fe21f', 'HPACK_SIZE_UPDATE_VALUE', 0],
    ['a size update without its end', '3f', 'HPACK_CUT', 0],
  ];
  for (const [says, hex, code, at] of rows) {
    const block = new HpackDecoder(LIMITS).decode(octets(hex));
    t.match(block, { code, at }, says);
  }
  t.end();
});

t.test('a reduced table size must be followed by an update to it (RFC9113#4.3.1)', (t) => {
  const decoder = new HpackDecoder(LIMITS);
  decoder.setMaxTableBytes(100);
  decoder.setMaxTableBytes(4_096);
  t.match(decoder.decode(octets('82')), { code: 'HPACK_SIZE_UPDATE_MISSING', at: 0 });
  const obedient = new HpackDecoder(LIMITS);
  obedient.setMaxTableBytes(100);
  t.same(pairs(obedient.decode(octets('3f45 82'))), [[':method', 'GET']]);
  t.same(pairs(obedient.decode(octets('82'))), [[':method', 'GET']], 'once is enough');
  t.end();
});

t.test('a list over its limit is cut short, and the table stays in step (RFC9113#10.5.1)', (t) => {
  const encoder = new HpackEncoder();
  const decoder = new HpackDecoder({ ...LIMITS, listBytes: 100 });
  const long: Pair[] = [
    ['a', 'x'.repeat(40)],
    ['b', 'y'.repeat(40)],
    ['c', 'z'],
  ];
  const first = decoder.decode(encode(encoder, long));
  t.match(first, { isOverLimit: true, listBytes: 73 + 73 + 34 });
  t.equal('fields' in first ? first.fields.length : -1, 1);
  t.same(pairs(decoder.decode(encode(encoder, [['c', 'z']]))), [['c', 'z']], 'what was left out is in the table');
  const few = new HpackDecoder({ ...LIMITS, fieldCount: 2 });
  t.match(few.decode(octets('82 82 82')), { isOverLimit: true }, 'by number too');
  t.end();
});

t.test("encode() obeys the peer's table size and announces each change (RFC7541#4.2)", (t) => {
  const encoder = new HpackEncoder(4_096);
  const decoder = new HpackDecoder(LIMITS);
  const fields: Pair[] = [
    ['x-a', 'one'],
    ['x-b', 'two'],
  ];
  decoder.decode(encode(encoder, fields));
  t.equal(encoder.tableSize, decoder.tableSize);
  encoder.setMaxTableBytes(0);
  encoder.setMaxTableBytes(4_096);
  decoder.setMaxTableBytes(0);
  decoder.setMaxTableBytes(4_096);
  const block = encode(encoder, fields);
  t.same([...block.subarray(0, 4)], [0x20, 0x3f, 0xe1, 0x1f], 'least, then final');
  t.same(pairs(decoder.decode(block)), fields);
  encoder.setMaxTableBytes(2 ** 32 - 1);
  for (let i = 0; i < 2_000; i++) encode(encoder, [[`x-${i}`, 'filler']]);
  t.ok(encoder.tableSize <= 16_384, 'a huge offer is not taken up');
  t.end();
});

t.test('secrets never enter a table (RFC7541#7.1.3), and come out marked', (t) => {
  const encoder = new HpackEncoder();
  for (const name of ['authorization', 'set-cookie', 'cookie', 'proxy-authorization']) {
    const block = encode(encoder, [[name, 'secret-token-value']]);
    t.equal((block[0] ?? 0) & 0xf0, 0x10, `${name} is never indexed`);
  }
  t.equal(encoder.tableSize, 0);
  t.end();
});

t.test('encode() then decode() gives the same fields over a whole connection, whatever the table size', (t) => {
  const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,12}$/);
  const value = fc
    .array(fc.integer({ min: 0, max: 255 }), { maxLength: 60 })
    .map((units) => String.fromCharCode(...units));
  const step = fc.record({
    size: fc.option(fc.integer({ min: 0, max: 600 })),
    fields: fc.array(fc.tuple(name, value), { maxLength: 12 }),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 8 }), (steps) => {
      const encoder = new HpackEncoder();
      const decoder = new HpackDecoder(LIMITS);
      for (const { size, fields } of steps) {
        if (size !== null) {
          encoder.setMaxTableBytes(size);
          decoder.setMaxTableBytes(size);
        }
        const got = pairs(decoder.decode(encode(encoder, fields)));
        if (JSON.stringify(got) !== JSON.stringify(fields)) return false;
        if (encoder.tableSize !== decoder.tableSize) return false;
      }
      return true;
    }),
    { seed: SEED, numRuns: 300 },
  );
  t.pass(`seed ${SEED}`);
  t.end();
});

t.test('any octets decode to fields or to one refusal inside the block', (t) => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), (block) => {
      const result = new HpackDecoder(LIMITS).decode(block);
      return 'fields' in result || (result.at >= 0 && result.at <= block.length);
    }),
    { seed: SEED, numRuns: 5_000 },
  );
  t.pass(`seed ${SEED}`);
  t.end();
});

t.test('Huffman: every octet alone and all together survive, and the length is known before', (t) => {
  const all = String.fromCharCode(...Array.from({ length: 256 }, (_, i) => i));
  for (const text of [...all, all, '']) {
    const code = new Uint8Array(1_024);
    const length = encodeHuffman(text, code, 0);
    t.equal(length, huffmanLength(text)) || t.comment(JSON.stringify(text));
    const out = new Uint8Array(maxDecodedBytes(length));
    const decoded = decodeHuffman(code, 0, length, out);
    t.equal(typeof decoded === 'number' ? latin1(out, 0, decoded) : decoded, text);
  }
  t.end();
});

t.test('integers survive every prefix (RFC7541#5.1)', (t) => {
  const out = { value: 0, next: 0 };
  for (let prefix = 4; prefix <= 7; prefix++) {
    for (const value of [0, 1, 14, 15, 30, 31, 126, 127, 128, 255, 1_337, 16_383, 2_097_151, 2 ** 28 - 1]) {
      const bytes = new Uint8Array(8);
      const next = encodeInteger(value, prefix, 0, bytes, 0);
      t.equal(decodeInteger(bytes, 0, next, prefix, out), 'ok');
      t.same(out, { value, next }, `${value} with ${prefix} bits`);
      if (next > 1) t.equal(decodeInteger(bytes, 0, next - 1, prefix, out), 'cut');
    }
  }
  t.end();
});
