/** The core's HPACK held against the reference decoder: verdict, fields, counted octets and the table after every block. */
import {
  CODES,
  type DecodedBlock,
  HpackDecoder,
  HpackEncoder,
  type HpackFailure,
  STATIC_ENTRIES,
} from '../../core/sans-io.ts';
import { octetsOf } from '../engines/latin1-input.ts';
import type { BlockItem } from '../grammar/hpack-blocks.ts';
import { parseBlock, type StringLiteral } from '../grammar/hpack-representations.ts';
import type { Field } from '../grammar/hpack-vocabulary.ts';
import { huffmanText } from '../grammar/huffman-code.ts';
import { ReferenceDecoder, Refusal, sizeOf } from './hpack-reference.ts';
import { OracleError, quoted } from './oracle-error.ts';

const LIMITS = { tableBytes: 4_096, listBytes: 16_384, fieldCount: 100 };
/** Octets around a block in the memory that it is decoded from. */
const MARGIN = 7;
/** RFC7541#7.1.3: what a table must never hold; an empty value is no secret. */
const SECRETS = new Set(['authorization', 'cookie', 'proxy-authorization', 'set-cookie', 'www-authenticate']);
/** Most octets that a field takes beside its name and value. */
const FIELD_OVERHEAD = 16;

/** Demands that the core's decoder makes of each block what the reference makes of it; ends with the first that both refuse. */
export function assertDecodesAsReference(items: readonly BlockItem[]): void {
  const decoder = new HpackDecoder(LIMITS);
  const shifted = new HpackDecoder(LIMITS);
  const reference = new ReferenceDecoder(LIMITS.tableBytes);
  for (const item of items) {
    if (item.kind === 'setting') {
      decoder.setMaxTableBytes(item.bytes);
      shifted.setMaxTableBytes(item.bytes);
      reference.allow(item.bytes);
      continue;
    }
    const octets = octetsOf(item.octets);
    const decoded = decoder.decode(octets);
    const expected = readByReference(reference, item.octets);
    assertSamePlace(decoded, shifted, octets, item.at);
    if ('code' in decoded) {
      if (!Object.hasOwn(CODES, decoded.code))
        throw new OracleError('typed-errors', `a failure has the code ${decoded.code}`);
      if (!(decoded.at >= 0 && decoded.at <= octets.length)) broken('offset', `a failure at ${decoded.at}`, item);
    }
    const verdict = 'code' in decoded ? decoded.code : 'accepted';
    const wanted = 'code' in expected ? expected.code : 'accepted';
    if (verdict !== wanted) broken(`${verdict} for ${wanted}`, `block ${verdict}, by the reference ${wanted}`, item);
    if ('code' in decoded || 'code' in expected) return;
    assertSameList(decoded, expected, item);
    assertSameTable(decoder, reference, item);
  }
}

/** Demands that what the core encodes is what both decoders read, that tables agree, and that no secret enters them. */
export function assertEncodesFields(items: readonly BlockItem[]): void {
  const encoder = new HpackEncoder();
  const decoder = new HpackDecoder({
    ...LIMITS,
    listBytes: Number.MAX_SAFE_INTEGER,
    fieldCount: Number.MAX_SAFE_INTEGER,
  });
  const reference = new ReferenceDecoder(LIMITS.tableBytes);
  for (const item of items) {
    if (item.kind === 'setting') {
      encoder.setMaxTableBytes(item.bytes);
      decoder.setMaxTableBytes(item.bytes);
      reference.allow(item.bytes);
      continue;
    }
    const fields = fieldsOf(item.octets);
    const { tableVersion } = encoder;
    encoder.begin();
    for (const [name, value] of fields) encoder.field(name, value);
    const octets = encoder.end();
    const most = fields.reduce(
      (sum, [name, value]) => sum + name.length + value.length + FIELD_OVERHEAD,
      FIELD_OVERHEAD,
    );
    if (octets.length > most) broken('length', `${fields.length} fields took ${octets.length} octets`, item);
    assertReads(octets, fields, decoder, reference, item);
    if (encoder.tableSize !== decoder.tableSize) broken('table', 'encoder and decoder differ in table size', item);
    if (tableVersion !== encoder.tableVersion) continue;
    // What changed no table is the same again
    encoder.begin();
    encoder.encoded(octets, octets.length);
    assertReads(encoder.end(), fields, decoder, reference, item);
  }
}

/** Fields that octets stand for, as far as they do: whatever they are, there is something to encode. */
export function fieldsOf(octets: string): Field[] {
  return parseBlock(octets).flatMap(({ kind, index, name, value }): Field[] => {
    if (kind === 'raw' || kind === 'update') return [];
    const [staticName, staticValue] = STATIC_ENTRIES[index - 1] ?? [`x-${index % 97}`, ''];
    if (kind === 'indexed') return [[staticName, staticValue]];
    return [[name === undefined ? staticName : textOf(name), textOf(value)]];
  });
}

