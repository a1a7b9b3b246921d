/**
 * Writes `corpus/hpack/golden/vectors-hpack-js.json` and `vectors-nghttp2.json`: field blocks as two encoders of other authors
 * write them, with the fields and the table that a decoder has to find. The same seed makes the same lists, and the same
 * version of an encoder the same octets.
 *
 *     node dist/scripts/gen-hpack-vectors.js
 */
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { argv, versions } from 'node:process';
import { pathToFileURL } from 'node:url';
import { packageRoot } from './cli/package-version.ts';
import { type Block, encodeByNghttp2, type Field, hpackJsDecoder, hpackJsEncoder } from './hpack-second-opinions.ts';

export const VECTOR_FILES = {
  'hpack.js': 'corpus/hpack/golden/vectors-hpack-js.json',
  nghttp2: 'corpus/hpack/golden/vectors-nghttp2.json',
} as const;

export type Encoder = keyof typeof VECTOR_FILES;

/** One block of a story: what came before it, its octets, and what they mean. */
export interface Vector {
  /** SETTINGS_HEADER_TABLE_SIZE that the decoder has named before it. */
  readonly sizes: readonly number[];
  readonly hex: string;
  readonly fields: readonly Field[];
  /** Octets in the decoder's table behind it. */
  readonly tableSize: number;
}

/** The blocks of one connection. */
export interface Story {
  readonly tableBytes: number;
  readonly blocks: readonly Vector[];
}

const SEED = 7_541;
const STORIES = 6;
const BLOCKS = 7;
const INITIAL_TABLE_BYTES = 4_096;

/** The version of an encoder that is at hand. */
export function versionOf(encoder: Encoder): string {
  if (encoder === 'nghttp2') return versions['nghttp2'] ?? 'none';
  const { version }: { version: string } = createRequire(import.meta.url)('hpack.js/package.json');
  return version;
}

/** The text of one encoder's file. */
export async function generateHpackVectors(encoder: Encoder): Promise<string> {
  const stories: Story[] = [];
  for (let story = 0; story < STORIES; story++) {
    const random = seededRandom(SEED + story);
    stories.push(encoder === 'hpack.js' ? tellByHpackJs(random, story) : await tellByNghttp2(random, story));
  }
  const texts = stories.map(({ tableBytes, blocks }) => {
    const lines = blocks.map((block) => `   ${JSON.stringify(block)}`);
    return `  {"tableBytes": ${tableBytes}, "blocks": [\n${lines.join(',\n')}\n  ]}`;
  });
  const head = `{\n "encoder": ${JSON.stringify(encoder)},\n "version": ${JSON.stringify(versionOf(encoder))},`;
  return `${head}\n "seed": ${SEED},\n "stories": [\n${texts.join(',\n')}\n ]\n}\n`;
}

/** Responses, each field with or without Huffman, in the table, beside it, or never in one; a small table in every other story. */
function tellByHpackJs(random: () => number, story: number): Story {
  const tableBytes = story % 2 === 0 ? INITIAL_TABLE_BYTES : 256;
  const encode = hpackJsEncoder(tableBytes);
  const decode = hpackJsDecoder(tableBytes);
  const blocks: Vector[] = [];
  for (let at = 0; at < BLOCKS; at++) {
    const fields = [[':status', pick(random, STATUSES)] as const, ...someFields(random)];
    const ways = fields.map(([name, value]) => {
      const way = random();
      return { name, value, huffman: random() < 0.7, incremental: way < 0.7, neverIndex: way > 0.9 };
    });
    const octets = encode(ways, at === 4);
    blocks.push(vectorOf([], octets, fields, decode(octets)));
  }
  return { tableBytes, blocks };
}

