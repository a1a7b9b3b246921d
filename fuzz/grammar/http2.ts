/** The grammar of a client's side of an HTTP/2 connection: preface, frames, and the field blocks in them. */
import type { Grammar } from './grammar.ts';
import { shorterBlocks } from './hpack-blocks.ts';
import { parseBlock, representationOctets } from './hpack-representations.ts';
import {
  type Conversation,
  cloneConversation,
  frameOctets,
  joinPayload,
  parseConversation,
  serialiseConversation,
  settingEntries,
  splitPayload,
  TYPE,
  type WireFrame,
} from './http2-frames.ts';
import { generateConversation } from './http2-generate.ts';
import { generateLegalConversation } from './http2-legal.ts';
import { mutateConversation } from './http2-mutate.ts';

/** Makes, changes and takes apart conversations. */
export const http2Grammar: Grammar = {
  generate(random, dictionary) {
    const make = random.oneIn(2) ? generateLegalConversation : generateConversation;
    return serialiseConversation(make(random, dictionary));
  },

  mutate(input, other, random, dictionary) {
    const conversation = cloneConversation(readOnce(input));
    mutateConversation(conversation, { random, dictionary, others: readOnce(other).frames });
    return serialiseConversation(conversation);
  },

  cuts(input) {
    const { lead, frames, tail } = parseConversation(input);
    return [
      [lead, ...frames.map(frameOctets), tail],
      [lead, ...frames.flatMap(pieces), tail],
    ];
  },

  simpler(input) {
    const conversation = parseConversation(input);
    return conversation.frames.flatMap((frame, index) =>
      simplerFrames(frame).map((simpler) =>
        serialiseConversation({ ...conversation, frames: conversation.frames.with(index, simpler) }),
      ),
    );
  },
};

/** Kept entries are mutated again and again; reading them each time would cost more than changing them. */
const READ_LIMIT = 2_048;
const read = new Map<string, Conversation>();

function readOnce(input: string): Conversation {
  const known = read.get(input);
  if (known !== undefined) return known;
  if (read.size >= READ_LIMIT) read.clear();
  const conversation = parseConversation(input);
  read.set(input, conversation);
  return conversation;
}

/** A frame's head, and its payload in pieces where it has some. */
function pieces(frame: WireFrame): string[] {
  const octets = frameOctets(frame);
  const head = octets.slice(0, octets.length - frame.payload.length);
  if (frame.type === TYPE.SETTINGS) return [head, ...settingEntries(frame.payload)];
  if (frame.type === TYPE.HEADERS) return [head, ...parseBlock(frame.payload).map(representationOctets)];
  return [head, frame.payload];
}

/** Less of a payload together with the length that announces it: no removal of pieces gets there. */
function simplerFrames(frame: WireFrame): WireFrame[] {
  const { payload } = frame;
  const of = (shorter: string): WireFrame => ({ ...frame, declared: undefined, payload: shorter });
  switch (frame.type) {
    case TYPE.SETTINGS: {
      const entries = settingEntries(payload);
      return entries.map((_, index) => of(entries.toSpliced(index, 1).join('')));
    }
    case TYPE.HEADERS: {
      const parts = splitPayload(frame);
      return shorterBlocks(parts.content).map((content) => of(joinPayload({ ...parts, content })));
    }
    case TYPE.CONTINUATION:
      return shorterBlocks(payload).map(of);
    case TYPE.DATA: {
      const { pad, ...parts } = splitPayload(frame);
      // Pad Length says how much padding there is: the two shrink together.
      const paddings = pad === undefined ? [] : shorterLengths(pad);
      return [
        ...paddings.map((length) => of(joinPayload({ ...parts, pad: length, padding: '\0'.repeat(length) }))),
        ...shorterLengths(parts.content.length).map((length) =>
          of(joinPayload({ ...parts, pad, content: parts.content.slice(0, length) })),
        ),
      ];
    }
    default:
      return shorterLengths(payload.length).map((length) => of(payload.slice(0, length)));
  }
}

/** Lengths worth a try in the place of one, the shortest first. */
function shorterLengths(length: number): number[] {
  const lengths = [0, 1, length >> 2, length >> 1, length - 1];
  return [...new Set(lengths)].filter((shorter) => shorter >= 0 && shorter < length);
}
