/**
 * A loose reading of HTTP/2 octets: whatever they are, they become the client's preface and frames that serialise to the
 * same octets again. Nothing is judged; payloads stay octets until a mutator looks into them.
 *
 * Frames of type DIRECTIVE are no part of the protocol: they are the owner's and the clock's lines in a conversation, which
 * targets carry out and never hand to a machine. Whoever does not know them ignores them, as RFC9113#4.1 says.
 */
import { readUint, uint } from './octets.ts';

export const PREFACE = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';

/** Frame types (RFC9113#6, RFC9218#7.1), and the one of directives. */
export const TYPE = {
  DATA: 0x0,
  HEADERS: 0x1,
  PRIORITY: 0x2,
  RST_STREAM: 0x3,
  SETTINGS: 0x4,
  PUSH_PROMISE: 0x5,
  PING: 0x6,
  GOAWAY: 0x7,
  WINDOW_UPDATE: 0x8,
  CONTINUATION: 0x9,
  PRIORITY_UPDATE: 0x10,
  DIRECTIVE: 0xfa,
} as const;

export const FLAG = { END_STREAM: 0x1, ACK: 0x1, END_HEADERS: 0x4, PADDED: 0x8, PRIORITY: 0x20 } as const;

/** What a directive says: the first octet of its payload. */
export const VERB = {
  /** Time passes: two octets of milliseconds. */
  TICK: 0,
  /** Output is taken: two octets of how much at most, 0 for all. */
  TAKE: 1,
  /** Time passes inside the next frame: two octets of milliseconds, two of the octets that come before. */
  PAUSE: 2,
  /** The owner answers the stream: one octet of the way. */
  ANSWER: 3,
  /** The owner has read of the stream: two octets of how much. */
  CONSUME: 4,
  DRAIN: 5,
  /** The peer ends its side. */
  END: 6,
  /** The transport is gone. */
  FAIL: 7,
} as const;

export interface WireFrame {
  /** What its length field says; undefined for the length that the payload has. */
  declared: number | undefined;
  type: number;
  flags: number;
  /** All 32 bits, the reserved one too. */
  stream: number;
  payload: string;
}

export interface Conversation {
  /** The client's preface, or octets that begin like it. */
  lead: string;
  frames: WireFrame[];
  /** Octets that are no whole frame head. */
  tail: string;
}

export const HEAD_BYTES = 9;
const MAX_FRAMES = 1_024;

/** Reads an input as a client's side of a connection. */
export function parseConversation(input: string): Conversation {
  const lead = input.startsWith('PRI') ? input.slice(0, PREFACE.length) : '';
  const frames: WireFrame[] = [];
  let at = lead.length;
  while (input.length - at >= HEAD_BYTES && frames.length < MAX_FRAMES) {
    const length = readUint(input, at, 3);
    const payload = input.slice(at + HEAD_BYTES, at + HEAD_BYTES + length);
    frames.push({
      declared: payload.length === length ? undefined : length,
      type: input.charCodeAt(at + 3),
      flags: input.charCodeAt(at + 4),
      stream: readUint(input, at + 5, 4),
      payload,
    });
    at += HEAD_BYTES + payload.length;
  }
  return { lead, frames, tail: input.slice(at) };
}

/** The octets of a conversation. */
export function serialiseConversation({ lead, frames, tail }: Conversation): string {
  let text = lead;
  for (const frame of frames) text += frameOctets(frame);
  return text + tail;
}

/** The octets of one frame. */
export function frameOctets({ declared, type, flags, stream, payload }: WireFrame): string {
  return `${uint(declared ?? payload.length, 3)}${uint(type, 1)}${uint(flags, 1)}${uint(stream, 4)}${payload}`;
}

/** A frame whose length field is true. */
export function wireFrame(type: number, flags: number, stream: number, payload = ''): WireFrame {
  return { declared: undefined, type, flags, stream, payload };
}

/** A directive; numbers are of two octets. */
export function directive(verb: number, stream: number, ...numbers: readonly number[]): WireFrame {
  const payload = uint(verb, 1) + numbers.map((number) => uint(number, 2)).join('');
  return wireFrame(TYPE.DIRECTIVE, 0, stream, payload);
}

/** The entries of a SETTINGS payload, six octets each; the last may be cut. */
export function settingEntries(payload: string): string[] {
  return [...(payload.match(/[\s\S]{1,6}/g) ?? [])];
}

/** A copy whose parts can be changed. */
export function cloneConversation({ lead, frames, tail }: Conversation): Conversation {
  return { lead, frames: frames.map((frame) => ({ ...frame })), tail };
}

/** A payload with padding, in its parts (RFC9113#6.1, RFC9113#6.2). */
export interface PaddedPayload {
  /** Pad Length as it stands; undefined without the flag. */
  pad: number | undefined;
  /** The five octets of a HEADERS frame with the PRIORITY flag, or empty. */
  priority: string;
  content: string;
  padding: string;
}

/** Takes a DATA or HEADERS payload apart as its flags say, as far as they can be believed. */
export function splitPayload({ type, flags, payload }: WireFrame): PaddedPayload {
  const isPadded = (flags & FLAG.PADDED) !== 0 && payload.length > 0;
  const pad = isPadded ? payload.charCodeAt(0) : undefined;
  const rest = isPadded ? payload.slice(1) : payload;
  const end = Math.max(0, rest.length - (pad ?? 0));
  const hasPriority = type === TYPE.HEADERS && (flags & FLAG.PRIORITY) !== 0 && end >= 5;
  const from = hasPriority ? 5 : 0;
  return { pad, priority: rest.slice(0, from), content: rest.slice(from, end), padding: rest.slice(end) };
}

/** The payload of such parts. */
export function joinPayload({ pad, priority, content, padding }: PaddedPayload): string {
  return (pad === undefined ? '' : uint(pad, 1)) + priority + content + padding;
}
