/** The grammar of a ClientHello (RFC8446#4.1.2): what it holds is changed, and every length is written anew, or spoilt on purpose. */
import type { Dictionary } from '../engines/aeronet/dictionary.ts';
import { mutateBytes } from '../engines/aeronet/mutate-bytes.ts';
import type { Random } from '../engines/aeronet/prng.ts';
import type { Grammar } from './grammar.ts';
import { readUint, uint } from './octets.ts';

interface Extension {
  type: number;
  content: string;
}

interface Hello {
  session: string;
  suites: string;
  compression: string;
  extensions: Extension[];
  /** Octets of a record, before the next one begins. */
  recordBytes: number;
  /** Octets in the last record behind the message, and behind that record. */
  within: string;
  behind: string;
}

const RANDOM = 'r'.repeat(32);
const MAX_RECORD = 16_384;
const TYPES: readonly number[] = [0, 10, 13, 16, 35, 41, 43, 51, 0x0a0a, 0x4469];
/** Octets of the length that a list begins with, by the type of its extension. */
const LIST_LENGTH: Readonly<Record<number, number>> = { 0: 2, 10: 2, 13: 2, 16: 2, 41: 2, 43: 1, 51: 2 };

const vector = (lengthOctets: number, content: string): string => uint(content.length, lengthOctets) + content;

/** Makes, changes and takes apart hellos. */
export const clientHelloGrammar: Grammar = {
  generate: (random) => write(generate(random)),

  mutate(input, other, random, dictionary) {
    const hello = read(input);
    if (hello === undefined || random.oneIn(6)) return mutateBytes(input, random, dictionary, other);
    for (let left = 1 + random.below(3); left > 0; left--) change(hello, read(other), random, dictionary);
    const octets = write(hello);
    return random.oneIn(8) ? mutateBytes(octets, random, dictionary, other) : octets;
  },

  cuts: (input) => [input.match(/[\s\S]{1,64}/g) ?? [], input.match(/[\s\S]{1,8}/g) ?? []],

  simpler(input) {
    const hello = read(input);
    if (hello === undefined) return [];
    const without = hello.extensions.map((_, index) => ({
      ...hello,
      extensions: hello.extensions.toSpliced(index, 1),
    }));
    const plainer = [
      ...[
        { ...hello, session: '' },
        { ...hello, suites: hello.suites.slice(0, 2) },
        { ...hello, compression: '\0' },
      ],
      ...[
        { ...hello, recordBytes: MAX_RECORD },
        { ...hello, behind: '' },
        { ...hello, within: hello.within.slice(1) },
      ],
    ];
    return [...without, ...plainer].map(write).filter((simpler) => simpler !== input);
  },
};

function generate(random: Random): Hello {
  const types = TYPES.filter(() => random.oneIn(2));
  return {
    session: random.oneIn(2) ? '' : 's'.repeat(random.below(34)),
    suites: '\x13\x01'.repeat(1 + random.below(3)),
    compression: '\0',
    extensions: types.map((type) => ({ type, content: contentOf(type, random) })),
    recordBytes: random.oneIn(3) ? 1 + random.below(80) : MAX_RECORD,
    within: random.oneIn(8) ? 'x'.repeat(1 + random.below(3)) : '',
    behind: '',
  };
}

function change(hello: Hello, other: Hello | undefined, random: Random, dictionary: Dictionary): void {
  const { extensions } = hello;
  const at = random.below(extensions.length + 1);
  const extension = extensions[at];
  switch (random.below(9)) {
    case 0:
      return void extensions.splice(at, 1);
    case 1:
      return void extensions.splice(at, 0, newExtension(random));
    case 2:
      return void extensions.splice(at, 0, ...(other?.extensions.slice(0, 1 + random.below(3)) ?? []));
    case 3:
      hello.recordBytes = random.oneIn(2) ? MAX_RECORD : 1 + random.below(200);
      return;
    case 4:
      hello.within = 'x'.repeat(random.below(3));
      return;
    case 5:
      hello.session = 's'.repeat(random.pick([0, 1, 32, 33]));
      hello.suites = mutateBytes(hello.suites, random, dictionary, '');
      return;
    case 6:
      hello.compression = random.pick(['\0', '', '\x01', '\x01\0']);
      return;
    case 7:
      if (extension !== undefined) extension.content = mutateBytes(extension.content, random, dictionary, '');
      return;
    default:
      if (extension !== undefined) extension.content = contentOf(extension.type, random);
  }
}

