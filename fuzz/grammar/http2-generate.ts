/** Fresh conversations: mostly legal, so that they reach past the preface, with one or two odd parts and time between. */
import type { Dictionary } from '../engines/aeronet/dictionary.ts';
import type { Random } from '../engines/aeronet/prng.ts';
import { generateRequest, generateTrailers } from './hpack-generate.ts';
import { serialiseBlock } from './hpack-representations.ts';
import {
  type Conversation,
  directive,
  FLAG,
  joinPayload,
  PREFACE,
  TYPE,
  VERB,
  type WireFrame,
  wireFrame,
} from './http2-frames.ts';
import { INTERESTING_UINT32, uint } from './octets.ts';

/** Setting identifiers (RFC9113#6.5.2, RFC8441#3, RFC9218#2.1) and one that nobody knows. */
export const SETTING_IDS: readonly number[] = [1, 2, 3, 4, 5, 6, 8, 9, 0xf0];
/** Milliseconds at which deadlines of the core's defaults and of the targets pass. */
export const TIMES: readonly number[] = [1, 99, 100, 500, 1_000, 1_001, 5_000, 10_000, 10_001, 30_001, 60_001];
/** Values of PRIORITY_UPDATE and of the Priority field. */
export const PRIORITIES: readonly string[] = [
  'u=0',
  'u=7',
  'u=3, i',
  'i',
  'i=?0',
  'u=0, i=?1',
  '',
  'u=8',
  'u=-1',
  'u',
  '"u"',
  'u=1;a',
];

/** A whole conversation of one client. */
export function generateConversation(random: Random, dictionary: Dictionary): Conversation {
  const frames = [settingsFrame(random)];
  if (!random.oneIn(6)) frames.push(wireFrame(TYPE.SETTINGS, FLAG.ACK, 0));
  let stream = 1;
  for (let count = 1 + random.below(6); count > 0; count--) {
    frames.push(...generateScene(random, dictionary, stream));
    if (random.oneIn(2)) stream += 2 * (1 + (random.oneIn(8) ? random.below(200) : 0));
  }
  return { lead: random.oneIn(40) ? PREFACE.slice(0, random.below(24)) : PREFACE, frames, tail: '' };
}

/** A few frames that belong together. */
export function generateScene(random: Random, dictionary: Dictionary, stream: number): WireFrame[] {
  switch (random.below(10)) {
    case 0:
      return [controlFrame(random, stream)];
    case 1:
      return [directiveFrame(random, stream)];
    case 2:
      return [...requestFrames(random, dictionary, stream), wireFrame(TYPE.RST_STREAM, 0, stream, uint(8, 4))];
    default:
      return requestFrames(random, dictionary, stream);
  }
}

/** A request with its content and trailers, and what its owner does. */
export function requestFrames(random: Random, dictionary: Dictionary, stream: number): WireFrame[] {
  const hasContent = random.oneIn(2);
  const control = hasContent && !random.oneIn(4) ? { ':method': 'POST' } : {};
  const block = serialiseBlock(generateRequest(random, dictionary, control));
  const frames = blockFrames(random, stream, block, !hasContent);
  if (hasContent) {
    for (let count = random.below(4); count > 0; count--) {
      frames.push(dataFrame(random, stream, false));
      if (random.oneIn(4)) frames.push(controlFrame(random, stream));
    }
    if (random.oneIn(3)) frames.push(...blockFrames(random, stream, serialiseBlock(generateTrailers(random)), true));
    else if (!random.oneIn(6)) frames.push(dataFrame(random, stream, true));
  }
  if (random.oneIn(3)) frames.push(directiveFrame(random, stream));
  return frames;
}

/** HEADERS, and CONTINUATION where the block is split. */
export function blockFrames(random: Random, stream: number, block: string, isEnd: boolean): WireFrame[] {
  const end = isEnd ? FLAG.END_STREAM : 0;
  const hasPriority = random.oneIn(8);
  const pad = random.oneIn(8) ? random.below(8) : undefined;
  const flags = end | (hasPriority ? FLAG.PRIORITY : 0) | (pad === undefined ? 0 : FLAG.PADDED);
  const cut = random.oneIn(6) ? random.below(block.length + 1) : block.length;
  const payload = joinPayload({
    pad,
    priority: hasPriority ? `${uint(random.pick([0, 1, stream]), 4)}\x0f` : '',
    content: block.slice(0, cut),
    padding: '\0'.repeat(pad ?? 0),
  });
  if (cut === block.length) return [wireFrame(TYPE.HEADERS, flags | FLAG.END_HEADERS, stream, payload)];
  return [
    wireFrame(TYPE.HEADERS, flags, stream, payload),
    wireFrame(TYPE.CONTINUATION, FLAG.END_HEADERS, stream, block.slice(cut)),
  ];
}

