/** The core's HPACK beside that of others: what it writes they read, and what it refuses they refuse. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { HpackDecoder, HpackEncoder } from '../core/sans-io.ts';
import { packageRoot } from './cli/package-version.ts';
import { type Story, VECTOR_FILES } from './gen-hpack-vectors.ts';
import { decodeByNghttp2, type Field, hpackJsDecoder } from './hpack-second-opinions.ts';

const LIMITS = { tableBytes: 4_096, listBytes: 65_536, fieldCount: 1_000 };
/** Number of the GOAWAY of a block that cannot be decoded (RFC9113#4.3). */
const COMPRESSION_ERROR = 9;

/** The lists of the golden vectors of nghttp2: requests, and sizes of the table in between. */
const { stories }: { stories: Story[] } = JSON.parse(readFileSync(join(packageRoot(), VECTOR_FILES.nghttp2), 'utf8'));

function encode(encoder: HpackEncoder, fields: readonly Field[]): Uint8Array {
  encoder.begin();
  for (const [name, value] of fields) encoder.field(name, value);
  return encoder.end().slice();
}

t.test("hpack.js reads what the core's encoder writes, and keeps the same table", async (t) => {
  for (const [story, { blocks }] of stories.entries()) {
    const encoder = new HpackEncoder();
    const decode = hpackJsDecoder(4_096);
    for (const [at, { sizes, fields }] of blocks.entries()) {
      // More than 4096 octets are not for hpack.js, whose limit is set once
      for (const size of sizes) encoder.setMaxTableBytes(Math.min(size, 4_096));
      const read = decode(encode(encoder, fields));
      t.same(read, { fields, tableSize: encoder.tableSize }, `story ${story}, block ${at}`);
    }
  }
});

t.test("nghttp2 reads what the core's encoder writes, whatever size of table it asks for", async (t) => {
  for (const [story, { blocks }] of stories.entries()) {
    const encoder = new HpackEncoder();
    const said: Parameters<typeof decodeByNghttp2>[0][number][] = [];
    for (const { sizes, fields } of blocks) {
      for (const size of sizes) {
        encoder.setMaxTableBytes(size);
        said.push({ tableBytes: size });
      }
      said.push(encode(encoder, fields));
    }
    const read = await decodeByNghttp2(said);
    t.same(
      read,
      blocks.map(({ fields }) => fields),
      `story ${story}`,
    );
  }
});

t.test('hpack.js and nghttp2 refuse what the core refuses', async (t) => {
  const rows: readonly (readonly [says: string, hex: string, onlyNghttp2?: boolean])[] = [
    ['index 0', '80'],
    ['an index beyond both tables', '82be'],
    ['a name index beyond both tables', '7f000161'],
    ['an integer without its end', '82ff'],
    ['an integer that never ends', 'ffffffffffffffffffff'],
    ['a string that is longer than the block', '400a61'],
    ['Huffman: padding of eight bits', '400161821fff'],
    ['Huffman: padding of zeros', '4001618118'],
    ['Huffman: EOS', '40016184ffffffff'],
    ['a size update behind a field', '8220', true],
    ['a size update above what was allowed', '3fe21f82'],
  ];
  for (const [says, hex, onlyNghttp2 = false] of rows) {
    const octets = Buffer.from(hex, 'hex');
    t.match(new HpackDecoder(LIMITS).decode(octets), { code: /^HPACK_/ }, `${says}: the core`);
    t.equal(typeof hpackJsDecoder(4_096)(octets), onlyNghttp2 ? 'object' : 'string', `${says}: hpack.js`);
    t.same(await decodeByNghttp2([octets]), [COMPRESSION_ERROR], `${says}: nghttp2`);
  }
});
