/**
 * The grammar of field blocks that one decoder reads one after another, so that what a block leaves in the table matters:
 *
 *     item = %x00-7F length octet · length octets: a block / %x80-FF octet: SETTINGS_HEADER_TABLE_SIZE becomes those 15 bits
 */
import type { Random } from '../engines/aeronet/prng.ts';
import type { Grammar } from './grammar.ts';
import { generateAnyBlock } from './hpack-generate.ts';
import { mutateBlock } from './hpack-mutate.ts';
import { parseBlock, representationOctets, serialiseBlock } from './hpack-representations.ts';
import { TABLE_SIZES } from './hpack-vocabulary.ts';
import { readUint, uint } from './octets.ts';

/** One step of a decoder's life. */
export type BlockItem =
  | { readonly kind: 'block'; readonly octets: string; readonly at: number }
  | { readonly kind: 'setting'; readonly bytes: number; readonly at: number };

const MAX_ITEMS = 256;
const MAX_BLOCK = 0x7fff;

/** Reads an input as items; `at` is the octet where the block, or the item of a setting, begins. */
export function parseItems(input: string): BlockItem[] {
  const items: BlockItem[] = [];
  let at = 0;
  while (at < input.length && items.length < MAX_ITEMS) {
    const head = readUint(input, at, 2);
    if (head > MAX_BLOCK) items.push({ kind: 'setting', bytes: head - MAX_BLOCK - 1, at });
    else items.push({ kind: 'block', octets: input.slice(at + 2, at + 2 + head), at: at + 2 });
    at += 2 + (head > MAX_BLOCK ? 0 : head);
  }
  return items;
}

/** The octets of items. */
export function serialiseItems(items: readonly BlockItem[]): string {
  return items.map(itemOctets).join('');
}

/** Makes, changes and takes apart sequences of field blocks. */
export const hpackGrammar: Grammar = {
  generate(random, dictionary) {
    const items: BlockItem[] = [];
    for (let count = 1 + random.below(6); count > 0; count--) {
      if (random.oneIn(8)) items.push(setting(random));
      items.push(block(serialiseBlock(generateAnyBlock(random, dictionary))));
    }
    return serialiseItems(items);
  },

  mutate(input, other, random, dictionary) {
    const items = parseItems(input);
    for (let rounds = 1 << random.below(3); rounds > 0; rounds--) {
      const at = random.below(items.length || 1);
      const item = items[at];
      if (item === undefined) items.push(block(serialiseBlock(generateAnyBlock(random, dictionary))));
      else if (random.oneIn(4)) mutateSequence(items, at, parseItems(other), random);
      else if (item.kind === 'setting') items[at] = setting(random);
      else items[at] = block(mutateBlock(item.octets, random, dictionary));
    }
    return serialiseItems(items);
  },

  cuts(input) {
    const starts = parseItems(input).map((item) => (item.kind === 'block' ? item.at - 2 : item.at));
    return [starts.map((start, index) => input.slice(start, starts[index + 1] ?? input.length))];
  },

  simpler(input) {
    const items = parseItems(input);
    return items.flatMap((item, index) => {
      if (item.kind !== 'block') return [];
      return shorterBlocks(item.octets).map((octets) => serialiseItems(items.with(index, block(octets))));
    });
  },
};

/** A block without a run of its representations, the longest first, or with a shorter string: no removal of octets gets there, as lengths count. */
export function shorterBlocks(octets: string): string[] {
  const representations = parseBlock(octets);
  const without: string[] = [];
  for (let run = representations.length; run >= 1; run >>= 1) {
    for (let at = 0; at < representations.length; at += run) {
      without.push(serialiseBlock(representations.toSpliced(at, run)));
    }
  }
  const shortened = representations.flatMap((one, index) => {
    const parts = (['name', 'value'] as const).filter((part) => (one[part]?.data.length ?? 0) > 0);
    return parts.flatMap((part) => {
      const literal = one[part];
      if (literal === undefined) return [];
      const lengths = [0, literal.data.length >> 1, literal.data.length - 1].filter((n) => n < literal.data.length);
      return [...new Set(lengths)].map((length) => {
        const shorter = { ...one, [part]: { ...literal, data: literal.data.slice(0, length) }, octets: undefined };
        return serialiseBlock(representations.with(index, shorter));
      });
    });
  });
  return [...without, ...shortened];
}

/** Items as a whole: duplicate, drop, swap, take over, split. */
function mutateSequence(items: BlockItem[], at: number, others: readonly BlockItem[], random: Random): void {
  const item = items[at];
  if (item === undefined) return;
  const to = random.below(items.length + 1);
  switch (random.below(6)) {
    case 0:
      items.splice(to, 0, item);
      break;
    case 1:
      items.splice(at, 1);
      break;
    case 2:
      items.splice(to, 0, ...items.splice(at, 1));
      break;
    case 3:
      items.splice(to, 0, others.length > 0 ? random.pick(others) : item);
      break;
    case 4:
      items.splice(to, 0, setting(random));
      break;
    default: {
      if (item.kind !== 'block') break;
      const pieces = parseBlock(item.octets).map(representationOctets);
      const cut = random.below(pieces.length + 1);
      items.splice(at, 1, block(pieces.slice(0, cut).join('')), block(pieces.slice(cut).join('')));
    }
  }
}

function itemOctets(item: BlockItem): string {
  if (item.kind === 'setting') return uint(item.bytes + MAX_BLOCK + 1, 2);
  const octets = item.octets.slice(0, MAX_BLOCK);
  return uint(octets.length, 2) + octets;
}

function block(octets: string): BlockItem {
  return { kind: 'block', octets, at: 0 };
}

function setting(random: Random): BlockItem {
  return { kind: 'setting', bytes: Math.min(MAX_BLOCK, random.pick(TABLE_SIZES)), at: 0 };
}
