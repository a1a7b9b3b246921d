/** Field blocks: what each representation is, as a plain reading finds it, and what the decoder makes of the block. */
import { HpackDecoder, HpackEncoder } from '../../core/sans-io.ts';
import type { Tell } from '../define.ts';
import { inputOf, octetsOf } from '../engines/latin1-input.ts';
import { type BlockItem, parseItems } from '../grammar/hpack-blocks.ts';
import { parseBlock, type Representation, representationOctets } from '../grammar/hpack-representations.ts';

import { fieldsOf } from '../oracles/hpack-agreement.ts';

const LIMITS = { tableBytes: 4_096, listBytes: 16_384, fieldCount: 100 };

/** Tells blocks and settings up to the first block that is refused. */
export function tellBlocks(octets: Uint8Array, tell: Tell): void {
  const decoder = new HpackDecoder(LIMITS);
  for (const item of parseItems(inputOf(octets))) {
    if (item.kind === 'setting') {
      tell({ kind: 'setting', offset: item.at, text: `the table may have ${item.bytes} octets` });
      decoder.setMaxTableBytes(item.bytes);
    } else if (!tellBlock(item, decoder, tell)) return;
  }
}

function tellBlock({ at, octets }: Extract<BlockItem, { kind: 'block' }>, decoder: HpackDecoder, tell: Tell): boolean {
  tell({ kind: 'block', offset: at, text: `${octets.length} octets` });
  let offset = at;
  for (const representation of parseBlock(octets)) {
    tell({ kind: representation.kind, offset, text: representationText(representation) });
    offset += representationOctets(representation).length;
  }
  const decoded = decoder.decode(octetsOf(octets));
  if ('code' in decoded) {
    tell({ kind: 'error', offset: at + decoded.at, text: decoded.code });
    return false;
  }
  for (const { name, value } of decoded.fields) tell({ kind: 'field', offset: at, text: `${name}: ${value}` });
  const table = `a table of ${decoder.tableFields.length} entries, ${decoder.tableSize} octets`;
  tell({ kind: 'end', offset, text: decoded.isOverLimit ? `over its limit, ${table}` : table });
  return true;
}

/** Tells the fields that blocks stand for, and how each list is encoded. */
export function tellEncodings(octets: Uint8Array, tell: Tell): void {
  const encoder = new HpackEncoder();
  for (const item of parseItems(inputOf(octets))) {
    if (item.kind === 'setting') {
      tell({ kind: 'setting', offset: item.at, text: `the table may have ${item.bytes} octets` });
      encoder.setMaxTableBytes(item.bytes);
      continue;
    }
    encoder.begin();
    for (const [name, value] of fieldsOf(item.octets)) {
      tell({ kind: 'field', offset: item.at, text: `${name}: ${value}` });
      encoder.field(name, value);
    }
    for (const representation of parseBlock(inputOf(encoder.end())))
      tell({ kind: `as ${representation.kind}`, offset: item.at, text: representationText(representation) });
    tell({ kind: 'end', offset: item.at, text: `a table of ${encoder.tableSize} octets` });
  }
}

function representationText({ kind, index, name, value, octets }: Representation): string {
  if (kind === 'raw') return octets ?? '';
  const literals = [name, value].flatMap((literal) =>
    literal === undefined ? [] : [`${literal.isHuffman ? 'coded ' : ''}${literal.data}`],
  );
  return [index === 0 && name !== undefined ? 'new name' : String(index), ...literals].join(', ');
}
