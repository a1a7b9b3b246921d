/** Mutators of requests: they change the structure, legal or not, in place. */
import type { Dictionary } from '../engines/aeronet/dictionary.ts';
import { INTERESTING_NUMBERS, mutateBytes } from '../engines/aeronet/mutate-bytes.ts';
import type { Random } from '../engines/aeronet/prng.ts';
import { generateField, generateMessage } from './http1-generate.ts';
import { type Chunk, cloneMessage, isChunked, type Line, type Message } from './http1-message.ts';
import { CHUNK_SIZES, EOLS, INTRUDERS, METHODS, TARGETS, TRAILER_LINES, VERSIONS } from './http1-vocabulary.ts';

/** What a mutator works with. */
interface Workshop {
  readonly random: Random;
  readonly dictionary: Dictionary;
  /** Requests of another input, to take parts from. */
  readonly others: readonly Message[];
}

type FieldMutator = (fields: Line[], shop: Workshop) => void;
type MessageMutator = (message: Message, shop: Workshop) => void;

/** Applies one to eight changes to the requests. */
export function mutateMessages(messages: Message[], shop: Workshop): void {
  const { random } = shop;
  for (let rounds = 1 << random.below(4); rounds > 0; rounds--) {
    if (messages.length === 0 || random.oneIn(12)) mutateSequence(messages, shop);
    if (messages.length > 0) random.pick(MESSAGE_MUTATORS)(random.pick(messages), shop);
  }
}

/** Requests as a whole: duplicate, drop, swap, take over, split. */
function mutateSequence(messages: Message[], { random, dictionary, others }: Workshop): void {
  const at = random.below(messages.length + 1);
  const message = messages[random.below(messages.length || 1)];
  switch (random.below(5)) {
    case 0:
      if (message !== undefined) messages.splice(at, 0, cloneMessage(message));
      break;
    case 1:
      messages.splice(random.below(messages.length || 1), 1);
      break;
    case 2:
      if (message !== undefined) messages.splice(at, 0, ...messages.splice(messages.indexOf(message), 1));
      break;
    case 3:
      if (others.length > 0) messages.splice(at, 0, cloneMessage(random.pick(others)));
      break;
    default:
      messages.splice(at, 0, generateMessage(random, dictionary));
  }
}

const FIELD_MUTATORS: readonly FieldMutator[] = [
  (fields, { random, dictionary }) => {
    fields.splice(random.below(fields.length + 1), 0, { text: generateField(random, dictionary), eol: '\r\n' });
  },
  (fields, { random }) => {
    const field = anyOf(fields, random);
    if (field !== undefined) fields.splice(random.below(fields.length + 1), 0, { ...field });
  },
  (fields, { random }) => {
    fields.splice(random.below(fields.length || 1), 1);
  },
  (fields, { random }) => {
    const [moved] = fields.splice(random.below(fields.length || 1), 1);
    if (moved !== undefined) fields.splice(random.below(fields.length + 1), 0, moved);
  },
  (fields, { random, others }) => {
    const donor = anyOf(random.oneIn(2) ? fields : (anyOf(others, random)?.fields ?? []), random);
    if (donor !== undefined) fields.splice(random.below(fields.length + 1), 0, { ...donor });
  },
  (fields, { random, dictionary }) => {
    const field = anyOf(fields, random);
    if (field !== undefined)
      field.text = dictionary.pick(random) + field.text.slice(Math.max(0, field.text.indexOf(':')));
  },
  (fields, { random, dictionary }) => {
    const field = anyOf(fields, random);
    if (field !== undefined) field.text = `${nameOf(field)}: ${dictionary.pick(random)}`;
  },
  (fields, { random }) => {
    const field = anyOf(fields, random);
    if (field !== undefined) field.text = `${nameOf(field)}: ${random.pick(INTERESTING_NUMBERS)}`;
  },
  (fields, { random, dictionary }) => {
    const field = anyOf(fields, random);
    if (field !== undefined) field.text += `${random.pick([',', ', ', ';', ' '])}${dictionary.pick(random)}`;
  },
  (fields, { random }) => {
    const field = anyOf(fields, random);
    if (field !== undefined) field.text = flipCase(field.text, random);
  },
  (fields, { random }) => {
    const field = anyOf(fields, random);
    if (field !== undefined) intrude(field, random);
  },
  (fields, { random }) => {
    const field = anyOf(fields, random);
    if (field !== undefined) field.eol = random.pick(EOLS);
  },
  (fields, { random, dictionary }) => {
    const field = anyOf(fields, random);
    if (field !== undefined) field.text = mutateBytes(field.text, random, dictionary, '');
  },
];