/** Requests; in every other story the table changes its size on the way. */
async function tellByNghttp2(random: () => number, story: number): Promise<Story> {
  const wanted: Block[] = [];
  for (let at = 0; at < BLOCKS; at++) {
    const fields: Field[] = [
      [':method', pick(random, ['GET', 'GET', 'GET', 'POST', 'HEAD', 'QUERY'])],
      [':authority', pick(random, ['a.example', 'a.example', 'b.example:8080'])],
      [':scheme', pick(random, ['https', 'http'])],
      [':path', pick(random, ['/', '/index.html', '/style.css?v=2', '/a/%7e/b'])],
      ...someFields(random),
    ];
    wanted.push({ sizes: story % 2 === 0 ? [] : (SIZES[at] ?? []), fields });
  }
  const octets = await encodeByNghttp2(wanted);
  // WHY: the sizes that matter are said in the blocks, where hpack.js finds them too
  const decode = hpackJsDecoder(INITIAL_TABLE_BYTES);
  const blocks = wanted.map(({ sizes, fields }, at) => {
    const block = octets[at] ?? new Uint8Array(0);
    return vectorOf(sizes, block, fields, decode(block));
  });
  return { tableBytes: INITIAL_TABLE_BYTES, blocks };
}

/** What the decoder says of its table before each block of a story: smaller, gone and back, as large as the entries or not. */
const SIZES: Readonly<Record<number, readonly number[]>> = {
  1: [200],
  2: [0, 4_096],
  4: [100, 64],
  5: [0],
  6: [65_536],
};

const STATUSES = ['200', '200', '200', '204', '206', '304', '404', '500', '418'];

/** Fields by name: values that come again, secrets, what the static table has, and octets of every kind. */
const VOCABULARY: readonly (readonly [name: string, values: readonly string[]])[] = [
  ['accept', ['*/*', 'text/html,application/xhtml+xml;q=0.9', '']],
  ['accept-encoding', ['gzip, deflate', 'gzip, deflate, br']],
  ['authorization', ['Basic dXNlcjpzZWNyZXQ=', 'Bearer 0123456789abcdef0123456789abcdef']],
  ['cache-control', ['no-cache', 'max-age=31536000, immutable', 'private']],
  ['content-type', ['text/html; charset=utf-8', 'application/json']],
  ['cookie', ['a=1', 'session=f3a1b7c25d9e4680aa17; theme=dark']],
  ['date', ['Mon, 21 Oct 2013 20:13:21 GMT', 'Mon, 21 Oct 2013 20:13:22 GMT']],
  ['etag', ['"33a64df5"', 'W/"0"']],
  ['user-agent', ['Mozilla/5.0 (X11; Linux x86_64)', 'probe/1']],
  ['x-all-digits', ['0', '12', '345678901234567890']],
  ['x-empty', ['']],
  ['x-high', ['\xff\xfe\x80', 'caf\xe9', '\xa0~{|}']],
  ['x-long', ['a'.repeat(300), '~'.repeat(180), 'long value '.repeat(20).trim()]],
  ['x-request-id', ['5f0c1e2a-1', '5f0c1e2a-2', '5f0c1e2a-3']],
  ['x-twice', ['one', 'two']],
];

/** Some of the vocabulary in its order, seldom a name with two values in a row. */
function someFields(random: () => number): Field[] {
  const fields: Field[] = [];
  for (const [name, values] of VOCABULARY) {
    if (random() < 0.55) fields.push([name, pick(random, values)]);
    if (name === 'x-twice' && random() < 0.5) fields.push([name, pick(random, values)]);
  }
  return fields;
}

function vectorOf(
  sizes: readonly number[],
  octets: Uint8Array,
  fields: readonly Field[],
  read: ReturnType<ReturnType<typeof hpackJsDecoder>>,
): Vector {
  if (typeof read === 'string' || JSON.stringify(read.fields) !== JSON.stringify(fields)) {
    throw new Error(`hpack.js reads ${JSON.stringify(read)}, and what was encoded is ${JSON.stringify(fields)}`);
  }
  return { sizes, hex: Buffer.from(octets).toString('hex'), fields, tableSize: read.tableSize };
}

function pick<T>(random: () => number, all: readonly T[]): T {
  const one = all[Math.floor(random() * all.length)];
  if (one === undefined) throw new Error('there is nothing to pick from');
  return one;
}

/** Numbers from 0 to 1 that depend on `seed` alone (mulberry32). */
function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b_79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}

if (import.meta.url === pathToFileURL(argv[1] ?? '').href) {
  for (const encoder of ['hpack.js', 'nghttp2'] as const) {
    writeFileSync(join(packageRoot(), VECTOR_FILES[encoder]), await generateHpackVectors(encoder));
  }
}
