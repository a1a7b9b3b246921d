/** The grammar of HTTP/1.1 requests, one after another as on a connection. */
import type { Grammar } from './grammar.ts';
import { generateMessages } from './http1-generate.ts';
import { cloneMessage, type Message, parseMessages, serialiseMessage, serialiseMessages } from './http1-message.ts';
import { mutateMessages } from './http1-mutate.ts';

/** Makes, changes and takes apart HTTP/1.1 requests. */
export const http1Grammar: Grammar = {
  generate: (random, dictionary) => serialiseMessages(generateMessages(random, dictionary)),

  mutate(input, other, random, dictionary) {
    const messages = readOnce(input).map(cloneMessage);
    mutateMessages(messages, { random, dictionary, others: readOnce(other) });
    return serialiseMessages(messages);
  },

  cuts: (input) => [
    parseMessages(input).map(serialiseMessage),
    input.split(/(?<=\n)/),
    input.split(/(?<=[ :;,=\r\n])/),
  ],

  simpler(input) {
    const messages = parseMessages(input);
    return messages.flatMap((message, index) =>
      shorterContents(message).map((shorter) => serialiseMessages(messages.with(index, shorter))),
    );
  },
};

/** Kept entries are mutated again and again; reading them each time would cost more than changing them. */
const READ_LIMIT = 2_048;
const read = new Map<string, readonly Message[]>();

function readOnce(input: string): readonly Message[] {
  const known = read.get(input);
  if (known !== undefined) return known;
  if (read.size >= READ_LIMIT) read.clear();
  const messages = parseMessages(input);
  read.set(input, messages);
  return messages;
}

/** Content made shorter together with the number that announces it: no removal of pieces gets there. */
function shorterContents(message: Message): Message[] {
  const shorter: Message[] = [];
  for (const length of [0, 1, message.content.length >> 1]) {
    if (length >= message.content.length) continue;
    const copy = cloneMessage(message);
    copy.content = message.content.slice(0, length);
    for (const field of copy.fields) {
      if (/^content-length:/i.test(field.text)) field.text = field.text.replace(/[0-9]+/g, String(length));
    }
    shorter.push(copy);
  }
  for (const [index, { data, size }] of message.chunks.entries()) {
    for (const length of [1, data.length >> 1]) {
      if (length >= data.length || length === 0) continue;
      const copy = cloneMessage(message);
      const chunk = copy.chunks[index];
      if (chunk === undefined) continue;
      chunk.data = data.slice(0, length);
      chunk.size = size.replace(new RegExp(`${data.length.toString(16)}`, 'i'), length.toString(16));
      shorter.push(copy);
    }
  }
  return shorter;
}
