/**
 * Conversations in which each step may legally come next: of a client, the owner behind the server, and the clock. Streams
 * are opened, fed, answered, read and given windows side by side, so that a conversation lives long enough to meet states
 * that a single illegal frame would have ended.
 */
import type { Dictionary } from '../engines/aeronet/dictionary.ts';
import type { Random } from '../engines/aeronet/prng.ts';
import { generateRequest } from './hpack-generate.ts';
import { representation, serialiseBlock, stringLiteral } from './hpack-representations.ts';
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
import { blockFrames, PRIORITIES, TIMES } from './http2-generate.ts';
import { uint } from './octets.ts';

/** What the steps so far have left open. */
interface Client {
  readonly frames: WireFrame[];
  nextStream: number;
  /** Streams on which the client may still send content. */
  arriving: number[];
  /** Streams that the owner has not answered. */
  answering: number[];
}

interface Draw {
  readonly random: Random;
  readonly dictionary: Dictionary;
}

type Step = (client: Client, draw: Draw) => void;

const MOST_STEPS = 24;
const MOST_STREAMS = 32;
/** The core's limits make of content that is longer a legal refusal. */
const MOST_CONTENT_BYTES = 300;
/** Ways of an owner to answer, as targets number them. */
const ANSWERS = 16;

/** Steps by how often they are drawn; what cannot be done as things stand opens a stream in its place. */
const STEPS: readonly Step[] = [open, open, data, data, trailers, reset, answer, answer, consume, window, about, about];

/** A conversation that breaks no rule of the protocol by itself. */
export function generateLegalConversation(random: Random, dictionary: Dictionary): Conversation {
  const client: Client = { frames: [], nextStream: 1, arriving: [], answering: [] };
  client.frames.push(wireFrame(TYPE.SETTINGS, 0, 0, legalSettings(random)), wireFrame(TYPE.SETTINGS, FLAG.ACK, 0));
  for (let count = 2 + random.below(MOST_STEPS); count > 0; count--) random.pick(STEPS)(client, { random, dictionary });
  return { lead: PREFACE, frames: client.frames, tail: '' };
}

function legalSettings(random: Random): string {
  if (random.oneIn(2)) return '';
  const window = uint(4, 2) + uint(random.pick([0, 1, 100, 16_384, 65_535, 1_048_576]), 4);
  const table = uint(1, 2) + uint(random.pick([0, 64, 4_096, 65_536]), 4);
  const frame = uint(5, 2) + uint(random.pick([16_384, 65_536]), 4);
  return [window, table, frame].filter(() => random.oneIn(2)).join('');
}

function open(client: Client, { random, dictionary }: Draw): void {
  if (client.nextStream > 2 * MOST_STREAMS) return;
  const stream = client.nextStream;
  client.nextStream += 2;
  client.answering.push(stream);
  const hasContent = random.oneIn(2);
  if (hasContent) client.arriving.push(stream);
  const control = hasContent ? { ':method': 'POST' } : {};
  if (random.oneIn(4)) client.frames.push(earlyPriority(stream, random));
  const block = random.oneIn(3) ? serialiseBlock(generateRequest(random, dictionary, control)) : plainBlock(hasContent);
  client.frames.push(...blockFrames(random, stream, block, !hasContent));
}

/** GET or POST, "/" and http of the static table (RFC7541#A), and an authority. */
function plainBlock(hasContent: boolean): string {
  return serialiseBlock([
    representation('indexed', hasContent ? 3 : 2),
    representation('indexed', 4),
    representation('indexed', 6),
    representation('table', 1, undefined, stringLiteral('a', false)),
  ]);
}