const CHUNK_MUTATORS: readonly ((chunk: Chunk, chunks: Chunk[], shop: Workshop) => void)[] = [
  (chunk, _, { random }) => {
    chunk.size = random.pick(CHUNK_SIZES);
  },
  // The number stays, its spelling does not: the chunk after it is still found.
  (chunk, _, { random }) => {
    const digits = chunk.data.length.toString(16);
    chunk.size = random.pick(['', '0', '0000', '0x', '0X', '+', '-', ' ', '\t', '#']) + digits;
    if (random.oneIn(2)) chunk.size += random.pick(CHUNK_SIZES).replace(/^[0-9a-f]*/, '');
  },
  (chunk, _, { random, dictionary }) => {
    chunk.size += `${random.pick([';', ' ;', '; ', ',', '='])}${dictionary.pick(random)}${random.pick(['', '=', '="', '="x"', '=y'])}`;
  },
  // What quotes, separates and ends, at any place of the line.
  (chunk, _, { random }) => {
    const at = random.below(chunk.size.length + 1);
    const drop = random.oneIn(2) ? 1 : 0;
    const put = random.pick(['"', '\\', '\\x', ';', '=', ' ', 'a']);
    chunk.size = chunk.size.slice(0, at) + put + chunk.size.slice(at + drop);
  },
  (chunk, _, { random }) => {
    chunk.size = `${chunk.size};${'x'.repeat(1 << random.below(10))}`;
  },
  (chunk, _, { random }) => {
    chunk.sizeEol = random.pick(EOLS);
  },
  (chunk, _, { random }) => {
    chunk.dataEol = random.pick(EOLS);
  },
  (chunk, chunks, { random }) => {
    chunks.splice(random.below(chunks.length + 1), 0, { ...chunk });
  },
  (chunk, chunks) => {
    chunks.splice(chunks.indexOf(chunk), 1);
  },
  (chunk, _, { random, dictionary }) => {
    chunk.data = mutateBytes(chunk.data, random, dictionary, '').slice(0, 512);
    if (!random.oneIn(4)) chunk.size = chunk.data.length.toString(16);
  },
  (chunk, chunks, { random }) => {
    const cut = random.below(chunk.data.length + 1);
    const rest = { ...chunk, data: chunk.data.slice(cut), size: (chunk.data.length - cut).toString(16) };
    chunk.data = chunk.data.slice(0, cut);
    chunk.size = cut.toString(16);
    chunk.dataEol = '\r\n';
    chunks.splice(chunks.indexOf(chunk) + 1, 0, rest);
  },
];

const MESSAGE_MUTATORS: readonly MessageMutator[] = [
  mutateFields,
  mutateFields,
  mutateFields,
  mutateChunks,
  mutateChunks,
  mutateStart,
  mutateContent,
  mutateFraming,
  (message, { random }) => {
    message.lead = random.pick(['', '\r\n', '\n', '\r', '\r\n\r\n', ' ', '\r\n'.repeat(12)]);
  },
  (message, { random }) => {
    message.headEnd = random.pick(EOLS);
  },
  (message, { random }) => {
    message.trailerEnd = random.pick(EOLS);
  },
  (message, { random }) => {
    const text = random.oneIn(4) ? `X: ${random.pick(INTERESTING_NUMBERS)}` : random.pick(TRAILER_LINES);
    message.trailers.splice(random.below(message.trailers.length + 1), 0, {
      text,
      eol: random.oneIn(4) ? random.pick(EOLS) : '\r\n',
    });
  },
];

