/** Mutators of conversations: they change the sequence of frames, their heads and their payloads, legal or not, in place. */
import { mutateBytes } from '../engines/aeronet/mutate-bytes.ts';
import type { Random } from '../engines/aeronet/prng.ts';
import { parseBlock, representationOctets } from './hpack-representations.ts';
import { type Conversation, FLAG, HEAD_BYTES, PREFACE, TYPE, type WireFrame, wireFrame } from './http2-frames.ts';
import { controlFrame, directiveFrame, generateScene } from './http2-generate.ts';
import { mutatePayload } from './http2-payloads.ts';
import type { Workshop } from './http2-workshop.ts';
import { INTERESTING_UINT32 } from './octets.ts';

type SequenceMutator = (frames: WireFrame[], shop: Workshop) => void;
type HeadMutator = (frame: WireFrame, shop: Workshop) => void;

const MAX_FRAMES = 256;

/** Applies one to eight changes to the conversation. */
export function mutateConversation(conversation: Conversation, shop: Workshop): void {
  const { random } = shop;
  const { frames } = conversation;
  for (let rounds = 1 << random.below(4); rounds > 0; rounds--) {
    const frame = frames[random.below(frames.length || 1)];
    const way = random.below(12);
    if (frame === undefined || way < 6) random.pick(SEQUENCE_MUTATORS)(frames, shop);
    else if (way < 8) random.pick(HEAD_MUTATORS)(frame, shop);
    else if (way < 11 || !random.oneIn(4)) mutatePayload(frame, shop);
    else if (random.oneIn(8))
      conversation.lead = random.pick([PREFACE, '', 'PRI * HTTP/2.0\r\n\r\nXX', PREFACE.slice(0, 23)]);
    else conversation.tail = random.pick(['', '\0', '\0\0\x05\0\0', '\xff\xff\xff']);
  }
  frames.splice(MAX_FRAMES);
}

/** One insertion, removal, copy, move, exchange, takeover, split or join. */
const SEQUENCE_MUTATORS: readonly SequenceMutator[] = [
  function insertScene(frames, { random, dictionary }) {
    frames.splice(random.below(frames.length + 1), 0, ...generateScene(random, dictionary, anyStream(frames, random)));
  },
  function appendScene(frames, { random, dictionary }) {
    const stream = nextStream(frames) + (random.oneIn(6) ? 2 : 0);
    frames.push(...generateScene(random, dictionary, random.oneIn(3) ? anyStream(frames, random) : stream));
  },
  function insertControl(frames, { random }) {
    frames.splice(random.below(frames.length + 1), 0, controlFrame(random, anyStream(frames, random)));
  },
  function insertDirective(frames, { random }) {
    frames.splice(random.below(frames.length + 1), 0, directiveFrame(random, anyStream(frames, random)));
  },
  function drop(frames, { random }) {
    frames.splice(random.below(frames.length || 1), random.oneIn(6) ? 1 + random.below(4) : 1);
  },
  function duplicate(frames, { random }) {
    const frame = frames[random.below(frames.length || 1)];
    if (frame === undefined) return;
    const copies = random.oneIn(6) ? 1 << random.below(7) : 1;
    const room = Math.max(1, Math.min(copies, Math.floor(8_192 / (HEAD_BYTES + frame.payload.length))));
    frames.splice(random.below(frames.length + 1), 0, ...Array.from({ length: room }, () => ({ ...frame })));
  },
  function move(frames, { random }) {
    const [moved] = frames.splice(random.below(frames.length || 1), 1);
    if (moved !== undefined) frames.splice(random.below(frames.length + 1), 0, moved);
  },
  function swapNeighbours(frames, { random }) {
    const at = random.below(Math.max(1, frames.length - 1));
    frames.splice(at, 2, ...frames.slice(at, at + 2).reverse());
  },
  function takeOver(frames, { random, others }) {
    if (others.length === 0) return;
    const from = random.below(others.length);
    const taken = others.slice(from, from + 1 + random.below(random.oneIn(4) ? 8 : 2));
    frames.splice(random.below(frames.length + 1), 0, ...taken.map((frame) => ({ ...frame })));
  },
  function repeatOnNextStream(frames, { random }) {
    const stream = anyStream(frames, random);
    const scene = frames.filter((frame) => frame.stream === stream).slice(0, 16);
    const next = nextStream(frames);
    frames.push(...scene.map((frame) => ({ ...frame, stream: next })));
  },
  function interleave(frames, { random }) {
    const stream = anyStream(frames, random);
    const theirs = frames.filter((frame) => frame.stream === stream);
    const rest = frames.filter((frame) => frame.stream !== stream);
    for (const frame of theirs) rest.splice(random.below(rest.length + 1), 0, frame);
    frames.splice(0, frames.length, ...rest);
  },
  function splitBlock(frames, { random }) {
    const at = frames.findIndex(({ type, flags }) => type === TYPE.HEADERS && (flags & FLAG.PADDED) === 0);
    const frame = frames[at];
    if (frame === undefined) return;
    const pieces = parseBlock(frame.payload).map(representationOctets);
    const cut = random.oneIn(2)
      ? pieces.slice(0, random.below(pieces.length + 1)).join('').length
      : random.below(frame.payload.length + 1);
    const rest = wireFrame(TYPE.CONTINUATION, frame.flags & FLAG.END_HEADERS, frame.stream, frame.payload.slice(cut));
    frames.splice(
      at,
      1,
      { ...frame, flags: frame.flags & ~FLAG.END_HEADERS, payload: frame.payload.slice(0, cut) },
      rest,
    );
  },
  function joinFrames(frames, { random }) {
    const at = random.below(Math.max(1, frames.length - 1));
    const [a, b] = frames.slice(at, at + 2);
    if (a !== undefined && b !== undefined)
      frames.splice(at, 2, { ...a, flags: a.flags | b.flags, payload: a.payload + b.payload });
  },
];