function data(client: Client, draw: Draw): void {
  const { random } = draw;
  if (client.arriving.length === 0) return open(client, draw);
  const stream = random.pick(client.arriving);
  const isEnd = random.oneIn(2);
  const pad = random.oneIn(3) ? random.below(20) : undefined;
  const content = 'x'.repeat(random.below(MOST_CONTENT_BYTES));
  const flags = (isEnd ? FLAG.END_STREAM : 0) | (pad === undefined ? 0 : FLAG.PADDED);
  const payload = joinPayload({ pad, priority: '', content, padding: '\0'.repeat(pad ?? 0) });
  client.frames.push(wireFrame(TYPE.DATA, flags, stream, payload));
  if (isEnd) client.arriving = client.arriving.filter((one) => one !== stream);
}

function trailers(client: Client, draw: Draw): void {
  if (client.arriving.length === 0) return open(client, draw);
  const stream = draw.random.pick(client.arriving);
  const sum = representation('plain', 0, stringLiteral('x-sum', false), stringLiteral('1', false));
  client.frames.push(...blockFrames(draw.random, stream, serialiseBlock([sum]), true));
  client.arriving = client.arriving.filter((one) => one !== stream);
}

function reset(client: Client, draw: Draw): void {
  if (client.nextStream === 1) return open(client, draw);
  const stream = opened(client, draw.random);
  client.frames.push(wireFrame(TYPE.RST_STREAM, 0, stream, uint(draw.random.pick([0, 2, 8]), 4)));
  client.arriving = client.arriving.filter((one) => one !== stream);
  client.answering = client.answering.filter((one) => one !== stream);
}

function answer(client: Client, draw: Draw): void {
  const { random } = draw;
  if (client.answering.length === 0) return open(client, draw);
  const stream = random.pick(client.answering);
  client.frames.push(wireFrame(TYPE.DIRECTIVE, 0, stream, uint(VERB.ANSWER, 1) + uint(random.below(ANSWERS), 1)));
  client.answering = client.answering.filter((one) => one !== stream);
}

function consume(client: Client, draw: Draw): void {
  if (client.nextStream === 1) return open(client, draw);
  client.frames.push(directive(VERB.CONSUME, opened(client, draw.random), draw.random.below(MOST_CONTENT_BYTES)));
}

function window(client: Client, draw: Draw): void {
  if (client.nextStream === 1) return open(client, draw);
  const more = 1 + draw.random.below(draw.random.oneIn(2) ? 100 : 70_000);
  client.frames.push(wireFrame(TYPE.WINDOW_UPDATE, 0, opened(client, draw.random), uint(more, 4)));
}

/** Any stream that was opened, whatever has become of it. */
function opened(client: Client, random: Random): number {
  return 1 + 2 * random.below((client.nextStream - 1) / 2);
}

/** A step about the connection, its output, or the time. */
function about(client: Client, { random }: Draw): void {
  client.frames.push(aboutFrame(client, random));
}

function aboutFrame(client: Client, random: Random): WireFrame {
  switch (random.below(10)) {
    case 0:
      return wireFrame(TYPE.PING, 0, 0, '\0\0\0\0\0\0\0\x01');
    case 1:
      return wireFrame(TYPE.SETTINGS, 0, 0, uint(4, 2) + uint(random.pick([0, 1, 100, 65_535]), 4));
    case 2:
    case 3:
      return wireFrame(TYPE.WINDOW_UPDATE, 0, 0, uint(1 + random.below(1_000), 4));
    case 4:
    case 5:
      return directive(VERB.TAKE, 0, random.pick([0, 9, 40, 500]));
    case 6:
      return directive(VERB.TICK, 0, random.pick(TIMES));
    case 7:
      return earlyPriority(client.nextStream, random);
    case 8:
      return directive(VERB.DRAIN, 0);
    default:
      return random.oneIn(2) ? directive(VERB.END, 0) : wireFrame(TYPE.GOAWAY, 0, 0, uint(0, 4) + uint(0, 4));
  }
}

/** A priority for a stream that is to be opened next (RFC9218#7.1). */
function earlyPriority(stream: number, random: Random): WireFrame {
  return wireFrame(TYPE.PRIORITY_UPDATE, 0, 0, uint(stream, 4) + random.pick(PRIORITIES));
}
