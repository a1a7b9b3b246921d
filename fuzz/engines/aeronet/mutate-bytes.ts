/** Havoc: mutators that know octets and nothing else. Inputs are latin1 strings, one code unit an octet. */
import { MAX_INPUT_BYTES } from '../../define.ts';
import type { Dictionary } from './dictionary.ts';
import type { Random } from './prng.ts';

/** One way to change an input; it may return it unchanged. */
type ByteMutator = (input: string, random: Random, dictionary: Dictionary) => string;

/** Numbers at which counters, sizes and parsers break, as text. */
export const INTERESTING_NUMBERS: readonly string[] = [
  '0',
  '1',
  '-1',
  '+1',
  '9',
  '10',
  '16',
  '127',
  '128',
  '255',
  '256',
  '1023',
  '1024',
  '4095',
  '4096',
  '32767',
  '65535',
  '65536',
  '2147483647',
  '2147483648',
  '4294967295',
  '4294967296',
  '9007199254740991',
  '9007199254740992',
  '9007199254740993',
  '9223372036854775807',
  '18446744073709551615',
  '18446744073709551616',
  '99999999999999999999',
  '00',
  '01',
  '007',
  '1.0',
  '1e1',
  '0x5',
  '0X1f',
  ' 5',
  '5 ',
  '0_1',
  'a',
  'ff',
  'FFFFFFFF',
  '100000000',
  'fffffffffffff',
  '20000000000000',
  'g',
];

const INTERESTING_OCTETS = [0x00, 0x09, 0x0a, 0x0d, 0x20, 0x22, 0x2c, 0x3a, 0x3b, 0x3d, 0x5c, 0x7f, 0x80, 0xa0, 0xff];

/** Applies one to sixteen random changes, mostly few. */
export function mutateBytes(input: string, random: Random, dictionary: Dictionary, other: string): string {
  let mutated = random.oneIn(8) ? spliceOctets(input, other, random) : input;
  for (let rounds = 1 << Math.min(random.below(5), random.below(5)); rounds > 0; rounds--) {
    mutated = random.pick(MUTATORS)(mutated, random, dictionary).slice(0, MAX_INPUT_BYTES);
  }
  return mutated;
}

/** A part of an input many times over: what makes work that grows faster than its input show. */
export function stretch(input: string, random: Random, maxLength: number): string {
  const at = random.below(input.length || 1);
  const part = input.slice(at, at + rangeLength(input.length - at, random)) || octet(random);
  const room = Math.max(1, Math.floor((maxLength - input.length) / part.length));
  return insert(input, at, part.repeat(Math.min(1 << random.below(8), room)));
}

/** The beginning of one input and the end of another. */
export function spliceOctets(input: string, other: string, random: Random): string {
  return input.slice(0, random.below(input.length + 1)) + other.slice(random.below(other.length + 1));
}

/** A random input with no structure at all. */
export function randomBytes(random: Random, maxLength: number): string {
  let input = '';
  for (let length = random.below(Math.min(64, maxLength) + 1); length > 0; length--) input += octet(random);
  return input;
}

const MUTATORS: readonly ByteMutator[] = [
  function flipBit(input, random) {
    const at = random.below(input.length || 1);
    return overwrite(input, at, String.fromCharCode((input.charCodeAt(at) ^ (1 << random.below(8))) & 0xff));
  },
  function setOctet(input, random) {
    return overwrite(input, random.below(input.length || 1), octet(random));
  },
  function setInterestingOctet(input, random) {
    return overwrite(input, random.below(input.length || 1), String.fromCharCode(random.pick(INTERESTING_OCTETS)));
  },
  function addToOctet(input, random) {
    const at = random.below(input.length || 1);
    return overwrite(input, at, String.fromCharCode((input.charCodeAt(at) + random.below(71) - 35) & 0xff));
  },
  function insertOctets(input, random) {
    const run = random.oneIn(4) ? octet(random).repeat(1 + random.below(64)) : octet(random);
    return insert(input, random.below(input.length + 1), run);
  },
  function removeRange(input, random) {
    const at = random.below(input.length || 1);
    return input.slice(0, at) + input.slice(at + rangeLength(input.length - at, random));
  },
  function duplicateRange(input, random) {
    const at = random.below(input.length || 1);
    const range = input.slice(at, at + rangeLength(input.length - at, random));
    return insert(input, random.below(input.length + 1), range);
  },
  function overwriteRange(input, random) {
    const at = random.below(input.length || 1);
    return overwrite(
      input,
      random.below(input.length + 1),
      input.slice(at, at + rangeLength(input.length - at, random)),
    );
  },
  function insertWord(input, random, dictionary) {
    return insert(input, random.below(input.length + 1), dictionary.pick(random));
  },
  function overwriteWord(input, random, dictionary) {
    return overwrite(input, random.below(input.length + 1), dictionary.pick(random));
  },
  function replaceNumber(input, random) {
    const numbers = [...input.matchAll(/[0-9]+/g)];
    if (numbers.length === 0) return insert(input, random.below(input.length + 1), random.pick(INTERESTING_NUMBERS));
    const number = random.pick(numbers);
    return (
      input.slice(0, number.index) + random.pick(INTERESTING_NUMBERS) + input.slice(number.index + number[0].length)
    );
  },
  function truncate(input, random) {
    return random.oneIn(4) ? input.slice(0, random.below(input.length + 1)) : input;
  },
];

function rangeLength(available: number, random: Random): number {
  return 1 + random.below(Math.max(1, random.oneIn(4) ? available : Math.min(available, 16)));
}

function octet(random: Random): string {
  return String.fromCharCode(random.below(256));
}

function insert(input: string, at: number, text: string): string {
  return input.slice(0, at) + text + input.slice(at);
}

function overwrite(input: string, at: number, text: string): string {
  return input.slice(0, at) + text + input.slice(at + text.length);
}