/** Content, padded or not. */
export function dataFrame(random: Random, stream: number, isEnd: boolean): WireFrame {
  const content = 'hello world, and what a day! '
    .repeat(random.oneIn(8) ? 20 : 1)
    .slice(0, random.below(random.oneIn(4) ? 600 : 12));
  const pad = random.oneIn(4) ? random.below(random.oneIn(4) ? 256 : 8) : undefined;
  const flags = (isEnd ? FLAG.END_STREAM : 0) | (pad === undefined ? 0 : FLAG.PADDED);
  return wireFrame(
    TYPE.DATA,
    flags,
    stream,
    joinPayload({ pad, priority: '', content, padding: '\0'.repeat(pad ?? 0) }),
  );
}

/** SETTINGS of up to four entries. */
export function settingsFrame(random: Random): WireFrame {
  let payload = '';
  for (let count = random.below(4); count > 0; count--) payload += settingEntry(random);
  return wireFrame(TYPE.SETTINGS, 0, 0, payload);
}

/** An identifier with a value that it mostly may have. */
export function settingEntry(random: Random): string {
  const id = random.pick(SETTING_IDS);
  const value = random.oneIn(8) ? random.pick(INTERESTING_UINT32) : legalSetting(random, id);
  return uint(id, 2) + uint(value, 4);
}

function legalSetting(random: Random, id: number): number {
  switch (id) {
    case 1:
      return random.pick([0, 1, 64, 100, 4_096, 65_536]);
    case 4:
      return random.pick([0, 1, 5, 100, 16_384, 65_535, 1_048_576]);
    case 5:
      return random.pick([16_384, 16_385, 65_536, 16_777_215]);
    default:
      return random.below(2);
  }
}

/** A frame about a stream or the connection that carries no message. */
export function controlFrame(random: Random, stream: number): WireFrame {
  const scope = random.oneIn(2) ? 0 : stream;
  switch (random.below(9)) {
    case 0:
      return wireFrame(TYPE.PING, random.oneIn(4) ? FLAG.ACK : 0, 0, 'pingpong');
    case 1:
      return settingsFrame(random);
    case 2:
    case 3:
      return wireFrame(
        TYPE.WINDOW_UPDATE,
        0,
        scope,
        uint(random.oneIn(4) ? random.pick(INTERESTING_UINT32) : 1 + random.below(600), 4),
      );
    case 4:
      return wireFrame(TYPE.RST_STREAM, 0, stream, uint(random.below(14), 4));
    case 5:
      return wireFrame(TYPE.PRIORITY, 0, stream, `${uint(random.pick([0, 1, stream]), 4)}\x10`);
    case 6:
      return wireFrame(TYPE.PRIORITY_UPDATE, 0, 0, uint(stream + 2 * random.below(2), 4) + random.pick(PRIORITIES));
    case 7:
      return wireFrame(TYPE.GOAWAY, 0, 0, uint(0, 4) + uint(random.below(14), 4));
    default:
      return wireFrame(random.pick([0x0a, 0x0c, 0x20, 0xbe]), random.below(256), scope, 'x'.repeat(random.below(9)));
  }
}

/** A line of the owner's or the clock's. */
export function directiveFrame(random: Random, stream: number): WireFrame {
  switch (random.below(12)) {
    case 0:
    case 1:
      return directive(VERB.TICK, 0, random.pick(TIMES));
    case 2:
    case 3:
      return directive(VERB.TAKE, 0, random.oneIn(2) ? 0 : random.pick([1, 8, 9, 10, 50, 500]));
    case 4:
      return directive(VERB.PAUSE, 0, random.pick(TIMES), random.below(20));
    case 5:
    case 6:
    case 7:
      return wireFrame(TYPE.DIRECTIVE, 0, stream, uint(VERB.ANSWER, 1) + uint(random.below(16), 1));
    case 8:
    case 9:
      return directive(VERB.CONSUME, stream, random.oneIn(2) ? 0xffff : random.below(600));
    case 10:
      return directive(VERB.DRAIN, 0);
    default:
      return random.oneIn(3) ? directive(random.pick([VERB.END, VERB.FAIL]), 0) : directive(VERB.TAKE, 0, 0);
  }
}