function textOf(literal: StringLiteral | undefined): string {
  if (literal === undefined) return '';
  const decoded = literal.isHuffman ? huffmanText(literal.data) : { text: literal.data };
  return 'text' in decoded ? decoded.text : literal.data;
}

function readByReference(reference: ReferenceDecoder, block: string): Field[] | Refusal {
  try {
    return reference.decode(block);
  } catch (thrown) {
    if (thrown instanceof Refusal) return thrown;
    throw thrown;
  }
}

/** A block in the middle of other octets is the same block. */
function assertSamePlace(
  decoded: DecodedBlock | HpackFailure,
  decoder: HpackDecoder,
  octets: Uint8Array,
  at: number,
): void {
  const around = new Uint8Array(octets.length + 2 * MARGIN).fill(0xff);
  around.set(octets, MARGIN);
  const again = decoder.decode(around, MARGIN, MARGIN + octets.length);
  const same =
    'code' in decoded
      ? 'code' in again && again.code === decoded.code && again.at === decoded.at + MARGIN
      : !('code' in again) && again.listBytes === decoded.listBytes && again.fields.length === decoded.fields.length;
  if (!same)
    throw new OracleError('hpack', 'a block is read otherwise where other octets are around it', {
      offset: at,
      state: 'place',
    });
}

function assertSameList(
  { fields, listBytes, isOverLimit }: DecodedBlock,
  expected: readonly Field[],
  item: BlockItem,
): void {
  const size = expected.reduce((sum, field) => sum + sizeOf(field), 0);
  const isOver = size > LIMITS.listBytes || expected.length > LIMITS.fieldCount;
  if (isOverLimit !== isOver)
    broken('limit', `a list of ${size} octets and ${expected.length} fields is over its limit: ${isOverLimit}`, item);
  if (!isOver && listBytes !== size) broken('size', `a list of ${size} octets counts for ${listBytes}`, item);
  if (fields.length > LIMITS.fieldCount || (!isOver && fields.length !== expected.length)) {
    broken('count', `${fields.length} fields for ${expected.length}`, item);
  }
  for (const [index, { name, value }] of fields.entries()) {
    const [wantedName, wantedValue] = expected[index] ?? ['', ''];
    if (name === wantedName && value === wantedValue) continue;
    broken('fields', `${quoted(`${name}: ${value}`)} was read for ${quoted(`${wantedName}: ${wantedValue}`)}`, item);
  }
}

function assertSameTable(decoder: HpackDecoder, reference: ReferenceDecoder, item: BlockItem): void {
  const table = decoder.tableFields.map(({ name, value }) => `${name}\n${value}`);
  const wanted = reference.entries.map(([name, value]) => `${name}\n${value}`);
  const isSame = table.length === wanted.length && table.every((entry, index) => entry === wanted[index]);
  if (!isSame || decoder.tableSize !== reference.tableSize) {
    broken(
      'table',
      `the table has ${table.length} entries of ${decoder.tableSize} octets, by the reference ${wanted.length} of ${reference.tableSize}`,
      item,
    );
  }
}

function assertReads(
  octets: Uint8Array,
  fields: readonly Field[],
  decoder: HpackDecoder,
  reference: ReferenceDecoder,
  item: BlockItem,
): void {
  const text = Buffer.from(octets).toString('latin1');
  const decoded = decoder.decode(octets);
  const expected = readByReference(reference, text);
  if ('code' in decoded || 'code' in expected) {
    const { code } = 'code' in decoded ? decoded : new Refusal('code' in expected ? expected.code : '');
    return broken(code, `what was encoded is refused: ${code}`, item);
  }
  const lists = [decoded.fields.map(({ name, value }): Field => [name, value]), expected];
  for (const list of lists) {
    const at = fields.findIndex(([name, value], index) => list[index]?.[0] !== name || list[index]?.[1] !== value);
    if (at >= 0 || list.length !== fields.length) {
      broken(
        'fields',
        `field ${at} of ${fields.length} reads as ${quoted(String(list[at]))} for ${quoted(String(fields[at]))}`,
        item,
      );
    }
  }
  assertSameTable(decoder, reference, item);
  const secret = reference.entries.find(([name, value]) => SECRETS.has(name) && value !== '');
  if (secret !== undefined) broken('secret', `a table holds ${quoted(secret[0])}`, item);
  const representations = parseBlock(text).filter(({ kind }) => kind !== 'update');
  for (const [index, [name, value]] of fields.entries()) {
    if (SECRETS.has(name) && value !== '' && representations[index]?.kind !== 'never') {
      broken('secret', `${quoted(name)} is not sent as never indexed`, item);
    }
  }
}

function broken(state: string, message: string, item: BlockItem): never {
  throw new OracleError('hpack', message, { offset: item.at, state });
}