const HEAD_MUTATORS: readonly HeadMutator[] = [
  function changeType(frame, { random }) {
    frame.type = random.oneIn(4) ? random.below(256) : random.pick(Object.values(TYPE));
  },
  function flipFlag(frame, { random }) {
    frame.flags ^= random.oneIn(4) ? 1 << random.below(8) : random.pick(Object.values(FLAG));
  },
  function changeStream(frame, { random }) {
    frame.stream = random.oneIn(4) ? random.pick(INTERESTING_UINT32) : random.below(9);
  },
  function shiftStream(frame, { random }) {
    frame.stream = Math.max(0, frame.stream + random.pick([-4, -2, -1, 1, 2, 4]));
  },
  function setReservedBit(frame) {
    frame.stream = (frame.stream + 0x8000_0000) % 0x1_0000_0000;
  },
  function lieAboutLength(frame, { random }) {
    frame.declared = random.oneIn(3)
      ? random.pick([0, 1, 16_384, 16_385, 0xff_ffff])
      : Math.max(0, frame.payload.length + random.pick([-5, -2, -1, 1, 2, 9]));
  },
  function cutPayload(frame, { random }) {
    frame.payload = frame.payload.slice(0, random.below(frame.payload.length + 1));
  },
  function extendPayload(frame, { random, dictionary }) {
    frame.payload = random.oneIn(2)
      ? frame.payload + dictionary.pick(random)
      : mutateBytes(frame.payload, random, dictionary, '').slice(0, 4_096);
  },
];

/** The stream of any frame. */
function anyStream(frames: readonly WireFrame[], random: Random): number {
  const streams = frames.map(({ stream }) => stream).filter((stream) => stream > 0);
  return streams.length === 0 || random.oneIn(8) ? 1 + 2 * random.below(4) : random.pick(streams);
}

/** The identifier that a client would use next. */
function nextStream(frames: readonly WireFrame[]): number {
  const used = frames.filter(({ type }) => type === TYPE.HEADERS).map(({ stream }) => stream % 0x8000_0000);
  const last = Math.max(-1, ...used);
  return Math.min(0x7fff_ffff, last + (last % 2 === 0 ? 1 : 2));
}