function newExtension(random: Random): Extension {
  const type = random.oneIn(8) ? random.below(65_536) : random.pick(TYPES);
  return { type, content: contentOf(type, random) };
}

/** A list of its type whose length is right, of members that are mostly. */
function contentOf(type: number, random: Random): string {
  const members = Array.from({ length: random.pick([0, 1, 1, 2, 3]) }, () => memberOf(type, random)).join('');
  const octets = LIST_LENGTH[type];
  if (octets === undefined) return members;
  const binders =
    type === 41
      ? vector(2, vector(1, 'b'.repeat(random.pick([31, 32, 32, 48]))).repeat(random.pick([0, 1, 1, 2])))
      : '';
  return vector(octets, members) + binders + (random.oneIn(12) ? '\0' : '');
}

function memberOf(type: number, random: Random): string {
  const text = random.pick(['a.test', 'A.Test.', 'a..b', 'a/b', '-a', 'h2', 'http/1.1', '', '', 'x'.repeat(64)]);
  switch (type) {
    case 0:
      return `${random.oneIn(8) ? '\x01' : '\0'}${vector(2, text)}`;
    case 16:
      return vector(1, text);
    case 41:
      return vector(2, text) + uint(0, 4);
    case 51:
      return uint(29, 2) + vector(2, text);
    default:
      return random.oneIn(8) ? '\x03' : random.pick(['\x03\x04', '\x0a\x0a', '\x00\x1d']);
  }
}

function write(hello: Hello): string {
  const { session, suites, compression, extensions, recordBytes, within, behind } = hello;
  const listed = extensions.map(({ type, content }) => uint(type, 2) + vector(2, content)).join('');
  const body = `\x03\x03${RANDOM}${vector(1, session)}${vector(2, suites)}${vector(1, compression)}${vector(2, listed)}`;
  const message = `\x01${vector(3, body)}${within}`;
  let octets = '';
  for (let at = 0; at < message.length; at += recordBytes) {
    octets += `\x16\x03\x01${vector(2, message.slice(at, at + recordBytes))}`;
  }
  return octets + behind;
}

/** Reads octets loosely: what they announce and do not have is not missed. */
function read(input: string): Hello | undefined {
  if (input.charCodeAt(0) !== 0x16 || input.length < 12) return undefined;
  const recordBytes = Math.max(1, readUint(input, 3, 2));
  let message = '';
  let at = 0;
  let wanted = 4;
  while (input.charCodeAt(at) === 0x16 && message.length < wanted) {
    const length = readUint(input, at + 3, 2);
    message += input.slice(at + 5, at + 5 + length);
    at += 5 + Math.max(1, length);
    if (message.length >= 4) wanted = 4 + readUint(message, 1, 3);
  }
  let from = 38;
  const take = (lengthOctets: number): string => {
    const length = readUint(message, from, lengthOctets);
    const content = message.slice(from + lengthOctets, from + lengthOctets + length);
    from += lengthOctets + content.length;
    return content;
  };
  const [session, suites, compression, listed] = [take(1), take(2), take(1), take(2)];
  const extensions: Extension[] = [];
  for (let next = 0; next + 4 <= listed.length; ) {
    const content = listed.slice(next + 4, next + 4 + readUint(listed, next + 2, 2));
    extensions.push({ type: readUint(listed, next, 2), content });
    next += 4 + content.length;
  }
  const within = message.slice(wanted, wanted + 64);
  return { session, suites, compression, extensions, recordBytes, within, behind: input.slice(at) };
}