function mutateFields(message: Message, shop: Workshop): void {
  const fields = message.trailers.length > 0 && shop.random.oneIn(6) ? message.trailers : message.fields;
  shop.random.pick(FIELD_MUTATORS)(fields, shop);
}

function mutateChunks(message: Message, shop: Workshop): void {
  const { random } = shop;
  const chunk = anyOf(message.chunks, random);
  if (chunk !== undefined) {
    random.pick(CHUNK_MUTATORS)(chunk, message.chunks, shop);
    return;
  }
  if (!isChunked(message)) message.fields.push({ text: 'Transfer-Encoding: chunked', eol: '\r\n' });
  const last = { size: '0', sizeEol: '\r\n', data: '', dataEol: '' };
  message.chunks.push({ size: '5', sizeEol: '\r\n', data: 'hello', dataEol: '\r\n' }, last);
  message.trailerEnd = '\r\n';
  message.content = '';
}

function mutateStart(message: Message, { random, dictionary }: Workshop): void {
  const [method = '', target = '', version = ''] = message.start.text.split(' ');
  switch (random.below(7)) {
    case 0:
      message.start.text = `${random.oneIn(4) ? dictionary.pick(random) : random.pick(METHODS)} ${target} ${version}`;
      break;
    case 1:
      message.start.text = `${method} ${random.oneIn(4) ? dictionary.pick(random) : random.pick(TARGETS)} ${version}`;
      break;
    case 2:
      message.start.text = `${method} ${target} ${random.pick(VERSIONS)}`;
      break;
    case 3:
      message.start.text = `${method} ${mutateBytes(target, random, dictionary, '')} ${version}`;
      break;
    case 4:
      message.start.eol = random.pick(EOLS);
      break;
    case 5:
      intrude(message.start, random);
      break;
    default:
      message.start.text = flipCase(message.start.text, random);
  }
}

function mutateContent(message: Message, { random, dictionary, others }: Workshop): void {
  message.content = mutateBytes(message.content, random, dictionary, anyOf(others, random)?.content ?? '').slice(
    0,
    512,
  );
  const length = message.fields.find((field) => /^content-length:/i.test(field.text));
  if (length !== undefined && !random.oneIn(4)) length.text = `Content-Length: ${message.content.length}`;
}

/** Two framings in one head: what smuggling is made of. */
function mutateFraming(message: Message, { random }: Workshop): void {
  const pair = [
    {
      text: `Content-Length: ${random.oneIn(2) ? message.content.length : random.pick(INTERESTING_NUMBERS)}`,
      eol: '\r\n',
    },
    {
      text: `Transfer-Encoding: ${random.pick(['chunked', 'Chunked', 'chunked ', '\tchunked', 'chunked, identity', 'x, chunked', 'xchunked'])}`,
      eol: '\r\n',
    },
  ];
  if (random.oneIn(2)) pair.reverse();
  if (random.oneIn(3)) pair.pop();
  message.fields.splice(random.below(message.fields.length + 1), 0, ...pair);
}

function intrude(line: Line, random: Random): void {
  const places = [
    0,
    line.text.length,
    line.text.indexOf(':'),
    line.text.indexOf(':') + 1,
    random.below(line.text.length + 1),
  ];
  const at = Math.max(0, random.pick(places));
  line.text = line.text.slice(0, at) + random.pick(INTRUDERS) + line.text.slice(at);
}

/** ASCII letters only: the upper case of ÿ is no octet. */
function flipCase(text: string, random: Random): string {
  const way = random.below(3);
  const flip = (letter: string): string => {
    const isUpper = letter <= 'Z';
    if (way === 0 || (way === 2 && isUpper)) return letter.toLowerCase();
    return letter.toUpperCase();
  };
  if (way < 2) return text.replace(/[A-Za-z]/g, flip);
  const at = random.below(text.length + 1);
  return text.slice(0, at) + text.slice(at, at + 1).replace(/[A-Za-z]/, flip) + text.slice(at + 1);
}

function nameOf(field: Line): string {
  return field.text.split(':', 1)[0] ?? '';
}

function anyOf<T>(items: readonly T[], random: Random): T | undefined {
  return items[random.below(items.length || 1)];
}
