/** Mutators of payloads: each looks into the frame as its type says, changes what it finds, and writes it back. */
import { mutateBytes } from '../engines/aeronet/mutate-bytes.ts';
import { mutateBlock } from './hpack-mutate.ts';
import { FLAG, joinPayload, settingEntries, splitPayload, TYPE, type WireFrame } from './http2-frames.ts';
import { PRIORITIES, settingEntry, TIMES } from './http2-generate.ts';
import type { Workshop } from './http2-workshop.ts';
import { INTERESTING_UINT32, readUint, uint } from './octets.ts';

const MAX_PAYLOAD = 4_096;

/** Changes what a frame carries; its length field stays true unless it lied before. */
export function mutatePayload(frame: WireFrame, shop: Workshop): void {
  const { random, dictionary } = shop;
  switch (frame.type) {
    case TYPE.HEADERS:
    case TYPE.CONTINUATION:
      mutateBlockFrame(frame, shop);
      break;
    case TYPE.DATA:
      if (random.oneIn(2)) changePadding(frame, shop);
      else changeContent(frame, (content) => mutateBytes(content, random, dictionary, '').slice(0, 600));
      break;
    case TYPE.SETTINGS:
      mutateSettings(frame, shop);
      break;
    case TYPE.WINDOW_UPDATE:
    case TYPE.RST_STREAM:
      frame.payload = uint(random.oneIn(2) ? random.pick(INTERESTING_UINT32) : random.below(1_024), 4);
      break;
    case TYPE.PRIORITY:
      frame.payload = `${uint(random.pick([0, 1, frame.stream, 0x8000_0001]), 4)}${uint(random.below(256), 1)}`;
      break;
    case TYPE.PRIORITY_UPDATE:
      frame.payload =
        uint(random.pick([0, 1, 2, 3, 5, 0x8000_0003]), 4) + random.pick([...PRIORITIES, dictionary.pick(random)]);
      break;
    case TYPE.GOAWAY:
      frame.payload =
        uint(random.pick(INTERESTING_UINT32), 4) + uint(random.below(16), 4) + 'x'.repeat(random.below(4));
      break;
    case TYPE.DIRECTIVE:
      mutateDirective(frame, shop);
      break;
    default:
      frame.payload = mutateBytes(frame.payload, random, dictionary, '');
  }
  frame.payload = frame.payload.slice(0, MAX_PAYLOAD);
}

function mutateBlockFrame(frame: WireFrame, shop: Workshop): void {
  const { random, dictionary } = shop;
  const way = random.below(8);
  if (frame.type === TYPE.CONTINUATION) frame.payload = mutateBlock(frame.payload, random, dictionary);
  else if (way === 0) changePadding(frame, shop);
  else if (way === 1) togglePriority(frame, shop);
  else changeContent(frame, (block) => mutateBlock(block, random, dictionary));
}

function changeContent(frame: WireFrame, edit: (content: string) => string): void {
  const parts = splitPayload(frame);
  frame.payload = joinPayload({ ...parts, content: edit(parts.content) });
}

/** Padding that fits, that is as long as the payload, that lacks its octets, or none. */
function changePadding(frame: WireFrame, { random }: Workshop): void {
  const parts = splitPayload(frame);
  const length = random.oneIn(3) ? random.pick([0, 1, 254, 255]) : random.below(16);
  const lie = random.oneIn(6) ? random.pick([-1, 1, parts.content.length, parts.content.length + 1]) : 0;
  if (random.oneIn(4)) {
    frame.flags &= ~FLAG.PADDED;
    frame.payload = joinPayload({ ...parts, pad: undefined, padding: '' });
    return;
  }
  frame.flags |= FLAG.PADDED;
  frame.payload = joinPayload({
    ...parts,
    pad: Math.max(0, Math.min(255, length + lie)),
    padding: '\0'.repeat(length),
  });
}

function togglePriority(frame: WireFrame, { random }: Workshop): void {
  const parts = splitPayload(frame);
  const priority = parts.priority === '' ? `${uint(random.pick([0, 1, frame.stream]), 4)}\x0f` : '';
  frame.flags = priority === '' ? frame.flags & ~FLAG.PRIORITY : frame.flags | FLAG.PRIORITY;
  frame.payload = joinPayload({ ...parts, priority });
}

function mutateSettings(frame: WireFrame, { random }: Workshop): void {
  const entries = settingEntries(frame.payload);
  const at = random.below(entries.length || 1);
  switch (random.below(5)) {
    case 0:
      entries.splice(at, 1);
      break;
    case 1:
      entries.splice(random.below(entries.length + 1), 0, entries[at] ?? settingEntry(random));
      break;
    case 2:
      entries[at] = (entries[at] ?? '\0\x04').slice(0, 2) + uint(random.pick(INTERESTING_UINT32), 4);
      break;
    case 3:
      if (random.oneIn(4))
        for (let count = 1 << random.below(7); count > 0; count--) entries.push(settingEntry(random));
      else entries.reverse();
      break;
    default:
      entries.splice(random.below(entries.length + 1), 0, settingEntry(random));
  }
  frame.payload = entries.join('');
}

function mutateDirective(frame: WireFrame, { random }: Workshop): void {
  const verb = random.oneIn(4) ? uint(random.below(8), 1) : frame.payload.slice(0, 1);
  const number = random.oneIn(2) ? random.pick(TIMES) : readUint(frame.payload, 1, 2) + random.pick([-1, 0, 1, 10]);
  frame.payload = verb + uint(Math.max(0, Math.min(0xffff, number)), 2) + uint(random.below(64), 2);
}
