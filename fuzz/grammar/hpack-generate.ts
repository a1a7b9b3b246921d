/** Fresh field blocks: mostly those of a request, in every form that a field can be written in. */
import { STATIC_ENTRIES } from '../../core/sans-io.ts';
import type { Dictionary } from '../engines/aeronet/dictionary.ts';
import type { Random } from '../engines/aeronet/prng.ts';
import { type Representation, representation, stringLiteral } from './hpack-representations.ts';
import { CONTROL, CONTROL_VALUES, FIELDS, type Field, TABLE_SIZES, TRAILERS } from './hpack-vocabulary.ts';

const STATIC_COUNT = STATIC_ENTRIES.length;

/** The block of a request; `control` stands in the place of fields of its name. */
export function generateRequest(
  random: Random,
  dictionary: Dictionary,
  control: Readonly<Record<string, string>> = {},
): Representation[] {
  const fields: Field[] = CONTROL.map(([name, value]) => [name, control[name] ?? oddly(random, name, value)]);
  if (random.oneIn(10)) fields.splice(random.below(fields.length), 1);
  for (let count = random.below(4); count > 0; count--) fields.push(generateField(random, dictionary));
  const block = fields.map((field) => writeField(random, field));
  if (random.oneIn(12)) block.unshift(representation('update', random.pick(TABLE_SIZES)));
  // What earlier blocks may have put into the table
  while (random.oneIn(4)) block.push(representation('indexed', STATIC_COUNT + 1 + random.below(4)));
  return block;
}

/** The block of a trailer section. */
export function generateTrailers(random: Random): Representation[] {
  const count = random.oneIn(3) ? random.below(3) : 1;
  return Array.from({ length: count }, () =>
    writeField(random, random.oneIn(3) ? random.pick(TRAILERS) : ['x-sum', '1']),
  );
}

/** Any block: of a request, of trailers, of what the tables hold. */
export function generateAnyBlock(random: Random, dictionary: Dictionary): Representation[] {
  switch (random.below(4)) {
    case 0:
      return generateTrailers(random);
    case 1: {
      const block: Representation[] = [];
      for (let count = 1 + random.below(12); count > 0; count--) block.push(generateRepresentation(random, dictionary));
      return block;
    }
    default:
      return generateRequest(random, dictionary);
  }
}

/** One representation of any kind. */
export function generateRepresentation(random: Random, dictionary: Dictionary): Representation {
  switch (random.below(6)) {
    case 0:
      return representation('indexed', STATIC_COUNT + 1 + random.below(6));
    case 1:
      return representation('indexed', 1 + random.below(STATIC_COUNT));
    case 2:
      return representation(
        random.pick(['table', 'plain', 'never'] as const),
        1 + random.below(STATIC_COUNT + 3),
        undefined,
        stringLiteral(dictionary.pick(random), random.oneIn(2)),
      );
    default:
      return writeField(random, generateField(random, dictionary));
  }
}

/** One field. */
export function generateField(random: Random, dictionary: Dictionary): Field {
  if (random.oneIn(6)) return [dictionary.pick(random).toLowerCase(), dictionary.pick(random)];
  if (random.oneIn(6)) return [`x-${random.below(6)}`, 'v'.repeat(random.below(48))];
  return random.pick(FIELDS);
}

/** A field in one of the ways in which it can be written. */
export function writeField(random: Random, [name, value]: Field): Representation {
  const whole = STATIC_ENTRIES.findIndex(([other, content]) => other === name && content === value);
  if (whole >= 0 && !random.oneIn(4)) return representation('indexed', whole + 1);
  const named = STATIC_ENTRIES.findIndex(([other]) => other === name);
  const kind = random.pick(['table', 'table', 'plain', 'never'] as const);
  const isHuffman = random.oneIn(2);
  if (named >= 0 && !random.oneIn(4))
    return representation(kind, named + 1, undefined, stringLiteral(value, isHuffman));
  return representation(kind, 0, stringLiteral(name, isHuffman), stringLiteral(value, random.oneIn(2)));
}

function oddly(random: Random, name: string, value: string): string {
  if (name === ':method') return random.oneIn(2) ? random.pick(['POST', 'GET', 'HEAD']) : value;
  if (name === ':path' && random.oneIn(2)) return random.pick(['/', '/1', '/22', '/333', '/4444']);
  return random.oneIn(12) ? random.pick(CONTROL_VALUES[name] ?? [value]) : value;
}
