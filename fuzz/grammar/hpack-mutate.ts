/** Mutators of field blocks: they change representations, legal or not, in place. */
import type { Dictionary } from '../engines/aeronet/dictionary.ts';
import { mutateBytes } from '../engines/aeronet/mutate-bytes.ts';
import type { Random } from '../engines/aeronet/prng.ts';
import { generateRepresentation } from './hpack-generate.ts';
import {
  integer,
  parseBlock,
  type Representation,
  rawOctets,
  representation,
  representationOctets,
  type StringLiteral,
  serialiseBlock,
  stringLiteral,
} from './hpack-representations.ts';
import { FIELDS, INDICES, TABLE_SIZES } from './hpack-vocabulary.ts';
import { huffmanBits, huffmanText, packBits } from './huffman-code.ts';

interface Workshop {
  readonly random: Random;
  readonly dictionary: Dictionary;
}

type Mutator = (block: Representation[], at: number, shop: Workshop) => void;

const MAX_TEXT = 512;

/** A block with one to four changes. */
export function mutateBlock(octets: string, random: Random, dictionary: Dictionary): string {
  const block = parseBlock(octets);
  mutateRepresentations(block, random, dictionary);
  return serialiseBlock(block);
}

/** Applies one to four changes to representations. */
export function mutateRepresentations(block: Representation[], random: Random, dictionary: Dictionary): void {
  for (let rounds = 1 << random.below(3); rounds > 0; rounds--) {
    if (block.length === 0) block.push(generateRepresentation(random, dictionary));
    random.pick(MUTATORS)(block, random.below(block.length), { random, dictionary });
  }
}

const MUTATORS: readonly Mutator[] = [
  function insert(block, at, { random, dictionary }) {
    block.splice(at + random.below(2), 0, generateRepresentation(random, dictionary));
  },
  function drop(block, at) {
    block.splice(at, 1);
  },
  function duplicate(block, at, { random }) {
    const copies = random.oneIn(8) ? 1 << random.below(8) : 1;
    const copied = block[at];
    if (copied === undefined || representationOctets(copied).length * copies > 4_096) return;
    block.splice(random.below(block.length + 1), 0, ...new Array<Representation>(copies).fill(copied));
  },
  function move(block, at, { random }) {
    block.splice(random.below(block.length), 0, ...block.splice(at, 1));
  },
  function changeIndex(block, at, { random }) {
    change(block, at, ({ index }) => ({
      index: random.oneIn(2) ? random.pick(INDICES) : Math.max(0, index + random.below(9) - 4),
    }));
  },
  // What this block or an earlier one has put into the table, and the first index beyond it
  function pointIntoTable(block, at, { random }) {
    block.splice(at, random.below(2), representation('indexed', 62 + random.below(random.oneIn(4) ? 64 : 4)));
  },
  function changeKind(block, at, { random }) {
    change(block, at, () => ({ kind: random.pick(['table', 'plain', 'never', 'indexed', 'update'] as const) }));
  },
  function enterTable(block, at) {
    change(block, at, ({ kind }) => (kind === 'plain' || kind === 'never' ? { kind: 'table' } : {}));
  },
  function updateSize(block, at, { random }) {
    const place = random.oneIn(3) ? at : 0;
    block.splice(place, 0, representation('update', random.pick(TABLE_SIZES)));
    if (random.oneIn(2)) block.splice(place + 1, 0, representation('update', random.pick(TABLE_SIZES)));
  },
  function spellInteger(block, at, { random }) {
    const { index = 0 } = block[at] ?? {};
    const [bits, first] = random.pick([
      [7, 0x80],
      [6, 0x40],
      [5, 0x20],
      [4, 0x10],
      [4, 0x00],
    ] as const);
    const octets = integer(random.oneIn(2) ? index : random.pick(INDICES), bits, first, 1 + random.below(6));
    block.splice(at, 1, rawOctets(octets + representationOctets(block[at] ?? rawOctets('')).slice(1)));
  },
  function recode(block, at) {
    changeText(block, at, (text, literal) => stringLiteral(text, !literal.isHuffman));
  },
  function mutateText(block, at, { random, dictionary }) {
    changeText(block, at, (text, literal) =>
      stringLiteral(mutateBytes(text, random, dictionary, '').slice(0, MAX_TEXT), literal.isHuffman),
    );
  },
  function mutateCode(block, at, { random, dictionary }) {
    changeText(block, at, (_, literal) => ({
      isHuffman: literal.isHuffman || random.oneIn(2),
      data: mutateBytes(literal.data, random, dictionary, '').slice(0, MAX_TEXT),
    }));
  },
  function takeWord(block, at, { random, dictionary }) {
    const [name, value] = random.pick(FIELDS);
    const words = [name, value, dictionary.pick(random)];
    changeText(block, at, (_, literal) => stringLiteral(random.pick(words), literal.isHuffman));
  },
  function damageHuffman(block, at, { random }) {
    const bits = random.pick([
      huffmanBits(256),
      '1'.repeat(8),
      '0'.repeat(3),
      '1'.repeat(15),
      huffmanBits(10).slice(0, -1),
    ]);
    changeText(block, at, (text) => {
      const coded = [...text].map((unit) => huffmanBits(unit.charCodeAt(0))).join('') + bits;
      const padding = random.oneIn(3) ? '0' : '1';
      return { isHuffman: true, data: packBits(coded.padEnd(Math.ceil(coded.length / 8) * 8, padding)) };
    });
  },
  function lengthen(block, at, { random }) {
    const length = 1 << random.below(random.oneIn(4) ? 13 : 9);
    changeText(block, at, (text, literal) =>
      stringLiteral(text.padEnd(length, 'v').slice(0, length), literal.isHuffman),
    );
  },
  function cut(block, at, { random }) {
    const octets = representationOctets(block[at] ?? rawOctets(''));
    block.splice(at, 1, rawOctets(octets.slice(0, random.below(octets.length + 1))));
  },
  function intrude(block, at, { random }) {
    block.splice(at, 0, rawOctets(String.fromCharCode(random.below(256))));
  },
];

/** Replaces parts of a representation; how it stood before is forgotten. */
function change(
  block: Representation[],
  at: number,
  edit: (before: Representation) => Partial<Omit<Representation, 'octets'>>,
): void {
  const before = block[at];
  if (before !== undefined && before.kind !== 'raw') block[at] = { ...before, ...edit(before), octets: undefined };
}

/** Replaces the value, or the name where there is one, of a literal; text is what its code means. */
function changeText(
  block: Representation[],
  at: number,
  edit: (text: string, literal: StringLiteral) => StringLiteral,
): void {
  change(block, at, ({ name, value }) => {
    const isName = name !== undefined && (value === undefined || value.data.length % 2 === 0);
    const literal = isName ? name : value;
    if (literal === undefined) return {};
    const decoded = literal.isHuffman ? huffmanText(literal.data) : { text: literal.data };
    const edited = edit('text' in decoded ? decoded.text : literal.data, literal);
    return isName ? { name: edited } : { value: edited };
  });
}
