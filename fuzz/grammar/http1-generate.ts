/** Fresh requests: mostly well-formed, so that they reach past the head, with one or two odd parts. */
import type { Dictionary } from '../engines/aeronet/dictionary.ts';
import { INTERESTING_NUMBERS } from '../engines/aeronet/mutate-bytes.ts';
import type { Random } from '../engines/aeronet/prng.ts';
import { type Message, newMessage } from './http1-message.ts';
import { CHUNK_SIZES, FIELD_LINES, METHODS, TARGETS, TRAILER_LINES, VERSIONS } from './http1-vocabulary.ts';

/** One to three requests, as on one connection. */
export function generateMessages(random: Random, dictionary: Dictionary): Message[] {
  const messages = [generateMessage(random, dictionary)];
  while (messages.length < 3 && random.oneIn(3)) messages.push(generateMessage(random, dictionary));
  return messages;
}

/** One request. */
export function generateMessage(random: Random, dictionary: Dictionary): Message {
  const message = newMessage();
  message.start = {
    text: `${usually(random, 'POST', METHODS)} ${usually(random, '/', TARGETS)} ${usually(random, 'HTTP/1.1', VERSIONS)}`,
    eol: '\r\n',
  };
  const add = (text: string): void => {
    message.fields.push({ text, eol: '\r\n' });
  };
  if (!random.oneIn(12)) add('Host: a');
  for (let count = random.below(4); count > 0; count--) add(generateField(random, dictionary));
  message.headEnd = '\r\n';
  switch (random.below(3)) {
    case 0: {
      message.content = generateData(random);
      add(`Content-Length: ${random.oneIn(8) ? random.pick(INTERESTING_NUMBERS) : message.content.length}`);
      break;
    }
    case 1:
      add('Transfer-Encoding: chunked');
      generateChunks(message, random);
      break;
    default:
      break;
  }
  return message;
}

/** One field line without its end. */
export function generateField(random: Random, dictionary: Dictionary): string {
  switch (random.below(4)) {
    case 0:
      return `${dictionary.pick(random)}: ${dictionary.pick(random)}`;
    case 1:
      return `X-${random.below(10)}: ${random.pick(INTERESTING_NUMBERS)}`;
    default:
      return random.pick(FIELD_LINES);
  }
}

function generateChunks(message: Message, random: Random): void {
  for (let count = random.below(4); count > 0; count--) {
    const data = generateData(random) || 'x';
    const size = random.oneIn(6) ? random.pick(CHUNK_SIZES) : data.length.toString(16);
    message.chunks.push({ size, sizeEol: '\r\n', data, dataEol: '\r\n' });
  }
  if (random.oneIn(10)) return;
  message.chunks.push({
    size: random.oneIn(6) ? `0${random.pick(CHUNK_SIZES)}` : '0',
    sizeEol: '\r\n',
    data: '',
    dataEol: '',
  });
  for (let count = random.below(3); count > 0; count--)
    message.trailers.push({ text: random.pick(TRAILER_LINES), eol: '\r\n' });
  message.trailerEnd = '\r\n';
}

function generateData(random: Random): string {
  return random.oneIn(8) ? '\r\n'.repeat(random.below(4)) : 'hello world, and what a day!'.slice(0, random.below(24));
}

function usually(random: Random, ordinary: string, others: readonly string[]): string {
  return random.oneIn(4) ? random.pick(others) : ordinary;
}
